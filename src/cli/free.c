/* free: ports that are good to use. */
#include <stdlib.h>

#include "cli/known.h"
#include "cli/listing.h"
#include "render/csv.h"
#include "render/render.h"

enum { COUNT_DEFAULT = 10 };

static const struct table_column columns[] = {
	{SLICE("Port"), 0, 0, true},
	{SLICE("Transport"), 0, 0, false},
	{SLICE("Reason"), 24, 0, false},
};

struct choosing {
	struct cli *cli;
	struct known known;
	struct advice_wish wish;
	uint16_t *ports;
	size_t count;
	struct listing listing; /* of a table */
	struct strbuf transports;
	int result;
	struct fault *fault;
};

static void choosing_done(struct choosing *choosing)
{
	known_done(&choosing->known);
	free(choosing->ports);
	listing_done(&choosing->listing);
	strbuf_done(&choosing->transports);
}

static void put_one(struct choosing *choosing, struct out *out, uint16_t port, size_t index,
		    struct slice reason)
{
	struct slice transports = strbuf_slice(&choosing->transports);

	switch (choosing->cli->arguments.settings.format) {
	case FORMAT_TABLE:
		listing_add_number(&choosing->listing, port);
		listing_add(&choosing->listing, transports);
		listing_add(&choosing->listing, reason);
		return;
	case FORMAT_CSV:
		out_printf(out, "%u,", port);
		render_csv_field(out, transports);
		out_byte(out, ',');
		render_csv_field(out, reason);
		out_put(out, SLICE("\r\n"));
		return;
	case FORMAT_JSON:
		out_put(out, index > 0 ? SLICE(",\n") : SLICE("[\n"));
		break;
	default:
		break;
	}
	out_printf(out, "{\"port\":%u,\"reason\":", port);
	render_json_text(out, reason);
	out_byte(out, '}');
	if (choosing->cli->arguments.settings.format == FORMAT_NDJSON)
		out_byte(out, '\n');
}

/* The reasons of the first transport that is wanted. */
static int put_port(struct choosing *choosing, struct out *out, size_t index)
{
	struct advice advice CLEANUP(advice_done) = {};
	struct strbuf reason CLEANUP(strbuf_done) = {};
	enum transport transport = (enum transport)__builtin_ctz(choosing->wish.transports);
	uint16_t port = choosing->ports[index];
	int result = advice_check(&choosing->known.facts, transport, port, choosing->wish.purpose,
				  &advice, choosing->fault);

	if (result < 0)
		return result;
	advice_reason(&choosing->known.facts, &advice, &reason);
	if (reason.failed)
		return fault_memory(choosing->fault);
	put_one(choosing, out, port, index, strbuf_slice(&reason));
	return 0;
}

static void write_all(struct out *out, const void *data)
{
	struct choosing *choosing = *(struct choosing *const *)data;
	enum format format = choosing->cli->arguments.settings.format;

	if (format == FORMAT_CSV)
		out_put(out, SLICE("port,transport,reason\r\n"));
	for (size_t i = 0; i < choosing->count && choosing->result == 0; i++)
		choosing->result = put_port(choosing, out, i);
	if (format == FORMAT_JSON)
		out_put(out, choosing->count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
}

static int print_all(struct choosing *choosing)
{
	struct choosing *const data = choosing;
	int result = answer_write(choosing->cli, write_all, &data, choosing->fault);

	if (result == 0)
		result = choosing->result;
	if (result == 0 && choosing->cli->arguments.settings.format == FORMAT_TABLE)
		result = listing_write(choosing->cli, &choosing->listing, choosing->fault);
	return result;
}

static int read_wish(struct choosing *choosing)
{
	const struct settings *settings = &choosing->cli->arguments.settings;

	choosing->wish = (struct advice_wish){
		.transports = settings->transports ? settings->transports : 1u << TRANSPORT_TCP,
		.first = settings->ports_given ? settings->first_port : ADVICE_FIRST,
		.last = settings->ports_given ? settings->last_port : ADVICE_LAST,
		.has_near = settings->near_given,
		.near = settings->near_port,
		.seed = settings->seed,
		.purpose = settings->purpose,
		.count = settings->count ? settings->count : COUNT_DEFAULT,
	};
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!(choosing->wish.transports >> i & 1))
			continue;
		strbuf_add(&choosing->transports,
			   choosing->transports.n > 0 ? SLICE(",") : SLICE_NONE);
		strbuf_add(&choosing->transports, transport_name((enum transport)i));
	}
	return choosing->transports.failed ? fault_memory(choosing->fault) : 0;
}

int free_run(struct cli *cli)
{
	struct fault fault;
	struct choosing choosing CLEANUP(choosing_done) = {
		.cli = cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)},
		.fault = &fault,
	};
	int result = read_wish(&choosing);

	choosing.known.transports = choosing.wish.transports;
	if (result == 0)
		result = known_gather(cli, NULL, &choosing.known, &fault);
	if (result < 0)
		return say_fault(registry_name(cli), &fault);
	if (result > 0)
		return STATUS_FAILURE;
	result = advice_choose(&choosing.known.facts, &choosing.wish, &choosing.ports,
			       &choosing.count, &fault);
	if (result == 0)
		result = print_all(&choosing);
	if (result < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (choosing.count == choosing.wish.count)
		return STATUS_FOUND;
	say("%zu of %zu ports found", choosing.count, choosing.wish.count);
	return STATUS_NOT_FOUND;
}
