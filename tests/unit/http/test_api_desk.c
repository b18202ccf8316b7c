/* The desk by API: every route for every role, and what protects them. */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

/* Both have one. */
#define ask ask_database
#include "../db/database.h"
#undef ask
#include "../desk/office.h"
#include "asking.h"
#include "office_asking.h"
#include "http/respond.h"

#define API "/api/v1"

#define GET  HTTP_GET
#define POST HTTP_POST

enum { FREE = -1 };

/* Statuses of nobody, ada, rex, reg, apo, admin; 0: not tried. */
static const struct {
	enum http_method method;
	const char *address, *body;
	int scope; /* that a token needs; FREE: none */
	unsigned statuses[OTHER];
} rows[] = {
	{GET, API "/requests", NULL, FREE, {200, 200, 200, 200, 200, 200}},
	{GET, API "/requests?queue=true", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{GET, API "/requests?applicant=me", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{GET, API "/requests?applicant=ada", NULL, SCOPE_READ, {401, 403, 200, 200, 200, 200}},
	{GET, API "/requests?reviewer=rex", NULL, SCOPE_READ, {401, 403, 200, 200, 200, 200}},
	{GET, API "/requests?state=fun", NULL, FREE, {400, 400, 400, 400, 400, 400}},
	{GET, API "/requests/1", NULL, FREE, {200, 200, 200, 200, 200, 200}},
	{GET, API "/requests/99", NULL, FREE, {404, 404, 404, 404, 404, 404}},
	{GET, API "/requests/x", NULL, FREE, {404, 404, 404, 404, 404, 404}},
	{GET, API "/requests/1/events", NULL, FREE, {200, 200, 200, 200, 200, 200}},
	{GET, API "/requests/99/events", NULL, FREE, {404, 404, 404, 404, 404, 404}},
	{GET, API "/requests/1/conflicts", NULL, FREE, {200, 200, 200, 200, 200, 200}},
	{GET, API "/requests/99/conflicts", NULL, FREE, {404, 404, 404, 404, 404, 404}},
	{GET, API "/desk/policy", NULL, FREE, {200, 200, 200, 200, 200, 200}},
	{GET, API "/desk/log", NULL, SCOPE_READ, {401, 403, 403, 200, 200, 200}},
	{GET, API "/me", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{GET, API "/me/export", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{GET, API "/me/tokens", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{GET, API "/accounts", NULL, SCOPE_ADMIN, {401, 403, 403, 403, 403, 200}},
	{GET, API "/accounts/1", NULL, SCOPE_ADMIN, {401, 403, 403, 403, 403, 200}},
	{GET, API "/accounts/77", NULL, SCOPE_ADMIN, {401, 403, 403, 403, 403, 404}},
	{GET, API "/leases", NULL, SCOPE_READ, {401, 200, 200, 200, 200, 200}},
	{POST, API "/requests/check", METRICS, FREE, {200, 200, 200, 200, 200, 200}},
	{POST, API "/requests/check", "{", FREE, {400, 400, 400, 400, 400, 400}},
	{POST, API "/requests", "{}", SCOPE_FILE, {401, 422, 422, 422, 422, 422}},
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":\"x\"}",
	 SCOPE_FILE,
	 {401, 200, 200, 200, 200, 403}},
	{POST, API "/requests/1/comment", "{}", SCOPE_FILE, {401, 422, 422, 422, 422, 403}},
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":\"x\",\"internal\":true}",
	 SCOPE_FILE,
	 {401, 403, 200, 200, 200, 403}},
	/* What is no "true" is not guessed: the note would be for all. */
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":\"x\",\"internal\":1}",
	 SCOPE_FILE,
	 {401, 422, 422, 422, 422, 422}},
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":\"x\",\"internal\":\"true\"}",
	 SCOPE_FILE,
	 {401, 422, 422, 422, 422, 422}},
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":[\"x\"]}",
	 SCOPE_FILE,
	 {401, 422, 422, 422, 422, 422}},
	/* Which accounts there are is not found out by naming them. */
	{POST,
	 API "/requests/1/comment",
	 "{\"note\":\"x\",\"account\":\"no-such\"}",
	 SCOPE_FILE,
	 {401, 200, 200, 200, 200, 403}},
	{POST,
	 API "/requests/1/assign",
	 "{\"account\":\"no-such\"}",
	 SCOPE_ACT,
	 {401, 409, 422, 422, 422, 422}},
	{POST, API "/requests/1/grant", "", SCOPE_ACT, {401, 409, 409, 409, 409, 409}},
	{POST,
	 API "/requests/1/assign",
	 "{\"account\":\"rex\"}",
	 SCOPE_ACT,
	 {401, 409, 409, 409, 409, 409}},
	{POST, API "/requests/1/validate", "", SCOPE_ACT, {401, 403, 0, 0, 403, 403}},
	{POST, API "/requests/1/withdraw", "", SCOPE_FILE, {401, 0, 403, 403, 403, 403}},
	{POST, API "/requests/1/amend", METRICS, SCOPE_FILE, {401, 422, 422, 422, 422, 422}},
	{POST, API "/requests/1/file", "", FREE, {404, 404, 404, 404, 404, 404}},
	{POST, API "/requests/1/dance", "", FREE, {404, 404, 404, 404, 404, 404}},
	{POST,
	 API "/requests/99/comment",
	 "{\"note\":\"x\"}",
	 SCOPE_FILE,
	 {401, 404, 404, 404, 404, 404}},
	{POST, API "/me/tokens", "{\"label\":\"\"}", SCOPE_ADMIN, {401, 422, 422, 422, 422, 422}},
	{POST, API "/me/tokens/999/revoke", "", SCOPE_ADMIN, {401, 404, 404, 404, 404, 404}},
	{POST, API "/me/erase", "", SCOPE_ADMIN, {401, 409, 0, 0, 0, 409}},
	{POST, API "/accounts", "{\"login\":\"a b\"}", SCOPE_ADMIN, {401, 403, 403, 403, 403, 422}},
	{POST, API "/accounts", "{\"login\":\"ada\"}", SCOPE_ADMIN, {401, 403, 403, 403, 403, 409}},
	{POST,
	 API "/accounts/6/grant",
	 "{\"role\":\"reviewer\",\"ports\":\"20000-20010\"}",
	 SCOPE_ADMIN,
	 {401, 403, 403, 403, 403, 200}},
	{POST,
	 API "/accounts/6/grant",
	 "{\"role\":\"applicant\"}",
	 SCOPE_ADMIN,
	 {401, 403, 403, 403, 403, 422}},
	{POST,
	 API "/accounts/6/grant",
	 "{\"role\":\"reviewer\",\"ports\":\"9-1\"}",
	 SCOPE_ADMIN,
	 {401, 403, 403, 403, 403, 422}},
	{POST,
	 API "/accounts/6/revoke",
	 "{\"role\":\"reviewer\"}",
	 SCOPE_ADMIN,
	 {401, 403, 403, 403, 403, 200}},
	{POST, API "/accounts/6/disable", "", SCOPE_ADMIN, {401, 403, 403, 403, 403, 200}},
	{POST, API "/accounts/6/enable", "", SCOPE_ADMIN, {401, 403, 403, 403, 403, 200}},
	{POST, API "/accounts/5/disable", "", SCOPE_ADMIN, {401, 403, 403, 403, 403, 409}},
	{POST, API "/accounts/77/erase", "", SCOPE_ADMIN, {401, 403, 403, 403, 403, 404}},
	{POST, API "/accounts/6/dance", "", SCOPE_ADMIN, {401, 403, 403, 403, 403, 404}},
	{POST,
	 API "/leases",
	 "{\"name\":\"ci\",\"host\":\"a\"}",
	 SCOPE_LEASE,
	 {401, 201, 201, 201, 201, 201}},
	{POST,
	 API "/leases",
	 "{\"name\":\"ci\",\"ports\":\"names\"}",
	 SCOPE_LEASE,
	 {401, 422, 422, 422, 422, 422}},
	{POST, API "/leases/999/release", "", SCOPE_LEASE, {401, 404, 404, 404, 404, 404}},
};

