/*
 * Applications to a small registry: each procedure's rows, what stands in its way, and that any
 * sequence of them leaves a registry that is in order.
 */
#undef NDEBUG
#include <assert.h>

#include "../testing.h"
#include "applying.h"
#include "lint/lint.h"
#include "render/xml.h"
#include "source/source.h"

/* Rows of the public registry's kind. */
static const char document[] =
	"<?xml version='1.0' encoding='UTF-8'?>\n"
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"service-names-port-numbers\">\n"
	"  <title>Ports</title>\n"
	"  <updated>2026-01-02</updated>\n"
	"  <record>\n"
	"    <description>Unassigned</description>\n"
	"    <number>1989</number>\n"
	"    <unauthorized>Unauthorized Use Known on port 1989</unauthorized>\n"
	"  </record>\n"
	"  <record>\n"
	"    <description>Unassigned</description>\n"
	"    <number>1990-1999</number>\n"
	"  </record>\n"
	"  <record date=\"2001-02-03\">\n"
	"    <name>alpha</name>\n"
	"    <protocol>tcp</protocol>\n"
	"    <assignee>\n"
	"      <xref type=\"person\" data=\"Ann_Author\"/>\n"
	"    </assignee>\n"
	"    <description>The first</description>\n"
	"    <number>2000</number>\n"
	"    <xref type=\"person\" data=\"Ann_Author\"/>\n"
	"  </record>\n"
	"  <record>\n"
	"    <protocol>udp</protocol>\n"
	"    <description>Reserved</description>\n"
	"    <number>2000</number>\n"
	"  </record>\n"
	"  <record>\n"
	"    <description>Unassigned</description>\n"
	"    <number>2001-2009</number>\n"
	"  </record>\n"
	"  <record>\n"
	"\t<description>Reserved</description>\n"
	"    <number>2010</number>\n"
	"  </record>\n"
	"  <record date=\"2003-04-05\">\n"
	"    <name>beta</name>\n"
	"    <protocol>dccp</protocol>\n"
	"    <description>With DCCP</description>\n"
	"    <number>2011</number>\n"
	"    <xref type=\"person\" data=\"Bob_Builder\"/>\n"
	"  </record>\n"
	"  <record date=\"2002-03-04\">\n"
	"    <name>named</name>\n"
	"    <protocol>tcp</protocol>\n"
	"    <description>Without a port</description>\n"
	"    <note>Defined TXT keys: None</note>\n"
	"    <xref type=\"person\" data=\"Bob_Builder\"/>\n"
	"  </record>\n"
	"  <people>\n"
	"    <person id=\"Ann_Author\">\n"
	"      <name>Ann Author</name>\n"
	"      <uri>mailto:ann&amp;example.org</uri>\n"
	"    </person>\n"
	"    <person id=\"Bob_Builder\">\n"
	"      <name>Bob Builder</name>\n"
	"      <uri>mailto:bob&amp;example.org</uri>\n"
	"    </person>\n"
	"  </people>\n"
	"</registry>\n";

static struct registry *read_registry(struct slice text)
{
	struct source_options options = {.keep_layout = true};
	struct registry *registry = NULL;
	struct fault fault = {};

	if (source_read(text, &options, &registry, &fault) < 0)
		fail_msg("%s", fault.text);
	return registry;
}

static int apply_by(const char *policy_name, const struct registry *before, const char *text,
		    struct registry **ret_after, struct assign_result *result, struct fault *fault)
{
	struct policy *policy = applying_policy(policy_name);
	struct application application = applying(slice_cstr(text));
	struct assign_options options = {.day = SLICE("2026-11-22")};
	int done = assign_apply(before, &application, policy, &options, ret_after, result, fault);

	application_done(&application);
	policy_free(policy);
	return done;
}

