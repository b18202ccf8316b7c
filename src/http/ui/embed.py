#!/usr/bin/env python3
"""Files as C strings: embed.py HEADER NAME=FILE... makes a header with an array for each."""

import sys

PLAIN = set(range(0x20, 0x7F)) - set(b'"\\?')


def literal(line):
    return '"' + "".join(chr(b) if b in PLAIN else f"\\{b:03o}" for b in line) + '"'


def main():
    header, *files = sys.argv[1:]
    with open(header, "w", encoding="ascii") as out:
        for name, path in (argument.split("=", 1) for argument in files):
            with open(path, "rb") as content:
                lines = [literal(line) for line in content]
            print(f"static const char {name}[] =", *lines, sep="\n\t", end=";\n", file=out)


main()
