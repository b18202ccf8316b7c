/* The desk's pages: who sees which, what is filed and done by their forms, and what never shows. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <expat.h>

/* Both have one. */
#define ask ask_database
#include "../db/database.h"
#undef ask
#include "../desk/office.h"
#include "asking.h"
#include "http/desk_page.h"
#include "http/frame.h"

enum who { STRANGER, ANN, REV, CLERK, BOARD, ROOT, EVE, EVERYBODY };

struct house {
	struct desk_access *access;
	struct site *site;
	struct desk *desk;
	struct account_secret cookies[EVERYBODY], csrf[EVERYBODY];
};

static int64_t clock_now(void)
{
	return 1795330800; /* NOW */
}

static void log_in(struct house *house, enum who who)
{
	struct accounts *accounts = desk_access_accounts(house->access);
	struct arena arena CLEANUP(arena_done) = {};
	struct account_session session;
	struct account account;
	struct fault fault = {};

	assert_int_equal(desk_begin(house->desk, true, &fault), 0);
	assert_int_equal(account_session_begin(accounts, desk_db(house->desk), who, SLICE_NONE, NOW,
					       &house->cookies[who], &fault),
			 0);
	assert_int_equal(desk_commit(house->desk, &fault), 0);
	assert_int_equal(account_session_find(accounts, desk_db(house->desk),
					      account_secret_text(&house->cookies[who]), NOW,
					      &arena, &account, &session, &fault),
			 0);
	house->csrf[who] = session.csrf;
}

static struct house open_house(const char *policy)
{
	static const char *const logins[] = {"ada", "rex", "reg", "apo", "adm", "eve"};
	static const struct accounts_options weak = {.hash_memory = 8192, .hash_passes = 1};
	struct desk_access_options options = {
		.store = where, .rate = 1000000, .accounts = &weak, .clock = clock_now};
	struct site_options site = {.store = where};
	struct house house = {.desk = new_desk(policy)};
	struct fault fault = {};

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++)
		assert_int_equal(add_account(house.desk, logins[i]), i + 1);
	give_role(house.desk, REV, ROLE_REVIEWER);
	give_role(house.desk, CLERK, ROLE_REGISTRAR);
	give_role(house.desk, BOARD, ROLE_APPROVER);
	give_role(house.desk, ROOT, ROLE_ADMINISTRATOR);
	assert_int_equal(desk_access_open(&options, &house.access, &fault), 0);
	site.desk = house.access;
	assert_int_equal(site_open(&site, &house.site, &fault), 0);
	assert_int_equal(visitor_has_desk(house.site, &fault), 1);
	for (enum who who = ANN; who < EVERYBODY; who++)
		log_in(&house, who);
	return house;
}

static void close_house(struct house *house)
{
	desk_close(house->desk);
	site_close(house->site);
	desk_access_close(house->access);
}

/* Pages are well-formed, whatever is on them. */
static void check_page(const struct http_response *response, const char *address)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	if (slice_starts(response->type, SLICE("text/html")) &&
	    XML_Parse(parser, body_of(response).p, (int)body_of(response).n, 1) == XML_STATUS_ERROR)
		fail_msg("%s, line %lu: %s", address, XML_GetCurrentLineNumber(parser),
			 XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
}

/* body NULL: GET. Its csrf is added. */
static struct http_response send_as(const struct house *house, enum who who, const char *address,
				    const char *body, bool csrf)
{
	struct strbuf cookie CLEANUP(strbuf_done) = {}, form CLEANUP(strbuf_done) = {};
	struct slice query = slice_cstr(address), path = slice_cut(&query, '?');
	struct http_header headers[3] = {
		{SLICE("Accept"), SLICE("text/html")},
		{SLICE("Content-Type"), SLICE("application/x-www-form-urlencoded")}};
	struct http_request request = {.method = body ? HTTP_POST : HTTP_GET,
				       .path = path,
				       .query = query,
				       .headers = headers,
				       .header_count = 2,
				       .peer = SLICE("192.0.2.1")};
	struct http_response response = {};

	strbuf_add(&form, slice_cstr(body ? body : ""));
	if (who != STRANGER) {
		strbuf_add(&cookie, SLICE("portbook="));
		strbuf_add(&cookie, account_secret_text(&house->cookies[who]));
		headers[request.header_count++] =
			(struct http_header){SLICE("Cookie"), strbuf_slice(&cookie)};
	}
	if (who != STRANGER && body && csrf) {
		strbuf_add(&form, SLICE("&csrf="));
		strbuf_add(&form, account_secret_text(&house->csrf[who]));
	}
	request.body = strbuf_slice(&form);
	site_answer(house->site, &request, &response);
	check_page(&response, address);
	return response;
}

