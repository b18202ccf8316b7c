#!/usr/bin/env python3
"""audit: on small projects of all kinds it finds what is planted there, and nothing else.

    test_corpus.py PROGRAM

Beside each project a file says what is planted: FILE:LINE NUMBER, one a line.
"""

import os
import json
import pathlib
import subprocess
import sys
import unittest

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
PROGRAM = os.path.abspath(sys.argv.pop(1))


def audit(project, *arguments):
    return subprocess.run([PROGRAM, "audit", *arguments, "."], cwd=project, text=True,
                          capture_output=True, timeout=120, check=False)


class Corpus(unittest.TestCase):
    def test_enough(self):
        self.assertGreaterEqual(len([path for path in CORPUS.iterdir() if path.is_dir()]), 40)

    def test_planted(self):
        for project in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
            with self.subTest(project.name):
                ran = audit(project, "--format", "ndjson")
                self.assertIn(ran.returncode, (0, 1), ran.stderr)
                found = [json.loads(line) for line in ran.stdout.splitlines()]
                found = sorted(f"{each['file'].removeprefix('./')}:{each['line']} {each['number']}"
                               for each in found)
                planted = (project.parent / (project.name + ".expected")).read_text()
                self.assertEqual(found, sorted(planted.splitlines()))
                self.assertEqual(ran.returncode, 1 if found else 0)

    def test_templates_are_said(self):
        self.assertIn("templates/service.yaml: skipped: it is a template",
                      audit(CORPUS / "22-helm").stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
