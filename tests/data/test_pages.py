#!/usr/bin/env python3
"""Pages of the publisher's site, as they were captured, from a server that holds their editions.

Usage: test_pages.py PORTBOOK SOURCE_ROOT. The documents are real data that is not part of the
project: from $PORTBOOK_DATA, else shared/data beside the source root; skipped without.
"""
import html
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request

PATH = "/assignments/service-names-port-numbers/"
DOCUMENT = PATH + "service-names-port-numbers."
COLUMNS = 12


def words(text):
    return " ".join(text.split())


def text_of(markup):
    return words(html.unescape(re.sub(r"<br />|<[^>]*>", " ", markup)))


def table(page, start):
    """The rows of a table, each a list of its cells' markup."""
    start = page.index(start)
    body = page[page.index("<tbody>", start):page.index("</tbody>", start)]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in body.split("<tr>")[1:]]


def flat(text):
    """Without white space, which captures have in other places."""
    return re.sub(r"\s|\|", "", text)


class Server:
    def __init__(self, program, folder, editions):
        store = ["--store", str(folder / "store.db")]
        subprocess.run([program, *store, "import", *map(str, editions)], check=True, timeout=100,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen([program, *store, "serve", "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in self.process.stdout:
            found = re.search(rb"http://[0-9.:]+", line)
            if found:
                self.base = found.group().decode()
                return
        raise RuntimeError("the server said no address")

    def get(self, address):
        with urllib.request.urlopen(self.base + address, timeout=60) as response:
            return response.read().decode()

    def close(self):
        self.process.terminate()
        return self.process.wait(timeout=60)


class Checks:
    def __init__(self):
        self.failed = self.done = 0

    def same(self, what, got, wanted):
        self.done += 1
        if got == wanted:
            print(f"ok {self.done} - {what}")
            return
        self.failed += 1
        print(f"not ok {self.done} - {what}")
        print(f"# got {str(got)[:500]!r}\n# not {str(wanted)[:500]!r}")


def check_search(checks, server, data, capture, query, rows, lost):
    """All that the capture shows is there, in that order; some repeated rows it lost."""
    captured = (data / "pages" / capture).read_text(encoding="utf-8")
    shown, people = captured.split("Contact Information")
    shown = shown[shown.index("Assignment Notes") + len("Assignment Notes"):]
    shown = flat(shown.replace("---|", ""))
    page = server.get(f"{DOCUMENT}xhtml?{query}")
    found = table(page, '<table id="table-')
    checks.same(f"{capture}: cells", {len(row) for row in found}, {COLUMNS})
    checks.same(f"{capture}: rows", len(found), rows)
    missing = []
    for row in found:
        text = flat("".join(map(text_of, row)))
        if shown.startswith(text):
            shown = shown[len(text):]
        else:
            missing.append(text_of(row[0]))
    checks.same(f"{capture}: nothing else", shown, "")
    checks.same(f"{capture}: rows that the capture lost", len(missing), lost)
    wanted = [flat(line) for line in people.splitlines() if line.startswith("[")]
    found = [flat("".join(map(text_of, row)))
             for row in table(page, '<h1 class="people">')]
    checks.same(f"{capture}: people", found, wanted)


def earliest(data, folder):
    """The earliest edition of the history archive, which begins with it."""
    with subprocess.Popen(["zstd", "-dc", "--long=27", data / "history-320-editions.tar.zst"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as unpacked:
        with tarfile.open(fileobj=unpacked.stdout, mode="r|") as archive:
            member = archive.next()
            path = folder / member.name
            path.write_bytes(archive.extractfile(member).read())
        unpacked.kill()
    return path


def parts(page):
    """What a page consists of."""
    return {"titles": [text_of(title) for title in re.findall("<h1[^>]*>(.*?)</h1>", page)][:2],
            "terms": [term for term in re.findall("<dt>(.*?)</dt>", page)
                      if term in ("Last Updated", "Expert(s)", "Reference", "Note",
                                  "Available Formats")],
            "page links": [words(re.sub(r'href="[^"]*\?', 'href="?', links)) for links in
                           re.findall(r'<div class="pagination">(.*?)</div>', page, re.S)],
            "columns": [text_of(column) for column in re.findall(
                r"<th[^>]*>(.*?)</th>", page[page.index('<table id="table-'):], re.S)],
            "rows": [[text_of(cell) for cell in row] for row in table(page, '<table id="table-')],
            "links": sorted(set(re.findall(
                '<td>\\[<a href="([^"]*)"', page[page.index('<table id="table-'):]))),
            "contacts": [[text_of(cell) for cell in row]
                         for row in table(page, '<h1 class="people">')]}


def check_first_page(checks, server, data, date):
    """A page of 2015-03-16 beside the first of the earliest edition; two terms have changed since."""
    captured = (data / "pages/2015-03-16-page-1.xhtml").read_text(encoding="ascii")
    for then, now in (("Known Unauthorized Uses", "Unauthorized Use Reported"),
                      (">People<", ">Contact Information<"), ("http://www.iana", "https://www.iana")):
        captured = captured.replace(then, now)
    theirs = parts(captured)
    ours = parts(server.get(f"{PATH}?as_of={date}").replace(f"&amp;as_of={date}", ""))
    for part, wanted in theirs.items():
        checks.same(f"page of {date}: {part}", ours[part], wanted)


def main():
    root = pathlib.Path(sys.argv[2])
    data = pathlib.Path(os.environ.get("PORTBOOK_DATA", root.parent / "shared" / "data"))
    if not data.is_dir():
        print(f"1..0 # SKIP no folder of published documents at {data} (PORTBOOK_DATA)")
        return
    checks = Checks()
    editions = [data / f"editions/{date}.xml" for date in ("2024-11-19", "2025-04-07",
                                                           "2026-02-13")]
    with tempfile.TemporaryDirectory(prefix="portbook-test-") as folder:
        editions.insert(0, earliest(data, pathlib.Path(folder)))
        server = Server(sys.argv[1], pathlib.Path(folder), editions)
        try:
            check_search(checks, server, data, "2024-11-19-search-pcp.txt",
                         "search=pcp&as_of=2024-11-19", 23, 0)
            check_search(checks, server, data, "2025-04-07-search-4-page-2.txt",
                         "search=4&page=2&as_of=2025-04-07", 101, 0)
            check_first_page(checks, server, data, editions[0].stem)
            checks.same("published bytes", server.get(f"{DOCUMENT}xml"),
                        editions[-1].read_text(encoding="utf-8"))
            checks.same("published CSV", server.get(f"{DOCUMENT}csv").replace("\r\n", "\n"),
                        (data / "editions/2026-02-13.csv").read_bytes().decode()
                        .replace("\r\n", "\n"))
        finally:
            status = server.close()
        checks.same("the server ended", status, 0)
    print(f"1..{checks.done}")
    sys.exit(checks.failed > 0)


if __name__ == "__main__":
    main()
