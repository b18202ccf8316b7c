#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "asking.h"
#include "editions.h"

#define REGISTRY "/assignments/service-names-port-numbers"
#define DOCUMENT REGISTRY "/service-names-port-numbers"
#define PAGE	 DOCUMENT ".xhtml"

enum { ROWS = 250 };

/*
 * Rows called row-1 to row-250 at ports 251 to 2, so that they are in another order by port and by
 * name; every tenth is of udp and has a contact, and of every hundredth an unauthorized use is
 * reported. Descriptions are hostile.
 */
static struct site *site_of_rows(void)
{
	FILE *file = fopen("file", "w");

	assert_non_null(file);
	assert_true(
		fputs("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"
		      "Registration Date,Modification Date,Reference,Service Code,Unauthorized "
		      "Use Reported,Assignment Notes\r\n",
		      file) >= 0);
	for (unsigned i = 1; i <= ROWS; i++) {
		assert_true(fprintf(file, "row-%u,%u,%s,<script>&,,%s,,,,,%s,\r\n", i, ROWS + 2 - i,
				    i % 10 == 0 ? "udp" : "tcp", i % 10 == 0 ? "[Ann]" : "",
				    i % 100 == 0 ? "Reported" : "") > 0);
	}
	assert_int_equal(fclose(file), 0);
	return site_of("file");
}

/* How often the text is there. */
static size_t count_of(const struct http_response *response, struct slice text)
{
	struct slice rest = body_of(response);
	size_t count = 0;

	for (size_t at; (at = slice_find(rest, text)) != (size_t)-1; count++)
		rest = slice_skip(rest, at + text.n);
	return count;
}

/* The name of the row-th row of the page, from 0. */
static struct slice name_of(const struct http_response *response, size_t row)
{
	struct slice rest = body_of(response);

	rest = slice_skip(rest, slice_find(rest, SLICE("<tbody>")));
	for (size_t i = 0; i <= row; i++)
		rest = slice_skip(rest, slice_find(rest, SLICE("<tr><td>")) + 8);
	return slice_cut(&rest, '<');
}

static size_t rows_of(const struct http_response *response)
{
	return count_of(response, SLICE("<tr><td>row-"));
}

