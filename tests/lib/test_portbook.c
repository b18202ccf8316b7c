/* Each function of libportbook, and each thing that the header says it returns. */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "small.h"

/* No row or person has these numbers. */
static const uint32_t no_numbers[] = {SMALL_ROWS, SMALL_ROWS + 1, 0x7fffffff,
				      0x80000000, UINT32_MAX - 1, UINT32_MAX};

/* Not an enumerator of any of the enums that functions take. */
static const int no_enumerators[] = {12, 13, 255, 256, INT32_MAX, -1, INT32_MIN};

static int open_book(void **state)
{
	*state = small_book();
	return 0;
}

static int close_book(void **state)
{
	portbook_close(*state);
	return 0;
}

#define assert_rows(count_, rows_, ...)                                                            \
	do {                                                                                       \
		const uint32_t wanted_[] = {__VA_ARGS__};                                          \
		assert_int_equal(count_, ARRAY_SIZE(wanted_));                                     \
		assert_memory_equal(rows_, wanted_, sizeof(wanted_));                              \
	} while (0)

static void test_counts(void **state)
{
	assert_int_equal(portbook_row_count(*state), SMALL_ROWS);
	assert_int_equal(portbook_person_count(*state), SMALL_PEOPLE);
}

static void test_find_port(void **state)
{
	uint32_t rows[8];
	size_t n;

	n = portbook_find_port(*state, 1, PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_FULL);
	n = portbook_find_port(*state, 1, PORTBOOK_UDP, rows, 8);
	assert_rows(n, rows, SMALL_UDP);
	n = portbook_find_port(*state, 1, PORTBOOK_ANY, rows, 8);
	assert_rows(n, rows, SMALL_FULL, SMALL_UDP);
	n = portbook_find_port(*state, 2, PORTBOOK_ANY, rows, 8);
	assert_rows(n, rows, SMALL_RESERVED, SMALL_UNASSIGNED);
	assert_int_equal(portbook_find_port(*state, 1, PORTBOOK_SCTP, rows, 8), 0);
	assert_int_equal(portbook_find_port(*state, 0, PORTBOOK_ANY, rows, 8), 0);
	assert_int_equal(portbook_find_port(*state, 65535, PORTBOOK_ANY, rows, 8), 0);
}

static void test_find_port_range(void **state)
{
	uint32_t rows[8];
	size_t n;

	assert_int_equal(portbook_find_port(*state, 5999, PORTBOOK_TCP, rows, 8), 0);
	n = portbook_find_port(*state, 6000, PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_RANGE);
	n = portbook_find_port(*state, 6063, PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_RANGE);
	assert_int_equal(portbook_find_port(*state, 6064, PORTBOOK_TCP, rows, 8), 0);
	/* A row that names no transport is of all of them. */
	n = portbook_find_port(*state, 6010, PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_RANGE, SMALL_ANY);
	n = portbook_find_port(*state, 6010, PORTBOOK_DCCP, rows, 8);
	assert_rows(n, rows, SMALL_ANY);
	n = portbook_find_port(*state, 6010, PORTBOOK_ANY, rows, 8);
	assert_rows(n, rows, SMALL_RANGE, SMALL_ANY);
}

static void test_find_port_max(void **state)
{
	for (unsigned transport = PORTBOOK_TCP; transport <= PORTBOOK_ANY; transport += 4) {
		enum portbook_transport asked = (enum portbook_transport)transport;
		uint32_t rows[3] = {77, 77, 77};

		assert_int_equal(portbook_find_port(*state, 6010, asked, NULL, 0), 2);
		assert_int_equal(portbook_find_port(*state, 6010, asked, rows, 0), 2);
		assert_rows(1, rows, 77);
		assert_int_equal(portbook_find_port(*state, 6010, asked, rows, 1), 2);
		assert_rows(2, rows, SMALL_RANGE, 77);
		assert_int_equal(portbook_find_port(*state, 6010, asked, rows, 2), 2);
		assert_rows(3, rows, SMALL_RANGE, SMALL_ANY, 77);
	}
}

