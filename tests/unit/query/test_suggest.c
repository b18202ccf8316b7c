#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "query/query.h"

static struct edition make(void)
{
	static const struct slice names[] = {
		SLICE("http"),	       SLICE("https"), SLICE("http-alt"), SLICE("ssh"),
		SLICE("smtp"),	       SLICE("snmp"),  SLICE("domain"),	  SLICE("kerberos"),
		SLICE("kerberos-adm"), SLICE("X11"),   SLICE("a"),	  SLICE("ntp"),
		SLICE("nntp"),
	};
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct row row = {.shown = {[COLUMN_NAME] = names[i]}};

		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	return edition_of(registry);
}

static void assert_nearest(const struct edition *edition, struct slice text, struct slice wanted)
{
	struct slice names[5];

	assert_true(query_suggest(&edition->image, text, names, 5) > 0);
	assert_slice(names[0], wanted);
}

static void test_slips(void **state)
{
	struct edition edition = make();

	(void)state;
	assert_nearest(&edition, SLICE("htpp"), SLICE("http"));	 /* changed */
	assert_nearest(&edition, SLICE("htps"), SLICE("https")); /* left out */
	assert_nearest(&edition, SLICE("sssh"), SLICE("ssh"));	 /* inserted */
	assert_nearest(&edition, SLICE("hsttp"), SLICE("http"));
	assert_nearest(&edition, SLICE("shs"), SLICE("ssh")); /* swapped */
	assert_nearest(&edition, SLICE("KERBREOS"), SLICE("kerberos"));
	assert_nearest(&edition, SLICE("kerberoz-adm"), SLICE("kerberos-adm"));
	assert_nearest(&edition, SLICE("x1"), SLICE("X11"));
	/* What begins so, where nothing is near. */
	assert_nearest(&edition, SLICE("kerb"), SLICE("kerberos"));
	edition_done(&edition);
}

static void test_order_and_number(void **state)
{
	struct edition edition = make();
	struct slice names[40];
	size_t all;

	(void)state;
	/* One edit each: first those that begin alike, of these the one of the same length. */
	assert_int_equal(query_suggest(&edition.image, SLICE("nmtp"), names, 40), 3);
	assert_text(names[0], "nntp");
	assert_text(names[1], "ntp");
	assert_text(names[2], "smtp");
	all = query_suggest(&edition.image, SLICE("htt"), names, 40);
	assert_int_equal(all, 3);
	assert_text(names[0], "http");
	assert_text(names[1], "https");
	assert_text(names[2], "http-alt");
	for (size_t max = 0; max < all; max++) {
		struct slice fewer[40];

		assert_int_equal(query_suggest(&edition.image, SLICE("htt"), fewer, max), max);
		for (size_t i = 0; i < max; i++)
			assert_slice(fewer[i], names[i]);
	}
	edition_done(&edition);
}

static void test_nothing_near(void **state)
{
	static char longest[65];
	struct edition edition = make();
	struct slice names[5];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(query_suggest(&edition.image, SLICE(""), names, 5), 0);
	assert_int_equal(query_suggest(&edition.image, SLICE_NONE, names, 5), 0);
	assert_int_equal(query_suggest(&edition.image, SLICE("qqqqq"), names, 5), 0);
	assert_int_equal(query_suggest(&edition.image, (struct slice){longest, 64}, names, 5), 0);
	assert_int_equal(query_suggest(&edition.image, (struct slice){longest, 65}, names, 5), 0);
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slips),
		cmocka_unit_test(test_order_and_number),
		cmocka_unit_test(test_nothing_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
