#include "http/compress.h"

#include <limits.h>
#include <pthread.h>
#include <zlib.h>

#include "base/library.h"

enum { LEVEL = 5, WINDOW_BITS = 15 + 16 /* in a gzip wrapping */, MEMORY_LEVEL = 8 };

static struct {
	typeof(deflateInit2_) *deflateInit2_;
	typeof(deflate) *deflate;
	typeof(deflateEnd) *deflateEnd;
} zlib;
static int loaded = FAULT_SYSTEM;

static void load(void)
{
	static const char *const names[] = {"deflateInit2_", "deflate", "deflateEnd"};

	loaded = library_open("libz.so.1", "zlib", names, ARRAY_SIZE(names), &zlib, NULL);
}

static int pack(z_stream *stream, struct out *packed)
{
	char piece[16 * 1024];
	int result;

	do {
		stream->next_out = (Bytef *)piece;
		stream->avail_out = sizeof(piece);
		result = zlib.deflate(stream, Z_FINISH);
		out_put(packed, (struct slice){piece, sizeof(piece) - stream->avail_out});
	} while (result == Z_OK && !packed->error);
	return result == Z_STREAM_END && !packed->error ? 0 : FAULT_MEMORY;
}

int compress_gzip(struct slice text, struct out *ret_packed)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	z_stream stream = {.next_in = (Bytef *)text.p, .avail_in = (uInt)text.n};
	struct out packed;
	int result;

	pthread_once(&once, load);
	if (loaded < 0 || text.n > UINT_MAX)
		return FAULT_SYSTEM;
	if (zlib.deflateInit2_(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
			       Z_DEFAULT_STRATEGY, ZLIB_VERSION, (int)sizeof(stream)) != Z_OK)
		return FAULT_MEMORY;
	result = out_init_memory(&packed);
	if (result == 0) {
		result = pack(&stream, &packed);
		if (result == 0)
			*ret_packed = packed;
		else
			out_done(&packed);
	}
	zlib.deflateEnd(&stream);
	return result;
}
