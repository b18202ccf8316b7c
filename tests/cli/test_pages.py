#!/usr/bin/env python3
"""XHTML: pages of a search, and the whole registry."""

import re
import unittest
import xml.parsers.expat

from program import ROOT, Case, run

FORMATS = ROOT / "tests" / "golden" / "formats"

PEOPLE = re.compile(r'<a name="([^"]*)"')
LINKS = re.compile(r'<div class="pagination">(.*?)</div>')


def parse(page):
    """Raises where it is not well-formed."""
    xml.parsers.expat.ParserCreate().Parse(page, True)


def many(count):
    """That many rows, each of a person of its own; every tenth is a "tenth"."""
    rows = "".join(
        f'<record><name>n{i}</name><protocol>tcp</protocol><xref type="person" data="P_{i}"/>'
        f"<description>{'tenth' if i % 10 == 0 else 'row'}</description><number>{i}</number>"
        "</record>" for i in range(1, count + 1))
    people = "".join(f'<person id="P_{i}"><name>P {i}</name></person>'
                     for i in range(1, count + 1))
    return ('<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">'
            f"<title>Many</title>{rows}<people>{people}</people></registry>")


class Pages(Case):
    def setUp(self):
        super().setUp()
        self.registry.write_text(many(1250), encoding="utf-8")

    def page(self, *arguments, status=0, err=""):
        ran = self.ask("search", "--format", "xhtml", *arguments)
        self.assert_ran(ran, status, err)
        parse(ran.out)
        rows = ran.out.split("<tbody>")[1].split("</tbody>")[0]
        return (re.findall(r"<tr><td>(.*?)</td>", rows), PEOPLE.findall(ran.out),
                LINKS.findall(ran.out), ran.out)

    def names(self, first, last):
        return [f"n{i}" for i in range(first, last + 1)]

    def test_first(self):
        rows, people, links, _ = self.page("row")
        self.assertEqual(len(rows), 100)
        self.assertEqual(people, [name.replace("n", "P_") for name in rows])
        self.assertEqual(links[0], links[1])
        self.assertEqual(links[0], " 1 " + " ".join(
            f'<a href="?search=row&amp;page={i}">{i}</a>' for i in range(2, 7))
            + ' ... <a href="?search=row&amp;page=12">12</a>')
        self.assertEqual(self.page("row", "--page", "1")[3], self.page("row")[3])

    def test_neighbours_share_a_row(self):
        for page, first, last in ((1, 1, 100), (2, 100, 200), (12, 1100, 1200), (13, 1200, 1250)):
            rows, people, _, _ = self.page("", "--page", page)
            self.assertEqual(rows, self.names(first, last))
            self.assertEqual(people, [f"P_{i}" for i in range(first, last + 1)])

    def test_sorted(self):
        rows, _, links, out = self.page("tenth", "--sort", "-port,name")
        self.assertEqual(rows[:3], ["n1250", "n1240", "n1230"])
        self.assertIn("?search=tenth&amp;skey=-2&amp;skey=1&amp;page=2", links[0])
        self.assertIn('<a href="?search=tenth&amp;skey=2&amp;skey=1">Port Number</a>', out)

    def test_nothing(self):
        rows, people, links, _ = self.page("<&\"'>", status=1,
                                           err="portbook: no row holds \"<&\"'>\"\n")
        self.assertEqual((rows, people), ([], []))
        self.assertEqual(links[0], " No row holds this text.")

    def test_past_the_end(self):
        rows, people, links, _ = self.page(
            "tenth", "--page", "3", status=1,
            err="portbook: no page 3; the 125 matches end on page 2\n")
        self.assertEqual((rows, people), ([], []))
        self.assertIn('<a href="?search=tenth&amp;page=1">1</a>', links[0])

    def test_what_links_can_not_say(self):
        for arguments in (["--regex"], ["--in", "name"]):
            self.assert_ran(self.ask("search", "--format", "xhtml", "a", *arguments), 2,
                            "portbook: --regex and --in are not for the format xhtml, whose links "
                            "can not say them\n")

    def test_only_search_has_pages(self):
        self.assert_ran(self.ask("list", "--format", "xhtml"), 2, "portbook: list prints no xhtml\n")


class Golden(Case):
    def test_page(self):
        ran = run("-r", FORMATS / "small.xhtml", "search", "a", "--format", "xhtml")
        self.assert_ran(ran, 0)
        self.assertEqual(ran.out, (FORMATS / "search.xhtml").read_text(encoding="utf-8"))

    def test_whole(self):
        written = (FORMATS / "written.xhtml").read_text(encoding="utf-8")
        image = self.folder / "small.img"
        self.assert_ran(run("-r", FORMATS / "small.xhtml", "export", "-f", "image", "-o", image), 0)
        for document in (FORMATS / "small.xhtml", FORMATS / "written.xhtml", image):
            self.assertEqual(run("-r", document, "export", "--format", "xhtml").out, written)

    def test_built_in(self):
        whole = self.folder / "whole.xhtml"
        self.assert_ran(run("export", "--format", "xhtml", "-o", whole), 0)
        parse(whole.read_text(encoding="utf-8"))
        self.assertEqual(run("-r", whole, "export").out, run("export").out)


if __name__ == "__main__":
    unittest.main()
