#undef NDEBUG
#include "../testing.h"

#include "base/utf8.h"
#include "desk.h"

/* A check with applications that it finds something in, and others that are near and fine. */
struct trial {
	unsigned number;
	const char *found[8], *fine[6];
};

static const struct trial trials[] = {
	{101,
	 {"contact_email=", "why_port=tbd", "why_port=n/a", "reference=", "transports=",
	  "procedure=revocation;subject=hyper", "procedure=service-code;service_code=77"},
	 {"", "security=", "broadcast=no"}},
	{102, {"security=", "versioning=TBD"}, {""}},
	{103, {"development=TBA", "development=..."}, {"development=Three servers are in use now"}},
	{104,
	 {"security=Pictures of zebras", "description=zebrafish",
	  "why_port=x y z w;versioning=X y z w."},
	 {""}},
	{105, {"why_port=We need it"}, {""}},
	{106,
	 {"expires=2026-11-22", "expires=2020-02-29",
	  "procedure=renewal;subject=tempo;expires=2025-01-01"},
	 {"", "expires=2026-11-23", "expires=9999-12-31"}},
	{201,
	 {"procedure=service-code;name=z.b;service_code=77", "name=zebra_fish", "name=zebra.fish",
	  "name=z\xc3\xa9"
	  "bra"},
	 {"name=Zebra-Fish9", "procedure=modification;subject=hyper_old;name=hyper_old"}},
	{202, {"name=abcdefghijklmnop"}, {"name=abcdefghijklmno"}},
	{203, {"name=12-34"}, {"name=12-a"}},
	{204, {"name=-zebra", "name=zebra-"}, {"name=z-a"}},
	{205, {"name=ze--bra"}, {"name=z-e-b"}},
	{206,
	 {"name=hyper", "name=HYPER", "name=hyper_old", "name=lonely", "ports=1080;name=hyper",
	  "procedure=modification;subject=lonely;name=quick"},
	 {"", "procedure=modification;subject=lonely;name=Lonely",
	  "name=lonely;assignee_email=ann@one.example"}},
	{208, {"name=hypr", "name=quick-look", "name=quickly"}, {""}},
	{209, {"name=hyper2", "name=hy-per", "name=twina"}, {"name=hyperbola"}},
	{210, {"name=zebra-v2", "name=zebrav10"}, {"name=zebra2", "name=v2", "name=dev"}},
	{211, {"name=zebra-service", "name=Port-zebra", "name=protocol"}, {"name=zebraservice"}},
	{212,
	 {"description=Discovery of zebras", "description=zebra discovery"},
	 {"description=Discovery of zebras;name=zebra-disc", "description=Rediscovery"}},
	{213,
	 {"name=hyper-tls", "name=quick-sec", "name=hypers;description=Hyper over TLS"},
	 {"name=hypers", "name=zebra-tls"}},
	{214,
	 {"description=Zebras version 2", "description=Zebras v3 for all",
	  "description=Zebra v2.1"},
	 {"description=Zebra conversion"}},
	{215, {"name=exp1", "name=EXP2"}, {"name=exp3"}},
	{216,
	 {"name=lonely;assignee_email=ann@one.example"},
	 {"name=lonely", "name=hyper;assignee_email=ann@one.example"}},
	{217, {"description=hyper service"}, {"description=Hyper services", "name=hyper2"}},
	{301, {"ports=49152", "ports=65535", "ports=any 50000-50010"}, {"ports=49150"}},
	{302, {"ports=0", "ports=1023", "ports=1024", "ports=49151"}, {"ports=1025"}},
	{304,
	 {"ports=1080", "ports=4711", "ports=4717-4720;ports=5001",
	  "ports=5200;transports=tcp dccp", "procedure=transport;subject=twin-a;transports=tcp"},
	 {"ports=4717", "ports=4711;transports=udp", "ports=1080;assignee_email=ann@one.example"}},
	{305,
	 {"ports=4713", "ports=4712-4713"},
	 {"ports=4711;transports=udp", "ports=4712", "ports=4717"}},
	{306,
	 {"ports=4711;transports=udp"},
	 {"ports=4711;transports=udp;assignee_email=bob@two.example", "ports=4713",
	  "ports=4711;transports=udp;name=quick"}},
	{307, {"ports=4712"}, {"ports=4713", "ports=4717"}},
	{308, {"ports=4714"}, {"ports=4715"}},
	{309, {"ports=9092", "ports=5173"}, {"ports=9999", "ports=5173;transports=udp"}},
	{310, {"name=hyper;assignee_email=ann@one.example"}, {"name=hyper"}},
	{311, {"ports=6500-6501"}, {"", "ports=any", "ports=6500-6599"}},
	{312, {"ports=6500-6599"}, {"ports=6500-6501", "ports=any"}},
	{313, {"ports=any 4711-4713"}, {"ports=any 4711-4717", "ports=any"}},
	{314, {"ports=5200", "ports=5001;transports=udp"}, {"ports=5201"}},
	{315,
	 {"ports=500;reference=A book", "ports=500;reference="},
	 {"ports=500;reference=RFC 9000", "ports=5000;reference=A book"}},
	{317, {"ports=1080;assignee_email=ann@one.example"}, {"ports=1080"}},
	{402, {"transports=sctp", "transports=tcp dccp"}, {"transports=tcp udp"}},
	{403,
	 {"procedure=transport;subject=hyper;transports=udp",
	  "procedure=transport;subject=quick;transports=tcp udp"},
	 {"procedure=transport;subject=quick;transports=udp"}},
	{411, {"transports=dccp"}, {"transports=dccp;service_code=77", ""}},
	{412, {"service_code=77"}, {"transports=dccp tcp;service_code=77"}},
	{413,
	 {"transports=dccp;service_code=0", "transports=dccp;service_code=4294967295",
	  "transports=dccp;service_code=1056964608", "transports=dccp;service_code=1073741823"},
	 {"transports=dccp;service_code=1056964607", "transports=dccp;service_code=1073741824"}},
	{414,
	 {"transports=dccp;service_code=1685221232"},
	 {"transports=dccp;service_code=1685221233",
	  "procedure=service-code;name=dc-one;service_code=1685221232"}},
	{415,
	 {"transports=dccp;service_code=\"ZEB\";reference=A book"},
	 {"transports=dccp;service_code=\"ZEB\"",
	  "transports=dccp;service_code=\"zeb\";reference=A book"}},
	{416, {"transports=dccp;service_code=\"zeb\""}, {"transports=dccp;service_code=77"}},
	{417,
	 {"procedure=service-code;name=dc-one;service_code=77",
	  "transports=dccp;service_code=77;ports=5200"},
	 {"transports=dccp;service_code=77"}},
	{501,
	 {"reference=https://github.com/a/b/blob/main/spec.md", "reference=http://localhost/x"},
	 {""}},
	{502,
	 {"ports=500;reference=Proprietary", "procedure=early;reference=proprietary"},
	 {"reference=Proprietary protocol", "procedure=name;reference=proprietary"}},
	{503,
	 {"reference=draft-ietf-zebra-03", "reference=RFC-ietf-zebra-04"},
	 {"reference=draft-ietf-zebra-03;assignee_email=iesg@ietf.org", "reference=RFC9000",
	  "reference=draft-zoe-zebra-00"}},
	{504, {"reference=draft-zoe-zebra-00"}, {"reference=RFC9000"}},
	{505, {"reference=RFC 9000"}, {"reference=RFC9000;assignee_email=iesg@ietf.org", ""}},
	{511,
	 {"assignee_email=ann@one.example", "contact_email=BOB@two.example"},
	 {"", "assignee_email=iesg@ietf.org;contact_email=chair@ietf.org"}},
	{512,
	 {"assignee_email=iesg@ietf.org"},
	 {"assignee_email=iesg@ietf.org;contact_email=chair@ietf.org", ""}},
	{601,
	 {"procedure=de-assignment;subject=hypre", "procedure=de-assignment;subject=7777",
	  "procedure=modification;subject=quick 1080/tcp;description=New"},
	 {"procedure=de-assignment;subject=hyper"}},
	{602,
	 {"procedure=de-assignment;subject=4713", "procedure=revocation;subject=4800;reason=x"},
	 {"procedure=de-assignment;subject=4711"}},
	{603,
	 {"procedure=de-assignment;subject=5001"},
	 {"procedure=de-assignment;subject=twin-a 5001/tcp",
	  "procedure=de-assignment;subject=1080"}},
	{611, {"procedure=early;reference=RFC9000"}, {"procedure=early;reference=draft-x-y-00"}},
	{612,
	 {"procedure=early;reference=draft-x-y-00"},
	 {"procedure=early;reference=draft-ietf-y-0"}},
	{621, {"procedure=renewal;subject=hyper"}, {"procedure=renewal;subject=tempo"}},
	{622, {"procedure=renewal;subject=tempo-old"}, {"procedure=renewal;subject=tempo"}},
	{623, {"procedure=renewal;subject=tempo-old"}, {"procedure=renewal;subject=tempo"}},
	{631,
	 {"procedure=modification;subject=hyper;assignee_name=Bob "
	  "Builder;assignee_email=bob@two.example"},
	 {"procedure=modification;subject=hyper;assignee_name=Ann "
	  "Author;assignee_email=ann@new.example",
	  "procedure=modification;subject=hyper;assignee_name=Cy;assignee_organization=One "
	  "Ltd;assignee_email=cy@one.example",
	  "procedure=modification;subject=hyper;contact_name=Bob "
	  "Builder;contact_email=bob@two.example"}},
	{632,
	 {"procedure=modification;subject=hyper"},
	 {"procedure=modification;subject=hyper;description=Hyperactive service"}},
	{633,
	 {"procedure=modification;subject=hyper;name=hyperion"},
	 {"procedure=modification;subject=hyper;name=Hyper"}},
	{641, {"procedure=transfer;subject=hyper"}, {"procedure=de-assignment;subject=hyper"}},
	{651,
	 {"procedure=de-assignment;subject=hyper", "procedure=revocation;subject=hyper;reason=x"},
	 {"procedure=modification;subject=hyper;description=x"}},
	{652,
	 {"procedure=revocation;subject=lonely;reason=Nobody uses it any more"},
	 {"procedure=revocation;subject=hyper;reason=Nobody uses it any more"}},
	{653,
	 {"procedure=de-assignment;subject=1080/udp"},
	 {"procedure=de-assignment;subject=hyper"}},
	{671,
	 {"procedure=reuse;subject=4711;name=quick;reason=x"},
	 {"procedure=reuse;subject=4711;name=zebra;reason=x"}},
	{672,
	 {"procedure=transport;subject=quick;transports=udp;contact_email=zoe@zebra.example"},
	 {"procedure=transport;subject=quick;transports=udp;contact_email=bob@two.example"}},
	{701, {"", "procedure=name;name=zebra"}, {"procedure=de-assignment;subject=hyper"}},
	{702, {"", "transports=udp", "transports=sctp"}, {"transports=tcp udp"}},
};

