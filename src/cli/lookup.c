#include <stdlib.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "cli/notes.h"

enum { NAMES_MAX = 5 };

/* A query and how it fared. */
struct asked {
	struct query query;
	bool assigned;		      /* one of its rows is */
	bool missing;		      /* a name without rows */
	bool noted;		      /* but an overlay has it */
	struct slice near[NAMES_MAX]; /* the nearest names that overlays have */
	size_t near_count;
	struct arena arena; /* of those */
};

/* Names, of which some may be the same. */
struct names {
	struct slice all[2 * NAMES_MAX];
	size_t count;
};

static struct slice name_at(const void *data, size_t index)
{
	const struct names *names = data;

	return index < names->count ? names->all[index] : SLICE_NONE;
}

static void add_name(struct names *names, struct slice name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (utf8_fold_eq(names->all[i], name))
			return;
	}
	names->all[names->count++] = name;
}

/* Some of the nearest that an image has. */
static void add_nearest(struct names *names, const struct image *image, struct slice name)
{
	struct slice near[NAMES_MAX];
	size_t count = query_suggest(image, name, near, NAMES_MAX);

	for (size_t i = 0; i < count; i++)
		add_name(names, near[i]);
}

static bool any_assigned(const struct image *image, const struct rowset *set)
{
	ROWSET_EACH(set, number)
	{
		struct row row;

		image_row(image, number, &row);
		if (row.state == ROW_ASSIGNED)
			return true;
	}
	return false;
}

/* Ports without rows: one answer for each of the ranges that they lie in. */
static int add_uncovered(struct rows *rows, const struct query *query, struct fault *fault)
{
	uint32_t from = query->first;
	int result = 0;

	while (from <= query->last && result == 0) {
		uint32_t to = from;

		while (to < query->last &&
		       port_range_of((uint16_t)(to + 1)) == port_range_of((uint16_t)from))
			to++;
		result = rows_add_uncovered(rows, query->transport, (uint16_t)from, (uint16_t)to,
					    fault);
		from = to + 1;
	}
	return result;
}

/* Adds the rows that answer a query. */
static int answer(struct asked *asked, struct rowset *set, struct rows *rows, struct fault *fault)
{
	bool none;

	rowset_clear(set);
	query_rows(rows->image, &asked->query, set);
	none = rowset_count(set) == 0;
	asked->assigned = any_assigned(rows->image, set);
	asked->missing = none && asked->query.kind == QUERY_NAME;
	if (none && asked->query.kind == QUERY_PORTS)
		return add_uncovered(rows, &asked->query, fault);
	return rows_add(rows, set, fault);
}

static struct slice command_name(const void *data, size_t index)
{
	const struct command *command = command_at(index);

	(void)data;
	return command ? command->name : SLICE_NONE;
}

static void add_list(struct strbuf *text, const struct slice *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		strbuf_add(text, i > 0 ? SLICE(", ") : SLICE_NONE);
		strbuf_add(text, words[i]);
	}
}

/* The transports that the name has rows for. */
static void add_transports(const struct image *image, struct query query, struct rowset *set,
			   struct strbuf *text)
{
	struct slice names[TRANSPORT_COUNT];
	unsigned seen = 0;
	size_t count = 0;

	query.transport = TRANSPORT_NONE;
	rowset_clear(set);
	query_rows(image, &query, set);
	ROWSET_EACH(set, number)
	{
		struct row row;

		image_row(image, number, &row);
		if (row.transport < TRANSPORT_COUNT && !(seen >> row.transport & 1))
			names[count++] = transport_name(row.transport);
		seen |= 1u << row.transport;
	}
	strbuf_add(text, count > 0 ? SLICE("; it has rows for ") : SLICE_NONE);
	add_list(text, names, count);
}

/* What stands for a transport behind a port or a name that there is; absent: nothing does. */
static struct slice find_no_transport(const struct image *image, struct slice name)
{
	size_t slash = slice_find_last_byte(name, '/');
	struct query query;
	struct fault fault;

