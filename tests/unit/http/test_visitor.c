/* Who asks the desk: sessions and their forms, other sites, proxies, tokens, limits. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

/* Both have one. */
#define ask ask_database
#include "../db/database.h"
#undef ask
#include "../desk/office.h"
#include "asking.h"
#include "http/visitor.h"
#include "office_asking.h"

#define ME	 "/api/v1/me"
#define TOKENS	 "/api/v1/me/tokens"
#define NEW	 "{\"label\":\"x\",\"scopes\":[\"read\"]}"
#define PASSWORD SLICE("correct horse battery")

static const struct desk_access_options usual = {};

static void set_password(struct office *office, int64_t who)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct account_hash hash;
	struct desk *desk = NULL;
	struct fault fault = {};

	assert_int_equal(desk_access_borrow(office->access, &desk, &fault), 0);
	account = read_account(desk, who, &arena);
	assert_true(desk_access_hash_begin(office->access));
	assert_int_equal(account_password_hash(desk_access_accounts(office->access), &account,
					       PASSWORD, &hash, &fault),
			 0);
	desk_access_hash_end(office->access);
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_password_set(desk_db(desk), who, &hash, 0, &fault), 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	desk_access_return(office->access, desk, false);
}

/* A visitor whose request has these headers. */
struct visit {
	struct visitor visitor;
	struct http_request request;
	struct http_response response;
};

static int visit_begin(struct visit *visit, const struct office *office, enum http_method method,
		       const struct http_header *headers, size_t count, const char *body)
{
	*visit = (struct visit){.request = {.method = method,
					    .path = SLICE("/desk/login"),
					    .headers = headers,
					    .header_count = count,
					    .body = slice_cstr(body),
					    .peer = SLICE("192.0.2.1")}};
	return visitor_open(&visit->visitor, office->site, &visit->request, &visit->response);
}

static void visit_end(struct visit *visit)
{
	visitor_close(&visit->visitor);
	http_response_done(&visit->response);
}

/* The token for forms of a session. */
static void read_csrf(const struct office *office, const char *cookie, char ret_csrf[static 80])
{
	struct http_header header = {SLICE("Cookie"), slice_cstr(cookie)};
	struct visit visit;
	struct slice csrf;

	assert_int_equal(visit_begin(&visit, office, HTTP_GET, &header, 1, ""), 0);
	csrf = visitor_csrf(&visit.visitor);
	assert_true(csrf.n > 20 && csrf.n < 80);
	memcpy(ret_csrf, csrf.p, csrf.n);
	ret_csrf[csrf.n] = '\0';
	visit_end(&visit);
}

/* Logs in; the cookie, "NAME=VALUE". */
static int log_in(const struct office *office, const char *login, struct slice password,
		  struct slice before, char ret_cookie[static 120])
{
	char csrf[80] = "";
	struct http_header headers[] = {{SLICE("Cookie"), before},
					{SLICE("X-CSRF-Token"), {csrf, 0}}};
	struct slice set;
	struct visit visit;
	int result;

	if (before.p)
		read_csrf(office, before.p, csrf);
	headers[1].value = slice_cstr(csrf);
	assert_int_equal(visit_begin(&visit, office, HTTP_POST, headers, before.p ? 2 : 0, ""), 0);
	result = visitor_login(&visit.visitor, slice_cstr(login), password);
	set = header_of(&visit.response, SLICE("Set-Cookie"));
	assert_int_equal(set.n > 0, result == 0);
	if (result == 0) {
		assert_true(slice_find(set, SLICE("; HttpOnly")) != (size_t)-1);
		assert_true(slice_find(set, SLICE("; SameSite=Lax")) != (size_t)-1);
		assert_true(slice_find(set, SLICE("; Path=/")) != (size_t)-1);
		set.n = slice_find_byte(set, ';');
		assert_true(set.n < 120);
		memcpy(ret_cookie, set.p, set.n);
		ret_cookie[set.n] = '\0';
	}
	visit_end(&visit);
	return result;
}

static unsigned status_with(const struct office *office, enum http_method method,
			    const char *address, const char *body,
			    const struct http_header *headers, size_t count)
{
	struct http_response response = ask_with(office, method, address, body, headers, count);
	unsigned status = response.status;

	http_response_done(&response);
	return status;
}