static unsigned wrong; /* of what is expected */

static void expect(const struct made *made, const char *fields, unsigned number, bool wanted)
{
	struct preflight found = preflight_of(made, fields);

	if ((finding_of(&found, number) != NULL) != wanted) {
		print_error("%u %s of \"%s\"\n", number, wanted ? "is not said" : "is said",
			    fields);
		wrong++;
	}
	preflight_done(&found);
}

static void test_checks(void **state)
{
	struct made made;

	(void)state;
	made_open(&made, "rfc6335");
	for (size_t i = 0; i < ARRAY_SIZE(trials); i++) {
		const struct trial *trial = &trials[i];

		for (size_t j = 0; j < ARRAY_SIZE(trial->found) && trial->found[j]; j++)
			expect(&made, trial->found[j], trial->number, true);
		for (size_t j = 0; j < ARRAY_SIZE(trial->fine) && trial->fine[j]; j++)
			expect(&made, trial->fine[j], trial->number, false);
	}
	made_done(&made);
	assert_int_equal(wrong, 0);
}

/* Nothing but notes is said of a good one; every finding is whole, and they are in order. */
static void test_good(void **state)
{
	struct made made;
	struct preflight found;

	(void)state;
	made_open(&made, "rfc6335");
	found = preflight_of(&made, "");
	for (size_t i = 0; i < found.count; i++) {
		if (found.findings[i].check->level != PREFLIGHT_NOTE)
			fail_msg("%.*s", (int)found.findings[i].text.n, found.findings[i].text.p);
	}
	assert_int_equal(found.levels[PREFLIGHT_MUST], 0);
	assert_int_equal(found.levels[PREFLIGHT_SHOULD], 0);
	assert_int_equal(found.levels[PREFLIGHT_NOTE], found.count);
	preflight_done(&found);
	made_done(&made);
}

