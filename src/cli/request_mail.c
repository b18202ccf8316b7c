/* request mail and remind: the letters of the desk. */
#include <stdlib.h>

#include "base/number.h"
#include "cli/environment.h"
#include "cli/listing.h"
#include "cli/request.h"
#include "mail/mail.h"

enum { AT_ONCE = 500 };

static const struct table_column columns[] = {
	{SLICE("Letter"), 6, 0, true},	  {SLICE("State"), 7, 0, false},
	{SLICE("To"), 12, 0, false},	  {SLICE("Subject"), 20, 0, false},
	{SLICE("Changed"), 20, 2, false}, {SLICE("Due"), 20, 1, false},
	{SLICE("Tries"), 5, 3, true},	  {SLICE("Reason"), 20, 1, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
	int64_t last;
};

static void put_json(struct out *out, const struct mail_letter *letter)
{
	out_printf(out, "{\"number\":%lld", (long long)letter->number);
	desking_put_text(out, "state", mail_state_name(letter->state));
	desking_put_text(out, "kind", letter->kind);
	desking_put_text(out, "to", letter->address);
	desking_put_text(out, "subject", letter->subject);
	desking_put_text(out, "created", letter->created);
	desking_put_text(out, "changed", letter->changed);
	desking_put_text(out, "due", letter->due);
	desking_put_number(out, "tries", letter->tries);
	desking_put_text(out, "reason", letter->reason);
	out_byte(out, '}');
}

static int print(void *context, const struct mail_letter *letter)
{
	struct printing *printing = context;
	struct listing *listing = &printing->listing;

	printing->last = letter->number;
	desking_begin_item(printing->cli, printing->count++);
	if (printing->cli->arguments.settings.format != FORMAT_TABLE) {
		put_json(printing->cli->out, letter);
		desking_end_item(printing->cli);
		return 0;
	}
	listing_add_number(listing, letter->number);
	listing_add(listing, mail_state_name(letter->state));
	listing_add(listing, letter->address);
	listing_add(listing, letter->subject);
	listing_add(listing, letter->changed);
	listing_add(listing, letter->due);
	listing_add_number(listing, letter->tries);
	listing_add(listing, letter->reason);
	return 0;
}

static int list(struct desking *desking)
{
	struct printing printing = {
		.cli = desking->cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	struct mail_filter filter = {.most = AT_ONCE};
	size_t before;
	int result;

	do {
		before = printing.count;
		result = mail_list(desk_db(desking->desk), &filter, print, &printing,
				   &desking->fault);
		filter.below = printing.last;
	} while (result == 0 && printing.count - before == AT_ONCE);
	if (result == 0)
		result = desking_end_items(desking, &printing.listing, printing.count);
	listing_done(&printing.listing);
	return result;
}

int request_mail_list_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, list);
}

static struct slice clock_now(void *context, char space[static TIME_LENGTH])
{
	char wide[TIME_SIZE];

	(void)context;
	memcpy(space, time_now(wide).p, TIME_LENGTH);
	return (struct slice){space, TIME_LENGTH};
}

/* The words up to a NULL; behind them there may be options in argv. */
static const char **command_of(const struct arguments *arguments)
{
	const char **command = calloc(arguments->word_count + 1, sizeof(*command));

	for (size_t i = 0; command && i < arguments->word_count; i++)
		command[i] = arguments->words[i];
	return command;
}

/* Where to, as the words say: 0; STATUS_USAGE, which was said; or FAULT_MEMORY. */
static int read_options(struct cli *cli, struct mail_options *ret_options, struct fault *fault)
{
	const struct arguments *arguments = &cli->arguments;
	const struct settings *settings = &arguments->settings;

	*ret_options = (struct mail_options){
		.from = settings->request.from,
		.from_name = settings->request.name,
		.plain = settings->request.plain,
		.user = environment_value(cli->environment, SLICE("PORTBOOK_MAIL_USER")).p,
		.password = environment_value(cli->environment, SLICE("PORTBOOK_MAIL_PASSWORD")).p,
	};
	if (slice_find(slice_cstr(arguments->words[0]), SLICE("://")) != (size_t)-1)
		ret_options->url = arguments->words[0];
	else
		ret_options->command = command_of(arguments);
	if (!ret_options->url && !ret_options->command)
		return fault_memory(fault);
	if (!mail_address_valid(ret_options->from)) {
		say("--from ADDRESS says whose letters these are");
		return STATUS_USAGE;
	}
	if (ret_options->url && arguments->word_count > 1) {
		say("nothing follows the URL of a mail server");
		return STATUS_USAGE;
	}
	if (ret_options->command && ret_options->command[0][0] != '/') {
		say("\"%s\" is neither smtp://HOST, smtps://HOST nor the absolute path of a "
		    "command",
		    ret_options->command[0]);
		return STATUS_USAGE;
	}
	return 0;
}

/* Until none is due. Those that failed wait for their next try. */
static int send_all(struct desking *desking, const struct mail_options *options)
{
	int64_t before[MAIL_STATES], after[MAIL_STATES];
	struct db *db = desk_db(desking->desk);
	int result = mail_counts(db, before, &desking->fault);

	if (result < 0)
		return result;
	while ((result = mail_send(db, options, clock_now, NULL, &desking->fault)) > 0)
		;
	if (result == 0)
		result = mail_counts(db, after, &desking->fault);
	if (result < 0)
		return result;
	out_printf(desking->cli->out, "%lld sent, %lld to be tried again, %lld failed\n",
		   (long long)(after[MAIL_SENT] - before[MAIL_SENT]),
		   (long long)(after[MAIL_QUEUED] + after[MAIL_SENDING]),
		   (long long)(after[MAIL_FAILED] - before[MAIL_FAILED]));
	return after[MAIL_QUEUED] + after[MAIL_FAILED] - before[MAIL_FAILED] > 0 ? STATUS_NOT_FOUND
										 : STATUS_FOUND;
}

static int send_mail(struct desking *desking)
{
	struct mail_options options = {};
	int result = read_options(desking->cli, &options, &desking->fault);

	if (result == 0)
		result = send_all(desking, &options);
	free((void *)options.command);
	return result;
}

int request_mail_send_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, send_mail);
}

static int retry(struct desking *desking)
{
	struct slice word = slice_cstr(desking->cli->arguments.words[0]);
	uint64_t number;
	int result;

	if (!number_parse(word, INT32_MAX, &number)) {
		say("\"%.*s\" is no letter's number", (int)word.n, word.p);
		return STATUS_USAGE;
	}
	result = desk_begin(desking->desk, true, &desking->fault);
	if (result < 0)
		return result;
	result = mail_retry(desk_db(desking->desk), (int64_t)number, desking->now, &desking->fault);
	result = desk_end(desking->desk, result, &desking->fault);
	if (result <= 0)
		return result;
	say("no letter %.*s waits or failed", (int)word.n, word.p);
	return STATUS_NOT_FOUND;
}

int request_mail_retry_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, retry);
}

static int remind(struct desking *desking)
{
	unsigned letters = 0;
	int result = desk_remind(desking->desk, desking->now, &letters, &desking->fault);

	if (result == 0)
		out_printf(desking->cli->out, "%u letters to be sent\n", letters);
	return result;
}

int request_remind_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, remind);
}
