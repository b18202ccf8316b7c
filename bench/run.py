#!/usr/bin/env python3
"""Measures Portbook beside its peers and prints how they compare.

    run.py BUILD-FOLDER [--quick] [--data FOLDER]

Both sides of a comparison run by turns in one process or one series of processes, so that
whatever else the machine does meets both; figures are medians. Only the ratios travel to other
machines. Nothing here fails for being slow: the exit status is 0 unless something did not run.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from annotate import Annotate
from audit import Audit
from common import Failed, below, call, compare, figures, heading, line, size_text, time_text
from desk import Desk
from desk_pages import DeskPages
from history import History
from nss import Nss
from serve import Serve
from sql import Sql
from who import Who

ROOT = pathlib.Path(__file__).resolve().parent.parent

PEERS = {"getent": "libc-bin", "git": "git", "grep": "grep", "nginx": "nginx", "ss": "iproute2",
         "strip": "binutils", "tar": "tar", "wrk": "wrk", "xmllint": "libxml2-utils", "zstd": "zstd"}


class Bench(Annotate, Audit, Desk, DeskPages, History, Nss, Serve, Sql, Who):
    def __init__(self, options, folder):
        self.build = pathlib.Path(options.build).resolve()
        self.data = pathlib.Path(options.data)
        self.quick = options.quick
        self.folder = pathlib.Path(folder)
        self.program = self.build / "portbook"

    def rounds(self, count):
        return max(3, count // 20) if self.quick else count

    def spawn(self, rounds, *commands):
        """Times of whole processes by turns."""
        arguments = [self.build / "bench/spawn", self.rounds(rounds)]
        for number, command in enumerate(commands):
            arguments += ["--"] * (number > 0) + list(command)
        return figures(arguments)

    def processes(self):
        got = self.spawn(600, [self.program, "443"],
                         [shutil.which("getent"), "services", "443/tcp"])
        heading("Whole process: portbook 443", peer="getent")
        compare("start to end", got["time0"], got["time1"])
        line("peak memory", size_text(got["rss0"]), size_text(got["rss1"]))

    def lookups(self):
        got = figures([self.build / "bench/lookup", self.rounds(400), self.folder])
        heading("Look-up in memory (each)", peer="tinycdb")
        for kind, at_least in (("port", 30), ("name", 5)):
            for keys, suffix in (("shuffled", ""), ("Zipf", "_zipf")):
                ours = got[f"{kind}_query{suffix}"]
                peer = got[f"{kind}_cdb{suffix}"]
                compare(f"by {kind}, {keys} keys", ours, peer, None if suffix else at_least)
                if kind == "port":
                    compare("    the peer's keys as text, 443/tcp", ours,
                            got[f"port_text{suffix}"])
                compare("    through libportbook", got[f"{kind}{suffix}"], peer)

    def searches(self):
        got = figures([self.build / "bench/search", self.rounds(100)])
        heading("Search in memory (each)", peer="memmem")
        below("three letters and more: median", got["words"], got["words_memmem"], 5)
        compare("    the slowest tenth", got["words_p90"], got["words_memmem_p90"])
        compare("two letters: median", got["two"], got["two_memmem"])
        compare("one letter or digit: median", got["one"], got["one_memmem"])
        below("    the slowest", got["one_max"], got["one_memmem_max"], 400)
        line("regular expression: median", time_text(got["regex"]))

    def document(self):
        """The newest published document there is, else the built-in registry as one."""
        found = sorted((self.data / "editions").glob("*.xml"))
        if found:
            return found[-1]
        path = self.folder / "built-in.xml"
        call([self.program, "export", "--format", "xml", "-o", path])
        return path

    def documents(self):
        document = self.document()
        got = self.spawn(40, [self.program, "--registry", document, "export", "--format", "image",
                              "-o", self.folder / "image"],
                         [shutil.which("xmllint"), "--stream", "--noout", document])
        heading(f"XML to image: {document.name}, {size_text(document.stat().st_size)}",
                peer="xmllint")
        compare("whole process", got["time0"], got["time1"], 1)
        line("peak memory", size_text(got["rss0"]), size_text(got["rss1"]))

    def sizes(self):
        heading("Size", ours="as built", peer="stripped")
        for text, path in (("program", self.program),
                           ("library", self.build / "src/libportbook.so")):
            stripped = self.folder / "stripped"
            call(["strip", "-o", stripped, path])
            line(text, size_text(path.stat().st_size), size_text(stripped.stat().st_size))
        line("built-in image, part of both",
             size_text((self.build / "src/builtin.img").stat().st_size))


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            for row in text:
                if row.startswith("model name"):
                    return row.split(":", 1)[1].strip()
    except OSError:
        pass
    return os.uname().machine


def missing(build):
    for name, package in PEERS.items():
        if not shutil.which(name):
            yield f"{name} is missing: install {package}"
    if not pathlib.Path("/etc/services").exists():
        yield "/etc/services, which getent reads, is missing: install netbase"
    for name in ("portbook", "src/libportbook.so", "src/builtin.img", "bench/spawn",
                 "bench/lookup", "bench/search", "bench/nss", "bench/desk"):
        if not (build / name).exists():
            yield f"{build / name} is missing: ninja -C {build} bench-programs"


def main():
    parser = argparse.ArgumentParser(description="Measures Portbook beside its peers.")
    parser.add_argument("build", help="build folder with bench-programs built")
    parser.add_argument("--quick", action="store_true", help="few rounds: does it all run?")
    parser.add_argument("--data", default=os.environ.get("PORTBOOK_DATA", ROOT / "../shared/data"),
                        help="folder with published documents, editions/*.xml")
    options = parser.parse_args()
    # Where servers are, which not everybody's has.
    os.environ["PATH"] += ":/usr/sbin"
    complaints = list(missing(pathlib.Path(options.build)))
    for complaint in complaints:
        print(f"bench: {complaint}", file=sys.stderr)
    if complaints:
        return 1
    with tempfile.TemporaryDirectory(prefix="portbook-bench-") as folder:
        bench = Bench(options, folder)
        print(f"{processor()}, {os.cpu_count()} CPUs; medians of alternated rounds" +
              ("; QUICK, figures mean little" if options.quick else ""))
        for measure in (bench.processes, bench.lookups, bench.searches, bench.documents,
                        bench.sizes, bench.name_service, bench.annotate, bench.history,
                        bench.serve, bench.sql, bench.who, bench.audit,
                        bench.desk, bench.desk_pages):
            try:
                measure()
            except (Failed, KeyError) as error:
                print(f"bench: {measure.__name__}: {error}", file=sys.stderr)
                complaints.append(error)
            sys.stdout.flush()
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
