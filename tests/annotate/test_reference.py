#!/usr/bin/env python3
"""Odd flow records are annotated as the reference does it, byte for byte, however they are read.

    test_reference.py PROGRAM [PROGRAM_OF_SMALL_BLOCKS]

PORTBOOK_ROWS says how many records there are of them (100000).
"""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import reference

ROWS = int(os.environ.get("PORTBOOK_ROWS", "100000"))
PROGRAM, SMALL = sys.argv[1], sys.argv[-1]
SEED = int(os.environ.get("PORTBOOK_SEED", "6"))

PORTS = [b"0", b"1", b"22", b"53", b"80", b"443", b"1023", b"1024", b"8080", b"32767", b"32768",
         b"44321", b"49151", b"49152", b"65535"]
ODD_PORTS = [b"", b"65536", b"99999", b"100000", b"00080", b"000080", b"0443", b"-1", b"+80", b"8 0",
             b" 80", b"80 ", b"\t443\t", b"http", b"4.43e2", b"0x50", b"443.0", b"80\r", b"8\x000",
             b"\xff", b"12345678901234567890", b" ", b"''", b"4\xc2\xa03"]
PROTOCOLS = [b"6", b"17", b"132", b"33", b"TCP", b"udp", b"Sctp", b"dCCP"]
ODD_PROTOCOLS = [b"", b"1", b"0", b"255", b"256", b"06", b"ICMP", b"ipv6-icmp", b" tcp", b"udp  ",
                 b"6 ", b"-", b"t\x00p", b"\x00", b"tcp\xff", b"%", b"HOPOPT", b"1ab", b"a/b", b"-a"]
QUOTED = [b'""', b'a"b', b"a,b", b"a\nb", b"a\r\nb", b'""""', b"x;y", b"a\tb", b""]
STRAY = [b'a"b', b'a"', b'x""y', b"'", b"a b", b"long" * 30, b"", b"plain", b"#", b"\\"]


def quoted(random, text):
    return b'"' + text.replace(b'"', b'""') + b'"' if random.random() < 0.9 else b'"' + text + b'"'


def field(random, usual, odd, oddness):
    text = random.choice(odd if random.random() < oddness else usual)
    if random.random() < 0.3 and usual is PORTS:
        text = str(random.randrange(65536)).encode()
    return quoted(random, text) if random.random() < 0.1 else text


def other(random, oddness):
    if random.random() < oddness:
        return quoted(random, random.choice(QUOTED))
    return random.choice(STRAY if random.random() < 0.2 else [b"x", b"10.0.0.1", b"7"])


def row(random, delimiter, oddness):
    if random.random() < oddness / 10:
        return random.choice([b"", b"\r", b"\n", b'"', b'"\n', b" ", b"," * 7, b'a"\n"b', b"\r\r"])
    fields = [other(random, oddness), field(random, PORTS, ODD_PORTS, oddness / 3),
              field(random, PORTS, ODD_PORTS, oddness / 3), other(random, oddness),
              field(random, PROTOCOLS, ODD_PROTOCOLS, oddness), other(random, oddness)]
    if random.random() < oddness / 5:
        fields = fields[:random.randrange(7)]
    if random.random() < oddness / 5:
        fields.append(b"behind")
    if random.random() < oddness / 200:
        fields[:1] = [quoted(random, b"y," * random.randrange(2000))]
    return delimiter.join(fields)


def rows(random, count, delimiter):
    """Runs of rows that are more or less odd: an open quote swallows what follows it."""
    text = []
    while len(text) < count:
        oddness = random.choice([0, 0.1, 0.5, 1])
        ends = random.choice([[b"\n"], [b"\r\n"], [b"\n", b"\r\n", b"\n\n", b"\r\n\r\n"]])
        for _ in range(min(count - len(text), random.randrange(1, 200))):
            text.append(row(random, delimiter, oddness) + random.choice(ends))
    if text and random.random() < 0.5:
        text[-1] = text[-1].rstrip(b"\r\n")
    return b"".join(text)