static const struct desk_access_options usual = {};

/* A problem as RFC 9457 has it, for nobody else. */
static void check_problem(struct http_response *response, const char *address)
{
	struct http_request request = {.method = HTTP_POST};

	if (response->status < 400)
		return;
	respond(&request, response);
	if (!slice_eq(response->type, SLICE("application/problem+json")) ||
	    !slice_starts(body_of(response), SLICE("{\"type\":\"about:blank\",\"status\":")) ||
	    !slice_ends(body_of(response), SLICE("}\n")))
		fail_msg("%s: %.*s", address, (int)body_of(response).n, body_of(response).p);
	assert_text(header_of(response, SLICE("Cache-Control")), "no-store");
	if (response->status == 401)
		assert_true(header_of(response, SLICE("WWW-Authenticate")).n > 0);
}

static void file_metrics(const struct office *office, int who)
{
	struct http_response response = post(office, who, API "/requests", METRICS);

	if (response.status != 201)
		fail_msg("%u %.*s", response.status, (int)body_of(&response).n,
			 body_of(&response).p);
	http_response_done(&response);
}

static void try_token(const struct office *office, size_t row, const char *header,
		      unsigned expected, const char *what)
{
	struct http_header authorization = {SLICE("Authorization"), slice_cstr(header)};
	struct http_response response = ask_with(office, rows[row].method, rows[row].address,
						 rows[row].body, &authorization, 1);

	if (response.status != expected)
		fail_msg("%s with %s: %u", rows[row].address, what, response.status);
	check_problem(&response, rows[row].address);
	http_response_done(&response);
}

