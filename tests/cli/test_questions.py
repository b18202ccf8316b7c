#!/usr/bin/env python3
"""lookup, search, list and person: what they find, print and return."""

import csv
import io
import json
import unittest

from program import DATA, Case, run

ALPHA = [("alpha", 21, "tcp"), ("alpha", 21, "udp")]
BETA = [("beta", 6000, "tcp"), ("beta", 6005, "sctp")]


class Lookup(Case):
    def test_forms_of_a_query(self):
        for query, expected in (
                ("21", ALPHA), ("21/udp", ALPHA[1:]), ("6000-6010", BETA),
                ("6000-6010/sctp", BETA[1:]), ("6003", BETA[:1]), ("alpha", ALPHA),
                ("ALPHA/TCP", ALPHA[:1]), ("_alpha._tcp", ALPHA[:1]), ("_beta._udp", BETA[1:]),
                ("gamma", [("gamma", None, "tcp")])):
            with self.subTest(query):
                ran = self.ask("--json", query)
                self.assert_ran(ran, 0)
                self.assert_keys(ran, expected)

    def test_default_command(self):
        self.assertEqual(self.ask("21").out, self.ask("lookup", "21").out)

    def test_several(self):
        ran = self.ask("--json", "gamma", "21/tcp", "beta/sctp")
        self.assert_ran(ran, 0)
        self.assert_keys(ran, [("gamma", None, "tcp"), ALPHA[0], BETA[1]])

    def test_not_assigned(self):
        ran = self.ask("22")
        self.assert_ran(ran, 1)
        self.assertIn("Unassigned", ran.out)
        self.assertIn("assigned by IETF Review or IESG Approval", ran.out)
        ran = self.ask("--json", "6070/udp")
        self.assert_ran(ran, 1)
        self.assertEqual(ran.json[0]["state"], "unassigned")
        self.assertEqual(ran.json[0]["last_port"], 6099)
        self.assertEqual(self.ask("0").status, 1)

    def test_one_of_several_not_assigned(self):
        self.assertEqual(self.ask("21", "22").status, 1)
        self.assertEqual(self.ask("nothing-such", "21").status, 1)

    def test_uncovered(self):
        ran = self.ask("--json", "23")
        self.assert_ran(ran, 1)
        self.assertEqual(len(ran.json), 1)
        row = ran.json[0]
        self.assertEqual((row["name"], row["description"], row["first_port"], row["last_port"],
                          row["transport"], row["state"], row["range"]),
                         (None, None, 23, 23, None, "unassigned", "system"))
        row = self.ask("--json", "21/sctp").json[0]
        self.assertEqual((row["first_port"], row["transport"], row["name"]), (21, "sctp", None))
        self.assertEqual(self.ask("--json", "1023").json[0]["state"], "reserved")
        self.assertEqual(self.ask("--json", "50000").json[0]["range"], "dynamic")

    def test_uncovered_range(self):
        ran = self.ask("--json", "8000-8010")
        self.assert_ran(ran, 1)
        self.assertEqual([(r["first_port"], r["last_port"]) for r in ran.json], [(8000, 8010)])
        ran = self.ask("--json", "49000-50000")
        self.assertEqual([(r["first_port"], r["last_port"], r["range"]) for r in ran.json],
                         [(49000, 49151, "user"), (49152, 50000, "dynamic")])
        self.assertIn("8000-8010", self.ask("8000-8010").out)

    def test_missing_name(self):
        ran = self.ask("alhpa")
        self.assert_ran(ran, 1, 'portbook: no service named "alhpa"; nearest: alpha\n')
        self.assertEqual(ran.out, "")
        self.assertEqual(self.ask("--json", "alhpa").json, [])
        ran = self.ask("qqqqqq", "zzzzzz")
        self.assertEqual(ran.err, 'portbook: no service named "qqqqqq"\n'
                                  'portbook: no service named "zzzzzz"\n')

    def test_missing_transport(self):
        ran = self.ask("alpha/dccp")
        self.assert_ran(ran, 1,
                        'portbook: no service named "alpha" for dccp; it has rows for tcp, udp\n')

    def test_mistyped_transport(self):
        for query, word in (("21/xyz", "xyz"), ("alpha/quic", "quic"), ("6000-6010/t", "t")):
            self.assert_ran(self.ask(query), 1,
                            f'portbook: no service named "{query}"; "{word}" is no transport '
                            "protocol (tcp, udp, sctp, dccp)\n")
        for query in ("/quuux", "quuux/", "quuux/xyz", "21/"):
            self.assert_ran(self.ask(query), 1, f'portbook: no service named "{query}"\n')

    def test_mistyped_command(self):
        self.assertIn("nearest command: search", self.ask("serach", "text").err)
        self.assertNotIn("command", self.ask("lookup", "serach").err)

    def test_no_query(self):
        for query in ("", "65536", "443-80", "/tcp"):
            with self.subTest(query):
                ran = self.ask(query)
                self.assertEqual((ran.status, ran.out), (2, ""))
                self.assertEqual(ran.err.count("\n"), 1)