static void test_order(void **state)
{
	struct made made;
	struct preflight found;
	size_t levels[PREFLIGHT_LEVEL_COUNT] = {};

	(void)state;
	made_open(&made, "rfc6335");
	found = preflight_of(&made, "name=hyper;ports=4711;security=;transports=tcp udp;why_port=");
	assert_true(found.count > 5);
	for (size_t i = 0; i < found.count; i++) {
		const struct preflight_finding *finding = &found.findings[i];

		assert_true(finding->text.n > 0 && finding->section.n > 0);
		assert_true(finding->field <= FIELD_COUNT);
		assert_true(i == 0 || finding[-1].check->level > finding->check->level ||
			    (finding[-1].check->level == finding->check->level &&
			     finding[-1].check->number <= finding->check->number));
		levels[finding->check->level]++;
	}
	assert_memory_equal(levels, found.levels, sizeof(levels));
	preflight_done(&found);
	made_done(&made);
}

/* What other policies do not have is not said: no IESG, no counterparts, own ranges. */
static void test_organisation(void **state)
{
	struct made made;
	struct preflight found;

	(void)state;
	made_open(&made, "organisation");
	found = preflight_of(&made, "procedure=port;name=zebra;ports=20001;transports=tcp;"
				    "description=Pictures;assignee_name=Zoe;"
				    "assignee_email=zoe@zebra.example");
	assert_int_equal(found.levels[PREFLIGHT_MUST], 0);
	assert_null(finding_of(&found, 702));
	preflight_done(&found);
	expect(&made, "ports=4717", 303, true);
	expect(&made, "ports=20001;transports=dccp;service_code=9", 401, true);
	expect(&made, "ports=20001;reference=draft-ietf-zebra-00", 503, false);
	found = preflight_of(&made, "ports=20001;name=a--b");
	assert_text(finding_of(&found, 205)->section, "policy, names");
	preflight_done(&found);
	made_done(&made);
	assert_int_equal(wrong, 0);
}

