#!/usr/bin/env python3
"""audit: the forms it prints in, what it leaves out, how it ends, and how long it takes.

    test_audit.py PROGRAM
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.path.abspath(sys.argv.pop(1))

COMPOSE = 'services:\n  a:\n    ports: ["8080:80"]\n  "b, 100%":\n    ports: ["8080:80", "50000:1"]\n'


class Audit(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def audit(self, *arguments, status=1):
        ran = subprocess.run([PROGRAM, "audit", *arguments], cwd=self.folder, text=True,
                             capture_output=True, timeout=300, check=False)
        self.assertEqual(ran.returncode, status, ran.stderr)
        return ran

    def test_text(self):
        self.write("my stack/compose.yaml", COMPOSE)
        ran = self.audit("my stack", "--severity", "error")
        self.assertEqual(ran.stdout,
                         "my stack/compose.yaml:5:13: error 1001: service b, 100%: 8080/tcp is "
                         "taken by service a as well (line 3) [bind(2)]\n")
        self.assertEqual(ran.stderr,
                         "portbook: 1 file, 6 ports: 1 error, 0 warnings, 0 notes\n")
        self.assertEqual(self.audit(".", "--only", "1002", status=0).stdout, "")

    def test_json(self):
        self.write("compose.yaml", COMPOSE)
        answer = json.loads(self.audit(".", "--json").stdout)
        self.assertEqual(answer["files"], 1)
        self.assertEqual(answer["ports"][1], {
            "file": "./compose.yaml", "kind": "compose", "line": 3, "column": 13,
            "first_port": 8080, "last_port": 8080, "transport": "tcp", "use": "taken",
            "address": None, "owner": "service a", "name": None})
        self.assertEqual([each["number"] for each in answer["findings"]], [1001, 1202])
        lines = self.audit(".", "--format", "ndjson").stdout.splitlines()
        self.assertEqual([json.loads(line) for line in lines], answer["findings"])
        self.assertEqual(json.loads(self.audit(".", "--json", "--only", "1003", status=0).stdout)
                         ["findings"], [])

    def test_sarif(self):
        self.write("my stack/compose.yaml", COMPOSE)
        log = json.loads(self.audit(".", "--format", "sarif").stdout)
        self.assertEqual(log["version"], "2.1.0")
        self.assertIn("sarif", log["$schema"])
        run, = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            self.assertTrue(rule["shortDescription"]["text"] and rule["fullDescription"]["text"])
            self.assertIn(rule["defaultConfiguration"]["level"], ("note", "warning", "error"))
        self.assertEqual([each["ruleId"] for each in run["results"]], ["1001", "1202"])
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertTrue(result["message"]["text"])
            place, = result["locations"]
            self.assertEqual(place["physicalLocation"]["artifactLocation"]["uri"],
                             "my%20stack/compose.yaml")
            self.assertGreater(place["physicalLocation"]["region"]["startLine"], 0)
            self.assertGreater(place["physicalLocation"]["region"]["startColumn"], 0)

    def test_columns_are_characters(self):
        """As SARIF counts them here, and editors, whatever the reader."""
        files = {
            "compose.yaml": ('services: {é: {ports: ["6000:80"]}} # é portbook: allow 1001\n',
                             '"6000', "portbook"),
            "nginx.conf": ("server { server_name é; listen 6000; }\n", "6000"),
            "services/é.xml": ('<service><!--é--><port port="0" protocol="tcp"/></service>',
                               "<port"),
        }
        for path, (text, *_) in files.items():
            self.write(path, text)
        results = json.loads(self.audit(".", "--only", "1205,1301,1308", "--format",
                                        "sarif").stdout)["runs"][0]["results"]
        self.assertEqual([result["locations"][0]["physicalLocation"]["region"]["startColumn"]
                          for result in results],
                         [text.index(what) + 1 for text, *found in files.values()
                          for what in found])

    def test_annotations(self):
        self.write("a,b/compose.yaml", COMPOSE)
        lines = self.audit(".", "--format", "github").stdout.splitlines()
        self.assertEqual(lines[0],
                         "::error file=./a%2Cb/compose.yaml,line=5,col=13,title=portbook 1001 "
                         "taken-twice::service b, 100%25: 8080/tcp is taken by service a as well "
                         "(line 3)")
        self.assertTrue(lines[1].startswith("::warning "))

    def test_any_bytes(self):
        """File names and texts are any bytes; what is printed of them is UTF-8."""
        folder = os.fsencode(self.folder) + b"/a\xff\x1b[1m\n"
        os.mkdir(folder)
        with open(folder + b"/haproxy.cfg", "wb") as file:
            file.write(b"frontend a\n bind *:\xe4\xb8x\x1b[31m\n bind *:"
                       + "\U0001f433".encode() * 400 + b"\n")
        for form in "table", "json", "ndjson", "sarif", "github":
            ran = subprocess.run([PROGRAM, "audit", ".", "--format", form], cwd=self.folder,
                                 capture_output=True, timeout=100, check=False)
            self.assertEqual(ran.returncode, 1, ran.stderr)
            text = ran.stdout.decode("utf-8")
            self.assertNotIn("\x1b", text)
            self.assertIn("\ufffd", text)
            if form in ("json", "sarif"):
                json.loads(text)
            if form == "ndjson":
                found = [json.loads(line) for line in text.splitlines()]
                self.assertEqual(found[0]["file"], "./a\ufffd\x1b[1m\n/haproxy.cfg")
                self.assertEqual(found[0]["text"],
                                 '"\ufffd\ufffdx [31m" is no port and no range of ports')
                self.assertTrue(found[1]["text"].endswith("\U0001f433"))
            if form == "github":
                self.assertTrue(text.startswith("::error file=./a\ufffd\ufffd[1m%0A/haproxy.cfg,"))

    def test_once(self):
        """A file is read once, whatever it is called."""
        self.write("compose.yaml", COMPOSE)
        os.link(self.folder / "compose.yaml", self.folder / "compose.z.yaml")
        for paths in (["./.", "compose.yaml"], ["compose.yaml", "."], [".", ".", "compose.yaml"]):
            ran = self.audit(*paths, "--format", "ndjson")
            self.assertEqual(len(ran.stdout.splitlines()), 2)
            self.assertIn(" 1 file, 6 ports:", ran.stderr)

    def test_standard_input(self):
        self.assertIn("no standard input", self.audit("--", "-", status=2).stderr)
        self.write("-/compose.yaml", COMPOSE)
        self.assertIn(" 1 file, ", self.audit("./-").stderr)

    def test_what_is_no_file(self):
        os.mkfifo(self.folder / "compose.yaml")
        for path in ("compose.yaml", "/dev/zero"):
            self.assertIn("is no regular file", self.audit(path, status=3).stderr)

    def test_left_out(self):
        self.write("big.env", "A=" + "x" * (4 << 20) + "\n")
        self.write("binary.env", "PORT=0\0\n")
        self.write("notes.txt", "PORT=0\n")
        self.write("target.env", "PORT=3000\n")
        os.symlink("/etc", self.folder / "link")
        os.symlink("target.env", self.folder / "other.env")
        ran = self.audit(".", status=0)
        self.assertIn("./big.env: skipped: ", ran.stderr)
        self.assertIn("./binary.env: skipped: it is binary", ran.stderr)
        self.assertIn("1 file, 1 port:", ran.stderr)

    def test_variables_beside(self):
        """.env is read where it is a file, and what it says stays in it."""
        self.write("compose.yaml", 'services:\n  a:\n    ports: ["${A}:80"]\n')
        self.write(".env", "A=hunter2\n")
        ran = self.audit(".")
        self.assertIn('"${A}:80" is no port', ran.stdout)
        self.assertNotIn("hunter2", ran.stdout + ran.stderr)
        (self.folder / ".env").rename(self.folder / "secret")
        os.symlink("secret", self.folder / ".env")
        self.assertIn("./.env: skipped: is a link", self.audit(".").stderr)
        (self.folder / ".env").unlink()
        os.mkfifo(self.folder / ".env")
        self.assertIn("./.env: skipped: is no regular file", self.audit(".").stderr)
        (self.folder / ".env").unlink()
        self.write(".env", "A=1\n" + "#" * (64 << 10))
        self.assertIn("./.env: skipped: ", self.audit(".").stderr)

    def test_folders(self):
        (self.folder / "empty").mkdir()
        self.audit("empty", status=0)
        (self.folder / "closed").mkdir(mode=0)
        if os.geteuid() != 0:
            self.assertIn("closed: ", self.audit("closed", status=3).stderr)
            self.assertIn("closed: skipped: ", self.audit(".", status=0).stderr)

    def test_usage(self):
        self.assertIn("audit needs PATH", self.audit(status=2).stderr)
        self.assertIn("No such file", self.audit("absent", status=3).stderr)
        self.write("notes.txt", "x")
        self.assertIn("notes.txt: skipped: ", self.audit("notes.txt", status=0).stderr)

    def test_explained(self):
        """docs/AUDIT.md ends with what --explain prints."""
        text = (ROOT / "docs" / "AUDIT.md").read_text(encoding="utf-8")
        self.assertTrue(text.endswith("\n\n" + self.audit("--explain", status=0).stdout))

    def test_against(self):
        """A port at which the test listens, one that is reserved, and one at which nothing is."""
        with socket.socket() as held, socket.socket() as free:
            held.bind(("127.0.0.1", 0))
            held.listen()
            free.bind(("127.0.0.1", 0))
            ports = held.getsockname()[1], free.getsockname()[1]
            self.write("compose.yaml", "services:\n  a:\n    ports:\n"
                       f'    - "{ports[0]}:80"\n    - "{ports[1]}:81"\n')
            found = json.loads(self.audit(".", "--against", "--json").stdout)["findings"]
        lines = {(each["line"], each["number"]) for each in found}
        self.assertNotIn((4, 1403), lines)
        self.assertIn((5, 1403), lines)
        self.assertEqual({number for _, number in lines} & {1401, 1402}, set())

    def start(self, name, *before, bind=True):
        """A program of that name, which has a port: that of a socket of its own, or of PORT."""
        text = ('import os, socket, sys\n'
                f'open("/proc/self/comm", "w").write("{name}")\n'
                's = socket.socket()\n'
                's.bind(("127.0.0.1", 0))\n'
                's.listen()\n'
                f'print(s.getsockname()[1] if {bind} else os.environ["PORT"], flush=True)\n'
                'sys.stdin.read()\n')
        process = subprocess.Popen([*before, sys.executable, "-c", text], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        return int(process.stdout.readline())

    def test_drift(self):
        """A port that another program has (1401), one that is reserved for another name (1402)."""
        with unittest.mock.patch.dict(os.environ,
                                      PORTBOOK_RESERVATIONS=str(self.folder / "reservations")):
            taken = self.start("redis-server")
            held = self.start("not-a-service", PROGRAM, "reserve", "warehouse", "--", bind=False)
            with socket.socket() as unused:
                unused.bind(("127.0.0.1", 0))
                silent = unused.getsockname()[1]
                self.write("compose.yaml", "services:\n  db:\n    image: postgres\n    ports:\n"
                           f'    - "{taken}:5432"\n  shop:\n    ports:\n    - "{held}:80"\n'
                           f'    - "{silent}:81"\n  twin:\n    ports: ["127.0.0.1:{silent}:80"]\n'
                           '    expose: [5000]\n')
                answer = json.loads(self.audit(".", "--against", "--json").stdout)
                table = self.audit("compose.yaml", "--against", "--only", "1402").stdout
                quiet = self.audit("compose.yaml", "--against", "--only", "1003", status=0).stdout
                without = json.loads(self.audit(".", "--json").stdout)
        texts = {each["number"]: each["text"] for each in answer["findings"]}
        self.assertEqual(texts[1401], f"{taken}/tcp is held by redis-server now")
        self.assertEqual(texts[1402], f'{held}/tcp is reserved for "warehouse"')
        self.assertEqual(texts[1403], f"nothing listens at {silent}/tcp")
        rows = {row["port"]: row for row in answer["drift"]}
        self.assertEqual([row["port"] for row in answer["drift"]], sorted([taken, held, silent]))
        name = {port: row["registered"] for port, row in rows.items()}
        self.assertEqual(rows[taken], {
            "port": taken, "transport": "tcp", "registered": name[taken], "reserved": [],
            "configured": [{"owner": "service db", "file": "./compose.yaml", "line": 5}],
            "running": ["redis-server"]})
        self.assertEqual(rows[held]["reserved"], ["warehouse"])
        self.assertEqual([each["line"] for each in rows[silent]["configured"]], [9, 11])
        self.assertEqual(rows[silent]["running"], [])
        self.assertIsNone(without["drift"])
        finding, drift = table.split("\n\n")
        self.assertIn(" warning 1402: service shop: ", finding)
        self.assertEqual(quiet, drift)
        heading, *lines = [re.split("  +", line.strip()) for line in drift.splitlines()]
        self.assertEqual(heading, ["Port", "Registered", "Reserved", "Configured", "Running"])
        listens = ", ".join(rows[held]["running"]) or "-"
        expected = {
            taken: ["-", "service db (compose.yaml:5)", "redis-server"],
            held: ["warehouse", "service shop (compose.yaml:8)", listens],
            silent: ["-", "service shop (compose.yaml:9), service twin (compose.yaml:11)", "-"]}
        self.assertEqual(lines, [[f"{port}/tcp", name[port] or "-", *expected[port]]
                                 for port in sorted(expected)])

    def test_many_files(self):
        for i in range(10000):
            self.write(f"p{i // 100}/compose.s{i}.yaml",
                       f'services:\n  a{i}:\n    image: a\n    ports: ["{8000 + i % 900}:80"]\n')
        began = time.monotonic()
        ran = self.audit(".", "--json")
        took = time.monotonic() - began
        answer = json.loads(ran.stdout)
        print(f"10,000 files in {took:.2f} s", file=sys.stderr)
        self.assertEqual(answer["files"], 10000)
        self.assertEqual(len([each for each in answer["findings"] if each["number"] == 1002]),
                         10000 - 900)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
