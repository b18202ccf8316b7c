/* Any text as a question, which what it was read as must fit. */
#include "base/utf8.h"
#include "fuzz.h"
#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_slice(data, size);
	struct fault fault = {};
	struct query query;
	size_t bad;

	if (!query_parse(text, &query, &fault)) {
		must(fault.text[0] != '\0' && utf8_valid(slice_cstr(fault.text), &bad));
		return 0;
	}
	must(query.transport <= TRANSPORT_NONE);
	if (query.kind == QUERY_PORTS) {
		must(query.first <= query.last && !query.service_type);
	} else {
		must(query.name.n > 0 && query.name.p >= text.p);
		must(query.name.p + query.name.n <= text.p + text.n);
		must(!query.service_type || query.transport != TRANSPORT_NONE);
	}
	return 0;
}
