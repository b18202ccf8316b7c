#!/usr/bin/env python3
"""Thousands of connections at once: within the server's limits, and others are served meanwhile.

PORTBOOK_CONNECTIONS: how many (1,200 unless told); as far as the system lets one process go.
"""

import os
import resource
import socket
import time
import unittest

from serving import SECONDS, Server, Stream, request

WANTED = int(os.environ.get("PORTBOOK_CONNECTIONS", "1200"))
SPARE = 100  # descriptors of this process beside those of connections
EACH = 200  # connections from one address of loopback
KILOBYTES = 24  # that a held connection may take; what a request has is 16
SANITIZED = os.environ.get("SANITIZER", "none") != "none"  # which take memory of their own


def possible():
    """As many of what is wanted as one process may have open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(WANTED, hard - SPARE) if hard != resource.RLIM_INFINITY else WANTED
    if count < WANTED:
        print(f"{count} connections instead of {WANTED}: the system has {hard} descriptors")
    return count


class Connections(unittest.TestCase):
    def start(self, *arguments):
        # What is idle stays: it is for the limits to protect the server, not for time.
        self.server = Server("--request-timeout", 600, *arguments)
        self.addCleanup(self.server.stop)

    def open(self, index):
        connection = self.server.connect(f"127.0.{1 + index // EACH // 200}.{1 + index // EACH % 200}")
        self.addCleanup(connection.close)
        return Stream(connection)

    def ask(self, stream, path="/healthz"):
        stream.connection.sendall(request(path))
        found = stream.response()
        self.assertEqual(found.status, 200)
        return found.body

    def memory(self):
        """Kilobytes that the server has resident."""
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def connections(self, stream):
        for line in self.ask(stream, "/metrics").decode().splitlines():
            if line.startswith("portbook_http_connections "):
                return int(line.split()[1])
        raise AssertionError("no such metric")

    def wait_for(self, condition):
        end = time.monotonic() + 2 * SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def recovers(self, other, before):
        """Where the others have gone, there is room for the next, and nothing is left of them."""
        self.wait_for(lambda: self.connections(other) == 1)
        self.wait_for(lambda: self.descriptors() <= before)
        new = self.open(0)
        self.assertEqual(self.ask(new), b"ok\n")
        # Those that went while they waited to be taken may still come and go.
        self.wait_for(lambda: self.connections(other) == 2)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.server.rest, "")

    def test_held(self):
        """All are let in, answered, and held."""
        count = possible()
        self.start("--connections", count + 10, "--per-address", EACH + 1)
        other = Stream(self.server.connect())
        self.addCleanup(other.connection.close)
        self.ask(other)
        descriptors, memory = self.descriptors(), self.memory()
        streams = [self.open(index) for index in range(count)]
        for stream in streams:
            stream.connection.sendall(request("/healthz"))
        self.assertEqual(self.ask(other), b"ok\n")
        for stream in streams:
            self.assertEqual(stream.response().body, b"ok\n")
        self.assertEqual(self.connections(other), count + 1)
        taken = self.memory() - memory
        print(f"{count} connections held in {taken} KB")
        if not SANITIZED:
            self.assertLess(taken, 8192 + count * KILOBYTES)
        for stream in streams:
            stream.connection.close()
        self.recovers(other, descriptors)

    def test_more_than_are_let_in(self):
        """A tenth is let in; others wait or are closed, and take none of the server's memory."""
        count = possible()
        limit = count // 10
        self.start("--connections", limit, "--per-address", EACH + 1)
        other = Stream(self.server.connect())
        self.addCleanup(other.connection.close)
        self.ask(other)
        descriptors, memory = self.descriptors(), self.memory()
        held = []
        for index in range(count):
            connection = socket.socket()
            self.addCleanup(connection.close)
            connection.setblocking(False)
            connection.bind((f"127.0.{1 + index // EACH // 200}.{1 + index // EACH % 200}", 0))
            connection.connect_ex((self.server.host, self.server.port))
            held.append(connection)
        # They are taken while others are answered, up to the limit and no further.
        self.wait_for(lambda: self.connections(other) == limit)
        for _ in range(100):
            self.assertEqual(self.ask(other), b"ok\n")
        self.assertEqual(self.connections(other), limit)
        self.assertLessEqual(self.descriptors(), descriptors + limit)
        if not SANITIZED:
            self.assertLess(self.memory() - memory, 8192 + limit * KILOBYTES)
        for connection in held:
            connection.close()
        self.recovers(other, descriptors)

    def test_one_address(self):
        """One that wants all gets its share, and others are let in beside it."""
        count = min(possible(), 1000)
        share = count // 4
        self.start("--connections", count // 2, "--per-address", share)
        streams = []
        for _ in range(count):
            connection = self.server.connect("127.0.0.9")
            self.addCleanup(connection.close)
            streams.append(Stream(connection))
        other = self.open(0)
        self.wait_for(lambda: self.connections(other) == share + 1)
        self.assertEqual(self.ask(other), b"ok\n")
        for stream in streams:
            stream.connection.close()
        self.wait_for(lambda: self.connections(other) == 1)
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
