/*
 * Text search in the built-in registry and, by turns, with memmem() over a folded copy of all that
 * the rows show in the searched columns. Both must find the same rows.
 *
 *     search ROUNDS
 *
 * Reports for each group of texts below, over its texts' medians: GROUP (their median),
 * GROUP_p90 and GROUP_max, for libportbook's portbook_search_text(), which clears, searches and
 * counts; the same with _memmem behind the group; and regex, for regular expressions.
 */
#define _GNU_SOURCE
#include <string.h>

#include <portbook/portbook.h>

#include "base/utf8.h"
#include "bench.h"
#include "builtin/builtin.h"
#include "query/query.h"

enum { TEXTS_MAX = 64 };

struct group {
	const char *name;
	const char *texts[TEXTS_MAX];
};

static const struct group groups[] = {
	/* Three letters and more: found thousands of times, often, seldom, and not at all. */
	{"words",
	 {"tcp",       "udp",	    "server",	    "protocol",	     "service", "port",
	  "system",    "data",	    "network",	    "management",    "control", "security",
	  "http",      "https",	    "ssh",	    "sql",	     "mysql",	"postgresql",
	  "redis",     "kafka",	    "mail",	    "smtp",	     "imap",	"dns",
	  "domain",    "microsoft", "oracle",	    "cisco",	     "pcp",	"printer",
	  "print",     "remote",    "secure shell", "file transfer", "rfc6335", "2015-",
	  "5432",      "443",	    "8080",	    "kubernetes",    "docker",	"elasticsearch",
	  "minecraft", "xyzzy",	    "qqq"}},
	{"two", {"ip", "tc", "te", "a ", "db", "ht", "44", "zz", "qj", "x-"}},
	{"one", {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
		 "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x",
		 "y", "z", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
};

static const char *const patterns[] = {"^https?$", "\\bsql\\b", "(mail|smtp) server", "micro.*soft",
				       "[0-9]{5}"};

/* The peer: a folded copy of the rows' text, a NUL after each column. */
struct copy {
	struct image image;
	char *text;
	size_t *ends; /* of each row's text */
	struct rowset rows;
};

static void make_copy(struct copy *copy)
{
	uint32_t count = image_row_count(&copy->image);
	size_t n = 0, size = 0;

	copy->ends = bench_alloc(count, sizeof(*copy->ends));
	for (unsigned pass = 0; pass < 2; pass++, size = n, n = 0) {
		if (pass == 1)
			copy->text = bench_alloc(size, 1);
		for (uint32_t row = 0; row < count; row++) {
			for (unsigned column = 0; column < COLUMN_COUNT; column++) {
				struct slice text =
					image_row_text(&copy->image, row, (enum column)column);

				if (!(QUERY_SEARCHED >> column & 1) || text.n == 0)
					continue;
				if (pass == 1)
					utf8_fold(text, copy->text + n);
				n += text.n + 1;
			}
			copy->ends[row] = n;
		}
	}
}

static uint32_t search_copy(struct copy *copy, const char *text)
{
	uint32_t count = image_row_count(&copy->image), row = 0;
	const char *end = copy->text + copy->ends[count - 1], *p = copy->text;

	rowset_clear(&copy->rows);
	while ((p = memmem(p, (size_t)(end - p), text, strlen(text)))) {
		while (copy->ends[row] <= (size_t)(p - copy->text))
			row++;
		rowset_add(&copy->rows, row);
		p = copy->text + copy->ends[row];
	}
	return rowset_count(&copy->rows);
}

static uint32_t search_pattern(struct copy *copy, const char *text)
{
	struct fault fault;

	rowset_clear(&copy->rows);
	if (query_regex(&copy->image, slice_cstr(text), QUERY_SEARCHED, &copy->rows, &fault) < 0)
		bench_fail(fault.text);
	return rowset_count(&copy->rows);
}

static void report(const char *group, const char *suffix, double *medians, size_t count)
{
	static const struct {
		const char *name;
		double share;
	} figures[] = {{"", 0.5}, {"_p90", 0.9}, {"_max", 1}};
	char name[64];

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		snprintf(name, sizeof(name), "%s%s%s", group, suffix, figures[i].name);
		bench_report(name, bench_quantile(medians, count, figures[i].share));
	}
}

/* Searches for each text once, and keeps how long it took and how many rows it found. */
static void search_all(const struct group *group, portbook_search *search, struct copy *copy,
		       double *times, uint32_t *ret_found)
{
	for (size_t i = 0; i < TEXTS_MAX && group->texts[i]; i++) {
		double start = bench_now();

		ret_found[i] = copy ? search_copy(copy, group->texts[i])
				    : portbook_search_text(search, group->texts[i]);
		times[i] = bench_now() - start;
	}
}

/*
 * Round after round through all the texts, so that none is hotter than in use, and the sides by
 * turns, so that neither finds the caches full of the other's text.
 */
static void run(const struct group *group, portbook_search *search, struct copy *copy,
		size_t rounds)
{
	double *times[2], *of_text = bench_alloc(rounds, sizeof(*of_text)), medians[TEXTS_MAX];
	uint32_t found[2][TEXTS_MAX];
	size_t count = 0;

	while (count < TEXTS_MAX && group->texts[count])
		count++;
	for (size_t i = 0; i < 2; i++)
		times[i] = bench_alloc(count * rounds, sizeof(double));
	for (size_t round = 0; round < rounds; round++) {
		search_all(group, search, NULL, times[0] + round * count, found[0]);
		search_all(group, search, copy, times[1] + round * count, found[1]);
		if (memcmp(found[0], found[1], count * sizeof(found[0][0])) != 0)
			bench_fail("other rows are found than with memmem()");
	}
	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < count; i++) {
			for (size_t round = 0; round < rounds; round++)
				of_text[round] = times[side][round * count + i];
			medians[i] = bench_quantile(of_text, rounds, 0.5);
		}
		report(group->name, side ? "_memmem" : "", medians, count);
		free(times[side]);
	}
	free(of_text);
}

static void run_patterns(struct copy *copy, size_t rounds)
{
	enum { COUNT = sizeof(patterns) / sizeof(patterns[0]) };
	double *times = bench_alloc(rounds, sizeof(*times)), medians[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		for (size_t round = 0; round < rounds; round++) {
			double start = bench_now();

			search_pattern(copy, patterns[i]);
			times[round] = bench_now() - start;
		}
		medians[i] = bench_quantile(times, rounds, 0.5);
	}
	report("regex", "", medians, COUNT);
	free(times);
}

int main(int argc, char **argv)
{
	struct copy copy = {};
	portbook *book;
	portbook_search *search;
	size_t rounds;

	if (argc != 2 || (rounds = (size_t)strtoul(argv[1], NULL, 10)) == 0)
		bench_fail("usage: search ROUNDS");
	if (portbook_open(NULL, &book) < 0 || image_open(&copy.image, builtin_image(), NULL) < 0 ||
	    !rowset_init(&copy.rows, image_row_count(&copy.image)) ||
	    !(search = portbook_search_new(book)))
		bench_fail("cannot open the built-in registry");
	make_copy(&copy);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		run(&groups[i], search, &copy, rounds);
	run_patterns(&copy, rounds / 10 + 1);
	portbook_search_free(search);
	portbook_close(book);
	rowset_done(&copy.rows);
	free(copy.text);
	free(copy.ends);
	return 0;
}