/* Decided on a day, with 61 days to appeal. */
static void test_appeal(void **state)
{
	struct made made;
	struct preflight found;

	(void)state;
	made_open(&made, "rfc6335");
	expect(&made, "procedure=appeal;subject=12;reason=x", 661, false);
	expect(&made, "procedure=appeal;subject=12;reason=x", 662, false);
	made.facts.decided = SLICE("2026-09-22T10:00:00Z");
	expect(&made, "procedure=appeal;subject=12;reason=x", 661, false);
	found = preflight_of(&made, "procedure=appeal;subject=12;reason=x");
	assert_text(finding_of(&found, 662)->text,
		    "It was decided on 2026-09-22: 0 of 61 days are left to appeal.");
	preflight_done(&found);
	made.facts.decided = SLICE("2026-09-21T10:00:00Z");
	expect(&made, "procedure=appeal;subject=12;reason=x", 661, true);
	expect(&made, "procedure=appeal;subject=12;reason=x", 662, false);
	made_done(&made);
	assert_int_equal(wrong, 0);
}

static void test_precedents(void **state)
{
	struct made made;
	struct preflight found;
	const struct preflight_finding *finding;
	struct strbuf text = {};

	(void)state;
	made_open(&made, "rfc6335");
	found = preflight_of(&made, "ports=4711");
	finding = finding_of(&found, 304);
	assert_text(finding->text, "Port 4711 is assigned to \"quick\", of [Bob].");
	assert_int_equal(finding->field, FIELD_PORTS);
	assert_int_equal(finding->precedent_count, 1);
	preflight_precedent_text(&finding->precedents[0], &text);
	assert_text(strbuf_slice(&text), "quick 4711/tcp, assigned, 2023-05-05");
	/* Of the User Ports of the last five years the three newest. */
	finding = finding_of(&found, 701);
	assert_text(finding->text, "4 services were assigned in this range (user) in the last 5 "
				   "years.");
	assert_int_equal(finding->precedent_count, 3);
	assert_text(finding->precedents[0].name, "tempo");
	assert_text(finding->precedents[1].name, "tempo-old");
	assert_text(finding->precedents[2].name, "quick");
	preflight_done(&found);
	/* Any port is one of the range that is the easiest to get. */
	found = preflight_of(&made, "ports=any");
	assert_text(finding_of(&found, 701)->precedents[0].name, "tempo");
	preflight_done(&found);
	/* Where no row has a date of those years, there is nothing to count. */
	made.facts.now = SLICE("2040-01-01");
	found = preflight_of(&made, "");
	assert_null(finding_of(&found, 701));
	preflight_done(&found);
	strbuf_done(&text);
	made_done(&made);
}

