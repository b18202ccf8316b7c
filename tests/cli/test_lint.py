#!/usr/bin/env python3
"""lint: what it prints of findings, where they are, and how it ends."""

import json
import subprocess
import unittest

from program import PROGRAM, ROOT, Case, environment, run

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
<title>Made up</title><updated>2024-01-02</updated>
"""

PERSON = """<people>
<person id="Ann_Author"><name>Ann Author</name><uri>mailto:ann&amp;authors.example</uri></person>
</people></registry>
"""


def record(inside, date="2020-01-02"):
    return (f'<record date="{date}"><assignee><xref type="person" data="Ann_Author"/></assignee>'
            f'<xref type="person" data="Ann_Author"/>{inside}</record>\n')


def service(name, number, transport="tcp"):
    return record(f"<name>{name}</name><protocol>{transport}</protocol>"
                  f"<description>A service</description><number>{number}</number>")


def reserved(number, transport):
    return (f"<record><protocol>{transport}</protocol><description>Reserved</description>"
            f"<number>{number}</number></record>\n")


CLEAN = HEAD + "".join((
    reserved(0, "tcp"), reserved(0, "udp"),
    service("alpha", 21), reserved(21, "udp"),
    service("beta", 22), service("beta", 22, "udp"),
    "<record><description>Unassigned</description><number>23-30</number></record>\n",
    record("<name>gamma</name><protocol>udp</protocol><description>Rays</description>"
           "<note>Defined TXT keys: None</note>"))) + PERSON


class Lint(Case):
    def lint(self, document, *arguments):
        path = self.folder / "document.xml"
        path.write_text(document, encoding="utf-8")
        return run("lint", path, *arguments)

    def said(self, ran, status, said):
        self.assertEqual((ran.status, ran.err),
                         (status, f"portbook: {self.folder}/document.xml: {said}\n"))

    def test_clean(self):
        ran = self.lint(CLEAN)
        self.said(ran, 0, "0 errors, 0 warnings, 0 notes")
        self.assertEqual(ran.out, "")
        self.assertEqual(self.lint(CLEAN, "--json").json, [])
        self.assertEqual(self.lint(CLEAN, "--format", "ndjson").out, "")

    def test_text(self):
        ran = self.lint(CLEAN.replace("<name>alpha</name>", "<name>al_pha</name>"))
        self.said(ran, 1, "1 error, 0 warnings, 0 notes")
        self.assertEqual(ran.out,
                         f"{self.folder}/document.xml:6:1: error 101: al_pha 21/tcp: service name "
                         '"al_pha" holds more than letters, digits and hyphens '
                         "[RFC 6335, section 5.1]\n")

    def test_json(self):
        broken = CLEAN.replace("mailto:ann&amp;authors.example", "tel:+1-2")
        ran = self.lint(broken, "--json")
        self.assertEqual(ran.status, 1)
        self.assertEqual(ran.json, [{
            "number": 307, "name": "person-uri-kind", "severity": "note", "line": 13, "column": 1,
            "row": None, "person": "Ann_Author", "subject": "[Ann_Author]",
            "text": 'the address "tel:+1-2" is not for e-mail',
            "section": "RFC 6335, section 8.1.1"}])
        lines = self.lint(broken, "--format", "ndjson").lines
        self.assertEqual([json.loads(line) for line in lines], ran.json)

    def test_filters(self):
        broken = CLEAN.replace("<name>alpha</name>", "<name>al_pha</name>")
        broken = broken.replace(' date="2020-01-02"', ' date="2020-01"')
        self.assertEqual({row["number"] for row in self.lint(broken, "--json").json}, {101, 404})
        self.said(self.lint(broken, "--severity", "error"), 1, "1 error, 0 warnings, 0 notes")
        self.said(self.lint(broken, "--only", "404"), 1, "0 errors, 0 warnings, 4 notes")
        self.said(self.lint(broken, "--only", "404", "--severity", "error"), 0,
                  "0 errors, 0 warnings, 0 notes")
        self.said(self.lint(broken, "--only", "404,101"), 1, "1 error, 0 warnings, 4 notes")

    def test_order(self):
        """Findings come in the order of rows, then of people, and by number for one of them."""
        broken = HEAD + service("b_", 22) + service("a_port", 21) + PERSON.replace("&amp;", "@")
        found = self.lint(broken, "--json").json
        keys = [(row["row"] is None, row["row"] or 0, row["number"]) for row in found]
        self.assertEqual(keys, sorted(keys))
        self.assertEqual(keys, [(False, 0, 101), (False, 0, 209), (False, 1, 101),
                                (False, 1, 209), (False, 1, 601), (True, 0, 308)])
        self.assertEqual([row["line"] for row in found], [4, 4, 5, 5, 5, 7])

    def test_people_before_rows(self):
        head, rest = CLEAN.replace("alpha", "al_pha").split("<record>", 1)
        rows, people = ("<record>" + rest).split("<people>")
        people = "<people>" + people.replace("</registry>", "").replace("&amp;", "@")
        found = self.lint(head + people + rows + "</registry>", "--json").json
        self.assertEqual([(row["number"], row["line"]) for row in found], [(101, 9), (308, 5)])

    def test_other_formats(self):
        broken = CLEAN.replace("<name>alpha</name>", "<name>al_pha</name>")
        path = self.folder / "document.xml"
        path.write_text(broken, encoding="utf-8")
        csv, image = self.folder / "document.csv", self.folder / "document.img"
        run("-r", path, "export", "-o", csv)
        run("-r", path, "export", "--format", "image", "-o", image)
        self.assertEqual([(row["number"], row["line"], row["column"])
                          for row in run("lint", "--json", csv).json], [(101, 4, 1)])
        self.assertEqual([(row["number"], row["line"], row["column"])
                          for row in run("lint", "--json", image).json], [(101, None, None)])

    def test_utf_16(self):
        path = self.folder / "document.xml"
        path.write_text(CLEAN.replace("alpha", "al_pha").replace("UTF-8", "UTF-16")
                        .replace("Made up", "Made up \u010a\u0a00"), encoding="utf-16")
        self.assertEqual([row["line"] for row in run("lint", "--json", path).json], [6])

    def test_standard_input(self):
        done = subprocess.run([PROGRAM, "lint", "-"], input=CLEAN.encode(), env=environment(),
                              capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"", b"portbook: standard input: 0 errors, 0 warnings, 0 notes\n"))

    def test_nothing_reaches_a_terminal(self):
        ran = self.lint(CLEAN.replace("Ann Author", "x\u009b31m"))
        self.assertNotIn("\u009b", ran.out)
        self.assertIn("warning 802", ran.out)

    def test_failures(self):
        ran = self.lint(CLEAN.replace("</registry>", ""))
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (3, "", 1))
        self.assertRegex(ran.err, r"document\.xml:\d+:\d+: malformed XML")
        self.assert_ran(run("lint", "/nonexistent/file"), 3,
                        "portbook: /nonexistent/file: cannot open: No such file or directory\n")
        with open("/dev/full", "wb") as full:
            path = self.folder / "document.xml"
            path.write_text(CLEAN.replace("alpha", "al_pha"), encoding="utf-8")
            self.assert_ran(run("lint", path, stdout=full), 3,
                            "portbook: standard output: No space left on device\n")

    def test_usage(self):
        self.assert_ran(run("lint"), 2, "portbook: lint needs FILE; portbook lint --help explains\n")
        self.assert_ran(run("lint", "x", "--only", "101,999"), 2,
                        'portbook: --only: "999" is no check; lint --explain and audit '
                        "--explain list them\n")
        self.assert_ran(run("lint", "x", "--severity", "fatal"), 2,
                        'portbook: --severity: "fatal" is none of note, warning, error\n')

    def test_documented(self):
        """docs/FINDINGS.md is what --explain prints."""
        ran = run("lint", "--explain")
        self.assert_ran(ran, 0)
        self.assertEqual(ran.out, (ROOT / "docs" / "FINDINGS.md").read_text(encoding="utf-8"))
        one = run("lint", "--explain", "--only", "203").out
        self.assertIn("## 203 range-overlap", one)
        self.assertNotIn("## 201", one)


if __name__ == "__main__":
    unittest.main()
