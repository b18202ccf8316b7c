"""Nothing is lost: imports that are killed, that come two at once, that find no space or no access,
whose store or server goes away; and readers meanwhile.

PORTBOOK_KILLS says how often an import is killed: 200 in `make soak`, which then does it with
published documents as well, where they are. PORTBOOK_SEED has the same moments chosen again.
"""

import hashlib
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import tarfile
import threading
import time
import unittest

from program import DATA, PROGRAM, environment, run
from stores import SERVER, File, Schema, StoreCase, document, postgres

KILLS = int(os.environ.get("PORTBOOK_KILLS", "10" if SERVER else "25"))
ARCHIVE = DATA / "history-320-editions.tar.zst"
SEED = os.environ.get("PORTBOOK_SEED", str(time.time_ns() % 1000000))

# Some batches of an import.
EDITIONS = 80


def edition(i, size=40):
    """All rows of an edition say which one they are of."""
    date = f"{2000 + i // 12}-{i % 12 + 1:02}-01"
    rows = [(f"name{k}", 1000 + k, f"Of {date}" if k % 4 == 0 else f"Text {k}", "Ann_Author")
            for k in range(i % 7, size)]
    return date, document(date, *rows)


class KillCase(StoreCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.files = self.path / "files"
        self.files.mkdir()
        self.digests = {}
        for i in range(EDITIONS):
            date, text = edition(i)
            self.write(f"files/{date}.xml", text)
            self.digests[date] = hashlib.sha256(text.encode()).hexdigest()

    def start(self, *arguments, stdin=subprocess.DEVNULL, **options):
        command = [PROGRAM, "--store", str(self.store.place), *map(str, arguments)]
        return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=environment(), **options)

    def end(self, process):
        """The editions that it acknowledged, and what it said."""
        out, err = process.communicate(timeout=120)
        return {line.split()[0] for line in out.splitlines()}, err

    def held(self):
        ran = self.portbook("editions", "--json")
        self.assertIn(ran.status, (0, 1), ran.err)
        return {edition["edition"]: edition["sha256"] for edition in ran.json}

    def check(self, acknowledged):
        """The store is whole and has all that was acknowledged, as it was; returns what it has."""
        ran = self.portbook("store", "verify")
        self.assert_ran(ran, 0)
        held = self.held()
        self.assertLessEqual(acknowledged, set(held))
        for label, digest in held.items():
            self.assertEqual(digest, self.digests[label])
        if held:
            newest = max(held)
            ran = self.portbook("export", "--format", "xml")
            self.assertEqual(hashlib.sha256(ran.out.encode()).hexdigest(), held[newest])
            self.assertEqual(self.portbook("list", "--json").out,
                             self.portbook("--as-of", newest, "list", "--json").out)
        return held

    def complete(self, *sources):
        """Another import adds what is missing."""
        self.assert_ran(self.portbook("import", *(sources or (self.files,))), 0)
        self.assertEqual(self.check(set()), self.digests)


