/*
 * Fetches one document and says what came of it, for test_fetch.py:
 *
 *     fetch_one URL [NAME=VALUE...]
 *
 * NAME is a limit, etag, modified, ca, cancel (once so many bytes are there), or fail (each
 * allocation of ours, one after another). Prints "NAME VALUE" lines, an empty one, and the body.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fault/failing.h"
#include "base/number.h"
#include "fetch/fetch.h"

struct seen {
	uint64_t calls, received, total, cancel_at;
};

static bool on_progress(void *context, uint64_t received, uint64_t total)
{
	struct seen *seen = context;

	seen->calls++;
	if (received > seen->received)
		seen->received = received;
	if (total > 0)
		seen->total = total;
	return received < seen->cancel_at;
}

static unsigned number(struct slice text)
{
	uint64_t value;

	if (!number_parse(text, UINT32_MAX, &value))
		abort();
	return (unsigned)value;
}

static bool set_limit(struct fetch_limits *limits, struct slice name, struct slice value)
{
	const struct {
		struct slice name;
		unsigned *limit;
	} known[] = {
		{SLICE("redirects"), &limits->redirects}, {SLICE("tries"), &limits->tries},
		{SLICE("total"), &limits->total_ms},	  {SLICE("connect"), &limits->connect_ms},
		{SLICE("rate"), &limits->stall_rate},	  {SLICE("stall"), &limits->stall_seconds},
		{SLICE("pause"), &limits->pause_ms},	  {SLICE("wait"), &limits->wait_ms},
	};

	if (slice_eq(name, SLICE("size"))) {
		limits->size = number(value);
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (slice_eq(name, known[i].name)) {
			*known[i].limit = number(value);
			return true;
		}
	}
	return false;
}

/* Each allocation fails, alone and with all after it, until none does. */
static int fail_each(const struct fetch_request *request)
{
	unsigned count = 0;

	for (unsigned all_after = 0; all_after < 2; all_after++) {
		for (unsigned n = 1;; n++) {
			struct fetch_answer answer = {};
			struct fault fault = {};
			int result;

			assert(n < 1000);
			failing_arm(n, all_after);
			result = fetch(request, &answer, &fault);
			if (failing_disarm() == FAILING_NONE) {
				assert(result == 0 && answer.body.n > 0);
				fetch_answer_done(&answer);
				count = n - 1;
				break;
			}
			assert(result == FAULT_MEMORY && fault.text[0] != '\0');
			assert(!answer.body.p && !answer.url.p);
		}
	}
	printf("allocations %u\n", count);
	return 0;
}

/* Most memory in use so far: getrusage() would count what came before exec() as well. */
static unsigned kilobytes_used(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned kilobytes = 0;
	char line[256];

	assert(file);
	while (fgets(line, sizeof(line), file))
		(void)sscanf(line, "VmHWM: %u", &kilobytes);
	(void)fclose(file);
	return kilobytes;
}

static void print(const char *name, const struct strbuf *value)
{
	printf("%s %.*s\n", name, (int)value->n, strbuf_slice(value).p);
}

int main(int argc, char **argv)
{
	struct fetch_limits limits = fetch_limits;
	struct seen seen = {.cancel_at = UINT64_MAX};
	struct fetch_request request = {
		.limits = &limits, .progress = on_progress, .context = &seen};
	struct fetch_answer answer = {};
	struct fault fault = {};
	bool fail = false;
	int result;

	if (argc < 2)
		return 2;
	request.url = argv[1];
	for (int i = 2; i < argc; i++) {
		struct slice value = slice_cstr(argv[i]), name = slice_cut(&value, '=');

		if (slice_eq(name, SLICE("etag")))
			request.etag = value;
		else if (slice_eq(name, SLICE("modified")))
			request.last_modified = value;
		else if (slice_eq(name, SLICE("ca")))
			request.ca_file = value.p;
		else if (slice_eq(name, SLICE("cancel")))
			seen.cancel_at = number(value);
		else if (slice_eq(name, SLICE("fail")))
			fail = true;
		else if (!set_limit(&limits, name, value))
			return 2;
	}
	if (fail)
		return fail_each(&request);
	result = fetch(&request, &answer, &fault);
	printf("result %d\nfault %s\n", result, fault.text);
	print("etag", &answer.etag);
	print("modified", &answer.last_modified);
	print("url", &answer.url);
	printf("received %llu\ntotal %llu\ncalls %llu\nkilobytes %u\n\n",
	       (unsigned long long)seen.received, (unsigned long long)seen.total,
	       (unsigned long long)seen.calls, kilobytes_used());
	(void)fwrite(strbuf_slice(&answer.body).p, 1, answer.body.n, stdout);
	fetch_answer_done(&answer);
	return 0;
}
