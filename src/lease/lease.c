#include "lease/lease.h"

#include "base/json.h"
#include "lease/answer.h"
#include "record/time.h"

enum { TOKEN_MAX = 4096, ANSWER_MAX = 16 << 20, TRIES = 3, URL_SHOWN_MAX = 80 };

#define PATH "/api/v1/leases"

bool lease_token_valid(struct slice token)
{
	for (size_t i = 0; i < token.n; i++) {
		if (token.p[i] <= ' ' || token.p[i] > '~')
			return false;
	}
	return token.n > 0 && token.n <= TOKEN_MAX;
}

static int make_url(const struct lease_server *server, int64_t number, struct strbuf *url,
		    struct fault *fault)
{
	struct slice base = slice_cstr(server->url);

	while (slice_ends(base, SLICE("/")))
		base.n--;
	strbuf_add(url, base);
	strbuf_add(url, SLICE(PATH));
	if (number > 0)
		strbuf_printf(url, "/%lld/release", (long long)number);
	strbuf_add_byte(url, '\0');
	return url->failed ? fault_memory(fault) : 0;
}

/* Calls the server. 0: an answer is there; else as lease_take(). */
static int call(const struct lease_server *server, int64_t number, struct slice post,
		struct fetch_answer *ret_answer, struct fault *fault)
{
	struct strbuf url CLEANUP(strbuf_done) = {};
	struct fetch_limits limits = fetch_limits;
	const struct fetch_call token_and_post = {server->token, post};
	struct fetch_request request = {
		.call = &token_and_post,
		.ca_file = server->ca_file,
		.limits = &limits,
		.progress = server->progress,
		.context = server->context,
	};
	int result = make_url(server, number, &url, fault);

	if (result < 0)
		return result;
	request.url = url.p;
	limits.size = ANSWER_MAX;
	limits.tries = TRIES;
	limits.total_ms = server->total_ms;
	limits.pause_ms = server->total_ms < 10000 ? server->total_ms / 10 : 1000;
	limits.wait_ms = server->total_ms;
	result = fetch(&request, ret_answer, fault);
	if (result == FETCH_CANCELLED)
		return LEASE_CANCELLED;
	return result == FAULT_SYSTEM ? LEASE_LATER : result;
}

/* What an answer without success means. */
static int refuse(const struct fetch_answer *answer, struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct slice why = answer_problem(strbuf_slice(&answer->body), &arena);
	struct slice url = strbuf_slice(&answer->url);
	const char *what = "the token is for other things";
	int outcome = LEASE_DENIED;

	if (answer->status == 401) {
		what = "the token is not known";
	} else if (answer->status != 403) {
		what = answer->status == 409 ? "no port is lent" : "the registry lends nothing";
		outcome = LEASE_REFUSED;
	}
	return fault_set(fault, outcome, "%.*s: %s (status %u)%s%.*s",
			 url.n < URL_SHOWN_MAX ? (int)url.n : URL_SHOWN_MAX, url.p, what,
			 answer->status, why.n > 0 ? ": " : "", (int)why.n, why.p);
}

static bool is_success(const struct fetch_answer *answer)
{
	return answer->status >= 200 && answer->status < 300;
}

static void put_member(struct out *out, struct slice before, struct slice text)
{
	if (text.n == 0)
		return;
	out_put(out, before);
	json_put_string(out, text);
}

static int put_wish(const struct lease_wish *wish, struct out *out, struct fault *fault)
{
	put_member(out, SLICE("{\"name\":"), wish->name);
	put_member(out, SLICE(",\"host\":"), wish->host);
	put_member(out, SLICE(",\"project\":"), wish->project);
	put_member(out, SLICE(",\"transport\":"), transport_name(wish->transport));
	if (wish->last_port > 0)
		out_printf(out, ",\"ports\":\"%u-%u\"", wish->first_port, wish->last_port);
	out_printf(out, ",\"minutes\":%u}", wish->minutes);
	return out_finish(out) == 0 ? 0 : fault_memory(fault);
}

/* The clock is the server's: what is asked for at most, and no less than a second. */
static unsigned seconds_left(const struct lease *lease, int64_t date, unsigned asked)
{
	int64_t until;

	if (date == 0 || !time_parse(lease->until, &until) || until - date > (int64_t)asked)
		return asked;
	return until > date ? (unsigned)(until - date) : 1;
}

static int read_taken(const struct lease_wish *wish, const struct fetch_answer *answer,
		      struct arena *arena, struct lease *ret_lease, unsigned *ret_seconds,
		      struct fault *fault)
{
	struct lease lease;
	int result = answer_lease(strbuf_slice(&answer->body), arena, &lease, fault);

	if (result < 0)
		return result;
	if (lease.transport != wish->transport ||
	    (wish->last_port > 0 &&
	     (lease.port < wish->first_port || lease.port > wish->last_port)))
		return fault_set(fault, FAULT_MALFORMED,
				 "the registry lends %u/%.*s, which was not asked for", lease.port,
				 (int)transport_name(lease.transport).n,
				 transport_name(lease.transport).p);
	*ret_lease = lease;
	*ret_seconds = seconds_left(&lease, answer->date, wish->minutes * 60);
	return LEASE_DONE;
}

int lease_take(const struct lease_server *server, const struct lease_wish *wish,
	       struct arena *arena, struct lease *ret_lease, unsigned *ret_seconds,
	       struct fault *fault)
{
	struct fetch_answer answer CLEANUP(fetch_answer_done) = {};
	struct out body CLEANUP(out_done) = {};
	int result = out_init_memory(&body) < 0 ? fault_memory(fault) : 0;

	if (result == 0)
		result = put_wish(wish, &body, fault);
	if (result == 0)
		result = call(server, 0, out_slice(&body), &answer, fault);
	if (result != 0)
		return result;
	return is_success(&answer) ? read_taken(wish, &answer, arena, ret_lease, ret_seconds, fault)
				   : refuse(&answer, fault);
}

int lease_release(const struct lease_server *server, int64_t number, struct fault *fault)
{
	struct fetch_answer answer CLEANUP(fetch_answer_done) = {};
	int result = call(server, number, SLICE("{}"), &answer, fault);

	if (result != 0)
		return result;
	return is_success(&answer) || answer.status == 404 ? LEASE_DONE : refuse(&answer, fault);
}

int lease_list(const struct lease_server *server, struct arena *arena,
	       const struct lease **ret_leases, size_t *ret_count, struct fault *fault)
{
	struct fetch_answer answer CLEANUP(fetch_answer_done) = {};
	int result = call(server, 0, SLICE_NONE, &answer, fault);

	if (result != 0)
		return result;
	return is_success(&answer) ? answer_leases(strbuf_slice(&answer.body), arena, ret_leases,
						   ret_count, fault)
				   : refuse(&answer, fault);
}
