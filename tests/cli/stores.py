"""Made-up editions, and stores for tests: a file, or a schema of its own on a PostgreSQL server."""

import itertools
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from program import Case, run

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import postgres

# Of a server (tests/postgres.py): the tests are of stores on it, then, and not of files.
SERVER = os.environ.get("PORTBOOK_POSTGRES_URL")

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


class File:
    """A store in a file."""

    def __init__(self, folder, name="portbook.db"):
        self.place = pathlib.Path(folder) / name

    def ask(self, sql):
        db = sqlite3.connect(self.place)
        try:
            with db:
                return [tuple(row) for row in db.execute(sql)]
        finally:
            db.close()

    def drop(self):
        self.place.unlink()


class Schema:
    """A store in a schema of a database; others have theirs. Numbers come back as text."""

    numbers = itertools.count()

    def __init__(self, server=None):
        self.server = server or SERVER
        self.name = f"store{os.getpid()}_{next(self.numbers)}"
        self.place = f"{self.server}&options=-csearch_path%3D{self.name}"
        self.psql(self.server, f"CREATE SCHEMA {self.name}")

    @staticmethod
    def psql(url, sql):
        done = subprocess.run([postgres.program("psql"), "-X", "-q", "-A", "-t", "-F", "\x1f",
                               "-R", "\x1e", "-P", "null=\x1d", "-v", "ON_ERROR_STOP=1", url],
                              input=sql, capture_output=True, text=True, check=False,
                              env={"PATH": os.defpath})
        if done.returncode != 0:
            raise OSError(done.stderr)
        rows = done.stdout.removesuffix("\n").split("\x1e") if done.stdout.strip("\n") else []
        return [tuple(None if cell == "\x1d" else cell for cell in row.split("\x1f"))
                for row in rows]

    def ask(self, sql):
        return self.psql(self.place, sql)

    def drop(self):
        self.psql(self.server, f"DROP SCHEMA {self.name} CASCADE; CREATE SCHEMA {self.name}")


LISTS = {
    "headers": "id, title, category, reference, expert, prolog, header_layout, people_layout, "
               "end_layout",
    "notes": "title, note",
    "footnotes": "anchor, note, verbatim",
    "people": "id, name, organization, uri, updated, verbatim",
    "rows": "name, port, transport, description, assignee, contact, registration_date, "
            "modification_date, reference, service_code, unauthorized_use, notes, elements, "
            "rich, verbatim, name_key, first_port, last_port, state",
}


def dump(store):
    """All that a store says, whichever the engine and the order of the imports."""
    def texts(sql):
        return sorted((tuple(None if cell is None else str(cell) for cell in row)
                       for row in store.ask(sql)), key=repr)
    told = {table: texts(f"SELECT since, until, copy, {columns} FROM {table}")
            for table, columns in LISTS.items()}
    told["editions"] = texts("SELECT edition, date, sequence, updated, format, sha256, row_count, "
                             "person_count, lists FROM editions")
    return told


class StoreCase(Case):
    """A test with a folder and an empty store of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.store = Schema() if SERVER else File(self.path)

    def portbook(self, *arguments, **options):
        return run("--store", self.store.place, *arguments, **options)

    def write(self, name, text):
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return path

    def add(self, *paths):
        ran = self.portbook("import", *paths)
        self.assert_ran(ran, 0)
        return ran

    def verify(self):
        self.assert_ran(self.portbook("store", "verify"), 0)
