/* check: is this a good port, and why (not)? */
#include <stdlib.h>

#include "cli/known.h"
#include "cli/listing.h"
#include "query/query.h"
#include "render/csv.h"

/* More are read from a store as a whole. */
enum { FILTER_MAX = 16 };

static const struct table_column columns[] = {
	{SLICE("Port"), 0, 0, false},	  {SLICE("Verdict"), 0, 0, false},
	{SLICE("Rule"), 0, 0, true},	  {SLICE("By itself"), 0, 0, false},
	{SLICE("Finding"), 24, 0, false}, {SLICE("Source"), 16, 2, false},
	{SLICE("Date"), 0, 1, false},
};

struct checking {
	struct cli *cli;
	struct known known;
	struct query *queries;
	size_t query_count;
	struct listing listing; /* of a table */
	struct advice advice;
	size_t checked;
	bool all_good;
	int result;
	struct fault *fault;
};

static void checking_done(struct checking *checking)
{
	known_done(&checking->known);
	free(checking->queries);
	listing_done(&checking->listing);
	advice_done(&checking->advice);
}

static int parse_all(struct checking *checking)
{
	const struct arguments *arguments = &checking->cli->arguments;
	struct fault fault;

	checking->queries = calloc(arguments->word_count + 1, sizeof(*checking->queries));
	if (!checking->queries) {
		fault_memory(&fault);
		return say_fault(NULL, &fault);
	}
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct query *query = &checking->queries[i];

		if (!query_parse(slice_cstr(arguments->words[i]), query, &fault)) {
			say("%s", fault.text);
			return STATUS_USAGE;
		}
		if (query->kind != QUERY_PORTS) {
			say("\"%s\" is no port: PORT, PORT/TRANSPORT or A-B", arguments->words[i]);
			return STATUS_USAGE;
		}
	}
	checking->query_count = arguments->word_count;
	return STATUS_FOUND;
}

static void add_port(struct strbuf *text, const struct advice *advice)
{
	struct slice transport = transport_name(advice->transport);

	strbuf_add_uint(text, advice->port);
	strbuf_add_byte(text, '/');
	strbuf_add(text, transport);
}

static int list_advice(struct checking *checking)
{
	const struct advice *advice = &checking->advice;
	struct listing *listing = &checking->listing;
	struct strbuf port CLEANUP(strbuf_done) = {};

	add_port(&port, advice);
	if (port.failed)
		return fault_memory(checking->fault);
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->findings[i];

		listing_add(listing, strbuf_slice(&port));
		listing_add(listing, advice_verdict_name(advice->verdict));
		listing_add_number(listing, finding->rule->number);
		listing_add(listing, advice_verdict_name(finding->weight));
		listing_add(listing, finding->text);
		listing_add(listing, finding->source);
		listing_add(listing, finding->date);
	}
	return 0;
}

static void put_csv(struct out *out, const struct advice *advice)
{
	for (size_t i = 0; i < advice->count; i++) {
		const struct advice_finding *finding = &advice->findings[i];
		const struct slice fields[] = {
			advice_purpose_name(advice->purpose),
			advice_verdict_name(advice->verdict),
			finding->rule->name,
			advice_verdict_name(finding->weight),
			finding->text,
			finding->source,
			finding->date,
			finding->layer,
		};

		out_printf(out, "%u,", advice->port);
		out_put(out, transport_name(advice->transport));
		out_printf(out, ",%u", finding->rule->number);
		for (size_t j = 0; j < ARRAY_SIZE(fields); j++) {
			out_byte(out, ',');
			render_csv_field(out, fields[j]);
		}
		out_put(out, SLICE("\r\n"));
	}
}

static int put_advice(struct checking *checking, struct out *out)
{
	switch (checking->cli->arguments.settings.format) {
	case FORMAT_TABLE:
		return list_advice(checking);
	case FORMAT_CSV:
		put_csv(out, &checking->advice);
		return 0;
	case FORMAT_JSON:
		out_put(out, checking->checked > 0 ? SLICE(",\n") : SLICE("[\n"));
		advice_json(out, &checking->advice);
		return 0;
	default:
		advice_json(out, &checking->advice);
		out_byte(out, '\n');
		return 0;
	}
}

/* A mask. */
static unsigned transports_of(const struct checking *checking, const struct query *query)
{
	unsigned others = checking->cli->arguments.settings.transports;

	if (query->transport != TRANSPORT_NONE)
		return 1u << query->transport;
	return others ? others : 1u << TRANSPORT_TCP;
}

