/* The publisher's XML, which comes out byte by byte as it went in. */
#include "reading.h"
#include "source/xml.h"

static void must_come_out(struct slice document)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct file_reader memory = file_reader_of(document);
	struct strbuf marks CLEANUP(strbuf_done) = {};
	struct out out;
	bool utf8 = false;

	must(registry);
	memory.piece = 64;
	if (source_xml_find_utf8(&memory, &utf8, NULL) < 0 || !utf8 ||
	    source_xml_read_file(&memory, registry, &marks, NULL) < 0 || registry->row_count == 0)
		return;
	must(source_xml_keep_layout(&memory, &marks, registry, NULL) == 0);
	must(out_init_memory(&out) == 0);
	render_xml(&out, registry);
	must(out_finish(&out) == 0);
	must(slice_eq(out_slice(&out), document));
	out_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	must_come_out(fuzz_slice(data, size));
	return read_any(source_xml_read, data, size);
}
