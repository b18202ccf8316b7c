#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/table.h"
#include "cli/text.h"

enum { COLUMNS = 4 };

static const struct table_column columns[COLUMNS] = {
	{{"Name", 4}, 6, 0, false},
	{{"Port", 4}, 5, 0, true},
	{{"Description", 11}, 12, 1, false},
	{{"Notes", 5}, 12, 2, false},
};

struct sample {
	const char *cells[COLUMNS];
	bool dim;
};

static void read_sample(const void *data, size_t index, struct table_row *row)
{
	const struct sample *sample = (const struct sample *)data + index;

	for (size_t i = 0; i < COLUMNS; i++) {
		/* Built cells and borrowed ones are treated alike. */
		if (i % 2 == 0) {
			row->cells[i] = slice_cstr(sample->cells[i]);
		} else {
			strbuf_add(&row->scratch[i], slice_cstr(sample->cells[i]));
			row->cells[i] = strbuf_slice(&row->scratch[i]);
		}
	}
	row->dim = sample->dim;
}

static void assert_table(const struct sample *samples, size_t count,
			 const struct table_style *style, const char *expected)
{
	struct table table = {columns, COLUMNS, count, 0, samples, read_sample};
	struct fault fault;
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(table_write(&out, &table, style, &fault), 0);
	out_byte(&out, '\0');
	assert_string_equal(out.p, expected);
	out_done(&out);
}

static const struct sample two[] = {
	{{"https", "443", "http over TLS", NULL}, false},
	{{NULL, "4", "Unassigned", NULL}, true},
};

static const struct sample noted[] = {
	{{"imap", "143", "Internet Message Access", "Defined TXT keys: u=<username>"}, false},
	{{"x11", "6000-6063", "X", NULL}, false},
	{{"rdp", "3389", "Remote Desktop", NULL}, false},
	{{"vnc", "5900", "Remote Framebuffer", NULL}, false},
};

static void test_aligned(void **state)
{
	struct table_style plain = {};

	(void)state;
	assert_table(two, 0, &plain, "");
	assert_table(two, 2, &plain,
		     "Name   Port  Description\n"
		     "https   443  http over TLS\n"
		     "          4  Unassigned\n");
}

static void test_one_line_a_row(void **state)
{
	static const struct sample long_one[] = {
		{{"a", "1",
		  "A description of more columns than are aligned, with\n  line breaks\nin it",
		  "N"},
		 false},
		{{"b", "2", "Short", "M"}, false},
	};
	struct table_style plain = {};

	(void)state;
	assert_table(long_one, 2, &plain,
		     "Name  Port  Description                               Notes\n"
		     "a        1  A description of more columns than are aligned, with line breaks "
		     "in it  "
		     "N\n"
		     "b        2  Short                                     M\n");
}

static void test_wrapped(void **state)
{
	struct table_style narrow = {.width = 25};

	(void)state;
	assert_table(two, 2, &narrow,
		     "Name   Port  Description\n"
		     "https   443  http over\n"
		     "             TLS\n"
		     "          4  Unassigned\n");
}

static void test_below(void **state)
{
	struct table_style narrow = {.width = 36};

	(void)state;
	assert_table(noted, 4, &narrow,
		     "Name       Port  Description\n"
		     "imap        143  Internet Message\n"
		     "                 Access\n"
		     "  Notes: Defined TXT keys:\n"
		     "    u=<username>\n"
		     "x11   6000-6063  X\n"
		     "rdp        3389  Remote Desktop\n"
		     "vnc        5900  Remote Framebuffer\n");
}

static void test_color(void **state)
{
	struct table_style colored = {.color = true, .mark = {SLICE("TTP o"), 1u << 2}};

	(void)state;
	assert_table(two, 2, &colored,
		     "\033[4mName\033[0m   \033[4mPort\033[0m  \033[4mDescription\033[0m\n"
		     "https   443  h\033[1;4mttp o\033[0mver TLS\n"
		     "          \033[2m4\033[0m  \033[2mUnassigned\033[0m\n");
	/* Only in its columns; and without color not at all. */
	colored.mark.columns = 1u << 0;
	assert_table(two, 1, &colored,
		     "\033[4mName\033[0m   \033[4mPort\033[0m  \033[4mDescription\033[0m\n"
		     "https   443  http over TLS\n");
	colored.mark.columns = 1u << 2;
	colored.color = false;
	assert_table(two, 1, &colored,
		     "Name   Port  Description\n"
		     "https   443  http over TLS\n");
}

