#include "cli/flow_summary.h"

#include <stdlib.h>

#include "chart/chart.h"
#include "cli/listing.h"
#include "query/query.h"
#include "render/csv.h"
#include "render/render.h"

enum {
	BARS_MAX = 50,	/* of a picture */
	BAR_WIDTH = 24, /* columns of a terminal */
	BAR_PARTS = 8,	/* of one of these */
};

enum kind { KIND_PORT, KIND_UNDECIDED, KIND_OTHER };

static const struct slice kinds[] = {[KIND_PORT] = {"port", 4},
				     [KIND_UNDECIDED] = {"undecided", 9},
				     [KIND_OTHER] = {"other", 5}};

/* What is counted, and what it is called. */
struct entry {
	enum kind kind;
	enum transport transport; /* and port: of KIND_PORT */
	uint16_t port;
	struct annotate_count count;
};

/* All that there is any of, the most first. */
struct entries {
	struct cli *cli;
	struct entry *list;
	size_t count;
	uint64_t flows; /* of all, also those that are not listed */
	bool has_bytes;
};

static void entries_done(struct entries *entries)
{
	free(entries->list);
}

static int compare(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	const struct annotate_count *x = &one->count, *y = &other->count;

	if (x->flows != y->flows)
		return x->flows < y->flows ? 1 : -1;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->port != other->port)
		return one->port < other->port ? -1 : 1;
	return (int)one->transport - (int)other->transport;
}

static void add(struct entries *entries, struct entry entry)
{
	if (entry.count.flows == 0)
		return;
	entries->flows += entry.count.flows;
	entries->list[entries->count++] = entry;
}

static int gather(struct entries *entries, const struct annotate_summary *summary,
		  struct fault *fault)
{
	size_t most = entries->cli->arguments.settings.count, size = 2;

	for (size_t i = 0; i < (size_t)TRANSPORT_COUNT * PORT_COUNT; i++)
		size += summary->ports[i / PORT_COUNT][i % PORT_COUNT].flows > 0;
	entries->list = calloc(size, sizeof(*entries->list));
	if (!entries->list)
		return fault_memory(fault);
	for (size_t i = 0; i < (size_t)TRANSPORT_COUNT * PORT_COUNT; i++)
		add(entries, (struct entry){KIND_PORT, (enum transport)(i / PORT_COUNT),
					    (uint16_t)(i % PORT_COUNT),
					    summary->ports[i / PORT_COUNT][i % PORT_COUNT]});
	add(entries, (struct entry){.kind = KIND_UNDECIDED, .count = summary->undecided});
	add(entries, (struct entry){.kind = KIND_OTHER, .count = summary->others});
	qsort(entries->list, entries->count, sizeof(*entries->list), compare);
	if (most > 0 && most < entries->count)
		entries->count = most;
	return 0;
}

static struct slice name_of(const struct entries *entries, const struct entry *entry)
{
	if (entry->kind != KIND_PORT)
		return SLICE_NONE;
	return services_name(&entries->cli->registry.image, entry->transport, entry->port);
}

static struct slice state_of(const struct entries *entries, const struct entry *entry)
{
	if (entry->kind != KIND_PORT)
		return SLICE_NONE;
	return row_state_name(
		query_port_state(&entries->cli->registry.image, entry->transport, entry->port));
}

/* A bar's part of the most flows, in eighths of a column. */
static void put_bar(struct strbuf *bar, uint64_t flows, uint64_t most)
{
	unsigned parts = (unsigned)((double)flows / (double)most * BAR_WIDTH * BAR_PARTS + 0.5);

	for (; parts >= BAR_PARTS; parts -= BAR_PARTS)
		strbuf_add(bar, SLICE("\u2588"));
	/* U+2588 is a full block, and those behind it are narrower by an eighth each. */
	if (parts > 0)
		strbuf_printf(bar, "\xe2\x96%c", (char)(0x88 + BAR_PARTS - parts));
}

static void list_entry(struct listing *listing, const struct entries *entries, size_t index)
{
	const struct entry *entry = &entries->list[index];
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct slice name = name_of(entries, entry);

	if (entry->kind == KIND_PORT) {
		listing_add(listing, name);
		listing_add_number(listing, entry->port);
		listing_add(listing, transport_name(entry->transport));
	} else {
		listing_add(listing, entry->kind == KIND_OTHER ? SLICE("(other protocols)")
							       : SLICE("(undecided)"));
		listing_add(listing, SLICE_NONE);
		listing_add(listing, SLICE_NONE);
	}
	listing_add_number(listing, (int64_t)entry->count.flows);
	strbuf_printf(&text, "%.1f %%", 100 * (double)entry->count.flows / (double)entries->flows);
	listing_add(listing, strbuf_slice(&text));
	if (entries->has_bytes)
		listing_add_number(listing, (int64_t)entry->count.bytes);
	else
		listing_add(listing, SLICE_NONE);
	text.n = 0;
	put_bar(&text, entry->count.flows, entries->list[0].count.flows);
	listing_add(listing, strbuf_slice(&text));
}

