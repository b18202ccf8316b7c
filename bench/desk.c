/*
 * How many requests a second a desk takes on SQLite, beside what the disk does, and how long lists
 * take of 100,000 of them.
 *
 *     desk FOLDER SECONDS
 */
#include <fcntl.h>
#include <unistd.h>

#include "bench.h"
#include "desk/desk.h"

#define NOW SLICE("2026-11-22T07:00:00Z")

enum { REQUESTS = 100000, ROUNDS = 9, BLOCK = 4096 };

static struct fault fault;

static void must(int result)
{
	if (result == 0)
		return;
	fprintf(stderr, "%s\n", fault.text);
	exit(1);
}

static double measure_disk(const char *folder, double seconds)
{
	static char block[BLOCK];
	char path[4096];
	double begin = bench_now();
	unsigned count = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/fsync", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		exit(1);
	for (; bench_now() - begin < seconds * 1e9; count++) {
		if (pwrite(fd, block, BLOCK, (off_t)BLOCK * (count % 64)) != BLOCK || fsync(fd) < 0)
			exit(1);
	}
	close(fd);
	return count / ((bench_now() - begin) / 1e9);
}

static double measure_filing(struct desk *desk, const struct account *actor, double seconds)
{
	double begin = bench_now();
	unsigned count = 0;

	for (; bench_now() - begin < seconds * 1e9; count++) {
		struct application application = {};
		struct application_problem problem = {};
		struct desk_refusal refusal = {};
		char yaml[400];
		int64_t number;

		snprintf(yaml, sizeof(yaml),
			 "procedure: port\nname: thing-%c%c%c\nports: %u\ntransports: tcp\n"
			 "description: One of many things\nassignee_name: Ada Lovelace\n"
			 "assignee_email: ada@example.org\n",
			 'a' + count / 100 % 10, 'a' + count / 10 % 10, 'a' + count % 10,
			 20000 + count % 9000);
		must(application_read_yaml(slice_cstr(yaml), &application, &problem));
		must(desk_file(desk, actor, &application, SLICE_NONE, NOW, &number, &refusal,
			       &fault));
		application_done(&application);
		preflight_done(&refusal.preflight);
	}
	return count / ((bench_now() - begin) / 1e9);
}

/* As many rows as there would be, but one in a hundred closed. */
static void fill(struct desk *desk)
{
	must(desk_begin(desk, true, &fault));
	must(db_run(desk_db(desk), "DELETE FROM desk_requests", &fault));
	must(db_run(
		desk_db(desk),
		"INSERT INTO desk_requests WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT "
		"i + 1 FROM n WHERE i < 100000) SELECT i, 3, 'port', CASE WHEN i % 100 = 0 THEN "
		"'expert-review' ELSE 'granted' END, 'new', 'service-' || i, 'service-' || i, "
		"20000 + i % 9000, 20000 + i % 9000, 1, 'The description of service ' || i, "
		"1 + i % 50, CASE WHEN i % 1000 = 0 THEN 2 ELSE 0 END, "
		"'2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', CASE WHEN i % 100 = 0 THEN "
		"'2026-03-01' ELSE NULL END, NULL, 0, 0, 0, 1, 0 FROM n",
		&fault));
	must(desk_commit(desk, &fault));
}

static int look_at(void *context, const struct desk_request *request)
{
	*(int64_t *)context += request->number;
	return 0;
}

static void measure_list(struct desk *desk, const struct account *actor, const char *name,
			 const struct desk_filter *filter)
{
	double times[ROUNDS];
	int64_t sum = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		double begin = bench_now();

		must(desk_list(desk, actor, filter, NOW, look_at, &sum, &fault));
		times[i] = bench_now() - begin;
	}
	bench_report(name, bench_quantile(times, ROUNDS, 0.5));
}

static void measure_counts(struct desk *desk)
{
	int64_t counts[STATE_COUNT];
	double begin = bench_now();

	must(desk_counts(desk, counts, &fault));
	bench_report("counts", bench_now() - begin);
}

static void measure_lists(struct desk *desk, const struct account *rex)
{
	measure_list(desk, NULL, "list_all", &(struct desk_filter){.most = 0});
	measure_list(desk, NULL, "list_last", &(struct desk_filter){.below = 60});
	measure_list(desk, NULL, "list_state", &(struct desk_filter){.states = 1u << STATE_REVIEW});
	measure_list(desk, NULL, "list_no_state",
		     &(struct desk_filter){.states = 1u << STATE_CALL});
	measure_list(desk, NULL, "list_procedure",
		     &(struct desk_filter){.procedures = 1u << PROCEDURE_PORT});
	measure_list(desk, NULL, "list_no_procedure",
		     &(struct desk_filter){.procedures = 1u << PROCEDURE_APPEAL});
	measure_list(desk, rex, "list_applicant", &(struct desk_filter){.applicant = 7});
	measure_list(desk, rex, "list_reviewer", &(struct desk_filter){.reviewer = rex->number});
	measure_list(desk, rex, "list_overdue", &(struct desk_filter){.overdue = true});
	measure_list(desk, rex, "list_queue", &(struct desk_filter){.queue = true});
	measure_list(desk, NULL, "list_text", &(struct desk_filter){.text = SLICE("service-99")});
	measure_list(desk, NULL, "list_no_text", &(struct desk_filter){.text = SLICE("nowhere")});
	measure_counts(desk);
}

static struct account add_account(struct desk *desk, struct slice login, struct arena *arena)
{
	struct account account = {};
	int64_t number;

	must(desk_begin(desk, true, &fault));
	must(account_create(desk_db(desk), &(struct account_details){.login = login}, NOW, &number,
			    &fault));
	if (slice_eq(login, SLICE("rex")))
		must(account_grant_all(desk_db(desk), number, ROLE_REVIEWER, &fault));
	must(desk_commit(desk, &fault));
	must(account_read(desk_db(desk), number, arena, &account, &fault));
	return account;
}

int main(int argc, char **argv)
{
	struct arena arena = {};
	struct account ada, rex;
	struct desk *desk;
	char path[4096];
	double seconds, fsyncs[ROUNDS], filed[ROUNDS];
	size_t n;
	const char *policy = policy_builtin("organisation", &n);

	if (argc != 3)
		return 2;
	seconds = strtod(argv[2], NULL);
	snprintf(path, sizeof(path), "%s/desk.db", argv[1]);
	must(desk_create(path, (struct slice){policy, n}, NOW, &fault));
	must(desk_open(path, &desk, &fault));
	ada = add_account(desk, SLICE("ada"), &arena);
	rex = add_account(desk, SLICE("rex"), &arena);
	/* By turns, whatever else the disk has to do. */
	for (unsigned i = 0; i < ROUNDS; i++) {
		fsyncs[i] = measure_disk(argv[1], seconds / ROUNDS);
		filed[i] = measure_filing(desk, &ada, seconds / ROUNDS);
	}
	bench_report("fsyncs", bench_quantile(fsyncs, ROUNDS, 0.5));
	bench_report("filed", bench_quantile(filed, ROUNDS, 0.5));
	fill(desk);
	measure_lists(desk, &rex);
	desk_close(desk);
	arena_done(&arena);
	return 0;
}
