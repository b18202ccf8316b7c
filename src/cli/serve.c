/* The registry by HTTP, until a signal ends it. */
#include "http/server.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/cli.h"
#include "cli/environment.h"
#include "cli/mailing.h"
#include "http/desk_access.h"
#include "http/listen.h"
#include "http/site.h"
#include "http/upkeep.h"

enum {
	REFRESH_SECONDS = 5, /* between two looks for a new edition */
	STOP_SECONDS = 30,   /* for what is under way when the server is to end */
	THREADS_MAX = 16,
	LARGE_PIECE = 256 * 1024, /* bytes of memory that are the system's again once freed */
	SPARE_FILES = 64,	  /* descriptors beside those of connections */
	SENDING_MAX = 128 * 1024 * 1024,
};

struct serving {
	struct cli *cli;
	struct site *site;
	struct server *server;
	struct upkeep *upkeep;
	struct mailing mailing;
	struct server_options options;
	struct fault said; /* the last failure of a refresh: it is told once */
	uint64_t state;	   /* of the site, when answers were last forgotten */
};

/* A socket that systemd is to be told something through: sd_notify(3). Failing does no harm. */
static void notify(const struct cli *cli, struct slice state)
{
	struct slice path = environment_value(cli->environment, SLICE("NOTIFY_SOCKET"));
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (path.n < 2 || path.n >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path.p, path.n);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, state.p, state.n, MSG_NOSIGNAL, (struct sockaddr *)&address,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.n));
	close(fd);
}

/* How many sockets were handed over to this process: sd_listen_fds(3). */
static size_t count_inherited(const struct cli *cli)
{
	struct slice owner = environment_value(cli->environment, SLICE("LISTEN_PID"));
	struct slice count = environment_value(cli->environment, SLICE("LISTEN_FDS"));
	uint64_t pid, n;

	if (!number_parse(owner, INT32_MAX, &pid) || (pid_t)pid != getpid() ||
	    !number_parse(count, SERVER_SOCKETS_MAX, &n))
		return 0;
	return (size_t)n;
}

/* What was handed over, what options name, and the usual address where there is nothing else. */
static int open_sockets(struct serving *serving, struct fault *fault)
{
	const struct settings *settings = &serving->cli->arguments.settings;
	struct server_options *options = &serving->options;
	const char *listen = settings->listen;
	int result = 0;

	for (size_t n = count_inherited(serving->cli); options->socket_count < n && result == 0;) {
		int fd = LISTEN_FIRST_FD + (int)options->socket_count;

		result = listen_inherited(fd, fault);
		options->sockets[options->socket_count++] = fd;
		options->inherited++;
	}
	if (options->socket_count + 2 > SERVER_SOCKETS_MAX)
		return fault_set(fault, FAULT_LIMIT, "more than %d sockets", SERVER_SOCKETS_MAX);
	if (result == 0 && settings->unix_path)
		result = listen_unix(settings->unix_path,
				     &options->sockets[options->socket_count++], fault);
	if (!listen && options->socket_count == 0)
		listen = "127.0.0.1:8046";
	if (result == 0 && listen)
		result = listen_tcp(slice_cstr(listen), &options->sockets[options->socket_count++],
				    fault);
	return result;
}

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

