"""Flow annotation as the man page states it, slow and obvious; shares nothing with the program."""

import json

EDGES = {0, 1023, 1024, 49151, 49152, 65535}
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
NUMBERS = {b"6": "tcp", b"17": "udp", b"132": "sctp", b"33": "dccp"}
STATES = ("assigned", "reserved", "unassigned")
OTHER, MALFORMED = "other", "malformed"

# By the rank of the service's port, then of the other one; ranks from 1.
CONFIDENCES = {(1, 1): "low", (1, 2): "medium", (1, 3): "medium", (1, 4): "medium", (1, 5): "high",
               (2, 2): "low", (2, 3): "medium", (2, 4): "medium", (2, 5): "high",
               (3, 3): "low", (3, 4): "medium", (3, 5): "medium",
               (4, 4): "low", (4, 5): "low"}


class Ports:
    """What a registry says of each port: of the lines of its export as NDJSON."""

    def __init__(self, lines):
        self.said = {transport: {} for transport in TRANSPORTS}
        for line in lines:
            row = json.loads(line)
            if row["first_port"] is None:
                continue
            for transport in [row["transport"]] if row["transport"] else TRANSPORTS:
                for port in range(row["first_port"], row["last_port"] + 1):
                    self.say(self.said[transport].setdefault(port, {"state": "unassigned"}), row)

    @staticmethod
    def say(port, row):
        port["state"] = min(port["state"], row["state"], key=STATES.index)
        if row["state"] != "assigned":
            return
        if "name" not in port or (port["alias"] and not row["alias_of"]):
            port.update(name=row["name"] or "", description=row["description"] or "",
                        alias=bool(row["alias_of"]))

    def of(self, transport, port):
        said = self.said[transport].get(port)
        if said is None:
            said = {"state": "reserved" if port in EDGES else "unassigned"}
        return said

    def rank(self, transport, port):
        if self.of(transport, port)["state"] == "assigned":
            return 1 if port < 1024 else 2 if port < 32768 else 3
        return 4 if port < 32768 else 5

    def choose(self, transport, source, destination):
        """(side, port, confidence), or None where nothing speaks for either."""
        of_source = (self.rank(transport, source), source)
        of_destination = (self.rank(transport, destination), destination)
        better, other = min(of_source, of_destination), max(of_source, of_destination)
        if better[0] == 5:
            return None
        side = "src" if of_source < of_destination else "dst"
        return side, better[1], CONFIDENCES[better[0], other[0]]


def bare(field):
    field = field.strip(b" \t")
    if len(field) >= 2 and field[:1] == b'"' and field[-1:] == b'"':
        field = field[1:-1].strip(b" \t")
    return field


def is_digits(text):
    return len(text) > 0 and all(c in b"0123456789" for c in text)


def read_port(field):
    text = bare(field)
    if not is_digits(text) or len(text) > 5 or int(text) > 65535:
        return None
    return int(text)


def read_protocol(field):
    text = bare(field)
    if text in NUMBERS:
        return NUMBERS[text]
    if text.lower() in (b"tcp", b"udp", b"sctp", b"dccp"):
        return text.lower().decode()
    if is_digits(text):
        fits = int(text) <= 255 and (text == b"0" or text[:1] != b"0")
        return OTHER if fits else MALFORMED
    letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if not text or text[0] not in letters:
        return MALFORMED
    return OTHER if all(c in letters + b"0123456789-+._/ " for c in text) else MALFORMED


def read_bytes(field):
    text = bare(field)
    if text in (b"", b"-"):
        return 0
    if not is_digits(text) or int(text) >= 1 << 64 or (len(text) > 1 and text[:1] == b"0"):
        return None
    return int(text)


def read_flow(fields):
    """(protocol, source, destination, bytes) of texts by name, or None."""
    if None in fields.values():
        return None
    protocol = read_protocol(fields["proto"])
    count = read_bytes(fields["bytes"]) if "bytes" in fields else 0
    if protocol == MALFORMED or count is None:
        return None
    if protocol == OTHER:
        return OTHER, None, None, count
    source, destination = read_port(fields["src"]), read_port(fields["dst"])
    if source is None or destination is None:
        return None
    return protocol, source, destination, count


def records(text, delimiter, quotes):
    """(record with all but its line's end, that end, its fields), one byte after the other.

    One that ends in open quotes has no fields."""
    start, field_start, fields, quoted = 0, 0, [], False
    i = 0
    while i < len(text):
        c = text[i:i + 1]
        if quoted:
            if c == b'"' and text[i + 1:i + 2] == b'"':
                i += 1
            elif c == b'"':
                quoted = False
        elif c == b'"' and i == field_start and quotes:
            quoted = True
        elif c == delimiter:
            fields.append(text[field_start:i])
            field_start = i + 1
        elif c == b"\n":
            yield ended(text[start:i], text[field_start:i], fields, b"\n")
            start = field_start = i + 1
            fields = []
        i += 1
    if start < len(text):
        record, end, fields = ended(text[start:], text[field_start:], fields, b"")
        yield record, end, [] if quoted else fields


