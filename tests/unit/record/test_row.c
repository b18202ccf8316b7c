#undef NDEBUG
#include "../testing.h"

#include "record/row.h"

static void test_columns(void **state)
{
	static const char *const keys[] = {
		"name",	      "port",	      "transport",	   "description",
		"assignee",   "contact",      "registration_date", "modification_date",
		"references", "service_code", "unauthorized_use",  "notes",
	};
	static const char *const titles[] = {
		"Service Name", "Port Number",	"Transport Protocol",	     "Description",
		"Assignee",	"Contact",	"Registration Date",	     "Modification Date",
		"Reference",	"Service Code", "Unauthorized Use Reported", "Assignment Notes",
	};

	(void)state;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;

		assert_slice(column_key(column), slice_cstr(keys[i]));
		assert_slice(column_title(column), slice_cstr(titles[i]));
		assert_int_equal(column_reading(column),
				 column == COLUMN_ASSIGNEE || column == COLUMN_CONTACT
					 ? RICH_READ_PEOPLE
				 : column == COLUMN_REFERENCE ? RICH_READ_REFERENCES
							      : RICH_READ_TEXT);
	}
}

static struct row row_of(struct slice name, struct slice port, struct slice transport,
			 struct slice description)
{
	return (struct row){.shown = {[COLUMN_NAME] = name,
				      [COLUMN_PORT] = port,
				      [COLUMN_TRANSPORT] = transport,
				      [COLUMN_DESCRIPTION] = description}};
}

static void test_deriving(void **state)
{
	struct row row = row_of(SLICE("x"), SLICE("6000-6063"), SLICE("TCP"), SLICE_NONE);

	(void)state;
	assert_int_equal(row_derive(&row), 0);
	assert_int_equal(row.first_port, 6000);
	assert_int_equal(row.last_port, 6063);
	assert_int_equal(row.transport, TRANSPORT_TCP);
	assert_int_equal(row.state, ROW_ASSIGNED);
	assert_true(row_has_port(&row, 6000) && row_has_port(&row, 6063));
	assert_false(row_has_port(&row, 5999) || row_has_port(&row, 6064));

	row = row_of(SLICE("x"), SLICE(""), SLICE_NONE, SLICE_NONE);
	assert_int_equal(row_derive(&row), 0);
	assert_int_equal(row.first_port, -1);
	assert_int_equal(row.last_port, -1);
	assert_int_equal(row.transport, TRANSPORT_NONE);
	assert_false(row_has_port(&row, 0));

	row = row_of(SLICE_NONE, SLICE("0"), SLICE_NONE, SLICE_NONE);
	assert_int_equal(row_derive(&row), 0);
	assert_int_equal(row.first_port, 0);
	assert_true(row_has_port(&row, 0));

	row = row_of(SLICE("x"), SLICE("65536"), SLICE("tcp"), SLICE_NONE);
	assert_int_equal(row_derive(&row), COLUMN_PORT);
	row = row_of(SLICE("x"), SLICE("1"), SLICE("ip"), SLICE_NONE);
	assert_int_equal(row_derive(&row), COLUMN_TRANSPORT);
}

static void test_states(void **state)
{
	static const struct {
		struct slice name, description;
		enum row_state state;
	} cases[] = {
		{SLICE("x"), SLICE("Unassigned"), ROW_ASSIGNED},
		{SLICE_NONE, SLICE("Unassigned"), ROW_UNASSIGNED},
		{SLICE(""), SLICE("unassigned"), ROW_UNASSIGNED},
		{SLICE_NONE, SLICE("Unassigned [was netstat]"), ROW_UNASSIGNED},
		{SLICE_NONE, SLICE("Unassigne"), ROW_RESERVED},
		{SLICE_NONE, SLICE("Reserved"), ROW_RESERVED},
		{SLICE_NONE, SLICE("any private file service"), ROW_RESERVED},
		{SLICE_NONE, SLICE_NONE, ROW_RESERVED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct row row =
			row_of(cases[i].name, SLICE("1"), SLICE("tcp"), cases[i].description);

		assert_int_equal(row_derive(&row), 0);
		assert_int_equal(row.state, cases[i].state);
	}
	assert_text(row_state_name(ROW_ASSIGNED), "assigned");
	assert_text(row_state_name(ROW_RESERVED), "reserved");
	assert_text(row_state_name(ROW_UNASSIGNED), "unassigned");
}

static void test_aliases(void **state)
{
	struct row row = {};

	(void)state;
	assert_absent(row_alias_of(&row));
	row.shown[COLUMN_NOTES] = SLICE("See. This entry is an alias to \"http\". More \"x\"");
	assert_text(row_alias_of(&row), "http");
	row.shown[COLUMN_NOTES] = SLICE("This entry is an alias to \"http");
	assert_absent(row_alias_of(&row));
	row.shown[COLUMN_NOTES] = SLICE("This entry is an alias to \"\"");
	assert_text(row_alias_of(&row), "");
	row.shown[COLUMN_NOTES] = SLICE("an alias to \"http\"");
	assert_absent(row_alias_of(&row));
}

static void test_historic(void **state)
{
	struct row row = {};

	(void)state;
	assert_false(row_is_historic(&row));
	row.shown[COLUMN_DESCRIPTION] = SLICE("Old Protocol (HISTORIC)");
	assert_true(row_is_historic(&row));
	row.shown[COLUMN_DESCRIPTION] = SLICE("historic");
	assert_false(row_is_historic(&row));
	row.shown[COLUMN_NOTES] = SLICE("x. This entry is now historic, not usable for y");
	assert_true(row_is_historic(&row));
}

static void assert_rich(const struct row *row, enum column column, struct slice expected)
{
	struct strbuf rich = {};

	row_rich(row, column, &rich);
	assert_slice(strbuf_slice(&rich), expected);
	strbuf_done(&rich);
}

static void test_rich_text(void **state)
{
	struct row row = {.shown = {[COLUMN_NAME] = SLICE("a"),
				    [COLUMN_ASSIGNEE] = SLICE("[A]"),
				    [COLUMN_NOTES] = SLICE("a\nb"),
				    [COLUMN_REFERENCE] = SLICE("[B]")},
			  .rich = {[COLUMN_REFERENCE] = SLICE("given")}};

	(void)state;
	assert_rich(&row, COLUMN_NAME, SLICE("a"));
	assert_rich(&row, COLUMN_PORT, SLICE(""));
	assert_rich(&row, COLUMN_ASSIGNEE,
		    SLICE("\2person\3"
			  "A\3\3\4"));
	assert_rich(&row, COLUMN_NOTES, SLICE("a\1b"));
	assert_rich(&row, COLUMN_REFERENCE, SLICE("given"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),	 cmocka_unit_test(test_deriving),
		cmocka_unit_test(test_states),	 cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_historic), cmocka_unit_test(test_rich_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
