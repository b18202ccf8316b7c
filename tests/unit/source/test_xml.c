#undef NDEBUG
#include "../testing.h"

#include "base/strbuf.h"
#include "source/source.h"

#define ROOT "<registry xmlns=\"http://www.iana.org/assignments\" id=\"" REGISTRY_ID "\">"

static struct registry *read_well(struct slice document)
{
	struct slice copy = copy_of(document);
	struct registry *registry = NULL;
	struct fault fault = {};

	if (source_read(copy, NULL, &registry, &fault) < 0)
		fail_msg("%u:%u: %s", (unsigned)fault.line, (unsigned)fault.column, fault.text);
	free((void *)copy.p);
	return registry;
}

#define READ(content) read_well(SLICE(ROOT content "</registry>"))

static void refuse(struct slice document, int code, const char *why)
{
	struct slice copy = copy_of(document);
	struct registry *registry = NULL;
	struct fault fault = {};

	assert_int_equal(source_read(copy, NULL, &registry, &fault), code);
	assert_null(registry);
	assert_told(fault);
	if (!strstr(fault.text, why))
		fail_msg("\"%s\" does not say \"%s\"", fault.text, why);
	free((void *)copy.p);
}

#define REFUSE(content, why) refuse(SLICE(ROOT content "</registry>"), FAULT_MALFORMED, why)

static void test_everything(void **state)
{
	struct registry *registry = read_well(SLICE(
		"<?xml version='1.0'?>\n<!-- x -->\n" ROOT "\n  <title>T</title>\n"
		"  <category>C</category>\n  <updated>2001-02-03</updated>\n"
		"  <xref type=\"rfc\" data=\"rfc1\"/>\n  <expert>E<br/>F</expert>\n"
		"  <note title=\"N\">n <xref type=\"uri\" data=\"u\">t</xref></note>\n"
		"  <note>m</note>\n"
		"  <record date=\"D\" updated=\"U\">\n    <name>a</name>\n"
		"    <protocol>tcp</protocol>\n    <xref type=\"person\" data=\"P\"/>\n"
		"    <description>d<br/>e&amp;</description>\n"
		"    <assignee>\n      <xref type=\"person\" data=\"Q\"/>\n    </assignee>\n"
		"    <number>1-2</number>\n"
		"    <xref type=\"rfc\" data=\"rfc2\" section=\"3\">R</xref>\n    <sc>7</sc>\n"
		"    <unauthorized>u</unauthorized>\n"
		"    <note><paragraph>v</paragraph> <paragraph>w</paragraph></note>\n"
		"  </record>\n  <record/>\n"
		"  <footnote anchor=\"1\">f</footnote>\n"
		"  <people>\n    <person id=\"P\">\n      <name>n</name>\n      <org/>\n"
		"      <uri>a</uri>\n      <uri>b</uri>\n      <updated>2</updated>\n"
		"    </person>\n    <person id=\"Q\"/>\n  </people>\n</registry>\n"));
	const struct registry_header *header = &registry->header;
	struct row row = registry_row(registry, 0);

	(void)state;
	assert_text(header->prolog, "<?xml version='1.0'?>\n<!-- x -->\n");
	assert_text(header->id, REGISTRY_ID);
	assert_text(header->title, "T");
	assert_text(header->category, "C");
	assert_text(header->updated, "2001-02-03");
	assert_text(header->references, "\2rfc\3rfc1\3\3\4");
	assert_text(header->expert, "E\1"
				    "F");
	assert_int_equal(registry->note_count, 2);
	assert_text(registry->notes[0].title, "N");
	assert_text(registry->notes[0].text, "n \2uri\3u\3t\3\4");
	assert_absent(registry->notes[1].title);
	assert_int_equal(registry->footnote_count, 1);
	assert_text(registry->footnotes[0].title, "1");
	assert_int_equal(registry->row_count, 2);
	assert_text(row.order, "npcdairsut");
	assert_text(row.rich[COLUMN_REFERENCE], "\2rfc\3rfc2\3R\3"
						"3\4");
	assert_text(row.shown[COLUMN_REFERENCE], "[R]");
	assert_text(row.shown[COLUMN_DESCRIPTION], "d\ne&");
	assert_text(row.shown[COLUMN_ASSIGNEE], "[Q]");
	assert_text(row.shown[COLUMN_CONTACT], "[P]");
	assert_text(row.shown[COLUMN_REGISTERED], "D");
	assert_text(row.shown[COLUMN_MODIFIED], "U");
	assert_text(row.shown[COLUMN_NOTES], "v\n              w");
	assert_int_equal(row.last_port, 2);
	assert_text(registry_row(registry, 1).order, "");
	assert_absent(registry_row(registry, 1).shown[COLUMN_NAME]);
	assert_int_equal(registry->person_count, 2);
	assert_text(registry->people[0].uri, "a\7b");
	assert_text(registry->people[0].organization, "");
	assert_absent(registry->people[1].name);
	registry_free(registry);
}

