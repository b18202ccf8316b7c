#!/usr/bin/env python3
"""What docs/DESK.md's table forbids is refused with its section, by CLI, API and pages alike.

Every state of a request by every action by everybody, but for what the table allows. Refusals change
nothing, so one request in each state is enough; at the end the log verifies, and each request has as
many events as before.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

from serving import PROGRAM, ROOT, SECONDS, Server, environment

PASSWORD = "seven wild geese"
FORM = "application/x-www-form-urlencoded"
PEOPLE = {"ada": {}, "bob": {}, "rex": {"reviewer": "all"}, "rue": {"reviewer": "40000-40001"},
          "reg": {"registrar": "all"}, "apo": {"approver": "all"},
          "adm": {"administrator": "all"}}
APPLICATION = {"procedure": "port", "name": "alpha", "ports": "20100", "transports": "tcp",
               "description": "Text", "assignee_name": "Ada Lovelace",
               "assignee_email": "ada@example.org"}
REVOCATION = {"procedure": "revocation", "subject": "gone 29100/tcp",
              "reason": "Nobody uses it any more."}
# Of a state: what is filed, by whom, and what is then done with it.
PATHS = {
    "new": (20100, "ada", []),
    "expert-review": (20101, "ada", ["reg validate"]),
    "escalated": (20102, "ada", ["reg validate", "rex escalate"]),
    "with-requester": (20103, "ada", ["reg return"]),
    "call-for-comments": (None, "reg", ["rex validate", "reg call"]),
    "assignable": (20105, "ada", ["reg validate", "rex approve"]),
    "granted": (29101, "ada", []),
    "refused": (20107, "ada", ["rex refuse"]),
    "withdrawn": (20108, "ada", ["ada withdraw"]),
}
# The slower a program is, the fewer; the full set takes a second for each 60 of the command line.
STEP = 1 if os.environ.get("SANITIZER", "none") == "none" else 7


def table():
    """{(state, action): (roles, procedures or None)} of the document."""
    text = (ROOT / "docs/DESK.md").read_text()
    rules = {}
    for state, action, roles in re.findall(r"^\| ([a-z-]+) \| ([a-z()\s-]+) \| ([a-z, ]+) \|", text,
                                           re.MULTILINE):
        word, _, condition = action.strip().partition(" ")
        rules[state, word] = (set(roles.split(", ")), condition.strip("()"))
    return rules


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.path = pathlib.Path(folder.name)
        cls.store = cls.path / "store.db"
        cls.policy = json.loads((ROOT / "data/policies/organisation.json").read_text())
        cls.rules = table()
        cls.actions = sorted(set(cls.policy["roles"]) - {"file"})
        cls.make_people()
        cls.requests = {state: cls.make_request(*path) for state, path in PATHS.items()}
        cls.server = Server("--store", cls.store)
        cls.addClassCleanup(cls.server.stop)

    @classmethod
    def run_request(cls, *arguments, text=""):
        return subprocess.run([PROGRAM, "--store", cls.store, "request", *map(str, arguments)],
                              input=text, capture_output=True, text=True, env=environment(),
                              timeout=SECONDS)

    @classmethod
    def do(cls, *arguments, text=""):
        ran = cls.run_request(*arguments, text=text)
        if ran.returncode != 0:
            raise AssertionError(f"{arguments}: {ran.stderr}")
        return ran.stdout

    @classmethod
    def make_people(cls):
        cls.do("init", "--as", "root")
        cls.tokens = {}
        for login, roles in PEOPLE.items():
            cls.do("account", "add", login, "--as", "root")
            for role, ports in roles.items():
                cls.do("account", "grant", login, role, *([] if ports == "all" else [ports]),
                       "--as", "root")
            cls.do("account", "password", login, "--as", "root", text=PASSWORD + "\n")
            cls.tokens[login] = cls.do("account", "token", login, "--label", "test", "--scope",
                                       "read,file,act", "--as", "root").strip()

    @classmethod
    def make_request(cls, port, applicant, steps):
        if port is None:
            cls.do("new", *[f"{key}={value}" for key, value in
                            {**APPLICATION, "name": "gone", "ports": "29100"}.items()],
                   "--as", "ada")
            fields = REVOCATION
        else:
            fields = {**APPLICATION, "name": f"name-{port}", "ports": str(port)}
        out = cls.do("new", *[f"{key}={value}" for key, value in fields.items()], "--json", "--as",
                     applicant)
        number = json.loads(out)["number"]
        for step in steps:
            login, action = step.split()
            cls.do("advance", number, action, "--note", "because", "--as", login)
        return number

    def roles_of(self, login, state):
        applicant = PATHS[state][1]
        roles = {role for role, ports in PEOPLE[login].items() if ports == "all"}
        return roles | ({"applicant"} if login == applicant else set())

    def is_allowed(self, state, action, login):
        roles, condition = self.rules.get((state, action), (set(), ""))
        if condition:
            revocation = state == "call-for-comments"
            if condition == "appeal" or (condition == "revocation") != revocation:
                return False
        return bool(roles & set(self.policy["roles"][action]) & self.roles_of(login, state))

    def forbidden(self, step=1, first=0):
        every = [(state, action, login) for state in PATHS for action in self.actions
                 for login in PEOPLE if not self.is_allowed(state, action, login)]
        return every[first::step]

    def events(self):
        return [len(json.loads(self.do("show", number, "--json", "--as", "rex"))["timeline"])
                for number in self.requests.values()]

    def test_table_is_understood(self):
        self.assertGreater(len(self.rules), 30)
        self.assertTrue(self.is_allowed("new", "validate", "reg"))
        self.assertTrue(self.is_allowed("call-for-comments", "decide", "reg"))
        self.assertFalse(self.is_allowed("expert-review", "call", "reg"))
        self.assertFalse(self.is_allowed("expert-review", "approve", "rue"))
        self.assertGreater(len(self.forbidden()), 600)
        for state, number in self.requests.items():
            shown = json.loads(self.do("show", number, "--json", "--as", "rex"))
            self.assertEqual(shown["state"], state)

    def finish(self, before):
        self.assertEqual(self.events(), before)
        self.do("verify")

    def test_command_line(self):
        application = self.path / "application.json"
        before = self.events()
        for state, action, login in self.forbidden(STEP):
            number = self.requests[state]
            with self.subTest(state=state, action=action, login=login):
                if action == "amend":
                    application.write_text(json.dumps(APPLICATION if state != "call-for-comments"
                                                      else REVOCATION))
                    ran = self.run_request("amend", number, application, "--as", login)
                elif action == "assign":
                    ran = self.run_request("advance", number, action, "--reviewer", "rex",
                                           "--as", login)
                else:
                    ran = self.run_request("advance", number, action, "--note", "because", "--as",
                                           login)
                self.assertEqual(ran.returncode, 1, ran.stderr)
                self.assertRegex(ran.stderr, r"\((RFC \d+, section [\d.]+|policy, .+)\)\n$")
                self.assertEqual(len(ran.stderr.splitlines()), 1)
        self.finish(before)

    def ask(self, login, path, fields=None, **headers):
        """From an address of each one's own, as there is a limit for each."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, SECONDS,
            (f"127.0.0.{2 + list(PEOPLE).index(login)}", 0))
        with contextlib.closing(connection):
            connection.request("GET" if fields is None else "POST", path, fields,
                               {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers

    def test_api(self):
        before = self.events()
        for state, action, login in self.forbidden(1 if STEP == 1 else 3):
            body = {"note": "because"}
            if action == "amend":
                body = {"application": APPLICATION if state != "call-for-comments" else REVOCATION}
            elif action == "assign":
                body["account"] = "rex"
            with self.subTest(state=state, action=action, login=login):
                status, text, _ = self.ask(
                    login, f"/api/v1/requests/{self.requests[state]}/{action}", json.dumps(body),
                    Authorization=f"Bearer {self.tokens[login]}", Content_Type="application/json")
                self.assertIn(status, (403, 409), text)
                self.assertRegex(json.loads(text)["section"], r"^(RFC \d+, section|policy, )")
        self.finish(before)

    def log_in(self, login):
        status, text, headers = self.ask(
            login, "/desk/login", urllib.parse.urlencode({"login": login, "password": PASSWORD}),
            Content_Type=FORM)
        self.assertEqual(status, 303, text)
        cookie = headers["Set-Cookie"].partition(";")[0]
        _, text, _ = self.ask(login, f"/desk/requests/{self.requests['new']}", Cookie=cookie)
        return cookie, re.search(r'name="csrf" value="([^"]+)"', text).group(1)

    def test_pages(self):
        before = self.events()
        sessions = {login: self.log_in(login) for login in PEOPLE}
        for state, action, login in self.forbidden(1 if STEP == 1 else 5):
            cookie, csrf = sessions[login]
            fields = {"csrf": csrf, "action": action, "note": "because", "account": "3"}
            path = f"/desk/requests/{self.requests[state]}"
            if action == "amend":
                fields.update(APPLICATION if state != "call-for-comments" else REVOCATION)
                path += "/amend"
            with self.subTest(state=state, action=action, login=login):
                status, text, _ = self.ask(login, path, urllib.parse.urlencode(fields),
                                           Cookie=cookie, Content_Type=FORM)
                self.assertIn(status, (403, 409), text)
                self.assertRegex(text, r"(RFC \d+, section|policy, )")
        self.finish(before)


if __name__ == "__main__":
    unittest.main()
