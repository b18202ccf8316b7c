#!/usr/bin/env python3
"""services(5) as the C library reads it: every name, alias and port is looked up.

The file stands in the place of /etc/services in a mount namespace of this test's own, so that the
machine's own file is untouched. Exits with 77, which is a skip, where no such namespace is to be
had. Arguments: the program, and "small" for a small registry only.
"""

import ctypes
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

SKIPPED = 77


class Servent(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("aliases", ctypes.POINTER(ctypes.c_char_p)),
                ("port", ctypes.c_int), ("protocol", ctypes.c_char_p)]


def told(pointer):
    """(name, aliases, port, transport) of what a function of the C library returned."""
    if not pointer:
        return None
    found, aliases = pointer.contents, []
    while found.aliases[len(aliases)]:
        aliases.append(found.aliases[len(aliases)].decode())
    return (found.name.decode(), aliases, socket.ntohs(found.port), found.protocol.decode())


def library():
    libc = ctypes.CDLL(None)
    libc.getservbyname.restype = ctypes.POINTER(Servent)
    libc.getservbyname.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    libc.getservbyport.restype = ctypes.POINTER(Servent)
    libc.getservbyport.argtypes = [ctypes.c_int, ctypes.c_char_p]
    libc.getservent.restype = ctypes.POINTER(Servent)
    return libc


def inside(expected):
    """In the namespace: what is wrong, as lines; none: nothing."""
    libc, wrong = library(), []
    entries = [tuple(entry) for entry in json.loads(pathlib.Path(expected).read_text("utf-8"))]
    libc.setservent(1)
    walked = []
    while True:
        found = told(libc.getservent())
        if found is None:
            break
        walked.append(found)
    libc.endservent()
    if walked != entries:
        wrong.append(f"getservent gives {len(walked)} entries, not the {len(entries)} expected")
    by_name, by_port = {}, {}
    for entry in entries:
        name, aliases, port, transport = entry
        by_port.setdefault((port, transport), entry)
        for known in [name, *aliases]:
            by_name.setdefault((known, transport), entry)
    # Kept open, or each look-up would open the file anew.
    libc.setservent(1)
    for (name, transport), entry in by_name.items():
        found = told(libc.getservbyname(name.encode(), transport.encode()))
        if found != entry:
            wrong.append(f"getservbyname {name}/{transport}: {found}, not {entry}")
    for (port, transport), entry in by_port.items():
        found = told(libc.getservbyport(socket.htons(port), transport.encode()))
        if found != entry:
            wrong.append(f"getservbyport {port}/{transport}: {found}, not {entry}")
    print(f"{len(entries)} lines, {len(by_name)} names and aliases, {len(by_port)} ports: "
          f"{len(wrong)} wrong")
    return wrong


UNSHARE = ["unshare", "--mount", "--propagation", "private"]
MOUNTED = """mount --bind "$1" /etc/services && mount --bind "$2" /etc/nsswitch.conf &&
shift 2 && exec "$@" """


def namespace():
    """The command that gives a namespace with mounts of its own; None: there is none to be had."""
    for command in (UNSHARE, [*UNSHARE, "--user", "--map-root-user"]):
        try:
            done = subprocess.run([*command, "mount", "--bind", "/etc", "/etc"], check=False,
                                  capture_output=True, timeout=20)
        except FileNotFoundError:
            return None
        if done.returncode == 0:
            return command
    return None


def look_up(command, folder, text, rows):
    from test_forms import expected_services
    services, switch, expected = (folder / name for name in ("services", "switch", "expected"))
    services.write_bytes(text)
    switch.write_text("services: files\n")
    expected.write_text(json.dumps([[name, aliases, port, transport] for
                                    name, port, transport, aliases, _ in expected_services(rows)]))
    before = pathlib.Path("/etc/services").read_bytes()
    done = subprocess.run([*command, "sh", "-c", MOUNTED, "sh", services, switch, sys.executable,
                           "-B", __file__, "inside", expected], check=False, timeout=200)
    return done.returncode == 0 and pathlib.Path("/etc/services").read_bytes() == before


def main():
    if sys.argv[1] == "inside":
        wrong = inside(sys.argv[2])
        print("\n".join(wrong[:20]))
        return 1 if wrong else 0
    os.environ["PORTBOOK"] = sys.argv[1]
    from program import DATA, DOCUMENT, run
    from test_forms import ALIASES, hostile_document
    command = namespace()
    if not command:
        print("skipped: no mount namespace is to be had here")
        return SKIPPED
    good = True
    with tempfile.TemporaryDirectory(prefix="portbook-test-") as name:
        folder = pathlib.Path(name)
        small, hostile = folder / "small.xml", folder / "hostile.xml"
        small.write_text(DOCUMENT.replace("</title>", "</title>" + ALIASES), encoding="utf-8")
        hostile.write_text(hostile_document(), encoding="utf-8")
        registries = [["-r", small], ["-r", hostile]]
        if sys.argv[2:] != ["small"]:
            edition = DATA / "editions" / "2026-08-17.xml"
            registries.append(["-r", edition] if edition.exists() else [])
        for registry in registries:
            text = run(*registry, "export", "--format", "services").out.encode()
            rows = run(*registry, "export", "--format", "json").json
            good = look_up(command, folder, text, rows) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