def ended(record, last, fields, end):
    if record.endswith(b"\r"):
        return record[:-1], b"\r" + end, fields + [last[:-1] if last else b""]
    return record, end, fields + [last]


class Delimited:
    """columns: numbers from 0 by "src", "dst", "proto" and perhaps "bytes"."""

    def __init__(self, ports, columns, delimiter=b",", confidence=False, description=False):
        self.ports, self.columns, self.delimiter = ports, columns, delimiter
        self.quotes = delimiter in (b",", b";")
        self.confidence, self.description = confidence, description

    def put(self, text):
        text = text.encode()
        if not text and self.delimiter == b" ":
            return b"-"
        special = [c for c in (self.delimiter, b'"', b"\n", b"\r") if c in text]
        if not special:
            return text
        if self.quotes:
            return b'"' + text.replace(b'"', b'""') + b'"'
        for c in (self.delimiter, b"\n", b"\r"):
            text = text.replace(c, b"_" if self.delimiter == b" " else b" ")
        return text

    def added(self, flow):
        protocol, source, destination, _ = flow
        choice = None
        values = ["", "", "", ""]
        if protocol != OTHER:
            choice = self.ports.choose(protocol, source, destination)
        said = self.ports.of(protocol, choice[1]) if choice else {}
        if choice:
            values = [said.get("name", ""), str(choice[1]), choice[0], said["state"]]
        if self.confidence:
            values.append("" if protocol == OTHER else choice[2] if choice else "none")
        if self.description:
            values.append(said.get("description", ""))
        return b"".join(self.delimiter + self.put(value) for value in values)

    def header(self):
        names = ["service", "service_port", "service_side", "service_state"]
        names += ["service_confidence"] * self.confidence + ["description"] * self.description
        return b"".join(self.delimiter + name.encode() for name in names)

    def annotate(self, header, text):
        """(what is written, records, unread, the line of the first of those)"""
        out, count, unread, first, line = [], 0, 0, 0, 1
        if header:
            out.append(header + self.header() + b"\n")
            line = 2
        for record, end, fields in records(text, self.delimiter, self.quotes):
            flow = None
            if record:
                count += 1
                flow = read_flow({name: fields[i] if i < len(fields) else None
                                  for name, i in self.columns.items()})
                if flow is None:
                    unread += 1
                    first = first or line
            out.append(record + (self.added(flow) if flow else b"") + end)
            line += (record + end).count(b"\n")
        return b"".join(out), count, unread, first

    def summary(self, text):
        """Flows and bytes by (transport, port), "undecided" or "other"."""
        counts = {}
        for record, _, fields in records(text, self.delimiter, self.quotes):
            flow = record and read_flow({name: fields[i] if i < len(fields) else None
                                         for name, i in self.columns.items()})
            if not flow:
                continue
            key = "other"
            if flow[0] != OTHER:
                choice = self.ports.choose(*flow[:3])
                key = (flow[0], choice[1]) if choice else "undecided"
            sums = counts.setdefault(key, [0, 0])
            sums[0] += 1
            sums[1] += flow[3]
        return counts


class Lines(Delimited):
    """Lines of JSON; columns: tuples of the names of members."""

    def put(self, text):
        return json.dumps(text, ensure_ascii=False).encode()

    def member(self, line, path):
        for key in path:
            if not isinstance(line, dict) or key not in line:
                return b""
            line = line[key]
        if isinstance(line, str):
            text = line.encode()
            return text if len(text) < 40 else b""
        if isinstance(line, bool) or not isinstance(line, (int, float)):
            return b""
        return str(int(line)).encode() if 0 <= line < 1 << 63 and int(line) == line else b""

    def added(self, flow):
        protocol, source, destination, _ = flow
        choice = None if protocol == OTHER else self.ports.choose(protocol, source, destination)
        said = self.ports.of(protocol, choice[1]) if choice else {}
        members = {"service": said.get("name") or None,
                   "service_port": choice[1] if choice else None,
                   "service_side": choice[0] if choice else None,
                   "service_state": said.get("state")}
        if self.confidence:
            members["service_confidence"] = (None if protocol == OTHER else
                                             choice[2] if choice else "none")
        if self.description:
            members["description"] = said.get("description") or None
        return "".join("," + json.dumps(name) + ":" + json.dumps(value, ensure_ascii=False)
                       for name, value in members.items()).encode()

    def annotate(self, header, text):
        out, count, unread, first = [], 0, 0, 0
        for number, line in enumerate(text.split(b"\n"), 1):
            if line.strip(b" \t\r"):
                count += 1
                flow = None
                try:
                    read = json.loads(line.decode())
                except ValueError:
                    read = None
                if isinstance(read, dict):
                    flow = read_flow({name: self.member(read, path)
                                      for name, path in self.columns.items()})
                if flow is None:
                    unread += 1
                    first = first or number
                else:
                    brace = line.rindex(b"}")
                    line = line[:brace] + self.added(flow) + line[brace:]
            out.append(line)
        return b"\n".join(out), count, unread, first
