/*
 * Many who want the same at once, and processes that are killed while they act. With each engine.
 *
 *     test_many sqlite|postgres
 *
 * PORTBOOK_KILLS in the environment says how many are killed (otherwise 10).
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "../db/database.h"
#include "office.h"

enum { CLIENTS = 200, PROCESSES = 8, THINGS = 50, FIRST = 20100, THINGS_MAX = 8000 };

/* What processes tell each other; shared. */
struct shared {
	int64_t filed[CLIENTS]; /* requests by client; 0: none yet */
	_Atomic unsigned granted, conflicts, failures;
	_Atomic int64_t acknowledged; /* the last request that a killed process was told of */
};

static struct shared *shared;

static int enter_shared(void **state)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return shared == MAP_FAILED ? -1 : enter(state);
}

static int leave_shared(void **state)
{
	(void)munmap(shared, sizeof(*shared));
	return leave(state);
}

enum { NAME_SIZE = 16 };

/* "thing-abcd" */
static void name_of(unsigned thing, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "thing-%c%c%c%c", (char)('a' + thing / 1000),
		 (char)('a' + thing / 100 % 10), (char)('a' + thing / 10 % 10),
		 (char)('a' + thing % 10));
}

/* Of many who write one waits too long now and then: nothing was done, and it asks again. */
static bool is_locked(int result, const struct fault *fault)
{
	return result == FAULT_SYSTEM && strstr(fault->text, "locked by another one");
}

/* Files, by a desk of its own; the request's number, or 0 and it was a failure. */
static int64_t file_for(struct desk *desk, const struct account *actor, unsigned thing)
{
	struct application application = {};
	struct application_problem problem = {};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	char yaml[300], name[NAME_SIZE];
	int64_t number = 0;
	int result;

	name_of(thing, name);
	snprintf(yaml, sizeof(yaml),
		 "procedure: port\nname: %s\nports: %u\ntransports: tcp\n"
		 "description: Thing of many\nassignee_name: Ada Lovelace\n"
		 "assignee_email: ada@example.org\n",
		 name, FIRST + thing);
	assert_int_equal(application_read_yaml(slice_cstr(yaml), &application, &problem), 0);
	do {
		result = desk_file(desk, actor, &application, SLICE_NONE, NOW, &number, &refusal,
				   &fault);
	} while (is_locked(result, &fault));
	if (result != DESK_DONE) {
		fprintf(stderr, "# %s %s\n", fault.text, refusal.why.text);
		shared->failures++;
	}
	application_done(&application);
	preflight_done(&refusal.preflight);
	return number;
}

static int act_for(struct desk *desk, const struct account *actor, int64_t number,
		   enum action action, struct slice note)
{
	struct desk_act doing = {.action = action, .note = note};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	int result;

	do {
		result = desk_do(desk, actor, number, &doing, NOW, &refusal, &fault);
	} while (is_locked(result, &fault));
	if (result < 0) {
		fprintf(stderr, "# %s\n", fault.text);
		shared->failures++;
	}
	if (result == DESK_CONFLICT && !strstr(refusal.why.text, "assigned"))
		shared->failures++;
	preflight_done(&refusal.preflight);
	return result;
}

/* Its part of the clients, one after the other. */
static void file_some(unsigned process)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct desk *desk = open_desk();
	struct account ada = read_account(desk, ADA, &arena);

	for (unsigned i = process; i < CLIENTS; i += PROCESSES)
		shared->filed[i] = file_for(desk, &ada, i % THINGS);
	desk_close(desk);
}

/* Two registrars in several processes: each takes up, approves and grants what it finds. */
static void grant_some(unsigned process)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct desk *desk = open_desk();
	struct account reg = read_account(desk, REG, &arena), rex = read_account(desk, REX, &arena);

	for (unsigned i = process / 2; i < CLIENTS; i += PROCESSES / 2) {
		int64_t number = shared->filed[i];
		int result;

		/* Two do the same with each: what one did, the other finds done. */
		(void)act_for(desk, &reg, number, ACTION_VALIDATE, SLICE_NONE);
		(void)act_for(desk, &rex, number, ACTION_APPROVE, SLICE_NONE);
		result = act_for(desk, process % 2 ? &reg : &rex, number, ACTION_GRANT, SLICE_NONE);
		if (result == DESK_DONE)
			shared->granted++;
		else if (result == DESK_CONFLICT)
			shared->conflicts++;
	}
	desk_close(desk);
}