class Search(Case):
    def test_text(self):
        ran = self.ask("search", "--json", "TRANSFER")
        self.assert_ran(ran, 0)
        self.assert_keys(ran, ALPHA)
        self.assert_keys(self.ask("search", "--json", "alpha", "transfer"), ALPHA)
        self.assert_keys(self.ask("search", "--json", "rfc959"), ALPHA[:1])

    def test_not_in_dates(self):
        ran = self.ask("search", "2001-02-03")
        self.assert_ran(ran, 1, 'portbook: no row holds "2001-02-03"\n')
        self.assertEqual(ran.out, "")
        self.assert_keys(self.ask("search", "--json", "--in", "registration_date", "2001-02-03"),
                         ALPHA[:1])

    def test_in_columns(self):
        self.assert_keys(self.ask("search", "--json", "beta", "--in", "description,references"),
                         BETA)
        self.assert_keys(self.ask("search", "--json", "Beta_Inc", "--in", "assignee"), BETA[:1])
        self.assertEqual(self.ask("search", "Beta_Inc", "--in", "name,contact").status, 1)

    def test_regex(self):
        self.assert_keys(self.ask("search", "--json", "--regex", "^g.*a$"),
                         [("gamma", None, "tcp")])
        self.assertEqual(self.ask("search", "^g.*a$").status, 1)
        ran = self.ask("search", "--regex", "(unclosed")
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (2, "", 1))
        self.assertIn("pattern", ran.err)

    def test_sort(self):
        self.assert_keys(self.ask("search", "--json", "a", "--in", "name", "--sort", "-name,port"),
                         [("gamma", None, "tcp"), ("caf\u00e9s", 7000, "dccp"), *BETA, *ALPHA])

    def test_contacts(self):
        ran = self.ask("search", "--json", "--contacts", "beta service")
        self.assert_ran(ran, 0)
        self.assertEqual(sorted(ran.json), ["people", "rows"])
        self.assertEqual([person["id"] for person in ran.json["people"]],
                         ["Beta_Inc", "Carl_Contact"])
        # Named inside of notes.
        ran = self.ask("search", "--json", "--contacts", "keys")
        self.assertEqual([person["id"] for person in ran.json["people"]],
                         ["Ann_Author", "Carl_Contact"])
        table = self.ask("search", "--contacts", "beta service").out
        self.assertIn("office@beta.example https://beta.example", table)
        ran = self.ask("search", "--contacts", "--format", "csv", "beta")
        self.assertEqual((ran.status, ran.out), (2, ""))
        self.assertEqual(self.ask("search", "--json", "--contacts", "nothing").json,
                         {"rows": [], "people": []})


