#undef NDEBUG
#include "../testing.h"

#include "source/reader.h"

static void test_what_a_text_document_may_hold(void **state)
{
	static const struct {
		struct slice text;
		uint64_t line, column;
	} bad[] = {
		{SLICE("a\nb\x01"), 2, 2},	{SLICE("\f"), 1, 1},
		{SLICE("a\x7f"), 1, 2},		{SLICE("a\0"), 1, 2},
		{SLICE("\xff"), 1, 1},		{SLICE("a\n\n\xc3"), 3, 1},
		{SLICE("a\xef\xbf\xbe"), 1, 2}, {SLICE("\n\xef\xbf\xbf"), 2, 1},
	};
	struct fault fault = {};

	(void)state;
	assert_int_equal(source_check_text(SLICE(""), &fault), 0);
	assert_int_equal(source_check_text(SLICE("a\t\r\n\xc3\xa9\xef\xbf\xbd"), &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(source_check_text(bad[i].text, &fault), FAULT_MALFORMED);
		assert_told(fault);
		assert_int_equal(fault.line, bad[i].line);
		assert_int_equal(fault.column, bad[i].column);
	}
}

static void test_formats(void **state)
{
	static const struct {
		struct slice head;
		enum source_format format;
	} cases[] = {
		{SLICE("Service Name,Port Number"), SOURCE_CSV},
		{SLICE("\"Service Name\",x"), SOURCE_CSV},
		{SLICE("\xef\xbb\xbfService Name,"), SOURCE_CSV},
		{SLICE("<?xml version='1.0'?>"), SOURCE_XML},
		{SLICE("\xef\xbb\xbf \n<registry>"), SOURCE_XML},
		{SLICE("\xff\xfe<\0"), SOURCE_XML},
		{SLICE("\xfe\xff\0<"), SOURCE_XML},
		{SLICE("<!DOCTYPE html><html>"), SOURCE_XHTML},
		{SLICE("\n\n   Service Name   Port Number"), SOURCE_TEXT},
		{SLICE("# comment\nhttp 80/tcp\n"), SOURCE_SERVICES},
	};
	enum source_format format = SOURCE_XML;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(source_detect(cases[i].head, &format));
		assert_int_equal(format, cases[i].format);
		assert_true(source_format_name(format).n > 0);
	}
	assert_false(source_detect(SLICE("anything"), &format));
	assert_false(source_detect(SLICE_NONE, &format));
	assert_false(source_detect(SLICE("\x89PNG\r\n"), &format));
	assert_false(source_detect(SLICE("\xff\xfeS\0e\0"), &format));
	assert_false(source_detect(SLICE("\xfe\xff\0S\0e"), &format));
}

static void test_no_documents(void **state)
{
	struct registry *registry = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(source_read(SLICE_NONE, NULL, &registry, &fault), FAULT_UNKNOWN);
	assert_told(fault);
	assert_int_equal(source_read(SLICE("anything"), NULL, &registry, &fault), FAULT_UNKNOWN);
	assert_told(fault);
	assert_int_equal(fault.line, 1);
	assert_int_equal(source_read(SLICE("\xff\xfeS\0e\0"), NULL, &registry, &fault),
			 FAULT_UNKNOWN);
	assert_string_equal(fault.text, "in UTF-16, which only XML may be in");
	assert_int_equal(source_read((struct slice){"<", SOURCE_DOCUMENT_MAX + (size_t)1}, NULL,
				     &registry, &fault),
			 FAULT_LIMIT);
	assert_told(fault);
	assert_null(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_text_document_may_hold),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_no_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
