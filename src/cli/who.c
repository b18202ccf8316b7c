/* who: which sockets this machine has, whose they are, and what the registry has there. */
#include <stdlib.h>

#include "cli/overlays.h"
#include "cli/watch.h"
#include "query/query.h"

/* What was asked for. */
struct asked {
	struct listeners_wanted *wanted; /* NULL: every port */
	size_t count, size;
	uint32_t *words;     /* of each of wanted: the argument that it is of */
	unsigned transports; /* mask of those that arguments end with */
};

static void asked_done(struct asked *asked)
{
	free(asked->wanted);
	free(asked->words);
}

static bool add(struct asked *asked, size_t word, enum transport transport, uint16_t first,
		uint16_t last)
{
	if (asked->count == asked->size) {
		size_t size = asked->size * 2 + 8;
		struct listeners_wanted *wanted =
			reallocarray(asked->wanted, size, sizeof(*wanted));
		uint32_t *words = reallocarray(asked->words, size, sizeof(*words));

		asked->wanted = wanted ? wanted : asked->wanted;
		asked->words = words ? words : asked->words;
		if (!wanted || !words)
			return false;
		asked->size = size;
	}
	asked->words[asked->count] = (uint32_t)word;
	asked->wanted[asked->count++] =
		(struct listeners_wanted){.transport = transport, .first = first, .last = last};
	return true;
}

/* The ports that an image has for a name; sets *any where there is one. */
static bool add_ports(const struct image *image, struct asked *asked, size_t word,
		      const struct query *query, bool *any)
{
	struct rowset set CLEANUP(rowset_done) = {};

	if (!rowset_init(&set, image_row_count(image)))
		return false;
	query_rows(image, query, &set);
	ROWSET_EACH(&set, number)
	{
		struct image_row_head head;

		if (!image_row_head(image, number, &head) || head.portless)
			continue;
		if (!add(asked, word, head.transport, head.first_port, head.last_port))
			return false;
		*any = true;
	}
	return true;
}

/* The ports that the registry has for a name, and overlays. */
static bool add_name(struct cli *cli, const struct overlay *overlay, struct asked *asked,
		     size_t word, const struct query *query)
{
	bool any = false;
	bool good = add_ports(&cli->registry.image, asked, word, query, &any);

	for (size_t i = 0; i < overlay->count && good; i++)
		good = add_ports(&overlay->layers[i].image, asked, word, query, &any);
	if (!good)
		return false;
	if (any)
		return true;
	say("no service named \"%.*s\" has a port", (int)query->name.n, query->name.p);
	/* So that nothing is asked for, and not everything. */
	return add(asked, word, TRANSPORT_NONE, 1, 0);
}

/* 0, an enum status, or FAULT_MEMORY. */
static int parse(struct cli *cli, const struct overlay *overlay, struct asked *asked)
{
	const struct arguments *arguments = &cli->arguments;

	for (size_t i = 0; i < arguments->word_count; i++) {
		struct query query;
		struct fault fault;
		bool good;

		if (!query_parse(slice_cstr(arguments->words[i]), &query, &fault)) {
			say("%s", fault.text);
			return STATUS_USAGE;
		}
		if (query.transport != TRANSPORT_NONE)
			asked->transports |= 1u << query.transport;
		good = query.kind == QUERY_PORTS
			       ? add(asked, i, query.transport, query.first, query.last)
			       : add_name(cli, overlay, asked, i, &query);
		if (!good)
			return FAULT_MEMORY;
	}
	return 0;
}

/* Whether a socket was found for each argument; says for which ports none was. */
static bool found_all(const struct cli *cli, const struct asked *asked,
		      const struct listeners *listeners)
{
	bool all = listeners->count > 0;
	size_t at = 0;

	for (size_t word = 0; word < cli->arguments.word_count; word++) {
		bool found = false, ports = false;

		for (; at < asked->count && asked->words[at] == word; at++) {
			found |= asked->wanted[at].found;
			ports |= asked->wanted[at].first <= asked->wanted[at].last;
		}
		if (!found && ports)
			say("no socket on %s", cli->arguments.words[word]);
		all &= found;
	}
	return all;
}

