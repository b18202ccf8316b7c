/*
 * Any bytes as a packed text: the first tells how long the base is that follows, the rest is the
 * packed text. What is unpacked is within the limit, and packs again to what unpacks to it.
 */
#include "codec/codec.h"
#include "fuzz.h"

enum { TEXT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf text CLEANUP(strbuf_done) = {}, packed CLEANUP(strbuf_done) = {},
			   back CLEANUP(strbuf_done) = {};
	struct slice base = SLICE_NONE, rest = fuzz_slice(data, size);
	struct fault fault = {};
	int result;

	if (size > 0 && data[0] < size) {
		base = (struct slice){rest.p + 1, data[0]};
		rest = slice_skip(rest, 1 + base.n);
	}
	result = codec_unpack(rest, base, TEXT_MAX, &text, &fault);
	if (result < 0) {
		must(result == FAULT_MALFORMED || result == FAULT_LIMIT);
		must(fault.text[0] != '\0' && text.n == 0);
		return 0;
	}
	must(text.n <= TEXT_MAX);
	must(codec_pack(strbuf_slice(&text), base, CODEC_LEVEL_PATCH, &packed, &fault) == 0);
	must(codec_unpack(strbuf_slice(&packed), base, text.n, &back, &fault) == 0);
	must(slice_eq(strbuf_slice(&text), strbuf_slice(&back)));
	return 0;
}
