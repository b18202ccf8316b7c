/*
 * Makes a store with a desk, people of every role and some requests, and says as JSON what their
 * secrets are and which routes the desk has.
 *
 *     make_desk STORE NOW       NOW: YYYY-MM-DDThh:mm:ssZ
 *
 * Passwords are hashed as cheaply as can be. Texts with MARKER in them are private.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/handlers.h"
#include "desk/desk.h"

enum { ROBOTS = 8 };

static struct desk *desk;
static struct accounts *accounts;
static struct slice now;

static void check(int result, const struct fault *fault)
{
	if (result != 0)
		fprintf(stderr, "make_desk: %d: %s\n", result, fault->text);
	assert(result == 0);
}

static void set_password(struct accounts *hashing, int64_t number, const char *password)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = {};
	struct account_hash hash;
	struct fault fault = {};

	check(account_read(desk_db(desk), number, &arena, &account, &fault), &fault);
	check(account_password_hash(hashing, &account, slice_cstr(password), &hash, &fault),
	      &fault);
	check(desk_begin(desk, true, &fault), &fault);
	check(account_password_set(desk_db(desk), number, &hash, 0, &fault), &fault);
	check(desk_commit(desk, &fault), &fault);
}

static int64_t add(const char *login, const char *password)
{
	char email[80];
	struct account_details details = {.login = slice_cstr(login), .email = {email, 0}};
	struct fault fault = {};
	int64_t number = 0;

	details.email.n =
		(size_t)snprintf(email, sizeof(email), "MARKER-email-%s@example.org", login);
	check(desk_begin(desk, true, &fault), &fault);
	check(account_create(desk_db(desk), &details, now, &number, &fault), &fault);
	check(desk_commit(desk, &fault), &fault);
	if (password)
		set_password(accounts, number, password);
	return number;
}

static void grant(int64_t number, enum role role, int32_t first, int32_t last)
{
	struct account_role one = {role, first, last};
	struct fault fault = {};

	check(desk_begin(desk, true, &fault), &fault);
	check(first < 0 ? account_grant_all(desk_db(desk), number, role, &fault)
			: account_grant(desk_db(desk), number, &one, &fault),
	      &fault);
	check(desk_commit(desk, &fault), &fault);
}

static void begin_session(int64_t account, struct slice when, struct account_secret *secret)
{
	struct fault fault = {};

	check(desk_begin(desk, true, &fault), &fault);
	check(account_session_begin(accounts, desk_db(desk), account, SLICE_NONE, when, secret,
				    &fault),
	      &fault);
	check(desk_commit(desk, &fault), &fault);
}

/* Its name, number, a session's cookie and the token against CSRF that goes with it. */
static void show_person(const char *name, int64_t account)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account_secret secret;
	struct account_session session;
	struct account found;
	struct fault fault = {};

	begin_session(account, now, &secret);
	check(account_session_find(accounts, desk_db(desk), account_secret_text(&secret), now,
				   &arena, &found, &session, &fault),
	      &fault);
	printf(",\n\"%s\":{\"number\":%lld,\"cookie\":\"%.*s\",\"csrf\":\"%.*s\"}", name,
	       (long long)account, (int)secret.n, secret.bytes, (int)session.csrf.n,
	       session.csrf.bytes);
}

/* expires may be absent; when it is made is then. Its number. */
static int64_t show_token(const char *name, int64_t account, unsigned scopes, struct slice then,
			  struct slice expires)
{
	struct account_token token = {.account = account,
				      .label = slice_cstr(name),
				      .scopes = scopes,
				      .expires = expires};
	struct account_secret secret;
	struct fault fault = {};
	int64_t number;

	check(desk_begin(desk, true, &fault), &fault);
	check(account_token_create(accounts, desk_db(desk), &token, then, &number, &secret, &fault),
	      &fault);
	check(desk_commit(desk, &fault), &fault);
	printf(",\n\"%s\":{\"number\":%lld,\"token\":\"%.*s\"}", name, (long long)number,
	       (int)secret.n, secret.bytes);
	return number;
}

