#undef NDEBUG
#include "../testing.h"

#include "render/xhtml.h"
#include "source/reader.h"

/* What a test shows: some rows, a person and a footnote, as a page of that form. */
static struct registry *registry_of(const struct row *rows, size_t count)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(registry_add_row(registry, &rows[i], &fault), 0);
	return registry;
}

static struct slice render(const struct registry *registry)
{
	struct out out;
	struct slice copy;

	assert_int_equal(out_init_memory(&out), 0);
	render_xhtml(&out, registry);
	assert_int_equal(out_finish(&out), 0);
	copy = copy_of(out_slice(&out));
	out_done(&out);
	return copy;
}

static struct registry *read_back(struct slice page)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	if (source_xhtml_read(page, registry, &fault) < 0)
		fail_msg("%s\n%.*s", fault.text, (int)page.n, page.p);
	return registry;
}

static void assert_holds(struct slice page, struct slice part)
{
	if (slice_find(page, part) == (size_t)-1)
		fail_msg("no %.*s in\n%.*s", (int)part.n, part.p, (int)page.n, page.p);
}

static void assert_lacks(struct slice page, struct slice part)
{
	if (slice_find(page, part) != (size_t)-1)
		fail_msg("%.*s in\n%.*s", (int)part.n, part.p, (int)page.n, page.p);
}

/* What the cell of a row's notes, rich, is written as. */
static void assert_cell(struct slice rich, const char *expected)
{
	struct row row = {.rich = {[COLUMN_NOTES] = rich}};
	struct registry *registry = registry_of(&row, 1);
	struct slice page = render(registry);
	size_t start = slice_find(page, SLICE("<td></td><td align=\"center\"></td><td></td><td>"));
	struct slice cell = slice_skip(
		page, start + strlen("<td></td><td align=\"center\"></td><td></td><td>"));

	assert_int_not_equal(start, (size_t)-1);
	cell.n = slice_find(cell, SLICE("</td></tr></tbody>"));
	if (!slice_eq(cell, slice_cstr(expected)))
		fail_msg("\"%.*s\" for \"%s\"", (int)cell.n, cell.p, expected);
	free((char *)page.p);
	registry_free(registry);
}

#define REF(type, data, text) "\2" type "\3" data "\3" text "\3\4"

static void test_text(void **state)
{
	(void)state;
	assert_cell(SLICE("plain, 'quoted' and \"quoted\""), "plain, 'quoted' and \"quoted\"");
	assert_cell(SLICE("<b> & </td> &amp; ]]>"), "&lt;b&gt; &amp; &lt;/td&gt; &amp;amp; ]]&gt;");
	assert_cell(SLICE("a\tb\nc"), "a\tb\nc");
	assert_cell(SLICE("a\rb"), "a&#xD;b");
	assert_cell(SLICE("\xc3\x89\xe2\x80\xae\xd7\xa9\xf0\x9f\x98\x80"),
		    "\xc3\x89\xe2\x80\xae\xd7\xa9\xf0\x9f\x98\x80");
	assert_cell(SLICE("a\1b\5c\6"), "a<br />b<p>c</p>");
}

/* Each byte or character that a page may not hold becomes one U+FFFD. */
static void test_what_no_page_holds(void **state)
{
	(void)state;
	assert_cell(SLICE("a\0b\x08\x0b\x0c\x1b[31m\x7f"),
		    "a&#xFFFD;b&#xFFFD;&#xFFFD;&#xFFFD;&#xFFFD;[31m&#xFFFD;");
	assert_cell(SLICE("\xc2\x80\xc2\x9f\xef\xbf\xbe\xef\xbf\xbf"),
		    "&#xFFFD;&#xFFFD;&#xFFFD;&#xFFFD;");
	assert_cell(SLICE("\xff\xc3(\xe2\x82"), "&#xFFFD;&#xFFFD;(&#xFFFD;&#xFFFD;");
	assert_cell(SLICE("\xc0\xbc"), "&#xFFFD;&#xFFFD;");
	assert_cell(SLICE("\xed\xa0\x80"), "&#xFFFD;&#xFFFD;&#xFFFD;");
	assert_cell(SLICE(REF("uri", "http://\x1b\xff", "\x1b")),
		    "[<a href=\"http://&#xFFFD;&#xFFFD;\">&#xFFFD;</a>]");
}

