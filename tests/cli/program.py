"""Runs the built program, and the made-up registry that the tests read."""

import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PORTBOOK", str(ROOT / "build" / "portbook"))
DATA = pathlib.Path(os.environ.get("PORTBOOK_DATA", ROOT.parent / "shared" / "data"))

ESCAPES = re.compile(r"\033\[[0-9;]*m")

RECORDS = """
<record><protocol>tcp</protocol><description>Reserved</description><number>0</number></record>
<record date="2001-02-03" updated="2020-05-06">
  <name>alpha</name><protocol>tcp</protocol>
  <xref type="person" data="Ann_Author"/>
  <description>Alpha Transfer</description><number>21</number>
  <xref type="rfc" data="rfc959"/>
  <note>Defined TXT keys: u=&lt;username&gt; and a text that is long enough to need several lines
    on any terminal of the usual width, asked by <xref type="person" data="Carl_Contact"/></note>
</record>
<record date="2002-03">
  <name>alpha</name><protocol>udp</protocol>
  <xref type="person" data="Ann_Author"/>
  <description>Alpha Transfer</description><number>21</number>
</record>
<record><protocol>tcp</protocol><description>Unassigned</description><number>22</number></record>
<record date="2003-04-05">
  <name>beta</name><protocol>tcp</protocol>
  <assignee><xref type="person" data="Beta_Inc"/></assignee>
  <xref type="person" data="Carl_Contact"/>
  <description>Beta service</description><number>6000-6063</number>
  <unauthorized>Port 6005 is used elsewhere</unauthorized>
</record>
<record>
  <name>beta</name><protocol>sctp</protocol>
  <description>Beta over SCTP</description><number>6005</number>
</record>
<record><description>Unassigned</description><number>6064-6099</number></record>
<record>
  <name>caf\u00e9s</name><protocol>dccp</protocol>
  <description>Caf\u00e9 \u009b31m of \u6f22\u5b57</description><number>7000</number>
  <sc>1234</sc>
</record>
<record><name>gamma</name><protocol>tcp</protocol><description>Gamma Rays</description></record>
"""

PEOPLE = """
<person id="Ann_Author"><name>Ann Author</name><uri>mailto:ann&amp;authors.example</uri>
  <updated>2020-05-06</updated></person>
<person id="Beta_Inc"><org>Beta Inc.</org><uri>mailto:office&amp;beta.example</uri>
  <uri>https://beta.example</uri></person>
<person id="Carl_Contact"><name>Carl Contact</name><org>Contacts</org></person>
"""

DOCUMENT = f"""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
<title>Made up</title><updated>2024-01-02</updated>{RECORDS}
<people>{PEOPLE}</people>
</registry>
"""


def environment(**changes):
    plain = {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            plain[name] = os.environ[name]
    plain.update(changes)
    return plain


class Ran:
    """How the program ended, and what it wrote."""

    def __init__(self, status, out, err=""):
        self.status, self.out, self.err = status, out, err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.out.splitlines()


def run(*arguments, env=None, **options):
    """The program with its output in files: no terminal anywhere."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run([PROGRAM, *map(str, arguments)], stderr=subprocess.PIPE,
                          env=env or environment(), timeout=60, check=False, **options)
    return Ran(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def run_on_terminal(width, *arguments, env=None):
    """The program on a terminal of that width; everything it writes is in .out."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    child = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=slave, stdout=slave,
                             stderr=slave, env=env or environment(), close_fds=True)
    os.close(slave)
    written = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # EIO: the last one on the other side has gone
            break
        if not piece:
            break
        written += piece
    os.close(master)
    status = child.wait(timeout=60)
    return Ran(status, written.decode().replace("\r\n", "\n"))


class Case(unittest.TestCase):
    """A test with a folder of its own, in which registry.xml is the made-up registry."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.registry = self.folder / "registry.xml"
        self.registry.write_text(DOCUMENT, encoding="utf-8")

    def ask(self, *arguments, **options):
        return run("--registry", self.registry, *arguments, **options)

    def assert_ran(self, ran, status, err=""):
        self.assertEqual((ran.status, ran.err), (status, err))

    def assert_keys(self, ran, expected):
        """The names, ports and transports of the rows in JSON."""
        self.assertEqual([(row["name"], row["first_port"], row["transport"]) for row in ran.json],
                         expected)
