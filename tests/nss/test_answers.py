#!/usr/bin/env python3
"""The module answers as glibc's own source "files" does of the same registry as services(5).

Arguments: the program, the module, the program that asks; and "own" where only that one can load the
module, which is so where sanitizers are in it. What "files" says of all lines is read by enumerating
them; what it says of one name or port follows, as it reads lines from the first on, and is also
asked of it for some. Exits with 77, which is a skip, where there is no namespace to be had.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]

PROGRAM, MODULE, ASK = (str(pathlib.Path(a).resolve()) for a in sys.argv[1:4])
OWN = sys.argv[4:] == ["own"]
os.environ["PORTBOOK"] = PROGRAM

import namespace  # noqa: E402  pylint: disable=wrong-import-position
from program import DOCUMENT, run  # noqa: E402  pylint: disable=wrong-import-position
from test_forms import ALIASES, hostile_document, record  # noqa: E402  pylint: disable=wrong-import-position

COMMAND = namespace.find()

PROTOCOLS = [b"-", b"tcp", b"udp", b"sctp", b"dccp", b"TCP", b"ip"]

MORE = "".join([
    # Letters of both cases are names of their own.
    record("Case", 100, "tcp"), record("case", 100, "tcp"), record("CASE", 99, "udp"),
    # Twice the same, aliases of aliases, of themselves, and of what comes later or not at all.
    record("twice", 101, "tcp"), record("twice", 101, "tcp"), record("twice", 101, "sctp"),
    record("a1", 102, "tcp", "", 'This entry is an alias to "a2".'),
    record("a2", 102, "tcp", "", 'This entry is an alias to "a3".'),
    record("a3", 102, "tcp"), record("b3", 102, "tcp"),
    record("a4", 102, "tcp", "", 'This entry is an alias to "a3".'),
    record("self", 103, "tcp", "", 'This entry is an alias to "self".'),
    record("other", 103, "tcp"),
    record("lost", 103, "tcp", "", 'This entry is an alias to "nobody".'),
    # By name, the lowest port comes first, and of one port TCP.
    record("spread", 900, "dccp"), record("spread", 900, "udp"), record("spread", 65535, "tcp"),
    record("spread", 899, "sctp"), record("spread", "10-20", "tcp"), record("spread", "", "tcp"),
    record("zero", 0, "udp"), record("last", 65535, "dccp"), record("x" * 200, 500, "tcp"),
    "".join(record(f"many{i}", 501, "udp", "", 'This entry is an alias to "many0".' if i else "")
            for i in range(40)),
])


class Expected:
    """What "files" answers, from its lines in their order."""

    def __init__(self, lines):
        self.lines = lines
        self.by_name, self.by_port = {}, {}
        for line in lines:
            name, place, *aliases = line.split(b" ")
            port, protocol = place.split(b"/")
            for known in (b"-", protocol):
                self.by_port.setdefault((port, known), line)
                for spelling in (name, *aliases):
                    self.by_name.setdefault((spelling, known), line)
        self.names = sorted({name for name, _ in self.by_name})

    def answer(self, question):
        kind, key, protocol = question.split(b" ")
        return (self.by_name if kind == b"n" else self.by_port).get((key, protocol), b"-")


def lines_of(output):
    return output.split(b"\n")[:-1]


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.space = namespace.Namespace(COMMAND, self.folder, MODULE)

    def prepare(self, document=None):
        """A registry as services(5) and as the machine's image; none: the built-in one."""
        registry, image = [], None
        if document is not None:
            (self.folder / "registry.xml").write_text(document, encoding="utf-8")
            registry = ["-r", self.folder / "registry.xml"]
            run(*registry, "export", "--format", "image", "-o", self.folder / "image")
            image = (self.folder / "image").read_bytes()
        services = run(*registry, "export", "--format", "services").out.encode()
        self.space.prepare(services, image)
        lines = lines_of(self.space.run("files", [ASK], b"e\n"))
        self.assertEqual(lines.pop(), b"")
        return Expected(lines)

    def ask(self, switch, questions):
        text = b"".join(question + b"\n" for question in questions)
        return lines_of(self.space.run(switch, [ASK], text))

    def check(self, expected, questions):
        wanted = [expected.answer(question) for question in questions]
        for question, got, want in zip(questions, self.ask("portbook", questions), wanted,
                                       strict=True):
            self.assertEqual(got, want, question)

    def check_all(self, expected, ports, step):
        self.assertEqual(lines_of(self.space.run("portbook", [ASK], b"e\ne\n")),
                         2 * [*expected.lines, b""])
        names = {*expected.names, *(n.upper() for n in expected.names[:50]), b"", b"no-such-name"}
        questions = [b"n %b %b" % (name, protocol)
                     for name in sorted(names) for protocol in PROTOCOLS]
        questions += [b"p %d %b" % (port, protocol) for port in ports for protocol in PROTOCOLS]
        self.check(expected, questions)
        # And "files" itself says so.
        some = questions[::step]
        self.assertEqual(self.ask("files", some), [expected.answer(q) for q in some])


