"""Who may do what at the desk, and what is not to be had from it: a server with people of every role.

routes_roles.csv has every route of the desk, and what each kind of visitor is answered;
asvs.csv says which test shows which point of OWASP ASVS.
"""

import csv
import html.parser
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import xml.etree.ElementTree

import serving

HERE = pathlib.Path(__file__).resolve().parent
MAKE_DESK = os.environ["PORTBOOK_MAKE_DESK"]
SESSIONS = ("applicant", "other", "reviewer", "elsewhere", "registrar", "approver",
            "administrator", "disabled")
TOKENS = ("token_read", "token_file", "token_act", "token_lease", "token_admin",
          "token_of_applicant", "disabled_token", "expired_token", "revoked_token")
ACTORS = ("anonymous",) + SESSIONS + TOKENS
FORM = "application/x-www-form-urlencoded"
PASSWORDS = {"alice": "seven wild geese", "root": "nine tame swans", "lou": "four grey herons"}


def table():
    with open(HERE / "routes_roles.csv", newline="") as file:
        return list(csv.DictReader(file))


class Markup(html.parser.HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.data = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        self.data.append(data)


class Desk(serving.Case):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="portbook-test-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.store = str(pathlib.Path(cls.folder.name) / "desk.db")
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        made = subprocess.run([MAKE_DESK, cls.store, now], check=True, capture_output=True,
                              timeout=60, env=serving.environment())
        cls.made = json.loads(made.stdout)
        cls.people = cls.made["people"]
        cls.secrets = {value for person in cls.people.values() for key, value in person.items()
                       if key in ("cookie", "csrf", "token")} | set(PASSWORDS.values())
        cls.server = serving.Server("--store", cls.store, "--access-log", "plain", *cls.options)
        cls.next_source = 0

    @classmethod
    def tearDownClass(cls):
        command = pathlib.Path(f"/proc/{cls.server.process.pid}/cmdline").read_bytes()
        super().tearDownClass()
        kept = command + cls.server.logged.encode() + cls.server.rest.encode()
        for file in pathlib.Path(cls.folder.name).iterdir():
            kept += file.read_bytes()
        for secret in cls.secrets:
            assert secret.encode() not in kept, f"{secret} is written somewhere"
        # Nor is what people wrote in a log, whoever read it.
        told = urllib.parse.unquote_plus(cls.server.logged + cls.server.rest)
        for text in ("MARKER-", "MARKER reason", "MARKER assignee"):
            assert text not in told, f"{text} is logged"

    @classmethod
    def source(cls):
        """An address that nobody has asked from yet."""
        cls.next_source += 1
        return f"127.9.{cls.next_source // 250}.{cls.next_source % 250 + 1}"

    def raw(self, text, source=None, head=False):
        connection = self.server.connect(source or self.source())
        try:
            connection.sendall(text)
            return serving.Stream(connection).response(head)
        finally:
            connection.close()

    def ask(self, path, method="GET", who="anonymous", form=None, data=None, body=None, type=None,
            csrf=True, headers=(), source=None, host="x"):
        """Asks as somebody, as a page of the site or a program would."""
        person = self.people.get(who, {})
        lines = list(headers)
        if form is not None:
            fields = list(form.items()) if isinstance(form, dict) else list(form)
            if csrf and "csrf" in person:
                fields.append(("csrf", person["csrf"]))
            body, type = urllib.parse.urlencode(fields), FORM
        elif data is not None:
            body, type = json.dumps(data), "application/json"
        if form is None and method == "POST" and csrf and "csrf" in person:
            lines.append("X-CSRF-Token: " + person["csrf"])
        if "cookie" in person:
            lines.append(f"Cookie: {self.cookie_name}={person['cookie']}")
        if "token" in person:
            lines.append("Authorization: Bearer " + person["token"])
        body = body.encode() if isinstance(body, str) else body or b""
        if type:
            lines.append("Content-Type: " + type)
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        text = "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", ""])
        return self.raw(text.encode("latin-1") + body, source, method == "HEAD")

    cookie_name = "portbook"

    def login(self, login, password, **more):
        return self.ask("/desk/login", "POST", form={"login": login, "password": password}, **more)

    def fill(self, text):
        for name in ("request", "other", "lease"):
            text = text.replace("{%s}" % name, str(self.made[name]))
        return text.replace("{person}", str(self.people["other"]["number"])).replace(
            "{token}", str(self.people["applicant_token"]["number"]))

    def database(self, sql, *values):
        connection = sqlite3.connect(self.store, timeout=serving.SECONDS)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def person_of(self, answer, number):
        """Makes the session that a login began somebody to ask as."""
        cookie = re.match(re.escape(self.cookie_name) + "=([^;]+);", answer["Set-Cookie"]).group(1)
        name = f"session-{len(self.people)}"
        self.people[name] = {"number": number, "cookie": cookie}
        page = self.ask("/desk/me", who=name).body.decode()
        self.people[name]["csrf"] = re.search('name="csrf" value="([0-9a-f]+)"', page).group(1)
        self.secrets |= {cookie, self.people[name]["csrf"]}
        return name


class Roles(Desk):
    """The table of routes and roles."""

    def status(self, row, who):
        kind, _, text = self.fill(row["body"]).partition(":")
        path = self.fill(row["path"])
        more = {}
        if kind == "form":
            more["form"] = urllib.parse.parse_qsl(text)
        elif kind == "json":
            more["data"] = json.loads(text)
        return self.ask(path, row["method"], who, csrf=kind != "none", **more).status

    def test_every_route_has_its_line(self):
        routes = {(method, pattern) for method, pattern, _ in self.made["routes"]}
        self.assertEqual({(row["method"], row["route"]) for row in table()}, routes)

    def test_each_role_is_answered_as_the_table_says(self):
        wrong = []
        for row in table():
            for who in ACTORS:
                status = self.status(row, who)
                if str(status) != row[who]:
                    wrong.append(f"{row['method']} {row['path']} {row['body']} as {who}: "
                                 f"{status}, not {row[who]}")
        self.assertEqual(wrong, [])

    def test_other_pages_have_nothing_of_routes(self):
        self.assertFalse([route for route in self.made["routes"] if route[2]],
                         "no route of the desk is for pages of other sites")


