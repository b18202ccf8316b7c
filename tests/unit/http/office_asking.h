/* A site with a desk and its people, and requests to it. Behind asking.h and ../desk/office.h. */
#ifndef PORTBOOK_TESTS_OFFICE_ASKING_H
#define PORTBOOK_TESTS_OFFICE_ASKING_H

#include "http/desk_access.h"

/* Beside those of office.h. */
enum { NOBODY_KNOWN = 0, OTHER = ADMIN + 1, PEOPLE };

#define METRICS                                                                                    \
	"{\"procedure\":\"port\",\"name\":\"metrics\",\"ports\":\"20100\",\"transports\":\"tcp\"," \
	"\"description\":\"Metrics of all services\",\"assignee_name\":\"Ada Lovelace\","          \
	"\"assignee_email\":\"ada@example.org\",\"security\":\"PRIVATE-ANSWER\"}"

struct office {
	struct desk_access *access;
	struct site *site;
	struct desk *desk;			     /* for what the test does itself */
	char tokens[PEOPLE][ACCOUNT_SECRET_MAX + 8]; /* "Bearer pbk_..." */
};

/* Seconds since 1970 of 2026-11-22T07:00:00Z, and what a test adds. */
static int64_t office_clock_added;

static inline int64_t office_clock(void)
{
	return 1795330800 + office_clock_added;
}

static inline void office_token(struct office *office, int64_t who, unsigned scopes,
				struct slice expires, char *ret_header)
{
	struct account_token token = {
		.account = who, .label = SLICE("test"), .scopes = scopes, .expires = expires};
	struct account_secret secret;
	struct fault fault = {};
	struct desk *desk = NULL;
	int64_t number;

	assert_int_equal(desk_access_borrow(office->access, &desk, &fault), 0);
	assert_int_equal(desk_begin(desk, true, &fault), 0);
	assert_int_equal(account_token_create(desk_access_accounts(office->access), desk_db(desk),
					      &token, NOW, &number, &secret, &fault),
			 0);
	assert_int_equal(desk_commit(desk, &fault), 0);
	desk_access_return(office->access, desk, false);
	snprintf(ret_header, ACCOUNT_SECRET_MAX + 8, "Bearer %.*s", (int)secret.n, secret.bytes);
	account_secret_done(&secret);
}

static inline struct office office_open(const struct desk_access_options *wanted)
{
	static const char *const logins[] = {"ada", "rex", "reg", "apo", "admin", "other"};
	static const struct accounts_options weak = {.hash_memory = 8192, .hash_passes = 1};
	struct desk_access_options options = *wanted;
	struct site_options site = {.store = where, .base = options.base};
	struct office office = {.desk = new_desk("organisation")};
	struct fault fault = {};

	office_clock_added = 0;
	options.store = where;
	options.accounts = &weak;
	options.clock = office_clock;
	options.rate = options.rate ? options.rate : 1000000;
	for (size_t i = 0; i < ARRAY_SIZE(logins); i++)
		assert_int_equal(add_account(office.desk, logins[i]), i + 1);
	give_role(office.desk, REX, ROLE_REVIEWER);
	give_role(office.desk, REG, ROLE_REGISTRAR);
	give_role(office.desk, APO, ROLE_APPROVER);
	give_role(office.desk, ADMIN, ROLE_ADMINISTRATOR);
	assert_int_equal(desk_access_open(&options, &office.access, &fault), 0);
	site.desk = office.access;
	assert_int_equal(site_open(&site, &office.site, &fault), 0);
	for (int64_t i = ADA; i < PEOPLE; i++)
		office_token(&office, i, (1u << SCOPE_COUNT) - 1, SLICE_NONE, office.tokens[i]);
	return office;
}

static inline void office_close(struct office *office)
{
	desk_close(office->desk);
	site_close(office->site);
	desk_access_close(office->access);
}

/* Asks with headers beside Content-Type; those without a value are left out. */
static inline struct http_response ask_with(const struct office *office, enum http_method method,
					    const char *address, const char *body,
					    const struct http_header *headers, size_t count)
{
	struct http_header all[12];
	struct slice query = slice_cstr(address), path = slice_cut(&query, '?');
	struct http_request request = {.method = method,
				       .path = path,
				       .query = query,
				       .headers = all,
				       .body = body ? slice_cstr(body) : SLICE(""),
				       .peer = SLICE("192.0.2.1")};
	struct http_response response = {};
	bool typed = false;

	for (size_t i = 0; i < count; i++) {
		typed |= slice_eq(headers[i].name, SLICE("Content-Type"));
		if (headers[i].value.p)
			all[request.header_count++] = headers[i];
	}
	if (body && !typed)
		all[request.header_count++] =
			(struct http_header){SLICE("Content-Type"), SLICE("application/json")};
	site_answer(office->site, &request, &response);
	return response;
}

/* Asks as one of the people, by token. */
static inline struct http_response ask_by(const struct office *office, int who,
					  enum http_method method, const char *address,
					  const char *body)
{
	struct http_header header = {SLICE("Authorization"),
				     who == NOBODY_KNOWN ? SLICE_NONE
							 : slice_cstr(office->tokens[who])};

	return ask_with(office, method, address, body, &header, 1);
}

/* The status alone. */
static inline unsigned status_by(const struct office *office, int who, enum http_method method,
				 const char *address, const char *body)
{
	struct http_response response = ask_by(office, who, method, address, body);
	unsigned status = response.status;

	http_response_done(&response);
	return status;
}

static inline struct http_response post(const struct office *office, int who, const char *address,
					const char *body)
{
	return ask_by(office, who, HTTP_POST, address, body);
}

#endif
