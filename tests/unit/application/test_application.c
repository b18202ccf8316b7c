#undef NDEBUG
#include "../testing.h"

#include <stdio.h>

#include "application/application.h"
#include "policy/policy.h"

enum { ALL_PRIVACY = 7 };

static struct application make(const char *yaml)
{
	struct application application = {};
	struct application_problem problem = {};
	int result = application_read_yaml(slice_cstr(yaml), &application, &problem);

	assert_string_equal(problem.fault.text, "");
	assert_int_equal(result, 0);
	return application;
}

static void assert_problem(const char *yaml, size_t field, uint64_t line, uint64_t column,
			   const char *text)
{
	struct application application CLEANUP(application_done) = {};
	struct application_problem problem = {};

	assert_int_equal(application_read_yaml(slice_cstr(yaml), &application, &problem), 1);
	assert_string_equal(problem.fault.text, text);
	assert_int_equal(problem.field, field);
	assert_int_equal(problem.fault.line, line);
	assert_int_equal(problem.fault.column, column);
}

static void test_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);

		assert_non_null(info);
		assert_int_equal(application_field_find(info->key), i);
		assert_true(info->label.n > 0 && info->help.n > 0 && info->procedures != 0);
		assert_true(slice_starts(info->section, SLICE("RFC ")));
		assert_true(slice_ends(info->help, SLICE(".")));
		assert_true(info->most >= 10);
	}
	assert_null(application_field(FIELD_COUNT));
	assert_int_equal(application_field_find(SLICE("")), FIELD_COUNT);
}

static void test_yaml(void **state)
{
	struct application a CLEANUP(application_done) =
		make("procedure: port\nname: foo\nports: 8080\ntransports: [tcp, udp]\n"
		     "reference:\n- RFC 9000\n- draft-foo\ndescription: ~\nnotes: |\n  a\n   b\n");
	(void)state;

	assert_int_equal(a.procedure, PROCEDURE_PORT);
	assert_true(a.wants_port);
	assert_false(a.any_port);
	assert_int_equal(a.first_port, 8080);
	assert_int_equal(a.last_port, 8080);
	assert_int_equal(a.transports, 3);
	assert_int_equal(a.service_code, -1);
	assert_text(a.values[FIELD_REFERENCE], "RFC 9000\ndraft-foo");
	assert_text(a.values[FIELD_NOTES], "a\n b");
	assert_absent(a.values[FIELD_DESCRIPTION]);
}

static void test_json(void **state)
{
	struct application a CLEANUP(application_done) = {};
	struct application_problem problem = {};
	(void)state;

	assert_int_equal(application_read_json(SLICE("{\"procedure\":\"early\",\"ports\":8080,"
						     "\"transports\":[\"dccp\"],\"name\":null,"
						     "\"service_code\":\"\\\"RTPA\\\"\"}"),
					       &a, &problem),
			 0);
	assert_int_equal(a.first_port, 8080);
	assert_int_equal(a.service_code, 0x52545041);
	assert_absent(a.values[FIELD_NAME]);
	assert_int_equal(application_read_json(SLICE("{\n \"nme\": 1}"), &a, &problem), 1);
	assert_string_equal(problem.fault.text, "there is no field \"nme\"");
	assert_int_equal(problem.fault.line, 2);
	assert_int_equal(problem.fault.column, 2);
}

static void test_ports(void **state)
{
	struct application a CLEANUP(application_done) = make("procedure: port\nports: any\n");
	struct application b CLEANUP(application_done) =
		make("procedure: port\nports: any 8000-8999\n");
	struct application c CLEANUP(application_done) = make("procedure: port\n");
	struct application d CLEANUP(application_done) = make("procedure: name\nname: a\n");
	(void)state;

	assert_true(a.wants_port && a.any_port && a.first_port == -1);
	assert_true(b.any_port && b.first_port == 8000 && b.last_port == 8999);
	assert_true(c.wants_port && c.any_port && c.first_port == -1);
	assert_true(!d.wants_port && !d.any_port && d.first_port == -1);
	assert_problem("procedure: port\nports: 70000\n", FIELD_PORTS, 2, 8,
		       "this is no port: 8080, 8080-8081, any, or any 8000-8999");
	assert_problem("procedure: port\nports: anything\n", FIELD_PORTS, 2, 8,
		       "this is no port: 8080, 8080-8081, any, or any 8000-8999");
	assert_problem("procedure: name\nports: 80\n", FIELD_PORTS, 2, 8,
		       "this has no meaning where \"name\" is asked for");
}

