/* reservations and release of what a registry's server lends. */
#include <stdlib.h>

#include "cli/records.h"
#include "cli/leases.h"
#include "cli/lending.h"

enum {
	CELL_NAME,
	CELL_PORT,
	CELL_TRANSPORT,
	CELL_HOLDER,
	CELL_HOST,
	CELL_PROJECT,
	CELL_SINCE,
	CELL_UNTIL,
	CELL_LEASE,
	CELL_COUNT,
};

static const struct table_column columns[CELL_COUNT] = {
	[CELL_NAME] = {SLICE("Name"), 12, 0, false},
	[CELL_PORT] = {SLICE("Port"), 5, 0, true},
	[CELL_TRANSPORT] = {SLICE("Transport"), 4, 0, false},
	[CELL_HOLDER] = {SLICE("Holder"), 8, 3, false},
	[CELL_HOST] = {SLICE("Host"), 8, 1, false},
	[CELL_PROJECT] = {SLICE("Project"), 20, 2, false},
	[CELL_SINCE] = {SLICE("Since"), 20, 4, false},
	[CELL_UNTIL] = {SLICE("Until"), 20, 2, false},
	[CELL_LEASE] = {SLICE("Lease"), 5, 5, true},
};

/* Keys of JSON, and headings of CSV. */
static const struct slice keys[CELL_COUNT] = {
	[CELL_NAME] = {"name", 4},	     [CELL_PORT] = {"port", 4},
	[CELL_TRANSPORT] = {"transport", 9}, [CELL_HOLDER] = {"holder", 6},
	[CELL_HOST] = {"host", 4},	     [CELL_PROJECT] = {"project", 7},
	[CELL_SINCE] = {"since", 5},	     [CELL_UNTIL] = {"until", 5},
	[CELL_LEASE] = {"lease", 5},
};

struct lent_list {
	struct lending lending;
	struct arena arena;
	const struct lease *leases;
	size_t count;
};

static void list_done(struct lent_list *list)
{
	lending_done(&list->lending);
	arena_done(&list->arena);
}

/* 0, or the status to end with. */
static int list_open(const struct cli *cli, struct lent_list *list)
{
	struct fault fault;
	int result = lending_open(cli, &list->lending);

	if (result != 0)
		return result;
	result = lease_list(&list->lending.server, &list->arena, &list->leases, &list->count,
			    &fault);
	return result != LEASE_DONE ? lending_fail(result, &fault) : 0;
}

static void put_lease(struct records *records, const struct lease *lease)
{
	struct strbuf row[CELL_COUNT] = {};

	records_add_text(&row[CELL_NAME], lease->name);
	strbuf_add_uint(&row[CELL_PORT], lease->port);
	strbuf_add(&row[CELL_TRANSPORT], transport_name(lease->transport));
	records_add_text(&row[CELL_HOLDER], lease->holder);
	records_add_text(&row[CELL_HOST], lease->host);
	records_add_text(&row[CELL_PROJECT], lease->project);
	records_add_text(&row[CELL_SINCE], lease->since);
	records_add_text(&row[CELL_UNTIL], lease->until);
	strbuf_add_uint(&row[CELL_LEASE], (uint64_t)lease->number);
	records_put(records, row);
}

int lent_reservations_run(struct cli *cli)
{
	struct lent_list list CLEANUP(list_done) = {};
	struct records records CLEANUP(records_done) = {
		.cli = cli,
		.keys = keys,
		.numbers = 1U << CELL_PORT | 1U << CELL_LEASE,
		.listing = {.columns = columns, .column_count = CELL_COUNT},
	};
	struct fault fault;
	int status;

	if (cli->arguments.settings.sysctl || cli->arguments.settings.system) {
		say("reservations: --system and --sysctl are of this machine, not of a registry");
		return STATUS_USAGE;
	}
	status = list_open(cli, &list);
	if (status != 0)
		return status;
	records_begin(&records);
	for (size_t i = 0; i < list.count; i++)
		put_lease(&records, &list.leases[i]);
	if (records_end(&records, &fault) < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (list.count > 0)
		return STATUS_FOUND;
	say("no leases");
	return STATUS_NOT_FOUND;
}

static bool is_meant(const struct lease *lease, const struct reserve_subject *subject,
		     struct slice host)
{
	if (subject->transport != TRANSPORT_NONE && lease->transport != subject->transport)
		return false;
	if (!subject->name.p)
		return lease->port >= subject->first && lease->port <= subject->last;
	return slice_eq(lease->name, subject->name) && slice_eq(lease->project, subject->folder) &&
	       slice_eq(lease->host, host);
}

static int release_one(const struct lent_list *list, const char *word, const char *folder)
{
	struct reserve_subject subject;
	struct fault fault;
	char space[256];
	struct slice host = lending_host(space, sizeof(space));
	bool found = false;
	int worst = STATUS_FOUND;

	if (!leases_subject(word, folder, &subject, &fault)) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < list->count; i++) {
		int result;

		if (!is_meant(&list->leases[i], &subject, host))
			continue;
		found = true;
		result = lease_release(&list->lending.server, list->leases[i].number, &fault);
		if (result != LEASE_DONE)
			worst = lending_fail(result, &fault);
	}
	if (found)
		return worst;
	if (subject.name.p)
		say("%s has no port on this machine in %s; portbook reservations --registry URL "
		    "lists all",
		    word, folder);
	else
		say("%s is not lent; portbook reservations --registry URL lists all", word);
	return STATUS_NOT_FOUND;
}

int lent_release_run(struct cli *cli)
{
	struct lent_list list CLEANUP(list_done) = {};
	struct fault fault;
	char *folder;
	int worst;

	if (leases_folder(&folder, &fault) < 0)
		return say_fault(NULL, &fault);
	worst = list_open(cli, &list);
	for (size_t i = 0; i < cli->arguments.word_count && worst < STATUS_LATER; i++) {
		int status = release_one(&list, cli->arguments.words[i], folder);

		worst = status > worst ? status : worst;
	}
	free(folder);
	return worst;
}
