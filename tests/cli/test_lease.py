#!/usr/bin/env python3
"""reserve, reservations and release with a registry's server, which here is lender.py."""

import os
import signal
import socket
import ssl
import subprocess
import threading
import unittest

from lender import Lender
from program import PROGRAM, Case, environment, run

LATER, DENIED = 75, 77


class Lending(Case):
    # What tests beside this one do not ask for.
    first, last = 20001, 20999

    def setUp(self):
        super().setUp()
        self.env = environment(PORTBOOK_RESERVATIONS=str(self.folder / "reservations.db"),
                               XDG_DATA_HOME=str(self.folder / "data"),
                               PORTBOOK_TOKEN="secret-token")
        self.lender = self.lend()

    def lend(self, **options):
        lender = Lender(self.first, self.last, **options)
        self.addCleanup(lender.close)
        return lender

    def portbook(self, command, *arguments, env=None, lender=None, **options):
        url = (lender or self.lender).url
        ran = run(command, "--registry", url, *arguments, env=dict(self.env, **(env or {})),
                  cwd=self.folder, **options)
        self.assertNotIn("secret-token", ran.out + ran.err)
        return ran

    def reserve(self, *arguments, script="echo $PORT", **options):
        return self.portbook("reserve", *arguments, "--", "sh", "-c", script, **options)

    def begin(self, *arguments, script="echo $PORT; exec sleep 600"):
        child = subprocess.Popen(
            [PROGRAM, "reserve", "--registry", self.lender.url, *arguments, "--", "sh", "-c",
             script], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, child)
        return child, int(child.stdout.readline())

    @staticmethod
    def end(child):
        child.kill()
        child.communicate()

    def refused(self, ran, status, *expected):
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (status, "", 1), ran.err)
        for part in expected:
            self.assertIn(part, ran.err)


