"""Runs the built program as a server on a free port of loopback, and speaks HTTP to it bytewise."""

import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PORTBOOK", str(ROOT / "build" / "portbook"))
SECONDS = 30  # for whatever is to come


def environment():
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
             "XDG_DATA_HOME": "/nonexistent"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        if name in os.environ:
            plain[name] = os.environ[name]
    return plain


class Server:
    """A server, from when it says where it is reached until stop()."""

    def __init__(self, *arguments, listen="127.0.0.1:0", env=None, **options):
        self.log = tempfile.TemporaryFile()
        command = [PROGRAM, "serve", *map(str, arguments)]
        if listen:
            command += ["--listen", listen]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.PIPE, env=env or environment(),
                                        **options)
        self.addresses = [self.said()]
        found = re.fullmatch(r"portbook: serving http://\[?([^/]*?)\]?:(\d+)/", self.addresses[0])
        self.host, self.port = (found.group(1), int(found.group(2))) if found else (None, None)

    def said(self):
        """The next line on standard error."""
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stderr], [], [], SECONDS)
            byte = os.read(self.process.stderr.fileno(), 1) if ready else b""
            if not byte:
                raise AssertionError(f"it said only {line!r}")
            line += byte
        return line.decode().rstrip("\n")

    def connect(self, source=None):
        return socket.create_connection((self.host, self.port), SECONDS,
                                        (source, 0) if source else None)

    def stop(self, number=signal.SIGTERM):
        """Its exit status."""
        if self.process.stderr.closed:
            return self.process.returncode
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(SECONDS + 10)
        finally:
            self.process.kill()
            self.rest = self.process.stderr.read().decode()
            self.process.stderr.close()
            self.log.seek(0)
            self.logged = self.log.read().decode()
            self.log.close()


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name):
        """The one header of that name; None where there is none."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, (name, values)
        return values[0] if values else None


class Stream:
    """What a server sends on a connection, response by response."""

    def __init__(self, connection):
        self.connection, self.buffer = connection, b""

    def more(self):
        piece = self.connection.recv(65536)
        self.buffer += piece
        return bool(piece)

    def response(self, head=False):
        """The next one; None where the connection was closed instead."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                assert self.buffer == b"", self.buffer
                return None
        header, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *lines = header.decode("latin-1").split("\r\n")
        headers = [tuple(line.split(": ", 1)) for line in lines]
        status = int(re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", first).group(1))
        found = Response(status, headers, b"")
        length = 0 if head or status in (204, 304) else int(found["Content-Length"])
        while len(self.buffer) < length:
            assert self.more(), "the body is cut off"
        found.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return found

    def ended(self):
        """Whether nothing more comes; a reset is an end as well."""
        try:
            return self.buffer == b"" and not self.more()
        except ConnectionResetError:
            return True

    def closes(self):
        """Waits for the end, without an answer to another request before it."""
        try:
            while self.more():
                pass
        except ConnectionResetError:
            pass
        return b"HTTP/1.1 2" not in self.buffer


def request(path, method="GET", *lines):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode("latin-1")


class Case(unittest.TestCase):
    """Tests of one server, which answers all the same after each of them."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.arguments)

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        assert status == 0, (status, cls.server.rest)
        assert cls.server.rest == "", cls.server.rest

    def tearDown(self):
        self.assertEqual(self.ask("/healthz").body, b"ok\n")

    def open(self):
        connection = self.server.connect()
        self.addCleanup(connection.close)
        return connection

    def send(self, *texts):
        """A stream of what comes back."""
        connection = self.open()
        for text in texts:
            connection.sendall(text)
        return Stream(connection)

    def ask(self, path, method="GET", *lines):
        stream = self.send(request(path, method, *lines))
        found = stream.response(head=method == "HEAD")
        stream.connection.close()
        return found

    def metric(self, name):
        for line in self.ask("/metrics").body.decode().splitlines():
            if line.startswith(name + " "):
                return int(line.split()[1])
        raise AssertionError(name)

    def wait_for(self, condition):
        end = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
