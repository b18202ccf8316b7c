/*
 * Memory: nothing allocates once a book and a search are open, and no memory when opening is
 * reported, not suffered. The program's own malloc stands before the C library's.
 */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "small.h"

/* Allocations, and those not yet given back. The one that makes fail_in 0 fails. */
static unsigned allocations;
static int outstanding;
static unsigned fail_in = UINT32_MAX;

void *__libc_calloc(size_t count, size_t size);
void *__libc_malloc(size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

#define INTERPOSED __attribute__((visibility("default")))

INTERPOSED void *malloc(size_t size);
INTERPOSED void *calloc(size_t count, size_t size);
INTERPOSED void *realloc(void *memory, size_t size);
INTERPOSED void free(void *memory);

static bool counted(void)
{
	allocations++;
	return --fail_in > 0;
}

static void *came(void *memory)
{
	outstanding += memory != NULL;
	return memory;
}

void *malloc(size_t size)
{
	return counted() ? came(__libc_malloc(size)) : NULL;
}

void *calloc(size_t count, size_t size)
{
	return counted() ? came(__libc_calloc(count, size)) : NULL;
}

void *realloc(void *memory, size_t size)
{
	if (!counted())
		return NULL;
	return memory ? __libc_realloc(memory, size) : came(__libc_realloc(memory, size));
}

void free(void *memory)
{
	outstanding -= memory != NULL;
	__libc_free(memory);
}

static void ask_rows(const portbook *book)
{
	for (uint32_t row = 0; row <= portbook_row_count(book); row++) {
		uint16_t first, last;
		char name[8];

		for (unsigned column = PORTBOOK_NAME; column <= PORTBOOK_NOTES; column++)
			portbook_row_text(book, row, (enum portbook_column)column);
		portbook_row_ports(book, row, &first, &last);
		portbook_row_transport(book, row);
		portbook_row_state(book, row);
		portbook_row_alias_of(book, row, name, sizeof(name));
		portbook_find_name(book, portbook_row_text(book, row, PORTBOOK_NAME), PORTBOOK_TCP,
				   NULL, 0);
		portbook_find_name(book, portbook_row_text(book, row, PORTBOOK_NAME), PORTBOOK_ANY,
				   NULL, 0);
	}
}

static void ask_ports(const portbook *book)
{
	for (uint32_t port = 0; port <= 65535; port++) {
		for (unsigned transport = PORTBOOK_TCP; transport <= PORTBOOK_ANY; transport++) {
			enum portbook_transport asked = (enum portbook_transport)transport;
			uint32_t rows[4];

			portbook_find_port(book, (uint16_t)port, asked, rows, 4);
			portbook_port_state(book, (uint16_t)port, asked);
		}
		portbook_range_procedure(portbook_port_range((uint16_t)port));
	}
}

static void ask_people(const portbook *book)
{
	for (uint32_t person = 0; person <= portbook_person_count(book); person++) {
		uint32_t found;
		char uri[8];

		for (unsigned field = PORTBOOK_PERSON_ID; field <= PORTBOOK_PERSON_UPDATED; field++)
			portbook_person_text(book, person, (enum portbook_person_field)field);
		portbook_person_uri(book, person, 0, uri, sizeof(uri));
		portbook_find_person(book, portbook_person_text(book, person, PORTBOOK_PERSON_ID),
				     &found);
	}
}

static void ask_searches(portbook_search *search)
{
	static const char *const texts[] = {"",	 "e", "ht", "http", "[RFC", "absent as can be",
					    NULL};
	uint32_t row;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		portbook_search_text(search, texts[i]);
		while (portbook_search_next(search, &row))
			;
	}
}

static void ask_everything(const portbook *book, portbook_search *search)
{
	unsigned before = allocations;

	ask_rows(book);
	ask_ports(book);
	ask_people(book);
	ask_searches(search);
	portbook_edition(book);
	portbook_version();
	portbook_error_text(PORTBOOK_ERROR_MEMORY);
	assert_int_equal(allocations, before);
}

static void test_builtin(void **state)
{
	unsigned before = allocations;
	portbook *book;
	portbook_search *search;

	(void)state;
	assert_int_equal(portbook_open(NULL, &book), 0);
	/* Else this program counts nothing. */
	assert_true(allocations > before);
	search = portbook_search_new(book);
	assert_non_null(search);
	ask_everything(book, search);
	portbook_search_free(search);
	portbook_close(book);
}

static void test_file(void **state)
{
	portbook *book = small_book();
	portbook_search *search = portbook_search_new(book);

	(void)state;
	assert_non_null(search);
	ask_everything(book, search);
	portbook_search_free(search);
	portbook_close(book);
}

/* Lets each allocation of opening fail in turn; returns how many there were. */
static unsigned open_without_memory(const char *path)
{
	unsigned n = 0;
	int result;

	do {
		portbook *book = NULL;
		int before = outstanding;

		fail_in = ++n;
		result = portbook_open(path, &book);
		fail_in = UINT32_MAX;
		if (result == 0)
			portbook_close(book);
		else
			assert_null(book);
		assert_int_equal(outstanding, before);
		assert_true(result == 0 || result == PORTBOOK_ERROR_MEMORY);
	} while (result != 0);
	return n - 1;
}

static void test_open_without_memory(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);

	(void)state;
	write_file("memory.img", strbuf_slice(&image));
	strbuf_done(&image);
	assert_true(open_without_memory(NULL) > 0);
	assert_true(open_without_memory("memory.img") > 0);
	assert_int_equal(unlink("memory.img"), 0);
}

static void test_search_without_memory(void **state)
{
	portbook *book = small_book();
	portbook_search *search;
	unsigned n = 0;

	(void)state;
	do {
		int before = outstanding;

		fail_in = ++n;
		search = portbook_search_new(book);
		fail_in = UINT32_MAX;
		portbook_search_free(search);
		assert_int_equal(outstanding, before);
	} while (!search);
	assert_true(n > 1);
	portbook_close(book);
}

/* A refused file leaves nothing allocated either. */
static void test_refused(void **state)
{
	int before = outstanding;
	portbook *book = NULL;

	(void)state;
	assert_int_equal(portbook_open("absent.img", &book), PORTBOOK_ERROR_SYSTEM);
	assert_int_equal(portbook_open(".", &book), PORTBOOK_ERROR_UNKNOWN);
	assert_int_equal(outstanding, before);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_open_without_memory),
		cmocka_unit_test(test_search_without_memory),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
