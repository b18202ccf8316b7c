/* What the tests of the readers share. Included behind cmocka.h. */
#ifndef PORTBOOK_TESTS_READING_H
#define PORTBOOK_TESTS_READING_H

#include <stdlib.h>

#include "source/reader.h"

#define assert_slice(slice_, literal_)                                                             \
	do {                                                                                       \
		struct slice got_ = (slice_);                                                      \
		assert_non_null(got_.p);                                                           \
		assert_int_equal(got_.n, sizeof(literal_) - 1);                                    \
		assert_memory_equal(got_.p, literal_, sizeof(literal_) - 1);                       \
	} while (0)

#define assert_absent(slice_) assert_null((slice_).p)

/* The registry that the document holds; fails the test where it is refused. */
static inline struct registry *read_well(source_reader *reader, struct slice document)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	if (reader(document, registry, &fault) < 0)
		fail_msg("%lu:%lu: %s", (unsigned long)fault.line, (unsigned long)fault.column,
			 fault.text);
	return registry;
}

/* Reads a document that must be refused: its code, with the place and text in *ret_fault. */
static inline int read_refused(source_reader *reader, struct slice document,
			       struct fault *ret_fault)
{
	struct registry *registry = registry_new();
	int result;

	assert_non_null(registry);
	*ret_fault = (struct fault){};
	result = reader(document, registry, ret_fault);
	registry_free(registry);
	assert_true(result < 0);
	return result;
}

static inline void read_copy(source_reader *reader, const char *p, size_t n)
{
	struct registry *registry = registry_new();
	/* Of exactly its size, so that a sanitizer sees reading past the end. */
	char *copy = malloc(n ? n : 1);
	struct fault fault = {};

	assert_non_null(registry);
	assert_non_null(copy);
	memcpy(copy, p, n);
	if (reader((struct slice){copy, n}, registry, &fault) < 0) {
		assert_true(fault.line >= 1 && fault.column >= 1);
		assert_true(fault.text[0] != '\0');
	}
	registry_free(registry);
	free(copy);
}

/* Reads every beginning of a document, and times copies of it with changed bytes. */
static inline void read_mangled(source_reader *reader, struct slice document, unsigned times)
{
	uint32_t random = 1;
	char *copy = malloc(document.n);

	assert_non_null(copy);
	for (size_t n = 0; n <= document.n; n++)
		read_copy(reader, document.p, n);
	while (times-- > 0) {
		memcpy(copy, document.p, document.n);
		for (unsigned i = 0; i <= times % 3; i++) {
			/* The constants are Numerical Recipes'; only the high bits are used. */
			random = random * 1664525u + 1013904223u;
			copy[(random >> 8) % document.n] ^= (char)(1 << (random >> 29));
		}
		read_copy(reader, copy, document.n);
	}
	free(copy);
}

#endif