/* Every route for everybody; the state of request 1 stays what it is. */
static void test_matrix(void **state)
{
	struct office office = office_open(&usual);

	(void)state;
	file_metrics(&office, ADA);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int who = 0; who < OTHER; who++) {
			struct http_response response;

			if (rows[i].statuses[who] == 0)
				continue;
			response =
				ask_by(&office, who, rows[i].method, rows[i].address, rows[i].body);
			if (response.status != rows[i].statuses[who])
				fail_msg("%s by %d: %u %.*s", rows[i].address, who, response.status,
					 (int)body_of(&response).n, body_of(&response).p);
			assert_false(response.status == 401 &&
				     !header_of(&response, SLICE("WWW-Authenticate")).p);
			check_problem(&response, rows[i].address);
			http_response_done(&response);
		}
	}
	office_close(&office);
}

/* Tokens without the scope, whose time is over, of others, or that are none. */
static void test_tokens(void **state)
{
	char header[ACCOUNT_SECRET_MAX + 8], expired[ACCOUNT_SECRET_MAX + 8];
	char disabled[ACCOUNT_SECRET_MAX + 8];
	struct office office = office_open(&usual);
	unsigned all = (1u << SCOPE_COUNT) - 1;

	(void)state;
	file_metrics(&office, ADA);
	office_token(&office, ADMIN, all, SLICE("2026-11-22T07:00:01Z"), expired);
	office_token(&office, OTHER, all, SLICE_NONE, disabled);
	assert_int_equal(status_by(&office, ADMIN, POST, API "/accounts/6/disable", NULL), 200);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		office_clock_added = 1;
		try_token(&office, i, expired, 401, "an expired token");
		office_clock_added = 0;
		try_token(&office, i, disabled, 401, "a token of a disabled account");
		try_token(&office, i, "Bearer pbk_0123456789", 401, "no token");
		try_token(&office, i, "Bearer", 401, "nothing");
		try_token(&office, i, "Basic YWRhOmFkYQ==", 401, "another scheme");
		if (rows[i].scope == FREE)
			continue;
		/* Comments are for tokens of either scope. */
		office_token(&office, ADMIN,
			     all & ~(1u << rows[i].scope) &
				     ~(rows[i].scope == SCOPE_FILE ? 1u << SCOPE_ACT : 0),
			     SLICE_NONE, header);
		try_token(&office, i, header, 403, "another scope");
	}
	office_close(&office);
}

static struct slice member(const struct http_response *response, const char *start, char *space,
			   size_t size)
{
	struct slice body = body_of(response), value;
	size_t at = slice_find(body, slice_cstr(start));

	assert_true(at != (size_t)-1);
	value = slice_skip(body, at + strlen(start));
	value.n = slice_find_byte(value, '"');
	assert_true(value.n < size);
	memcpy(space, value.p, value.n);
	space[value.n] = '\0';
	return (struct slice){space, value.n};
}

static void act_by(const struct office *office, int who, const char *action, const char *body)
{
	char address[80];
	struct http_response response;

	snprintf(address, sizeof(address), API "/requests/1/%s", action);
	response = post(office, who, address, body);
	if (response.status != 200)
		fail_msg("%s: %.*s", action, (int)body_of(&response).n, body_of(&response).p);
	http_response_done(&response);
}

