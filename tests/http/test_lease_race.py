#!/usr/bin/env python3
"""Many processes share the book of leases of two servers on one store: no port is lent twice.

64 at a time, each as if it were on a machine of its own, some of them killed. On SQLite, or
(PORTBOOK_DESK_ENGINE=postgres) on a PostgreSQL server. PORTBOOK_LEASES: how many leases.
"""

import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from serving import PROGRAM, ROOT, SECONDS, Server, environment

sys.path.insert(0, str(ROOT / "tests"))
import postgres  # noqa: E402

LEASES = int(os.environ.get("PORTBOOK_LEASES", "72"))
ENGINE = os.environ.get("PORTBOOK_DESK_ENGINE", "sqlite")
ATONCE, ACCOUNTS, KILLED = 64, 8, 17  # every 17th is killed

# Lines of one write each, in the order of what happened.
COMMAND = 'echo "+ $PORT $1" >> "$0"; test "$2" = killed && exec sleep 600; echo "- $PORT $1" >> "$0"'


class Race(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.store = self.path / "store.db"
        if ENGINE == "postgres":
            database = postgres.Server()
            database.__enter__()
            self.addCleanup(database.__exit__, None, None, None)
            self.store = database.url
        self.run_request("init", "--as", "root")
        self.tokens = []
        for i in range(ACCOUNTS):
            self.run_request("account", "add", f"person{i}", "--email", f"p{i}@example.org")
            self.tokens.append(self.run_request("account", "token", f"person{i}", "--label", "x",
                                                "--scope", "read,lease").strip())
        self.servers = []
        for _ in range(2):
            self.servers.append(Server("--store", self.store, "--connections", "1024", "--rate",
                                       "1000000"))
            self.addCleanup(self.servers[-1].stop)
        self.log = self.path / "log"

    def run_request(self, *arguments):
        ran = subprocess.run([PROGRAM, "--store", self.store, "request", *arguments, "--as", "root"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=environment(), timeout=SECONDS * 4, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def start(self, i, *arguments):
        env = environment()
        env.update(PORTBOOK_TOKEN=self.tokens[i % ACCOUNTS],
                   PORTBOOK_RESERVATIONS=str(self.path / f"{i}.db"))
        url = f"http://127.0.0.1:{self.servers[i % 2].port}"
        return subprocess.Popen([PROGRAM, arguments[0], "--registry", url, *arguments[1:]],
                                env=env, cwd=self.path, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def lend(self, i):
        """A lease, from its beginning to its end. What was wrong with it."""
        kill = i % KILLED == 0
        child = self.start(i, "reserve", "--timeout", "120", "--hold", "lease", f"name{i}", "--",
                           "sh", "-c", COMMAND, self.log, str(i), "killed" if kill else "")
        if kill:
            while child.poll() is None and not self.begun(i):
                try:
                    child.wait(0.02)
                except subprocess.TimeoutExpired:
                    pass
            child.kill()
        error = child.communicate(timeout=SECONDS * 4)[1]
        expected = -signal.SIGKILL if kill else 0
        return f"{i}: {child.returncode} {error}" if child.returncode != expected or error else ""

    def begun(self, i):
        return self.log.exists() and any(line.startswith("+") and line.endswith(f" {i}")
                                         for line in self.log.read_text().splitlines())

    def test_leases(self):
        with concurrent.futures.ThreadPoolExecutor(ATONCE) as pool:
            self.assertEqual([wrong for wrong in pool.map(self.lend, range(LEASES)) if wrong], [])
        holders, ports = {}, {}
        for line in self.log.read_text().splitlines():
            sign, port, who = line.split()
            ports[who] = port
            if sign == "+":
                self.assertNotIn(port, holders, line)
                holders[port] = who
            else:
                self.assertEqual(holders.pop(port), who)
        self.assertEqual(sorted(ports, key=int), [str(i) for i in range(LEASES)])
        # What is still lent is what the killed had, whose names get it again.
        killed = {str(i): ports[str(i)] for i in range(0, LEASES, KILLED)}
        self.assertEqual({who: port for port, who in holders.items()}, killed)
        listing = self.start(0, "reservations", "--json")
        rows = json.loads(listing.communicate(timeout=SECONDS)[0])
        self.assertEqual({row["name"]: str(row["port"]) for row in rows},
                         {f"name{who}": port for who, port in killed.items()})
        again = self.start(0, "reserve", "--hold", "lease", "name0", "--", "sh", "-c", "echo $PORT")
        self.assertEqual(again.communicate(timeout=SECONDS), (f"{killed['0']}\n", ""))
        self.run_request("verify")


if __name__ == "__main__":
    unittest.main()
