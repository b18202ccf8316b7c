#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "render/dictionary.h"
#include "render/services.h"

static void add(struct registry *registry, struct slice name, struct slice port,
		struct slice transport, struct slice description, struct slice alias_of)
{
	struct strbuf note CLEANUP(strbuf_done) = {};
	struct row row = {};
	struct fault fault;

	if (alias_of.p)
		strbuf_printf(&note, "This entry is an alias to \"%.*s\".", (int)alias_of.n,
			      alias_of.p);
	row.shown[COLUMN_NAME] = name;
	row.shown[COLUMN_PORT] = port;
	row.shown[COLUMN_TRANSPORT] = transport;
	row.shown[COLUMN_DESCRIPTION] = description;
	row.shown[COLUMN_NOTES] = alias_of.p ? strbuf_slice(&note) : SLICE_NONE;
	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
}

#define ADD(name, port, transport, description)                                                    \
	add(registry, SLICE(name), SLICE(port), SLICE(transport), SLICE(description), SLICE_NONE)
#define ADD_ALIAS(name, port, transport, description, of)                                          \
	add(registry, SLICE(name), SLICE(port), SLICE(transport), SLICE(description), SLICE(of))

static void expect(struct out *out, struct slice expected)
{
	assert_int_equal(out_finish(out), 0);
	assert_int_equal(out->n, expected.n);
	assert_memory_equal(out->p, expected.p, expected.n);
	out_done(out);
}

#define HEAD                                                                                       \
	"# Service names and port numbers: see services(5).\n"                                     \
	"# Names without a port and ranges of ports have no place here.\n\n"

static void expect_services(const struct registry *registry, struct slice expected)
{
	struct fault fault;
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(render_services(&out, registry, SLICE_NONE, &fault), 0);
	expect(&out, expected);
}

static void expect_dictionary(const struct registry *registry, struct slice expected)
{
	struct fault fault;
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(render_dictionary(&out, registry, &fault), 0);
	expect(&out, expected);
}

static void test_nothing(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	ADD("", "1", "tcp", "Reserved");
	ADD("portless", "", "tcp", "A");
	ADD("transportless", "5", "", "A");
	expect_services(registry, SLICE(HEAD));
	expect_dictionary(registry, SLICE("port,transport,name,description\n"));
}

static void test_head(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct fault fault;
	struct out out;

	(void)state;
	registry->header.updated = SLICE("2026-02-13");
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(render_services(&out, registry, SLICE("a\nb.xml"), &fault), 0);
	expect(&out, SLICE("# Service names and port numbers: see services(5).\n"
			   "# Edition: 2026-02-13\n"
			   "# Made from: a b.xml\n"
			   "# Names without a port and ranges of ports have no place here.\n\n"));
}

static void test_order_and_width(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	ADD("b", "80", "udp", "");
	ADD("b", "80", "tcp", "B");
	ADD("a", "80", "tcp", "A");
	ADD("range", "81-82", "tcp", "R");
	ADD("a-name-of-sixteen", "65535", "sctp", "Wide");
	ADD("z", "7", "dccp", "");
	ADD("b", "80", "tcp", "the same again");
	expect_services(registry, SLICE(HEAD "z\t\t7/dccp\n"
					     "b\t\t80/tcp\t\t\t\t# B\n"
					     "a\t\t80/tcp\t\t\t\t# A\n"
					     "b\t\t80/udp\n"
					     "a-name-of-sixteen\t65535/sctp\t\t# Wide\n"));
}

static void test_aliases(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	/* The note of an alias names its target; the name may come after it. */
	ADD_ALIAS("old_a", "1", "tcp", "", "new-a");
	ADD("new-a", "1", "tcp", "A");
	ADD_ALIAS("older_a", "1", "tcp", "", "new-a");
	/* Another port, another transport, no such name, an alias's alias, itself: own lines. */
	ADD_ALIAS("old_a", "2", "tcp", "", "new-a");
	ADD_ALIAS("old_a", "1", "udp", "U", "new-a");
	ADD("other", "2", "tcp", "");
	ADD_ALIAS("chain", "1", "tcp", "", "old_a");
	ADD_ALIAS("itself", "2", "tcp", "", "itself");
	expect_services(registry, SLICE(HEAD "new-a\t\t1/tcp\t\told_a older_a\t# A\n"
					     "chain\t\t1/tcp\n"
					     "old_a\t\t1/udp\t\t\t\t# U\n"
					     "other\t\t2/tcp\n"
					     "old_a\t\t2/tcp\n"
					     "itself\t\t2/tcp\n"));
}