static void test_to_publication(void **state)
{
	struct office office = office_open(&usual);
	struct http_response response = post(&office, ADA, API "/requests", METRICS);

	(void)state;
	assert_status(&response, 201);
	assert_text(header_of(&response, SLICE("Location")), "/api/v1/requests/1");
	assert_true(slice_starts(header_of(&response, SLICE("ETag")), SLICE("\"1-1-1-")));
	assert_has(&response, "\"findings\":[");
	assert_has(&response, "PRIVATE-ANSWER");
	assert_has(&response, "\"actions\":[\"amend\",\"comment\",\"withdraw\"]");
	http_response_done(&response);
	response = ask(office.site, API "/requests/1");
	assert_lacks(&response, "PRIVATE-ANSWER");
	assert_lacks(&response, "ada@example.org");
	assert_has(&response, "\"applicant\":null");
	http_response_done(&response);
	act_by(&office, REG, "validate", NULL);
	act_by(&office, REG, "assign", "{\"account\":\"rex\"}");
	act_by(&office, REX, "return", "{\"note\":\"Why?\"}");
	act_by(&office, ADA, "answer", "{\"note\":\"Because\"}");
	act_by(&office, REX, "comment", "{\"note\":\"SECRET-WORD\",\"internal\":true}");
	act_by(&office, REX, "approve", "{}");
	response = ask(office.site, "/api/v1/services/metrics");
	assert_status(&response, 404);
	http_response_done(&response);
	act_by(&office, REG, "grant", NULL);
	/* Served at once. */
	response = ask(office.site, "/api/v1/services/metrics");
	assert_status(&response, 200);
	http_response_done(&response);
	response = ask(office.site, API "/requests/1/events");
	assert_lacks(&response, "SECRET-WORD");
	assert_lacks(&response, "Because");
	assert_has(&response, "\"action\":\"grant\"");
	http_response_done(&response);
	response = ask_by(&office, ADA, GET, API "/requests/1/events", NULL);
	assert_lacks(&response, "SECRET-WORD");
	assert_has(&response, "Because");
	http_response_done(&response);
	response = ask_by(&office, REX, GET, API "/requests/1/events", NULL);
	assert_has(&response, "SECRET-WORD");
	http_response_done(&response);
	response = ask_by(&office, REG, GET, API "/desk/log", NULL);
	assert_lacks(&response, "SECRET-WORD");
	assert_lacks(&response, "PRIVATE-ANSWER");
	assert_has(&response, "\"private\":\"");
	http_response_done(&response);
	office_close(&office);
}

/* What nobody may do with a request as it is now is refused, by its rule, whoever asks. */
static void check_forbidden(const struct office *office, int64_t number, enum desk_state expected)
{
	struct fault fault = {};

	for (int who = NOBODY_KNOWN; who < PEOPLE; who++) {
		struct arena arena CLEANUP(arena_done) = {};
		struct account account = {};
		struct desk_request request = {};
		unsigned actions;

		if (who != NOBODY_KNOWN)
			account = read_account(office->desk, who, &arena);
		assert_int_equal(desk_request(office->desk, &account, number, &request, &fault), 0);
		assert_int_equal(request.state, expected);
		actions = desk_actions(office->desk, &account, &request, NOW);
		desk_request_done(&request);
		for (unsigned i = ACTION_FILE + 1; i < ACTION_COUNT; i++) {
			char address[80];
			struct http_response response;

			if (actions >> i & 1)
				continue;
			snprintf(address, sizeof(address), API "/requests/%lld/%s",
				 (long long)number, action_name((enum action)i).p);
			response = post(office, who, address, "{\"note\":\"x\"}");
			if (response.status != (who == NOBODY_KNOWN	 ? 401u
						: response.status == 403 ? 403u
									 : 409u) ||
			    (who != NOBODY_KNOWN &&
			     slice_find(body_of(&response), SLICE("\"section\":\"")) == (size_t)-1))
				fail_msg("%s by %d in %s: %u %.*s", address, who,
					 desk_state_name(expected).p, response.status,
					 (int)body_of(&response).n, body_of(&response).p);
			http_response_done(&response);
		}
	}
}

static void go(const struct office *office, int who, int64_t number, const char *action,
	       enum desk_state after)
{
	char address[80];
	struct http_response response;

	snprintf(address, sizeof(address), API "/requests/%lld/%s", (long long)number, action);
	response = post(office, who, address, "{\"note\":\"because\"}");
	if (response.status != 200)
		fail_msg("%s: %.*s", address, (int)body_of(&response).n, body_of(&response).p);
	http_response_done(&response);
	check_forbidden(office, number, after);
}

