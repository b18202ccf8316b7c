/* What the tests of the renderers share. Included behind cmocka.h. */
#ifndef PORTBOOK_TESTS_RENDERING_H
#define PORTBOOK_TESTS_RENDERING_H

#include "render/render.h"

/* Fails the test unless the format gives exactly this text for the rows. */
static inline void expect_text(const struct render_format *format, const struct row *rows,
			       size_t count, struct slice expected)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	format->begin(&out);
	for (size_t i = 0; i < count; i++)
		format->row(&out, &rows[i], i);
	format->end(&out, count);
	assert_int_equal(out_finish(&out), 0);
	assert_int_equal(out.n, expected.n);
	assert_memory_equal(out.p, expected.p, expected.n);
	out_done(&out);
}

#endif
