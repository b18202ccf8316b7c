"""The SQLite extension as the sqlite3 program loads it, against what portbook exports.

    PORTBOOK=PROGRAM PORTBOOK_SQLITE=EXTENSION test_sqlite.py
"""

import csv
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["PORTBOOK"]
EXTENSION = os.environ["PORTBOOK_SQLITE"].removesuffix(".so")
SKIPPED = 77  # meson's

# No store: the built-in registry.
ENVIRONMENT = dict(os.environ, XDG_DATA_HOME="/nowhere", PORTBOOK_STORE="")

SMALL = """Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,\
Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,\
Assignment Notes
late,7,tcp,An alias,,,,,,,,"This entry is an alias to ""early""."
early,7,tcp,The name,,,,,,,,
Wide,10-20,udp,A range,,,,,,,,
,21,udp,Reserved,,,,,,,,
portless,,,No port,,,,,,,,
"""


def portbook(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True,
                          env=ENVIRONMENT, timeout=120).stdout


def sqlite(script, *options):
    return subprocess.run(["sqlite3", "-batch", "-bail", "-csv", *options, ":memory:"],
                          input=f".load {EXTENSION}\n.nullvalue NULL\n{script}\n", text=True,
                          capture_output=True, check=False, timeout=120)


class Sqlite(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="portbook-sqlite-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def rows(self, script):
        done = sqlite(script)
        self.assertEqual((done.returncode, done.stderr), (0, ""), script)
        return list(csv.reader(io.StringIO(done.stdout, newline="")))

    def row(self, expressions):
        row, = self.rows(f"select {expressions};")
        return row

    def built_in(self, script):
        """With the built-in registry, whichever the machine's is."""
        portbook("export", "--format", "image", "-o", self.path("built-in"))
        return self.rows(f"""create temp table opened as
                             select portbook_open('{self.path("built-in")}');\n{script}""")

    def small(self, script):
        pathlib.Path(self.path("small.csv")).write_text(SMALL, encoding="utf-8")
        portbook("--registry", self.path("small.csv"), "export", "--format", "image", "-o",
                 self.path("small"))
        return self.rows(f"""create temp table opened as
                             select portbook_open('{self.path("small")}');\n{script}""")

    def test_arguments(self):
        self.assertEqual(self.row("service_name(443, 'tcp'), service_name(443, 'TCP'), "
                                  "service_name(443, 6), service_name('443', '17')"),
                         ["https"] * 4)
        self.assertEqual(self.row("service_port('https', 'tcp'), service_port('HTTPS', 132), "
                                  "service_port('https', 'Udp')"), ["443"] * 3)
        self.assertEqual(self.row("port_state(443, 'tcp'), port_state(0, 33), "
                                  "port_state(1024, 'sctp'), port_state(65535, 'udp')"),
                         ["assigned", "reserved", "reserved", "unassigned"])

    def test_no_answer(self):
        for port in ("null", "-1", "65536", "443.5", "'443a'", "''", "x'343433'", "1e300",
                     "9223372036854775807"):
            self.assertEqual(self.row(f"service_name({port}, 'tcp'), port_state({port}, 6)"),
                             ["NULL"] * 2, port)
        for transport in ("null", "''", "'icmp'", "1", "-6", "6.5", "'tcp '", "x'746370'",
                          "'tcp' || char(0)"):
            self.assertEqual(self.row(f"service_name(443, {transport}), "
                                      f"service_port('https', {transport}), "
                                      f"port_state(443, {transport})"), ["NULL"] * 3, transport)
        for name in ("null", "''", "443", "'no-such-name'", "x'6874747073'",
                     "'https' || char(0)", "hex(zeroblob(1000))"):
            self.assertEqual(self.row(f"service_port({name}, 'tcp')"), ["NULL"], name)

    def test_every_port(self):
        """Names are the dictionary's, and those of rows without a transport, which are of all."""
        pathlib.Path(self.path("names.csv")).write_bytes(
            portbook("export", "--format", "dictionary"))
        counts = self.built_in(f""".import {self.path("names.csv")} names
            create index by_port on names (port, transport);
            create table asked as
              with transports (transport) as (values ('tcp'), ('udp'), ('sctp'), ('dccp'))
              select value as port, transport from generate_series(0, 65535), transports;
            create table known as
              select cast(port as integer) as port, transport, nullif(name, '') as name from names
              union all
              select value, t.transport, name
                from portbook_rows as r, generate_series(r.first_port, r.last_port),
                     (select distinct transport from asked) as t
               where r.transport is null and r.state = 'assigned';
            create unique index by_port_transport on known (port, transport);
            select count(*), count(k.name), sum(service_name(a.port, a.transport) is not k.name),
                   sum((port_state(a.port, a.transport) = 'assigned') is not
                       (k.port is not null))
              from asked as a left join known as k using (port, transport);
        """)
        self.assertEqual(counts[0][0], str(4 * 65536))
        self.assertGreater(int(counts[0][1]), 10000)
        self.assertEqual(counts[0][2:], ["0", "0"])

    def test_every_name(self):
        """The port of a name is that of its first row with one."""
        counts = self.built_in("""
            create table r as select rowid as number, * from portbook_rows();
            create index by_name on r (name collate nocase, transport, number);
            select count(*), sum(service_port(name, transport) is not
                   (select first_port from r as o where o.name = r.name collate nocase
                      and o.transport = r.transport and o.state = 'assigned'
                      and o.first_port is not null order by o.number limit 1))
              from r where name is not null and transport is not null;
        """)
        self.assertGreater(int(counts[0][0]), 10000)
        self.assertEqual(counts[0][1], "0")

    def test_every_row(self):
        exported = list(csv.reader(io.StringIO(
            portbook("export", "--format", "csv").decode(), newline="")))
        rows = self.built_in(".nullvalue ''\nselect * from portbook_rows();")
        self.assertEqual([row[:12] for row in rows],
                         [[text.replace("\r\n", "\n") for text in row] for row in exported[1:]])
        for row in rows:
            first, _, last = row[1].partition("-")
            self.assertEqual(row[12:14], [first, last or first], row)
            self.assertEqual(row[15] == "", first == "", row)

    def test_conditions(self):
        """Whatever is found by an index is found without."""
        for condition in ("name = 'https'", "name = 'HTTPS'", "name = 'HTTPS' collate nocase",
                          "name = 'https ' collate rtrim", "name = ''", "name = 443",
                          "name = null", "port = '443'", "port = 443", "port = '6000-6063'",
                          "port = '06000'", "port = 'x'", "port = null", "first_port = 443",
                          "first_port = '443'", "first_port = 443.0", "last_port = 6063",
                          "first_port = 70000", "first_port = -1", "last_port = null",
                          "443 = first_port and 'tcp' = transport",
                          "first_port = 443 and transport = 'TCP' collate nocase",
                          "first_port = 443 and transport = 6",
                          "name = 'https' and transport = 'tcp'", "name is null",
                          "name = 'http' and port = '80'", "transport is null and name = 'ftp'",
                          "first_port in (80, 443, 80)", "name in ('http', 'x', 'ssh')",
                          "first_port <= 6010 and last_port >= 6010", "rowid = 790"):
            found, = self.rows(f"""
                create table r as select rowid as number, * from portbook_rows();
                select (select group_concat(rowid) from (select rowid from portbook_rows
                          where {condition} order by rowid)),
                       (select group_concat(number) from (select number from r
                          where {condition.replace("rowid", "number")} order by number));""")
            self.assertEqual(found[0], found[1], condition)

    def test_indexes(self):
        for condition, plan in (("name = 'x'", 1), ("port = '1'", 2), ("last_port = 1", 2),
                                ("first_port = 1 and transport = 'tcp'", 6),
                                ("name = 'x' and first_port = 1 and transport = 'tcp'", 5),
                                ("transport = 'tcp'", 0), ("name > 'x'", 0),
                                ("name = 'x' collate rtrim", 0)):
            done = sqlite(f"explain query plan select * from portbook_rows where {condition};")
            self.assertIn(f"VIRTUAL TABLE INDEX {plan}:", done.stdout, condition)
        joined, = self.rows("""select count(*) from (values (22), (80), (443), (null)) as t
                               join portbook_rows as r on r.first_port = t.column1
                                and r.transport = 'tcp';""")
        self.assertGreater(int(joined[0]), 2)

    def test_small(self):
        """Of several names one that is no alias; ranges; rows without a transport."""
        found = self.small("""
            select service_name(7, 'tcp'), service_name(15, 'udp'), service_name(21, 'udp'),
                   service_port('wide', 17), service_port('late', 'tcp'),
                   service_port('portless', 'tcp'), port_state(21, 'udp'), port_state(22, 'udp'),
                   portbook_edition();""")
        self.assertEqual(found, [["early", "Wide", "NULL", "10", "7", "NULL", "reserved",
                                  "unassigned", "NULL"]])
        self.assertEqual(self.small("select name, rowid from portbook_rows where last_port = 20;"),
                         [["Wide", "3"]])

    def test_open(self):
        for path in ("/nowhere/at/all", self.folder.name, sys.executable):
            done = sqlite(f"select portbook_open('{path}');")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"portbook_open: {path}: ", done.stderr)
        done = sqlite("select portbook_open('a' || char(0));")
        self.assertIn("NUL", done.stderr)
        damaged = bytearray(portbook("export", "--format", "image"))
        damaged[len(damaged) // 2] ^= 1
        pathlib.Path(self.path("damaged")).write_bytes(damaged)
        done = sqlite(f"select portbook_open('{self.path('damaged')}');")
        self.assertEqual(done.returncode, 1)

    def test_open_meanwhile(self):
        """A scan goes on in the registry that it began with."""
        count, = self.small("select count(*) from portbook_rows;")
        rows = self.small("""select r.name, portbook_open(null) is null and 0
                               from portbook_rows as r;""")
        self.assertEqual(count, ["5"])
        self.assertEqual([name for name, _ in rows], ["late", "early", "Wide", "NULL", "portless"])

    def test_safety(self):
        view = "pragma trusted_schema = off; create view v as select {} as x; select x from v;"
        self.assertEqual(self.rows(view.format("service_name(22, 'tcp')")), [["ssh"]])
        self.assertEqual(self.rows(view.format("(select max(name) from portbook_rows "
                                               "where first_port = 22)")), [["ssh"]])
        done = sqlite(view.format("portbook_open(null)"))
        self.assertIn("unsafe use of portbook_open", done.stderr)
        self.assertEqual(self.rows("""create table t (port, transport);
            create index by_service on t (service_name(port, transport));
            insert into t values (443, 'tcp'), (22, 'tcp'), (1, 'none');
            select port from t where service_name(port, transport) = 'ssh';"""), [["22"]])
        done = sqlite("create virtual table t using portbook_rows;")
        self.assertIn("no such module", done.stderr)


if __name__ == "__main__":
    if not shutil.which("sqlite3"):
        print("skipped: sqlite3 is not installed (tools/deps.sh test installs it)")
        sys.exit(SKIPPED)
    unittest.main()