/* Whatever is asked for, in whatever words: what is found is whole. */
static void test_anything(void **state)
{
	static const char *const words[] = {
		"hyper",
		"quick",
		"4711",
		"1080/udp",
		"tempo",
		"any",
		"-",
		"--",
		"v2",
		"service",
		"RFC 9000",
		"draft-ietf-a",
		"n/a",
		"discovery",
		"\xc3\xa9t\xc3\xa9",
		"tcp udp",
		"dccp",
		"0",
		"65535",
		"\"AB\"",
		"any 1-9",
		"1-65535",
		"ann@one.example",
		"iesg@ietf.org",
		"proprietary",
		"[Bob]",
		"%s%n",
		"x",
		"2026-01-01",
		"tcp",
		"1685221232",
		"\xe4\xb8\xad",
	};
	struct random random = {20261122};
	struct made made;
	unsigned checked = 0;

	(void)state;
	made_open(&made, "rfc6335");
	for (unsigned i = 0; i < 20000; i++) {
		struct application application = {};
		struct application_problem problem;
		struct preflight found = {};
		struct fault fault;
		unsigned which = random_below(&random, PROCEDURE_COUNT);
		struct slice procedure = procedure_name((enum procedure)which);

		assert_int_equal(
			application_set(&application, SLICE("procedure"), procedure, &problem), 0);
		for (unsigned j = 0; j < 8; j++) {
			const struct application_field_info *field =
				application_field(1 + random_below(&random, FIELD_COUNT - 1));
			const char *word = words[random_below(&random, ARRAY_SIZE(words))];

			if (field->procedures >> which & 1)
				(void)!application_set(&application, field->key, slice_cstr(word),
						       &problem);
		}
		if (application_finish(&application, &problem) == 0) {
			assert_int_equal(
				preflight(&application, made.policy, &made.facts, &found, &fault),
				0);
			for (size_t j = 0; j < found.count; j++) {
				assert_true(found.findings[j].text.n > 0);
				assert_true(utf8_valid(found.findings[j].text, &(size_t){0}));
			}
			checked++;
		}
		preflight_done(&found);
		application_done(&application);
	}
	assert_true(checked > 1000);
	made_done(&made);
}

static void test_json(void **state)
{
	struct made made;
	struct preflight found;
	struct out out;

	(void)state;
	made_open(&made, "rfc6335");
	found = preflight_of(&made, "procedure=de-assignment;subject=hyper 1080/udp;"
				    "reason=It is not used any more");
	assert_int_equal(out_init_memory(&out), 0);
	preflight_write_json(&found, &out);
	assert_int_equal(out_finish(&out), 0);
	assert_text(
		out_slice(&out),
		"[{\"number\":651,\"level\":\"NOTE\",\"name\":\"in-use\",\"field\":\"subject\","
		"\"text\":\"\\\"hyper\\\" is registered since 2001-02-03. Whether it is still in "
		"use is found out first, from its assignee and from those who might know.\","
		"\"section\":\"RFC 6335, section 8.2\",\"precedents\":[{\"name\":\"hyper\","
		"\"first_port\":1080,\"last_port\":1080,\"transport\":\"udp\","
		"\"date\":\"2001-02-03\",\"what\":\"assigned\"}]},"
		"{\"number\":653,\"level\":\"NOTE\",\"name\":\"de-assignment-rest\","
		"\"field\":\"subject\",\"text\":\"Other rows of \\\"hyper\\\" stay as they "
		"are.\",\"section\":\"RFC 6335, section 8.2\",\"precedents\":[{\"name\":"
		"\"hyper\",\"first_port\":1080,\"last_port\":1080,\"transport\":\"tcp\","
		"\"date\":\"2001-02-03\",\"what\":\"assigned\"}]}]");
	out_done(&out);
	preflight_done(&found);
	assert_int_equal(out_init_memory(&out), 0);
	preflight_write_json(&found, &out);
	assert_text(out_slice(&out), "[]");
	out_done(&out);
	made_done(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checks), cmocka_unit_test(test_good),
		cmocka_unit_test(test_order),  cmocka_unit_test(test_organisation),
		cmocka_unit_test(test_appeal), cmocka_unit_test(test_precedents),
		cmocka_unit_test(test_json),   cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests_name("preflight", tests, NULL, NULL);
}
