#!/usr/bin/env python3
"""What a machine can hold of the project's conventions (docs/CODING.md)."""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

FUNCTION_MAX = 100
FILE_MAX = 1000
COLUMNS_MAX = 100

# Functions that the product does not call: unbounded, dependent on the locale, or too lenient.
BANNED = re.compile(
    r"\b(sprintf|vsprintf|strcpy|strcat|strncpy|strncat|strtok|gets|scanf|sscanf|atoi|atol|atof|"
    r"strtol|strtoul|strtoll|strtoull|isalpha|isdigit|isalnum|isspace|isupper|islower|toupper|"
    r"tolower|getservbyname|getservbyport|getaddrinfo|setlocale|alloca|system|tmpnam|mktemp)\s*\(")

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                               re.S)


def blank(match):
    """The same number of lines, and nothing to find in them."""
    return re.sub(r"[^\n]", " ", match.group())


def functions(code):
    """(line, length) of each function: bodies open and close in the first column."""
    start = None
    for number, line in enumerate(code.split("\n"), 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start - 1
            start = None


def check_c(path, text):
    code = COMMENT_OR_STRING.sub(blank, text)
    product = path.parts[len(ROOT.parts)] in ("src", "include")
    lines = text.split("\n")
    if len(lines) > FILE_MAX:
        yield 1, f"{len(lines)} lines; at most {FILE_MAX}"
    for number, line in enumerate(lines, 1):
        if len(line.expandtabs(8)) > COLUMNS_MAX and "http" not in line:
            yield number, f"more than {COLUMNS_MAX} columns"
        if line != line.rstrip():
            yield number, "blanks at the end"
    for start, length in functions(code):
        if length > FUNCTION_MAX:
            yield start, f"a function of {length} lines; at most {FUNCTION_MAX}"
    if product:
        for match in BANNED.finditer(code):
            yield code.count("\n", 0, match.start()) + 1, f"{match.group(1)}() is not used here"


def check_header(path, text):
    if path.suffix == ".h" and "#ifndef PORTBOOK_" not in text:
        yield 1, "no include guard named PORTBOOK_..."


def check_format(paths):
    if not shutil.which("clang-format"):
        yield "clang-format is missing"
        return
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, paths)],
                          capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        if ": error:" in line:
            yield line.replace(str(ROOT) + "/", "")


def tracked(patterns):
    """The project's own files; where it is no checkout, all of them outside of build folders."""
    try:
        done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
                              cwd=ROOT, capture_output=True, text=True, check=True)
        names = done.stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        names = [str(p.relative_to(ROOT)) for pattern in patterns for p in ROOT.rglob(pattern)
                 if not p.relative_to(ROOT).parts[0].startswith("build")]
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())


def main():
    found = 0
    paths = tracked(["*.c", "*.h"])
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for check in (check_c, check_header):
            for line, complaint in check(path, text):
                print(f"{path.relative_to(ROOT)}:{line}: {complaint}")
                found += 1
    for complaint in check_format(paths):
        print(complaint)
        found += 1
    print(f"{len(paths)} files, {found} complaints")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
