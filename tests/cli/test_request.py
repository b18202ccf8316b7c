#!/usr/bin/env python3
"""A registry of one's own: requests from application to publication, and what is refused."""

import json
import os
import pty
import subprocess
import unittest

from program import PROGRAM, ROOT, environment, run
from stores import SERVER, File, Schema, StoreCase, document

POLICY = json.loads((ROOT / "data" / "policies" / "rfc6335.json").read_text(encoding="utf-8"))

ANSWERS = {
    "broadcast": "It uses none of these; each message goes to one host alone.",
    "why_port": "Clients ask before any name service is up, so the number has to be known.",
    "security": "TLS 1.3 on this one port, both sides with certificates of the site.",
    "versioning": "The first message of each side has the highest version that it knows.",
    "assignee_name": "Ada Example", "assignee_email": "ada@library.example",
    "contact_name": "Ada Example", "contact_email": "ada@library.example",
    "reference": "https://library.example/protocol",
}

PORT = dict(ANSWERS, procedure="port", name="shelfmark", ports="20000", transports="tcp",
            description="Shelf marks of the library")


ACTIONS = ("comment", "validate", "assign", "return", "answer", "approve", "recuse", "escalate",
           "call", "decide", "refuse", "grant", "withdraw")

# What is the same on a server, where it takes longer.
of_files = unittest.skipIf(SERVER, "of stores in files alone")


def desk_dump(store):
    """All rows of all tables that have to do with a desk, whichever the engine."""
    if isinstance(store, File):
        asked = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    else:
        asked = ("SELECT table_name FROM information_schema.tables "
                 "WHERE table_schema = current_schema()")
    tables = [name for name, in store.ask(asked)
              if name.startswith(("desk_", "account", "letters"))]
    def text(cell):
        return cell if cell is None else "\\x" + cell.hex() if isinstance(cell, bytes) else str(cell)
    return {name: sorted(repr([text(cell) for cell in row])
                         for row in store.ask(f"SELECT * FROM {name}")) for name in tables}


def words(fields):
    return [f"{key}={value}" for key, value in fields.items()]


class RequestCase(StoreCase):
    """A store with a desk, and somebody for each role; what is called for is called at once."""

    policy = None
    made = {}  # by policy: what a file has once everybody is there

    def setUp(self):
        super().setUp()
        if SERVER:
            self.make()
        elif self.policy in self.made:
            self.store.place.write_bytes(self.made[self.policy])
        else:
            self.make()
            self.made[self.policy] = self.store.place.read_bytes()

    def make(self):
        policy = dict(POLICY, deadlines=dict(POLICY["deadlines"], call=0))
        self.write("policy.json", json.dumps(policy))
        self.assert_ran(self.request("init", "--as", "root", "--policy",
                                     self.policy or self.path / "policy.json"), 0)
        for login, role in (("ada", None), ("eve", "reviewer"), ("reg", "registrar"),
                            ("ann", "approver")):
            self.done("account", "add", login, "--email", f"{login}@library.example",
                      who="root")
            if role:
                self.done("account", "grant", login, role, who="root")

    def request(self, *arguments, **options):
        return self.portbook("request", *arguments, **options)

    def done(self, *arguments, who, **options):
        ran = self.request(*arguments, "--as", who, **options)
        self.assert_ran(ran, 0)
        return ran

    def refused(self, *arguments, who, section=""):
        ran = self.request(*arguments, "--as", who)
        self.assertEqual(ran.status, 1, ran)
        self.assertEqual(len(ran.err.splitlines()), 1, ran.err)
        self.assertIn(section, ran.err)
        return ran

    def file(self, fields, who="ada"):
        return self.done("new", *words(fields), "--json", who=who).json["number"]

    def state(self, number):
        return self.done("show", number, "--json", who="reg").json["state"]

    def act(self, number, *steps):
        """Steps: (who, action, option...)."""
        for who, action, *options in steps:
            self.done("advance", number, action, *options, who=who)

    def grant(self, fields, *steps, who="ada"):
        """From application to publication; its edition's rows that are by that name."""
        number = self.file(fields, who)
        self.act(number, ("reg", "validate"), *steps, ("reg", "grant"))
        self.assertEqual(self.state(number), "granted")
        return number

    def rows(self, query):
        ran = self.portbook("lookup", "--json", query)
        return [(row["name"], row["first_port"], row["transport"], row["state"])
                for row in ran.json if row["state"] != "unassigned"]

    def changes(self):
        """What the newest edition changed."""
        return self.portbook("changes").out

    def verify(self):
        super().verify()
        ran = self.request("verify")
        self.assertEqual((ran.status, ran.err), (0, ""), ran.out)


