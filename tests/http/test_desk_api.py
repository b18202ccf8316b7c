#!/usr/bin/env python3
"""The desk's API over sockets: from application to publication, by several at once, over two servers;
every answer is as the description says, and no log has a secret."""

import concurrent.futures
import http.client
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from serving import PROGRAM, ROOT, SECONDS, Server, environment

DESCRIPTION = json.loads((ROOT / "src/http/openapi.json").read_text(encoding="utf-8"))
STAFF = {"ada": None, "rex": "reviewer", "reg": "registrar"}


def application(name, ports):
    return {"procedure": "port", "name": name, "ports": ports, "transports": ["tcp"],
            "description": f"Service {name}", "assignee_name": "Ada Lovelace",
            "assignee_email": "ada@example.org"}


def resolve(schema):
    while "$ref" in schema:
        found = DESCRIPTION
        for word in schema["$ref"].split("/")[1:]:
            found = found[word]
        schema = found
    return schema


KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def complaints(value, schema, place="$"):
    """What of a value is not as its schema has it: the words of JSON Schema that the description uses."""
    schema = resolve(schema)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(type(value) is KINDS[kind] for kind in kinds):
        yield f"{place} is {value!r}, no {kinds}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {value!r}, none of {schema['enum']}"
    if isinstance(value, list):
        for i, one in enumerate(value):
            yield from complaints(one, schema.get("items", {}), f"{place}[{i}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{place}.{key} is missing" for key in schema.get("required", []) if key not in value)
        for key, one in value.items():
            if key in known:
                yield from complaints(one, known[key], f"{place}.{key}")
            elif schema.get("additionalProperties") is False:
                yield f"{place}.{key} is not described"


def operation_of(method, path):
    words = path.split("?")[0].split("/")
    best = None
    for pattern, item in DESCRIPTION["paths"].items():
        parts = pattern.split("/")
        if len(parts) == len(words) and method.lower() in item and \
                all(a == b or a.startswith("{") for a, b in zip(parts, words)):
            literal = sum(a == b for a, b in zip(parts, words))
            best = max(best or (-1, None), (literal, item[method.lower()]), key=lambda one: one[0])
    return best[1]


