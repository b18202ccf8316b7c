/* Ports, addresses and words of texts. */
#undef NDEBUG
#include "../testing.h"

#include "audit/read.h"

static void test_ports(void **state)
{
	uint16_t first, last;

	(void)state;
	assert_int_equal(port_text_read(SLICE("80"), &first, &last), PORT_TEXT_GOOD);
	assert_int_equal(first, 80);
	assert_int_equal(last, 80);
	assert_int_equal(port_text_read(SLICE("080-65535"), &first, &last), PORT_TEXT_GOOD);
	assert_int_equal(first, 80);
	assert_int_equal(last, 65535);
	assert_int_equal(port_text_read(SLICE("0"), &first, &last), PORT_TEXT_VALUE);
	assert_int_equal(port_text_read(SLICE("-1"), &first, &last), PORT_TEXT_VALUE);
	assert_int_equal(port_text_read(SLICE("65536"), &first, &last), PORT_TEXT_VALUE);
	assert_int_equal(port_text_read(SLICE("1-65536"), &first, &last), PORT_TEXT_VALUE);
	assert_int_equal(port_text_read(SLICE("99999999999999999999999"), &first, &last),
			 PORT_TEXT_VALUE);
	assert_int_equal(port_text_read(SLICE("2-1"), &first, &last), PORT_TEXT_NONE);
	assert_int_equal(port_text_read(SLICE(""), &first, &last), PORT_TEXT_NONE);
	assert_int_equal(port_text_read(SLICE("1-"), &first, &last), PORT_TEXT_NONE);
	assert_int_equal(port_text_read(SLICE("8o"), &first, &last), PORT_TEXT_NONE);
}

static void split(struct slice text, struct slice address, struct slice port)
{
	struct slice got_address, got_port;

	address_split(text, &got_address, &got_port);
	assert_slice(got_address, address);
	assert_slice(got_port, port);
}

static void test_addresses(void **state)
{
	(void)state;
	split(SLICE("80"), SLICE_NONE, SLICE("80"));
	split(SLICE(":80"), SLICE_NONE, SLICE("80"));
	split(SLICE("*:80"), SLICE_NONE, SLICE("80"));
	split(SLICE("127.0.0.1:80"), SLICE("127.0.0.1"), SLICE("80"));
	split(SLICE("[::1]:80"), SLICE("::1"), SLICE("80"));
	split(SLICE("[::1]"), SLICE("::1"), SLICE_NONE);
}

static void test_next_word(void **state)
{
	struct slice text = SLICE("  a \"b c\" d=\"e f\"\t'g'\n");

	(void)state;
	assert_text(word_next(&text), "a");
	assert_text(word_next(&text), "b c");
	assert_text(word_next(&text), "d=\"e f\"");
	assert_text(word_next(&text), "g");
	assert_absent(word_next(&text));
}

static void test_places(void **state)
{
	struct slice text = SLICE("ab\ncd\n");
	struct placer placer = placer_of(text);
	struct place place = placer_find(&placer, text.p + 1);

	(void)state;
	assert_int_equal(place.line, 1);
	assert_int_equal(place.column, 2);
	place = placer_find(&placer, text.p + 4);
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_next_word), cmocka_unit_test(test_places)};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
