"""A server on loopback that answers, by path, as well or as badly as is asked of it.

What it sends is written out byte for byte: no library that would mend it stands between.
"""

import gzip
import socket
import ssl
import threading
import time
import urllib.parse
import zlib

DOCUMENT = b"".join(b"name-%d,%d,tcp,A line of a document\r\n" % (i, i) for i in range(400))
ETAG = '"one"'
MODIFIED = "Sat, 01 Aug 2026 10:00:00 GMT"

ENDLESS = 10 * 1000 ** 3


def head(status, *headers):
    return ("\r\n".join([f"HTTP/1.1 {status}", *headers]) + "\r\n\r\n").encode("latin-1")


def answer(body, *headers, length=None, status="200 OK"):
    length = len(body) if length is None else length
    return head(status, f"Content-Length: {length}", *headers) + body


BOMB = gzip.compress(bytes(50 << 20))  # 50 KB


class Server:
    """Listens on a free port until closed; counts what is asked of it."""

    def __init__(self, tls=None):
        self.tls = tls
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.requests = {}  # path: [header block, ...]
        self.sent = {}      # path: bytes
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.closing.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def accept(self):
        while not self.closing.is_set():
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(20)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    got = connection.recv(65536)
                    if not got:
                        return
                    request += got
                    if request[0] == 0x16:  # a TLS handshake, where none is spoken
                        connection.sendall(head("400 Bad Request"))
                        return
                self.respond(connection, request.decode("latin-1"))
        except OSError:
            pass  # the other side left, as it should at times

    def respond(self, connection, request):
        target = urllib.parse.urlsplit(request.split()[1])
        with self.lock:
            asked = self.requests.setdefault(target.path, [])
            asked.append(request)
        name, _, self_made = target.path.lstrip("/").partition("/")
        behaviour = getattr(self, "do_" + name.replace("-", "_"))
        for piece in behaviour(request, len(asked), self_made) or ():
            if isinstance(piece, float):
                if self.closing.wait(piece):
                    return
            else:
                connection.sendall(piece)
                with self.lock:
                    self.sent[target.path] = self.sent.get(target.path, 0) + len(piece)

    # Behaviours: what to send, and how many seconds to wait.

    def do_ok(self, request, count, rest):
        yield answer(DOCUMENT, f"ETag: {ETAG}", f"Last-Modified: {MODIFIED}")

    def do_conditional(self, request, count, rest):
        if f"If-None-Match: {ETAG}\r\n" in request or \
                f"If-Modified-Since: {MODIFIED}\r\n" in request:
            yield head("304 Not Modified", f"ETag: {ETAG}")
        else:
            yield answer(DOCUMENT, f"ETag: {ETAG}", f"Last-Modified: {MODIFIED}")

    def do_always_304(self, request, count, rest):
        yield head("304 Not Modified")

    def do_chunked(self, request, count, rest):
        yield head("200 OK", "Transfer-Encoding: chunked", "Trailer: ETag")
        yield b"%x\r\n%s\r\n0\r\nETag: \"of a trailer\"\r\n\r\n" % (len(DOCUMENT), DOCUMENT)

    def do_chunked_with_length(self, request, count, rest):
        yield head("200 OK", "Content-Length: 5", "Transfer-Encoding: chunked")
        yield b"%x\r\n%s\r\n0\r\n\r\n" % (len(DOCUMENT), DOCUMENT)

    def do_chunked_broken(self, request, count, rest):
        yield head("200 OK", "Transfer-Encoding: chunked") + b"10\r\n" + DOCUMENT

    def do_chunked_truncated(self, request, count, rest):
        yield head("200 OK", "Transfer-Encoding: chunked") + b"fff\r\nno more"

    def do_until_close(self, request, count, rest):
        yield head("200 OK") + DOCUMENT

    def do_keep_alive(self, request, count, rest):
        yield answer(DOCUMENT)
        yield 10.0

    def do_empty(self, request, count, rest):
        yield answer(b"")
        yield 10.0

    def do_stall_headers(self, request, count, rest):
        yield 10.0

    def do_stall_body(self, request, count, rest):
        yield answer(DOCUMENT[:1000], length=len(DOCUMENT))
        yield 10.0

    def do_stall_once(self, request, count, rest):
        yield answer(DOCUMENT[:1000], length=len(DOCUMENT)) if count == 1 else answer(DOCUMENT)
        yield 10.0

    def do_trickle(self, request, count, rest):
        yield head("200 OK", "Content-Length: 100000")
        while True:
            yield b"."
            yield 0.05

    def do_slow(self, request, count, rest):
        yield head("200 OK", "Content-Length: 10000000")
        while True:
            yield bytes(10000)
            yield 0.05

    def do_truncate(self, request, count, rest):
        yield answer(DOCUMENT[:-1], length=len(DOCUMENT))

    def do_truncate_once(self, request, count, rest):
        yield answer(DOCUMENT if count > 1 else DOCUMENT[:-1], length=len(DOCUMENT))

    def do_longer(self, request, count, rest):
        yield answer(DOCUMENT, length=len(DOCUMENT) - 1)

    def do_two_lengths(self, request, count, rest):
        yield answer(DOCUMENT, "Content-Length: 5")

    def do_negative(self, request, count, rest):
        yield answer(DOCUMENT, length=-1)

    def do_redirect(self, request, count, rest):
        yield head("301 Moved Permanently", "Location: /ok", "Content-Length: 5") + b"moved"

    def do_relative(self, request, count, rest):
        yield head("307 Temporary Redirect", "Location: ../ok")

    def do_loop(self, request, count, rest):
        yield head("302 Found", "Location: " + request.split()[1])

    def do_chain(self, request, count, rest):
        yield head("302 Found", f"Location: /chain/{int(rest) - 1}" if int(rest) > 1
                   else "Location: /ok")

    def do_to(self, request, count, rest):
        """Redirects to the rest of the path."""
        yield head("302 Found", "Location: " + urllib.parse.unquote(rest))

    def do_nowhere(self, request, count, rest):
        yield head("302 Found")

    def do_redirect_body(self, request, count, rest):
        yield head("302 Found", "Location: /ok")
        yield from self.do_endless(request, count, rest)

    def do_gzip(self, request, count, rest):
        yield answer(gzip.compress(DOCUMENT), "Content-Encoding: gzip")

    def do_deflate(self, request, count, rest):
        yield answer(zlib.compress(DOCUMENT), "Content-Encoding: deflate")

    def do_bomb(self, request, count, rest):
        yield answer(BOMB, "Content-Encoding: gzip")

    def do_garbage(self, request, count, rest):
        yield answer(b"\xff\xfe" * 300, "Content-Encoding: " + rest)

    def do_gzip_truncated(self, request, count, rest):
        packed = gzip.compress(DOCUMENT)
        yield answer(packed[:-20], "Content-Encoding: gzip", length=len(packed))

    def do_endless(self, request, count, rest):
        for _ in range(ENDLESS >> 16):
            yield bytes(1 << 16)

    def do_announced(self, request, count, rest):
        yield head("200 OK", f"Content-Length: {ENDLESS}")
        yield from self.do_endless(request, count, rest)

    def do_announced_only(self, request, count, rest):
        yield head("200 OK", f"Content-Length: {ENDLESS}")
        yield 10.0

    def do_unannounced(self, request, count, rest):
        yield head("200 OK")
        yield from self.do_endless(request, count, rest)

    def do_empty_blocks(self, request, count, rest):
        """A gzip stream that takes and takes and never gives anything."""
        yield head("200 OK", "Content-Encoding: gzip") + gzip.compress(b"")[:10]
        for _ in range(ENDLESS >> 16):
            yield b"\0\0\0\xff\xff" * 13107

    def do_status(self, request, count, rest):
        yield answer(b"an error page", status=rest.split("/")[0] + " Status")

    def do_twice_500(self, request, count, rest):
        yield answer(DOCUMENT) if count > 2 else answer(b"", status="500 Not Now")

    def do_busy(self, request, count, rest):
        """429 with Retry-After: REST, and then the document."""
        yield answer(DOCUMENT) if count > 1 else \
            answer(b"", "Retry-After: " + rest, status="429 Too Many Requests")

    def do_busy_date(self, request, count, rest):
        later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3600))
        yield answer(b"", "Retry-After: " + later, status="503 Unavailable")

    def do_close(self, request, count, rest):
        return ()

    def do_close_once(self, request, count, rest):
        if count > 1:
            yield answer(DOCUMENT)

    def do_many_headers(self, request, count, rest):
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-Filler: %s\r\n" % (b"x" * 1000) * 10

    def do_long_header(self, request, count, rest):
        yield b"HTTP/1.1 200 OK\r\nX-Filler: "
        while True:
            yield b"x" * 10000

    def do_early_hints(self, request, count, rest):
        yield b"HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\n" + answer(DOCUMENT)

    def do_control_etag(self, request, count, rest):
        yield answer(DOCUMENT, 'ETag: "\033[31mred"', "Last-Modified: \x07" + MODIFIED)

    def do_long_etag(self, request, count, rest):
        yield answer(DOCUMENT, f'ETag: "{"x" * 255}"', f"Last-Modified: {MODIFIED}")

    def do_not_http(self, request, count, rest):
        yield b"SSH-2.0-OpenSSH_9.2\r\n" * 20

    def do_zero_byte(self, request, count, rest):
        yield head("200 OK", "ETag: \0") + DOCUMENT


def context(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return tls
