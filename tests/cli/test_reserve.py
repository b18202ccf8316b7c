#!/usr/bin/env python3
"""Ports held under names: who gets which, how they are handed over, and when they are free."""

import ctypes
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import threading
import unittest

from program import PROGRAM, Case, environment, run

class Reserving(Case):
    # Tests of reserve that run side by side have databases of their own, but one machine's ports:
    # each asks for others.
    ports = ("--ports", "12001-20000")

    def setUp(self):
        super().setUp()
        self.database = self.folder / "reservations.db"
        self.env = environment(PORTBOOK_RESERVATIONS=str(self.database),
                               XDG_DATA_HOME=str(self.folder / "data"))

    def portbook(self, *arguments, env=None, **options):
        return run(*self.among(arguments), env=dict(self.env, **(env or {})),
                   cwd=options.pop("cwd", self.folder), **options)

    def among(self, arguments):
        if arguments[0] != "reserve" or "--port" in arguments or "--ports" in arguments:
            return arguments
        return ("reserve", *self.ports, *arguments[1:])

    def port(self, *arguments, **options):
        """The port that a command is told."""
        ran = self.portbook("reserve", *arguments, "--", "sh", "-c", "echo $PORT", **options)
        self.assert_ran(ran, 0)
        return int(ran.out)

    def rows(self):
        return self.portbook("reservations", "--json").json

    def hold(self, *arguments, **options):
        """A process that holds a port until it is killed, and that port."""
        child = subprocess.Popen(
            [PROGRAM, *self.among(("reserve", *arguments)), "--", "sh", "-c",
             "echo $PORT; exec sleep 600"], env=self.env,
            cwd=options.pop("cwd", self.folder), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, **options)
        self.addCleanup(self.end, child)
        return child, int(child.stdout.readline())

    @staticmethod
    def end(child):
        child.kill()
        child.wait()
        child.stdout.close()

    def change(self, sql):
        connection = sqlite3.connect(self.database)
        connection.execute(sql)
        connection.commit()
        connection.close()

    def refused(self, ran, *expected, status=3):
        self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (status, "", 1), ran.err)
        for part in expected:
            self.assertIn(part, ran.err)


