/* Which files are read as what. */
#undef NDEBUG
#include "../testing.h"

#include "audit/read.h"

static void test_names(void **state)
{
	static const struct {
		struct slice path;
		enum audit_kind kind;
	} cases[] = {
		{{"a/compose.yaml", 14}, AUDIT_COMPOSE},
		{{"docker-compose.prod.yml", 23}, AUDIT_COMPOSE},
		{{"decompose.yaml", 14}, AUDIT_NOTHING},
		{{"Dockerfile", 10}, AUDIT_DOCKERFILE},
		{{"Dockerfile.dev", 14}, AUDIT_DOCKERFILE},
		{{"Dockerfiles", 11}, AUDIT_NOTHING},
		{{".env.example", 12}, AUDIT_DOTENV},
		{{"prod.env", 8}, AUDIT_DOTENV},
		{{".environment", 12}, AUDIT_NOTHING},
		{{"a.socket", 8}, AUDIT_SOCKET},
		{{"a.socket.d/b.conf", 17}, AUDIT_SOCKET},
		{{"a.service", 9}, AUDIT_SERVICE},
		{{"conf.d/b.conf", 13}, AUDIT_NOTHING},
		{{"nginx.conf", 10}, AUDIT_NGINX},
		{{"haproxy.cfg", 11}, AUDIT_HAPROXY},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(audit_kind_of(cases[i].path, SLICE_NONE), cases[i].kind);
		if (cases[i].kind != AUDIT_NOTHING)
			assert_true(audit_may_be(cases[i].path));
	}
}

static void test_texts(void **state)
{
	(void)state;
	assert_int_equal(audit_kind_of(SLICE("a.yaml"), SLICE("apiVersion: v1\nkind: Service\n")),
			 AUDIT_KUBERNETES);
	assert_int_equal(audit_kind_of(SLICE("a.yaml"), SLICE("a:\n  apiVersion: v1\n  kind: b\n")),
			 AUDIT_NOTHING);
	assert_int_equal(audit_kind_of(SLICE("b.conf"), SLICE("server {\n\tlisten 80;\n}\n")),
			 AUDIT_NGINX);
	assert_int_equal(audit_kind_of(SLICE("b.conf"), SLICE("port 80\n")), AUDIT_NOTHING);
	assert_int_equal(audit_kind_of(SLICE("b.cfg"), SLICE("frontend a\n bind :80\n")),
			 AUDIT_HAPROXY);
	assert_int_equal(audit_kind_of(SLICE("zones/a.xml"), SLICE("<zone/>")), AUDIT_FIREWALLD);
	assert_int_equal(audit_kind_of(SLICE("other/a.xml"), SLICE("<zone/>")), AUDIT_NOTHING);
}

static void test_templates(void **state)
{
	(void)state;
	assert_true(audit_is_template(SLICE("a: {{ .b }}\n")));
	assert_true(audit_is_template(SLICE("a: 1\n  {{- if .c }}\n")));
	assert_false(audit_is_template(SLICE("a: \"{{ $labels.job }} is down\"\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names),
					   cmocka_unit_test(test_texts),
					   cmocka_unit_test(test_templates)};

	return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
