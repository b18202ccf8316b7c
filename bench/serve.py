"""The server beside nginx with the same bytes as static files, under wrk.

Both answer with two threads or workers, at 64 connections that are kept. Requests for one target
are answered from what is kept ready; those for many by turns show what an answer takes to be made.
"""

import collections
import contextlib
import dataclasses
import http.client
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import socket
import statistics
import string
import subprocess
import time

from common import Failed, call, heading, line, size_text, time_text

CONNECTIONS = 64
THREADS = 2
PAGE = "/assignments/service-names-port-numbers"
PAGE_ROWS = 100
DOWNLOAD = PAGE + "/service-names-port-numbers."
# More than an answerer would keep ready.
MANY = 1000
ROUNDS = 5
START_SECONDS = 30
TICK = 1 / os.sysconf("SC_CLK_TCK")

# As Debian's nginx.conf has it, without a log and an end to connections.
CONFIGURATION = """{user}
daemon off;
worker_processes {threads};
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
	access_log off;
	sendfile on;
	tcp_nopush on;
	default_type application/octet-stream;
	gzip_static on;
	keepalive_requests 1000000000;
	keepalive_timeout 1h;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	server {{
		listen 127.0.0.1:{port};
		root {folder}/files;
	}}
}}
"""

# Requests are made before they are counted, so that of several and of one take about the same.
SCRIPT = """
local targets = {{ {targets} }}
if #targets > 1 then
	local requests, at = {{}}, 0
	function init(arguments)
		for i, target in ipairs(targets) do requests[i] = wrk.format("GET", target) end
	end
	function request()
		at = at % #requests + 1
		return requests[at]
	end
end
function done(summary, latency)
	local errors = summary.errors
	print("bench requests " .. summary.requests)
	print("bench bytes " .. summary.bytes)
	print("bench microseconds " .. summary.duration)
	print("bench p50 " .. latency:percentile(50))
	print("bench p99 " .. latency:percentile(99))
	print("bench failed " .. errors.connect + errors.read + errors.write + errors.status)
end
"""


@dataclasses.dataclass
class Task:
    """What is asked for: of one of many targets at a time, from both sides."""
    text: str
    targets: list
    gzip: bool = False
    of_bytes: bool = False  # bytes a second count, not requests
    at_least: float = 0     # times of nginx's
    rate: float = 0         # requests a second
    frugal: bool = False    # no more time of the processor each than nginx's


class Process:
    """A server: whatever processes it has."""

    def __init__(self, child, address):
        self.child = child
        self.address = address

    def ids(self):
        path = pathlib.Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children")
        return [self.child.pid, *map(int, path.read_text(encoding="ascii").split())]

    def seconds(self):
        """Of the processor, in user and system."""
        total = 0
        for process in self.ids():
            text = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
            fields = text[text.rindex(")") + 2:].split()
            total += int(fields[11]) + int(fields[12])
        return total * TICK

    def memory(self, name):
        """In bytes; name as in /proc/PID/status."""
        total = 0
        for process in self.ids():
            for row in pathlib.Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
                if row.startswith(name + ":"):
                    total += int(row.split()[1]) * 1024
        return total


