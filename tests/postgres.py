#!/usr/bin/env python3
"""A PostgreSQL server for tests, which lives as long as a command.

    tests/postgres.py COMMAND [ARGUMENT...]

The server has its own data in a temporary folder and listens on a socket in it alone. COMMAND finds
in its environment PORTBOOK_POSTGRES_URL, the URL of an empty database (with a password), and
PORTBOOK_POSTGRES_PID, the server's process. The exit status is the command's, or 99 where there is
no server. As a module: `with Server() as server: server.url, server.kill(), server.start()`.
"""

import ctypes
import glob
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_MAX = 60  # seconds
STOP_MAX = 20

USER = "portbook"

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Missing(Exception):
    """There is no server to start, and why."""


def program(name):
    """initdb or postgres: of the newest version that Debian's packages have, or on the PATH."""
    installed = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    installed.sort(key=lambda path: [int(n) if n.isdigit() else 0
                                     for n in path.split("/")[4].split(".")])
    found = installed[-1] if installed else shutil.which(name)
    if not found:
        raise Missing(f"PostgreSQL's {name} is not installed (Debian: postgresql; "
                      "tools/deps.sh test installs it)")
    return found


def unprivileged():
    """Who runs the server: not root, which it refuses."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL does not run as root, and there is no user postgres or nobody")


def die_with_parent(number):
    """What a process does before it runs, to get the signal when this program is no more."""
    return lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


class Server:
    def __init__(self):
        self.process = None
        self.owner = unprivileged()
        # A socket's path has at most 107 bytes, however long that of temporary files is.
        self.folder = tempfile.mkdtemp(prefix="portbook-pg-", dir="/tmp")
        self.password = secrets.token_hex(8)
        self.url = f"postgresql://{USER}:{self.password}@/postgres?host={self.folder}"
        self.environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        try:
            self.create()
            self.start()
        except BaseException:
            self.remove()
            raise

    def create(self):
        if self.owner:
            os.chown(self.folder, self.owner["user"], self.owner["group"])
        secret = os.path.join(self.folder, "password")
        with open(secret, "w", encoding="ascii") as file:
            file.write(self.password + "\n")
        os.chmod(secret, 0o644)  # the folder is nobody else's
        done = subprocess.run(
            [program("initdb"), "-D", self.folder + "/data", "-U", USER, "-E", "UTF8",
             "--locale=C", "-A", "scram-sha-256", "--pwfile", secret, "--no-sync"],
            capture_output=True, text=True, errors="replace", check=False, cwd=self.folder,
            env=self.environment, **self.owner)
        if done.returncode != 0:
            raise Missing("initdb failed: " + " ".join((done.stderr or done.stdout).split())[-500:])

    def start(self):
        """Returns when it takes connections."""
        with open(self.folder + "/log", "ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", self.folder + "/data", "-k", self.folder,
                 "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB",
                 "-c", "max_connections=20"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=self.environment, preexec_fn=die_with_parent(signal.SIGQUIT), **self.owner)
        for _ in range(START_MAX * 20):
            if self.process.poll() is not None:
                break
            try:
                with open(self.folder + "/data/postmaster.pid", encoding="ascii") as file:
                    lines = file.read().split("\n")
                if lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                    return
            except (OSError, IndexError):
                pass
            time.sleep(0.05)
        with open(self.folder + "/log", encoding="utf-8", errors="replace") as log:
            raise Missing("the server does not start: " + " ".join(log.read().split())[-500:])

    def stop(self):
        """An orderly end, or any end."""
        if not self.process:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(number)
                try:
                    self.process.wait(STOP_MAX)
                except subprocess.TimeoutExpired:
                    pass
        self.process = None

    def kill(self):
        """As when the machine loses its power: no process of it ends in order."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(STOP_MAX)
        self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def leave(number, _frame):
    sys.exit(128 + number)


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: tests/postgres.py COMMAND [ARGUMENT...]")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with Server() as server:
            environment = dict(os.environ, PORTBOOK_POSTGRES_URL=server.url,
                               PORTBOOK_POSTGRES_PID=str(server.process.pid))
            command = subprocess.Popen(sys.argv[1:], env=environment,
                                       preexec_fn=die_with_parent(signal.SIGTERM))
            try:
                return command.wait()
            finally:
                if command.poll() is None:
                    command.kill()
                    command.wait()
    except Missing as missing:
        print(f"tests/postgres.py: {missing}", file=sys.stderr)
        return 99


if __name__ == "__main__":
    status = main()
    sys.exit(status if status >= 0 else 128 - status)
