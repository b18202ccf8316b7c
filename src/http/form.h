/* Inside http/: what a browser sends of a form (application/x-www-form-urlencoded). */
#ifndef PORTBOOK_HTTP_FORM_H
#define PORTBOOK_HTTP_FORM_H

#include "base/arena.h"
#include "http/http.h"

enum { FORM_FIELDS_MAX = 128 };

/* Zeroed memory has no fields. Text is in the arena that it was read into. */
struct form {
	struct {
		struct slice name, value; /* UTF-8 without NUL; lines end in LF */
	} fields[FORM_FIELDS_MAX];
	size_t count;
};

/* 0; FAULT_MALFORMED: no UTF-8, or has a NUL; FAULT_LIMIT: too many fields; FAULT_MEMORY. */
int form_read(struct slice body, struct arena *arena, struct form *form) MUST_USE;

/* The value of an index, from 0, of those with the name; absent: there is none. */
struct slice form_value(const struct form *form, struct slice name, size_t index);

#endif
