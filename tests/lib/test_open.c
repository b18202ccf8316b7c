/* Opening: every error that portbook_open() documents, by cutting and changing an image. */
#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/stat.h>

#include "small.h"

/* Must be refused, and the output left alone. */
static int refused(const char *path)
{
	portbook *const before = (portbook *)&small_rows, *book = before;
	int result = portbook_open(path, &book);

	assert_true(result < 0);
	assert_ptr_equal(book, before);
	return result;
}

static int refused_bytes(struct slice bytes)
{
	int result;

	write_file("refused.img", bytes);
	result = refused("refused.img");
	assert_int_equal(unlink("refused.img"), 0);
	return result;
}

static void test_builtin(void **state)
{
	portbook *book = NULL, *second = NULL;

	(void)state;
	assert_int_equal(portbook_open(NULL, &book), 0);
	assert_int_equal(portbook_open(NULL, &second), 0);
	assert_ptr_not_equal(book, second);
	assert_true(portbook_row_count(book) > 10000);
	assert_string_equal(portbook_edition(book), "2026-08");
	portbook_close(book);
	assert_true(portbook_row_count(second) > 10000);
	portbook_close(second);
}

static void test_close_null(void **state)
{
	(void)state;
	portbook_close(NULL);
	portbook_search_free(NULL);
}

static void test_no_file(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(refused("absent.img"), PORTBOOK_ERROR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(refused("absent/absent.img"), PORTBOOK_ERROR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(refused(""), PORTBOOK_ERROR_SYSTEM);
	assert_int_equal(errno, ENOENT);
}

static void test_unreadable(void **state)
{
	(void)state;
	/* A loop of links, since permissions do not bind every user. */
	assert_int_equal(symlink("loop.img", "loop.img"), 0);
	errno = 0;
	assert_int_equal(refused("loop.img"), PORTBOOK_ERROR_SYSTEM);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(unlink("loop.img"), 0);
}

static void test_no_image(void **state)
{
	(void)state;
	assert_int_equal(refused("."), PORTBOOK_ERROR_UNKNOWN);
	assert_int_equal(refused("/dev/null"), PORTBOOK_ERROR_UNKNOWN);
	assert_int_equal(refused_bytes(SLICE("")), PORTBOOK_ERROR_UNKNOWN);
	assert_int_equal(refused_bytes(SLICE("Service Name,Port Number\r\n")),
			 PORTBOOK_ERROR_UNKNOWN);
	/* Opening a pipe must not wait for somebody to write. */
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(refused("pipe"), PORTBOOK_ERROR_UNKNOWN);
	assert_int_equal(unlink("pipe"), 0);
}

static void test_truncated(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);
	size_t n = image.n;

	(void)state;
	write_file("cut.img", strbuf_slice(&image));
	while (n-- > 0) {
		assert_int_equal(truncate("cut.img", (off_t)n), 0);
		/* What has not even the whole magic is no image; the rest is a part of one. */
		assert_int_equal(refused("cut.img"),
				 n < 8 ? PORTBOOK_ERROR_UNKNOWN : PORTBOOK_ERROR_CORRUPT);
	}
	assert_int_equal(unlink("cut.img"), 0);
	strbuf_done(&image);
}

static void test_longer(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);

	(void)state;
	strbuf_add_byte(&image, '\0');
	assert_int_equal(refused_bytes(strbuf_slice(&image)), PORTBOOK_ERROR_CORRUPT);
	strbuf_done(&image);
}

/* Offsets of the header (image/format.h). */
enum { VERSION_AT = 8, SECTIONS_AT = 12 };

static void test_changed(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);

	(void)state;
	for (size_t i = 0; i < image.n; i++) {
		image.p[i] = (char)(image.p[i] ^ (1 << i % 8));
		assert_int_equal(refused_bytes(strbuf_slice(&image)),
				 i < SECTIONS_AT ? PORTBOOK_ERROR_UNKNOWN : PORTBOOK_ERROR_CORRUPT);
		image.p[i] = (char)(image.p[i] ^ (1 << i % 8));
	}
	strbuf_done(&image);
}

static void test_sections(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);

	(void)state;
	image.p[SECTIONS_AT]--;
	assert_int_equal(refused_bytes(strbuf_slice(&image)), PORTBOOK_ERROR_CORRUPT);
	image.p[SECTIONS_AT + 3] = 1;
	assert_int_equal(refused_bytes(strbuf_slice(&image)), PORTBOOK_ERROR_CORRUPT);
	strbuf_done(&image);
}

static void test_newer(void **state)
{
	struct strbuf image = small_image(SLICE_NONE);

	(void)state;
	image.p[VERSION_AT]++;
	assert_int_equal(refused_bytes(strbuf_slice(&image)), PORTBOOK_ERROR_UNKNOWN);
	strbuf_done(&image);
}

static void test_edition(void **state)
{
	static const struct {
		struct slice date;
		const char *edition;
	} editions[] = {{SLICE("2026-08-17"), "2026-08-17"},
			{SLICE("2026-08"), "2026-08"},
			{SLICE_NONE, NULL}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(editions); i++) {
		struct strbuf image = small_image(editions[i].date);
		portbook *book;

		write_file("dated.img", strbuf_slice(&image));
		assert_int_equal(portbook_open("dated.img", &book), 0);
		if (editions[i].edition)
			assert_string_equal(portbook_edition(book), editions[i].edition);
		else
			assert_null(portbook_edition(book));
		portbook_close(book);
		assert_int_equal(unlink("dated.img"), 0);
		strbuf_done(&image);
	}
}

/* What is renamed into an open file's place is another book's. */
static void test_replaced(void **state)
{
	struct strbuf older = small_image(SLICE("2026-01-01")),
		      newer = small_image(SLICE("2026-02-02"));
	portbook *before, *after;

	(void)state;
	write_file("book.img", strbuf_slice(&older));
	assert_int_equal(portbook_open("book.img", &before), 0);
	write_file("next.img", strbuf_slice(&newer));
	assert_int_equal(rename("next.img", "book.img"), 0);
	assert_int_equal(portbook_open("book.img", &after), 0);
	assert_string_equal(portbook_edition(before), "2026-01-01");
	assert_string_equal(portbook_edition(after), "2026-02-02");
	portbook_close(before);
	portbook_close(after);
	assert_int_equal(unlink("book.img"), 0);
	strbuf_done(&older);
	strbuf_done(&newer);
}

static void test_error_text(void **state)
{
	static const int errors[] = {PORTBOOK_ERROR_MEMORY, PORTBOOK_ERROR_SYSTEM,
				     PORTBOOK_ERROR_CORRUPT, PORTBOOK_ERROR_UNKNOWN};
	static const int others[] = {0, 1, -4, -6, 1000, INT32_MIN, INT32_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		assert_true(errors[i] < 0);
		assert_true(strlen(portbook_error_text(errors[i])) > 0);
		assert_string_not_equal(portbook_error_text(errors[i]), "unknown error");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(portbook_error_text(errors[i]),
						portbook_error_text(errors[j]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_string_equal(portbook_error_text(others[i]), "unknown error");
}

static void test_version(void **state)
{
	(void)state;
	assert_string_equal(portbook_version(), PORTBOOK_VERSION);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),	   cmocka_unit_test(test_close_null),
		cmocka_unit_test(test_no_file),	   cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_image),   cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_longer),	   cmocka_unit_test(test_changed),
		cmocka_unit_test(test_sections),   cmocka_unit_test(test_newer),
		cmocka_unit_test(test_edition),	   cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_error_text), cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
