#!/usr/bin/env python3
"""Letters as they are written, and delivered to servers and commands that do all that they may.

    test_mail.py MAIL_ONE GOLDEN [--update]

GOLDEN is a folder of pairs: NAME.json, the parameters of mail_one and the body, and NAME.eml, the
letter.
"""

import email
import email.header
import email.policy
import email.utils
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import server

PROGRAM, GOLDEN = sys.argv[1], pathlib.Path(sys.argv[2])

OK, LATER, REFUSED = 0, 1, 2
MEMORY, SYSTEM, MALFORMED, LIMIT = -1, -2, -3, -4


def run(body="It was granted.\n", command=(), **parameters):
    arguments = [f"{name.replace('_', '-')}={value}" for name, value in parameters.items()]
    done = subprocess.run([PROGRAM, *arguments, *(["--", *command] if command else [])],
                          input=body.encode(), capture_output=True, check=False, timeout=100)
    assert done.returncode == 0 and not done.stderr, (done.returncode, done.stderr.decode())
    return done.stdout


def deliver(*arguments, **parameters):
    """(outcome, reason)"""
    word, outcome, reason = run(*arguments, **parameters).decode().rstrip("\n").split(" ", 2)
    assert word == "outcome"
    return int(outcome), reason


class Golden(unittest.TestCase):
    def test_letters(self):
        cases = sorted(GOLDEN.glob("*.json"))
        self.assertGreater(len(cases), 5)
        for path in cases:
            with self.subTest(path.stem):
                self.check(path)

    def check(self, path):
        given = json.loads(path.read_text(encoding="utf-8"))
        body = given.pop("body")
        text = run(body, **given)
        golden = path.with_suffix(".eml")
        if "--update" in sys.argv:
            golden.write_bytes(text)
        self.assertEqual(text, golden.read_bytes())
        # Another reader's opinion.
        letter = email.message_from_bytes(text, policy=email.policy.default)
        self.assertEqual(letter.defects, [])
        self.assertEqual(letter["Subject"], clean(given.get("subject", "Request 12")))
        name, _ = email.utils.parseaddr(re.sub(r"\r\n", "", dict(letter.raw_items())["To"]))
        name = str(email.header.make_header(email.header.decode_header(name)))
        self.assertEqual(name, clean(given.get("name", "")))
        self.assertEqual(letter["To"].addresses[0].addr_spec, given.get("to", "ada@example.com"))
        self.assertEqual(len(letter["To"].addresses), 1)
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        body = body.replace("\r\n", "\n")
        self.assertEqual(letter.get_content().replace("\r\n", "\n"), body + ("\n" if body and body[-1] != "\n" else ""))
        for line in text.decode("ascii").split("\r\n"):
            self.assertLessEqual(len(line), 78)
            self.assertNotIn("\r", line)
            self.assertNotIn("\n", line)


def clean(text):
    """A line as headers have it."""
    return "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text).strip(" ")


