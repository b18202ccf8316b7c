#!/usr/bin/env python3
"""XHTML as written, compared with what the publisher's own style sheet and site made.

Usage: test_xhtml.py PORTBOOK SOURCE_ROOT. The documents are real data that is not part of the
project: from $PORTBOOK_DATA, else shared/data beside the source root; skipped without.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.parsers.expat

EDITION = "2026-02-13"
ROWS, PEOPLE = 14499, 5588
CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.S)
ANCHOR = re.compile(r'<a name="([^"]*)" id="[^"]*">\[')


class Checks:
    def __init__(self, program, data):
        self.program, self.data, self.failed, self.done = program, data, 0, 0

    def run(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], check=True, timeout=100,
                              stdout=subprocess.PIPE).stdout.decode()

    def same(self, what, got, wanted):
        self.done += 1
        if got == wanted:
            print(f"ok {self.done} - {what}")
            return
        self.failed += 1
        print(f"not ok {self.done} - {what}")
        if isinstance(got, list) and len(got) == len(wanted):
            got, wanted = next(pair for pair in zip(got, wanted) if pair[0] != pair[1])
        print(f"# got {str(got)[:500]!r}\n# not {str(wanted)[:500]!r}")


def between(page, start, end):
    """From the first start to the last end."""
    return page[page.index(start):page.rindex(end)]


def table(page, start):
    """Attributes and inner markup of each cell of a table, exactly."""
    start = page.index(start)
    return CELL.findall(page[start:page.index("</table>", start)])


def terms(page):
    """The header's terms and definitions but for the links to other formats."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return [pair for pair in pairs if pair[0] != "Available Formats"]


def check_whole(checks, folder):
    published = subprocess.run(["zstd", "-dcq", checks.data / f"editions/{EDITION}.xhtml.zst"],
                               check=True, stdout=subprocess.PIPE).stdout.decode()
    theirs, ours = folder / "published.xhtml", folder / "ours.xhtml"
    theirs.write_text(published, encoding="utf-8")
    checks.run("-r", checks.data / f"editions/{EDITION}.xml", "export", "-f", "xhtml", "-o", ours)
    page = ours.read_text(encoding="utf-8")
    xml.parsers.expat.ParserCreate().Parse(page, True)
    cells = table(page, '<table id="table-')
    checks.same("as many rows", len(cells), ROWS * 12)
    checks.same("each cell of the rows", cells, table(published, '<table id="table-'))
    cells = table(page, '<h1 class="people">')
    checks.same("as many people", len(cells), PEOPLE * 5)
    checks.same("each cell of the people", cells, table(published, '<h1 class="people">'))
    checks.same("footnotes", table(page, '<table class="fn">'),
                table(published, '<table class="fn">'))
    checks.same("header", terms(page), terms(published))
    checks.same("title", re.findall("<title>.*?</h1>", page, re.S)[0].split("<h1>")[1],
                re.findall("<h1>.*?</h1>", published, re.S)[0][4:])
    checks.same("all tables, byte by byte", between(page, "<table id", "</table>"),
                between(published, "<table id", "</table>"))
    checks.same("page to page", checks.run("-r", theirs, "export", "-f", "xhtml"), page)
    checks.same("page once more", checks.run("-r", ours, "export", "-f", "xhtml"), page)
    for form in ("csv", "json", "xml"):
        checks.same(f"read and written as {form}", checks.run("-r", ours, "export", "-f", form),
                    checks.run("-r", theirs, "export", "-f", form))
    checks.same("CSV as published", checks.run("-r", ours, "export"),
                (checks.data / f"editions/{EDITION}.csv").read_bytes().decode())


def check_captured_page(checks):
    """A page of the site of 2015, indented, and with links to an index that had no TLS then."""
    path = checks.data / "pages/2015-03-16-page-1.xhtml"
    captured = path.read_text(encoding="ascii")
    captured = captured.replace("http://www.iana.org/go/", "https://www.iana.org/go/")
    page = checks.run("-r", path, "export", "-f", "xhtml")
    search = checks.run("-r", path, "search", "", "-f", "xhtml")
    rows = table(captured, '<table id="table-')
    checks.same("captured page: rows", table(page, '<table id="table-'), rows)
    checks.same("captured page: rows of a page", table(search, '<table id="table-'), rows)
    people = [(a, cell.strip()) for a, cell in table(captured, '<h1 class="people">')]
    checks.same("captured page: people", table(page, '<h1 class="people">'), people)
    checks.same("captured page: people that its rows name", table(search, '<h1 class="people">'),
                people)
    links = re.search(r'<div class="pagination">.*page=', captured).group()
    whole = checks.run("-r", checks.data / f"editions/{EDITION}.xml", "search", "", "-f", "xhtml")
    checks.same("captured page: links", links in whole, True)


def check_people_of_pages(checks):
    """Pages captured as text: the people that they list."""
    for name, text, number in (("2024-11-19-search-pcp", "pcp", 1),
                               ("2025-04-07-search-4-page-2", "4", 2)):
        captured = (checks.data / f"pages/{name}.txt").read_text(encoding="utf-8")
        ids = re.findall(r"^\[([^\]]+)\]", captured.split("Contact Information")[1], re.M)
        page = checks.run("-r", checks.data / f"editions/{name[:10]}.xml", "search", text,
                          "-f", "xhtml", "--page", number)
        found = [anchor for anchor in ANCHOR.findall(page) if not anchor.startswith("note")]
        checks.same(f"{name}: people", found, ids)
        answer = json.loads(checks.run("-r", checks.data / f"editions/{name[:10]}.xml", "search",
                                       text, "--json", "--page", number))
        checks.same(f"{name}: rows", len(table(page, '<table id="table-')), len(answer) * 12)


def main():
    root = pathlib.Path(sys.argv[2])
    data = pathlib.Path(os.environ.get("PORTBOOK_DATA", root.parent / "shared" / "data"))
    if not data.is_dir():
        print(f"1..0 # SKIP no folder of published documents at {data} (PORTBOOK_DATA)")
        return
    checks = Checks(sys.argv[1], data)
    with tempfile.TemporaryDirectory(prefix="portbook-test-") as folder:
        check_whole(checks, pathlib.Path(folder))
    check_captured_page(checks)
    check_people_of_pages(checks)
    print(f"1..{checks.done}")
    sys.exit(checks.failed > 0)


if __name__ == "__main__":
    main()
