/* reservations and release: which names have ports, and giving them up. */
#include <pwd.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/records.h"
#include "cli/leases.h"
#include "cli/lending.h"

enum {
	CELL_NAME,
	CELL_PORT,
	CELL_TRANSPORT,
	CELL_STATE,
	CELL_OWNER,
	CELL_PROCESS,
	CELL_COMMAND,
	CELL_FOLDER,
	CELL_SINCE,
	CELL_COUNT,
};

static const struct table_column columns[CELL_COUNT] = {
	[CELL_NAME] = {SLICE("Name"), 12, 0, false},
	[CELL_PORT] = {SLICE("Port"), 5, 0, true},
	[CELL_TRANSPORT] = {SLICE("Transport"), 4, 0, false},
	[CELL_STATE] = {SLICE("State"), 4, 0, false},
	[CELL_OWNER] = {SLICE("Owner"), 8, 3, false},
	[CELL_PROCESS] = {SLICE("Process"), 7, 2, true},
	[CELL_COMMAND] = {SLICE("Command"), 20, 2, false},
	[CELL_FOLDER] = {SLICE("Folder"), 20, 1, false},
	[CELL_SINCE] = {SLICE("Since"), 20, 4, false},
};

/* Keys of JSON, and headings of CSV. */
static const struct slice keys[CELL_COUNT] = {
	[CELL_NAME] = {"name", 4},	     [CELL_PORT] = {"port", 4},
	[CELL_TRANSPORT] = {"transport", 9}, [CELL_STATE] = {"state", 5},
	[CELL_OWNER] = {"owner", 5},	     [CELL_PROCESS] = {"process", 7},
	[CELL_COMMAND] = {"command", 7},     [CELL_FOLDER] = {"folder", 6},
	[CELL_SINCE] = {"since", 5},
};

static void add_time(struct strbuf *to, int64_t seconds)
{
	time_t moment = (time_t)seconds;
	char space[32];
	struct tm parts;

	/* Years of four digits. */
	if (seconds >= 0 && seconds < INT64_C(253402300800) && gmtime_r(&moment, &parts))
		strbuf_add(to, (struct slice){space, strftime(space, sizeof(space),
							      "%Y-%m-%dT%H:%M:%SZ", &parts)});
}

static void add_owner(struct strbuf *to, uint32_t owner)
{
	const struct passwd *user = getpwuid(owner);

	if (user)
		records_add_text(to, slice_cstr(user->pw_name));
	else
		strbuf_add_uint(to, owner);
}

static void read_cells(const struct reservation *row, struct strbuf cells[static CELL_COUNT])
{
	records_add_text(&cells[CELL_NAME], row->name);
	strbuf_add_uint(&cells[CELL_PORT], row->port);
	strbuf_add(&cells[CELL_TRANSPORT], transport_name(row->transport));
	strbuf_add(&cells[CELL_STATE], row->held ? SLICE("held") : SLICE("kept"));
	add_owner(&cells[CELL_OWNER], row->owner);
	if (row->held)
		strbuf_add_uint(&cells[CELL_PROCESS], (uint64_t)row->process);
	records_add_text(&cells[CELL_COMMAND], row->command);
	records_add_text(&cells[CELL_FOLDER], row->folder);
	add_time(&cells[CELL_SINCE], row->since);
}

static int print_one(void *context, const struct reservation *row)
{
	struct strbuf cells[CELL_COUNT] = {};

	read_cells(row, cells);
	records_put(context, cells);
	return 0;
}

static int print_all(struct records *records, struct reserve *reserve, struct fault *fault)
{
	int result = 0;

	records_begin(records);
	if (reserve)
		result = reserve_each(reserve, print_one, records, fault);
	return result < 0 ? result : records_end(records, fault);
}

static int print_sysctl(struct cli *cli, struct reserve *reserve, struct fault *fault)
{
	struct strbuf ports CLEANUP(strbuf_done) = {};
	int result = reserve ? reserve_sysctl(reserve, &ports, fault) : 0;

	if (result < 0)
		return result;
	if (ports.n > 0)
		out_printf(cli->out, "net.ipv4.ip_local_reserved_ports = %.*s\n", (int)ports.n,
			   ports.p);
	return 0;
}

int reservations_run(struct cli *cli)
{
	struct leases leases CLEANUP(leases_done) = {};
	struct records records CLEANUP(records_done) = {
		.cli = cli,
		.keys = keys,
		.numbers = 1U << CELL_PORT | 1U << CELL_PROCESS,
		.listing = {.columns = columns, .column_count = CELL_COUNT},
	};
	struct fault fault;
	int result;

	if (cli->arguments.settings.server)
		return lent_reservations_run(cli);
	result = leases_open(cli, RESERVE_READ, &leases, &fault);
	if (result >= 0)
		result = cli->arguments.settings.sysctl
				 ? print_sysctl(cli, leases.reserve, &fault)
				 : print_all(&records, leases.reserve, &fault);
	if (result < 0)
		return leases_fail(&leases, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (records.count > 0 || (cli->arguments.settings.sysctl && leases.reserve))
		return STATUS_FOUND;
	say("no reservations");
	return STATUS_NOT_FOUND;
}

bool leases_subject(const char *word, const char *folder, struct reserve_subject *subject,
		    struct fault *fault)
{
	struct slice rest = slice_cstr(word), what = slice_cut(&rest, '/');

	*subject = (struct reserve_subject){.transport = TRANSPORT_NONE};
	if (rest.p && !transport_parse(rest, &subject->transport)) {
		fault_set(fault, FAULT_MALFORMED, "\"%s\": no transport after the slash", word);
		return false;
	}
	if (port_parse(what, &subject->first, &subject->last))
		return true;
	subject->name = what;
	subject->folder = slice_cstr(folder);
	return reserve_name_valid(what, fault);
}

static int release_one(const struct cli *cli, const struct leases *leases, const char *word,
		       const char *folder)
{
	const char *system = cli->arguments.settings.system ? " --system" : "";
	struct reserve_subject subject;
	struct fault fault;
	int result = 1;

	if (!leases_subject(word, folder, &subject, &fault)) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	if (leases->reserve)
		result = reserve_release(leases->reserve, &subject, geteuid(), &fault);
	if (result < 0)
		return leases_fail(leases, &fault);
	if (result == 1 && subject.name.p)
		say("%s has no port in %s; portbook reservations%s lists all", word, folder,
		    system);
	else if (result == 1)
		say("no name has %s; portbook reservations%s lists all", word, system);
	return result == 1 ? STATUS_NOT_FOUND : STATUS_FOUND;
}

int release_run(struct cli *cli)
{
	struct leases leases CLEANUP(leases_done) = {};
	char *folder;
	struct fault fault;
	int result, worst = STATUS_FOUND;

	if (cli->arguments.settings.server)
		return lent_release_run(cli);
	result = leases_folder(&folder, &fault);
	if (result < 0)
		return say_fault(NULL, &fault);
	result = leases_open(cli, RESERVE_WRITE, &leases, &fault);
	if (result < 0)
		worst = leases_fail(&leases, &fault);
	for (size_t i = 0; i < cli->arguments.word_count && result >= 0; i++) {
		int status = release_one(cli, &leases, cli->arguments.words[i], folder);

		worst = status > worst ? status : worst;
	}
	free(folder);
	return worst;
}
