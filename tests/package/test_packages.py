#!/usr/bin/env python3
"""The packages on a fresh Debian system, and the program that is linked statically where nothing is.

    test_packages.py FOLDER PROGRAM     the packages; the program

The system is made by debootstrap in a folder that is removed, from the mirror that this machine's apt
is set up with. That takes root, and the network. Mounts and processes are in namespaces of the test's
own: they end with it, however it ends.
"""

import glob
import hashlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

RELEASE = "bookworm"
NAMESPACE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
             "--propagation", "private"]
INSIDE = "PORTBOOK_TEST_INSIDE"
FOLDER, PROGRAM = (pathlib.Path(each).resolve() for each in sys.argv[1:3])

# What every installation of any package leaves or changes. The files in etc are the previous ones
# of those that users and groups are in, and the cache of libraries.
ANYBODYS = ("dev/", "packages/", "proc/", "run/", "sys/", "tmp/", "var/cache/", "var/lib/apt/",
            "var/lib/dpkg/status", "var/lib/dpkg/triggers/", "var/lib/systemd/deb-systemd-",
            "var/log/", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/ld.so.cache",
            "etc/.pwd.lock")

SOURCE = """#include <portbook/portbook.h>
#include <stdio.h>
int main(void)
{
	portbook *book;
	uint32_t row;
	if (portbook_open(NULL, &book) < 0 ||
	    portbook_find_port(book, 5432, PORTBOOK_TCP, &row, 1) < 1)
		return 1;
	puts(portbook_row_text(book, row, PORTBOOK_NAME));
	portbook_close(book);
}
"""


