/* Documents into the store. */
#include <unistd.h>

#include "cli/newest.h"
#include "cli/text.h"
#include "import/import.h"

struct intake {
	struct cli *cli;
	struct history *history; /* NULL: it is not open yet */
	size_t told, refused;
	bool progress; /* shown on a terminal, where the answer goes elsewhere */
};

static void show_progress(const struct intake *intake, const char *end)
{
	struct out out;

	if (!intake->progress || out_init_fd(&out, STDERR_FILENO) < 0)
		return;
	out_printf(&out, "\r%zu documents%s", intake->told, end);
	if (out_finish(&out) != 0)
		out.n = 0; /* nobody is left to be shown anything */
	out_done(&out);
}

static void refuse(struct intake *intake, const struct import_report *report)
{
	struct strbuf name CLEANUP(strbuf_done) = {};

	strbuf_add(&name, report->name);
	strbuf_add_byte(&name, '\0');
	intake->refused++;
	say_fault(name.failed ? NULL : name.p, report->fault);
}

static void take_report(void *context, const struct import_report *report)
{
	struct intake *intake = context;
	struct out *out = intake->cli->out;
	char space[HISTORY_LABEL_SIZE];

	intake->told++;
	if (report->outcome == IMPORT_REFUSED) {
		refuse(intake, report);
		return;
	}
	out_put(out, history_label(report->number, space));
	out_put(out, report->outcome == IMPORT_ADDED ? SLICE(" added ") : SLICE(" held  "));
	out_printf(out, "%7zu rows %7zu people  ", report->rows, report->people);
	text_put(out, report->name);
	out_byte(out, '\n');
	/* It is on disk: whoever reads along is told now. Errors are told at the end. */
	if (out_finish(out) == 0)
		show_progress(intake, "");
}

static void intake_done(struct intake *intake)
{
	history_close(intake->history);
}

static int open_store(void *context, struct history **ret_history, struct fault *fault)
{
	struct intake *intake = context;
	int result = 0;

	if (!intake->history)
		result = store_open(intake->cli, HISTORY_CREATE, &intake->history, fault);
	*ret_history = intake->history;
	return result;
}

static int import_all(struct intake *intake, struct fault *fault)
{
	const struct arguments *arguments = &intake->cli->arguments;
	char space[TIME_SIZE];
	struct import_options options = {.date = slice_cstr(arguments->settings.date),
					 .imported = time_now(space),
					 .force = arguments->settings.force};
	struct importer *importer;
	int result = import_begin(open_store, take_report, intake, &options, &importer, fault);

	if (result < 0)
		return result;
	for (size_t i = 0; i < arguments->word_count && result == 0; i++)
		result = import_path(importer, arguments->words[i], fault);
	if (result == 0)
		result = import_finish(importer, fault);
	import_end(importer);
	show_progress(intake, "\n");
	return result;
}

int import_run(struct cli *cli)
{
	struct intake intake CLEANUP(intake_done) = {
		.cli = cli, .progress = isatty(STDERR_FILENO) && cli->screen.width == 0};
	struct history *history;
	struct fault fault;
	int result = 0;

	/* None is made for documents that then cannot be read. */
	if (!cli->store.path || history_may_be(cli->store.path))
		result = open_store(&intake, &history, &fault);
	if (result == 0)
		result = import_all(&intake, &fault);
	if (result == 0 && intake.history)
		result = newest_write(&cli->store, intake.history, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	return answer_end(cli) != 0 || intake.refused > 0 ? STATUS_FAILURE : STATUS_FOUND;
}
