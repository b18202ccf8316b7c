"""Flow records annotated, beside mawk and DuckDB doing the same."""

import json
import os
import pathlib
import random
import shutil
import subprocess
import time

from common import call, compare, heading, line

DUCKDB = pathlib.Path(__file__).resolve().parent / "duckdb"
ROWS = 10_000_000
NUMBERS = {"tcp": 6, "udp": 17, "sctp": 132, "dccp": 33}

AWK = r"""
BEGIN { FS = OFS = "," }
FNR == NR { if ($4 != "") { rank[$1, $2] = $3; name[$1, $2] = $4 } next }
FNR == 1 { print $0, "service", "service_port", "service_side", "service_state"; next }
{
	from = ($5 SUBSEP $2) in rank; to = ($5 SUBSEP $4) in rank
	s = (from ? rank[$5, $2] : $2 < 32768 ? 3 : 4) * 65536 + $2
	d = (to ? rank[$5, $4] : $4 < 32768 ? 3 : 4) * 65536 + $4
	if (s < d) print $0, (from ? name[$5, $2] : ""), $2, "src", from ? "assigned" : "unassigned"
	else print $0, (to ? name[$5, $4] : ""), $4, "dst", to ? "assigned" : "unassigned"
}
"""


def write_ports(program, path):
    """What is said of each port, as peers join it."""
    said = {}
    for text in call([program, "export", "--format", "ndjson"]).splitlines():
        row = json.loads(text)
        if row["first_port"] is None or row["state"] != "assigned":
            continue
        for transport in [row["transport"]] if row["transport"] else NUMBERS:
            for port in range(row["first_port"], row["last_port"] + 1):
                said.setdefault((NUMBERS[transport], port), row["name"])
    with open(path, "w", encoding="utf-8") as file:
        file.write("proto,port,rank,service,state\n")
        for number in NUMBERS.values():
            for port in range(65536):
                name = said.get((number, port))
                rank = ((0 if port < 1024 else 1 if port < 32768 else 2) if name else
                        3 if port < 32768 else 4)
                state = "assigned" if name else "unassigned"
                file.write(f"{number},{port},{rank},{name or ''},{state}\n")
    return sorted({port for (number, port) in said if number == 6})


def write_flows(path, ports, rows, quoted):
    """Services' ports by Zipf, clients' any; most of what serves is the destination."""
    rng = random.Random(6)
    rng.shuffle(ports)
    usual = [443, 80, 53, 22, 25, 123, 445, 993, 3389, 8080]
    ports = usual + [port for port in ports if port not in usual]
    weights = [1 / rank for rank in range(1, len(ports) + 1)]
    served = rng.choices(ports, weights, k=100_000)
    with open(path, "w", encoding="utf-8") as file:
        file.write("src,sport,dst,dport,proto,bytes\n")
        # A part of them again and again: that ports repeat so late is nothing to any cache.
        part = []
        for port in served:
            client = rng.randrange(32768, 60999)
            one = (f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}", client)
            other = (f"192.0.2.{rng.randrange(256)}", port)
            if rng.random() < 0.3:
                one, other = other, one
            address = f'"{one[0]}"' if quoted else one[0]
            part.append(f"{address},{one[1]},{other[0]},{other[1]},"
                        f"{6 if rng.random() < 0.8 else 17},{rng.randrange(40, 100000)}\n")
        text = "".join(part)
        for _ in range(rows // len(part)):
            file.write(text)


def memory_of(arguments, out, stdin):
    """Bytes at most: of the program alone, where getrusage() counts who started it, too."""
    most = 0
    with open(out, "wb") as file:
        with subprocess.Popen([str(a) for a in arguments], stdout=file, stdin=stdin) as process:
            while process.poll() is None:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
                for text in status.splitlines():
                    if text.startswith("VmHWM:"):
                        most = int(text.split()[1]) * 1024
                time.sleep(0.01)
    return most


def timed(arguments, out):
    """(nanoseconds, processor nanoseconds)"""
    with open(out, "wb") as file:
        start = time.perf_counter_ns()
        with subprocess.Popen([str(a) for a in arguments], stdout=file) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
        took = time.perf_counter_ns() - start
    return took, int((usage.ru_utime + usage.ru_stime) * 1e9)


class Annotate:
    """Part of a Bench: program, folder and quick are its."""

    def annotate(self):
        rows = ROWS // 20 if self.quick else ROWS
        ports = self.folder / "ports.csv"
        numbers = write_ports(self.program, ports)
        for quoted in (False, True):
            flows = self.folder / "flows.csv"
            write_flows(flows, list(numbers), rows, quoted)
            size = flows.stat().st_size
            heading(f"{rows // 1000000 or rows / 1e6} million flows, {size >> 20} MiB" +
                    (", a field in quotes" if quoted else ""))
            self.annotate_flows(flows, ports, size, quoted)

    def annotate_flows(self, flows, ports, size, quoted):
        out = "/dev/null"
        alone = [self.program, "annotate", "--threads", "1", flows]
        rounds = [timed(alone, out) for _ in range(3)]
        speed = size / min(cpu for _, cpu in rounds) * 1e3
        line("    a core, from a file", f"{speed:.0f} MB/s", target=">= 700 MB/s", met=speed >= 700)
        # To a file, as the peer that it stands beside.
        both = min(timed([self.program, "annotate", flows], self.folder / "annotated.csv")[0]
                   for _ in range(3))
        with subprocess.Popen(["cat", flows], stdout=subprocess.PIPE) as cat:
            memory = memory_of([self.program, "annotate"], out, cat.stdout)
        line("    memory, piped", f"{memory / 1e6:.1f} MB", target="< 32 MB", met=memory < 32e6)
        if shutil.which("mawk") and not quoted:
            took = timed(["mawk", AWK, ports, flows], out)[0]
            compare("mawk, a thread each", min(took for took, _ in rounds), took, 8)
        if (DUCKDB / "node_modules").exists():
            took = int(call(["node", DUCKDB / "annotate.mjs", flows, ports, self.folder / "duck.csv",
                             str(os.cpu_count())], 600))
            compare("DuckDB, all threads each", both, took, 12)
        else:
            line("DuckDB: not measured, tools/deps.sh bench installs it", "")