static void test_names(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	ADD("whois++", "1", "tcp", "");
	ADD("sql*net", "2", "tcp", "");
	ADD("=914c/g.x_y", "3", "tcp", "");
	ADD("caf\xc3\xa9", "4", "tcp", "");
	ADD("two words", "5", "tcp", "");
	ADD("c#\n", "6", "udp", "");
	expect_services(registry, SLICE(HEAD "whois++\t\t1/tcp\n"
					     "sql*net\t\t2/tcp\n"
					     "=914c/g.x_y\t3/tcp\n"
					     "caf\xc3\xa9\t\t4/tcp\n"
					     "# Left out, for it has a blank or a # in it: "
					     "\"two words\" 5/tcp\n"
					     "# Left out, for it has a blank or a # in it: "
					     "\"c#\" 6/udp\n"));
}

static void test_descriptions(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	ADD("a", "1", "tcp", "=1 \"x\" # <b>\n\n\tc\xc2\x9b\xe2\x80\xa8z\x7f ");
	ADD("b", "2", "tcp", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d");
	ADD("c", "3", "tcp",
	    "Twenty characters, x Twenty characters, x Twenty characters, x Twenty characters, x "
	    "end");
	ADD("d", "4", "tcp",
	    "Blanks  Twenty--characters,-x-Twenty-characters,-x-Twenty-"
	    "characters,-x-Twenty-characters, x y  z");
	expect_services(
		registry,
		SLICE(HEAD "a\t\t1/tcp\t\t\t\t# =1 \"x\" # <b>   c  z\n"
			   "b\t\t2/tcp\t\t\t\t# \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\n"
			   "c\t\t3/tcp\t\t\t\t# Twenty characters, x Twenty characters, x Twenty "
			   "characters, x Twenty characters, x end\n"
			   "d\t\t4/tcp\t\t\t\t# Blanks  Twenty--characters,-x-Twenty-characters,-x-"
			   "Twenty-characters,-x-Twenty-characters, x y  z\n"));
}

/* No line is longer than musl reads at once, where there is a blank to end it at. */
static void test_long_lines(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct strbuf text CLEANUP(strbuf_done) = {}, expected CLEANUP(strbuf_done) = {};

	(void)state;
	/* A word that no line has room for, then short ones. */
	for (unsigned i = 0; i < 30; i++)
		strbuf_add(&text, SLICE("wxyz"));
	for (unsigned i = 0; i < 30; i++)
		strbuf_add(&text, SLICE(" five"));
	add(registry, SLICE("a"), SLICE("1"), SLICE("tcp"), strbuf_slice(&text), SLICE_NONE);
	strbuf_add(&expected, SLICE(HEAD "a\t\t1/tcp\t\t\t\t# "));
	strbuf_add(&expected, (struct slice){text.p, 120});
	for (unsigned i = 0; i < 30; i++)
		strbuf_add(&expected, i % 23 == 0 ? SLICE("\n\t\t\t\t\t\t# five") : SLICE(" five"));
	strbuf_add(&expected, SLICE("\n"));
	expect_services(registry, strbuf_slice(&expected));
}

static void test_dictionary(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();

	(void)state;
	ADD_ALIAS("old", "80", "tcp", "Old", "new");
	ADD("new", "80", "tcp", "=New, \"it\"\nis");
	ADD("newer", "80", "tcp", "");
	ADD("range", "79-81", "udp", "R");
	ADD("one", "80", "udp", "");
	ADD("lonely", "5", "tcp", "\xd7\xa9");
	ADD_ALIAS("old", "65535", "dccp", "", "new");
	expect_dictionary(registry, SLICE("port,transport,name,description\n"
					  "5,tcp,lonely,\xd7\xa9\n"
					  "79,udp,range,R\n"
					  "80,tcp,new,\"=New, \"\"it\"\"\nis\"\n"
					  "80,udp,range,R\n"
					  "81,udp,range,R\n"
					  "65535,dccp,old,\n"));
}

static void test_dictionary_limit(void **state)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct fault fault;
	struct out out;

	(void)state;
	for (unsigned i = 0; i < 257; i++)
		ADD("wide", "0-65535", "tcp", "");
	assert_int_equal(out_init_memory(&out), 0);
	assert_int_equal(render_dictionary(&out, registry, &fault), FAULT_LIMIT);
	assert_string_equal(fault.text,
			    "the rows cover more than the limit of 16777216 ports in all");
	assert_int_equal(out.n, 0);
	out_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_order_and_width),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_descriptions),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_dictionary),
		cmocka_unit_test(test_dictionary_limit),
	};

	return cmocka_run_group_tests_name("services", tests, NULL, NULL);
}
