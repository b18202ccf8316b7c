#undef NDEBUG
#include "../testing.h"

#include "base/out.h"
#include "render/text.h"
#include "render/text_table.h"

/* As wide as the page: no column of a table with it is wider than its longest word. */
#define OVERFLOW                                                                                   \
	"wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-"         \
	"wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide-wide"

/* The rows of a table of two columns. */
static const struct slice (*sample)[2];

static void add_sample(struct text_table *table, const struct registry *registry, size_t row)
{
	(void)registry;
	text_table_add(table, sample[row][0]);
	text_table_add(table, sample[row][1]);
}

static void expect_table(struct text_table table, struct slice expected)
{
	struct out out;

	table.columns = 2;
	table.add_row = add_sample;
	assert_int_equal(out_init_memory(&out), 0);
	text_table_put(&table, NULL, &out);
	assert_false(table.failed);
	text_table_done(&table);
	assert_int_equal(out_finish(&out), 0);
	assert_slice(out_slice(&out), expected);
	out_done(&out);
}

/* Adds a last row, with so many blanks in it, that keeps columns as wide as their longest words. */
#define EXPECT_ROWS(expected_, blanks_, ...)                                                       \
	do {                                                                                       \
		static const struct slice cells_[][2] = {__VA_ARGS__,                              \
							 {SLICE("x"), SLICE(OVERFLOW)}};           \
		sample = cells_;                                                                   \
		expect_table((struct text_table){.rows = ARRAY_SIZE(cells_)},                      \
			     SLICE(expected_ "x" blanks_ OVERFLOW "\n"));                          \
	} while (0)

static void test_words_are_never_cut(void **state)
{
	(void)state;
	EXPECT_ROWS("one\n"
		    "two-three a b c\n"
		    "four\n",
		    "         ", {SLICE("one two-three four"), SLICE("a b c")});
}

/* Of an odd number of empty lines, one more is below. */
static void test_middle_of_a_row(void **state)
{
	(void)state;
	EXPECT_ROWS("a b\n"
		    "  c\n"
		    "  b\n"
		    "a c\n"
		    "  d\n"
		    "  a\n"
		    "b b\n"
		    "c c\n"
		    "  d\n",
		    " ", {SLICE("a"), SLICE("b\1c")}, {SLICE("a"), SLICE("b\1c\1d")},
		    {SLICE("b\1c"), SLICE("a\1b\1c\1d")});
}

static void test_breaks(void **state)
{
	(void)state;
	/* None at the ends, one line for one, an empty line for more and around paragraphs. */
	EXPECT_ROWS("a b\n"
		    "  b\n"
		    "a\n"
		    "  c\n"
		    "  b\n"
		    "\n"
		    "a c\n"
		    "\n"
		    "  d\n",
		    " ", {SLICE("a"), SLICE("\1\1 b \1")}, {SLICE("a"), SLICE("b \1\n\1\1 c")},
		    {SLICE("a"), SLICE("b\5c\6\n\5\1d\6")});
}

static void test_blanks_and_references(void **state)
{
	(void)state;
	EXPECT_ROWS("ab c d [x y][RFC1] e\n", "  ",
		    {SLICE("\t\n ab\r\f "), SLICE("  c\n\n  d \2text\3\3x\n   y\3\4"
						  "\2rfc\3rfc1\3\3\4   e")});
}

static void test_widths_are_of_terminals(void **state)
{
	(void)state;
	EXPECT_ROWS("\u65e5\u672c b\n"
		    "\u00e9    b\n"
		    "e\u0301    b\n"
		    "1234 b\n",
		    "    ", {SLICE("\u65e5\u672c"), SLICE("b")}, {SLICE("\u00e9"), SLICE("b")},
		    {SLICE("e\u0301"), SLICE("b")}, {SLICE("1234"), SLICE("b")});
}

static void test_empty_row(void **state)
{
	(void)state;
	EXPECT_ROWS("\n", " ", {SLICE_NONE, SLICE("\1 \n\5\6")});
}

