/*
 * Whatever fails while a command looks at this machine, it ends as commands do, with a word, and
 * nothing leaks. How many calls there are is the machine's, so that later ones are tried in steps.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "failing.h"

enum { WORDS_MAX = 8, CALLS_MAX = 1000000 };

static char folder[] = "/tmp/portbook-commands-XXXXXX", said_path[64], config[64], reservations[80],
	    overlay[96], compose[64];
static int said, nowhere, before;

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int begin(void **state)
{
	char path[96];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(said_path, sizeof(said_path), "%s/said", folder);
	snprintf(compose, sizeof(compose), "%s/compose.yaml", folder);
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", folder);
	snprintf(reservations, sizeof(reservations), "PORTBOOK_RESERVATIONS=%s/r.db", folder);
	snprintf(path, sizeof(path), "%s/portbook", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/portbook/overlays.d", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(overlay, sizeof(overlay), "%s/portbook/overlays.d/site", folder);
	write_file(overlay, "billing 7741/tcp money # Billing\n");
	write_file(compose, "services: {a: {ports: [\"7741:80\"]}, b: {ports: [\"7741:80\"]}}\n");
	said = open(said_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	before = dup(STDERR_FILENO);
	return said < 0 || nowhere < 0 || before < 0;
}

static int finish(void **state)
{
	char command[80];

	(void)state;
	close(said);
	close(nowhere);
	close(before);
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

static int run_command(struct cli *cli)
{
	struct fault fault;
	int status;

	if (cli->arguments.command->opens)
		status = cli->arguments.command->run(cli);
	else if (registry_open(cli, NULL, &fault) < 0)
		status = say_fault(registry_name(cli), &fault);
	else
		status = cli->arguments.command->run(cli);
	registry_close(&cli->registry);
	return status;
}

/* With the n-th call failing; what failed first, and the status. */
static enum failing run(char *const *words, unsigned n, bool all_after, int *ret_status)
{
	char *argv[WORDS_MAX + 1] = {"portbook"}, *environment[] = {config, reservations, NULL};
	struct cli cli = {.environment = environment};
	struct fault fault;
	struct out out;
	enum failing failed;
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = *words;
	assert_int_equal(ftruncate(said, 0), 0);
	assert_int_equal(lseek(said, 0, SEEK_SET), 0);
	assert_int_equal(arguments_parse(argc, argv, &cli.arguments, &fault), 0);
	assert_int_equal(out_init_fd(&out, nowhere), 0);
	cli.out = &out;
	fflush(stderr);
	assert_int_equal(dup2(said, STDERR_FILENO), STDERR_FILENO);
	failing_arm(n, all_after);
	*ret_status = run_command(&cli);
	failed = failing_disarm();
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	out_done(&out);
	return failed;
}

static void check(char *const *words)
{
	int whole;

	assert_int_equal(run(words, CALLS_MAX, false, &whole), FAILING_NONE);
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n += 1 + n / 40) {
			int status;

			assert_true(n < CALLS_MAX);
			failed = run(words, n, all_after, &status);
			assert_true(status == STATUS_FOUND || status == STATUS_NOT_FOUND ||
				    status == STATUS_FAILURE);
			if (failed != FAILING_MEMORY)
				continue;
			/* What is said beside the answer may be shorter. */
			assert_true(status == STATUS_FAILURE || status == whole);
			/* Where writing fails as well, nothing can be said. */
			if (status == STATUS_FAILURE && !all_after)
				assert_true(lseek(said, 0, SEEK_END) > 0);
		}
	}
}

static void test_who(void **state)
{
	(void)state;
	check((char *[]){"who", NULL});
	check((char *[]){"who", "--json", "--all", "ssh", "billing", "nothing-of-it", "1-65535",
			 NULL});
}

static void test_others(void **state)
{
	(void)state;
	check((char *[]){"lookup", "billingg", "7741", NULL});
	check((char *[]){"check", "7741", "22/tcp", NULL});
	check((char *[]){"free", "--ports", "7700-7800", NULL});
	check((char *[]){"audit", "--against", compose, NULL});
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_who),
					   cmocka_unit_test(test_others)};

	return cmocka_run_group_tests_name("commands", tests, begin, finish);
}
