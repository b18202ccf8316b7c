#!/usr/bin/env python3
"""Compares published editions, exported as plain text, with the text that was published.

Usage: test_text_output.py PORTBOOK SOURCE_ROOT. The editions are real data that is not part of the
project: from $PORTBOOK_DATA, else shared/data beside the source root; skipped without.
"""
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

# Lines that differ, of each edition: its page had no list of sections yet (docs/SOURCES.md).
DIFFER = {"2024-11-19": 5}


def export(program, path):
    return subprocess.run([program, "-r", str(path), "export", "--format", "text"], check=True,
                          stdout=subprocess.PIPE, timeout=120).stdout


def difference(ours, published):
    """Lines of either that the other does not have, in order, each with its sign."""
    start = 0
    while start < min(len(ours), len(published)) and ours[start] == published[start]:
        start += 1
    end = 0
    while (end < min(len(ours), len(published)) - start and
           ours[-1 - end] == published[-1 - end]):
        end += 1
    return [x for x in difflib.ndiff(ours[start:len(ours) - end],
                                     published[start:len(published) - end]) if x[0] in "+-"]


def main():
    program, source_root = sys.argv[1:]
    data = os.environ.get("PORTBOOK_DATA") or pathlib.Path(source_root, "../shared/data")
    paths = [x for x in sorted(pathlib.Path(data).glob("editions/*.txt"))
             if x.with_suffix(".xml").exists()]
    if not paths:
        print("SKIP: no published editions as text and XML at hand (PORTBOOK_DATA)")
        return 77
    failed = False
    for path in paths:
        ours = export(program, path.with_suffix(".xml"))
        published = path.read_bytes().decode().split("\n")
        differ = difference(ours.decode().split("\n"), published)
        lost = sum(x[0] == "+" for x in differ)
        print(f"{path.stem}: {1 - lost / len(published):.4%} of {len(published) - 1} published "
              f"lines, {len(differ) - lost} more")
        if len(differ) > DIFFER.get(path.stem, 0):
            print("\n".join(differ[:20]), file=sys.stderr)
            failed = True
        with tempfile.NamedTemporaryFile(suffix=".txt") as copy:
            copy.write(ours)
            copy.flush()
            if export(program, copy.name) != ours or export(program, path) != ours:
                print(f"{path.stem}: its text, read, gives another text", file=sys.stderr)
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