static void test_titles_and_centred_columns(void **state)
{
	static const struct slice titles[] = {{"Long Title", 10}, {"T", 1}},
				  cells[][2] = {{{"1", 1}, {"left", 4}}};

	(void)state;
	sample = cells;
	expect_table((struct text_table){.rows = 1, .titles = titles, .centred = 1},
		     SLICE("   Long Title  T\n"
			   "       1      left\n"));
}

static void test_verbatim(void **state)
{
	static const struct slice cells[][2] = {{{"[1]", 3}, {"\n  a  b\n\nc  \n\n", 14}}};

	(void)state;
	sample = cells;
	expect_table((struct text_table){.rows = 1, .verbatim = true},
		     SLICE("   [1]   a  b\n\n       c\n"));
}

/* What wraps gets more of what is spare the longer it is; nobody gets more than it can use. */
static void test_stretched_to_the_page(void **state)
{
	struct strbuf lines[2] = {};
	struct slice cells[1][2], line;
	struct slice text;
	struct out out;
	struct text_table table = {.columns = 2, .rows = 1, .add_row = add_sample};

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		strbuf_add(&lines[0], SLICE("a "));
		strbuf_add(&lines[1], SLICE("bbb "));
	}
	cells[0][0] = strbuf_slice(&lines[0]);
	cells[0][1] = strbuf_slice(&lines[1]);
	sample = (const struct slice(*)[2])cells;
	assert_int_equal(out_init_memory(&out), 0);
	text_table_put(&table, NULL, &out);
	assert_true(table.width[0] > 20 && table.width[1] > table.width[0]);
	assert_int_equal(table.width[0] + 1 + table.width[1], TEXT_PAGE - 2 * TEXT_MARGIN);
	text_table_done(&table);
	text = out_slice(&out);
	while (text.n > 0) {
		line = slice_cut(&text, '\n');
		assert_true(line.n <= TEXT_PAGE - TEXT_MARGIN);
	}
	out_done(&out);
	strbuf_done(&lines[0]);
	strbuf_done(&lines[1]);
}

/* A registry without anything has all parts of the page but the footnotes. */
static void test_empty_registry(void **state)
{
	struct registry *registry = registry_new();
	struct out out;

	(void)state;
	assert_non_null(registry);
	assert_int_equal(out_init_memory(&out), 0);
	render_text(&out, registry);
	assert_int_equal(out_finish(&out), 0);
	assert_slice(
		out_slice(&out),
		SLICE("   Internet Assigned Numbers Authority\n\n"
		      "     \u2022\u00a0Domains\n     \u2022\u00a0Protocols\n"
		      "     \u2022\u00a0Numbers\n     \u2022\u00a0About\n\n"
		      "                                               "
		      "Service Name and Transport Protocol Port Number Registry\n\n"
		      "   Last Updated\n\n"
		      "   Available Formats\n   [IMG]\n   CSV [IMG]\n   XML [IMG]\n"
		      "   HTML [IMG]\n   Plain text\n\n"
		      "    Service     Port      Transport   Description Assignee Contact  "
		      "Registration    Modification   Reference  Service   Unauthorized    "
		      "Assignment\n"
		      "      Name     Number     Protocol                                      "
		      "Date            Date                   Code     Use Reported      Notes\n\n"
		      "                                                                 "
		      "Contact Information\n\n"
		      "   ID Name Organization Contact URI Last Updated\n\n"
		      "   Licensing Terms\n"));
	out_done(&out);
	registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_never_cut),
		cmocka_unit_test(test_middle_of_a_row),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_blanks_and_references),
		cmocka_unit_test(test_widths_are_of_terminals),
		cmocka_unit_test(test_empty_row),
		cmocka_unit_test(test_titles_and_centred_columns),
		cmocka_unit_test(test_verbatim),
		cmocka_unit_test(test_stretched_to_the_page),
		cmocka_unit_test(test_empty_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
