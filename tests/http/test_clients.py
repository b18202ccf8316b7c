#!/usr/bin/env python3
"""Clients of the publisher's site are served with nothing changed but the address.

    test_clients.py [--update]

The examples of docs/CLIENTS.md are run beside a server of the built-in registry, and must print
what the document says; --update writes what they print into it. Others are tests of their own.
"""

import collections
import csv
import datetime
import email.utils
import http.client
import io
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import xml.etree.ElementTree as ET
import xml.parsers.expat

from serving import PROGRAM, ROOT, SECONDS, Case, Server, environment

DOCUMENT = ROOT / "docs" / "CLIENTS.md"
BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.S)
COMMAND = re.compile(r"^\$ .*\n(?:> .*\n)*", re.M)  # more lines of it begin with "> "
TOOLS = ("awk", "cmp", "curl", "grep", "head", "python3", "wget", "xmllint")
REGISTRY = "/assignments/service-names-port-numbers"
FILE = REGISTRY + "/service-names-port-numbers"
NAMES = {"iana": "http://www.iana.org/assignments"}


def missing(*tools):
    return [tool for tool in tools if not shutil.which(tool)]


class Folder:
    """Where commands are run as a user would who reads the document."""

    def __init__(self, case, server):
        made = tempfile.TemporaryDirectory(prefix="portbook-test-")
        case.addCleanup(made.cleanup)
        self.path = pathlib.Path(made.name)
        self.base = f"http://127.0.0.1:{server.port}"
        self.environment = dict(environment(), HOME=made.name, SERVER=self.base,
                                REGISTRY=self.base + FILE)

    def run(self, command):
        """What it prints, both outputs together."""
        done = subprocess.run(["sh", "-c", command], cwd=self.path, env=self.environment,
                              check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=4 * SECONDS)
        return done.stdout.decode()

    def shown(self, block):
        """The block as it is now."""
        return "".join(command + self.run(re.sub(r"^[$>] ", "", command, flags=re.M))
                       for command in COMMAND.findall(block))


class Examples(unittest.TestCase):
    def test_document(self):
        if missing(*TOOLS):
            self.skipTest(f"no {', '.join(missing(*TOOLS))}")
        server = Server()
        self.addCleanup(server.stop)
        folder = Folder(self, server)
        text = DOCUMENT.read_text(encoding="utf-8")
        self.assertGreater(len(BLOCK.findall(text)), 5)
        if UPDATE:
            DOCUMENT.write_text(BLOCK.sub(lambda m: folder.shown(m.group()), text),
                                encoding="utf-8")
            return
        for block in BLOCK.findall(text):
            self.assertEqual(folder.shown(block), block)


Answer = collections.namedtuple("Answer", "status headers body")


