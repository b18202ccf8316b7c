/*
 * services(5): lines of a name, number/transport, aliases, and a comment, parted by spaces or tabs.
 * The comment is the description; where a line of nothing else but blanks and a comment follows,
 * that goes on with it. An alias becomes a row of its own whose note says so, as in the registry.
 */
#include "base/number.h"
#include "source/reader.h"

struct services {
	struct slice document;
	struct registry *registry;
	struct strbuf description, note;
	struct fault *fault;
};

static void services_done(struct services *services)
{
	strbuf_done(&services->description);
	strbuf_done(&services->note);
}

/* The next line without its line feed; false at the end. */
static bool next_line(struct slice *rest, struct slice *ret_line)
{
	if (rest->n == 0)
		return false;
	*ret_line = slice_cut(rest, '\n');
	return true;
}

/* Cuts the next word off the line; empty, where the line begins, at its end. */
static struct slice next_word(struct slice *line)
{
	size_t from = 0, to;

	while (from < line->n && byte_is_blank(line->p[from]))
		from++;
	for (to = from; to < line->n && !byte_is_blank(line->p[to]);)
		to++;
	*line = slice_skip(*line, from);
	*line = slice_skip(*line, to - from);
	return (struct slice){line->p - (to - from), to - from};
}

/* What stands before the comment of a line, and the comment, absent where there is none. */
static struct slice cut_comment(struct slice line, struct slice *ret_comment)
{
	*ret_comment = line;
	return slice_cut(ret_comment, '#');
}

/*
 * Transports that other systems' files have lines for and the registry does not: AppleTalk's, UDP
 * Lite, FreeBSD's sockets of packet filters. Their lines are left out.
 */
static bool is_foreign(struct slice transport)
{
	static const struct slice names[] = {{"ddp", 3}, {"udplite", 7}, {"divert", 6}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (slice_eq(transport, names[i]))
			return true;
	}
	return false;
}

static int refuse(const struct services *services, struct slice at, const char *why)
{
	return fault_at(services->fault, FAULT_MALFORMED, services->document.p,
			services->document.n, (size_t)(at.p - services->document.p), "\"%.*s\" %s",
			at.n < 40 ? (int)at.n : 40, at.p, why);
}

/* The words before the aliases. Returns 1 for a line that is left out. */
static int read_key(const struct services *services, struct slice *words, struct row *row)
{
	struct slice name = next_word(words), key = next_word(words), transport = key;
	struct slice port = slice_cut(&transport, '/');
	enum transport known;
	uint64_t number;

	if (key.n == 0)
		return refuse(services, name, "has no port/transport behind it");
	if (!number_parse(port, PORT_MAX, &number))
		return refuse(services, key, "begins with no port number of 0-65535");
	if (transport.n == 0)
		return refuse(services, key, "names no transport: port/transport");
	if (is_foreign(transport))
		return 1;
	if (!transport_parse(transport, &known))
		return refuse(services, transport,
			      "is no transport protocol (tcp, udp, sctp, dccp)");
	row->shown[COLUMN_NAME] = name;
	row->shown[COLUMN_PORT] = port;
	row->shown[COLUMN_TRANSPORT] = transport;
	return 0;
}

/* The description of the line whose comment this is, with what goes on behind it in *rest. */
static struct slice read_description(struct services *services, struct slice comment,
				     struct slice *rest)
{
	struct strbuf *text = &services->description;
	struct slice ahead = *rest, line, more;

	text->n = 0;
	strbuf_add(text, slice_trim(comment));
	while (comment.p && next_line(&ahead, &line) && line.n > 0 && byte_is_blank(line.p[0]) &&
	       slice_trim(cut_comment(line, &more)).n == 0 && more.p) {
		strbuf_add_byte(text, ' ');
		strbuf_add(text, slice_trim(more));
		*rest = ahead;
	}
	return text->n > 0 ? slice_trim(strbuf_slice(text)) : SLICE_NONE;
}

static int add_row(const struct services *services, const struct row *row, struct slice at)
{
	struct row placed = *row;

	placed.at = (uint32_t)(at.p - services->document.p);
	return source_add_row(services->registry, &placed, services->document, services->fault);
}

static int add_aliases(struct services *services, struct row *row, struct slice words)
{
	struct slice name = row->shown[COLUMN_NAME], alias;
	int result = 0;

	services->note.n = 0;
	strbuf_add(&services->note, SLICE("This entry is an alias to \""));
	strbuf_add(&services->note, name);
	strbuf_add(&services->note, SLICE("\"."));
	if (services->note.failed)
		return fault_memory(services->fault);
	row->shown[COLUMN_NOTES] = strbuf_slice(&services->note);
	while (result == 0 && (alias = next_word(&words)).n > 0) {
		/* A name needs no alias that is the same. */
		if (slice_eq(alias, name))
			continue;
		row->shown[COLUMN_NAME] = alias;
		result = add_row(services, row, alias);
	}
	return result;
}

static int read_line(struct services *services, struct slice line, struct slice *rest)
{
	struct slice comment, words = cut_comment(line, &comment);
	struct row row = {};
	int result;

	if (slice_trim(words).n == 0)
		return 0;
	result = read_key(services, &words, &row);
	row.shown[COLUMN_DESCRIPTION] = read_description(services, comment, rest);
	if (services->description.failed)
		return fault_memory(services->fault);
	if (result != 0)
		return result < 0 ? result : 0;
	result = add_row(services, &row, row.shown[COLUMN_NAME]);
	return result < 0 ? result : add_aliases(services, &row, words);
}

bool source_is_services(struct slice head)
{
	struct slice line, comment, words;

	while (next_line(&head, &line)) {
		struct slice key, port;

		words = cut_comment(line, &comment);
		if (slice_trim(words).n == 0)
			continue;
		(void)next_word(&words);
		key = next_word(&words);
		port = slice_cut(&key, '/');
		for (size_t i = 0; i < port.n; i++) {
			if (!byte_is_digit(port.p[i]))
				return false;
		}
		return port.n > 0 && key.p;
	}
	return false;
}

int source_services_read(struct slice document, struct registry *registry, struct fault *fault)
{
	struct services services CLEANUP(services_done) = {document, registry, {}, {}, fault};
	int result = source_check_text(document, fault);
	struct slice rest = document, line;

	while (result == 0 && next_line(&rest, &line))
		result = read_line(&services, line, &rest);
	return result;
}
