#include "http/range.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/number.h"
#include "base/utf8.h"
#include "http/respond.h"

/* Bytes from one index up to, but not with, another; none of them: the range is not satisfiable. */
struct range {
	uint64_t from, to;
};

/*
 * The one range of a field "bytes=0-99", "bytes=100-" or "bytes=-100" (the last ones), of a body of
 * n bytes. False: it is none of these.
 */
static bool read_range(struct slice field, uint64_t n, struct range *ret_range)
{
	struct slice last = field, unit = slice_trim(slice_cut(&last, '='));
	struct slice first = slice_trim(slice_cut(&last, '-'));
	struct range range = {0, n};
	uint64_t count;

	last = slice_trim(last);
	if (!utf8_fold_eq(unit, SLICE("bytes")))
		return false;
	if (first.n == 0) {
		if (!number_parse(last, UINT64_MAX, &count))
			return false;
		range.from = count < n ? n - count : 0;
	} else if (!number_parse(first, UINT64_MAX, &range.from)) {
		return false;
	} else if (!last.p) {
		return false;
	} else if (last.n > 0) {
		if (!number_parse(last, UINT64_MAX - 1, &range.to) || range.to < range.from)
			return false;
		range.to = range.to < n ? range.to + 1 : n;
	}
	*ret_range = range;
	return true;
}

/* Whether what the client has is of this body. A date never tells: compressed bodies share it. */
static bool has_part(const struct http_request *request, struct slice tag)
{
	struct slice condition = http_header(request, SLICE("If-Range"));

	return !condition.p || slice_eq(condition, tag);
}

static void add_content_range(struct http_response *response, const char *part, size_t n)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	strbuf_printf(&text, "bytes %s/%zu", part, n);
	if (!text.failed)
		http_add_header(response, SLICE("Content-Range"), strbuf_slice(&text));
}

/* Not even without memory to say more is it told as anything else. */
static void refuse(struct http_response *response, size_t n)
{
	if (http_problem(response, 416, SLICE("Range Not Satisfiable"),
			 SLICE("the range begins behind the end")) < 0) {
		response->status = 416;
		response->type = response->shared = SLICE_NONE;
		response->body.n = 0;
	}
	add_content_range(response, "*", n);
}

void range_answer(const struct http_request *request, struct slice tag,
		  struct http_response *response)
{
	struct slice body = respond_body(response);
	struct range range;
	char part[2 * NUMBER_DIGITS + 2];

	http_add_header(response, SLICE("Accept-Ranges"), SLICE("bytes"));
	if (request->method != HTTP_GET || !has_part(request, tag) ||
	    !read_range(http_header(request, SLICE("Range")), body.n, &range))
		return;
	if (range.from >= range.to) {
		refuse(response, body.n);
		return;
	}
	(void)snprintf(part, sizeof(part), "%" PRIu64 "-%" PRIu64, range.from, range.to - 1);
	response->status = 206;
	response->shared = (struct slice){body.p + range.from, (size_t)(range.to - range.from)};
	add_content_range(response, part, body.n);
}
