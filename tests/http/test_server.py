#!/usr/bin/env python3
"""The server: the protocol, and clients that do not keep to it."""

import gzip
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from serving import PROGRAM, SECONDS, Case, Server, Stream, environment, request

PAGE = "/assignments/service-names-port-numbers"


class Protocol(Case):
    def test_many_requests_on_one_connection(self):
        stream = self.send()
        for _ in range(50):
            stream.connection.sendall(request("/healthz"))
            found = stream.response()
            self.assertEqual((found.status, found.body), (200, b"ok\n"))
        self.assertIsNone(found["Connection"])

    def test_pipelined(self):
        stream = self.send(request("/healthz") * 20 + request("/nothing") + request("/readyz"))
        for _ in range(20):
            self.assertEqual(stream.response().body, b"ok\n")
        self.assertEqual(stream.response().status, 404)
        self.assertEqual(stream.response().body, b"ready\n")

    def test_in_pieces(self):
        stream = self.send()
        for byte in request("/healthz"):
            stream.connection.sendall(bytes([byte]))
        self.assertEqual(stream.response().body, b"ok\n")

    def test_closing(self):
        stream = self.send(request("/healthz", "GET", "Connection: close"))
        self.assertEqual(stream.response()["Connection"], "close")
        self.assertTrue(stream.ended())
        stream = self.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        self.assertEqual(stream.response().body, b"ok\n")
        self.assertTrue(stream.ended())

    def test_half_closed(self):
        stream = self.send(request(PAGE))
        stream.connection.shutdown(socket.SHUT_WR)
        self.assertEqual(stream.response().status, 200)
        self.assertTrue(stream.ended())

    def test_head(self):
        whole = self.ask(PAGE)
        stream = self.send(request(PAGE, "HEAD") + request("/healthz"))
        head = stream.response(head=True)
        self.assertEqual(stream.response().body, b"ok\n")
        dates = ("Date",)
        self.assertEqual([header for header in head.headers if header[0] not in dates],
                         [header for header in whole.headers if header[0] not in dates])
        self.assertEqual(head["Content-Length"], str(len(whole.body)))

    def test_what_every_answer_has(self):
        for path in (PAGE, "/nothing", "/healthz", "/metrics"):
            found = self.ask(path)
            self.assertEqual(found["X-Content-Type-Options"], "nosniff")
            self.assertEqual(found["Referrer-Policy"], "same-origin")
            policy = found["Content-Security-Policy"]
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertRegex(found["Date"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
            self.assertIsNotNone(found["Cache-Control"])

    def test_conditions(self):
        whole = self.ask(PAGE)
        for line in (f"If-None-Match: {whole['ETag']}", f"If-None-Match: \"x\", {whole['ETag']}",
                     f"If-Modified-Since: {whole['Last-Modified']}"):
            found = self.ask(PAGE, "GET", line)
            self.assertEqual((found.status, found.body), (304, b""))
            self.assertEqual(found["ETag"], whole["ETag"])
        self.assertEqual(self.ask(PAGE, "GET", 'If-None-Match: "x"').status, 200)
        # The connection goes on behind an answer without a body.
        stream = self.send(request(PAGE, "GET", f"If-None-Match: {whole['ETag']}"),
                           request("/healthz"))
        self.assertEqual(stream.response().status, 304)
        self.assertEqual(stream.response().body, b"ok\n")

    def test_compressed(self):
        whole = self.ask(PAGE)
        self.assertIsNone(whole["Content-Encoding"])
        found = self.ask(PAGE, "GET", "Accept-Encoding: br, gzip")
        self.assertEqual(found["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(found.body), whole.body)
        self.assertLess(len(found.body), len(whole.body) / 3)
        self.assertEqual((found["Vary"], whole["Vary"]), ("Accept-Encoding", "Accept-Encoding"))
        self.assertNotEqual(found["ETag"], whole["ETag"])
        again = self.ask(PAGE, "GET", "Accept-Encoding: gzip", f"If-None-Match: {found['ETag']}")
        self.assertEqual(again.status, 304)
        again = self.ask(PAGE, "GET", "Accept-Encoding: gzip", f"If-None-Match: {whole['ETag']}")
        self.assertEqual(again.status, 200)

    def test_again(self):
        """Answers that a thread gave before are the right ones, whatever was asked in between."""
        for path in (PAGE, "/ports/443", "/api/v1/ports/443"):
            whole = self.ask(path)
            known = f"If-None-Match: {whole['ETag']}"
            gzip = "Accept-Encoding: gzip"
            asked = ((), (known,), (known, "If-Modified-Since: x"), ('If-None-Match: "x"',),
                     ("Cookie: a=b",), (gzip,), (gzip, known)) * 3
            stream = self.send(*(request(path, "GET", *lines) for lines in asked))
            for lines in asked:
                found = stream.response()
                if known in lines and found.status == 304:
                    self.assertEqual((found.body, found["ETag"]), (b"", whole["ETag"]), lines)
                    continue
                self.assertEqual((found.status, found["Vary"]), (200, "Accept-Encoding"), lines)
                self.assertTrue(known not in lines or gzip in lines, lines)
                if gzip not in lines:
                    self.assertEqual((found.body, found["ETag"]), (whole.body, whole["ETag"]), lines)

    def test_other_methods(self):
        found = self.ask(PAGE, "OPTIONS")
        self.assertEqual((found.status, found["Allow"]), (204, "GET, HEAD, OPTIONS"))
        self.assertEqual(found["Access-Control-Allow-Origin"], "*")
        self.assertIsNone(self.ask("/healthz", "OPTIONS")["Access-Control-Allow-Origin"])
        for method in ("PUT", "DELETE", "TRACE", "PATCH", "GETX", "get"):
            found = self.ask(PAGE, method)
            self.assertEqual(found.status, 405, method)
            self.assertEqual(found["Allow"], "GET, HEAD, OPTIONS")

    def test_targets(self):
        self.assertEqual(self.ask("http://other.example/healthz").body, b"ok\n")
        for target in ("*", "healthz", "http://x", "//healthz#a", "/healthz#a", "/health\x01z",
                       "x:/healthz"):
            self.assertEqual(self.ask(target).status, 400, target)
        for target in ("//healthz", "/./healthz", "/x/../healthz", "/%2e%2e/healthz",
                       "/healthz%2f", "/healthz/x", "/HEALTHZ", "/healthz%00"):
            self.assertIn(self.ask(target).status, (400, 404), target)

    def test_bodies(self):
        stream = self.send(request("/healthz", "GET", "Content-Length: 5") + b"hello" +
                           request("/readyz"))
        self.assertEqual(stream.response().body, b"ok\n")
        self.assertEqual(stream.response().body, b"ready\n")
        stream = self.send(request("/healthz", "POST", "Content-Length: 5",
                                   "Expect: 100-continue"))
        while b"\r\n\r\n" not in stream.buffer:
            stream.more()
        self.assertEqual(stream.buffer, b"HTTP/1.1 100 Continue\r\n\r\n")
        stream.buffer = b""
        stream.connection.sendall(b"hello")
        self.assertEqual(stream.response().status, 405)


class Hostile(Case):
    def refused(self, text, *statuses):
        stream = self.send(text)
        found = stream.response()
        # What is not even a request line has no answer.
        self.assertIn(found.status if found else 400, statuses, text[:80])
        self.assertTrue(stream.closes(), text[:80])

    def test_malformed(self):
        host = b"Host: x\r\n"
        for line in (b"GET /healthz HTTP/1.1\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + host + b"\r\n",
                     b"GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"Odd name: x\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"Odd\x01: x\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"Odd(: x\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"Name: a\x01b\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + host + b"no colon\r\n\r\n",
                     b"G(T /healthz HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /health z HTTP/1.1\r\n" + host + b"\r\n"):
            self.refused(line, 400)

    def test_versions(self):
        for version in (b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.2", b"HTTP/1.10", b"http/1.1", b"FTP/1.1"):
            self.refused(b"GET /healthz " + version + b"\r\nHost: x\r\n\r\n", 400, 505)

    def test_lengths(self):
        """What two servers in a row might understand differently is not understood at all."""
        for lines in (["Content-Length: 3", "Content-Length: 4"],
                      ["Content-Length: 3", "Content-Length: 3"],
                      ["Content-Length: -3"], ["Content-Length: 3x"], ["Content-Length: 0x3"],
                      ["Content-Length: 3", "Transfer-Encoding: chunked"],
                      ["Transfer-Encoding: chunked"], ["Transfer-Encoding: gzip, chunked"],
                      ["Transfer-Encoding: identity"], ["Transfer-Encoding: xchunked"],
                      ["Content-Length: 1000000"], ["Content-Length: 99999999999999999999"]):
            stream = self.send(request("/healthz", "POST", *lines) + b"0\r\n\r\n" +
                               request("/readyz"))
            found = stream.response()
            self.assertIn(found.status if found else 400, (400, 411, 413), lines)
            self.assertTrue(stream.closes(), lines)

    def test_too_large(self):
        for text in (request("/" + "x" * 100000), request("/healthz", "GET", "X: " + "x" * 100000),
                     request("/healthz", "GET", *(f"X-{i}: x" for i in range(100))),
                     request("/healthz", "GET", *(f"X-{i}: x" for i in range(10000)))):
            stream = self.send()
            try:
                stream.connection.sendall(text)
                found = stream.response()
            except (ConnectionResetError, BrokenPipeError):
                found = None
            self.assertIn(found.status if found else 431, (400, 413, 414, 431))

    def test_no_response_is_split(self):
        marks = ("\r\nInjected: yes", "%0d%0aInjected:%20yes", "%0aInjected:%20yes", "\nInjected: yes",
                 "%E5%98%8A%E5%98%8DInjected: yes")
        for mark in marks:
            for path in (f"/{mark}", f"{PAGE}?search={mark}", f"{PAGE}/{mark}", f"{PAGE}/?page={mark}"):
                stream = self.send(request(path.replace(" ", "")))
                found = stream.response()
                self.assertNotIn("injected", [name.lower() for name, _ in found.headers])

    def test_garbage(self):
        """None of it is answered well, and none of it does harm."""
        for text in (b"\x00" * 1000, b"\xff" * 1000, b"\r\n" * 1000, b"GET\r\n\r\n", b"\x16\x03\x01\x02",
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b" " * 5000 + b"\r\n\r\n", b":\r\n\r\n"):
            connection = self.open()
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(SECONDS)
            try:
                answer = connection.recv(65536)
            except ConnectionResetError:
                answer = b""
            self.assertNotRegex(answer, rb"^HTTP/1.1 [23]")

    def test_gone_before_the_answer(self):
        for _ in range(50):
            connection = self.open()
            connection.sendall(request(PAGE) * 5)
            connection.close()
        self.wait_for(lambda: self.metric("portbook_http_connections") <= 2)


class Limits(Case):
    arguments = ("--request-timeout", "1", "--per-address", "300", "--connections", "400")

    def test_slow_header(self):
        """A byte now and then does not keep a connection open."""
        connection = self.open()
        began = time.monotonic()
        try:
            for byte in request("/healthz") * 10:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
            self.fail("it is still open")
        except (BrokenPipeError, ConnectionResetError):
            self.assertLess(time.monotonic() - began, 10)

    def test_slow_body(self):
        connection = self.open()
        connection.sendall(request("/healthz", "POST", "Content-Length: 1000"))
        try:
            for _ in range(1000):
                connection.sendall(b"x")
                time.sleep(0.05)
            self.fail("it is still open")
        except (BrokenPipeError, ConnectionResetError):
            pass

    def test_idle(self):
        stream = self.send(request("/healthz"))
        stream.response()
        stream.connection.settimeout(SECONDS)
        self.assertTrue(stream.ended())

    def test_silent(self):
        connection = self.open()
        connection.settimeout(SECONDS)
        self.assertTrue(Stream(connection).ended())

    def test_many(self):
        """As many as are allowed to one address are answered, others closed; and others live."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 1024:
            self.skipTest("too few descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1024), hard))
        streams = [Stream(self.server.connect("127.0.0.3")) for _ in range(330)]
        for stream in streams:
            self.addCleanup(stream.connection.close)
        answered = 0
        for stream in streams:
            try:
                stream.connection.sendall(request("/healthz"))
            except (ConnectionResetError, BrokenPipeError):
                pass
        for stream in streams:
            try:
                found = stream.response()
            except (ConnectionResetError, BrokenPipeError):
                found = None
            answered += found is not None and found.body == b"ok\n"
        self.assertLessEqual(answered, 300)
        self.assertGreaterEqual(answered, 250)
        self.assertEqual(self.ask("/healthz").body, b"ok\n")


class Operation(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.stop)
        return server

    def get(self, server, path):
        with server.connect() as connection:
            connection.sendall(request(path))
            return Stream(connection).response()

    def test_stops(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.start()
            idle = server.connect()
            self.addCleanup(idle.close)
            idle.sendall(request("/healthz"))
            self.assertEqual(Stream(idle).response().body, b"ok\n")
            began = time.monotonic()
            self.assertEqual(server.stop(number), 0)
            self.assertEqual(server.rest, "")
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(idle.recv(1), b"")

    def test_stops_after_what_is_under_way(self):
        server = self.start()
        with server.connect() as connection:
            connection.sendall(request("/healthz", "POST", "Content-Length: 5") + b"he")
            # The server has the request's beginning once it answers another one.
            for _ in range(3):
                self.get(server, "/readyz")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            self.assertIsNone(server.process.poll())
            with self.assertRaises(OSError):
                server.connect()
            connection.sendall(b"llo")
            found = Stream(connection).response()
            self.assertEqual((found.status, found["Connection"]), (405, "close"))
        self.assertEqual(server.process.wait(SECONDS), 0)

    def test_stops_under_load(self):
        """Whatever was asked before the end is answered, or its connection closed: never cut off."""
        server = self.start()
        cut = []

        def load():
            try:
                with server.connect() as connection:
                    stream = Stream(connection)
                    while True:
                        connection.sendall(request(PAGE))
                        if stream.response() is None:
                            return
            except OSError:
                return
            except AssertionError as error:
                cut.append(error)

        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        self.assertEqual(server.stop(), 0)
        for thread in threads:
            thread.join()
        self.assertEqual(cut, [])

    def test_hangup(self):
        """It lives on, and has what is new at once."""
        document = self.folder / "one.csv"
        head = subprocess.run([PROGRAM, "export"], capture_output=True, env=environment(),
                              check=True).stdout.split(b"\r\n")[0]
        row = b"%s,4444,tcp,Text,,,,,,,,"
        document.write_bytes(b"\r\n".join([head, row % b"before", b""]))
        server = self.start("--registry", document)
        self.assertIn(b"before", self.get(server, PAGE).body)
        other = self.folder / "other.csv"
        other.write_bytes(b"\r\n".join([head, row % b"afterwards", b""]))
        other.rename(document)
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + SECONDS
        while b"afterwards" not in self.get(server, PAGE).body:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertEqual(server.stop(), 0)

    def test_no_store_yet(self):
        """It is served once it is made."""
        store = self.folder / "ports.db"
        document = self.folder / "2020-01-02.csv"
        head = subprocess.run([PROGRAM, "export"], capture_output=True, env=environment(),
                              check=True).stdout.split(b"\r\n")[0]
        document.write_bytes(head + b"\r\nin-store,4444,tcp,Text,,,,,,,,\r\n")
        server = self.start("--store", store)
        self.assertEqual(server.addresses, [
            f"portbook: {store}: there is no store yet; the built-in registry is served until "
            "there is"])
        server.host, server.port = re.fullmatch(r"portbook: serving http://(.*):(\d+)/",
                                                server.said()).groups()
        self.assertEqual(self.get(server, "/services/in-store").status, 404)
        subprocess.run([PROGRAM, "--store", store, "import", document], env=environment(),
                       check=True, stdout=subprocess.DEVNULL, timeout=SECONDS)
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + SECONDS
        while self.get(server, "/services/in-store").status != 200:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertEqual(self.get(server, "/services/in-store?as_of=2020-01-02").status, 200)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.rest, "")

    def test_links_of_feeds(self):
        link = b'<link rel="self" href="https://ports.example/changes.atom"/>'
        server = self.start("--base", "https://ports.example")
        self.assertIn(link, self.get(server, "/changes.atom").body)
        self.assertEqual(server.stop(), 0)
        server = self.start()
        self.assertNotIn(b'rel="self"', self.get(server, "/changes.atom").body)
        self.assertEqual(server.stop(), 0)

    def test_unix_socket(self):
        path = self.folder / "socket"
        for _ in range(2):
            server = self.start("--unix", path, "--access-log", "json", listen=None)
            self.assertEqual(server.addresses, [f"portbook: serving unix:{path}"])
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(SECONDS)
                connection.connect(str(path))
                connection.sendall(request("/healthz"))
                self.assertEqual(Stream(connection).response().body, b"ok\n")
            # Killed, it leaves the socket, and the next one takes its place.
            server.process.kill()
            server.process.wait()
            self.assertTrue(path.exists())
        server = self.start("--unix", path, listen=None)
        self.assertEqual(server.stop(), 0)
        self.assertFalse(path.exists())
        path.write_text("a file")
        done = subprocess.run([PROGRAM, "serve", "--unix", path], capture_output=True, text=True,
                              env=environment(), timeout=SECONDS, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (3, f"portbook: cannot listen at {path}: Address already in use\n"))
        self.assertEqual(path.read_text(), "a file")

    def test_socket_activation(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notified.close)
        notified.bind(str(self.folder / "notify"))
        notified.settimeout(SECONDS)
        # The shell has the process's number before the program does.
        command = 'exec 3<&"$0"; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
        process = subprocess.Popen(
            ["sh", "-c", command, str(listener.fileno()), PROGRAM, "serve"],
            pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=dict(environment(), NOTIFY_SOCKET=str(self.folder / "notify")))
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.assertEqual(notified.recv(100), b"READY=1")
        with socket.create_connection(listener.getsockname(), SECONDS) as connection:
            connection.sendall(request("/healthz"))
            self.assertEqual(Stream(connection).response().body, b"ok\n")
        process.terminate()
        self.assertEqual(notified.recv(100), b"STOPPING=1")
        self.assertEqual(process.wait(SECONDS), 0)

    def test_access_log(self):
        server = self.start("--access-log", "json")
        self.get(server, "/nothing?a=\"b\\")
        with server.connect() as connection:
            connection.sendall(request("/healthz", "GET", "User-Agent: a\x9b\u00ff\"\\", "Referer: r"))
            Stream(connection).response()
        self.assertEqual(server.stop(), 0)
        # Two threads may have answered: the lines come when each is done.
        lines = sorted((json.loads(line) for line in server.logged.splitlines()),
                       key=lambda line: -line["status"])
        self.assertEqual([(line["method"], line["target"], line["status"], line["peer"])
                          for line in lines],
                         [("GET", "/nothing?a=\"b\\", 404, "127.0.0.1"),
                          ("GET", "/healthz", 200, "127.0.0.1")])
        self.assertEqual((lines[1]["referer"], lines[1]["bytes"]), ("r", 3))
        server = self.start("--access-log", "plain")
        self.get(server, "/healthz")
        self.assertEqual(server.stop(), 0)
        self.assertRegex(server.logged,
                         r'^127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] '
                         r'"GET /healthz HTTP/1\.1" 200 3 "-" "-" \d+\.\d{6}\n$')

    def test_metrics(self):
        server = self.start()
        for path in ("/healthz", "/healthz", "/nothing"):
            self.get(server, path)
        wanted = ['portbook_http_requests_total{route="/healthz",status="2xx"} 2\n',
                  'portbook_http_requests_total{route="none",status="4xx"} 1\n',
                  'portbook_edition_info{edition="built-in",date="2026-08-01"} 1\n']
        # A request counts once it was answered, which its client may know first.
        end = time.monotonic() + SECONDS
        while True:
            text = self.get(server, "/metrics").body.decode()
            requests = re.findall(r"(?m)^portbook_http_requests_total\{.*\} (\d+)$", text)
            timed = re.search(r"(?m)^portbook_http_request_duration_seconds_count (\d+)$", text)
            if (all(line in text for line in wanted) and
                    sum(map(int, requests)) == int(timed.group(1)) >= 3):
                break
            self.assertLess(time.monotonic(), end, text)
            time.sleep(0.02)
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]*(\{\}[^{}]*)*\})? [0-9.]+)$")

    def test_descriptors(self):
        """A connection that a file is sent on takes two of them."""
        def lower():
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 264:
            self.skipTest("the system has too few descriptors")
        server = self.start("--connections", 100, preexec_fn=lower)
        with open(f"/proc/{server.process.pid}/limits", encoding="ascii") as lines:
            line = next(line for line in lines if line.startswith("Max open files"))
        self.assertGreaterEqual(int(line.split()[3]), 200 + 16)

    def test_usage(self):
        for arguments, status, said in (
                (["--listen", "nowhere"], 3, '"nowhere" is no address to listen on'),
                (["--listen", "127.0.0.1:99999"], 3, "is no address to listen on"),
                (["--base", "ports.example"], 2, "is no http:// or https:// URL"),
                (["--threads", "0"], 2, "is no number from 1 to 64"),
                (["--as-of", "2020-01-01"], 2, "serve takes no --as-of; it is for: lookup, "),
                (["--access-log", "xml"], 2, '"xml" is none of off, plain, json')):
            done = subprocess.run([PROGRAM, "serve", *arguments], capture_output=True, text=True,
                                  env=environment(), timeout=SECONDS, check=False)
            self.assertEqual((done.returncode, done.stdout), (status, ""), arguments)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
