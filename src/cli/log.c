/* log: what became of a name, a port or a person, edition by edition. */
#include "cli/differences.h"
#include "cli/newest.h"
#include "timeline/timeline.h"

static const struct table_column columns[] = {
	{SLICE("Edition"), 10, 0, false},
	{SLICE("Change"), 18, 0, false},
	{SLICE("What"), 30, 0, false},
	{SLICE("Description"), 20, 1, false},
};

struct log {
	struct cli *cli;
	struct listing listing;
	size_t count;
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

static void put_moment(struct log *log, const struct moment *moment)
{
	struct out *out = log->cli->out;
	bool lines = log->cli->arguments.settings.format == FORMAT_NDJSON;

	for (size_t i = 0; i < moment->changes.count; i++) {
		if (!lines)
			out_put(out, log->count + i > 0 ? SLICE(",\n") : SLICE("[\n"));
		moment_json(out, moment, i);
		out_put(out, lines ? SLICE("\n") : SLICE(""));
	}
}

static int take_moment(void *context, const struct moment *moment)
{
	struct log *log = context;

	if (log->cli->arguments.settings.format == FORMAT_TABLE)
		list_moment(log, moment);
	else
		put_moment(log, moment);
	log->count += moment->changes.count;
	return 0;
}

/* One word, or several that are a person's id. */
static int read_word(const struct arguments *arguments, struct strbuf *text, struct fault *fault)
{
	if (arguments->word_count == 1) {
		strbuf_add(text, slice_cstr(arguments->words[0]));
		return text->failed ? fault_memory(fault) : 0;
	}
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct slice word = slice_cstr(arguments->words[i]);

		if (slice_starts(word, SLICE("[")) && slice_ends(word, SLICE("]")) && word.n > 2)
			word = (struct slice){word.p + 1, word.n - 2};
		strbuf_add_byte(text, i > 0 ? ' ' : '[');
		strbuf_add(text, word);
	}
	strbuf_add_byte(text, ']');
	return text->failed ? fault_memory(fault) : 0;
}

static int print(struct log *log, struct history *history, struct slice word, struct fault *fault)
{
	enum format format = log->cli->arguments.settings.format;
	int result = timeline_walk(history, word, take_moment, log, fault);

	if (result < 0)
		return result;
	if (format == FORMAT_JSON)
		out_put(log->cli->out, log->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	return format == FORMAT_TABLE ? listing_write(log->cli, &log->listing, fault) : 0;
}

int log_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct strbuf word CLEANUP(strbuf_done) = {};
	struct fault fault;
	struct log log CLEANUP(log_done) = {
		.cli = cli, .listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	int result = read_word(&cli->arguments, &word, &fault);

	if (result < 0)
		return say_fault(NULL, &fault);
	if (!timeline_takes(strbuf_slice(&word), &fault)) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	result = store_open(cli, HISTORY_READ, &history, &fault);
	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = print(&log, history, strbuf_slice(&word), &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (log.count > 0)
		return STATUS_FOUND;
	say("nothing in the store was ever called \"%s\"", cli->arguments.words[0]);
	return STATUS_NOT_FOUND;
}