static void test_references(void **state)
{
	(void)state;
	assert_cell(SLICE(REF("rfc", "rfc6335", "")),
		    "[<a href=\"https://www.iana.org/go/rfc6335\">RFC6335</a>]");
	assert_cell(SLICE(REF("rfc", "rfc1", "RFC1, Section 2")),
		    "[<a href=\"https://www.iana.org/go/rfc1\">RFC1, Section 2</a>]");
	assert_cell(SLICE(REF("draft", "draft-a-b-01", "")),
		    "[<a href=\"https://www.iana.org/go/draft-a-b-01\">draft-a-b-01</a>]");
	assert_cell(SLICE(REF("draft", "RFC-a-b-01", "")),
		    "[<a href=\"https://www.iana.org/go/draft-a-b-01\">RFC-a-b-01</a>]");
	assert_cell(SLICE(REF("person", "A_B", "")), "[<a href=\"#A_B\">A_B</a>]");
	assert_cell(SLICE(REF("note", "1", "")), "[<a href=\"#note1\">1</a>]");
	assert_cell(SLICE(REF("text", "", "A & B")), "[A &amp; B]");
	assert_cell(SLICE(REF("uri", "https://a/?b&c", "d")),
		    "[<a href=\"https://a/?b&amp;c\">d</a>]");
	assert_cell(SLICE(REF("person", "\xc3\x89", "")), "[<a href=\"#&#xC9;\">\xc3\x89</a>]");
	assert_cell(SLICE(REF("person", "\"><script>\n", "")),
		    "[<a href=\"#&quot;&gt;&lt;script&gt;&#xA;\">\"&gt;&lt;script&gt;\n</a>]");
}

/* Only what leads somewhere is a link. */
static void test_addresses(void **state)
{
	static const char *const links[] = {"http://a", "HTTPS://a", "ftp://a", "mailto:a&b",
					    "tel:+1"};
	static const char *const texts[] = {"javascript:alert(1)",
					    "JavaScript:alert(1)",
					    " javascript:alert(1)",
					    "\tjavascript:alert(1)",
					    "data:text/html,x",
					    "vbscript:x",
					    "file:///etc/passwd",
					    "//a",
					    "a",
					    " http://a",
					    "httpx://a",
					    "blob:https://a"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(links) + ARRAY_SIZE(texts); i++) {
		bool link = i < ARRAY_SIZE(links);
		struct strbuf rich = {};
		struct row row = {};
		struct registry *registry;
		struct slice page;

		rich_add_reference(&rich, SLICE("uri"),
				   slice_cstr(link ? links[i] : texts[i - ARRAY_SIZE(links)]),
				   SLICE("label"), SLICE_NONE);
		row.rich[COLUMN_NOTES] = strbuf_slice(&rich);
		registry = registry_of(&row, 1);
		page = render(registry);
		if (link)
			assert_holds(page, SLICE("\">label</a>]"));
		else
			assert_holds(page, SLICE("[label]"));
		free((char *)page.p);
		registry_free(registry);
		strbuf_done(&rich);
	}
}

static void test_people(void **state)
{
	static const struct person people[] = {
		{.id = SLICE("A_B"),
		 .name = SLICE("A <B>"),
		 .organization = SLICE("C & D"),
		 .uri = SLICE("mailto:a&b.example\7http://b.example\7javascript:c"),
		 .updated = SLICE("2020-01")},
		{.id = SLICE("E\"\xc3\x89"), .uri = SLICE("")},
	};
	struct registry *registry = registry_of(NULL, 0), *again;
	struct fault fault = {};
	struct slice page, once_more;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(people); i++)
		assert_int_equal(registry_add_person(registry, &people[i], &fault), 0);
	page = render(registry);
	assert_holds(page, SLICE("<tr><td><a name=\"A_B\" id=\"A_B\">[A_B]</a></td>"
				 "<td>A &lt;B&gt;</td><td>C &amp; D</td>"
				 "<td><a href=\"mailto:a&amp;b.example\">mailto:a&amp;b.example</a>"
				 "<br /><a href=\"http://b.example\">http://b.example</a>"
				 "<br />javascript:c</td><td>2020-01</td></tr>"));
	assert_holds(page, SLICE("<a name=\"E&quot;&#xC9;\" id=\"E&quot;&#xC9;\">[E\"\xc3\x89]</a>"
				 "</td><td></td><td></td><td><a href=\"\"></a></td><td></td>"));
	again = read_back(page);
	once_more = render(again);
	assert_slice(once_more, page);
	registry_free(again);
	registry_free(registry);
	free((char *)page.p);
	free((char *)once_more.p);
}

