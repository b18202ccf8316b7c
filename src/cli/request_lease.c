/* request lease, leases and release: ports that are lent for a time. */
#include "base/number.h"
#include "cli/listing.h"
#include "cli/request.h"
#include "cli/text.h"

static const struct table_column columns[] = {
	{SLICE("Lease"), 5, 0, true},	 {SLICE("Name"), 10, 0, false},
	{SLICE("Port"), 5, 0, true},	 {SLICE("Transport"), 4, 0, false},
	{SLICE("Holder"), 8, 1, false},	 {SLICE("Host"), 8, 3, false},
	{SLICE("Project"), 8, 3, false}, {SLICE("Since"), 20, 4, false},
	{SLICE("Until"), 20, 0, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
};

static void put_json(struct out *out, const struct desk_lease *lease)
{
	out_printf(out, "{\"number\":%lld", (long long)lease->number);
	desking_put_text(out, "name", lease->name);
	desking_put_number(out, "port", lease->port);
	desking_put_text(out, "transport", transport_name(lease->transport));
	desking_put_text(out, "holder", lease->holder);
	desking_put_text(out, "host", lease->host);
	desking_put_text(out, "project", lease->project);
	desking_put_text(out, "since", lease->since);
	desking_put_text(out, "until", lease->until);
	out_byte(out, '}');
}

static int print(void *context, const struct desk_lease *lease)
{
	struct printing *printing = context;
	struct listing *listing = &printing->listing;

	desking_begin_item(printing->cli, printing->count++);
	if (printing->cli->arguments.settings.format != FORMAT_TABLE) {
		put_json(printing->cli->out, lease);
		desking_end_item(printing->cli);
		return 0;
	}
	listing_add_number(listing, lease->number);
	listing_add(listing, lease->name);
	listing_add_number(listing, lease->port);
	listing_add(listing, transport_name(lease->transport));
	listing_add(listing, lease->holder);
	listing_add(listing, lease->host);
	listing_add(listing, lease->project);
	listing_add(listing, lease->since);
	listing_add(listing, lease->until);
	return 0;
}

static int list(struct desking *desking)
{
	struct printing printing = {
		.cli = desking->cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	bool mine = desking->cli->arguments.settings.request.mine;
	int result;

	if (mine && !desking_actor(desking)) {
		say("whose? --as LOGIN says it");
		return STATUS_USAGE;
	}
	result = desk_leases(desking->desk, mine ? desking->actor.number : 0, desking->now, print,
			     &printing, &desking->fault);
	if (result == 0)
		result = desking_end_items(desking, &printing.listing, printing.count);
	listing_done(&printing.listing);
	return result;
}

int request_leases_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, list);
}

/* The port alone, for scripts, or all of it as JSON. */
static int print_taken(void *context, const struct desk_lease *lease)
{
	struct cli *cli = context;

	if (cli->arguments.settings.format == FORMAT_JSON)
		put_json(cli->out, lease);
	else
		out_uint(cli->out, lease->port);
	out_byte(cli->out, '\n');
	return 0;
}

/* 0, or STATUS_USAGE, which was said. */
static int read_wish(const struct cli *cli, struct desk_lease_wish *ret_wish)
{
	const struct settings *settings = &cli->arguments.settings;
	unsigned transport = 0;

	*ret_wish = (struct desk_lease_wish){
		.name = slice_cstr(cli->arguments.words[0]),
		.host = settings->request.host,
		.project = settings->request.project,
		.first_port = settings->ports_given ? settings->first_port : -1,
		.last_port = settings->ports_given ? settings->last_port : -1,
		.transport = TRANSPORT_TCP,
		.minutes = settings->request.minutes,
	};
	if (!settings->transports)
		return 0;
	while (!(settings->transports >> transport & 1))
		transport++;
	if (settings->transports >> transport != 1) {
		say("a lease is of one transport");
		return STATUS_USAGE;
	}
	ret_wish->transport = (enum transport)transport;
	return 0;
}

static int take_lease(struct desking *desking)
{
	struct desk_lease_wish wish;
	int result = read_wish(desking->cli, &wish);

	if (result != 0)
		return result;
	result = desk_lease_take(desking->desk, &desking->actor, &wish, desking->now, print_taken,
				 desking->cli, &desking->refusal, &desking->fault);
	return desking_outcome(desking, result, 0);
}

int request_lease_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, take_lease);
}

static int release(struct desking *desking)
{
	struct slice word = slice_cstr(desking->cli->arguments.words[0]);
	uint64_t number;
	int result;

	if (!number_parse(word, INT32_MAX, &number) || number == 0) {
		say("\"%.*s\" is no lease's number; portbook request leases lists them",
		    (int)word.n, word.p);
		return STATUS_USAGE;
	}
	result = desk_lease_release(desking->desk, &desking->actor, (int64_t)number, desking->now,
				    &desking->refusal, &desking->fault);
	return desking_outcome(desking, result, 0);
}

int request_release_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, release);
}
