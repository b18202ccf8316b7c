/* Which handler answers which path. */
#include "base/utf8.h"
#include "http/api.h"
#include "http/api_advice.h"
#include "http/api_desk.h"
#include "http/assignments.h"
#include "http/chart_page.h"
#include "http/desk_page.h"
#include "http/handlers.h"
#include "http/history_pages.h"
#include "http/ui.h"
#include "http/view.h"
#include "http/frame.h"
#include "http/operations.h"

#define GET  (1u << HTTP_GET)
#define POST (1u << HTTP_POST)

#define REGISTRY "/assignments/service-names-port-numbers"
#define DOCUMENT REGISTRY "/service-names-port-numbers"
#define API	 "/api/v1"

/* Of the site; those whose data pages elsewhere may read; pages of the desk. */
#define PAGE(path, function, cost)   path, {.http = function}, GET, false, NULL, cost, true
#define SHARED(path, function, cost) path, {.http = function}, GET, true, NULL, cost, true
#define DESK(path, function, methods, cost)                                                        \
	path, {.page = function}, methods, false, NULL, cost, true

/* Of the API: the registry's; the desk's; lists of the desk. */
#define READ(path, function, id, cost) API path, {.http = function}, GET, true, id, cost, true
#define ASK(path, function, methods, id, cost)                                                     \
	API path, {.visitor = function}, methods, false, id, cost, false
#define LIST(path, function, id) API path, {.visitor = function}, GET, false, id, ROUTE_DESK, true

