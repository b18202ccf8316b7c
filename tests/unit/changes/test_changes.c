/*
 * Each kind of change, of registries of a few rows; and what must hold of any two.
 *
 * Rows are written as lines: name|ports|transport|description|assignee|contact|registered|
 * modified|reference|code|unauthorized|notes, of which the last ones may be left out.
 */
#undef NDEBUG
#include "../testing.h"

#include "../made_up.h"
#include "../../../fuzz/changes_hold.h"

static struct registry *registry_of(const char *lines)
{
	struct registry *registry = registry_new();
	struct slice rest = slice_cstr(lines);

	assert_non_null(registry);
	while (rest.n > 0) {
		struct slice line = slice_cut(&rest, '\n');
		struct row row = {.assignee_given = true};
		struct fault fault = {};

		for (unsigned i = 0; i < COLUMN_COUNT && line.p; i++)
			row.shown[i] = slice_cut(&line, '|');
		assert_null(line.p);
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	return registry;
}

/* What is told, a line a change: "kind: summary". */
static char *told(const struct changes *changes)
{
	struct out out;
	char *text;

	assert_int_equal(out_init_memory(&out), 0);
	for (size_t i = 0; i < changes->count; i++) {
		out_put(&out, change_kind_name(changes->all[i].kind));
		out_put(&out, SLICE(": "));
		render_change_summary(&out, changes, &changes->all[i]);
		out_byte(&out, '\n');
	}
	out_byte(&out, '\0');
	assert_int_equal(out.error, 0);
	text = strdup(out.p);
	out_done(&out);
	assert_non_null(text);
	return text;
}

static void assert_told_of(struct registry *before, struct registry *after, const char *expected)
{
	struct changes changes;
	struct fault fault = {};
	char *text;

	must_hold(before, after);
	must_hold(after, before);
	assert_int_equal(changes_find(before, after, CHANGES_ALL, &changes, &fault), 0);
	text = told(&changes);
	assert_string_equal(text, expected);
	free(text);
	changes_done(&changes);
	registry_free(before);
	registry_free(after);
}

static void assert_changes(const char *before, const char *after, const char *expected)
{
	assert_told_of(registry_of(before), registry_of(after), expected);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_changes("", "", "");
	assert_changes("a|1|tcp|A\nb|2|tcp|B\n", "b|2|tcp|B\na|1|tcp|A\n", "");
	assert_changes("a|1|tcp|A\na|1|tcp|A\n", "a|1|tcp|A\n",
		       "transport-removed: a 1/tcp removed from its transports\n");
}

static void test_names_that_come(void **state)
{
	(void)state;
	assert_changes("|5-9||Unassigned",
		       "|5-6||Unassigned\nx|7|tcp|X\n|7|udp|Reserved\n|8-9||Unassigned",
		       "assigned: x 7/tcp assigned (from Unassigned 5-9)\n");
	assert_changes("|5-9||Unassigned", "x|5|tcp|X\ny|7|udp|Y\n|6||Unassigned\n|8-9||Unassigned",
		       "assigned: x 5/tcp assigned (from Unassigned 5-9)\n"
		       "assigned: y 7/udp assigned (from Unassigned 5-9)\n");
	assert_changes("", "x|7|tcp|X\nx|7|udp|X\n", "assigned: x 7/tcp,udp assigned\n");
	assert_changes("", "x|||X\ny||tcp|Y\n",
		       "name-added: x registered without a port\n"
		       "name-added: y tcp registered without a port\n");
	assert_changes("x|7|tcp|X\n|7|udp|Reserved", "x|7|tcp|X\nx|7|udp|X\nx|7|sctp|X",
		       "transport-added: x 7/udp,sctp added to its transports (from Reserved "
		       "7/udp)\n");
	assert_changes("x||tcp|X\n|7||Unassigned", "x|7|tcp|X\nx|7|udp|X",
		       "port-added: x 7/tcp,udp assigned to a name without a port (from Unassigned "
		       "7)\n");
}

static void test_names_that_go(void **state)
{
	(void)state;
	assert_changes("x|7|tcp|X\nx|7|udp|X", "|7||Reserved",
		       "de-assigned: x 7/tcp,udp de-assigned (now Reserved 7)\n");
	assert_changes("|1-6||Unassigned\nx|7|tcp|X\n|8-9||Unassigned", "|1-9||Unassigned",
		       "de-assigned: x 7/tcp de-assigned (now Unassigned 1-9)\n");
	assert_changes("x|7|tcp|X\nx|7|udp|X", "x|7|tcp|X\n|7|udp|Reserved",
		       "transport-removed: x 7/udp removed from its transports (now Reserved "
		       "7/udp)\n");
	assert_changes(
		"x|7|tcp|X\nx|7|udp|X\nx|8|tcp|X", "x||tcp|X\n|7||Reserved\n|8||Reserved",
		"port-removed: x 7/tcp,udp 8/tcp released, the name stays (now Reserved 7)\n");
	assert_changes("x||tcp|X", "", "name-removed: x tcp removed\n");
}

static void test_names_that_change(void **state)
{
	(void)state;
	assert_changes("x|7|tcp|X|[A]\nx|7|udp|X|[A]", "y|7|tcp|Y|[A]\ny|7|udp|Z|[A]",
		       "renamed: x 7/tcp,udp renamed y\n");
	assert_changes("x|7|tcp|X|[A]", "y|7|tcp|Y|[B]",
		       "reassigned: x 7/tcp assigned to another service, y\n");
	assert_changes("x|7|tcp|X|[A]\nx|7|udp|X|[A]", "y|7|tcp|Y|[B]\n|7|udp|Reserved",
		       "reassigned: x 7/tcp assigned to another service, y\n"
		       "de-assigned: x 7/udp de-assigned (now Reserved 7/udp)\n");
	assert_changes("x||tcp|X|[A]|[A]|2001", "y||tcp|X|[A]|[A]|2001",
		       "renamed: x tcp renamed y\n");
	assert_changes("x|7|tcp|X\n|8||Unassigned", "|7||Unassigned\nx|8|tcp|X",
		       "moved: x 7/tcp moved to 8/tcp (from Unassigned 8)\n");
	assert_changes("x|7|tcp|X", "x|7|udp|X", "transport-changed: x 7/tcp moved to 7/udp\n");
	assert_changes("x||tcp|X", "x|||X", "transport-changed: x tcp moved to no transport\n");
	/* A name that another one takes over. */
	assert_changes("x|7|tcp|X|[A]", "y|7|tcp|X|[A]\nx|8|tcp|Z|[B]",
		       "renamed: x 7/tcp renamed y\n"
		       "assigned: x 8/tcp assigned\n");
}

#define TEMPORARY(words) "TEMPORARY - registered 2001-01-01, " words

static void test_temporary(void **state)
{
	(void)state;
	assert_changes("|7||Unassigned", "x|7|tcp|X (" TEMPORARY("expires 2002-01-01)"),
		       "assigned-temporarily: x 7/tcp assigned temporarily, until 2002-01-01 (from "
		       "Unassigned 7)\n");
	assert_changes("x|7|tcp|X|||||||| " TEMPORARY("expires 2002-01-01"),
		       "x|7|tcp|X||||2001|||| " TEMPORARY("expires 2003-01-01"),
		       "extended: x 7/tcp: temporary registration extended, until 2003-01-01\n");
	assert_changes("x|7|tcp|X (" TEMPORARY("expires 2002-01-01)"), "x|7|tcp|X|[IESG]",
		       "permanent: x 7/tcp: temporary registration made permanent\n");
	assert_changes("x|7|tcp|X (" TEMPORARY("expires 2002-01-01)"), "|7||Unassigned",
		       "expired: x 7/tcp: temporary registration ended (now Unassigned 7)\n");
}

static void test_ranges(void **state)
{
	(void)state;
	assert_changes("|1-4||Unassigned\n|5-9||Unassigned", "|1-9||Unassigned",
		       "merged: Unassigned 1-4, Unassigned 5-9 is now Unassigned 1-9\n");
	assert_changes("|1-9||Unassigned", "|1-4||Unassigned\n|5-9||Reserved",
		       "split: Unassigned 1-9 is now Unassigned 1-4, Reserved 5-9\n");
	assert_changes("|1-9||Unassigned", "|1-8||Unassigned",
		       "resized: Unassigned 1-9 is now Unassigned 1-8\n");
	assert_changes("|1-4||Unassigned\n|5-9||Unassigned", "|1-5||Unassigned\n|6-9||Unassigned",
		       "redrawn: Unassigned 1-4, Unassigned 5-9 is now Unassigned 1-5, Unassigned "
		       "6-9\n");
	assert_changes("|5||Unassigned", "|5||Reserved", "state: Unassigned 5 is now Reserved 5\n");
	assert_changes("", "|5|tcp|Reserved", "range-added: Reserved 5/tcp added\n");
	assert_changes("|5|tcp|Reserved", "", "range-removed: Reserved 5/tcp removed\n");
}

static void test_columns(void **state)
{
	(void)state;
	assert_changes("x|7|tcp|X|[A]|[A]\nx|7|udp|X|[A]|[A]",
		       "x|7|tcp|X|[B]|[A]|2001\nx|7|udp|X|[B]|[A]|2001",
		       "assignee: x 7/tcp,udp: assignee [A] is now [B]\n");
	assert_changes("x|7|tcp|X|[A]|[A]", "x|7|tcp|X|[B]|[B]",
		       "contact: x 7/tcp: contact [A] is now [B]\n");
	assert_changes("x|7|tcp|X|[A]|[A]", "x|7|tcp|X|[A]|[B]",
		       "contact: x 7/tcp: contact [A] is now [B]\n");
	assert_changes("x|7|tcp|X|||||[draft-x]", "x|7|tcp|X||||2001|[RFC9999]",
		       "published: x 7/tcp: reference [draft-x] is now [RFC9999]\n");
	assert_changes("x|7|tcp|X|||||[RFC1][RFC-x-2]", "x|7|tcp|X|||||[RFC1][RFC2]",
		       "published: x 7/tcp: reference [RFC1][RFC-x-2] is now [RFC1][RFC2]\n");
	assert_changes("x|7|tcp|X|||||[draft-x]", "x|7|tcp|X|||||[RFC-x-2]",
		       "reference: x 7/tcp: reference [draft-x] is now [RFC-x-2]\n");
	assert_changes("x|7|tcp|X", "x|7|tcp|Y",
		       "description: x 7/tcp: description \"X\" is now \"Y\"\n");
	assert_changes("x|7|dccp|X", "x|7|dccp|X||||||5",
		       "service-code: x 7/dccp: service code 5 added\n");
	assert_changes("x|7|tcp|X|||||||Used", "x|7|tcp|X",
		       "unauthorized-use: x 7/tcp: unauthorized use \"Used\" removed\n");
	assert_changes("x|7|tcp|X||||||||a b", "x|7|tcp|X||||||||a",
		       "notes: x 7/tcp: note \"a b\" is now \"a\"\n");
	assert_changes("x|7|tcp|X", "x|7|tcp|X||||2001",
		       "dates: x 7/tcp: modification date 2001 added\n");
}

static struct registry *people_of(const char *rows, const char *people)
{
	struct registry *registry = registry_of(rows);
	struct slice rest = slice_cstr(people);