class Procedures(RequestCase):
    """Each procedure, and what look-ups, log and changes have of it afterwards."""

    def tearDown(self):
        self.verify()
        self.assert_ran(self.request("rebuild"), 0)
        self.verify()
        super().tearDown()

    def port(self):
        return self.grant(PORT, ("eve", "approve"))

    def test_port(self):
        number = self.port()
        self.assertEqual(self.rows("shelfmark"), [("shelfmark", 20000, "tcp", "assigned")])
        self.assertIn("shelfmark", self.portbook("log", "20000").out)
        self.assertIn("shelfmark", self.changes())
        shown = self.request("show", number).out
        self.assertNotIn("library.example/protocol ada", shown)
        self.assertNotIn("TLS 1.3", shown)  # for reviewers
        self.assertIn("TLS 1.3", self.done("show", number, who="eve").out)

    @of_files
    def test_any_port(self):
        number = self.grant(dict(PORT, ports="any 30000-30009"), ("eve", "approve"))
        shown = self.done("show", number, "--json", who="ada").json
        self.assertEqual((shown["first_port"], shown["last_port"]), (30000, 30000))

    def test_system_port(self):
        number = self.file(dict(PORT, ports="999", why_system="It is asked by firmware only.",
                                reference="RFC6335"))
        self.act(number, ("reg", "validate"), ("eve", "approve"))
        self.assertEqual(self.state(number), "escalated")
        self.act(number, ("ann", "approve"), ("reg", "grant"))
        self.assertEqual(self.rows("999/tcp")[0][:3], ("shelfmark", 999, "tcp"))

    @of_files
    def test_name(self):
        self.grant(dict(PORT, procedure="name", ports="", why_port="", security="",
                        versioning=""))
        self.assertEqual(self.rows("shelfmark"), [("shelfmark", None, "tcp", "assigned")])

    @of_files
    def test_early(self):
        number = self.grant(dict(PORT, procedure="early",
                                 reference="draft-example-shelfmark-01"), ("eve", "approve"))
        expires = self.done("show", number, "--json", who="reg").json["expires"]
        self.assertRegex(expires, r"^\d{4}-\d\d-\d\d$")
        self.assertIn("shelfmark", self.changes())

    def test_transport(self):
        self.port()
        self.grant(dict(ANSWERS, procedure="transport", subject="shelfmark", transports="udp",
                        reason="Readers ask for single shelf marks.",
                        why_transports="Over UDP it is a question and an answer alone.",
                        udp_traffic="One packet a second at most.",
                        udp_discovery="It is no discovery."), ("eve", "approve"))
        self.assertEqual({row[2] for row in self.rows("shelfmark")}, {"tcp", "udp"})

    @of_files
    def test_modification(self):
        self.port()
        self.grant({"procedure": "modification", "subject": "shelfmark 20000",
                    "description": "Shelf marks of all libraries", "reason": "There are more."},
                   who="reg")
        self.assertIn("all libraries", self.portbook("shelfmark").out)
        self.assertIn("all libraries", self.changes())

    @of_files
    def test_de_assignment(self):
        self.port()
        self.grant({"procedure": "de-assignment", "subject": "shelfmark 20000",
                    "reason": "Nobody uses it any more."})
        self.assertEqual([row for row in self.rows("20000/tcp") if row[3] == "assigned"], [])
        self.assertIn("shelfmark", self.portbook("log", "20000").out)

    @of_files
    def test_reuse(self):
        self.port()
        self.grant(dict(PORT, procedure="reuse", subject="20000/tcp", name="bookends", ports="",
                        description="Ends of shelves",
                        reason="The old service is not in use any more."), ("eve", "approve"))
        self.assertEqual(self.rows("20000/tcp")[0][0], "bookends")

    def test_revocation(self):
        self.port()
        fields = {"procedure": "revocation", "subject": "shelfmark 20000",
                  "reason": "Its assignee cannot be reached, and nobody uses it."}
        self.refused("new", *words(fields), who="ada", section="section 8.4")
        self.grant(fields, ("reg", "call"), ("ann", "decide"), ("ann", "approve"), who="reg")
        self.assertEqual([row[0] for row in self.rows("20000/tcp")
                          if row[3] == "assigned"], [])

    @of_files
    def test_transfer(self):
        self.port()
        ran = self.refused("new", "procedure=transfer", "subject=shelfmark 20000",
                           "assignee_name=Bob Buyer", "assignee_email=bob@buyer.example",
                           "reason=He pays for it.", who="ada", section="8.5")
        self.assertIn("de-assign", ran.out + ran.err)

    @of_files
    def test_service_code(self):
        self.grant(dict(PORT, procedure="port", transports="dccp", service_code='"SHLF"'),
                   ("eve", "approve"))
        self.assertEqual(self.portbook("--json", "shelfmark").json[0]["service_code"],
                         str(int.from_bytes(b"SHLF", "big")))

    def test_appeal(self):
        number = self.file(PORT)
        self.act(number, ("reg", "validate"), ("eve", "refuse", "--note", "Not well described."))
        self.assertEqual(self.state(number), "refused")
        self.grant({"procedure": "appeal", "subject": str(number),
                    "reason": "The description was not read to its end."},
                   ("eve", "escalate"), ("ann", "approve"))
        self.assertEqual(self.state(number), "expert-review")


