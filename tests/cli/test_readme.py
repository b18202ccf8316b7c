#!/usr/bin/env python3
"""The documents' examples and pictures are what the program prints.

    test_readme.py PROGRAM [--update]

Each `$ ...` of a console block is run, and what follows it must be what the program prints, both
outputs together. --update writes what it prints into the documents instead. What is done today was
done on DAY in the documents, and days to come are as far from it.
"""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ["README.md", "docs/SCALING.md"]
BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.S)


def run(program, command, folder):
    environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}",
                       LC_ALL="C.UTF-8", COLUMNS="100", XDG_STATE_HOME=f"{folder}/state",
                       XDG_CONFIG_HOME=f"{folder}/config",
                       LD_LIBRARY_PATH=str(program.resolve().parent / "src/sql/sqlite"))
    environment.pop("NO_COLOR", None)
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.stdout


def shown(program, block, folder, day):
    """The block with the output that its commands have now."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines.append(line + "\n" + dated(run(program, line[2:], folder), day))
    return "\n".join(lines)


DAY = datetime.date(2026, 11, 22)
DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


def dated(text, day):
    """What was printed on that day as it would be on DAY."""
    def shift(match):
        date = datetime.date.fromisoformat(match.group())
        return str(date + (DAY - day)) if date >= day else match.group()
    return DATE.sub(shift, text)


PICTURE = [sys.executable, ROOT / "tools" / "picture.py", "100", "-"]
PICTURES = {
    "docs/search.svg": (PICTURE, ["search", "pcp"]),
    "docs/chart.svg": ([], ["chart", "--transport", "tcp"]),
}


def pictures(program, update):
    """How many pictures are not what they show; with update, they become it."""
    wrong = 0
    for name, (tool, arguments) in PICTURES.items():
        done = subprocess.run([*tool, program, *arguments], capture_output=True, check=True,
                              timeout=60)
        if update:
            (ROOT / name).write_bytes(done.stdout)
        elif (ROOT / name).read_bytes() != done.stdout:
            print(f"{name} is not what the program prints")
            wrong += 1
    return wrong


def document(program, name, update):
    """Whether the document's blocks are as they are printed; with update, they become it."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    day = None
    while day != today():  # else midnight came between
        day = today()
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "portbook").symlink_to(program)
            now = BLOCK.sub(lambda m: shown(pathlib.Path(folder) / "portbook", m.group(), folder,
                                            day), text)
    if update:
        path.write_text(now, encoding="utf-8")
    for old, new in zip(BLOCK.findall(text), BLOCK.findall(now)):
        if old != new and not update:
            print(f"{name} has:\n{old}\nthe program prints:\n{new}")
    print(f"{name}: {len(BLOCK.findall(text))} blocks")
    return bool(BLOCK.search(text)) and (update or now == text)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    update = "--update" in sys.argv
    wrong = pictures(program, update)
    for name in DOCUMENTS:
        wrong += not document(program, name, update)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