static void test_find_name(void **state)
{
	uint32_t rows[8];
	size_t n;

	n = portbook_find_name(*state, "one", PORTBOOK_ANY, rows, 8);
	assert_rows(n, rows, SMALL_FULL, SMALL_UDP, SMALL_CASE);
	n = portbook_find_name(*state, "OnE", PORTBOOK_ANY, rows, 8);
	assert_rows(n, rows, SMALL_FULL, SMALL_UDP, SMALL_CASE);
	n = portbook_find_name(*state, "one", PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_FULL, SMALL_CASE);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_DCCP, rows, 8), 0);
	n = portbook_find_name(*state, "two-three", PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_PORTLESS);
	/* A row that names no transport is of all of them. */
	n = portbook_find_name(*state, "x11", PORTBOOK_TCP, rows, 8);
	assert_rows(n, rows, SMALL_RANGE, SMALL_BARE);
	n = portbook_find_name(*state, "x11", PORTBOOK_SCTP, rows, 8);
	assert_rows(n, rows, SMALL_BARE);
}

static void test_find_no_name(void **state)
{
	static const char *const names[] = {NULL,   "",	       "on", "one ",	 " one",
					    "ones", "one/tcp", "1",  "\xff\xfe", "Reserved"};
	char longest[1000];
	uint32_t rows[1] = {77};

	memset(longest, 'o', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (unsigned transport = PORTBOOK_TCP; transport <= PORTBOOK_ANY; transport++) {
		enum portbook_transport asked = (enum portbook_transport)transport;

		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			assert_int_equal(portbook_find_name(*state, names[i], asked, rows, 1), 0);
		for (size_t n = 0; n < sizeof(longest); n++)
			assert_int_equal(portbook_find_name(*state, longest + n, asked, rows, 1),
					 0);
	}
	assert_rows(1, rows, 77);
}

static void test_find_name_max(void **state)
{
	uint32_t rows[4] = {77, 77, 77, 77};

	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_ANY, NULL, 0), 3);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_TCP, NULL, 0), 2);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_ANY, rows, 1), 3);
	assert_rows(2, rows, SMALL_FULL, 77);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_TCP, rows, 1), 2);
	assert_rows(2, rows, SMALL_FULL, 77);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_ANY, rows, 2), 3);
	assert_rows(3, rows, SMALL_FULL, SMALL_UDP, 77);
	assert_int_equal(portbook_find_name(*state, "one", PORTBOOK_ANY, rows, 3), 3);
	assert_rows(4, rows, SMALL_FULL, SMALL_UDP, SMALL_CASE, 77);
}

static void test_unknown_transport(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(no_enumerators); i++) {
		enum portbook_transport unknown = (enum portbook_transport)no_enumerators[i];
		uint32_t rows[8];
		size_t n;

		n = portbook_find_port(*state, 1, unknown, rows, 8);
		assert_rows(n, rows, SMALL_FULL, SMALL_UDP);
		n = portbook_find_name(*state, "one", unknown, rows, 8);
		assert_rows(n, rows, SMALL_FULL, SMALL_UDP, SMALL_CASE);
		assert_int_equal(portbook_port_state(*state, 2, unknown), PORTBOOK_RESERVED);
	}
}

static void test_row_text(void **state)
{
	static const char *const full[] = {
		[PORTBOOK_NAME] = "one",
		[PORTBOOK_PORT] = "1",
		[PORTBOOK_TRANSPORT] = "tcp",
		[PORTBOOK_DESCRIPTION] = "The \xc3\x89lan",
		[PORTBOOK_ASSIGNEE] = "[An_Assignee]",
		[PORTBOOK_CONTACT] = "[A_Contact]\n[An_Assignee]",
		[PORTBOOK_REGISTRATION_DATE] = "2001-02-03",
		[PORTBOOK_MODIFICATION_DATE] = "2004-05",
		[PORTBOOK_REFERENCE] = "[RFC1078][RFC6335]",
		[PORTBOOK_SERVICE_CODE] = "42",
		[PORTBOOK_UNAUTHORIZED_USE] = "Seen on port 2",
		[PORTBOOK_NOTES] = "Note\nof two lines",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(full); i++)
		assert_string_equal(portbook_row_text(*state, SMALL_FULL, (enum portbook_column)i),
				    full[i]);
	/* Present but empty, and absent. */
	assert_null(portbook_row_text(*state, SMALL_UDP, PORTBOOK_DESCRIPTION));
	for (unsigned i = PORTBOOK_ASSIGNEE; i <= PORTBOOK_NOTES; i++)
		assert_null(portbook_row_text(*state, SMALL_UDP, (enum portbook_column)i));
	assert_null(portbook_row_text(*state, SMALL_RESERVED, PORTBOOK_NAME));
	assert_null(portbook_row_text(*state, SMALL_PORTLESS, PORTBOOK_PORT));
	assert_string_equal(portbook_row_text(*state, SMALL_RANGE, PORTBOOK_PORT), "6000-6063");
}