class Methods(Desk):
    """Of each route those that it has."""

    def test_head_tells_no_more(self):
        """HEAD is refused where GET is, and has no body."""
        for row in table():
            if row["method"] == "GET":
                for who in ("anonymous", "other", "disabled", "token_file"):
                    answer = self.ask(self.fill(row["path"]), "HEAD", who)
                    self.assertEqual((str(answer.status), answer.body), (row[who], b""),
                                     (row["path"], who))

    def test_other_methods_do_nothing(self):
        """Of each route: what it does not take is refused, whoever asks."""
        taken = {}
        for row in table():
            taken.setdefault(row["route"], [row["path"], set()])[1].add(row["method"])
        for path, methods in taken.values():
            path = self.fill(path).partition("?")[0]
            for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
                for who in ("anonymous", "administrator"):
                    answer = self.ask(path, method, who, form={} if method == "POST" else None)
                    # A word may be a number that there is not, of another route.
                    self.assertIn(answer.status, (404, 405), (method, path, who))
                    if answer.status == 405:
                        self.assertLessEqual(methods, set(answer["Allow"].split(", ")), path)


class Sessions(Desk):
    """Logging in and out, cookies, tokens, and requests that are forged."""

    def test_login_begins_another_session(self):
        fixed = "A" * 43
        # Passwords do not expire, however old.
        self.database("UPDATE accounts SET created = '2001-01-01T00:00:00Z' WHERE number = 1")
        answer = self.login("alice", PASSWORDS["alice"], headers=[f"Cookie: portbook={fixed}"])
        self.assertEqual((answer.status, answer["Location"]), (303, "/desk"))
        cookie = answer["Set-Cookie"]
        self.assertRegex(cookie, r"^portbook=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax$")
        self.assertNotIn(fixed, cookie)
        first = self.person_of(answer, 1)
        again = self.login("alice", PASSWORDS["alice"], who=first)
        second = self.person_of(again, 1)
        self.assertNotEqual(self.people[first]["cookie"], self.people[second]["cookie"])
        self.assertEqual(self.ask("/desk/me", who=first).status, 401)
        self.assertEqual(self.ask("/desk/me", who=second).status, 200)
        # And out again: the cookie is taken away, and worth nothing if it is kept.
        out = self.ask("/desk/logout", "POST", second, form={})
        self.assertEqual(out.status, 303)
        self.assertRegex(out["Set-Cookie"], "^portbook=; .*Max-Age=0")
        self.assertEqual(self.ask("/desk/me", who=second).status, 401)
        self.assertEqual(self.ask("/desk/me", "POST", second, form={"do": "end"}).status, 401)

    def test_session_ends(self):
        """After two hours of nothing, and twelve in all."""
        self.assertEqual(self.ask("/desk/me", who="over").status, 401)
        for column, hours in (("seen", 3), ("expires", 0)):
            name = self.person_of(self.login("alice", PASSWORDS["alice"]), 1)
            then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3600 - 5))
            self.database(f"UPDATE account_sessions SET {column} = ? WHERE number = "
                          "(SELECT max(number) FROM account_sessions)", then)
            self.assertEqual(self.ask("/desk/me", who=name).status, 401, column)

    def test_all_sessions_end(self):
        first = self.person_of(self.login("lou", PASSWORDS["lou"]), 10)
        second = self.person_of(self.login("lou", PASSWORDS["lou"]), 10)
        self.assertEqual(self.ask("/desk/me", "POST", first, form={"do": "end"}).status, 303)
        self.assertEqual(self.ask("/desk/me", who=first).status, 401)
        self.assertEqual(self.ask("/desk/me", who=second).status, 401)

    def test_secrets_are_what_they_are(self):
        """A token is no cookie, a cookie no token, and neither is one in the address."""
        token = self.people["applicant_token"]["token"]
        cookie = self.people["applicant"]["cookie"]
        csrf = self.people["applicant"]["csrf"]
        for headers in ([f"Cookie: portbook={token}"], [f"Cookie: portbook={csrf}"],
                        [f"Cookie: __Host-portbook={cookie}"], [f"Cookie: portbook={cookie}x"],
                        [f"Cookie: portbook={cookie[:-1]}"], [f"Cookie: portbook=%00{cookie}"],
                        [f"Cookie: Portbook={cookie}"], [f"Authorization: Bearer {cookie}"],
                        [f"Authorization: Basic {token}"], [f"Authorization: {token}"],
                        ["Authorization: Bearer"], ["Authorization: Bearer " + "a" * 5000],
                        ["Cookie: " + "portbook=a; " * 50], ["Authorization: Bearer \xff\xfe"],
                        ["X-Forwarded-User: root"], ["Remote-User: root"],
                        ["X-Forwarded-For: 127.0.0.1", "Remote-User: root"]):
            with self.subTest(headers):
                self.assertEqual(self.ask("/desk/me", headers=headers).status, 401)
        for name in ("token", "access_token", "portbook", "cookie", "authorization"):
            self.assertEqual(self.ask(f"/desk/me?{name}=x").status, 401)

    def test_forged_posts(self):
        """No form of a page is taken without the session's token, nor from a page elsewhere."""
        csrf = self.people["applicant"]["csrf"]
        wrong = (csrf[:-1], csrf + "0", csrf.upper(), "", self.people["other"]["csrf"],
                 self.people["applicant"]["cookie"])
        elsewhere = ("Origin: https://evil.example", "Origin: null", "Origin: http://x.evil.example",
                     "Origin: http://y", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
                     "Sec-Fetch-Site: anything")
        paths = {}
        for row in table():
            if row["method"] == "POST":
                path = row["path"].replace("{request}", str(self.made["request"])).replace(
                    "{person}", "2").replace("{token}", "1")
                paths[path] = row["body"].startswith("json")
        for index, (path, is_json) in enumerate(paths.items()):
            more = {"data": {}} if is_json else {"form": []}
            # All that is wrong at two of them, and something at each.
            all_of_it = path in ("/desk/me", "/api/v1/leases")
            with self.subTest(path):
                self.assertEqual(
                    self.ask(path, "POST", "applicant", csrf=False, **more).status, 403)
                for token in wrong if all_of_it else [wrong[index % len(wrong)]]:
                    if is_json:
                        given = {"data": {}, "headers": ["X-CSRF-Token: " + token]}
                    else:
                        given = {"form": {"csrf": token}}
                    self.assertEqual(
                        self.ask(path, "POST", "applicant", csrf=False, **given).status, 403)
                for header in elsewhere if all_of_it else [elsewhere[index % len(elsewhere)]]:
                    self.assertEqual(
                        self.ask(path, "POST", "applicant", headers=[header], **more).status, 403,
                        header)
        # The same with the token, of this site.
        for header in ("Origin: http://x", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"):
            self.assertEqual(self.ask("/desk/me", "POST", "applicant", form={"do": "nothing"},
                                      headers=[header]).status, 422)
        # Nobody is logged in by a page elsewhere either.
        self.assertEqual(self.login("alice", PASSWORDS["alice"],
                                    headers=["Origin: https://evil.example"]).status, 403)
        # Nothing is done by an address alone.
        self.assertEqual(self.ask("/desk/logout", who="applicant").status, 405)
        self.ask("/desk/me?do=end", who="applicant", headers=["X-CSRF-Token: " + csrf])
        self.assertEqual(self.ask("/desk/me", who="applicant").status, 200)

    def test_methods(self):
        for method in ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND"):
            answer = self.ask("/desk/me", method, "applicant")
            self.assertIn(answer.status, (400, 405, 501), method)
            self.assertNotIn(self.people["applicant"]["cookie"].encode(), answer.body)
        for header in ("X-HTTP-Method-Override: POST", "X-Method-Override: POST"):
            self.assertEqual(self.ask("/desk/logout", who="applicant", headers=[header]).status, 405)
        self.assertEqual(self.ask("/desk/logout?_method=POST", who="applicant").status, 405)
        self.assertEqual(self.ask("/desk/me", who="applicant").status, 200)

    def test_goes_nowhere_else_after_a_login(self):
        good = self.login("root", PASSWORDS["root"], source="127.8.0.1")
        self.assertEqual(good["Location"], "/desk")
        name = self.person_of(good, 7)
        self.assertEqual(self.ask("/desk/login?next=/desk/queue", who=name)["Location"], "/desk")
        for place in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/desk/..//evil",
                      "/desk\r\nSet-Cookie: a=b", "/deskevil", "/desk//evil.example", "desk",
                      "javascript:alert(1)", "/desk/\u2028", "\\desk", "/desk@evil.example", "/desk.evil",
                      "/desk/%0d%0aX: y\r\nX-Evil: 1", "http:/desk", " /desk", "/desk/a b"):
            with self.subTest(place):
                page = self.ask("/desk/login?" + urllib.parse.urlencode({"next": place}))
                self.assertEqual(page.status, 200)
                self.assertNotIn(b'name="next"', page.body)
        # Of all places one that is refused in the form as well; each login is a password hashed.
        answer = self.login("root", PASSWORDS["root"], who=name)
        self.assertEqual(answer.status, 303)
        self.person_of(answer, 7)
        for place, to in (("//evil.example/\r\nX-Evil: 1", "/desk"), ("/desk/me?done=1", None)):
            answer = self.ask("/desk/login", "POST", form={
                "login": "root", "password": PASSWORDS["root"], "next": place})
            self.assertEqual(answer["Location"], to or place)
            self.assertIsNone(answer["X-Evil"])
            self.person_of(answer, 7)


