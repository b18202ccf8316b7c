#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "asking.h"
#include "editions.h"

#define DOCUMENT "/assignments/service-names-port-numbers/service-names-port-numbers"

static void assert_held(struct site *site, struct slice as_of, const char *label)
{
	const struct site_edition *edition;
	struct fault fault = {};
	int result = site_hold(site, as_of, &edition, &fault);

	if (result != 0)
		fail_msg("%d: %s", result, fault.text);
	assert_slice(edition->label, slice_cstr(label));
	assert_int_equal(image_row_count(&edition->image), 1);
	assert_slice(image_row_text(&edition->image, 0, COLUMN_PORT), ((struct slice){label, 4}));
	site_release(site, edition);
}

static void test_builtin(void **state)
{
	struct site *site = site_of(NULL);
	const struct site_edition *edition;
	struct fault fault = {};

	(void)state;
	assert_int_equal(site_hold(site, SLICE_NONE, &edition, &fault), 0);
	assert_text(edition->label, "built-in");
	assert_int_equal(edition->number, 0);
	assert_int_equal(edition->date.n, 10);
	assert_true(slice_ends(edition->date, SLICE("-01")));
	assert_true(image_row_count(&edition->image) > 10000);
	assert_null(site_store(site));
	assert_int_equal(site_refresh(site, &fault), 0);
	site_release(site, edition);
	assert_int_equal(site_hold(site, SLICE("2020-01-01"), &edition, &fault), 1);
	site_close(site);
	site_close(NULL);
}

static void test_dates(void **state)
{
	static const struct slice bad[] = {
		SLICE(""),
		SLICE("2020"),
		SLICE("2020-01"),
		SLICE("x"),
		SLICE("2020-13-01"),
		SLICE("2020-02-30"),
		SLICE("2020-01-01x"),
		SLICE("2020-01-01.x"),
		SLICE("' OR 1=1 --"),
		SLICE("<script>"),
	};
	struct site *site;

	(void)state;
	add_edition(2020);
	add_edition(2022);
	site = site_of_store();
	assert_string_equal(site_store(site), where);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct site_edition *edition;
		struct fault fault = {};

		assert_int_equal(site_hold(site, bad[i], &edition, &fault), FAULT_MALFORMED);
		assert_told(fault);
	}
	assert_held(site, SLICE_NONE, "2022-05-06");
	assert_held(site, SLICE("2020-05-06"), "2020-05-06");
	assert_held(site, SLICE("2020-05-06.1"), "2020-05-06");
	assert_held(site, SLICE("2021-12-31"), "2020-05-06");
	assert_held(site, SLICE("2022-05-06"), "2022-05-06");
	assert_held(site, SLICE("9999-12-31"), "2022-05-06");
	{
		const struct site_edition *edition;

		assert_int_equal(site_hold(site, SLICE("2020-05-05"), &edition, NULL), 1);
	}
	site_close(site);
}

/* More of them than are kept in memory, each more than once. */
static void test_past(void **state)
{
	struct random random = {7};
	struct site *site;

	(void)state;
	for (unsigned year = 2001; year <= 2009; year++)
		add_edition(year);
	site = site_of_store();
	for (unsigned i = 0; i < 60; i++) {
		char label[16];

		snprintf(label, sizeof(label), "%u-05-06", 2001 + random_below(&random, 9));
		assert_held(site, slice_cstr(label), label);
	}
	site_close(site);
}

static void test_store_swap(void **state)
{
	const struct site_edition *old;
	struct fault fault = {};
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	assert_int_equal(site_hold(site, SLICE_NONE, &old, &fault), 0);
	add_edition(2021);
	assert_held(site, SLICE_NONE, "2020-05-06");
	assert_held(site, SLICE("2021-05-06"), "2021-05-06");
	assert_int_equal(site_refresh(site, &fault), 0);
	assert_held(site, SLICE_NONE, "2021-05-06");
	assert_int_equal(site_refresh(site, &fault), 0);
	assert_held(site, SLICE_NONE, "2021-05-06");
	/* It is still what it was. */
	assert_text(old->label, "2020-05-06");
	assert_text(image_row_text(&old->image, 0, COLUMN_NAME), "edition-2020");
	site_release(site, old);
	site_close(site);
}

/* A store that has gone, or become something else, is no reason to serve nothing. */
static void test_store_gone(void **state)
{
	struct fault fault = {};
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	assert_int_equal(unlink(where), 0);
	write_file(where, SLICE("this is no database, as anybody can see, and none can read it"));
	(void)!site_refresh(site, &fault);
	assert_held(site, SLICE_NONE, "2020-05-06");
	site_close(site);
	assert_true(site_open(&(struct site_options){.store = where}, &site, &fault) < 0);
	assert_told(fault);
}