static void test_subject(void **state)
{
	struct application a CLEANUP(application_done) =
		make("procedure: modification\nsubject: 3com-tsmux 106/udp\n");
	struct application b CLEANUP(application_done) =
		make("procedure: revocation\nsubject: 6000-6063/tcp,udp\n");
	struct application c CLEANUP(application_done) = make("procedure: appeal\nsubject: 17\n");
	(void)state;

	assert_text(a.subject.name, "3com-tsmux");
	assert_int_equal(a.subject.first_port, 106);
	assert_int_equal(a.subject.transports, 2);
	assert_absent(b.subject.name);
	assert_int_equal(b.subject.last_port, 6063);
	assert_int_equal(b.subject.transports, 3);
	assert_int_equal(c.subject.request, 17);
	assert_problem("procedure: appeal\nsubject: x\n", FIELD_SUBJECT, 2, 10,
		       "an appeal is against a request, by its number");
	assert_problem("procedure: reuse\nsubject: 70000\n", FIELD_SUBJECT, 2, 10,
		       "this is no port");
	assert_problem("procedure: reuse\nsubject: 80/\n", FIELD_SUBJECT, 2, 10,
		       "a transport protocol is missing");
	assert_problem("procedure: reuse\nsubject: a b\n", FIELD_SUBJECT, 2, 10,
		       "this is none of NAME, PORT, PORT/TRANSPORT, NAME PORT/TRANSPORT");
}

/* What the built-in policies require can be said. */
static void test_required(void **state)
{
	static const char *const names[] = {"rfc6335", "organisation"};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct policy *policy CLEANUP(policy_freep) = NULL;
		size_t n = 0;
		const char *text = policy_builtin(names[i], &n);

		assert_int_equal(policy_read((struct slice){text, n}, &policy, NULL), 0);
		assert_true(policy->requirement_count > 0);
		for (size_t j = 0; j < policy->requirement_count; j++) {
			const struct policy_requirement *one = &policy->requirements[j];
			size_t field = application_field_find(one->field);

			assert_true(field < FIELD_COUNT);
			assert_int_equal(one->procedures & ~application_field(field)->procedures,
					 0);
			assert_int_equal(one->procedures & ~policy->procedures, 0);
		}
	}
}

static int set(struct application *application, const char *key, struct slice text,
	       const char **ret_said)
{
	static struct application_problem problem;
	int result;

	problem = (struct application_problem){};
	result = application_set(application, slice_cstr(key), text, &problem);
	*ret_said = problem.fault.text;
	return result;
}

/* What forms and clients may send. */
static void test_set(void **state)
{
	static const char *const odd[] = {"a\x01",
					  "a\x7f\x62",
					  "a\xc2\x85\x62",
					  "a\xe2\x80\xae\x62",
					  "a\xe2\x80\xa8\x62",
					  "a\xef\xbf\xbf\x62"};
	struct application a CLEANUP(application_done) = {};
	char *large = calloc(1, 100000);
	const char *said;
	(void)state;

	assert_int_equal(set(&a, "security", SLICE(" a\r\n\tb \r\n"), &said), 0);
	assert_text(a.values[FIELD_SECURITY], "a\n\tb");
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		assert_int_equal(set(&a, "security", slice_cstr(odd[i]), &said), 1);
		assert_non_null(strstr(said, "not for texts: U+"));
	}
	assert_int_equal(set(&a, "security", SLICE("a\xff\x62"), &said), 1);
	assert_string_equal(said, "this is not UTF-8 from its byte 2 on");
	assert_int_equal(set(&a, "security", SLICE("a\0b"), &said), 1);
	assert_int_equal(set(&a, "name", SLICE("a\nb"), &said), 1);
	assert_string_equal(said, "this is to be one line");
	assert_int_equal(set(&a, "name", SLICE("a\tb"), &said), 1);
	assert_text(a.values[FIELD_SECURITY], "a\n\tb");
	assert_non_null(large);
	memset(large, 'x', 100000);
	assert_int_equal(set(&a, "name", (struct slice){large, 100000}, &said), 1);
	assert_string_equal(said, "this has 100000 bytes, and may have 62");
	assert_int_equal(set(&a, "name", (struct slice){large, 63}, &said), 1);
	assert_int_equal(set(&a, "name", (struct slice){large, 62}, &said), 0);
	assert_int_equal(set(&a, "name", SLICE(" \n "), &said), 0);
	assert_absent(a.values[FIELD_NAME]);
	assert_int_equal(set(&a, "", SLICE("x"), &said), 1);
	assert_string_equal(said, "there is no field \"\"");
	free(large);
}

static void test_problems(void **state)
{
	(void)state;
	assert_problem("", FIELD_PROCEDURE, 0, 0, "say what is asked for");
	assert_problem("name: a\n", FIELD_PROCEDURE, 0, 0, "say what is asked for");
	assert_problem("procedure: gift\n", FIELD_PROCEDURE, 1, 12,
		       "this is none of port, name, transport, service-code, early, renewal, "
		       "modification, de-assignment, reuse, revocation, transfer, appeal");
	assert_problem("- a\n", FIELD_COUNT, 1, 1, "an application is keys and texts");
	assert_problem("procedure: name\nname: a\nname: b\n", FIELD_NAME, 3, 1,
		       "this is there twice");
	assert_problem("procedure: name\nname: {a: b}\n", FIELD_NAME, 2, 7, "this must be a text");
	assert_problem("procedure: name\nname: [a, b]\n", FIELD_NAME, 2, 7,
		       "this takes one text, no list");
	assert_problem("procedure: name\n? [a]\n: b\n", FIELD_COUNT, 2, 3, "a key must be a text");
	assert_problem("procedure: name\n---\nprocedure: name\n", FIELD_COUNT, 3, 1,
		       "a file is of one application");
	assert_problem("procedure: name\ntransports: tcp tcp\n", FIELD_TRANSPORTS, 2, 13,
		       "a transport protocol is there twice");
	assert_problem("procedure: name\ntransports: [tcp, quic]\n", FIELD_TRANSPORTS, 2, 13,
		       "a transport protocol is tcp, udp, sctp or dccp");
	assert_problem("procedure: early\nexpires: 2027-02-29\n", FIELD_EXPIRES, 2, 10,
		       "this is no date as 2027-01-31");
	assert_problem("procedure: early\nexpires: 2027-02\n", FIELD_EXPIRES, 2, 10,
		       "this is no date as 2027-01-31");
}

