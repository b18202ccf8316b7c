"""Editions in a store: adding them, asking as of a date, having them back."""

import json
import os
import pathlib
import sqlite3
import tarfile
import unittest

from program import environment, run
from stores import SERVER, File, Schema, StoreCase, document, dump

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


class EditionsCase(StoreCase):
    def setUp(self):
        super().setUp()
        self.files = self.path / "files"
        self.files.mkdir()
        for date, text in EDITIONS.items():
            self.write(f"files/{date}.xml", text)

    def fill(self, *dates):
        return self.add(*(self.files / f"{date}.xml" for date in dates or EDITIONS))

    def assert_whole(self):
        for date, text in EDITIONS.items():
            self.assertEqual(self.portbook("--as-of", date, "export", "-f", "xml").out, text)
        self.verify()


class Store(EditionsCase):
    """What holds of stores in files as well as of those on a PostgreSQL server."""

    def test_import_and_have_back(self):
        ran = self.fill()
        self.assertEqual([line.split()[:4] for line in ran.lines],
                         [[date, "added", str(text.count("<record>")), "rows"]
                          for date, text in EDITIONS.items()])
        self.assert_whole()

    def test_nothing_is_made_for_what_cannot_be_read(self):
        self.write("bad.xml", "<registry>")
        self.write("undated.xml", EDITIONS["2020-01-01"].replace("2020-01-01", "yesterday"))
        place, home = self.path / "new.db", self.path / "home"
        for path in ("bad.xml", "undated.xml", "missing.xml"):
            ran = run("--store", place, "import", self.path / path)
            self.assertEqual((ran.status, ran.out), (3, ""))
            ran = run("import", self.path / path, env=environment(XDG_DATA_HOME=str(home)))
            self.assertEqual((ran.status, ran.out), (3, ""))
        self.assertFalse(place.exists() or home.exists())
        ran = run("--store", place, "import", self.path / "bad.xml",
                  self.files / "2020-01-01.xml", self.files / "2021-01-01.xml")
        self.assertEqual((ran.status, len(ran.lines)), (3, 2))
        self.assert_ran(run("--store", place, "store", "verify"), 0)

    def test_held_editions_are_skipped(self):
        self.fill()
        before = dump(self.store)
        ran = self.fill()
        self.assertEqual({line.split()[1] for line in ran.lines}, {"held"})
        self.assertEqual(dump(self.store), before)

    def test_any_order(self):
        self.fill()
        wanted = dump(self.store)
        for order in (["2023-01-01", "2020-01-01", "2022-01-01", "2021-01-01"],
                      ["2022-01-01", "2023-01-01", "2021-01-01", "2020-01-01"]):
            self.store.drop()
            for date in order:
                self.fill(date)
            self.assertEqual(dump(self.store), wanted)
            self.assert_whole()

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
        self.verify()

    def test_csv_beside_xml(self):
        self.fill()
        for date in ("2021-01-01", "2022-01-01"):
            csv = self.path / f"{date}.csv"
            ran = self.portbook("--as-of", date, "export", "-f", "csv")
            csv.write_bytes(ran.out.encode())
            self.assertIn(f"{date}.2 added", self.portbook("import", csv).out)
        # What the format does not say is as its neighbours have it.
        self.assertEqual(len(self.store.ask("SELECT run FROM rows")), 4)
        self.assertEqual(len(self.store.ask("SELECT run FROM people")), 2)
        self.verify()

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
        wanted = dump(self.store)
        self.store.drop()
        with open(archive, "rb") as stream:
            self.assert_ran(self.portbook("import", "-", stdin=stream), 0)
        self.assertEqual(dump(self.store), wanted)
        self.store.drop()
        (self.files / "folder").mkdir()
        self.assert_ran(self.portbook("import", self.files), 0)
        self.assertEqual(dump(self.store), wanted)

    def test_what_cannot_be_read_is_told_and_the_rest_is_added(self):
        broken = self.files / "2020-06-06.xml"
        broken.write_text(EDITIONS["2020-01-01"][:-20])
        ran = self.portbook("import", self.files, self.path / "none.xml")
        self.assertEqual(ran.status, 3)
        self.assertEqual(len(ran.lines), len(EDITIONS))
        self.assertRegex(ran.err, r"2020-06-06.xml:\d+:\d+: malformed XML")
        self.assertIn("none.xml: cannot open", ran.err)
        self.verify()

    def test_implausible_documents(self):
        rows = [(f"name{i}", 1000 + i, "Text", "Ann_Author") for i in range(100)]
        for date, part in (("2020-01-01", rows), ("2021-01-01", rows[:40])):
            (self.path / f"{date}.xml").write_text(document(date, *part))
        self.assert_ran(self.portbook("import", self.path / "2020-01-01.xml"), 0)
        ran = self.portbook("import", self.path / "2021-01-01.xml")
        self.assertEqual(ran.status, 3)
        self.assertIn("only 40 rows where edition 2020-01-01 has 100", ran.err)
        self.assert_ran(self.portbook("import", "--force", self.path / "2021-01-01.xml"), 0)

    def test_newer_store(self):
        self.fill()
        self.store.ask("UPDATE meta SET value = 99 WHERE key = 'version'")
        ran = self.portbook("editions")
        self.assertEqual(ran.status, 3)
        self.assertIn("made by a newer portbook", ran.err)

    def test_older_store(self):
        """The first version numbered editions with two digits for those of a day."""
        self.fill()
        (self.path / "second.xml").write_text(EDITIONS["2023-01-01"].replace("Alpha", "Other"))
        self.add(self.path / "second.xml")
        wanted = dump(self.store)
        self.store.ask("CREATE TABLE kept AS SELECT * FROM places")
        self.store.ask("DELETE FROM places")
        self.store.ask("UPDATE editions SET edition = edition / 10000 * 100 + edition % 100")
        for table in ("headers", "notes", "footnotes", "people", "rows"):
            self.store.ask(f"UPDATE {table} SET since = since / 10000 * 100 + since % 100, until = "
                           "CASE WHEN until = 999999999999 THEN 9999999999 "
                           "ELSE until / 10000 * 100 + until % 100 END")
        self.store.ask("INSERT INTO places SELECT list, edition / 10000 * 100 + edition % 100, "
                       "run, position FROM kept")
        self.store.ask("DROP TABLE kept")
        self.store.ask("UPDATE meta SET value = 1 WHERE key = 'version'")
        ran = self.portbook("editions")
        self.assertEqual(ran.status, 3)
        self.assertIn("the next import or update brings it to version 2", ran.err)
        self.fill("2020-01-01")
        self.assertEqual(dump(self.store), wanted)
        self.assertEqual(self.portbook("--as-of", "2023-01-01.1", "export", "-f", "xml").out,
                         EDITIONS["2023-01-01"])
        self.verify()

    def test_verification_finds_damage(self):
        for damage, word in (
                ("UPDATE rows SET description = 'Other' WHERE name = 'gamma'", "its rows"),
                ("UPDATE rows SET position = -position WHERE name = 'gamma'", ""),
                ("UPDATE documents SET packed = substr(packed, 1, 60)", "unpacked"),
                ("UPDATE documents SET bytes = 1", "its date, size or format"),
                ("UPDATE documents SET base = sha256", "without end"),
                ("UPDATE editions SET date = '1999-01-01'", "its date, size or format"),
                ("UPDATE editions SET row_count = 7", "its date, size or format"),
                ("UPDATE rows SET name_key = 'x' WHERE name = 'beta'", "contradict"),
                ("UPDATE rows SET first_port = 1", "contradict"),
                ("UPDATE rows SET state = 'x'", "contradict"),
                ("UPDATE rows SET verbatim = '<record/>'", "its layout"),
                ("UPDATE rows SET since = 1 WHERE since = 202001010001", "end with no edition"),
                ("DELETE FROM editions WHERE edition = 202101010001", "end with no edition"),
                ("UPDATE editions SET sha256 = (SELECT min(sha256) FROM documents)", "")):
            with self.subTest(damage):
                self.fill()
                self.store.ask(damage)
                ran = self.portbook("store", "verify")
                self.assertEqual(ran.status, 1, ran.err)
                self.assertIn(word, ran.out)
                self.store.drop()

    def copy(self, source, target):
        self.assert_ran(run("--store", source.place, "store", "copy", target.place), 0)
        self.assertEqual(dump(target), dump(source))
        self.store = target
        self.assert_whole()

    def test_copy(self):
        """To where it is most likely to go: between the engines, or to another file."""
        self.fill()
        kept = self.store
        other, last = File(self.path, "copy.db"), Schema() if SERVER else File(self.path, "last.db")
        self.copy(kept, other)
        self.copy(other, last)
        ran = run("--store", kept.place, "store", "copy", other.place)
        self.assertEqual(ran.status, 3)
        self.assertIn("holds editions already", ran.err)
        # What was copied can be added to.
        self.add(self.write("next.xml", document("2024-01-01", ALPHA)))
        self.verify()

    def test_another_database(self):
        for columns, word in (("t (x INTEGER)", "not a store of editions"),
                              ("meta (x INTEGER)", "value"),
                              ("meta (key TEXT, value INTEGER)", "not a store of editions")):
            with self.subTest(columns):
                self.store.ask(f"CREATE TABLE {columns}")
                ran = self.portbook("import", self.files)
                self.assertEqual((ran.status, ran.out, len(ran.err.splitlines())), (3, "", 1))
                self.assertIn(word, ran.err)
                self.assertEqual(self.store.ask(f"SELECT * FROM {columns.split()[0]}"), [])
                with self.assertRaises(Exception):
                    self.store.ask("SELECT * FROM editions")
                self.store.drop()

    def test_documents_of_every_form(self):
        """Verification makes each up of its parts."""
        plain = document("2020-01-01", ALPHA, ("beta", 22, "Text", "Ann_Author"))
        forms = [text.encode() for text in (
            plain.replace("Text", "Lines\nof text"),
            plain.replace("Text", "Lines<br/>of text"),
            plain.replace("Text", "Lines\n\nof [RFC1] text"),
            plain.replace("Text", 'Of <xref type="rfc" data="rfc1"/> and\n[x]'),
            plain.replace("<record>", "<!-- x --><record><!-- y -->").replace("<people>", "<people >"),
            plain.replace("\n", "\r\n"),
            "\ufeff" + plain)]
        forms.append(plain.replace("UTF-8", "ISO-8859-1").replace("Text", "caf\u00e9")
                     .encode("latin-1"))
        forms.append(plain.replace("UTF-8", "UTF-16").encode("utf-16"))
        for i, form in enumerate(forms):
            (self.path / f"{i}.xml").write_bytes(form)
        self.add(*(self.path / f"{i}.xml" for i in range(len(forms))))
        self.verify()
        for i, form in enumerate(forms):
            out = self.path / f"{i}.out"
            self.assert_ran(self.portbook("--as-of", f"2020-01-01.{i + 1}", "export", "-f", "xml",
                                          "-o", out), 0)
            self.assertEqual(out.read_bytes(), form)

    def test_documents_that_can_be_no_edition(self):
        """They are refused, and those beside them are not."""
        files = [self.files / "2020-01-01.xml", self.write("a.xml", document("0000-01-01", ALPHA)),
                 self.files / "2021-01-01.xml"]
        ran = self.portbook("import", *files)
        self.assertEqual((ran.status, len(ran.lines)), (3, 2))
        self.assertIn('"0000-01-01" is no date', ran.err)
        many = [self.write(f"{i}.xml", document("2019-01-01", ("name", i, "Text", "Ann_Author")))
                for i in range(3)]
        self.add(many[0])
        self.store.ask("UPDATE editions SET edition = 201901019998, sequence = 9998 "
                       "WHERE edition = 201901010001")
        for table in ("headers", "notes", "footnotes", "people", "rows"):
            for column in ("since", "until"):
                self.store.ask(f"UPDATE {table} SET {column} = 201901019998 "
                               f"WHERE {column} = 201901010001")
        ran = self.portbook("import", *many[1:], self.files / "2022-01-01.xml")
        self.assertEqual((ran.status, len(ran.lines)), (3, 2))
        self.assertEqual(len(ran.err.splitlines()), 1)
        self.assertIn("more than the limit of 9999 editions of a date", ran.err)
        ran = self.portbook("import", *many[:2])
        self.assertEqual({line.split()[1] for line in ran.lines}, {"held"})
        self.verify()

    def test_texts_are_not_obeyed(self):
        """Neither by SQL, nor by its patterns."""
        names = ["'; DROP TABLE rows; --", '"; DROP TABLE rows', "100%", "a_b", "a\\b", "?1", "$1"]
        rows = [(name.replace('"', "&quot;"), i + 1, name.replace('"', "&quot;"), "Ann_Author")
                for i, name in enumerate(names)]
        self.add(self.write("a.xml", document("2020-01-01", *rows)))
        for i, name in enumerate(names):
            ran = self.portbook("--as-of", "2020-01-01", "search", "--json", name)
            self.assertIn(i + 1, [row["first_port"] for row in ran.json], name)
        ran = self.portbook("--as-of", "2020-01-01", "--json", names[0])
        self.assertEqual([row["first_port"] for row in ran.json], [1])
        self.assertEqual(self.portbook("--as-of", "2020-01-01", "'; DROP TABLE editions").status, 1)
        self.assertEqual(self.portbook("--as-of", "'; DROP TABLE rows", "1").status, 2)
        self.verify()