static struct http_response get(const struct house *house, enum who who, const char *address)
{
	return send_as(house, who, address, NULL, true);
}

static struct http_response post(const struct house *house, enum who who, const char *address,
				 const char *body)
{
	return send_as(house, who, address, body, true);
}

static void expect(const struct house *house, enum who who, const char *address, const char *body,
		   unsigned status)
{
	struct http_response response = send_as(house, who, address, body, true);

	if (response.status != status)
		fail_msg("%s as %d: %u, not %u: %.*s", address, who, response.status, status,
			 (int)body_of(&response).n, body_of(&response).p);
	http_response_done(&response);
}

#define METRICS                                                                                    \
	"name=metrics&ports=20100&transports=tcp&description=Metrics+of+all&reference=RFC9000&"    \
	"assignee_name=HIDDEN-NAME&assignee_email=hidden%40example.org&"                           \
	"contact_name=HIDDEN-CONTACT&contact_email=hidden2%40example.org&"                         \
	"broadcast=HIDDEN-1&why_port=HIDDEN-2&why_system=HIDDEN-3&why_transports=HIDDEN-4&"        \
	"udp_traffic=HIDDEN-5&udp_discovery=HIDDEN-6&versioning=HIDDEN-7&security=HIDDEN-8&"       \
	"development=HIDDEN-9&other=HIDDEN-10&"

static void file_metrics(const struct house *house)
{
	struct http_response response =
		post(house, ANN, "/desk/apply/port", METRICS "do=file&anyway=1");

	if (response.status != 303)
		fail_msg("%.*s", (int)body_of(&response).n, body_of(&response).p);
	assert_text(header_of(&response, SLICE("Location")), "/desk/requests/1?done=file");
	http_response_done(&response);
}

