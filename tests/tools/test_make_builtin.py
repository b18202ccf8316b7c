#!/usr/bin/env python3
"""Tests of tools/make-builtin.py and of the file it made.

Run from the repository's root: python3 tests/tools/test_make_builtin.py
"""

import csv
import importlib.util
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "tools" / "make-builtin.py"
DATA = ROOT / "data" / "service-names-port-numbers.csv"

# The script's name is no module name, so it cannot be imported by it; and
# a compiled copy beside it would only be in the way.
sys.dont_write_bytecode = True
_spec = importlib.util.spec_from_file_location("make_builtin", SCRIPT)
make = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make)

ALIAS_TEXT = ('IANA assigned this well-formed service name as a replacement '
              'for "%s".')


def record(name, port, transport, description, **details):
    """A record of the old package, which leaves empty columns out."""
    fields = {"ServiceName": name, "PortNumber": port,
              "TransportProtocol": transport, "Description": description}
    fields.update(details)
    return {key: value for key, value in fields.items() if value}


def made(records, ports):
    """The rows on the numbers the inputs speak of, cut to four fields."""
    return [tuple(row[:4]) for row in full(records, ports)]


def full(records, ports):
    """The rows made of the inputs without the ranges of numbers left over.

    What stands on no number of the inputs is one long unassigned range or
    two; it is looked at by its own test alone.
    """
    old = {row["PortNumber"] for row in records if "PortNumber" in row}
    new = {key.split("/")[0] for key in ports}
    return [row for row in make.registry(records, ports)
            if not row[make.PORT] or row[make.PORT] in old | new]


class SingleRows(unittest.TestCase):
    """Rows of one number and one transport."""

    def test_unchanged_keeps_every_detail(self):
        old = record("http", "80", "tcp", "World Wide\n  Web",
                     Assignee="[A]", Contact="[C]",
                     RegistrationDate="1999-01", ModificationDate="2000-01",
                     Reference="[RFC1]", ServiceCode="7",
                     KnownUnauthorizedUses="yes", AssignmentNotes="n")
        rows = full([old], {"80/tcp": ["http", "World Wide Web"]})
        self.assertEqual(rows, [[
            "http", "80", "tcp", "World Wide\n  Web", "[A]", "[C]",
            "1999-01", "2000-01", "[RFC1]", "7", "yes", "n"]])

    def test_newer_description_wins_details_stay(self):
        old = record("http", "80", "tcp", "Old text", Assignee="[A]")
        rows = full([old], {"80/tcp": ["http", "New text"]})
        self.assertEqual(rows[0][3:5], ["New text", "[A]"])

    def test_newer_description_keeps_alias_sentence(self):
        old = record("a-b", "70", "tcp", "Old\n" + ALIAS_TEXT % "a_b")
        rows = full([old], {"70/tcp": ["a-b", "New"]})
        self.assertEqual(rows[0][3], "New\n" + ALIAS_TEXT % "a_b")

    def test_alias_sentence_alone_is_not_written_twice(self):
        old = record("a-b", "70", "tcp", ALIAS_TEXT % "a_b")
        rows = full([old], {"70/tcp": ["a-b", ALIAS_TEXT % "a_b"]})
        self.assertEqual(rows[0][3], ALIAS_TEXT % "a_b")

    def test_replaced_loses_details(self):
        old = record("urn", "70", "tcp", "Urn", Assignee="[A]")
        rows = full([old], {"70/tcp": ["vase", "Vase"]})
        self.assertEqual(rows, [make.bare_row("vase", 70, "tcp", "Vase")])

    def test_renamed_with_same_text_keeps_details(self):
        old = record("urn", "70", "tcp", "Urn", Assignee="[A]")
        rows = full([old], {"70/tcp": ["urn2", "Urn"]})
        self.assertEqual(rows[0][:5], ["urn2", "70", "tcp", "Urn", "[A]"])

    def test_deassigned_loses_name_and_details(self):
        old = record("urn", "70", "tcp", "Urn", Assignee="[A]")
        rows = full([old], {"70/tcp": ["", "Reserved"]})
        self.assertEqual(rows, [make.bare_row("", 70, "tcp", "Reserved")])

    def test_unnamed_keeps_details_with_its_text_only(self):
        old = record("", "70", "tcp", "any private thing", Assignee="[A]")
        kept = full([old], {"70/tcp": ["", "any private thing"]})
        self.assertEqual(kept[0][4], "[A]")
        lost = full([old], {"70/tcp": ["", "Reserved"]})
        self.assertEqual(lost, [make.bare_row("", 70, "tcp", "Reserved")])

    def test_new_number(self):
        self.assertEqual(
            made([], {"71/udp": ["", "Reserved"], "71/tcp": ["new", "New"]}),
            [("new", "71", "tcp", "New"), ("", "71", "udp", "Reserved")])

    def test_new_transport_is_put_in_the_publishers_order(self):
        old = [record("x", "70", "tcp", "X"), record("x", "70", "sctp", "X")]
        ports = {"70/tcp": ["x", "X"], "70/sctp": ["x", "X"],
                 "70/dccp": ["x", "X"], "70/udp": ["x", "X"]}
        self.assertEqual([row[2] for row in made(old, ports)],
                         ["tcp", "udp", "sctp", "dccp"])

    def test_removed_is_removed(self):
        old = [record("x", "70", "tcp", "X"), record("x", "70", "udp", "X")]
        self.assertEqual(made(old, {"70/tcp": ["x", "X"]}),
                         [("x", "70", "tcp", "X")])

    def test_dynamic_ports_have_no_rows(self):
        old = [record("x", "49152", "tcp", "X"),
               record("", "49151-49160", "", "Reserved")]
        rows = make.registry(old, {"49152/tcp": ["x", "X"]})
        self.assertEqual([row[1] for row in rows], ["0-49150", "49151"])


