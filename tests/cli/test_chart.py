#!/usr/bin/env python3
"""chart: its pictures, read back by other eyes; and where they go."""

import os
import struct
import sys
import unittest
import xml.etree.ElementTree
import zlib

from program import ROOT, Case, run
from stores import document

GOLDEN = ROOT / "tests" / "golden" / "chart" / "made-up.svg"
SVG = "{http://www.w3.org/2000/svg}"
RANGES = {"system": range(0, 1024), "user": range(1024, 49152), "dynamic": range(49152, 65536)}


def place(port):
    """The cell of a port: the textbook's Hilbert curve, not the program's."""
    x = y = 0
    side = 1
    while side < 256:
        rx, ry = 1 & (port // 2), 1 & (port ^ (port // 2))
        if ry == 0:
            if rx == 1:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x + side * rx, y + side * ry
        port //= 4
        side *= 2
    return x, y


def read_png(data):
    """(width, height, colour of a pixel) of a PNG with a palette."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, palette, head = 8, b"", b"", None
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack_from(">I", data, at + 8 + length)[0]
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    width, height, depth, color, _, _, interlaced = head
    assert (color, interlaced) == (3, 0)
    stride = (width * depth + 7) // 8
    rows, raw, before = [], zlib.decompress(packed), bytes(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        assert kind in (0, 1, 2), "filters of palettes are none, sub or up"
        for x in range(stride):
            line[x] = (line[x] + (line[x - 1] if kind == 1 and x else before[x] if kind == 2 else 0)) & 255
        before = bytes(line)
        rows.append(before)

    def pixel(x, y):
        index = rows[y][x * depth // 8] >> (8 - depth - x * depth % 8) & ((1 << depth) - 1)
        return palette[3 * index:3 * index + 3].hex()

    return width, height, pixel


class Picture(Case):
    def chart(self, *arguments):
        ran = self.ask("chart", *arguments)
        self.assert_ran(ran, 0)
        return ran.out

    def chart_file(self, name, *arguments):
        self.assert_ran(self.ask("chart", "-o", self.folder / name, *arguments), 0)
        return (self.folder / name).read_bytes()

    def test_golden(self):
        now = self.chart("--transport", "tcp")
        if "--update" in sys.argv:
            GOLDEN.write_text(now, encoding="utf-8")
        self.assertEqual(now, GOLDEN.read_text(encoding="utf-8"))

    def test_same_bytes(self):
        self.assertEqual(self.chart_file("a.svg"), self.chart().encode())
        self.assertEqual(self.chart_file("a.png"), self.chart_file("b.png"))

    def test_legend_counts_what_list_lists(self):
        """Of the registry that is built in, whose rows the program lists port by port."""
        root = xml.etree.ElementTree.fromstring(run("chart", "--transport", "udp").out)
        texts = [text.text for text in root.iter(SVG + "text")]
        found = dict(zip(texts, texts[1:]))
        states = {}
        for row in run("list", "--transport", "udp", "--json").json + \
                [row for row in run("list", "--json").json if row["transport"] is None]:
            if row["first_port"] is None:
                continue
            for port in range(row["first_port"], row["last_port"] + 1):
                states.setdefault(port, []).append((row["state"], row["unauthorized_use"]))
        counts = {}
        for name, ports in RANGES.items():
            for port in ports:
                rows = states.get(port) or [("reserved" if port in (0, 1023, 1024, 49151)
                                             else "unassigned", None)]
                state = min(row[0] for row in rows)  # the alphabet's order is that of precedence
                if state == "assigned" and any(row[1] for row in rows):
                    state = "assigned, unauthorized use reported"
                key = f"{name.capitalize()} Ports: {state}"
                counts[key] = counts.get(key, 0) + 1
        self.assertEqual({key: found.get(key) for key in counts},
                         {key: f"{count:,}" for key, count in counts.items()})
        self.assertEqual(sum(counts.values()), 65536)

    def test_svg_is_accessible(self):
        root = xml.etree.ElementTree.fromstring(self.chart())
        self.assertEqual(root.get("role"), "img")
        self.assertEqual([root.find(SVG + name).get("id") for name in ("title", "desc")],
                         root.get("aria-labelledby").split())
        self.assertIn("2024-01-02", root.find(SVG + "title").text)
        self.assertIn("TCP System Ports: assigned, 1", root.find(SVG + "desc").text)

    def paths(self, text):
        """Per map, the colour of each cell as the paths paint them, the later over the earlier."""
        for group in xml.etree.ElementTree.fromstring(text).iter(SVG + "g"):
            cells = {}
            for path in group.iter(SVG + "path"):
                x = y = 0
                for piece in path.get("d").removeprefix("M0 0").split("z")[:-1]:
                    move, width, height, _ = piece.replace("v", "h").split("h")
                    dx, dy = map(int, move.removeprefix("m").split())
                    x, y = x + dx, y + dy
                    for at in range(int(width)):
                        for line in range(int(height)):
                            cells[x + at, y + line] = path.get("fill").removeprefix("#")
            yield cells

    def test_svg_and_png_agree(self):
        """Every cell of every map; ports whose colour is known among them."""
        for arguments, cell, maps in (["--transport", "tcp"], 4, [(32, 164)]), \
                ([], 2, [(32, 164), (576, 164), (32, 752), (576, 752)]):
            painted = list(self.paths(self.chart(*arguments)))
            _, _, pixel = read_png(self.chart_file("a.png", *arguments))
            self.assertEqual(len(painted), len(maps))
            for cells, (left, top) in zip(painted, maps):
                self.assertEqual(len(cells), 65536)
                # Where the outline of a range lies on a cell, its last pixel is the cell's own.
                wrong = [at for at, color in cells.items()
                         if pixel(left + at[0] * cell + cell - 1, top + at[1] * cell + cell - 1)
                         != color]
                self.assertEqual(wrong, [])
            colors = {port: painted[0][place(port)] for port in (0, 21, 22, 100, 1023, 5999, 6000,
                                                                 6063, 6064, 50000, 65535)}
            self.assertEqual(colors, {0: "111111", 21: "08519c", 22: "cfd4da", 100: "cfd4da",
                                      1023: "111111", 5999: "edf0f3", 6000: "e6550d",
                                      6063: "e6550d", 6064: "edf0f3", 50000: "fcf3d6",
                                      65535: "fcf3d6"})

    def test_small(self):
        self.assertLess(len(run("chart").out), 100_000)


class Command(Case):
    def test_format(self):
        for name, arguments, start in (("a.PNG", (), b"\x89PNG"), ("b.svg", (), b"<svg"),
                                       ("c", ("--format", "png"), b"\x89PNG"),
                                       ("d.png", ("--format", "svg"), b"<svg")):
            self.assert_ran(self.ask("chart", "-o", self.folder / name, *arguments), 0)
            self.assertTrue((self.folder / name).read_bytes().startswith(start), name)
        self.assertTrue(self.ask("chart", "-o", "-").out.startswith("<svg"))

    def test_refused(self):
        for arguments in (["-o", self.folder / "x.jpg"], ["--format", "csv"], ["x"],
                          ["--transport", "icmp"]):
            ran = self.ask("chart", *arguments)
            self.assertEqual((ran.status, ran.out), (2, ""), arguments)
            self.assertEqual(len(ran.err.splitlines()), 1)
        self.assertEqual(os.listdir(self.folder), ["registry.xml"])

    def test_nowhere_to_write(self):
        ran = self.ask("chart", "-o", self.folder / "none" / "a.svg")
        self.assertEqual(ran.status, 3)
        self.assertIn("a.svg", ran.err)
        with open("/dev/full", "wb") as full:
            for form in ("svg", "png"):
                ran = self.ask("chart", "--format", form, stdout=full)
                self.assertEqual((ran.status, ran.err.splitlines()),
                                 (3, ["portbook: standard output: No space left on device"]))


class OverTime(Case):
    EDITIONS = {
        "2015-05-04": [("a", "1", "A", "Ann_Author")],
        "2016-06-06": [("a", "1", "A", "Ann_Author"), ("b", "10-19", "B", "Ann_Author"),
                       ("c", "10", "C", "Ben_Builder")],
        "2020-01-01": [("A", "1", "A", "Ann_Author"), ("c", "10", "C", "Ben_Builder")],
    }

    def setUp(self):
        super().setUp()
        self.store = self.folder / "portbook.db"
        for date, rows in reversed(self.EDITIONS.items()):
            path = self.folder / f"{date}.xml"
            path.write_text(document(date, *rows), encoding="utf-8")
            self.assertEqual(run("--store", self.store, "import", "--force", path).status, 0)

    def test_counts(self):
        ran = run("--store", self.store, "chart", "--over-time")
        self.assert_ran(ran, 0)
        root = xml.etree.ElementTree.fromstring(ran.out)
        self.assertTrue(root.find(SVG + "desc").text.endswith(
            "2015-05-04: names 1, TCP 1, UDP 0, SCTP 0, DCCP 0. "
            "2020-01-01: names 2, TCP 2, UDP 0, SCTP 0, DCCP 0."), root.find(SVG + "desc").text)
        lines = {path.get("class"): path.get("d") for path in root.iter(SVG + "path")
                 if path.get("class").startswith("l")}
        # Eleven ports at the top of the scale's range, then two, at the end of the line.
        heights = [float(level.split("H")[0]) for level in
                   lines["l3"].replace("M88.0 ", "V").split("V")[1:]]
        self.assertEqual([round((576 - y) / (576 - heights[0])) for y in heights], [1, 11, 2])

    def test_file_and_refusals(self):
        store = ["--store", self.store, "chart", "--over-time"]
        self.assert_ran(run(*store, "-o", self.folder / "a.svg"), 0)
        for arguments in (["--format", "png"], ["--transport", "tcp"]):
            self.assertEqual(run(*store, *arguments).status, 2)
        ran = run("--store", self.folder / "none.db", "chart", "--over-time", "-o",
                  self.folder / "b.svg")
        self.assertEqual((ran.status, (self.folder / "b.svg").exists()), (3, False))
        self.assertIn("none.db", ran.err)


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--update"])
