#!/usr/bin/env python3
"""Every port, transport and purpose: check against the rules of docs/ADVICE.md, read anew.

What weighs what comes from the document's table; which findings a port has is worked out from
the rows of the CSV, port by port, without anything of the program's.
"""

import csv
import io
import json
import os
import re
import subprocess
import tempfile
import unittest

from program import PROGRAM, ROOT

TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
PURPOSES = ("service", "web", "p2p")
# The Fetch Standard's bad ports, as ranges of the whole list.
REFUSED = {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95,
           *range(101, 105), 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179,
           389, 427, 465, *range(512, 516), 526, *range(530, 533), 540, 548, 554, 556, 563, 587,
           601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
           6000, 6566, *range(6665, 6670), 6679, 6697, 10080}
SITE = """Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,\
Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,\
Assignment Notes
billing,7741,tcp,Billing,,,2026-01-02,,,,,
,8000-8009,udp,Reserved,,,,,,,,
,9000,tcp,Unassigned,,,,,,,,
shop,41000,tcp,The shop,,,,,,,,
""".replace("\n", "\r\n")


def weights():
    table = {}
    for line in (ROOT / "docs" / "ADVICE.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d{3}", cells[0]):
            table[int(cells[0])] = dict(zip(PURPOSES, cells[2:5]))
    return table


def state_of(row):
    """A row without a name is unassigned where it says so, and else not to be had."""
    if row["Service Name"]:
        return "assigned"
    return "unassigned" if row["Description"].lower().startswith("unassigned") else "reserved"


def by_port(text):
    """The rows that cover each (port, transport)."""
    found = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if not row["Port Number"]:
            continue
        ends = [int(end) for end in row["Port Number"].split("-")]
        transports = [row["Transport Protocol"]] if row["Transport Protocol"] else TRANSPORTS
        for port in range(ends[0], ends[-1] + 1):
            for transport in transports:
                found.setdefault((port, transport), []).append(row)
    return found


def edge(port):
    return "reserved" if port in (0, 1023, 1024, 49151) else "unassigned"


def state(rows, port, transport):
    if (port, transport) not in rows:
        return edge(port)
    states = [state_of(row) for row in rows[port, transport]]
    for wanted in ("assigned", "reserved", "unassigned"):
        if wanted in states:
            return wanted
    return edge(port)


def findings(registry, common, site, port, transport):
    """The numbers of the rules, ascending."""
    rows = registry.get((port, transport), [])
    mine = state(registry, port, transport)
    if mine == "assigned":
        web = any(row["Service Name"].lower() in ("http", "https", "http-alt") for row in rows)
        found = [102 if web else 101]
    elif mine == "reserved":
        found = [103]
    else:
        found = [104 if port < 1024 else 105 if port < 49152 else 106]
    if mine != "assigned" and any(state(registry, port, other) == "assigned"
                                  for other in TRANSPORTS if other != transport):
        found.append(107)
    if any(row["Unauthorized Use Reported"] for row in rows):
        found.append(108)
    found += [number for number, is_so in (
        (301, 32768 <= port <= 60999), (302, port >= 49152), (303, 1024 <= port <= 5000),
        (304, port in REFUSED), (305, 30000 <= port <= 32767), (306, port < 1024)) if is_so]
    found += [401 for row in common.get((port, transport), [])]
    found += [402 for row in site.get((port, transport), []) if state_of(row) != "unassigned"]
    return found


class All(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        folder = os.path.join(cls.place.name, "portbook", "overlays.d")
        os.makedirs(folder)
        with open(os.path.join(folder, "site.csv"), "w", encoding="utf-8", newline="") as file:
            file.write(SITE)
        cls.environment = dict(os.environ, XDG_CONFIG_HOME=cls.place.name, PORTBOOK_STORE="",
                               XDG_DATA_HOME=os.path.join(cls.place.name, "none"))
        text = subprocess.run([PROGRAM, "export"], env=cls.environment, check=True,
                              stdout=subprocess.PIPE).stdout.decode()
        registry = by_port(text)
        common = by_port((ROOT / "data" / "common.csv").read_text(encoding="utf-8"))
        site = by_port(SITE)
        cls.expected = [(port, transport, findings(registry, common, site, port, transport))
                        for port in range(65536) for transport in ("tcp", "udp")]

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def check(self, purpose):
        rank = {"good": 0, "caution": 1, "bad": 2}
        weigh = {number: by[purpose] for number, by in weights().items()}
        wrong, count, known = [], 0, {}

        def read(text):
            """What is said of a port behind its transport: many are alike."""
            got = json.loads(b'{"port":0' + text)
            sound = all(one["text"] and one["source"] and one["date"] and
                        (one["overlay"] is not None) == (one["number"] > 400) and
                        one["weight"] == weigh[one["number"]] for one in got["findings"])
            numbers = [one["number"] for one in got["findings"]]
            verdict = max((weigh[number] for number in numbers), key=rank.__getitem__)
            return numbers if sound and got["for"] == purpose and \
                got["verdict"] == verdict else None

        with subprocess.Popen([PROGRAM, "check", "0-65535", "--transport", "tcp,udp", "--anywhere",
                               "--for", purpose, "--format", "ndjson"], env=self.environment,
                              stdout=subprocess.PIPE) as process:
            for line, (port, transport, numbers) in zip(process.stdout, self.expected):
                head, comma, rest = line.partition(b',"for":')
                count += 1
                if rest not in known:
                    known[rest] = read(comma + rest)
                if head != b'{"port":%d,"transport":"%s"' % (port, transport.encode()) or \
                        known[rest] != numbers:
                    wrong.append((line, numbers))
            rest = process.stdout.read()
        self.assertEqual((wrong[:3], count, rest, process.returncode), ([], 2 * 65536, b"", 1))

    def test_service(self):
        self.check("service")

    def test_web(self):
        self.check("web")

    def test_p2p(self):
        self.check("p2p")

    def test_table(self):
        """The document has what the program explains."""
        text = subprocess.run([PROGRAM, "check", "--explain"], check=True,
                              stdout=subprocess.PIPE).stdout.decode()
        self.assertIn(text, (ROOT / "docs" / "ADVICE.md").read_text(encoding="utf-8"))
        self.assertEqual(set(next(iter(weights().values())).values()) - {"good", "caution", "bad"},
                         set())

    def test_free(self):
        """What is free is what is good, for both transports, by the documented order."""
        weigh = weights()
        good = {}
        for port, transport, numbers in self.expected:
            if all(weigh[number]["web"] == "good" for number in numbers):
                good.setdefault(port, []).append(len(numbers) - 1)
        both = sorted((sum(notes), port) for port, notes in good.items()
                      if len(notes) == 2 and 1024 <= port <= 49151)

        def free(*arguments):
            done = subprocess.run([PROGRAM, "free", "--anywhere", "--for", "web", "--transport",
                                   "tcp,udp", "--format", "json", *arguments], check=False,
                                  env=self.environment, stdout=subprocess.PIPE)
            return [one["port"] for one in json.loads(done.stdout)]
        self.assertEqual(free("--count", "65536"), [port for _, port in both])
        near = sorted((port for _, port in both), key=lambda port: (abs(port - 7700), -port))
        self.assertEqual(free("--count", "50", "--near", "7700"), near[:50])
        seeded = free("--count", "65536", "--seed", "a project")
        self.assertEqual(sorted(seeded), sorted(port for _, port in both))
        self.assertEqual(seeded, free("--count", "65536", "--seed", "a project"))
        self.assertNotEqual(seeded, free("--count", "65536", "--seed", "another"))


if __name__ == "__main__":
    unittest.main()
