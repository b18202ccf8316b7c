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

struct slice utf8_cut(struct slice text, size_t max)
{
	size_t n = max;

	if (text.n <= max)
		return text;
	/* Bytes of one character at the most: malformed text may have more that look so. */
	while (n > 0 && max - n < UTF8_LONGEST && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return (struct slice){text.p, n};
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

/*
 * Simple case folding of the letters below U+0800 (Unicode, CaseFolding.txt, status C and S), but
 * for U+0130 and U+017F, whose folded forms are shorter. Ascending; every step-th one of a range.
 */
static const struct {
	uint16_t first, last, step;
	int16_t add;
} folds[] = {
	{0xb5, 0xb5, 1, 775},	 {0xc0, 0xd6, 1, 32},	  {0xd8, 0xde, 1, 32},
	{0x100, 0x12e, 2, 1},	 {0x132, 0x136, 2, 1},	  {0x139, 0x147, 2, 1},
	{0x14a, 0x176, 2, 1},	 {0x178, 0x178, 1, -121}, {0x179, 0x17d, 2, 1},
	{0x181, 0x181, 1, 210},	 {0x182, 0x184, 2, 1},	  {0x186, 0x186, 1, 206},
	{0x187, 0x187, 1, 1},	 {0x189, 0x18a, 1, 205},  {0x18b, 0x18b, 1, 1},
	{0x18e, 0x18e, 1, 79},	 {0x18f, 0x18f, 1, 202},  {0x190, 0x190, 1, 203},
	{0x191, 0x191, 1, 1},	 {0x193, 0x193, 1, 205},  {0x194, 0x194, 1, 207},
	{0x196, 0x196, 1, 211},	 {0x197, 0x197, 1, 209},  {0x198, 0x198, 1, 1},
	{0x19c, 0x19c, 1, 211},	 {0x19d, 0x19d, 1, 213},  {0x19f, 0x19f, 1, 214},
	{0x1a0, 0x1a4, 2, 1},	 {0x1a6, 0x1a6, 1, 218},  {0x1a7, 0x1a7, 1, 1},
	{0x1a9, 0x1a9, 1, 218},	 {0x1ac, 0x1ac, 1, 1},	  {0x1ae, 0x1ae, 1, 218},
	{0x1af, 0x1af, 1, 1},	 {0x1b1, 0x1b2, 1, 217},  {0x1b3, 0x1b5, 2, 1},
	{0x1b7, 0x1b7, 1, 219},	 {0x1b8, 0x1b8, 1, 1},	  {0x1bc, 0x1bc, 1, 1},
	{0x1c4, 0x1c4, 1, 2},	 {0x1c5, 0x1c5, 1, 1},	  {0x1c7, 0x1c7, 1, 2},
	{0x1c8, 0x1c8, 1, 1},	 {0x1ca, 0x1ca, 1, 2},	  {0x1cb, 0x1db, 2, 1},
	{0x1de, 0x1ee, 2, 1},	 {0x1f1, 0x1f1, 1, 2},	  {0x1f2, 0x1f4, 2, 1},
	{0x1f6, 0x1f6, 1, -97},	 {0x1f7, 0x1f7, 1, -56},  {0x1f8, 0x21e, 2, 1},
	{0x220, 0x220, 1, -130}, {0x222, 0x232, 2, 1},	  {0x23b, 0x23b, 1, 1},
	{0x23d, 0x23d, 1, -163}, {0x241, 0x241, 1, 1},	  {0x243, 0x243, 1, -195},
	{0x244, 0x244, 1, 69},	 {0x245, 0x245, 1, 71},	  {0x246, 0x24e, 2, 1},
	{0x345, 0x345, 1, 116},	 {0x370, 0x372, 2, 1},	  {0x376, 0x376, 1, 1},
	{0x37f, 0x37f, 1, 116},	 {0x386, 0x386, 1, 38},	  {0x388, 0x38a, 1, 37},
	{0x38c, 0x38c, 1, 64},	 {0x38e, 0x38f, 1, 63},	  {0x391, 0x3a1, 1, 32},
	{0x3a3, 0x3ab, 1, 32},	 {0x3c2, 0x3c2, 1, 1},	  {0x3cf, 0x3cf, 1, 8},
	{0x3d0, 0x3d0, 1, -30},	 {0x3d1, 0x3d1, 1, -25},  {0x3d5, 0x3d5, 1, -15},
	{0x3d6, 0x3d6, 1, -22},	 {0x3d8, 0x3ee, 2, 1},	  {0x3f0, 0x3f0, 1, -54},
	{0x3f1, 0x3f1, 1, -48},	 {0x3f4, 0x3f4, 1, -60},  {0x3f5, 0x3f5, 1, -64},
	{0x3f7, 0x3f7, 1, 1},	 {0x3f9, 0x3f9, 1, -7},	  {0x3fa, 0x3fa, 1, 1},
	{0x3fd, 0x3ff, 1, -130}, {0x400, 0x40f, 1, 80},	  {0x410, 0x42f, 1, 32},
	{0x460, 0x480, 2, 1},	 {0x48a, 0x4be, 2, 1},	  {0x4c0, 0x4c0, 1, 15},
	{0x4c1, 0x4cd, 2, 1},	 {0x4d0, 0x52e, 2, 1},	  {0x531, 0x556, 1, 48},
};

static uint32_t fold_two_bytes(uint32_t c)
{
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]) && c >= folds[i].first; i++) {
		if (c <= folds[i].last && (c - folds[i].first) % folds[i].step == 0)
			return (uint32_t)((int32_t)c + folds[i].add);
	}
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
