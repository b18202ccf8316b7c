#!/usr/bin/env python3
"""Many ask two servers of one store for the same names and ports, and the servers are killed meanwhile.

On SQLite, or (PORTBOOK_POSTGRES_URL, tests/postgres.py) on a PostgreSQL server, which is killed, too.

PORTBOOK_DESK_CLIENTS, PORTBOOK_DESK_NAMES, PORTBOOK_DESK_KILLS: how many (200, 50 and 200 in
`make soak`).
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from serving import PROGRAM, ROOT, SECONDS, Server, environment

sys.path.insert(0, str(ROOT / "tests"))
import postgres  # noqa: E402

CLIENTS = int(os.environ.get("PORTBOOK_DESK_CLIENTS", "40"))
NAMES = int(os.environ.get("PORTBOOK_DESK_NAMES", "10"))
KILLS = int(os.environ.get("PORTBOOK_DESK_KILLS", "6"))
ENGINE = os.environ.get("PORTBOOK_DESK_ENGINE", "sqlite")
FIRST_PORT = 29000  # granted as they are asked for, by the policy "organisation"
ACCOUNTS = 10


def application(index):
    return {"procedure": "port", "name": f"name-{index}", "ports": str(FIRST_PORT + index),
            "transports": "tcp", "description": "Text", "assignee_name": "Ada Lovelace",
            "assignee_email": "ada@example.org"}


class Race(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.database = None
        self.store = self.path / "store.db"
        if ENGINE == "postgres":
            self.database = postgres.Server()
            self.database.__enter__()
            self.addCleanup(self.database.__exit__, None, None, None)
            self.store = self.database.url
        self.run_request("init", "--as", "root")
        self.run_request("account", "change", "root", "--email", "root@example.org", "--as", "root")
        self.run_request("account", "grant", "root", "registrar", "--as", "root")
        self.tokens = []
        for i in range(ACCOUNTS):
            self.run_request("account", "add", f"person{i}", "--email", f"p{i}@example.org", "--as",
                             "root")
            self.tokens.append(self.run_request("account", "token", f"person{i}", "--label", "x",
                                                "--scope", "read,file,act", "--as", "root").strip())

    def run_request(self, *arguments):
        ran = subprocess.run([PROGRAM, "--store", self.store, "request", *map(str, arguments)],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=environment(), timeout=SECONDS * 4)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def serve(self, letters=False):
        arguments = ["--store", self.store, "--connections", "1024"]
        if letters:
            command = self.path / "command"
            # One that still runs, of a server that was killed, is not to be written.
            if not command.exists():
                command.write_text(f"#!/bin/sh\nexec cat >> '{self.path}/letters'\n")
                command.chmod(0o755)
            arguments += ["--mail", command, "--mail-from", "desk@example.org"]
        server = Server(*arguments)
        self.addCleanup(server.stop)
        return server

    def file(self, port, client, body, key):
        """The status and the answer; None where there was none."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, SECONDS * 2,
                                                    (f"127.0.0.{2 + client % 200}", 0))
            with contextlib.closing(connection):
                connection.request("POST", "/api/v1/requests", json.dumps(body),
                                   {"Authorization": f"Bearer {self.tokens[client % ACCOUNTS]}",
                                    "Content-Type": "application/json", "Idempotency-Key": key})
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None, None

    def granted(self):
        """Names by their ports, as the newest edition has them."""
        ran = subprocess.run([PROGRAM, "--store", self.store, "list", "--state", "assigned",
                              "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=environment(), timeout=SECONDS)
        rows = json.loads(ran.stdout)
        self.assertEqual(len({row["name"] for row in rows}), len(rows))
        self.assertEqual(len({row["first_port"] for row in rows}), len(rows))
        return {row["name"]: row["first_port"] for row in rows}

    def test_same_names(self):
        servers = [self.serve(), self.serve()]
        outcomes = {i: [] for i in range(NAMES)}
        lock = threading.Lock()

        def ask(client):
            order = list(range(NAMES))
            random.Random(client).shuffle(order)
            for index in order:
                for attempt in range(60):
                    status, answer = self.file(servers[client % 2].port, client,
                                               application(index), f"{client}-{index}")
                    if status in (429, 503):  # come again
                        time.sleep(0.5)
                        continue
                    break
                with lock:
                    outcomes[index].append((status, answer))

        clients = [threading.Thread(target=ask, args=(i,)) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        for index, answers in outcomes.items():
            granted = [answer for status, answer in answers if status == 201]
            others = [(status, answer) for status, answer in answers if status != 201]
            self.assertEqual(len(granted), 1, (index, answers))
            self.assertEqual(granted[0]["state"], "granted")
            for status, answer in others:
                self.assertIn(status, (409, 422), answer)
                self.assertTrue(answer["detail"])
                self.assertTrue(answer["section"])
        self.assertEqual(self.granted(), {f"name-{i}": FIRST_PORT + i for i in range(NAMES)})
        self.run_request("verify")

    def test_kills(self):
        """What was acknowledged is there, once; nothing is half done; no letter is lost."""
        servers = [self.serve(letters=True), self.serve()]
        lock = threading.Lock()
        acknowledged, stopping, chance = {}, threading.Event(), random.Random(7)

        def ask(client):
            count = 0
            while not stopping.is_set():
                count += 1
                body = {"procedure": "port", "name": f"n{client}-{count}", "ports": "20000",
                        "transports": "tcp", "description": "Text",
                        "assignee_name": "Ada Lovelace", "assignee_email": "ada@example.org"}
                with lock:
                    port = servers[client % 2].port
                status, answer = self.file(port, client, body, f"{client}-{count}")
                if status == 201:
                    acknowledged[body["name"]] = answer["number"]
                elif status is None or status >= 429:
                    count -= 1  # the same again, with the same key
                    time.sleep(0.05)

        clients = [threading.Thread(target=ask, args=(i,)) for i in range(8)]
        self.addCleanup(stopping.set)
        for client in clients:
            client.start()
        for i in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.5))
            if self.database and i % 4 == 3:
                self.database.kill()
                self.database.start()
                continue
            victim = i % 2
            servers[victim].process.send_signal(signal.SIGKILL)
            servers[victim].process.wait()
            with lock:
                servers[victim] = self.serve(letters=victim == 0)
        deadline = time.monotonic() + SECONDS
        while not acknowledged and time.monotonic() < deadline:
            time.sleep(0.1)
        stopping.set()
        for client in clients:
            client.join()
        for server in servers:
            server.stop()
        self.assertTrue(acknowledged)
        listed = {}
        for line in self.run_request("list", "--format", "ndjson", "--as", "root").splitlines():
            row = json.loads(line)
            self.assertNotIn(row["name"], listed)
            listed[row["name"]] = row["number"]
        for name, number in acknowledged.items():
            self.assertEqual(listed.get(name), number)
        self.run_request("verify")
        # The registrar is told of each: that letter was sent, or waits.
        told = set()
        for line in self.run_request("mail", "list", "--format", "ndjson", "--as",
                                     "root").splitlines():
            letter = json.loads(line)
            self.assertIn(letter["state"], ("queued", "sending", "sent"))
            told.add(int(re.match(r"Request (\d+) .* was filed$", letter["subject"]).group(1)))
        self.assertEqual(told, set(listed.values()))


if __name__ == "__main__":
    unittest.main()