class Copying(RequestCase):
    policy = "organisation"

    def test_copy(self):
        """To where it is most likely to go: between the engines, or to another file."""
        fields = dict(PORT, ports="20000", broadcast="", versioning="", security="",
                      contact_name="", contact_email="")
        number = self.file(fields)
        self.file(dict(fields, name="bookends", ports="20001"))
        for who, *action in (("reg", "validate"), ("eve", "approve"), ("reg", "grant")):
            self.act(number, (who, *action))
        self.done("lease", "build", who="ada")
        self.done("account", "token", "ada", "--label", "ci", "--scope", "lease", who="root")
        copies = File(self.path, "copy.db"), Schema() if SERVER else File(self.path, "last.db")
        before = desk_dump(self.store)
        self.assertTrue(all(before[table] for table in
                            ("desk_events", "desk_private", "desk_leases", "account_tokens",
                             "letters", "account_numbers")))
        for copy in copies:
            self.assert_ran(self.portbook("store", "copy", copy.place), 0)
            self.assertEqual(desk_dump(copy), before)
            if isinstance(copy, File):
                self.assertEqual(copy.place.stat().st_mode & 0o7, 0)
            self.store = copy
            self.verify()
        # It goes on where it was.
        self.assertEqual(self.file(dict(fields, name="lamp", ports="20002")), number + 2)