class HandingOver(Reserving):
    def test_as_systemd_does(self):
        ran = self.portbook("reserve", "web", "--", "python3", "-c", """
import os, socket
print(os.environ["LISTEN_FDS"], os.environ["LISTEN_FDNAMES"],
      int(os.environ["LISTEN_PID"]) == os.getpid())
s = socket.socket(fileno=3)
print(s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
assert s.getsockname()[1] == int(os.environ["PORT"])
for address in ("127.0.0.1", "::1"):
    try:
        client = socket.create_connection((address, s.getsockname()[1]))
    except OSError as error:
        if address == "::1" and not os.path.exists("/proc/net/if_inet6"):
            continue
        raise
    s.accept()
""")
        self.assert_ran(ran, 0)
        self.assertEqual(ran.out, "1 web True\n1\n")

    def test_several(self):
        ran = self.portbook("reserve", "a", "--", PROGRAM, "reserve", "b", "--", "sh", "-c",
                            "echo $LISTEN_FDS $LISTEN_FDNAMES $PORT")
        self.assert_ran(ran, 0)
        ports = {row["name"]: row["port"] for row in self.rows()}
        self.assertEqual(ran.out, f"2 a:b {ports['b']}\n")
        self.assertNotEqual(ports["a"], ports["b"])

    def test_what_was_for_another_process_is_not_passed_on(self):
        ran = self.portbook("reserve", "a", "--", "sh", "-c", "echo $LISTEN_FDS $LISTEN_FDNAMES",
                            env={"LISTEN_PID": "1", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "x:y:z"})
        self.assertEqual((ran.out, ran.err), ("1 a\n", ""))

    def test_one_address(self):
        ran = self.portbook("reserve", "--address", "127.0.0.1", "web", "--", "python3", "-c",
                            "import socket; print(socket.socket(fileno=3).getsockname()[0])")
        self.assertEqual((ran.out, ran.err), ("127.0.0.1\n", ""))
        self.refused(self.portbook("reserve", "--address", "localhost", "x", "--", "true"),
                     '"localhost" is no address', status=2)

    def test_udp(self):
        ran = self.portbook("reserve", "--transport", "udp", "dns", "--", "python3", "-c", """
import os, socket
s = socket.socket(fileno=3)
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
c.sendto(b"hello", ("127.0.0.1", int(os.environ["PORT"])))
print(s.type == socket.SOCK_DGRAM, s.recv(9))
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    c.bind(("127.0.0.1", int(os.environ["PORT"])))
except OSError as error:
    print(error.strerror)
""")
        self.assertEqual((ran.out, ran.err), ("True b'hello'\nAddress already in use\n", ""))

    def test_hold_by_socket(self):
        ran = self.portbook("reserve", "--hold", "socket", "web", "--", "python3", "-c", """
import os, socket
port = int(os.environ["PORT"])
assert "LISTEN_FDS" not in os.environ
s = socket.socket()
try:
    s.bind(("127.0.0.1", port))
except OSError as error:
    print(error.strerror)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", port))
s.listen()
socket.create_connection(("127.0.0.1", port))
s.accept()
other = socket.socket()
other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    other.bind(("", port))
except OSError as error:
    print(error.strerror)
""")
        self.assertEqual((ran.out, ran.err),
                         ("Address already in use\nAddress already in use\n", ""))
        self.refused(self.portbook("reserve", "--hold", "socket", "-t", "udp", "x", "--", "true"),
                     "--hold socket is for tcp alone", status=2)

    def test_hold_by_lease(self):
        for transport, kind in (("tcp", "SOCK_STREAM"), ("udp", "SOCK_DGRAM")):
            # Another one on this machine may be quicker, though seldom.
            outputs = [self.bind_under_lease(transport, kind, f"name{i}") for i in range(3)]
            self.assertIn("bound\n", outputs)

    def bind_under_lease(self, transport, kind, name):
        return self.portbook("reserve", "--hold", "lease", "-t", transport, name, "--",
                             "python3", "-c", f"""
import os, socket
s = socket.socket(socket.AF_INET, socket.{kind})
s.bind(("", int(os.environ["PORT"])))
print("bound")
""").out

    def test_held_by_socket_is_kept_from_others(self):
        _, port = self.hold("--hold", "socket", "web")
        other = {"PORTBOOK_RESERVATIONS": str(self.folder / "other.db")}
        self.refused(self.portbook("reserve", "--port", port, "x", "--", "true", env=other),
                     "Address already in use")
        self.assertNotEqual(self.port("--ports", f"{port}-{port + 50}", "x", env=other), port)

    def test_held_by_socket_is_kept_from_whose_port_it_was(self):
        port = self.port("web")
        self.hold("--hold", "socket", "--port", str(port), "web")
        self.change("UPDATE reservations SET started = started - 1")
        ran = self.portbook("reserve", "web", "--", "sh", "-c", "echo $PORT")
        self.assertIn("is in use", ran.err)
        self.assertNotEqual(int(ran.out), port)


class Becoming(Reserving):
    def test_exit_status(self):
        self.assertEqual(self.portbook("reserve", "a", "--", "sh", "-c", "exit 77").status, 77)
        self.assertEqual(self.portbook("reserve", "a", "--", "sh", "-c", "kill -9 $$").status, -9)

    def test_not_run(self):
        missing = str(self.folder / "missing")
        for command, status in ((missing, 127), ("no-such-command", 127), ("/dev/null", 126)):
            self.refused(self.portbook("reserve", "a", "--", command), f"{command}: ",
                         status=status)
            self.assertEqual(self.rows(), [])
        port = self.port("a")
        before = self.rows()
        for options in ((), ("--ports", f"{port + 1}-{port + 50}")):
            self.refused(self.portbook("reserve", *options, "a", "--", missing), status=127)
            self.assertEqual(self.rows(), before)
        # Not even another name, which would have got the port, has it.
        self.refused(self.portbook("reserve", "--port", port, "b", "--", missing),
                     status=127)
        self.assertEqual(self.rows(), before)

    def test_same_process_and_signals(self):
        child, _ = self.hold("a")
        self.assertEqual([row["process"] for row in self.rows()], [child.pid])
        child.terminate()
        self.assertEqual(child.wait(timeout=60), -signal.SIGTERM)

    def test_signals_are_as_they_were(self):
        command = ("grep", "SigIgn", "/proc/self/status")
        for prepared in (None, lambda: signal.signal(signal.SIGXFSZ, signal.SIG_DFL)):
            plain = subprocess.run(command, capture_output=True, text=True, check=True,
                                   preexec_fn=prepared).stdout
            self.assertEqual(self.portbook("reserve", "a", "--", *command,
                                           preexec_fn=prepared).out, plain)

    def test_options_of_the_command_are_its_own(self):
        self.assertEqual(self.portbook("reserve", "a", "--", "echo", "--port", "-x", "--").out,
                         "--port -x --\n")


