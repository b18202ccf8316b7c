"""The publisher's newest edition into the store, from servers good and bad."""

import concurrent.futures
import datetime
import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from program import PROGRAM, ROOT, environment, run, run_on_terminal
from stores import SERVER, File, Schema, document, dump

sys.path.insert(0, str(ROOT / "tests" / "fetch"))
import server  # noqa: E402

ROWS = [(f"name{i}", 1000 + i, "Text", "Ann_Author") for i in range(120)]
PEOPLE = "".join(f'    <person id="P{i}"/>\n' for i in range(118))


def edition(date, rows, people=PEOPLE):
    return document(date, *rows).replace("</people>", people + "</people>").encode()


OLD = edition("2022-01-01", ROWS)
NEW = edition("2023-01-01", [*ROWS[:-1], ("name119", 1119, "Text", "Ben_Builder"),
                             ("other", 2000, "Other", "Ben_Builder")])
TOMORROW = (datetime.datetime.now(datetime.timezone.utc) +
            datetime.timedelta(days=2)).strftime("%Y-%m-%d")

DOCUMENTS = {
    "old": OLD,
    "new": NEW,
    "earlier": edition("2021-01-01", ROWS),
    "same-date": edition("2022-01-01", [*ROWS, ("other", 2000, "Other", "Ben_Builder")]),
    "fewer": edition("2023-01-01", ROWS[:84]),
    "some-fewer": edition("2023-01-01", ROWS[:114]),
    "changed": edition("2023-01-01", [(*row[:2], "Changed", row[3]) for row in ROWS[:36]] +
                       ROWS[36:]),
    "fewer-people": edition("2023-01-01", ROWS, PEOPLE[:len(PEOPLE) // 2].rpartition("    <")[0]),
    "to-come": edition(TOMORROW, ROWS),
    "cut": NEW[:-1000],
    "dateless": NEW.replace(b"  <updated>2023-01-01</updated>\n", b""),
    "other-registry": NEW.replace(b"service-names-port-numbers", b"protocol-numbers", 1),
    "page": b"<!DOCTYPE html><html><head><title>503</title></head><body>Sorry</body></html>",
    "text": b"Service temporarily unavailable\n",
    "csv": b"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
           b"Registration Date,Modification Date,Reference,Service Code,"
           b"Unauthorized Use Reported,Assignment Notes\r\nx,1,tcp,X,,,,,,,,\r\n",
    "nothing": b"",
}

# Path, what is printed, and where it is a failure, what is said.
CURRENT = r"up to date: 2022-01-01\n"
ADDED = r"2023-01-01 added: 121 rows \(120 in 2022-01-01\), 120 people \(120\); " \
        r"2 changes: 1 assigned, 1 contact\n"
SURE = [
    ("document/new", ADDED), ("gzip", ADDED), ("redirect", ADDED), ("chunked", ADDED),
    ("twice-500", ADDED),
    ("document/some-fewer", r"2023-01-01 added: 114 rows \(120 in 2022-01-01\), .*; "
                            r"6 changes: 6 de-assigned\n"),
    ("document/same-date", r"2022-01-01\.2 added: 121 rows \(120 in 2022-01-01\), .*\n"),
    ("document/old", CURRENT), ("always/old", CURRENT),
    ("document/earlier",
     r"nothing to add: edition 2021-01-01 at the publisher, 2022-01-01 in the store\n"),
]
REFUSED = [
    ("document/fewer", "refused: only 84 rows where edition 2022-01-01 has 120: more than 5 % "
                       "fewer; --force takes it"),
    ("document/changed", "refused: 36 of 120 rows are not as in edition 2022-01-01: more than "
                         "20 %; --force takes it"),
    ("document/fewer-people", r"refused: only \d+ people where the newest edition has 120: more "
                              "than 5 % fewer; --force takes it"),
    ("document/to-come", f"refused: is of {TOMORROW}, which is yet to come; --force takes it"),
]
FAILED = [
    ("stall-headers", "out of time"), ("stall-body", "out of time"),
    ("trickle", "out of time"), ("slow", "out of time"),
    ("truncate", "ended|shorter|bytes"), ("longer", "longer|bytes"), ("two-lengths", "length"),
    ("negative", "length"), ("loop", "redirects more than 5 times"), ("nowhere", "redirects"),
    ("to/file:%2F%2F%2Fetc%2Fpasswd", "redirects to what is no URL"),
    ("gzip-truncated", "."), ("garbage/gzip", "."),
    ("status/404", "answers with status 404"), ("status/503", "answers with status 503"),
    ("close", "."), ("not-http", "."),
    ("always-304", "304 .* without condition"),
    ("document/cut", r"malformed XML"),
    ("document/dateless", "does not say of which date it is"),
    ("document/other-registry", 'another registry: its id is "protocol-numbers"'),
    ("document/page", "looks like XHTML, and is not the registry's XML|not a registry"),
    ("document/csv", "looks like CSV, and is not the registry's XML"),
    ("document/text", "."), ("document/nothing", "."),
]
FLOODS = [("announced", "has more than 67108864 bytes"), ("unannounced", "more than 67108864 bytes")]


class Publisher(server.Server):
    def do_document(self, request, count, rest):
        """With an ETag, and asked for by it, not again."""
        etag = '"' + hashlib.sha256(DOCUMENTS[rest]).hexdigest() + '"'
        if f"If-None-Match: {etag}\r\n" in request:
            yield server.head("304 Not Modified", f"ETag: {etag}")
        else:
            yield server.answer(DOCUMENTS[rest], f"ETag: {etag}")

    def do_always(self, request, count, rest):
        yield server.answer(DOCUMENTS[rest])

    def do_turns(self, request, count, rest):
        """One document after the other, all with the same ETag that is asked for."""
        names = rest.split(",")
        yield server.answer(DOCUMENTS[names[min(count, len(names)) - 1]], 'ETag: "turn"')


def image_of(store):
    return pathlib.Path(str(store.place) + ".image")


class UpdateCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server.DOCUMENT = NEW  # of all behaviours
        cls.publisher = Publisher()
        cls.url = f"http://127.0.0.1:{cls.publisher.port}/"
        cls.temporary = tempfile.TemporaryDirectory(prefix="portbook-test-")
        cls.shared = pathlib.Path(cls.temporary.name)
        cls.files = {}
        for name in ("old", "new", *(path.partition("/")[2] for path, _ in REFUSED)):
            cls.files[name] = cls.shared / f"{name}.xml"
            cls.files[name].write_bytes(DOCUMENTS[name])
        # The store that each test begins with.
        cls.pristine = Schema() if SERVER else File(cls.shared)
        cls.fill(cls.pristine)

    @classmethod
    def tearDownClass(cls):
        cls.publisher.close()
        cls.temporary.cleanup()

    @classmethod
    def fill(cls, store, *names):
        ran = run("--store", store.place, "import", *(cls.files[name] for name in names or ["old"]))
        assert ran.status == 0, ran.err

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = self.fresh("store")

    def fresh(self, name):
        if SERVER:
            store = Schema()
            self.fill(store)
        else:
            store = File(self.folder, f"{name}.db")
            # With the time, by which an image belongs to its store.
            shutil.copy2(self.pristine.place, store.place)
            shutil.copy2(image_of(self.pristine), image_of(store))
        return store

    def update(self, path, *arguments, store=None, **options):
        return run("--store", (store or self.store).place, "update", "--url", self.url + path,
                   *arguments, **options)

    def assert_ran(self, ran, status, out, err=""):
        self.assertEqual(ran.status, status, ran.err)
        self.assertRegex(ran.out, re.compile(f"^(?:{out})$"))
        self.assertRegex(ran.err, re.compile(f"^(?:{err})$"))

    def verify(self, store):
        ran = run("--store", store.place, "store", "verify")
        self.assertEqual((ran.status, ran.err), (0, ""), ran.out)

    def held(self, store):
        """The names of the documents that it holds."""
        names = {hashlib.sha256(text).hexdigest(): name for name, text in DOCUMENTS.items()}
        return [names[row[0]] for row in
                store.ask("SELECT sha256 FROM editions ORDER BY edition")]

    def image(self, *names):
        """That of a store of these documents."""
        store = File(self.folder, "-".join(["image", *names]) + ".db")
        if not image_of(store).exists():
            ran = run("--store", store.place, "import", "--force",
                      *(self.files[name] for name in names))
            self.assertEqual(ran.status, 0, ran.err)
        return image_of(store).read_bytes()

    def assert_store(self, names, store=None):
        """The store verifies and holds these documents; its image is of the last."""
        store = store or self.store
        self.verify(store)
        self.assertEqual(self.held(store), names)
        if not SERVER:
            self.assertEqual(image_of(store).read_bytes(), self.image(*names))

    def assert_untouched(self, store=None):
        store = store or self.store
        self.assertEqual(dump(store), dump(self.pristine))
        self.assert_store(["old"], store)

    def run_all(self, cases, *arguments):
        """Several at a time, each with a store of its own: all that the long ones do is wait."""
        stores = [self.fresh(f"store-{i}") for i in range(len(cases))]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            return zip(cases, stores, pool.map(
                lambda case, store: self.update(case[0], *arguments, store=store), cases, stores))


class Update(UpdateCase):
    """What holds of stores in files as well as of those on a PostgreSQL server."""

    def test_what_is_taken_or_need_not_be(self):
        for (path, out), store, ran in self.run_all(SURE, "--timeout", "20"):
            with self.subTest(path):
                self.assert_ran(ran, 0, out)
                if "added" not in out:
                    self.assert_untouched(store)
                elif out == ADDED:
                    self.assert_store(["old", "new"], store)

    def test_refused(self):
        for (path, err), store, ran in self.run_all(REFUSED):
            with self.subTest(path):
                self.assert_ran(ran, 3, "", f"portbook: {self.url}{path}: {err}\n")
                self.assert_untouched(store)

    def test_forced(self):
        for (path, _), store, ran in self.run_all(REFUSED, "--force"):
            with self.subTest(path):
                self.assert_ran(ran, 0, r"\S+ added: .*\n")
                self.assert_store(["old", path.partition("/")[2]], store)

    def conditions(self, path):
        return ["If-None-Match" in request for request in self.publisher.requests["/" + path]]

    def test_asked_only_for_another_one(self):
        path = "document/new"
        self.publisher.requests.pop("/" + path, None)
        self.assert_ran(self.update(path), 0, ADDED)
        before = dump(self.store)
        self.assert_ran(self.update(path), 0, r"up to date: 2023-01-01\n")
        self.assert_ran(self.update(path, "--check"), 0, r"up to date: 2023-01-01\n")
        self.assertEqual(self.conditions(path), [False, True, True])
        self.assertEqual(dump(self.store), before)
        # Another store asks as the one that it is a copy of; other places are asked anew.
        copy = File(self.folder, "copy.db")
        self.assertEqual(run("--store", self.store.place, "store", "copy", copy.place).status, 0)
        self.assert_ran(self.update(path, store=copy), 0, r"up to date: 2023-01-01\n")
        self.assertEqual(self.conditions(path), [False, True, True, True])
        self.assert_ran(self.update("always/new"), 0, r"up to date: 2023-01-01\n")
        self.assert_ran(self.update("always/new"), 0, r"up to date: 2023-01-01\n")
        self.assertEqual(self.conditions("always/new")[-2:], [False, False])

    def test_what_was_refused_is_fetched_again(self):
        path = "turns/fewer,earlier,cut,new,new"
        for status, out, err in ((3, "", ".*refused.*\n"), (0, "nothing to add.*\n", ""),
                                 (3, "", ".*malformed.*\n"), (0, ADDED, ""),
                                 (0, r"up to date: 2023-01-01\n", "")):
            self.assert_ran(self.update(path), status, out, err)
        self.assertEqual(self.conditions(path), [False] * 4 + [True])

    def test_two_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            both = list(pool.map(lambda _: self.update("always/new"), range(2)))
        self.assertEqual([ran.status for ran in both], [0, 0], both[0].err + both[1].err)
        self.assertEqual(sorted(ran.out.split()[1] for ran in both), ["added:", "to"])
        self.assert_store(["old", "new"])


@unittest.skipIf(SERVER, "of stores in files")
class UpdateOfFile(UpdateCase):
    def assert_failed(self, cases, seconds):
        for (path, err), store, ran in self.run_all(cases, "--timeout", seconds, "--force"):
            with self.subTest(path):
                self.assert_ran(ran, 3, "", rf"portbook: {self.url}\S*: .*(?:{err}).*\n")
                self.assert_untouched(store)

    def test_failed(self):
        self.assert_failed(FAILED, "1")

    def test_floods_end_at_the_limit(self):
        self.assert_failed(FLOODS, "20")
        for path in ("/announced", "/unannounced"):
            self.assertLess(self.publisher.sent[path], 100 << 20)

    def test_no_server(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            ran = run("--store", self.store.place, "update", "--timeout", "1", "--url",
                      f"http://127.0.0.1:{bound.getsockname()[1]}/x")
        self.assert_ran(ran, 3, "", r"portbook: http://\S+: no connection: .*\n")
        self.assert_untouched()
        ran = run("--store", self.store.place, "update", "--url", "file:///etc/passwd")
        self.assert_ran(ran, 3, "", "portbook: .*not a URL of http or https\n")

    def test_wrong_usage(self):
        for arguments in (["--timeout", "0"], ["--timeout", "x"], ["--timeout", "86401"], ["word"],
                          ["--date", "2020-01-01"]):
            self.assertEqual(run("update", *arguments).status, 2)

    def test_check(self):
        would = ADDED.replace("added", "would be added", 1)
        for path, status, out, err in (
                ("document/new", 1, would, ""), ("document/old", 0, CURRENT, ""),
                ("document/earlier", 0, "nothing to add: .*\n", ""),
                ("document/fewer", 3, "", "portbook: .* refused: .*\n"),
                ("status/404", 3, "", "portbook: .*status 404\n")):
            with self.subTest(path):
                before = self.store.place.read_bytes()
                self.assert_ran(self.update(path, "--check"), status, out, err)
                self.assertEqual(self.store.place.read_bytes(), before)
        none = File(self.folder, "none.db")
        self.assert_ran(self.update("document/old", "--check", store=none), 1,
                        "2022-01-01 would be added: 120 rows, 120 people; the first edition\n")
        self.assertFalse(none.place.exists())

    def test_secrets_are_not_kept(self):
        for url in (self.url.replace("//", "//user:secret@") + "document/new",
                    self.url + "document/new?key=secret"):
            ran = run("--store", self.store.place, "update", "--url", url)
            self.assertEqual(ran.status, 0, ran.err)
            self.assertNotIn("secret", ran.out + ran.err)
        self.assertNotIn(b"secret", self.store.place.read_bytes())

    def test_an_image_that_is_missing_is_made(self):
        for path in ("document/old", "document/old"):  # as a document, and unchanged
            image_of(self.store).unlink()
            self.assert_ran(self.update(path), 0, CURRENT)
            self.assert_store(["old"])

    def test_empty_machine(self):
        home = self.folder / "home"
        home.mkdir()
        env = environment(HOME=str(home))
        for path in ("status/404", "document/page"):
            ran = run("update", "--url", self.url + path, env=env)
            self.assertEqual((ran.status, list(home.iterdir())), (3, []))
        ran = run("update", "--url", self.url + "document/new", env=env)
        self.assert_ran(ran, 0, "2023-01-01 added: 121 rows, 120 people; the first edition\n")
        self.assert_store(["new"], File(home / ".local/share/portbook"))
        self.assertEqual(run("other/tcp", env=env).status, 0)
        ran = run("update", "--url", self.url + "document/new")
        self.assert_ran(ran, 3, "", "portbook: no place for a store: .*\n")

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            child = subprocess.Popen(
                [PROGRAM, "--store", self.store.place, "update", "--url",
                 f"{self.url}stall-body/{number}"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
            while f"/stall-body/{number}" not in self.publisher.requests:
                time.sleep(0.01)
            time.sleep(0.1)
            child.send_signal(number)
            out, err = child.communicate(timeout=20)
            self.assertEqual((child.returncode, out), (-number, b""))
            self.assertEqual(err, b"portbook: interrupted; nothing was added\n")
            self.assert_untouched()

    def test_progress_on_a_terminal(self):
        ran = run_on_terminal(80, "--store", self.store.place, "update", "--url",
                              self.url + "document/new")
        self.assertEqual(ran.status, 0)
        size = len(NEW) // 1024
        self.assertRegex(ran.out, rf"\r{size} of {size} KiB *\r\r +\r2023-01-01 added: ")

    def test_certificates(self):
        subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-x509", "-days", "2",
                        "-keyout", "key", "-out", "pem", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"],
                       cwd=self.folder, check=True, capture_output=True)
        secure = Publisher(server.context(self.folder / "pem", self.folder / "key"))
        self.addCleanup(secure.close)
        url = f"https://localhost:{secure.port}/document/new"
        ran = run("--store", self.store.place, "update", "--url", url)
        self.assert_ran(ran, 3, "", "portbook: https://.*certificate.*\n")
        self.assert_untouched()
        ran = run("--store", self.store.place, "update", "--url", url,
                  env=environment(SSL_CERT_FILE=str(self.folder / "pem")))
        self.assert_ran(ran, 0, ADDED)

    def test_killed(self):
        """At any moment, the store has the old or the new edition whole, and so has its image."""
        images = {("old",): self.image("old"), ("old", "new"): self.image("old", "new")}
        began = time.monotonic()
        self.assert_ran(self.update("document/new"), 0, ADDED)
        takes = time.monotonic() - began
        for i in range(20):
            store = self.fresh(f"killed-{i}")
            child = subprocess.Popen(
                [PROGRAM, "--store", store.place, "update", "--url", self.url + "document/new"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
            time.sleep(random.uniform(0.2, 1.1) * takes)
            child.kill()
            child.wait()
            self.verify(store)
            held = self.held(store)
            self.assertIn(tuple(held), images)
            self.assertIn(image_of(store).read_bytes(), images.values())
            self.assert_ran(self.update("document/new", store=store), 0,
                            ADDED if len(held) == 1 else r"up to date: 2023-01-01\n")
            self.assert_store(["old", "new"], store)


if __name__ == "__main__":
    unittest.main()
