#!/usr/bin/env python3
"""Any format in, any format out: each pair for one edition, by the rows that come out.

    test_matrix.py PROGRAM [DOCUMENT]

DOCUMENT is an edition as XML; where it is absent, the built-in registry takes its place. The
edition is written in every format that can be read; each of these documents is written in every
format; and each result is compared with the rows of the document that it was made from, up to
what the two formats can express (docs/SOURCES.md). Rows are compared as the CSV shows them.
"""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
DOCUMENT = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 and pathlib.Path(sys.argv[2]).is_file() \
    else None

READABLE = ["xml", "csv", "xhtml", "text", "services", "image"]
LOSSLESS = ["xml", "csv", "xhtml", "image"]  # of rows as shown
COLUMNS = 12
NAME, PORT, TRANSPORT, DESCRIPTION, NOTES = 0, 1, 2, 3, 11


def export(source, target, output=None):
    command = [PROGRAM] + (["--registry", source] if source else []) + \
        ["export", "--format", target] + (["-o", output] if output else [])
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode("utf-8") if not output else None


def rows_of(text):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert all(len(row) == COLUMNS for row in rows)
    return rows[1:]


def folded(row):
    """A row with the white space of its cells made one blank."""
    return [" ".join(cell.split()) for cell in row]


def services_of(rows):
    """(name, port, transport, description) of what services(5) can say, in no order."""
    result = []
    for row in rows:
        if row[NAME] and row[TRANSPORT] and row[PORT] and "-" not in row[PORT]:
            result.append((row[NAME], row[PORT], row[TRANSPORT]))
    return sorted(result)


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.documents, cls.rows = {}, {}
        for name in READABLE:
            path = cls.folder / f"edition.{name}"
            export(DOCUMENT, name, path)
            cls.documents[name] = path
            cls.rows[name] = rows_of(export(path, "csv"))
        cls.edition = rows_of(export(DOCUMENT, "csv"))

    def again(self, source, target):
        """The rows that come out of the document in one format, written in another."""
        path = self.folder / f"{source}.{target}"
        export(self.documents[source], target, path)
        return rows_of(export(path, "csv"))

    def assert_text_rows(self, rows, expected):
        """
        Rows by way of plain text, where a line between two rows may fall to either: most often
        where the lines of an alias's description are not set apart by an empty one, as in CSV.
        """
        self.assertEqual(len(rows), len(expected))
        wrong = sum(folded(a) != folded(b) for a, b in zip(rows, expected))
        self.assertLessEqual(wrong, len(expected) // 100)
        for one, other in zip(rows, expected):
            self.assertEqual(one[:DESCRIPTION], other[:DESCRIPTION])

    def test_every_row_is_read(self):
        for name in LOSSLESS:
            with self.subTest(source=name):
                self.assertEqual(self.rows[name], self.edition)
        self.assert_text_rows(self.rows["text"], self.edition)
        self.assertEqual(services_of(self.rows["services"]), services_of(self.edition))

    def test_documents(self):
        for source in READABLE:
            for target in LOSSLESS:
                with self.subTest(source=source, target=target):
                    self.assertEqual(self.again(source, target), self.rows[source])

    def test_text(self):
        for source in READABLE:
            with self.subTest(source=source):
                self.assert_text_rows(self.again(source, "text"), self.rows[source])

    def test_services(self):
        for source in READABLE:
            with self.subTest(source=source):
                self.assertEqual(services_of(self.again(source, "services")),
                                 services_of(self.rows[source]))

    def test_tsv(self):
        escapes = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}

        def cell(text):
            pieces, at = [], 0
            while at < len(text):
                piece = text[at:at + 2] if text[at] == "\\" else text[at]
                pieces.append(escapes.get(piece, piece))
                at += len(piece)
            return "".join(pieces)

        for source in READABLE:
            with self.subTest(source=source):
                lines = export(self.documents[source], "tsv").split("\n")[1:-1]
                self.assertEqual([[cell(text) for text in line.split("\t")] for line in lines],
                                 self.rows[source])

    def test_json(self):
        for source in READABLE:
            with self.subTest(source=source):
                rows = json.loads(export(self.documents[source], "json"))
                lines = export(self.documents[source], "ndjson").splitlines()
                self.assertEqual([json.loads(line) for line in lines], rows)
                self.assertEqual([[row["name"] or "", row["transport"] or "",
                                   row["description"] or "", row["registration_date"] or "",
                                   row["notes"] or ""] for row in rows],
                                 [[row[NAME], row[TRANSPORT], row[DESCRIPTION], row[6], row[NOTES]]
                                  for row in self.rows[source]])
                self.assertEqual([[f"[{person}]" for person in row["contact"]] for row in rows],
                                 [["[" + person for person in row[5].split("[")[1:]]
                                  for row in self.rows[source]])

    def test_dictionary(self):
        for source in READABLE:
            with self.subTest(source=source):
                keys = set()
                for name, port, transport, *_ in self.rows[source]:
                    if name and port and transport:
                        first, _, last = port.partition("-")
                        keys |= {(str(number), transport)
                                 for number in range(int(first), int(last or first) + 1)}
                text = export(self.documents[source], "dictionary")
                rows = list(csv.reader(io.StringIO(text, newline="")))
                self.assertEqual(rows[0], ["port", "transport", "name", "description"])
                self.assertEqual(len(rows) - 1, len(keys))
                self.assertEqual({(port, transport) for port, transport, *_ in rows[1:]}, keys)

    def test_same_bytes(self):
        for source in READABLE:
            for target in ("xml", "csv", "xhtml", "text", "services", "dictionary"):
                with self.subTest(source=source, target=target):
                    self.assertEqual(export(self.documents[source], target),
                                     export(self.documents[source], target))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