static void test_what_is_not_understood_is_refused(void **state)
{
	(void)state;
	REFUSE("<record x=\"1\"/>", "unknown attribute x of <record>");
	REFUSE("<record><name x=\"1\"/></record>", "unknown attribute x of <name>");
	REFUSE("<record><other/></record>", "unknown element <other> in a <record>");
	REFUSE("<record><name><i>a</i></name></record>", "unknown element <i>");
	REFUSE("<record>text</record>", "text between elements: \"text\"");
	REFUSE("<record><assignee>a</assignee></record>", "text between elements");
	REFUSE("<record><note>a<br>b</br></note></record>", "text between elements");
	REFUSE("<record><xref data=\"a\"/></record>", "<xref> without a type");
	REFUSE("<record><number>80</number><number>81</number></record>", "a second <number>");
	REFUSE("<record><number>65536</number></record>", "\"65536\" in this record is no port");
	REFUSE("<record><protocol>ip</protocol></record>", "\"ip\" in this record is no transport");
	REFUSE("<record/><title>a</title><title>b</title>", "second time");
	REFUSE("<record/><people/><people/>", "a second <people>");
	REFUSE("<record/><people><person/></people>", "<person> without an id");
	REFUSE("<record/><people><person id=\"a\"><name>b<br/></name></person></people>",
	       "unknown element <br>");
	REFUSE("<record>", "malformed XML");
	REFUSE("<record><name>&nbsp;</name></record>", "malformed XML: undefined entity");
	REFUSE("<record><name>\x01</name></record>", "malformed XML");
	REFUSE("<record><name>&#1;</name></record>", "malformed XML");
	REFUSE("<record><name>\xff</name></record>", "malformed XML");
	REFUSE("", "holds no rows");
}

static void test_other_documents_are_refused(void **state)
{
	(void)state;
	refuse(SLICE("<html/>"), FAULT_MALFORMED, "");
	refuse(SLICE("<other/>"), FAULT_UNKNOWN, "root element is <other>");
	refuse(SLICE("<registry id=\"" REGISTRY_ID "\"/>"), FAULT_UNKNOWN, "namespace");
	refuse(SLICE("<registry xmlns=\"http://www.iana.org/assignments\" id=\"x\"/>"),
	       FAULT_UNKNOWN, "its id is \"x\"");
	refuse(SLICE("<!DOCTYPE registry [<!ENTITY a \"b\">]>" ROOT "<record><name>&a;</name>"
		     "</record></registry>"),
	       FAULT_MALFORMED, "document types and entities");
	refuse(SLICE("<!DOCTYPE registry SYSTEM \"x\">" ROOT "<record/></registry>"),
	       FAULT_MALFORMED, "document types and entities");
}

static void test_places(void **state)
{
	struct registry *registry = NULL;
	struct fault fault = {};

	(void)state;
	assert_int_equal(source_read(SLICE(ROOT "\n  <record>\n    <x/></record></registry>"), NULL,
				     &registry, &fault),
			 FAULT_MALFORMED);
	assert_int_equal(fault.line, 3);
	assert_int_equal(fault.column, 5);
}

/* Of other encodings the text is kept as UTF-8, in which the document is written again. */
static void test_encodings(void **state)
{
	static const char utf16[] = "<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0"
				    "1\0.\0"
				    "0\0'\0?\0>\0";
	struct registry *registry;
	struct strbuf document = {};

	(void)state;
	registry = read_well(SLICE("<?xml version='1.0' encoding='utf-8'?>" ROOT
				   "<record><name>\xc3\xa9</name></record></registry>"));
	assert_text(registry->header.prolog, "<?xml version='1.0' encoding='utf-8'?>");
	registry_free(registry);
	registry = read_well(SLICE("<?xml version='1.0' encoding='ISO-8859-1'?>" ROOT
				   "<record><name>\xe9</name></record></registry>"));
	assert_absent(registry->header.prolog);
	assert_text(registry_row(registry, 0).shown[COLUMN_NAME], "\xc3\xa9");
	registry_free(registry);
	strbuf_add(&document, SLICE("\xff\xfe"));
	strbuf_add(&document, (struct slice){utf16, sizeof(utf16) - 1});
	for (const char *c = ROOT "<record><name>a</name></record></registry>"; *c; c++) {
		strbuf_add_byte(&document, *c);
		strbuf_add_byte(&document, '\0');
	}
	registry = read_well(strbuf_slice(&document));
	assert_absent(registry->header.prolog);
	assert_text(registry_row(registry, 0).shown[COLUMN_NAME], "a");
	registry_free(registry);
	strbuf_done(&document);
}

/* A document whose place marked with % has n bytes. */
static struct slice filled(struct strbuf *document, const char *form, size_t n)
{
	struct slice rest = slice_cstr(form), head = slice_cut(&rest, '%');

	document->n = 0;
	strbuf_add(document, SLICE(ROOT));
	strbuf_add(document, head);
	while (n-- > 0)
		strbuf_add_byte(document, 'a');
	strbuf_add(document, rest);
	strbuf_add(document, SLICE("</registry>"));
	assert_false(document->failed);
	return strbuf_slice(document);
}