static void test_header(void **state)
{
	struct registry *registry = registry_of(NULL, 0);
	struct fault fault = {};
	struct slice page;

	(void)state;
	page = render(registry);
	assert_holds(page, SLICE("<h1>Service Name and Transport Protocol Port Number Registry<"));
	assert_holds(page, SLICE("<dl></dl>"));
	assert_lacks(page, SLICE("Contact Information"));
	assert_lacks(page, SLICE("Footnote"));
	assert_lacks(page, SLICE("<form"));
	free((char *)page.p);
	registry->header.title = SLICE("</title><b>");
	registry->header.updated = SLICE("2020-01-02");
	registry->header.expert = SLICE("X & Y");
	registry->header.references = SLICE(REF("rfc", "rfc1", "") REF("text", "", "T"));
	assert_int_equal(registry_add_note(registry, SLICE_NONE, SLICE("\nnote\n"), &fault), 0);
	assert_int_equal(registry_add_note(registry, SLICE("A & B"), SLICE("<"), &fault), 0);
	assert_int_equal(registry_add_footnote(registry, SLICE("1"), SLICE("one"), &fault), 0);
	assert_int_equal(registry_add_footnote(registry, SLICE("2"), SLICE("two"), &fault), 0);
	page = render(registry);
	assert_holds(page, SLICE("<title>&lt;/title&gt;&lt;b&gt;</title>"));
	assert_holds(page, SLICE("<dl><dt>Last Updated</dt><dd>2020-01-02</dd>"
				 "<dt>Expert(s)</dt><dd><pre>X &amp; Y</pre></dd>"
				 "<dt>Reference</dt><dd>[<a href=\"https://www.iana.org/go/rfc1\">"
				 "RFC1</a>][T]</dd><dt>Note</dt><dd><pre>\nnote\n</pre></dd>"
				 "<dt>A &amp; B</dt><dd><pre>&lt;</pre></dd></dl>"));
	assert_holds(page, SLICE("<h1>Footnotes</h1><table class=\"fn\"><tr><td class=\"fn\" "
				 "valign=\"top\"><a name=\"note1\" id=\"note1\">[1]</a></td>"
				 "<td class=\"fn\"><pre>one</pre></td></tr><tr>"));
	free((char *)page.p);
	registry_free(registry);
}

