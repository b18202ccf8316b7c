#!/usr/bin/env python3
"""Editions swapped under load: each answer is whole and of one edition, and never of one that is past.

PORTBOOK_SWAPS: how many times (100 unless told).
"""

import datetime
import email.utils
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from serving import PROGRAM, SECONDS, Server, Stream, environment, request

SWAPS = int(os.environ.get("PORTBOOK_SWAPS", "100"))
IMPORTS = 8
CLIENTS = 3
ROWS = 120
LARGE = 60000  # bytes of the last row: whole documents are more than is kept of answers, or copied
FIRST = datetime.date(1971, 1, 1)  # of edition 0; each is a day younger than the one before
PAGE = "/assignments/service-names-port-numbers"
DOCUMENT = f"{PAGE}/service-names-port-numbers"

# Where to ask, and how often the answer says its edition's number at least. Some answers are kept
# to be given again, some are too large for that, some are a part of the edition itself.
WHOLE = {f"{DOCUMENT}.csv": ROWS, f"{DOCUMENT}.xml": ROWS, f"{DOCUMENT}.txt": ROWS,
         f"{DOCUMENT}.json": ROWS, f"{PAGE}?page=2": ROWS - 100, f"{PAGE}?search=row-007": 1,
         "/api/v1/rows?limit=1000": ROWS, "/api/v1/rows?limit=20": 20, "/api/v1/ports/1007/tcp": 1,
         "/api/v1/services/row-007": 1, "/api/v1/people/Ann": 1, "/?q=of": 3,
         "/ports/1007": 1, "/services/row-007": 1, "/people/Ann": 1}
# These, of a store, tell of earlier editions as well.
HISTORY = {"/ports/1007": 1, "/services/row-007": 1, "/api/v1/log/row-007": 1,
           "/changes.atom": 1, "/api/v1/rows?limit=20": 20, "/api/v1/editions": 1, "/editions": 1,
           "/chart": 1}


def date_of(number):
    return FIRST + datetime.timedelta(number)


def document(number, changing=range(ROWS)):
    """An edition; the rows that change have its number."""
    records = "".join(f"""
<record><name>row-{i:03}</name><protocol>tcp</protocol><xref type="person" data="Ann"/>
<description>of-edition-{number if i in changing else 0}.{" x" * (LARGE // 2) if i == ROWS - 1 else ""}</description>
<number>{1000 + i}</number></record>""" for i in range(ROWS))
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
<title>Made up</title>
<updated>{date_of(number)}</updated>{records}
<people><person id="Ann"><name>Ann of-edition-{number}.</name></person></people>
</registry>
"""


class Client(threading.Thread):
    """Asks on until it is told to stop; failed says what was wrong."""

    def __init__(self, swapping, index, paths, past):
        super().__init__()
        self.swapping, self.paths, self.past = swapping, list(paths.items()), past
        self.index, self.failed, self.answers, self.tags = index, None, 0, {}

    def run(self):
        try:
            with self.swapping.server.connect() as connection:
                stream = Stream(connection)
                while not self.swapping.done:
                    self.ask(stream)
        except Exception as error:  # pylint: disable=broad-except
            self.failed = self.failed or repr(error)

    def ask(self, stream):
        path, count = self.paths[(self.answers * (self.index + 1)) % len(self.paths)]
        oldest = self.swapping.seen
        stream.connection.sendall(request(path))
        found = stream.response()
        assert found is not None, f"{path}: the connection was closed"
        assert found.status == 200, f"{path}: {found.status} {found.body[:200]}"
        self.check(path, count, found, oldest, self.swapping.begun)
        self.answers += 1

    def check(self, path, count, found, oldest, newest):
        """Of one edition, which was the newest at some time between question and answer."""
        modified = email.utils.parsedate_to_datetime(found["Last-Modified"]).date()
        number = (modified - FIRST).days
        assert oldest <= number <= newest, f"{path}: edition {number} of {oldest} to {newest}"
        text = found.body.decode()
        said = [int(text) for text in re.findall(r"of-edition-(\d+)\.", text)]
        dates = set(re.findall(r"\b19\d\d-\d\d-\d\d(?!\d)", text))
        if self.past:
            days = {(datetime.date.fromisoformat(date) - FIRST).days for date in dates}
            assert max(said + list(days)) == number, f"{path}: {number} has {said} {dates}"
        else:
            assert len(said) >= count, f"{path}: {len(said)} marks"
            assert set(said) == {number}, f"{path}: edition {number} has rows of {set(said)}"
            assert dates <= {str(modified)}, f"{path}: edition {modified} says {dates}"
        tag = self.tags.setdefault((path, number), found["ETag"])
        assert tag == found["ETag"], f"{path}: {number} has two tags"
        assert self.tags.get((path, number - 1)) != tag, f"{path}: {number} has its elder's tag"


class Swaps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "registry.xml"
        self.begun = self.seen = 0  # the number that is being swapped to, and the last that was seen
        self.done = False

    def write(self, number, **options):
        written = self.folder / "written.xml"
        written.write_text(document(number, **options))
        written.rename(self.file)

    def hang_up(self, stream, number):
        """Returns when the new edition was seen once, in what is never kept."""
        self.server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + SECONDS
        wanted = f'date="{date_of(number)}"'.encode()
        while True:
            stream.connection.sendall(request("/metrics"))
            if wanted in stream.response().body:
                break
            self.assertLess(time.monotonic(), end, number)
        self.seen = number

    def load(self, paths, swaps, swap, past=False):
        clients = [Client(self, index, paths, past) for index in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            with self.server.connect() as connection:
                stream = Stream(connection)
                for number in range(1, swaps + 1):
                    self.begun = number
                    swap(number)
                    self.hang_up(stream, number)
                    if any(client.failed for client in clients):
                        break
        finally:
            self.done = True
            for client in clients:
                client.join()
        self.assertEqual([client.failed for client in clients], [None] * CLIENTS)
        for client in clients:
            self.assertGreater(client.answers, len(paths))
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.server.rest, "")
        print(f"{swaps} swaps, {sum(client.answers for client in clients)} answers")

    def test_file(self):
        self.write(0)
        self.server = Server("--registry", self.file)
        self.addCleanup(self.server.stop)
        self.load(WHOLE, SWAPS, self.write)

    def test_store(self):
        store = self.folder / "store.db"

        def grow(number):
            self.write(number, changing=(7,))
            subprocess.run([PROGRAM, "import", "--store", store, self.file], check=True,
                           env=environment(), stdout=subprocess.DEVNULL, timeout=SECONDS)

        grow(0)
        self.server = Server("--store", store)
        self.addCleanup(self.server.stop)
        self.load(HISTORY, IMPORTS, grow, past=True)


if __name__ == "__main__":
    unittest.main()
