/*
 * A slice is text that belongs to somebody else: a pointer and a length in bytes, no terminator.
 * p == NULL is "absent", which is not the same as present and empty. All text inside the program
 * travels as slices; NUL-terminated strings exist only where the operating system wants them.
 */
#ifndef PORTBOOK_BASE_SLICE_H
#define PORTBOOK_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

/* From a string literal; its length is known when compiling. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})
#define SLICE_NONE     ((struct slice){NULL, 0})

static inline struct slice slice_cstr(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

static inline struct slice slice_between(const char *from, const char *to)
{
	return (struct slice){from, (size_t)(to - from)};
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n &&
	       (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* What is left after the first n bytes (n may exceed the length). */
static inline struct slice slice_skip(struct slice s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct slice){s.p ? s.p + n : NULL, s.n - n};
}

/* Bytewise order, a shorter text before the longer one that it begins. */
int slice_compare(struct slice a, struct slice b);

/* Offset of the first occurrence of needle, or (size_t)-1. An empty needle is found at 0. */
size_t slice_find(struct slice s, struct slice needle);

/* Offset of the first (last) byte c, or (size_t)-1. */
size_t slice_find_byte(struct slice s, char c);
size_t slice_find_last_byte(struct slice s, char c);

/* Without blanks (space, tab, CR, LF) at both ends. An absent slice stays absent. */
struct slice slice_trim(struct slice s);

/*
 * The text before the first byte c, which is cut from *s together with c; where c does not
 * occur, the whole of *s, and *s becomes absent.
 */
struct slice slice_cut(struct slice *s, char c);

static inline bool byte_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool byte_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool byte_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