static void test_empty_store(void **state)
{
	struct history *history = NULL;
	const struct site_edition *edition;
	struct site *site;

	(void)state;
	assert_int_equal(history_open(where, HISTORY_CREATE, &history, NULL), 0);
	history_close(history);
	site = site_of_store();
	assert_int_equal(site_hold(site, SLICE_NONE, &edition, NULL), 0);
	assert_text(edition->label, "built-in");
	site_release(site, edition);
	add_edition(2020);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_held(site, SLICE_NONE, "2020-05-06");
	site_close(site);
}

/* One that is made while there is a server for it. */
static void test_no_store_yet(void **state)
{
	const struct site_edition *edition;
	struct http_response response;
	struct site *site;

	(void)state;
	site = site_of_store();
	assert_null(site_store(site));
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_int_equal(site_hold(site, SLICE_NONE, &edition, NULL), 0);
	assert_text(edition->label, "built-in");
	site_release(site, edition);
	assert_int_equal(site_hold(site, SLICE("2020-05-06"), &edition, NULL), 1);
	response = ask(site, "/changes");
	assert_int_equal(response.status, 200);
	http_response_done(&response);
	add_edition(2020);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_held(site, SLICE_NONE, "2020-05-06");
	assert_held(site, SLICE("2020-05-06"), "2020-05-06");
	assert_string_equal(site_store(site), where);
	site_close(site);
}

/* Pages of history change with any edition of the store, not with the newest alone. */
static void test_state(void **state)
{
	struct site *site;
	uint64_t before;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	before = site_state(site);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_int_equal(site_state(site), before);
	add_edition(2010);
	assert_int_equal(site_state(site), before);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_true(site_state(site) > before);
	assert_held(site, SLICE_NONE, "2020-05-06");
	before = site_state(site);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_int_equal(site_state(site), before);
	add_edition(2021);
	assert_int_equal(site_refresh(site, NULL), 0);
	assert_true(site_state(site) > before);
	assert_held(site, SLICE_NONE, "2021-05-06");
	site_close(site);
}

static void test_file(void **state)
{
	struct fault fault = {};
	char space[1024];
	struct site *site;

	(void)state;
	write_file("file", edition_text(2020, space));
	site = site_of("file");
	assert_held(site, SLICE_NONE, "2020-05-06");
	write_file("file", edition_text(2021, space));
	assert_held(site, SLICE_NONE, "2020-05-06");
	assert_int_equal(site_refresh(site, &fault), 0);
	assert_held(site, SLICE_NONE, "2021-05-06");
	write_file("file", SLICE("nothing that a registry would be"));
	assert_true(site_refresh(site, &fault) < 0);
	assert_told(fault);
	assert_held(site, SLICE_NONE, "2021-05-06");
	assert_int_equal(unlink("file"), 0);
	assert_true(site_refresh(site, &fault) < 0);
	assert_held(site, SLICE_NONE, "2021-05-06");
	assert_true(site_open(&(struct site_options){.registry = "file"}, &site, &fault) < 0);
	site_close(site);
}

/* The body of a download outlives the edition's time as the newest. */
static void test_left(void **state)
{
	struct http_response first, second, third;
	char space[1024];
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	first = ask(site, DOCUMENT ".csv");
	second = ask(site, DOCUMENT ".csv");
	assert_non_null(first.shared.p);
	assert_ptr_equal(first.shared.p, second.shared.p);
	add_edition(2021);
	assert_int_equal(site_refresh(site, NULL), 0);
	third = ask(site, DOCUMENT ".csv");
	http_response_done(&second);
	assert_has(&first, "edition-2020");
	assert_has(&third, "edition-2021");
	assert_lacks(&third, "edition-2020");
	http_response_done(&third);
	http_response_done(&first);
	first = ask(site, DOCUMENT ".xml");
	assert_slice(body_of(&first), edition_text(2021, space));
	http_response_done(&first);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),
		cmocka_unit_test_setup_teardown(test_dates, enter, leave),
		cmocka_unit_test_setup_teardown(test_past, enter, leave),
		cmocka_unit_test_setup_teardown(test_store_swap, enter, leave),
		cmocka_unit_test_setup_teardown(test_store_gone, enter, leave),
		cmocka_unit_test_setup_teardown(test_empty_store, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_store_yet, enter, leave),
		cmocka_unit_test_setup_teardown(test_state, enter, leave),
		cmocka_unit_test_setup_teardown(test_file, enter, leave),
		cmocka_unit_test_setup_teardown(test_left, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
