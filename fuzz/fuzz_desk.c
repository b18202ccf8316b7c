/*
 * Any text as a request to a site with a desk, read as fuzz_request.c has it: cookies, tokens, and
 * all other headers, forms and JSON that the desk looks at. In it {cookie}, {csrf} and {token}
 * stand for those of an administrator, and {applicant} for the cookie of somebody who may less.
 *
 * Whatever it is, the answer is well formed, is kept by no cache, is no failure, and nobody reads
 * what is private who has neither of the secrets.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "answers.h"
#include "http/desk_access.h"
#include "http/respond.h"
#include "http/site.h"
#include "requested.h"

#define NOW	SLICE("2026-11-22T07:00:00Z")
#define PRIVATE "PRIVATE-WORD"

static const char application[] = "procedure: port\n"
				  "name: measuring\n"
				  "ports: \"20100\"\n"
				  "transports: tcp\n"
				  "description: \"]]><script src=x>\\\"'-->\"\n"
				  "assignee_name: " PRIVATE "\n"
				  "assignee_email: private@example.org\n";

static char folder[] = P_tmpdir "/portbook-fuzz-XXXXXX";
static char store[sizeof(folder) + 8];
static struct desk_access *access_of_desk;
static struct site *site;

static struct secret {
	struct slice word;
	struct account_secret value;
} secrets[] = {{SLICE("{cookie}"), {}},
	       {SLICE("{csrf}"), {}},
	       {SLICE("{token}"), {}},
	       {SLICE("{applicant}"), {}}};

static int64_t at(void)
{
	return 1795330800;
}

static void end(void)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".image"};
	char path[sizeof(store) + 8];

	site_close(site);
	desk_access_close(access_of_desk);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", store, suffixes[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

static int64_t add(struct desk *desk, const char *login, const char *email)
{
	struct account_details details = {.login = slice_cstr(login), .email = slice_cstr(email)};
	int64_t number = 0;

	must(desk_begin(desk, true, NULL) == 0);
	must(account_create(desk_db(desk), &details, NOW, &number, NULL) == 0);
	must(desk_commit(desk, NULL) == 0);
	return number;
}

static void begin_session(struct desk *desk, int64_t account, struct account_secret *ret_cookie)
{
	must(desk_begin(desk, true, NULL) == 0);
	must(account_session_begin(desk_access_accounts(access_of_desk), desk_db(desk), account,
				   SLICE_NONE, NOW, ret_cookie, NULL) == 0);
	must(desk_commit(desk, NULL) == 0);
}

static void make_secrets(struct desk *desk, int64_t administrator, int64_t applicant)
{
	const struct accounts *accounts = desk_access_accounts(access_of_desk);
	struct account_token token = {.account = administrator,
				      .label = SLICE("fuzz"),
				      .scopes = (1u << SCOPE_COUNT) - 1};
	struct arena arena CLEANUP(arena_done) = {};
	struct account_session session;
	struct account account;
	int64_t number;

	begin_session(desk, administrator, &secrets[0].value);
	must(account_session_find(accounts, desk_db(desk), account_secret_text(&secrets[0].value),
				  NOW, &arena, &account, &session, NULL) == 0);
	secrets[1].value = session.csrf;
	must(desk_begin(desk, true, NULL) == 0);
	must(account_token_create(accounts, desk_db(desk), &token, NOW, &number, &secrets[2].value,
				  NULL) == 0);
	must(desk_commit(desk, NULL) == 0);
	begin_session(desk, applicant, &secrets[3].value);
}

static void file(struct desk *desk, int64_t who)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct application filed CLEANUP(application_done) = {};
	struct application_problem problem = {};
	struct desk_refusal refusal = {};
	struct account account;
	int64_t number;

	must(account_read(desk_db(desk), who, &arena, &account, NULL) == 0);
	must(application_read_yaml(slice_cstr(application), &filed, &problem) == 0);
	must(desk_file(desk, &account, &filed, SLICE_NONE, NOW, &number, &refusal, NULL) == 0);
	preflight_done(&refusal.preflight);
}

static void make_desk(void)
{
	static const enum role roles[] = {ROLE_REVIEWER, ROLE_REGISTRAR, ROLE_APPROVER,
					  ROLE_ADMINISTRATOR};
	struct desk *desk = NULL;
	size_t n = 0;
	const char *policy = policy_builtin("organisation", &n);
	int64_t administrator, applicant;

	must(desk_create(store, (struct slice){policy, n}, NOW, NULL) == 0);
	must(desk_access_borrow(access_of_desk, &desk, NULL) == 0);
	administrator = add(desk, "root", "root@example.org");
	applicant = add(desk, "ada", "private@example.org");
	must(desk_begin(desk, true, NULL) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		must(account_grant_all(desk_db(desk), administrator, roles[i], NULL) == 0);
	must(desk_commit(desk, NULL) == 0);
	make_secrets(desk, administrator, applicant);
	file(desk, applicant);
	desk_access_return(access_of_desk, desk, false);
}

/* Passwords cost as little as can be, and nobody asks too often. */
static void begin(void)
{
	static const struct accounts_options cheap = {.hash_memory = 8192, .hash_passes = 1};
	static const struct slice proxies[] = {SLICE("192.0.2.9")};
	struct desk_access_options options = {.store = store,
					      .base = SLICE("http://made.example"),
					      .proxies = proxies,
					      .proxy_count = ARRAY_SIZE(proxies),
					      .proxy_header = SLICE("Remote-User"),
					      .rate = 1000000000,
					      .accounts = &cheap,
					      .clock = at};
	struct site_options of_site = {.store = store, .base = options.base};

	must(mkdtemp(folder));
	(void)snprintf(store, sizeof(store), "%s/store", folder);
	must(desk_access_open(&options, &access_of_desk, NULL) == 0);
	make_desk();
	of_site.desk = access_of_desk;
	must(site_open(&of_site, &site, NULL) == 0);
	must(atexit(end) == 0);
}