class Keeping(Reserving):
    def test_same_name_same_port(self):
        port = self.port("web")
        self.assertEqual([self.port("web") for _ in range(3)], [port] * 3)
        self.assertNotEqual(self.port("api"), port)
        self.assertEqual(self.port("web"), port)

    def test_folder_and_transport(self):
        other = self.folder / "other"
        other.mkdir()
        ports = {self.port("web"), self.port("web", cwd=other)}
        self.assertEqual(len(ports), 2)
        self.port("-t", "udp", "web")
        self.assertEqual(sorted((row["folder"], row["transport"]) for row in self.rows()),
                         [(str(self.folder), "tcp"), (str(self.folder), "udp"),
                          (str(other), "tcp")])

    def test_same_port_while_connections_fade_away(self):
        ports = [self.portbook("reserve", "web", "--", "python3", "-c", """
import os, socket
s = socket.socket(fileno=3)
c = socket.create_connection(("127.0.0.1", int(os.environ["PORT"])))
s.accept()[0].close()
print(os.environ["PORT"])
""").out for _ in range(3)]
        self.assertEqual(len(set(ports)), 1)

    def test_held_while_the_process_lives(self):
        child, port = self.hold("web")
        self.assertEqual([(row["port"], row["state"]) for row in self.rows()], [(port, "held")])
        held = f"web ({port}/tcp) is held by process {child.pid}"
        self.refused(self.portbook("reserve", "web", "--", "true"), held)
        self.refused(self.portbook("reserve", "--port", port, "x", "--", "true"), held)
        self.refused(self.portbook("release", "web"), held)
        self.refused(self.portbook("release", "1-65535"), held)
        child.kill()
        child.wait()
        self.assertEqual([(row["port"], row["state"], row["process"]) for row in self.rows()],
                         [(port, "kept", None)])
        self.assertEqual(self.port("web"), port)

    def test_not_waited_for_is_ended(self):
        child, _ = self.hold("web")
        child.kill()
        with open(f"/proc/{child.pid}/stat", encoding="utf-8") as stat:
            while ") Z " not in stat.read():
                stat.seek(0)
        self.assertEqual(self.rows()[0]["state"], "kept")

    def test_other_process_of_that_number(self):
        child, _ = self.hold("web")
        self.change("UPDATE reservations SET started = started - 1")
        self.assertEqual(self.rows()[0]["state"], "kept")
        self.change("UPDATE reservations SET started = started + 1")
        self.assertEqual(self.rows()[0]["state"], "held")
        self.change("UPDATE reservations SET scope = 'another boot'")
        self.assertEqual(self.rows()[0]["state"], "kept")
        self.end(child)

    def test_bound_beside_connections_that_fade_away(self):
        """A child has the socket of --hold socket yet; what listened on the port is gone."""
        for address in ((), ("--address", "127.0.0.1")):
            # The child is given time by its standard input, and gives up with it.
            child = subprocess.Popen(
                [PROGRAM, *self.among(("reserve", *address, "--hold", "socket", "web")), "--",
                 "python3", "-c", """
import os, socket, subprocess, sys
subprocess.Popen(["cat"], close_fds=False, stdout=subprocess.DEVNULL)
port = int(os.environ["PORT"])
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", port))
s.listen()
c = socket.create_connection(("127.0.0.1", port))
s.accept()[0].close()
c.recv(1)
print(port, flush=True)
os._exit(0)
"""], env=self.env, cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            with child:
                port = int(child.stdout.readline())
                child.wait()
                ran = self.portbook("reserve", *address, "--hold", "socket", "web", "--",
                                    "sh", "-c", "echo $PORT")
                child.stdin.close()
            self.assertIn(f"port {port}, which web had, is in use", ran.err)
            self.assertNotEqual(int(ran.out), port)

    def test_in_use(self):
        port = self.port("web")
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))
            other.listen()
            self.refused(self.portbook("reserve", "--port", port, "x", "--", "true"),
                         f"cannot bind port {port}/tcp: Address already in use")
            ran = self.portbook("reserve", "web", "--", "sh", "-c", "echo $PORT")
            moved = int(ran.out)
            self.assertNotEqual(moved, port)
            self.assertEqual(ran.err, f"portbook: port {port}, which web had, is in use; "
                                      f"it has {moved} now\n")
        self.assertEqual(self.port("web"), moved)

    def test_ports(self):
        first = self.port("first")
        port = self.port("--ports", f"{first}-{first + 40}", "x")
        self.assertTrue(first < port <= first + 40)
        # A wish moves a name, and takes what another one has but does not hold.
        self.assertEqual(self.port("--port", first, "x"), first)
        self.assertEqual([row["name"] for row in self.rows()], ["x"])

    def test_chosen_ones(self):
        self.ports = ()
        ports = [self.port(f"name{i}") for i in range(8)]
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as text:
            low, high = map(int, text.read().split())
        for port in ports:
            self.assertTrue(1024 <= port < 30000)
            self.assertFalse(low <= port <= high)
            self.assertEqual(run(f"{port}/tcp", "--json").json[0]["state"], "unassigned")
        self.assertEqual(len(set(ports)), 8)

    def test_overlays(self):
        """What a site has is left to it, while there are others."""
        folder = self.folder / "config" / "portbook" / "overlays.d"
        folder.mkdir(parents=True)
        (folder / "site").write_text("".join(
            f"billing{port} {port}/tcp\n" for port in range(14900, 14920) if port != 14907))
        env = {"XDG_CONFIG_HOME": str(folder.parent.parent)}
        ports = {self.port("--ports", "14900-14919", name, env=env) for name in ("a", "b")}
        self.assertIn(14907, ports)
        self.assertEqual(len(ports), 2)
        self.assertEqual(self.port("--port", "14900", "c", env=env), 14900)

    def test_release(self):
        self.port("web")
        self.port("-t", "udp", "web")
        port = self.port("api")
        self.assert_ran(self.portbook("release", "web/udp"), 0)
        self.assertEqual([(row["name"], row["transport"]) for row in self.rows()],
                         [("api", "tcp"), ("web", "tcp")])
        self.refused(self.portbook("release", "web/udp"), "web/udp has no port in", status=1)
        self.assert_ran(self.portbook("release", f"{port}", "web"), 0)
        self.assertEqual(self.rows(), [])
        self.refused(self.portbook("release", str(port)), f"no name has {port}", status=1)

    def test_names(self):
        for name in ("", "80", "80-90", "a b", "a:b", "a/b", "a\tb", "\u00e9", "x" * 256):
            self.refused(self.portbook("reserve", "--", name, "true"), "is no name", status=2)
        self.assert_ran(self.portbook("reserve", "x" * 255, "--", "true"), 0)
        self.refused(self.portbook("reserve", "a"), "reserve needs NAME", status=2)
        self.refused(self.portbook("reserve", "--port", "0", "a", "--", "true"), status=2)
        self.refused(self.portbook("reserve", "-t", "tcp,udp", "a", "--", "true"), status=2)


