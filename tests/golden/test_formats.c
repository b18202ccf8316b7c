/*
 * Small documents, read and written in every format that is rows and nothing else, and as XHTML,
 * compared with the files in golden/formats/. The XHTML documents hold the same rows as the CSV.
 */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "render/dictionary.h"
#include "render/render.h"
#include "render/services.h"
#include "render/xhtml.h"
#include "source/source.h"

static const char *folder;

static struct file_content load(const char *name)
{
	struct file_content content;
	struct fault fault = {};
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_read(path, 1024 * 1024, &content, &fault) < 0)
		fail_msg("%s: %s", path, fault.text);
	return content;
}

static struct registry *read_document(const char *name)
{
	struct file_content content CLEANUP(file_content_done) = load(name);
	struct registry *registry = NULL;
	struct fault fault = {};

	if (source_read(content.text, NULL, &registry, &fault) < 0)
		fail_msg("%s:%lu:%lu: %s", name, (unsigned long)fault.line,
			 (unsigned long)fault.column, fault.text);
	return registry;
}

static void expect_file(struct out *out, const char *name)
{
	struct file_content content CLEANUP(file_content_done) = load(name);

	assert_int_equal(out_finish(out), 0);
	if (!slice_eq(out_slice(out), content.text))
		fail_msg("not as in %s:\n%.*s", name, (int)out->n, out->p);
	out_done(out);
}

static void expect_rows(const char *document, const struct render_format *format, const char *name)
{
	struct registry *registry CLEANUP(registry_freep) = read_document(document);
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	format->begin(&out);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		format->row(&out, &row, i);
	}
	format->end(&out, registry->row_count);
	expect_file(&out, name);
}

static void expect_people(const char *document)
{
	struct registry *registry CLEANUP(registry_freep) = read_document(document);
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	for (size_t i = 0; i < registry->person_count; i++) {
		render_json_person(&out, &registry->people[i]);
		out_byte(&out, '\n');
	}
	expect_file(&out, "people.ndjson");
}

static void test_csv(void **state)
{
	(void)state;
	expect_rows("small.csv", &render_csv, "small.csv");
	expect_rows("small.csv", &render_tsv, "small.tsv");
	expect_rows("small.csv", &render_json, "small.json");
	expect_rows("small.csv", &render_ndjson, "small.ndjson");
}

static void test_xhtml(void **state)
{
	(void)state;
	expect_rows("small.xhtml", &render_csv, "small.csv");
	expect_rows("small.xhtml", &render_json, "small.json");
	expect_people("small.xhtml");
}

/* Of all that XHTML says, and once more of what was written. */
static void test_xhtml_written(void **state)
{
	static const char *const documents[] = {"small.xhtml", "written.xhtml"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct registry *registry CLEANUP(registry_freep) = read_document(documents[i]);
		struct out out;

		assert_int_equal(out_init_memory(&out), 0);
		render_xhtml(&out, registry);
		expect_file(&out, "written.xhtml");
	}
	expect_rows("written.xhtml", &render_csv, "small.csv");
	expect_rows("written.xhtml", &render_json, "small.json");
	expect_people("written.xhtml");
}

static void test_xhtml_page(void **state)
{
	(void)state;
	expect_rows("page.xhtml", &render_csv, "small.csv");
	expect_rows("page.xhtml", &render_json, "small.json");
	expect_people("page.xhtml");
}

static void expect_form(const char *document, struct slice origin, const char *name)
{
	struct registry *registry CLEANUP(registry_freep) = read_document(document);
	struct fault fault;
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(origin.p ? render_services(&out, registry, origin, &fault)
				  : render_dictionary(&out, registry, &fault),
			 0);
	expect_file(&out, name);
}

static void test_forms(void **state)
{
	(void)state;
	expect_form("small.csv", SLICE("small.csv"), "small.services");
	expect_form("small.csv", SLICE_NONE, "small.dictionary");
	expect_rows("host.services", &render_ndjson, "host.ndjson");
	expect_form("host.services", SLICE("host.services"), "host-written.services");
	expect_form("host-written.services", SLICE("host.services"), "host-written.services");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),	      cmocka_unit_test(test_xhtml),
		cmocka_unit_test(test_xhtml_written), cmocka_unit_test(test_xhtml_page),
		cmocka_unit_test(test_forms),
	};

	folder = argc > 1 ? argv[1] : "tests/golden/formats";
	return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
