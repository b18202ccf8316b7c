"""The desk: requests filed beside what the disk does, and lists of many requests."""

import pathlib
import re
import statistics
import tempfile

from common import Failed, below, call, figures, heading, line
from serve import portbook

SECONDS = 10
ROUNDS = 3
AT_LEAST = 500
CONNECTIONS = 16

# Each request is for a name and a port of its own.
FILE = """
local n = 0
function request()
	n = n + 1
	local name = "t"
	for _, divisor in ipairs({{17576, 676, 26, 1}}) do
		name = name .. string.char(97 + math.floor(n / divisor) % 26)
	end
	return wrk.format("POST", "/api/v1/requests", {{
		["Authorization"] = "Bearer {token}", ["Content-Type"] = "application/json"}},
		'{{"procedure":"port","name":"' .. name .. '","ports":"' .. 20000 + n % 9000 ..
		'","transports":"tcp","description":"One of many things",' ..
		'"assignee_name":"Ada Lovelace","assignee_email":"ada@example.org"}}')
end
function done(summary)
	print("bench " .. summary.requests / summary.duration * 1e6 .. " " .. summary.errors.status)
end
"""

LISTS = {"list_all": "newest", "list_last": "last page", "list_state": "of a state",
         "list_procedure": "of a procedure", "list_applicant": "of an applicant",
         "list_reviewer": "of a reviewer", "list_overdue": "overdue",
         "list_queue": "a reviewer's queue", "list_text": "with a word",
         "list_no_text": "with a word that none has", "counts": "how many of each state"}


class Desk:
    def filed_by_api(self, folder, seconds):
        """Requests filed a second through a server, over several connections."""
        store, script = folder / "api.db", folder / "file.lua"
        request = [self.program, "--store", store, "request"]
        call([*request, "init", "--as", "root"])
        token = call([*request, "account", "token", "root", "--as", "root", "--label", "bench",
                      "--scope", "file"]).strip()
        script.write_text(FILE.format(token=token), encoding="ascii")
        with portbook([self.program, "--store", store, "serve", "--rate", "10000000"]) as server:
            said = call(["wrk", "-c", CONNECTIONS, "-t", 1, "-d", f"{seconds}s", "-s", script,
                         server.address])
        rate, failed = re.search(r"^bench (\S+) (\d+)$", said, re.M).groups()
        if int(failed) > 0:
            raise Failed(f"{failed} requests were not filed")
        return float(rate)

    def desk(self):
        rounds = []
        for _ in range(1 if self.quick else ROUNDS):
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                folder = pathlib.Path(folder)
                seconds = 1 if self.quick else SECONDS
                got = figures([self.build / "bench/desk", folder, seconds])
                rounds.append(got | {"api": self.filed_by_api(folder, seconds)})
        got = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
        heading("Requests filed a second, each on disk", peer="fsyncs")
        for text, name in (("one client of the library", "filed"),
                           (f"{CONNECTIONS} connections to a server", "api")):
            line(text, f"{got[name]:.0f}", f"{got['fsyncs']:.0f}",
                 f"{got[name] / got['fsyncs']:.2f}x", f">= {AT_LEAST}", got[name] >= AT_LEAST)
        heading("A page of 100,000 requests", peer="limit")
        for name, text in LISTS.items():
            below(text, got[name], 50e6, 50000)