class Client:
    """What asks before anything is measured."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
        self.numbers = itertools.count()

    def fetch(self, target, gzip=False):
        self.connection.request("GET", target,
                                headers={"Accept-Encoding": "gzip"} if gzip else {})
        answer = self.connection.getresponse()
        body = answer.read()
        packed = answer.headers["Content-Encoding"] == "gzip"
        if answer.status != 200 or packed != gzip:
            raise Failed(f"{target}: {answer.status}, {'gzip' if packed else 'identity'}")
        return body

    def fills(self, text):
        """Whether as many rows as a page has are found."""
        return json.loads(self.fetch(f"/api/v1/rows?search={text}&limit=1"))["total"] >= PAGE_ROWS

    def words(self):
        """Those of the registry that fill a page."""
        words = re.findall("[a-z]{3,}", self.fetch(DOWNLOAD + "csv").decode().lower())
        return [word for word, count in collections.Counter(words).items()
                if count >= PAGE_ROWS and self.fills(word)]

    def pairs(self):
        """Likewise, pairs of letters."""
        return list(filter(self.fills, map("".join, itertools.product(string.ascii_lowercase,
                                                                     repeat=2))))

    def copy(self, task, files):
        """What is asked of the server as files; what is to be asked of those."""
        targets = []
        for target in task.targets:
            path = files / str(next(self.numbers))
            path.write_bytes(self.fetch(target))
            if task.gzip:
                path.with_suffix(".gz").write_bytes(self.fetch(target, gzip=True))
            targets.append("/" + path.name)
        return targets


@contextlib.contextmanager
def running(arguments, **how):
    with subprocess.Popen([str(a) for a in arguments], **how) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()


@contextlib.contextmanager
def portbook(arguments):
    with running([*arguments, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
             stderr=subprocess.STDOUT, text=True) as child:
        said = child.stdout.readline()
        if "http://" not in said:
            raise Failed(said.strip() or "the server does not start")
        yield Process(child, said[said.index("http://"):].strip().rstrip("/"))


@contextlib.contextmanager
def nginx(program, folder):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIGURATION.format(
        user="user root;" if os.geteuid() == 0 else "", threads=THREADS, folder=folder,
        port=port), encoding="utf-8")
    with running([program, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]) as child:
        end = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            if child.poll() is not None or time.monotonic() > end:
                raise Failed("nginx does not start")
            time.sleep(0.05)
        yield Process(child, f"http://127.0.0.1:{port}")


def median(values):
    return statistics.median(list(values))


def rate_text(value):
    return f"{value / 1e3:.1f} k/s"


class Load:
    """wrk, and what it is to ask each side for."""

    def __init__(self, folder, seconds):
        self.folder, self.seconds = folder, seconds
        self.scripts = itertools.count()

    def script(self, targets):
        path = self.folder / f"{next(self.scripts)}.lua"
        path.write_text(SCRIPT.format(targets=", ".join(f'"{target}"' for target in targets)),
                        encoding="ascii")
        return path

    def run(self, server, target, script, gzip):
        """Figures of a round: a second, and each."""
        before = server.seconds()
        said = call(["wrk", "-c", CONNECTIONS, "-t", THREADS, "-d", f"{self.seconds}s",
                     "-s", script, *(["-H", "Accept-Encoding: gzip"] if gzip else []),
                     server.address + target])
        used = server.seconds() - before
        got = {name: float(value) for name, value in re.findall(r"^bench (\w+) (.*)$", said, re.M)}
        if got["failed"] > 0 or got["requests"] == 0:
            raise Failed(f"{target}: {got['failed']:.0f} of {got['requests']:.0f} failed")
        seconds = got["microseconds"] / 1e6
        return {"rate": got["requests"] / seconds, "speed": got["bytes"] / seconds,
                "each": used / got["requests"] * 1e9, "p50": got["p50"] * 1e3,
                "p99": got["p99"] * 1e3}


def tasks(words, pairs):
    return [
        Task("look-up of a port, JSON, 443/tcp", ["/api/v1/ports/443/tcp"], at_least=0.95,
             frugal=True),
        Task(f"    {MANY} ports by turns",
             [f"/api/v1/ports/{port}/tcp" for port in random.Random(1).sample(range(65536), MANY)],
             at_least=0.95, frugal=True),
        Task("all as CSV, identity", [DOWNLOAD + "csv"], of_bytes=True, at_least=0.6),
        Task("all as CSV, gzip", [DOWNLOAD + "csv"], gzip=True, of_bytes=True, at_least=0.6),
        Task("search page of 100 rows", [PAGE + "?search=tcp"], rate=5000),
        Task(f"    {len(words)} words by turns", [f"{PAGE}?search={word}" for word in words],
             rate=5000),
        Task(f"    {len(pairs)} pairs of letters by turns",
             [f"{PAGE}?search={pair}" for pair in pairs]),
    ]


def measure(load, plan, rounds):
    """The figures of each round of each task, of either side, by name."""
    found = [[[], []] for _ in plan]
    scripts = [[load.script(targets) for _, targets in sides] for _, sides in plan]
    for number in range(rounds):
        for at, (task, sides) in enumerate(plan):
            for side in (0, 1) if number % 2 == 0 else (1, 0):
                server, targets = sides[side]
                found[at][side].append(
                    load.run(server, targets[0], scripts[at][side], task.gzip))
    return found


def report(task, ours, peer):
    """Medians; ratios are those of the rounds."""

    def show(text, name, write, wanted, limit, inverse=False):
        values = [median(one[name] for one in side) for side in (ours, peer)]
        ratio = median(b[name] / a[name] if inverse else a[name] / b[name]
                       for a, b in zip(ours, peer))
        line(text, *map(write, values), f"{ratio:.2f}x", wanted,
             values[0] >= limit if name == "rate" and not task.at_least else ratio >= limit)

    if task.of_bytes:
        show(task.text, "speed", lambda value: f"{value / 1e6:.0f} MB/s",
             f">= {task.at_least:g}x", task.at_least)
    elif task.at_least:
        show(task.text, "rate", rate_text, f">= {task.at_least:g}x", task.at_least)
    else:
        show(task.text, "rate", rate_text, f">= {task.rate}/s" if task.rate else "", task.rate)
    show("        processor's time each", "each", time_text, ">= 1x" if task.frugal else "", 1,
         inverse=True)
    for name in ("p50", "p99"):
        show(f"        {name}", name, time_text, "", 0, inverse=True)


class Serve:
    """Part of a Bench: program, folder, quick and document are its."""

    def serve(self):
        folder = self.folder / "serve"
        (folder / "files").mkdir(parents=True)
        with (portbook([self.program, "--registry", self.document(), "serve",
                        "--threads", THREADS]) as ours,
              nginx(shutil.which("nginx"), folder) as peer):
            idle = [server.memory("VmRSS") for server in (ours, peer)]
            client = Client(ours)
            for ending in ("csv", "xml", "txt", "json"):
                client.fetch(DOWNLOAD + ending)
            plan = [(task, [(ours, task.targets),
                            (peer, client.copy(task, folder / "files"))])
                    for task in tasks(client.words(), client.pairs())]
            found = measure(Load(folder, 1), plan, 1 if self.quick else ROUNDS)
            heading(f"Server, wrk's {CONNECTIONS} connections", peer="nginx")
            for (task, _), sides in zip(plan, found):
                report(task, *sides)
            for text, limit, got in (
                    ("memory: before anything is asked", 40e6, idle),
                    ("    after all of that", 0, [each.memory("VmRSS") for each in (ours, peer)]),
                    ("    at most", 60e6, [each.memory("VmHWM") for each in (ours, peer)])):
                line(text, *map(size_text, got), target=f"< {limit / 1e6:.0f} MB" if limit else "",
                     met=got[0] < limit)
