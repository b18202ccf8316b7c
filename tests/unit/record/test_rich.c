#undef NDEBUG
#include "../testing.h"

#include <time.h>

#include "record/rich.h"

/* Marks, written out so that the bytes on disk are held to what they are. */
#define BREAK				     "\1"
#define PARAGRAPH			     "\5"
#define END				     "\6"
#define BOUNDARY			     "\7"
#define REFERENCE(type, data, text, section) "\2" type "\3" data "\3" text "\3" section "\4"

static void assert_shows(struct slice rich, struct slice expected)
{
	struct strbuf shown = {};

	rich_show(rich, &shown);
	assert_false(shown.failed);
	assert_slice(strbuf_slice(&shown), expected);
	strbuf_done(&shown);
}

#define assert_show(rich, shown) assert_shows(SLICE(rich), SLICE(shown))

static void assert_reads(struct slice shown, enum rich_reading reading, struct slice expected)
{
	struct strbuf rich = {};

	rich_read(shown, reading, &rich);
	assert_false(rich.failed);
	assert_slice(strbuf_slice(&rich), expected);
	strbuf_done(&rich);
}

#define assert_read(shown, reading, rich) assert_reads(SLICE(shown), reading, SLICE(rich))

static void test_runs(void **state)
{
	struct strbuf rich = {};
	struct rich_run run;
	struct slice rest;

	(void)state;
	strbuf_add(&rich, SLICE("text"));
	rich_add_break(&rich);
	rich_add_paragraph(&rich);
	rich_add_reference(&rich, SLICE("rfc"), SLICE("rfc6335"), SLICE("label"), SLICE("5.1"));
	rich_add_paragraph_end(&rich);
	rich_add_boundary(&rich);
	rich_add_reference(&rich, SLICE("text"), SLICE_NONE, SLICE("x"), SLICE_NONE);
	assert_text(strbuf_slice(&rich),
		    "text" BREAK PARAGRAPH REFERENCE("rfc", "rfc6335", "label", "5.1")
			    END BOUNDARY REFERENCE("text", "", "x", ""));
	rest = strbuf_slice(&rich);
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_TEXT);
	assert_text(run.text, "text");
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_BREAK);
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_PARAGRAPH);
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_REFERENCE);
	assert_text(run.type, "rfc");
	assert_text(run.data, "rfc6335");
	assert_text(run.text, "label");
	assert_text(run.section, "5.1");
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_PARAGRAPH_END);
	assert_true(rich_next(&rest, &run));
	assert_int_equal(run.kind, RICH_BOUNDARY);
	assert_true(rich_next(&rest, &run));
	assert_text(run.type, "text");
	assert_int_equal(run.data.n, 0);
	assert_text(run.text, "x");
	assert_int_equal(run.section.n, 0);
	assert_false(rich_next(&rest, &run));
	assert_false(rich_next(&(struct slice){}, &run));
	strbuf_done(&rich);
}

/* Every byte is part of one run, whatever the bytes are. */
static void test_runs_of_any_bytes(void **state)
{
	struct random random = {3};

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char bytes[40];
		size_t n = random_below(&random, sizeof(bytes)), left;
		struct slice text, rest;
		struct rich_run run;
		struct strbuf shown = {};

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)random_below(&random, random_below(&random, 2) ? 10 : 256);
		text = rest = copy_of((struct slice){bytes, n});
		for (left = rest.n; rich_next(&rest, &run); left = rest.n)
			assert_true(rest.n < left);
		assert_int_equal(rest.n, 0);
		rich_show(text, &shown);
		strbuf_done(&shown);
		free((void *)text.p);
	}
}

static void test_labels(void **state)
{
	(void)state;
	assert_show(REFERENCE("rfc", "rfc6335", "", ""), "[RFC6335]");
	assert_show(REFERENCE("rfc", "RFC6335", "", ""), "[RFC6335]");
	assert_show(REFERENCE("rfc", "rfc6335", "RFC 6335, Section 5", "5"),
		    "[RFC 6335, Section 5]");
	assert_show(REFERENCE("rfc", "rfc", "", ""), "[rfc]");
	assert_show(REFERENCE("rfc", "rfc12a", "", ""), "[rfc12a]");
	assert_show(REFERENCE("person", "Jon_Doe", "", ""), "[Jon_Doe]");
	/* Only an RFC's name is spelt otherwise. */
	assert_show(REFERENCE("person", "rfc1", "", ""), "[rfc1]");
	assert_show(REFERENCE("draft", "draft-x-y", "", ""), "[draft-x-y]");
	assert_show(REFERENCE("text", "", "Any text", ""), "[Any text]");
	assert_show(REFERENCE("note", "1", "", ""), "[1]");
	assert_show(REFERENCE("", "", "", ""), "[]");
	assert_show("a" REFERENCE("note", "1", "", "") BOUNDARY REFERENCE("note", "2", "", "") "b",
		    "a[1][2]b");
}