static void in_processes(void (*work)(unsigned))
{
	pid_t children[PROCESSES];

	for (unsigned i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			work(i);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < PROCESSES; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

static void test_same_things(void **state)
{
	struct desk *desk = staffed("organisation");

	(void)state;
	desk_close(desk);
	in_processes(file_some);
	assert_int_equal(shared->failures, 0);
	for (unsigned i = 0; i < CLIENTS; i++)
		assert_true(shared->filed[i] > 0);
	in_processes(grant_some);
	assert_int_equal(shared->failures, 0);
	assert_int_equal(shared->granted, THINGS);
	assert_true(shared->conflicts >= CLIENTS - THINGS);
	desk = open_desk();
	for (unsigned i = 0; i < THINGS; i++) {
		char name[NAME_SIZE];

		name_of(i, name);
		assert_int_equal(rows_named(desk, name), 1);
	}
	assert_int_equal(
		ask(desk_db(desk), "SELECT COUNT(*) FROM desk_requests WHERE state = 'granted'"),
		THINGS);
	verify(desk);
	desk_close(desk);
}

/* Files, and tells what it was told, until it is killed. */
static void act_without_end(void)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct desk *desk = open_desk();
	struct account ada = read_account(desk, ADA, &arena), reg = read_account(desk, REG, &arena);
	struct account rex = read_account(desk, REX, &arena);

	for (unsigned i = 0;; i++) {
		/* What was granted already is refused: then something else is wanted. */
		int64_t number =
			file_for(desk, &ada, (unsigned)(shared->acknowledged + i) % THINGS_MAX);

		if (number == 0)
			continue;
		shared->acknowledged = number;
		if (i % 4 == 0 && act_for(desk, &reg, number, ACTION_VALIDATE, SLICE_NONE) == 0 &&
		    act_for(desk, &rex, number, ACTION_APPROVE, SLICE_NONE) == 0 &&
		    act_for(desk, &reg, number, ACTION_GRANT, SLICE_NONE) == DESK_DONE)
			shared->granted++;
	}
}

static unsigned kills_wanted(void)
{
	const char *text = getenv("PORTBOOK_KILLS");
	unsigned kills = 0;

	while (text && *text >= '0' && *text <= '9')
		kills = kills * 10 + (unsigned)(*text++ - '0');
	return kills ? kills : 10;
}

/* How many rows the registry has that were granted here. */
static int64_t granted_in(struct desk *desk)
{
	return ask(desk_db(desk), "SELECT COUNT(*) FROM desk_requests WHERE state = 'granted'");
}

static void test_killed(void **state)
{
	struct desk *desk = staffed("organisation");
	unsigned seed = 12345;

	(void)state;
	desk_close(desk);
	for (unsigned i = 0; i < kills_wanted(); i++) {
		int64_t before = shared->acknowledged;
		struct timespec pause = {.tv_nsec = 1000000};
		struct fault fault = {};
		pid_t child = fork();
		int64_t rows = 0;
		int status;

		assert_true(child >= 0);
		if (child == 0) {
			/* What is refused since another has it by now is no failure here. */
			(void)!freopen("/dev/null", "w", stderr);
			act_without_end();
		}
		/* Not before it did something, and then at any moment. */
		for (unsigned k = 0; shared->acknowledged == before && k < 120000; k++)
			nanosleep(&pause, NULL);
		seed = seed * 1103515245 + 12345;
		pause.tv_nsec = (long)(seed >> 8) % 60000000;
		nanosleep(&pause, NULL);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		desk = open_desk();
		/* A server may still be at what it was last told. */
		assert_int_equal(desk_begin(desk, true, &fault), 0);
		desk_rollback(desk);
		verify(desk);
		assert_true(ask(desk_db(desk), "SELECT MAX(request) FROM desk_requests") >=
			    shared->acknowledged);
		assert_true(granted_in(desk) >= shared->granted);
		/* Each that was granted is in the edition, and no more. */
		assert_int_equal(desk_refresh(desk, &fault), 0);
		for (unsigned thing = 0; thing < THINGS_MAX; thing++)
			rows += query_port_state(desk_image(desk), TRANSPORT_TCP,
						 (uint16_t)(FIRST + thing)) == ROW_ASSIGNED;
		assert_int_equal(rows, granted_in(desk));
		/* Whoever was told of it has a letter. */
		assert_int_equal(ask(desk_db(desk), "SELECT COUNT(*) FROM letters WHERE "
						    "kind = 'file'"),
				 ask(desk_db(desk), "SELECT COUNT(*) FROM desk_requests"));
		desk_close(desk);
	}
	assert_true(shared->acknowledged > 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_things, enter_shared, leave_shared),
		cmocka_unit_test_setup_teardown(test_killed, enter_shared, leave_shared),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("many", tests, NULL, NULL) : 2;
}