/* The rows, a line each, from a port or name on: "name port transport description ...". */
static void show(const struct registry *registry, struct strbuf *text)
{
	static const enum column columns[] = {
		COLUMN_NAME,	  COLUMN_PORT,	       COLUMN_TRANSPORT,    COLUMN_DESCRIPTION,
		COLUMN_ASSIGNEE,  COLUMN_CONTACT,      COLUMN_REGISTERED,   COLUMN_MODIFIED,
		COLUMN_REFERENCE, COLUMN_SERVICE_CODE, COLUMN_UNAUTHORIZED, COLUMN_NOTES};

	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		for (size_t k = 0; k < ARRAY_SIZE(columns); k++) {
			strbuf_add(text, row.shown[columns[k]]);
			strbuf_add_byte(text, k + 1 < ARRAY_SIZE(columns) ? '|' : '\n');
		}
	}
	for (size_t i = 0; i < registry->person_count; i++) {
		const struct person *person = &registry->people[i];

		strbuf_add(text, person->id);
		strbuf_add_byte(text, '|');
		strbuf_add(text, person->uri);
		strbuf_add_byte(text, '|');
		strbuf_add(text, person->updated);
		if (person->name.n > 0 && person->organization.n > 0)
			strbuf_printf(text, "|%.*s", (int)person->organization.n,
				      person->organization.p);
		strbuf_add_byte(text, '\n');
	}
}

/* The whole registry with each wanted line in it, in this order. */
static void assert_lines(const struct registry *registry, const char *lines)
{
	struct strbuf text = {};
	struct slice all, wanted = slice_cstr(lines), rest;

	strbuf_add_byte(&text, '\n');
	show(registry, &text);
	all = rest = strbuf_slice(&text);
	while (wanted.n > 0) {
		struct slice line = slice_cut(&wanted, '\n');
		struct strbuf whole = {};
		size_t at;

		strbuf_printf(&whole, "\n%.*s\n", (int)line.n, line.p);
		at = slice_find(rest, strbuf_slice(&whole));
		if (at == (size_t)-1)
			fail_msg("no line %.*s in%.*s", (int)line.n, line.p, (int)all.n, all.p);
		rest = slice_skip(rest, at + whole.n - 1);
		strbuf_done(&whole);
	}
	strbuf_done(&text);
}

/* What findings of an edition say that is not to be. */
static int complain(void *context, const struct lint_finding *finding)
{
	size_t *errors = context;

	if (finding->check->severity == LINT_ERROR) {
		print_message("%.*s: %.*s\n", (int)finding->who.n, finding->who.p,
			      (int)finding->text.n, finding->text.p);
		(*errors)++;
	}
	return 0;
}

static size_t errors_of(const struct registry *registry)
{
	size_t errors = 0;

	assert_int_equal(lint(registry, SLICE_NONE, complain, &errors, NULL), 0);
	return errors;
}

/* Ascending ports without overlaps of Unassigned rows, names behind them, nobody unknown. */
static void assert_in_order(const struct registry *registry)
{
	int32_t first = -1, last = -1, unassigned = -1;
	bool names = false;

	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (row.first_port < 0) {
			names = true;
			continue;
		}
		assert_false(names);
		assert_true(row.first_port >= first);
		assert_true(row.first_port > unassigned);
		assert_true(row.state != ROW_UNASSIGNED || row.first_port > last);
		first = row.first_port;
		last = row.last_port > last ? row.last_port : last;
		unassigned = row.state == ROW_UNASSIGNED ? row.last_port : unassigned;
	}
	assert_int_equal(errors_of(registry), 0);
}