@of_files
class Refusals(RequestCase):
    """What the rules refuse is one line that names its section, and changes nothing."""

    def test_actions(self):
        number = self.file(PORT)
        before = self.request("log", number, "--json").out
        ran = self.refused("advance", number, "grant", who="reg", section="(RFC 6335, section 8.1")
        self.assertIn("; now one may comment, validate, return, refuse (", ran.err)
        self.refused("advance", number, "validate", who="ada", section="(RFC 6335")
        self.refused("advance", number, "approve", who="eve", section="(RFC 8126")
        self.refused("advance", number, "return", who="reg", section="(RFC 8126, section 5.3)")
        self.refused("withdraw", number, who="reg", section="(RFC 6335")
        self.refused("comment", number, "Hm", "--internal", who="ada")
        self.refused("amend", number, *words(PORT), who="reg", section="(RFC 6335")
        self.assertEqual(self.request("log", number, "--json").out, before)

    def in_all_states(self):
        """A request in each state, by its state."""
        validated, approved = ("reg", "validate"), ("eve", "approve")
        steps = {"new": (), "expert-review": (validated,),
                 "escalated": (validated, ("eve", "escalate")),
                 "with-requester": (("reg", "return", "--note", "Who?"),),
                 "assignable": (validated, approved),
                 "granted": (validated, approved, ("reg", "grant")),
                 "refused": (validated, ("eve", "refuse", "--note", "No.")),
                 "withdrawn": (("ada", "withdraw"),)}
        names = ("bookends", "reading", "lending", "returns", "catalog", "binding", "stacks",
                 "cards")
        numbers = {}
        for port, (state, taken) in enumerate(steps.items(), 20001):
            numbers[state] = self.file(dict(PORT, ports=port, name=names[port - 20001]))
            self.act(numbers[state], *taken)
        call = self.file({"procedure": "revocation", "subject": "binding 20006",
                          "reason": "Nobody uses it, and its assignee is silent."}, who="reg")
        self.act(call, validated, ("reg", "call"))
        return dict(numbers, **{"call-for-comments": call})

    def test_all_states_and_actions(self):
        """Each action in each state by somebody who may not; what they may, show says."""
        numbers = self.in_all_states()
        self.assertEqual({state: self.state(number) for state, number in numbers.items()},
                         {state: state for state in numbers})
        logins = ("ada", "eve", "reg", "ann", "root")
        may = {(login, number): self.done("show", number, "--json", who=login).json["actions"]
               for login in logins for number in numbers.values()}
        turn = tried = 0
        for state, number in numbers.items():
            for action in ACTIONS:
                turn += 1
                those = [login for login in logins if action not in may[login, number]]
                self.assertTrue(those, (state, action))
                options = ("--note", "So.", "--reviewer", "eve")
                ran = self.refused("advance", number, action, *options,
                                   who=those[turn % len(those)])
                self.assertRegex(ran.err, rf"^portbook: request {number}: .* \((RFC|policy|docs)")
                tried += 1
        self.assertEqual(tried, 9 * len(ACTIONS))
        self.assertEqual({state: self.state(number) for state, number in numbers.items()},
                         {state: state for state in numbers})
        self.assertEqual(may["ada", numbers["withdrawn"]], [])
        self.verify()

    def test_no_such_request(self):
        for arguments in (("show", 7), ("advance", 7, "validate"), ("comment", 7, "x"),
                          ("withdraw", 7), ("log", 7), ("amend", 7, *words(PORT))):
            ran = self.request(*arguments, "--as", "reg")
            self.assertEqual((ran.status, ran.out, ran.err),
                             (1, "", "portbook: there is no request 7\n"), arguments)

    def test_conflicts(self):
        first, second = self.file(PORT), self.file(dict(PORT, name="bookends"))
        shown = self.done("show", first, "--json", who="eve").json
        self.assertEqual([request["number"] for request in shown["conflicts"]], [second])
        for number in (first, second):
            self.act(number, ("reg", "validate"), ("eve", "approve"))
        self.act(first, ("reg", "grant"))
        self.refused("advance", second, "grant", who="reg", section="(RFC 6335, section 8.1)")
        self.assertEqual(self.state(second), "assignable")
        self.verify()

    def test_invalid_applications(self):
        ran = self.request("new", "name=x--y", "ports=20000", "transports=tcp", "--as", "ada",
                           "--json")
        self.assertEqual(ran.status, 1)
        self.assertIn("MUST", {finding["level"] for finding in ran.json})
        self.assertEqual(self.request("list").status, 1)

    def test_words(self):
        for arguments, status in ((("advance", "x", "grant"), 2), (("advance", 1, "file"), 2),
                                  (("advance", 1, "dance"), 2), (("show", "0"), 2),
                                  (("show", "99999999999999999999"), 2), (("list", "lost"), 2),
                                  (("new", "name"), 3), (("new", "name=a", "b"), 2),
                                  (("new", "colour=red"), 2), (("new", "ports=1-2-3"), 2),
                                  (("template", "poem"), 2), (("advance", 1, "assign"), 2),
                                  (("account", "grant", "ada", "king"), 2),
                                  (("account", "grant", "ada", "reviewer", "70000"), 2),
                                  (("account", "add", "a b"), 1),
                                  (("account", "add", "ADA"), 1),
                                  (("account", "disable", "root"), 1),
                                  (("account", "grant", "nobody", "reviewer"), 1),
                                  (("release", "x"), 2), (("lease", ""), 1), (("dance",), 2),
                                  (("mail", "send", "smtp://127.0.0.1"), 2)):
            ran = self.request(*arguments, *([] if "template" in arguments or "dance" in arguments
                                             else ["--as", "root"]))
            self.assertEqual((ran.status, ran.out), (status, ""), (arguments, ran.err))
            self.assertEqual(len(ran.err.splitlines()), 1, ran.err)
        self.verify()

    def test_who_acts(self):
        for who in ("ada", "eve", "reg", "ann"):
            for arguments in (("account", "add", "bob"), ("account", "list"), ("rebuild",),
                              ("account", "grant", who, "administrator"),
                              ("policy", "set", "organisation"), ("mail", "list"), ("remind",),
                              ("account", "password", "root"), ("export", "root"),
                              ("erase", "root"), ("account", "token", "root"),
                              ("account", "tokens", "root"), ("account", "cancel", "root", "1")):
                ran = self.request(*arguments, "--as", who)
                self.assertEqual((ran.status, ran.out), (1, ""), arguments)
        self.done("account", "disable", "eve", who="root")
        self.assertEqual(self.request("list", "--as", "eve").status, 1)
        self.assertEqual(self.request("list", "--as", "nobody").status, 1)