static void test_session(void **state)
{
	struct office office = office_open(&usual);
	char cookie[120], again[120], csrf[80];
	struct http_header headers[] = {{SLICE("Cookie"), {cookie, 0}},
					{SLICE("X-CSRF-Token"), {csrf, 0}}};

	(void)state;
	set_password(&office, ADA);
	assert_int_equal(log_in(&office, "ada", SLICE("something wrong"), SLICE_NONE, cookie),
			 ACCOUNT_REFUSED);
	assert_int_equal(log_in(&office, "nobody", PASSWORD, SLICE_NONE, cookie), ACCOUNT_REFUSED);
	assert_int_equal(log_in(&office, "rex", PASSWORD, SLICE_NONE, cookie), ACCOUNT_REFUSED);
	assert_int_equal(log_in(&office, "Ada", PASSWORD, SLICE_NONE, cookie), 0);
	assert_true(slice_starts(slice_cstr(cookie), SLICE("portbook=")));
	headers[0].value = slice_cstr(cookie);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 200);
	read_csrf(&office, cookie, csrf);
	/* What changes something needs the session's token; another one's, or none, will not do. */
	assert_int_equal(status_with(&office, HTTP_POST, TOKENS, NEW, headers, 1), 403);
	headers[1].value = slice_cstr(csrf);
	assert_int_equal(status_with(&office, HTTP_POST, TOKENS, NEW, headers, 2), 201);
	csrf[0] = csrf[0] == 'a' ? 'b' : 'a';
	assert_int_equal(status_with(&office, HTTP_POST, TOKENS, NEW, headers, 2), 403);
	headers[1].value = SLICE("");
	assert_int_equal(status_with(&office, HTTP_POST, TOKENS, NEW, headers, 2), 403);
	/* With a new session the old one is over, also where its cookie was put there by others. */
	assert_int_equal(log_in(&office, "ada", PASSWORD, slice_cstr(cookie), again), 0);
	assert_string_not_equal(cookie, again);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 401);
	headers[0].value = slice_cstr(again);
	office_clock_added = 119 * 60;
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 200);
	office_clock_added += 121 * 60;
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 401);
	office_close(&office);
}

static void test_logout(void **state)
{
	struct office office = office_open(&usual);
	char cookie[120], csrf[80], body[100];
	struct http_header headers[] = {
		{SLICE("Cookie"), {cookie, 0}},
		{SLICE("Content-Type"), SLICE("application/x-www-form-urlencoded; charset=utf-8")}};
	struct visit visit;

	(void)state;
	set_password(&office, ADA);
	assert_int_equal(log_in(&office, "ada", PASSWORD, SLICE_NONE, cookie), 0);
	headers[0].value = slice_cstr(cookie);
	read_csrf(&office, cookie, csrf);
	assert_int_equal(visit_begin(&visit, &office, HTTP_POST, headers, 2, "csrf=none&a=1"), 1);
	assert_status(&visit.response, 403);
	visit_end(&visit);
	snprintf(body, sizeof(body), "a=1%%2b1+x&csrf=%s&a=2", csrf);
	assert_int_equal(visit_begin(&visit, &office, HTTP_POST, headers, 2, body), 0);
	assert_text(visitor_field(&visit.visitor, SLICE("a")), "1+1 x");
	assert_absent(visitor_field(&visit.visitor, SLICE("b")));
	assert_int_equal(visitor_logout(&visit.visitor), 0);
	assert_true(slice_find(header_of(&visit.response, SLICE("Set-Cookie")),
			       SLICE("; Max-Age=0")) != (size_t)-1);
	visit_end(&visit);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 401);
	office_close(&office);
}

/* Pages of other sites ask for nothing here, whatever cookies go along. */
static void test_other_sites(void **state)
{
	static const struct {
		const char *name, *value;
		bool own;
	} cases[] = {
		{"Sec-Fetch-Site", "same-origin", true},
		{"Sec-Fetch-Site", "none", true},
		{"Sec-Fetch-Site", "cross-site", false},
		{"Sec-Fetch-Site", "same-site", false},
		{"Origin", "http://ports.example", true},
		{"Origin", "http://Ports.example", true},
		{"Origin", "https://base.example", true},
		{"Origin", "null", false},
		{"Origin", "https://base.example.evil.example", false},
		{"Origin", "https://base.exampl", false},
		{"Origin", "https://evil.example", false},
		{"Origin", "", false},
		{"X-Other", "x", true},
	};
	struct desk_access_options options = {.base = SLICE("https://base.example/x")};
	struct office office = office_open(&options);
	struct visit visit;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_header headers[] = {
			{SLICE("Host"), SLICE("ports.example")},
			{slice_cstr(cases[i].name), slice_cstr(cases[i].value)}};

		if (visit_begin(&visit, &office, HTTP_POST, headers, 2, "") !=
		    (cases[i].own ? 0 : 1))
			fail_msg("%s: %s", cases[i].name, cases[i].value);
		if (!cases[i].own)
			assert_status(&visit.response, 403);
		visit_end(&visit);
		/* Reading is harmless. */
		assert_int_equal(visit_begin(&visit, &office, HTTP_GET, headers, 2, ""), 0);
		visit_end(&visit);
	}
	office_close(&office);
}