class Printing(Reserving):
    def test_formats(self):
        port = self.port("web")
        ran = self.portbook("reservations", "--format", "csv")
        self.assertEqual(ran.lines[0], "name,port,transport,state,owner,process,command,folder,since")
        self.assertRegex(ran.lines[1],
                         rf"^web,{port},tcp,kept,[^,]+,,sh -c echo \$PORT,{self.folder},2\d+-")
        self.assertEqual(self.portbook("reservations", "-f", "ndjson").json, self.rows()[0])
        self.assertIn("web", self.portbook("reservations").out)

    def test_nothing(self):
        for arguments, out in (((), ""), (("--json",), "[]\n"), (("--sysctl",), "")):
            ran = self.portbook("reservations", *arguments)
            self.assertEqual((ran.status, ran.out, ran.err), (1, out, "portbook: no reservations\n"))

    def test_sysctl(self):
        ports = {self.port("--ports", "13000-13100", f"n{i}") for i in range(3)}
        out = self.portbook("reservations", "--sysctl").out
        self.assertTrue(out.startswith("net.ipv4.ip_local_reserved_ports = "))
        listed = set()
        for part in out.split("= ")[1].strip().split(","):
            first, _, last = part.partition("-")
            listed |= set(range(int(first), int(last or first) + 1))
        self.assertLessEqual(ports, listed)

    def test_bytes_of_a_folder(self):
        folder = os.fsencode(self.folder) + b"/caf\xe9\033[31m"
        os.mkdir(folder)
        self.port("web", cwd=folder)
        self.assertEqual(self.rows()[0]["folder"], f"{self.folder}/caf\ufffd\033[31m")