/* Whether a transport that could not be seen is worth a word: it was asked for, or there is one. */
static bool is_missed(const struct cli *cli, const struct asked *asked,
		      const struct listeners *listeners, enum transport transport)
{
	enum host_sight sight = listeners->sockets.sight[transport];

	if (sight != HOST_NOT_THERE)
		return sight == HOST_UNSEEN;
	return ((asked->transports | cli->arguments.settings.transports) >> transport & 1) != 0;
}

static void add_part(struct strbuf *text)
{
	if (text->n > 0)
		strbuf_add(text, SLICE("; "));
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void add_sockets_lack(const struct cli *cli, const struct asked *asked,
			     const struct listeners *listeners, struct strbuf *text)
{
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!is_missed(cli, asked, listeners, (enum transport)i))
			continue;
		add_part(text);
		strbuf_printf(text, "%s: %s", transport_name((enum transport)i).p,
			      listeners->sockets.sight[i] == HOST_UNSEEN
				      ? "the kernel does not list its sockets"
				      : "the kernel has no such protocol now");
	}
}

/* One line on what could not be seen; none where that is nothing. */
static void say_lacks(const struct cli *cli, const struct asked *asked,
		      const struct listeners *listeners)
{
	const struct host_processes *processes = &listeners->processes;
	struct strbuf text CLEANUP(strbuf_done) = {.max = 600};

	add_sockets_lack(cli, asked, listeners, &text);
	if (processes->no_proc && listeners->count > 0) {
		add_part(&text);
		strbuf_add(&text, SLICE("/proc cannot be read: no processes"));
	} else if (listeners->of_others > 0) {
		add_part(&text);
		strbuf_printf(&text, "%zu socket%s of other users: run as root to see %s processes",
			      listeners->of_others, plural(listeners->of_others),
			      listeners->of_others == 1 ? "its" : "their");
	}
	if (!processes->no_proc && listeners->of_nobody > 0) {
		add_part(&text);
		strbuf_printf(&text,
			      "%zu socket%s without a process here: the kernel's, or of a process "
			      "in another container",
			      listeners->of_nobody, plural(listeners->of_nobody));
	}
	if (processes->foreign > 0) {
		add_part(&text);
		strbuf_printf(&text,
			      "sockets of %zu other network namespace%s, of %zu process%s, are "
			      "not listed",
			      processes->networks, plural(processes->networks), processes->foreign,
			      processes->foreign == 1 ? "" : "es");
	}
	if (text.n > 0)
		say("not seen: %.*s", (int)text.n, text.p);
}

static int answer(struct cli *cli, const struct overlay *overlay, struct asked *asked,
		  struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct listeners listeners CLEANUP(listeners_done) = {.image = &cli->registry.image,
							      .overlay = overlay};
	struct host_wanted which = {.transports = settings->transports, .all = settings->all};
	int result;

	if (settings->watch)
		return watch(cli, overlay, &which, asked->wanted, asked->count, fault);
	result = listeners_read(&listeners, &which, asked->wanted, asked->count, fault);
	if (result == 0)
		result = listeners_print(cli, &listeners, fault);
	if (result < 0)
		return result;
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	say_lacks(cli, asked, &listeners);
	return found_all(cli, asked, &listeners) ? STATUS_FOUND : STATUS_NOT_FOUND;
}

int who_run(struct cli *cli)
{
	struct overlay overlay CLEANUP(overlay_done) = {};
	struct asked asked CLEANUP(asked_done) = {};
	struct fault fault;
	bool broken = false;
	int result;

	if (cli->arguments.settings.watch && cli->arguments.settings.format != FORMAT_TABLE &&
	    cli->arguments.settings.format != FORMAT_NDJSON) {
		say("--watch prints a table, or lines, or ndjson");
		return STATUS_USAGE;
	}
	result = overlays_open(cli, &overlay, &broken, &fault);
	if (result < 0)
		return say_fault(NULL, &fault);
	result = parse(cli, &overlay, &asked);
	if (result < 0)
		fault_memory(&fault);
	else if (result == 0)
		result = answer(cli, &overlay, &asked, &fault);
	return result < 0 ? say_fault(NULL, &fault) : result;
}