static void test_row_text_unknown(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(no_enumerators); i++)
		assert_null(portbook_row_text(*state, SMALL_FULL,
					      (enum portbook_column)no_enumerators[i]));
	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++) {
		for (unsigned column = PORTBOOK_NAME; column <= PORTBOOK_NOTES; column++)
			assert_null(portbook_row_text(*state, no_numbers[i],
						      (enum portbook_column)column));
	}
}

static void test_row_ports(void **state)
{
	uint16_t first = 77, last = 77;

	assert_int_equal(portbook_row_ports(*state, SMALL_PORTLESS, &first, &last), 0);
	assert_int_equal(portbook_row_ports(*state, SMALL_BARE, &first, &last), 0);
	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++)
		assert_int_equal(portbook_row_ports(*state, no_numbers[i], &first, &last), 0);
	assert_int_equal(first, 77);
	assert_int_equal(last, 77);
	assert_int_equal(portbook_row_ports(*state, SMALL_ALIAS, &first, &last), 1);
	assert_int_equal(first, 23);
	assert_int_equal(last, 23);
	assert_int_equal(portbook_row_ports(*state, SMALL_RANGE, &first, &last), 1);
	assert_int_equal(first, 6000);
	assert_int_equal(last, 6063);
}

static void test_row_transport(void **state)
{
	assert_int_equal(portbook_row_transport(*state, SMALL_FULL), PORTBOOK_TCP);
	assert_int_equal(portbook_row_transport(*state, SMALL_UDP), PORTBOOK_UDP);
	assert_int_equal(portbook_row_transport(*state, SMALL_PORTLESS), PORTBOOK_TCP);
	assert_int_equal(portbook_row_transport(*state, SMALL_ANY), PORTBOOK_ANY);
	assert_int_equal(portbook_row_transport(*state, SMALL_BARE), PORTBOOK_ANY);
	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++)
		assert_int_equal(portbook_row_transport(*state, no_numbers[i]), PORTBOOK_ANY);
}

static void test_row_state(void **state)
{
	assert_int_equal(portbook_row_state(*state, SMALL_FULL), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_row_state(*state, SMALL_BARE), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_row_state(*state, SMALL_RESERVED), PORTBOOK_RESERVED);
	assert_int_equal(portbook_row_state(*state, SMALL_UNASSIGNED), PORTBOOK_UNASSIGNED);
	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++)
		assert_int_equal(portbook_row_state(*state, no_numbers[i]), PORTBOOK_UNASSIGNED);
}

static void test_row_alias_of(void **state)
{
	char buffer[16] = "................";

	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, NULL, 0), 9);
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 0), 9);
	assert_int_equal(buffer[0], '.');
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 1), 9);
	assert_memory_equal(buffer, "\0...", 4);
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 4), 9);
	assert_memory_equal(buffer, "two\0..", 6);
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 9), 9);
	assert_memory_equal(buffer, "two-thre\0.", 10);
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 10), 9);
	assert_memory_equal(buffer, "two-three\0.", 11);
	assert_int_equal(portbook_row_alias_of(*state, SMALL_ALIAS, buffer, 16), 9);
	assert_memory_equal(buffer, "two-three\0.", 11);
}

