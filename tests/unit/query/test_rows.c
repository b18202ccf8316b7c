#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "base/utf8.h"
#include "query/query.h"

enum { MANY = 2000 };

static bool transport_answers(const struct query *query, enum transport transport)
{
	if (query->transport == TRANSPORT_NONE || transport == TRANSPORT_NONE)
		return true;
	if (query->service_type && query->transport == TRANSPORT_UDP)
		return transport != TRANSPORT_TCP;
	return query->transport == transport;
}

static bool row_answers(const struct row *row, const struct query *query)
{
	if (!transport_answers(query, row->transport))
		return false;
	if (query->kind == QUERY_NAME)
		return row->shown[COLUMN_NAME].n > 0 &&
		       utf8_fold_eq(row->shown[COLUMN_NAME], query->name);
	for (uint32_t port = query->first; port <= query->last; port++) {
		if (row_has_port(row, (uint16_t)port))
			return true;
	}
	return false;
}

static void check(const struct edition *edition, const char *text)
{
	uint32_t rows[MANY + 1];
	struct rowset set;
	struct query query;
	size_t count = 0, found;

	assert_true(query_parse(slice_cstr(text), &query, NULL));
	assert_true(rowset_init(&set, image_row_count(&edition->image)));
	query_rows(&edition->image, &query, &set);
	found = query_matching(&edition->image, &query, rows, MANY);
	for (uint32_t i = 0; i < set.rows; i++) {
		struct row row = registry_row(edition->registry, i);
		bool wanted = row_answers(&row, &query);

		assert_int_equal(rowset_has(&set, i), wanted);
		if (wanted)
			assert_int_equal(rows[count++], i);
	}
	assert_int_equal(found, count);
	rowset_done(&set);
	/* Room for fewer. */
	for (size_t max = 0; max < 3 && max < count; max++) {
		uint32_t few[4] = {99999, 99999, 99999, 99999};

		assert_int_equal(query_matching(&edition->image, &query, few, max), count);
		assert_memory_equal(few, rows, max * sizeof(*few));
		assert_int_equal(few[max], 99999);
	}
}

static void test_as_a_scan(void **state)
{
	static const char *const questions[] = {
		"0",	      "7",	  "1023",	 "331",	    "331/tcp",	 "331/sctp",
		"0-65535",    "0-40/udp", "300-400",	 "65535",   "http",	 "HTTP/tcp",
		"http/udp",   "aa",	  "_http._udp",	 "_a._tcp", "_AA._sctp", "914c/g",
		"914C/G/tcp", "nothing",  "\xc3\xa9lan",
	};

	(void)state;
	for (uint64_t seed = 0; seed < 12; seed++) {
		struct edition edition =
			edition_of(made_up_registry(600 + seed, 20 + 80 * (unsigned)seed));

		for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
			check(&edition, questions[i]);
		for (uint32_t port = 0; port < 66000; port += 331) {
			char text[8];

			if (port > 65535)
				break;
			(void)snprintf(text, sizeof(text), "%u", (unsigned)port);
			check(&edition, text);
		}
		edition_done(&edition);
	}
}

/* More rows than quick answers have room for. */
static void test_crowds(void **state)
{
	struct registry *registry = registry_new();
	static const struct slice transports[] = {SLICE("tcp"), SLICE("udp"), SLICE_NONE};
	struct fault fault = {};
	struct edition edition;

	(void)state;
	assert_non_null(registry);
	for (unsigned i = 0; i < 300; i++) {
		struct row row = {.shown = {[COLUMN_NAME] = i % 2 ? SLICE("many") : SLICE("Many"),
					    [COLUMN_PORT] = i % 5 ? SLICE("7") : SLICE("6-8"),
					    [COLUMN_TRANSPORT] = transports[i % 3]}};

		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	edition = edition_of(registry);
	check(&edition, "7");
	check(&edition, "7/tcp");
	check(&edition, "6/udp");
	check(&edition, "8/sctp");
	check(&edition, "6-7");
	check(&edition, "many");
	check(&edition, "MANY/tcp");
	check(&edition, "_many._udp");
	edition_done(&edition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_a_scan),
		cmocka_unit_test(test_crowds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
