#include "cli/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/leases.h"
#include "cli/overlays.h"
#include "host/processes.h"
#include "record/date.h"

/* Years within which a port that was assigned is not forgotten. */
enum { FORMER_YEARS = 2 };

void known_done(struct known *known)
{
	overlay_done(&known->overlay);
	registry_close(&known->former);
	arena_done(&known->arena);
	free(known->uses);
	*known = (struct known){};
}

/* The date of the edition: as its document has it, or the store. */
static struct slice find_date(const struct opened *opened)
{
	struct slice title, date, origin = strbuf_slice(&opened->origin),
				  edition = SLICE("edition ");

	if (image_fact(&opened->image, IMAGE_FACT_UPDATED, 0, &title, &date) && date.n > 0)
		return date;
	origin = slice_skip(origin, slice_starts(origin, edition) ? edition.n : origin.n);
	return (struct slice){origin.p, origin.n < DATE_LENGTH ? origin.n : DATE_LENGTH};
}

/*
 * The store's edition of some years before. A store that has none so old is no fault, nor is one
 * that cannot be read, which the registry itself was just read from.
 */
static int open_former(struct cli *cli, const struct history_filter *filter, struct known *known,
		       struct fault *fault)
{
	const char *as_of = cli->arguments.settings.as_of;
	struct opened newest = cli->registry;
	char then[16];
	struct date date;
	int result;

	if (cli->arguments.settings.registry || !cli->store.there ||
	    !date_parse(known->facts.date, &date) || date.day == 0)
		return 0;
	/* A day that February may lack. */
	snprintf(then, sizeof(then), "%04u-%02u-%02u", date.year - FORMER_YEARS, date.month,
		 date.day > 28 ? 28 : date.day);
	cli->registry = (struct opened){};
	cli->arguments.settings.as_of = then;
	result = registry_open(cli, filter, fault);
	cli->arguments.settings.as_of = as_of;
	known->former = cli->registry;
	cli->registry = newest;
	if (result == 0) {
		known->facts.former = &known->former.image;
		known->facts.former_date = find_date(&known->former);
	}
	return result == FAULT_MEMORY ? result : 0;
}

static void find_now(struct known *known)
{
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(known->now, sizeof(known->now), "%Y-%m-%d", &tm);
	known->facts.now = slice_cstr(known->now);
}

static void look_here(struct known *known)
{
	struct host_sysctl *sysctl = &known->sysctl;

	find_now(known);
	host_sysctl_read(NULL, sysctl);
	if (!sysctl->has_ephemeral || !sysctl->has_reserved || !sysctl->has_unprivileged)
		say("this machine's settings of ports (/proc/sys/net/ipv4) cannot be seen:%s%s%s",
		    sysctl->has_ephemeral ? "" : " ip_local_port_range",
		    sysctl->has_reserved ? "" : " ip_local_reserved_ports",
		    sysctl->has_unprivileged ? "" : " ip_unprivileged_port_start");
	known->facts.sysctl = sysctl;
}

static int add_use(struct known *known, const struct advice_use *use, struct fault *fault)
{
	bool failed = false;

	if (known->use_count == known->use_size) {
		size_t size = known->use_size * 2 + 64;
		struct advice_use *grown = reallocarray(known->uses, size, sizeof(*grown));

		if (!grown)
			return fault_memory(fault);
		known->uses = grown;
		known->use_size = size;
	}
	known->uses[known->use_count] = *use;
	known->uses[known->use_count].who = arena_copy(&known->arena, use->who, &failed);
	known->use_count += !failed;
	return failed ? fault_memory(fault) : 0;
}

/* "nginx (4711)", or what else is known of who has the socket. */
static void add_owner(const struct host_processes *processes, size_t socket, struct strbuf *who)
{
	size_t count;
	const struct host_owner *owners = host_owners(processes, socket, &count);
	const struct host_process *process = count > 0 ? &processes->all[owners->process] : NULL;
	struct slice name = process && process->program.n > 0 ? process->program
			    : process			      ? process->command
							      : SLICE_NONE;

	strbuf_add(who, name.n > 0 ? name : SLICE("a process that cannot be seen"));
	if (process)
		strbuf_printf(who, " (%ju)", (uintmax_t)process->pid);
}

static const struct advice_use *last_use(const struct known *known)
{
	return &known->uses[known->use_count - 1];
}