class Taking(Lending):
    def test_lent_and_given_back(self):
        ran = self.reserve("web", script="echo $PORT $LISTEN_FDS $LISTEN_FDNAMES; "
                           "test $LISTEN_PID = $$ && exit 7")
        self.assertEqual((ran.status, ran.err), (7, ""))
        port = int(ran.out.split()[0])
        self.assertEqual(ran.out, f"{port} 1 web\n")
        self.assertTrue(self.first <= port <= self.last)
        self.assertEqual([call[0] for call in self.lender.calls], ["take", "release"])
        wish, headers = self.lender.calls[0][1:]
        self.assertEqual(wish, {"name": "web", "host": socket.gethostname(),
                                "project": str(self.folder), "transport": "tcp", "minutes": 30})
        self.assertEqual(headers["Authorization"], "Bearer secret-token")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(self.lender.leases, {})

    def test_listens_already(self):
        child, port = self.begin("web")
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
        self.assertEqual(self.lender.calls[0][1]["name"], "web")
        local = run("reservations", "--json", env=self.env, cwd=self.folder).json
        self.assertEqual([(row["name"], row["port"], row["state"]) for row in local],
                         [("web", port, "held")])
        lent = self.portbook("reservations", "--json").json
        self.assertEqual([(row["name"], row["port"], row["holder"], row["project"])
                          for row in lent], [("web", port, "ada", str(self.folder))])
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        self.assertEqual(self.lender.leases, {})

    def test_wishes(self):
        ran = self.reserve("--ports", "20500-20510", "--transport", "udp", "dns")
        self.assertEqual((ran.status, ran.out), (0, "20500\n"))
        self.assertEqual(self.lender.calls[0][1]["ports"], "20500-20510")
        self.assertEqual(self.lender.calls[0][1]["transport"], "udp")
        ran = self.reserve("--port", "20600", "--hold", "lease", "x")
        self.assertEqual((ran.status, ran.out, ran.err), (0, "20600\n", ""))

    def test_a_port_that_is_in_use_here(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 20700))
            ran = self.reserve("--ports", "20700-20701", "web")
            self.assertEqual((ran.status, ran.out, ran.err), (0, "20701\n", ""))
            self.assertEqual([call[0] for call in self.lender.calls],
                             ["take", "release", "take", "release"])
            self.refused(self.reserve("--port", "20700", "web"), 3, "cannot bind port 20700/tcp")
        self.assertEqual(self.lender.leases, {})

    def test_the_only_one_left_is_below(self):
        with socket.socket() as taken:
            taken.bind(("0.0.0.0", 20801))
            # The registry lends what is above first.
            self.lender.leases[99] = {"port": 20800, "key": ()}
            self.lender.faults = []
            self.lender.first, self.lender.last = 20800, 20801
            ran = self.reserve("--ports", "20800-20999", "web")
            self.refused(ran, 3, "cannot bind port 20801/tcp")
            self.assertEqual([call[0] for call in self.lender.calls],
                             ["take", "release", "take", "take"])
            self.assertEqual(self.lender.calls[-1][1]["ports"], "20800-20800")

    def test_held_here_already(self):
        child, port = self.begin("web")
        ran = self.reserve("web")
        self.refused(ran, 3, "web (", "is held by process")
        # It is the other one's lease, too.
        self.assertEqual([lease["port"] for lease in self.lender.leases.values()], [port])
        child.terminate()
        child.wait(timeout=60)

    def test_command_that_cannot_be_run(self):
        for command, status in (("./none", 127), (str(self.folder), 126)):
            ran = self.portbook("reserve", "web", "--", command)
            self.refused(ran, status, command)
            self.assertEqual(self.lender.leases, {})
        self.assertEqual(run("reservations", env=self.env).status, 1)

    def test_several(self):
        ran = self.portbook("reserve", "a", "--", PROGRAM, "reserve", "--registry",
                            self.lender.url, "b", "--", "sh", "-c",
                            "echo $LISTEN_FDS $LISTEN_FDNAMES")
        self.assertEqual((ran.status, ran.out, ran.err), (0, "2 a:b\n", ""))

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            # Started under nohup, say, the shell would be deaf to it.
            self.addCleanup(signal.signal, number, signal.signal(number, signal.SIG_DFL))
            child, _ = self.begin("web", script=f"trap 'exit 9' {number.name[3:]}; echo $PORT; "
                                  "while :; do sleep 0.05; done")
            child.send_signal(number)
            self.assertEqual(child.wait(timeout=60), 9)
        self.assertEqual(self.lender.leases, {})

    def test_killed(self):
        """The command does not outlive its lease unknown; the next one gets the same port."""
        child, port = self.begin("web", script="trap 'echo ended; exit' TERM; echo $PORT; "
                                 "while :; do sleep 0.05; done")
        child.kill()
        self.assertEqual(child.stdout.read(), "ended\n")
        self.assertEqual(len(self.lender.leases), 1)
        self.assertEqual(self.reserve("web").out, f"{port}\n")
        self.assertEqual(self.lender.leases, {})


class Renewing(Lending):
    def test_renewed(self):
        self.lender.seconds = 2
        child, port = self.begin("web")
        self.lender.wait_for(lambda: self.lender.count("take") >= 3)
        self.assertEqual(self.lender.calls[-1][1]["ports"], f"{port}-{port}")
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        self.assertEqual(child.stderr.read(), "")
        self.assertEqual((self.lender.count("release"), self.lender.leases), (1, {}))

    def test_trouble(self):
        """What fails meanwhile is said once, and the command goes on."""
        self.lender.seconds = 2
        child, port = self.begin("web")
        with self.lender.lock:
            self.lender.faults = [(403, {"detail": "not today"})] * 2
        self.lender.wait_for(lambda: not self.lender.faults and self.lender.count("take") >= 5)
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        lines = child.stderr.read().splitlines()
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[0], rf"portbook: the lease of port {port}, which ends in \d s, is "
                         r"not renewed: .*: the token is for other things \(status 403\): "
                         "not today")
        self.assertEqual(lines[1], f"portbook: the lease of port {port} is renewed again")

    def test_ends_while_renewing(self):
        self.lender.seconds = 2
        child, _ = self.begin("web")
        over = threading.Event()
        self.addCleanup(over.set)
        with self.lender.lock:
            self.lender.faults = [("hang", over)]
        self.lender.wait_for(lambda: not self.lender.faults)
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        self.assertEqual(self.lender.leases, {})

    def test_server_goes_away(self):
        lender = self.lender
        child, _ = self.begin("--timeout", "20", "web")
        lender.close()
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        self.assertRegex(child.stderr.read(), r"^portbook: http://localhost:\d+/api/v1/leases/1/"
                         "release: no connection: .*\n$")


