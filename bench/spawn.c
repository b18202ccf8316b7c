/*
 * Runs commands by turns and measures each as a whole process: from before it is started until its
 * end was waited for. Standard output goes to /dev/null. For the N-th command, reports
 * timeN, timeN_p10 and timeN_p90 in nanoseconds, and rssN, its peak resident memory in bytes.
 *
 *     spawn ROUNDS COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]...
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { COMMANDS_MAX = 8 };

struct command {
	char **argv;
	double *times;
	double resident;
};

static void finish(struct command *command, pid_t pid)
{
	struct rusage usage;
	double resident;
	int status;

	if (wait4(pid, &status, 0, &usage) != pid)
		bench_fail("cannot wait");
	/* 1 is an answer as well: nothing was found, or something differs. */
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "%s %s: failed (wait status %d)\n", command->argv[0],
			command->argv[1] ? command->argv[1] : "", status);
		exit(3);
	}
	resident = (double)usage.ru_maxrss * 1024;
	if (command->resident < resident)
		command->resident = resident;
}

static double run(struct command *command, const posix_spawn_file_actions_t *actions)
{
	double start = bench_now();
	pid_t pid;

	if (posix_spawn(&pid, command->argv[0], actions, NULL, command->argv, environ) != 0) {
		fprintf(stderr, "cannot run %s\n", command->argv[0]);
		exit(3);
	}
	finish(command, pid);
	return bench_now() - start;
}

/*
 * The kernel counts what the parent's memory held at exec as the child's, unless the child had
 * memory of its own by then: so not posix_spawn.
 */
static void measure_memory(struct command *command)
{
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
			execv(command->argv[0], command->argv);
		_exit(127);
	}
	if (pid < 0)
		bench_fail("cannot fork");
	command->resident = 0;
	finish(command, pid);
}

static size_t split(char **argv, struct command *commands, size_t rounds)
{
	size_t count = 0;

	for (; *argv && count < COMMANDS_MAX; argv++) {
		commands[count].argv = argv;
		commands[count++].times = bench_alloc(rounds, sizeof(double));
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (!*argv)
			break;
		*argv = NULL;
	}
	return count;
}

static void report(struct command *command, size_t rounds, size_t number)
{
	static const struct {
		const char *name;
		double share;
	} figures[] = {{"time%zu", 0.5}, {"time%zu_p10", 0.1}, {"time%zu_p90", 0.9}};
	char name[32];

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		snprintf(name, sizeof(name), figures[i].name, number);
		bench_report(name, bench_quantile(command->times, rounds, figures[i].share));
	}
	measure_memory(command);
	snprintf(name, sizeof(name), "rss%zu", number);
	bench_report(name, command->resident);
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX] = {};
	posix_spawn_file_actions_t actions;
	size_t count, rounds;

	if (argc < 3 || (rounds = (size_t)strtoul(argv[1], NULL, 10)) == 0)
		bench_fail("usage: spawn ROUNDS COMMAND... [-- COMMAND...]...");
	count = split(argv + 2, commands, rounds);
	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) !=
		    0)
		bench_fail("cannot prepare");
	for (size_t i = 0; i < count; i++)
		run(&commands[i], &actions);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < count; i++)
			commands[i].times[round] = run(&commands[i], &actions);
	}
	for (size_t i = 0; i < count; i++)
		report(&commands[i], rounds, i);
	return 0;
}