def json_line(random):
    def port():
        if random.random() < 0.1:
            return random.choice([None, True, -1, 65536, 1.5, 443.0, 1e300, [], {}, "", "x", "0443",
                                  " 53 ", "80 ", "\u0663", "1" * 50])
        number = random.choice([random.randrange(65536), int(random.choice(PORTS))])
        return str(number) if random.random() < 0.2 else number
    if random.random() < 0.05:
        return random.choice(["", " ", "[]", "{}", "1", "null", '"a"', "{", "}", '{"a":1}}', "{a:1}",
                              '{"src_port":1', "\r", "{'a':1}"])
    line = {"src_port": port(), "n": {"dest.port": port()}, "x": random.choice(["}", "\u00e9\"", 7]),
            "proto": random.choice([6, 17, "TCP", "udp", "ICMP", 1, 300, "6", "", None, "%"])}
    if random.random() < 0.05:
        del line[random.choice(list(line))]
    text = json.dumps(line, ensure_ascii=random.random() < 0.5,
                      separators=random.choice([(",", ":"), (", ", ": ")]))
    return text + random.choice(["", "", " ", "\r", "\t"])


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([PROGRAM, "export", "--format", "ndjson"], capture_output=True,
                              check=True)
        cls.ports = reference.Ports(done.stdout.decode().splitlines())

    def setUp(self):
        self.random = random.Random(SEED)
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "flows")

    def tearDown(self):
        self.folder.cleanup()

    def run_on(self, text, program, *options):
        with open(self.path, "wb") as file:
            file.write(text)
        return subprocess.run([program, "annotate", *options, self.path], capture_output=True,
                              check=False)

    def run_piped(self, text, program, *options):
        """The same through a pipe, in pieces of any size."""
        with subprocess.Popen([program, "annotate", *options], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            def feed():
                at = 0
                while at < len(text):
                    n = self.random.choice([1, 50, 1000, 70000, 300000])
                    process.stdin.write(text[at:at + n])
                    process.stdin.flush()
                    at += n
                process.stdin.close()
            feeder = threading.Thread(target=feed)
            feeder.start()
            out, err = process.stdout.read(), process.stderr.read()
            feeder.join()
            return subprocess.CompletedProcess([], process.wait(), out, err)

    def check(self, done, expected, options):
        out, count, unread, first = expected
        if done.stdout != out:
            ours, theirs = done.stdout.split(b"\n"), out.split(b"\n")
            for i, (one, another) in enumerate(zip(ours, theirs)):
                self.assertEqual(one, another, f"line {i + 1}, {options}, seed {SEED}")
            self.assertEqual(len(ours), len(theirs))
        if unread == 0:
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            return
        said = re.fullmatch(rb"portbook: .*:(\d+): (\d+) of (\d+) records .*\n", done.stderr)
        self.assertIsNotNone(said, done.stderr)
        self.assertEqual(tuple(map(int, said.groups())), (first, unread, count), options)
        self.assertEqual(done.returncode, 1)

    def check_all(self, text, expected, *options):
        for program in (PROGRAM, SMALL):
            for threads in ("1", "3"):
                with self.subTest(program=program, threads=threads):
                    more = (*options, "--threads", threads)
                    self.check(self.run_on(text, program, *more), expected, more)
        self.check(self.run_piped(text, PROGRAM, *options), expected, options)
        self.check(self.run_piped(text, SMALL, *options, "--threads", "2"), expected, options)

    def test_delimited(self):
        columns = {"src": 1, "dst": 2, "proto": 4}
        for delimiter, share in ((b",", 0.6), (b";", 0.1), (b"\t", 0.1), (b"|", 0.05), (b" ", 0.05)):
            with self.subTest(delimiter=delimiter):
                header = delimiter.join([b"a", b"Src-Port", b"DST_PORT", b"b", b"proto", b"c"])
                text = rows(self.random, int(ROWS * share), delimiter)
                wanted = reference.Delimited(self.ports, columns, delimiter, True, True)
                self.check_all(header + b"\n" + text, wanted.annotate(header, text),
                               "--add", "confidence,description")

    def test_without_header(self):
        text = rows(self.random, ROWS // 20, b",")
        wanted = reference.Delimited(self.ports, {"src": 1, "dst": 2, "proto": 4})
        self.check_all(text, wanted.annotate(b"", text), "--no-header", "--delimiter", ",",
                       "--columns", "src=2,dst=3,proto=5")

    def test_lines_of_json(self):
        lines = [json_line(self.random) for _ in range(ROWS // 20)]
        text = b'{"src_port":1,"n":{"dest.port":2},"proto":6}\n' + "\n".join(lines).encode()
        paths = {"src": ("src_port",), "dst": ("n", "dest.port"), "proto": ("proto",)}
        wanted = reference.Lines(self.ports, paths, b"", True, True)
        self.check_all(text, wanted.annotate(b"", text), "--add", "confidence,description",
                       "--columns", "dst=n.dest.port")

    def test_summary(self):
        text = rows(self.random, ROWS // 20, b",")
        wanted = reference.Delimited(self.ports, {"src": 1, "dst": 2, "proto": 4, "bytes": 5})
        counts = wanted.summary(text)
        for program, threads in ((PROGRAM, "1"), (PROGRAM, "4"), (SMALL, "3")):
            done = self.run_on(b"a,sp,dp,b,pr,bytes\n" + text, program, "--summary", "--json",
                               "--threads", threads)
            found = {}
            for entry in json.loads(done.stdout):
                key = entry["kind"]
                if key == "port":
                    key = (entry["transport"], entry["port"])
                    said = self.ports.of(*key)
                    self.assertEqual((entry["service"] or "", entry["state"]),
                                     (said.get("name", ""), said["state"]))
                found[key] = [entry["flows"], entry["bytes"]]
            self.assertEqual(found, {key: [flows, count % (1 << 64)]
                                     for key, (flows, count) in counts.items()})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