/* A row of what markup, spreadsheets and terminals make something of comes back as it was. */
static void test_there_and_back(void **state)
{
	static const struct slice texts[] = {
		SLICE("<script>alert(\"&'\")</script>"),
		SLICE("]]> --> <!-- <![CDATA[ <?x ?> &#60; &lt; %00"),
		SLICE("=1+1 +1 -1 @a"),
		SLICE("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae \xe2\x80\x8f \xd8\xb9"),
		SLICE("\xc3\x89 \xe4\xb8\xad \xf0\x9f\x98\x80 \xef\xbf\xbd"),
		SLICE("a\tb  c"),
		SLICE("\"\"\"'''`\\"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct row row = {.shown = {texts[i], SLICE("1"), SLICE("tcp"), texts[i],
					    SLICE_NONE, SLICE_NONE, texts[i], texts[i], SLICE_NONE,
					    texts[i], texts[i], texts[i]}};
		struct registry *registry = registry_of(&row, 1), *again;
		struct slice page = render(registry), once_more;

		again = read_back(page);
		assert_int_equal(again->row_count, 1);
		for (unsigned column = 0; column < COLUMN_COUNT; column++)
			assert_slice(registry_row(again, 0).shown[column], row.shown[column]);
		once_more = render(again);
		assert_slice(once_more, page);
		registry_free(again);
		registry_free(registry);
		free((char *)page.p);
		free((char *)once_more.p);
	}
}

static bool no_text(const void *data, size_t index, struct slice *ret_title, struct slice *ret_text)
{
	(void)data, (void)index, (void)ret_title, (void)ret_text;
	return false;
}

static bool no_row(const void *data, size_t index, struct row *ret_row)
{
	(void)data, (void)index, (void)ret_row;
	return false;
}

static bool no_person(const void *data, size_t index, struct person *ret_person)
{
	(void)data, (void)index, (void)ret_person;
	return false;
}

static void assert_page_holds(const struct xhtml_page *page, struct slice part)
{
	const struct xhtml_content content = {
		.note = no_text, .footnote = no_text, .row = no_row, .person = no_person};
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	render_xhtml_page(&out, &content, page);
	assert_int_equal(out_finish(&out), 0);
	assert_holds(out_slice(&out), part);
	registry_free(read_back(out_slice(&out)));
	out_done(&out);
}

/* The numbers of the pages that links of a page lead to; the current one stands in brackets. */
static void assert_links(uint64_t number, uint64_t pages, const char *expected)
{
	struct xhtml_page page = {.number = number, .pages = pages};
	struct strbuf part = {};
	struct slice rest = slice_cstr(expected);

	strbuf_add(&part, SLICE("<div class=\"pagination\">"));
	while (rest.p && rest.n > 0) {
		struct slice word = slice_cut(&rest, ' ');

		if (slice_eq(word, SLICE("...")))
			strbuf_add(&part, SLICE(" ..."));
		else if (word.p[0] == '[')
			strbuf_printf(&part, " %.*s", (int)word.n - 2, word.p + 1);
		else
			strbuf_printf(&part, " <a href=\"?&amp;page=%.*s\">%.*s</a>", (int)word.n,
				      word.p, (int)word.n, word.p);
	}
	strbuf_add(&part, SLICE("</div>"));
	assert_page_holds(&page, strbuf_slice(&part));
	strbuf_done(&part);
}

static void test_page_links(void **state)
{
	(void)state;
	assert_links(1, 1, "[1]");
	assert_links(1, 2, "[1] 2");
	assert_links(1, 137, "[1] 2 3 4 5 6 ... 137");
	assert_links(7, 137, "1 2 3 4 5 6 [7] 8 9 10 11 12 ... 137");
	assert_links(8, 137, "1 ... 3 4 5 6 7 [8] 9 10 11 12 13 ... 137");
	assert_links(130, 137, "1 ... 125 126 127 128 129 [130] 131 132 133 134 135 ... 137");
	assert_links(131, 137, "1 ... 126 127 128 129 130 [131] 132 133 134 135 136 137");
	assert_links(137, 137, "1 ... 132 133 134 135 136 [137]");
	assert_links(9, 3, "1 ... 3");
}

static void test_search(void **state)
{
	static const struct sort_key keys[] = {{COLUMN_PORT, true}, {COLUMN_NAME, false}};
	struct xhtml_page page = {.search = SLICE("a b&c=\"<\xc3\x89>+%"), .number = 1, .pages = 2};

#define ENCODED "a%20b%26c%3D%22%3C%C3%89%3E%2B%25"
	(void)state;
	assert_page_holds(&page, SLICE("<form method=\"get\" action=\"?\">"));
	assert_page_holds(&page, SLICE(" value=\"a b&amp;c=&quot;&lt;&#xC9;&gt;+%\" />"));
	assert_page_holds(&page,
			  SLICE(" 1 <a href=\"?search=" ENCODED "&amp;page=2\">2</a></div>"));
	assert_page_holds(&page, SLICE("<th><a href=\"?search=" ENCODED "&amp;skey=12\">Assignment"
				       " Notes</a></th></tr></thead>"));
	page.base = SLICE("/a/\"b\".xhtml");
	page.search = SLICE("x");
	page.keys = keys;
	page.key_count = ARRAY_SIZE(keys);
	assert_page_holds(&page, SLICE("action=\"/a/&quot;b&quot;.xhtml?\""));
	assert_page_holds(&page, SLICE("<a href=\"/a/&quot;b&quot;.xhtml?search=x&amp;skey=-2"
				       "&amp;skey=1&amp;page=2\">2</a>"));
	assert_page_holds(&page, SLICE("?search=x&amp;skey=2&amp;skey=1\">Port Number</a>"));
	assert_page_holds(&page, SLICE("?search=x&amp;skey=1&amp;skey=-2\">Service Name</a>"));
	page.keys++;
	page.key_count--;
	assert_page_holds(&page, SLICE("?search=x&amp;skey=-1\">Service Name</a>"));
	page.filters = SLICE("&amp;state=assigned");
	assert_page_holds(&page, SLICE("?search=x&amp;state=assigned&amp;skey=-1\">Service Name<"));
	assert_page_holds(&page, SLICE("&amp;state=assigned&amp;skey=1&amp;page=2\">2</a>"));
	page.pages = 0;
	assert_page_holds(&page, SLICE("No row is all of this.</div>"));
	page.filters = SLICE_NONE;
	assert_page_holds(&page, SLICE("No row holds this text.</div>"));
}

static void test_site(void **state)
{
	struct xhtml_page page = {.number = 1,
				  .pages = 2,
				  .formats = SLICE("<i>formats</i>"),
				  .request = SLICE("<i>request</i>"),
				  .form = SLICE("<form></form>")};

	(void)state;
	assert_page_holds(&page, SLICE("</h1><form></form><details class=\"about\" open=\"open\">"
				       "<summary>About this registry</summary><dl>"
				       "<dt>Request an Assignment</dt><dd><i>request</i></dd>"
				       "<dt>Available Formats</dt><dd><i>formats</i></dd></dl>"
				       "</details><div class=\"pagination\"> 1 <a "));
	page.folded = true;
	assert_page_holds(&page, SLICE("<details class=\"about\"><summary>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	       cmocka_unit_test(test_what_no_page_holds),
		cmocka_unit_test(test_references),     cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_people),	       cmocka_unit_test(test_header),
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_page_links),
		cmocka_unit_test(test_search),	       cmocka_unit_test(test_site),
	};

	return cmocka_run_group_tests_name("render/xhtml", tests, NULL, NULL);
}
