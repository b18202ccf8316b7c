#include "http/api.h"

#include <stdarg.h>
#include <stdio.h>

#include "advice/advice.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "render/render.h"

#include "openapi.h" /* made by ui/embed.py: openapi_document */

static const struct slice names[API_PARAMETER_COUNT] = {
	[API_PORT] = {"port", 4},
	[API_TRANSPORT] = {"transport", 9},
	[API_NAME] = {"name", 4},
	[API_SEARCH] = {"search", 6},
	[API_STATE] = {"state", 5},
	[API_RANGE] = {"range", 5},
	[API_UNAUTHORIZED] = {"unauthorized_use", 16},
	[API_PORTLESS] = {"portless", 8},
	[API_SORT] = {"sort", 4},
	[API_AS_OF] = {"as_of", 5},
	[API_LIMIT] = {"limit", 5},
	[API_CURSOR] = {"cursor", 6},
	[API_FROM] = {"from", 4},
	[API_TO] = {"to", 2},
	[API_FOR] = {"for", 3},
	[API_COUNT] = {"count", 5},
	[API_NEAR] = {"near", 4},
	[API_SEED] = {"seed", 4},
	[API_REQUEST_STATE] = {"state", 5},
	[API_PROCEDURE] = {"procedure", 9},
	[API_APPLICANT] = {"applicant", 9},
	[API_REVIEWER] = {"reviewer", 8},
	[API_OVERDUE] = {"overdue", 7},
	[API_QUEUE] = {"queue", 5},
	[API_MINE] = {"mine", 4},
};

struct slice api_parameter_name(enum api_parameter parameter)
{
	return names[parameter];
}

void api_values_done(struct api_values *values)
{
	for (size_t i = 0; i < API_PARAMETER_COUNT; i++)
		strbuf_done(&values->text[i]);
}

struct slice api_value(const struct api_values *values, enum api_parameter parameter)
{
	return values->text[parameter].n > 0 ? strbuf_slice(&values->text[parameter]) : SLICE_NONE;
}

static int refuse(struct http_response *response, unsigned status, struct slice title,
		  struct slice before, const char *format, va_list args)
{
	char text[400];
	struct strbuf detail CLEANUP(strbuf_done) = {};
	size_t bad;
	int n = vsnprintf(text, sizeof(text), format, args), result;
	struct slice said = {text, n < 0 ? 0 : strlen(text)};

	/* What was cut may end within a character. */
	while (!utf8_valid(said, &bad))
		text[bad] = '?';
	strbuf_add(&detail, before);
	strbuf_add(&detail, said);
	if (detail.failed)
		return FAULT_MEMORY;
	result = http_problem(response, status, title, strbuf_slice(&detail));
	return result < 0 ? result : 1;
}

static int refuse_query(struct http_response *response, const char *format, ...) PRINTF(2, 3);

static int refuse_query(struct http_response *response, const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = refuse(response, 400, SLICE("Bad Request"), SLICE_NONE, format, args);
	va_end(args);
	return result;
}

int api_refuse(struct http_response *response, enum api_parameter parameter, const char *format,
	       ...)
{
	char space[32];
	int n = snprintf(space, sizeof(space), "%.*s: ", (int)names[parameter].n,
			 names[parameter].p);
	va_list args;
	int result;

	va_start(args, format);
	result = refuse(response, 400, SLICE("Bad Request"), (struct slice){space, (size_t)n},
			format, args);
	va_end(args);
	return result;
}

int api_not_found(struct http_response *response, const char *format, ...)
{
	va_list args;
	int result;

	va_start(args, format);
	result = refuse(response, 404, SLICE("Not Found"), SLICE_NONE, format, args);
	va_end(args);
	return result;
}

static int refuse_unknown(struct http_response *response, struct slice key, unsigned allowed)
{
	struct strbuf known CLEANUP(strbuf_done) = {};

	for (size_t i = 0; i < API_PARAMETER_COUNT; i++) {
		if (!(allowed >> i & 1))
			continue;
		strbuf_add(&known, known.n > 0 ? SLICE(", ") : SLICE_NONE);
		strbuf_add(&known, names[i]);
	}
	if (known.failed)
		return FAULT_MEMORY;
	return refuse_query(response, "\"%.*s\" is no parameter here; there %s: %.*s",
			    key.n < 40 ? (int)key.n : 40, key.p,
			    slice_find_byte(strbuf_slice(&known), ',') == (size_t)-1 ? "is" : "are",
			    (int)known.n, strbuf_slice(&known).p);
}

static int read_value(const struct http_request *request, enum api_parameter parameter,
		      struct api_values *values, struct http_response *response)
{
	struct strbuf *text = &values->text[parameter];
	int result = http_parameter(request, names[parameter], text);

	if (result == FAULT_MALFORMED)
		return api_refuse(response, parameter, "its value is no text in UTF-8");
	if (result >= 0 && text->n > API_VALUE_MAX)
		return api_refuse(response, parameter, "its value is longer than %d bytes",
				  API_VALUE_MAX);
	return result < 0 ? result : 0;
}

/* A key and its value. */
static int read_pair(const struct http_request *request, struct slice pair, unsigned allowed,
		     unsigned *seen, struct api_values *values, struct http_response *response)
{
	struct strbuf key CLEANUP(strbuf_done) = {};
	struct slice name;
	int result;

	if (pair.n == 0)
		return 0;
	result = http_decode(slice_cut(&pair, '='), &key);
	if (result == FAULT_MALFORMED)
		return refuse_query(response, "the name of a parameter is no text in UTF-8");
	if (result < 0)
		return result;
	name = strbuf_slice(&key);
	for (unsigned i = 0; i < API_PARAMETER_COUNT; i++) {
		if (!(allowed >> i & 1) || !slice_eq(name, names[i]))
			continue;
		if (*seen >> i & 1)
			return api_refuse(response, (enum api_parameter)i, "it is given twice");
		*seen |= 1u << i;
		return read_value(request, (enum api_parameter)i, values, response);
	}
	return refuse_unknown(response, name, allowed);
}

