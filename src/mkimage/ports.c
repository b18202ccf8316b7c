/*
 * The table from transport and port to rows: a page for each run of IMAGE_PAGE ports, each
 * distinct page stored once (most of the port space is a few long Unassigned ranges).
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "mkimage/build.h"

enum {
	PORTS = TRANSPORT_COUNT * PORT_COUNT,
	PAGES = PORTS / IMAGE_PAGE,
	/* Rows times the ports they cover; the registry has some 230,000. */
	COVERED_MAX = 16 * 1024 * 1024,
};

struct port_table {
	bool covered[PAGES]; /* a row covers a port of the page; all others are alike */
	uint32_t *counts;    /* rows of each port */
	uint32_t *entries;   /* the number that stands for them in the image */
	uint32_t *lists;
	uint32_t list_length;
	struct fault *fault;
};

/* Calls fn for each port that the row covers, with the port's index over all transports. */
static void each_port(const struct build_row *row, uint32_t number,
		      void (*fn)(struct port_table *, uint32_t, uint32_t), struct port_table *table)
{
	if (row->first_port < 0)
		return;
	for (uint32_t transport = 0; transport < TRANSPORT_COUNT; transport++) {
		if (row->transport != TRANSPORT_NONE && row->transport != transport)
			continue;
		for (int32_t port = row->first_port; port <= row->last_port; port++)
			fn(table, transport * PORT_COUNT + (uint32_t)port, number);
	}
}

static void count_row(struct port_table *table, uint32_t port, uint32_t row)
{
	table->covered[port / IMAGE_PAGE] = true;
	table->counts[port]++;
	table->entries[port] = row + 1;
}

static void list_row(struct port_table *table, uint32_t port, uint32_t row)
{
	uint32_t *list;

	if (table->counts[port] < 2)
		return;
	list = table->lists + (table->entries[port] - IMAGE_LIST);
	list[++list[0]] = row;
}

static int check_coverage(const struct build *build, struct fault *fault)
{
	uint64_t covered = 0;

	for (size_t i = 0; i < build->registry->row_count; i++) {
		const struct build_row *row = &build->rows[i];

		if (row->first_port >= 0)
			covered += (uint64_t)(row->last_port - row->first_port + 1) *
				   (row->transport == TRANSPORT_NONE ? TRANSPORT_COUNT : 1);
	}
	if (covered > COVERED_MAX)
		return fault_set(fault, FAULT_LIMIT,
				 "rows cover more than the limit of %d ports in all", COVERED_MAX);
	return 0;
}

static int fill(struct port_table *table, const struct build *build)
{
	uint32_t length = 0;

	for (size_t i = 0; i < build->registry->row_count; i++)
		each_port(&build->rows[i], (uint32_t)i, count_row, table);
	for (uint32_t port = 0; port < PORTS; port++) {
		if (!table->covered[port / IMAGE_PAGE]) {
			port += IMAGE_PAGE - 1;
			continue;
		}
		if (table->counts[port] < 2)
			continue;
		table->entries[port] = IMAGE_LIST + length;
		length += table->counts[port] + 1;
		if (length >= (1 << 24) - IMAGE_LIST)
			return fault_set(table->fault, FAULT_LIMIT,
					 "too many rows that share their ports");
	}
	table->lists = calloc(length + 1, sizeof(*table->lists));
	if (!table->lists)
		return fault_memory(table->fault);
	table->list_length = length;
	for (size_t i = 0; i < build->registry->row_count; i++)
		each_port(&build->rows[i], (uint32_t)i, list_row, table);
	return 0;
}

static void write_pages(struct build *build, const struct port_table *table)
{
	const uint32_t *entries = table->entries;
	/* Page number plus one by the page's hash, probed upwards; twice as many slots as pages. */
	uint16_t slots[2 * PAGES] = {};
	uint32_t first[PAGES];	       /* entry at which each distinct page was first seen */
	uint32_t pages = 0, empty = 0; /* number plus one of the page that nothing covers */

	for (uint32_t port = 0; port < PORTS; port += IMAGE_PAGE) {
		struct slice page = {(const char *)(entries + port), IMAGE_PAGE * sizeof(*entries)};
		bool covered = table->covered[port / IMAGE_PAGE];
		uint32_t at;

		if (!covered && empty) {
			build_u16(&build->sections[IMAGE_PORT_PAGES], empty - 1);
			continue;
		}
		at = (uint32_t)hash_bytes(page) % (2 * PAGES);
		while (slots[at] && memcmp(entries + first[slots[at] - 1], page.p, page.n) != 0)
			at = (at + 1) % (2 * PAGES);
		if (!slots[at]) {
			first[pages++] = port;
			slots[at] = (uint16_t)pages;
			for (uint32_t i = 0; i < IMAGE_PAGE; i++)
				build_u24(&build->sections[IMAGE_PORTS], entries[port + i]);
		}
		build_u16(&build->sections[IMAGE_PORT_PAGES], slots[at] - 1u);
		empty = covered ? empty : slots[at];
	}
}

int build_ports(struct build *build, struct fault *fault)
{
	uint32_t *counts CLEANUP(build_freep) = calloc(PORTS, sizeof(*counts));
	uint32_t *entries CLEANUP(build_freep) = calloc(PORTS, sizeof(*entries));
	struct port_table table = {.counts = counts, .entries = entries, .fault = fault};
	int result;

	if (!counts || !entries)
		return fault_memory(fault);
	result = check_coverage(build, fault);
	if (result == 0)
		result = fill(&table, build);
	if (result == 0) {
		write_pages(build, &table);
		for (uint32_t i = 0; i < table.list_length; i++)
			build_u24(&build->sections[IMAGE_PORT_LISTS], table.lists[i]);
	}
	free(table.lists);
	return result;
}
