/* haproxy: what its sections bind to, and the servers that they send to. */
#include "audit/read.h"

struct haproxy {
	struct reading *reading;
	struct placer placer;
	struct slice section; /* "frontend web"; absent: none yet */
	bool http;	      /* its mode */
	bool in_defaults, http_by_default;
};

static bool is_section(struct slice word)
{
	static const struct slice sections[] = {
		{"global", 6},	     {"defaults", 8},	  {"frontend", 8}, {"backend", 7},
		{"listen", 6},	     {"peers", 5},	  {"mailers", 7},  {"resolvers", 9},
		{"userlist", 8},     {"program", 7},	  {"cache", 5},	   {"ring", 4},
		{"http-errors", 11}, {"log-forward", 11},
	};

	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		if (slice_eq(word, sections[i]))
			return true;
	}
	return false;
}

/* Without what says of which kind it is; false for what is no address of a network. */
static bool cut_family(struct slice *address, enum transport *ret_transport)
{
	static const struct {
		struct slice prefix;
		enum transport transport;
	} families[] = {
		{{"ipv4@", 5}, TRANSPORT_TCP},	{{"ipv6@", 5}, TRANSPORT_TCP},
		{{"tcp4@", 5}, TRANSPORT_TCP},	{{"tcp6@", 5}, TRANSPORT_TCP},
		{{"tcp@", 4}, TRANSPORT_TCP},	{{"quic4@", 6}, TRANSPORT_UDP},
		{{"quic6@", 6}, TRANSPORT_UDP}, {{"udp4@", 5}, TRANSPORT_UDP},
		{{"udp6@", 5}, TRANSPORT_UDP},	{{"udp@", 4}, TRANSPORT_UDP},
	};

	*ret_transport = TRANSPORT_TCP;
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (!slice_starts(*address, families[i].prefix))
			continue;
		*address = slice_skip(*address, families[i].prefix.n);
		*ret_transport = families[i].transport;
		return true;
	}
	return slice_find_byte(*address, '@') == (size_t)-1 && address->n > 0 &&
	       address->p[0] != '/';
}

static void read_address(struct haproxy *haproxy, struct slice text, struct audit_port port,
			 bool must)
{
	struct place place = placer_find(&haproxy->placer, text.p);
	enum transport transport;
	struct slice number;

	if (slice_find_byte(text, '$') != (size_t)-1 || !cut_family(&text, &transport))
		return;
	address_split(text, &port.address, &number);
	/* A name or address without a port. */
	if (!number.p || number.n == 0 || slice_find_byte(text, ':') == (size_t)-1)
		return;
	port.transport = (uint8_t)transport;
	if (reading_port(haproxy->reading, place, port.owner, number, must, &port.first,
			 &port.last))
		reading_found(haproxy->reading, place, port);
}

static void read_bind(struct haproxy *haproxy, struct slice rest)
{
	struct slice addresses = word_next(&rest), word;
	struct audit_port port = {
		.owner = haproxy->section,
		.use = AUDIT_TAKEN,
		.group = GROUP_HOST,
		.web = haproxy->http,
	};

	while ((word = word_next(&rest)).p) {
		if (slice_eq(word, SLICE("ssl")) && haproxy->http)
			port.name = SLICE("https");
	}
	while (addresses.p) {
		struct slice address = slice_cut(&addresses, ',');

		if (address.n > 0)
			read_address(haproxy, address, port, true);
	}
}

static void read_server(struct haproxy *haproxy, struct slice rest)
{
	struct audit_port port = {.owner = haproxy->section, .use = AUDIT_REMOTE};
	struct slice address;

	(void)word_next(&rest);
	address = word_next(&rest);
	/* "+1" is relative to where the client came in. */
	if (address.n > 0)
		read_address(haproxy, address, port, false);
}

/* A section has that of the defaults before it, unless it says another. */
static void read_mode(struct haproxy *haproxy, struct slice mode)
{
	haproxy->http = slice_eq(mode, SLICE("http"));
	if (haproxy->in_defaults)
		haproxy->http_by_default = haproxy->http;
}

static void read_line(struct haproxy *haproxy, struct slice line)
{
	struct slice rest = line, word = word_next(&rest), name;

	if (!word.p || word.p[0] == '#')
		return;
	if (is_section(word) && word.p == line.p) {
		name = word_next(&rest);
		haproxy->section = name.p ? slice_between(word.p, name.p + name.n) : word;
		haproxy->in_defaults = slice_eq(word, SLICE("defaults"));
		haproxy->http = !haproxy->in_defaults && haproxy->http_by_default;
		if (haproxy->in_defaults)
			haproxy->http_by_default = false;
		return;
	}
	if (slice_eq(word, SLICE("mode")))
		read_mode(haproxy, word_next(&rest));
	else if (slice_eq(word, SLICE("bind")))
		read_bind(haproxy, rest);
	else if (slice_eq(word, SLICE("server")) || slice_eq(word, SLICE("default-server")))
		read_server(haproxy, rest);
	else if (!haproxy->section.p)
		reading_complain(haproxy->reading, placer_find(&haproxy->placer, word.p), MALFORMED,
				 SLICE_NONE, "this is in no section");
}

void haproxy_read(struct reading *reading)
{
	struct haproxy haproxy = {.reading = reading, .placer = placer_of(reading->text)};
	struct slice rest = reading->text;

	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n');
		size_t comment = slice_find(line, SLICE(" #"));

		if (comment != (size_t)-1)
			line.n = comment;
		read_line(&haproxy, line);
	}
}