class Paths(Case):
    """Of whoever follows no redirect, asks with HEAD first, or reads with another parser."""

    def client(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=SECONDS)
        self.addCleanup(connection.close)
        return connection

    def get(self, path, **headers):
        connection = self.client()
        connection.request("GET", path, headers={name.replace("_", "-"): value
                                                 for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def test_the_page_is_where_it_was(self):
        pages = [self.get(path) for path in (REGISTRY, REGISTRY + "/", FILE + ".xhtml")]
        for page in pages:
            self.assertEqual((page.status, page.body), (200, pages[0].body))
        self.assertIn("text/html", pages[0].headers["Content-Type"])

    def test_head_says_what_get_would(self):
        for ending in ("csv", "xml", "txt", "json", "xhtml"):
            answer = self.get(f"{FILE}.{ending}")
            connection = self.client()
            connection.request("HEAD", f"{FILE}.{ending}")
            head = connection.getresponse()
            self.assertEqual((head.status, head.read()), (200, b""))
            self.assertEqual(int(head.headers["Content-Length"]), len(answer.body))
            for name in ("ETag", "Last-Modified", "Content-Type", "Accept-Ranges"):
                self.assertIsNotNone(head.headers[name])
                self.assertEqual(head.headers[name], answer.headers[name])
            changed = email.utils.parsedate_to_datetime(head.headers["Last-Modified"])
            self.assertGreater(changed.year, 2020)

    def test_unknown_endings_are_not_found(self):
        for ending in (".rss", ".html", "", ".csv.gz"):
            self.assertEqual(self.get(FILE + ending).status, 404)

    def test_proxied(self):
        """What has the publisher's address built in, and a variable for proxies."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(
            {"http": f"http://127.0.0.1:{self.server.port}"}))
        with opener.open(f"http://www.iana.org{FILE}.csv", timeout=SECONDS) as answer:
            self.assertEqual(answer.read(), self.get(FILE + ".csv").body)

    def test_csv_dialect_is_guessed(self):
        text = self.get(FILE + ".csv").body.decode()
        dialect = csv.Sniffer().sniff(text[:1024])
        guessed = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
        self.assertEqual(guessed.fieldnames, [
            "Service Name", "Port Number", "Transport Protocol", "Description", "Assignee",
            "Contact", "Registration Date", "Modification Date", "Reference", "Service Code",
            "Unauthorized Use Reported", "Assignment Notes"])
        self.assertGreater(len(list(guessed)), 14000)
        rows = list(csv.reader(io.StringIO(text, newline="")))
        self.assertEqual({len(row) for row in rows}, {12})
        # Who splits lines first sees those within fields, too, and still every row's columns.
        split = [row for row in csv.reader(text.splitlines()) if len(row) == 12]
        self.assertGreater(len(split), 14000)

    def test_documents_have_the_same_rows(self):
        table = [(row["Service Name"], row["Port Number"], row["Transport Protocol"])
                 for row in csv.DictReader(io.StringIO(self.get(FILE + ".csv").body.decode(),
                                                       newline=""))]
        body = self.get(FILE + ".xml").body
        records = [tuple(record.findtext("iana:" + tag, "", NAMES)
                         for tag in ("name", "number", "protocol"))
                   for record in ET.fromstring(body).findall("iana:record", NAMES)]
        self.assertEqual(sorted(table), sorted(records))
        started = []
        parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda name, attributes: started.append(name)
        parser.ParseFile(io.BytesIO(body))
        self.assertEqual(started.count("http://www.iana.org/assignments record"), len(table))

    def test_parts(self):
        whole = self.get(FILE + ".csv")
        length = len(whole.body)
        got = b""
        for first in range(0, length, 400000):
            part = self.get(FILE + ".csv", Range=f"bytes={first}-{first + 399999}",
                            If_Range=whole.headers["ETag"])
            self.assertEqual(part.status, 206)
            got += part.body
            self.assertEqual(part.headers["Content-Range"],
                             f"bytes {first}-{len(got) - 1}/{length}")
        self.assertEqual(got, whole.body)
        part = self.get(FILE + ".csv", Range="bytes=-7")
        self.assertEqual((part.status, part.body), (206, whole.body[-7:]))
        part = self.get(FILE + ".csv", Range="bytes=5-", If_Range='"other"')
        self.assertEqual((part.status, part.body), (200, whole.body))
        part = self.get(FILE + ".csv", Range=f"bytes={length}-")
        self.assertEqual((part.status, part.headers["Content-Range"]), (416, f"bytes */{length}"))

    def test_parts_of_what_is_kept_for_the_next(self):
        path = "/api/v1/rows?search=https"
        body = self.get(path).body
        for _ in range(2):
            part = self.get(path, Range="bytes=0-9")
            self.assertEqual((part.status, part.body), (206, body[:10]))
            self.assertEqual(self.get(path).body, body)

    def test_parts_of_what_is_compressed(self):
        whole = self.get(FILE + ".csv", Accept_Encoding="gzip")
        self.assertEqual(whole.headers["Content-Encoding"], "gzip")
        part = self.get(FILE + ".csv", Accept_Encoding="gzip", Range="bytes=1000-",
                        If_Range=whole.headers["ETag"])
        self.assertEqual((part.status, part.headers["Content-Encoding"]), (206, "gzip"))
        self.assertEqual(part.body, whole.body[1000:])


RECORD = """<record><name>{0}</name><protocol>tcp</protocol><description>{0}</description>
<number>{1}</number></record>
"""


class Editions(unittest.TestCase):
    """Clients that have an edition, and are to get the next one."""

    def setUp(self):
        if missing("curl", "wget"):
            self.skipTest("no curl, or no wget")
        made = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(made.cleanup)
        self.place = pathlib.Path(made.name)
        self.publish("2026-01-05", "before")
        self.server = Server("--store", self.place / "store.db")
        self.addCleanup(self.server.stop)
        self.folder = Folder(self, self.server)

    def publish(self, date, name):
        document = self.place / "document.xml"
        # Longer than what is not worth a part of itself.
        records = "".join(RECORD.format(name, port) for port in range(1000, 1050))
        document.write_text(
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">\n'
            f"<title>Registry</title>\n<updated>{date}</updated>\n{records}</registry>\n",
            encoding="utf-8")
        done = subprocess.run([PROGRAM, "import", "--store", self.place / "store.db", document],
                              capture_output=True, text=True, env=environment(), timeout=SECONDS,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def wait_for(self, name):
        self.server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 2 * SECONDS
        while name not in self.folder.run("curl -sS $REGISTRY.csv"):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def fetched(self, *statuses):
        """Fetches in each way, which is answered with the statuses."""
        for command, status in zip(
                ("curl -sSRo date.csv -z date.csv -w '%{http_code}' $REGISTRY.csv 2>/dev/null",
                 "curl -sSo tag.csv --etag-compare tag --etag-save tag -w '%{http_code}' "
                 "$REGISTRY.csv",
                 "wget -q -S -N $REGISTRY.xml 2>&1 | sed -n 's/.*HTTP.1.1 \\([0-9]*\\) .*/\\1/p'"),
                statuses):
            self.assertEqual(self.folder.run(command).strip(), status, command)

    def test_a_new_edition_is_fetched(self):
        self.fetched("200", "200", "200")
        self.fetched("304", "304", "304")
        self.publish("2026-02-09", "afterwards")
        self.wait_for("afterwards")
        self.fetched("200", "200", "200")
        for name in ("date.csv", "tag.csv", "service-names-port-numbers.xml"):
            self.assertIn("afterwards", (self.folder.path / name).read_text(encoding="utf-8"))
        self.fetched("304", "304", "304")
        # Another document of that date is another one.
        self.publish("2026-02-09", "corrected")
        self.wait_for("corrected")
        self.fetched("200", "200", "200")
        self.fetched("304", "304", "304")

    def test_a_part_is_of_the_edition_that_it_began_with(self):
        first = self.folder.run("curl -sS -r 0-99 -D headers $REGISTRY.csv")
        tag = re.search(r"(?im)^etag: (.*?)\r?$",
                        (self.folder.path / "headers").read_text()).group(1)
        rest = f"curl -sS -r 100- -H 'If-Range: {tag}' $REGISTRY.csv"
        whole = self.folder.run("curl -sS $REGISTRY.csv")
        self.assertEqual(first + self.folder.run(rest), whole)
        self.publish("2026-02-09", "afterwards")
        self.wait_for("afterwards")
        self.assertEqual(self.folder.run(rest), self.folder.run("curl -sS $REGISTRY.csv"))

    def test_updates_another_store(self):
        """As published, byte by byte; and a program that wants the day of an edition has it."""
        published = (self.place / "document.xml").read_bytes()
        with urllib.request.urlopen(self.folder.base + FILE + ".xml", timeout=SECONDS) as answer:
            body = answer.read()
        self.assertEqual(body, published)
        updated = ET.fromstring(body).findtext("iana:updated", namespaces=NAMES)
        self.assertEqual(datetime.datetime.strptime(updated, "%Y-%m-%d").day, 5)
        for _ in range(2):
            done = subprocess.run([PROGRAM, "update", "--store", self.place / "other.db",
                                   "--url", self.folder.base + FILE + ".xml"],
                                  capture_output=True, text=True, env=environment(),
                                  timeout=SECONDS, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([PROGRAM, "--store", self.place / "other.db", "editions", "--json"],
                              capture_output=True, text=True, env=environment(), timeout=SECONDS,
                              check=True)
        self.assertEqual(len(json.loads(done.stdout)), 1)
        self.assertIn("2026-01-05", done.stdout)


if __name__ == "__main__":
    UPDATE = "--update" in sys.argv
    unittest.main(argv=[argument for argument in sys.argv if argument != "--update"])
