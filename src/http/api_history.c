/* What the store says: its editions, what changed between two, what became of something. */
#include "http/api.h"
#include "render/changes.h"
#include "render/render.h"
#include "timeline/timeline.h"

/* A connection to the store, which is let go before the answer is sent. */
static int open_store(struct site *site, struct history **ret_history,
		      struct http_response *response)
{
	const char *store = site_store(site);
	struct history *history CLEANUP(history_closep) = NULL;
	struct fault fault;
	int result;

	if (!store)
		return api_not_found(response, "no store is served here, and so no history");
	result = history_open(store, HISTORY_READ, &history, &fault);
	if (result == 0)
		result = history_begin(history, false, &fault);
	if (result == 0)
		*ret_history = take(history);
	return result;
}

/* Answers as of the newest edition: they change when there is another one. */
static int respond_newest(struct history *history, struct http_response *response)
{
	char space[HISTORY_LABEL_SIZE];
	struct fault fault;
	struct slice label;
	int64_t number;
	int result = history_find(history, SLICE_NONE, &number, &fault);

	if (result != 0)
		return result < 0 ? result : api_respond(response, SLICE_NONE);
	label = history_label(number, space);
	return api_respond(response, slice_cut(&label, '.'));
}

struct listing {
	struct out *out;
	size_t count;
};

static int put_edition(void *context, const struct history_edition *edition)
{
	struct listing *listing = context;

	out_put(listing->out, listing->count++ > 0 ? SLICE(",\n") : SLICE("\n"));
	edition_json(listing->out, edition, false);
	return 0;
}

/* Without a store there is the one edition that is served. */
static int put_only_edition(struct site *site, struct http_response *response)
{
	const struct site_edition *edition;
	struct out *out = &response->body;
	struct fault fault;
	int result = site_hold(site, SLICE_NONE, &edition, &fault);

	if (result != 0)
		return result;
	result = api_respond(response, edition->stamp);
	if (result == 0) {
		out_put(out, SLICE("{\"editions\":[\n{\"edition\":"));
		render_json_text(out, edition->label);
		out_put(out, SLICE(",\"date\":"));
		render_json_text(out, edition->date);
		out_printf(out,
			   ",\"sequence\":1,\"format\":null,\"rows\":%u,\"people\":%u,"
			   "\"bytes\":null,\"sha256\":null,\"imported\":null}\n]}\n",
			   (unsigned)image_row_count(&edition->image),
			   (unsigned)image_person_count(&edition->image));
	}
	site_release(site, edition);
	return result;
}

static int put_editions(struct site *site, struct http_response *response)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct listing listing = {&response->body, 0};
	struct fault fault;
	int result = open_store(site, &history, response);

	if (result == 0)
		result = respond_newest(history, response);
	if (result != 0)
		return result;
	out_put(&response->body, SLICE("{\"editions\":["));
	result = history_editions(history, put_edition, &listing, &fault);
	out_put(&response->body, SLICE("\n]}\n"));
	return result;
}

int api_editions(struct site *site, const struct http_request *request,
		 const struct slice *captured, struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	int result = api_read(request, 0, &values, response);

	(void)captured;
	if (result == 0)
		result = site_store(site) ? put_editions(site, response)
					  : put_only_edition(site, response);
	return api_end(result, response);
}

/* The edition of a parameter. */
static int find_edition(struct history *history, const struct api_values *values,
			enum api_parameter parameter, int64_t *ret_number,
			struct http_response *response)
{
	struct slice date = api_value(values, parameter);
	struct fault fault;
	int result = history_find(history, date, ret_number, &fault);

	if (result == FAULT_MALFORMED)
		return api_refuse(response, parameter, "%s", fault.text);
	if (result == 1)
		return api_not_found(response, "%.*s: no edition of %.*s or before is in the store",
				     (int)api_parameter_name(parameter).n,
				     api_parameter_name(parameter).p, (int)date.n, date.p);
	return result;
}

