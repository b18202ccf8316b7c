#!/usr/bin/env python3
"""Fetching from a server that stalls, lies, redirects and floods.

    test_fetch.py PROGRAM       (built from fetch_one.c)
"""

import concurrent.futures
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import server

PROGRAM = sys.argv[1]

MEMORY, SYSTEM, MALFORMED, LIMIT = -1, -2, -3, -4
UNCHANGED, CANCELLED = 1, 2

# Where none of them is meant to be reached, on a machine that has other things to do as well.
LIMITS = {"tries": 1, "total": 50000, "connect": 20000, "stall": 20, "rate": 1000, "pause": 20,
          "wait": 2000, "size": 1000000}

# With libcurl and its libraries, some 11,000; with sanitizers, 18,000.
KILOBYTES_MAX = 40000

# path, what is asked otherwise, result, the fault after the URL, and how often it is asked for.
FAULTS = [
    ("always-304", {}, MALFORMED, r"the server answers with status 304 \(not modified\) to a "
     "request without condition", 1),
    ("chunked-broken", {}, SYSTEM, "the connection broke off: .*", 1),
    ("chunked-truncated", {}, SYSTEM, "the connection broke off: .*", 1),
    ("stall-headers", {"stall": 1}, SYSTEM, "stalled after 0 bytes: fewer than 1000 bytes/s for 1 s", 1),
    ("stall-headers/total", {"total": 700, "tries": 3}, SYSTEM,
     "out of time, 0 bytes after the request was sent", 1),
    ("stall-body", {"stall": 1}, SYSTEM, "stalled after 1000 bytes: fewer than 1000 bytes/s for 1 s", 1),
    ("trickle", {"stall": 1}, SYSTEM, r"stalled after \d+ bytes: fewer than 1000 bytes/s for 1 s", 1),
    ("slow", {"total": 700, "tries": 3, "size": 20000000}, SYSTEM,
     r"out of time, \d+ bytes after the request was sent", 1),
    ("truncate", {}, SYSTEM, "the connection broke off: 15379 of 15380 bytes received", 1),
    ("truncate/again", {"tries": 3}, SYSTEM, "the connection broke off: 15379 of 15380 bytes "
     r"received \(tried 3 times\)", 3),
    ("longer", {"tries": 3}, MALFORMED, "the answer is longer than the 15379 bytes that it "
     "announces", 1),
    ("two-lengths", {}, MALFORMED, "the answer does not announce its length as one number", 1),
    ("negative", {}, MALFORMED, "the answer does not announce its length as one number", 1),
    ("loop", {"tries": 3}, SYSTEM, "the server redirects more than 5 times", 6),
    ("loop/never", {"redirects": 0}, SYSTEM, "the server redirects more than 0 times", 1),
    ("to/file:%2F%2F%2Fetc%2Fpasswd", {}, SYSTEM,
     "the server redirects to what is no URL of http or https", 1),
    ("to/ftp:%2F%2F127.0.0.1%2F", {}, SYSTEM,
     "the server redirects to what is no URL of http or https", 1),
    ("to/javascript:alert(1)", {}, SYSTEM,
     "the server redirects to what is no URL of http or https", 1),
    ("nowhere", {}, MALFORMED, "the server redirects without saying where to", 1),
    ("bomb", {"tries": 3}, LIMIT, "the answer has more than 1000000 bytes", 1),
    ("garbage/gzip", {"tries": 3}, MALFORMED, "the answer can not be decompressed", 1),
    ("garbage/deflate", {}, MALFORMED, "the answer can not be decompressed", 1),
    ("garbage/br", {}, MALFORMED, "the answer can not be decompressed", 1),
    ("garbage/unheard-of", {}, MALFORMED, "the answer can not be decompressed", 1),
    ("gzip-truncated", {}, SYSTEM, r"the connection broke off: \d+ of \d+ bytes received", 1),
    ("announced", {"tries": 3}, LIMIT, "the answer has more than 1000000 bytes", 1),
    ("announced-only", {"stall": 1}, LIMIT, "the answer has more than 1000000 bytes", 1),
    ("unannounced", {"tries": 3}, LIMIT, "the answer has more than 1000000 bytes", 1),
    ("empty-blocks", {}, LIMIT, "the answer has more than 1000000 bytes", 1),
    ("status/404", {"tries": 3}, SYSTEM, "the server answers with status 404", 1),
    ("status/206", {}, SYSTEM, "the server answers with status 206", 1),
    ("status/204", {}, SYSTEM, "the server answers with status 204", 1),
    ("status/300", {}, SYSTEM, "the server answers with status 300", 1),
    ("status/401", {"tries": 3}, SYSTEM, "the server answers with status 401", 1),
    *[(f"status/{status}", {"tries": 2}, SYSTEM,
       fr"the server answers with status {status} \(tried 2 times\)", 2)
      for status in (408, 429, 500, 502, 503, 504)],
    ("busy/3600", {"tries": 3}, SYSTEM,
     "the server answers with status 429 and asks to wait 3600 s", 1),
    ("busy/5", {"tries": 3}, SYSTEM, "the server answers with status 429 and asks to wait 5 s", 1),
    ("busy-date", {"tries": 3}, SYSTEM,
     r"the server answers with status 503 and asks to wait 3(600|599) s", 1),
    ("close", {}, SYSTEM, "the connection broke off: Empty reply from server", 1),
    ("close/again", {"tries": 3}, SYSTEM,
     r"the connection broke off: Empty reply from server \(tried 3 times\)", 3),
    ("many-headers", {"tries": 3}, LIMIT, "the answer has more than 65536 bytes of headers", 1),
    ("long-header", {"tries": 3}, LIMIT, "the answer has more than 65536 bytes of headers", 1),
    ("not-http", {"tries": 3}, MALFORMED, "the answer is not HTTP: .*", 1),
    ("zero-byte", {}, MALFORMED, "the answer is not HTTP: .*", 1),
]