/* Statuses of nobody, ada, rex, reg, apo, adm, eve. */
static const struct {
	const char *address, *body; /* NULL: GET */
	unsigned statuses[EVERYBODY];
} rows[] = {
	{"/desk", NULL, {200, 200, 200, 200, 200, 200, 200}},
	{"/desk?state=new&q=metrics&procedure=port&below=9",
	 NULL,
	 {200, 200, 200, 200, 200, 200, 200}},
	{"/desk/apply", NULL, {200, 200, 200, 200, 200, 200, 200}},
	{"/desk/apply/port", NULL, {200, 200, 200, 200, 200, 200, 200}},
	{"/desk/apply/early", NULL, {404, 404, 404, 404, 404, 404, 404}},
	{"/desk/apply/fun", NULL, {404, 404, 404, 404, 404, 404, 404}},
	{"/desk/apply/port", "do=check", {200, 200, 200, 200, 200, 200, 200}},
	{"/desk/apply/port", "do=file", {422, 422, 422, 422, 422, 422, 422}},
	{"/desk/requests/1", NULL, {200, 200, 200, 200, 200, 200, 200}},
	{"/desk/requests/2", NULL, {404, 404, 404, 404, 404, 404, 404}},
	{"/desk/requests/x", NULL, {404, 404, 404, 404, 404, 404, 404}},
	{"/desk/requests/1", "action=grant&version=1", {401, 409, 409, 409, 409, 409, 409}},
	{"/desk/requests/1", "action=validate&version=9", {401, 403, 409, 409, 403, 403, 403}},
	{"/desk/requests/1", "action=comment&version=1", {401, 422, 422, 422, 422, 403, 403}},
	{"/desk/requests/1", "action=withdraw&version=9", {401, 409, 403, 403, 403, 403, 403}},
	{"/desk/requests/1", "action=fun", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/requests/2", "action=comment&note=x", {401, 404, 404, 404, 404, 404, 404}},
	{"/desk/requests/1/amend", NULL, {401, 200, 403, 403, 403, 403, 403}},
	{"/desk/requests/1/amend", "do=check&version=1", {401, 200, 403, 403, 403, 403, 403}},
	{"/desk/requests/1/amend", "do=file&version=9", {401, 409, 403, 403, 403, 403, 403}},
	{"/desk/queue", NULL, {401, 403, 200, 200, 200, 403, 403}},
	{"/desk/me", NULL, {401, 200, 200, 200, 200, 200, 200}},
	{"/desk/me?done=x", NULL, {401, 200, 200, 200, 200, 200, 200}},
	{"/desk/me/export", NULL, {401, 200, 200, 200, 200, 200, 200}},
	{"/desk/me", "do=fun", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=erase&confirm=no", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=revoke&token=99", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=token&label=ci&scope=read&days=30", {401, 200, 200, 200, 200, 200, 200}},
	{"/desk/me", "do=token&scope=read&days=0", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=token&label=ci&scope=read", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=token&label=ci&scope=read&days=x", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=token&label=ci&scope=read&days=-1", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=token&label=ci&scope=read&days=3651", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/me", "do=password&password=short", {401, 422, 422, 422, 422, 422, 422}},
	{"/desk/admin", NULL, {401, 403, 403, 403, 403, 200, 403}},
	{"/desk/admin", "do=verify", {401, 403, 403, 403, 403, 200, 403}},
	{"/desk/admin", "do=retry&letter=99", {401, 403, 403, 403, 403, 422, 403}},
	{"/desk/admin", "do=create&login=ada", {401, 403, 403, 403, 403, 422, 403}},
	{"/desk/admin/accounts/1", NULL, {401, 403, 403, 403, 403, 200, 403}},
	{"/desk/admin/accounts/99", NULL, {401, 403, 403, 403, 403, 404, 403}},
	{"/desk/admin/accounts/6",
	 "do=grant&role=reviewer&first=1&last=9",
	 {401, 403, 403, 403, 403, 303, 403}},
	{"/desk/admin/accounts/6",
	 "do=revoke&role=reviewer&first=1&last=9",
	 {401, 403, 403, 403, 403, 303, 403}},
	{"/desk/admin/accounts/6", "do=grant&role=applicant", {401, 403, 403, 403, 403, 422, 403}},
	{"/desk/admin/accounts/6",
	 "do=details&login=eve&name=Eve",
	 {401, 403, 403, 403, 403, 303, 403}},
	{"/desk/admin/accounts/5", "do=disable", {401, 403, 403, 403, 403, 422, 403}},
	{"/desk/admin/accounts/6",
	 "do=password&password=short",
	 {401, 403, 403, 403, 403, 422, 403}},
	{"/desk/admin/accounts/6", "do=erase&confirm=no", {401, 403, 403, 403, 403, 422, 403}},
};

static void test_routes(void **state)
{
	struct house house = open_house("organisation");

	(void)state;
	file_metrics(&house);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (enum who who = STRANGER; who < EVERYBODY; who++)
			expect(&house, who, rows[i].address, rows[i].body, rows[i].statuses[who]);
	}
	close_house(&house);
}

/* A form that came from elsewhere does nothing. */
static void test_forgery(void **state)
{
	struct house house = open_house("organisation");
	struct http_response response;

	(void)state;
	file_metrics(&house);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].body)
			continue;
		response = send_as(&house, ROOT, rows[i].address, rows[i].body, false);
		assert_status(&response, 403);
		http_response_done(&response);
	}
	response = send_as(&house, ANN, "/desk/requests/1", "action=withdraw", false);
	assert_status(&response, 403);
	http_response_done(&response);
	assert_int_equal(state_of(house.desk, 1), STATE_NEW);
	close_house(&house);
}

