"""who beside ss, on a machine with as many sockets as it takes to see which is slow."""

import os
import shutil
import subprocess
import sys

from common import Failed, call, compare, heading

SOCKETS = 50000
PROCESSES = 5

NAMESPACE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]

# Makes the sockets, and measures while they are there.
INSIDE = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
import crowd
many = crowd.Crowd(int(sys.argv[2]), int(sys.argv[3]), simple=True)
print("count", many.count, flush=True)
status = subprocess.run(sys.argv[4:], check=False).returncode
many.end()
sys.exit(status)
"""


class Who:
    def who(self):
        """Whole processes by turns, what they print thrown away."""
        ss = shutil.which("ss")
        if not ss:
            raise Failed("ss is not here (iproute2)")
        tests = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "host")
        count = SOCKETS // 10 if self.quick else SOCKETS
        if subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode != 0:
            raise Failed("no network namespace may be had here")
        commands = []
        for command in ([self.program, "who"], [ss, "-tulnp"],
                        [self.program, "who", "--format", "csv"]):
            commands += ["--"] * (len(commands) > 0) + [str(word) for word in command]
        got = {name: float(value) for name, value in (line.split() for line in call(
            [*NAMESPACE, sys.executable, "-B", "-c", INSIDE, tests, count, PROCESSES,
             self.build / "bench/spawn", self.rounds(5), *commands], timeout=900).splitlines())}
        heading(f"Who has which port: {got['count']:,.0f} sockets", peer="ss -p")
        compare("a table", got["time0"], got["time1"], 1)
        compare("CSV", got["time2"], got["time1"], 1)
