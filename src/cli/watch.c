#include "cli/watch.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL = 1000 /* milliseconds */ };

/* What is written of a socket that came or went. */
struct change {
	const struct listeners *listeners;
	struct listener listener;
	bool came;
};

/* "+ tcp 127.0.0.1:8080  node (1234) of ann  http-alt  unknown" */
static void put_line(struct out *out, const struct change *change)
{
	const struct listener *listener = &change->listener;
	struct strbuf text CLEANUP(strbuf_done) = {}, notes CLEANUP(strbuf_done) = {};

	strbuf_add(&text, change->came ? SLICE("+ ") : SLICE("- "));
	listener_add_place(&text, listener->socket, true);
	strbuf_add(&text, SLICE("  "));
	strbuf_add(&text, host_state_name(listener->socket));
	if (listener->process) {
		strbuf_add(&text, SLICE("  "));
		listener_add_process(&text, listener);
		strbuf_printf(&text, " (%u)", listener->process->pid);
	}
	strbuf_add(&text, SLICE("  "));
	listener_add_user(&text, listener);
	if (listener->service.p) {
		strbuf_add(&text, SLICE("  "));
		strbuf_add(&text, listener->service);
	}
	strbuf_add(&text, SLICE("  "));
	strbuf_add(&text, agreement_name(listener->agreement));
	listener_add_overlays(&notes, change->listeners, listener);
	strbuf_add(&text, notes.n > 0 ? SLICE("  ") : SLICE_NONE);
	strbuf_add(&text, strbuf_slice(&notes));
	strbuf_add_byte(&text, '\n');
	out_put(out, strbuf_slice(&text));
	if ((text.failed || notes.failed) && !out->error)
		out->error = ENOMEM;
}

static void put_change(struct cli *cli, const struct listeners *listeners, size_t index, bool came)
{
	struct change change = {listeners, listener_at(listeners, index), came};

	if (cli->arguments.settings.format != FORMAT_NDJSON) {
		put_line(cli->out, &change);
		return;
	}
	out_printf(cli->out, "{\"change\":\"%s\",\"socket\":", came ? "came" : "went");
	listener_put_json(cli->out, listeners, &change.listener);
	out_put(cli->out, SLICE("}\n"));
}

/* Which of two sockets comes first in a list; 0: they are one. Lists are in this order. */
static int compare(const struct listeners *before, size_t i, const struct listeners *now, size_t j)
{
	if (i >= before->count || j >= now->count)
		return i >= before->count ? 1 : -1;
	return host_socket_compare(&before->sockets.all[before->shown[i]],
				   &now->sockets.all[now->shown[j]]);
}

static void put_changes(struct cli *cli, const struct listeners *before,
			const struct listeners *now)
{
	size_t i = 0, j = 0;

	while (i < before->count || j < now->count) {
		int order = compare(before, i, now, j);

		if (order < 0)
			put_change(cli, before, i++, false);
		else if (order > 0)
			put_change(cli, now, j++, true);
		else
			i++, j++;
	}
}

/* Waits until it is time to look again. Enter is taken from a terminal alone. */
static void wait_for_next(void)
{
	struct pollfd keys = {.fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN};
	char pressed[64];

	if (poll(&keys, 1, INTERVAL) > 0 && read(STDIN_FILENO, pressed, sizeof(pressed)) <= 0)
		(void)poll(NULL, 0, INTERVAL);
}

static int draw(struct cli *cli, const struct listeners *listeners, struct fault *fault)
{
	/* ECMA-48: the cursor home (CUP), and all behind it erased (ED). */
	out_put(cli->out, SLICE("\033[H\033[J"));
	return listeners_print(cli, listeners, fault);
}

int watch(struct cli *cli, const struct overlay *overlay, const struct host_wanted *which,
	  struct listeners_wanted *wanted, size_t wanted_count, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct listeners before CLEANUP(listeners_done) = {.image = &cli->registry.image,
							   .overlay = overlay};
	bool table = cli->screen.width > 0 && settings->format == FORMAT_TABLE, any = false;
	int result = 0;

	for (unsigned i = 0; settings->times == 0 || i < settings->times; i++) {
		struct listeners now = {.image = &cli->registry.image, .overlay = overlay};

		if (i > 0)
			wait_for_next();
		result = listeners_read(&now, which, wanted, wanted_count, fault);
		if (result == 0 && table)
			result = draw(cli, &now, fault);
		else if (result == 0)
			put_changes(cli, &before, &now);
		listeners_done(&before);
		before = now;
		any |= now.count > 0;
		if (result < 0)
			return result;
		if (answer_end(cli) != 0)
			return STATUS_FAILURE;
	}
	return any ? STATUS_FOUND : STATUS_NOT_FOUND;
}