# path, what is asked otherwise, and how often it is asked for.
DOCUMENTS = [
    ("ok/once", {}, 1), ("chunked/once", {}, 1), ("chunked-with-length", {}, 1),
    ("until-close", {}, 1), ("keep-alive", {}, 1),
    ("redirect", {}, 1), ("relative/a", {}, 1), ("redirect-body", {}, 1), ("chain/5", {}, 1),
    ("gzip", {}, 1), ("deflate", {}, 1), ("early-hints", {}, 1),
    ("control-etag", {}, 1), ("long-etag", {}, 1),
    ("ok/just", {"size": len(server.DOCUMENT)}, 1),
    ("until-close/just", {"size": len(server.DOCUMENT)}, 1),
    ("conditional/once", {}, 1),
    ("conditional/other", {"etag": '"other"', "modified": "Sat, 01 Aug 2015 10:00:00 GMT"}, 1),
    ("conditional/bad", {"etag": "\"\r\nX: 1\"", "modified": ""}, 1),
    ("twice-500", {"tries": 3}, 3), ("truncate-once", {"tries": 2}, 2),
    ("close-once", {"tries": 2}, 2), ("stall-once", {"tries": 2, "stall": 1}, 2),
]


class Outcome:
    """What fetch_one printed."""

    def __init__(self, url, limits=None, environment=None, **options):
        options = {**LIMITS, **(limits or {}), **options}
        clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        done = subprocess.run([PROGRAM, url, *(f"{k}={v}" for k, v in options.items())],
                              capture_output=True, timeout=60, check=False,
                              env={**clean, **(environment or {})})
        self.exit, self.errors = done.returncode, done.stderr.decode()
        head, _, self.body = done.stdout.partition(b"\n\n")
        self.values = dict(line.partition(" ")[::2] for line in head.decode().split("\n"))

    def __getattr__(self, name):
        value = self.__dict__["values"].get(name, "")
        return int(value) if re.fullmatch(r"-?\d+", value) else value


