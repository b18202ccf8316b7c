#define _GNU_SOURCE
#include "base/slice.h"

int slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

size_t slice_find(struct slice s, struct slice needle)
{
	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return (size_t)-1;

	const char *at = memmem(s.p, s.n, needle.p, needle.n);

	return at ? (size_t)(at - s.p) : (size_t)-1;
}

size_t slice_find_byte(struct slice s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : (size_t)-1;
}

size_t slice_find_last_byte(struct slice s, char c)
{
	const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : (size_t)-1;
}

struct slice slice_trim(struct slice s)
{
	while (s.n > 0 && byte_is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && byte_is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct slice slice_cut(struct slice *s, char c)
{
	struct slice head = *s;
	size_t at = slice_find_byte(head, c);

	if (at == (size_t)-1) {
		*s = SLICE_NONE;
		return head;
	}
	head.n = at;
	*s = slice_skip(*s, at + 1);
	return head;
}
