/*
 * Any text as the query of a request: what is read is text, and the values are those that are
 * there. And any text as a value, which comes back from where it was written.
 */
#include "base/fault.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/frame.h"

static bool is_text(struct slice text)
{
	size_t bad;

	return utf8_valid(text, &bad) && slice_find_byte(text, '\0') == (size_t)-1;
}

static void read_all(const struct http_request *request, struct slice name)
{
	int result = 1;

	for (size_t i = 0; result != 0; i++) {
		struct strbuf value CLEANUP(strbuf_done) = {}, again CLEANUP(strbuf_done) = {};

		result = http_parameter_at(request, name, i, &value);
		must(result == 0 || result == 1 || result == FAULT_MALFORMED);
		must(result != 1 || is_text(strbuf_slice(&value)));
		must(result != FAULT_MALFORMED || !is_text(strbuf_slice(&value)));
		must(result != 0 || value.n == 0);
		must(i > 0 || http_parameter(request, name, &again) == result);
		must(i > 0 || slice_eq(strbuf_slice(&again), strbuf_slice(&value)));
		must(i <= request->query.n + 1);
	}
}

static void write_and_read(struct slice text)
{
	struct strbuf value CLEANUP(strbuf_done) = {}, segment CLEANUP(strbuf_done) = {};
	int expected = is_text(text) ? 1 : FAULT_MALFORMED;
	struct http_request request = {};
	struct out out;

	must(out_init_memory(&out) == 0);
	out_put(&out, SLICE("a=1&b="));
	frame_encoded(&out, text);
	out_put(&out, SLICE("&b=2"));
	must(out.error == 0);
	request.query = out_slice(&out);
	for (size_t i = 0; i < request.query.n; i++)
		must(request.query.p[i] > ' ' && request.query.p[i] < 0x7f);
	must(http_parameter(&request, SLICE("b"), &value) == expected);
	must(slice_eq(strbuf_slice(&value), text));
	must(http_decode(slice_skip(request.query, 6), &segment) == expected);
	must(slice_starts(strbuf_slice(&segment), text));
	out_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request request = {.query = fuzz_slice(data, size)};

	read_all(&request, SLICE("a"));
	read_all(&request, SLICE("as_of"));
	read_all(&request, SLICE(""));
	write_and_read(request.query);
	return 0;
}
