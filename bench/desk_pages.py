"""The desk's lists and queues over a store of 100,000 requests, a page at a time."""

import http.client
import random
import sqlite3
import statistics
import time
import urllib.parse

from common import Failed, call, heading, line, time_text
from serve import portbook

REQUESTS = 100000
LIMIT_MS = 50
PASSWORD = "a word that is only measured with"
STATES = {"granted": 60, "refused": 10, "withdrawn": 5, "new": 10, "expert-review": 8,
          "assignable": 4, "with-requester": 3}
PAGES = (
    ("all requests", None, "/desk"),
    ("    far back", None, "/desk?below=50000"),
    ("    of a state", None, "/desk?state=with-requester&below=60000"),
    ("    of a kind that there is none of", None, "/desk?procedure=appeal"),
    ("    by text, found in many", None, "/desk?q=service"),
    ("    by text that is in none of them", None, "/desk?q=unheard"),
    ("a reviewer's queue, with what is overdue", "rev", "/desk/queue"),
    ("    far back", "rev", "/desk/queue?below=50000"),
    ("    of their own alone", "rev", "/desk/queue?mine=1"),
    ("a registrar's queue", "reg", "/desk/queue"),
    ("a queue that is empty", "few", "/desk/queue"),
)


def fill(store):
    """Makes 100,000 requests of the one that there is."""
    chance = random.Random(1)
    states, weights = zip(*STATES.items())
    database = sqlite3.connect(store)
    database.row_factory = sqlite3.Row
    row = dict(database.execute("SELECT * FROM desk_requests").fetchone())
    places = ", ".join(":" + column for column in row)
    for number in range(2, REQUESTS + 1):
        state = chance.choices(states, weights)[0]
        port = 20000 + number % 9000
        row |= {"request": number, "state": state, "name": f"s{number}", "name_key": f"s{number}",
                "first_port": port, "last_port": port, "description": f"A service, number {number}",
                "deadline": None if STATES[state] > 10 else chance.choice(["2026-01-01", "2999-01-01"])}
        database.execute(f"INSERT INTO desk_requests VALUES ({places})", row)
    database.execute("DELETE FROM desk_counts")
    database.execute("INSERT INTO desk_counts SELECT state, COUNT(*) FROM desk_requests GROUP BY state")
    database.commit()
    database.close()


def log_in(connection, login):
    connection.request("POST", "/desk/login",
                       urllib.parse.urlencode({"login": login, "password": PASSWORD}),
                       {"Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    response.read()
    if response.status != 303:
        raise Failed(f"nobody logs in as {login}: {response.status}")
    return {"Cookie": response.headers["Set-Cookie"].split(";")[0]}


def fetch(connection, path, headers):
    begin = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise Failed(f"{path}: {response.status}")
    return time.perf_counter() - begin


class DeskPages:
    """A part of the benchmarks (run.py)."""

    def desk_pages(self):
        store = self.folder / "desk-pages.db"
        request = [self.program, "--store", store, "request"]
        word = self.folder / "word"
        word.write_text(PASSWORD + "\n", encoding="ascii")
        call([*request, "init", "--as", "root"])
        for login, role in (("rev", ["reviewer"]), ("reg", ["registrar"]),
                            ("few", ["reviewer", "5-6"])):
            call([*request, "account", "add", login, "--as", "root"])
            call([*request, "account", "grant", login, *role, "--as", "root"])
            call([*request, "account", "password", login, word, "--as", "root"])
        call([*request, "new", "--as", "root", "procedure=port", "name=first", "ports=20001",
              "transports=tcp", "description=A service", "assignee_name=Root",
              "assignee_email=root@example.org"])
        fill(store)
        heading(f"Pages of a desk with {REQUESTS:,} requests", peer="")
        with portbook([self.program, "--store", store, "serve", "--rate", "10000000"]) as server:
            host = server.address.removeprefix("http://")
            connection = http.client.HTTPConnection(host, timeout=60)
            people = {None: {}} | {login: log_in(connection, login)
                                   for login in ("rev", "reg", "few")}
            for text, who, path in PAGES:
                seconds = statistics.median(fetch(connection, path, people[who])
                                            for _ in range(self.rounds(60)))
                # Texts are looked for in one request after the other.
                target = "" if "unheard" in path else f"< {LIMIT_MS} ms"
                line(text, time_text(seconds * 1e9), target=target,
                     met=seconds * 1e3 < LIMIT_MS)
