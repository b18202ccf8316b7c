#!/usr/bin/env python3
"""portbook-image(5) is enough to read an image by: the built-in one against the CSV it is made of.

test_image_format.py IMAGE CSV
"""

import csv
import struct
import sys
import unittest

CSV = sys.argv.pop() if len(sys.argv) > 2 else None
IMAGE = sys.argv.pop() if len(sys.argv) > 1 else None

(FACTS, ROWS, COLUMNS, EXTRAS, ORDERS, PEOPLE, PEOPLE_BY_ID, CELLS, TEXT, RICH, PORT_PAGES, PORTS,
 PORT_LISTS, NAMES, NAME_SLOTS, USES, USES_FROM, GRAMS, POSTINGS, LETTERS, COUNTS) = range(21)

FACTOR = 0xd6e8feb86659fd93
PRODUCT = 2 ** 64 - 1


def name_hash(folded):
    value = len(folded)
    for i in range(0, len(folded), 16):
        first, second = struct.unpack("<QQ", folded[i:i + 16].ljust(16, b"\0"))
        value = (value ^ first) * FACTOR & PRODUCT
        value = (value ^ value >> 32 ^ second) * FACTOR & PRODUCT
        value ^= value >> 32
    return value & 0xffffffff


class Image:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.magic = self.bytes[:8]
        self.version, count, self.size = struct.unpack_from("<IIQ", self.bytes, 8)
        self.sections = [struct.unpack_from("<III", self.bytes, 32 + 12 * i) for i in range(count)]

        self.extras = {}
        for i in range(self.count(EXTRAS)):
            at = self.at(EXTRAS, i)
            self.extras[self.number(at, 3), self.bytes[at + 3]] = self.text(at + 4)

    def count(self, section):
        return self.sections[section][2]

    def at(self, section, number):
        """Where a record begins."""
        offset, size, count = self.sections[section]
        assert number < count
        return offset + size * number

    def number(self, at, size):
        return int.from_bytes(self.bytes[at:at + size], "little")

    def cell(self, number):
        start = self.number(self.at(CELLS, number), 4)
        end = self.number(self.at(CELLS, number + 1), 4)
        text = self.sections[TEXT][0]
        assert self.bytes[text + end - 1] == 0
        return self.bytes[text + start:text + end - 1].decode()

    def text(self, at):
        number = self.number(at, 3)
        return self.cell(number - 1) if number else None

    def varint(self, at):
        value = shift = 0
        while True:
            byte = self.bytes[at]
            value |= (byte & 0x7f) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    def ascending(self, at, end):
        numbers, last = [], -1
        while at < end:
            distance, at = self.varint(at)
            last += distance + 1
            numbers.append(last)
        return numbers

    def uses(self, cell):
        start, end = (self.number(self.at(USES_FROM, cell + i), self.sections[USES_FROM][1])
                      for i in range(2))
        return self.ascending(self.sections[USES][0] + start, self.sections[USES][0] + end)

    def columns(self, row):
        rows = self.count(ROWS)
        texts = [self.text(self.at(COLUMNS, i * rows + row)) for i in range(6)]
        return [text or "" for text in texts + [self.extras.get((row, i)) for i in range(6, 12)]]

    def port(self, transport, port):
        page = self.number(self.at(PORT_PAGES, (transport * 65536 + port) // 32), 2)
        entry = self.number(self.at(PORTS, page * 32 + port % 32), 3)
        if entry < 0x800000:
            return [entry - 1] if entry else []
        entry -= 0x800000
        count = self.number(self.at(PORT_LISTS, entry), 3)
        return [self.number(self.at(PORT_LISTS, entry + 1 + i), 3) for i in range(count)]

    def name(self, name):
        """Where the record of the first name begins that folds alike."""
        folded = name.lower()
        value = at = name_hash(folded.encode())
        while True:
            slot = self.at(NAME_SLOTS, at % self.count(NAME_SLOTS))
            number = self.number(slot, 3)
            if number == 0:
                return None
            record = self.at(NAMES, number - 1)
            if self.bytes[slot + 3] == value >> 24 and \
                    self.cell(self.number(record, 3)).lower() == folded:
                return record
            at += 1

    def gram(self, gram):
        """The cells that have three folded bytes."""
        wanted = gram[0] << 16 | gram[1] << 8 | gram[2]
        for i in range(self.count(GRAMS) - 1):
            record, following = self.at(GRAMS, i), self.at(GRAMS, i + 1)
            if self.number(record, 4) == wanted:
                start = self.sections[POSTINGS][0]
                return self.ascending(start + self.number(record + 4, 4),
                                      start + self.number(following + 4, 4))
        return []


class Format(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image = Image(IMAGE)
        with open(CSV, encoding="utf-8", newline="") as file:
            cls.rows = list(csv.reader(file))[1:]

    def test_header(self):
        self.assertEqual(self.image.magic, b"\x93PBIMG\r\n")
        self.assertEqual((self.image.version, self.image.size), (1, len(self.image.bytes)))

    def test_rows(self):
        self.assertEqual(self.image.count(ROWS), len(self.rows))
        for number, row in enumerate(self.rows):
            shown = row[:4] + [row[4] or row[5]] + row[5:]
            self.assertEqual(self.image.columns(number), shown)

    def test_heads(self):
        transports = ["tcp", "udp", "sctp", "dccp", ""]
        for number, row in enumerate(self.rows):
            at = self.image.at(ROWS, number)
            first, last, transport, flags = struct.unpack_from("<HHBB", self.image.bytes, at)
            self.assertEqual(transports[transport], row[2].lower())
            self.assertEqual(bool(flags & 1), row[1] == "")
            ports = row[1].split("-") if row[1] else ["0"]
            self.assertEqual((first, last), (int(ports[0]), int(ports[-1])))
            state = 0 if row[0] else 2 if row[3].lower().startswith("unassigned") else 1
            self.assertEqual(flags >> 2 & 3, state)

    def test_ports(self):
        covered = {}
        for number, row in enumerate(self.rows):
            if not row[1]:
                continue
            ports = row[1].split("-")
            for i, transport in enumerate(["tcp", "udp", "sctp", "dccp"]):
                if row[2].lower() in (transport, ""):
                    for port in range(int(ports[0]), int(ports[-1]) + 1):
                        covered.setdefault((i, port), []).append(number)
        for transport in range(4):
            for port in range(0, 65536):
                self.assertEqual(self.image.port(transport, port),
                                 covered.get((transport, port), []))

    def test_names(self):
        spelt = {}
        for number, row in enumerate(self.rows):
            if row[0]:
                spelt.setdefault(row[0], []).append(number)
        self.assertEqual(self.image.count(NAMES), len(spelt))
        alone = {}
        for name in spelt:
            alone.setdefault(name.lower(), []).append(name)
        for name, rows in spelt.items():
            record = self.image.name(name)
            if len(alone[name.lower()]) > 1:
                self.assertEqual(self.image.bytes[record + 3], 0)
                continue
            run, first = self.image.bytes[record + 3], self.image.number(record + 4, 3)
            together = rows == list(range(rows[0], rows[0] + len(rows)))
            self.assertEqual((run, first), (len(rows) if together else 0, rows[0]))
            uses = self.image.uses(self.image.number(record, 3))
            self.assertLessEqual(set(rows), set(uses))
        self.assertIsNone(self.image.name("no-such-name"))

    def test_letters(self):
        size = self.image.sections[LETTERS][1]
        self.assertEqual(size, 1 + (len(self.rows) + 7) // 8)
        searched = ["".join(row[:6] + row[8:]).lower() for row in self.rows]
        for i in range(self.image.count(LETTERS)):
            at = self.image.at(LETTERS, i)
            letter = chr(self.image.bytes[at])
            for number, text in enumerate(searched):
                bit = self.image.bytes[at + 1 + number // 8] >> (number % 8) & 1
                self.assertEqual(bool(bit), letter in text)

    def test_grams(self):
        searched = self.image.number(self.image.at(COUNTS, 0), 4)
        for text in (b"htt", b"rfc", b"]\n[", b"qqq"):
            cells = [cell for cell in range(searched)
                     if text in self.image.cell(cell).lower().encode()]
            self.assertEqual([c for c in self.image.gram(text) if c < searched], cells)

    def test_uses(self):
        for cell in range(0, self.image.number(self.image.at(COUNTS, 0), 4), 97):
            text = self.image.cell(cell)
            uses = self.image.uses(cell)
            self.assertTrue(all(text in self.image.columns(row) for row in uses))
            self.assertTrue(uses)


if __name__ == "__main__":
    unittest.main()
