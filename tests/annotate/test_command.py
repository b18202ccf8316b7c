#!/usr/bin/env python3
"""The command annotate: files, options, summaries and what is said. test_command.py PROGRAM"""

import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = os.path.abspath(sys.argv[1])
HEADER = b"sp,dp,pr,bytes"
ADDED = b",service,service_port,service_side,service_state"
ROW, ROW_ADDED = b"50000,443,6,10", b",https,443,dst,assigned"


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, content):
        with open(os.path.join(self.folder.name, name), "wb") as file:
            file.write(content)

    def read(self, name):
        with open(os.path.join(self.folder.name, name), "rb") as file:
            return file.read()

    def assert_ran(self, arguments, status, out, err=b"", stdin=b""):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder.name, capture_output=True,
                              input=stdin, check=False)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (out, err, status))

    def test_files(self):
        """One header; an end of a line where a file has none at its end."""
        self.write("a", HEADER + b"\n" + ROW)
        self.write("b", HEADER + b"\r\n" + ROW + b"\r\n")
        self.write("empty", b"")
        whole = HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n" + ROW + ROW_ADDED
        self.assert_ran(["annotate", "empty", "a", "b"], 0, whole + b"\r\n")
        self.assert_ran(["annotate", "a", "-"], 0, whole, stdin=HEADER + b"\n" + ROW)
        self.assert_ran(["annotate"], 0, b"")

    def test_unicode_mark(self):
        """It stands before the first record as before a header, and of several files once."""
        mark = b"\xef\xbb\xbf"
        self.write("a", HEADER + b"\n" + ROW + b"\n")
        self.write("b", mark + HEADER + b"\n" + ROW + b"\n")
        lines = HEADER + ADDED + b"\n" + (ROW + ROW_ADDED + b"\n") * 2
        self.assert_ran(["annotate", "a", "b"], 0, lines)
        self.assert_ran(["annotate", "b", "a"], 0, mark + lines)
        self.write("rows", mark + b"\n" + ROW + b"\n")
        self.assert_ran(["annotate", "--no-header", "--columns", "src=1,dst=2,proto=3", "rows",
                         "rows"], 0, mark + b"\n" + (ROW + ROW_ADDED + b"\n") * 2)
        line = b'{"sp":50000,"dp":443,"pr":6'
        self.write("json", mark + line + b"}\n")
        self.write("blank", b" \n" + line + b"}")
        added = (line + b',"service":"https","service_port":443,"service_side":"dst",'
                 b'"service_state":"assigned"}')
        self.assert_ran(["annotate", "json", "blank"], 0, mark + added + b"\n" + added)

    def test_open_quotes(self):
        """What would be added to them would be a part of the field."""
        rest = b'50000,443,6,"10\n' + ROW + b"\r\n"
        self.write("a", HEADER + b"\n" + ROW + b"\n" + rest)
        self.assert_ran(["annotate", "a"], 1, HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n" + rest,
                        b"portbook: a:3: 1 of 2 records cannot be read and are as they were, the "
                        b"first here\n")
        self.assert_ran(["annotate", "--summary", "-f", "csv", "a"], 1,
                        b"kind,service,port,transport,state,flows,bytes\r\n"
                        b"port,https,443,tcp,assigned,1,10\r\n",
                        b"portbook: a:3: 1 of 2 records cannot be read and are not counted, the "
                        b"first here\n")

    def test_input_that_does_not_wait(self):
        """It is waited for all the same."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        with subprocess.Popen([PROGRAM, "annotate"], stdin=reader, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            os.close(reader)
            lines = HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n"
            os.write(writer, HEADER + b"\n" + ROW + b"\n")
            # What was there has been read, and there is no more yet.
            first = process.stdout.read(len(lines))
            os.write(writer, ROW)
            os.close(writer)
            out, err = process.communicate()
        self.assertEqual((first + out, err, process.returncode),
                         (lines + ROW + ROW_ADDED, b"", 0))

    def test_another_header(self):
        self.write("a", HEADER + b"\n" + ROW + b"\n")
        self.write("b", b"sp,dp,pr\n" + ROW + b"\n")
        self.assert_ran(["annotate", "a", "b"], 3, HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n",
                        b"portbook: b: its header is not that of the files before it\n")

    def test_unread(self):
        self.write("a", HEADER + b'\n"\n",1,6,2\n' + ROW + b"\n")
        self.assert_ran(["annotate", "a"], 1,
                        HEADER + ADDED + b'\n"\n",1,6,2\n' + ROW + ROW_ADDED + b"\n",
                        b"portbook: a:2: 1 of 2 records cannot be read and are as they were, the "
                        b"first here\n")
        self.assert_ran(["annotate", "--strict", "a"], 3, HEADER + ADDED + b"\n",
                        b"portbook: a:2: no record of a flow: a port, the protocol or the like is "
                        b"missing or none\n")

    def test_output(self):
        """A file is replaced when all is written, and else as it was."""
        self.write("a", HEADER + b"\n" + ROW + b"\n")
        self.assert_ran(["annotate", "a", "-o", "out"], 0, b"")
        self.assertEqual(self.read("out"), HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n")
        self.write("a", HEADER + b"\nx\n")
        self.assert_ran(["annotate", "a", "-o", "out", "--strict"], 3, b"",
                        b"portbook: a:2: no record of a flow: a port, the protocol or the like is "
                        b"missing or none\n")
        self.assertEqual(self.read("out"), HEADER + ADDED + b"\n" + ROW + ROW_ADDED + b"\n")

    def test_summary(self):
        self.write("a", HEADER + b"\n" + (ROW + b"\n") * 3 + b"1,2,1,5\n60000,60001,6,-\n")
        self.assert_ran(["annotate", "--summary", "-f", "csv", "a"], 0,
                        b"kind,service,port,transport,state,flows,bytes\r\n"
                        b"port,https,443,tcp,assigned,3,30\r\nother,,,,,1,5\r\n"
                        b"undecided,,,,,1,0\r\n")
        self.assert_ran(["annotate", "--summary", "--most", "1", "a"], 0,
                        b"Service  Port  Transport  Flows   Share  Bytes\n"
                        b"https     443  tcp            3  60.0 %     30\n")
        done = subprocess.run([PROGRAM, "annotate", "--summary", "-f", "svg", "a"],
                              cwd=self.folder.name, capture_output=True, check=True)
        texts = [element.text for element in xml.etree.ElementTree.fromstring(done.stdout)
                 if element.tag.endswith("text")]
        self.assertEqual(texts, ["Flows by service", "https 443/tcp", "3", "other protocols", "1",
                                 "undecided", "1"])

    def test_dates(self):
        """Each record as of its date; one before all editions cannot be read."""
        csv = subprocess.run([PROGRAM, "export"], capture_output=True, check=True).stdout
        self.write("old", csv)
        self.write("new", csv.replace(b"\nhttps,443,tcp,", b"\nhttps-new,443,tcp,"))
        for date, name in (("2020-01-01", "old"), ("2021-01-01", "new")):
            subprocess.run([PROGRAM, "--store", "s.db", "import", "--date", date, name],
                           cwd=self.folder.name, capture_output=True, check=True)
        rows = [b"2020-06-01T12:00:00Z,50000,443,6", b"1622505600,50000,443,6",
                b"1622505600123,50000,443,6", b"2020-12-31,50000,443,6", b"2019-01-01,50000,443,6"]
        self.write("a", b"d,sp,dp,pr\n" + b"\n".join(rows) + b"\n")
        names = [b"https", b"https-new", b"https-new", b"https"]
        self.assert_ran(
            ["--store", "s.db", "annotate", "--date-column", "d", "a"], 1,
            b"d,sp,dp,pr" + ADDED + b"\n" +
            b"".join(row + b"," + name + b",443,dst,assigned\n" for row, name in zip(rows, names)) +
            rows[4] + b"\n",
            b"portbook: a:6: 1 of 5 records cannot be read and are as they were, the first here\n")

    def test_misuse(self):
        for arguments, reason in (
                (["--no-header"], b"--no-header needs --columns with src and dst"),
                (["--most", "1"], b"--most is for --summary"),
                (["-t", "tcp,udp"], b"--transport: of records without a protocol there is one "
                                    b"transport")):
            self.assert_ran(["annotate", *arguments], 2, b"", b"portbook: " + reason + b"\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