static int put_moment(struct http_response *response, const struct moment *moment)
{
	struct out *out = &response->body;
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(moment->number, space), date = label;
	int result = api_respond(response, slice_cut(&date, '.'));

	if (result < 0)
		return result;
	out_put(out, SLICE("{\"from\":"));
	render_json_text(out, history_label(moment->previous, space));
	out_put(out, SLICE(",\"to\":"));
	render_json_text(out, history_label(moment->number, space));
	out_put(out, SLICE(",\"changes\":["));
	for (size_t i = 0; i < moment->changes.count; i++) {
		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		render_change_json(out, &moment->changes, &moment->changes.all[i]);
	}
	out_put(out, SLICE("\n]}\n"));
	return 0;
}

static int put_diff(struct site *site, const struct api_values *values,
		    struct http_response *response)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct moment moment CLEANUP(moment_done) = {};
	struct fault fault;
	int64_t from, to;
	int result = open_store(site, &history, response);

	if (result == 0)
		result = find_edition(history, values, API_FROM, &from, response);
	if (result == 0)
		result = find_edition(history, values, API_TO, &to, response);
	if (result == 0)
		result = moment_between(history, from, to, &moment, &fault);
	return result == 0 ? put_moment(response, &moment) : result;
}

int api_diff(struct site *site, const struct http_request *request, const struct slice *captured,
	     struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	int result = api_read(request, 1u << API_FROM | 1u << API_TO, &values, response);

	(void)captured;
	if (result == 0 && !api_value(&values, API_FROM).p)
		result = api_refuse(response, API_FROM, "a date has to be given: YYYY-MM-DD");
	if (result == 0)
		result = put_diff(site, &values, response);
	return api_end(result, response);
}

static int put_changes(void *context, const struct moment *moment)
{
	struct listing *listing = context;

	for (size_t i = 0; i < moment->changes.count; i++) {
		out_put(listing->out, listing->count++ > 0 ? SLICE(",\n") : SLICE("\n"));
		moment_json(listing->out, moment, i);
	}
	return 0;
}

static int put_log(struct site *site, struct slice subject, struct http_response *response)
{
	struct history *history CLEANUP(history_closep) = NULL;
	struct listing listing = {&response->body, 0};
	struct fault fault;
	int result = open_store(site, &history, response);

	if (result == 0)
		result = respond_newest(history, response);
	if (result != 0)
		return result;
	out_put(&response->body, SLICE("{\"subject\":"));
	render_json_text(&response->body, subject);
	out_put(&response->body, SLICE(",\"changes\":["));
	result = timeline_walk(history, subject, put_changes, &listing, &fault);
	out_put(&response->body, SLICE("\n]}\n"));
	if (result == 0 && listing.count == 0)
		return api_not_found(response, "nothing in the store was ever called \"%.*s\"",
				     subject.n < 80 ? (int)subject.n : 80, subject.p);
	return result;
}

static int answer_log(struct site *site, const struct http_request *request, struct slice subject,
		      struct http_response *response)
{
	struct api_values values CLEANUP(api_values_done) = {};
	struct fault fault;
	int result = api_read(request, 0, &values, response);

	if (result == 0 && !timeline_takes(subject, &fault))
		result = http_problem(response, 400, SLICE("Bad Request"), slice_cstr(fault.text));
	else if (result == 0)
		result = put_log(site, subject, response);
	return api_end(result, response);
}

int api_log(struct site *site, const struct http_request *request, const struct slice *captured,
	    struct http_response *response)
{
	return answer_log(site, request, captured[0], response);
}

int api_log_transport(struct site *site, const struct http_request *request,
		      const struct slice *captured, struct http_response *response)
{
	struct strbuf subject CLEANUP(strbuf_done) = {};

	strbuf_add(&subject, captured[0]);
	strbuf_add_byte(&subject, '/');
	strbuf_add(&subject, captured[1]);
	return subject.failed ? FAULT_MEMORY
			      : answer_log(site, request, strbuf_slice(&subject), response);
}