static void test_mark_over_lines(void **state)
{
	struct table_style narrow = {.width = 25, .color = true, .mark = {SLICE("over tls"), 4}};

	(void)state;
	assert_table(two, 1, &narrow,
		     "\033[4mName\033[0m   \033[4mPort\033[0m  \033[4mDescription\033[0m\n"
		     "https   443  http \033[1;4mover\033[0m\n"
		     "             \033[1;4mTLS\033[0m\n");
}

static void test_hidden(void **state)
{
	struct table table = {columns, COLUMNS, 2, 1u << 2, two, read_sample};
	struct table_style plain = {};
	struct fault fault;
	struct out out;

	(void)state;
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(table_write(&out, &table, &plain, &fault), 0);
	out_byte(&out, '\0');
	assert_string_equal(out.p, "Name   Port\nhttps   443\n          4\n");
	out_done(&out);
}

static void test_fit(void **state)
{
	struct table table = {.columns = columns, .column_count = COLUMNS, .row_count = 10};
	struct table_extent extents[COLUMNS] = {{6, 10}, {5, 10}, {30, 10}, {50, 3}};
	struct table_layout layout;

	(void)state;
	table_fit(&table, extents, 0, &layout);
	assert_int_equal(layout.place[3], TABLE_BESIDE);
	table_fit(&table, extents, 97, &layout);
	assert_int_equal(layout.place[3], TABLE_BESIDE);
	assert_int_equal(layout.width[3], 50);
	/* Seldom filled, it gives way before anything wraps; often filled, it wraps. */
	table_fit(&table, extents, 96, &layout);
	assert_int_equal(layout.place[3], TABLE_BELOW);
	extents[3].filled = 4;
	table_fit(&table, extents, 96, &layout);
	assert_int_equal(layout.place[3], TABLE_BESIDE);
	assert_int_equal(layout.width[2], 30);
	assert_int_equal(layout.width[3], 49);
	/* Too narrow even so, it goes below, and the description after it. */
	table_fit(&table, extents, 40, &layout);
	assert_int_equal(layout.place[3], TABLE_BELOW);
	assert_int_equal(layout.place[2], TABLE_BESIDE);
	table_fit(&table, extents, 26, &layout);
	assert_int_equal(layout.place[2], TABLE_BELOW);
	/* What must stay beside is squeezed. */
	table_fit(&table, extents, 9, &layout);
	assert_int_equal(layout.width[0] + 2 + layout.width[1], 9);
	extents[3].filled = extents[3].widest = 0;
	table_fit(&table, extents, 97, &layout);
	assert_int_equal(layout.place[3], TABLE_NOWHERE);
}

/* At no width is a line wider than the terminal, and no text is lost. */
static void test_all_widths(void **state)
{
	(void)state;
	for (unsigned width = 20; width < 120; width++) {
		struct table table = {columns, COLUMNS, 4, 0, noted, read_sample};
		struct table_style style = {.width = width};
		struct slice rest;
		struct fault fault;
		struct out out;
		size_t letters = 0;

		assert_int_equal(out_init_memory(&out), 0);
		assert_int_equal(table_write(&out, &table, &style, &fault), 0);
		for (rest = out_slice(&out); rest.n > 0;) {
			struct slice line = slice_cut(&rest, '\n');

			assert_true(text_width(line) <= width);
			assert_true(line.n == 0 || line.p[line.n - 1] != ' ');
		}
		for (size_t i = 0; i < out.n; i++)
			letters += out.p[i] == 'e';
		out_done(&out);
		/* Headings may stand above or before each cell, so that only cells are counted. */
		assert_true(letters >= 14);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned),	   cmocka_unit_test(test_one_line_a_row),
		cmocka_unit_test(test_wrapped),	   cmocka_unit_test(test_below),
		cmocka_unit_test(test_color),	   cmocka_unit_test(test_mark_over_lines),
		cmocka_unit_test(test_hidden),	   cmocka_unit_test(test_fit),
		cmocka_unit_test(test_all_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
