/* reserve: takes a port under a name and becomes the command that is to use it. */
#define _GNU_SOURCE
#include "cli/reserving.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/environment.h"
#include "cli/overlays.h"
#include "http/listen.h"

/* As env(1) and shells have it. */
enum { STATUS_NOT_RUN = 126, STATUS_NO_COMMAND = 127 };

enum { SOCKETS_MAX = 1024, COMMAND_SHOWN = 120 };

static void reserving_done(struct reserving *reserving)
{
	leases_done(&reserving->leases);
	overlay_done(&reserving->overlay);
	strbuf_done(&reserving->command);
	free(reserving->folder);
	reserve_lease_done(&reserving->lease);
}

static int one_transport(unsigned mask, enum transport *ret_transport, struct fault *fault)
{
	enum transport transport = TRANSPORT_TCP;

	while (mask > 1) {
		if (mask & 1)
			return fault_set(fault, STATUS_USAGE, "--transport: one is to be named");
		mask >>= 1;
		transport++;
	}
	*ret_transport = transport;
	return 0;
}

/* What the command line asks for. 0, or STATUS_USAGE with the reason. */
static int read_request(struct reserving *reserving, struct fault *fault)
{
	const struct arguments *arguments = &reserving->cli->arguments;
	const struct settings *settings = &arguments->settings;
	struct reserve_request *request = &reserving->request;

	*request = (struct reserve_request){
		.name = slice_cstr(arguments->words[0]),
		.owner = geteuid(),
		.process = getpid(),
		.first = settings->ports_given ? settings->first_port : PORT_USER_FIRST,
		.last = settings->ports_given ? settings->last_port : PORT_DYNAMIC_FIRST - 1,
		.stated = settings->ports_given,
		.address = settings->address,
		.hold = settings->hold,
	};
	if (!reserve_name_valid(request->name, fault) ||
	    (request->address && !reserve_address_valid(request->address, fault)) ||
	    one_transport(settings->transports, &request->transport, fault) != 0)
		return STATUS_USAGE;
	if (request->last == 0)
		return fault_set(fault, STATUS_USAGE, "port 0 is any port, and none to be held");
	if (request->hold == RESERVE_BOUND && request->transport != TRANSPORT_TCP)
		return fault_set(fault, STATUS_USAGE, "--hold socket is for tcp alone");
	/* The system has put a NULL behind the last word. */
	reserving->words = arguments->words + 1;
	reserving->words[arguments->word_count - 1] = NULL;
	return 0;
}

/* How many sockets this process was handed itself, by systemd or by another reserve before it. */
static unsigned count_inherited(char **environment)
{
	uint64_t process, count;

	return number_parse(environment_value(environment, SLICE("LISTEN_PID")), INT32_MAX,
			    &process) &&
			       (pid_t)process == getpid() &&
			       number_parse(environment_value(environment, SLICE("LISTEN_FDS")),
					    SOCKETS_MAX, &count)
		       ? (unsigned)count
		       : 0;
}

static bool is_overlaid(const void *context, enum transport transport, uint16_t port)
{
	const struct overlay *overlay = context;

	for (size_t i = 0; i < overlay->count; i++) {
		if (query_port_state(&overlay->layers[i].image, transport, port) != ROW_UNASSIGNED)
			return true;
	}
	return false;
}

/* Where, what for, beside whom, and with which sockets of others. */
static int look_around(struct reserving *reserving, struct fault *fault)
{
	struct reserve_request *request = &reserving->request;
	int result = leases_folder(&reserving->folder, fault);
	bool broken = false;

	for (char **word = reserving->words; *word; word++) {
		if (word > reserving->words)
			strbuf_add_byte(&reserving->command, ' ');
		strbuf_add(&reserving->command, slice_cstr(*word));
	}
	if (result == 0 && reserving->command.failed)
		result = fault_memory(fault);
	if (result < 0)
		return result;
	result = overlays_open(reserving->cli, &reserving->overlay, &broken, fault);
	if (result < 0)
		return result;
	request->is_known = is_overlaid;
	request->context = &reserving->overlay;
	request->folder = slice_cstr(reserving->folder);
	request->command = strbuf_slice(&reserving->command);
	if (request->command.n > COMMAND_SHOWN)
		request->command.n = COMMAND_SHOWN;
	reserving->inherited = count_inherited(reserving->cli->environment);
	return 0;
}

int reserving_take(struct reserving *reserving, struct fault *fault)
{
	int result = 0;

	if (!reserving->leases.reserve)
		result = leases_open(reserving->cli, RESERVE_CREATE, &reserving->leases, fault);
	return result < 0 ? result
			  : reserve_take(reserving->leases.reserve, &reserving->cli->registry.image,
					 &reserving->request, &reserving->lease, fault);
}