static const struct {
	const char *policy, *application, *lines;
} done[] = {
	/* The start, the end, the middle of a range, for one transport and for both. */
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2001'\ntransports: tcp\ndescription: New\n"
	 "reference: RFC9000\nassignee_name: Ann Author\nassignee_email: ann@example.org\n",
	 "new|2001|tcp|New|[Ann_Author]|[Ann_Author]|2026-11-22||[RFC9000]|||\n"
	 "|2001|udp|Reserved||||||||\n|2002-2009||Unassigned||||||||"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2009'\ntransports: udp\ndescription: New\n"
	 "contact_name: Cy Coder\ncontact_email: cy@example.org\n",
	 "|2001-2008||Unassigned||||||||\n|2009|tcp|Reserved||||||||\n"
	 "new|2009|udp|New|[Cy_Coder]|[Cy_Coder]|2026-11-22|||||\n"
	 "Cy_Coder|mailto:cy&example.org|2026-11-22"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2005'\ntransports: tcp udp\ndescription: New\n"
	 "assignee_organization: 3 Bits\nassignee_email: a@example.org\n"
	 "contact_name: Ann Author\ncontact_email: other@example.org\n",
	 "|2001-2004||Unassigned||||||||\n"
	 "new|2005|tcp|New|[_3_Bits]|[Ann_Author_2]|2026-11-22|||||\n"
	 "new|2005|udp|New|[_3_Bits]|[Ann_Author_2]|2026-11-22|||||\n"
	 "|2006-2009||Unassigned||||||||\n_3_Bits|mailto:a&example.org|2026-11-22"},
	/* The assignee's own name as contact, of another organization, is another person. */
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2009'\ntransports: tcp\ndescription: New\n"
	 "assignee_name: Dee Dot\nassignee_email: d@example.org\ncontact_name: Dee Dot\n"
	 "contact_email: d@example.org\ncontact_organization: Bits\n",
	 "new|2009|tcp|New|[Dee_Dot]|[Dee_Dot_2]|2026-11-22|||||\n"
	 "Dee_Dot|mailto:d&example.org|2026-11-22\n"
	 "Dee_Dot_2|mailto:d&example.org|2026-11-22|Bits"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2005'\ntransports: sctp\ndescription: New\n"
	 "assignee_name: Ann Author\nassignee_email: ann@example.org\n",
	 "|2005|tcp|Reserved||||||||\n|2005|udp|Reserved||||||||\n"
	 "new|2005|sctp|New|[Ann_Author]|[Ann_Author]|2026-11-22|||||"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: 2005-2006\ntransports: tcp udp\ndescription: New\n",
	 "|2001-2004||Unassigned||||||||\nnew|2005-2006|tcp|New|||2026-11-22|||||\n"
	 "new|2005-2006|udp|New|||2026-11-22|||||\n|2007-2009||Unassigned||||||||"},
	/* The other transport of a port for another service. */
	{"rfc6335",
	 "procedure: port\nname: new\nports: '2000'\ntransports: udp\ndescription: New\n",
	 "alpha|2000|tcp|The first|[Ann_Author]|[Ann_Author]|2001-02-03|||||\n"
	 "new|2000|udp|New|||2026-11-22|||||\n|2001-2009||Unassigned||||||||"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: any 2000-2020\ntransports: tcp\n"
	 "description: New\n",
	 "new|2001|tcp|New|||2026-11-22|||||"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: any 2000\ntransports: udp\ndescription: N\n",
	 "new|2000|udp|N|||2026-11-22|||||"},
	/* Not one that others use all the same, unless there is no other. */
	{"rfc6335",
	 "procedure: port\nname: new\nports: any 1989-1999\ntransports: tcp\n"
	 "description: New\n",
	 "new|1990|tcp|New|||2026-11-22|||||"},
	{"rfc6335",
	 "procedure: port\nname: new\nports: any 1989\ntransports: tcp\n"
	 "description: New\n",
	 "new|1989|tcp|New|||2026-11-22|||||"},
	{"organisation",
	 "procedure: port\nname: new\nports: '20005'\ntransports: tcp\n"
	 "description: New\nexpires: 2027-01-02\n",
	 "new|20005|tcp|New (TEMPORARY - registered 2026-11-22, expires 2027-01-02)"
	 "|||2026-11-22|||||"},
	/* Names. */
	{"rfc6335", "procedure: name\nname: middle\ntransports: udp tcp\ndescription: M\n",
	 "middle||tcp|M|||2026-11-22|||||Defined TXT keys: None\n"
	 "middle||udp|M|||2026-11-22|||||Defined TXT keys: None\n"
	 "named||tcp|Without a port|[Bob_Builder]|[Bob_Builder]|2002-03-04|||||"
	 "Defined TXT keys: None"},
	{"rfc6335",
	 "procedure: name\nname: zeta\ntransports: tcp\ndescription: Z\ntxt_keys: a, b\n"
	 "notes: See [Ann_Author] and [No_Body]\n",
	 "zeta||tcp|Z|||2026-11-22|||||Defined TXT keys: a, b"},
	{"organisation", "procedure: name\nname: zeta\ntransports: tcp\ndescription: Z\n",
	 "zeta||tcp|Z|||2026-11-22|||||"},
	/* Further transports. */
	{"rfc6335", "procedure: transport\nsubject: alpha\ntransports: udp sctp\nreference: RFC1\n",
	 "alpha|2000|tcp|The first|[Ann_Author]|[Ann_Author]|2001-02-03|||||\n"
	 "alpha|2000|udp|The first|[Ann_Author]|[Ann_Author]|2026-11-22||[RFC1]|||\n"
	 "alpha|2000|sctp|The first|[Ann_Author]|[Ann_Author]|2026-11-22||[RFC1]|||"},
	{"rfc6335", "procedure: transport\nsubject: named\ntransports: udp\n",
	 "named||tcp|Without a port|[Bob_Builder]|[Bob_Builder]|2002-03-04|||||"
	 "Defined TXT keys: None\n"
	 "named||udp|Without a port|[Bob_Builder]|[Bob_Builder]|2026-11-22|||||"
	 "Defined TXT keys: None"},
	/* Service codes. */
	{"rfc6335", "procedure: service-code\nsubject: beta\nservice_code: '\"BETA\"'\n",
	 "beta|2011|dccp|With "
	 "DCCP|[Bob_Builder]|[Bob_Builder]|2003-04-05|2026-11-22||1111839809||"},
	{"rfc6335", "procedure: service-code\nname: code\nservice_code: '7'\ndescription: C\n",
	 "code||dccp|C|||2026-11-22|||7||"},
	/* For a time. */
	{"rfc6335",
	 "procedure: early\nname: new\nports: '2005'\ntransports: tcp\ndescription: New\n",
	 "new|2005|tcp|New (TEMPORARY - registered 2026-11-22, expires 2027-11-22)"
	 "|||2026-11-22|||||\n|2005|udp|Reserved||||||||"},
	/* Changes. */
	{"rfc6335",
	 "procedure: modification\nsubject: alpha 2000/tcp\nname: omega\n"
	 "description: The last\nreference: draft-a-b-00, Section 4.1\n"
	 "unauthorized: Known\n",
	 "omega|2000|tcp|The last|[Ann_Author]|[Ann_Author]|2001-02-03|2026-11-22|"
	 "[draft-a-b-00, Section 4.1]||Known|"},
	{"rfc6335", "procedure: modification\nsubject: named\nname: aaa\n",
	 "beta|2011|dccp|With DCCP|[Bob_Builder]|[Bob_Builder]|2003-04-05|||||\n"
	 "aaa||tcp|Without a port|[Bob_Builder]|[Bob_Builder]|2002-03-04|2026-11-22||||"
	 "Defined TXT keys: None"},
	{"rfc6335",
	 "procedure: modification\nsubject: alpha\ncontact_name: Ann Author\n"
	 "contact_email: new@example.org\n",
	 "alpha|2000|tcp|The first|[Ann_Author]|[Ann_Author]|2001-02-03|||||\n"
	 "Ann_Author|mailto:new&example.org|2026-11-22"},
	{"rfc6335",
	 "procedure: modification\nsubject: alpha\nassignee_name: Bob Builder\n"
	 "assignee_email: bob@example.org\ncontact_name: Bob Builder\n",
	 "alpha|2000|tcp|The first|[Bob_Builder]|[Bob_Builder]|2001-02-03|2026-11-22||||\n"
	 "named||tcp|Without a port|[Bob_Builder]|[Bob_Builder]|2002-03-04|||||"
	 "Defined TXT keys: None\nBob_Builder|mailto:bob&example.org|"},
	/* Releases. */
	{"rfc6335", "procedure: de-assignment\nsubject: alpha\n",
	 "|2000|tcp|Reserved||||2026-11-22||||De-assigned on 2026-11-22, previously alpha by "
	 "[Ann_Author]\n|2000|udp|Reserved||||||||\n"
	 "alpha||tcp|The first|[Ann_Author]|[Ann_Author]|2001-02-03|2026-11-22||||"
	 "Defined TXT keys: None\nAnn_Author|mailto:ann&example.org|"},
	{"rfc6335", "procedure: revocation\nsubject: 2011/dccp\nreason: why\n",
	 "|2011|dccp|Reserved||||2026-11-22||||De-assigned on 2026-11-22, previously beta by "
	 "[Bob_Builder]\nbeta||dccp|With DCCP|[Bob_Builder]|[Bob_Builder]|2003-04-05|2026-11-22"
	 "||||Defined TXT keys: None"},
	{"rfc6335", "procedure: de-assignment\nsubject: named\n",
	 "beta|2011|dccp|With DCCP|[Bob_Builder]|[Bob_Builder]|2003-04-05|||||\n"
	 "Ann_Author|mailto:ann&example.org|"},
	{"organisation", "procedure: de-assignment\nsubject: beta\n",
	 "|2010||Reserved||||||||\n|2011||Unassigned||||||||\n"
	 "named||tcp|Without a port|[Bob_Builder]|[Bob_Builder]|2002-03-04|||||"
	 "Defined TXT keys: None"},
	{"rfc6335",
	 "procedure: reuse\nsubject: alpha\nname: gamma\ntransports: udp\n"
	 "description: Third\nassignee_name: Cy\nassignee_email: cy@example.org\n",
	 "|2000|tcp|Reserved||||2026-11-22||||De-assigned on 2026-11-22, previously alpha by "
	 "[Ann_Author]\ngamma|2000|udp|Third|[Cy]|[Cy]|2026-11-22|||||"},
	{"organisation",
	 "procedure: reuse\nsubject: alpha\nname: gamma\ntransports: tcp\n"
	 "description: Third\nassignee_name: Cy\nassignee_email: cy@example.org\n",
	 "gamma|2000|tcp|Third|[Cy]|[Cy]|2026-11-22|||||\n|2000|udp|Reserved||||||||\n"
	 "Bob_Builder|mailto:bob&example.org|\nCy|mailto:cy&example.org|2026-11-22"},
};

