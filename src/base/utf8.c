#include "base/utf8.h"

/* Length of the well-formed sequence that text (n > 0) begins with; 0 where it is malformed. */
static size_t sequence(struct slice text, uint32_t *ret_character)
{
	const unsigned char *p = (const unsigned char *)text.p;
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c;
	size_t n;

	if (p[0] < 0x80) {
		*ret_character = p[0];
		return 1;
	}
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (text.n < n)
		return 0;
	c = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_character = c;
	return n;
}

bool utf8_valid(struct slice text, size_t *ret_bad_at)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t c;
		size_t n;

		if (text.p[at] >= 0) {
			at++;
			continue;
		}
		n = sequence(slice_skip(text, at), &c);
		if (n == 0) {
			*ret_bad_at = at;
			return false;
		}
		at += n;
	}
	return true;
}

size_t utf8_next(struct slice text, uint32_t *ret_character)
{
	size_t n = sequence(text, ret_character);

	if (n == 0) {
		*ret_character = 0xfffd;
		return 1;
	}
	return n;
}

unsigned utf8_width(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		unsigned width;
	} ranges[] = {
		{0x0000, 0x001f, 0},   {0x007f, 0x009f, 0},   {0x0300, 0x036f, 0},
		{0x0483, 0x0489, 0},   {0x0591, 0x05bd, 0},   {0x0610, 0x061a, 0},
		{0x064b, 0x065f, 0},   {0x1100, 0x115f, 2},   {0x1ab0, 0x1aff, 0},
		{0x1dc0, 0x1dff, 0},   {0x200b, 0x200f, 0},   {0x202a, 0x202e, 0},
		{0x2060, 0x2064, 0},   {0x20d0, 0x20ff, 0},   {0x2e80, 0x303e, 2},
		{0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},
		{0xfe00, 0xfe0f, 0},   {0xfe20, 0xfe2f, 0},   {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
		{0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
	};

	if (c >= 0x20 && c < 0x7f)
		return 1;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].width;
	}
	return 1;
}

size_t utf8_text_width(struct slice text)
{
	size_t width = 0;
	uint32_t c;

	while (text.n > 0) {
		text = slice_skip(text, utf8_next(text, &c));
		width += utf8_width(c);
	}
	return width;
}

static uint32_t fold_two_bytes(uint32_t c)
{
	if (c >= 0xc0 && c <= 0xde)
		return c == 0xd7 ? c : c + 0x20;
	if ((c >= 0x100 && c <= 0x137 && c != 0x130 && c != 0x131) || (c >= 0x14a && c <= 0x177) ||
	    (c >= 0x1de && c <= 0x1ef) || (c >= 0x1f8 && c <= 0x21f) ||
	    (c >= 0x222 && c <= 0x233) || (c >= 0x460 && c <= 0x481) ||
	    (c >= 0x48a && c <= 0x4bf) || (c >= 0x4d0 && c <= 0x52f))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) || (c >= 0x1cd && c <= 0x1dc))
		return c + (c & 1);
	if (c == 0x178)
		return 0xff;
	if (c >= 0x391 && c <= 0x3ab && c != 0x3a2)
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if (c >= 0x410 && c <= 0x42f)
		return c + 0x20;
	if (c >= 0x531 && c <= 0x556)
		return c + 0x30;
	return c;
}

typedef unsigned char vector __attribute__((vector_size(16)));
typedef uint64_t vector_words __attribute__((vector_size(16)));

/* Folds sixteen ASCII bytes; false, and nothing done, where one of them is not ASCII. */
static bool fold_sixteen(const char *from, char *to)
{
	vector bytes;
	vector_words words;

	memcpy(&bytes, from, sizeof(bytes));
	words = (vector_words)bytes;
	if ((words[0] | words[1]) & UINT64_C(0x8080808080808080))
		return false;
	bytes |= (vector)(bytes - 'A' < 26) & 0x20;
	memcpy(to, &bytes, sizeof(bytes));
	return true;
}

void utf8_fold(struct slice text, char *to)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		while (text.n - i >= 16 && fold_sixteen(text.p + i, to + i)) {
			i += 16;
			if (i == text.n)
				return;
			c = (unsigned char)text.p[i];
		}
		if (c >= 0xc2 && c <= 0xdf && i + 1 < text.n &&
		    ((unsigned char)text.p[i + 1] & 0xc0) == 0x80) {
			uint32_t folded = fold_two_bytes((c & 0x1fu) << 6 |
							 ((unsigned char)text.p[i + 1] & 0x3fu));

			to[i] = (char)(0xc0 | folded >> 6);
			to[i + 1] = (char)(0x80 | (folded & 0x3f));
			i++;
		} else {
			to[i] = ascii_fold((char)c);
		}
	}
}

bool utf8_fold_eq(struct slice a, struct slice b)
{
	char left[64], right[64];

	if (a.n != b.n)
		return false;
	/* Piecewise; a piece may cut a two-byte letter, so step back to its start. */
	while (a.n > 0) {
		size_t n = a.n < sizeof(left) ? a.n : sizeof(left);

		if (n < a.n && ((unsigned char)a.p[n] & 0xc0) == 0x80 &&
		    (unsigned char)a.p[n - 1] >= 0xc2)
			n--;
		utf8_fold((struct slice){a.p, n}, left);
		utf8_fold((struct slice){b.p, n}, right);
		if (memcmp(left, right, n) != 0)
			return false;
		a = slice_skip(a, n);
		b = slice_skip(b, n);
	}
	return true;
}
