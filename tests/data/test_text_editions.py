#!/usr/bin/env python3
"""Compares the plain text of published editions, as read, with the same editions' XML.

Usage: test_text_editions.py SHOW_DOCUMENT SOURCE_ROOT. The editions are real data that is not part
of the project: from $PORTBOOK_DATA, else shared/data beside the source root; skipped without.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

NS = "{http://www.iana.org/assignments}"
COLUMNS = ("Service Name", "Port Number", "Transport Protocol", "Description", "Assignee",
           "Contact", "Registration Date", "Modification Date", "Reference", "Service Code",
           "Unauthorized Use Reported", "Assignment Notes")
PROSE = (3, 8, 11)  # white space of their sources is lost
# Lines between two rows that could belong to either: what is allowed of rows and of people.
MISPLACED = 2 / 1000


def label(reference):
    data = reference.get("data") or ""
    return "[" + (reference.text or re.sub(r"(?i)^rfc(?=\d+$)", "RFC", data)) + "]"


def text_of(element):
    """The characters, with breaks as 0x01 and paragraphs begun by 0x02."""
    if element is None:
        return ""
    text = element.text or ""
    for child in element:
        tag = child.tag.replace(NS, "")
        if tag == "br":
            text += "\1"
        elif tag == "paragraph":
            text += "\2" + text_of(child)
        else:
            text += label(child)
        text += child.tail or ""
    return text


def reflow(text):
    return re.sub(r" +\n +", " ", text)


def shown(text):
    """As the publisher's CSV has it."""
    text = re.sub("(\n?\1\n?)+", "\1", text)
    text = re.sub(r"\s*\x02", "\2", text).lstrip("\2 \n").replace("\2", "\n" + " " * 14)
    return reflow(text).replace("\1", "\n").strip()


def on_page(text):
    """As a browser shows it: white space is one blank, and only breaks end lines."""
    lines = (" ".join(line.split()) for line in re.split("[\1\2]", text))
    return "\n".join(line for line in lines if line)


def record_texts(record):
    def child(name):
        return text_of(record.find(NS + name))

    references = [reflow(label(x)) for x in record.findall(NS + "xref")
                  if x.get("type") != "person"]
    contacts = [label(x) for x in record.findall(NS + "xref") if x.get("type") == "person"]
    assignee = record.find(NS + "assignee")
    assignees = contacts if assignee is None else [label(x) for x in assignee]
    return [child("name"), child("number"), child("protocol"), child("description"),
            "".join(assignees), "".join(contacts), record.get("date") or "",
            record.get("updated") or "", "".join(references), child("sc"),
            child("unauthorized"), child("note")]


def person_fields(person):
    def texts(name):
        return ["".join(x.itertext()).strip() for x in person.findall(NS + name)]

    return [person.get("id"), *("\7".join(texts(x)) for x in ("name", "org", "uri", "updated"))]


def collapse(text):
    return " ".join(text.split())


def read_text(program, path):
    out = subprocess.run([program, str(path)], check=True, stdout=subprocess.PIPE, timeout=120)
    kinds = collections.defaultdict(list)
    for record in out.stdout.decode().split("\x1e")[:-1]:
        kind, *fields = record.split("\x1f")[:-1]
        kinds[kind].append(fields)
    return kinds


def compare_rows(name, got, records):
    problems = []
    if len(got) != len(records):
        problems.append(f"{name}: {len(got)} rows, {len(records)} in the XML")
    print(f"{name}: {len(got)} rows\n{'':28}{'equal':>8}{'blanks':>8}{'differ':>8}{'breaks':>8}")
    for k, title in enumerate(COLUMNS):
        equal = blanks = differ = breaks = 0
        for row, record in zip(got, records):
            if row[k] == shown(record[k]):
                equal += 1
            elif collapse(row[k]) == collapse(shown(record[k])):
                blanks += 1
            else:
                differ += 1
            breaks += (row[k] != on_page(record[k]) and
                       collapse(row[k]) == collapse(on_page(record[k])))
        print(f"{title:28}{equal:8}{blanks:8}{differ:8}{breaks:8}")
        if blanks and k not in PROSE:
            problems.append(f"{name}: {title}: blanks differ in {blanks} rows")
        if differ > (MISPLACED * len(got) if title == "Description" else 0):
            problems.append(f"{name}: {title} differs in {differ} rows")
    return problems


def compare(program, path):
    name = path.stem
    root = ElementTree.parse(path.with_suffix(".xml")).getroot()
    got = read_text(program, path)
    problems = compare_rows(name, got["row"], [record_texts(x) for x in root.iter(NS + "record")])
    people = [person_fields(x) for x in root.iter(NS + "person")]
    ours = [list(map(collapse, x)) for x in got["person"]]
    differ = [x for x, y in zip(ours, people) if x != list(map(collapse, y))]
    print(f"{len(ours)} people, {len(differ)} differ\n")
    # Names and organizations wrap; the rest never does.
    if ([x[::3] + x[4:] for x in ours] != [list(map(collapse, x[::3] + x[4:])) for x in people] or
            len(differ) > MISPLACED * len(people)):
        problems.append(f"{name}: people differ: {len(ours)} of {len(people)}, {differ[:3]}")
    header = [root.findtext(NS + "title"), root.findtext(NS + "updated"),
              root.findtext(NS + "expert"),
              "".join(label(x) for x in root.findall(NS + "xref"))]
    notes = [[x.get("title") or "", text_of(x)] for x in root.findall(NS + "note")]
    footnotes = [[x.get("anchor"), text_of(x)] for x in root.findall(NS + "footnote")]
    for what, ours, theirs in (("header", got["header"], [header]), ("notes", got["note"], notes),
                               ("footnotes", got["footnote"], footnotes)):
        def lines(fields):
            return [[re.sub(r"[ \t]+\n", "\n", x).strip() for x in y] for y in fields]
        if lines(ours) != lines(theirs):
            problems.append(f"{name}: {what} differ: {ours} {theirs}")
    return problems


def main():
    program, source_root = sys.argv[1:]
    data = os.environ.get("PORTBOOK_DATA") or pathlib.Path(source_root, "../shared/data")
    paths = [x for x in sorted(pathlib.Path(data).glob("editions/*.txt"))
             if x.with_suffix(".xml").exists()]
    if not paths:
        print("SKIP: no published editions as text and XML at hand (PORTBOOK_DATA)")
        return 77
    problems = [problem for path in paths for problem in compare(program, path)]
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
