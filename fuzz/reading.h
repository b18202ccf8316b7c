/*
 * Reads any bytes as a document. What is refused is refused with a reason; what is read makes an
 * image, or is too large for one; the image answers, and gives the registry back. Written as XML
 * it can be read again.
 */
#ifndef PORTBOOK_FUZZ_READING_H
#define PORTBOOK_FUZZ_READING_H

#include "ask.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "mkimage/mkimage.h"
#include "render/xml.h"
#include "source/reader.h"

static inline void must_be_told(int result, const struct fault *fault)
{
	size_t bad;

	must(result >= FAULT_UNKNOWN && result <= FAULT_MEMORY);
	must(fault->text[0] != '\0');
	must(utf8_valid(slice_cstr(fault->text), &bad));
}

static inline void must_be_same(const struct registry *registry, const struct registry *back)
{
	must(registry->row_count == back->row_count);
	must(registry->person_count == back->person_count);
	must(registry->note_count == back->note_count);
	must(registry->footnote_count == back->footnote_count);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row a = registry_row(registry, i), b = registry_row(back, i);

		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			must(slice_eq(a.shown[k], b.shown[k]));
			must(!a.shown[k].p == !b.shown[k].p);
		}
		must(a.first_port == b.first_port && a.last_port == b.last_port);
		must(a.transport == b.transport && a.state == b.state);
	}
}

static inline void must_be_clean(const struct registry *registry)
{
	size_t bad;

	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			struct slice text = row.shown[k];

			must(text.n <= ROW_TEXT_MAX);
			must(utf8_valid(text, &bad));
			must(slice_find_byte(text, '\0') == (size_t)-1);
		}
	}
}

/* White space around text is lost in XML, as are empty rows' places; no row is. */
static inline void write_and_read(const struct registry *registry)
{
	struct registry *back CLEANUP(registry_freep) = registry_new();
	struct fault fault = {};
	struct out out;
	int result;

	must(back && out_init_memory(&out) == 0);
	render_xml(&out, registry);
	must(out_finish(&out) == 0);
	result = source_xml_read(out_slice(&out), back, &fault);
	must(result == 0 || result == FAULT_LIMIT);
	if (result == 0) {
		must(back->row_count == registry->row_count);
		must(back->person_count == registry->person_count);
	}
	out_done(&out);
}

/* Everything that may come after reading. */
static inline void use_registry(const struct registry *registry)
{
	struct registry *back CLEANUP(registry_freep) = NULL;
	struct strbuf buffer CLEANUP(strbuf_done) = {};
	struct fault fault = {};
	struct image image;
	int result;

	must_be_clean(registry);
	write_and_read(registry);
	result = mkimage(registry, SLICE_NONE, &buffer, &fault);
	if (result < 0) {
		must(result == FAULT_LIMIT);
		must_be_told(result, &fault);
		return;
	}
	must(image_open(&image, strbuf_slice(&buffer), &fault) == 0);
	must(image_verify(&image, &fault) == 0);
	ask_everything(&image);
	must(mkimage_registry(strbuf_slice(&buffer), &back, &fault) == 0);
	must_be_same(registry, back);
}

static inline int read_any(source_reader *reader, const uint8_t *data, size_t size)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct fault fault = {};
	int result;

	must(registry);
	result = reader(fuzz_slice(data, size), registry, &fault);
	if (result < 0)
		must_be_told(result, &fault);
	else
		use_registry(registry);
	return 0;
}

#endif