static void test_done(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(done); i++) {
		struct registry *before = read_registry(slice_cstr(document)), *after = NULL;
		struct assign_result result = {};
		struct fault fault = {};

		if (apply_by(done[i].policy, before, done[i].application, &after, &result, &fault))
			fail_msg("%s: %s", done[i].application, fault.text);
		assert_lines(after, done[i].lines);
		assert_text(after->header.updated, "2026-11-22");
		assert_in_order(after);
		registry_free(after);
		registry_free(before);
	}
}

static const struct {
	const char *application, *fault;
} conflicts[] = {
	{"procedure: port\nname: Alpha\nports: '2005'\ntransports: tcp\n",
	 "the name is assigned already: alpha 2000/tcp"},
	{"procedure: port\nname: new\nports: '2000'\ntransports: tcp\n",
	 "the port is assigned already: alpha 2000/tcp"},
	{"procedure: port\nname: new\nports: '2010'\ntransports: tcp\n",
	 "the port is reserved: 2010"},
	{"procedure: port\nname: new\nports: 2009-2010\ntransports: tcp\n",
	 "the port is reserved: 2010"},
	{"procedure: port\nname: new\nports: '1024'\ntransports: tcp\n", "port 1024"},
	{"procedure: port\nname: new\nports: '50000'\ntransports: tcp\n", "port 50000"},
	{"procedure: port\nname: new\nports: any 2010\ntransports: tcp\n", "no port"},
	{"procedure: name\nname: NAMED\ntransports: tcp\n", "the name is assigned already: named"},
	{"procedure: transport\nsubject: alpha\ntransports: tcp\n",
	 "the transport is assigned already: alpha 2000/tcp"},
	{"procedure: transport\nsubject: nobody\ntransports: tcp\n", "nobody is not assigned"},
	{"procedure: renewal\nsubject: alpha\n", "it is not assigned for a time: alpha"},
	{"procedure: modification\nsubject: alpha\ndescription: The first\n",
	 "it is like that already: alpha 2000/tcp"},
	{"procedure: modification\nsubject: alpha\nname: beta\n", "the name is assigned already"},
	{"procedure: modification\nsubject: alpha 2001\nname: new\n",
	 "that is not what is assigned: 2001-2009 (Unassigned)"},
	{"procedure: de-assignment\nsubject: '2010'\n",
	 "that is not what is assigned: 2010 (Reserved)"},
	{"procedure: revocation\nsubject: gone\n", "gone is not assigned"},
	{"procedure: reuse\nsubject: alpha\nname: named\ntransports: tcp\n",
	 "the name is assigned already: named"},
	{"procedure: reuse\nsubject: named\nname: new\ntransports: tcp\n", "named is not assigned"},
	{"procedure: service-code\nsubject: alpha\nservice_code: '7'\n", "alpha is not assigned"},
	{"procedure: transfer\nsubject: alpha\n", "changes no rows"},
	{"procedure: appeal\nsubject: '1'\n", "changes no rows"},
};