class Refused(Lending):
    def test_token(self):
        ran = self.reserve("web", env={"PORTBOOK_TOKEN": "wrong"})
        self.refused(ran, DENIED, f"{self.lender.url}/api/v1/leases: the token is not known "
                     "(status 401): this token is not known")
        self.refused(self.reserve("web", env={"PORTBOOK_TOKEN": ""}), 2, "needs a token")
        self.refused(self.reserve("web", env={"PORTBOOK_TOKEN": "a\nb"}), 2, "needs a token")
        (self.folder / "token").write_text("secret-token\n")
        ran = self.reserve("--token-file", self.folder / "token", "web",
                           env={"PORTBOOK_TOKEN": "wrong"})
        self.assertEqual((ran.status, ran.err), (0, ""))
        (self.folder / "empty").write_text("\n")
        self.refused(self.reserve("--token-file", self.folder / "empty", "web"), 2,
                     "has no token in it")
        self.refused(self.reserve("--token-file", self.folder / "none", "web"), 2, "none")

    def test_statuses(self):
        for fault, status, *expected in (
                ((403, {"detail": "for others"}), DENIED, "status 403", "for others"),
                ((409, {"detail": "none is left"}), 3, "no port is lent", "none is left"),
                ((404, b"<html>"), 3, "status 404"),
                ((422, {"title": "Bad\x1b[31m\n"}), 3, "status 422", "Bad?[31m?"),
                ((200, b"{"), 3, "portbook: "),
                ((200, b"[]"), 3, "it is no object"),
                ((200, {"number": 1, "port": 0}), 3, 'no "port"'),
                ((200, {"number": 1, "port": 80, "transport": "x"}), 3, 'no "transport"'),
                ((200, {"number": 1, "port": 80, "transport": "udp"}), 3, "not asked for"),
                ((200, b"x" * (17 << 20)), 3, "more than 16777216 bytes"),
                ((302, b"", ("Location", "http://localhost:1/")), LATER, "redirects")):
            with self.subTest(fault=str(fault)[:60]):
                self.lender.faults = [fault]
                self.refused(self.reserve("web"), status, *expected)

    def test_what_passes(self):
        self.lender.faults = [(500, b""), ("close", b"")]
        ran = self.reserve("--timeout", "60", "web")
        self.assertEqual((ran.status, ran.err), (0, ""))
        self.lender.faults = [(429, b"", ("Retry-After", "1"))]
        ran = self.reserve("--timeout", "60", "web")
        self.assertEqual((ran.status, ran.err), (0, ""))

    def test_what_does_not_pass(self):
        self.lender.faults = [(503, b"")] * 3
        self.refused(self.reserve("--timeout", "60", "web"), LATER, "status 503", "tried 3 times")
        self.lender.faults = [(429, b"", ("Retry-After", "600"))]
        self.refused(self.reserve("--timeout", "60", "web"), LATER, "asks to wait 600 s")
        over = threading.Event()
        self.addCleanup(over.set)
        self.lender.faults = [("hang", over)] * 3
        self.refused(self.reserve("--timeout", "3", "web"), LATER, "out of time")

    def test_lost_answer(self):
        """The lease that was made without anybody knowing is the one that is had."""
        take, lost = self.lender.take, []

        def take_and_lose(wish):
            answer = take(wish)
            lost.append(answer)
            return answer if len(lost) > 1 else ("close", b"")
        self.lender.take = take_and_lose
        ran = self.reserve("--timeout", "60", "web")
        self.assertEqual((ran.status, ran.err, self.lender.numbers), (0, "", 1))

    def test_urls(self):
        for url, expected in (("http://registry.example", "without TLS"),
                              ("https://me:pw@localhost:1/", "without user"),
                              ("https://localhost:1/?a", "without user")):
            ran = run("reserve", "--registry", url, "web", "--", "true", env=self.env)
            self.refused(ran, 3, expected)
            self.assertNotIn("pw", ran.err)
        ran = run("reserve", "--timeout", "20", "--registry", "http://127.0.0.1:1", "web", "--",
                  "true", env=self.env)
        self.refused(ran, LATER, "no connection")
        self.refused(run("--registry", self.lender.url, "80"), 2, "--registry is a file")

    def test_no_proxy(self):
        proxies = {name: "http://127.0.0.1:1" for name in ("http_proxy", "all_proxy")}
        self.assertEqual(self.reserve("web", env=proxies).status, 0)

    def test_certificates(self):
        subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-x509", "-days", "2",
                        "-keyout", "key", "-out", "pem", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"],
                       cwd=self.folder, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "pem", self.folder / "key")
        lender = self.lend(context=context)
        self.refused(self.reserve("web", lender=lender), LATER, "certificate")
        self.assertEqual(lender.calls, [])
        ran = self.reserve("web", lender=lender,
                           env={"SSL_CERT_FILE": str(self.folder / "pem")})
        self.assertEqual((ran.status, ran.err), (0, ""))