/* Every state, every action that is not to be taken in it, everybody. */
static void test_forbidden(void **state)
{
	static const char other[] =
		"{\"procedure\":\"port\",\"name\":\"other\",\"ports\":\"20101\","
		"\"transports\":\"tcp\",\"description\":\"Other service\","
		"\"assignee_name\":\"Ada\",\"assignee_email\":\"ada@example.org\"}";
	struct office office = office_open(&usual);
	struct http_response response;

	(void)state;
	file_metrics(&office, ADA);
	check_forbidden(&office, 1, STATE_NEW);
	go(&office, REG, 1, "validate", STATE_REVIEW);
	go(&office, REX, 1, "return", STATE_REQUESTER);
	go(&office, ADA, 1, "answer", STATE_REVIEW);
	go(&office, REX, 1, "escalate", STATE_ESCALATED);
	go(&office, APO, 1, "approve", STATE_ASSIGNABLE);
	go(&office, REG, 1, "grant", STATE_GRANTED);
	response = post(&office, REG, API "/requests",
			"{\"procedure\":\"revocation\",\"subject\":\"metrics 20100/tcp\","
			"\"reason\":\"Nobody uses it any more\"}");
	assert_status(&response, 201);
	http_response_done(&response);
	go(&office, REG, 2, "validate", STATE_REVIEW);
	go(&office, REG, 2, "call", STATE_CALL);
	go(&office, REG, 2, "withdraw", STATE_WITHDRAWN);
	response = post(&office, ADA, API "/requests", other);
	assert_status(&response, 201);
	http_response_done(&response);
	go(&office, REG, 3, "refuse", STATE_REFUSED);
	office_close(&office);
}

static void test_preconditions(void **state)
{
	struct office office = office_open(&usual);
	struct http_header headers[] = {{SLICE("Authorization"), slice_cstr(office.tokens[ADA])},
					{SLICE("If-Match"), SLICE("\"1\"")}};
	static const char note[] = "{\"note\":\"x\"}";
	struct http_request request = {.method = HTTP_GET, .headers = headers, .header_count = 2};
	struct slice tag;
	char text[80], list[100];
	struct http_response response;
	int n;

	(void)state;
	file_metrics(&office, ADA);
	response = ask_with(&office, GET, API "/requests/1", NULL, headers, 1);
	assert_text(header_of(&response, SLICE("Cache-Control")), "no-store");
	tag = header_of(&response, SLICE("ETag"));
	assert_true(tag.n > 0 && tag.n < sizeof(text));
	memcpy(text, tag.p, tag.n);
	http_response_done(&response);
	headers[1] = (struct http_header){SLICE("If-None-Match"), {text, tag.n}};
	response = ask_with(&office, GET, API "/requests/1", NULL, headers, 2);
	respond(&request, &response);
	assert_status(&response, 304);
	assert_int_equal(respond_body(&response).n, 0);
	http_response_done(&response);
	/* In a list, and as a proxy that compressed the body wrote it. */
	n = snprintf(list, sizeof(list), "\"x\", W/%.*s", (int)tag.n, text);
	headers[1].value = (struct slice){list, (size_t)n};
	response = ask_with(&office, GET, API "/requests/1", NULL, headers, 2);
	assert_status(&response, 304);
	http_response_done(&response);
	headers[1].value = (struct slice){text, tag.n};
	/* Another account sees another body of the same version. */
	headers[0].value = slice_cstr(office.tokens[REX]);
	response = ask_with(&office, GET, API "/requests/1", NULL, headers, 2);
	assert_status(&response, 200);
	http_response_done(&response);
	headers[0].value = slice_cstr(office.tokens[ADA]);
	headers[1].value = SLICE("\"1\"");
	headers[1].name = SLICE("If-Match");
	for (unsigned i = 0; i < 2; i++) {
		response = ask_with(&office, POST, API "/requests/1/comment", note, headers, 2);
		assert_status(&response, i == 0 ? 200 : 412);
		http_response_done(&response);
	}
	headers[1].value = SLICE("\"2-gzip\"");
	response = ask_with(&office, POST, API "/requests/1/comment", note, headers, 2);
	assert_status(&response, 200);
	http_response_done(&response);
	headers[1].value = SLICE("W/\"3\"");
	response = ask_with(&office, POST, API "/requests/1/comment", note, headers, 2);
	assert_status(&response, 412);
	http_response_done(&response);
	headers[1].value = SLICE("*");
	response = ask_with(&office, POST, API "/requests/1/comment", note, headers, 2);
	assert_status(&response, 200);
	http_response_done(&response);
	office_close(&office);
}