class Killed(KillCase):
    def is_writing(self):
        """Whether a transaction is being committed: then there is a journal."""
        return not SERVER and pathlib.Path(f"{self.store.place}-journal").exists()

    def kill(self, process, seconds):
        """After that time, or within a few milliseconds of the first journal after it."""
        wait_for_journal = not SERVER and self.random.random() < 0.5
        time.sleep(seconds)
        while wait_for_journal and process.poll() is None and not self.is_writing():
            pass
        if wait_for_journal:
            time.sleep(self.random.random() * 0.004)
        process.kill()

    def kill_often(self, kills, *sources):
        began = time.monotonic()
        self.complete(*sources)
        whole = time.monotonic() - began
        held, partial = self.digests, 0
        for i in range(kills):
            with self.subTest(seed=SEED, kill=i):
                if len(held) == len(self.digests):
                    self.store.drop()
                    held = {}
                process = self.start("import", *sources)
                self.kill(process, self.random.random() * whole)
                acknowledged, _ = self.end(process)
                if not held and not acknowledged and self.portbook("editions").status == 3:
                    continue  # it did not come to make one
                self.assertLessEqual(set(held), set(self.held()))
                held = self.check(acknowledged)
                partial += 0 < len(held) < len(self.digests)
                if i % 5 == 0:
                    self.complete(*sources)
                    held = self.digests
        self.complete(*sources)
        return partial

    def test_kill(self):
        partial = self.kill_often(KILLS, self.files)
        self.assertGreater(partial, 0)

    @unittest.skipUnless("PORTBOOK_KILLS" in os.environ and ARCHIVE.exists(),
                         "for PORTBOOK_KILLS, with the archive of published editions")
    def test_kill_with_real_documents(self):
        shutil.rmtree(self.files)
        self.files.mkdir()
        self.digests = {}
        with subprocess.Popen(["zstd", "-dc", "--long=27", str(ARCHIVE)],
                              stdout=subprocess.PIPE) as packed:
            with tarfile.open(fileobj=packed.stdout, mode="r|") as tar:
                for member in tar:
                    content = tar.extractfile(member).read() if member.isfile() else b""
                    name = pathlib.Path(member.name).name
                    if name.endswith(".xml"):
                        (self.files / name).write_bytes(content)
                        updated = content.split(b"<updated>", 1)[1][:10].decode()
                        self.digests[updated] = hashlib.sha256(content).hexdigest()
                    if len(self.digests) == 12:
                        break
            packed.kill()
        self.kill_often(KILLS // 4, self.files)


class Together(KillCase):
    def test_two_imports_of_the_same(self):
        processes = [self.start("import", self.files) for _ in range(2)]
        for process in processes:
            acknowledged, err = self.end(process)
            self.assertEqual((process.returncode, err), (0, ""))
            self.assertEqual(acknowledged, set(self.digests))
        self.assertEqual(self.check(set()), self.digests)

    def test_two_imports_of_others(self):
        paths = sorted(self.files.iterdir())
        processes = [self.start("import", *paths[i::2]) for i in range(2)]
        for i, process in enumerate(processes):
            acknowledged, err = self.end(process)
            self.assertEqual((process.returncode, err), (0, ""))
            self.assertEqual(acknowledged, {path.stem for path in paths[i::2]})
        self.assertEqual(self.check(set()), self.digests)

    def test_readers_meanwhile(self):
        """Each sees one edition, whole."""
        paths = sorted(self.files.iterdir())
        self.add(paths[0])
        known = {}
        for path in paths:
            with self.subTest(path):
                ran = run("--registry", path, "list", "--json")
                known[ran.out] = path.stem
        seen, wrong = [], []
        process = self.start("import", *paths)

        def read():
            last = ""
            while process.poll() is None:
                ran = self.portbook("list", "--json")
                date = known.get(ran.out)
                if ran.status != 0 or date is None or date < last:
                    wrong.append((ran.status, ran.err, ran.out[:200], last))
                last = date or last
                seen.append(date)
                ran = self.portbook("--as-of", paths[0].stem, "list", "--json")
                if known.get(ran.out) != paths[0].stem:
                    wrong.append((ran.status, ran.err, ran.out[:200]))

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        _, err = self.end(process)
        for reader in readers:
            reader.join()
        self.assertEqual((process.returncode, err, wrong), (0, "", []))
        self.assertGreater(len(seen), 0)
        self.assertEqual(self.check(set()), self.digests)


class Server(KillCase):
    """The server goes away and comes back."""

    def test_server_killed(self):
        with postgres.Server() as server:
            self.store = Schema(server.url)
            for _ in range(3):
                process = self.start("import", self.files)
                time.sleep(0.1 + self.random.random() * 0.5)
                server.kill()
                acknowledged, err = self.end(process)
                if process.returncode != 0:
                    self.assertEqual((process.returncode, len(err.splitlines())), (3, 1), err)
                ran = self.portbook("editions")
                self.assertEqual((ran.status, len(ran.err.splitlines())), (3, 1))
                server.start()
                if self.store.ask("SELECT tablename FROM pg_tables WHERE schemaname = "
                                  "current_schema()"):
                    self.check(acknowledged)
                else:
                    self.assertEqual(acknowledged, set())
            self.complete()


class Files(KillCase):
    """What a file system may refuse."""

    def assert_refused(self, process, *words):
        acknowledged, err = self.end(process)
        self.assertEqual((process.returncode, len(err.splitlines())), (3, 1), err)
        for word in words:
            self.assertIn(word, err)
        return acknowledged

    def test_no_space(self):
        """As a limit of files' sizes has it, at any size on the way."""
        self.complete()
        size = self.store.place.stat().st_size
        for limit in range(4096, size, size // 8):
            with self.subTest(limit):
                self.store.drop()
                process = self.start(
                    "import", self.files,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
                acknowledged = self.assert_refused(process, "cannot write")
                if self.portbook("editions").status != 3:
                    self.check(acknowledged)
                self.complete()

    def nobody(self):
        """Who has no access to the store; the program is where they find it."""
        if os.geteuid() != 0:
            return {}
        program = shutil.copy(PROGRAM, self.path / "portbook")
        os.chown(self.path, 65534, 65534)
        for path in (self.store.place, self.files, *self.files.iterdir()):
            os.chown(path, 65534, 65534)
        return {"user": 65534, "group": 65534, "extra_groups": [], "executable": program}

    def test_no_access(self):
        first, *rest = sorted(self.files.iterdir())
        self.add(first)
        who = self.nobody()
        for path, mode in ((self.path, 0o555), (self.store.place, 0o444)):
            before = path.stat().st_mode
            path.chmod(mode)
            acknowledged = self.assert_refused(self.start("import", *rest, **who), "cannot write")
            self.assertEqual(acknowledged, set())
            # It can be read.
            process = self.start("--as-of", first.stem, "name4", **who)
            self.end(process)
            self.assertEqual(process.returncode, 0)
            path.chmod(before)
            self.assertEqual(set(self.check(set())), {first.stem})
        self.complete()

    def test_store_removed(self):
        """What is told as added is there, or it is said that it is not."""
        reading, writing = os.pipe()
        process = self.start("import", self.files, "-", stdin=reading)
        os.close(reading)
        while not self.store.place.exists() or not self.store.place.stat().st_size:
            time.sleep(0.001)
        self.store.drop()
        os.close(writing)
        self.assert_refused(process, "moved or removed")
        self.complete()


if SERVER:
    del Files
else:
    del Server

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    unittest.main()
