/* request log, verify and rebuild: what was done, and that nobody changed it since. */
#include "cli/listing.h"
#include "cli/request.h"
#include "cli/text.h"

enum { BODY_SHOWN = 200 };

static const struct table_column columns[] = {
	{SLICE("Event"), 5, 0, true},	{SLICE("At"), 20, 0, false},
	{SLICE("Action"), 8, 0, false}, {SLICE("By"), 8, 0, false},
	{SLICE("Role"), 8, 3, false},	{SLICE("State"), 8, 1, false},
	{SLICE("Note"), 20, 1, false},	{SLICE("What"), 20, 2, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
};

static int print(void *context, const struct desk_event *event)
{
	struct printing *printing = context;
	struct listing *listing = &printing->listing;
	bool is_short = event->body.n <= BODY_SHOWN;

	desking_begin_item(printing->cli, printing->count++);
	if (printing->cli->arguments.settings.format != FORMAT_TABLE) {
		desking_put_event(printing->cli->out, event);
		desking_end_item(printing->cli);
		return 0;
	}
	listing_add_number(listing, event->sequence);
	listing_add(listing, event->at);
	listing_add(listing, event->action);
	listing_add(listing, event->actor_login);
	listing_add(listing, event->role);
	listing_add(listing, event->state);
	listing_add(listing, event->note);
	listing_add(listing, is_short ? event->body : SLICE("(a document)"));
	return 0;
}

static int show(struct desking *desking)
{
	struct printing printing = {
		.cli = desking->cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	int64_t number = 0;
	int result = 0;

	if (desking->cli->arguments.word_count > 0)
		result = desking_number(desking, 0, &number);
	if (result != 0)
		return result;
	result = desk_timeline(desking->desk, desking_actor(desking), number, print, &printing,
			       &desking->fault);
	result = result == 0 ? desking_end_items(desking, &printing.listing, printing.count)
			     : desking_outcome(desking, result, number);
	listing_done(&printing.listing);
	return result;
}

int request_log_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, show);
}

struct verification {
	struct cli *cli;
	size_t wrong;
};

static int tell_wrong(void *context, struct slice line)
{
	struct verification *verification = context;

	verification->wrong++;
	text_put(verification->cli->out, line);
	out_byte(verification->cli->out, '\n');
	return 0;
}

static int verify(struct desking *desking)
{
	struct verification verification = {.cli = desking->cli};
	int64_t events = 0;
	int result =
		desk_verify(desking->desk, tell_wrong, &verification, &events, &desking->fault);

	if (result < 0)
		return result;
	if (verification.wrong > 0)
		return STATUS_NOT_FOUND;
	out_printf(desking->cli->out, "%lld events, all as they were written\n", (long long)events);
	return STATUS_FOUND;
}

int request_verify_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, verify);
}

static int rebuild(struct desking *desking)
{
	return desk_rebuild(desking->desk, &desking->fault);
}

int request_rebuild_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, rebuild);
}