static const struct route routes[] = {
	{PAGE("/", front_page, ROUTE_QUICK)},
	{PAGE("/ports/{}", port_page, ROUTE_QUICK)},
	{PAGE("/ports/{}/{}", port_page, ROUTE_QUICK)},
	{PAGE("/services/{}", service_page, ROUTE_QUICK)},
	{PAGE("/people/{}", person_page, ROUTE_QUICK)},
	{PAGE("/changes", changes_page, ROUTE_SLOW)},
	{SHARED("/changes.atom", changes_feed, ROUTE_SLOW)},
	{PAGE("/editions", editions_page, ROUTE_SLOW)},
	{PAGE("/editions/{}", edition_page, ROUTE_SLOW)},
	{PAGE("/desk", desk_front, ROUTE_DESK)},
	{PAGE("/desk/apply", desk_apply, ROUTE_DESK)},
	{DESK("/desk/apply/{}", desk_apply_form, GET, ROUTE_DESK)},
	{DESK("/desk/apply/{}", desk_apply_post, POST, ROUTE_DESK)},
	{DESK("/desk/requests/{}", desk_request_page, GET, ROUTE_DESK)},
	{DESK("/desk/requests/{}", desk_request_post, POST, ROUTE_DESK)},
	{DESK("/desk/requests/{}/amend", desk_amend_form, GET, ROUTE_DESK)},
	{DESK("/desk/requests/{}/amend", desk_amend_post, POST, ROUTE_DESK)},
	{DESK("/desk/login", desk_login_page, GET, ROUTE_DESK)},
	{DESK("/desk/login", desk_login_post, POST, ROUTE_LOGIN)},
	{DESK("/desk/logout", desk_logout_post, POST, ROUTE_DESK)},
	{DESK("/desk/me", desk_me_page, GET, ROUTE_DESK)},
	{DESK("/desk/me", desk_me_post, POST, ROUTE_LOGIN)},
	{DESK("/desk/me/export", desk_me_export, GET, ROUTE_DESK)},
	{DESK("/desk/queue", desk_queue_page, GET, ROUTE_DESK)},
	{DESK("/desk/admin", desk_admin_page, GET, ROUTE_DESK)},
	{DESK("/desk/admin", desk_admin_post, POST, ROUTE_DESK)},
	{DESK("/desk/admin/accounts/{}", desk_account_page, GET, ROUTE_DESK)},
	{DESK("/desk/admin/accounts/{}", desk_account_post, POST, ROUTE_LOGIN)},
	{PAGE("/ui/{}", ui_file, ROUTE_QUICK)},
	{SHARED(REGISTRY, assignments_page, ROUTE_QUICK)},
	{SHARED(DOCUMENT ".xhtml", assignments_page, ROUTE_QUICK)},
	{SHARED(REGISTRY "/{}", assignments_download, ROUTE_SLOW_QUERY)},
	{READ("/rows", api_rows, "listRows", ROUTE_QUICK)},
	{READ("/ports/{}", api_port, "getPort", ROUTE_QUICK)},
	{READ("/ports/{}/{}", api_port_transport, "getPortOfTransport", ROUTE_QUICK)},
	{READ("/services/{}", api_service, "getService", ROUTE_QUICK)},
	{READ("/people/{}", api_person, "getPerson", ROUTE_QUICK)},
	{READ("/editions", api_editions, "listEditions", ROUTE_QUICK)},
	{READ("/diff", api_diff, "diffEditions", ROUTE_SLOW)},
	{READ("/log/{}", api_log, "getLog", ROUTE_SLOW)},
	{READ("/log/{}/{}", api_log_transport, "getLogOfTransport", ROUTE_SLOW)},
	{READ("/check/{}", api_check, "checkPort", ROUTE_QUICK)},
	{READ("/check/{}/{}", api_check_transport, "checkPortOfTransport", ROUTE_QUICK)},
	{READ("/free", api_free, "listFreePorts", ROUTE_SLOW)},
	{LIST("/requests", api_requests, "listRequests")},
	{ASK("/requests", api_file, POST, "fileRequest", ROUTE_DESK)},
	{ASK("/requests/check", api_check_application, POST, "checkApplication", ROUTE_DESK)},
	{ASK("/requests/{}", api_request, GET, "getRequest", ROUTE_DESK)},
	{ASK("/requests/{}/events", api_events, GET, "listEvents", ROUTE_DESK)},
	{ASK("/requests/{}/conflicts", api_conflicts, GET, "listConflicts", ROUTE_DESK)},
	{ASK("/requests/{}/{}", api_act, POST, "actOnRequest", ROUTE_DESK)},
	{ASK("/desk/policy", api_policy, GET, "getPolicy", ROUTE_DESK)},
	{LIST("/desk/log", api_desk_log, "getDeskLog")},
	{ASK("/me", api_me, GET, "getMe", ROUTE_DESK)},
	{ASK("/me/export", api_export, GET, "exportMe", ROUTE_DESK)},
	{ASK("/me/erase", api_erase_me, POST, "eraseMe", ROUTE_DESK)},
	{ASK("/me/tokens", api_tokens, GET, "listTokens", ROUTE_DESK)},
	{ASK("/me/tokens", api_token_create, POST, "createToken", ROUTE_DESK)},
	{ASK("/me/tokens/{}/revoke", api_token_revoke, POST, "revokeToken", ROUTE_DESK)},
	{LIST("/accounts", api_accounts, "listAccounts")},
	{ASK("/accounts", api_account_create, POST, "createAccount", ROUTE_LOGIN)},
	{ASK("/accounts/{}", api_account_one, GET, "getAccount", ROUTE_DESK)},
	{ASK("/accounts/{}/{}", api_account_act, POST, "actOnAccount", ROUTE_DESK)},
	{LIST("/leases", api_leases, "listLeases")},
	{ASK("/leases", api_lease_take, POST, "takeLease", ROUTE_DESK)},
	{ASK("/leases/{}/release", api_lease_release, POST, "releaseLease", ROUTE_DESK)},
	{PAGE("/chart", chart_page, ROUTE_QUICK)},
	{SHARED("/chart.svg", chart_svg_file, ROUTE_SLOW)},
	{SHARED("/chart.png", chart_png_file, ROUTE_SLOW)},
	{SHARED("/chart/cells", chart_cells, ROUTE_SLOW)},
	{SHARED("/chart/over-time.svg", chart_over_time_file, ROUTE_SLOW)},
	{SHARED("/openapi.json", api_description, ROUTE_QUICK)},
	{PAGE("/healthz", operations_health, ROUTE_QUICK)},
	{PAGE("/readyz", operations_ready, ROUTE_QUICK)},
	{PAGE("/metrics", operations_metrics, ROUTE_QUICK)},
};

enum { SEGMENTS_MAX = 8 };

struct segments {
	struct strbuf texts[SEGMENTS_MAX];
	size_t count;
};

static void segments_done(struct segments *segments)
{
	for (size_t i = 0; i < SEGMENTS_MAX; i++)
		strbuf_done(&segments->texts[i]);
}

