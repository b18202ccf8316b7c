"""Processes that have sockets of every kind, until whoever made them lets go of them."""

import os
import resource
import socket
import sys

TIME_WAITS = 64


def tcp(family, address, v6only=None, listen=True):
    made = socket.socket(family, socket.SOCK_STREAM)
    if v6only is not None:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    made.bind((address, 0))
    if listen:
        made.listen(8)
    return made


def udp(family, address, v6only=None, connected=False):
    made = socket.socket(family, socket.SOCK_DGRAM)
    if v6only is not None:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    made.bind((address, 0))
    if connected:
        made.connect((address, 9))
    return made


def pair(family, address, peer=None, peer_family=None):
    """A connection: the listener, and both ends."""
    listener = tcp(family, address)
    client = socket.socket(peer_family or family, socket.SOCK_STREAM)
    client.connect((peer or address, listener.getsockname()[1]))
    return [listener, client, listener.accept()[0]]


def half_closed():
    listener, client, server = pair(socket.AF_INET, "127.0.0.1")
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""
    return [listener, client, server]


def time_wait():
    listener, client, server = pair(socket.AF_INET, "127.0.0.1")
    client.close()
    assert server.recv(1) == b""
    server.close()
    return [listener]


def shared_port():
    made = []
    for _ in range(2):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(("127.0.0.2", made[0].getsockname()[1] if made else 0))
        one.listen(8)
        made.append(one)
    return made


def on_device():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    except PermissionError:
        pass
    made.bind(("127.0.0.1", 0))
    return [made]


def with_dup():
    made = tcp(socket.AF_INET, "127.0.0.3")
    return [made, made.dup()]


def oddities():
    """What has no port, or is no socket of the Internet."""
    name = f"\0portbook-test-{os.getpid()}-{os.urandom(4).hex()}"
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(name)
    abstract.listen(1)
    return [abstract, *socket.socketpair(), socket.socket(),
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)]


KINDS = [
    lambda: [tcp(socket.AF_INET, "127.0.0.1")],
    lambda: [tcp(socket.AF_INET, "0.0.0.0")],
    lambda: [tcp(socket.AF_INET, "127.0.0.1", listen=False)],
    lambda: [udp(socket.AF_INET, "127.0.0.1")],
    lambda: [udp(socket.AF_INET, "127.0.0.1", connected=True)],
    lambda: pair(socket.AF_INET, "127.0.0.1"),
    half_closed,
    shared_port,
    on_device,
    with_dup,
    oddities,
]

KINDS_IPV6 = [
    lambda: [tcp(socket.AF_INET6, "::1", 1)],
    lambda: [tcp(socket.AF_INET6, "::", 1)],
    lambda: [tcp(socket.AF_INET6, "::", 0)],
    lambda: [tcp(socket.AF_INET6, "::ffff:127.0.0.1", 0)],
    lambda: [udp(socket.AF_INET6, "::", 0)],
    lambda: [udp(socket.AF_INET6, "::", 1)],
    lambda: [udp(socket.AF_INET6, "::1", connected=True)],
    lambda: pair(socket.AF_INET, "127.0.0.1", "::ffff:127.0.0.1", socket.AF_INET6),
]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


def special(family, kind, protocol):
    """A listener of SCTP or DCCP; none where the kernel has no such protocol."""
    try:
        made = socket.socket(family, kind, protocol)
        made.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        made.listen(1)
    except OSError:
        return []
    return [made]


def rare():
    made = []
    for family in (socket.AF_INET, socket.AF_INET6):
        made += special(family, socket.SOCK_STREAM, 132)
        made += special(family, socket.SOCK_SEQPACKET, 132)
        made += special(family, 6, 33)
    for _ in range(TIME_WAITS):
        made += time_wait()
    return made


def fill(count, simple):
    """About so many sockets; simple: all of them listen."""
    made = [] if simple else rare()
    kinds = KINDS + KINDS_IPV6 * has_ipv6()
    number = 0
    while len(made) < count:
        if simple:
            one = socket.socket()
            one.bind((f"127.1.{number >> 14}.{os.getpid() % 250 + 1}", 1024 + (number & 16383)))
            one.listen(1)
            made.append(one)
        else:
            made += kinds[number % len(kinds)]()
        number += 1
    return made


class Crowd:
    """Processes with about so many sockets in all. With simple, of one kind: they listen."""

    def __init__(self, count, processes=4, simple=False):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        each = count // processes
        if hard != resource.RLIM_INFINITY and each > hard - 200:
            each = hard - 200
        self.pids = []
        ready, say_ready = os.pipe()
        wait, self.release = os.pipe()
        sys.stdout.flush()
        for _ in range(processes):
            pid = os.fork()
            if pid == 0:
                os.close(self.release)
                self.live(each, simple, say_ready, wait)
            self.pids.append(pid)
        os.close(say_ready)
        os.close(wait)
        answer = b""
        while len(answer) < processes:
            piece = os.read(ready, processes)
            if not piece:
                raise AssertionError("a process could not make its sockets")
            answer += piece
        os.close(ready)
        self.count = each * processes

    @staticmethod
    def live(count, simple, say_ready, wait):
        try:
            made = fill(count, simple)
            if not simple and os.fork() == 0:
                # A child has them, too.
                os.close(say_ready)
                os.read(wait, 1)
                os._exit(0)
            os.write(say_ready, b"x")
            os.close(say_ready)
            os.read(wait, 1)
            os._exit(len(made) == 0)
        except BaseException as error:  # whatever it is, no copy of the test may go on
            print(f"crowd: {error!r}", file=sys.stderr, flush=True)
        os._exit(0)

    def end(self):
        os.close(self.release)
        for pid in self.pids:
            os.waitpid(pid, 0)
