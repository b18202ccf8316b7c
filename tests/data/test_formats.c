/*
 * The publisher's CSV and XHTML of one edition, which must be the same rows, and a captured page.
 * Argument: the folder of published documents, which is not part of the project; without it the
 * tests are skipped.
 */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "render/render.h"
#include "source/source.h"

enum { ROWS = 14499, PEOPLE = 5588 };

#define EDITION_CSV   "editions/2026-02-13.csv"
#define EDITION_XHTML "editions/2026-02-13.xhtml.zst"
#define PAGE	      "pages/2015-03-16-page-1.xhtml"

static const char *folder;

static struct strbuf load(const char *name)
{
	struct strbuf content = {};
	char command[1024];
	FILE *pipe;
	size_t n;
	char *space;

	snprintf(command, sizeof(command), "%s '%s/%s'",
		 slice_ends(slice_cstr(name), SLICE(".zst")) ? "zstd -dcq" : "cat", folder, name);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	do {
		space = strbuf_extend(&content, 65536);
		assert_non_null(space);
		n = fread(space, 1, 65536, pipe);
		content.n -= 65536 - n;
	} while (n > 0);
	assert_int_equal(pclose(pipe), 0);
	return content;
}

static struct registry *read_document(const char *name)
{
	struct strbuf content CLEANUP(strbuf_done) = load(name);
	struct registry *registry = NULL;
	struct fault fault = {};

	if (source_read(strbuf_slice(&content), NULL, &registry, &fault) < 0)
		fail_msg("%s:%lu:%lu: %s", name, (unsigned long)fault.line,
			 (unsigned long)fault.column, fault.text);
	return registry;
}

static void expect_same_row(const struct row *a, const struct row *b, size_t index)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!a->shown[i].p != !b->shown[i].p || !slice_eq(a->shown[i], b->shown[i]))
			fail_msg("row %zu: %s: \"%.*s\" and \"%.*s\"", index,
				 column_title((enum column)i).p, (int)a->shown[i].n, a->shown[i].p,
				 (int)b->shown[i].n, b->shown[i].p);
	}
	assert_int_equal(a->first_port, b->first_port);
	assert_int_equal(a->last_port, b->last_port);
	assert_int_equal(a->transport, b->transport);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->assignee_given, b->assignee_given);
}

static void test_csv_and_xhtml_are_the_same_rows(void **state)
{
	struct registry *csv CLEANUP(registry_freep) = read_document(EDITION_CSV);
	struct registry *xhtml CLEANUP(registry_freep) = read_document(EDITION_XHTML);

	(void)state;
	assert_int_equal(csv->row_count, ROWS);
	assert_int_equal(xhtml->row_count, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		struct row of_csv = registry_row(csv, i), of_xhtml = registry_row(xhtml, i);

		expect_same_row(&of_csv, &of_xhtml, i);
	}
	assert_int_equal(csv->person_count, 0);
	assert_int_equal(xhtml->person_count, PEOPLE);
	assert_int_equal(xhtml->note_count, 2);
	assert_int_equal(xhtml->footnote_count, 1);
	assert_true(slice_eq(xhtml->header.updated, SLICE("2026-02-13")));
}

static void expect_csv(const char *name)
{
	struct registry *registry CLEANUP(registry_freep) = read_document(name);
	struct strbuf published CLEANUP(strbuf_done) = load(EDITION_CSV);
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_csv.begin(&out);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		render_csv.row(&out, &row, i);
	}
	render_csv.end(&out, registry->row_count);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, published.n);
	assert_memory_equal(out.p, published.p, published.n);
	out_done(&out);
}

static void test_csv_is_written_as_published(void **state)
{
	(void)state;
	expect_csv(EDITION_CSV);
	expect_csv(EDITION_XHTML);
}

static void test_captured_page(void **state)
{
	struct registry *page CLEANUP(registry_freep) = read_document(PAGE);
	const struct person *first = &page->people[0];

	(void)state;
	assert_int_equal(page->row_count, 100);
	assert_int_equal(registry_row(page, 99).first_port, 46);
	assert_int_equal(page->person_count, 11);
	assert_true(slice_eq(first->id, SLICE("Bernie_Volz")));
	assert_true(slice_eq(first->name, SLICE("Bernie Volz")));
	assert_null(first->organization.p);
	assert_true(slice_eq(first->uri, SLICE("mailto:volz&cisco.com")));
	assert_true(slice_eq(page->header.updated, SLICE("2015-03-16")));
	assert_int_equal(page->note_count, 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_and_xhtml_are_the_same_rows),
		cmocka_unit_test(test_csv_is_written_as_published),
		cmocka_unit_test(test_captured_page),
	};
	const char *given = getenv("PORTBOOK_DATA");

	folder = given ? given : argc > 1 ? argv[1] : "../shared/data";
	if (access(folder, R_OK) < 0) {
		printf("1..0 # SKIP no folder of published documents at %s (PORTBOOK_DATA)\n",
		       folder);
		return 0;
	}
	return cmocka_run_group_tests_name("data/formats", tests, NULL, NULL);
}