/* What was typed is there again, with what is wrong beside it. */
static void test_typed(void **state)
{
	struct house house = open_house("organisation");
	struct http_response response =
		post(&house, ANN, "/desk/apply/port",
		     "name=bad--name&ports=443&transports=tcp&transports=udp&other=Kept&do=file");

	(void)state;
	assert_status(&response, 422);
	assert_has(&response, "value=\"bad--name\"");
	assert_has(&response, "value=\"udp\" checked=\"checked\"");
	assert_has(&response, "\nKept</textarea>");
	assert_has(&response, "<a href=\"#f-name\">");
	assert_has(&response, "aria-describedby=\"help-name error-name\"");
	assert_has(&response, "aria-invalid=\"true\"");
	assert_has(&response, "role=\"alert\"");
	http_response_done(&response);
	/* Nobody is logged in any more: the form stays. */
	response = post(&house, STRANGER, "/desk/apply/port", METRICS "do=file&anyway=1");
	assert_status(&response, 401);
	assert_has(&response, "value=\"metrics\"");
	http_response_done(&response);
	/* What is only recommended is asked about once. */
	response = post(&house, ANN, "/desk/apply/port",
			"name=metrics&ports=20100&transports=tcp&description=Metrics+of+all&"
			"assignee_name=Ada&assignee_email=ada%40example.org&do=file");
	assert_status(&response, 422);
	assert_has(&response, "name=\"anyway\"");
	http_response_done(&response);
	/* The same form, sent twice, is filed once. */
	for (int i = 0; i < 2; i++) {
		response = post(&house, ANN, "/desk/apply/port", METRICS "do=file&anyway=1&key=k1");
		assert_text(header_of(&response, SLICE("Location")), "/desk/requests/1?done=file");
		http_response_done(&response);
	}
	/* Changed meanwhile: the note is not lost. */
	response = post(&house, CLERK, "/desk/requests/1",
			"action=validate&version=7&note=A+long+thought");
	assert_status(&response, 409);
	assert_has(&response, "\nA long thought</textarea>");
	assert_has(&response,
		   "value=\"validate\" id=\"a-validate\" aria-describedby=\"d-validate\" "
		   "checked=\"checked\"");
	http_response_done(&response);
	response = post(&house, ANN, "/desk/requests/1/amend", METRICS "version=7&do=file");
	assert_status(&response, 409);
	assert_has(&response, "HIDDEN-10</textarea>");
	http_response_done(&response);
	close_house(&house);
}

/* From the form to the registry. */
static void test_through(void **state)
{
	struct house house = open_house("organisation");
	struct http_response response;

	(void)state;
	expect(&house, ANN, "/desk/apply/port?ports=20100&transports=tcp", NULL, 200);
	file_metrics(&house);
	expect(&house, CLERK, "/desk/requests/1", "action=return&version=1&note=Why%3F", 303);
	response = get(&house, ANN, "/desk/requests/1");
	assert_has(&response, "Why?");
	assert_has(&response, "value=\"answer\"");
	http_response_done(&response);
	expect(&house, ANN, "/desk/requests/1/amend", METRICS "do=file&anyway=1&version=2", 303);
	expect(&house, ANN, "/desk/requests/1", "action=answer&version=3&note=So", 303);
	expect(&house, CLERK, "/desk/requests/1", "action=validate&version=4", 303);
	expect(&house, CLERK, "/desk/requests/1", "action=assign&account=2&version=5", 303);
	response = get(&house, REV, "/desk/queue?mine=1");
	assert_has(&response, "/desk/requests/1");
	http_response_done(&response);
	response = get(&house, REV, "/desk/requests/1");
	assert_has(&response, "<h2>Checklist</h2>");
	assert_has(&response, "HIDDEN-10");
	http_response_done(&response);
	expect(&house, REV, "/desk/requests/1", "action=comment&internal=1&note=SECRET-WORD", 303);
	response = get(&house, ANN, "/desk/requests/1");
	assert_lacks(&response, "SECRET-WORD");
	http_response_done(&response);
	expect(&house, REV, "/desk/requests/1", "action=approve", 303);
	expect(&house, CLERK, "/desk/requests/1", "action=grant", 303);
	assert_int_equal(state_of(house.desk, 1), STATE_GRANTED);
	response = get(&house, STRANGER, "/desk/requests/1");
	assert_has(&response, "edition 2026-11-22.2");
	http_response_done(&response);
	response = get(&house, STRANGER, "/ports/20100/tcp");
	assert_has(&response, "metrics");
	assert_lacks(&response, "Request this port");
	http_response_done(&response);
	response = get(&house, STRANGER, "/");
	assert_has(&response, "Service names and ports of our organisation");
	assert_lacks(&response, "as IANA publishes it");
	http_response_done(&response);
	response = get(&house, STRANGER, "/ports/20101/udp");
	assert_has(&response, "/desk/apply/port?ports=20101&amp;transports=udp");
	http_response_done(&response);
	close_house(&house);
}