static void test_pages(void **state)
{
	static const struct {
		const char *address;
		unsigned status;
		size_t rows;
		struct slice first, last;
	} cases[] = {
		{PAGE, 200, 100, SLICE("row-1"), SLICE("row-100")},
		{REGISTRY, 200, 100, SLICE("row-1"), SLICE("row-100")},
		{REGISTRY "/", 200, 100, SLICE("row-1"), SLICE("row-100")},
		{PAGE "?page=1", 200, 100, SLICE("row-1"), SLICE("row-100")},
		{PAGE "?page=", 200, 100, SLICE("row-1"), SLICE("row-100")},
		{PAGE "?page=2", 200, 101, SLICE("row-100"), SLICE("row-200")},
		{PAGE "?page=3", 200, 51, SLICE("row-200"), SLICE("row-250")},
		{PAGE "?page=4", 404, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?page=4294967295", 404, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?skey=2", 200, 100, SLICE("row-250"), SLICE("row-151")},
		{PAGE "?skey=-2", 200, 100, SLICE("row-1"), SLICE("row-100")},
		{PAGE "?skey=-1", 200, 100, SLICE("row-99"), SLICE_NONE},
		{PAGE "?skey=3&skey=2", 200, 100, SLICE("row-249"), SLICE_NONE},
		{PAGE "?skey=-3&skey=2", 200, 100, SLICE("row-250"), SLICE_NONE},
		{PAGE "?skey=-3", 200, 100, SLICE("row-10"), SLICE_NONE},
		{PAGE "?skey=2&page=2", 200, 101, SLICE("row-151"), SLICE("row-51")},
		{PAGE "?search=ROW-25", 200, 2, SLICE("row-25"), SLICE("row-250")},
		{PAGE "?search=udp", 200, 25, SLICE("row-10"), SLICE("row-250")},
		{PAGE "?search=ann&skey=2", 200, 25, SLICE("row-250"), SLICE("row-10")},
		{PAGE "?search=%3Cscript%3E%26&page=3", 200, 51, SLICE("row-200"), SLICE_NONE},
		{PAGE "?search=nowhere", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?search=row+1", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?other=1", 200, 100, SLICE("row-1"), SLICE_NONE},
		{PAGE "?transport=udp", 200, 25, SLICE("row-10"), SLICE("row-250")},
		{PAGE "?transport=&state=&range=&unauthorized_use=&portless=&as_of=&skey=", 200,
		 100, SLICE("row-1"), SLICE("row-100")},
		{PAGE "?transport=tcp&page=3", 200, 26, SLICE("row-222"), SLICE("row-249")},
		{PAGE "?transport=tcp&transport=UDP&page=3", 200, 51, SLICE("row-200"), SLICE_NONE},
		{PAGE "?transport=tcp,udp&page=3", 200, 51, SLICE("row-200"), SLICE_NONE},
		{PAGE "?transport=sctp,dccp", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?state=assigned&range=system&search=row-25", 200, 2, SLICE("row-25"),
		 SLICE("row-250")},
		{PAGE "?state=reserved,unassigned", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?range=user&range=dynamic", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?unauthorized_use=true", 200, 2, SLICE("row-100"), SLICE("row-200")},
		{PAGE "?unauthorized_use=true&skey=2", 200, 2, SLICE("row-200"), SLICE("row-100")},
		{PAGE "?unauthorized_use=false&page=3", 200, 49, SLICE("row-202"),
		 SLICE("row-250")},
		{PAGE "?portless=true", 200, 0, SLICE_NONE, SLICE_NONE},
		{PAGE "?transport=udp&page=2", 404, 0, SLICE_NONE, SLICE_NONE},
	};
	struct site *site = site_of_rows();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = ask(site, cases[i].address);
		size_t rows = rows_of(&response);

		if (response.status != cases[i].status || rows != cases[i].rows)
			fail_msg("%s: %u, %zu", cases[i].address, response.status, rows);
		assert_text(response.type, "text/html; charset=utf-8");
		if (cases[i].first.p)
			assert_slice(name_of(&response, 0), cases[i].first);
		if (cases[i].last.p)
			assert_slice(name_of(&response, rows - 1), cases[i].last);
		http_response_done(&response);
	}
	site_close(site);
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
		PAGE "?page=0",
		PAGE "?page=-1",
		PAGE "?page=x",
		PAGE "?page=1.5",
		PAGE "?page=99999999999999999999",
		PAGE "?page=%3Cscript%3E",
		PAGE "?skey=0",
		PAGE "?skey=13",
		PAGE "?skey=-13",
		PAGE "?skey=--1",
		PAGE "?skey=-",
		PAGE "?skey=1x",
		PAGE "?skey=%3Cscript%3E",
		PAGE "?skey=1&skey=x",
		PAGE "?transport=ip",
		PAGE "?transport=tcp&transport=x",
		PAGE "?state=assigned,gone",
		PAGE "?range=%ff",
		PAGE "?unauthorized_use=1",
		PAGE "?portless=x",
		DOCUMENT ".csv?state=gone",
		PAGE "?search=%ff",
		PAGE "?search=%00",
		PAGE "?as_of=x",
		PAGE "?as_of=%3Cscript%3E",
		PAGE "?as_of=%ff",
		DOCUMENT ".csv?as_of=%3Cscript%3E",
		/* More keys than columns. */
		PAGE "?skey=1&skey=1&skey=1&skey=1&skey=1&skey=1&skey=1&skey=1&skey=1&skey=1"
		     "&skey=1&skey=1&skey=1",
	};
	static const struct slice accepted[] = {SLICE("text/html"), SLICE("*/*")};
	struct site *site = site_of_rows();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(accepted); j++) {
			struct http_response response =
				ask_as(site, HTTP_GET, cases[i], accepted[j]);

			if (response.status != 400)
				fail_msg("%s: %u", cases[i], response.status);
			assert_has(&response, "Bad Request");
			assert_lacks(&response, "<script>");
			http_response_done(&response);
		}
	}
	site_close(site);
}

/* Whatever a parameter or a row has in it is text. */
static void test_hostile(void **state)
{
	static const char *const texts[] = {
		"%3Cscript%3Ealert(1)%3C/script%3E",
		"%22%3E%3Cscript%3E",
		"%27%3E%3Cscript%3E%26",
		"%22+onfocus%3D%22alert(1)",
		"<script>",
		"\"><script>",
		"%3C%2Ftitle%3E%3Cscript%3E",
		"javascript:alert(1)%0a%0dX:y",
	};
	struct site *site = site_of_rows();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char address[256];
		struct http_response response;

		snprintf(address, sizeof(address), PAGE "?search=%s&skey=2&other=%s", texts[i],
			 texts[i]);
		response = ask(site, address);
		assert_status(&response, 200);
		assert_lacks(&response, "<script>");
		assert_lacks(&response, "\" onfocus");
		assert_absent(header_of(&response, SLICE("X")));
		http_response_done(&response);
	}
	site_close(site);
}