static void test_show_rules(void **state)
{
	(void)state;
	assert_show("plain", "plain");
	assert_show("", "");
	assert_shows(SLICE_NONE, SLICE(""));
	assert_show("  both ends \n", "both ends");
	/* Breaks, with the line feeds around them, are one line feed. */
	assert_show("a" BREAK "b", "a\nb");
	assert_show("a" BREAK BREAK "b", "a\nb");
	assert_show("a\n" BREAK "\nb", "a\nb");
	assert_show("a" BREAK "\n" BREAK "b", "a\nb");
	assert_show("a" BREAK "\n\n" BREAK "b", "a\nb");
	assert_show("a " BREAK " b", "a \n b");
	assert_show(BREAK "a" BREAK, "a");
	/* A line feed alone is text. */
	assert_show("a\nb", "a\nb");
	assert_show("a\n\nb", "a\n\nb");
	/* ... unless it has spaces on both sides: a wrapped line of the document. */
	assert_show("a \n b", "a b");
	assert_show("a   \n      b", "a b");
	assert_show("a\n b", "a\n b");
	assert_show("a \nb", "a \nb");
	assert_show("a \n \n b", "a \n b");
	assert_show("a \t\n b", "a \t\n b");
	/* Paragraphs are set in, but for the first. */
	assert_show(PARAGRAPH "a" END PARAGRAPH "b" END, "a\n              b");
	assert_show("x" PARAGRAPH "a" END, "x\n              a");
	assert_show("x \n\t " PARAGRAPH "a" END, "x\n              a");
	assert_show(" \n " PARAGRAPH "a" END " \n ", "a");
	assert_show("x" BREAK "\n  " PARAGRAPH "a" END, "x\n\n              a");
}

static void test_plain(void **state)
{
	(void)state;
	assert_true(rich_is_plain(SLICE_NONE));
	assert_true(rich_is_plain(SLICE("a b  c")));
	assert_true(rich_is_plain(SLICE("[RFC1]")));
	assert_false(rich_is_plain(SLICE(" a")));
	assert_false(rich_is_plain(SLICE("a ")));
	assert_false(rich_is_plain(SLICE("a\nb")));
	assert_false(rich_is_plain(SLICE("a" BREAK)));
	assert_false(rich_is_plain(SLICE("a" BOUNDARY "b")));
}

static void test_reading_text(void **state)
{
	enum rich_reading text = RICH_READ_TEXT;

	(void)state;
	assert_read("plain", text, "plain");
	assert_read("a\nb", text, "a" BREAK "b");
	assert_read("see [RFC6335].", text, "see " REFERENCE("rfc", "rfc6335", "", "") ".");
	assert_read("[RFC6335, Section 5]", text,
		    REFERENCE("rfc", "rfc6335", "RFC6335, Section 5", ""));
	assert_read("[https://a.example/]", text, REFERENCE("uri", "https://a.example/", "", ""));
	assert_read("[http://a b]", text, "[http://a b]");
	assert_read("[draft-a-b]", text, REFERENCE("draft", "draft-a-b", "", ""));
	assert_read("[RFC-ietf-x]", text, REFERENCE("draft", "RFC-ietf-x", "", ""));
	assert_read("[Jon_Doe]", text, REFERENCE("person", "Jon_Doe", "", ""));
	assert_read("[J\xc3\xb6n_Doe]", text, REFERENCE("person", "J\xc3\xb6n_Doe", "", ""));
	/* What brackets hold else is text. */
	assert_read("[was netstat]", text, "[was netstat]");
	assert_read("[12]", text, "[12]");
	assert_read("[]", text, "[]");
	assert_read("[RFC1, a\nb]", text, "[RFC1, a" BREAK "b]");
	assert_read("[rfc6335]", text, "[rfc6335]");
	assert_read("[RFC]", text, "[RFC]");
	assert_read("a [ b", text, "a [ b");
	assert_read("a ] b", text, "a ] b");
	assert_read("[a[RFC1]]", text, "[a" REFERENCE("rfc", "rfc1", "", "") "]");
}

static void test_reading_lists(void **state)
{
	enum rich_reading people = RICH_READ_PEOPLE, references = RICH_READ_REFERENCES;

	(void)state;
	assert_read("[Jon][Jane Doe]", people,
		    REFERENCE("person", "Jon", "", "") REFERENCE("person", "Jane Doe", "", ""));
	assert_read("[a[b]c]", people, REFERENCE("person", "a[b]c", "", ""));
	assert_read("[[a]", people, "[" REFERENCE("person", "a", "", ""));
	assert_read("[]", people, "[]");
	assert_read("[RFC1][12][Any text][draft-x][ftp://a]", references,
		    REFERENCE("rfc", "rfc1", "", "") REFERENCE("note", "12", "", "")
			    REFERENCE("text", "", "Any text", "")
				    REFERENCE("draft", "draft-x", "", "")
					    REFERENCE("uri", "ftp://a", "", ""));
	assert_read("a\nb", references, "a\nb");
}