static void test_idempotency(void **state)
{
	struct office office = office_open(&usual);
	struct http_header headers[] = {{SLICE("Authorization"), slice_cstr(office.tokens[ADA])},
					{SLICE("Idempotency-Key"), SLICE("\"one\"")}};
	struct http_response response;
	char other[] = METRICS;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		response = ask_with(&office, POST, API "/requests", METRICS, headers, 2);
		assert_status(&response, 201);
		assert_text(header_of(&response, SLICE("Location")), "/api/v1/requests/1");
		http_response_done(&response);
	}
	*strstr(other, "Metrics of") = 'm';
	response = ask_with(&office, POST, API "/requests", other, headers, 2);
	assert_status(&response, 409);
	http_response_done(&response);
	headers[1].value = SLICE("two");
	for (unsigned i = 0; i < 3; i++) {
		response = ask_with(&office, POST, API "/requests/1/comment", "{\"note\":\"x\"}",
				    headers, 2);
		assert_status(&response, 200);
		assert_has(&response, "\"version\":2,");
		http_response_done(&response);
	}
	headers[1].value = SLICE("\xff");
	response = ask_with(&office, POST, API "/requests", METRICS, headers, 2);
	assert_status(&response, 400);
	http_response_done(&response);
	office_close(&office);
}

static void test_findings(void **state)
{
	struct office office = office_open(&usual);
	struct http_response response;

	(void)state;
	response = post(&office, ADA, API "/requests",
			"{\"procedure\":\"port\",\"name\":\"metrics\",\"ports\":\"20100\"}");
	assert_status(&response, 422);
	assert_has(&response, "\"findings\":[{\"number\":");
	assert_has(&response, "\"section\":\"");
	http_response_done(&response);
	response = post(&office, ADA, API "/requests",
			"{\"procedure\":\"port\",\"name\":\"metrics\",\"ports\":\"many\"}");
	assert_status(&response, 422);
	assert_has(&response, "\"field\":\"ports\"");
	http_response_done(&response);
	response = post(&office, ADA, API "/requests", "{\"procedure\":\"port\",\"fun\":1}");
	assert_true(response.status == 422 || response.status == 400);
	http_response_done(&response);
	office_close(&office);
}

/* A new token, made by another one: it may no more than that. */
static void test_new_tokens(void **state)
{
	char header[ACCOUNT_SECRET_MAX + 8] = "Bearer ", narrow[ACCOUNT_SECRET_MAX + 8];
	struct office office = office_open(&usual);
	struct http_header authorization = {SLICE("Authorization"), {header, 0}};
	struct http_response response = post(&office, ADA, API "/me/tokens",
					     "{\"label\":\"CI\",\"scopes\":[\"read\",\"lease\"]}");

	(void)state;
	assert_status(&response, 201);
	authorization.value.n =
		7 + member(&response, "\"token\":\"", header + 7, sizeof(header) - 7).n;
	http_response_done(&response);
	response = ask_with(&office, GET, API "/me", NULL, &authorization, 1);
	assert_status(&response, 200);
	assert_has(&response, "\"scopes\":[\"read\",\"lease\"]");
	assert_has(&response, "\"login\":\"ada\"");
	http_response_done(&response);
	response = ask_with(&office, POST, API "/me/tokens",
			    "{\"label\":\"more\",\"scopes\":[\"admin\"]}", &authorization, 1);
	assert_status(&response, 403);
	http_response_done(&response);
	response = ask_by(&office, ADA, GET, API "/me/tokens", NULL);
	assert_has(&response, "\"label\":\"CI\"");
	assert_lacks(&response, "pbk_");
	http_response_done(&response);
	office_token(&office, ADA, 1u << SCOPE_READ | 1u << SCOPE_ADMIN,
		     SLICE("2026-12-01T00:00:00Z"), narrow);
	authorization.value = slice_cstr(narrow);
	response = ask_with(&office, POST, API "/me/tokens",
			    "{\"label\":\"longer\",\"scopes\":[\"read\"]}", &authorization, 1);
	assert_status(&response, 403);
	http_response_done(&response);
	office_close(&office);
}

static void test_leases(void **state)
{
	struct office office = office_open(&usual);
	struct http_response response =
		post(&office, ADA, API "/leases", "{\"name\":\"ci\",\"minutes\":5}");
	char address[80], number[24], body[60];

	(void)state;
	assert_status(&response, 201);
	assert_has(&response, "\"holder\":\"ada\"");
	assert_has(&response, "\"until\":\"2026-11-22T07:05:00Z\"");
	snprintf(body, sizeof(body), "%.*s", (int)sizeof(body) - 1, body_of(&response).p);
	assert_int_equal(sscanf(body, "{\"number\":%20[0-9],", number), 1);
	http_response_done(&response);
	response = ask_by(&office, REX, GET, API "/leases", NULL);
	assert_has(&response, "\"name\":\"ci\"");
	http_response_done(&response);
	response = ask_by(&office, REX, GET, API "/leases?mine=true", NULL);
	assert_lacks(&response, "\"name\":\"ci\"");
	http_response_done(&response);
	snprintf(address, sizeof(address), API "/leases/%s/release", number);
	assert_int_equal(status_by(&office, REX, POST, address, NULL), 403);
	assert_int_equal(status_by(&office, ADA, POST, address, NULL), 204);
	assert_int_equal(status_by(&office, ADA, POST, address, NULL), 404);
	office_close(&office);
}