static void test_conflicts(void **state)
{
	struct registry *before = read_registry(slice_cstr(document)), *after = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(conflicts); i++) {
		struct assign_result result = {};
		struct fault fault = {};

		assert_int_equal(apply_by("rfc6335", before, conflicts[i].application, &after,
					  &result, &fault),
				 1);
		assert_told(fault);
		assert_null(after);
		if (!strstr(fault.text, conflicts[i].fault))
			fail_msg("%s: %s", conflicts[i].application, fault.text);
	}
	registry_free(before);
}

static struct registry *apply_next(struct registry *before, const char *text)
{
	struct registry *after = NULL;
	struct assign_result result = {};
	struct fault fault = {};

	if (apply_by("rfc6335", before, text, &after, &result, &fault) != 0)
		fail_msg("%s: %s", text, fault.text);
	registry_free(before);
	return after;
}

/* RFC 7120: for a year, for another one, for good. */
static void test_early(void **state)
{
	struct registry *registry = read_registry(slice_cstr(document));

	(void)state;
	registry = apply_next(registry, "procedure: early\nname: soon\nports: '2003'\n"
					"transports: tcp\ndescription: S\n");
	registry = apply_next(registry, "procedure: renewal\nsubject: soon\n");
	assert_lines(registry,
		     "soon|2003|tcp|S (TEMPORARY - registered 2026-11-22, extension registered "
		     "2026-11-22, expires 2028-11-22)|||2026-11-22|2026-11-22||||");
	registry = apply_next(registry, "procedure: modification\nsubject: soon\ndescription: S\n");
	assert_lines(registry, "soon|2003|tcp|S|||2026-11-22|2026-11-22||||");
	registry_free(registry);
}

