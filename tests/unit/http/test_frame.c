#undef NDEBUG
#include "../testing.h"

#include "base/out.h"
#include "http/frame.h"

typedef void writer(struct out *out, struct slice text);

static void assert_written(writer *write, struct slice text, struct slice wanted)
{
	struct out out;

	assert_int_equal(out_init_memory(&out), 0);
	write(&out, text);
	assert_int_equal(out.error, 0);
	assert_slice(out_slice(&out), wanted);
	out_done(&out);
}

/* Whatever the bytes are, there is no markup, no control character and nothing malformed. */
static void test_text(void **state)
{
	(void)state;
	assert_written(frame_put, SLICE("a<b>&\"c\""), SLICE("a&lt;b&gt;&amp;\"c\""));
	assert_written(frame_put_value, SLICE("a<b>&\"c\""), SLICE("a&lt;b&gt;&amp;&quot;c&quot;"));
	assert_written(frame_put, SLICE("\xc3\xa9lan"), SLICE("\xc3\xa9lan"));
	assert_written(frame_put_value, SLICE("\xc3\xa9lan"), SLICE("&#xE9;lan"));
	assert_written(frame_put, SLICE("a\x01\x7f\0z"), SLICE("a&#xFFFD;&#xFFFD;&#xFFFD;z"));
	assert_written(frame_put_value, SLICE("a\x1b\xff"), SLICE("a&#xFFFD;&#xFFFD;"));
	assert_written(frame_put, SLICE_NONE, SLICE(""));
}

static void test_encoded(void **state)
{
	(void)state;
	assert_written(frame_encoded, SLICE("aZ09-._~"), SLICE("aZ09-._~"));
	assert_written(frame_encoded, SLICE("/?&=+% \"\0\xc3\r\n"),
		       SLICE("%2F%3F%26%3D%2B%25%20%22%00%C3%0D%0A"));
}

static void test_problem(void **state)
{
	struct http_response response = {};

	(void)state;
	assert_int_equal(http_problem(&response, 400, SLICE("Bad Request"),
				      SLICE("\"<script>\x02\" is no date")),
			 0);
	assert_int_equal(frame_problem(&response), 0);
	assert_slice(response.type, HTTP_HTML);
	assert_true(slice_find(out_slice(&response.body),
			       SLICE("<p>\"&lt;script&gt;&#xFFFD;\" is no date</p>")) !=
		    (size_t)-1);
	http_response_done(&response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_encoded),
		cmocka_unit_test(test_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