const struct route *route_at(size_t index)
{
	return index < ARRAY_SIZE(routes) ? &routes[index] : NULL;
}

/*
 * Decodes what is between the slashes, of which one may be the last. Nothing is done about "." and
 * "..", nor about empty segments: they are names that nothing has. 0; 1: more segments than any
 * pattern has; a negative fault.
 */
static int split(struct slice path, struct segments *segments)
{
	struct slice rest = slice_skip(path, 1);

	if (!slice_starts(path, SLICE("/")))
		return 1;
	if (slice_ends(rest, SLICE("/")))
		rest.n--;
	while (rest.p) {
		struct slice segment = slice_cut(&rest, '/');
		int result;

		if (segments->count == SEGMENTS_MAX)
			return 1;
		result = http_decode(segment, &segments->texts[segments->count++]);
		if (result < 0)
			return result;
	}
	return 0;
}

static bool matches(const char *pattern, const struct segments *segments,
		    struct slice captured[static ROUTE_CAPTURES_MAX])
{
	struct slice rest = slice_skip(slice_cstr(pattern), 1);
	size_t count = 0, captures = 0;

	while (rest.p) {
		struct slice wanted = slice_cut(&rest, '/'), segment;

		if (count == segments->count)
			return false;
		segment = strbuf_slice(&segments->texts[count++]);
		if (!slice_eq(wanted, SLICE("{}"))) {
			if (!slice_eq(wanted, segment))
				return false;
		} else if (segment.n == 0 || captures == ROUTE_CAPTURES_MAX) {
			return false;
		} else {
			captured[captures++] = segment;
		}
	}
	return count == segments->count;
}

/* The route that answers; NULL: none. The methods are those of any that matches the path. */
static const struct route *find(const struct segments *segments, unsigned method,
				struct slice captured[static ROUTE_CAPTURES_MAX],
				const struct route **ret_any, unsigned *ret_methods)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		if (!matches(routes[i].pattern, segments, captured))
			continue;
		if (routes[i].methods & method)
			return &routes[i];
		*ret_any = *ret_any ? *ret_any : &routes[i];
		*ret_methods |= routes[i].methods;
	}
	return NULL;
}

/* Says which methods there are: to OPTIONS, or in the place of one that there is not. */
static int allow(enum http_method method, unsigned methods, struct http_response *response)
{
	int result = method == HTTP_OPTIONS
			     ? http_respond(response, 204, SLICE_NONE)
			     : http_problem(response, 405, SLICE("Method Not Allowed"), SLICE_NONE);

	if (result == 0)
		http_add_header(response, SLICE("Allow"),
				methods == GET	  ? SLICE("GET, HEAD, OPTIONS")
				: methods == POST ? SLICE("POST, OPTIONS")
						  : SLICE("GET, HEAD, POST, OPTIONS"));
	return result;
}

int handler_hold(struct site *site, const struct http_request *request,
		 const struct site_edition **ret_edition, struct http_response *response)
{
	struct strbuf as_of CLEANUP(strbuf_done) = {};
	int result = http_parameter(request, SLICE("as_of"), &as_of);
	struct fault fault = {};

	if (result >= 0)
		result = site_hold(site,
				   result == 1 && as_of.n > 0 ? strbuf_slice(&as_of) : SLICE_NONE,
				   ret_edition, &fault);
	if (result == FAULT_MALFORMED)
		result = http_problem(response, 400, SLICE("Bad Request"),
				      SLICE("as_of is a date, YYYY-MM-DD"));
	else if (result == 1)
		result = http_problem(response, 404, SLICE("Not Found"),
				      SLICE("no edition of that date or before is held"));
	else
		return result;
	return result < 0 ? result : 1;
}

/* That of the routes: HEAD is answered as GET is. */
static enum http_method method_of(const struct http_request *request)
{
	return request->method == HTTP_HEAD ? HTTP_GET : request->method;
}

/* Whether a parameter is there, and has a value. */
static bool is_told(const struct http_request *request, struct slice name)
{
	struct strbuf value CLEANUP(strbuf_done) = {};

	return http_parameter(request, name, &value) == 1 && value.n > 0;
}