	while (rest.n > 0) {
		struct slice line = slice_cut(&rest, '\n');
		struct person person = {};

		person.id = slice_cut(&line, '|');
		person.name = slice_cut(&line, '|');
		person.uri = slice_cut(&line, '|');
		assert_int_equal(registry_add_person(registry, &person, NULL), 0);
	}
	return registry;
}

static void test_people(void **state)
{
	(void)state;
	assert_told_of(people_of("", "A|Ann|x\nC|Carl|c"), people_of("", "A|Ann|y\nB|Bob|z"),
		       "person-changed: [A]: address x is now y\n"
		       "person-added: [B] added\n"
		       "person-removed: [C] removed\n");
	assert_told_of(people_of("x|7|tcp|X|[A]|[A]\ny|8|tcp|Y|[A][C]|[C]\nz|9|tcp|Z|[A]",
				 "A|Ann|x\nC|Carl|c"),
		       people_of("x|7|tcp|X|[B]|[B]\ny|8|tcp|Y|[B][C]|[C]\nz|9|tcp|Z|[D]",
				 "B|Ann|y\nC|Carl|c"),
		       "assignee: z 9/tcp: assignee [A] is now [D]\n"
		       "person-renamed: [A] is now [B], in 2 rows\n");
	/* Two of whom one is left; and an address that stays. */
	assert_told_of(people_of("", "A|Ann|x\nA_2|Ann|y\nO|Old|o"),
		       people_of("", "A|Ann|x\nN|New|o"),
		       "person-renamed: [A_2] is now [A]\n"
		       "person-renamed: [O] is now [N]\n");
}

static void test_header(void **state)
{
	struct registry *before = registry_new(), *after = registry_new();

	(void)state;
	before->header.title = SLICE("Old");
	after->header.title = SLICE("New");
	before->header.updated = SLICE("2001-01-01");
	after->header.updated = SLICE("2002-01-01");
	for (unsigned i = 0; i < 2; i++) {
		struct registry *registry = i == 0 ? before : after;
		struct slice text = i == 0 ? SLICE("a") : SLICE("b");

		assert_int_equal(registry_add_note(registry, SLICE("Same"), SLICE("s"), NULL), 0);
		assert_int_equal(registry_add_note(registry, SLICE("Title"), text, NULL), 0);
		assert_int_equal(registry_add_footnote(registry, text, text, NULL), 0);
	}
	assert_told_of(before, after,
		       "header: title Old is now New\n"
		       "note-changed: note \"Title\" changed\n"
		       "footnote-removed: footnote \"a\" removed\n"
		       "footnote-added: footnote \"b\" added\n");
}

static void test_hostile_text(void **state)
{
	struct registry *before = registry_of("x|7|tcp|a b"), *after;
	struct row row = {};
	struct changes changes;
	struct out out;

	(void)state;
	after = registry_new();
	row.shown[COLUMN_NAME] = SLICE("1. <b>\n# x\x1b[1m");
	row.shown[COLUMN_PORT] = SLICE("7");
	row.shown[COLUMN_DESCRIPTION] = SLICE("@@ -1 +1 @@\n--- |`*_");
	assert_int_equal(registry_add_row(after, &row, NULL), 0);
	must_hold(before, after);
	assert_int_equal(changes_find(before, after, CHANGES_ALL, &changes, NULL), 0);
	assert_int_equal(out_init_memory(&out), 0);
	render_changes_markdown(&out, &changes, SLICE("a_b"), SLICE("c"));
	out_byte(&out, '\0');
	assert_string_equal(out.p, "## From a\\_b to c\n\n2 changes.\n\n"
				   "### Assigned (1)\n\n- 1\\. \\<b\\> \\# x \\[1m 7 assigned\n\n"
				   "### De-assigned (1)\n\n- x 7/tcp de-assigned\n");
	out.n = 0;
	render_changes_unified(&out, &changes, SLICE("a\n"), SLICE("c"));
	out_byte(&out, '\0');
	assert_string_equal(out.p,
			    "--- a\\n\n+++ c\n"
			    "@@ -1,1 +0,0 @@ x 7/tcp de-assigned\n"
			    "-x\t7\ttcp\ta b\t\t\t\t\t\t\t\t\n"
			    "@@ -0,0 +1,1 @@ 1. <b> # x [1m 7 assigned\n"
			    "+1. <b>\\n# x\\x1b[1m\t7\t\t@@ -1 +1 @@\\n--- |`*_\t\t\t\t\t\t\t\t\n");
	out_done(&out);
	changes_done(&changes);
	registry_free(before);
	registry_free(after);
}

/* Random registries of few words, parts of one another. */
static void test_any(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct registry *a = made_up_registry(seed, 40 + (unsigned)seed);
		struct registry *b = made_up_registry(seed / 2 + 1000, 60);
		struct registry *c = registry_new();

		for (size_t i = 0; i < a->row_count + b->row_count; i += 1 + i % 3) {
			struct row row = i < a->row_count ? registry_row(a, i)
							  : registry_row(b, i - a->row_count);

			assert_int_equal(registry_add_row(c, &row, NULL), 0);
		}
		must_hold(a, b);
		must_hold(a, c);
		must_hold(c, b);
		registry_free(a);
		registry_free(b);
		registry_free(c);
	}
}