static void test_secure(void **state)
{
	struct desk_access_options options = {.base = SLICE("https://ports.example")};
	struct office office = office_open(&options);
	struct http_header header;
	char cookie[120];

	(void)state;
	set_password(&office, ADA);
	assert_int_equal(log_in(&office, "ada", PASSWORD, SLICE_NONE, cookie), 0);
	assert_true(slice_starts(slice_cstr(cookie), SLICE("__Host-portbook=")));
	header = (struct http_header){SLICE("Cookie"), slice_cstr(cookie)};
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, &header, 1), 200);
	/* By its other name it is none. */
	header.value = slice_skip(header.value, 7);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, &header, 1), 401);
	office_close(&office);
}

static void test_proxy(void **state)
{
	static const struct slice proxies[] = {{"192.0.2.1", 9}};
	struct desk_access_options options = {
		.proxies = proxies, .proxy_count = 1, .proxy_header = SLICE("Remote-User")};
	struct office office = office_open(&options);
	struct http_header headers[] = {
		{SLICE("Remote-User"), SLICE("ada")},
		{SLICE("Authorization"), SLICE("Basic YWRhOmFkYQ==")},
		{SLICE("X-Forwarded-For"), SLICE("198.51.100.1, 203.0.113.7")}};
	/* What a client said before the proxy did. */
	struct http_header twice[] = {{SLICE("X-Forwarded-For"), SLICE("198.51.100.1")},
				      {SLICE("X-Forwarded-For"), SLICE("203.0.113.8")},
				      {SLICE("remote-user"), SLICE("admin")},
				      {SLICE("Remote-User"), SLICE("ada")}};
	struct visit visit;

	(void)state;
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, twice, 4), 400);
	assert_int_equal(visit_begin(&visit, &office, HTTP_GET, twice, 2, ""), 0);
	assert_text(visit.visitor.peer, "203.0.113.8");
	visit_end(&visit);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 200);
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 2), 200);
	/* A browser behind it has no session yet, whose token would be in the form. */
	assert_int_equal(status_with(&office, HTTP_POST, TOKENS, NEW, headers, 1), 403);
	assert_int_equal(visit_begin(&visit, &office, HTTP_GET, headers, 3, ""), 0);
	assert_int_equal(visit.visitor.way, VISITOR_SESSION);
	assert_int_equal(visit.visitor.account->number, ADA);
	assert_true(visitor_csrf(&visit.visitor).n > 0);
	assert_text(visit.visitor.peer, "203.0.113.7");
	assert_true(header_of(&visit.response, SLICE("Set-Cookie")).n > 0);
	visit_end(&visit);
	headers[0].value = SLICE("stranger");
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 403);
	headers[0].value = SLICE("");
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 1), 401);
	office_close(&office);
}

/* Of several proxies each adds whom it was asked by; the client is the last that is none of them.
 */
static void test_several_proxies(void **state)
{
	static const struct slice proxies[] = {SLICE("192.0.2.1"), SLICE("192.0.2.7")};
	static const struct {
		struct slice list;
		const char *peer;
	} lists[] = {
		{SLICE("198.51.100.1, 203.0.113.7, 192.0.2.7"), "203.0.113.7"},
		{SLICE("203.0.113.7,192.0.2.7,192.0.2.1"), "203.0.113.7"},
		{SLICE("192.0.2.7"), "192.0.2.7"},
		{SLICE("203.0.113.7:4711"), "203.0.113.7"},
		{SLICE("[2001:db8::1]:4711"), "2001:db8::1"},
		{SLICE("2001:db8::1"), "2001:db8::1"},
		/* As a client may write it, where a proxy adds nothing. */
		{SLICE("203.0.113.7, anything"), "192.0.2.1"},
		{SLICE("\xff\xfe"), "192.0.2.1"},
		{SLICE("unix"), "192.0.2.1"},
		{SLICE(""), "192.0.2.1"},
		{SLICE("203.0.113.7,"), "192.0.2.1"},
		{SLICE("[203.0.113.7"), "203.0.113.7"},
	};
	struct desk_access_options options = {.proxies = proxies, .proxy_count = 2};
	struct office office = office_open(&options);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct http_header header = {SLICE("X-Forwarded-For"), lists[i].list};
		struct visit visit;

		assert_int_equal(visit_begin(&visit, &office, HTTP_GET, &header, 1, ""), 0);
		assert_slice(visit.visitor.peer, slice_cstr(lists[i].peer));
		visit_end(&visit);
	}
	office_close(&office);
}