/* RFC 6335, section 8.2: should not, but may; what is Reserved without a word may not. */
static void test_released(void **state)
{
	static const char *const refused[] = {
		"procedure: port\nname: new\nports: 2000-2001\ntransports: tcp\n",
		"procedure: port\nname: new\nports: '2010'\ntransports: tcp\n",
	};
	struct registry *registry = read_registry(slice_cstr(document)), *after = NULL;
	struct assign_result result;
	struct fault fault = {};

	(void)state;
	registry = apply_next(registry, "procedure: de-assignment\nsubject: alpha\n");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		assert_int_equal(apply_by("rfc6335", registry, refused[i], &after, &result, &fault),
				 1);
		assert_non_null(strstr(fault.text, "reserved"));
	}
	registry = apply_next(registry, "procedure: port\nname: new\nports: '2000'\n"
					"transports: tcp udp\ndescription: N\n");
	assert_lines(registry,
		     "new|2000|tcp|N|||2026-11-22|||||\nnew|2000|udp|N|||2026-11-22|||||");
	registry_free(registry);
}

/* Whose the name is may have a port, or another one, for it; nobody else. */
static void test_name_gets_port(void **state)
{
	static const char *const refused[] = {
		"procedure: port\nname: NAMED\nports: '2003'\ntransports: tcp\n",
		"procedure: port\nname: named\nports: '2003'\ntransports: tcp\n"
		"assignee_name: Ann Author\nassignee_email: ann@example.org\n",
		"procedure: name\nname: named\ntransports: udp\n"
		"assignee_name: Bob Builder\nassignee_email: bob@example.org\n",
	};
	struct registry *registry = read_registry(slice_cstr(document)), *after = NULL;
	struct assign_result result;
	struct fault fault = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		assert_int_equal(apply_by("rfc6335", registry, refused[i], &after, &result, &fault),
				 1);
		assert_non_null(strstr(fault.text, "the name is assigned already"));
	}
	registry = apply_next(registry, "procedure: port\nname: named\nports: '2003'\n"
					"transports: tcp\ndescription: N\n"
					"assignee_name: Robert Builder\n"
					"assignee_email: bob@example.org\n");
	assert_lines(registry,
		     "named|2003|tcp|N|[Robert_Builder]|[Robert_Builder]|2026-11-22|||||");
	registry_free(registry);
}

