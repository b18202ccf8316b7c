/*
 * Whole applications, and all that is found in them: each NAME.yaml of the folder beside NAME.txt,
 * checked against the made-up registry of tests/unit/preflight/desk.h with the policy rfc6335, or,
 * where the name begins with it, organisation.
 *
 *     test_preflight FOLDER [--update]
 */
#undef NDEBUG
#include "../unit/testing.h"

#include <dirent.h>
#include <stdio.h>

#include "../unit/preflight/desk.h"

enum { PATH = 1024 };

static const char *folder;
static bool update;

/* Reads a file into an empty buffer. */
static void read_file(const char *path, struct strbuf *text)
{
	FILE *file = fopen(path, "r");
	char piece[4096];
	size_t n;

	if (!file)
		fail_msg("%s: cannot be read", path);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		strbuf_add(text, (struct slice){piece, n});
	fclose(file);
}

static void write_finding(const struct preflight_finding *finding, struct strbuf *text)
{
	const struct application_field_info *field = application_field(finding->field);
	struct slice level = preflight_level_name(finding->check->level);

	strbuf_printf(text, "%.*s %u ", (int)level.n, level.p, finding->check->number);
	strbuf_add(text, finding->check->name);
	strbuf_printf(text, " (%.*s): ", field ? (int)field->key.n : 3,
		      field ? field->key.p : "all");
	strbuf_add(text, finding->text);
	strbuf_add(text, SLICE(" ["));
	strbuf_add(text, finding->section);
	strbuf_add(text, SLICE("]\n"));
	for (size_t i = 0; i < finding->precedent_count; i++) {
		strbuf_add(text, SLICE("\t"));
		preflight_precedent_text(&finding->precedents[i], text);
		strbuf_add(text, SLICE("\n"));
	}
}

static void check(const char *name, size_t n)
{
	struct strbuf document = {}, text = {}, expected = {};
	struct application application = {};
	struct application_problem problem = {};
	struct preflight found = {};
	struct fault fault = {};
	struct made made;
	char path[PATH];

	snprintf(path, sizeof(path), "%s/%.*s.yaml", folder, (int)n, name);
	read_file(path, &document);
	made_open(&made, strncmp(name, "organisation", 12) == 0 ? "organisation" : "rfc6335");
	if (application_read_yaml(strbuf_slice(&document), &application, &problem) != 0)
		fail_msg("%s: %s", path, problem.fault.text);
	assert_int_equal(preflight(&application, made.policy, &made.facts, &found, &fault), 0);
	for (size_t i = 0; i < found.count; i++)
		write_finding(&found.findings[i], &text);
	snprintf(path, sizeof(path), "%s/%.*s.txt", folder, (int)n, name);
	if (update) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
		fclose(file);
	} else {
		read_file(path, &expected);
		if (!slice_eq(strbuf_slice(&text), strbuf_slice(&expected)))
			fail_msg("%s is not what is found:\n%.*s", path, (int)text.n, text.p);
	}
	preflight_done(&found);
	application_done(&application);
	made_done(&made);
	strbuf_done(&document);
	strbuf_done(&text);
	strbuf_done(&expected);
}

static void test_golden(void **state)
{
	DIR *files = opendir(folder);
	unsigned count = 0;

	(void)state;
	assert_non_null(files);
	for (struct dirent *entry; (entry = readdir(files));) {
		size_t n = strlen(entry->d_name);

		if (n <= 5 || strcmp(entry->d_name + n - 5, ".yaml") != 0)
			continue;
		check(entry->d_name, n - 5);
		count++;
	}
	closedir(files);
	assert_true(count >= 14);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};

	if (argc < 2)
		return 2;
	folder = argv[1];
	update = argc > 2;
	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
