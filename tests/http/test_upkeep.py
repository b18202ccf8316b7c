#!/usr/bin/env python3
"""What a server does for its desk by itself: letters go out, also those of before it began."""

import pathlib
import subprocess
import tempfile
import time
import unittest

from serving import PROGRAM, SECONDS, Server, environment

APPLICATION = ["procedure=port", "ports=any", "transports=tcp", "description=Text",
               "assignee_name=Ada Lovelace", "assignee_email=ada@example.org"]


class Upkeep(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.store = self.path / "store.db"
        self.letters = self.path / "letters"
        self.command = self.path / "command"
        self.command.write_text(f"#!/bin/sh\nexec cat >> '{self.letters}'\n")
        self.command.chmod(0o755)

    def portbook(self, *arguments):
        ran = subprocess.run([PROGRAM, "--store", self.store, "request", *arguments],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=environment(), timeout=SECONDS)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def begin(self):
        self.portbook("init", "--as", "root")
        self.portbook("account", "add", "ada", "--email", "ada@example.org", "--as", "root")

    def file(self, name):
        self.portbook("new", f"name={name}", *APPLICATION, "--as", "ada")

    def wait_for(self, text):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if self.letters.exists() and text in self.letters.read_text():
                return
            time.sleep(0.05)
        self.fail(f"no letter has {text!r}")

    def serve(self, *arguments):
        server = Server("--store", self.store, *arguments)
        self.addCleanup(server.stop)
        return server

    def test_letters(self):
        self.begin()
        self.file("before")
        server = self.serve("--mail", self.command, "--mail-from", "desk@example.org")
        self.wait_for("before")
        self.file("since")
        self.wait_for("since")
        self.assertEqual(server.stop(), 0)
        letters = self.letters.read_text()
        self.assertEqual(letters.count("To: ada@example.org"), 2)
        self.assertEqual(letters.count("From: \"Portbook\" <desk@example.org>"), 2)

    def test_desk_made_later(self):
        self.serve("--mail", self.command, "--mail-from", "desk@example.org")
        self.begin()
        self.file("later")
        self.wait_for("later")

    def test_without_mail(self):
        self.begin()
        self.file("waits")
        server = self.serve()
        self.assertEqual(server.stop(), 0)
        self.assertFalse(self.letters.exists())

    def test_usage(self):
        for arguments, word in ((["--mail", "sendmail"], "absolute path"),
                                (["--mail", "smtp://h", "--mail-from", "x"], "no address"),
                                (["--mail", "smtp://h"], "--mail-from")):
            ran = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", *arguments],
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 env=environment(), timeout=SECONDS)
            self.assertIn(ran.returncode, (2, 3))
            self.assertIn(word, ran.stderr)


if __name__ == "__main__":
    unittest.main()
