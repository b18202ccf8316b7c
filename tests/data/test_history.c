/*
 * Nothing of an edition is lost: every edition of the history archive, a tar stream on standard
 * input, is read into the model, written as XML again, and compared with the original element by
 * element: names, attributes and their values, all text but white space between elements. Then
 * the same through an image, and at last with its layout kept, byte by byte.
 *
 *     zstd -dc --long=27 ARCHIVE | test_history [STEP]
 *
 * STEP n takes every n-th edition.
 */
#undef NDEBUG
#include <assert.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "mkimage/mkimage.h"
#include "render/xml.h"
#include "source/source.h"

enum { TAR_BLOCK = 512, DEPTH_MAX = 32 };

/* A document as text in which only what matters is left, a line a thing. */
struct digest {
	struct strbuf things, text;
	unsigned depth;
	bool holds_elements[DEPTH_MAX]; /* and no text, by the schema */
};

static bool is_container(const char *element)
{
	static const char *const names[] = {"registry", "record", "people", "person", "assignee"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(element, names[i]) == 0)
			return true;
	}
	return false;
}

static void flush_text(struct digest *digest)
{
	struct slice text = strbuf_slice(&digest->text);
	bool container = digest->depth > 0 && digest->holds_elements[digest->depth];

	if (container ? slice_trim(text).n > 0 : text.n > 0) {
		strbuf_add(&digest->things, SLICE("text "));
		strbuf_add(&digest->things, text);
		strbuf_add_byte(&digest->things, '\n');
	}
	digest->text.n = 0;
}

static void start(void *context, const char *element, const char **attributes)
{
	struct digest *digest = context;

	flush_text(digest);
	assert(digest->depth + 1 < DEPTH_MAX);
	digest->holds_elements[++digest->depth] = is_container(element);
	strbuf_add(&digest->things, SLICE("start "));
	strbuf_add(&digest->things, slice_cstr(element));
	for (; attributes[0]; attributes += 2) {
		/* Their order means nothing, and the root's differs between editions. */
		strbuf_add_byte(&digest->things, ' ');
		strbuf_add(&digest->things, slice_cstr(attributes[0]));
		strbuf_add_byte(&digest->things, '=');
		strbuf_add(&digest->things, slice_cstr(attributes[1]));
	}
	strbuf_add_byte(&digest->things, '\n');
}

static void end(void *context, const char *element)
{
	struct digest *digest = context;

	(void)element;
	flush_text(digest);
	digest->depth--;
	strbuf_add(&digest->things, SLICE("end\n"));
}

static void text(void *context, const char *characters, int length)
{
	struct digest *digest = context;

	strbuf_add(&digest->text, (struct slice){characters, (size_t)length});
}

static void instruction(void *context, const char *target, const char *data)
{
	struct digest *digest = context;

	strbuf_add(&digest->things, SLICE("instruction "));
	strbuf_add(&digest->things, slice_cstr(target));
	strbuf_add_byte(&digest->things, ' ');
	strbuf_add(&digest->things, slice_cstr(data));
	strbuf_add_byte(&digest->things, '\n');
}

static void digest_document(struct digest *digest, struct slice document)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	assert(parser);
	digest->things.n = digest->text.n = 0;
	digest->depth = 0;
	XML_SetUserData(parser, digest);
	XML_SetElementHandler(parser, start, end);
	XML_SetCharacterDataHandler(parser, text);
	XML_SetProcessingInstructionHandler(parser, instruction);
	assert(XML_Parse(parser, document.p, (int)document.n, 1) == XML_STATUS_OK);
	XML_ParserFree(parser);
	assert(!digest->things.failed && !digest->text.failed);
}

static void show_difference(struct slice before, struct slice after)
{
	size_t at = 0, from;

	while (at < before.n && at < after.n && before.p[at] == after.p[at])
		at++;
	from = at > 200 ? at - 200 : 0;
	printf("# was: %.*s\n# is:  %.*s\n", (int)(before.n - from < 400 ? before.n - from : 400),
	       before.p + from, (int)(after.n - from < 400 ? after.n - from : 400), after.p + from);
}