/* The text with the secrets in the place of their words. True: there are some. */
static bool put_secrets(struct slice text, struct strbuf *out)
{
	bool any = false;

	while (text.n > 0) {
		size_t i = 0;

		while (i < ARRAY_SIZE(secrets) && !slice_starts(text, secrets[i].word))
			i++;
		if (i == ARRAY_SIZE(secrets)) {
			strbuf_add_byte(out, text.p[0]);
			text = slice_skip(text, 1);
			continue;
		}
		any = true;
		strbuf_add(out, account_secret_text(&secrets[i].value));
		text = slice_skip(text, secrets[i].word.n);
	}
	must(!out->failed);
	return any;
}

static bool is_of_desk(struct slice path)
{
	return slice_starts(path, SLICE("/desk/")) ||
	       slice_starts(path, SLICE("/api/v1/requests/")) ||
	       slice_starts(path, SLICE("/api/v1/me/"));
}

/* The headers are looked at before respond() adds its own. */
static void must_be_kept_nowhere(const struct http_response *response)
{
	bool told = false;

	for (size_t i = 0; i < response->header_count; i++)
		told |= slice_eq(response->headers[i].name, SLICE("Cache-Control")) &&
			slice_eq(response->headers[i].value, SLICE("no-store"));
	must(told);
	must(!answer_has(response, SLICE("Access-Control-Allow-Origin")));
}

static void must_be_answer(const struct http_request *request, bool secret)
{
	struct http_response response = {};
	bool routed;

	site_answer(site, request, &response);
	must(response.status >= 200 && response.status < 500);
	routed = response.route && response.status != 405 && response.status != 204;
	if (response.type.p)
		must_be_body(response.type, respond_body(&response));
	must(secret || !is_of_desk(request->path) ||
	     (slice_find(respond_body(&response), SLICE(PRIVATE)) == (size_t)-1 &&
	      slice_find(respond_body(&response), SLICE("private@example")) == (size_t)-1));
	if (routed && is_of_desk(request->path))
		must_be_kept_nowhere(&response);
	respond(request, &response);
	must_be_headers(&response);
	http_response_done(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct request_head head;
	struct http_request request = {};
	struct slice named;
	bool secret;

	if (!site)
		begin();
	secret = put_secrets(fuzz_slice(data, size), &text);
	if (!read_request(strbuf_slice(&text), &head, &request))
		return 0;
	/* X-Peer says from where it comes: 192.0.2.9 is a proxy that is believed. */
	named = http_header(&request, SLICE("X-Peer"));
	request.peer = named.p ? named : SLICE("192.0.2.1");
	/* Or one tells it oneself. */
	secret |= slice_find(strbuf_slice(&text), SLICE(PRIVATE)) != (size_t)-1 ||
		  slice_find(strbuf_slice(&text), SLICE("private@example")) != (size_t)-1;
	secret |= slice_eq(request.peer, SLICE("192.0.2.9")) &&
		  http_header(&request, SLICE("Remote-User")).p;
	must_be_answer(&request, secret);
	return 0;
}
