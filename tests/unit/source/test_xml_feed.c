/* XML in pieces of any size is XML as a whole. */
#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <unistd.h>

#include "base/out.h"
#include "render/xml.h"
#include "source/xml.h"

#define ROOT "<registry xmlns=\"http://www.iana.org/assignments\" id=\"" REGISTRY_ID "\">"

static const char small[] =
	"<?xml version='1.0'?>\r\n<!-- x < y > z -->\n<?style a?>" ROOT
	"\n  <title>T\xc3\xa9</title>\n"
	"  <note title=\"N&quot;\">n <xref type=\"uri\" data=\"u\">t</xref></note>\n"
	"  <record date=\"D\"   updated='U'>\r\n<name>a\xe2\x82\xac</name>\n"
	"    <description>d<br/>e&amp;&#233;]] > "
	"\xf0\x9f\x98\x80</description><number>1-2</number>\n"
	"    <!-- <record> --><note><![CDATA[<a> ]]x]]></note>\n"
	"  </record>\n  <record/><record><name>b</name></record>\n"
	"  <footnote anchor=\"1\">f</footnote>\n"
	"  <people>\n    <person id=\"P\"><name>n</name>\n    "
	"</person></people>\n\n</registry>\n<!-- e -->";

/* The document as it is written again: whatever was read shows in it. */
static struct slice written(const struct registry *registry)
{
	struct out out;
	struct slice copy;

	assert_int_equal(out_init_memory(&out), 0);
	render_xml(&out, registry);
	assert_int_equal(out_finish(&out), 0);
	copy = copy_of(out_slice(&out));
	out_done(&out);
	return copy;
}

static struct registry *read_pieces(struct slice document, size_t piece, bool keep_layout)
{
	struct file_reader memory = file_reader_of(document);
	struct source_options options = {.keep_layout = keep_layout};
	struct registry *registry = NULL;
	struct fault fault = {};

	memory.piece = piece;
	if (source_read_file(&memory, &options, &registry, &fault) < 0)
		fail_msg("%zu: %u:%u: %s", piece, (unsigned)fault.line, (unsigned)fault.column,
			 fault.text);
	return registry;
}

static void assert_same(const struct registry *a, const struct registry *b)
{
	struct slice first = written(a), second = written(b);

	assert_slice(second, first);
	free((void *)first.p);
	free((void *)second.p);
	assert_slice(a->header.prolog, b->header.prolog);
	for (size_t i = 0; i < a->row_count; i++)
		assert_int_equal(registry_row(a, i).at, registry_row(b, i).at);
	for (size_t i = 0; i < a->person_count; i++)
		assert_int_equal(a->people[i].at, b->people[i].at);
}

static void test_pieces(void **state)
{
	struct slice document = copy_of(slice_cstr(small));
	struct registry *whole = read_pieces(document, document.n, false);

	(void)state;
	assert_int_equal(whole->row_count, 3);
	assert_int_equal(document.p[registry_row(whole, 2).at + 8], '<');
	for (size_t piece = 1; piece <= document.n; piece++) {
		struct registry *registry = read_pieces(document, piece, false);
		struct slice text;

		assert_same(whole, registry);
		registry_free(registry);
		registry = read_pieces(document, piece, true);
		text = written(registry);
		assert_slice(text, document);
		free((void *)text.p);
		registry_free(registry);
	}
	registry_free(whole);
	free((void *)document.p);
}

/* Offsets, and what is written, are those of the text behind a byte order mark. */
static void test_byte_order_mark(void **state)
{
	struct strbuf document = {};
	struct registry *registry, *whole = read_pieces(slice_cstr(small), 1000, true);

	(void)state;
	strbuf_add(&document, SLICE("\xef\xbb\xbf"));
	strbuf_add(&document, slice_cstr(small));
	registry = read_pieces(strbuf_slice(&document), 7, true);
	assert_same(whole, registry);
	registry_free(registry);
	registry_free(whole);
	strbuf_done(&document);
}

static int fault_of(struct slice document, size_t piece, struct fault *ret_fault)
{
	struct file_reader memory = file_reader_of(document);
	struct registry *registry = NULL;
	int result;

	*ret_fault = (struct fault){};
	memory.piece = piece;
	result = source_read_file(&memory, NULL, &registry, ret_fault);
	registry_free(registry);
	return result;
}

/* What is wrong, and where, does not depend on the pieces. */
static void test_faults(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 7, 64, 100, 300};
	struct slice document = copy_of(slice_cstr(small));
	struct random random = {1};
	struct fault whole, fault;

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		char *at = (char *)document.p + random_below(&random, (uint32_t)document.n);
		char was = *at;
		/* Half of them end where the byte stands. */
		size_t n = i % 2 ? document.n : (size_t)(at - document.p) + 1;
		size_t piece = pieces[random_below(&random, ARRAY_SIZE(pieces))];
		struct slice changed = {document.p, n};
		int result;

		*at = "<>&]a \n\r\x80"[random_below(&random, 9)];
		result = fault_of(changed, document.n, &whole);
		assert_int_equal(fault_of(changed, piece, &fault), result);
		assert_int_equal(fault.line, whole.line);
		/* Text that is longer than a piece is seen in parts. */
		if (piece >= 100 || !strstr(whole.text, "text between")) {
			assert_int_equal(fault.column, whole.column);
			assert_string_equal(fault.text, whole.text);
		}
		*at = was;
	}
	free((void *)document.p);
}