class Smtp(unittest.TestCase):
    def setUp(self):
        self.server = server.Server()
        self.url = f"smtp://127.0.0.1:{self.server.port}"

    def tearDown(self):
        self.server.close()

    def to(self, how, **parameters):
        return deliver(url=self.url, to=how + "@example.com", **parameters)

    def test_taken(self):
        body = "One.\n.\n..\nFrom here\n" + "ü" * 100 + "\nlast"
        self.assertEqual(self.to("ada", body=body), (OK, ""))
        (sender, recipient, text), = self.server.letters
        self.assertEqual((sender, recipient), ("desk@registry.example", "ada@example.com"))
        self.assertEqual(text, run(body))
        self.assertRegex(self.server.commands[0], "^EHLO .")
        self.assertRegex(self.server.commands[1], r"^MAIL FROM:<desk@registry\.example> SIZE=\d+$")

    def test_name_of_this_host(self):
        self.url += "/desk.registry.example"
        self.assertEqual(self.to("ada"), (OK, ""))
        self.assertEqual(self.server.commands[0], "EHLO desk.registry.example")

    def test_goes_once_it_was_taken(self):
        self.assertEqual(self.to("hasty"), (OK, ""))
        self.assertEqual(len(self.server.letters), 1)

    def test_replies(self):
        for how, expected in {
                "busy": (LATER, "the server said: 450 4.2.1 mailbox busy"),
                "later": (LATER, "the server said: 421 closing"),
                "locked": (LATER, "the server said: 530 5.7.0 not for you"),
                "gone": (REFUSED, "the server said: 550 5.1.1 user"),
                "no-data": (REFUSED, "the server said: 554 no data"),
                "spam": (REFUSED, "the server said: 554 5.7.1 looks like spam"),
                "full": (LATER, "the server said: 452 4.3.1 disk full")}.items():
            with self.subTest(how):
                self.assertEqual(self.to(how), expected)
        self.assertEqual(self.server.letters, [])

    def test_broken_off(self):
        for how in ("drop", "drop-after"):
            outcome, reason = self.to(how, body="x" * 500000)
            self.assertEqual(outcome, LATER)
            self.assertTrue(reason)

    def test_hanging(self):
        began = time.monotonic()
        outcome, reason = self.to("hang-after", timeout=500)
        self.assertEqual(outcome, LATER)
        self.assertRegex(reason, "^out of time: ")
        self.assertLess(time.monotonic() - began, 30)

    def test_hanging_at_the_end(self):
        """A letter that was taken is sent, however the server says goodbye."""
        began = time.monotonic()
        self.assertEqual(self.to("no-goodbye"), (OK, ""))
        self.assertEqual(len(self.server.letters), 1)
        self.assertLess(time.monotonic() - began, 30)

    def test_servers_that_refuse_us(self):
        for greeting, reason in {"554 go away": "554 go away", "hang": "out of time",
                                 "421 busy": "421 busy"}.items():
            with server.Server(greeting=greeting) as other:
                outcome, said = deliver(url=f"smtp://localhost:{other.port}",
                                        timeout=1000 if greeting == "hang" else 60000)
                self.assertEqual(outcome, LATER)
                self.assertIn(reason, said)

    def test_no_server(self):
        with server.Server() as other:
            port = other.port
        self.assertEqual(deliver(url=f"smtp://127.0.0.1:{port}")[0], LATER)
        self.assertEqual(deliver(url="smtp://no-such-host.invalid", timeout=5000)[0], LATER)

    def test_no_url(self):
        for url in ("", "localhost", "http://localhost", "file:///etc/passwd", "smtp://",
                    "smtp://user:secret@localhost", "smtp://user@localhost",
                    "smtp://localhost?x", "smtp://localhost#x"):
            outcome, reason = deliver(url=url)
            self.assertEqual(outcome, MALFORMED, url)
            self.assertNotIn("secret", reason)

    def test_options(self):
        self.assertEqual(deliver(url=self.url, timeout=600001)[0], LIMIT)
        self.assertEqual(deliver(url=self.url, command=["/bin/true"])[0], MALFORMED)
        self.assertEqual(deliver(url=self.url, reply_to="a@b\r\nBcc: c@d")[0], MALFORMED)
        # What is wrong with a letter is so for good.
        self.assertEqual(deliver(url=self.url, to="a b@c")[0], REFUSED)
        self.assertEqual(self.server.commands, [])

    def test_no_proxy(self):
        os.environ["all_proxy"] = "http://no-such-host.invalid"
        try:
            self.assertEqual(self.to("ada"), (OK, ""))
        finally:
            del os.environ["all_proxy"]

    def test_failing_memory(self):
        self.assertEqual(self.to("ada", fail=1), (OK, ""))


