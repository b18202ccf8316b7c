#!/usr/bin/env python3
"""What libportbook shows the world, told alike by library, version script, header and man pages.

test_interface.py LIBRARY
"""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEADER = (ROOT / "include/portbook/portbook.h").read_text(encoding="utf-8")
MAP = (ROOT / "src/lib/portbook.map").read_text(encoding="utf-8")
PAGE = (ROOT / "man/portbook.3").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/LIBRARY.md").read_text(encoding="utf-8")
IMAGE_PAGE = (ROOT / "man/portbook-image.5").read_text(encoding="utf-8")
FORMAT = (ROOT / "src/image/format.h").read_text(encoding="utf-8")
SIZES = (ROOT / "src/image/image.c").read_text(encoding="utf-8")
LIBRARY = sys.argv.pop() if len(sys.argv) > 1 else None

NODE = "PORTBOOK_1.0"

# What would print, log, end the process, look at its environment or keep state of it.
FORBIDDEN = {
    "printf", "vprintf", "fprintf", "vfprintf", "dprintf", "vdprintf", "puts", "fputs", "putchar",
    "fputc", "putc", "fwrite", "write", "writev", "perror", "psignal", "syslog", "vsyslog",
    "openlog", "stdin", "stdout", "stderr", "err", "errx", "warn", "warnx", "error", "exit",
    "_exit", "_Exit", "quick_exit", "abort", "atexit", "raise", "kill", "signal", "sigaction",
    "getenv", "secure_getenv", "setenv", "putenv", "environ", "setlocale", "umask", "chdir",
    "strtok", "localtime", "gmtime", "rand", "random", "getservbyname", "getservbyport",
    "__printf_chk", "__fprintf_chk", "__vfprintf_chk", "fork", "system", "popen", "dlopen",
    "pthread_create",
}


def symbols(*options):
    """Lines of nm as (type, name)."""
    lines = subprocess.run(["nm", "-D", *options, LIBRARY], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return [tuple(line.split()[-2:]) for line in lines]


def dynamic(tag):
    """Values of a tag of the dynamic section."""
    lines = subprocess.run(["readelf", "-d", "-W", LIBRARY], capture_output=True, text=True,
                           check=True).stdout
    return re.findall(rf"\({tag}\).*\[(.*)\]", lines)


def plain(declaration):
    """Without what is laid out in one way or another."""
    text = re.sub(r"\s+", " ", declaration).strip()
    return re.sub(r"\s*([*(),])\s*", r"\1", text)


def declared():
    """The header's functions: name -> declaration."""
    code = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.S)
    found = re.findall(r"^PORTBOOK_API\s+([^;]+?)(?:\s+PORTBOOK_MUST_USE)?;", code, re.M)
    return {re.search(r"(portbook_\w+)\(", text).group(1): plain(text) for text in found}


def documented():
    """The functions of the man page's synopsis: name -> declaration."""
    synopsis = re.search(r"^\.Sh SYNOPSIS\n(.*?)^\.Sh ", PAGE, re.M | re.S).group(1)
    found, result, name, arguments = {}, None, None, []
    for line in synopsis.splitlines():
        macro, _, rest = line.partition(" ")
        words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', rest)]
        if macro == ".Ft":
            result = words[0]
        elif macro == ".Fo":
            name, arguments = words[0], []
        elif macro == ".Fa":
            arguments.append(words[0])
        elif macro == ".Fn":
            found[words[0]] = plain(f"{result} {words[0]}({','.join(words[1:])})")
        elif macro == ".Fc":
            found[name] = plain(f"{result} {name}({','.join(arguments)})")
    return found


def enumerators(text):
    return set(re.findall(r"^\t(PORTBOOK_\w+) = -?\d+,", text, re.M))


class Symbols(unittest.TestCase):
    def test_exactly_the_map(self):
        mapped = set(re.findall(r"^\t(\w+);", MAP, re.M))
        names = [name for kind, name in symbols("--defined-only") if kind != "A"]
        self.assertEqual(sorted(names), sorted(f"{name}@@{NODE}" for name in mapped))
        self.assertTrue(all(name.startswith("portbook_") for name in mapped))

    def test_exactly_the_header(self):
        self.assertEqual(set(declared()), set(re.findall(r"^\t(\w+);", MAP, re.M)))

    def test_all_are_functions(self):
        kinds = {kind for kind, name in symbols("--defined-only") if name != NODE}
        self.assertEqual(kinds, {"T"})

    def test_nothing_forbidden_is_called(self):
        called = {name.split("@")[0] for _, name in symbols("--undefined-only")}
        self.assertIn("calloc", called)
        self.assertEqual(called & FORBIDDEN, set())

    def test_names_of_the_file(self):
        self.assertEqual(dynamic("SONAME"), ["libportbook.so.1"])
        self.assertEqual(dynamic("NEEDED"), ["libc.so.6"])


class Documents(unittest.TestCase):
    def test_man_page_declares_what_the_header_does(self):
        self.assertEqual(documented(), declared())

    def test_man_page_names_every_function(self):
        self.assertEqual(sorted(re.findall(r"^\.Nm (portbook_\w+)", PAGE, re.M)),
                         sorted(declared()))

    def test_man_page_describes_every_function(self):
        rest = re.split(r"^\.Sh DESCRIPTION", PAGE, flags=re.M)[1]
        self.assertEqual(set(re.findall(r"^\.Fn (portbook_\w+)", rest, re.M)), set(declared()))

    def test_man_page_names_every_enumerator(self):
        self.assertEqual(set(re.findall(r"PORTBOOK_[A-Z_]+[A-Z]", PAGE)), enumerators(HEADER))

    def test_guide_names_what_there_is(self):
        self.assertLessEqual(set(re.findall(r"(portbook_\w+)\(", GUIDE)), set(declared()))
        left_out = set(declared()) - set(re.findall(r"(portbook_\w+)\(", GUIDE))
        self.assertEqual(left_out, {"portbook_version"})

    def test_man_pages_are_well_formed(self):
        for page in ("man/portbook.3", "man/portbook-image.5"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", ROOT / page],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.stdout, "", page)

    def test_sections_of_the_image(self):
        kinds = re.search(r"enum image_section_kind \{(.*?)\}", FORMAT, re.S).group(1)
        names = re.findall(r"IMAGE_(\w+),", kinds)
        self.assertEqual(names.pop(), "SECTION_COUNT")
        sizes = dict(re.findall(r"\[IMAGE_(\w+)\] = (\d+)", SIZES))
        told = re.findall(r"^\.It (\d+) (\w+) , No records of (\d+)(?: or \d)? byte", IMAGE_PAGE, re.M)
        self.assertEqual(told, [(str(i), name, sizes[name]) for i, name in enumerate(names)])
        self.assertIn(f"at least {len(names)}\n", IMAGE_PAGE)

    def test_numbers_of_the_image(self):
        values = dict(re.findall(r"\b(IMAGE_(?:VERSION|PAGE)) = (\d+)", FORMAT))
        page = " ".join(IMAGE_PAGE.split())
        self.assertIn(f"format version: {values['IMAGE_VERSION']} ", page)
        self.assertIn(f"for each {values['IMAGE_PAGE']} ports of each transport", page)
        self.assertEqual(set(re.findall(r"0x[0-9a-f]{16}", FORMAT)),
                         set(re.findall(r"0x[0-9a-f]{16}", page)))
        self.assertIn("0x", page)


if __name__ == "__main__":
    unittest.main()