class Answers(Case):
    def test_made_up(self):
        text = DOCUMENT.replace("</title>", "</title>" + ALIASES + MORE)
        expected = self.prepare(text)
        self.assertIn(b"a3 102/tcp a2 a4", expected.lines)
        self.check_all(expected, [*range(1100), 7000, 65534, 65535], 1)

    def test_hostile(self):
        self.check_all(self.prepare(hostile_document()), range(990, 1100), 1)

    def test_all_of_the_registry(self):
        expected = self.prepare()
        self.assertGreater(len(expected.lines), 10000)
        self.check_all(expected, range(65536), 1201 if not OWN else 9001)

    def test_own_lines_win(self):
        self.prepare()
        self.space.prepare(b"own 44321/tcp\nhttps 9999/tcp mine\n")
        self.assertEqual(self.ask("files portbook", [
            b"p 44321 tcp", b"p 44321 udp", b"n https tcp", b"n https udp", b"n mine -",
            b"n own tcp", b"n domain udp"]), [
                b"own 44321/tcp", b"pmcd 44321/udp", b"https 9999/tcp mine", b"https 443/udp",
                b"https 9999/tcp mine", b"own 44321/tcp", b"domain 53/udp"])


class State(Case):
    """Which image is asked."""

    def first(self):
        return self.ask("portbook", [b"p 21 tcp"])

    def setUp(self):
        super().setUp()
        self.prepare(DOCUMENT)
        self.image = self.folder / "portbook" / "portbook.db.image"

    def test_the_machine_s(self):
        self.assertEqual(self.first(), [b"alpha 21/tcp"])

    def test_none_that_is_good(self):
        good = self.image.read_bytes()
        for bad in (b"", good[:100], good[:-1], b"x" + good[1:], good[:8] + b"\2" + good[9:]):
            self.image.write_bytes(bad)
            self.assertEqual(self.first(), [b"ftp 21/tcp"])

    def test_not_of_others(self):
        self.image.chmod(0o646)
        self.assertEqual(self.first(), [b"ftp 21/tcp"])

    def test_no_file(self):
        self.image.unlink()
        self.assertEqual(self.first(), [b"ftp 21/tcp"])
        os.mkfifo(self.image)
        self.assertEqual(self.first(), [b"ftp 21/tcp"])


PYTHON = """
import socket, sys
for line in sys.stdin.buffer:
    kind, key, protocol = line.decode().strip("\\n").split(" ")
    more = () if protocol == "-" else (protocol,)
    try:
        found = (str(socket.getservbyname(key, *more)) if kind == "n"
                 else socket.getservbyport(int(key), *more))
    except OSError:
        found = "-"
    sys.stdout.buffer.write(found.encode() + b"\\n")
"""

PERL = r"""
while (<STDIN>) {
    chomp;
    my ($kind, $key, $protocol) = split / /;
    my ($name, $aliases, $port, $is) = $kind eq "n" ? getservbyname($key, $protocol)
                                                    : getservbyport($key, $protocol);
    print defined $name ? "$name $port/$is" . ($aliases ? " $aliases" : "") : "-", "\n";
}
while (my ($name, $aliases, $port, $is) = getservent()) {
    print "$name $port/$is" . ($aliases ? " $aliases" : ""), "\n";
}
"""


@unittest.skipIf(OWN, "other programs cannot load a module with sanitizers in it")
class Programs(Case):
    def setUp(self):
        super().setUp()
        self.expected = self.prepare(DOCUMENT.replace("</title>", "</title>" + ALIASES + MORE))
        self.questions = [b"n %b %b" % (name, protocol) for name in self.expected.names
                          for protocol in PROTOCOLS]
        self.questions += [b"p %d %b" % (port, protocol) for port in [*range(1100), 7000, 65535]
                           for protocol in PROTOCOLS]

    def text(self, questions):
        return b"".join(question + b"\n" for question in questions)

    def test_python(self):
        output = lines_of(self.space.run("portbook", [sys.executable, "-c", PYTHON],
                                         self.text(self.questions)))
        for question, got in zip(self.questions, output, strict=True):
            want = self.expected.answer(question)
            if want != b"-":
                name, place = want.split(b" ")[:2]
                want = place.split(b"/")[0] if question[:1] == b"n" else name
            self.assertEqual(got, want, question)

    @unittest.skipUnless(shutil.which("perl"), "no perl here")
    def test_perl(self):
        questions = [question for question in self.questions if not question.endswith(b" -")]
        output = lines_of(self.space.run("portbook", ["perl", "-e", PERL], self.text(questions)))
        self.assertEqual(output, [self.expected.answer(q) for q in questions] +
                         self.expected.lines)

    def test_getent(self):
        asked = [(question, b"/".join(question.split(b" ")[1:]).removesuffix(b"/-"))
                 for question in self.questions]
        # A key of digits is a port to it, wherever it comes from.
        output = lines_of(self.space.run("portbook", ["getent", "services",
                                                      *(key for _, key in asked)], status=2))
        answers = [self.expected.answer(question) for question, _ in asked]
        told = [b" ".join(line.split()) for line in output]
        self.assertEqual(told, [answer for answer in answers if answer != b"-"])
        listed = lines_of(self.space.run("portbook", ["getent", "services"]))
        self.assertEqual([b" ".join(line.split()) for line in listed], self.expected.lines)


if __name__ == "__main__":
    if not COMMAND:
        print("skipped: no mount namespace is to be had here")
        sys.exit(namespace.SKIPPED)
    unittest.main(argv=sys.argv[:1])
