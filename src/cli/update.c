/* The publisher's newest edition into the store. */
#include "update/update.h"

#include <signal.h>
#include <unistd.h>

#include "cli/environment.h"
#include "cli/newest.h"

/* The signal that asks to end; 0: none has. */
static volatile sig_atomic_t ending;

static void note_signal(int number)
{
	ending = number;
}

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};

/* What ends a program is noted from here on, unless it was not to: as under nohup. */
static void catch_signals(void)
{
	struct sigaction before, noting = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(signals[i], &noting, NULL);
	}
}

/* Ends as who sent the signal expects it: a shell's loop ends, too. */
static int end_by_signal(void)
{
	say("interrupted; nothing was added");
	signal(ending, SIG_DFL);
	raise(ending);
	return STATUS_FAILURE;
}

/* On a terminal, over what stood there. */
static void show(struct slice text)
{
	enum { WIDTH = 40 };
	struct out out;

	if (!isatty(STDERR_FILENO) || out_init_fd(&out, STDERR_FILENO) < 0)
		return;
	out_byte(&out, '\r');
	out_put(&out, text);
	out_repeat(&out, ' ', text.n < WIDTH ? WIDTH - text.n : 0);
	out_byte(&out, '\r');
	if (out_finish(&out) != 0)
		out.n = 0; /* nobody is left to be shown anything */
	out_done(&out);
}

static bool show_progress(void *context, uint64_t received, uint64_t total)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	(void)context;
	strbuf_printf(&text, "%llu", (unsigned long long)received / 1024);
	if (total > 0)
		strbuf_printf(&text, " of %llu", (unsigned long long)total / 1024);
	strbuf_add(&text, SLICE(" KiB"));
	if (!text.failed)
		show(strbuf_slice(&text));
	return ending == 0;
}

static void put_counts(struct out *out, const struct update *update)
{
	const char *before = ": ";
	size_t all = 0;

	for (size_t i = 0; i < CHANGE_KIND_COUNT; i++)
		all += update->counts[i];
	out_printf(out, "; %zu change%s", all, all == 1 ? "" : "s");
	for (size_t i = 0; i < CHANGE_KIND_COUNT; i++) {
		if (update->counts[i] == 0)
			continue;
		out_printf(out, "%s%zu ", before, update->counts[i]);
		out_put(out, change_kind_name((enum change_kind)i));
		before = ", ";
	}
}

static void put_added(struct out *out, const struct update *update, bool checked)
{
	const struct registry *registry = update->registry;
	char space[HISTORY_LABEL_SIZE];

	out_put(out, checked ? registry->header.updated : history_label(update->number, space));
	out_put(out, checked ? SLICE(" would be added: ") : SLICE(" added: "));
	if (update->newest == 0) {
		out_printf(out, "%zu rows, %zu people; the first edition\n", registry->row_count,
			   registry->person_count);
		return;
	}
	out_printf(out, "%zu rows (%zu in ", registry->row_count, update->newest_rows);
	out_put(out, history_label(update->newest, space));
	out_printf(out, "), %zu people (%zu)", registry->person_count, update->newest_people);
	put_counts(out, update);
	out_byte(out, '\n');
}

/* The line about what became of it, and the status. */
static int tell(struct cli *cli, const struct update *update, enum update_outcome outcome,
		const struct fault *fault)
{
	const char *url = update->answer.url.p;
	bool check = cli->arguments.settings.check;
	struct out *out = cli->out;
	char space[HISTORY_LABEL_SIZE];
	struct slice newest = history_label(update->newest, space);

	switch (outcome) {
	case UPDATE_ADDED:
		put_added(out, update, check);
		break;
	case UPDATE_CURRENT:
		out_printf(out, "up to date: %.*s\n", (int)newest.n, newest.p);
		break;
	case UPDATE_OLDER:
		out_printf(out,
			   "nothing to add: edition %.*s at the publisher, %.*s in the store\n",
			   (int)update->registry->header.updated.n,
			   update->registry->header.updated.p, (int)newest.n, newest.p);
		break;
	case UPDATE_REFUSED:
		say("%s: refused: %s; --force takes it", url, fault->text);
		return STATUS_FAILURE;
	}
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return outcome == UPDATE_ADDED && check ? STATUS_NOT_FOUND : STATUS_FOUND;
}

/* The newest edition once more: nothing was fetched that would be compared with it. */
static int find_newest(struct history *history, struct update *update, struct fault *fault)
{
	int result = history_begin(history, false, fault);

	if (result == 0)
		result = history_find(history, SLICE_NONE, &update->newest, fault);
	history_rollback(history);
	return result < 0 ? result : UPDATE_CURRENT;
}

/* With what was fetched; a status. */
static int take_answer(struct cli *cli, struct history **history,
		       const struct update_options *options, struct update *update, bool unchanged)
{
	struct fault fault, reason = {};
	int result = 0, outcome;

	if (!unchanged && update_read(update, &reason) < 0)
		return say_fault(update->answer.url.p, &reason);
	if (!*history && !options->check)
		result = store_open(cli, HISTORY_CREATE, history, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (ending != 0)
		return end_by_signal();
	outcome = unchanged ? find_newest(*history, update, &fault)
			    : update_take(*history, options, update, &fault);
	/* Also where nothing is new: an update may have ended before it wrote the image. */
	if (outcome == UPDATE_ADDED || outcome == UPDATE_CURRENT)
		result = options->check ? 0 : newest_write(&cli->store, *history, &reason);
	if (outcome < 0)
		return say_fault(cli->store.shown, &fault);
	outcome = tell(cli, update, (enum update_outcome)outcome, &fault);
	return result < 0 ? say_fault(cli->store.shown, &reason) : outcome;
}

static int fetch_and_take(struct cli *cli, struct history **history,
			  const struct update_options *options)
{
	struct update update CLEANUP(update_done) = {};
	struct fault fault;
	int result = *history ? update_ask(*history, options, &update, &fault) : 0;

	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	result = update_fetch(options, &update, &fault);
	show(SLICE(""));
	if (result == FETCH_CANCELLED)
		return end_by_signal();
	if (result < 0)
		return say_fault(NULL, &fault);
	return take_answer(cli, history, options, &update, result == FETCH_UNCHANGED);
}

int update_run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	struct slice ca_file = environment_value(cli->environment, SLICE("SSL_CERT_FILE"));
	struct fetch_limits limits = fetch_limits;
	char space[TIME_SIZE];
	struct update_options options = {
		.url = settings->url ? settings->url : UPDATE_URL,
		.ca_file = ca_file.n > 0 ? ca_file.p : NULL,
		.limits = &limits,
		.progress = show_progress,
		.now = time_now(space),
		.force = settings->force,
		.check = settings->check,
	};
	struct history *history CLEANUP(history_closep) = NULL;
	struct fault fault;
	int result = 0;

	if (settings->timeout > 0)
		limits.total_ms = settings->timeout * 1000;
	/* None is made for what then cannot be fetched. */
	if (!cli->store.path || history_may_be(cli->store.path))
		result = store_open(cli, settings->check ? HISTORY_READ : HISTORY_CREATE, &history,
				    &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	catch_signals();
	return fetch_and_take(cli, &history, &options);
}
