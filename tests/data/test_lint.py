#!/usr/bin/env python3
"""The findings of a published edition, number by number, and how long they take.

The counts are those that other programs and people found in the same edition, each by its own means.
Where a number counts something else than they did, the reason stands beside it.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import time

EDITION = "editions/2026-08-17.xml"

EXPECTED = {
    101: 185,   # rows of 97 names, with _ 89, / 4, . 2, * 1, + 1
    106: 9,
    108: 10,
    109: 283,
    110: 172,
    111: 597,   # of which 16 have a port
    112: 34,
    113: 17,
    121: 184,   # of 96 names: edi_service alone of the 97 has no alias
    201: 1,     # rdp, twice without a port
    202: 40,    # ports and transports: not the 184 of aliases, nor the two of www
    203: 5,     # 7775 (two rows) and 7776 in 7748-7776; 7997 (two rows) in 7983-7997
    204: 11,
    205: 6,     # such as 4748-4748
    206: 8,
    209: 8,
    304: 1,     # seiko_epson
    305: 12,
    306: 51,
    307: 14,
    308: 24,
    309: 85,    # of 1,102
    310: 1773,
    311: 3,
    402: 1,     # hpbladems
    404: 2620,
    405: 8104,
    501: 6,     # of 10
    603: 32,
    604: 106,
    605: 4,
    701: 6,     # rows, in four wordings
    702: 27,    # rows: 14 are "any private ...", 5 "De-registered", 3 "Removed", one each 5 more
    703: 166,
    704: 6,
    705: 209,
    706: 263,
    707: 8,
    708: 50,    # of 112: 62 begin "Known Unauthorized Use", 27 of the others "Unauthorized Use Known"
    709: 33,
    721: 15,
    801: 8,     # six people, and an assignee given as text in two rows
    803: 3,
    804: 17,
}

# How many different names, ports or people the findings of a number are about.
SUBJECTS = {101: 97, 121: 96, 202: 40}


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    data = pathlib.Path(os.environ.get("PORTBOOK_DATA", root.parent / "shared" / "data"))
    edition = data / EDITION
    if not edition.exists():
        print(f"SKIP: {edition} is not here")
        return 77
    begin = time.monotonic()
    ran = subprocess.run([program, "lint", "--json", edition], capture_output=True, timeout=120,
                         check=False)
    took = time.monotonic() - begin
    found = json.loads(ran.stdout)
    counts = collections.Counter(row["number"] for row in found)
    bad = ran.returncode != 1
    for number in sorted(set(counts) | set(EXPECTED)):
        if counts[number] != EXPECTED.get(number, 0):
            print(f"{number}: {counts[number]}, not {EXPECTED.get(number, 0)}")
            bad = True
    for number, expected in SUBJECTS.items():
        subjects = {row["subject"].split()[0] if number != 202 else row["subject"].split()[-1]
                    for row in found if row["number"] == number}
        if len(subjects) != expected:
            print(f"{number}: about {len(subjects)}, not {expected}")
            bad = True
    lines = edition.read_bytes().split(b"\n")
    for row in found:
        start = lines[row["line"] - 1][row["column"] - 1:]
        if not start.startswith(b"<person " if row["person"] else b"<record"):
            print(f"{row['line']}:{row['column']}: no record or person begins here")
            bad = True
            break
    print(f"{len(found)} findings in {took:.2f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
