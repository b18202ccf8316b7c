/* Whatever fails while configuration files are read and judged, it is said, and nothing leaks. */
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>

#include "audit/audit.h"
#include "builtin/builtin.h"
#include "failing.h"

enum { CALLS_MAX = 3000 };

static int run(enum audit_kind kind, struct slice path, struct slice text, size_t *ret_findings,
	       struct fault *fault)
{
	struct audit_options options = {};
	struct audit *audit;
	struct image image;
	int result = audit_new(&audit, fault);

	if (result < 0)
		return result;
	assert_int_equal(image_open(&image, builtin_image(), NULL), 0);
	result = audit_read(audit, path, kind, text, SLICE("A=1\n"), fault);
	if (result == 0)
		result = audit_judge(audit, &image, &options, fault);
	*ret_findings = audit_finding_count(audit);
	audit_free(audit);
	return result;
}

static void fail_each(enum audit_kind kind, struct slice path, struct slice text, size_t expected)
{
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct fault fault = {};
			size_t findings = 0;
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = run(kind, path, text, &findings, &fault);
			failed = failing_disarm();
			if (failed == FAILING_NONE)
				assert_int_equal(result, 0);
			if (result == 0)
				assert_int_equal(findings, expected);
			else
				assert_told(fault);
		}
	}
}

static void test_yaml(void **state)
{
	(void)state;
	fail_each(AUDIT_COMPOSE, SLICE("compose.yaml"),
		  SLICE("x: &x [\"50000:1\"]\nservices:\n  a:\n    ports: *x\n  b:\n    ports: "
			"[\"${A}:2\", \"1:3\", \"${B}:4\"] # portbook: allow 1306\n"),
		  2);
	fail_each(AUDIT_KUBERNETES, SLICE("k.yaml"),
		  SLICE("kind: Service\nspec: {ports: [{name: https, port: 8081, nodePort: 1}]}\n"),
		  3);
}

static void test_lines(void **state)
{
	(void)state;
	fail_each(AUDIT_SOCKET, SLICE("a.socket"), SLICE("[Socket]\nListenStream=50000\n"), 1);
	fail_each(AUDIT_SERVICE, SLICE("a.service"), SLICE("[Service]\nExecStart=a --port 50000\n"),
		  1);
	fail_each(AUDIT_DOCKERFILE, SLICE("Dockerfile"), SLICE("ARG A=0\nEXPOSE $A $B\n"), 2);
	fail_each(AUDIT_DOTENV, SLICE(".env"), SLICE("PORT=50000\nREDIS_PORT=0\n"), 2);
	fail_each(AUDIT_NGINX, SLICE("nginx.conf"), SLICE("server { listen 50000; } }"), 2);
	fail_each(AUDIT_HAPROXY, SLICE("haproxy.cfg"),
		  SLICE("listen a\n bind :50000\nlisten b\n bind :50000\n"), 3);
}

/* What expat allocates is its own, and does not fail here. */
static void test_xml(void **state)
{
	(void)state;
	fail_each(AUDIT_FIREWALLD, SLICE("services/redis.xml"),
		  SLICE("<service><port port=\"6380\" protocol=\"tcp\"/></service>"), 1);
}

static void test_walk(void **state)
{
	char folder[] = "/tmp/portbook-audit-XXXXXX", path[64];
	enum failing failed = FAILING_MEMORY;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(snprintf(path, sizeof(path), "%s/.env", folder) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("PORT=50000\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	for (unsigned n = 1; failed != FAILING_NONE; n++) {
		struct fault fault = {};
		struct audit *audit = NULL;
		int result;

		assert_true(n < CALLS_MAX);
		failing_arm(n, false);
		result = audit_new(&audit, &fault);
		if (result == 0)
			result = audit_walk(audit, folder, NULL, NULL, &fault);
		failed = failing_disarm();
		if (result < 0)
			assert_told(fault);
		if (failed == FAILING_NONE)
			assert_int_equal(audit_port_count(audit), 1);
		audit_free(audit);
	}
	assert_int_equal(remove(path), 0);
	assert_int_equal(remove(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_yaml),
					   cmocka_unit_test(test_lines), cmocka_unit_test(test_xml),
					   cmocka_unit_test(test_walk)};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
