#!/usr/bin/env python3
"""test_threads.c and all of the library under ThreadSanitizer: no data race.

thread_sanitizer.py COMPILER SOURCE-ROOT BUILD-ROOT
"""

import os
import pathlib
import subprocess
import sys
import tempfile

FOLDERS = ["base", "record", "image", "query", "builtin", "lib"]


def main():
    compiler, root, build = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
    sources = sorted(p for folder in FOLDERS for p in (root / "src" / folder).glob("*.c")
                     if p.name != "generate.c")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "test_threads"
        # builtin.c names the image as seen from the build folder.
        subprocess.run([compiler, "-std=gnu17", "-O1", "-g", "-fsanitize=thread",
                        "-DPORTBOOK_VERSION=\"0\"", f"-I{root / 'src'}", f"-I{root / 'include'}",
                        f"-I{build / 'src'}", *map(str, sources),
                        str(root / "tests" / "lib" / "test_threads.c"), "-o", str(program),
                        "-lpcre2-8", "-lpthread"], cwd=build, check=True)
        environment = dict(os.environ, TSAN_OPTIONS="halt_on_error=1")
        return subprocess.run([program], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
