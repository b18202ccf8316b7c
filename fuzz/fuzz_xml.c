/* The publisher's XML, which comes out byte by byte as it went in. */
#include "reading.h"
#include "source/xml.h"

static void must_come_out(struct slice document)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct out out;

	must(registry);
	if (!source_xml_is_utf8(document) || source_xml_read(document, registry, NULL) < 0 ||
	    registry->row_count == 0)
		return;
	must(source_xml_keep_layout(document, registry, NULL) == 0);
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
