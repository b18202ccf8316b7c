#!/usr/bin/env python3
"""A test of threads and all that it asks under ThreadSanitizer: no data race.

thread_sanitizer.py COMPILER SOURCE-ROOT BUILD-ROOT TEST FOLDER...

TEST is a C file, FOLDERs those of src/ that it needs beside what every reader of images does.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

FOLDERS = ["base", "record", "image", "query", "builtin"]
# A program that runs while building, and what stands for a part of base in a module.
LEFT_OUT = {"generate.c", "quiet.c"}


def main():
    compiler, root, build, test = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
    sources = sorted(p for folder in FOLDERS + sys.argv[5:]
                     for p in (root / "src" / folder).glob("*.c") if p.name not in LEFT_OUT)
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "test_threads"
        # builtin.c names the image as seen from the build folder.
        subprocess.run([compiler, "-std=gnu17", "-O1", "-g", "-fsanitize=thread",
                        "-DPORTBOOK_VERSION=\"0\"", f"-I{root / 'src'}", f"-I{root / 'include'}",
                        f"-I{build / 'src'}", *map(str, sources),
                        str(test), "-o", str(program),
                        "-lpcre2-8", "-lpthread"], cwd=build, check=True)
        environment = dict(os.environ, TSAN_OPTIONS="halt_on_error=1")
        return subprocess.run([program], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