static void revoke(int64_t account, int64_t token)
{
	struct fault fault = {};

	check(desk_begin(desk, true, &fault), &fault);
	check(account_token_revoke(desk_db(desk), account, token, &fault), &fault);
	check(desk_commit(desk, &fault), &fault);
}

static struct account read(int64_t number, struct arena *arena)
{
	struct account account = {};
	struct fault fault = {};

	check(account_read(desk_db(desk), number, arena, &account, &fault), &fault);
	return account;
}

static int64_t file(int64_t who, const char *yaml)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read(who, &arena);
	struct application application = {};
	struct application_problem problem = {};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	int64_t number = 0;
	int result;

	check(application_read_yaml(slice_cstr(yaml), &application, &problem), &problem.fault);
	result =
		desk_file(desk, &account, &application, SLICE_NONE, now, &number, &refusal, &fault);
	if (result > 0)
		fprintf(stderr, "make_desk: %s\n", refusal.why.text);
	check(result, &fault);
	preflight_done(&refusal.preflight);
	application_done(&application);
	return number;
}

static void comment(int64_t who, int64_t request, const char *note, bool internal)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read(who, &arena);
	struct desk_act act = {
		.action = ACTION_COMMENT, .note = slice_cstr(note), .internal = internal};
	struct desk_refusal refusal = {};
	struct fault fault = {};

	check(desk_do(desk, &account, request, &act, now, &refusal, &fault), &fault);
	preflight_done(&refusal.preflight);
}

static int ignore_lease(void *context, const struct desk_lease *lease)
{
	*(int64_t *)context = lease->number;
	return 0;
}

static int64_t lease(int64_t who)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = read(who, &arena);
	struct desk_lease_wish wish = {.name = SLICE("build"), .first_port = -1, .last_port = -1};
	struct desk_refusal refusal = {};
	struct fault fault = {};
	int64_t number = 0;

	check(desk_lease_take(desk, &account, &wish, now, ignore_lease, &number, &refusal, &fault),
	      &fault);
	return number;
}

/* All that is no page or query of the registry: what is under /desk, has people, or changes
 * something. */
static bool is_of_desk(const struct route *route)
{
	return route->cost == ROUTE_DESK || route->cost == ROUTE_LOGIN ||
	       route->methods & 1u << HTTP_POST ||
	       slice_starts(slice_cstr(route->pattern), SLICE("/desk"));
}

static void show_routes(void)
{
	const struct route *route;
	bool first = true;

	printf("{\"routes\":[");
	for (size_t i = 0; (route = route_at(i)); i++) {
		if (!is_of_desk(route))
			continue;
		/* Each has a line of its own. */
		assert(route->methods == 1u << HTTP_GET || route->methods == 1u << HTTP_POST);
		printf("%s[\"%s\",\"%s\",%s]", first ? "" : ",",
		       route->methods & 1u << HTTP_GET ? "GET" : "POST", route->pattern,
		       route->cross_origin ? "true" : "false");
		first = false;
	}
	printf("],\n\"people\":{\"made\":{}");
}

static const char application[] = "procedure: port\n"
				  "name: %s\n"
				  "ports: \"%d\"\n"
				  "transports: tcp\n"
				  "description: Measurements of machines for everybody to see\n"
				  "reference: https://example.org/measuring\n"
				  "assignee_name: MARKER assignee\n"
				  "assignee_email: MARKER-assignee@example.org\n"
				  "why_port: MARKER reason of many words why it needs a port\n";

static int64_t file_port(int64_t who, const char *name, int port)
{
	char yaml[1000];

	snprintf(yaml, sizeof(yaml), application, name, port);
	return file(who, yaml);
}