static int add_listeners(struct known *known, const struct host_sockets *sockets,
			 const struct host_processes *processes, struct fault *fault)
{
	struct strbuf who CLEANUP(strbuf_done) = {};
	int result = 0;

	for (size_t i = 0; i < sockets->count && result == 0; i++) {
		const struct host_socket *socket = &sockets->all[i];
		struct advice_use use = {.transport = socket->transport, .port = socket->port};

		who.n = 0;
		add_owner(processes, i, &who);
		use.who = strbuf_slice(&who);
		/* One that listens at several addresses is said once. */
		if (known->use_count > 0 && advice_use_compare(last_use(known), &use) == 0 &&
		    slice_eq(last_use(known)->who, use.who))
			continue;
		result = who.failed ? fault_memory(fault) : add_use(known, &use, fault);
	}
	return result;
}

static void note_sight(struct known *known, const struct host_sockets *sockets)
{
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (sockets->sight[i] == HOST_SEEN || sockets->sight[i] == HOST_NOT_THERE)
			known->facts.seen |= 1u << i;
		else if (sockets->sight[i] == HOST_UNSEEN)
			say("this machine's sockets of %s cannot be seen",
			    transport_name((enum transport)i).p);
	}
}

static int find_listeners(struct known *known, struct fault *fault)
{
	struct host_sockets sockets CLEANUP(host_sockets_done) = {};
	struct host_processes processes CLEANUP(host_processes_done) = {};
	const struct host_wanted wanted = {.transports = known->transports};
	int result = host_sockets_read(NULL, &wanted, &sockets, fault);

	if (result == FAULT_SYSTEM) {
		say("this machine's sockets cannot be seen: %s", fault->text);
		return 0;
	}
	if (result < 0)
		return result;
	note_sight(known, &sockets);
	result = host_processes_read(NULL, &sockets, &processes, fault);
	return result == 0 ? add_listeners(known, &sockets, &processes, fault) : result;
}

struct adding {
	struct known *known;
	struct fault *fault;
};

static int add_reservation(void *context, const struct reservation *reservation)
{
	struct adding *adding = context;
	struct strbuf who CLEANUP(strbuf_done) = {};
	struct advice_use use = {
		.transport = reservation->transport, .port = reservation->port, .held = true};

	strbuf_add(&who, reservation->name);
	strbuf_add(&who, SLICE(" in "));
	strbuf_add(&who, reservation->folder);
	use.who = strbuf_slice(&who);
	return who.failed ? fault_memory(adding->fault)
			  : add_use(adding->known, &use, adding->fault);
}

/* The reservations of the user, or of the system. Those that cannot be read are said. */
static int find_reservations(struct cli *cli, bool system, struct known *known, struct fault *fault)
{
	struct leases leases CLEANUP(leases_done) = {};
	struct adding adding = {known, fault};
	int result;

	cli->arguments.settings.system = system;
	result = leases_open(cli, RESERVE_READ, &leases, fault);
	cli->arguments.settings.system = false;
	if (result == 0)
		result = reserve_each(leases.reserve, add_reservation, &adding, fault);
	if (result == FAULT_MEMORY)
		return result;
	if (result < 0 && leases.place.there)
		leases_fail(&leases, fault);
	return 0;
}

static int find_uses(struct cli *cli, struct known *known, struct fault *fault)
{
	int result = find_listeners(known, fault);

	if (result == 0)
		result = find_reservations(cli, false, known, fault);
	if (result == 0)
		result = find_reservations(cli, true, known, fault);
	if (known->use_count > 0)
		qsort(known->uses, known->use_count, sizeof(*known->uses), advice_use_compare);
	known->facts.uses = known->uses;
	known->facts.use_count = known->use_count;
	return result;
}

int known_gather(struct cli *cli, const struct history_filter *filter, struct known *known,
		 struct fault *fault)
{
	bool broken = false;
	int result = registry_open(cli, filter, fault);

	if (result < 0)
		return result;
	known->facts = (struct advice_facts){
		.image = &cli->registry.image,
		.origin = registry_origin(cli),
		.date = find_date(&cli->registry),
	};
	result = open_former(cli, filter, known, fault);
	if (result == 0)
		result = overlays_open(cli, &known->overlay, &broken, fault);
	if (result < 0)
		return result;
	known->facts.overlay = &known->overlay;
	if (!cli->arguments.settings.anywhere) {
		look_here(known);
		result = find_uses(cli, known, fault);
	}
	return result < 0 ? result : broken ? 1 : 0;
}
