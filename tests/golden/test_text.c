/*
 * Small made-up registries as XML and as the plain text that ELinks 0.13.2 prints of their page,
 * 150 columns wide (but for its [IMG] lines, which are as published): one whose tables fit the
 * page, one that is stretched to it, one that overflows it. The text gives itself again.
 */
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>

#include "base/file.h"
#include "base/out.h"
#include "render/text.h"
#include "source/source.h"

static const char *folder;

static struct file_content read_file(const char *name, const char *extension)
{
	struct file_content content = {};
	struct fault fault = {};
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s.%s", folder, name, extension);
	if (file_read(path, SIZE_MAX / 2, &content, &fault) < 0)
		fail_msg("%s: %s", path, fault.text);
	return content;
}

/* Fails unless the document, read and written as plain text, is this text. */
static void expect_text(struct slice document, struct slice expected)
{
	struct registry *registry = NULL;
	struct fault fault = {};
	struct out out;

	if (source_read(document, NULL, &registry, &fault) < 0)
		fail_msg("%lu:%lu: %s", (unsigned long)fault.line, (unsigned long)fault.column,
			 fault.text);
	assert_int_equal(out_init_memory(&out), 0);
	render_text(&out, registry);
	assert_int_equal(out_finish(&out), 0);
	assert_slice(out_slice(&out), expected);
	out_done(&out);
	registry_free(registry);
}

static void check(const char *name)
{
	struct file_content xml = read_file(name, "xml"), text = read_file(name, "txt");

	expect_text(xml.text, text.text);
	expect_text(text.text, text.text);
	file_content_done(&xml);
	file_content_done(&text);
}

static void test_fits(void **state)
{
	(void)state;
	check("fits");
}

static void test_stretched(void **state)
{
	(void)state;
	check("stretched");
}

static void test_overflows(void **state)
{
	(void)state;
	check("overflows");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_stretched),
		cmocka_unit_test(test_overflows),
	};

	if (argc != 2)
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
