#!/usr/bin/env python3
"""What the module shows of itself, and what it needs of the C library. Argument: the module."""

import pathlib
import re
import subprocess
import sys
import unittest

MODULE = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# No stdio, memory, locks, network, environment or log among them. qsort is for more names of one
# port than the module ever has.
NEEDED = {
    "__errno_location", "open", "openat", "fstat", "mmap", "munmap", "close", "memchr", "memcmp",
    "memcpy", "memmem", "memmove", "memset", "bcmp", "qsort", "strlen", "__stack_chk_fail",
    # Of every shared library.
    "__cxa_finalize", "__gmon_start__", "_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable",
}


def symbols(*options):
    lines = subprocess.run(["nm", "-D", *options, MODULE], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return {re.sub("64$", "", line.split()[-1].split("@")[0]) for line in lines}


def dynamic(tag):
    lines = subprocess.run(["readelf", "-d", "-W", MODULE], capture_output=True, text=True,
                           check=True).stdout
    return re.findall(rf"\({tag}\).*\[(.*)\]", lines)


class Module(unittest.TestCase):
    def test_what_it_shows(self):
        mapped = set(re.findall(r"^\t(\w+);", (ROOT / "src/nss/nss.map").read_text(), re.M))
        self.assertEqual(symbols("--defined-only"), mapped)
        self.assertEqual({name for name in mapped if not name.startswith("_nss_portbook_")}, set())
        self.assertEqual(len(mapped), 5)

    def test_what_it_needs(self):
        self.assertEqual(symbols("--undefined-only") - NEEDED, set())

    def test_names_of_the_file(self):
        self.assertEqual(dynamic("SONAME"), ["libnss_portbook.so.2"])
        self.assertEqual(dynamic("NEEDED"), ["libc.so.6"])

    def test_man_page_is_well_formed(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                               ROOT / "man/libnss_portbook.8"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