static int print_table(const struct entries *entries, struct fault *fault)
{
	static const struct table_column columns[] = {
		{SLICE("Service"), 12, 0, false},      {SLICE("Port"), 5, 0, true},
		{SLICE("Transport"), 4, 2, false},     {SLICE("Flows"), 5, 0, true},
		{SLICE("Share"), 7, 1, true},	       {SLICE("Bytes"), 5, 1, true},
		{SLICE("Chart"), BAR_WIDTH, 3, false},
	};
	struct listing listing CLEANUP(listing_done) = {
		.columns = columns,
		.column_count = ARRAY_SIZE(columns),
		.hidden = entries->cli->screen.width > 0 ? 0 : 1u << (ARRAY_SIZE(columns) - 1)};

	for (size_t i = 0; i < entries->count; i++)
		list_entry(&listing, entries, i);
	return listing_write(entries->cli, &listing, fault);
}

static void put_csv(struct out *out, const struct entries *entries, const struct entry *entry)
{
	out_put(out, kinds[entry->kind]);
	out_byte(out, ',');
	render_csv_field(out, name_of(entries, entry));
	if (entry->kind == KIND_PORT)
		out_printf(out, ",%u,%s,", entry->port, transport_name(entry->transport).p);
	else
		out_put(out, SLICE(",,,"));
	out_put(out, state_of(entries, entry));
	out_byte(out, ',');
	out_uint(out, entry->count.flows);
	out_byte(out, ',');
	if (entries->has_bytes)
		out_uint(out, entry->count.bytes);
	out_put(out, SLICE("\r\n"));
}

static void put_json_text(struct out *out, const char *name, struct slice text)
{
	out_printf(out, ",\"%s\":", name);
	if (text.n > 0)
		render_json_text(out, text);
	else
		out_put(out, SLICE("null"));
}

static void put_json(struct out *out, const struct entries *entries, const struct entry *entry)
{
	bool port = entry->kind == KIND_PORT;

	out_printf(out, "{\"kind\":\"%s\"", kinds[entry->kind].p);
	put_json_text(out, "service", name_of(entries, entry));
	if (port)
		out_printf(out, ",\"port\":%u", entry->port);
	else
		out_put(out, SLICE(",\"port\":null"));
	put_json_text(out, "transport", port ? transport_name(entry->transport) : SLICE_NONE);
	put_json_text(out, "state", state_of(entries, entry));
	out_put(out, SLICE(",\"flows\":"));
	out_uint(out, entry->count.flows);
	out_put(out, SLICE(",\"bytes\":"));
	if (entries->has_bytes)
		out_uint(out, entry->count.bytes);
	else
		out_put(out, SLICE("null"));
	out_byte(out, '}');
}

static void write_entries(struct out *out, const void *data)
{
	const struct entries *entries = data;
	bool json = entries->cli->arguments.settings.format == FORMAT_JSON;

	out_put(out,
		json ? SLICE("[") : SLICE("kind,service,port,transport,state,flows,bytes\r\n"));
	for (size_t i = 0; i < entries->count; i++) {
		if (json)
			out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		if (json)
			put_json(out, entries, &entries->list[i]);
		else
			put_csv(out, entries, &entries->list[i]);
	}
	if (json)
		out_put(out, entries->count > 0 ? SLICE("\n]\n") : SLICE("]\n"));
}

/* What an entry is called where that is all there is of it. */
static void add_title(struct strbuf *text, const struct entries *entries, const struct entry *entry)
{
	struct slice name = name_of(entries, entry), transport = transport_name(entry->transport);

	if (entry->kind == KIND_PORT)
		strbuf_printf(text, "%.*s%s%u/%.*s", (int)name.n, name.n > 0 ? name.p : "",
			      name.n > 0 ? " " : "", entry->port, (int)transport.n, transport.p);
	else
		strbuf_add(text, entry->kind == KIND_OTHER ? SLICE("other protocols")
							   : SLICE("undecided"));
	strbuf_add_byte(text, '\0');
}

/* Of each entry, its title in titles. */
struct picture {
	const struct entries *entries;
	struct slice titles;
};

static void write_picture(struct out *out, const void *data)
{
	const struct picture *picture = data;
	struct slice rest = picture->titles;
	struct chart_bar bars[BARS_MAX];
	size_t count = 0;

	for (; count < BARS_MAX && count < picture->entries->count; count++) {
		bars[count] = (struct chart_bar){slice_cut(&rest, '\0'),
						 picture->entries->list[count].count.flows};
	}
	chart_bars(out, SLICE("Flows by service"), bars, count);
}

static int print_picture(const struct entries *entries, struct fault *fault)
{
	struct strbuf titles CLEANUP(strbuf_done) = {};
	struct picture picture = {.entries = entries};

	for (size_t i = 0; i < BARS_MAX && i < entries->count; i++)
		add_title(&titles, entries, &entries->list[i]);
	if (titles.failed)
		return fault_memory(fault);
	picture.titles = strbuf_slice(&titles);
	return answer_write(entries->cli, write_picture, &picture, fault);
}

int flow_summary_print(struct cli *cli, const struct annotate_summary *summary, bool has_bytes,
		       struct fault *fault)
{
	struct entries entries CLEANUP(entries_done) = {.cli = cli, .has_bytes = has_bytes};
	int result = gather(&entries, summary, fault);

	if (result < 0)
		return result;
	if (cli->arguments.settings.format == FORMAT_TABLE)
		return print_table(&entries, fault);
	if (cli->arguments.settings.format == FORMAT_SVG)
		return print_picture(&entries, fault);
	return answer_write(cli, write_entries, &entries, fault);
}