class Pages(Case):
    def setUp(self):
        super().setUp()
        titles = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
                  "Registration Date,Modification Date,Reference,Service Code,"
                  "Unauthorized Use Reported,Assignment Notes\r\n")
        self.registry = self.folder / "many.csv"
        self.registry.write_text(titles + "".join(
            f"name-{n},{n},tcp,Number {n},,,,,,,,\r\n" for n in range(1, 251)), newline="")

    def ports(self, *arguments):
        return [row["first_port"] for row in self.ask("search", "--json", *arguments).json]

    def test_pages(self):
        self.assertEqual(self.ports("name"), list(range(1, 251)))
        self.assertEqual(self.ports("name", "--page", 1), list(range(1, 101)))
        self.assertEqual(self.ports("name", "--page", 2), list(range(100, 201)))
        self.assertEqual(self.ports("name", "--page", 3), list(range(200, 251)))

    def test_sorted_pages(self):
        self.assertEqual(self.ports("name", "--page", 2, "--sort", "-port"),
                         list(range(151, 50, -1)))

    def test_which_page(self):
        ran = self.ask("search", "name", "--page", 2)
        self.assert_ran(ran, 0, "portbook: page 2 of 3 (250 matches)\n")
        self.assertEqual(len(ran.lines), 102)
        self.assertEqual(self.ask("search", "name", "--page", 2, "--json").err, "")

    def test_no_such_page(self):
        ran = self.ask("search", "name", "--page", 4)
        self.assert_ran(ran, 1, "portbook: no page 4; the 250 matches end on page 3\n")
        self.assertEqual(ran.out, "")


class List(Case):
    def count(self, *arguments):
        return len(self.ask("list", "--json", *arguments).json)

    def test_filters(self):
        self.assertEqual(self.count(), 9)
        self.assertEqual(self.count("--transport", "udp"), 1)
        self.assertEqual(self.count("--transport", "udp,sctp"), 2)
        self.assertEqual(self.count("--state", "unassigned"), 2)
        self.assertEqual(self.count("--state", "assigned,reserved"), 7)
        self.assertEqual(self.count("--range", "system"), 4)
        self.assertEqual(self.count("--range", "user"), 4)
        self.assertEqual(self.count("--ports", "6005"), 2)
        self.assertEqual(self.count("--ports", "22-6000"), 2)
        self.assertEqual(self.count("--ports", "0-65535", "--transport", "tcp", "--state",
                                    "assigned"), 2)

    def test_nothing_passes(self):
        ran = self.ask("list", "--range", "dynamic", "--registered-only")
        self.assert_ran(ran, 1, "portbook: no row passes these filters\n")
        self.assertEqual(ran.out, "")
        self.assertEqual(self.ask("list", "--range", "dynamic", "--json").json, [])

    def test_sort(self):
        rows = self.ask("list", "--json", "--sort", "-port").json
        self.assertEqual([row["first_port"] for row in rows],
                         [7000, 6064, 6005, 6000, 22, 21, 21, 0, None])
        self.assertEqual([row["transport"] for row in rows][5:7], ["tcp", "udp"])


class Person(Case):
    def test_person(self):
        ran = self.ask("person", "carl_contact", "--json")
        self.assert_ran(ran, 0)
        self.assertEqual([person["id"] for person in ran.json["people"]], ["Carl_Contact"])
        self.assertEqual([row["name"] for row in ran.json["rows"]], ["alpha", "beta"])
        table = self.ask("person", "Carl_Contact").out
        self.assertLess(table.index("Carl Contact"), table.index("alpha"))

    def test_id_with_a_blank(self):
        path = self.folder / "blank.xml"
        path.write_text(self.registry.read_text(encoding="utf-8").replace("Carl_Contact",
                                                                           "Carl Contact"),
                        encoding="utf-8")
        for words in (["Carl Contact"], ["carl", "contact"], ["[Carl Contact]"]):
            self.assert_ran(run("-r", path, "person", *words), 0)

    def test_ways_to_write_it(self):
        expected = self.ask("person", "Ann_Author").out
        for words in (["[Ann_Author]"], ["ann", "author"], ["Ann Author"]):
            self.assertEqual(self.ask("person", *words).out, expected)

    def test_missing(self):
        ran = self.ask("person", "contact")
        self.assert_ran(ran, 1,
                        'portbook: no person with the id "contact"; nearest: Carl_Contact\n')
        self.assertEqual(self.ask("person", "contact", "--json").json,
                         {"rows": [], "people": []})

    def test_without_people(self):
        ran = run("person", "Jon_Postel", "--json")
        self.assert_ran(ran, 0)
        self.assertGreater(len(ran.json["rows"]), 1)
        self.assertEqual(ran.json["people"], [])
        self.assertIn("lists no people", run("person", "Nobody_Such").err)