class SeveralNames(unittest.TestCase):
    """The newer package names the last row of a port and transport only."""

    OLD = [record("a-b", "70", "tcp", "Text\n" + ALIAS_TEXT % "a_b"),
           record("a_b", "70", "tcp", "Text",
                  AssignmentNotes='This entry is an alias to "a-b".'),
           record("a-b", "70", "udp", "Text\n" + ALIAS_TEXT % "a_b"),
           record("a_b", "70", "udp", "Text")]

    def test_other_names_and_the_order_stay(self):
        ports = {"70/tcp": ["a_b", "Text"], "70/udp": ["a_b", "Text"]}
        self.assertEqual([row[0:4:2] for row in made(self.OLD, ports)],
                         [("a-b", "tcp"), ("a_b", "tcp"),
                          ("a-b", "udp"), ("a_b", "udp")])

    def test_aliases_share_the_newer_text(self):
        rows = made(self.OLD[:2], {"70/tcp": ["a_b", "Better"]})
        self.assertEqual([row[3] for row in rows],
                         ["Better\n" + ALIAS_TEXT % "a_b", "Better"])

    def test_other_services_keep_their_own_text(self):
        old = [record("www", "70", "tcp", "One"),
               record("http", "70", "tcp", "Two")]
        rows = made(old, {"70/tcp": ["http", "Three"]})
        self.assertEqual([row[3] for row in rows], ["One", "Three"])

    def test_none_of_the_names_means_all_replaced(self):
        self.assertEqual(made(self.OLD[:2], {"70/tcp": ["new", "New"]}),
                         [("new", "70", "tcp", "New")])

    def test_no_name_means_all_removed(self):
        self.assertEqual(made(self.OLD[:2], {"70/tcp": ["", "Reserved"]}),
                         [("", "70", "tcp", "Reserved")])

    def test_the_lone_old_name_gives_way(self):
        old = [record("red", "71", "tcp", "Painting"),
               record("red", "71", "udp", "Painting")]
        ports = {"71/tcp": ["blue", "Painting the sky"],
                 "71/udp": ["red", "Painting"]}
        self.assertEqual([row[0] for row in made(old, ports)],
                         ["blue", "red"])

    def test_the_name_that_an_rfc_keeps_stays(self):
        old = [record("ipp", "631", "tcp", "Printing"),
               record("ipp", "631", "udp", "Printing")]
        ports = {"631/tcp": ["ipps", "Printing over HTTPS"],
                 "631/udp": ["ipp", "Printing"]}
        self.assertEqual([row[0:3:2] for row in made(old, ports)],
                         [("ipp", "tcp"), ("ipps", "tcp"), ("ipp", "udp")])