/* What is too long is refused wherever it stands, not cut or lost. */
static void test_limits(void **state)
{
	static const char *const forms[] = {
		"<record><name>%</name></record>",
		"<record date=\"%\"/>",
		"<record><note>b<br/>%</note></record>",
		"<record><xref type=\"%\"/></record>",
		"<record><xref type=\"rfc\" data=\"%\"/></record>",
		"<record><xref type=\"rfc\" section=\"%\"/></record>",
		"<record><xref type=\"rfc\">%</xref></record>",
		"<record/><note title=\"%\">b</note>",
		"<record/><note>%</note>",
		"<record/><expert>%</expert>",
		"<record/><footnote anchor=\"%\">b</footnote>",
		"<record/><xref type=\"rfc\" data=\"%\"/>",
		"<record/><people><person id=\"%\"/></people>",
		"<record/><people><person id=\"a\"><name>%</name></person></people>",
	};
	struct strbuf document = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		registry_free(read_well(filled(&document, forms[i], 60000)));
		refuse(filled(&document, forms[i], REGISTRY_CELL_MAX + 1), FAULT_LIMIT,
		       "limit of 65535 bytes");
	}
	/* Many references, of which each is short. */
	document.n = 0;
	strbuf_add(&document, SLICE(ROOT "<record/>"));
	for (unsigned i = 0; i < 10000; i++)
		strbuf_add(&document, SLICE("<xref type=\"rfc\" data=\"rfc1\"/>"));
	strbuf_add(&document, SLICE("</registry>"));
	refuse(strbuf_slice(&document), FAULT_LIMIT, "limit of 65535 bytes");
	document.n = 0;
	strbuf_add(&document, SLICE(ROOT "<record><note>"));
	for (unsigned i = 0; i < 40; i++)
		strbuf_add(&document, SLICE("<paragraph>"));
	refuse(strbuf_slice(&document), FAULT_MALFORMED, "unknown element <paragraph>");
	strbuf_done(&document);
}

enum { MANY = 9000 };

/* A document that is read in two halves, with something in its middle. */
static void make_large(struct strbuf *document, const char *middle)
{
	document->n = 0;
	strbuf_add(document, SLICE(ROOT "\n  <title>T</title>"));
	for (unsigned i = 0; i < MANY; i++) {
		strbuf_printf(document,
			      "\n  <record>\n    <name>n%u</name>\n    <number>%u</number>\n"
			      "    <description>of some length</description>\n  </record>",
			      i, i);
		if (i == MANY / 2 - 5)
			strbuf_add(document, slice_cstr(middle));
	}
	strbuf_add(document,
		   SLICE("\n  <people>\n    <person id=\"P\"/>\n  </people>\n</registry>\n"));
	assert_false(document->failed);
}

static void test_large_documents(void **state)
{
	static const struct {
		const char *middle;
		size_t rows, notes, footnotes;
	} cases[] = {
		{"", MANY, 0, 0},
		{"\n  <!-- \n  <record>\n -->", MANY, 0, 0},
		{"\n  <record><note><![CDATA[\n  <record>]]></note>\n  </record>", MANY + 1, 0, 0},
		{"\n  <note>x</note>", MANY, 1, 0},
		{"\n  <footnote anchor=\"1\">x</footnote>", MANY, 0, 1},
		{"\n  <updated>2001-02-03</updated>", MANY, 0, 0},
	};
	struct strbuf document = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct registry *registry;

		make_large(&document, cases[i].middle);
		registry = read_well(strbuf_slice(&document));
		assert_int_equal(registry->row_count, cases[i].rows);
		assert_int_equal(registry->note_count, cases[i].notes);
		assert_int_equal(registry->footnote_count, cases[i].footnotes);
		assert_int_equal(registry->person_count, 1);
		assert_text(registry->header.title, "T");
		assert_text(registry_row(registry, 0).shown[COLUMN_NAME], "n0");
		assert_text(registry_row(registry, registry->row_count - 1).shown[COLUMN_NAME],
			    "n8999");
		registry_free(registry);
	}
	strbuf_done(&document);
}

static void test_faults_of_large_documents(void **state)
{
	static const struct {
		const char *middle, *why;
	} cases[] = {
		{"\n  <record><number>x</number></record>", "is no port number"},
		{"\n  <people/>", "a second <people>"},
		{"\n  <title>U</title>", "second time"},
		{"\n  </registry>", "malformed XML"},
		{"\n  <record>", "unknown element <record> in a <record>"},
	};
	struct strbuf document = {};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		make_large(&document, cases[i].middle);
		refuse(strbuf_slice(&document), FAULT_MALFORMED, cases[i].why);
	}
	strbuf_done(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_what_is_not_understood_is_refused),
		cmocka_unit_test(test_other_documents_are_refused),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_large_documents),
		cmocka_unit_test(test_faults_of_large_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