static void test_row_no_alias(void **state)
{
	for (uint32_t row = 0; row < SMALL_ROWS + ARRAY_SIZE(no_numbers); row++) {
		char buffer[4] = "....";
		uint32_t number = row < SMALL_ROWS ? row : no_numbers[row - SMALL_ROWS];

		if (row == SMALL_ALIAS)
			continue;
		assert_int_equal(portbook_row_alias_of(*state, number, NULL, 0), 0);
		assert_int_equal(portbook_row_alias_of(*state, number, buffer, 4), 0);
		assert_memory_equal(buffer, "\0...", 4);
	}
}

static void test_port_state(void **state)
{
	static const uint16_t edges[] = {0, 1023, 1024, 49151};

	assert_int_equal(portbook_port_state(*state, 1, PORTBOOK_TCP), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_port_state(*state, 1, PORTBOOK_DCCP), PORTBOOK_UNASSIGNED);
	assert_int_equal(portbook_port_state(*state, 1, PORTBOOK_ANY), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_port_state(*state, 2, PORTBOOK_TCP), PORTBOOK_RESERVED);
	assert_int_equal(portbook_port_state(*state, 2, PORTBOOK_UDP), PORTBOOK_UNASSIGNED);
	assert_int_equal(portbook_port_state(*state, 2, PORTBOOK_ANY), PORTBOOK_RESERVED);
	assert_int_equal(portbook_port_state(*state, 3, PORTBOOK_ANY), PORTBOOK_UNASSIGNED);
	assert_int_equal(portbook_port_state(*state, 44, PORTBOOK_SCTP), PORTBOOK_UNASSIGNED);
	assert_int_equal(portbook_port_state(*state, 44, PORTBOOK_DCCP), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_port_state(*state, 44, PORTBOOK_ANY), PORTBOOK_ASSIGNED);
	/* A range and a row without transport around it: the better state counts. */
	assert_int_equal(portbook_port_state(*state, 6010, PORTBOOK_TCP), PORTBOOK_ASSIGNED);
	assert_int_equal(portbook_port_state(*state, 6010, PORTBOOK_UDP), PORTBOOK_RESERVED);
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		for (unsigned transport = PORTBOOK_TCP; transport <= PORTBOOK_ANY; transport++)
			assert_int_equal(portbook_port_state(*state, edges[i],
							     (enum portbook_transport)transport),
					 PORTBOOK_RESERVED);
	}
	assert_int_equal(portbook_port_state(*state, 49152, PORTBOOK_TCP), PORTBOOK_UNASSIGNED);
	assert_int_equal(portbook_port_state(*state, 65535, PORTBOOK_ANY), PORTBOOK_UNASSIGNED);
}

static void test_port_range(void **state)
{
	(void)state;
	for (uint32_t port = 0; port <= 65535; port++)
		assert_int_equal(portbook_port_range((uint16_t)port), port < 1024 ? PORTBOOK_SYSTEM
								      : port < 49152
									      ? PORTBOOK_USER
									      : PORTBOOK_DYNAMIC);
}

static void test_range_procedure(void **state)
{
	(void)state;
	assert_non_null(strstr(portbook_range_procedure(PORTBOOK_SYSTEM), "IETF Review or IESG"));
	assert_non_null(strstr(portbook_range_procedure(PORTBOOK_USER), "Expert Review"));
	assert_non_null(strstr(portbook_range_procedure(PORTBOOK_DYNAMIC), "never assigned"));
	for (size_t i = 0; i < ARRAY_SIZE(no_enumerators); i++)
		assert_string_equal(
			portbook_range_procedure((enum portbook_range)no_enumerators[i]), "");
}