@of_files
class People(RequestCase):
    policy = "organisation"

    def test_passwords(self):
        good = self.write("good", "correct horse battery\nmore\n")
        self.done("account", "password", "ada", good, who="ada")
        self.assertIs(self.account("ada")["password"], True)
        with good.open() as words_in:
            self.done("account", "password", "eve", who="root", stdin=words_in)
        bad = self.write("bad", "short")
        self.refused("account", "password", "ada", bad, who="root")
        ran = self.request("account", "password", "ada", self.path / "gone", "--as", "root")
        self.assertEqual(ran.status, 3)
        self.verify()
        self.assertNotIn("correct horse", self.request("log", "--json").out)

    def ask(self, *typed):
        """What a terminal shows while these lines are typed, and the exit status."""
        master, slave = pty.openpty()
        child = subprocess.Popen([PROGRAM, "--store", self.store.place, "request", "account",
                                  "password", "ada", "--as", "root"], stdin=slave, stdout=slave,
                                 stderr=slave, env=environment(), close_fds=True)
        os.close(slave)
        shown = b""
        try:
            for line in typed:
                while not shown.endswith(b": "):
                    shown += os.read(master, 4096)
                os.write(master, line.encode() + b"\n")
                shown += b"\n"
            while piece := os.read(master, 4096):
                shown += piece
        except OSError:  # EIO: the program has ended
            pass
        os.close(master)
        return shown.decode(), child.wait(timeout=60)

    def test_password_on_a_terminal(self):
        shown, status = self.ask("correct horse battery", "correct horse battery")
        self.assertEqual(status, 0, shown)
        self.assertNotIn("horse", shown)
        self.assertIs(self.account("ada")["password"], True)
        shown, status = self.ask("correct horse battery", "correct horse batteries")
        self.assertEqual(status, 2)
        self.assertIn("not the same", shown)
        self.assertNotIn("horse", shown)

    def account(self, login):
        return {account["login"]: account for account in
                self.done("account", "list", "--json", who="root").json}[login]

    def test_roles(self):
        self.done("account", "grant", "ada", "reviewer", "20000-20009", who="root")
        self.done("account", "grant", "ada", "reviewer", "names", who="root")
        self.done("account", "revoke", "ada", "reviewer", "20005", who="root")
        self.assertEqual({(role["first_port"], role["last_port"])
                          for role in self.account("ada")["roles"]},
                         {(None, None), (20000, 20004), (20006, 20009)})
        self.done("account", "change", "ada", "--name", "Ada", "--email", "", who="root")
        self.assertEqual((self.account("ada")["name"], self.account("ada")["email"]),
                         ("Ada", None))

    def test_tokens(self):
        ran = self.request("account", "token", "ada", "--label", "CI", "--as", "ada")
        self.assertEqual((ran.status, ran.out), (2, ""))
        self.assertIn("read, file, act, lease, admin", ran.err)
        ran = self.done("account", "token", "ada", "--label", "CI", "--scope", "lease,read",
                        "--expires", "2099-01-01", "--json", who="ada")
        self.assertRegex(ran.json["token"], r"^pbk_[\w-]{43}$")
        listed = self.done("account", "tokens", "ada", "-o", "json", who="ada")
        self.assertEqual(listed.json[0]["scopes"], ["read", "lease"])
        self.assertNotIn(ran.json["token"], listed.out + self.request("log", "--json").out)
        self.done("account", "cancel", "ada", ran.json["number"], who="ada")
        self.assertEqual(self.request("account", "tokens", "ada", "--as", "ada").status, 1)
        self.verify()

    def test_export_and_erase(self):
        fields = dict(PORT, ports="any", reference="", broadcast="", versioning="",
                      security="", contact_name="", contact_email="")
        number = self.file(fields)
        self.assertEqual(self.state(number), "granted")
        self.assertEqual(self.rows("shelfmark")[0][:2], ("shelfmark", 29000))
        told = self.done("export", "ada", who="ada").json
        self.assertEqual((told["account"]["login"], told["events"][0]["request"]),
                         ("ada", number))
        open_one = self.file(dict(fields, name="bookends", ports="20000"))
        self.refused("erase", "ada", who="ada", section="(docs/DESK.md)")
        self.done("withdraw", open_one, who="ada")
        self.done("erase", "ada", who="ada")
        self.assertNotIn("ada", {account["login"] for account in
                                 self.done("account", "list", "--json", who="root").json})
        self.assertEqual(self.rows("shelfmark")[0][:2], ("shelfmark", 29000))
        self.verify()

    def test_lists(self):
        fields = dict(PORT, ports="20000", broadcast="", versioning="", security="",
                      contact_name="", contact_email="")
        numbers = [self.file(fields), self.file(dict(fields, ports="20001", name="bookends"))]
        self.act(numbers[0], ("reg", "validate"))
        def listed(*arguments):
            ran = self.request("list", "--json", *arguments)
            return [request["number"] for request in ran.json]
        self.assertEqual(listed(), numbers[::-1])
        self.assertEqual(listed("new"), numbers[1:])
        self.assertEqual(listed("new", "expert-review"), numbers[::-1])
        self.assertEqual(listed("open"), numbers[::-1])
        self.assertEqual(listed("granted"), [])
        self.assertEqual(listed("--queue", "--as", "eve"), numbers[::-1])
        self.assertEqual(listed("--mine", "--as", "eve"), [])
        self.assertEqual(listed("--mine", "--as", "ada"), numbers[::-1])
        self.assertEqual(listed("--overdue"), [])
        lines = self.request("list", "-f", "ndjson").lines
        self.assertEqual([json.loads(line)["number"] for line in lines], numbers[::-1])
        self.assertEqual(len(self.request("list").lines), 3)

    def test_image(self):
        """It stays that of the store while there is no other edition, and is then made anew."""
        image = self.store.place.with_name(self.store.place.name + ".image")
        fields = dict(PORT, ports="any", reference="", broadcast="", versioning="",
                      security="", contact_name="", contact_email="")
        self.file(fields)
        before, time = image.read_bytes(), image.stat().st_mtime_ns
        self.done("account", "add", "bob", who="root")
        self.assertEqual(image.read_bytes(), before)
        self.assertGreater(image.stat().st_mtime_ns, time)
        self.assertEqual(image.stat().st_mtime_ns, self.store.place.stat().st_mtime_ns)
        self.file(dict(fields, name="bookends"))
        self.assertNotEqual(image.read_bytes(), before)
        self.assertEqual(image.stat().st_mtime_ns, self.store.place.stat().st_mtime_ns)

    def test_key(self):
        fields = words(dict(PORT, ports="20000", broadcast="", versioning="", security="",
                            contact_name="", contact_email=""))
        said = {self.done("new", *fields, "--key", "once", who="ada").out for _ in range(3)}
        self.assertEqual(len(said), 1)
        self.assertEqual(len(self.request("list", "--json").json), 1)

    def test_leases(self):
        port = self.done("lease", "build", "--minutes", "60", who="ada").out
        self.assertIn(int(port), range(30000, 32768))
        self.assertEqual(self.done("lease", "build", who="ada").out, port)
        self.assertEqual(self.done("lease", "build", "--transport", "udp", who="ada").out, port)
        other = self.done("lease", "build", "--ports", "30005", "--host", "h", "--project", "p",
                          "--json", who="eve").json
        self.assertEqual((other["port"], other["host"], other["project"], other["holder"]),
                         (30005, "h", "p", "eve"))
        self.refused("lease", "web", "--ports", "30005", who="ada", section="(policy, leases")
        self.refused("lease", "web", "--ports", "80", who="ada", section="(policy, leases")
        self.assertEqual(self.request("lease", "a", "-t", "tcp,udp", "--as", "ada").status, 2)
        self.refused("release", other["number"], who="ada", section="(policy, leases)")
        self.done("release", other["number"], who="eve")
        leases = self.request("leases", "--json").json
        self.assertEqual({(lease["port"], lease["transport"]) for lease in leases},
                         {(int(port), "tcp"), (int(port), "udp")})
        self.verify()

    def test_mail(self):
        fields = dict(PORT, ports="20000", broadcast="", versioning="", security="",
                      contact_name="", contact_email="")
        number = self.file(fields)
        self.act(number, ("reg", "validate"))
        letters = self.done("mail", "list", "--json", who="root").json
        self.assertEqual({letter["to"] for letter in letters},
                         {f"{login}@library.example" for login in ("ada", "eve", "reg")} -
                         ({"eve@library.example"} if len(letters) < 3 else set()))
        box = self.path / "box"
        send = ("mail", "send", "--from", "desk@library.example", "--as", "root", "--")
        ran = self.request(*send, "/bin/sh", "-c", f"cat >> {box}")
        self.assert_ran(ran, 0)
        self.assertEqual(ran.out, f"{len(letters)} sent, 0 to be tried again, 0 failed\n")
        self.assertEqual(box.read_text().count("Message-ID:"), len(letters))
        self.assertEqual(self.request(*send, "/bin/sh", "-c", f"cat >> {box}").out,
                         "0 sent, 0 to be tried again, 0 failed\n")
        self.done("comment", number, "Is it so?", who="reg")
        self.assertEqual(self.request(*send, "/bin/sh", "-c", "exit 75").status, 1)
        waiting = [letter for letter in self.done("mail", "list", "--json", who="root").json
                   if letter["state"] != "sent"]
        self.done("mail", "retry", waiting[0]["number"], who="root")
        self.assertEqual(self.request("mail", "retry", "999", "--as", "root").status, 1)
        self.done("remind", who="root")


