#include "annotate/separators.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A bit for each of 64 bytes that is c. */
static inline uint64_t find_byte(const char *p, char c)
{
	uint64_t bits = 0;

#ifdef __SSE2__
	const __m128i wanted = _mm_set1_epi8(c);

	for (unsigned i = 0; i < SEPARATORS_WORD; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));

		bits |= (uint64_t)found << i;
	}
#else
	for (unsigned i = 0; i < SEPARATORS_WORD; i++)
		bits |= (uint64_t)(p[i] == c) << i;
#endif
	return bits;
}

/* Each bit is the parity of those up to and with it. */
static inline uint64_t parity_up_to(uint64_t bits)
{
	for (unsigned shift = 1; shift < SEPARATORS_WORD; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

static inline uint64_t separators_of(const char *p, char delimiter)
{
	return find_byte(p, '\n') | (delimiter ? find_byte(p, delimiter) : 0);
}

static void find_plain(struct block *block, char delimiter)
{
	for (size_t i = 0; i * SEPARATORS_WORD < block->n; i++)
		block->separators[i] = separators_of(block->p + i * SEPARATORS_WORD, delimiter);
}

/*
 * Where every quote opens or closes a field, or is one of two. False, and nothing is to be relied
 * on, where one is not, which is seen by one that would open a field in its middle.
 */
static bool find_quoted(struct block *block, char delimiter)
{
	uint64_t inside = 0;   /* all ones: the byte before is in quotes */
	uint64_t may_open = 1; /* the byte before lets a quote open a field, or the second of two */

	for (size_t i = 0; i * SEPARATORS_WORD < block->n; i++) {
		const char *p = block->p + i * SEPARATORS_WORD;
		uint64_t quotes = find_byte(p, '"'), separators = separators_of(p, delimiter);
		uint64_t quoted, closing, before;

		if (block->n - i * SEPARATORS_WORD < SEPARATORS_WORD)
			quotes &= (UINT64_C(1) << (block->n - i * SEPARATORS_WORD)) - 1;
		quoted = parity_up_to(quotes) ^ inside;
		separators &= ~quoted;
		closing = quotes & ~quoted;
		before = separators | closing;
		if (quotes & quoted & ~(before << 1 | may_open))
			return false;
		inside = -(quoted >> (SEPARATORS_WORD - 1));
		may_open = before >> (SEPARATORS_WORD - 1);
		block->separators[i] = separators;
	}
	block->open = inside;
	return true;
}

static inline void mark(struct block *block, size_t at)
{
	block->separators[at / SEPARATORS_WORD] |= UINT64_C(1) << at % SEPARATORS_WORD;
}

/* The same, byte by byte, whatever stands there. */
static void find_any(struct block *block, char delimiter)
{
	bool first = true, quoted = false;

	memset(block->separators, 0,
	       (block->n + SEPARATORS_WORD - 1) / SEPARATORS_WORD * sizeof(block->separators[0]));
	for (size_t i = 0; i < block->n; i++) {
		char c = block->p[i];

		if (quoted) {
			if (c == '"' && i + 1 < block->n && block->p[i + 1] == '"')
				i++;
			else if (c == '"')
				quoted = false;
			continue;
		}
		quoted = first && c == '"';
		first = c == '\n' || (delimiter && c == delimiter);
		if (first)
			mark(block, i);
	}
	block->open = quoted;
}

void separators_cut(struct block *block, size_t n)
{
	size_t rest = n % SEPARATORS_WORD;

	block->open = block->open && n == block->n;
	block->n = n;
	if (rest > 0)
		block->separators[n / SEPARATORS_WORD] &= (UINT64_C(1) << rest) - 1;
}

void separators_find(struct block *block, char delimiter, bool quotes)
{
	block->open = false;
	if (!quotes || !memchr(block->p, '"', block->n))
		find_plain(block, delimiter);
	else if (!find_quoted(block, delimiter))
		find_any(block, delimiter);
	separators_cut(block, block->n);
	block->separated = true;
}

size_t separators_last(const struct block *block)
{
	for (size_t i = (block->n + SEPARATORS_WORD - 1) / SEPARATORS_WORD; i-- > 0;) {
		uint64_t bits = block->separators[i];

		while (bits) {
			unsigned last = SEPARATORS_WORD - 1 - (unsigned)__builtin_clzll(bits);
			size_t at = i * SEPARATORS_WORD + last;

			if (block->p[at] == '\n')
				return at + 1;
			bits &= ~(UINT64_C(1) << last);
		}
	}
	return 0;
}

/* The same for so many times 16 bytes, of which 255 fit the sums of each byte. */
#ifdef __SSE2__
static uint64_t count_lines(const char *p, size_t n)
{
	const __m128i wanted = _mm_set1_epi8('\n'), none = _mm_setzero_si128();
	__m128i sums = none;

	for (size_t i = 0; i < n; i++, p += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

		sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(bytes, wanted));
	}
	sums = _mm_sad_epu8(sums, none);
	return (uint64_t)_mm_cvtsi128_si64(sums) +
	       (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums));
}
#endif

uint64_t separators_lines(const char *p, size_t n)
{
	uint64_t lines = 0;

#ifdef __SSE2__
	while (n >= 16) {
		size_t part = n / 16 < UINT8_MAX ? n / 16 : UINT8_MAX;

		lines += count_lines(p, part);
		p += part * 16;
		n -= part * 16;
	}
#endif
	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}