static void test_find_person(void **state)
{
	static const char *const nobody[] = {NULL,
					     "",
					     "An_Assigne",
					     "An_Assignees",
					     "[A_Contact]",
					     "A Contact",
					     "\xff",
					     "zzzzzzzzzzzz",
					     "0"};
	char longest[1000];
	uint32_t person = 77;

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(nobody); i++)
		assert_int_equal(portbook_find_person(*state, nobody[i], &person), 0);
	for (size_t n = 0; n < sizeof(longest); n++)
		assert_int_equal(portbook_find_person(*state, longest + n, &person), 0);
	assert_int_equal(person, 77);
	assert_int_equal(portbook_find_person(*state, "AN_ASSIGNEE", &person), 1);
	assert_int_equal(person, 0);
	/* Of ids that differ in letter case only, the exact one. */
	assert_int_equal(portbook_find_person(*state, "A_Contact", &person), 1);
	assert_int_equal(person, 1);
	assert_int_equal(portbook_find_person(*state, "a_contact", &person), 1);
	assert_int_equal(person, 2);
	assert_int_equal(portbook_find_person(*state, "A_CONTACT", &person), 1);
	assert_int_equal(person, 1);
}

static void test_person_text(void **state)
{
	static const char *const texts[SMALL_PEOPLE][4] = {
		{"An_Assignee", "An Assignee", "An Organization", "2006-07-08"},
		{"A_Contact", "A Contact", NULL, NULL},
		{"a_contact", "Another Contact", NULL, NULL},
	};

	for (uint32_t person = 0; person < SMALL_PEOPLE; person++) {
		for (unsigned field = 0; field < 4; field++) {
			const char *text = portbook_person_text(*state, person,
								(enum portbook_person_field)field);

			if (texts[person][field])
				assert_string_equal(text, texts[person][field]);
			else
				assert_null(text);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++)
		assert_null(portbook_person_text(*state, no_numbers[i], PORTBOOK_PERSON_ID));
	for (size_t i = 0; i < ARRAY_SIZE(no_enumerators); i++)
		assert_null(portbook_person_text(*state, 0,
						 (enum portbook_person_field)no_enumerators[i]));
}

static void test_person_uri(void **state)
{
	char buffer[32] = "...";

	assert_int_equal(portbook_person_uri(*state, 0, 0, NULL, 0), 20);
	assert_int_equal(portbook_person_uri(*state, 0, 0, buffer, sizeof(buffer)), 20);
	assert_string_equal(buffer, "mailto:one&a.example");
	assert_int_equal(portbook_person_uri(*state, 0, 1, buffer, sizeof(buffer)), 20);
	assert_string_equal(buffer, "mailto:two&a.example");
	assert_int_equal(portbook_person_uri(*state, 0, 1, buffer, 7), 20);
	assert_string_equal(buffer, "mailto");
	assert_int_equal(portbook_person_uri(*state, 2, 0, buffer, sizeof(buffer)), 22);
	assert_string_equal(buffer, "mailto:three&a.example");
}

static void test_person_no_uri(void **state)
{
	static const struct {
		uint32_t person;
		unsigned index;
	} none[] = {{0, 2}, {0, 3}, {0, UINT32_MAX},   {1, 0},
		    {1, 1}, {2, 1}, {SMALL_PEOPLE, 0}, {UINT32_MAX, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		char buffer[4] = "....";

		assert_int_equal(
			portbook_person_uri(*state, none[i].person, none[i].index, NULL, 0), 0);
		assert_int_equal(
			portbook_person_uri(*state, none[i].person, none[i].index, buffer, 4), 0);
		assert_memory_equal(buffer, "\0...", 4);
	}
}

/* The rows that a search finds, into rows of SMALL_ROWS. */
static uint32_t find(portbook_search *search, const char *text, uint32_t *rows)
{
	uint32_t found = portbook_search_text(search, text), n = 0, past = 77;

	while (n < SMALL_ROWS && portbook_search_next(search, &rows[n]))
		n++;
	assert_int_equal(n, found);
	assert_int_equal(portbook_search_next(search, &past), 0);
	assert_int_equal(past, 77);
	return n;
}

static void test_search(void **state)
{
	portbook_search *asked = portbook_search_new(*state);
	uint32_t rows[SMALL_ROWS], n;

	assert_non_null(asked);
	n = find(asked, "one", rows);
	assert_rows(n, rows, SMALL_FULL, SMALL_UDP, SMALL_CASE);
	n = find(asked, "WINDOW s", rows);
	assert_rows(n, rows, SMALL_RANGE);
	n = find(asked, "\xc3\xa9l", rows);
	assert_rows(n, rows, SMALL_FULL);
	n = find(asked, "lines", rows);
	assert_rows(n, rows, SMALL_FULL);
	n = find(asked, "\n", rows);
	assert_rows(n, rows, SMALL_FULL, SMALL_ALIAS);
	n = find(asked, "60", rows);
	assert_rows(n, rows, SMALL_RANGE, SMALL_ANY);
	/* Dates are not searched, and nothing is found across columns. */
	assert_int_equal(find(asked, "2001-02", rows), 0);
	assert_int_equal(find(asked, "one1", rows), 0);
	assert_int_equal(find(asked, "[A_Contact]", rows), 1);
	n = find(asked, "", rows);
	assert_int_equal(n, SMALL_ROWS);
	for (uint32_t row = 0; row < SMALL_ROWS; row++)
		assert_int_equal(rows[row], row);
	assert_int_equal(find(asked, NULL, rows), 0);
	portbook_search_free(asked);
}

static void test_search_results(void **state)
{
	portbook_search *first = portbook_search_new(*state), *second = portbook_search_new(*state);
	uint32_t row = 77;

	/* Nothing before there is a result. */
	assert_int_equal(portbook_search_next(first, &row), 0);
	assert_int_equal(row, 77);
	/* A new search begins anew, half way through a result too, and finds no less for it. */
	assert_int_equal(portbook_search_text(first, "one"), 3);
	assert_int_equal(portbook_search_next(first, &row), 1);
	assert_int_equal(portbook_search_text(second, "x11"), 2);
	assert_int_equal(portbook_search_next(second, &row), 1);
	assert_int_equal(row, SMALL_RANGE);
	assert_int_equal(portbook_search_next(first, &row), 1);
	assert_int_equal(row, SMALL_UDP);
	assert_int_equal(portbook_search_text(first, "one"), 3);
	assert_int_equal(portbook_search_next(first, &row), 1);
	assert_int_equal(row, SMALL_FULL);
	assert_int_equal(portbook_search_text(first, "absent"), 0);
	assert_int_equal(portbook_search_next(first, &row), 0);
	assert_int_equal(portbook_search_next(second, &row), 1);
	assert_int_equal(row, SMALL_BARE);
	portbook_search_free(first);
	portbook_search_free(second);
}

static void test_search_long(void **state)
{
	enum { LONG = 200000 };
	char *text = malloc(LONG + 1);
	portbook_search *asked = portbook_search_new(*state);

	assert_non_null(text);
	memset(text, 'q', LONG);
	text[LONG] = '\0';
	for (size_t n = 2; n < LONG; n += n / 2 + 1)
		assert_int_equal(portbook_search_text(asked, text + LONG - n), 0);
	for (size_t n = 65530; n < 65540; n++)
		assert_int_equal(portbook_search_text(asked, text + LONG - n), 0);
	assert_int_equal(portbook_search_text(asked, text), 0);
	portbook_search_free(asked);
	free(text);
}

int main(void)
{
#define ON_BOOK(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)
	static const struct CMUnitTest tests[] = {
		ON_BOOK(test_counts),
		ON_BOOK(test_find_port),
		ON_BOOK(test_find_port_max),
		ON_BOOK(test_find_port_range),
		ON_BOOK(test_find_name),
		ON_BOOK(test_find_no_name),
		ON_BOOK(test_find_name_max),
		ON_BOOK(test_unknown_transport),
		ON_BOOK(test_row_text),
		ON_BOOK(test_row_text_unknown),
		ON_BOOK(test_row_ports),
		ON_BOOK(test_row_transport),
		ON_BOOK(test_row_state),
		ON_BOOK(test_row_alias_of),
		ON_BOOK(test_row_no_alias),
		ON_BOOK(test_port_state),
		ON_BOOK(test_find_person),
		ON_BOOK(test_person_text),
		ON_BOOK(test_person_uri),
		ON_BOOK(test_person_no_uri),
		ON_BOOK(test_search),
		ON_BOOK(test_search_results),
		ON_BOOK(test_search_long),
		cmocka_unit_test(test_port_range),
		cmocka_unit_test(test_range_procedure),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
