#!/usr/bin/env python3
"""diff: what it prints of two editions, in each format, and how it ends."""

import json
import pathlib
import tempfile
import unittest

from program import Case, run

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
<title>{title}</title><updated>{date}</updated>
"""

BEFORE = HEAD.format(title="Old", date="2024-01-02") + """
<record><name>alpha</name><protocol>tcp</protocol><xref type="person" data="Ann"/>
<description>Alpha</description><number>21</number></record>
<record><description>Unassigned</description><number>22-30</number></record>
<people><person id="Ann"><name>Ann Author</name></person></people></registry>
"""

AFTER = HEAD.format(title="Old", date="2024-02-03") + """
<record><name>alpha</name><protocol>tcp</protocol><xref type="person" data="Bob"/>
<description>Alpha</description><number>21</number></record>
<record><name>beta</name><protocol>udp</protocol><xref type="person" data="Bob"/>
<description>Beta <xref type="text">x</xref> *y*</description><number>22</number></record>
<record><description>Unassigned</description><number>23-30</number></record>
<people><person id="Bob"><name>Bob Builder</name></person></people></registry>
"""


class Diff(Case):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.paths = []
        for name, text in ("old.xml", BEFORE), ("new.xml", AFTER):
            path = pathlib.Path(self.folder.name, name)
            path.write_text(text, encoding="utf-8")
            self.paths.append(str(path))

    def diff(self, *arguments, status=1):
        ran = run("diff", *arguments, *self.paths)
        self.assert_ran(ran, status)
        return ran.out

    def test_table(self):
        self.assertEqual([line.split(None, 1) for line in self.diff().splitlines()], [
            ["Change", "What" + " " * 38 + "Description"],
            ["contact", "alpha 21/tcp: contact [Ann] is now [Bob]"],
            ["assigned", "beta 22/udp assigned (from Unassigned 22-30)  Beta [x] *y*"],
            ["person-added", "[Bob] added"],
            ["person-removed", "[Ann] removed"],
        ])

    def test_json(self):
        changes = json.loads(self.diff("--json"))
        self.assertEqual([change["kind"] for change in changes],
                         ["contact", "assigned", "person-added", "person-removed"])
        for change in changes:
            self.assertEqual(list(change), ["kind", "summary", "before", "after", "columns",
                                            "from", "into", "old", "new"])
        contact, assigned, added, removed = changes
        self.assertEqual(contact["columns"], [
            {"column": "assignee", "before": "[Ann]", "after": "[Bob]"},
            {"column": "contact", "before": "[Ann]", "after": "[Bob]"}])
        self.assertEqual([row["name"] for row in assigned["after"]], ["beta", None])
        self.assertEqual([row["last_port"] for row in assigned["before"]], [30])
        self.assertEqual(assigned["from"], assigned["before"][0])
        self.assertIsNone(assigned["into"])
        self.assertEqual((added["old"], added["new"]["name"]), (None, "Bob Builder"))
        self.assertEqual((removed["old"]["id"], removed["new"]), ("Ann", None))
        lines = self.diff("--format", "ndjson").splitlines()
        self.assertEqual([json.loads(line) for line in lines], changes)

    def test_unified(self):
        lines = self.diff("--format", "unified").splitlines()
        self.assertEqual(lines[:2], ["--- old.xml", "+++ new.xml"])
        self.assertEqual(lines[2], "@@ -1,1 +1,1 @@ alpha 21/tcp: contact [Ann] is now [Bob]")
        self.assertEqual(lines[3].split("\t")[:5], ["-alpha", "21", "tcp", "Alpha", "[Ann]"])
        self.assertEqual({line[0] for line in lines}, set("-+@"))

    def test_markdown(self):
        self.assertEqual(self.diff("--format", "markdown"), """\
## From old.xml to new.xml

4 changes.

### Assigned (1)

- beta 22/udp assigned (from Unassigned 22-30)

### Contacts changed (1)

- alpha 21/tcp: contact \\[Ann\\] is now \\[Bob\\]

### People added (1)

- \\[Bob\\] added

### People removed (1)

- \\[Ann\\] removed
""")

    def test_the_same(self):
        """Nothing differs between a document and itself in another format."""
        self.paths[1] = self.paths[0]
        self.assertEqual(self.diff(status=0), "")
        self.assertEqual(self.diff("--json", status=0), "[]\n")
        self.assertEqual(self.diff("--format", "unified", status=0), "")
        for form in "csv", "image", "xhtml":
            with self.subTest(form):
                self.paths[1] = str(pathlib.Path(self.folder.name, form))
                self.assert_ran(run("--registry", self.paths[0], "export", "--format", form, "-o",
                                    self.paths[1]), 0)
                self.assertEqual(self.diff(status=0), "")

    def refused(self, status, err, *arguments):
        ran = run("diff", *arguments)
        self.assertEqual((ran.status, ran.out), (status, ""))
        self.assertIn(err, ran.err)
        self.assertEqual(ran.err.count("\n"), 1)

    def test_refused(self):
        self.refused(2, "diff needs A B", self.paths[0])
        self.refused(2, "standard input is one of the two, not both", "-", "-")
        self.refused(2, "diff prints no csv", "--format", "csv", *self.paths)
        self.refused(3, "2024-02-03: a date needs a store", self.paths[0], "2024-02-03")
        pathlib.Path(self.paths[1]).write_text("{}", encoding="utf-8")
        self.refused(3, "new.xml", *self.paths)


if __name__ == "__main__":
    unittest.main()
