#!/usr/bin/env python3
"""The forms that other software reads: services, dictionary, sqlite, datapackage."""

import csv
import hashlib
import io
import json
import os
import pathlib
import re
import sqlite3
import stat
import subprocess
import unittest

from program import DATA, PROGRAM, Case, environment, run

# What each format must carry through: quotes, markup, formulas, controls, other scripts.
HOSTILE = [
    "\"quoted\", 'single', \"\"doubled\"\" and , commas;",
    "<b>&amp; ]]> <!-- --> <?x ?></b>",
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/C calc'!A0", "|pipe ; DROP TABLE rows; --",
    "\\back\\slash \\n \\t \\u0041 %s %n {{ }} ${x} `x`",
    "tab\there", "C1 \u009b31m and \u0085 next", "\u2028 separator \u2029",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "\u202eoverride\u202c",
    "\u6f22\u5b57 caf\u00e9 e\u0301 \U0001f600", "# not a comment # here", "\ufeffmark \u200b\u00a0",
]


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hostile_document():
    records = "".join(
        f"<record><name>h{i}</name><protocol>tcp</protocol>"
        f'<xref type="person" data="P&quot;,=1"/><description>{escape(text)}</description>'
        f"<number>{1000 + i}</number><note>{escape(text)}</note></record>"
        for i, text in enumerate(HOSTILE))
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
<title>{escape(HOSTILE[0])}</title><updated>2024-01-02</updated>{records}
<people><person id="P&quot;,=1"><name>{escape(HOSTILE[0])}</name><org>=1</org>
<uri>mailto:a&amp;b.example</uri><uri>https://b.example/?a=1&amp;b</uri></person></people>
</registry>
"""


def record(name, port, transport, description="", note=""):
    return (f"<record><name>{name}</name><protocol>{transport}</protocol>"
            f"<description>{description}</description><number>{port}</number>"
            + (f"<note>{note}</note>" if note else "") + "</record>")


ALIASES = "".join([
    record("new-a", 10, "tcp", "A"),
    record("old_a", 10, "tcp", "A", 'This entry is an alias to "new-a". It is deprecated.'),
    record("third", 10, "tcp", "Third"),
    record("new-a", 10, "udp", "A"),
    record("old_a", 11, "tcp", "elsewhere", 'This entry is an alias to "new-a".'),
    record("whois++", 63, "tcp", "L" * 40 + " two words" * 20),
    record("range", "20-22", "tcp", "R"),
    record("inside", 21, "tcp", "I"),
])


def parse_services(text):
    """Every line as (name, port, transport, aliases, comment): a reader of its own."""
    entries = []
    for line in text.split("\n"):
        words, _, comment = line.partition("#")
        words = words.split()
        if words:
            port, transport = words[1].split("/")
            entries.append((words[0], int(port), transport, words[2:],
                            comment.strip(" \t")))
        elif line[:1] == "\t":
            name, port, transport, aliases, before = entries.pop()
            entries.append((name, port, transport, aliases, before + " " + comment.strip(" \t")))
    return entries


def expected_services(rows):
    """The same from the rows in JSON, by the rule that the man page states."""
    rows = [row for row in rows if row["state"] == "assigned" and row["first_port"] is not None
            and row["first_port"] == row["last_port"] and row["transport"]]
    groups = {}
    for row in rows:
        key = (row["first_port"], ["tcp", "udp", "sctp", "dccp"].index(row["transport"]))
        groups.setdefault(key, {}).setdefault(row["name"], row)
    entries = []
    for (port, _), group in sorted(groups.items()):
        def target(row):
            found = group.get(row["alias_of"])
            return found if found and not found["alias_of"] else None
        own = [row for row in group.values() if not target(row)]
        own.sort(key=lambda row: row["alias_of"] is not None)
        for row in own:
            aliases = [other["name"] for other in group.values() if target(other) is row]
            # Controls and ends of lines show as spaces.
            text = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", row["description"] or "")
            entries.append((row["name"], port, row["transport"], aliases, text.strip(" ")))
    return entries


def expected_dictionary(rows):
    chosen = {}
    for row in rows:
        if row["state"] != "assigned" or row["first_port"] is None or not row["transport"]:
            continue
        for port in range(row["first_port"], row["last_port"] + 1):
            key = port, ["tcp", "udp", "sctp", "dccp"].index(row["transport"])
            before = chosen.get(key)
            if before is None or (before["alias_of"] and not row["alias_of"]):
                chosen[key] = row
    return [[str(key[0]), row["transport"], row["name"], row["description"] or ""]
            for key, row in sorted(chosen.items(), key=lambda item: item[0])]


class FormCase(Case):
    """Also with hostile.xml, and a registry that has everything: an edition, or the built-in."""

    def setUp(self):
        super().setUp()
        self.hostile = self.folder / "hostile.xml"
        self.hostile.write_text(hostile_document(), encoding="utf-8")
        self.aliases = self.folder / "aliases.xml"
        text = self.registry.read_text(encoding="utf-8")
        self.aliases.write_text(text.replace("</title>", "</title>" + ALIASES), encoding="utf-8")
        edition = DATA / "editions" / "2026-08-17.xml"
        self.full = ["-r", edition] if edition.exists() else []
        self.inputs = {"small": ["-r", self.registry], "hostile": ["-r", self.hostile],
                       "aliases": ["-r", self.aliases], "full": self.full}

    def export(self, arguments, name, *more):
        ran = run(*arguments, "export", "--format", name, *more)
        self.assert_ran(ran, 0)
        return ran.out

    def each(self):
        for arguments in self.inputs.values():
            yield arguments, json.loads(self.export(arguments, "json"))


class Services(FormCase):
    def test_rows(self):
        for arguments, rows in self.each():
            text = self.export(arguments, "services")
            self.assertEqual(parse_services(text), expected_services(rows))
            self.assertEqual(text, self.export(arguments, "services"))

    def test_lines(self):
        for arguments, _ in self.each():
            for line in self.export(arguments, "services").encode().split(b"\n"):
                # musl's buffer: what is longer would be taken for several lines.
                self.assertLess(len(line), 127)
                self.assertRegex(line, rb"^(#.*|\t+# .*|[!-~\x80-\xff]+\t+\d+/\w+(\t+.*)?|)$")

    def test_head(self):
        text = self.export(self.inputs["small"], "services")
        self.assertIn("# Edition: 2024-01-02\n# Made from: registry.xml\n", text)

    def test_back(self):
        for arguments, rows in self.each():
            path = self.folder / "services"
            self.export(arguments, "services", "-o", path)
            again = json.loads(self.export(["-r", path], "json"))
            want = [(name, port, transport, alias_of, text or None)
                    for primary, port, transport, aliases, text in expected_services(rows)
                    for name, alias_of in [(primary, None)] + [(a, primary) for a in aliases]]
            self.assertEqual([(row["name"], row["first_port"], row["transport"],
                               row["alias_of"], row["description"]) for row in again], want)
            text = path.read_text(encoding="utf-8")
            once_more = self.export(["-r", path], "services")
            self.assertEqual(once_more.split("\n\n", 1)[1], text.split("\n\n", 1)[1])

    def test_of_this_machine(self):
        if not os.path.exists("/etc/services"):
            self.skipTest("/etc/services is not here")
        text = pathlib.Path("/etc/services").read_text(encoding="utf-8")
        rows = json.loads(self.export(["-r", "/etc/services"], "json"))
        want = [(name, port, transport)
                for primary, port, transport, aliases, _ in parse_services(text)
                if transport in ("tcp", "udp", "sctp", "dccp") for name in [primary] + aliases]
        self.assertEqual([(row["name"], row["first_port"], row["transport"]) for row in rows],
                         want)

    def test_name_that_cannot_be_written(self):
        path = self.folder / "names.xml"
        path.write_text(self.registry.read_text(encoding="utf-8").replace(
            "<name>alpha</name>", "<name>al pha#</name>"), encoding="utf-8")
        text = self.export(["-r", path], "services")
        self.assertIn('\n# Left out, for it has a blank or a # in it: "al pha#" 21/tcp\n', text)
        self.assertEqual({entry[0] for entry in parse_services(text)}, {"beta", "caf\u00e9s"})

    def names(self, text, *arguments):
        path = self.folder / "names"
        path.write_text(text, encoding="utf-8")
        return run("-r", self.aliases, "export", "--format", "services", "--names", path,
                   *arguments)

    def test_names(self):
        ran = self.names("# some\nNEW-A\n\n third # with a comment\r\n")
        self.assert_ran(ran, 0)
        self.assertEqual([entry[:4] for entry in parse_services(ran.out)],
                         [("new-a", 10, "tcp", []), ("third", 10, "tcp", []),
                          ("new-a", 10, "udp", [])])
        ran = self.names("old_a\nnew-a\nold_a\n")
        self.assert_ran(ran, 0)
        self.assertEqual([entry[:4] for entry in parse_services(ran.out)],
                         [("new-a", 10, "tcp", ["old_a"]), ("new-a", 10, "udp", []),
                          ("old_a", 11, "tcp", [])])
        ran = self.names("old_a")
        self.assertEqual([entry[:4] for entry in parse_services(ran.out)],
                         [("old_a", 10, "tcp", []), ("old_a", 11, "tcp", [])])
        ran = self.names("")
        self.assert_ran(ran, 0)
        self.assertEqual(parse_services(ran.out), [])

    def test_names_that_are_no_text(self):
        names = self.folder / "bad-names"
        for content, status, said in ((b"\xef\xbb\xbfnew-a\n", 0, ""),
                                      (b"new-a\0third\n", 3, f"{names}:1:6: not a list"),
                                      (b"new-a\n\xff\xfe\n", 3, f"{names}:2:1: not a list")):
            names.write_bytes(content)
            ran = run("-r", self.aliases, "export", "--format", "services", "--names", names)
            self.assertEqual(ran.status, status)
            self.assertIn(said, ran.err)

    def test_names_that_are_missing(self):
        ran = self.names("thirt\nnew-a\nzzzzzz\nrange\ngamma\nthirt\n")
        self.assert_ran(ran, 1, 'portbook: no service named "thirt"; nearest: third\n'
                                'portbook: no service named "zzzzzz"\n'
                                'portbook: service "range" has no single port, and so no line\n'
                                'portbook: service "gamma" has no single port, and so no line\n')
        self.assertEqual([entry[:2] for entry in parse_services(ran.out)],
                         [("new-a", 10), ("new-a", 10)])

    def test_names_from_standard_input(self):
        done = subprocess.run([PROGRAM, "-r", self.aliases, "export", "--format", "services",
                               "--names", "-"], input=b"third\n", capture_output=True,
                              env=environment(), timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(parse_services(done.stdout.decode())[0][0], "third")

    def test_names_wrongly_used(self):
        names = self.folder / "names"
        names.write_text("a\n")
        self.assert_ran(self.ask("export", "--names", names), 2,
                        "portbook: --names is for --format services\n")
        self.assert_ran(run("-r", "-", "export", "--format", "services", "--names", "-"), 2,
                        "portbook: standard input is the registry or the names, not both\n")
        ran = self.ask("export", "--format", "services", "--names", self.folder / "none")
        self.assertEqual((ran.status, ran.out), (3, ""))
        self.assertIn("none: cannot open: No such file", ran.err)

    def test_refused(self):
        path = self.folder / "services"
        path.write_text("ssh 22/tcp\nsmtp 25/tpc\n")
        self.assert_ran(run("-r", path, "22"), 3,
                        f'portbook: {path}:2:9: "tpc" is no transport protocol '
                        "(tcp, udp, sctp, dccp)\n")


class Dictionary(FormCase):
    def test_rows(self):
        for arguments, rows in self.each():
            path = self.folder / "dictionary.csv"
            self.export(arguments, "dictionary", "-o", path)
            text = path.read_bytes().decode()
            self.assertNotIn("\r\n", text)
            records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            self.assertEqual(records[0], ["port", "transport", "name", "description"])
            self.assertEqual(records[1:], expected_dictionary(rows))
            keys = [tuple(found[:2]) for found in records]
            self.assertEqual(len(keys), len(set(keys)))


class Database(FormCase):
    COLUMNS = ["name", "first_port", "last_port", "transport", "description",
               "registration_date", "modification_date", "service_code", "unauthorized_use",
               "notes", "state", "alias_of", "historic"]

    def database(self, arguments, name="registry.db"):
        path = self.folder / name
        self.assertEqual(self.export(arguments, "sqlite", "-o", path), "")
        connection = sqlite3.connect(path)
        self.addCleanup(connection.close)
        return path, connection

    def test_rows(self):
        for arguments, rows in self.each():
            _, database = self.database(arguments)
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            got = database.execute(f"SELECT position, {', '.join(self.COLUMNS)} FROM rows "
                                   "ORDER BY position").fetchall()
            self.assertEqual(got, [(i, *[row[key] for key in self.COLUMNS])
                                   for i, row in enumerate(rows, 1)])
            table = list(csv.DictReader(io.StringIO(self.export(arguments, "csv"))))
            got = database.execute("SELECT assignee, contact, reference FROM rows "
                                   "ORDER BY position").fetchall()
            self.assertEqual(got, [tuple(row[title] or None for title in
                                         ("Assignee", "Contact", "Reference"))
                                   for row in table])

    def test_people(self):
        for arguments, rows in self.each():
            _, database = self.database(arguments)
            named = {(i, person, role) for i, row in enumerate(rows, 1)
                     for role in ("assignee", "contact") for person in row[role]}
            got = database.execute("SELECT position, id, role FROM row_people "
                                   "WHERE role <> 'mention'").fetchall()
            self.assertEqual(len(got), len(set(got)))
            self.assertEqual(set(got), named)
            package = self.folder / "people"
            self.export(arguments, "datapackage", "-o", package)
            people = json.loads((package / "people.json").read_text(encoding="utf-8"))
            for path in package.iterdir():
                path.unlink()
            got = database.execute("SELECT id, name, organization, uri, updated FROM people "
                                   "ORDER BY position").fetchall()
            self.assertEqual(got, [(p["id"], p["name"], p["organization"],
                                    "\n".join(p["uris"]) or None, p["updated"]) for p in people])

    def test_mentions(self):
        _, database = self.database(self.inputs["small"])
        self.assertEqual(database.execute("SELECT position, id FROM row_people "
                                          "WHERE role = 'mention'").fetchall(),
                         [(2, "Carl_Contact")])

    def test_facts(self):
        _, database = self.database(self.inputs["small"])
        facts = dict(database.execute("SELECT key, value FROM facts"))
        self.assertEqual(facts, {"id": "service-names-port-numbers", "title": "Made up",
                                 "updated": "2024-01-02", "origin": "registry.xml"})

    def test_indexes(self):
        _, database = self.database(self.inputs["small"])
        for question, index in [("name = 'ALPHA' COLLATE NOCASE", "rows_by_name"),
                                ("first_port = 21 AND last_port = 21", "rows_by_port")]:
            plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM rows WHERE " + question)
            self.assertIn(index, plan.fetchall()[0][3])
        self.assertEqual(database.execute("SELECT count(*) FROM rows WHERE name = 'ALPHA' "
                                          "COLLATE NOCASE").fetchall(), [(2,)])

    def test_same_bytes(self):
        for name in ("small", "full"):
            one, _ = self.database(self.inputs[name], "one.db")
            two, _ = self.database(self.inputs[name], "two.db")
            self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_replaced(self):
        path = self.folder / "registry.db"
        path.write_text("before")
        _, database = self.database(self.inputs["small"])
        self.assertEqual(database.execute("SELECT count(*) FROM rows").fetchall(), [(9,)])
        self.assertEqual({found.name for found in self.folder.iterdir()},
                         {"registry.xml", "hostile.xml", "aliases.xml", "registry.db"})

    def test_needs_a_file(self):
        refused = "portbook: a database is a file: --output FILE says which\n"
        self.assert_ran(self.ask("export", "--format", "sqlite"), 2, refused)
        self.assert_ran(self.ask("export", "--format", "sqlite", "-o", "-"), 2, refused)
        ran = self.ask("export", "--format", "sqlite", "-o", self.folder / "no" / "x.db")
        self.assertEqual((ran.status, ran.err.count("\n")), (3, 1))
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        ran = self.ask("export", "--format", "sqlite", "-o", pipe)
        os.close(reader)
        self.assert_ran(ran, 3, f"portbook: {pipe}: a database is a file: not a device, pipe or "
                                "folder\n")

    def test_no_space(self):
        path = self.folder / "registry.db"
        path.write_text("before")
        command = f'ulimit -f 8; exec "{PROGRAM}" export --format sqlite -o "{path}"'
        done = subprocess.run(["bash", "-c", "trap '' XFSZ; " + command], env=environment(),
                              stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (3, 1))
        self.assertIn(b"registry.db: cannot write: ", done.stderr)
        self.assertEqual(path.read_text(), "before")
        self.assertFalse([p for p in self.folder.iterdir() if ".db." in p.name])


# What Data Package, Data Resource and Table Schema (version 1) demand of what is used here.
TYPES = {"string", "integer", "boolean", "array"}
NAME = re.compile(r"^([-a-z0-9._/])+$")


def complaints(package):
    if not NAME.match(package["name"]):
        yield "name"
    if "created" in package and \
            not re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", package["created"]):
        yield "created"
    for licence in package["licenses"]:
        if not {"name", "path"} <= set(licence):
            yield "licenses"
    names = [resource["name"] for resource in package["resources"]]
    if not names or len(set(names)) != len(names):
        yield "resources"
    for resource in package["resources"]:
        if not NAME.match(resource["name"]) or resource["path"].startswith(("/", ".")):
            yield "resource " + resource["name"]
        if resource["encoding"] != "utf-8" or not isinstance(resource["bytes"], int):
            yield "encoding or bytes of " + resource["name"]
        for field in resource["schema"]["fields"]:
            if set(field) != {"name", "type", "description"} or field["type"] not in TYPES:
                yield "field " + str(field)


class DataPackage(FormCase):
    def package(self, arguments, name="package"):
        path = self.folder / name
        self.assertEqual(self.export(arguments, "datapackage", "-o", path), "")
        return path, json.loads((path / "datapackage.json").read_text(encoding="utf-8"))

    def test_description(self):
        for i, (arguments, _) in enumerate(self.each()):
            path, package = self.package(arguments, f"package-{i}")
            self.assertEqual(list(complaints(package)), [])
            self.assertEqual({found.name for found in path.iterdir()},
                             {resource["path"] for resource in package["resources"]}
                             | {"datapackage.json"})
            for resource in package["resources"]:
                content = (path / resource["path"]).read_bytes()
                self.assertEqual(resource["bytes"], len(content))
                self.assertEqual(resource["hash"],
                                 "sha256:" + hashlib.sha256(content).hexdigest())

    def test_content(self):
        kinds = {"string": str, "integer": int, "boolean": bool, "array": list}
        for i, (arguments, rows) in enumerate(self.each()):
            path, package = self.package(arguments, f"package-{i}")
            table, objects, people = package["resources"]
            with open(path / table["path"], encoding="utf-8", newline="") as text:
                content = text.read()
            self.assertEqual(content, run(*arguments, "export").out)
            self.assertEqual(next(csv.reader(io.StringIO(content, newline=""))),
                             [field["name"] for field in table["schema"]["fields"]])
            self.assertEqual(json.loads((path / objects["path"]).read_text("utf-8")), rows)
            for resource in (objects, people):
                fields = resource["schema"]["fields"]
                for found in json.loads((path / resource["path"]).read_text("utf-8")):
                    self.assertEqual(list(found), [field["name"] for field in fields])
                    for field in fields:
                        value = found[field["name"]]
                        self.assertTrue(value is None or
                                        isinstance(value, kinds[field["type"]]), field)

    def test_head(self):
        _, package = self.package(self.inputs["small"])
        self.assertEqual(package["name"], "service-names-port-numbers")
        self.assertEqual(package["title"], "Made up")
        self.assertEqual(package["version"], "2024-01-02")
        self.assertEqual(package["created"], "2024-01-02T00:00:00Z")
        self.assertEqual(package["licenses"][0]["name"], "CC0-1.0")
        _, package = self.package([], "built-in")
        self.assertNotIn("created", package)

    def test_same_bytes(self):
        one, _ = self.package(self.inputs["small"], "one")
        two, _ = self.package(self.inputs["small"], "two")
        for path in one.iterdir():
            self.assertEqual(path.read_bytes(), (two / path.name).read_bytes())

    def test_place(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.package(self.inputs["small"], "empty")
        before = {path.name: path.read_bytes() for path in empty.iterdir()}
        ran = self.ask("export", "--format", "datapackage", "-o", empty)
        self.assert_ran(ran, 3, f"portbook: {empty}: the folder is not empty\n")
        self.assertEqual(before, {path.name: path.read_bytes() for path in empty.iterdir()})
        ran = self.ask("export", "--format", "datapackage", "-o", self.registry)
        self.assert_ran(ran, 3, f"portbook: {self.registry}: is a file, not a folder\n")
        ran = self.ask("export", "--format", "datapackage", "-o", self.folder / "no" / "where")
        self.assertEqual((ran.status, ran.err.count("\n")), (3, 1))
        self.assert_ran(self.ask("export", "--format", "datapackage", "-o",
                                 str(self.folder / "slash") + "/"), 0)
        self.assertTrue((self.folder / "slash" / "datapackage.json").exists())
        for output in ([], ["-o", "-"]):
            self.assert_ran(self.ask("export", "--format", "datapackage", *output), 2,
                            "portbook: a data package is a folder: --output FOLDER says which\n")
        self.assertEqual({path.name for path in self.folder.iterdir()},
                         {"registry.xml", "hostile.xml", "aliases.xml", "empty", "slash"})

    def test_permissions(self):
        old = os.umask(0o027)
        try:
            path, _ = self.package(self.inputs["small"])
        finally:
            os.umask(old)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o750)
        self.assertEqual(stat.S_IMODE((path / "rows.json").stat().st_mode), 0o640)

    def test_no_space(self):
        path = self.folder / "package"
        command = f'ulimit -f 8; exec "{PROGRAM}" export --format datapackage -o "{path}"'
        done = subprocess.run(["bash", "-c", "trap '' XFSZ; " + command], env=environment(),
                              stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr.decode(),
                         f"portbook: {path}: cannot write: File too large\n")
        self.assertFalse([p for p in self.folder.iterdir() if p.name.startswith("package")])


if __name__ == "__main__":
    unittest.main()
