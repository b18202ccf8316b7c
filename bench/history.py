"""The store beside git with the same editions committed: its pack after an aggressive gc."""

import datetime
import os
import shutil
import subprocess
import time

from common import compare, heading, line, size_text

ARCHIVE = "history-320-editions.tar.zst"
FILE = "registry.xml"
NAME = "coap"


def unpack(archive, folder):
    """The editions, a file each, named by date."""
    folder.mkdir()
    with subprocess.Popen(["zstd", "-dc", "--long=27", archive], stdout=subprocess.PIPE) as zstd:
        subprocess.run(["tar", "x", "-C", folder], stdin=zstd.stdout, check=True)
    return sorted(folder.glob("**/*.xml"))


def commit(editions, folder, thorough):
    """A repository with a commit and a tag for each edition."""
    git = ["git", "-C", str(folder)]
    folder.mkdir()
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE) as stream:
        for mark, edition in enumerate(editions, 1):
            date = edition.stem
            when = int(datetime.datetime.fromisoformat(date + "T00:00:00+00:00").timestamp())
            content = edition.read_bytes()
            stream.stdin.write(
                f"commit refs/heads/main\nmark :{mark}\ncommitter Publisher <publisher@example> {when} +0000\n"
                f"data {len(date)}\n{date}\nM 644 inline {FILE}\ndata {len(content)}\n".encode())
            stream.stdin.write(content)
            stream.stdin.write(f"\nreset refs/tags/{date}\nfrom :{mark}\n\n".encode())
    subprocess.run([*git, "gc", "-q", *(["--aggressive"] if thorough else [])], check=True)
    return git


def size(folder):
    return sum(path.stat().st_size for path in folder.glob(".git/objects/pack/*"))


class History:
    """Part of a Bench: program, folder, data and spawn are its."""

    def history(self):
        archive = self.data / ARCHIVE
        if not archive.exists():
            heading("Store of editions")
            line(f"no {ARCHIVE} to measure with", "")
            return
        editions = unpack(archive, self.folder / "editions")
        store = ["--store", self.folder / "store.db"]
        began = time.monotonic()
        subprocess.run([self.program, *store, "import", self.folder / "editions"], check=True,
                       stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        git = commit(editions, self.folder / "repository", not self.quick)
        heading(f"Store of {len(editions)} editions", peer="git")
        line("import", f"{seconds:.1f} s", target="< 30 s", met=seconds < 30)
        bytes_ = os.stat(self.folder / "store.db").st_size
        line("size", size_text(bytes_), size_text(size(self.folder / "repository")),
             target="< 12 MB", met=bytes_ < 12e6)
        first, middle, late, last = (editions[len(editions) * i // 8].stem for i in (1, 4, 6, 7))
        for text, rounds, ours, theirs, at_least in (
                (f"log {NAME}, git log -S", 3, ["log", NAME],
                 ["log", "--format=%ad", f"-S<name>{NAME}</name>"], 100),
                ("look-up as of a date, git show", 20, ["--as-of", middle, "443"],
                 ["show", f"{middle}:{FILE}"], 20),
                ("a whole edition as XML, git show", 20,
                 ["--as-of", middle, "export", "--format", "xml"], ["show", f"{middle}:{FILE}"], 1),
                ("diff of two dates, git diff", 20, ["diff", first, last],
                 ["diff", first, last], 1),
                ("diff of two neighbours, git diff", 20,
                 ["diff", late, editions[len(editions) * 6 // 8 + 1].stem],
                 ["diff", late, editions[len(editions) * 6 // 8 + 1].stem], 1)):
            got = self.spawn(rounds, [self.program, *store, *ours],
                             [shutil.which("git"), *git[1:], *theirs])
            compare(text, got["time0"], got["time1"], at_least)
