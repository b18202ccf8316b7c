/*
 * The table of checks, and docs/PREFLIGHT.md, which is made of it:
 *
 *     test_checks docs/PREFLIGHT.md [--update]
 */
#undef NDEBUG
#include "../testing.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "preflight/preflight.h"

static const char *path;

static void write_document(struct strbuf *text)
{
	const struct preflight_check *check;

	strbuf_add(text, SLICE("# Checks of an application\n\n"
			       "What is looked at before an application is filed, as the experts "
			       "would. Numbers are\n"
			       "permanent: what goes leaves its number behind. A finding that MUST "
			       "be mended keeps the\n"
			       "application from being filed; what SHOULD be is shown to applicant "
			       "and reviewers, and so\n"
			       "are notes. A finding has the field that it is about, its section "
			       "and, where there are\n"
			       "some, precedents: rows of the registry, or of its past.\n\n"
			       "Findings may name another section than the check has, that of the "
			       "policy's requirement.\n"
			       "An application that gets no finding is not granted by that: "
			       "experts read it.\n"));
	for (size_t i = 0; (check = preflight_check_at(i)); i++) {
		struct slice level = preflight_level_name(check->level);

		strbuf_printf(text, "\n## %u %.*s\n\n%.*s, %.*s.\n\n%.*s\n", check->number,
			      (int)check->name.n, check->name.p, (int)level.n, level.p,
			      (int)check->section.n, check->section.p, (int)check->meaning.n,
			      check->meaning.p);
	}
	assert_false(text->failed);
}

static void test_document(void **state)
{
	struct strbuf text = {}, have = {};
	FILE *file = fopen(path, "r");
	char piece[4096];
	size_t n;

	(void)state;
	if (!file)
		fail_msg("%s: cannot be read", path);
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
		strbuf_add(&have, (struct slice){piece, n});
	fclose(file);
	write_document(&text);
	if (!slice_eq(strbuf_slice(&have), strbuf_slice(&text)))
		fail_msg("%s is not what the table says: test_checks %s --update", path, path);
	strbuf_done(&text);
	strbuf_done(&have);
}

/* Ascending, so that no number is given twice; nothing is left out. */
static void test_table(void **state)
{
	const struct preflight_check *check;
	unsigned before = 0;

	(void)state;
	for (size_t i = 0; (check = preflight_check_at(i)); i++) {
		assert_true(check->number > before);
		before = check->number;
		assert_true(check->level < PREFLIGHT_LEVEL_COUNT);
		assert_true(check->name.n > 0 && check->section.n > 0 && check->meaning.n > 0);
		assert_true(check->meaning.p[check->meaning.n - 1] == '.');
		for (size_t j = 0; j < i; j++)
			assert_false(slice_eq(preflight_check_at(j)->name, check->name));
	}
	assert_absent(preflight_level_name(PREFLIGHT_LEVEL_COUNT));
}

static int update(void)
{
	struct strbuf text = {};
	FILE *file = fopen(path, "w");

	write_document(&text);
	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	strbuf_done(&text);
	return fclose(file);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_document),
					   cmocka_unit_test(test_table)};

	if (argc < 2)
		return 2;
	path = argv[1];
	if (argc > 2)
		return update();
	return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
