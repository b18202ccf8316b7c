/* log: what became of a name, a port or a person, edition by edition. */
#include "cli/differences.h"
#include "cli/newest.h"
#include "cli/timeline.h"
#include "query/query.h"
#include "render/changes.h"
#include "render/render.h"

static const struct table_column columns[] = {
	{SLICE("Edition"), 10, 0, false},
	{SLICE("Change"), 18, 0, false},
	{SLICE("What"), 30, 0, false},
	{SLICE("Description"), 20, 1, false},
};

struct log {
	struct cli *cli;
	struct history *history;
	const struct history_subject *subject;
	struct listing listing;
	size_t count;
	struct fault *fault;
};

static void log_done(struct log *log)
{
	listing_done(&log->listing);
}

static void list_moment(struct log *log, const struct moment *moment)
{
	char space[HISTORY_LABEL_SIZE];

	for (size_t i = 0; i < moment->changes.count; i++) {
		listing_add(&log->listing, history_label(moment->number, space));
		differences_add(&log->listing, &moment->changes, &moment->changes.all[i],
				moment->previous == 0);
	}
}

/* An object for each change: {"edition", "previous", "change"}. */
static void put_moment(struct log *log, const struct moment *moment)
{
	struct out *out = log->cli->out;
	bool lines = log->cli->arguments.settings.format == FORMAT_NDJSON;
	char space[HISTORY_LABEL_SIZE];

	for (size_t i = 0; i < moment->changes.count; i++) {
		if (!lines)
			out_put(out, log->count + i > 0 ? SLICE(",\n") : SLICE("[\n"));
		out_put(out, SLICE("{\"edition\":"));
		render_json_text(out, history_label(moment->number, space));
		out_put(out, SLICE(",\"previous\":"));
		render_json_text(out, moment->previous ? history_label(moment->previous, space)
						       : SLICE_NONE);
		out_put(out, SLICE(",\"change\":"));
		render_change_json(out, &moment->changes, &moment->changes.all[i]);
		out_put(out, lines ? SLICE("}\n") : SLICE("}"));
	}
}

static int take_turn(void *context, int64_t number)
{
	struct log *log = context;
	struct moment moment;
	int result = moment_find(log->history, number, log->subject, &moment, log->fault);

	if (result < 0)
		return result;
	if (log->cli->arguments.settings.format == FORMAT_TABLE)
		list_moment(log, &moment);
	else
		put_moment(log, &moment);
	log->count += moment.changes.count;
	moment_done(&moment);
	return 0;
}

static int tell(struct log *log, const struct history_subject *subject)
{
	log->subject = subject;
	return history_turns(log->history, subject, take_turn, log, log->fault);
}

/* As the ids of people are written: words with _ between, without brackets. */
static void read_id(const struct arguments *arguments, struct strbuf *id)
{
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct slice word = slice_cstr(arguments->words[i]);

		if (slice_starts(word, SLICE("[")) && slice_ends(word, SLICE("]")) && word.n > 2)
			word = (struct slice){word.p + 1, word.n - 2};
		strbuf_add(id, i > 0 ? SLICE("_") : SLICE_NONE);
		for (size_t at = 0; at < word.n; at++)
			strbuf_add_byte(id, word.p[at] == ' ' ? '_' : word.p[at]);
	}
}

/* A port or name, unless it is in brackets; and what nothing was ever named, as a person. */
static int tell_all(struct log *log, struct strbuf *id, struct fault *fault)
{
	const struct arguments *arguments = &log->cli->arguments;
	struct slice word = slice_cstr(arguments->words[0]);
	struct query query;
	int result = 0;

	if (arguments->word_count == 1 && !slice_starts(word, SLICE("[")) &&
	    query_parse(word, &query, fault)) {
		struct history_subject subject = {.port = -1};

		if (query.transport < TRANSPORT_COUNT)
			subject.transport = transport_name(query.transport);
		if (query.kind == QUERY_NAME)
			subject.name = query.name;
		else
			subject.port = query.first;
		result = tell(log, &subject);
		if (result != 0 || log->count > 0 || query.kind != QUERY_NAME)
			return result;
	}
	read_id(arguments, id);
	if (id->failed)
		return fault_memory(fault);
	return tell(log, &(struct history_subject){.id = strbuf_slice(id), .port = -1});
}

static int print(struct log *log, struct fault *fault)
{
	struct strbuf id CLEANUP(strbuf_done) = {};
	enum format format = log->cli->arguments.settings.format;
	int result = tell_all(log, &id, fault);

	if (result < 0)
		return result;
	if (format == FORMAT_JSON)
		out_put(log->cli->out, log->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	return format == FORMAT_TABLE ? listing_write(log->cli, &log->listing, fault) : 0;
}

/* What cannot be meant: a port above 65535, a range. */
static bool is_misuse(const struct arguments *arguments)
{
	struct query query;
	struct fault fault;

	if (arguments->word_count > 1)
		return false;
	if (!query_parse(slice_cstr(arguments->words[0]), &query, &fault)) {
		say("%s", fault.text);
		return true;
	}
	if (query.kind == QUERY_PORTS && query.first != query.last) {
		say("log is of one port, not of a range");
		return true;
	}
	return false;
}

int log_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct fault fault;
	struct log log CLEANUP(log_done) = {
		.cli = cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)},
		.fault = &fault};
	int result;

	if (is_misuse(&cli->arguments))
		return STATUS_USAGE;
	result = store_open(cli, HISTORY_READ, &history, &fault);
	log.history = history;
	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = print(&log, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (log.count > 0)
		return STATUS_FOUND;
	say("nothing in the store was ever called \"%s\"", cli->arguments.words[0]);
	return STATUS_NOT_FOUND;
}