class Desk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.store = pathlib.Path(cls.folder.name) / "store.db"
        cls.portbook("init", "--as", "root")
        cls.tokens = {}
        for login, role in STAFF.items():
            cls.portbook("account", "add", login, "--email", f"{login}@example.org", "--as", "root")
            if role:
                cls.portbook("account", "grant", login, role, "--as", "root")
        for login in [*STAFF, "root"]:
            made = cls.portbook("account", "token", login, "--label", "test", "--scope",
                                "read,file,act,lease,admin", "--json", "--as", login)
            cls.tokens[login] = json.loads(made)["token"]
        cls.servers = [Server("--store", cls.store, "--access-log", log, "--rate", "1000000")
                       for log in ("plain", "json")]

    @classmethod
    def tearDownClass(cls):
        for server in cls.servers:
            status = server.stop()
            assert status == 0, (status, server.rest)
            for token in cls.tokens.values():
                assert token not in server.logged + server.rest
            for word in ("Bearer", "Authorization", "pbk_", "PRIVATE-ANSWER"):
                assert word not in server.logged + server.rest, word
            assert "/api/v1/requests" in server.logged
        verified = cls.portbook("verify")
        cls.folder.cleanup()
        assert "missing" not in verified, verified

    @classmethod
    def portbook(cls, *arguments):
        ran = subprocess.run([PROGRAM, "--store", cls.store, "request", *arguments], check=False,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=environment(), timeout=SECONDS)
        assert ran.returncode == 0, (arguments, ran.stderr)
        return ran.stdout

    def ask(self, method, path, who=None, body=None, server=0, **headers):
        """Status, headers and body of an answer, which is as the description says."""
        at = self.servers[server]
        connection = http.client.HTTPConnection(at.host, at.port, timeout=SECONDS)
        lines = {key.replace("_", "-"): value for key, value in headers.items()}
        if who:
            lines["Authorization"] = f"Bearer {self.tokens[who]}"
        if body is not None:
            lines["Content-Type"] = "application/json"
        connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), lines)
        answer = connection.getresponse()
        text, found = answer.read(), dict(answer.getheaders())
        connection.close()
        value = json.loads(text) if text else None
        response = operation_of(method, "/api/v1" + path)["responses"].get(str(answer.status))
        self.assertIsNotNone(response, (method, path, answer.status))
        response = resolve(response)
        for name in ("ETag", "Location", "Retry-After"):
            self.assertLessEqual(name in found, name in response.get("headers", {}),
                                 (method, path, answer.status, name))
        if value is not None:
            content = response.get("content", {}).get(found["Content-Type"])
            self.assertIsNotNone(content, (method, path, answer.status, text))
            self.assertEqual(list(complaints(value, content["schema"])), [], (method, path))
        self.assertIn(found.get("Cache-Control"), ("no-store", "private, no-cache", "no-cache"))
        return answer.status, found, value

    def done(self, status, method, path, who=None, body=None, **headers):
        found, lines, value = self.ask(method, path, who, body, **headers)
        self.assertEqual(found, status, value)
        return lines, value

    def file(self, name, ports):
        lines, value = self.done(201, "POST", "/requests", "ada",
                                 {**application(name, ports), "security": "PRIVATE-ANSWER"})
        self.assertEqual(lines["Location"], f"/api/v1/requests/{value['number']}")
        return value["number"]

    def test_to_publication(self):
        _, found = self.done(200, "POST", "/requests/check", None, application("walk", "20300"))
        self.assertTrue(found["may_be_filed"])
        number = self.file("walk", "20300")
        path = f"/requests/{number}"
        lines, seen = self.done(200, "GET", path)
        self.assertIsNone(seen["applicant"])
        self.assertEqual(self.ask("GET", path, If_None_Match=lines["ETag"])[0], 304)
        self.done(200, "POST", f"{path}/validate", "reg", If_Match=lines["ETag"])
        self.done(412, "POST", f"{path}/assign", "reg", {"account": "rex"}, If_Match=lines["ETag"])
        self.done(200, "POST", f"{path}/assign", "reg", {"account": "rex"})
        self.assertEqual(self.done(200, "GET", "/requests?reviewer=me", "rex")[1]["requests"][0]["number"],
                         number)
        self.done(403, "POST", f"{path}/approve", "ada")
        self.done(200, "POST", f"{path}/approve", "rex")
        _, value = self.done(200, "POST", f"{path}/grant", "reg")
        self.assertEqual((value["state"], value["first_port"]), ("granted", 20300))
        # The server that granted it serves it at once, the other one soon.
        self.assertEqual(self.ask("GET", "/ports/20300/tcp")[2]["rows"][0]["name"], "walk")
        _, events = self.done(200, "GET", f"{path}/events", "rex")
        self.assertEqual([event["action"] for event in events["events"]],
                         ["file", "validate", "assign", "approve", "grant"])
        self.done(409, "POST", f"{path}/withdraw", "ada")

    def test_read(self):
        self.file("reading", "20301")
        for path, who in (("/requests?state=new&limit=1", None), ("/requests?queue=true", "reg"),
                          ("/requests/1/conflicts", None), ("/desk/policy", None), ("/desk/log", "reg"),
                          ("/me", "ada"), ("/me/export", "ada"), ("/me/tokens", "ada"), ("/leases", "ada"),
                          ("/accounts", "root"), ("/accounts/1", "root")):
            with self.subTest(path):
                self.done(200, "GET", path, who)
        self.done(401, "GET", "/me")
        self.done(400, "GET", "/requests?state=fun")
        self.done(422, "POST", "/requests", "ada", {"procedure": "port", "name": "x", "ports": "y"})

    def test_parameters(self):
        """Each operation takes the parameters that are described, and no others."""
        described = {key: one for key, one in DESCRIPTION["components"]["parameters"].items()
                     if one["in"] == "query"}
        for pattern, item in DESCRIPTION["paths"].items():
            for method, operation in item.items():
                if "desk" not in operation.get("tags", []):
                    continue
                keys = {one["$ref"].rsplit("/", 1)[1] for one in operation.get("parameters", [])}
                path = re.sub(r"/\{action\}$", "/enable" if "accounts" in pattern else "/comment",
                              pattern.removeprefix("/api/v1"))
                path = re.sub(r"\{\w+\}", "1", path)
                names = {one["name"] for one in described.values()} if method == "get" else {"skey"}
                taken = {described[key]["name"] for key in keys if key in described}
                for name in sorted(names | {"skey"}):
                    status, _, value = self.ask(method.upper(), f"{path}?{name}=", "root",
                                                {} if method == "post" else None)
                    refused = status == 400 and "is no parameter here" in value.get("detail", "")
                    self.assertNotEqual(refused, name in taken, (method, path, name))

    def test_people(self):
        _, made = self.done(201, "POST", "/accounts", "root", {"login": "eve"})
        path = f"/accounts/{made['number']}"
        self.done(200, "POST", f"{path}/grant", "root", {"role": "reviewer", "ports": "20000-20009"})
        self.done(200, "POST", f"{path}/revoke", "root", {"role": "reviewer", "ports": "20005"})
        self.done(200, "POST", f"{path}/disable", "root")
        self.done(204, "POST", f"{path}/erase", "root")
        _, token = self.done(201, "POST", "/me/tokens", "ada", {"label": "CI", "scopes": ["read"]})
        self.tokens["ci"] = token["token"]
        self.done(403, "POST", "/leases", "ci", {"name": "x"})
        self.done(204, "POST", f"/me/tokens/{token['number']}/revoke", "ada")
        self.done(401, "GET", "/me", "ci")

    def test_leases(self):
        _, lease = self.done(201, "POST", "/leases", "ada", {"name": "ci", "host": "a", "minutes": 5})
        _, again = self.done(201, "POST", "/leases", "ada", {"name": "ci", "host": "a", "minutes": 9})
        self.assertEqual((again["number"], again["port"]), (lease["number"], lease["port"]))
        self.done(204, "POST", f"/leases/{lease['number']}/release", "ada")

    def test_at_once(self):
        """Many file with the same key, over both servers: it is filed once."""
        body = application("at-once", "20310")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda i: self.ask("POST", "/requests", "ada", body, i % 2,
                                                       Idempotency_Key='"k1"'), range(16)))
        self.assertEqual({status for status, _, _ in answers}, {201})
        self.assertEqual(len({value["number"] for _, _, value in answers}), 1)
        # Automatic assignments of one port: one is granted, the others are told of it.
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda i: self.ask("POST", "/requests", "ada",
                                                       application(f"race-{i}", "29500"), i % 2),
                                    range(8)))
        granted = [value for status, _, value in answers if status == 201 and value["state"] == "granted"]
        self.assertEqual(len(granted), 1, [status for status, _, _ in answers])
        self.assertLessEqual({status for status, _, _ in answers}, {201, 409, 422})

    def test_quick_meanwhile(self):
        """Who only reads does not wait for those who write."""
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            writers = [pool.submit(self.file, f"writer-{i}", str(20400 + i)) for i in range(12)]
            for _ in range(10):
                self.assertEqual(self.ask("GET", "/ports/443/tcp")[0], 200)
            for writer in writers:
                writer.result()

    def test_large(self):
        body = {**application("large", "20302"), "other": "x" * 300000}
        at = self.servers[0]
        connection = http.client.HTTPConnection(at.host, at.port, timeout=SECONDS)
        try:
            connection.request("POST", "/api/v1/requests", json.dumps(body),
                               {"Authorization": f"Bearer {self.tokens['ada']}",
                                "Content-Type": "application/json"})
            self.assertEqual(connection.getresponse().status, 413)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was told while it still wrote
        finally:
            connection.close()


class Options(unittest.TestCase):
    def test_usage(self):
        for arguments, word in ((["--trust-proxy", "router"], "neither an address"),
                                (["--trust-proxy", ",".join(["::1"] * 17)], "at most 16"),
                                (["--proxy-header", "Cookie"], "no header"),
                                (["--proxy-header", "a b"], "no header"), (["--rate", "x"], "x")):
            ran = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", *arguments], check=False,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 env=environment(), timeout=SECONDS)
            self.assertEqual(ran.returncode, 2)
            self.assertIn(word, ran.stderr)


if __name__ == "__main__":
    unittest.main()