/* What is on a page beside the rows. */
static void test_parts(void **state)
{
	struct site *site = site_of_rows();
	struct http_response response = ask(site, PAGE "?search=row&skey=2&page=2");

	(void)state;
	assert_has(&response, "name=\"search\" size=\"18\" type=\"text\" value=\"row\"");
	assert_has(&response, "<a href=\"" PAGE "?search=row&amp;skey=2&amp;page=1\">1</a> 2 ");
	assert_has(&response, "<a href=\"" PAGE "?search=row&amp;skey=-2\">Port Number</a>");
	assert_has(&response, "<a href=\"" PAGE "?search=row&amp;skey=1&amp;skey=2\">");
	assert_has(&response, "<a href=\"" DOCUMENT ".xml\">XML</a>");
	assert_has(&response, "<a href=\"" DOCUMENT ".csv\">CSV</a>");
	assert_has(&response, "<a href=\"" DOCUMENT ".txt\">Plain text</a>");
	assert_has(&response, "<a href=\"" DOCUMENT ".json\">JSON</a>");
	assert_has(&response, "<details class=\"about\"><summary>");
	assert_has(&response, "<p id=\"found\" role=\"status\">250 rows</p>");
	assert_has(&response, "<input type=\"hidden\" name=\"skey\" value=\"2\" />");
	assert_has(&response, "<dt>Request an Assignment</dt><dd><a href=\"/desk/apply\">");
	assert_has(&response, "<a href=\"" DOCUMENT ".csv?search=row&amp;skey=2\">CSV</a>");
	/* Another one is served in its place some day. */
	assert_lacks(&response, "Permanent link");
	assert_lacks(&response, "name=\"as_of\"");
	/* Style and script come from elsewhere: the policy allows no others. */
	assert_lacks(&response, "<style");
	assert_lacks(&response, "<script>");
	assert_has(&response, "rel=\"stylesheet\"");
	assert_int_equal(response.last_modified.n, 10);
	assert_true(response.route->cross_origin);
	http_response_done(&response);
	site_close(site);
}

/* Whatever filters, the form shows, and all links keep. */
static void test_filters(void **state)
{
	struct site *site = site_of_rows();
	struct http_response response =
		ask(site,
		    PAGE "?transport=udp,tcp&state=assigned&unauthorized_use=false&skey=-2&page=2");

	(void)state;
#define FILTERS "transport=tcp,udp&amp;state=assigned&amp;unauthorized_use=false&amp;skey="
	assert_has(&response, "<a href=\"" PAGE "?&amp;" FILTERS "-2&amp;page=3\">3</a>");
	assert_has(&response, "<a href=\"" PAGE "?&amp;" FILTERS "1&amp;skey=-2\">");
	assert_has(&response, "<a href=\"" DOCUMENT ".json?" FILTERS "-2\">JSON</a>");
	assert_has(&response, "name=\"transport\" value=\"udp\" checked=\"checked\" />");
	assert_has(&response, "name=\"transport\" value=\"sctp\" />");
	assert_has(&response, "name=\"unauthorized_use\" value=\"true\" />");
	assert_has(&response, "<input type=\"hidden\" name=\"unauthorized_use\" value=\"false\"");
	assert_int_equal(rows_of(&response), 101);
	http_response_done(&response);
	response = ask(site, PAGE "?state=reserved");
	assert_has(&response, "No row is all of this.");
	assert_has(&response, "<p id=\"found\" role=\"status\">0 rows</p>");
	http_response_done(&response);
	response = ask(site, PAGE);
	assert_has(&response, "<details class=\"about\" open=\"open\">");
	http_response_done(&response);
	site_close(site);
}

/* As CSV and JSON, the rows of a search; in the other formats, which are more than rows, all. */
static void test_downloads_of_rows(void **state)
{
	struct site *site = site_of_rows();
	struct http_response response =
		ask(site, DOCUMENT ".csv?unauthorized_use=true&search=row&skey=2");

	(void)state;
	assert_status(&response, 200);
	assert_has(&response, "Assignment Notes\r\nrow-200,52,udp,<script>&,,[Ann],,,,,Reported,"
			      "\r\nrow-100,152,udp,<script>&,,[Ann],,,,,Reported,\r\n");
	assert_int_equal(count_of(&response, SLICE("\r\n")), 3);
	assert_int_equal(response.last_modified.n, 10);
	http_response_done(&response);
	response = ask(site, DOCUMENT ".json?transport=udp");
	assert_int_equal(count_of(&response, SLICE("\"name\":\"row-")), 25);
	http_response_done(&response);
	response = ask(site, DOCUMENT ".csv?search=nowhere");
	assert_int_equal(count_of(&response, SLICE("\r\n")), 1);
	http_response_done(&response);
	response = ask(site, DOCUMENT ".csv?skey=2");
	assert_has(&response, "Assignment Notes\r\nrow-250,2,");
	http_response_done(&response);
	response = ask(site, DOCUMENT ".xml?transport=udp");
	assert_has(&response, "row-1<");
	http_response_done(&response);
	site_close(site);
}

