"""Editions in a store: adding them, asking as of a date, having them back."""

import json
import os
import pathlib
import sqlite3
import tarfile
import tempfile
import unittest

from program import Case, environment, run

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
  <title>Service Name and Transport Protocol Port Number Registry</title>
  <updated>{date}</updated>
"""

RECORD = """  <record>
    <name>{name}</name>
    <protocol>tcp</protocol>
    <xref type="person" data="{person}"/>
    <description>{text}</description>
    <number>{port}</number>
  </record>
"""

PEOPLE = """  <people>
    <person id="Ann_Author">
      <name>Ann Author</name>
    </person>
    <person id="Ben_Builder">
      <name>Ben Builder</name>
    </person>
  </people>
</registry>
"""


def document(date, *rows):
    """rows: (name, port, text, person)."""
    return (HEAD.format(date=date) +
            "".join(RECORD.format(name=name, port=port, text=text, person=person)
                    for name, port, text, person in rows) + PEOPLE)


ALPHA = ("alpha", 21, "Alpha", "Ann_Author")
BETA = ("beta", 22, "Beta", "Ann_Author")
BETA_2 = ("beta", 22, "Beta", "Ben_Builder")
GAMMA = ("gamma", 23, "Gamma", "Ben_Builder")

EDITIONS = {
    "2020-01-01": document("2020-01-01", ALPHA, BETA, GAMMA),
    "2021-01-01": document("2021-01-01", ALPHA, BETA_2, GAMMA),
    "2022-01-01": document("2022-01-01", BETA_2, ALPHA, GAMMA),
    "2023-01-01": document("2023-01-01", BETA_2, ALPHA),
}


class Store(Case):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.store = self.path / "store.db"
        self.files = self.path / "files"
        self.files.mkdir()
        for date, text in EDITIONS.items():
            (self.files / f"{date}.xml").write_text(text)

    def portbook(self, *arguments, **options):
        return run("--store", self.store, *arguments, **options)

    def fill(self, *dates):
        ran = self.portbook("import", *(self.files / f"{date}.xml" for date in dates or EDITIONS))
        self.assert_ran(ran, 0)
        return ran

    def dump(self):
        with sqlite3.connect(self.store) as db:
            rows = sorted(db.execute(
                "SELECT since, until, copy, name, port, description, contact, elements, verbatim "
                "FROM rows").fetchall(), key=repr)
            people = sorted(db.execute("SELECT since, until, id, name FROM people").fetchall())
        db.close()
        return rows, people

    def test_import_and_have_back(self):
        ran = self.fill()
        self.assertEqual([line.split()[:4] for line in ran.lines],
                         [[date, "added", str(text.count("<record>")), "rows"]
                          for date, text in EDITIONS.items()])
        for date, text in EDITIONS.items():
            self.assertEqual(self.portbook("--as-of", date, "export", "-f", "xml").out, text)
        self.assert_ran(self.portbook("store", "verify"), 0)

    def test_held_editions_are_skipped(self):
        self.fill()
        before = self.dump()
        ran = self.fill()
        self.assertEqual({line.split()[1] for line in ran.lines}, {"held"})
        self.assertEqual(self.dump(), before)

    def test_any_order(self):
        self.fill()
        wanted = self.dump()
        for order in (["2023-01-01", "2020-01-01", "2022-01-01", "2021-01-01"],
                      ["2022-01-01", "2023-01-01", "2021-01-01", "2020-01-01"]):
            self.store.unlink()
            for date in order:
                self.fill(date)
            self.assertEqual(self.dump(), wanted)
            for date, text in EDITIONS.items():
                self.assertEqual(self.portbook("--as-of", date, "export", "-f", "xml").out, text)
            self.assert_ran(self.portbook("store", "verify"), 0)

    def test_as_of(self):
        self.fill()
        def contacts(date):
            return [row["contact"] for row in
                    json.loads(self.portbook("--as-of", date, "--json", "beta").out)]
        self.assertEqual(contacts("2020-12-31"), [["Ann_Author"]])
        self.assertEqual(contacts("2021-01-01"), [["Ben_Builder"]])
        self.assert_ran(self.portbook("--as-of", "2022-06-01", "gamma"), 0)
        self.assertEqual(self.portbook("--as-of", "2023-06-01", "gamma").status, 1)
        self.assertEqual(self.portbook("gamma").status, 1)
        names = [row["name"] for row in
                 json.loads(self.portbook("--as-of", "2022-06-01", "list", "--json").out)]
        self.assertEqual(names, ["beta", "alpha", "gamma"])
        ran = self.portbook("--as-of", "2021-05-05", "search", "beta", "--contacts", "--json")
        self.assertEqual([person["id"] for person in json.loads(ran.out)["people"]],
                         ["Ben_Builder"])

    def test_suggestions_come_from_the_whole_edition(self):
        self.fill()
        ran = self.portbook("--as-of", "2022-06-01", "gama")
        self.assertEqual(ran.status, 1)
        self.assertIn("nearest: gamma", ran.err)

    def test_dates_that_are_not_there(self):
        self.fill()
        ran = self.portbook("--as-of", "2019-12-31", "alpha")
        self.assertEqual((ran.status, ran.out), (3, ""))
        self.assertIn("no edition of 2019-12-31 or before", ran.err)
        for date in ("2020", "2020-13-01", "yesterday", "2020-01-01.0", "2020-01-01.x"):
            self.assertEqual(self.portbook("--as-of", date, "alpha").status, 2)

    def test_newest_image(self):
        self.fill("2020-01-01", "2021-01-01")
        image = pathlib.Path(str(self.store) + ".image")
        self.assertTrue(image.exists())
        self.fill("2023-01-01")
        self.assertEqual(len(json.loads(self.portbook("list", "--json").out)), 2)
        before = image.read_bytes()
        self.fill("2022-01-01")
        self.assertEqual(image.read_bytes(), before)
        # It can be done without, and a damaged one is not believed.
        image.write_bytes(before[:-1])
        self.assertEqual(len(json.loads(self.portbook("list", "--json").out)), 2)
        image.unlink()
        self.assertEqual(len(json.loads(self.portbook("list", "--json").out)), 2)

    def test_two_documents_of_a_date(self):
        self.fill("2020-01-01")
        other = self.path / "other.xml"
        other.write_text(document("2020-01-01", ALPHA, BETA_2, GAMMA))
        self.assertIn("2020-01-01.2 added", self.portbook("import", other).out)
        editions = json.loads(self.portbook("editions", "--json").out)
        self.assertEqual([(edition["edition"], edition["sequence"]) for edition in editions],
                         [("2020-01-01", 1), ("2020-01-01.2", 2)])
        def contact(date):
            return json.loads(self.portbook("--as-of", date, "-j", "beta").out)[0]["contact"]
        self.assertEqual(contact("2020-01-01"), ["Ben_Builder"])
        self.assertEqual(contact("2020-01-01.1"), ["Ann_Author"])
        self.assert_ran(self.portbook("store", "verify"), 0)

    def test_csv_beside_xml(self):
        self.fill()
        for date in ("2021-01-01", "2022-01-01"):
            csv = self.path / f"{date}.csv"
            ran = self.portbook("--as-of", date, "export", "-f", "csv")
            csv.write_bytes(ran.out.encode())
            self.assertIn(f"{date}.2 added", self.portbook("import", csv).out)
        # What the format does not say is as its neighbours have it.
        with sqlite3.connect(self.store) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM rows").fetchone()[0], 4)
            self.assertEqual(db.execute("SELECT count(*) FROM people").fetchone()[0], 2)
        db.close()
        self.assert_ran(self.portbook("store", "verify"), 0)

    def test_dates_of_csv(self):
        csv = self.path / "ports.csv"
        csv.write_text("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
                       "Registration Date,Modification Date,Reference,Service Code,"
                       "Unauthorized Use Reported,Assignment Notes\r\nx,1,tcp,X,,,,,,,,\r\n")
        ran = self.portbook("import", csv)
        self.assertEqual(ran.status, 3)
        self.assertIn("ports.csv: says no date", ran.err)
        self.assertIn("2020-02-02 added", self.portbook("import", "--date", "2020-02-02", csv).out)
        ran = self.portbook("import", "--date", "2020-02-03", self.files / "2020-01-01.xml")
        self.assertEqual(ran.status, 3)
        self.assertIn("is of 2020-01-01, not of 2020-02-03", ran.err)

    def test_archive_folder_and_standard_input(self):
        archive = self.path / "editions.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            for date in list(EDITIONS)[::-1]:
                tar.add(self.files / f"{date}.xml", arcname=f"{date}.xml")
        ran = self.portbook("import", archive)
        self.assert_ran(ran, 0)
        self.assertEqual([line.split()[0] for line in ran.lines], list(EDITIONS)[::-1])
        wanted = self.dump()
        self.store.unlink()
        with open(archive, "rb") as stream:
            self.assert_ran(self.portbook("import", "-", stdin=stream), 0)
        self.assertEqual(self.dump(), wanted)
        self.store.unlink()
        (self.files / "folder").mkdir()
        self.assert_ran(self.portbook("import", self.files), 0)
        self.assertEqual(self.dump(), wanted)

    def test_what_cannot_be_read_is_told_and_the_rest_is_added(self):
        broken = self.files / "2020-06-06.xml"
        broken.write_text(EDITIONS["2020-01-01"][:-20])
        ran = self.portbook("import", self.files, self.path / "none.xml")
        self.assertEqual(ran.status, 3)
        self.assertEqual(len(ran.lines), len(EDITIONS))
        self.assertRegex(ran.err, r"2020-06-06.xml:\d+:\d+: malformed XML")
        self.assertIn("none.xml: cannot open", ran.err)
        self.assert_ran(self.portbook("store", "verify"), 0)

    def test_implausible_documents(self):
        rows = [(f"name{i}", 1000 + i, "Text", "Ann_Author") for i in range(100)]
        for date, part in (("2020-01-01", rows), ("2021-01-01", rows[:40])):
            (self.path / f"{date}.xml").write_text(document(date, *part))
        self.assert_ran(self.portbook("import", self.path / "2020-01-01.xml"), 0)
        ran = self.portbook("import", self.path / "2021-01-01.xml")
        self.assertEqual(ran.status, 3)
        self.assertIn("only 40 rows where edition 2020-01-01 has 100", ran.err)
        self.assert_ran(self.portbook("import", "--force", self.path / "2021-01-01.xml"), 0)

    def test_no_store(self):
        ran = self.portbook("editions")
        self.assertEqual(ran.status, 3)
        self.assertIn(str(self.store), ran.err)
        ran = run("--as-of", "2020-01-01", "443")
        self.assertEqual(ran.status, 3)
        self.assertIn("a date needs a store, and there is none", ran.err)
        self.store.write_text("not a database at all, but a text that is long enough for one\n" * 9)
        for arguments in (["editions"], ["import", self.files], ["--as-of", "2020-01-01", "1"]):
            ran = self.portbook(*arguments)
            self.assertEqual((ran.status, ran.out), (3, ""))
            self.assertEqual(len(ran.err.splitlines()), 1)

    def test_another_database(self):
        with sqlite3.connect(self.store) as db:
            db.execute("CREATE TABLE t (x)")
        db.close()
        ran = self.portbook("import", self.files)
        self.assertEqual(ran.status, 3)
        self.assertIn("not a store of editions", ran.err)
        with sqlite3.connect(self.store) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0], 1)
        db.close()

    def test_newer_store(self):
        self.fill()
        with sqlite3.connect(self.store) as db:
            db.execute("UPDATE meta SET value = 99 WHERE key = 'version'")
        db.close()
        ran = self.portbook("editions")
        self.assertEqual(ran.status, 3)
        self.assertIn("made by a newer portbook", ran.err)

    def test_verification_finds_damage(self):
        for damage, word in (
                ("UPDATE rows SET description = 'Other' WHERE name = 'gamma'", "its rows"),
                ("UPDATE rows SET position = -position WHERE name = 'gamma'", ""),
                ("UPDATE documents SET packed = substr(packed, 1, 60)", "unpacked"),
                ("UPDATE editions SET sha256 = (SELECT min(sha256) FROM documents)", "")):
            with self.subTest(damage):
                if self.store.exists():
                    self.store.unlink()
                self.fill()
                with sqlite3.connect(self.store) as db:
                    db.execute(damage)
                db.close()
                ran = self.portbook("store", "verify")
                self.assertEqual(ran.status, 1, ran.err)
                self.assertIn(word, ran.out)

    def test_copy(self):
        self.fill()
        wanted = self.dump()
        other = self.path / "copy.db"
        self.assert_ran(self.portbook("store", "copy", other), 0)
        self.assert_ran(run("--store", other, "store", "verify"), 0)
        ran = self.portbook("store", "copy", other)
        self.assertEqual(ran.status, 3)
        self.assertIn("holds editions already", ran.err)
        self.store = other
        self.assertEqual(self.dump(), wanted)

    def test_usual_place(self):
        env = environment(HOME=self.folder.name)
        self.assertEqual(run("editions", env=env).status, 3)
        self.assert_ran(run("443/tcp", env=env), 0)
        self.assert_ran(run("import", self.files, env=env), 0)
        self.assertTrue((self.path / ".local/share/portbook/portbook.db").exists())
        self.assert_ran(run("443/tcp", env=env), 1)
        env = environment(HOME=self.folder.name, PORTBOOK_STORE=str(self.store))
        self.assert_ran(run("import", self.files / "2020-01-01.xml", env=env), 0)
        self.assertEqual(len(run("editions", env=env).lines), 2)
        self.assertEqual(os.stat(self.path / ".local/share/portbook").st_mode & 0o777, 0o700)


if __name__ == "__main__":
    unittest.main()