class Secure(Desk):
    """Behind https."""

    options = ("--base", "https://ports.example.org")
    cookie_name = "__Host-portbook"

    def test_cookie_and_headers(self):
        answer = self.login("alice", PASSWORDS["alice"],
                            headers=["Origin: https://ports.example.org"])
        self.assertEqual(answer.status, 303)
        self.assertRegex(answer["Set-Cookie"], r"^__Host-portbook=[\w-]{43}; Path=/; HttpOnly; "
                         r"SameSite=Lax; Secure$")
        name = self.person_of(answer, 1)
        page = self.ask("/desk/me", who=name)
        self.assertEqual(page.status, 200)
        self.assertRegex(page["Strict-Transport-Security"], r"^max-age=\d{8}")
        # What a page without TLS could have set is not looked at.
        cookie = self.people[name]["cookie"]
        self.assertEqual(
            self.ask("/desk/me", headers=[f"Cookie: portbook={cookie}"]).status, 401)
        self.assertEqual(self.login("alice", PASSWORDS["alice"],
                                    headers=["Origin: https://ports.example"]).status, 403)


class Secrecy(Desk):
    """What is private, and what pages and errors tell."""

    SEEN = {"assignee": {"applicant", "reviewer", "registrar", "approver"}}
    SEEN["reason"] = SEEN["note"] = SEEN["assignee"]
    SEEN["internal"] = {"reviewer", "registrar", "approver"}

    def test_private_texts(self):
        number = self.made["request"]
        api = any("/api/" in pattern for _, pattern, _ in self.made["routes"])
        paths = [f"/desk/requests/{number}"]
        paths += [f"/api/v1/requests/{number}", f"/api/v1/requests/{number}/events"] if api else []
        for who in ("anonymous", "applicant", "other", "reviewer", "elsewhere", "registrar",
                    "approver", "administrator"):
            bodies = b""
            for path in paths:
                answer = self.ask(path, who=who)
                self.assertEqual(answer.status, 200, (path, who))
                self.assertIn(b"measuring" if "events" not in path else b"file", answer.body)
                bodies += answer.body
            for what, seen in self.SEEN.items():
                self.assertEqual(f"MARKER {what}".encode() in bodies
                                 or f"MARKER-{what}".encode() in bodies, who in seen, (what, who))
            self.assertEqual(b"alice" in bodies, who == "applicant" or who in self.SEEN["note"],
                             who)

    def test_lists_tell_nobody(self):
        for path in ("/desk", "/desk?q=MARKER", "/desk?q=measuring", "/desk/queue", "/desk?mine=1",
                     "/api/v1/requests", "/api/v1/requests?search=MARKER",
                     f"/api/v1/requests/{self.made['request']}/conflicts", "/changes", "/people/x",
                     "/api/v1/desk/policy", "/metrics", "/openapi.json", "/healthz", "/readyz"):
            for who in ("anonymous", "other", "elsewhere", "reviewer"):
                body = self.ask(path, who=who).body
                self.assertNotRegex(body, b"MARKER[- ](?!email-" + b"|".join(
                    name.encode() for name in ("mallory", "rex", "ray")) + b")", (path, who))
                if who in ("anonymous", "other", "elsewhere"):
                    self.assertNotIn(b"alice", body, (path, who))

    def test_others_things(self):
        """Numbers of others' requests, tokens and leases open nothing."""
        request, lease = self.made["request"], self.made["lease"]
        token = self.people["applicant_token"]["number"]
        self.assertEqual(self.ask("/desk/me", "POST", "other",
                                  form={"do": "revoke", "token": token}).status, 422)
        self.assertEqual(self.ask("/desk/me", "POST", "other",
                                  form={"do": "revoke", "token": 0}).status, 422)
        self.assertEqual(self.ask(f"/desk/requests/{request}", "POST", "other", form={
            "action": "withdraw", "note": "mine now"}).status, 403)
        if any("/leases" in pattern for _, pattern, _ in self.made["routes"]):
            for path, expected in ((f"/api/v1/leases/{lease}/release", 403),
                                   (f"/api/v1/me/tokens/{token}/revoke", 404),
                                   (f"/api/v1/requests/{request}/withdraw", 403)):
                answer = self.ask(path, "POST", "other", data={})
                self.assertEqual(answer.status, expected, (path, answer.body))
        self.assertEqual(self.database(
            "SELECT count(*) FROM account_tokens WHERE number = ?", token), [(1,)])
        # Nor is anything said of a profile that its form does not have.
        self.assertEqual(self.ask("/desk/me", "POST", "other", form={
            "do": "profile", "name": "M", "email": "", "person": "Ada_Example", "login": "root",
            "role": "administrator", "number": 1, "account": 1}).status, 303)
        self.assertEqual(self.database(
            "SELECT login, person FROM accounts WHERE number = ?",
            self.people["other"]["number"]), [("mallory", None)])

    def test_answers_are_not_shared(self):
        """On one connection, and with one another's tags: everybody has an answer of their own."""
        number = self.made["request"]
        connection = self.server.connect(self.source())
        stream = serving.Stream(connection)
        seen = {}
        for path in (f"/desk/requests/{number}", "/desk", "/desk/me", f"/api/v1/requests/{number}"):
            for who in ("reviewer", "anonymous", "other", "anonymous", "applicant", "other"):
                cookie = self.people.get(who, {}).get("cookie")
                tag = seen.get(path) or '"1", "2", "3", "4"'
                connection.sendall(serving.request(
                    path, "GET", *([f"Cookie: portbook={cookie}"] if cookie else []),
                    "If-None-Match: " + tag))
                answer = stream.response()
                self.assertNotEqual(answer.status, 304, (path, who))
                self.assertEqual(b"ray" in answer.body and b"MARKER-internal" in answer.body,
                                 who == "reviewer" and "/desk/requests" in path, (path, who))
                if who == "anonymous" and answer.status == 200:
                    self.assertNotRegex(answer.body, rb"MARKER[- ]|mallory|Log out")
                seen[path] = answer["ETag"]
        connection.close()

    def test_private_pages_are_kept_nowhere(self):
        number = self.made["request"]
        for path in ("/desk", f"/desk/requests/{number}", "/desk/me", "/desk/me/export", "/desk/queue",
                     "/desk/admin", f"/desk/requests/{number}/amend", "/desk/apply/port",
                     "/api/v1/me", f"/api/v1/requests/{number}", "/api/v1/accounts"):
            for who in ("anonymous", "applicant", "administrator"):
                answer = self.ask(path, who=who)
                self.assertIn("no-store", answer["Cache-Control"], (path, who))

    def test_headers(self):
        number = self.made["request"]
        for path in ("/desk", f"/desk/requests/{number}", "/desk/me", "/desk/login", "/desk/nothing",
                     "/desk/admin", "/desk/requests/0", "/desk/me/export", "/api/v1/me"):
            for who in ("anonymous", "applicant", "administrator", "revoked_token"):
                answer = self.ask(path, who=who)
                policy = answer["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer["Referrer-Policy"], "same-origin")
                if answer.status == 303:
                    continue
                self.assertRegex(answer["Content-Type"],
                                 r"^(text/html; charset=utf-8|application/(problem\+)?json)$")
                self.assertIsNone(answer["Access-Control-Allow-Origin"])
                self.assertIsNone(answer["Server"])
                self.assertIsNone(answer["X-Powered-By"])
                if answer["Content-Type"].startswith("text/html"):
                    page = Markup(answer.body.decode())
                    self.assertFalse([a for a in page.attributes if a[1].startswith("on")
                                      or a[1] == "style"])

    def test_passwords_are_asked_for_as_they_should(self):
        login = Markup(self.ask("/desk/login").body.decode())
        self.assertIn(("input", "autocomplete", "current-password"), login.attributes)
        me = Markup(self.ask("/desk/me", who="applicant").body.decode())
        self.assertIn(("input", "autocomplete", "new-password"), me.attributes)
        for page in (login, me):
            self.assertFalse([a for a in page.attributes if a[1] == "onpaste"], "may be pasted")

    def test_errors_tell_nothing(self):
        inside = re.compile(rb"sqlite|desk\.db|[^a-z]src/|\.c:\d|SELECT [*a-z]|0x[0-9a-f]{6}|"
                            + self.folder.name.encode())
        for path in ("/desk/requests/x", "/desk/requests/-1", "/desk/requests/9223372036854775808",
                     "/desk/requests/%ff", "/desk/requests/1%00", "/desk/requests/1'--",
                     "/desk/apply/%3Cscript%3E", "/desk?below=x&state=%ff&procedure='", "/desk?q=%ff",
                     "/desk/admin/accounts/'", "/desk/" + "a" * 3000, "/desk?q=" + "a" * 3000,
                     "/api/v1/requests/x", "/api/v1/requests?state=x", "/api/v1/requests?limit=-1",
                     "/api/v1/requests?cursor=x", "/api/v1/accounts/0"):
            for who in ("anonymous", "administrator"):
                answer = self.ask(path, who=who)
                self.assertLess(answer.status, 500, path)
                self.assertIsNone(inside.search(answer.body), path)
                self.assertNotIn(b"<script>", answer.body.replace(b"<script src", b""), path)

    def test_paths_lead_nowhere_else(self):
        for path in ("/desk/../../etc/passwd", "/desk/..%2f..%2fetc%2fpasswd", "/desk/requests/..",
                     "/desk/requests/../me", "/desk/%2e%2e/%2e%2e/etc/passwd", "//desk/me",
                     "/desk//me", "/desk/me/..", "/ui/..%2f..%2fdesk.db", "/ui/%2e%2e/desk.db",
                     "/desk/requests/%2e%2e%2fme", "/DESK/ME", "/desk/me;x=1", "/desk/me%00",
                     "/desk/me/export/", "/desk/./me", "/desk.db", "/desk/admin%2faccounts/1"):
            answer = self.ask(path, who="applicant", headers=["Accept: text/html"])
            self.assertIn(answer.status, (400, 404) + ((200,) if path.endswith("export/") else ()),
                          path)
            self.assertNotIn(b"root:", answer.body)
            self.assertNotIn(b"SQLite", answer.body)

    def test_host_is_not_believed(self):
        for host in ("evil.example", "evil.example:80", "x\"><script>", "localhost"):
            for path, who in (("/desk", "anonymous"), ("/desk/me", "anonymous"),
                              ("/desk/me", "applicant"), ("/desk/nothing", "applicant")):
                answer = self.ask(path, who=who, host=host,
                                  headers=["X-Forwarded-Host: evil.example",
                                           "X-Forwarded-Proto: https", "Forwarded: host=evil.example"])
                told = answer.body + repr(answer.headers).encode()
                self.assertNotIn(b"evil.example", told, (path, host))
                self.assertNotIn(b"<script>", told)

    def test_address_changed(self):
        """Somebody whose address is changed is told at the one before."""
        form = {"do": "profile", "name": "Rex", "email": "new@example.org"}
        self.assertEqual(self.ask("/desk/me", "POST", "elsewhere", form=form).status, 303)
        self.assertEqual(self.database(
            "SELECT address FROM letters WHERE account = ? AND kind = 'warning'",
            self.people["elsewhere"]["number"]), [("MARKER-email-rex@example.org",)])

    def test_password_replaced(self):
        """A forgotten one: an administrator sets another, which ends all sessions and is told."""
        name = self.person_of(self.login("lou", PASSWORDS["lou"]), self.people_number("lou"))
        self.secrets.add("five blue magpies")
        answer = self.ask(f"/desk/admin/accounts/{self.people_number('lou')}", "POST", "administrator",
                          form={"do": "password", "password": "five blue magpies"})
        self.assertEqual(answer.status, 303)
        self.assertNotIn(b"magpies", answer.body)
        self.assertEqual(self.ask("/desk/me", who=name).status, 401)
        self.assertEqual(self.login("lou", PASSWORDS["lou"]).status, 401)
        answer = self.login("lou", "five blue magpies")
        self.assertEqual(answer.status, 303)
        self.person_of(answer, self.people_number("lou"))
        (body,), = self.database("SELECT body FROM letters WHERE account = ? AND kind = 'warning'",
                                 self.people_number("lou"))
        self.assertIn("its password was changed", body)
        self.assertNotIn("magpies", body)

    def people_number(self, login):
        (number,), = self.database("SELECT number FROM accounts WHERE login = ?", login)
        return number

    def test_changes_are_logged(self):
        """Who changes their account or tokens on the page is in the log, without what they typed."""
        def log():
            return json.loads(self.ask("/api/v1/desk/log?limit=1000", who="registrar").body)["events"]
        before, person = len(log()), self.people["approver"]
        for form in ({"do": "profile", "name": "MARKER name", "email": "ann@example.org"},
                     {"do": "token", "label": "MARKER label", "scope": "read", "days": "30"}):
            answer = self.ask("/desk/me", "POST", "approver", form=form)
            self.assertIn(answer.status, (200, 303))
        self.secrets.add(re.search("pbk_[\\w-]+", answer.body.decode()).group())
        (token,), = self.database("SELECT max(number) FROM account_tokens")
        self.ask("/desk/me", "POST", "approver", form={"do": "revoke", "token": token})
        self.assertEqual(
            [(event["action"], event["actor"], json.loads(event["body"])) for event in log()[before:]],
            [("account", person["number"], {"account": person["number"], "did": "change"}),
             ("token", person["number"], {"account": person["number"], "token": token}),
             ("token", person["number"], {"account": person["number"], "revoked": token})])

    def test_exports_are_of_oneself(self):
        """Whoever asks, and whatever for: nothing is in it that others wrote."""
        for path in ("/desk/me/export", "/api/v1/me/export"):
            for who, own in (("applicant", {"email-alice", "note"}), ("other", {"email-mallory"}),
                             ("reviewer", {"email-ray", "internal"})):
                body = self.ask(path + "?account=1" * (who == "other" and "/desk" in path),
                                who=who).body.decode()
                self.assertEqual(set(re.findall("MARKER-(email-[a-z]+|note|internal)", body)), own,
                                 (path, who))

    def test_downloads_are_named(self):
        for path, name in (("/desk/me/export", "portbook-account.json"), ("/api/v1/me", "api.json"),
                           ("/api/v1/requests", "api.json"), ("/api/v1/accounts", "api.json")):
            self.assertEqual(self.ask(path, who="applicant")["Content-Disposition"],
                             f'attachment; filename="{name}"')

    def test_assets_are_of_this_site(self):
        for path, who in (("/desk", "anonymous"), ("/desk/me", "applicant"),
                          (f"/desk/requests/{self.made['request']}", "reviewer"),
                          ("/desk/apply/port", "applicant"), ("/desk/admin", "administrator")):
            page = Markup(self.ask(path, who=who).body.decode())
            for tag, name, value in page.attributes:
                if (tag, name) in (("script", "src"), ("link", "href"), ("img", "src"),
                                   ("form", "action"), ("iframe", "src")):
                    self.assertRegex(value, "^/[a-z]*", (tag, value))
                    self.assertFalse(value.startswith("//"))

    def test_scripts_store_nothing(self):
        """What scripts keep is the theme."""
        page = Markup(self.ask("/desk/me", who="applicant").body.decode())
        for tag, name, value in page.attributes:
            if (tag, name) == ("script", "src"):
                text = self.ask(value).body.decode()
                for kept in re.findall(r"(?:local|session)Storage[.\[]?\w*\(?([^,)]*)", text):
                    self.assertRegex(kept, "theme", value)
                self.assertNotRegex(text, r"indexedDB|document\.cookie|serviceWorker|eval\(")

    def test_told_what_is_published(self):
        page = self.ask("/desk/apply/port", who="applicant").body.decode().lower()
        self.assertIn("publish", page)
        self.assertRegex(page, "private|review")
        self.assertIn("erase", self.ask("/desk/me", who="applicant").body.decode().lower())

    def test_no_core(self):
        """What is in memory is not written to a file where the server ends badly."""
        limits = pathlib.Path(f"/proc/{self.server.process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 ")


class Fresh(unittest.TestCase):
    """A desk that was just made."""

    def test_nobody_is_there_from_the_start(self):
        """But whoever made it, without a password: nobody can log in."""
        with tempfile.TemporaryDirectory(prefix="portbook-test-") as folder:
            def run(*arguments):
                return subprocess.run([serving.PROGRAM, "--store", folder + "/desk.db", "request",
                                       *arguments], check=True, capture_output=True, text=True,
                                      timeout=60, env=serving.environment()).stdout
            run("init", "--as", "maker")
            accounts = json.loads(run("account", "list", "--json", "--as", "maker"))
            self.assertEqual([(one["login"], one["password"]) for one in accounts],
                             [("maker", False)])
            connection = sqlite3.connect(folder + "/desk.db")
            for table_of in ("account_sessions", "account_tokens"):
                self.assertEqual(connection.execute(f"SELECT count(*) FROM {table_of}").fetchall(),
                                 [(0,)])
            connection.close()


class Limits(Desk):
    """How often one may ask, and guess."""

    options = ("--rate", "60")  # so few that a slow machine asks more

    def test_too_many_requests(self):
        source, connection = self.source(), None
        refused = None
        connection = self.server.connect(source)
        stream = serving.Stream(connection)
        for _ in range(400):
            connection.sendall(serving.request("/desk/login?done=x"))
            answer = stream.response()
            if answer.status != 200:
                refused = answer
                break
        connection.close()
        self.assertIsNotNone(refused, "there is no limit")
        self.assertEqual(refused.status, 429)
        self.assertGreaterEqual(int(refused["Retry-After"]), 1)
        # What a client says of where it is from is not believed, and others are served.
        connection = self.server.connect(source)
        stream = serving.Stream(connection)
        statuses = set()
        for number in range(200):
            connection.sendall(serving.request("/desk/login", "GET",
                                               f"X-Forwarded-For: 192.0.2.{number}"))
            statuses.add(stream.response().status)
        connection.close()
        self.assertIn(429, statuses)
        self.assertEqual(self.ask("/desk/login").status, 200)

    def test_guesses_end(self):
        """Five wrong passwords lock an account: the right one is then refused as wrong ones are."""
        texts = set()
        for number in range(6):
            answer = self.login("root", f"wrong wrong wrong {number}")
            self.assertEqual(answer.status, 401)
            self.assertIsNone(answer["Set-Cookie"])
            texts.add(re.sub(rb'value="[^"]*"', b"", answer.body))
        answer = self.login("root", PASSWORDS["root"])
        self.assertEqual(answer.status, 401)
        texts.add(re.sub(rb'value="[^"]*"', b"", answer.body))
        for login, password in (("nobody", "wrong wrong wrong"), ("dan", "eleven grey herons"),
                                ("mallory", "wrong wrong wrong"), ("", ""), ("root' OR 1=1--", "x"),
                                ("\0root", "x"), ("root", ""), ("r" * 5000, "x" * 5000)):
            answer = self.login(login, password)
            if answer.status == 401:
                texts.add(re.sub(rb'value="[^"]*"', b"", answer.body))
            else:
                self.assertEqual((answer.status, login[:1]), (400, "\0"))
        self.assertEqual(len(texts), 1, "it is told which accounts there are")
        # Who is logged in already is not put out by others' guesses.
        self.assertEqual(self.ask("/desk/me", who="administrator").status, 200)

    def processor(self):
        """Ticks of the processor that the server has used."""
        stat = pathlib.Path(f"/proc/{self.server.process.pid}/stat").read_text()
        return sum(map(int, stat.rpartition(")")[2].split()[11:13]))

    def test_time_tells_no_account(self):
        """As much is done for a login that there is not as for one whose password is wrong."""
        used = {"lou": 0, "nobody-at-all": 0}
        for number in range(3):
            for login in used:
                before = self.processor()
                self.assertEqual(self.login(login, f"not the password {number}").status, 401)
                used[login] += self.processor() - before
        self.assertGreater(min(used.values()), 0, used)
        self.assertLess(max(used.values()) / min(used.values()), 3, used)

    def test_new_passwords(self):
        for password in ("short", "eleven char", "password1234", "passwordpassword", "alicealicealice",
                         "aaaaaaaaaaaaaaaa", "portbookportbook", "x" * 129, "", " " * 20, "a\0b" * 6):
            answer = self.ask("/desk/me", "POST", "applicant", form={
                "do": "password", "current": PASSWORDS["alice"], "password": password})
            self.assertIn(answer.status, (422, 400), password)
            if password.strip():
                self.assertNotIn(f">{password}<".encode(), answer.body)
        # The old one is asked for, and wrong ones are counted.
        self.secrets.add("fünf weiße Reiher im Schnee")
        answer = self.ask("/desk/me", "POST", "applicant", form={
            "do": "password", "current": "wrong", "password": "fünf weiße Reiher im Schnee"})
        self.assertEqual(answer.status, 422)
        self.assertEqual(self.ask("/desk/me", who="applicant").status, 200)
        answer = self.ask("/desk/me", "POST", "applicant", form={
            "do": "password", "current": PASSWORDS["alice"],
            "password": "fünf weiße Reiher im Schnee"})
        self.assertEqual(answer.status, 303)
        (address, body), = self.database("SELECT address, body FROM letters WHERE account = 1 "
                                         "AND kind = 'warning'")
        self.assertEqual(address, "MARKER-email-alice@example.org")
        self.assertIn("its password was changed", body)
        self.assertEqual(self.database("SELECT body FROM desk_events ORDER BY sequence DESC LIMIT 1"),
                         [('{"account":1,"did":"password"}',)])
        # All sessions are over, and the old one is of no use.
        self.assertEqual(self.ask("/desk/me", who="applicant").status, 401)
        self.assertEqual(self.login("alice", PASSWORDS["alice"]).status, 401)
        answer = self.login("alice", "fünf weiße Reiher im Schnee")
        self.assertEqual(answer.status, 303)
        self.person_of(answer, 1)


HOSTILE = ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR '1'='1' --",
           "'; DROP TABLE accounts; --", "{{7*7}}${7*7}#{7*7}<%= 7*7 %>", "%s%n%x%p", "\x1b[31mred\x07",
           "\r\nSet-Cookie: portbook=evil", "\u202egnirts\u202c", "\ufeff\u200b\u0300\ud7ff",
           "javascript:alert(1)", "&lt;b&gt;&#x3c;i&#62;", "\u2028\u2029\x85", "../../../../etc/passwd",
           "=cmd|' /C calc'!A0", "a" * 30000, "<!--", "]]>", "</title></textarea></pre><svg onload=x>",
           "\U0001f4a9" * 500, "\t\x0b\x0c\x00")


