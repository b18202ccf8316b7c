/*
 * Whatever fails while the API or a page is asked for, the answer is the whole one, the same
 * problem, or 500; all is given back; and the next one is as if nothing had been.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>
#include <unistd.h>

#include "../unit/http/asking.h"
#include "base/library.h"
#include "failing.h"
#include "history/history.h"
#include "source/source.h"

#define HEAD                                                                                       \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,"    \
	"Assignment Notes\r\n"

static const struct {
	struct slice date, text;
} documents[] = {
	{SLICE("2020-01-01"), SLICE(HEAD "a,1,tcp,A,,[Ann],,,,,,\r\nb,2,udp,B,,,,,,,,\r\n")},
	{SLICE("2021-01-01"), SLICE(HEAD "a,1,tcp,Aa,,[Ann],,,,,,\r\nc,2,udp,B,,,,,,,,\r\n")},
};

enum { CALLS_MAX = 5000 };

static void make_store(const char *path)
{
	struct history *history = NULL;
	struct fault fault = {};

	assert_int_equal(history_open(path, HISTORY_CREATE, &history, &fault), 0);
	assert_int_equal(history_begin(history, true, &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct history_document document = {.bytes = documents[i].text,
						    .format = SLICE("CSV"),
						    .date = documents[i].date,
						    .origin = SLICE("made up"),
						    .imported = SLICE("2026-01-01T00:00:00Z")};
		struct registry *registry = NULL;
		struct history_hashes *hashes = NULL;
		int64_t number;

		assert_int_equal(source_read(document.bytes, NULL, &registry, &fault), 0);
		assert_int_equal(history_hash(document.bytes, registry, &hashes, &fault), 0);
		document.registry = registry;
		document.hashes = hashes;
		assert_int_equal(history_add(history, &document, &number, &fault), 0);
		history_hashes_free(hashes);
		registry_free(registry);
	}
	assert_int_equal(history_commit(history, &fault), 0);
	history_close(history);
}

/* With the n-th call failing, for each n that there is. */
static void fail_each(struct site *site, const char *address)
{
	struct http_response wanted = ask(site, address);
	unsigned n = 0;
	bool failed = true;

	assert_true(wanted.status == 200 || wanted.status == 400 || wanted.status == 404);
	while (failed) {
		struct http_response got;

		assert_true(++n < CALLS_MAX);
		failing_arm(n, n % 3 == 0);
		got = ask(site, address);
		failed = failing_disarm() != FAILING_NONE;
		if (got.status != 500 &&
		    (got.status != wanted.status || !slice_eq(body_of(&got), body_of(&wanted))))
			fail_msg("%s, call %u: %u %.*s", address, n, got.status,
				 (int)body_of(&got).n, body_of(&got).p);
		if (!failed)
			assert_int_equal(got.status, wanted.status);
		http_response_done(&got);
	}
	/* The first allocation is always one that matters. */
	assert_true(n > 1);
	http_response_done(&wanted);
}

static void test_lookups(void **state)
{
	static const char *const addresses[] = {
		"/api/v1/ports/443/tcp",
		"/api/v1/ports/6003",
		"/api/v1/ports/x",
		"/api/v1/services/https",
		"/api/v1/services/htps",
		"/api/v1/people/Tom_Lane",
		"/api/v1/people/Nobody",
		"/api/v1/rows?search=pcp&limit=2&sort=-port,name&state=assigned",
		"/api/v1/rows?port=1-9&search=t&transport=tcp,udp&range=system",
		"/api/v1/rows?limit=0",
		"/api/v1/rows?state=x",
		"/api/v1/rows?nothing=1",
		"/api/v1/rows?cursor=0000000000000000-1-0",
		"/api/v1/rows?as_of=2020-01-01",
		"/api/v1/editions",
		"/",
		"/?q=remote+desktop",
		"/?q=nothing+has+this",
		"/ports/443",
		"/services/www",
		"/services/htpps",
		"/people/Tom_Lane",
		"/editions/built-in",
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		fail_each(site, addresses[i]);
	site_close(site);
}

static void test_histories(void **state)
{
	static const char *const addresses[] = {
		"/api/v1/editions",
		"/api/v1/diff?from=2020-01-01&to=2021-01-01",
		"/api/v1/diff?from=2019-01-01",
		"/api/v1/diff?from=x",
		"/api/v1/log/a",
		"/api/v1/log/2/udp",
		"/api/v1/log/Ann",
		"/api/v1/log/nobody",
		"/ports/1",
		"/services/b?as_of=2020-02-02",
		"/editions/2021-01-01",
	};
	char folder[] = "/tmp/test_api.XXXXXX", path[64];
	struct site_options options = {.store = path};
	struct fault fault = {};
	struct site *site = NULL;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/store", folder);
	make_store(path);
	assert_int_equal(site_open(&options, &site, &fault), 0);
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		fail_each(site, addresses[i]);
	site_close(site);
	unlink(path);
	rmdir(folder);
}

static bool is_missing; /* libpng */

int __real_library_open(const char *file, const char *what, const char *const *names, size_t count,
			void *functions, struct fault *fault) MUST_USE;
int __wrap_library_open(const char *file, const char *what, const char *const *names, size_t count,
			void *functions, struct fault *fault) MUST_USE;

int __wrap_library_open(const char *file, const char *what, const char *const *names, size_t count,
			void *functions, struct fault *fault)
{
	if (is_missing && strstr(file, "libpng"))
		return fault_set(fault, FAULT_SYSTEM, "%s is needed", what);
	return __real_library_open(file, what, names, count, functions, fault);
}

static void test_no_libpng(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response;

	(void)state;
	is_missing = true;
	response = ask(site, "/chart.png");
	is_missing = false;
	assert_status(&response, 501);
	assert_slice(response.type, SLICE("application/problem+json"));
	assert_has(&response, "SVG: /chart.svg");
	assert_false(response.last_modified.p);
	http_response_done(&response);
	response = ask(site, "/chart.png");
	assert_status(&response, 200);
	http_response_done(&response);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_no_libpng),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