static int set(const char *name, struct slice value, struct fault *fault)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	strbuf_add(&text, value);
	strbuf_add_byte(&text, '\0');
	return text.failed || setenv(name, text.p, 1) < 0 ? fault_memory(fault) : 0;
}

static int set_number(const char *name, uint64_t value, struct fault *fault)
{
	char space[NUMBER_DIGITS];

	return set(name, number_write(value, space), fault);
}

/* The names of those before, of which some may not be told, and the new one: sd_listen_fds(3). */
static int set_names(struct reserving *reserving, struct fault *fault)
{
	struct slice names =
		environment_value(reserving->cli->environment, SLICE("LISTEN_FDNAMES"));
	struct strbuf text CLEANUP(strbuf_done) = {};

	for (unsigned i = 0; i < reserving->inherited; i++) {
		struct slice name = slice_cut(&names, ':');

		strbuf_add(&text, name.n > 0 ? name : SLICE("unknown"));
		strbuf_add_byte(&text, ':');
	}
	strbuf_add(&text, reserving->request.name);
	return text.failed ? fault_memory(fault)
			   : set("LISTEN_FDNAMES", strbuf_slice(&text), fault);
}

/* The socket to the place where the command looks for it: sd_listen_fds(3). */
static int hand_over(struct reserving *reserving, struct fault *fault)
{
	int fd = LISTEN_FIRST_FD + (int)reserving->inherited, from = reserving->lease.fd;
	int result = set_names(reserving, fault);

	if (result == 0)
		result = set_number("LISTEN_FDS", reserving->inherited + 1, fault);
	if (result == 0)
		result = set_number("LISTEN_PID", (uint64_t)getpid(), fault);
	if (result < 0)
		return result;
	if (from == fd ? fcntl(fd, F_SETFD, 0) < 0 : dup2(from, fd) < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot hand over descriptor %d: %s", fd,
				 strerror(errno));
	return 0;
}

static int prepare(struct reserving *reserving, struct fault *fault)
{
	int result = set_number("PORT", reserving->lease.port, fault);

	if (result < 0)
		return result;
	switch (reserving->request.hold) {
	case RESERVE_LISTENING:
		return hand_over(reserving, fault);
	case RESERVE_BOUND:
		/* The command has it, without knowing, until it ends. */
		return fcntl(reserving->lease.fd, F_SETFD, 0) < 0
			       ? fault_set(fault, FAULT_SYSTEM, "cannot pass on the socket: %s",
					   strerror(errno))
			       : 0;
	default:
		return 0; /* closed by exec, not before */
	}
}

int reserving_become(struct reserving *reserving)
{
	const struct cli *cli = reserving->cli;
	struct fault fault;
	int error;

	if (prepare(reserving, &fault) < 0)
		return say_fault(NULL, &fault);
	signal(SIGPIPE, cli->signals.pipe);
	signal(SIGXFSZ, cli->signals.size);
	execvp(reserving->words[0], reserving->words);
	error = errno;
	say("%s: %s", reserving->words[0], strerror(error));
	return error == ENOENT ? STATUS_NO_COMMAND : STATUS_NOT_RUN;
}

/* The next process need not find out that this one ended. */
void reserving_undo(struct reserving *reserving)
{
	struct fault fault;
	int result = leases_open(reserving->cli, RESERVE_WRITE, &reserving->leases, &fault);

	if (result == 0)
		result = reserve_undo(reserving->leases.reserve, &reserving->request,
				      &reserving->lease, &fault);
	if (result < 0)
		leases_fail(&reserving->leases, &fault);
}

/* Of what this process becomes: its lease is the command's. */
static int run_here(struct reserving *reserving)
{
	const struct reserve_lease *lease = &reserving->lease;
	struct slice name = reserving->request.name;
	struct fault fault;
	bool in_use;
	int status;

	if (reserving_take(reserving, &fault) != 0)
		return leases_fail(&reserving->leases, &fault);
	in_use = lease->refused == EADDRINUSE;
	if (lease->given_up != 0)
		say("port %u, which %.*s had, %s%s; it has %u now", lease->given_up, (int)name.n,
		    name.p, in_use ? "is in use" : "cannot be bound: ",
		    in_use ? "" : strerror(lease->refused), lease->port);
	/* Its descriptor may be the one that the command is to find the socket at. */
	leases_done(&reserving->leases);
	status = reserving_become(reserving);
	reserving_undo(reserving);
	return status;
}

int reserve_run(struct cli *cli)
{
	struct reserving reserving CLEANUP(reserving_done) = {.cli = cli, .lease = {.fd = -1}};
	struct fault fault;

	if (read_request(&reserving, &fault) != 0) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	if (look_around(&reserving, &fault) < 0)
		return say_fault(NULL, &fault);
	return cli->arguments.settings.server ? lent_run(&reserving) : run_here(&reserving);
}