if not SERVER:
    class Files(EditionsCase):
        """What is about files, and what stands beside them."""

        def test_newest_image(self):
            self.fill("2020-01-01", "2021-01-01")
            image = pathlib.Path(f"{self.store.place}.image")
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

        def rows(self, *arguments):
            return [row["name"] for row in self.portbook(*arguments, "list", "--json").json]

        def test_image_of_another_state(self):
            """One that is not of the store as it is answers nothing."""
            image = pathlib.Path(f"{self.store.place}.image")
            self.fill("2020-01-01")
            old = image.read_bytes(), image.stat().st_mtime_ns
            self.fill("2023-01-01")
            image.write_bytes(old[0])
            os.utime(image, ns=(old[1], old[1]))
            self.assertEqual(self.rows(), ["beta", "alpha"])
            self.fill("2023-01-01")
            self.assertNotEqual(image.read_bytes(), old[0])
            # Another store in its place, with another document of that date.
            self.store.drop()
            self.assertEqual(self.portbook("list").status, 3)
            self.add(self.write("other.xml", document("2023-01-01", GAMMA)))
            self.assertEqual(self.rows(), ["gamma"])
            # A store by two names, which has an image by each.
            link = self.path / "link.db"
            link.symlink_to(self.store.place)
            self.assertEqual(self.rows("--store", link), ["gamma"])
            self.assert_ran(run("--store", link, "import", self.files / "2022-01-01.xml"), 0)
            self.add(self.write("next.xml", document("2024-01-01", ALPHA)))
            self.assertEqual(self.rows("--store", link), ["alpha"])

        def test_interrupted_write(self):
            """Who may write undoes it, also to read; who may not is told."""
            self.fill()
            place, journal = self.store.place, pathlib.Path(f"{self.store.place}-journal")
            db = sqlite3.connect(place)
            db.execute("PRAGMA cache_size=1")
            db.execute("UPDATE rows SET description = hex(zeroblob(20000))")
            files = {path: path.read_bytes() for path in (place, journal)}
            db.close()
            for path, content in files.items():
                path.write_bytes(content)
            os.chmod(self.path, 0o555)
            place.chmod(0o444)
            if os.geteuid() != 0:
                ran = self.portbook("editions")
                self.assertEqual((ran.status, ran.out), (3, ""))
                self.assertIn("a write was interrupted", ran.err)
            os.chmod(self.path, 0o755)
            place.chmod(0o644)
            self.assertEqual(len(self.portbook("editions").lines), 5)
            self.assertFalse(journal.exists())
            self.assert_whole()

        def test_odd_places(self):
            for name in ("-", ":memory:", "file:a.db?mode=memory", "a b", "caf\u00e9", "a%20b?c#d",
                         "--x", "postgresql:", "'; DROP TABLE rows"):
                with self.subTest(name):
                    added = run(f"--store={name}", "import", self.files, cwd=self.path)
                    self.assert_ran(added, 0)
                    self.assertTrue((self.path / name).is_file())
                    ran = run(f"--store={name}", "store", "verify", cwd=self.path)
                    self.assertEqual(ran.out, "4 editions, all as they were added\n")
            for name in ("", "files", "none/a.db", "http://host/a.db", "/dev/null"):
                with self.subTest(name):
                    ran = run(f"--store={name}", "import", self.files, cwd=self.path)
                    self.assertEqual((ran.status, ran.out, len(ran.err.splitlines())), (3, "", 1))

        def test_no_store(self):
            ran = self.portbook("editions")
            self.assertEqual(ran.status, 3)
            self.assertIn(str(self.store.place), ran.err)
            ran = run("--as-of", "2020-01-01", "443")
            self.assertEqual(ran.status, 3)
            self.assertIn("a date needs a store, and there is none", ran.err)
            self.store.place.write_text("no database, but a text that is long enough for one\n" * 9)
            for arguments in (["editions"], ["import", self.files], ["--as-of", "2020-01-01", "1"]):
                ran = self.portbook(*arguments)
                self.assertEqual((ran.status, ran.out), (3, ""))
                self.assertEqual(len(ran.err.splitlines()), 1)

        def test_usual_place(self):
            env = environment(HOME=str(self.path))
            self.assertEqual(run("editions", env=env).status, 3)
            self.assert_ran(run("443/tcp", env=env), 0)
            self.assert_ran(run("import", self.files, env=env), 0)
            self.assertTrue((self.path / ".local/share/portbook/portbook.db").exists())
            self.assert_ran(run("443/tcp", env=env), 1)
            env = environment(HOME=str(self.path), PORTBOOK_STORE=str(self.store.place))
            self.assert_ran(run("import", self.files / "2020-01-01.xml", env=env), 0)
            self.assertEqual(len(run("editions", env=env).lines), 2)
            self.assertEqual(os.stat(self.path / ".local/share/portbook").st_mode & 0o777, 0o700)


if __name__ == "__main__":
    unittest.main()