def run_openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Tls(unittest.TestCase):
    """0.0.0.0 leads to this host, too, and is none of its names."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        run_openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-x509", "-days", "2", "-keyout", "key", "-out", "pem",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:0.0.0.0,DNS:localhost")
        cls.ca = folder / "pem"
        cls.tls = server.context(folder / "pem", folder / "key")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_starttls(self):
        with server.Server(self.tls, login=("desk", "secret")) as one:
            self.assertEqual(deliver(url=f"smtp://0.0.0.0:{one.port}", ca=self.ca, user="desk",
                                     password="secret"), (OK, ""))
            self.assertEqual(one.commands[1], "STARTTLS")
            self.assertEqual(len(one.letters), 1)

    def test_smtps(self):
        with server.Server(self.tls, at_once=True) as one:
            self.assertEqual(deliver(url=f"smtps://localhost:{one.port}", ca=self.ca), (OK, ""))
            self.assertEqual(len(one.letters), 1)

    def test_not_trusted(self):
        with server.Server(self.tls) as one, server.Server(self.tls, at_once=True) as other:
            for url in (f"smtp://0.0.0.0:{one.port}", f"smtps://localhost:{other.port}"):
                outcome, reason = deliver(url=url)
                self.assertEqual(outcome, LATER)
                self.assertIn("certificate", reason)
            self.assertEqual(one.letters + other.letters, [])

    def test_wrong_name(self):
        with server.Server(self.tls, at_once=True) as one:
            self.assertEqual(deliver(url=f"smtps://127.0.0.1:{one.port}", ca=self.ca)[0], LATER)
            self.assertEqual(one.letters, [])

    def test_no_starttls(self):
        with server.Server() as one:
            url = f"smtp://0.0.0.0:{one.port}"
            self.assertEqual(deliver(url=url)[0], LATER)
            self.assertEqual(one.letters, [])
            self.assertEqual(deliver(url=url, plain=1), (OK, ""))
            self.assertEqual(len(one.letters), 1)

    def test_passwords_need_tls(self):
        with server.Server(login=("desk", "secret")) as one:
            outcome, reason = deliver(url=f"smtp://0.0.0.0:{one.port}", plain=1, user="desk",
                                      password="secret")
            self.assertEqual(outcome, MALFORMED)
            self.assertIn("without TLS", reason)
            self.assertEqual(one.commands, [])
            # This host needs none.
            self.assertEqual(deliver(url=f"smtp://localhost:{one.port}", user="desk",
                                     password="secret"), (OK, ""))

    def test_wrong_password(self):
        with server.Server(login=("desk", "secret")) as one:
            for login in ({"user": "desk", "password": "seKret"}, {"user": "desk"}, {}):
                outcome, reason = deliver(url=f"smtp://localhost:{one.port}", **login)
                self.assertEqual(outcome, LATER)
                self.assertNotIn("seKret", reason)
                self.assertNotIn("535", reason)
            self.assertEqual(one.letters, [])


class Command(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.temporary.name) / "letter"

    def tearDown(self):
        self.temporary.cleanup()

    def sh(self, script, **parameters):
        return deliver(command=["/bin/sh", "-c", script, "sh", str(self.file)], **parameters)

    def test_taken(self):
        body = "x" * 250000 + "\nü\n.\nlast\n"
        self.assertEqual(self.sh('cat > "$1"', body=body), (OK, ""))
        self.assertEqual(self.file.read_bytes(), run(body).replace(b"\r\n", b"\n"))

    def test_status(self):
        self.assertEqual(self.sh("cat > /dev/null; echo full; echo more; exit 75"),
                         (LATER, "/bin/sh ended with status 75: full"))
        self.assertEqual(self.sh("cat > /dev/null; echo no such user >&2; exit 67"),
                         (REFUSED, "/bin/sh ended with status 67: no such user"))
        self.assertEqual(self.sh("exit 1"), (REFUSED, "/bin/sh ended with status 1"))
        self.assertEqual(self.sh("kill -9 $$"), (LATER, "/bin/sh was ended by signal 9"))

    def test_one_that_does_not_read(self):
        self.assertEqual(self.sh("exec <&-; sleep 0.1; exit 0", body="x" * 250000)[0], OK)
        self.assertEqual(self.sh("exit 75", body="x" * 250000)[0], LATER)

    def test_one_that_prints_much(self):
        self.assertEqual(self.sh("cat > /dev/null; yes no | head -c 1000000; exit 75"),
                         (LATER, "/bin/sh ended with status 75: no"))

    def test_one_that_hangs(self):
        began = time.monotonic()
        outcome, reason = self.sh("trap '' TERM; echo $$ > \"$1\"; sleep 300; sleep 300",
                                  timeout=1500)
        self.assertEqual((outcome, reason), (LATER, "/bin/sh took longer than 1500 ms"))
        self.assertLess(time.monotonic() - began, 100)
        # It is no more, and what it began neither.
        if self.file.exists() and (text := self.file.read_text(encoding="ascii").strip()):
            self.assertRaises(ProcessLookupError, os.kill, int(text), 0)

    def test_one_that_leaves_something_behind(self):
        """A daemon that keeps what it was given open holds nobody up."""
        began = time.monotonic()
        self.assertEqual(self.sh('cat > /dev/null; sleep 300 & echo $! > "$1"; exit 0'), (OK, ""))
        self.assertLess(time.monotonic() - began, 90)
        os.kill(int(self.file.read_text(encoding="ascii")), 9)

    def test_no_shell_and_no_environment(self):
        os.environ["SECRET"] = "x"
        try:
            self.assertEqual(self.sh('cat > /dev/null; env > "$1"')[0], OK)
        finally:
            del os.environ["SECRET"]
        self.assertNotIn("SECRET", self.file.read_text(encoding="utf-8"))
        self.assertEqual(deliver(command=["/bin/echo", "$(id)", ";", "|"])[0], OK)

    def test_none(self):
        self.assertEqual(deliver(command=["/no/such/program"]),
                         (SYSTEM, "cannot run /no/such/program: No such file or directory"))
        self.assertEqual(deliver(command=["true"])[0], MALFORMED)

    def test_failing_memory(self):
        self.assertEqual(self.sh("cat > /dev/null", fail=1), (OK, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
