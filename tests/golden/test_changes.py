#!/usr/bin/env python3
"""What changed, of real cases: each file of a folder holds rows, and what is to be said of them.

    test_changes.py PROGRAM FOLDER

A line is a row of the edition before (-), of the one after (+) or of both ( ), with its twelve
columns parted by |, a line feed in one as \\n; or a change (=): its kind and its sentence.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

TITLES = ["Service Name", "Port Number", "Transport Protocol", "Description", "Assignee", "Contact",
          "Registration Date", "Modification Date", "Reference", "Service Code",
          "Unauthorized Use Reported", "Assignment Notes"]


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        writer.writerows(rows)


def call(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, check=False,
                          encoding="utf-8", timeout=60)


def run(program, *arguments):
    return call(program, "diff", *arguments)


def sentence(change):
    return f"{change['kind']}: {change['summary']}"


def check_store(program, before, after, expected, folder):
    """The same from a store: between two dates, since the first, and name by name."""
    store = ["--store", str(folder / "store.db")]
    for date, path in (("2001-01-01", before), ("2002-02-02", after)):
        done = call(program, *store, "import", "--force", "--date", date, path)
        assert done.returncode == 0, done.stderr
    done = call(program, *store, "diff", "--json", "2001-01-01", "2002-02-02")
    told = [sentence(change) for change in json.loads(done.stdout)]
    assert told == expected, "\n".join(["diff of dates", *told])
    done = call(program, *store, "changes", "--json", "--since", "2001-01-01")
    told = [sentence(change) for edition in json.loads(done.stdout)
            for change in edition["changes"]]
    assert told == expected, "\n".join(["changes", *told])
    for change in json.loads(call(program, *store, "diff", "--json", "2001-01-01",
                                  "2002-02-02").stdout):
        row = (change["after"] or change["before"])[0]
        subject = row["name"] or str(row["first_port"])
        done = call(program, *store, "log", "--json", subject)
        told = [sentence(entry["change"]) for entry in json.loads(done.stdout)
                if entry["previous"]]
        assert sentence(change) in told, "\n".join([f"log {subject}", *told])


def identity(row):
    ports = row["first_port"], row["last_port"]
    return row["name"], *ports, row["transport"], row["description"], row["modification_date"]


def check(program, case, folder):
    rows = {"-": [], "+": []}
    expected = []
    moved = 0
    for line in case.read_text(encoding="utf-8").splitlines():
        sign, text = line[:1], line[2:]
        if sign == "=":
            expected.append(text)
        elif sign in ("-", "+", " ") and text:
            row = [column.replace("\\n", "\n") for column in text.split("|")]
            assert len(row) == len(TITLES), line
            moved += sign != " "
            for each in "-+" if sign == " " else sign:
                rows[each].append(row)
    before, after = folder / "before.csv", folder / "after.csv"
    write(before, rows["-"])
    write(after, rows["+"])
    done = run(program, "--json", before, after)
    changes = json.loads(done.stdout)
    told = [sentence(change) for change in changes]
    assert told == expected, "\n".join([case.name, *told])
    assert done.returncode == (1 if expected else 0) and done.stderr == ""
    assert sum(len(change["before"]) + len(change["after"]) for change in changes) == moved, case
    # Told backwards, as many rows are told, and each of them once.
    back = json.loads(run(program, "--json", after, before).stdout)
    for one, other in (("before", "after"), ("after", "before")):
        assert sorted(map(repr, (identity(row) for change in changes for row in change[one]))) == \
            sorted(map(repr, (identity(row) for change in back for row in change[other]))), case


    check_store(program, before, after, expected, folder)


def main():
    program, cases = sys.argv[1], sorted(pathlib.Path(sys.argv[2]).glob("*.txt"))
    failed = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(program, case, pathlib.Path(folder))
                print(f"ok {number} - {case.stem}")
            except AssertionError as error:
                failed += 1
                print(f"not ok {number} - {case.stem}\n# " + str(error).replace("\n", "\n# "))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
