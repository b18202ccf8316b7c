/* The built-in registry's answers against its own rows, one by one: every port, name and row. */
#undef NDEBUG
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <portbook/portbook.h>

enum { PORTS = 65536, TRANSPORTS = 4 };

/* What the rows themselves say of a port. */
struct answer {
	uint32_t count, first, last; /* rows: how many, and which */
	enum portbook_state best;
};

static int open_book(void **state)
{
	return portbook_open(NULL, (portbook **)state);
}

static int close_book(void **state)
{
	portbook_close(*state);
	return 0;
}

static void add_row(struct answer *answer, uint32_t row, enum portbook_state state)
{
	if (answer->count++ == 0) {
		answer->first = row;
		answer->best = state;
	}
	answer->last = row;
	if (state < answer->best)
		answer->best = state;
}

static struct answer *ask_rows(const portbook *book)
{
	struct answer *answers = calloc((size_t)TRANSPORTS * PORTS, sizeof(*answers));

	assert_non_null(answers);
	for (uint32_t row = 0; row < portbook_row_count(book); row++) {
		enum portbook_transport transport = portbook_row_transport(book, row);
		uint16_t first, last;

		if (!portbook_row_ports(book, row, &first, &last))
			continue;
		assert_true(first <= last);
		for (unsigned t = 0; t < TRANSPORTS; t++) {
			for (uint32_t port = first; port <= last; port++) {
				if (transport == PORTBOOK_ANY || transport == t)
					add_row(&answers[t * PORTS + port], row,
						portbook_row_state(book, row));
			}
		}
	}
	return answers;
}

static bool is_edge(uint32_t port)
{
	return port == 0 || port == 1023 || port == 1024 || port == 49151;
}

static void check_port(const portbook *book, const struct answer *answer, uint32_t port,
		       enum portbook_transport transport)
{
	uint32_t rows[32];
	size_t n = portbook_find_port(book, (uint16_t)port, transport, rows, 32);
	enum portbook_state state = answer->best;

	assert_int_equal(n, answer->count);
	assert_true(n <= 32);
	if (n > 0) {
		assert_int_equal(rows[0], answer->first);
		assert_int_equal(rows[n - 1], answer->last);
	} else {
		state = is_edge(port) ? PORTBOOK_RESERVED : PORTBOOK_UNASSIGNED;
	}
	for (size_t i = 1; i < n; i++)
		assert_true(rows[i - 1] < rows[i]);
	assert_int_equal(portbook_port_state(book, (uint16_t)port, transport), state);
}

static void test_ports(void **state)
{
	struct answer *answers = ask_rows(*state);

	for (unsigned t = 0; t < TRANSPORTS; t++) {
		for (uint32_t port = 0; port < PORTS; port++)
			check_port(*state, &answers[t * PORTS + port], port,
				   (enum portbook_transport)t);
	}
	free(answers);
}

static int compare_rows(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

/* Any transport: the rows of the four together, each once, and the best of their states. */
static void test_any_transport(void **state)
{
	for (uint32_t port = 0; port < PORTS; port++) {
		uint32_t together[128], any[128], n = 0, distinct = 0;
		enum portbook_state best = PORTBOOK_UNASSIGNED;

		for (unsigned t = 0; t < TRANSPORTS; t++) {
			enum portbook_transport transport = (enum portbook_transport)t;

			n += (uint32_t)portbook_find_port(*state, (uint16_t)port, transport,
							  together + n, 32);
			if (portbook_port_state(*state, (uint16_t)port, transport) < best)
				best = portbook_port_state(*state, (uint16_t)port, transport);
		}
		qsort(together, n, sizeof(*together), compare_rows);
		for (uint32_t i = 0; i < n; i++) {
			if (distinct == 0 || together[distinct - 1] != together[i])
				together[distinct++] = together[i];
		}
		assert_int_equal(portbook_find_port(*state, (uint16_t)port, PORTBOOK_ANY, any, 128),
				 distinct);
		assert_memory_equal(any, together, distinct * sizeof(*any));
		assert_int_equal(portbook_port_state(*state, (uint16_t)port, PORTBOOK_ANY), best);
	}
}

struct named {
	const char *name;
	uint32_t row;
};

static int compare_names(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcasecmp(a->name, b->name);

	return order ? order : (a->row > b->row) - (a->row < b->row);
}

static void test_names(void **state)
{
	uint32_t rows = portbook_row_count(*state), n = 0, end;
	struct named *names = calloc(rows, sizeof(*names));

	assert_non_null(names);
	for (uint32_t row = 0; row < rows; row++) {
		const char *name = portbook_row_text(*state, row, PORTBOOK_NAME);

		assert_int_equal(portbook_row_state(*state, row) == PORTBOOK_ASSIGNED,
				 name != NULL);
		if (name)
			names[n++] = (struct named){name, row};
	}
	qsort(names, n, sizeof(*names), compare_names);
	for (uint32_t from = 0; from < n; from = end) {
		uint32_t found[512];
		size_t count =
			portbook_find_name(*state, names[from].name, PORTBOOK_ANY, found, 512);

		for (end = from; end < n && strcasecmp(names[end].name, names[from].name) == 0;
		     end++) {
			assert_true(end - from < count && end - from < 512);
			assert_int_equal(found[end - from], names[end].row);
		}
		assert_int_equal(count, end - from);
	}
	assert_true(n > 10000);
	free(names);
}

static bool row_has(const portbook *book, uint32_t row, const char *text)
{
	for (unsigned column = PORTBOOK_NAME; column <= PORTBOOK_NOTES; column++) {
		const char *shown = portbook_row_text(book, row, (enum portbook_column)column);

		if (column != PORTBOOK_REGISTRATION_DATE && column != PORTBOOK_MODIFICATION_DATE &&
		    shown && strcasestr(shown, text))
			return true;
	}
	return false;
}

static void test_searches(void **state)
{
	static const char *const texts[] = {"http", "X",    "4",
					    "qz",   "[RFC", "Unassigned",
					    "e",    "tcp",  "IANA assigned this well-formed",
					    "2-",   "zzzz"};
	portbook_search *search = portbook_search_new(*state);

	assert_non_null(search);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint32_t found = portbook_search_text(search, texts[i]), n = 0, next;

		for (uint32_t row = 0; row < portbook_row_count(*state); row++) {
			if (!row_has(*state, row, texts[i]))
				continue;
			assert_int_equal(portbook_search_next(search, &next), 1);
			assert_int_equal(next, row);
			n++;
		}
		assert_int_equal(portbook_search_next(search, &next), 0);
		assert_int_equal(found, n);
	}
	portbook_search_free(search);
}

/* Every alias names a service that is there. */
static void test_aliases(void **state)
{
	uint32_t aliases = 0;

	for (uint32_t row = 0; row < portbook_row_count(*state); row++) {
		char name[64];
		size_t n = portbook_row_alias_of(*state, row, name, sizeof(name));

		assert_int_equal(n, strlen(name));
		if (n == 0)
			continue;
		aliases++;
		assert_true(portbook_find_name(*state, name, PORTBOOK_ANY, NULL, 0) > 0);
	}
	assert_true(aliases > 100);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),	cmocka_unit_test(test_any_transport),
		cmocka_unit_test(test_names),	cmocka_unit_test(test_searches),
		cmocka_unit_test(test_aliases),
	};

	return cmocka_run_group_tests(tests, open_book, close_book);
}
