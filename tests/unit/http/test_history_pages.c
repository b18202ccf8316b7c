#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "asking.h"
#include "editions.h"

/* A response that is one page or feed. */
static struct http_response ask_well(struct site *site, const char *address)
{
	struct http_response response = ask(site, address);

	if (response.status != 200)
		fail_msg("%s: %u", address, response.status);
	return response;
}

static void test_none(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask_well(site, "/editions");

	(void)state;
	assert_has(&response, "built-in");
	http_response_done(&response);
	response = ask_well(site, "/changes");
	assert_has(&response, "no earlier edition");
	http_response_done(&response);
	response = ask_well(site, "/changes.atom");
	assert_text(response.type, "application/atom+xml; charset=utf-8");
	assert_has(&response, "<feed ");
	assert_lacks(&response, "<entry>");
	http_response_done(&response);
	site_close(site);
}

static void test_one(void **state)
{
	struct http_response response;
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	response = ask_well(site, "/editions");
	assert_has(&response, "<a href=\"/editions/2020-05-06\">2020-05-06</a>");
	http_response_done(&response);
	response = ask_well(site, "/changes");
	assert_has(&response, "no earlier edition");
	http_response_done(&response);
	response = ask_well(site, "/changes.atom");
	assert_lacks(&response, "<entry>");
	assert_text(response.last_modified, "2020-05-06");
	http_response_done(&response);
	site_close(site);
}

static void test_many(void **state)
{
	struct http_response response;
	struct site *site;

	(void)state;
	for (unsigned year = 2001; year <= 2015; year++)
		add_edition(year);
	site = site_of_store();
	response = ask_well(site, "/editions");
	assert_has(&response, ">2001-05-06</a>");
	assert_has(&response, ">2015-05-06</a>");
	assert_true(slice_find(body_of(&response), SLICE(">2001-05-06<")) >
		    slice_find(body_of(&response), SLICE(">2015-05-06<")));
	http_response_done(&response);
	response = ask_well(site, "/changes");
	assert_has(&response, ">2015-05-06</a></h2>");
	assert_has(&response, "edition-2015");
	assert_has(&response, ">2006-05-06</a></h2>");
	assert_lacks(&response, ">2005-05-06</a></h2>");
	assert_has(&response, "href=\"/changes?before=2006-05-06\"");
	http_response_done(&response);
	response = ask_well(site, "/changes?before=2006-05-06");
	assert_lacks(&response, ">2006-05-06</a></h2>");
	assert_has(&response, ">2005-05-06</a></h2>");
	assert_has(&response, ">2002-05-06</a></h2>");
	assert_lacks(&response, ">2001-05-06</a></h2>");
	assert_lacks(&response, "?before=");
	http_response_done(&response);
	response = ask_well(site, "/changes.atom");
	assert_has(&response, "edition-2015");
	assert_has(&response, "edition-2002");
	assert_text(response.last_modified, "2015-05-06");
	http_response_done(&response);
	site_close(site);
}

static void test_refused(void **state)
{
	static const struct {
		const char *address;
		unsigned status;
	} cases[] = {
		{"/changes?before=2001", 404},	       {"/changes?before=%3Cscript%3E", 404},
		{"/changes?before=2019-01-01", 404},   {"/changes?before=%ff", 400},
		{"/changes?as_of=%3Cscript%3E", 400},  {"/editions?as_of=%3Cscript%3E", 400},
		{"/changes.atom?x=%3Cscript%3E", 200}, {"/changes?before=", 200},
	};
	struct site *site;

	(void)state;
	add_edition(2020);
	site = site_of_store();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response =
			ask_as(site, HTTP_GET, cases[i].address, SLICE("text/html"));

		if (response.status != cases[i].status)
			fail_msg("%s: %u", cases[i].address, response.status);
		assert_lacks(&response, "<script>");
		http_response_done(&response);
	}
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test_setup_teardown(test_one, enter, leave),
		cmocka_unit_test_setup_teardown(test_many, enter, leave),
		cmocka_unit_test_setup_teardown(test_refused, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