static int check_query(struct checking *checking, const struct query *query, struct out *out)
{
	const struct settings *settings = &checking->cli->arguments.settings;
	unsigned transports = transports_of(checking, query);
	int result = 0;

	for (uint32_t port = query->first; port <= query->last; port++) {
		for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
			if (!(transports >> i & 1))
				continue;
			result = advice_check(&checking->known.facts, (enum transport)i,
					      (uint16_t)port, settings->purpose, &checking->advice,
					      checking->fault);
			if (result == 0)
				result = put_advice(checking, out);
			if (result < 0)
				return result;
			checking->checked++;
			if (checking->advice.verdict != ADVICE_GOOD)
				checking->all_good = false;
		}
	}
	return 0;
}

static void write_all(struct out *out, const void *data)
{
	struct checking *checking = *(struct checking *const *)data;
	enum format format = checking->cli->arguments.settings.format;

	if (format == FORMAT_CSV)
		out_put(out, SLICE("port,transport,rule,for,verdict,finding,weight,text,source,"
				   "date,overlay\r\n"));
	for (size_t i = 0; i < checking->query_count && checking->result == 0; i++)
		checking->result = check_query(checking, &checking->queries[i], out);
	if (format == FORMAT_JSON)
		out_put(out, SLICE("\n]\n"));
}

static int print_all(struct checking *checking)
{
	struct checking *const data = checking;
	int result = answer_write(checking->cli, write_all, &data, checking->fault);

	if (result == 0)
		result = checking->result;
	if (result == 0 && checking->cli->arguments.settings.format == FORMAT_TABLE)
		result = listing_write(checking->cli, &checking->listing, checking->fault);
	return result;
}

/* Of a few ports, what the store has of them is enough. */
static int gather(struct checking *checking)
{
	struct history_ports ports[FILTER_MAX];
	struct history_filter filter = {.ports = ports, .port_count = checking->query_count};

	for (size_t i = 0; i < checking->query_count && i < FILTER_MAX; i++)
		ports[i] = (struct history_ports){checking->queries[i].first,
						  checking->queries[i].last};
	for (size_t i = 0; i < checking->query_count; i++)
		checking->known.transports |= transports_of(checking, &checking->queries[i]);
	return known_gather(checking->cli, checking->query_count <= FILTER_MAX ? &filter : NULL,
			    &checking->known, checking->fault);
}

/* The rules, as docs/ADVICE.md has them. */
static void write_rules(struct out *out, const void *data)
{
	const struct advice_rule *rule;

	(void)data;
	out_put(out, SLICE("| number | finding | service | web | p2p | when | source |\n"
			   "|---|---|---|---|---|---|---|\n"));
	for (size_t i = 0; (rule = advice_rule_at(i)); i++) {
		out_printf(out, "| %u | %.*s |", rule->number, (int)rule->name.n, rule->name.p);
		for (unsigned j = 0; j < ADVICE_PURPOSE_COUNT; j++) {
			out_byte(out, ' ');
			out_put(out, advice_verdict_name(rule->weight[j]));
			out_put(out, SLICE(" |"));
		}
		out_byte(out, ' ');
		out_put(out, rule->when);
		out_put(out, SLICE(" | "));
		out_put(out, rule->source);
		out_put(out, rule->source.p ? SLICE(", ") : SLICE("the finding's own"));
		out_put(out, rule->date);
		out_put(out, SLICE(" |\n"));
	}
}

static int explain(struct cli *cli)
{
	struct fault fault;

	if (answer_write(cli, write_rules, NULL, &fault) < 0)
		return say_fault(NULL, &fault);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}

int check_run(struct cli *cli)
{
	struct fault fault;
	struct checking checking CLEANUP(checking_done) = {
		.cli = cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)},
		.all_good = true,
		.fault = &fault,
	};
	int result;

	if (cli->arguments.settings.explain)
		return explain(cli);
	if (cli->arguments.word_count == 0) {
		say("check needs PORT[/TRANSPORT]...; portbook check --help explains");
		return STATUS_USAGE;
	}
	result = parse_all(&checking);
	if (result != STATUS_FOUND)
		return result;
	result = gather(&checking);
	if (result < 0)
		return say_fault(registry_name(cli), &fault);
	if (result > 0)
		return STATUS_FAILURE;
	if (print_all(&checking) < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return checking.all_good ? STATUS_FOUND : STATUS_NOT_FOUND;
}
