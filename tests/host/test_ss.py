#!/usr/bin/env python3
"""portbook who and ss see the same sockets and processes: thousands, of every kind.

In a network namespace of its own, where one may be had; else among whatever else the machine has.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import crowd

PROGRAM = os.environ["PORTBOOK"]
COUNT = int(os.environ.get("PORTBOOK_SOCKETS", "3000"))
INSIDE = "PORTBOOK_TEST_INSIDE"
NAMESPACES = (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"])
SKIPPED = 77

STATES = {"LISTEN": "listening", "ESTAB": "established", "SYN-RECV": "syn-received"}


def enter():
    """Runs this again in a namespace; returns where there is none."""
    if os.environ.get(INSIDE):
        return
    for command in NAMESPACES:
        try:
            up = subprocess.run([*command, "ip", "link", "set", "lo", "up"], check=False,
                                capture_output=True, timeout=60)
        except FileNotFoundError:
            break
        if up.returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp(command[0], [*command, "sh", "-c", 'ip link set lo up && exec "$@"', "sh",
                                   sys.executable, "-B", "-W", "ignore", *sys.argv])
    print("no network namespace may be had here: own sockets beside the machine's",
          file=sys.stderr)


def run(*command):
    done = subprocess.run([str(a) for a in command], capture_output=True, text=True, check=False,
                          timeout=200)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return done


def split_place(text):
    host, port = text.rsplit(":", 1)
    interface = ""
    if "%" in host:
        host, interface = host.split("%")
        interface = interface.rstrip("]")
    return host.strip("[]"), interface, port


def of_ss(*options):
    """(transport, state, address, interface, port, peer, processes) of each line."""
    found = []
    for line in run("ss", "-H", "-n", "-p", "-O", *options).stdout.splitlines():
        words = line.split(None, 6)
        transport, state = words[0], words[1]
        address, interface, port = split_place(words[4])
        peer = split_place(words[5])
        if port in ("*", "0"):
            continue
        if state == "UNCONN":
            state = "unconnected" if transport == "udp" else "bound"
        found.append((transport, STATES.get(state, state.lower()), address, interface, int(port),
                      None if peer[2] == "*" else (peer[0], int(peer[2])),
                      tuple(sorted({int(n) for n in re.findall(r"pid=(\d+)", line)}))))
    return sorted(found, key=repr)


def of_who(*options):
    names = {int(line.split(":")[0]): line.split(":")[1].strip().split("@")[0]
             for line in run("ip", "-o", "link").stdout.splitlines()}
    found = []
    ran = run(PROGRAM, "who", "--json", *options)
    for one in json.loads(ran.stdout):
        address = one["address"]
        if address == "::" and one["dual_stack"] and one["state"] in ("listening", "unconnected",
                                                                      "bound"):
            address = "*"
        interface = names[one["interface"]] if one["interface"] else ""
        peer = (one["peer_address"], one["peer_port"]) if one["peer_port"] else None
        found.append((one["transport"], one["state"], address, interface, one["port"], peer,
                      tuple(sorted(p["pid"] for p in one["processes"]))))
    return sorted(found, key=repr), ran.stderr


class Same(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.crowd = crowd.Crowd(COUNT)
        cls.addClassCleanup(cls.crowd.end)

    def mine(self, found):
        """Outside of a namespace, those of the crowd alone."""
        if os.environ.get(INSIDE):
            return found
        return [one for one in found if set(one[6]) & set(self.crowd.pids)]

    def compare(self, ss_options, who_options):
        """Both, while nothing changes; elsewhere but in a namespace, of what is ours."""
        for _ in range(20):
            before = self.mine(of_ss(*ss_options))
            ours, said = of_who(*who_options)
            after = self.mine(of_ss(*ss_options))
            if before == after:
                break
        else:
            self.fail("the machine's sockets never stay the same")
        ours = self.mine(ours)
        bound = [one for one in ours if one[1] == "bound" and one[0] == "tcp"]
        ours = [one for one in ours if one not in bound]
        self.assertEqual(sorted(set(before) - set(ours), key=repr)[:5], [])
        self.assertEqual(sorted(set(ours) - set(before), key=repr)[:5], [])
        self.assertEqual(ours, before)
        return ours, bound, said

    def test_listening(self):
        ours, bound, said = self.compare(["-t", "-u", "-l"], ["-t", "tcp,udp"])
        self.assertGreater(len(ours), COUNT // 4)
        kinds = {one[:4] for one in ours}
        expected = [("tcp", "listening", "0.0.0.0", ""), ("udp", "unconnected", "127.0.0.1", "lo")]
        if crowd.has_ipv6():
            expected += [("tcp", "listening", "*", ""), ("tcp", "listening", "::", ""),
                         ("udp", "unconnected", "*", ""), ("udp", "unconnected", "::", ""),
                         ("tcp", "listening", "::ffff:127.0.0.1", "")]
        self.assertEqual(set(expected) - kinds, set())
        # Each process, and its child.
        self.assertEqual({len(one[6]) for one in ours}, {2} if os.environ.get(INSIDE) else
                         {len(one[6]) for one in ours})
        # Kernels tell of these since 6.8, and ss since later.
        self.assertTrue(all(one[2] == "127.0.0.1" and len(one[6]) == 2 for one in bound))
        if os.environ.get(INSIDE):
            self.assertNotIn("users", said)

    def test_all(self):
        ours, _, _ = self.compare(["-t", "-u", "-a"], ["-t", "tcp,udp", "--all"])
        self.assertGreater(len(ours), COUNT // 2)
        states = {one[:2] for one in ours}
        for state in ("established", "close-wait", "fin-wait-2"):
            self.assertIn(("tcp", state), states)
        self.assertIn(("udp", "established"), states)
        if os.environ.get(INSIDE):
            self.assertIn(("tcp", "time-wait", ()), {(*one[:2], one[6]) for one in ours})

    def test_rare(self):
        for name, option in (("sctp", "-S"), ("dccp", "-d")):
            with self.subTest(name):
                # ss leaves the column of the transport out where it is asked for one alone.
                listed = [one for one in of_ss("-t", option, "-l") if one[0] == name]
                ours, said = of_who("-t", name)
                if not crowd.special(2, *{"sctp": (1, 132), "dccp": (6, 33)}[name]):
                    self.assertIn(f"{name}: the kernel has no such protocol now", said)
                    self.assertEqual(ours, [])
                    continue
                self.assertGreater(len(ours), 0)
                self.assertEqual(len(ours), len(listed))

    def test_one_port(self):
        every = self.mine(of_who("-t", "tcp")[0])
        for one in every[::max(1, len(every) // 5)]:
            found = self.mine(of_who(f"{one[4]}/{one[0]}")[0])
            self.assertEqual(found, [other for other in every if other[4] == one[4]])
        self.assertTrue(every)

    def test_files(self):
        """Where netlink is refused, the files in /proc/net say the same but for dual stacks."""
        ours, _ = of_who("-t", "tcp,udp", "--all")
        done = subprocess.run([sys.executable, "-B", os.path.join(os.path.dirname(__file__),
                                                                  "without_netlink.py"),
                               PROGRAM, "who", "--json", "-t", "tcp,udp", "--all"],
                              capture_output=True, text=True, check=False, timeout=200)
        if done.returncode == SKIPPED:
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)

        def of(transport, state, address, port, peer):
            return transport, state, "::" if address == "*" else address, port, peer

        found = sorted((of(one["transport"], one["state"], one["address"], one["port"],
                           (one["peer_address"], one["peer_port"]) if one["peer_port"] else None)
                        for one in json.loads(done.stdout)), key=repr)
        self.assertTrue(all(one["dual_stack"] is None or one["family"] == "ipv4"
                            for one in json.loads(done.stdout)))
        expected = sorted((of(*one[:3], *one[4:6]) for one in ours if one[1] != "bound"), key=repr)
        if os.environ.get(INSIDE):
            self.assertEqual(found, expected)
        else:
            self.assertGreater(len(set(found) & set(expected)), len(expected) // 2)


if __name__ == "__main__":
    if not shutil.which("ss") or not shutil.which("ip"):
        print("skipped: iproute2 is not here", file=sys.stderr)
        sys.exit(SKIPPED)
    enter()
    unittest.main()