static void test_pages_of_lists(void **state)
{
	struct office office = office_open(&usual);
	struct http_response response;
	char text[sizeof(METRICS)] = METRICS, *port = strstr(text, "20100");
	char *name = strstr(text, "metrics");

	(void)state;
	for (char i = '0'; i < '5'; i++) {
		name[6] = (char)('a' + i - '0');
		port[4] = i;
		response = post(&office, ADA, API "/requests", text);
		assert_status(&response, 201);
		http_response_done(&response);
	}
	response = ask(office.site, API "/requests?limit=2");
	assert_has(&response, "\"number\":5");
	assert_has(&response, "\"number\":4");
	assert_lacks(&response, "\"number\":3");
	assert_has(&response, "\"next\":\"4\"");
	http_response_done(&response);
	response = ask(office.site, API "/requests?limit=2&cursor=2");
	assert_has(&response, "\"number\":1");
	assert_has(&response, "\"next\":null");
	http_response_done(&response);
	response = ask(office.site, API "/requests?search=metricc&state=new&procedure=port,name");
	assert_has(&response, "\"name\":\"metricc\"");
	assert_lacks(&response, "\"name\":\"metrica\"");
	http_response_done(&response);
	assert_int_equal(status_by(&office, ADA, GET, API "/requests?limit=0", NULL), 400);
	assert_int_equal(status_by(&office, ADA, GET, API "/requests?cursor=x", NULL), 400);
	assert_int_equal(status_by(&office, ADA, GET, API "/requests?fun=1", NULL), 400);
	office_close(&office);
}

static void test_people(void **state)
{
	struct office office = office_open(&usual);
	struct http_response response = post(&office, ADMIN, API "/accounts",
					     "{\"login\":\"new\",\"email\":\"new@example.org\","
					     "\"password\":\"correct horse battery\"}");

	(void)state;
	assert_status(&response, 201);
	assert_text(header_of(&response, SLICE("Location")), "/api/v1/accounts/7");
	assert_has(&response, "\"has_password\":true");
	assert_lacks(&response, "horse");
	http_response_done(&response);
	response = post(&office, ADMIN, API "/accounts",
			"{\"login\":\"short\",\"password\":\"short\"}");
	assert_status(&response, 422);
	assert_has(&response, "\"field\":\"password\"");
	http_response_done(&response);
	response = post(&office, ADMIN, API "/accounts/7/erase", NULL);
	assert_status(&response, 204);
	http_response_done(&response);
	response = ask_by(&office, ADMIN, GET, API "/accounts?limit=3", NULL);
	assert_has(&response, "\"next\":\"3\"");
	http_response_done(&response);
	response = ask_by(&office, ADA, GET, API "/me/export", NULL);
	assert_status(&response, 200);
	assert_has(&response, "ada@example.org");
	http_response_done(&response);
	office_close(&office);
}

