"""A registry's server that lends ports, as docs/API.md has it, and does what a server should not."""

import datetime
import http.server
import json
import threading


class Lender(http.server.ThreadingHTTPServer):
    """Lends first..last to whoever has the token. What it is asked is in .calls."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, first, last, token="secret-token", context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.first, self.last, self.token = first, last, token
        self.context = context
        self.leases, self.calls, self.numbers = {}, [], 0
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.seconds = None  # that a lease lasts, whatever is asked for
        self.faults = []     # what is done instead of the next answers
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self):
        scheme = "https" if self.context else "http"
        return f"{scheme}://localhost:{self.server_port}"

    def get_request(self):
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True,
                                                  do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass

    def close(self):
        self.shutdown()
        self.server_close()
        self.thread.join()

    def wait_for(self, condition):
        with self.changed:
            if not self.changed.wait_for(condition, timeout=60):
                raise AssertionError(f"did not come to pass: {self.calls}")

    def count(self, what):
        return sum(call[0] == what for call in self.calls)

    def take(self, wish):
        key = tuple(wish.get(name) for name in ("name", "host", "project", "transport"))
        low, high = self.first, self.last
        if "ports" in wish:
            a, _, b = wish["ports"].partition("-")
            low, high = max(low, int(a)), min(high, int(b or a))
        mine = next((lease for lease in self.leases.values() if lease["key"] == key), None)
        if not mine:
            had = {lease["port"] for lease in self.leases.values()}
            port = next((p for p in range(low, high + 1) if p not in had), None)
            if port is None:
                return 409, {"title": "Conflict", "detail": f"no port from {low} to {high} is left"}
            self.numbers += 1
            mine = self.leases[self.numbers] = {"number": self.numbers, "port": port, "key": key}
        elif not low <= mine["port"] <= high:
            return 409, {"title": "Conflict", "detail": "the name has another port"}
        now = datetime.datetime.now(datetime.timezone.utc)
        until = now + datetime.timedelta(seconds=self.seconds or wish["minutes"] * 60)
        mine.update(name=wish["name"], host=wish["host"], project=wish["project"], holder="ada",
                    transport=wish["transport"], since=f"{now:%Y-%m-%dT%H:%M:%SZ}",
                    until=f"{until:%Y-%m-%dT%H:%M:%SZ}")
        return 201, self.shown(mine)

    @staticmethod
    def shown(lease):
        return {key: value for key, value in lease.items() if key != "key"}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def respond(self, status, body, *headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do(self, what, body, answer):
        server = self.server
        with server.changed:
            server.calls.append((what, body, dict(self.headers)))
            fault = server.faults.pop(0) if server.faults else None
            known = self.headers.get("Authorization") == f"Bearer {server.token}"
            status, body, *headers = fault or (answer() if known else
                                               (401, {"detail": "this token is not known"}))
            server.changed.notify_all()
        if status == "hang":
            body.wait(60)
        elif status == "close":
            self.close_connection = True
        else:
            self.respond(status, body, *headers)

    def do_GET(self):
        leases = self.server.leases
        self.do("list", None, lambda: (200, {"leases": [self.server.shown(lease)
                                                        for lease in leases.values()]}))

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/v1/leases":
            self.do("take", body, lambda: self.server.take(body))
            return
        number = int(self.path.split("/")[4])
        assert self.path == f"/api/v1/leases/{number}/release"
        self.do("release", number, lambda: (204, b"") if self.server.leases.pop(number, None)
                else (404, {"detail": "no such lease"}))