/* What is private is on no page that anybody may see, nor in what a stranger sees. */
static void test_private(void **state)
{
	static const char *const pages[] = {
		"/",
		"/?q=metrics",
		"/?q=HIDDEN",
		"/desk",
		"/desk?q=HIDDEN",
		"/desk?q=metrics",
		"/desk/requests/1",
		"/desk/requests/1?done=file",
		"/desk/apply",
		"/desk/apply/port",
		"/desk/login",
		"/changes",
		"/changes.atom",
		"/editions",
		"/ports/20100",
		"/services/metrics",
		"/api/v1/rows",
		"/api/v1/rows?search=HIDDEN",
		"/api/v1/ports/20100",
		"/api/v1/requests",
		"/api/v1/requests/1",
		"/api/v1/requests/1/events",
		"/api/v1/desk/log",
		"/api/v1/log/20100",
		"/metrics",
		"/assignments/service-names-port-numbers",
		"/assignments/service-names-port-numbers/service-names-port-numbers.csv"};
	static const enum who strangers[] = {STRANGER, EVE, ROOT};
	struct house house = open_house("organisation");

	(void)state;
	file_metrics(&house);
	expect(&house, CLERK, "/desk/requests/1", "action=comment&note=HIDDEN-NOTE", 303);
	expect(&house, REV, "/desk/requests/1", "action=comment&internal=1&note=HIDDEN-WORD", 303);
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(strangers); j++) {
			struct http_response response = get(&house, strangers[j], pages[i]);
			struct slice body = body_of(&response);

			if (slice_find(body, SLICE("hidden@")) != (size_t)-1 ||
			    slice_find(body, SLICE("HIDDEN-")) != (size_t)-1 ||
			    slice_find(body, SLICE("hidden2@")) != (size_t)-1)
				fail_msg("%s shows what is private: %.*s", pages[i], (int)body.n,
					 body.p);
			/* Not even who asked for it. */
			if (strangers[j] == STRANGER &&
			    slice_find(body, SLICE("ada")) != (size_t)-1)
				fail_msg("%s names the applicant", pages[i]);
			http_response_done(&response);
		}
	}
	close_house(&house);
}

/* Script and markup in every field of every form. */
static void test_hostile(void **state)
{
	static const char *const forms[] = {
		"/desk/apply/port",   "/desk/apply/name", "/desk/apply/modification",
		"/desk/apply/appeal", "/desk/requests/1", "/desk/requests/1/amend",
		"/desk/me",	      "/desk/admin",	  "/desk/admin/accounts/6",
		"/desk/login",	      "/desk/logout"};
	static const char *const keys[] = {
		"do",	     "login",	"password", "next",  "email",  "label",	 "scope",  "days",
		"token",     "confirm", "role",	    "first", "last",   "names",	 "person", "action",
		"note",	     "version", "account",  "key",   "anyway", "letter", "q",	   "state",
		"procedure", "below",	"mine",	    "done",  "after"};
	static const char *const values[] = {"%22%27%3E%3Cx-mark%20onload%3Dx%3E%26amp%3B",
					     "%01%02%0d%0aX-A%3a%201%0d%0a%0d%0a",
					     "%ef%bf%be%c2%85%7f%3Cx-mark%3E",
					     "%ff%fe",
					     "%00",
					     "999999999999999999999"};
	struct house house = open_house("organisation");

	(void)state;
	file_metrics(&house);
	for (size_t i = 0; i < ARRAY_SIZE(forms) * ARRAY_SIZE(values) * 2; i++) {
		struct strbuf text CLEANUP(strbuf_done) = {}, address CLEANUP(strbuf_done) = {};
		const char *value = values[i / 2 % ARRAY_SIZE(values)];
		const char *form = forms[i / 2 / ARRAY_SIZE(values)];
		enum who who = i % 2 ? ANN : ROOT;
		struct http_response response;

		for (size_t k = 0; k < FIELD_COUNT; k++)
			strbuf_printf(&text, "%s=%s&", application_field(k)->key.p, value);
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
			strbuf_printf(&text, "%s=%s&", keys[k], value);
		strbuf_add_byte(&text, '\0');
		strbuf_printf(&address, "%s?%s", form, text.p);
		strbuf_add_byte(&address, '\0');
		/* Who logs in with it is nobody. */
		if (form == forms[9])
			who = STRANGER;
		if (form != forms[10]) {
			response = post(&house, who, form, text.p);
			assert_lacks(&response, "<x-mark");
			assert_true(response.status >= 400 && response.status < 500);
			http_response_done(&response);
		}
		response = get(&house, who, address.p);
		assert_lacks(&response, "<x-mark");
		assert_true(response.status < 500);
		assert_absent(header_of(&response, SLICE("X-A")));
		http_response_done(&response);
	}
	/* And in what is kept. */
	expect(&house, ANN, "/desk/requests/1",
	       "action=comment&note=%22%3E%3Cx-mark%3E%26amp%3B%E2%80%AE%EF%BF%BF", 303);
	expect(&house, ANN, "/desk/me", "do=profile&name=%22%3E%3Cx-mark%3E%26", 303);
	expect(&house, ANN, "/desk/me", "do=token&scope=read&days=0&label=%22%3E%3Cx-mark%3E%26",
	       200);
	for (enum who who = STRANGER; who < EVERYBODY; who++) {
		static const char *const pages[] = {
			"/desk/requests/1", "/desk/me",	   "/desk/admin", "/desk/admin/accounts/1",
			"/desk/apply/port", "/desk/queue", "/desk"};

		for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
			struct http_response response = get(&house, who, pages[i]);

			assert_lacks(&response, "<x-mark");
			http_response_done(&response);
		}
	}
	close_house(&house);
}