class RangeRows(unittest.TestCase):
    """Rows without transport, rows of ranges, and numbers left over."""

    @staticmethod
    def ranges(records, ports):
        return [tuple(row[:4]) for row in make.registry(records, ports)
                if not make.is_single(row)]

    def test_cut_by_new_entries(self):
        old = [record("", "0-49151", "", "Unassigned")]
        ports = {"0/tcp": ["", "Reserved"], "5/udp": ["x", "X"],
                 "7/tcp": ["y", "Y"]}
        self.assertEqual(self.ranges(old, ports), [
            ("", "1-4", "", "Unassigned"), ("", "6", "", "Unassigned"),
            ("", "8-49151", "", "Unassigned")])

    def test_numbers_left_over_join_their_neighbours(self):
        old = [record("", "0-9", "", "Unassigned"),
               record("x", "10", "tcp", "X"),
               record("", "11-49151", "", "Unassigned")]
        self.assertEqual(self.ranges(old, {}),
                         [("", "0-49151", "", "Unassigned")])

    def test_rows_that_tell_more_stay_apart(self):
        old = [record("", "0-9", "", "Unassigned"),
               record("", "10", "", "Unassigned",
                      ModificationDate="2001-01-01"),
               record("", "11-20", "", "Reserved"),
               record("", "21-49151", "", "Unassigned")]
        self.assertEqual([row[1] for row in self.ranges(old, {})],
                         ["0-9", "10", "11-20", "21-49151"])

    def test_unauthorized_use_stays_with_the_number_it_names(self):
        old = [record("", "100-199", "", "Unassigned",
                      KnownUnauthorizedUses="Known on ports 120-121")]
        rows = {row[1]: row[make.UNAUTHORIZED] for row in
                make.registry(old, {"150/tcp": ["x", "X"]})}
        self.assertEqual(rows["100-149"], "Known on ports 120-121")
        self.assertNotIn("151-199", rows)  # plain now, so joined onward
        self.assertEqual(rows["151-49151"], "")

    def test_unauthorized_use_of_no_number_stays_everywhere(self):
        old = [record("", "100-199", "", "Unassigned",
                      KnownUnauthorizedUses="yes")]
        rows = {row[1]: row[make.UNAUTHORIZED] for row in
                make.registry(old, {"150/tcp": ["x", "X"]})}
        self.assertEqual((rows["100-149"], rows["151-199"]), ("yes", "yes"))

    def test_assigned_ranges_stay(self):
        old = [record("x11", "6000-6063", "tcp", "X", Assignee="[S]"),
               record("x11", "6000-6063", "udp", "X"),
               record("swx", "7300", "", "Swiss")]
        rows = self.ranges(old, {"6064/tcp": ["x", "X"]})
        self.assertEqual([row for row in rows if row[0]], [
            ("x11", "6000-6063", "tcp", "X"),
            ("x11", "6000-6063", "udp", "X"), ("swx", "7300", "", "Swiss")])
        self.assertNotIn("6000-6063", [row[1] for row in rows if not row[0]])

    def test_assigned_range_is_cut_where_contradicted(self):
        old = [record("x11", "10-19", "tcp", "X"),
               record("x11", "10-19", "udp", "X")]
        rows = self.ranges(old, {"15/tcp": ["y", "Y"]})
        self.assertEqual([row[1:3] for row in rows if row[0]],
                         [("10-14", "tcp"), ("10-19", "udp"),
                          ("16-19", "tcp")])

    def test_overlapping_old_ranges_are_told_once(self):
        old = [record("", "10-20", "", "Reserved"),
               record("", "15-25", "", "Reserved")]
        rows = self.ranges(old, {})
        self.assertEqual([row[1] for row in rows if row[3] == "Reserved"],
                         ["10-20", "21-25"])


class PortlessRows(unittest.TestCase):

    def test_kept_last_and_in_their_order(self):
        old = [record("zeta", "", "udp", "Z", AssignmentNotes="n"),
               record("alpha", "", "", "A"),
               record("x", "70", "tcp", "X")]
        rows = full(old, {"70/tcp": ["x", "X"]})
        self.assertEqual([row[0] for row in rows], ["x", "zeta", "alpha"])
        self.assertEqual(rows[1][11], "n")


class Form(unittest.TestCase):

    def test_fields_are_quoted_only_where_needed(self):
        rows = [["a b", "1", "tcp", 'say "x"', "c,d", "e\nf"] + [""] * 6]
        lines = make.csv_text(rows).split("\r\n")
        self.assertTrue(lines[0].startswith("Service Name,Port Number,"))
        self.assertEqual(lines[1],
                         'a b,1,tcp,"say ""x""","c,d","e\nf",,,,,,')
        self.assertEqual(lines[2:], [""])

    def test_unknown_column_is_refused(self):
        with self.assertRaises(SystemExit):
            make.registry([{"Colour": "red"}], {})