static void add_rows(struct registry *registry, const struct row *row, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(registry_add_row(registry, row, NULL), 0);
}

/* Many rows that are the same, or overlap one another, take no longer than others. */
static void test_many(void **state)
{
	struct registry *a = registry_new(), *b = registry_new();
	struct row row = {};
	struct changes changes;

	(void)state;
	row.shown[COLUMN_NAME] = SLICE("x");
	row.shown[COLUMN_PORT] = SLICE("7");
	row.shown[COLUMN_DESCRIPTION] = SLICE("X");
	add_rows(a, &row, 100000);
	add_rows(b, &row, 50000);
	row.shown[COLUMN_DESCRIPTION] = SLICE("Y");
	add_rows(b, &row, 100000);
	row.shown[COLUMN_NAME] = SLICE_NONE;
	row.shown[COLUMN_PORT] = SLICE("0-65535");
	add_rows(a, &row, 100000);
	row.shown[COLUMN_DESCRIPTION] = SLICE("Z");
	row.shown[COLUMN_PORT] = SLICE("1-65535");
	add_rows(b, &row, 100000);
	assert_int_equal(changes_find(a, b, CHANGES_ALL, &changes, NULL), 0);
	must_tell_rows_once(&changes);
	assert_in_range(changes.count, 2, 4);
	changes_done(&changes);
	registry_free(a);
	registry_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),	      cmocka_unit_test(test_names_that_come),
		cmocka_unit_test(test_names_that_go), cmocka_unit_test(test_names_that_change),
		cmocka_unit_test(test_temporary),     cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_columns),	      cmocka_unit_test(test_people),
		cmocka_unit_test(test_header),	      cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_any),	      cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