static void set_options(struct serving *serving)
{
	const struct settings *settings = &serving->cli->arguments.settings;
	struct server_options *options = &serving->options;
	struct rlimit files;
	rlim_t wanted;

	options->site = serving->site;
	options->answer = site_answer;
	options->lane_of = site_lane;
	options->threads = settings->threads ? settings->threads : processors();
	options->connections = settings->connections ? settings->connections : 1024;
	if (options->connections < options->threads)
		options->connections = options->threads;
	options->per_address = settings->per_address ? settings->per_address : 512;
	options->seconds = settings->request_timeout ? settings->request_timeout : 15;
	options->sending = SENDING_MAX;
	options->access = settings->access;
	options->access_fd = STDOUT_FILENO;
	/* A connection that a file is sent on has another one for that. */
	wanted = (rlim_t)options->connections * 2 + SPARE_FILES;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
		files.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void say_addresses(const struct serving *serving)
{
	for (size_t i = 0; i < serving->options.socket_count; i++) {
		struct strbuf name = {};

		listen_name(serving->options.sockets[i], &name);
		say("serving %.*s", (int)name.n, strbuf_slice(&name).p);
		strbuf_done(&name);
	}
}

static void refresh(struct serving *serving)
{
	struct fault fault = {};
	int result;

	server_begin_change(serving->server);
	result = site_refresh(serving->site, &fault);
	/* What cannot be looked at may have changed. */
	if (result < 0 || site_state(serving->site) != serving->state)
		server_forget(serving->server);
	server_end_change(serving->server);
	serving->state = site_state(serving->site);
	if (result == 0) {
		serving->said = (struct fault){};
		return;
	}
	atomic_fetch_add(&server_operations(serving->server)->refreshes_failed, 1);
	if (strcmp(serving->said.text, fault.text) != 0)
		say_fault(registry_name(serving->cli), &fault);
	serving->said = fault;
}

/* Waits for signals, which every thread has blocked, and does once a second what is to be done. */
static void attend(struct serving *serving, const sigset_t *signals)
{
	time_t second = 0;

	for (;;) {
		int number = sigtimedwait(signals, NULL, &(struct timespec){.tv_sec = 1});

		if (number == SIGINT || number == SIGTERM)
			return;
		server_sweep(serving->server);
		if (number == SIGHUP || ++second % REFRESH_SECONDS == 0)
			refresh(serving);
	}
}

static void say_upkeep(const struct fault *fault)
{
	say("the desk's upkeep: %s", fault->text);
}

/* Of a store that has a desk, or may come to have one. */
static int keep_up(struct serving *serving, struct fault *fault)
{
	struct upkeep_options options = {.store = serving->cli->store.path, .say = say_upkeep};
	int result = mailing_read(serving->cli, &serving->mailing, fault);

	if (result == 0)
		options.mail = &serving->mailing.options;
	return result < 0 || !options.store || serving->cli->arguments.settings.registry
		       ? result
		       : upkeep_start(&options, &serving->upkeep, fault);
}

static int run(struct serving *serving, struct fault *fault)
{
	sigset_t signals;
	int result = open_sockets(serving, fault);

	if (result < 0)
		return result;
	set_options(serving);
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	result = server_start(&serving->options, &serving->server, fault);
	if (result < 0)
		return result;
	result = keep_up(serving, fault);
	if (result < 0) {
		server_stop(serving->server, 0);
		return result;
	}
	say_addresses(serving);
	notify(serving->cli, SLICE("READY=1"));
	attend(serving, &signals);
	notify(serving->cli, SLICE("STOPPING=1"));
	server_stop(serving->server, STOP_SECONDS);
	upkeep_stop(serving->upkeep);
	mailing_done(&serving->mailing);
	if (serving->cli->arguments.settings.unix_path)
		unlink(serving->cli->arguments.settings.unix_path);
	return 0;
}

int serve_run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	struct site_options site = {.registry = settings->registry,
				    .store = cli->store.path,
				    .base = slice_cstr(settings->base)};
	const struct desk_access_options desk = {.store = site.store,
						 .base = site.base,
						 .proxies = settings->proxies,
						 .proxy_count = settings->proxy_count,
						 .proxy_header = settings->proxy_header,
						 .rate = settings->rate};
	struct serving serving = {.cli = cli};
	struct fault fault;
	int result = 0;

	/* Left to itself the C library raises this, and keeps what editions were made in. */
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_PIECE);
	/* Passwords and tokens of those who ask are in memory, and belong in no file. */
	if (site.store)
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	if (site.store)
		result = desk_access_open(&desk, &site.desk, &fault);
	if (result == 0)
		result = site_open(&site, &serving.site, &fault);
	if (result < 0) {
		desk_access_close(site.desk);
		return say_fault(registry_name(cli), &fault);
	}
	if (!settings->registry && cli->store.stated && !site_store(serving.site))
		say("%s: there is no store yet; the built-in registry is served until there is",
		    cli->store.shown);
	/* What is said of it from now on is of the store that there may be. */
	cli->store.there = cli->store.path != NULL;
	result = run(&serving, &fault);
	site_close(serving.site);
	desk_access_close(site.desk);
	return result < 0 ? say_fault(NULL, &fault) : STATUS_FOUND;
}