/* A code is of one service, and of DCCP alone, whichever way it is asked for. */
static void test_codes(void **state)
{
	static const char *const refused[] = {
		"procedure: port\nname: new\nports: '2004'\ntransports: dccp\nservice_code: 77\n",
		"procedure: name\nname: new\ntransports: dccp\nservice_code: 77\n",
		"procedure: transport\nsubject: alpha\ntransports: dccp\nservice_code: 77\n",
		"procedure: reuse\nsubject: alpha\nname: b\ntransports: dccp\nservice_code: 77\n",
		"procedure: modification\nsubject: other 2005\nservice_code: 77\n",
	};
	struct registry *registry = read_registry(slice_cstr(document)), *after = NULL;
	struct assign_result result;
	struct fault fault = {};

	(void)state;
	registry = apply_next(registry, "procedure: port\nname: coded\nports: '2003'\n"
					"transports: tcp dccp\nservice_code: 77\ndescription: C\n");
	registry = apply_next(registry, "procedure: port\nname: other\nports: '2005'\n"
					"transports: dccp\nservice_code: 79\ndescription: O\n");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		if (apply_by("rfc6335", registry, refused[i], &after, &result, &fault) != 1)
			fail_msg("%s", refused[i]);
		assert_non_null(strstr(fault.text, "the service code is assigned already"));
	}
	registry =
		apply_next(registry, "procedure: modification\nsubject: coded\nservice_code: 78\n");
	assert_lines(registry, "coded|2003|tcp|C|||2026-11-22|||||");
	assert_lines(registry, "coded|2003|dccp|C|||2026-11-22|2026-11-22||78||");
	registry_free(registry);
}

/* A name that has two ports gives both back, and is kept once for a transport. */
static void test_release_both(void **state)
{
	struct registry *registry = read_registry(slice_cstr(document));

	(void)state;
	registry = apply_next(registry, "procedure: port\nname: two\nports: '2003'\n"
					"transports: tcp\ndescription: One\n");
	registry = apply_next(registry, "procedure: modification\nsubject: alpha\nname: two-b\n");
	registry = apply_next(registry, "procedure: de-assignment\nsubject: two-b\n");
	registry = apply_next(registry, "procedure: de-assignment\nsubject: two 2003/tcp\n");
	assert_lines(registry, "|2003|tcp|Reserved||||2026-11-22||||De-assigned on 2026-11-22, "
			       "previously two\ntwo||tcp|One|||2026-11-22|2026-11-22||||Defined "
			       "TXT keys: None\ntwo-b||tcp|The first|[Ann_Author]|[Ann_Author]|"
			       "2001-02-03|2026-11-22||||Defined TXT keys: None");
	registry_free(registry);
}

static struct strbuf rendered(const struct registry *registry)
{
	struct strbuf text = {};
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_xml(&out, registry);
	assert_int_equal(out_finish(&out), 0);
	strbuf_add(&text, out_slice(&out));
	out_done(&out);
	return text;
}

/* What did not change is written as it was, byte for byte. */
static void test_layout(void **state)
{
	struct registry *before = read_registry(slice_cstr(document)), *after;
	struct strbuf text;
	struct slice odd = SLICE("\n  <record>\n\t<description>Reserved</description>\n");

	(void)state;
	after = apply_next(before, "procedure: port\nname: new\nports: '2005'\ntransports: tcp\n"
				   "description: New\ncontact_name: Cy\n");
	text = rendered(after);
	assert_true(slice_find(strbuf_slice(&text), odd) != (size_t)-1);
	assert_true(slice_find(strbuf_slice(&text), SLICE("\n  <updated>2026-11-22</updated>\n")) !=
		    (size_t)-1);
	before = read_registry(strbuf_slice(&text));
	assert_int_equal(before->row_count, after->row_count);
	registry_free(before);
	registry_free(after);
	strbuf_done(&text);
}