class Listing(Lending):
    def test_forms(self):
        self.refused(self.portbook("reservations"), 1, "no leases")
        self.assertEqual(self.portbook("reservations", "--json").out, "[]\n")
        child, port = self.begin("web")
        lease = self.portbook("reservations", "--format", "ndjson").json
        self.assertEqual(list(lease), ["name", "port", "transport", "holder", "host", "project",
                                       "since", "until", "lease"])
        self.assertEqual((lease["port"], lease["lease"]), (port, 1))
        ran = self.portbook("reservations", "--format", "csv")
        self.assertEqual(ran.lines[0], "name,port,transport,holder,host,project,since,until,lease")
        self.assertIn("web", self.portbook("reservations").lines[1])
        child.terminate()
        child.wait(timeout=60)

    def test_hostile_texts(self):
        self.lender.leases[5] = {"number": 5, "port": 81, "transport": "tcp", "name": "\x1b[1m",
                                 "holder": None, "key": ()}
        ran = self.portbook("reservations")
        self.assertEqual(ran.status, 0)
        self.assertEqual(self.portbook("reservations", "--json").json[0]["name"], "\x1b[1m")

    def test_malformed(self):
        for body, expected in ((b"", "portbook: "), ({"leases": 1}, "no list"),
                               ({"leases": [1]}, "no object")):
            self.lender.faults = [(200, body)]
            self.refused(self.portbook("reservations"), 3, expected)

    def test_release(self):
        keys = {"host": socket.gethostname(), "project": str(self.folder), "transport": "tcp"}
        for name in ("a", "b", "c"):
            self.lender.take({"name": name, "minutes": 1, **keys})
        self.lender.take({"name": "a", "minutes": 1, **keys, "host": "elsewhere"})
        self.assert_ran(self.portbook("release", "a"), 0)
        self.assertEqual(sorted(self.lender.leases), [2, 3, 4])
        self.assert_ran(self.portbook("release", f"{self.first + 1}/tcp", "c"), 0)
        self.assertEqual(sorted(self.lender.leases), [4])
        self.refused(self.portbook("release", "a"), 1, "a has no port on this machine")
        self.refused(self.portbook("release", "1-9"), 1, "1-9 is not lent")
        self.refused(self.portbook("release", "a/x"), 2, "no transport")
        self.lender.faults = [(403, {"detail": "another's"})]
        self.refused(self.portbook("release", "a"), DENIED, "another's")


if __name__ == "__main__":
    os.umask(0o77)
    unittest.main()