/* A label of more than 1024 bytes is text: finding its end must not take long. */
static void test_labels_that_are_too_long(void **state)
{
	struct strbuf shown = {}, rich = {};

	(void)state;
	strbuf_add_byte(&shown, '[');
	for (unsigned i = 0; i < 1023; i++)
		strbuf_add_byte(&shown, 'a');
	strbuf_add_byte(&shown, ']');
	rich_read(strbuf_slice(&shown), RICH_READ_PEOPLE, &rich);
	assert_int_equal(rich.p[0], '\2');
	shown.p[shown.n - 1] = 'a';
	strbuf_add_byte(&shown, ']');
	rich.n = 0;
	rich_read(strbuf_slice(&shown), RICH_READ_PEOPLE, &rich);
	assert_slice(strbuf_slice(&rich), strbuf_slice(&shown));
	strbuf_done(&shown);
	strbuf_done(&rich);
}

/* Text that shown text is made of: what is special in it comes often. */
static size_t random_text(struct random *random, bool marks, bool feeds, char *to, size_t max)
{
	static const struct slice pieces[] = {
		SLICE(" "),
		SLICE("  "),
		SLICE("["),
		SLICE("]"),
		SLICE("a"),
		SLICE("RFC1"),
		SLICE("[RFC12]"),
		SLICE("[rfc3]"),
		SLICE("[A_B]"),
		SLICE("[1]"),
		SLICE(", "),
		SLICE("[http://x]"),
		SLICE("[RFC4, b]"),
		SLICE("\xc3\xa9"),
		SLICE("[draft-x]"),
		SLICE("\t"),
		SLICE("\n"),
		SLICE(" \n "),
		SLICE(BREAK),
		SLICE(PARAGRAPH),
		SLICE(END),
		SLICE(BOUNDARY),
		SLICE(REFERENCE("rfc", "rfc5", "", "")),
		SLICE(REFERENCE("person", "rfc6", "", "")),
	};
	uint32_t kinds = marks ? ARRAY_SIZE(pieces) : feeds ? 18 : 16;
	unsigned count = random_below(random, 12);
	size_t n = 0;

	while (count-- > 0) {
		struct slice piece = pieces[random_below(random, kinds)];

		if (n + piece.n > max)
			break;
		memcpy(to + n, piece.p, piece.n);
		n += piece.n;
	}
	return n;
}

static void assert_shows_again(struct slice shown, enum rich_reading reading)
{
	struct strbuf rich = {};

	rich_read(shown, reading, &rich);
	assert_shows(strbuf_slice(&rich), shown);
	strbuf_done(&rich);
}

static void test_what_was_read_shows_the_same(void **state)
{
	struct random random = {11};
	char text[400];

	(void)state;
	for (unsigned i = 0; i < 40000; i++) {
		struct strbuf shown = {};

		/* Any shown text there can be ... */
		rich_show(
			(struct slice){text, random_text(&random, true, true, text, sizeof(text))},
			&shown);
		assert_shows_again(strbuf_slice(&shown), RICH_READ_TEXT);
		strbuf_done(&shown);
		/* ... and, but for what lists cannot express, what is written as if it were. */
		assert_shows_again(
			slice_trim((struct slice){
				text, random_text(&random, false, true, text, sizeof(text))}),
			RICH_READ_TEXT);
		for (unsigned k = RICH_READ_PEOPLE; k <= RICH_READ_REFERENCES; k++)
			assert_shows_again(
				slice_trim((struct slice){text, random_text(&random, false, false,
									    text, sizeof(text))}),
				(enum rich_reading)k);
	}
}

/* The time that cells of so many bytes take, of which each has much of what is looked at twice. */
static clock_t time_of(size_t n)
{
	static const struct slice units[] = {
		SLICE("["),    SLICE(" "),    SLICE("\n"),	 SLICE("[a"),
		SLICE(" \n"),  SLICE(" \n "), SLICE("\n "),	 SLICE("]"),
		SLICE("[RFC"), SLICE("\t "),  SLICE("[http://"),
	};
	clock_t start = clock();

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		struct strbuf text = {}, rich = {}, shown = {};

		while (text.n + units[i].n < n)
			strbuf_add(&text, units[i]);
		strbuf_add_byte(&text, 'x');
		for (unsigned k = RICH_READ_TEXT; k <= RICH_READ_REFERENCES; k++)
			rich_read(strbuf_slice(&text), (enum rich_reading)k, &rich);
		text.p[0] = BREAK[0];
		rich_show(strbuf_slice(&text), &shown);
		strbuf_done(&text);
		strbuf_done(&rich);
		strbuf_done(&shown);
	}
	return clock() - start;
}

/* Four times as long takes four times the time, not sixteen times. */
static void test_time(void **state)
{
	clock_t quarter = time_of(65535 / 4), whole = time_of(65535);

	(void)state;
	assert_true(whole < 8 * quarter + CLOCKS_PER_SEC / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_runs_of_any_bytes),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_show_rules),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_reading_text),
		cmocka_unit_test(test_reading_lists),
		cmocka_unit_test(test_labels_that_are_too_long),
		cmocka_unit_test(test_what_was_read_shows_the_same),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