	if (slash == (size_t)-1 || slash + 1 == name.n ||
	    !query_parse((struct slice){name.p, slash}, &query, &fault))
		return SLICE_NONE;
	if (query.kind == QUERY_NAME && query_name(image, query.name, NULL, 0) == 0)
		return SLICE_NONE;
	return slice_skip(name, slash + 1);
}

/* Of the registry's names and those of overlays. */
static size_t find_nearest(const struct image *image, const struct asked *asked,
			   struct slice ret_names[static NAMES_MAX])
{
	struct names names = {};

	add_nearest(&names, image, asked->query.name);
	for (size_t i = 0; i < asked->near_count; i++)
		add_name(&names, asked->near[i]);
	return nearest(asked->query.name, name_at, &names, ret_names, NAMES_MAX);
}

/* Says that a name is not there, and which ones are that may be meant. */
static void say_missing(const struct cli *cli, const struct asked *asked, bool first,
			struct rowset *set)
{
	const struct image *image = &cli->registry.image;
	const struct query *query = &asked->query;
	struct strbuf text CLEANUP(strbuf_done) = {.max = 512};
	struct slice names[NAMES_MAX], word = find_no_transport(image, query->name);
	size_t count;

	if (query_name(image, query->name, NULL, 0) > 0) {
		strbuf_printf(&text, " for %.*s", (int)transport_name(query->transport).n,
			      transport_name(query->transport).p);
		add_transports(image, *query, set, &text);
	} else if (word.p) {
		strbuf_printf(&text, "; \"%.*s\" is no transport protocol (tcp, udp, sctp, dccp)",
			      word.n < 40 ? (int)word.n : 40, word.p);
	} else {
		count = find_nearest(image, asked, names);
		strbuf_add(&text, count > 0 ? SLICE("; nearest: ") : SLICE_NONE);
		add_list(&text, names, count);
		if (first && !cli->arguments.command_given &&
		    nearest(query->name, command_name, NULL, names, 1) > 0)
			strbuf_printf(&text, "; nearest command: %.*s", (int)names[0].n,
				      names[0].p);
	}
	say("no service named \"%.*s\"%.*s", (int)query->name.n, query->name.p, (int)text.n,
	    strbuf_slice(&text).p);
}

static bool parse_all(const struct arguments *arguments, struct asked *asked)
{
	struct fault fault;

	for (size_t i = 0; i < arguments->word_count; i++) {
		if (!query_parse(slice_cstr(arguments->words[i]), &asked[i].query, &fault)) {
			say("%s", fault.text);
			return false;
		}
	}
	return true;
}

/* The rows that queries can find: the names and ports of a filter, in one piece of memory. */
struct filter {
	struct history_filter wanted;
	struct slice *names;
	struct history_ports *ports;
};

static void filter_done(struct filter *filter)
{
	free(filter->names);
	free(filter->ports);
}

static int make_filter(struct filter *filter, const struct asked *asked, size_t count,
		       struct fault *fault)
{
	filter->names = calloc(count, sizeof(*filter->names));
	filter->ports = calloc(count, sizeof(*filter->ports));
	if (!filter->names || !filter->ports)
		return fault_memory(fault);
	for (size_t i = 0; i < count; i++) {
		const struct query *query = &asked[i].query;

		if (query->kind == QUERY_NAME)
			filter->names[filter->wanted.name_count++] = query->name;
		else
			filter->ports[filter->wanted.port_count++] =
				(struct history_ports){query->first, query->last};
	}
	filter->wanted.names = filter->names;
	filter->wanted.ports = filter->ports;
	return 0;
}

static int open_part(struct cli *cli, const struct asked *asked, struct fault *fault)
{
	struct filter filter CLEANUP(filter_done) = {};
	int result = make_filter(&filter, asked, cli->arguments.word_count, fault);

	return result == 0 ? registry_open(cli, &filter.wanted, fault) : result;
}