int api_read(const struct http_request *request, unsigned allowed, struct api_values *values,
	     struct http_response *response)
{
	struct slice rest = request->query;
	unsigned seen = 0;
	int result = 0;

	while (rest.p && result == 0)
		result =
			read_pair(request, slice_cut(&rest, '&'), allowed, &seen, values, response);
	return result;
}

struct slice api_word(enum api_parameter parameter, unsigned index)
{
	switch (parameter) {
	case API_TRANSPORT:
		return index < TRANSPORT_COUNT ? transport_name((enum transport)index) : SLICE_NONE;
	case API_STATE:
		return index < ROW_STATE_COUNT ? row_state_name((enum row_state)index) : SLICE_NONE;
	case API_RANGE:
		return index < PORT_RANGE_COUNT ? port_range_name((enum port_range)index)
						: SLICE_NONE;
	case API_FOR:
		return advice_purpose_name((enum advice_purpose)index);
	case API_REQUEST_STATE:
		return desk_state_name((enum desk_state)index);
	case API_PROCEDURE:
		return procedure_name((enum procedure)index);
	case API_UNAUTHORIZED:
	case API_PORTLESS:
	case API_OVERDUE:
	case API_QUEUE:
	case API_MINE:
		return index == 0 ? SLICE("false") : index == 1 ? SLICE("true") : SLICE_NONE;
	default:
		return index < COLUMN_COUNT ? column_key((enum column)index) : SLICE_NONE;
	}
}

int api_find_word(enum api_parameter parameter, struct slice word, unsigned *ret_index,
		  struct http_response *response)
{
	struct strbuf words CLEANUP(strbuf_done) = {};
	struct slice known;

	for (unsigned i = 0; (known = api_word(parameter, i)).p; i++) {
		if (utf8_fold_eq(word, known)) {
			*ret_index = i;
			return 0;
		}
		strbuf_add(&words, i > 0 ? SLICE(", ") : SLICE_NONE);
		strbuf_add(&words, known);
	}
	if (words.failed)
		return FAULT_MEMORY;
	return api_refuse(response, parameter, "\"%.*s\" is none of %.*s",
			  word.n < 40 ? (int)word.n : 40, word.p, (int)words.n,
			  strbuf_slice(&words).p);
}

int api_read_mask(const struct api_values *values, enum api_parameter parameter, unsigned *ret_mask,
		  struct http_response *response)
{
	struct slice list = api_value(values, parameter);
	unsigned mask = 0;

	while (list.p) {
		unsigned index = 0;
		int result = api_find_word(parameter, slice_cut(&list, ','), &index, response);

		if (result != 0)
			return result;
		mask |= 1u << index;
	}
	*ret_mask = mask;
	return 0;
}

int api_read_filter(const struct api_values *values, struct query_filter *ret_filter,
		    struct http_response *response)
{
	struct query_filter filter = {};
	int result = 0;

	for (unsigned i = 0; i < QUERY_PROPERTY_COUNT && result == 0; i++)
		result = api_read_mask(values, (enum api_parameter)(API_TRANSPORT + i),
				       &filter.masks[i], response);
	if (result == 0)
		*ret_filter = filter;
	return result;
}

int api_read_sort(const struct api_values *values, struct sort_key keys[static COLUMN_COUNT],
		  size_t *ret_count, struct http_response *response)
{
	struct slice list = api_value(values, API_SORT);
	size_t count = 0;

	while (list.p) {
		struct slice word = slice_cut(&list, ',');
		bool descending = slice_starts(word, SLICE("-"));
		unsigned column = 0;
		int result =
			api_find_word(API_SORT, slice_skip(word, descending), &column, response);

		if (result != 0)
			return result;
		if (count == COLUMN_COUNT)
			return api_refuse(response, API_SORT, "there are %d columns", COLUMN_COUNT);
		keys[count++] = (struct sort_key){(enum column)column, descending};
	}
	*ret_count = count;
	return 0;
}

int api_hold(struct site *site, const struct api_values *values,
	     const struct site_edition **ret_edition, struct http_response *response)
{
	struct slice as_of = api_value(values, API_AS_OF);
	struct fault fault;
	int result = site_hold(site, as_of, ret_edition, &fault);

	if (result == FAULT_MALFORMED && as_of.p)
		return api_refuse(response, API_AS_OF, "%s", fault.text);
	if (result == 1)
		return api_not_found(response, "no edition of %.*s or before is served",
				     as_of.n < 40 ? (int)as_of.n : 40, as_of.p);
	return result;
}

int api_respond(struct http_response *response, struct slice stamp)
{
	int result = http_respond(response, 200, HTTP_JSON);

	if (result == 0)
		response->last_modified = http_keep(response, stamp);
	return result;
}

void api_put_edition(struct out *out, const struct site_edition *edition)
{
	out_put(out, SLICE(",\"edition\":"));
	render_json_text(out, edition->label);
}

int api_description(struct site *site, const struct http_request *request,
		    const struct slice *captured, struct http_response *response)
{
	int result = http_respond(response, 200, HTTP_JSON);

	(void)site, (void)request, (void)captured;
	if (result == 0)
		response->shared = (struct slice){openapi_document, sizeof(openapi_document) - 1};
	return result;
}
