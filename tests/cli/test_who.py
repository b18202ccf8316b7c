#!/usr/bin/env python3
"""who: a listener of the test's own, as seen by everybody and from everywhere."""

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import unittest

from program import PROGRAM, Case, environment, run, run_on_terminal

NOBODY = 65534
SANITIZED = os.environ.get("SANITIZER", "none") != "none"


def listener():
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(4)
    return made


def may_mount():
    try:
        return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                              check=False, capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        return False


def may_be_another():
    try:
        return os.geteuid() == 0 and subprocess.run(
            ["setpriv", f"--reuid={NOBODY}", "--clear-groups", "true"], check=False,
            capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        return False


class Who(Case):
    def setUp(self):
        super().setUp()
        self.socket = listener()
        self.addCleanup(self.socket.close)
        self.port = self.socket.getsockname()[1]
        self.place = f"{self.port}/tcp"

    def test_own(self):
        ran = run("who", "--json", self.place)
        self.assertEqual(ran.status, 0, ran.err)
        one, = ran.json
        self.assertEqual({key: one[key] for key in (
            "transport", "family", "address", "port", "interface", "dual_stack", "state",
            "peer_address", "peer_port", "uid")}, {
                "transport": "tcp", "family": "ipv4", "address": "127.0.0.1", "port": self.port,
                "interface": None, "dual_stack": False, "state": "listening",
                "peer_address": None, "peer_port": None, "uid": os.geteuid()})
        process, = [p for p in one["processes"] if p["pid"] == os.getpid()]
        self.assertEqual(process["folder"], os.getcwd())
        self.assertIn("test_who.py", process["command_line"])
        self.assertFalse(process["other_network"])
        self.assertEqual(process["uid"], os.geteuid())

    def test_formats(self):
        table = run("who", self.place)
        self.assertIn(f"tcp 127.0.0.1:{self.port}", table.lines[1])
        rows = list(csv.DictReader(io.StringIO(run("who", self.place, "-f", "csv").out)))
        self.assertEqual([(row["transport"], row["address"], row["port"], row["state"])
                          for row in rows],
                         [("tcp", "127.0.0.1", str(self.port), "listening")])
        self.assertIn(str(os.getpid()), rows[0]["pids"].split())
        tabs = [line.split("\t") for line in run("who", self.place, "-f", "tsv").lines]
        self.assertEqual(tabs, [list(rows[0]), list(rows[0].values())])
        lines = run("who", self.place, "-f", "ndjson").lines
        self.assertEqual([json.loads(line) for line in lines],
                         run("who", self.place, "--json").json)

    def test_registry(self):
        """What a registry has of the port, and names that stand for ports."""
        self.registry.write_text(self.registry.read_text(encoding="utf-8").replace(
            "<number>21</number>", f"<number>{self.port}</number>"), encoding="utf-8")
        one, = self.ask("who", "--json", self.place).json
        self.assertEqual((one["service"], one["description"], one["registry_state"]),
                         ("alpha", "Alpha Transfer", "assigned"))
        self.assertEqual(self.ask("who", "--json", "ALPHA/tcp").json, [one])
        ran = self.ask("who", "gamma")
        self.assertEqual((ran.status, ran.out), (1, ""))
        self.assertIn('no service named "gamma" has a port', ran.err)

    def test_nothing_there(self):
        ran = run("who", "--json", f"{self.port}/dccp", self.place)
        self.assertEqual((ran.status, len(ran.json)), (1, 1))
        self.assertIn(f"portbook: no socket on {self.port}/dccp\n", ran.err)
        self.assertNotIn(f"no socket on {self.place}", ran.err)
        ran = run("who", "--json", f"{self.port}/dccp")
        self.assertEqual((ran.status, ran.json), (1, []))

    def test_usage(self):
        for arguments in (["who", "70000"], ["who", "--watch", "--json"],
                          ["who", "--times", "0", "--watch"]):
            ran = run(*arguments)
            self.assertEqual((ran.status, ran.out), (2, ""))

    def test_connected(self):
        client = socket.create_connection(("127.0.0.1", self.port))
        self.addCleanup(client.close)
        server, _ = self.socket.accept()
        self.addCleanup(server.close)
        found = run("who", "--all", "--json", self.place).json
        self.assertEqual([(one["state"], one["peer_port"]) for one in found],
                         [("listening", None), ("established", client.getsockname()[1])])
        self.assertEqual(len(run("who", "--json", self.place).json), 1)

    def test_folder_that_cannot_be_written(self):
        ran = run("who", "--json", self.place, env=environment(HOME="/proc", XDG_DATA_HOME="/proc"))
        self.assertEqual((ran.status, len(ran.json)), (0, 1))

    def as_nobody(self, before, *command):
        """Runs a copy that anybody may run."""
        program = self.folder / "portbook"
        shutil.copy(PROGRAM, program)
        program.chmod(0o755)
        self.folder.chmod(0o755)
        done = subprocess.run([*before, "setpriv", f"--reuid={NOBODY}", "--clear-groups", program,
                               *command], capture_output=True, text=True, check=False,
                              env=environment(), timeout=60)
        return done

    def assert_others(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        one, = json.loads(done.stdout)
        self.assertEqual((one["processes"], one["uid"], one["agreement"] in
                          ("unknown", "unregistered", "dynamic")), ([], 0, True))
        self.assertIn("1 socket of other users: run as root to see its processes", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)

    @unittest.skipUnless(may_be_another(), "only root can be another")
    def test_other_user(self):
        self.assert_others(self.as_nobody([], "who", "--json", self.place))

    @unittest.skipUnless(may_be_another() and may_mount(), "nothing may be mounted here")
    def test_hidden_processes(self):
        hidden = ["unshare", "--mount", "sh", "-c",
                  'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"]
        if subprocess.run([*hidden, "true"], check=False, capture_output=True).returncode != 0:
            self.skipTest("no proc may be mounted here")
        self.assert_others(self.as_nobody(hidden, "who", "--json", self.place))

    @unittest.skipUnless(os.geteuid() == 0 and may_mount() and not SANITIZED,
                         "nothing may be mounted here")
    def test_no_proc(self):
        done = subprocess.run(["unshare", "--mount", "sh", "-c",
                               'mount -t tmpfs tmpfs /proc && exec "$@"', "sh", PROGRAM, "who",
                               "--json", self.place], capture_output=True, text=True, check=False,
                              env=environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([one["processes"] for one in json.loads(done.stdout)], [[]])
        self.assertIn("/proc cannot be read: no processes", done.stderr)


class Watch(Case):
    def watch(self, *arguments):
        child = subprocess.Popen([PROGRAM, "who", "--watch", *map(str, arguments)],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 env=environment(), text=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_comes_and_goes(self):
        made = listener()
        port = made.getsockname()[1]
        child = self.watch(f"{port}/tcp")
        came = child.stdout.readline()
        self.assertTrue(came.startswith(f"+ tcp 127.0.0.1:{port}  listening  "), came)
        self.assertIn(f"({os.getpid()})", came)
        made.close()
        self.assertEqual(child.stdout.readline(), "-" + came[1:])
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(), -signal.SIGTERM)

    def test_lines_of_json(self):
        with listener() as made:
            port = made.getsockname()[1]
            child = self.watch("-f", "ndjson", "--times", "1", f"{port}/tcp")
            one = json.loads(child.stdout.read())
        self.assertEqual(child.wait(), 0)
        self.assertEqual((one["change"], one["socket"]["port"]), ("came", port))

    def test_terminal(self):
        with listener() as made:
            port = made.getsockname()[1]
            ran = run_on_terminal(80, "who", "--watch", "--times", "2", f"{port}/tcp")
        self.assertEqual(ran.status, 0)
        self.assertEqual(ran.out.count("\033[H\033[J"), 2)
        self.assertEqual(ran.out.count(f"127.0.0.1:{port}"), 2)


if __name__ == "__main__":
    unittest.main()
