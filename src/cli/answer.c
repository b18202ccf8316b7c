#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/text.h"

void say(const char *format, ...)
{
	char text[1024];
	struct out out;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0 || out_init_fd(&out, STDERR_FILENO) < 0)
		return;
	out_put(&out, SLICE("portbook: "));
	text_put(&out, slice_cstr(text));
	out_byte(&out, '\n');
	/* There is nobody left to be told that standard error fails. */
	n = out_finish(&out);
	out_done(&out);
}

int say_fault(const char *file, const struct fault *fault)
{
	if (file && !*file)
		file = "\"\"";
	if (!file)
		say("%s", fault->text);
	else if (fault->line == 0)
		say("%s: %s", file, fault->text);
	else if (fault->column == 0)
		say("%s:%ju: %s", file, (uintmax_t)fault->line, fault->text);
	else
		say("%s:%ju:%ju: %s", file, (uintmax_t)fault->line, (uintmax_t)fault->column,
		    fault->text);
	return STATUS_FAILURE;
}

int answer_write(struct cli *cli, void (*write)(struct out *out, const void *data),
		 const void *data, struct fault *fault)
{
	struct out whole;

	if (cli->screen.width == 0) {
		write(cli->out, data);
		return 0;
	}
	if (out_init_memory(&whole) < 0)
		return fault_memory(fault);
	write(&whole, data);
	text_put_lines(cli->out, out_slice(&whole));
	if (whole.error && !cli->out->error)
		cli->out->error = whole.error;
	out_done(&whole);
	return 0;
}

int answer_file(struct cli *cli, const char *path,
		int (*print)(struct cli *cli, const void *data, struct fault *fault),
		const void *data, struct fault *fault)
{
	struct file_draft draft;
	struct out out, *standard = cli->out;
	struct screen screen = cli->screen;
	int error, result = file_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	if (out_init_fd(&out, draft.fd) < 0) {
		file_draft_abort(&draft);
		return fault_memory(fault);
	}
	cli->out = &out;
	cli->screen = (struct screen){};
	result = print(cli, data, fault);
	error = out_finish(&out);
	out_done(&out);
	cli->out = standard;
	cli->screen = screen;
	if (result == 0 && error != 0)
		result = fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(error));
	if (result == 0)
		return file_draft_commit(&draft, fault);
	file_draft_abort(&draft);
	return result;
}

int answer_end(struct cli *cli)
{
	int error = out_finish(cli->out);

	if (error == 0)
		return 0;
	/* Who closes a pager wants no more, not even complaints; a script is told, once. */
	if (!cli->failed && !(error == EPIPE && isatty(STDERR_FILENO)))
		say("standard output: %s", strerror(error));
	cli->failed = true;
	return STATUS_FAILURE;
}