/* Of anybody else the same header says nothing. */
static void test_no_proxy(void **state)
{
	static const struct slice proxies[] = {{"192.0.2.2", 9}, {"unix", 4}};
	struct desk_access_options options = {
		.proxies = proxies, .proxy_count = 2, .proxy_header = SLICE("Remote-User")};
	struct office office = office_open(&options);
	struct http_header headers[] = {{SLICE("Remote-User"), SLICE("admin")},
					{SLICE("X-Forwarded-For"), SLICE("192.0.2.2")},
					{SLICE("Authorization"), SLICE("Basic YWRhOmFkYQ==")}};
	struct visit visit;

	(void)state;
	assert_int_equal(status_with(&office, HTTP_GET, ME, NULL, headers, 2), 401);
	assert_int_equal(visit_begin(&visit, &office, HTTP_GET, headers, 2, ""), 0);
	assert_null(visit.visitor.account);
	assert_text(visit.visitor.peer, "192.0.2.1");
	visit_end(&visit);
	assert_int_equal(visit_begin(&visit, &office, HTTP_GET, headers, 3, ""), 1);
	assert_status(&visit.response, 401);
	visit_end(&visit);
	office_close(&office);
}

static void test_forms(void **state)
{
	static const struct http_header header = {SLICE("Content-Type"),
						  SLICE("application/x-www-form-urlencoded")};
	struct office office = office_open(&usual);
	char many[FORM_FIELDS_MAX * 4 + 8];
	struct visit visit;

	(void)state;
	assert_int_equal(visit_begin(&visit, &office, HTTP_POST, &header, 1, "a=%ff"), 1);
	assert_status(&visit.response, 400);
	visit_end(&visit);
	for (size_t i = 0; i <= FORM_FIELDS_MAX; i++)
		memcpy(many + 4 * i, "a=b&", 5);
	assert_int_equal(visit_begin(&visit, &office, HTTP_POST, &header, 1, many), 1);
	assert_status(&visit.response, 400);
	visit_end(&visit);
	office_close(&office);
}

static void test_pool(void **state)
{
	struct desk_access_options options = {.desks = 2};
	struct office office = office_open(&options);
	struct desk *desks[2] = {};
	struct fault fault = {};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(desk_access_borrow(office.access, &desks[i], &fault), 0);
	assert_ptr_not_equal(desks[0], desks[1]);
	/* One that is broken is closed, and another one opened in its place. */
	desk_access_return(office.access, desks[1], true);
	assert_int_equal(desk_access_borrow(office.access, &desks[1], &fault), 0);
	for (size_t i = 0; i < 2; i++)
		desk_access_return(office.access, desks[i], false);
	office_close(&office);
}

static void test_no_desk(void **state)
{
	struct desk_access_options options = {.store = where};
	struct desk_access *access = NULL;
	struct history *history = NULL;
	struct desk *desk = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(history_open(where, HISTORY_CREATE, &history, &fault), 0);
	history_close(history);
	assert_int_equal(desk_access_open(&options, &access, &fault), 0);
	assert_int_equal(desk_access_borrow(access, &desk, &fault), 1);
	assert_int_equal(desk_access_borrow(access, &desk, &fault), 1);
	desk_access_close(access);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_session, enter, leave),
		cmocka_unit_test_setup_teardown(test_logout, enter, leave),
		cmocka_unit_test_setup_teardown(test_other_sites, enter, leave),
		cmocka_unit_test_setup_teardown(test_secure, enter, leave),
		cmocka_unit_test_setup_teardown(test_proxy, enter, leave),
		cmocka_unit_test_setup_teardown(test_several_proxies, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_proxy, enter, leave),
		cmocka_unit_test_setup_teardown(test_forms, enter, leave),
		cmocka_unit_test_setup_teardown(test_pool, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_desk, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