/* Both halves of a large document, and its layout. */
static void make_large(struct strbuf *document)
{
	strbuf_add(document, SLICE("<?xml version='1.0'?>\n" ROOT "\n  <title>T</title>"));
	for (unsigned i = 0; i < 7000; i++)
		strbuf_printf(document,
			      "\n  <record>\n    <name>n%u</name>%s\n    <number>%u</number>\n"
			      "    <description>of some length</description>\n  </record>",
			      i, i % 60 ? "" : "  ", i);
	strbuf_add(document,
		   SLICE("\n  <people>\n    <person id=\"P\"/>\n  </people>\n</registry>"));
	assert_false(document->failed);
	assert_true(document->n > 512 * 1024);
}

/* Parts before their time, a header that ends behind them, and nothing usual. */
static void test_orders(void **state)
{
	static const char *const documents[] = {
		ROOT "<people/><record/></registry>",
		ROOT "<footnote>f</footnote> <note>n</note><record/>\n<title>T</title></registry>",
		ROOT "<record/> <people> <person id='a'/><!-- c --></people> <record/></registry>",
		ROOT "<title/> <!-- c --> <record><name/> </record ><people/>\n</registry>\n",
		"<!-- c -->" ROOT " <record/><xref type='text'>t</xref ></registry><?pi?>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct slice document = slice_cstr(documents[i]);

		for (size_t piece = 1; piece <= document.n; piece++) {
			struct registry *registry = read_pieces(document, piece, true);
			struct slice text = written(registry);

			assert_slice(text, document);
			free((void *)text.p);
			registry_free(registry);
		}
	}
}

static void test_large_documents(void **state)
{
	static const size_t pieces[] = {61, 4096, 1 << 30};
	struct strbuf document = {};

	(void)state;
	make_large(&document);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct registry *registry = read_pieces(strbuf_slice(&document), pieces[i], true);
		struct slice text = written(registry);

		assert_slice(text, strbuf_slice(&document));
		for (size_t row = 0; row < registry->row_count; row++)
			assert_memory_equal(document.p + registry_row(registry, row).at, "<record>",
					    8);
		assert_memory_equal(document.p + registry->people[0].at, "<person ", 8);
		free((void *)text.p);
		registry_free(registry);
	}
	strbuf_done(&document);
}

/* The same by one thread. */
static void test_in_one(void **state)
{
	struct source_options options = {.keep_layout = true, .in_one = true};
	struct registry *registry = NULL;
	struct strbuf document = {};
	struct slice text;

	(void)state;
	make_large(&document);
	assert_int_equal(source_read(strbuf_slice(&document), &options, &registry, NULL), 0);
	text = written(registry);
	assert_slice(text, strbuf_slice(&document));
	free((void *)text.p);
	registry_free(registry);
	strbuf_done(&document);
}

/* A token that goes through very many pieces is not parsed again with each of them. */
static void test_long_tokens(void **state)
{
	enum { LONG = 8 * 1024 * 1024 };
	struct strbuf document = {};
	struct registry *registry;

	(void)state;
	strbuf_add(&document, SLICE("<!--"));
	memset(strbuf_extend(&document, LONG), '<', LONG);
	strbuf_add(&document, SLICE("-->" ROOT "<record/></registry>"));
	registry = read_pieces(strbuf_slice(&document), 64, false);
	assert_int_equal(registry->header.prolog.n, LONG + 7);
	assert_int_equal(registry_row(registry, 0).at, document.n - strlen("<record/></registry>"));
	registry_free(registry);
	strbuf_done(&document);
}

/* Marks of a file that is shorter by now. */
static void test_shorter_file(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";
	int fd = mkstemp(path);
	struct slice document = SLICE(ROOT "<record/><record/></registry>");
	struct registry *registry = registry_new();
	struct strbuf marks = {};
	struct file_reader file;
	struct fault fault = {};

	(void)state;
	assert_true(fd >= 0);
	assert_non_null(registry);
	assert_int_equal(write(fd, document.p, document.n), document.n);
	assert_int_equal(file_reader_open(path, document.n, &file, &fault), 0);
	assert_int_equal(source_xml_read_file(&file, registry, &marks, &fault), 0);
	assert_int_equal(marks.n, 3 * sizeof(struct xml_mark));
	assert_int_equal(ftruncate(fd, (off_t)document.n - 20), 0);
	assert_int_equal(source_xml_keep_layout(&file, &marks, registry, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "changed while it was read");
	file_reader_close(&file);
	strbuf_done(&marks);
	registry_free(registry);
	close(fd);
	assert_int_equal(unlink(path), 0);
}

static void test_files_that_change(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";
	int fd = mkstemp(path);
	struct strbuf document = {};
	struct file_reader file;
	struct registry *registry = NULL;
	struct fault fault = {};

	(void)state;
	assert_true(fd >= 0);
	make_large(&document);
	assert_int_equal(write(fd, document.p, document.n), document.n);
	assert_int_equal(file_reader_open(path, document.n, &file, &fault), 0);
	assert_int_equal(source_read_file(&file, NULL, &registry, &fault), 0);
	registry_free(take(registry));
	/* Longer than it was: it may still have been written to. */
	assert_int_equal(ftruncate(fd, (off_t)document.n + 1), 0);
	assert_int_equal(source_read_file(&file, NULL, &registry, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "changed while it was read");
	assert_int_equal(ftruncate(fd, (off_t)document.n - 100000), 0);
	fault = (struct fault){};
	assert_int_equal(source_read_file(&file, NULL, &registry, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "changed while it was read");
	assert_null(registry);
	file_reader_close(&file);
	strbuf_done(&document);
	close(fd);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_byte_order_mark),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_large_documents),
		cmocka_unit_test(test_in_one),
		cmocka_unit_test(test_long_tokens),
		cmocka_unit_test(test_shorter_file),
		cmocka_unit_test(test_files_that_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
