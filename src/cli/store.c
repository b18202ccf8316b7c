/* Looking after the store: verifying it, and copying it to another place. */
#include "cli/newest.h"
#include "cli/text.h"
#include "desk/desk.h"

struct verification {
	struct cli *cli;
	size_t editions, wrong;
};

static int tell_wrong(void *context, struct slice text)
{
	struct verification *verification = context;

	verification->wrong++;
	text_put(verification->cli->out, text);
	out_byte(verification->cli->out, '\n');
	return 0;
}

static int count_edition(void *context, const struct history_edition *edition)
{
	struct verification *verification = context;

	(void)edition;
	verification->editions++;
	return 0;
}

int store_verify_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct verification verification = {.cli = cli};
	struct fault fault;
	int result = store_open(cli, HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		result = history_verify(history, tell_wrong, count_edition, &verification, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	if (verification.wrong == 0)
		out_printf(cli->out, "%zu editions, all as they were added\n",
			   verification.editions);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return verification.wrong > 0 ? STATUS_NOT_FOUND : STATUS_FOUND;
}

static int copy_into(struct history *from, const struct place *place, struct fault *fault)
{
	struct history *to CLEANUP(history_closep) = NULL;
	int result = history_open(place->path, HISTORY_CREATE, &to, fault);

	if (result == 0)
		result = history_begin(to, true, fault);
	if (result == 0)
		result = history_copy(from, to, fault);
	if (result == 0)
		result = desk_copy(from, to, fault);
	if (result == 1)
		result = place_keep_private(place, fault);
	if (result == 0)
		result = history_commit(to, fault);
	return result == 0 ? newest_write(place, to, fault) : result;
}

int store_copy_run(struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct place place CLEANUP(place_done) = {};
	struct fault fault;
	int result = store_open(cli, HISTORY_READ, &history, &fault);

	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result < 0)
		return say_fault(cli->store.shown, &fault);
	result = place_find(cli->arguments.words[0], cli->environment, &place, &fault);
	if (result == 0)
		result = copy_into(history, &place, &fault);
	return result < 0 ? say_fault(place.shown, &fault) : STATUS_FOUND;
}