def run_openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """An authority, what it signed for localhost, and what nobody signed."""
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run_openssl(folder, *new, "-x509", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem",
                "-subj", "/CN=Test authority")
    run_openssl(folder, *new, "-x509", "-days", "2", "-keyout", "self.key", "-out", "self.pem",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    run_openssl(folder, *new, "-keyout", "signed.key", "-out", "signed.csr",
                "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n", encoding="ascii")
    run_openssl(folder, "x509", "-req", "-in", "signed.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "signed.pem")


class Fetching(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = server.Server()
        cls.url = f"http://127.0.0.1:{cls.server.port}/"

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def count(self, path):
        return len(self.server.requests.get("/" + path, []))

    def run_all(self, cases):
        """Several at a time: all that the long ones do is wait."""
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            return list(zip(cases, pool.map(
                lambda case: Outcome(self.url + case[0], case[1]), cases)))

    def test_documents(self):
        for (path, _, count), outcome in self.run_all(DOCUMENTS):
            with self.subTest(path):
                self.assertEqual((outcome.fault, outcome.result), ("", 0), outcome.errors)
                self.assertEqual(outcome.body, server.DOCUMENT)
                self.assertEqual(self.count(path), count)

    def test_faults(self):
        for (path, _, result, message, count), outcome in self.run_all(FAULTS):
            with self.subTest(path):
                url, _, reason = outcome.fault.partition(": ")
                self.assertEqual(outcome.result, result, outcome.fault)
                self.assertRegex(reason, re.compile(message + "$"))
                self.assertTrue(url.startswith(self.url), url)
                self.assertEqual(outcome.body, b"")
                if not path.startswith("to/"):
                    self.assertEqual(self.count(path), count)
                self.assertIn(outcome.kilobytes, range(1000, KILOBYTES_MAX))

    def test_headers(self):
        outcome = Outcome(self.url + "ok/headers")
        self.assertEqual(outcome.etag, server.ETAG)
        self.assertEqual(outcome.modified, server.MODIFIED)
        self.assertEqual(outcome.url, self.url + "ok/headers")
        request, = self.server.requests["/ok/headers"]
        self.assertRegex(request, r"\r\nUser-Agent: portbook/\d+\.\d+\.\d+\r\n")
        self.assertRegex(request, r"\r\nAccept-Encoding: .*gzip")
        self.assertNotIn("If-", request)

    def test_headers_that_are_not_kept(self):
        self.assertEqual(Outcome(self.url + "early-hints").etag, "")
        self.assertEqual(Outcome(self.url + "chunked").etag, "")
        outcome = Outcome(self.url + "control-etag")
        self.assertEqual((outcome.etag, outcome.modified), ("", ""))
        outcome = Outcome(self.url + "long-etag")
        self.assertEqual((outcome.etag, outcome.modified), ("", server.MODIFIED))

    def test_conditions(self):
        for name, options in {"etag": {"etag": server.ETAG},
                              "modified": {"modified": server.MODIFIED},
                              "both": {"etag": server.ETAG, "modified": server.MODIFIED}}.items():
            outcome = Outcome(self.url + "conditional/" + name, options)
            self.assertEqual((outcome.result, outcome.fault, outcome.body), (UNCHANGED, "", b""))
            request, = self.server.requests["/conditional/" + name]
            self.assertEqual("If-None-Match: " in request, "etag" in options)
            self.assertEqual("If-Modified-Since: " in request, "modified" in options)
        Outcome(self.url + "conditional/broken", {"etag": "\"\r\nX: 1\""})
        self.assertNotIn("X: 1", self.server.requests["/conditional/broken"][0])

    def test_floods_end_at_the_limit(self):
        for path in ("announced", "unannounced", "empty-blocks", "redirect-body"):
            outcome = Outcome(self.url + path + "/counted", size=100000)
            self.assertEqual(outcome.result, 0 if path == "redirect-body" else LIMIT)
            # What the sockets' buffers take is sent as well.
            self.assertLess(self.server.sent[f"/{path}/counted"], 20 << 20)

    def test_waiting_as_long_as_asked(self):
        began = time.monotonic()
        outcome = Outcome(self.url + "busy/1", tries=2)
        self.assertEqual((outcome.fault, self.count("busy/1")), ("", 2))
        self.assertGreater(time.monotonic() - began, 1)

    def test_pauses_grow(self):
        """At least half of 100, 200 and 400 ms."""
        began = time.monotonic()
        Outcome(self.url + "status/500/pauses", tries=4, pause=100)
        self.assertEqual(self.count("status/500/pauses"), 4)
        self.assertGreater(time.monotonic() - began, 0.35)

    def test_redirected(self):
        outcome = Outcome(self.url + "redirect")
        self.assertEqual(outcome.url, self.url + "ok")

    def test_empty(self):
        outcome = Outcome(self.url + "empty")
        self.assertEqual((outcome.result, outcome.body), (0, b""))

    def test_progress(self):
        outcome = Outcome(self.url + "ok/progress")
        size = len(server.DOCUMENT)
        self.assertEqual((outcome.received, outcome.total), (size, size))
        outcome = Outcome(self.url + "unannounced/cancel", cancel=50000, size=20 << 20)
        self.assertEqual((outcome.result, outcome.total), (CANCELLED, 0))
        outcome = Outcome(self.url + "stall-headers/cancel", cancel=0)
        self.assertEqual(outcome.result, CANCELLED)

    def test_cancelled_while_waiting(self):
        outcome = Outcome(self.url + "status/503/wait", tries=2, pause=60000, total=100000,
                          cancel=0)
        self.assertEqual(outcome.result, CANCELLED)

    def test_no_url(self):
        for url in ("", "file:///etc/passwd", "ftp://127.0.0.1/", "no-scheme.example/x", "http://",
                    "http://a b/", "scp://127.0.0.1/x", "http://user:secret@127.0.0.1:x/",
                    "/etc/passwd"):
            outcome = Outcome(url)
            self.assertEqual((outcome.result, outcome.fault),
                             (MALFORMED, "not a URL of http or https"))

    def test_secrets_are_not_told(self):
        url = self.url.replace("//", "//user:secret@") + "status/404/secret?key=secret#secret"
        outcome = Outcome(url)
        self.assertEqual(outcome.fault, self.url + "status/404/secret: the server answers with "
                         "status 404")
        self.assertIn("Authorization: Basic ", self.server.requests["/status/404/secret"][0])
        outcome = Outcome(url.replace("status/404/secret", "ok/secret"))
        self.assertEqual(outcome.url, self.url + "ok/secret")

    def test_long_urls_leave_room_for_the_reason(self):
        outcome = Outcome(self.url + "status/404/" + "x" * 5000)
        self.assertRegex(outcome.fault, "x: the server answers with status 404$")

    def test_secrets_do_not_follow_elsewhere(self):
        other = server.Server()
        try:
            url = self.url.replace("//", "//user:secret@")
            elsewhere = f"http:%2F%2F127.0.0.1:{other.port}%2Fok"
            self.assertEqual(Outcome(url + "to/" + elsewhere).result, 0)
            self.assertNotIn("Authorization", other.requests["/ok"][0])
        finally:
            other.close()

    def test_no_server(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            outcome = Outcome(f"http://127.0.0.1:{port}/x", tries=3)
        self.assertEqual(outcome.result, SYSTEM)
        self.assertRegex(outcome.fault, r": no connection: .* \(tried 3 times\)$")
        outcome = Outcome("http://no-such-host.invalid/x", connect=2000)
        self.assertRegex(outcome.fault, ": no connection")

    def test_proxies_of_the_environment(self):
        outcome = Outcome("http://no-such-host.invalid/ok/proxy",
                          environment={"http_proxy": self.url})
        self.assertEqual(outcome.result, 0, outcome.fault)
        self.assertIn("GET http://no-such-host.invalid/", self.server.requests["/ok/proxy"][0])

    def test_failing_memory(self):
        outcome = Outcome(self.url + "ok/fail", fail=1, etag='"x"')
        self.assertEqual((outcome.exit, outcome.errors), (0, ""))
        self.assertGreaterEqual(outcome.allocations, 5)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        make_certificates(folder)
        cls.ca = folder / "ca.pem"
        cls.servers = {name: server.Server(server.context(folder / f"{name}.pem",
                                                          folder / f"{name}.key"))
                       for name in ("signed", "self")}
        cls.deaf = socket.create_server(("127.0.0.1", 0))
        cls.plain = server.Server()

    @classmethod
    def tearDownClass(cls):
        for each in (*cls.servers.values(), cls.plain):
            each.close()
        cls.deaf.close()
        cls.temporary.cleanup()

    def url(self, name, path="ok", host="localhost"):
        return f"https://{host}:{self.servers[name].port}/{path}"

    def assert_refused(self, outcome, message):
        self.assertEqual(outcome.result, SYSTEM)
        self.assertRegex(outcome.fault, message)
        self.assertNotIn("tried", outcome.fault)

    def test_trusted(self):
        for path in ("ok", "gzip", "keep-alive", "until-close", "redirect"):
            outcome = Outcome(self.url("signed", path), ca=self.ca)
            self.assertEqual((outcome.fault, outcome.result), ("", 0))
            self.assertEqual(outcome.body, server.DOCUMENT)

    def test_not_trusted(self):
        self.assert_refused(Outcome(self.url("self"), ca=self.ca, tries=3),
                            "certificate problem: self.signed certificate")
        self.assert_refused(Outcome(self.url("self"), tries=3), "certificate")
        self.assert_refused(Outcome(self.url("signed"), tries=3), "certificate")

    def test_wrong_host_name(self):
        self.assert_refused(Outcome(self.url("signed", host="127.0.0.1"), ca=self.ca, tries=3),
                            "no alternative certificate subject name matches target host name")

    def test_no_authorities(self):
        self.assert_refused(Outcome(self.url("signed"), ca="/no/such/file", tries=3),
                            "/no/such/file")

    def test_not_tls(self):
        self.assert_refused(Outcome(f"https://localhost:{self.plain.port}/ok", ca=self.ca, tries=3),
                            "wrong version number")

    def test_no_handshake(self):
        outcome = Outcome(f"https://localhost:{self.deaf.getsockname()[1]}/", connect=300)
        self.assertRegex(outcome.fault, r": no connection after 0\.[3-9] s$")

    def test_redirect_to_plain_http(self):
        outcome = Outcome(self.url("signed", f"to/http:%2F%2Flocalhost:{self.plain.port}%2Fok"),
                          ca=self.ca)
        self.assert_refused(outcome, ": the server redirects from https to http$")
        self.assertNotIn("/ok", self.plain.requests)


class Http2(unittest.TestCase):
    """What a server of HTTP/2 sends is framed: lengths and headers come another way."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        make_certificates(cls.folder)
        (cls.folder / "documents").mkdir()
        (cls.folder / "documents" / "ok").write_bytes(server.DOCUMENT * 20)
        with socket.create_server(("127.0.0.1", 0)) as free:
            cls.port = free.getsockname()[1]
        cls.process = subprocess.Popen(
            ["nghttpd", "-a", "127.0.0.1", "-d", cls.folder / "documents", str(cls.port),
             cls.folder / "signed.key", cls.folder / "signed.pem"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"] + ":/usr/sbin"})

    @classmethod
    def tearDownClass(cls):
        cls.process.kill()
        cls.process.wait()
        cls.temporary.cleanup()

    def fetch(self, path, **options):
        # The tries are for its start.
        return Outcome(f"https://localhost:{self.port}/{path}", ca=self.folder / "ca.pem",
                       tries=8, pause=100, **options)

    def test_http2(self):
        first = self.fetch("ok")
        self.assertEqual((first.fault, first.result), ("", 0))
        self.assertEqual(first.body, server.DOCUMENT * 20)
        self.assertEqual(first.total, len(first.body))
        self.assertTrue(first.modified)
        self.assertEqual(self.fetch("ok", modified=first.modified).result, UNCHANGED)
        self.assertRegex(self.fetch("none").fault, "answers with status 404$")
        self.assertRegex(self.fetch("ok", size=100000).fault, "has more than 100000 bytes$")
        self.assertEqual(self.fetch("ok", cancel=1).result, CANCELLED)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
