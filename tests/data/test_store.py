#!/usr/bin/env python3
"""All published editions in a store: in the order of time, then in any other; each comes back.

    tests/data/test_store.py PROGRAM ARCHIVE [EDITIONS]

EDITIONS: only so many of the archive.
"""

import hashlib
import io
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile

SIZE_MAX = 12_000_000

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from stores import File, dump


def portbook(*arguments):
    done = subprocess.run([sys.argv[1], *map(str, arguments)], capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


class Intake:
    """An import that is handed one document after the other."""

    def __init__(self, store):
        self.process = subprocess.Popen([sys.argv[1], "--store", store.place, "import", "-"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tar = tarfile.open(fileobj=self.process.stdin, mode="w|")

    def add(self, name, content):
        member = tarfile.TarInfo(name)
        member.size = len(content)
        self.tar.addfile(member, io.BytesIO(content))

    def end(self):
        self.tar.close()
        out = self.process.communicate()[0].decode().splitlines()
        if self.process.returncode != 0:
            sys.exit("the import failed")
        return out


def documents(archive, count):
    with subprocess.Popen(["zstd", "-dc", "--long=27", archive], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as packed:
        with tarfile.open(fileobj=packed.stdout, mode="r|") as tar:
            for member in tar:
                if member.isfile() and member.name.endswith(".xml") and count > 0:
                    yield os.path.basename(member.name), tar.extractfile(member).read()
                    count -= 1
                if count == 0:
                    break
        packed.kill()


def verify(store, wanted):
    told = portbook("--store", store.place, "store", "verify").decode()
    if told != f"{len(wanted)} editions, all as they were added\n":
        sys.exit(told)


def check(store, wanted):
    """The store is not too large; returns what it says."""
    size = store.place.stat().st_size
    print(f"{len(wanted)} editions, {size} bytes")
    if size > SIZE_MAX:
        sys.exit("the store is too large")
    return dump(store)


def main():
    archive, count = sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100000
    if not os.path.exists(archive):
        print(f"no archive of editions at {archive}")
        return 77
    seed = random.randrange(1000000)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="portbook-test-") as folder:
        first, second = File(folder, "first.db"), File(folder, "second.db")
        intake, digests = Intake(first), []
        for name, content in documents(archive, count):
            intake.add(name, content)
            digests.append(hashlib.sha256(content).hexdigest())
        labels = [line.split()[0] for line in intake.end()]
        assert len(labels) == len(digests) > 0, labels
        wanted = dict(zip(labels, digests))
        verify(first, wanted)
        told = check(first, wanted)
        # Documents of one date are numbered as they come: they come in their order.
        dates = sorted({label[:10] for label in labels})
        random.Random(seed).shuffle(dates)
        intake = Intake(second)
        for label in (label for date in dates for label in sorted(labels) if label[:10] == date):
            sequence = label if len(label) > 10 else label + ".1"
            content = portbook("--store", first.place, "--as-of", sequence, "export", "-f", "xml")
            assert hashlib.sha256(content).hexdigest() == wanted[label], label
            intake.add(label + ".xml", content)
        intake.end()
        again = check(second, wanted)
        for table, rows in told.items():
            assert again[table] == rows, f"{table}: not what they are in the other order"
    return 0


if __name__ == "__main__":
    sys.exit(main())
