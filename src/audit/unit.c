/* systemd's units: what sockets listen on (systemd.socket(5)), and what services surely do. */
#include "audit/read.h"
#include "base/utf8.h"

/* The lines of a unit file, of which one may go on with a backslash at its end. */
struct lines {
	struct slice rest;
	struct placer placer;
	struct slice section;
	struct reading *reading;
};

/* One assignment. Continued lines are one piece of text, with backslashes and comments. */
struct assignment {
	struct slice key, value;
	struct place place; /* of the value */
};

static struct lines lines_of(struct reading *reading)
{
	return (struct lines){
		.rest = reading->text, .placer = placer_of(reading->text), .reading = reading};
}

static bool is_comment(struct slice line)
{
	line = slice_trim(line);
	return slice_starts(line, SLICE("#")) || slice_starts(line, SLICE(";"));
}

static bool continues(struct slice line)
{
	while (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line.n > 0 && line.p[line.n - 1] == '\\';
}

static void complain(struct lines *lines, struct slice line, const char *what)
{
	reading_complain(lines->reading, placer_find(&lines->placer, line.p), MALFORMED, SLICE_NONE,
			 "%s", what);
}

static bool read_section(struct lines *lines, struct slice line)
{
	if (!slice_starts(line, SLICE("[")))
		return false;
	if (!slice_ends(line, SLICE("]")))
		complain(lines, line, "a section's name ends with ]");
	else
		lines->section = (struct slice){line.p + 1, line.n - 2};
	return true;
}

static bool next_assignment(struct lines *lines, struct assignment *ret_assignment)
{
	while (lines->rest.p) {
		struct slice line = slice_cut(&lines->rest, '\n'), last = line;
		struct slice trimmed = slice_trim(line), value, key;

		if (trimmed.n == 0 || is_comment(trimmed))
			continue;
		while (continues(last) && lines->rest.p) {
			struct slice more = slice_cut(&lines->rest, '\n');

			line = slice_between(line.p, more.p + more.n);
			if (!is_comment(more))
				last = more;
		}
		trimmed = slice_trim(line);
		if (read_section(lines, trimmed))
			continue;
		value = trimmed;
		key = slice_trim(slice_cut(&value, '='));
		if (!value.p || key.n == 0 || !lines->section.p) {
			complain(lines, trimmed,
				 !value.p || key.n == 0 ? "this is neither a section nor KEY=VALUE"
							: "this is in no section");
			continue;
		}
		value = slice_trim(value);
		*ret_assignment = (struct assignment){
			key, value, placer_find(&lines->placer, value.n ? value.p : key.p)};
		return true;
	}
	return false;
}

/* "redis.socket" of redis.socket and of redis.socket.d/override.conf. */
static struct slice unit_name(struct slice path)
{
	struct slice base = path_base(path), folder = path_base(path_folder(path));

	if (slice_ends(folder, SLICE(".d")))
		return (struct slice){folder.p, folder.n - 2};
	return base;
}

/* Without its ending, and without what is behind an @. */
static struct slice unit_stem(struct slice name)
{
	size_t dot = slice_find_last_byte(name, '.'), at;

	if (dot != (size_t)-1)
		name.n = dot;
	at = slice_find_byte(name, '@');
	if (at != (size_t)-1)
		name.n = at;
	return name;
}

static void found(struct lines *lines, struct assignment *assignment, struct slice address,
		  struct slice number, enum transport transport, bool must)
{
	struct slice name = unit_name(lines->reading->path);
	struct audit_port port = {
		.owner = name,
		.name = unit_stem(name),
		.address = address,
		.transport = (uint8_t)transport,
		.use = AUDIT_TAKEN,
		.group = GROUP_HOST,
	};

	/* What systemd fills in (%i) or a variable is not known. */
	if (slice_find_byte(number, '%') != (size_t)-1 ||
	    slice_find_byte(number, '$') != (size_t)-1)
		return;
	if (!reading_port(lines->reading, assignment->place, name, number, must, &port.first,
			  &port.last))
		return;
	if (port.first != port.last) {
		reading_complain(lines->reading, assignment->place, PORT_FORM, name,
				 "\"%.*s\" is no port", (int)number.n, number.p);
		return;
	}
	reading_found(lines->reading, assignment->place, port);
}

static void read_listen(struct lines *lines, struct assignment *assignment,
			enum transport transport)
{
	struct slice value = assignment->value, address, number;

	/* Of files, and of addresses of other kinds. */
	if (value.n == 0 || value.p[0] == '/' || value.p[0] == '@' || value.p[0] == '%' ||
	    slice_starts(value, SLICE("vsock")))
		return;
	address_split(value, &address, &number);
	/* An interface may follow: [ADDRESS]:PORT%INTERFACE. */
	if (number.p && value.p[0] == '[') {
		size_t at = slice_find_byte(number, '%');

		if (at != (size_t)-1 && at > 0)
			number.n = at;
	}
	found(lines, assignment, address, number.p ? number : value, transport, true);
}

/* What the sockets of a unit speak where it says so, for streams or datagrams. */
static enum transport socket_protocol(struct reading *reading, enum transport transport)
{
	struct slice rest = reading->text;

	while (rest.p) {
		struct slice value = slice_trim(slice_cut(&rest, '\n')),
			     key = slice_trim(slice_cut(&value, '='));

		if (slice_eq(key, SLICE("SocketProtocol")) &&
		    utf8_fold_eq(slice_trim(value), SLICE("sctp")))
			return TRANSPORT_SCTP;
	}
	return transport;
}

void unit_read_socket(struct reading *reading)
{
	enum transport stream = socket_protocol(reading, TRANSPORT_TCP);
	struct lines lines = lines_of(reading);
	struct assignment assignment;

	while (next_assignment(&lines, &assignment)) {
		if (!slice_eq(lines.section, SLICE("Socket")))
			continue;
		if (slice_eq(assignment.key, SLICE("ListenStream")))
			read_listen(&lines, &assignment, stream);
		else if (slice_eq(assignment.key, SLICE("ListenDatagram")))
			read_listen(&lines, &assignment, TRANSPORT_UDP);
		else if (slice_eq(assignment.key, SLICE("ListenSequentialPacket")))
			read_listen(&lines, &assignment, TRANSPORT_SCTP);
	}
}

/* Options of commands that say what they listen on. */
static bool is_listen_option(struct slice option)
{
	static const struct slice options[] = {
		{"--port", 6},	  {"--http-port", 11}, {"--https-port", 12},
		{"--listen", 8},  {"--bind", 6},       {"--listen-address", 16},
		{"--address", 9}, {"--addr", 6},       {"--web.listen-address", 20},
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (slice_eq(option, options[i]))
			return true;
	}
	return false;
}

static void read_listen_option(struct lines *lines, const struct assignment *whole,
			       struct slice value)
{
	struct assignment assignment = *whole;
	struct slice address, number;
	uint16_t first, last;

	address_split(value, &address, &number);
	if (port_text_read(number, &first, &last) == PORT_TEXT_NONE)
		return;
	assignment.place = placer_find(&lines->placer, value.p);
	found(lines, &assignment, address, number, TRANSPORT_TCP, false);
}

/* "docker run -p MAPPING" and podman's. */
static void read_published(struct lines *lines, struct slice value)
{
	struct slice name = unit_name(lines->reading->path);
	struct audit_port like = {.owner = name, .name = unit_stem(name)};

	if (slice_find_byte(value, '%') == (size_t)-1 && slice_find_byte(value, '$') == (size_t)-1)
		mapping_read(lines->reading, placer_find(&lines->placer, value.p), value, &like,
			     false);
}

/* Of a command, between whose lines there may be comments. */
static struct slice next_word(struct slice *rest)
{
	bool begins = false;

	for (;;) {
		while (rest->n > 0 &&
		       (byte_is_blank(rest->p[0]) || slice_starts(*rest, SLICE("\\\n")) ||
			slice_starts(*rest, SLICE("\\\r\n")))) {
			begins |= rest->p[0] == '\n';
			*rest = slice_skip(*rest, 1);
		}
		if (!begins || !is_comment(*rest))
			return word_next(rest);
		(void)slice_cut(rest, '\n');
	}
}

/*
 * A command is its words; what is after the name of a container's image is the container's. Only
 * what says in so many words that it listens is taken.
 */
static void read_command(struct lines *lines, const struct assignment *assignment)
{
	struct slice rest = assignment->value, word = next_word(&rest), program = path_base(word);
	bool container = slice_eq(program, SLICE("docker")) || slice_eq(program, SLICE("podman"));

	while ((word = next_word(&rest)).p) {
		struct slice value = word, option = slice_cut(&value, '=');
		bool publish = container && (slice_eq(option, SLICE("-p")) ||
					     slice_eq(option, SLICE("--publish")));

		if (!publish && (container || !is_listen_option(option)))
			continue;
		if (!value.p)
			value = next_word(&rest);
		if (value.n > 0 && publish)
			read_published(lines, value);
		else if (value.n > 0)
			read_listen_option(lines, assignment, value);
	}
}

void unit_read_service(struct reading *reading)
{
	struct lines lines = lines_of(reading);
	struct assignment assignment;

	while (next_assignment(&lines, &assignment)) {
		if (slice_eq(lines.section, SLICE("Service")) &&
		    slice_eq(assignment.key, SLICE("ExecStart")))
			read_command(&lines, &assignment);
	}
}