class Failing(Reserving):
    def unchanged(self, *expected, **options):
        before = self.rows()
        self.refused(self.portbook("reserve", "other", "--", "true", **options), *expected)
        self.assertEqual(self.rows(), before)

    def test_no_space(self):
        self.port("web")

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

        self.unchanged("reservations.db: cannot write: ", preexec_fn=limit)
        self.assertEqual(len(self.rows()), 1)

    def test_no_descriptors(self):
        self.port("web")
        for most in range(4, 9):
            before = self.rows()
            ran = self.portbook("reserve", "web", "--", "true", preexec_fn=lambda n=most:
                                resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)))
            if ran.status != 0:
                # An ended command counts as one that could not be run by the system's loader.
                self.assertIn(ran.status, (3, 127))
                self.assertEqual([row["port"] for row in self.rows()],
                                 [row["port"] for row in before])

    def test_waits_for_who_writes(self):
        self.port("web")
        connection = sqlite3.connect(self.database, isolation_level=None, check_same_thread=False)
        connection.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(0.5, connection.execute, ("ROLLBACK",))
        timer.start()
        self.port("web")
        timer.join()
        connection.close()

    def test_no_database(self):
        self.database.write_bytes(b"not a database, but long enough to be looked at\n" * 40)
        self.unchanged_file("reserve", "web", "--", "true")
        self.unchanged_file("reservations")
        self.unchanged_file("release", "web")

    def unchanged_file(self, *arguments):
        before = self.database.read_bytes()
        self.refused(self.portbook(*arguments), f"{self.database}: ")
        self.assertEqual(self.database.read_bytes(), before)

    def test_another_database(self):
        connection = sqlite3.connect(self.database)
        connection.execute("CREATE TABLE reservations (x)")
        connection.commit()
        connection.close()
        self.unchanged_file("reserve", "web", "--", "true")
        self.unchanged_file("reservations")

    def test_whose_database(self):
        port = self.port("web")
        mark, = self.answer("PRAGMA application_id")
        self.assertEqual(mark.to_bytes(4, "big"), b"PbRs")
        # As it was made before there was a mark.
        self.change("PRAGMA application_id = 0")
        self.assertEqual(self.port("web"), port)
        for sql in ("PRAGMA application_id = 252006673", "CREATE TABLE x (y)",
                    "CREATE INDEX x ON reservations (since)",
                    "ALTER TABLE reservations ADD COLUMN x",
                    "ALTER TABLE reservations RENAME COLUMN since TO x",
                    "ALTER TABLE reservations RENAME TO x", "DROP TABLE reservations"):
            self.database.unlink()
            self.port("web")
            # Without a table, its mark is what is another's.
            self.change("PRAGMA application_id = 0" if sql[:4] != "DROP" else
                        "PRAGMA application_id = 1")
            self.change(sql)
            for arguments in (("reserve", "web", "--", "true"), ("reservations",),
                              ("release", "web")):
                with self.subTest(sql=sql, arguments=arguments):
                    before = self.database.read_bytes()
                    self.refused(self.portbook(*arguments),
                                 f"{self.database}: a database of something else")
                    self.assertEqual(self.database.read_bytes(), before)

    def answer(self, sql):
        connection = sqlite3.connect(self.database)
        row = connection.execute(sql).fetchone()
        connection.close()
        return row

    @staticmethod
    def drop_privilege():
        """Without CAP_NET_BIND_SERVICE among what a program of root's may have."""
        if ctypes.CDLL(None).prctl(24, 10, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
            raise OSError("PR_CAPBSET_DROP")

    def test_privileged(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as text:
            port = int(text.read()) - 1
        if port < 1:
            self.skipTest("no port is privileged here")
        options = {"preexec_fn": self.drop_privilege} if os.geteuid() == 0 else {}
        try:
            self.port("web", **options)
        except subprocess.SubprocessError:
            self.skipTest("root cannot give up its privilege here")
        self.change(f"UPDATE reservations SET port = {port}")
        ran = self.portbook("reserve", "--ports", f"{port}-20000", "web", "--", "sh", "-c",
                            "echo $PORT", **options)
        self.assertEqual(ran.err, f"portbook: port {port}, which web had, cannot be bound: "
                                  f"Permission denied; it has {int(ran.out)} now\n")
        self.refused(self.portbook("reserve", "--port", port, "x", "--", "true", **options),
                     f"cannot bind port {port}/tcp: Permission denied")

    def test_rows_that_cannot_be(self):
        port = self.port("web")
        connection = sqlite3.connect(self.database)
        good = ("tcp", 5, "n", "/", os.geteuid(), "c", 1, 1, "s", 1)
        bad = [None, -1, 0, 65536, 2 ** 62, -2 ** 63, "", "x" * 300, "\0", b"\xff\xfe", 1.5, "tcp"]
        count = 0
        for column in range(10):
            # Of another owner, which some are, a row is for root to release.
            for value in bad if column != 4 or os.geteuid() == 0 else []:
                row = list(good)
                row[1], row[3] = 40000 + count, f"/{count}"
                row[column] = value
                count += 1
                try:
                    connection.execute(f"INSERT INTO reservations VALUES ({','.join('?' * 10)})", row)
                except sqlite3.IntegrityError:
                    pass
        connection.commit()
        connection.close()
        rows = self.rows()
        self.assertIn("web", [row["name"] for row in rows])
        for row in rows:
            self.assertTrue(1 <= row["port"] <= 65535)
        self.assertIn(self.portbook("reservations").status, (0,))
        self.assertEqual(self.portbook("reservations", "--sysctl").status, 0)
        self.assertEqual(self.port("web"), port)
        self.port("--ports", "40000-40119", "into-them")
        self.assert_ran(self.portbook("release", "1-65535"), 0)
        self.assertEqual(self.rows(), [])

    def test_place(self):
        def ran(**env):
            return run("reserve", "web", "--", "true", env=environment(**env), cwd=self.folder)

        home, state, runtime = (self.folder / name for name in ("home", "state", "runtime"))
        home.mkdir()
        runtime.mkdir()
        self.assert_ran(ran(HOME=str(home)), 0)
        self.assertTrue((home / ".local/state/portbook/reservations.db").exists())
        self.assert_ran(ran(HOME=str(home), XDG_STATE_HOME=str(state)), 0)
        self.assertTrue((state / "portbook/reservations.db").exists())
        self.assertEqual((state / "portbook").stat().st_mode & 0o777, 0o700)
        place = runtime / "portbook/reservations.db"
        self.assert_ran(ran(HOME="/dev/null", XDG_RUNTIME_DIR=str(runtime)), 0,
                        f"portbook: /dev/null cannot be written: reservations are kept in {place} "
                        "until it is emptied\n")
        self.assertTrue(place.exists())
        listed = run("reservations", "--json", cwd=self.folder,
                     env=environment(HOME="/dev/null", XDG_RUNTIME_DIR=str(runtime)))
        self.assertEqual(len(listed.json), 1)
        for env in ({}, {"HOME": "/dev/null"}, {"HOME": "relative"}):
            self.refused(ran(**env), "no folder to keep reservations in can be written")

    @unittest.skipIf(os.geteuid() == 0, "root writes anywhere")
    def test_read_only(self):
        self.port("web")
        self.database.chmod(0o444)
        self.unchanged("cannot write")


if __name__ == "__main__":
    unittest.main()
