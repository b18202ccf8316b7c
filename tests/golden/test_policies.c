/*
 * Policies with something wrong in them, and what is said of it; and what the documentation has as
 * examples of policies and applications: test_policies FOLDER DOCS.
 */
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>

#include "application/application.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "policy/policy.h"

enum { FILE_MAX = 1024 * 1024 };

static const char *folder, *docs;

static void read_file(const char *folder_, const char *name, struct file_content *content)
{
	char path[4096];
	struct fault fault = {};

	assert_true((size_t)snprintf(path, sizeof(path), "%s/%s", folder_, name) < sizeof(path));
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

	read_file(folder, "base.json", &base);
	read_file(folder, "cases.txt", &file);
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

/* What stands between two marks of a text, each of which is there. */
static struct slice between(struct slice text, struct slice from, struct slice to)
{
	size_t at = slice_find(text, from);

	assert_true(at != (size_t)-1);
	text = slice_skip(text, at + from.n);
	at = slice_find(text, to);
	assert_true(at != (size_t)-1);
	return (struct slice){text.p, at};
}

static void test_documented_policy(void **state)
{
	struct file_content page CLEANUP(file_content_done) = {};
	struct policy *policy CLEANUP(policy_freep) = NULL;
	struct fault fault = {};
	(void)state;

	read_file(docs, "POLICY.md", &page);
	assert_int_equal(
		policy_read(between(page.text, SLICE("```json\n"), SLICE("```")), &policy, &fault),
		0);
	assert_text(policy->name, "lab");
}

static void test_documented_applications(void **state)
{
	struct file_content page CLEANUP(file_content_done) = {};
	struct application yaml CLEANUP(application_done) = {};
	struct application json CLEANUP(application_done) = {};
	struct application_problem problem = {};
	(void)state;

	read_file(docs, "APPLICATION.md", &page);
	assert_int_equal(application_read_yaml(between(page.text, SLICE("```yaml\n"), SLICE("```")),
					       &yaml, &problem),
			 0);
	assert_text(yaml.values[FIELD_NAME], "shelfmark");
	assert_int_equal(application_read_json(between(page.text, SLICE("same: `"), SLICE("`")),
					       &json, &problem),
			 0);
	assert_int_equal(json.procedure, PROCEDURE_NAME);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
					   cmocka_unit_test(test_documented_policy),
					   cmocka_unit_test(test_documented_applications)};

	assert_int_equal(argc, 3);
	folder = argv[1];
	docs = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
