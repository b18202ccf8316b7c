/* What the tests of the checks share: findings as one line of text. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_LINTING_H
#define PORTBOOK_TESTS_LINTING_H

#include <stdio.h>

#include "base/strbuf.h"
#include "lint/lint.h"
#include "source/source.h"

/* A record of somebody, who is the one person that is always there. */
#define BY                                                                                         \
	"<assignee><xref type='person' data='A_Person'/></assignee>"                               \
	"<xref type='person' data='A_Person'/>"
#define DATED(date, inside)		 "<record date='" date "'>" BY inside "</record>\n"
#define RECORD(inside)			 DATED("2020-01-02", inside)
#define NAME(name)			 "<name>" name "</name>"
#define OVER(transport)			 "<protocol>" transport "</protocol>"
#define THING				 "<description>A thing</description>"
#define PORT(number)			 "<number>" number "</number>"
#define SERVICE(name, number, transport) RECORD(NAME(name) OVER(transport) THING PORT(number))
#define PORTLESS(name)			 RECORD(NAME(name) OVER("tcp") THING)
/* A row without a service name, of all transports or of one. */
#define STATE(words, number)                                                                       \
	"<record><description>" words "</description>" PORT(number) "</record>\n"
#define STATE_OVER(words, number, transport)                                                       \
	"<record>" OVER(transport) "<description>" words "</description>" PORT(number) "</"        \
										       "record>\n"
#define RESERVED(number, transport) STATE_OVER("Reserved", number, transport)

#define HEAD                                                                                       \
	"<registry xmlns='http://www.iana.org/assignments' id='service-names-port-numbers'>"       \
	"<updated>2024-01-02</updated>\n"
#define PERSON                                                                                     \
	"<person id='A_Person'><name>A Person</name><uri>mailto:a&amp;p.example</uri></person>\n"

/* A finding as "101@0": its number and its row, "p" and its person, or "registry". */
static inline int collect(void *context, const struct lint_finding *finding)
{
	struct strbuf *found = context;

	strbuf_printf(found, "%s%u@", found->n > 0 ? " " : "", finding->check->number);
	if (finding->subject == LINT_HEADER)
		strbuf_printf(found, "registry");
	else
		strbuf_printf(found, "%s%zu", finding->subject == LINT_PERSON ? "p" : "",
			      finding->index);
	assert_true(finding->line > 0 && finding->column > 0);
	assert_true(finding->who.n > 0 && finding->text.n > 0);
	assert_int_equal(slice_find_byte(finding->text, '\n'), (size_t)-1);
	return 0;
}

static inline void expect_document(const char *document, const char *expected)
{
	struct strbuf found CLEANUP(strbuf_done) = {};
	struct registry *registry = NULL;
	struct fault fault = {};

	if (source_read(slice_cstr(document), NULL, &registry, &fault) < 0)
		fail_msg("%lu:%lu: %s", (unsigned long)fault.line, (unsigned long)fault.column,
			 fault.text);
	assert_int_equal(lint(registry, slice_cstr(document), collect, &found, &fault), 0);
	if (!slice_eq(strbuf_slice(&found), slice_cstr(expected)))
		fail_msg("found \"%.*s\", not \"%s\", in\n%s", (int)found.n, strbuf_slice(&found).p,
			 expected, document);
	registry_free(registry);
}

struct expectation {
	const char *document, *expected;
};

/* Records alone, with the person that they name. */
#define RECORDS(records) HEAD records "<people>" PERSON "</people></registry>\n"

static inline void expect_all(const struct expectation *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_document(cases[i].document, cases[i].expected);
}

#define EXPECT_ALL(cases) expect_all((cases), ARRAY_SIZE(cases))

#endif