static struct registry *through_image(const struct registry *registry)
{
	struct strbuf image CLEANUP(strbuf_done) = {};
	struct registry *back;

	assert(mkimage(registry, SLICE_NONE, &image, NULL) == 0);
	assert(mkimage_registry(strbuf_slice(&image), &back, NULL) == 0);
	return back;
}

/* Whether the document comes out byte by byte when its layout is kept, little of it verbatim. */
static bool check_layout(struct slice document)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct source_options options = {.keep_layout = true};
	struct out out CLEANUP(out_done) = {};
	size_t verbatim = 0;

	assert(source_read(document, &options, &registry, NULL) == 0);
	assert(out_init_memory(&out) == 0);
	render_xml(&out, registry);
	assert(out_finish(&out) == 0);
	if (!slice_eq(out_slice(&out), document)) {
		printf("# with its layout it is another document\n");
		show_difference(document, out_slice(&out));
		return false;
	}
	for (size_t i = 0; i < registry->row_count; i++)
		verbatim += registry_row(registry, i).verbatim.p != NULL;
	if (verbatim > registry->row_count / 20) {
		printf("# %zu of %zu rows are kept verbatim\n", verbatim, registry->row_count);
		return false;
	}
	return true;
}

/* Whether the edition comes out as it went in. */
static bool check(struct slice document, struct digest *was, struct digest *is)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct registry *back CLEANUP(registry_freep) = NULL;
	struct out direct CLEANUP(out_done) = {}, indirect CLEANUP(out_done) = {};
	struct fault fault = {};
	bool same;

	if (source_read(document, NULL, &registry, &fault) < 0) {
		printf("# %llu:%llu: %s\n", (unsigned long long)fault.line,
		       (unsigned long long)fault.column, fault.text);
		return false;
	}
	assert(out_init_memory(&direct) == 0 && out_init_memory(&indirect) == 0);
	render_xml(&direct, registry);
	assert(out_finish(&direct) == 0);
	digest_document(was, document);
	digest_document(is, out_slice(&direct));
	same = slice_eq(strbuf_slice(&was->things), strbuf_slice(&is->things));
	if (!same)
		show_difference(strbuf_slice(&was->things), strbuf_slice(&is->things));
	back = through_image(registry);
	render_xml(&indirect, back);
	assert(out_finish(&indirect) == 0);
	if (!slice_eq(out_slice(&direct), out_slice(&indirect))) {
		printf("# another document through an image\n");
		show_difference(out_slice(&direct), out_slice(&indirect));
		same = false;
	}
	return check_layout(document) && same;
}

static size_t parse_octal(const char *field, size_t n)
{
	size_t value = 0;

	for (size_t i = 0; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		value = value * 8 + (size_t)(field[i] - '0');
	return value;
}

int main(int argc, char **argv)
{
	struct digest was = {}, is = {};
	char header[TAR_BLOCK];
	uint64_t step = 1;
	unsigned count = 0, checked = 0, failed = 0;

	assert(argc < 2 || (number_parse(slice_cstr(argv[1]), 1000, &step) && step > 0));
	while (fread(header, 1, sizeof(header), stdin) == sizeof(header) && header[0]) {
		size_t n = parse_octal(header + 124, 12);
		size_t padded = (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
		char *document = malloc(padded + 1);

		assert(document && fread(document, 1, padded, stdin) == padded);
		if ((header[156] == '0' || header[156] == '\0') && count++ % step == 0) {
			checked++;
			if (!check((struct slice){document, n}, &was, &is)) {
				printf("# %.100s is not read as it was written\n", header);
				failed++;
			}
		}
		free(document);
	}
	/* The rest, so that the program that writes it does not fail. */
	while (fread(header, 1, sizeof(header), stdin) > 0)
		;
	strbuf_done(&was.things);
	strbuf_done(&was.text);
	strbuf_done(&is.things);
	strbuf_done(&is.text);
	printf("%u of %u editions checked, %u failed\n", checked, count, failed);
	return failed > 0 || checked == 0;
}
