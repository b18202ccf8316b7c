#!/usr/bin/env python3
"""The whole suite: under gcc, and under clang with AddressSanitizer and UBSan; and what has threads
once more with ThreadSanitizer.

Each test is one of meson's; the last line counts them over both builds. Style checks are part of
the first build alone. Arguments are passed on to meson test (for example: --suite unit).
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

BUILDS = [
    # folder, compiler, options of meson setup, suite of tests (None: all)
    ("build-test", "gcc", ["--buildtype=debugoptimized"], None),
    ("build-sanitize", "clang", ["--buildtype=debugoptimized",
                                 "-Db_sanitize=address,undefined"], None),
    ("build-threads", "clang", ["--buildtype=debugoptimized", "-Db_sanitize=thread"], "threads"),
]


def run(command, **options):
    return subprocess.run(command, cwd=ROOT, check=False, **options).returncode


def set_up(folder, compiler, options, suite):
    if not (ROOT / folder / "build.ninja").exists():
        print(f"== {folder}: setting up with {compiler}", flush=True)
        environment = dict(os.environ, CC=compiler,
                           CXX={"gcc": "g++", "clang": "clang++"}[compiler])
        if run(["meson", "setup", folder, *options], env=environment,
               stdout=subprocess.DEVNULL) != 0:
            return False
    # Of a suite meson test builds what it needs.
    if suite:
        return True
    print(f"== {folder}: building", flush=True)
    return run(["ninja", "-C", folder, "--quiet"]) == 0


def results(folder):
    """The outcome of each test as meson logged it."""
    log = ROOT / folder / "meson-logs" / "testlog.json"
    with open(log, encoding="utf-8") as lines:
        return [(test["name"], test["result"]) for test in map(json.loads, lines)]


def test(folder, suite, arguments):
    environment = dict(os.environ)
    environment.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0")
    environment.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    log = ROOT / folder / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    print(f"== {folder}: testing", flush=True)
    run(["meson", "test", "-C", folder, *(["--suite", suite] if suite else ["--no-rebuild"]),
         "--print-errorlogs", "--quiet", *arguments], env=environment)
    return results(folder) if log.exists() else []


def main():
    passed = failed = skipped = 0
    for folder, compiler, options, suite in BUILDS:
        outcomes = []
        if set_up(folder, compiler, options, suite):
            outcomes = test(folder, suite, sys.argv[1:])
        if not outcomes:
            print(f"{folder}: the build, or the run of its tests, failed")
            failed += 1
        for name, result in outcomes:
            if result in ("OK", "EXPECTEDFAIL"):
                passed += 1
            elif result == "SKIP":
                skipped += 1
                print(f"{folder}: {name} was skipped; its log says why (most often: no real editions "
                      "in ../shared/data)")
            else:
                failed += 1
                print(f"{folder}: {name}: {result}")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