class Hostile(Desk):
    """Whatever is sent: it is refused or kept as text, and nothing fails."""

    FIELDS = ("name", "ports", "description", "reference", "assignee_email", "why_port", "key",
              "version", "do")

    def fine(self, answer, what):
        self.assertIsNotNone(answer, what)
        self.assertLess(answer.status, 500, what)
        if (answer["Content-Type"] or "").startswith("text/html"):
            page = Markup(answer.body.decode())
            self.assertNotIn("img", page.tags)
            self.assertFalse([a for a in page.attributes if a[1].startswith("on")], what)
            self.assertLessEqual(page.tags.count("script"), 2, what)
            self.assertFalse([a for a in page.attributes if a[1] in ("href", "src", "action")
                              and (a[2] or "").lower().startswith(("javascript", "data"))], what)
        for name, value in answer.headers:
            self.assertNotIn("evil", value, what)
        return answer

    def test_fields_of_forms(self):
        for text in HOSTILE:
            for field in self.FIELDS:
                form = {"do": "check", "name": "probing", "transports": "tcp", field: text}
                self.fine(self.ask("/desk/apply/port", "POST", "other", form=form,
                                   source=f"127.10.0.{self.FIELDS.index(field) + 1}"),
                          (field, text[:40]))

    def test_other_forms(self):
        for text in HOSTILE:
            for who, path, form in (
                    ("other", "/desk/me", {"do": "profile", "name": text, "email": text}),
                    ("other", "/desk/me", {"do": "token", "label": text, "scope": text, "days": text}),
                    ("other", "/desk/me", {"do": text, "token": text}),
                    ("applicant", f"/desk/requests/{self.made['request']}",
                     {"action": "comment", "note": text}),
                    ("reviewer", f"/desk/requests/{self.made['request']}",
                     {"action": text, "version": text, "account": text, "note": text}),
                    ("administrator", "/desk/admin", {"do": "create", "login": text, "name": text}),
                    ("administrator", "/desk/admin/accounts/2",
                     {"do": "grant", "role": text, "first": text, "last": text})):
                self.fine(self.ask(path, "POST", who, form=form), (path, text[:40]))
            query = urllib.parse.urlencode(
                {"q": text[:1500], "state": text[:200], "procedure": text[:200], "below": text[:200],
                 "mine": text[:200], "done": text[:200], "next": text[:200]})
            for path, who in (("/desk", "other"), ("/desk/queue", "reviewer"), ("/desk/login", "anonymous"),
                              ("/desk/admin", "administrator"), ("/desk/me", "other")):
                self.fine(self.ask(f"{path}?{query}", who=who), (path, text[:40]))
        # What was taken is shown as it was written.
        for who in ("applicant", "reviewer", "administrator"):
            page = self.fine(self.ask(f"/desk/requests/{self.made['request']}", who=who), who)
            self.assertEqual("<script>alert(1)</script>" in "".join(Markup(page.body.decode()).data),
                             who != "administrator")
        shown = "".join(Markup(self.ask(f"/desk/requests/{self.made['request']}",
                                        who="reviewer").body.decode()).data)
        for text in ("\u202egnirts\u202c", "\U0001f4a9" * 500, "&lt;b&gt;&#x3c;i&#62;", "]]>",
                     "</title></textarea></pre><svg onload=x>"):
            self.assertIn(text, shown)
        self.fine(self.ask("/desk/admin", who="administrator"), "admin")
        self.assertEqual(self.database("SELECT count(*) FROM accounts WHERE login = 'alice'"),
                         [(1,)])

    def test_published(self):
        """What is granted stays text in pages, documents and feeds, however it is written."""
        text = "]]><script>alert(1)</script>&amp;<!-- \"'"
        answer = self.ask("/api/v1/requests", "POST", "robot7", data={
            "procedure": "port", "name": "hostile", "ports": "29500", "transports": ["tcp"],
            "description": text, "assignee_name": "Eve \"><img src=x onerror=alert(1)>",
            "assignee_email": "eve@example.org"})
        self.assertEqual((answer.status, json.loads(answer.body)["state"]), (201, "granted"))
        document = "/assignments/service-names-port-numbers/service-names-port-numbers"
        for path in ("/", "/services/hostile", "/ports/29500", "/ports/29500/tcp", "/changes", "/desk",
                     "/editions", document + ".xhtml"):
            self.fine(self.ask(path, source="127.12.0.1"), path)
        for path in (document + ".xml", document + ".xhtml", "/changes.atom"):
            answer = self.ask(path, source="127.12.0.2")
            self.assertEqual(answer.status, 200, path)
            root = xml.etree.ElementTree.fromstring(answer.body)
            self.assertEqual(path.endswith(".atom") or text in "".join(root.itertext()), True, path)
            self.assertFalse([tag for tag in root.iter() if "onerror" in tag.attrib or
                              tag.tag.endswith("}img") or "alert" in (tag.text or "") and
                              tag.tag.endswith("}script")], path)
        rows = json.loads(self.ask("/api/v1/services/hostile").body)["rows"]
        self.assertEqual([row["description"] for row in rows], [text])

    def test_bodies(self):
        person = self.people["other"]
        csrf = f"csrf={person['csrf']}&".encode()
        bodies = (
            (FORM, csrf + b"do=%ff%fe"), (FORM, csrf + b"do=\xff\xfe"), (FORM, csrf + b"do=%00"),
            (FORM, csrf + b"do=%zz&%"), (FORM, b"&".join([csrf + b"a=b"] * 500)),
            (FORM, csrf + b"do=profile&do=erase&confirm=mallory"), (FORM, csrf + b"=" * 5000),
            (FORM, b"csrf=wrong&" + csrf + b"do=profile"),
            (FORM + "; charset=utf-16", (csrf + b"do=profile").decode().encode("utf-16")),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"csrf\""
             b"\r\n\r\n" + person["csrf"].encode() + b"\r\n--x--\r\n"),
            ("text/plain", csrf + b"do=profile"), ("application/json", b'{"do":"profile"}'),
            ("application/xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM '
             b'"file:///etc/passwd">]><a>&b;</a>'), ("", csrf), (FORM, b""))
        for type, body in bodies:
            answer = self.ask("/desk/me", "POST", "other", body=body, type=type, csrf=False)
            self.fine(answer, (type, body[:60]))
            self.assertIn(answer.status, (303, 400, 403, 413, 415, 422), (type, body[:60]))
            self.assertNotIn(b"root:", answer.body)
        # The last of them did nothing, nor did a second field of a name.
        self.assertEqual(self.ask("/desk/me", who="other").status, 200)

    def test_long_bodies(self):
        for length in (2 * 1024 * 1024, 10**12, 2**64 - 1, 2**64 + 1, -1):
            answer = self.raw((f"POST /desk/apply/port HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
                               f"Content-Length: {length}\r\n\r\n").encode())
            self.assertTrue(answer is None or answer.status in (400, 413), length)

    def test_json(self):
        if not any("/api/" in pattern for _, pattern, _ in self.made["routes"]):
            self.skipTest("no API")
        bodies = [b"[" * 100000, b'{"a":' * 100000, b"{" + b'"a":1,' * 50000 + b'"a":1}', b"NaN",
                  b'{"name":NaN}', b'{"minutes":1e999}', b'{"minutes":-1}', b'{"name":Infinity}',
                  b'{"minutes":' + b"9" * 5000 + b"}", b'{"name":"\xff"}', b'{"name":"\\ud800"}',
                  b'{"name":"\\u0000"}', b'{"name":"a","name":"b"}', b'{"name":{"a":[]}}', b'{"name":[1]}',
                  b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"null", b"1", b'""', b"[]", b"{", b"}", b"{}{}",
                  b'{"__proto__":{"x":1}}', b'{"name":true}', b"{'name':'a'}", b'{"name":"a",}', b"// a\n{}",
                  b'&a [*a,*a]', b"name: !!python/object:x", b'{"number":1,"login":"root","person":"x"}',
                  b'{"name":"' + b"a" * 60000 + b'"}']
        fields = {"/api/v1/requests": ("name", "description", "ports"),
                  "/api/v1/requests/check": ("name", "why_port"),
                  f"/api/v1/requests/{self.made['request']}/comment": ("note",),
                  "/api/v1/me/tokens": ("label", "expires"), "/api/v1/accounts": ("login", "name"),
                  "/api/v1/accounts/2/grant": ("role", "ports"), "/api/v1/leases": ("name", "ports")}
        for robot, (path, names) in enumerate(fields.items()):
            texts = [json.dumps({name: text}).encode() for text in HOSTILE for name in names]
            for body in bodies + texts:
                answer = self.ask(path, "POST", f"robot{robot}", body=body, type="application/json",
                                  source=f"127.11.0.{robot + 1}")
                self.fine(answer, (path, body[:60]))
                done = (200, 201) if body in texts or path.endswith(("check", "leases")) else ()
                self.assertIn(answer.status, (400, 409, 413, 422) + done,
                              (path, body[:60], answer.body[:200]))
                json.loads(answer.body)
        for type in (FORM, "text/plain", "multipart/form-data; boundary=x", "application/xml", ""):
            for path in ("/api/v1/requests", "/api/v1/leases", "/api/v1/me/tokens"):
                answer = self.ask(path, "POST", "other", body=b'{"name":"a"}', type=type)
                self.assertEqual(answer.status, 415, (path, type))

    def test_headers_of_requests(self):
        token = self.people["token_file"]["token"]
        for header in ("Idempotency-Key: " + "a" * 5000, "Idempotency-Key: \xff\xfe", "If-Match: \"",
                       "If-Match: *, *", "If-Match: " + "9" * 500, "Accept: " + "a/b," * 500,
                       "Content-Type: application/json; charset=\"", "Cookie: =;=;=", "Cookie: \xff=\xff",
                       "Accept-Language: <script>", "User-Agent: \x1b[31m' OR 1=1 \"", "Referer: \x7f\x1b"):
            answer = self.ask("/api/v1/requests", "POST", body=b"{}", type="application/json",
                              headers=[header, "Authorization: Bearer " + token])
            self.fine(answer, header)


if __name__ == "__main__":
    if os.environ.get("FILL"):
        class Filling(Roles):
            def runTest(self):
                rows = table()
                for row in rows:
                    for who in ACTORS:
                        row[who] = self.status(row, who)
                with open(HERE / "routes_roles.csv", "w", newline="") as file:
                    writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
        unittest.TextTestRunner().run(unittest.TestSuite([Filling()]))
    else:
        unittest.main()