static void test_login(void **state)
{
	struct house house = open_house("organisation");
	struct http_response response;

	(void)state;
	expect(&house, ROOT, "/desk/admin/accounts/1",
	       "do=password&password=a+very+long+word+for+tests", 303);
	expect(&house, STRANGER, "/desk/login", "login=ada&password=wrong", 401);
	response = post(&house, STRANGER, "/desk/login",
			"login=ada&password=a+very+long+word+for+tests&next=/desk/me");
	assert_status(&response, 303);
	assert_text(header_of(&response, SLICE("Location")), "/desk/me");
	assert_true(slice_find(header_of(&response, SLICE("Set-Cookie")), SLICE("HttpOnly")) !=
		    (size_t)-1);
	http_response_done(&response);
	response = post(&house, STRANGER, "/desk/login",
			"login=ada&password=a+very+long+word+for+tests&next=//evil.example");
	assert_text(header_of(&response, SLICE("Location")), "/desk");
	http_response_done(&response);
	/* Sessions were ended by the new password, those of others were not. */
	expect(&house, ANN, "/desk/me", NULL, 401);
	expect(&house, EVE, "/desk/logout", "", 303);
	expect(&house, EVE, "/desk/me", NULL, 401);
	expect(&house, REV, "/desk/me", "do=end", 303);
	expect(&house, REV, "/desk/me", NULL, 401);
	expect(&house, CLERK, "/desk/me", "do=erase&confirm=reg", 303);
	expect(&house, CLERK, "/desk/me", NULL, 401);
	close_house(&house);
}

static void test_return(void **state)
{
	static const struct {
		const char *path;
		bool good;
	} paths[] = {
		{"/desk", true},
		{"/desk/requests/1?x=%20", true},
		{"/desk?mine=1", true},
		{"", false},
		{"/", false},
		{"/deskx", false},
		{"//evil.example/desk", false},
		{"/desk//evil.example", false},
		{"/desk/\\evil.example", false},
		{"/desk/../admin", false},
		{"https://evil.example/desk", false},
		{"/desk\r\nX-A: 1", false},
		{"javascript:alert(1)", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (page_is_return(slice_cstr(paths[i].path)) != paths[i].good)
			fail_msg("%s", paths[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_routes, enter, leave),
		cmocka_unit_test_setup_teardown(test_forgery, enter, leave),
		cmocka_unit_test_setup_teardown(test_typed, enter, leave),
		cmocka_unit_test_setup_teardown(test_through, enter, leave),
		cmocka_unit_test_setup_teardown(test_private, enter, leave),
		cmocka_unit_test_setup_teardown(test_hostile, enter, leave),
		cmocka_unit_test_setup_teardown(test_login, enter, leave),
		cmocka_unit_test(test_return),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