/* Which names are near one is known only where all names are. */
static int say_all_missing(struct cli *cli, const struct asked *asked, struct fault *fault)
{
	struct rowset set CLEANUP(rowset_done) = {};
	int result = cli->registry.is_part ? registry_open(cli, NULL, fault) : 0;

	if (result < 0)
		return result;
	if (!rowset_init(&set, image_row_count(&cli->registry.image)))
		return fault_memory(fault);
	for (size_t i = 0; i < cli->arguments.word_count; i++) {
		if (asked[i].missing && !asked[i].noted)
			say_missing(cli, &asked[i], i == 0, &set);
	}
	return 0;
}

static int answer_all(struct cli *cli, struct asked *asked, struct fault *fault)
{
	struct rows rows CLEANUP(rows_done) = {.image = &cli->registry.image};
	struct rowset set CLEANUP(rowset_done) = {};
	struct rows_view view = {.explained = true};
	int result = 0;

	if (!rowset_init(&set, image_row_count(&cli->registry.image)))
		return fault_memory(fault);
	for (size_t i = 0; i < cli->arguments.word_count && result == 0; i++)
		result = answer(&asked[i], &set, &rows, fault);
	return result == 0 ? rows_print(cli, &rows, &view, fault) : result;
}

/* The image goes, and the names are kept. */
static int note_nearest(const struct image *image, struct asked *asked, struct fault *fault)
{
	struct names names = {};
	bool failed = false;

	for (size_t i = 0; i < asked->near_count; i++)
		add_name(&names, asked->near[i]);
	add_nearest(&names, image, asked->query.name);
	asked->near_count = nearest(asked->query.name, name_at, &names, asked->near, NAMES_MAX);
	for (size_t i = 0; i < asked->near_count; i++)
		asked->near[i] = arena_copy(&asked->arena, asked->near[i], &failed);
	return failed ? fault_memory(fault) : 0;
}

/* What one overlay has. */
static int find_notes(const struct cli *cli, void *context, struct rows *rows, struct fault *fault)
{
	struct asked *asked = context;
	struct rowset set CLEANUP(rowset_done) = {};
	int result = 0;

	if (!rowset_init(&set, image_row_count(rows->image)))
		return fault_memory(fault);
	for (size_t i = 0; i < cli->arguments.word_count && result == 0; i++) {
		rowset_clear(&set);
		query_rows(rows->image, &asked[i].query, &set);
		asked[i].noted |= rowset_count(&set) > 0;
		result = rows_add(rows, &set, fault);
		if (result == 0 && asked[i].missing)
			result = note_nearest(rows->image, &asked[i], fault);
	}
	return result;
}

static int note_all(struct cli *cli, struct asked *asked, struct fault *fault)
{
	bool below = false, found;

	for (size_t i = 0; i < cli->arguments.word_count; i++)
		below |= !asked[i].missing;
	return notes_print(cli, find_notes, asked, below, &found, fault);
}

struct asking {
	struct asked *all;
	size_t count;
};

static void asking_done(struct asking *asking)
{
	for (size_t i = 0; i < asking->count; i++)
		arena_done(&asking->all[i].arena);
	free(asking->all);
}

int lookup_run(struct cli *cli)
{
	size_t count = cli->arguments.word_count;
	struct asking asking CLEANUP(asking_done) = {.all = calloc(count, sizeof(struct asked))};
	struct asked *asked = asking.all;
	struct fault fault;
	bool missing = false;
	int status = STATUS_FOUND;

	asking.count = asked ? count : 0;
	if (!asked) {
		fault_memory(&fault);
		return say_fault(NULL, &fault);
	}
	if (!parse_all(&cli->arguments, asked))
		return STATUS_USAGE;
	if (open_part(cli, asked, &fault) < 0)
		return say_fault(registry_name(cli), &fault);
	if (answer_all(cli, asked, &fault) < 0 || note_all(cli, asked, &fault) < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	for (size_t i = 0; i < count; i++) {
		missing |= asked[i].missing && !asked[i].noted;
		if (!asked[i].assigned)
			status = STATUS_NOT_FOUND;
	}
	if (missing && say_all_missing(cli, asked, &fault) < 0)
		return say_fault(registry_name(cli), &fault);
	return status;
}