/* An organisation's registry from nothing: made, written, read, and assigned from. */
static void test_begin(void **state)
{
	struct policy *policy = applying_policy("organisation");
	struct registry *first = NULL, *read;
	struct strbuf text;
	struct fault fault = {};
	struct assign_result result = {};

	(void)state;
	assert_int_equal(
		assign_begin_registry(policy, SLICE_NONE, SLICE("2026-11-22"), &first, &fault), 0);
	assert_lines(first, "|20000-28999||Unassigned||||||||");
	assert_true(slice_eq(first->header.title, policy->registry_title));
	text = rendered(first);
	registry_free(first);
	read = read_registry(strbuf_slice(&text));
	strbuf_done(&text);
	assert_int_equal(apply_by("organisation", read,
				  "procedure: port\nname: ours\nports: any\ntransports: tcp\n"
				  "description: Ours\nassignee_name: Ann\n"
				  "assignee_email: a@example.org\n",
				  &first, &result, &fault),
			 0);
	assert_int_equal(result.first_port, 20000);
	assert_text(result.assignee, "Ann");
	assert_lines(first,
		     "ours|20000|tcp|Ours|[Ann]|[Ann]|2026-11-22|||||\n"
		     "|20001-28999||Unassigned||||||||\nAnn|mailto:a&example.org|2026-11-22");
	assert_in_order(first);
	text = rendered(first);
	registry_free(read);
	read = read_registry(strbuf_slice(&text));
	assert_int_equal(read->person_count, 1);
	registry_free(read);
	registry_free(first);
	strbuf_done(&text);
	policy_free(policy);
}

/* One of many applications, most of which can be granted. */
static void any_application(struct random *random, struct strbuf *text)
{
	static const char *const transports[] = {"tcp", "udp", "tcp udp", "sctp", "tcp sctp"};
	static const char *const procedures[] = {"port",	 "name",	  "transport",
						 "modification", "de-assignment", "reuse",
						 "early",	 "renewal",	  "revocation"};
	const char *procedure = procedures[random_below(random, ARRAY_SIZE(procedures))];
	unsigned a = random_below(random, 12), b = random_below(random, 12);
	const char *transport = transports[random_below(random, ARRAY_SIZE(transports))];
	bool assigns = !strcmp(procedure, "port") || !strcmp(procedure, "early");

	strbuf_printf(text, "procedure: %s\n", procedure);
	if (!assigns && strcmp(procedure, "name") != 0)
		strbuf_printf(text, "subject: name-%u\n", a);
	if (assigns && random_below(random, 2))
		strbuf_printf(text, "ports: '%u'\n", 20000 + random_below(random, 12));
	if (assigns || !strcmp(procedure, "name") || !strcmp(procedure, "reuse") ||
	    !strcmp(procedure, "modification"))
		strbuf_printf(text,
			      "name: name-%u\ndescription: D %u\nassignee_name: P %u\n"
			      "assignee_email: p%u@example.org\n",
			      b, b, b % 5, a % 3);
	if (assigns || !strcmp(procedure, "name") || !strcmp(procedure, "reuse") ||
	    !strcmp(procedure, "transport"))
		strbuf_printf(text, "transports: %s\n", transport);
}

static void run_sequence(const char *policy_name, uint64_t seed)
{
	struct policy *policy = applying_policy(policy_name);
	struct random random = {seed * 2 + 1};
	struct registry *registry = NULL, *after;
	struct fault fault = {};
	unsigned granted = 0;

	assert_int_equal(
		assign_begin_registry(policy, SLICE("T"), SLICE("2026-01-01"), &registry, &fault),
		0);
	policy_free(policy);
	for (unsigned i = 0; i < 60; i++) {
		struct strbuf text = {};
		struct assign_result result = {};
		int outcome;

		any_application(&random, &text);
		strbuf_add_byte(&text, '\0');
		outcome = apply_by(policy_name, registry, text.p, &after, &result, &fault);
		strbuf_done(&text);
		assert_true(outcome >= 0);
		if (outcome > 0) {
			assert_told(fault);
			continue;
		}
		granted++;
		registry_free(registry);
		registry = after;
		assert_in_order(registry);
	}
	assert_true(granted > 5);
	registry_free(registry);
}

static void test_sequences(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		run_sequence("rfc6335", seed);
		run_sequence("organisation", seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done),	       cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_early),	       cmocka_unit_test(test_release_both),
		cmocka_unit_test(test_early),	       cmocka_unit_test(test_released),
		cmocka_unit_test(test_name_gets_port), cmocka_unit_test(test_codes),
		cmocka_unit_test(test_layout),	       cmocka_unit_test(test_begin),
		cmocka_unit_test(test_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