/* Texts that somebody would do harm with; nothing of them is anything but text. */
static void test_hostile(void **state)
{
	static const char *const notes[] = {
		"<script>alert(1)</script>",
		"'; DROP TABLE desk_requests; --",
		"\\u202e\\u0041",
		"%s%s%s%n",
		"\\ud83d\\ude00",
		"{\\\"note\\\":1}",
	};
	struct office office = office_open(&usual);
	struct strbuf large CLEANUP(strbuf_done) = {};
	struct http_response response;
	char body[200];

	(void)state;
	file_metrics(&office, ADA);
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++) {
		snprintf(body, sizeof(body), "{\"note\":\"%s\"}", notes[i]);
		assert_int_equal(status_by(&office, ADA, POST, API "/requests/1/comment", body),
				 200);
	}
	response = ask_by(&office, ADA, GET, API "/requests/1/events", NULL);
	assert_status(&response, 200);
	assert_has(&response, "DROP TABLE");
	http_response_done(&response);
	assert_int_equal(
		status_by(&office, ADA, POST, API "/requests/1/comment", "{\"note\":\"\\u0000\"}"),
		400);
	assert_int_equal(status_by(&office, ADA, POST, API "/requests/1/comment",
				   "{\"note\":\"\\u001b[2J\"}"),
			 422);
	assert_int_equal(
		status_by(&office, ADA, POST, API "/requests/1/comment", "{\"note\":\"\xff\"}"),
		400);
	assert_int_equal(
		status_by(&office, ADA, POST, API "/requests/1/comment", "{\"note\":[\"x\"]}"),
		422);
	assert_int_equal(status_by(&office, ADA, POST, API "/requests/1/comment", "[1]"), 400);
	assert_int_equal(
		status_by(&office, ADA, POST, API "/requests/1/comment", "{\"note\":1,\"note\":2}"),
		400);
	assert_int_equal(status_by(&office, ADA, POST, API "/requests/1/comment",
				   "{\"note\":\"x\",\"more\":1}"),
			 422);
	strbuf_add(&large, SLICE("{\"note\":\""));
	for (size_t i = 0; i < 30000; i++)
		strbuf_add_byte(&large, 'x');
	strbuf_add(&large, SLICE("\"}"));
	strbuf_add_byte(&large, '\0');
	assert_int_equal(status_by(&office, ADA, POST, API "/requests/1/comment", large.p), 422);
	large.n = 0;
	for (size_t i = 0; i < 5000; i++)
		strbuf_add_byte(&large, '[');
	strbuf_add_byte(&large, '\0');
	assert_int_equal(status_by(&office, ADA, POST, API "/requests", large.p), 400);
	assert_int_equal(status_by(&office, ADA, GET, API "/requests?search=%25%27_%5C", NULL),
			 200);
	office_close(&office);
}

static void test_other_type(void **state)
{
	struct office office = office_open(&usual);
	struct http_header headers[] = {{SLICE("Authorization"), slice_cstr(office.tokens[ADA])},
					{SLICE("Content-Type"), SLICE("text/plain")}};
	struct http_response response =
		ask_with(&office, POST, API "/requests", METRICS, headers, 2);

	(void)state;
	assert_status(&response, 415);
	http_response_done(&response);
	file_metrics(&office, ADA);
	response =
		ask_with(&office, POST, API "/requests/1/comment", "{\"note\":\"x\"}", headers, 2);
	assert_status(&response, 415);
	http_response_done(&response);
	response = ask_with(&office, HTTP_OTHER, API "/requests", NULL, headers, 1);
	assert_status(&response, 405);
	assert_text(header_of(&response, SLICE("Allow")), "GET, HEAD, POST, OPTIONS");
	http_response_done(&response);
	office_close(&office);
}

static void test_rates(void **state)
{
	struct desk_access_options options = {.rate = 10};
	struct office office = office_open(&options);
	struct http_response response = {};

	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		http_response_done(&response);
		response = ask_by(&office, NOBODY_KNOWN, GET, API "/requests", NULL);
	}
	assert_status(&response, 429);
	assert_true(header_of(&response, SLICE("Retry-After")).n > 0);
	http_response_done(&response);
	office_close(&office);
}

/* Where the store has no desk, nothing of all that is there. */
static void test_without_desk(void **state)
{
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct http_response response =
			ask_as(site, rows[i].method, rows[i].address, SLICE_NONE);

		assert_status(&response, 404);
		http_response_done(&response);
	}
	site_close(site);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_matrix, enter, leave),
		cmocka_unit_test_setup_teardown(test_tokens, enter, leave),
		cmocka_unit_test_setup_teardown(test_to_publication, enter, leave),
		cmocka_unit_test_setup_teardown(test_forbidden, enter, leave),
		cmocka_unit_test_setup_teardown(test_preconditions, enter, leave),
		cmocka_unit_test_setup_teardown(test_idempotency, enter, leave),
		cmocka_unit_test_setup_teardown(test_findings, enter, leave),
		cmocka_unit_test_setup_teardown(test_new_tokens, enter, leave),
		cmocka_unit_test_setup_teardown(test_leases, enter, leave),
		cmocka_unit_test_setup_teardown(test_pages_of_lists, enter, leave),
		cmocka_unit_test_setup_teardown(test_people, enter, leave),
		cmocka_unit_test_setup_teardown(test_hostile, enter, leave),
		cmocka_unit_test_setup_teardown(test_other_type, enter, leave),
		cmocka_unit_test_setup_teardown(test_rates, enter, leave),
		cmocka_unit_test(test_without_desk),
	};

	if (argc > 1)
		where = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