int main(int argc, char **argv)
{
	static const enum role all[] = {ROLE_REVIEWER, ROLE_REGISTRAR, ROLE_APPROVER,
					ROLE_ADMINISTRATOR};
	const struct accounts_options cheap = {.hash_memory = 8192, .hash_passes = 1};
	int64_t alice, mallory, ray, rex, reg, ann, root, sue, dan, lou, request, other;
	struct accounts *usual = NULL;
	struct account_secret secret;
	struct fault fault = {};
	size_t n = 0;
	const char *policy = policy_builtin("organisation", &n);

	assert(argc == 3);
	now = slice_cstr(argv[2]);
	check(accounts_open(&cheap, &accounts, &fault), &fault);
	check(desk_create(argv[1], (struct slice){policy, n}, now, &fault), &fault);
	check(desk_open(argv[1], &desk, &fault), &fault);
	alice = add("alice", "seven wild geese");
	mallory = add("mallory", NULL);
	ray = add("ray", NULL);
	rex = add("rex", NULL);
	reg = add("reg", NULL);
	ann = add("ann", NULL);
	root = add("root", "nine tame swans");
	sue = add("sue", NULL);
	dan = add("dan", "eleven grey herons");
	/* As expensive as everybody's. */
	check(accounts_open(NULL, &usual, &fault), &fault);
	lou = add("lou", NULL);
	set_password(usual, lou, "four grey herons");
	accounts_close(usual);
	grant(ray, ROLE_REVIEWER, 20000, 20999);
	grant(rex, ROLE_REVIEWER, 25000, 25999);
	grant(reg, ROLE_REGISTRAR, -1, -1);
	grant(ann, ROLE_APPROVER, -1, -1);
	grant(root, ROLE_ADMINISTRATOR, -1, -1);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		grant(sue, all[i], -1, -1);
	show_routes();
	show_person("applicant", alice);
	show_person("other", mallory);
	show_person("reviewer", ray);
	show_person("elsewhere", rex);
	show_person("registrar", reg);
	show_person("approver", ann);
	show_person("administrator", root);
	show_person("disabled", dan);
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		char name[40];

		snprintf(name, sizeof(name), "token_%s",
			 account_scope_name((enum account_scope)i).p);
		show_token(name, sue, 1u << i, now, SLICE_NONE);
	}
	/* Who may everything, as often as is asked for in a test. */
	for (int i = 0; i < ROBOTS; i++) {
		char name[40];
		int64_t robot;

		snprintf(name, sizeof(name), "robot%d", i);
		robot = add(name, NULL);
		for (size_t j = 0; j < ARRAY_SIZE(all); j++)
			grant(robot, all[j], -1, -1);
		show_token(name, robot, 31, now, SLICE_NONE);
	}
	show_token("disabled_token", dan, 31, now, SLICE_NONE);
	show_token("expired_token", alice, 31, SLICE("2026-01-01T00:00:00Z"),
		   SLICE("2026-01-02T00:00:00Z"));
	/* With all scopes, which are no roles. */
	show_token("token_of_applicant", alice, 31, now, SLICE_NONE);
	revoke(alice, show_token("revoked_token", alice, 31, now, SLICE_NONE));
	show_token("applicant_token", alice, 31, now, SLICE_NONE);
	begin_session(alice, SLICE("2026-01-01T00:00:00Z"), &secret);
	printf(",\n\"over\":{\"number\":%lld,\"cookie\":\"%.*s\"}", (long long)alice, (int)secret.n,
	       secret.bytes);
	check(desk_begin(desk, true, &fault), &fault);
	check(account_disable(desk_db(desk), dan, now, &fault), &fault);
	check(desk_commit(desk, &fault), &fault);
	request = file_port(alice, "measuring", 20100);
	comment(alice, request, "MARKER-note of the applicant", false);
	comment(ray, request, "MARKER-internal note of the reviewer", true);
	other = file_port(mallory, "gauging", 25100);
	printf("},\n\"request\":%lld,\"other\":%lld,\"lease\":%lld}\n", (long long)request,
	       (long long)other, (long long)lease(alice));
	desk_close(desk);
	accounts_close(accounts);
	return 0;
}