class Formats(Case):
    def test_same_rows(self):
        rows = self.ask("list", "--json").json
        lines = self.ask("list", "--format", "ndjson").lines
        self.assertEqual([json.loads(line) for line in lines], rows)
        for name, dialect in (("csv", {}), ("tsv", {"delimiter": "\t"})):
            text = self.ask("list", "--format", name).out
            read = list(csv.reader(io.StringIO(text, newline=""), **dialect))
            self.assertEqual(len(read), len(rows) + 1)
            self.assertEqual({len(record) for record in read}, {12})
            self.assertEqual([record[0] or None for record in read[1:]],
                             [row["name"] for row in rows])

    def test_plain_table(self):
        ran = self.ask("list", "--registered-only")
        self.assertEqual(len(ran.lines), 10)
        self.assertNotIn("\033", ran.out)
        self.assertNotIn("\u009b", ran.out)
        self.assertIn("\ufffd31m", ran.out)
        self.assertEqual([line for line in ran.lines if line != line.rstrip()], [])
        at = ran.lines[0].index("Transport")
        self.assertEqual({line[at - 2:at] for line in ran.lines}, {"  "})


class Builtin(unittest.TestCase):
    def test_well_known(self):
        row = run("--json", "ssh/tcp").json[0]
        self.assertEqual((row["name"], row["first_port"]), ("ssh", 22))
        self.assertEqual(run("4").status, 1)
        self.assertIn("Unassigned", run("4").out)
        self.assertGreater(len(run("list", "--format", "ndjson").lines), 14000)


@unittest.skipUnless(DATA.is_dir(), "the published editions are not here")
class Published(unittest.TestCase):
    """The publisher's own pages, as captured: some repeated rows were lost in capture."""

    def check(self, page, ids, rows, *arguments):
        ran = run("search", "--json", "--contacts", *arguments)
        found = [(row["name"], row["first_port"], row["transport"]) for row in ran.json["rows"]]
        self.assertEqual(len(found), rows)
        self.assertEqual([person["id"] for person in ran.json["people"]], ids)
        left = iter(found)
        for row in page:
            self.assertIn(row, left)

    @staticmethod
    def read(name):
        text = (DATA / "pages" / name).read_text(encoding="utf-8")
        rows, people = text.split("Contact Information")
        ids = [line[1:line.index("]")] for line in people.splitlines() if line.startswith("[")]
        return rows, ids

    def test_first_page(self):
        text, ids = self.read("2024-11-19-search-pcp.txt")
        page = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()
                if " | tcp |" in line or " | udp |" in line]
        page = [(cells[0], int(cells[1]), cells[2]) for cells in page if len(cells) > 3
                and cells[1].isdigit()]
        self.assertGreater(len(page), 20)
        self.check(page, ids, 23, "-r", DATA / "editions" / "2024-11-19.xml", "pcp")
        self.assertEqual(len(ids), 11)

    def test_second_page(self):
        text, ids = self.read("2025-04-07-search-4-page-2.txt")
        page = [line.split()[:3] for line in text.splitlines()]
        page = [(cells[0], int(cells[1]), cells[2]) for cells in page
                if len(cells) == 3 and cells[1].isdigit() and cells[2] in ("tcp", "udp")]
        self.assertGreater(len(page), 80)
        self.check(page, ids, 101, "-r", DATA / "editions" / "2025-04-07.xml", "4",
                   "--page", "2")


if __name__ == "__main__":
    unittest.main()