def mirror():
    """Where apt has Debian from."""
    form = "$(ORIGIN) $(CODENAME) $(COMPONENT) $(SITE)"
    done = subprocess.run(["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
                          capture_output=True, text=True, check=True, timeout=60)
    for line in done.stdout.splitlines():
        *what, site = line.split(" ")
        if what == ["Debian", RELEASE, "main"]:
            return site
    sys.exit(f"test_packages.py: apt of this machine has no Debian {RELEASE} to install")


class System:
    """A Debian system in a folder."""

    def __init__(self, root):
        self.root = root
        self.environment = {**{name: value for name, value in os.environ.items()
                               if name.lower().endswith("_proxy")},
                            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
                            "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}

    def make(self):
        self.checked(["debootstrap", "--variant=minbase", RELEASE, self.root, mirror()])
        if not os.path.ismount(self.root / "proc"):
            self.checked(["mount", "-t", "proc", "proc", self.root / "proc"])
        for settings in glob.glob("/etc/apt/apt.conf.d/*proxy*"):
            shutil.copy(settings, self.root / "etc/apt/apt.conf.d")
        self.run("apt-get", "-q", "update")

    def checked(self, command, text=None):
        done = subprocess.run(command, env=self.environment, input=text, text=True, timeout=1800,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{command}: status {done.returncode}\n"
                                 f"{(done.stdout + done.stderr)[-4000:]}")
        return done.stdout

    def run(self, *command, text=None):
        """What a command in the system prints; it must succeed."""
        return self.checked(["chroot", self.root, *command], text)

    def status(self, *command):
        return subprocess.run(["chroot", self.root, *command], env=self.environment, check=False,
                              timeout=60, capture_output=True).returncode

    def install(self, *packages):
        self.run("apt-get", "-q", "-y", "--no-install-recommends", "install", *packages)

    def dependencies(self, packages):
        """What apt would install with these packages, without them."""
        report = self.run("apt-get", "-s", "--no-install-recommends", "install", *packages)
        names = [line.split()[1] for line in report.splitlines() if line.startswith("Inst ")]
        own = {pathlib.Path(package).name.split("_")[0] for package in packages}
        return [name for name in names if name not in own]

    def files(self):
        """Every path with its kind, and of /etc what is in it."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            for name in folders + files:
                path = pathlib.Path(folder, name)
                place = str(path.relative_to(self.root))
                if (place + "/").startswith(ANYBODYS) or place.startswith(ANYBODYS):
                    continue
                status = path.lstat()
                content = ""
                if place.startswith("etc/") and stat.S_ISREG(status.st_mode):
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                found[place] = (oct(status.st_mode), status.st_uid, status.st_gid, content)
        return found


class Packages(unittest.TestCase):
    """One system for all: the tests are steps, in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = System(pathlib.Path(os.environ[INSIDE], "system"))
        cls.system.root.mkdir(mode=0o755)
        cls.system.make()
        (cls.system.root / "packages").mkdir()
        for package in FOLDER.glob("*.deb"):
            if "-dbgsym_" not in package.name:
                shutil.copy(package, cls.system.root / "packages")
        cls.packages = sorted("/" + str(path.relative_to(cls.system.root))
                              for path in cls.system.root.glob("packages/*.deb"))
        # No server of the dependencies is to run, nor to have data.
        policy = cls.system.root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        (cls.system.root / "etc/postgresql-common").mkdir()
        (cls.system.root / "etc/postgresql-common/createcluster.conf").write_text(
            "create_main_cluster = false\n")
        cls.system.install("gcc", "libc6-dev", "pkgconf", *cls.system.dependencies(cls.packages))
        policy.unlink()
        cls.before = cls.system.files()
        cls.switch = (cls.system.root / "etc/nsswitch.conf").read_text()
        cls.system.install(*cls.packages)

    def getent(self, *arguments):
        return self.system.run("getent", *arguments, "services", "44321/tcp")

    def test_1_program(self):
        self.assertIn("https", self.system.run("portbook", "443"))
        for path in ["usr/share/man/man1/portbook.1.gz", "usr/share/man/man3/portbook.3.gz",
                     "usr/share/man/man5/portbook-image.5.gz",
                     "usr/share/man/man7/portbook-sql.7.gz",
                     "usr/share/man/man8/libnss_portbook.8.gz",
                     "usr/share/man/man8/portbook-server.8.gz",
                     "usr/share/bash-completion/completions/portbook.bash",
                     "usr/share/zsh/vendor-completions/_portbook",
                     "usr/share/fish/vendor_completions.d/portbook.fish"]:
            self.assertTrue((self.system.root / path).exists(), path)

    def test_2_name_service(self):
        services = self.system.root / "etc/services"
        self.assertRegex((self.system.root / "etc/nsswitch.conf").read_text(),
                         r"(?m)^services:.*\bfiles portbook$")
        self.assertEqual(self.getent().split(), ["pmcd", "44321/tcp"])
        own = services.read_bytes() if services.exists() else None
        services.write_bytes((own or b"") + b"ours 44321/tcp\n")
        self.assertEqual(self.getent().split(), ["ours", "44321/tcp"])
        if own is None:
            services.unlink()
        else:
            services.write_bytes(own)

    def test_3_library(self):
        (self.system.root / "tmp/example.c").write_text(SOURCE)
        self.system.run("sh", "-c", "cc -Wall -Werror -o /tmp/example /tmp/example.c "
                        "$(pkg-config --cflags --libs portbook)")
        self.assertEqual(self.system.run("/tmp/example"), "postgresql\n")

    def test_4_units(self):
        self.assertTrue((self.system.root / "etc/systemd/system/sockets.target.wants/portbook.socket")
                        .is_symlink())
        # The update is for the administrator to enable.
        self.assertFalse((self.system.root / "etc/systemd/system/timers.target.wants"
                          "/portbook-update.timer").is_symlink())
        for unit in ["portbook.socket", "portbook.service", "portbook-update.timer",
                     "portbook-update.service"]:
            self.assertEqual(self.system.run("systemd-analyze", "verify", "--man=no",
                                             f"/lib/systemd/system/{unit}"), "")

    def test_5_store(self):
        """As the update's user; then it is what programs are answered from."""
        document = self.system.run("portbook", "export")
        other = document.replace("\npmcd,44321,tcp,", "\nother-name,44321,tcp,")
        self.assertNotEqual(document, other)
        self.system.run("runuser", "-u", "portbook", "--", "portbook", "--store",
                        "/var/lib/portbook/portbook.db", "import", "--date", "2026-09-01", "-",
                        text=other)
        self.assertEqual(self.getent().split(), ["other-name", "44321/tcp"])

    def test_6_administrator(self):
        """Who took the module out has it out after another installation."""
        switch = self.system.root / "etc/nsswitch.conf"
        switch.write_text(self.switch)
        self.system.run("apt-get", "-q", "-y", "--reinstall", "install",
                        *[each for each in self.packages if "libnss-portbook" in each])
        self.assertEqual(switch.read_text(), self.switch)
        self.assertEqual(self.system.status("getent", "services", "44321/tcp"), 2)

    def test_7_postgresql(self):
        programs = "/usr/lib/postgresql/15/bin"
        self.system.run("runuser", "-u", "postgres", "--", f"{programs}/initdb", "-D", "/tmp/pg", "-N")
        text = self.system.run("runuser", "-u", "postgres", "--", f"{programs}/postgres", "--single",
                               "-D", "/tmp/pg", "postgres", text="create extension portbook\n"
                               "select service_name(5432, 'tcp')\n")
        self.assertIn('"postgresql"', text)

    def test_8_purge(self):
        names = [pathlib.Path(package).name.split("_")[0] for package in self.packages]
        self.system.run("apt-get", "-q", "-y", "purge", *names)
        self.system.install(*self.packages)
        self.assertEqual(self.getent().split(), ["pmcd", "44321/tcp"])
        self.system.run("apt-get", "-q", "-y", "purge", *names)
        after = self.system.files()
        self.assertEqual(sorted(after.keys() ^ self.before.keys()), [])
        self.assertEqual({path: (kind, after[path]) for path, kind in self.before.items()
                          if after[path] != kind}, {})


class Static(unittest.TestCase):
    """One file in an empty folder that is all there is."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=os.environ[INSIDE]))
        shutil.copy(PROGRAM, self.root / "portbook")

    def run_there(self, *arguments, text=None):
        done = subprocess.run([shutil.which("chroot"), self.root, "/portbook", *arguments],
                              input=text, env={},
                              text=True, capture_output=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_answers(self):
        status, text, errors = self.run_there("44321/tcp")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("pmcd", text)
        for form in ["csv", "xml", "xhtml", "text", "json", "services"]:
            status, document, errors = self.run_there("export", "--format", form)
            self.assertEqual((status, errors), (0, ""), form)
            if form not in ("json", "services"):
                status, text, errors = self.run_there("--registry", "-", "44321/tcp", text=document)
                self.assertEqual((status, errors), (0, ""), form)
                self.assertIn("pmcd", text)
        status, _, errors = self.run_there("export", "--format", "image", "-o", "/r.img")
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(self.run_there("--registry", "/r.img", "443")[0], 0)
        self.assertEqual(self.run_there("search", "--regex", "^pg?sql")[0], 0)
        self.assertEqual(self.run_there("chart", "-o", "/ports.svg")[0], 0)

    def test_libraries(self):
        """What would open one says which, in a line."""
        status, document, _ = self.run_there("export")
        self.assertEqual(status, 0)
        for name, arguments in {
                "libmicrohttpd": ["serve"],
                "libcurl": ["update", "--store", "/store.db"],
                "SQLite": ["--store", "/store.db", "import", "--date", "2026-09-01", "-"],
                "PostgreSQL": ["--store", "postgresql:///portbook", "443"],
                "libpng": ["chart", "-o", "/ports.png"]}.items():
            status, _, errors = self.run_there(*arguments, text=document)
            self.assertGreater(status, 0, arguments)
            self.assertRegex(errors, rf"\Aportbook: .*{name}.*linked statically\n\Z", arguments)


def main():
    if os.geteuid() != 0:
        sys.exit("test_packages.py: a Debian system in a folder (debootstrap, chroot) takes root")
    if not shutil.which("debootstrap"):
        sys.exit("test_packages.py: debootstrap is not installed: tools/deps.sh package")
    if INSIDE in os.environ:
        unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="portbook-packages-") as folder:
        os.chmod(folder, 0o755)
        done = subprocess.run([*NAMESPACE, sys.executable, "-B", *sys.argv], check=False,
                              env={**os.environ, INSIDE: folder})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
