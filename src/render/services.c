/*
 * services(5) for every reader there is: glibc and BSD take any line, but musl reads lines in
 * pieces of 127 bytes and takes each for a line of its own. A description that would not fit goes
 * on in comments of lines of their own, behind tabs, for source/services.c to put together again.
 */
#include "render/services.h"

#include <errno.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "record/services.h"

enum {
	LINE_MAX_BYTES = 126, /* without its line feed */
	TAB = 8,
	/* Where a line's parts begin, but for those that what stands before them pushes aside. */
	PORT_COLUMN = 2 * TAB,
	ALIAS_COLUMN = 4 * TAB,
	COMMENT_COLUMN = 6 * TAB,
};

struct index {
	const struct registry *registry;
	struct service *services;
	size_t count;
};

static void index_done(struct index *index)
{
	free(index->services);
}

/* False: no memory. */
static bool index_fill(struct index *index, const struct registry *registry)
{
	index->registry = registry;
	index->services = calloc(registry->row_count + 1, sizeof(*index->services));
	if (!index->services)
		return false;
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (services_has_line(&row) && services_can_write(row.shown[COLUMN_NAME]))
			index->services[index->count++] = (struct service){
				.name = row.shown[COLUMN_NAME],
				.target = row_alias_of(&row),
				.row = (uint32_t)i,
				.port = (uint16_t)row.first_port,
				.transport = (uint8_t)row.transport,
			};
	}
	index->count = services_order(index->services, index->count);
	return true;
}

/* The text on one line: what is no character of a line becomes a space. */
static struct slice on_one_line(struct slice text, struct strbuf *space)
{
	space->n = 0;
	while (text.n > 0) {
		uint32_t character;
		size_t n = utf8_next(text, &character);
		bool control = character < ' ' || (character >= 0x7f && character < 0xa0) ||
			       character == 0x2028 || character == 0x2029;

		strbuf_add(space, control ? SLICE(" ") : (struct slice){text.p, n});
		text = slice_skip(text, n);
	}
	return slice_trim(strbuf_slice(space));
}

/* Tabs from the end of the line to a column, at least one. */
static void put_tabs(struct strbuf *line, size_t column)
{
	struct slice text = strbuf_slice(line);
	size_t x = 0;

	for (size_t i = 0; i < text.n; i++)
		x = text.p[i] == '\t' ? x / TAB * TAB + TAB : x + 1;
	do {
		strbuf_add_byte(line, '\t');
		x = x / TAB * TAB + TAB;
	} while (x < column);
}

/*
 * How much of the text stands on a line with that much room: up to the last single blank that
 * leaves it fit, or else the first.
 */
static size_t piece_of(struct slice text, size_t room)
{
	size_t end = text.n;

	if (text.n <= room)
		return text.n;
	for (size_t i = 1; i + 1 < text.n && (i <= room || end == text.n); i++) {
		if (text.p[i] == ' ' && text.p[i - 1] != ' ' && text.p[i + 1] != ' ')
			end = i;
	}
	return end;
}

static void put_comment(struct out *out, struct slice text, struct strbuf *line)
{
	while (text.n > 0) {
		size_t room = line->n + 2 < LINE_MAX_BYTES ? LINE_MAX_BYTES - line->n - 2 : 0;
		size_t n = piece_of(text, room);

		out_put(out, strbuf_slice(line));
		out_put(out, SLICE("# "));
		out_put(out, (struct slice){text.p, n});
		out_byte(out, '\n');
		text = slice_skip(text, n + 1);
		line->n = 0;
		put_tabs(line, COMMENT_COLUMN);
	}
}

/* The line that begins at a name and takes its aliases with it; returns how many names. */
static size_t put_line(struct out *out, const struct index *index, size_t at, struct strbuf *line,
		       struct strbuf *space)
{
	struct row row = registry_row(index->registry, index->services[at].row);
	struct slice description = on_one_line(row.shown[COLUMN_DESCRIPTION], space);
	size_t count = 1;

	line->n = 0;
	strbuf_add(line, row.shown[COLUMN_NAME]);
	put_tabs(line, PORT_COLUMN);
	strbuf_add_uint(line, (uint64_t)row.first_port);
	strbuf_add_byte(line, '/');
	strbuf_add(line, transport_name(row.transport));
	for (; at + count < index->count && index->services[at + count].alias; count++) {
		if (count == 1)
			put_tabs(line, ALIAS_COLUMN);
		else
			strbuf_add_byte(line, ' ');
		strbuf_add(line, index->services[at + count].name);
	}
	if (description.n > 0) {
		put_tabs(line, COMMENT_COLUMN);
		put_comment(out, description, line);
	} else {
		out_put(out, strbuf_slice(line));
		out_byte(out, '\n');
	}
	return count;
}

static void put_head(struct out *out, const struct registry *registry, struct slice origin,
		     struct strbuf *space)
{
	out_put(out, SLICE("# Service names and port numbers: see services(5).\n"));
	if (registry->header.updated.n > 0) {
		out_put(out, SLICE("# Edition: "));
		out_put(out, on_one_line(registry->header.updated, space));
		out_byte(out, '\n');
	}
	if (origin.n > 0) {
		out_put(out, SLICE("# Made from: "));
		out_put(out, on_one_line(origin, space));
		out_byte(out, '\n');
	}
	out_put(out, SLICE("# Names without a port and ranges of ports have no place here.\n\n"));
}

/* Names that cannot be written are not passed over in silence. */
static void put_left_out(struct out *out, const struct registry *registry, struct strbuf *space)
{
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (!services_has_line(&row) || services_can_write(row.shown[COLUMN_NAME]))
			continue;
		out_put(out, SLICE("# Left out, for it has a blank or a # in it: \""));
		out_put(out, on_one_line(row.shown[COLUMN_NAME], space));
		out_put(out, SLICE("\" "));
		out_uint(out, (uint64_t)row.first_port);
		out_byte(out, '/');
		out_put(out, transport_name(row.transport));
		out_byte(out, '\n');
	}
}

int render_services(struct out *out, const struct registry *registry, struct slice origin,
		    struct fault *fault)
{
	struct index index CLEANUP(index_done) = {};
	struct strbuf line CLEANUP(strbuf_done) = {}, space CLEANUP(strbuf_done) = {};

	if (!index_fill(&index, registry))
		return fault_memory(fault);
	put_head(out, registry, origin, &space);
	for (size_t i = 0; i < index.count;)
		i += put_line(out, &index, i, &line, &space);
	put_left_out(out, registry, &space);
	return line.failed || space.failed ? fault_memory(fault) : 0;
}
