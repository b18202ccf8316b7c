#!/usr/bin/env python3
"""check and free on this machine, with overlays and stores of the tests' own."""

import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest

from program import PROGRAM

HEAD = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
        "Registration Date,Modification Date,Reference,Service Code,"
        "Unauthorized Use Reported,Assignment Notes\r\n")


class Ran:
    def __init__(self, done):
        self.status = done.returncode
        self.out, self.err = done.stdout.decode(), done.stderr.decode()


class Test(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.overlays = self.folder / "config" / "portbook" / "overlays.d"
        self.overlays.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "PORTBOOK_RESERVATIONS": str(self.folder / "reservations.db"),
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")},
        }

    def run_it(self, *arguments, **environment):
        return Ran(subprocess.run([PROGRAM, *map(str, arguments)], check=False, timeout=100,
                                  stdin=subprocess.DEVNULL, capture_output=True,
                                  env={**self.environment, **environment}))

    def check(self, *arguments):
        """(verdict, {number: text}) of the one port."""
        ran = self.run_it("check", "--json", *arguments)
        self.assertIn(ran.status, (0, 1), ran.err)
        one, = json.loads(ran.out)
        self.assertEqual(ran.status, 0 if one["verdict"] == "good" else 1)
        return one["verdict"], {found["number"]: found for found in one["findings"]}


