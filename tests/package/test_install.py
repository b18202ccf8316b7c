#!/usr/bin/env python3
"""What is installed lies where the Filesystem Hierarchy Standard and those who read it expect it.

    test_install.py BUILD           BUILD is a build folder
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv[1])
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent

# Below the prefix; LIB is the folder of libraries, whose name says the machine on some systems.
INSTALLED = """\
bin/portbook
include/portbook/portbook.h
LIB/libnss_portbook.so.2
LIB/libportbook.so
LIB/libportbook.so.1
LIB/libportbook.so.1.0.0
LIB/pkgconfig/portbook.pc
LIB/sqlite3/portbook.so
lib/systemd/system/portbook-update.service
lib/systemd/system/portbook-update.timer
lib/systemd/system/portbook.service
lib/systemd/system/portbook.socket
lib/sysusers.d/portbook.conf
lib/tmpfiles.d/portbook.conf
share/bash-completion/completions/portbook.bash
share/fish/vendor_completions.d/portbook.fish
share/man/man1/portbook.1
share/man/man3/portbook.3
share/man/man5/portbook-image.5
share/man/man7/portbook-sql.7
share/man/man8/libnss_portbook.8
share/man/man8/portbook-server.8
share/zsh/site-functions/_portbook
"""


def introspect(what):
    done = subprocess.run(["meson", "introspect", f"--{what}", BUILD], capture_output=True,
                          check=True, timeout=60)
    return json.loads(done.stdout)


class Install(unittest.TestCase):
    def test_places(self):
        options = {option["name"]: option["value"] for option in introspect("buildoptions")}
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                            "--destdir", root], check=True, timeout=120)
            prefix = pathlib.Path(root, options["prefix"].lstrip("/"))
            found = {str(path.relative_to(prefix)) for path in prefix.rglob("*")
                     if not path.is_dir()}
            outside = [path for path in pathlib.Path(root).rglob("*")
                       if not path.is_dir() and prefix not in path.parents]
            modes = {path.stat().st_mode & 0o7777 for path in prefix.rglob("*")}
        self.assertEqual(outside, [])
        self.assertLessEqual(modes, {0o755, 0o644})
        self.assertEqual(found, set(INSTALLED.replace("LIB/", options["libdir"] + "/").split()))


class Packages(unittest.TestCase):
    def test_version(self):
        changelog = (SOURCE / "debian/changelog").read_text(encoding="utf-8")
        self.assertEqual(re.match(r"portbook \(([^)]*)\)", changelog)[1],
                         introspect("projectinfo")["version"])

    def test_dependencies(self):
        """What tools/deps.sh installs for building is what the packages are built with."""
        deps = (SOURCE / "tools/deps.sh").read_text(encoding="utf-8")
        wanted = set(" ".join(re.findall(r'^(?:build|package)="([^"]*)"', deps, re.M))
                     .replace("\\\n", " ").split())
        control = (SOURCE / "debian/control").read_text(encoding="utf-8")
        field = re.search(r"^Build-Depends:((?:.*\n)(?: .*\n)*)", control, re.M)[1]
        named = {re.match(r"\s*([a-z0-9.+-]+)", each)[1] for each in field.split(",")}
        # Debian builds everything with gcc; meson brings ninja; the rest makes packages of it.
        tools = {"gcc", "libc6-dev", "ninja-build", "debhelper", "debootstrap", "dh-nss", "dpkg-dev",
                 "fakeroot", "lintian"}
        self.assertEqual(wanted - tools,
                         {name for name in named if not name.startswith(("debhelper", "dh-"))})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