class Making(StoreCase):
    """Desks made, and rules and applications without one."""

    def request(self, *arguments, **options):
        return self.portbook("request", *arguments, **options)

    @of_files
    def test_twice(self):
        self.assert_ran(self.request("init", "--as", "root"), 0)
        self.assertEqual(self.store.place.stat().st_mode & 0o7, 0)
        ran = self.request("init", "--as", "root")
        self.assertEqual((ran.status, ran.out), (1, ""))
        self.assertIn("has a desk already", ran.err)
        self.verify()

    @of_files
    def test_no_administrator(self):
        """Nothing is made without one; whoever has the store makes one where it has none."""
        before = sorted(self.path.iterdir())
        for wrong in (("--as", "ada", "--email", "nowhere"), ("--as", "a b"), ("--as", ""),
                      ("--as", "ada", "--name", "a\nb"), ("--as", "ada", "--person", "x" * 65)):
            ran = self.request("init", *wrong)
            self.assertEqual((ran.status, ran.out, len(ran.err.splitlines())), (3, "", 1), wrong)
            self.assertEqual(sorted(self.path.iterdir()), before)
        self.assert_ran(self.request("init", "--as", "root"), 0)
        self.store.ask("DELETE FROM account_roles")
        self.store.ask("DELETE FROM accounts")
        self.assert_ran(self.request("account", "add", "ada"), 0)
        self.assert_ran(self.request("account", "grant", "ada", "administrator"), 0)
        self.assert_ran(self.request("account", "list", "--as", "ada"), 0)

    @of_files
    def test_title(self):
        self.assert_ran(self.request("init", "--as", "root", "--title", 'Ports of "Us" \\ Co'), 0)
        self.assertIn('Ports of "Us" \\ Co', self.portbook("export", "-f", "text").out)

    def test_of_editions(self):
        self.add(self.write("2020-01-01.xml", DOCUMENT))
        self.assertEqual(self.request("list").status, 3)
        ran = self.request("init", "--as", "root")
        self.assertIn("policy rfc6335, administered by root", ran.out)
        self.assertEqual(json.loads(self.request("policy", "show").out)["policy"], "rfc6335")
        self.assert_ran(self.request("policy", "set", "organisation", "--as", "root"), 0)
        self.assertEqual(json.loads(self.request("policy", "show").out)["policy"], "organisation")

    @of_files
    def test_bad_policies(self):
        for text in ("", "{}", "[" * 100000, "\0", '{"policy": 1}', "\u202e"):
            bad = self.write("bad.json", text)
            for arguments in (("policy", "check", bad), ("init", "--policy", bad)):
                ran = self.request(*arguments)
                self.assertIn(ran.status, (1, 3))
                self.assertEqual((ran.out, len(ran.err.splitlines())), ("", 1))
        self.assert_ran(self.request("policy", "check", "organisation"), 0)

    @of_files
    def test_templates(self):
        for procedure in POLICY["procedures"]:
            template = self.write(f"{procedure}.yaml", self.request("template", procedure).out)
            self.assertEqual(run("request", "check", "--policy", "rfc6335", template,
                                 env={"HOME": str(self.path)}).status, 1)

    @of_files
    def test_check_without_a_desk(self):
        fields = words(dict(PORT, name="ssh", ports="22", why_system="It needs one."))
        ran = run("request", "check", "--json", *fields, env={"HOME": str(self.path)})
        self.assertEqual((ran.status, ran.err), (1, ""))
        self.assertIn("MUST", {finding["level"] for finding in ran.json})
        self.assertTrue(all(finding["section"] for finding in ran.json))
        registry = self.write("registry.xml", DOCUMENT)
        ran = run("--registry", registry, "request", "check", *words(PORT))
        self.assertIn(ran.status, (0, 1))
        self.assertNotIn("MUST", ran.out)

    @of_files
    def test_hostile_applications(self):
        self.assert_ran(self.request("init", "--as", "root"), 0)
        for text in ("", "{", "[]", "procedure: [port, port]", "name: a\nname: b",
                     "name: " + "a" * 300000, "\0\0", "a: &a [*a, *a]", "name: \x1b[31m",
                     '{"name": "\\u202eabc"}', '{"name": "' + "\\" * 99 + '"}', "- - - -",
                     "%YAML 9.9\n---\n", '{"a":' * 1000):
            path = self.path / "bad.yaml"
            path.write_bytes(text.encode())
            for command in ("check", "new"):
                ran = self.request(command, path, *(["--as", "root"] if command == "new" else []))
                self.assertIn(ran.status, (1, 2, 3), text[:40])
                self.assertNotIn("\x1b", ran.out + ran.err)
        self.assertEqual(self.request("list").status, 1)
        self.verify()

    def test_forged(self):
        self.assert_ran(self.request("init", "--as", "root"), 0)
        self.assert_ran(self.request("new", "--as", "root", "procedure=name", "name=notes",
                                     "transports=tcp", "description=Notes of all",
                                     "assignee_name=Ada", "assignee_email=a@library.example"), 0)
        self.store.ask("UPDATE desk_events SET actor = 7 WHERE request = 1 AND actor = 1")
        ran = self.request("verify")
        self.assertEqual((ran.status, ran.err), (1, ""))
        self.assertRegex(ran.out, r"event \d+: its hash is not that of what it says")


DOCUMENT = document("2020-01-01", ("alpha", 21, "Alpha", "Ann_Author"))

if __name__ == "__main__":
    unittest.main()
