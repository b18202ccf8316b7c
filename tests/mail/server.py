"""An SMTP server on loopback that takes letters, or behaves as badly as is asked of it.

How it behaves depends on what stands before the @ of the recipient, or on its mode.
"""

import base64
import socket
import ssl
import threading


class Server:
    """Listens on a free port until closed, and keeps what it takes.

    tls: a context; None: no STARTTLS. at_once: TLS from the first byte on (smtps).
    greeting: its first line. login: (user, password) that it demands.
    """

    def __init__(self, tls=None, at_once=False, greeting="220 test", login=None):
        self.tls, self.at_once, self.greeting, self.login = tls, at_once, greeting, login
        self.letters = []   # (sender, recipient, text) that were taken
        self.commands = []  # of all connections, as they came
        self.closing = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.closing.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def accept(self):
        while not self.closing.is_set():
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(60)
        session = Session(self, connection)
        try:
            if self.at_once:
                session.secure_it()
            session.run()
        except (OSError, EOFError):
            pass
        finally:
            session.connection.close()


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.file = connection.makefile("rb")
        self.secure = False
        self.sender = self.recipient = ""
        self.known = server.login is None

    def secure_it(self):
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.file = self.connection.makefile("rb")
        self.secure = True

    def say(self, *lines):
        self.connection.sendall("".join(line + "\r\n" for line in lines).encode())

    def line(self):
        line = self.file.readline(100000)
        if not line:
            raise EOFError
        return line.decode("latin-1").rstrip("\r\n")

    def run(self):
        if self.server.greeting == "hang":
            self.server.closing.wait(60)
            return
        self.say(self.server.greeting)
        while True:
            line = self.line()
            self.server.commands.append(line)
            verb = line.upper().split(" ")[0]
            if verb == "QUIT":
                if self.recipient.startswith("no-goodbye"):
                    self.server.closing.wait(60)
                self.say("221 bye")
                return
            getattr(self, "on_" + verb.lower(), self.on_other)(line)

    def on_other(self, _):
        self.say("502 not known")

    def on_ehlo(self, _):
        extensions = ["250-test", "250-SIZE 1000000"]
        if self.server.tls and not self.secure:
            extensions.append("250-STARTTLS")
        if self.server.login:
            extensions.append("250-AUTH PLAIN")
        self.say(*extensions, "250 8BITMIME")

    def on_starttls(self, _):
        self.say("220 go ahead")
        self.secure_it()

    def on_auth(self, line):
        words = line.split(" ")
        if len(words) < 3:
            self.say("334 ")
            words.append(self.line())
        given = tuple(base64.b64decode(words[2]).decode().split("\0")[1:])
        self.known = given == self.server.login
        self.say("235 welcome" if self.known else f"535 no: {words[2]} {given}")

    def on_mail(self, line):
        self.sender = line.split("<")[1].split(">")[0]
        self.say("250 ok" if self.known else "530 authentication required")

    def on_rcpt(self, line):
        self.recipient = line.split("<")[1].split(">")[0]
        replies = {"busy": "450 4.2.1 mailbox busy", "gone": "550-5.1.1 no such\r\n550 5.1.1 user",
                   "locked": "530 5.7.0 not for you", "later": "421 closing"}
        reply = replies.get(self.recipient.split("@")[0], "250 ok")
        if reply == "421 closing":
            self.say(reply)
            raise EOFError
        self.say(reply)

    def on_data(self, _):
        how = self.recipient.split("@")[0]
        if how == "no-data":
            self.say("554 no data")
            return
        self.say("354 send it")
        if how == "drop":
            self.line()
            raise EOFError
        lines = []
        while (line := self.line()) != ".":
            lines.append(line[1:] if line.startswith(".") else line)
        if how == "drop-after":
            raise EOFError
        if how == "hang-after":
            self.server.closing.wait(60)
            raise EOFError
        replies = {"spam": "554 5.7.1 looks like spam", "full": "452 4.3.1 disk full"}
        reply = replies.get(how, "250 taken")
        if reply == "250 taken":
            self.server.letters.append((self.sender, self.recipient,
                                        "".join(line + "\r\n" for line in lines).encode("latin-1")))
        self.say(reply)
        if how == "hasty":
            raise EOFError


def context(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return tls