static enum server_lane lane_of(const struct route *route, const struct http_request *request)
{
	switch (route->cost) {
	case ROUTE_LOGIN:
		return LANE_LOGIN;
	case ROUTE_DESK:
		return LANE_DESK;
	case ROUTE_SLOW:
		return LANE_SLOW;
	case ROUTE_SLOW_QUERY:
		return request->query.n > 0 ? LANE_SLOW : LANE_QUICK;
	case ROUTE_QUICK:
		break;
	}
	/* A cursor may be of a past edition, too. */
	return is_told(request, SLICE("as_of")) || is_told(request, SLICE("cursor")) ? LANE_SLOW
										     : LANE_QUICK;
}

enum server_lane site_lane(const struct http_request *request)
{
	struct segments segments CLEANUP(segments_done) = {};
	struct slice captured[ROUTE_CAPTURES_MAX];
	const struct route *route = NULL, *any = NULL;
	unsigned methods = 0;

	if (split(request->path, &segments) == 0)
		route = find(&segments, 1u << method_of(request), captured, &any, &methods);
	return route ? lane_of(route, request) : LANE_QUICK;
}

static int ask_visitor(const struct route *route, struct site *site,
		       const struct http_request *request, const struct slice *captured,
		       struct http_response *response)
{
	struct visitor visitor CLEANUP(visitor_close) = {};
	struct api_values values CLEANUP(api_values_done) = {};
	int result = visitor_open(&visitor, site, request, response);

	if (result == 0 && !route->parameters)
		result = api_read(request, 0, &values, response);
	if (result == 0)
		result = route->handler.visitor(&visitor, captured);
	return visitor_end(&visitor, result);
}

static int ask_page(page_handler *handler, struct site *site, const struct http_request *request,
		    const struct slice *captured, struct http_response *response)
{
	struct desk_page page CLEANUP(page_done) = {};
	int result = page_open(&page, site, request, response);

	if (result == 0)
		result = handler(&page, captured);
	return visitor_end(&page.visitor, result);
}

static int ask(const struct route *route, struct site *site, const struct http_request *request,
	       const struct slice *captured, struct http_response *response)
{
	if (route->handler.visitor)
		return ask_visitor(route, site, request, captured, response);
	if (route->handler.page)
		return ask_page(route->handler.page, site, request, captured, response);
	return route->handler.http(site, request, captured, response);
}

static int answer(struct site *site, const struct http_request *request,
		  struct http_response *response)
{
	struct segments segments CLEANUP(segments_done) = {};
	struct slice captured[ROUTE_CAPTURES_MAX] = {};
	enum http_method method = method_of(request);
	const struct route *any = NULL;
	unsigned methods = 0;
	int result = split(request->path, &segments);

	if (result == FAULT_MALFORMED)
		return http_problem(response, 400, SLICE("Bad Request"),
				    SLICE("the path is not UTF-8, or has a NUL"));
	if (result < 0)
		return result;
	if (result == 0)
		response->route = find(&segments, 1u << method, captured, &any, &methods);
	if (response->route)
		return ask(response->route, site, request, captured, response);
	response->route = any;
	if (any)
		return allow(method, methods, response);
	return http_problem(response, 404, SLICE("Not Found"), SLICE("nothing is at this address"));
}

/* A database that is away may come back; all else is not the client's to wait for. */
static int fail(struct http_response *response, int fault)
{
	int result;

	if (fault != FAULT_SYSTEM)
		return http_problem(response, 500, SLICE("Internal Server Error"), SLICE_NONE);
	result = http_problem(response, 503, SLICE("Service Unavailable"),
			      SLICE("what is asked for cannot be read now; try again in a moment"));
	if (result == 0)
		http_add_header(response, SLICE("Retry-After"), SLICE("5"));
	return result;
}

void site_answer(struct site *site, const struct http_request *request,
		 struct http_response *response)
{
	int result = answer(site, request, response);

	if (result == 0 && response->body.error)
		result = FAULT_MEMORY;
	if (result < 0)
		result = fail(response, result);
	/* Who asks the API is told as its description says, whatever else they accept. */
	if (result == 0 && response->problem.p && frame_is_wanted(request) &&
	    !(response->route && response->route->operation_id))
		result = frame_problem(response);
	if (result == 0)
		return;
	/* Not even a page of that size. */
	response->status = 500;
	response->type = SLICE_NONE;
	response->header_count = 0;
	response->body.n = 0;
	response->shared = response->shared_gzip = SLICE_NONE;
}
