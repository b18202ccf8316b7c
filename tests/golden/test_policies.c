/* Policies with something wrong in them, and what is said of it; test_policies FOLDER. */
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "policy/policy.h"

enum { FILE_MAX = 1024 * 1024 };

static const char *folder;

static void read_file(const char *name, struct file_content *content)
{
	char path[4096];
	struct fault fault = {};

	assert_true((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) < sizeof(path));
	assert_int_equal(file_read(path, FILE_MAX, content, &fault), 0);
}

/* What is said of base with one text replaced; nothing where there is nothing to say. */
static void judge(struct slice base, struct slice from, struct slice to, struct strbuf *said)
{
	size_t at = slice_find(base, from);
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct policy *policy CLEANUP(policy_freep) = NULL;
	struct fault fault = {};
	int result;

	assert_true(at != (size_t)-1);
	strbuf_add(&text, (struct slice){base.p, at});
	strbuf_add(&text, to);
	strbuf_add(&text, slice_skip(base, at + from.n));
	result = policy_read(strbuf_slice(&text), &policy, &fault);
	assert_int_equal(!policy, result != 0);
	if (result == 0)
		return;
	assert_int_equal(result, FAULT_MALFORMED);
	strbuf_printf(said, "%lu:%lu: %s", (unsigned long)fault.line, (unsigned long)fault.column,
		      fault.text);
}

/* The text of a line of a case, which begins with that mark. */
static struct slice take_line(struct slice *cases, char mark)
{
	struct slice line = slice_cut(cases, '\n');

	assert_true(line.n > 0 && line.p[0] == mark);
	return line.n > 2 ? slice_skip(line, 2) : SLICE("");
}

static void test_cases(void **state)
{
	struct file_content base CLEANUP(file_content_done) = {};
	struct file_content file CLEANUP(file_content_done) = {};
	unsigned count = 0, wrong = 0;
	struct slice cases;
	(void)state;

	read_file("base.json", &base);
	read_file("cases.txt", &file);
	cases = file.text;
	while (cases.n > 0) {
		struct strbuf said CLEANUP(strbuf_done) = {};
		struct slice from, to, expected;

		if (cases.p[0] == '#') {
			(void)slice_cut(&cases, '\n');
			continue;
		}
		from = take_line(&cases, '-');
		to = take_line(&cases, '+');
		expected = take_line(&cases, '=');
		judge(base.text, from, to, &said);
		if (!slice_eq(strbuf_slice(&said), expected)) {
			print_error("%.*s -> %.*s\n= %.*s\n", (int)from.n, from.p, (int)to.n, to.p,
				    (int)said.n, said.n ? said.p : "");
			wrong++;
		}
		count++;
	}
	assert_int_equal(wrong, 0);
	assert_true(count > 50);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	assert_int_equal(argc, 2);
	folder = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