static void test_codes(void **state)
{
	static const char *const bad[] = {"4294967296",	   "-1",	 "\\\"\\\"", "\\\"a",
					  "\\\"abcde\\\"", "\\\"a!\\\"", "abc",	     "0x10"};
	static const struct {
		const char *text;
		int64_t code;
	} good[] = {{"0", 0},
		    {"4294967295", UINT32_MAX},
		    {"\\\"a\\\"", 0x61202020},
		    {"\\\"?@_z\\\"", 0x3f405f7a}};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "procedure: name\nservice_code: \"%s\"\n",
			       bad[i]);
		assert_problem(
			text, FIELD_SERVICE_CODE, 2, 15,
			strstr(bad[i], "!")
				? "the text of a code is of letters, digits and * + - . / ? @ _"
				: "a code is a number of at most 4294967295, or one to four "
				  "characters in quotes");
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "procedure: name\nservice_code: \"%s\"\n",
			       good[i].text);
		struct application a CLEANUP(application_done) = make(text);

		assert_int_equal(a.service_code, good[i].code);
	}
}

static void test_addresses(void **state)
{
	static const char *const bad[] = {"a",	     "@b",   "a@",   "a@b@c", "a b@c", "<a@b>",
					  "a@b,c@d", "a@.b", "a@b.", "-f@b",  "a@-b"};
	static const char *const good[] = {"a@b", "a.b+c@d-e.example", "\xc3\xa9@b.example"};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "procedure: name\ncontact_email: \"%s\"\n",
			       bad[i]);
		assert_problem(text, FIELD_CONTACT_EMAIL, 2, 16, "this is no email address");
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "procedure: name\ncontact_email: \"%s\"\n",
			       good[i]);
		struct application a CLEANUP(application_done) = make(text);

		assert_true(a.values[FIELD_CONTACT_EMAIL].n > 0);
	}
}

static void test_template(void **state)
{
	struct application a CLEANUP(application_done) =
		make("procedure: port\nname: foo\nports: any\nreference: \"RFC 1\\nb: c\"\n"
		     "description: \"a \\\"b\\\" # \\u00e9 \\\\\"\nwhy_port: |\n  - x\n\n    y: \n"
		     "assignee_email: a@b.example\n");
	(void)state;

	for (enum procedure i = 0; i < PROCEDURE_COUNT; i++) {
		const struct application *values = i == PROCEDURE_PORT ? &a : NULL;
		struct application b CLEANUP(application_done) = {};
		struct application_problem problem = {};
		struct out out CLEANUP(out_done), first CLEANUP(out_done), again CLEANUP(out_done);

		assert_int_equal(out_init_memory(&out), 0);
		assert_int_equal(out_init_memory(&first), 0);
		assert_int_equal(out_init_memory(&again), 0);
		application_write_template(i, values, &out);
		assert_int_equal(application_read_yaml(out_slice(&out), &b, &problem), 0);
		assert_int_equal(b.procedure, i);
		application_write_json(&b, ALL_PRIVACY, &again);
		if (values) {
			application_write_json(values, ALL_PRIVACY, &first);
			assert_slice(out_slice(&again), out_slice(&first));
		}
	}
}

static void test_privacy(void **state)
{
	struct application a CLEANUP(application_done) =
		make("procedure: name\nname: foo\nassignee_name: B\nsecurity: c\n");
	struct out out CLEANUP(out_done);
	(void)state;

	assert_int_equal(out_init_memory(&out), 0);
	application_write_json(&a, 1U << FIELD_PUBLIC, &out);
	application_write_json(&a, 1U << FIELD_UNTIL_GRANTED | 1U << FIELD_PRIVATE, &out);
	application_write_json(&a, 0, &out);
	assert_text(out_slice(&out), "{\"procedure\":\"name\",\"name\":\"foo\"}"
				     "{\"assignee_name\":\"B\",\"security\":\"c\"}{}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),	cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_json),	cmocka_unit_test(test_ports),
		cmocka_unit_test(test_subject), cmocka_unit_test(test_template),
		cmocka_unit_test(test_privacy), cmocka_unit_test(test_required),
		cmocka_unit_test(test_set),	cmocka_unit_test(test_problems),
		cmocka_unit_test(test_codes),	cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
