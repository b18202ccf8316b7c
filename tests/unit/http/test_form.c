#undef NDEBUG
#include "../testing.h"

#include "http/form.h"

/* "name=value;..." of what was read. */
static void check(const char *body, const char *expected)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct form form = {};

	assert_int_equal(form_read(slice_cstr(body), &arena, &form), 0);
	for (size_t i = 0; i < form.count; i++) {
		strbuf_add(&text, form.fields[i].name);
		strbuf_add_byte(&text, '=');
		strbuf_add(&text, form.fields[i].value);
		strbuf_add_byte(&text, ';');
	}
	assert_slice(strbuf_slice(&text), slice_cstr(expected));
}

static void test_fields(void **state)
{
	(void)state;
	check("", "");
	check("a=b", "a=b;");
	check("a=b&c=d&a=e", "a=b;c=d;a=e;");
	check("a", "a=;");
	check("a=&b=", "a=;b=;");
	check("&&=x&a=b&", "a=b;");
	check("a=b=c", "a=b=c;");
	check("a+b=c+d%2B%26%3d", "a b=c d+&=;");
	check("a=1%0D%0A2%0d3%0a4%0d%0d%0a5", "a=1\n2\n3\n4\n\n5;");
	check("a=%c3%a4%", "a=\xc3\xa4%;");
}

static void test_refused(void **state)
{
	static const char *const bodies[] = {"a=%ff", "%ff=a", "a=%00", "a=\xff"};
	struct arena arena CLEANUP(arena_done) = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct form form = {};

		assert_int_equal(form_read(slice_cstr(bodies[i]), &arena, &form), FAULT_MALFORMED);
	}
}

static void test_values(void **state)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct strbuf many CLEANUP(strbuf_done) = {};
	struct form form = {};

	(void)state;
	assert_int_equal(form_read(SLICE("a=1&b=2&a=3"), &arena, &form), 0);
	assert_text(form_value(&form, SLICE("a"), 0), "1");
	assert_text(form_value(&form, SLICE("a"), 1), "3");
	assert_absent(form_value(&form, SLICE("a"), 2));
	assert_absent(form_value(&form, SLICE("c"), 0));
	for (size_t i = 0; i < FORM_FIELDS_MAX; i++)
		strbuf_add(&many, SLICE("x=y&"));
	form.count = 0;
	assert_int_equal(form_read(strbuf_slice(&many), &arena, &form), 0);
	strbuf_add(&many, SLICE("x=y"));
	form.count = 0;
	assert_int_equal(form_read(strbuf_slice(&many), &arena, &form), FAULT_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
