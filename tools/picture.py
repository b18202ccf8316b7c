#!/usr/bin/env python3
"""A picture (SVG) of what a command prints on a terminal.

    picture.py COLUMNS OUTPUT COMMAND [ARGUMENT...]

The command runs on a terminal of that width; OUTPUT - is standard output. The picture has the
command as it would be typed, and below it all that was printed, bold, dim and underlined as there.
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import shlex
import struct
import sys
import termios

CHARACTER, LINE, MARGIN = 8.4, 19, 16
STYLE = """
  .screen { fill: #16181d }
  text { font: 14px/1 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d8dbe2 }
  .bold { font-weight: bold; fill: #ffffff }
  .dim { fill: #868c99 }
  .underlined { text-decoration: underline }
"""
NAMES = {"1": "bold", "2": "dim", "4": "underlined"}
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def run(columns, command):
    """What the command prints on a terminal of that many columns."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            os.environ.pop(name, None)
        size = struct.pack("HHHH", 50, columns, 0, 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    output = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the terminal's last user is gone
            break
        if not piece:
            break
        output += piece
    os.waitpid(child, 0)
    return output.decode("utf-8").replace("\r\n", "\n").rstrip("\n").split("\n")


def spans(line):
    """(classes, text) of each run of one style."""
    classes, at = [], 0
    for escape in ESCAPE.finditer(line):
        if escape.start() > at:
            yield " ".join(classes), line[at:escape.start()]
        for code in escape.group(1).split(";"):
            classes = [] if code in ("", "0") else classes + [NAMES[code]]
        at = escape.end()
    if at < len(line):
        yield " ".join(classes), line[at:]


def picture(columns, lines):
    width, height = columns * CHARACTER + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
           f'width="{width:.0f}" height="{height}" role="img">')
    yield f"<style>{STYLE}</style>"
    yield '<rect class="screen" width="100%" height="100%" rx="8"/>'
    for number, line in enumerate(lines):
        column, y = 0, MARGIN + number * LINE + 14
        for classes, text in spans(line):
            kind = f' class="{classes}"' if classes else ""
            # Each word by itself, for viewers differ in what they make of blanks.
            for word in re.finditer(r"\S+", text):
                x = MARGIN + (column + word.start()) * CHARACTER
                length = len(word.group()) * CHARACTER
                yield (f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{kind}>'
                       f"{html.escape(word.group(), quote=False)}</text>")
            column += len(text)
    yield "</svg>"


def main():
    columns, output, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    typed = shlex.join([pathlib.Path(command[0]).name, *command[1:]])
    lines = [f"\x1b[2m$\x1b[0m \x1b[1m{typed}\x1b[0m", *run(columns, command)]
    text = "\n".join(picture(columns, lines)) + "\n"
    if output == "-":
        sys.stdout.write(text)
    else:
        pathlib.Path(output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
