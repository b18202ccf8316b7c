#!/usr/bin/env python3
"""systemd takes the units as they are, and finds little that they leave open.

    test_units.py SERVICE ACTIVATOR PROGRAM

SERVICE is a unit as it is installed, ACTIVATOR the name of the timer or socket that starts it, and
PROGRAM was built.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SERVICE, ACTIVATOR, PROGRAM = map(pathlib.Path, sys.argv[1:4])
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent / "systemd"

# systemd-analyze's exposure of 0 (none) to 10, times ten. With systemd 252 the update has 1.1, and
# the server 1.0.
EXPOSURE_MAX = 15


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout


class Units(unittest.TestCase):
    def test_paths(self):
        text = SERVICE.read_text(encoding="ascii")
        self.assertRegex(text, r"(?m)^ExecStart=/\S+/portbook (update|serve)\b")
        self.assertNotIn("@", re.sub(r"@(system-service|privileged|resources)\b", "", text))

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            service, activator = folder / SERVICE.name, folder / ACTIVATOR.name
            # The program need not be installed.
            service.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={PROGRAM.resolve()}",
                                      SERVICE.read_text(encoding="ascii")), encoding="ascii")
            shutil.copy(SOURCE / activator.name, activator)
            self.assertEqual(run("systemd-analyze", "verify", "--man=no", service, activator), (0, ""))
            status, report = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                                 f"--threshold={EXPOSURE_MAX}", service)
            self.assertEqual(status, 0, report)

    @unittest.skipUnless(shutil.which("systemd-sysusers"), "systemd-sysusers is not installed")
    def test_user(self):
        with tempfile.TemporaryDirectory() as root:
            pathlib.Path(root, "etc").mkdir()
            status, text = run("systemd-sysusers", "--root", root, SOURCE / "portbook.sysusers")
            self.assertEqual(status, 0, text)
            users = pathlib.Path(root, "etc", "passwd").read_text(encoding="ascii")
            self.assertRegex(users, r"(?m)^portbook:.*:/var/lib/portbook:/\S*nologin$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