static void test_downloads(void **state)
{
	static const struct {
		const char *address;
		struct slice type, begin;
	} cases[] = {
		{DOCUMENT ".csv", SLICE("text/csv; charset=utf-8"), SLICE("Service Name,Port")},
		{DOCUMENT ".xml", SLICE("text/xml; charset=utf-8"), SLICE("<?xml ")},
		{DOCUMENT ".txt", SLICE("text/plain; charset=utf-8"), SLICE("")},
		{DOCUMENT ".json", SLICE("application/json"), SLICE("[\n{\"name\":\"row-1\",")},
	};
	static const char *const missing[] = {DOCUMENT ".pdf", DOCUMENT, DOCUMENT ".csv.csv",
					      REGISTRY "/x.csv", REGISTRY "/.csv"};
	struct site *site = site_of_rows();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = ask(site, cases[i].address);

		assert_status(&response, 200);
		assert_slice(response.type, cases[i].type);
		assert_true(slice_starts(body_of(&response), cases[i].begin));
		assert_has(&response, "row-250");
		assert_int_equal(response.etag.n, 32);
		assert_int_equal(response.last_modified.n, 10);
		http_response_done(&response);
	}
	for (size_t i = 0; i < ARRAY_SIZE(missing); i++) {
		struct http_response response = ask(site, missing[i]);

		assert_status(&response, 404);
		http_response_done(&response);
	}
	site_close(site);
}

static void test_as_of(void **state)
{
	static const char *const endings[] = {"xhtml", "csv", "xml", "txt", "json"};
	struct http_response response;
	char address[256], space[1024];
	struct site *site;

	(void)state;
	add_edition(2020);
	add_edition(2021);
	site = site_of_store();
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		snprintf(address, sizeof(address), DOCUMENT ".%s", endings[i]);
		response = ask(site, address);
		assert_has(&response, "edition-2021");
		assert_text(response.last_modified, "2021-05-06");
		http_response_done(&response);
		snprintf(address, sizeof(address), DOCUMENT ".%s?as_of=2021-02-03", endings[i]);
		response = ask(site, address);
		assert_status(&response, 200);
		assert_has(&response, "edition-2020");
		assert_lacks(&response, "edition-2021");
		assert_text(response.last_modified, "2020-05-06");
		http_response_done(&response);
		snprintf(address, sizeof(address), DOCUMENT ".%s?as_of=2019-01-01", endings[i]);
		response = ask(site, address);
		assert_status(&response, 404);
		http_response_done(&response);
	}
	response = ask(site, PAGE "?search=ed&as_of=2020-05-06");
	assert_has(&response, "As of <input name=\"as_of\" type=\"date\" value=\"2020-05-06\" />");
	assert_has(&response,
		   "As of edition 2020-05-06. <a href=\"" PAGE "?search=ed\">The newest");
	assert_has(&response, "<a href=\"" PAGE "?search=ed&amp;as_of=2020-05-06\">Permanent link");
	assert_has(&response, "?search=ed&amp;as_of=2020-05-06&amp;skey=1\">");
	assert_has(&response, ".csv?as_of=2020-05-06\">CSV</a>");
	http_response_done(&response);
	/* As it was published, comment and all. */
	response = ask(site, DOCUMENT ".xml?as_of=2020-05-06");
	assert_slice(body_of(&response), edition_text(2020, space));
	http_response_done(&response);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pages, enter, leave),
		cmocka_unit_test_setup_teardown(test_refused, enter, leave),
		cmocka_unit_test_setup_teardown(test_hostile, enter, leave),
		cmocka_unit_test_setup_teardown(test_parts, enter, leave),
		cmocka_unit_test_setup_teardown(test_filters, enter, leave),
		cmocka_unit_test_setup_teardown(test_downloads_of_rows, enter, leave),
		cmocka_unit_test_setup_teardown(test_downloads, enter, leave),
		cmocka_unit_test_setup_teardown(test_as_of, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
