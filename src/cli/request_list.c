/* request list: which requests there are. */
#include "cli/listing.h"
#include "cli/request.h"

enum { AT_ONCE = 1000 };

static const struct table_column columns[] = {
	{SLICE("Request"), 7, 0, true},	      {SLICE("State"), 10, 0, false},
	{SLICE("Procedure"), 10, 2, false},   {SLICE("Name"), 10, 0, false},
	{SLICE("Port"), 5, 0, true},	      {SLICE("Transports"), 4, 3, false},
	{SLICE("Applicant"), 8, 2, false},    {SLICE("Reviewer"), 8, 3, false},
	{SLICE("Filed"), 10, 4, false},	      {SLICE("By"), 10, 1, false},
	{SLICE("Description"), 20, 1, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
	int64_t last;
};

static void list_request(struct listing *listing, const struct desk_request *request)
{
	struct strbuf ports CLEANUP(strbuf_done) = {}, transports CLEANUP(strbuf_done) = {};

	desking_add_ports(request->first_port, request->last_port, &ports);
	desking_add_transports(request->transports, &transports);
	listing->text.failed |= ports.failed || transports.failed;
	listing_add_number(listing, request->number);
	listing_add(listing, desk_state_title(request->state, request->procedure));
	listing_add(listing, procedure_name(request->procedure));
	listing_add(listing, request->name);
	listing_add(listing, strbuf_slice(&ports));
	listing_add(listing, strbuf_slice(&transports));
	listing_add(listing, request->applicant_login);
	listing_add(listing, request->reviewer_login);
	listing_add(listing, (struct slice){request->filed.p,
					    request->filed.n < 10 ? request->filed.n : 10});
	listing_add(listing, request->deadline);
	listing_add(listing, request->description);
}

static int print(void *context, const struct desk_request *request)
{
	struct printing *printing = context;

	desking_begin_item(printing->cli, printing->count++);
	if (printing->cli->arguments.settings.format == FORMAT_TABLE) {
		list_request(&printing->listing, request);
	} else {
		desking_put_json(printing->cli->out, request);
		desking_end_item(printing->cli);
	}
	printing->last = request->number;
	return 0;
}

/* Words: states. 0, or STATUS_USAGE, which was said. */
static int read_filter(struct desking *desking, struct desk_filter *filter)
{
	const struct arguments *arguments = &desking->cli->arguments;
	const struct settings *settings = &arguments->settings;
	struct fault fault;
	size_t state;

	for (size_t i = 0; i < arguments->word_count; i++) {
		struct slice word = slice_cstr(arguments->words[i]);

		if (slice_eq(word, SLICE("open"))) {
			filter->states |= (1u << STATE_GRANTED) - 1;
			continue;
		}
		if (!value_find(VALUE_REQUESTS, word, &state, &fault)) {
			say("request list: %s, open", fault.text);
			return STATUS_USAGE;
		}
		filter->states |= 1u << state;
	}
	if ((settings->request.mine || settings->request.queue) && !desking_actor(desking)) {
		say("whose requests? --as LOGIN says who asks");
		return STATUS_USAGE;
	}
	filter->applicant = settings->request.mine ? desking->actor.number : 0;
	filter->queue = settings->request.queue;
	filter->overdue = settings->request.overdue;
	filter->most = AT_ONCE;
	return 0;
}

static int list(struct desking *desking)
{
	struct desk_filter filter = {};
	struct cli *cli = desking->cli;
	struct printing printing = {
		.cli = cli, .listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	size_t before;
	int result = read_filter(desking, &filter);

	if (result != 0)
		return result;
	do {
		before = printing.count;
		result = desk_list(desking->desk, desking_actor(desking), &filter, desking->now,
				   print, &printing, &desking->fault);
		filter.below = printing.last;
	} while (result == 0 && printing.count - before == AT_ONCE);
	if (result == 0)
		result = desking_end_items(desking, &printing.listing, printing.count);
	listing_done(&printing.listing);
	return result;
}

int request_list_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, list);
}
