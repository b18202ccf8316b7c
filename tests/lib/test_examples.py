#!/usr/bin/env python3
"""The examples of docs/LIBRARY.md: each compiles with both compilers and prints what it says.

test_examples.py BUILD-ROOT

Blocks of a document are taken in their order. ```xml is written to the file named last before it;
```sh is run; ```c is compiled and run, and is example.c to what follows; ```text is what the one
before it prints.
"""

import pathlib
import re
import sys
import tempfile

from installed import C_COMPILERS, Installed

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "LIBRARY.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"`([\w-]+\.xml)`")


def run_example(installed, folder, source):
    """What the program prints, the same with each compiler."""
    (folder / "example.c").write_text(source, encoding="utf-8")
    printed = set()
    for compiler in C_COMPILERS:
        installed.compile(compiler, "example.c", "example", folder)
        printed.add(installed.run(["./example"], folder))
    if len(printed) != 1:
        raise RuntimeError(f"it depends on the compiler: {printed}")
    return printed.pop()


def check(installed, folder, text):
    """Runs all blocks; returns how many programs were run, and complaints."""
    programs, complaints, printed = 0, [], None
    for block in BLOCK.finditer(text):
        kind, content = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        try:
            if kind == "xml":
                name = FILE.findall(text[:block.start()])[-1]
                (folder / name).write_text(content, encoding="utf-8")
            elif kind == "sh":
                printed = installed.run(["sh", "-e", "-c", content], folder)
            elif kind == "c":
                programs += 1
                printed = run_example(installed, folder, content)
            elif kind == "text":
                if printed != content:
                    complaints.append(f"{line}: printed is:\n{printed}")
                printed = None
            else:
                complaints.append(f"{line}: a block of no known kind: {kind}")
        except RuntimeError as error:
            complaints.append(f"{line}: {error}")
    return programs, complaints


def main():
    text = DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        installed = Installed(sys.argv[1], folder)
        programs, complaints = check(installed, folder, text)
    for complaint in complaints:
        print(f"docs/LIBRARY.md:{complaint}")
    if programs != text.count("\n```text\n") or programs < 10:
        complaints.append(None)
        print(f"{programs} programs, {text.count(chr(10) + '```text')} outputs")
    print(f"{programs} examples, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
