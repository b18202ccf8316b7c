/*
 * How much memory an export takes: at its peak less than twice the document, the program and its
 * libraries included. Arguments: the program, and the folder of published documents, which is not
 * part of the project; $PORTBOOK_DATA takes its place. Without it the built-in registry, as XML,
 * is the document, and held to what a published one may take: it has as many rows, of fewer bytes.
 */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"

/* Bytes of the edition of 2026-08-17. */
enum { PUBLISHED_SIZE = 3871499 };

static const char *program, *data;
static char folder[] = "/tmp/portbook-memory-XXXXXX";

/* Runs the program with an export to a new file of the folder. Its peak in bytes. */
static uint64_t export(const char *from, const char *format, const char *to)
{
	struct rusage usage;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (from)
			execl(program, program, "export", "--registry", from, "--format", format,
			      "--output", to, (char *)NULL);
		else
			execl(program, program, "export", "--format", format, "--output", to,
			      (char *)NULL);
		_exit(127);
	}
	assert_int_equal(wait4(child, &status, 0, &usage), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return (uint64_t)usage.ru_maxrss * 1024;
}

/*
 * In percent of the document; the least of three where it is not below most, for the kernel counts
 * pages by the batch and processor, and threads do not always meet in the same places.
 */
static uint64_t least_peak(const char *from, const char *format, unsigned most)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < 3 && least >= most; i++) {
		char to[128];
		uint64_t percent;

		snprintf(to, sizeof(to), "%s/%s-%u", folder, format, i);
		percent = export(from, format, to) * 100 / PUBLISHED_SIZE;
		least = percent < least ? percent : least;
	}
	return least;
}

static void expect_peaks(const char *from)
{
	/*
	 * In percent of the document. SQLite brings the memory of its own library and sorting. An
	 * image has an index of every three letters, which is sorted while it is made.
	 */
	static const struct {
		const char *format;
		unsigned most;
	} exports[] = {
		{"xml", 200},	     {"xhtml", 200},	   {"text", 200},   {"csv", 200},
		{"tsv", 200},	     {"json", 200},	   {"ndjson", 200}, {"services", 200},
		{"dictionary", 200}, {"datapackage", 200}, {"sqlite", 300}, {"image", 700},
	};
	bool failed = false;

	for (size_t i = 0; i < ARRAY_SIZE(exports); i++) {
		uint64_t percent = least_peak(from, exports[i].format, exports[i].most);

		printf("# %s: %u%% of the document\n", exports[i].format, (unsigned)percent);
		failed |= percent >= exports[i].most;
	}
	assert_false(failed);
}

static void test_peaks(void **state)
{
	char document[4096];

	(void)state;
	snprintf(document, sizeof(document), "%s/editions/2026-08-17.xml", data);
	if (access(document, R_OK) != 0) {
		snprintf(document, sizeof(document), "%s/registry.xml", folder);
		export(NULL, "xml", document);
	}
	expect_peaks(document);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peaks),
	};

	if (argc != 3)
		return 2;
	program = argv[1];
	data = getenv("PORTBOOK_DATA") ? getenv("PORTBOOK_DATA") : argv[2];
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