class Machine(Test):
    def test_listener(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            verdict, found = self.check(port)
            self.assertEqual(verdict, "bad")
            self.assertIn(f"({os.getpid()})", found[204]["text"])
            self.assertRegex(found[204]["date"], r"^\d{4}-\d\d-\d\d$")
            self.assertNotIn(204, self.check("--anywhere", port)[1])
            ran = self.run_it("free", "--ports", port, "--count", 1, "--for", "p2p")
            self.assertEqual((ran.status, ran.out), (1, ""))
            self.assertIn("0 of 1 ports found", ran.err)

    def test_udp(self):
        with socket.socket(type=socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", 0))
            port = receiver.getsockname()[1]
            self.assertIn(204, self.check(f"{port}/udp")[1])

    def test_reservation(self):
        ran = self.run_it("reserve", "web", "--", "printenv", "PORT")
        self.assertEqual(ran.status, 0, ran.err)
        port = ran.out.strip()
        verdict, found = self.check(port)
        self.assertEqual(verdict, "bad")
        self.assertIn("web in ", found[205]["text"])
        self.assertNotIn(205, self.check(f"{port}/udp")[1])

    def test_settings(self):
        path = pathlib.Path("/proc/sys/net/ipv4")
        try:
            first, last = map(int, (path / "ip_local_port_range").read_text().split())
            aside = (path / "ip_local_reserved_ports").read_text().strip()
            privileged = int((path / "ip_unprivileged_port_start").read_text())
        except OSError:
            self.skipTest("this machine does not say")
        if not aside:
            self.assertIn(201, self.check(first)[1])
            self.assertIn(201, self.check(last)[1])
        if first > 1:
            self.assertNotIn(201, self.check(first - 1)[1])
        self.assertEqual(203 in self.check("80/tcp")[1], privileged > 80)
        self.assertNotIn(306, self.check("80/tcp")[1])

    def test_nothing_to_see(self):
        """Without any of the variables, and where the home cannot be written."""
        ran = Ran(subprocess.run([PROGRAM, "check", "--json", "7699"], check=False, env={},
                                 capture_output=True, timeout=100))
        self.assertEqual((ran.status, json.loads(ran.out)[0]["port"]), (0, 7699), ran.err)
        ran = self.run_it("check", "--json", 7699, XDG_CONFIG_HOME="/proc/none",
                          HOME="/proc/none")
        self.assertEqual((ran.status, ran.err), (0, ""))


class Overlays(Test):
    def put(self, name, text):
        (self.overlays / name).write_bytes(text.encode())

    def test_services(self):
        self.put("site", "# ours\nbilling 7699/tcp money # Billing\n")
        verdict, found = self.check("--anywhere", "7699")
        self.assertEqual((verdict, found[402]["text"]), ("bad", "this site: money (Billing)"))
        self.assertEqual(found[402]["overlay"], str(self.overlays / "site"))
        self.assertNotIn(402, self.check("--anywhere", "7699/udp")[1])
        self.assertEqual(self.check("--anywhere", "--registered-only", "7699"),
                         ("good", self.check("--anywhere", "--registered-only", "7699")[1]))
        free = json.loads(self.run_it("free", "--anywhere", "--json", "--near", 7699,
                                      "--count", 3).out)
        self.assertNotIn(7699, [one["port"] for one in free])

    def test_lookup(self):
        self.put("site", "billing 7699/tcp # Billing\n")
        ran = self.run_it("billing")
        self.assertEqual((ran.status, ran.err), (1, ""))
        self.assertRegex(ran.out, rf"^Not registered .*\nbilling +7699 +tcp +Billing +"
                                  rf"{self.overlays}/site +\d{{4}}-\d\d-\d\d\n$")
        ran = self.run_it("ssh", "7699/tcp")
        self.assertEqual(ran.status, 1)
        self.assertIn("\n\nNot registered", ran.out)
        ran = self.run_it("--registered-only", "ssh")
        self.assertEqual(ran.status, 0)
        plain = self.run_it("--json", "7699/tcp")
        self.assertEqual(plain.out, self.run_it("--json", "--registered-only", "7699/tcp").out)
        self.assertEqual(self.run_it("billing", "--registered-only").err.split(";")[0],
                         self.run_it("--json", "billing").err.split(";")[0])

    def test_nearest(self):
        self.put("site", "billings 7699/tcp\nbilling 7700/tcp\n")
        self.put("site2", "billing 7699/tcp\n")
        self.assertEqual(self.run_it("billingg").err,
                         'portbook: no service named "billingg"; nearest: billings, billing\n')
        self.assertIn("nearest: ssh\n", self.run_it("sshh").err)
        for argument in ("--registered-only", "--json"):
            self.assertNotIn("billing,", self.run_it(argument, "billingg").err)

    def notes(self, *arguments):
        """The lines of the table below, without its heading, and what stands before it."""
        ran = self.run_it(*arguments)
        before, _, after = ran.out.partition("Not registered ")
        return before, [line.split()[:2] for line in after.splitlines()[1:]], ran

    def test_search_and_list(self):
        self.put("a", "zebra 7741/tcp # Quagga ledger\nquagga 7740/udp\n")
        self.put("b", "okapi 7742/tcp # Quagga store\n")
        before, found, ran = self.notes("search", "QUAGGA")
        self.assertEqual((before, found, ran.status, ran.err), (
            "", [["zebra", "7741"], ["quagga", "7740"], ["okapi", "7742"]], 1, ""))
        self.assertIn(f" {self.overlays}/b ", ran.out)
        self.assertEqual(self.notes("search", "--sort", "port", "quagga")[1],
                         [["quagga", "7740"], ["zebra", "7741"], ["okapi", "7742"]])
        self.assertEqual(self.notes("search", "--in", "name", "-E", "^(quagga|ssh)$")[1],
                         [["quagga", "7740"]])
        self.assertEqual(self.run_it("search", "--registered-only", "quagga").err,
                         'portbook: no row holds "quagga"\n')
        before, found, ran = self.notes("list", "--ports", "7740-7741", "-t", "tcp")
        self.assertEqual((found, ran.status), ([["zebra", "7741"]], 0))
        self.assertTrue(before.endswith("\n\n"))
        self.assertEqual(self.run_it("list", "--registered-only", "--ports", "7740-7741", "-t",
                                     "tcp").out, before[:-1])
        self.assertEqual(self.notes("list", "--ports", "7740", "--state", "unassigned")[1], [])

    def test_what_is_the_registrys_alone(self):
        """Pages, and formats that are rows."""
        self.put("a", "http-quagga 7741/tcp # http\n")
        for arguments in (("search", "http", "--page", "1"), ("search", "http", "--json"),
                          ("search", "http", "-f", "xhtml"), ("list", "-f", "csv")):
            with self.subTest(arguments):
                ran = self.run_it(*arguments)
                self.assertNotIn("quagga", ran.out)
                self.assertEqual(ran.out, self.run_it(*arguments, "--registered-only").out)
        ran = self.run_it("search", "quagga", "--page", "1")
        self.assertEqual((ran.out, ran.err), ("", 'portbook: no row holds "quagga"\n'))

    def test_who(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            self.put("a", f"quagga {port}/tcp # Quagga ledger\n")
            self.put("b.csv", HEAD + f",{port},tcp,Unassigned,,,,,,,,\r\n")
            note = re.escape(f"quagga ({self.overlays}/a)")
            for arguments in ((f"{port}/tcp",), ("quagga",), ("-f", "csv", "quagga"),
                              ("--watch", "--times", "1", "quagga")):
                with self.subTest(arguments):
                    ran = self.run_it("who", *arguments)
                    self.assertEqual(ran.status, 0, ran.err)
                    self.assertRegex(ran.out, f"{port}(.|\n)*[, ]{note}\r?\n$")
            one, = json.loads(self.run_it("who", "--json", "quagga").out)
            note, = one["overlays"]
            self.assertRegex(note.pop("date"), r"^\d{4}-\d\d-\d\d$")
            self.assertEqual(note, {"service": "quagga", "description": "Quagga ledger",
                                    "state": "assigned", "overlay": f"{self.overlays}/a"})
            self.assertEqual(one["service"], None)
            ran = self.run_it("who", "--json", "--registered-only", f"{port}/tcp")
            self.assertEqual(json.loads(ran.out)[0]["overlays"], [])
            self.assertEqual(self.run_it("who", "--registered-only", "quagga").status, 1)

    def test_csv(self):
        self.put("site.csv", HEAD + "billing,7699,tcp,Billing,,,2026-01-02,,[https://a.example/],"
                                    ",,\r\n,4300-4310,tcp,Reserved,,,,,,,,\r\n"
                                    ",4311,tcp,Unassigned,,,,,,,,\r\n")
        found = self.check("--anywhere", "7699")[1][402]
        self.assertEqual((found["source"], found["date"]), ("https://a.example/", "2026-01-02"))
        self.assertIn("reserved", self.check("--anywhere", "4305")[1][402]["text"])
        self.assertNotIn(402, self.check("--anywhere", "4311")[1])

    def test_names_that_are_left_out(self):
        for name in (".hidden", "backup~"):
            self.put(name, "what is this\n")
        self.put("empty", "")
        self.put("comment", "# nothing yet\n")
        (self.overlays / "folder").mkdir()
        self.assertEqual(self.run_it("check", "--anywhere", "7699").status, 0)

    def test_broken(self):
        self.put("a", "billing 7699/tcp\nshop 70000/tcp\n")
        self.put("b", "other 7702/tcp\n")
        wanted = f'portbook: {self.overlays}/a:2:6: "70000/tcp" begins with no port number'
        for arguments in (("check", "7699"), ("free",)):
            ran = self.run_it(*arguments)
            self.assertEqual((ran.status, ran.out), (3, ""))
            self.assertTrue(ran.err.startswith(wanted), ran.err)
        ran = self.run_it("7702")
        self.assertTrue(ran.err.startswith(wanted), ran.err)
        self.assertIn("\nother ", ran.out)
        self.assertEqual(self.run_it("check", "--registered-only", "--anywhere", "7699").status, 0)

    def test_other_formats(self):
        self.put("a.xml", "<registry xmlns='http://www.iana.org/assignments'/>")
        ran = self.run_it("check", "7699")
        self.assertEqual(ran.status, 3)
        self.assertIn("a.xml: it is XML; overlays are services(5) or CSV", ran.err)

    def test_no_format(self):
        for text in ("billing 7741\n", "Name,Port\nbilling,7741\n"):
            self.put("a", text)
            ran = self.run_it("check", "7699")
            self.assertEqual(ran.status, 3)
            self.assertIn("/a: it is neither services(5) (NAME PORT/TRANSPORT) nor CSV", ran.err)


class Former(Test):
    def test_former(self):
        store = self.folder / "store.db"
        rows = {"2022-01-01": "old,7699,tcp,Old,,,,,,,,\r\nold,7704,tcp,Old,,,,,,,,\r\n",
                "2023-06-01": "x,7706,tcp,X,,,,,,,,\r\n",
                "2025-01-01": ",7699,tcp,Unassigned,,,,,,,,\r\nold,7704,tcp,Old,,,,,,,,\r\n"}
        for date, text in rows.items():
            path = self.folder / f"{date}.csv"
            path.write_bytes((HEAD + text).encode())
            ran = self.run_it("--store", store, "import", "--force", "--date", date, path)
            self.assertEqual(ran.status, 0, ran.err)
        verdict, found = self.check("--store", store, "--anywhere", "7706")
        self.assertEqual((verdict, 109 in found), ("good", False))
        rows = self.folder / "other.db"
        for date in ("2022-01-01", "2025-01-01"):
            ran = self.run_it("--store", rows, "import", "--force", "--date", date,
                              self.folder / f"{date}.csv")
            self.assertEqual(ran.status, 0, ran.err)
        verdict, found = self.check("--store", rows, "--anywhere", "7699")
        self.assertEqual((verdict, found[109]["date"]), ("caution", "2022-01-01"))
        self.assertIn("old", found[109]["text"])
        self.assertNotIn(109, self.check("--store", rows, "--anywhere", "7704")[1])


class Usage(Test):
    def test_usage(self):
        for arguments, wanted in (((), "check needs PORT"), (("https",), '"https" is no port'),
                                  (("70000",), "65535"), (("1", "--for", "fun"), "none of service")):
            ran = self.run_it("check", *arguments)
            self.assertEqual((ran.status, ran.out), (2, ""))
            self.assertIn(wanted, ran.err)

    def test_transports(self):
        ran = self.run_it("check", "--anywhere", "--transport", "udp,sctp", "7699", "7702/dccp",
                          "--format", "csv")
        self.assertEqual(list(dict.fromkeys(tuple(line.split(",")[:2])
                                            for line in ran.out.splitlines()[1:])),
                         [("7699", "udp"), ("7699", "sctp"), ("7702", "dccp")])


if __name__ == "__main__":
    unittest.main()
