#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/library.h"
#include "codec/codec.h"

#define FUNCTIONS(each)                                                                            \
	each(createCCtx) each(freeCCtx) each(CCtx_setParameter) each(CCtx_refPrefix)               \
		each(compress2) each(compressBound) each(createDCtx) each(freeDCtx)                \
			each(DCtx_refPrefix) each(decompressDCtx) each(getFrameContentSize)        \
				each(findFrameCompressedSize) each(isError) each(getErrorCode)     \
					each(getErrorName)

struct zstd {
#define MEMBER(name) typeof(ZSTD_##name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

/* Of text and base together: both are in the window of the frame, which is at most 2 GiB. */
enum { TEXTS_MAX = 1 << 30 };

static int zstd_open(struct zstd *ret_zstd, struct fault *fault)
{
	static const char *const names[] = {
#define NAME(name) "ZSTD_" #name,
		FUNCTIONS(NAME)
#undef NAME
	};

	return library_open("libzstd.so.1", "Zstandard", names, ARRAY_SIZE(names), ret_zstd, fault);
}

static int too_large(struct fault *fault, size_t limit)
{
	return fault_set(fault, FAULT_LIMIT, "larger than the limit of %zu bytes", limit);
}

/* The window reaches from the end of the text back to the start of the base. */
static int window_bits(size_t n)
{
	int bits = 10;

	while (((size_t)1 << bits) < n)
		bits++;
	return bits;
}

static size_t pack(const struct zstd *zstd, ZSTD_CCtx *context, struct slice text,
		   struct slice base, int level, char *to, size_t room)
{
	zstd->CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
	zstd->CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	if (base.n > 0) {
		/* Low levels look only so far back for short matches; long ones are found anywhere.
		 */
		zstd->CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1);
		zstd->CCtx_setParameter(context, ZSTD_c_windowLog, window_bits(text.n + base.n));
		zstd->CCtx_refPrefix(context, base.p, base.n);
	}
	return zstd->compress2(context, to, room, text.n > 0 ? text.p : "", text.n);
}

/* What an error of the library means. */
static int failed(const struct zstd *zstd, size_t error, struct fault *fault)
{
	if (zstd->getErrorCode(error) == ZSTD_error_memory_allocation)
		return fault_memory(fault);
	return fault_set(fault, FAULT_MALFORMED, "damaged, or packed with another base: %s",
			 zstd->getErrorName(error));
}

/* As many bytes as the buffer may still grow by. */
static size_t room_of(const struct strbuf *buffer)
{
	return buffer->max > 0 ? buffer->max - buffer->n : SIZE_MAX;
}

int codec_pack(struct slice text, struct slice base, int level, struct strbuf *packed,
	       struct fault *fault)
{
	struct zstd zstd;
	ZSTD_CCtx *context;
	size_t before = packed->n, room, n;
	char *to;
	int result;

	if (text.n > TEXTS_MAX || base.n > TEXTS_MAX - text.n)
		return too_large(fault, TEXTS_MAX);
	result = zstd_open(&zstd, fault);
	if (result < 0)
		return result;
	room = zstd.compressBound(text.n);
	if (room > room_of(packed))
		room = room_of(packed);
	context = zstd.createCCtx();
	to = context ? strbuf_extend(packed, room) : NULL;
	packed->n = before;
	if (!to) {
		zstd.freeCCtx(context);
		return fault_memory(fault);
	}
	n = pack(&zstd, context, text, base, level, to, room);
	zstd.freeCCtx(context);
	if (zstd.isError(n))
		return zstd.getErrorCode(n) == ZSTD_error_dstSize_tooSmall
			       ? too_large(fault, packed->max)
			       : fault_memory(fault);
	packed->n = before + n;
	return 0;
}

/* The size of the one frame's text. */
static int measure(const struct zstd *zstd, struct slice packed, size_t limit, size_t *ret_n,
		   struct fault *fault)
{
	size_t frame = zstd->findFrameCompressedSize(packed.p, packed.n);
	unsigned long long n;

	if (zstd->isError(frame))
		return failed(zstd, frame, fault);
	n = zstd->getFrameContentSize(packed.p, packed.n);
	if (frame != packed.n || n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR)
		return fault_set(fault, FAULT_MALFORMED, "not one packed text");
	if (n > limit)
		return too_large(fault, limit);
	*ret_n = (size_t)n;
	return 0;
}

/* n bytes to *to. */
static int unpack(const struct zstd *zstd, struct slice packed, struct slice base, char *to,
		  size_t n, struct fault *fault)
{
	ZSTD_DCtx *context = zstd->createDCtx();
	size_t unpacked;

	if (!context)
		return fault_memory(fault);
	if (base.n > 0)
		zstd->DCtx_refPrefix(context, base.p, base.n);
	unpacked = zstd->decompressDCtx(context, to, n, packed.p, packed.n);
	zstd->freeDCtx(context);
	return zstd->isError(unpacked) ? failed(zstd, unpacked, fault) : 0;
}

int codec_unpack(struct slice packed, struct slice base, size_t limit, struct strbuf *text,
		 struct fault *fault)
{
	struct zstd zstd;
	size_t before = text->n, n = 0;
	int result = zstd_open(&zstd, fault);
	char *to;

	if (limit > room_of(text))
		limit = room_of(text);
	if (result == 0)
		result = measure(&zstd, packed, limit, &n, fault);
	if (result < 0)
		return result;
	to = strbuf_extend(text, n);
	if (!to)
		return fault_memory(fault);
	result = unpack(&zstd, packed, base, to, n, fault);
	if (result < 0)
		text->n = before;
	return result;
}