class Program(unittest.TestCase):
    """The script as it is run, on made-up packages."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        old = [record("x", "70", "tcp", "X")]
        self.package("old", make.OLD, old)
        self.package("new", make.NEW, {"70/tcp": ["x", "X"]})

    def package(self, name, package, content):
        inside = self.folder / name / "package"
        inside.mkdir(parents=True)
        (inside / package["member"]).write_text(json.dumps(content))

    def run_on(self, old, new):
        output = self.folder / "out.csv"
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "-o", str(output),
             str(self.folder / old), str(self.folder / new)],
            capture_output=True, text=True, check=False)
        return done, output

    def test_the_same_bytes_each_time(self):
        done, output = self.run_on("old", "new")
        self.assertEqual(done.returncode, 0, done.stderr)
        first = output.read_bytes()
        # A package's inner folder may be given as well.
        self.run_on("old/package", "new/package")
        self.assertEqual(output.read_bytes(), first)
        self.assertIn(b"\r\nx,70,tcp,X,,,,,,,,\r\n", first)

    def test_tarball_of_another_version_is_refused(self):
        with tarfile.open(self.folder / "old.tgz", "w:gz") as archive:
            archive.add(self.folder / "old" / "package", "package")
        done, output = self.run_on("old.tgz", "new")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("checksum", done.stderr)
        self.assertFalse(output.exists())


class MadeFile(unittest.TestCase):
    """data/service-names-port-numbers.csv itself."""

    @classmethod
    def setUpClass(cls):
        cls.bytes = DATA.read_bytes()
        text = cls.bytes.decode("utf-8")
        cls.rows = list(csv.reader(io.StringIO(text, newline="")))
        cls.header = cls.rows.pop(0)
        cls.numbered = [row for row in cls.rows if row[make.PORT]]

    def test_header_and_twelve_fields(self):
        self.assertEqual(self.header, [title for title, _ in make.COLUMNS])
        self.assertEqual({len(row) for row in self.rows}, {12})

    def test_form_is_the_publishers(self):
        text = make.csv_text(self.rows)
        self.assertEqual(text.encode("utf-8"), self.bytes)
        self.assertFalse(any("\r" in field for row in self.rows
                             for field in row))

    def test_order(self):
        firsts = [make.numbers_of(row)[0] for row in self.numbered]
        self.assertEqual(firsts, sorted(firsts))
        self.assertEqual(self.rows[:len(self.numbered)], self.numbered)

    def test_fields_are_of_their_kind(self):
        for row in self.numbered:
            self.assertRegex(row[make.PORT], r"\A\d+(-\d+)?\Z")
            self.assertIn(row[make.TRANSPORT],
                          ["", "tcp", "udp", "sctp", "dccp"])
            numbers = make.numbers_of(row)
            self.assertTrue(0 <= numbers[0] <= numbers[-1]
                            <= make.LAST_PORT, row)
        for row in self.rows:
            self.assertTrue(row[make.NAME] or row[make.PORT], row)

    def test_every_number_has_a_row(self):
        seen = {number for row in self.numbered
                for number in make.numbers_of(row)}
        self.assertEqual(seen, set(range(make.LAST_PORT + 1)))

    def test_no_row_contradicts_another(self):
        singles, ranges, without = set(), set(), set()
        for row in self.numbered:
            for number in make.numbers_of(row):
                key = (number, row[make.TRANSPORT])
                if make.is_single(row):
                    singles.add(key)
                elif key[1]:
                    self.assertNotIn(key, ranges)
                    ranges.add(key)
                else:
                    self.assertNotIn(number, without)
                    without.add(number)
        self.assertFalse(singles & ranges)
        self.assertFalse(without & {number for number, _ in singles | ranges})

    def test_an_unnamed_row_stands_alone(self):
        groups = {}
        for row in self.numbered:
            key = (row[make.PORT], row[make.TRANSPORT])
            groups.setdefault(key, []).append(row[make.NAME])
        for key, names in groups.items():
            self.assertTrue(all(names) or len(names) == 1, key)
            self.assertEqual(len(names), len(set(names)), key)

    def test_well_known_entries(self):
        entries = {tuple(row[:3]) for row in self.rows}
        for entry in [("ssh", "22", "tcp"), ("domain", "53", "udp"),
                      ("http", "80", "tcp"), ("https", "443", "udp"),
                      ("submissions", "465", "tcp"), ("urd", "465", "tcp"),
                      ("ipp", "631", "tcp"), ("ipps", "631", "tcp"),
                      ("domain-s", "853", "tcp"),
                      ("x11", "6000-6063", "tcp"), ("sql-net", "66", "tcp"),
                      ("sql*net", "66", "tcp"), ("", "49151", "")]:
            self.assertIn(entry, entries)


if __name__ == "__main__":
    unittest.main()
