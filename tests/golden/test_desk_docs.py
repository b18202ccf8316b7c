#!/usr/bin/env python3
"""docs/APPLICATION.md has the table of fields, docs/POLICY.md the keys of a policy.

    test_desk_docs.py SHOW_FIELDS ROOT [--update]
"""

import json
import pathlib
import re
import subprocess
import sys

BEGIN, END = "<!-- fields -->\n", "<!-- end -->\n"


def check_application(path, table, update):
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    true = head + BEGIN + table + END + tail
    if update:
        path.write_text(true, encoding="utf-8")
    elif text != true:
        sys.exit(f"{path}: the table is not that of the program; renew it by --update")


def check_policy(path, schema):
    """Each key that is read is in a table, and none besides; and no policy has others."""
    text = path.read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.M))
    read = set(re.findall(r'\{SLICE\("(\w+)"\),\s*read_', schema.read_text(encoding="utf-8")))
    if told != read:
        sys.exit(f"{path}: not told: {read - told}; not read: {told - read}")
    example = json.loads(re.search(r"```json\n(.*?)```", text, re.S).group(1))
    actions = re.findall(r"`(\w+)`", text[text.index("All are needed:"):text.index("### deadlines")])
    if list(example["roles"]) != actions:
        sys.exit(f"{path}: actions are not those of its example")


def main():
    root = pathlib.Path(sys.argv[2])
    table = subprocess.run([sys.argv[1]], capture_output=True, check=True, encoding="utf-8",
                           timeout=60).stdout
    check_application(root / "docs/APPLICATION.md", table, "--update" in sys.argv)
    check_policy(root / "docs/POLICY.md", root / "src/policy/schema.c")


main()
