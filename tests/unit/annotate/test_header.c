/* Where ports are, by the names that exporters give to columns; and what is written for a header.
 */
#define _GNU_SOURCE /* memfd_create() */
#undef NDEBUG
#include "../testing.h"

#include "../annotating.h"
#include "../made_up.h"

static struct edition edition;

static int set_up(void **state)
{
	(void)state;
	edition = edition_of(made_up_registry(1, 10));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	edition_done(&edition);
	return 0;
}

/* What is written for a text. */
static void assert_annotated(struct annotating annotating, const char *text, const char *expected)
{
	struct fault fault = {};

	assert_true(annotating_text(&annotating, &edition.image, slice_cstr(text), &fault) >= 0);
	strbuf_add_byte(&annotating.out, '\0');
	assert_string_equal(annotating.out.p, expected);
	strbuf_done(&annotating.out);
}

static void assert_refused(struct annotating annotating, const char *text, const char *expected)
{
	struct fault fault = {};

	assert_int_equal(annotating_text(&annotating, &edition.image, slice_cstr(text), &fault),
			 FAULT_UNKNOWN);
	assert_string_equal(fault.text, expected);
	assert_int_equal(annotating.out.n, 0);
	strbuf_done(&annotating.out);
}

/* The form of one line of each kind of exporter: none of the ports is one of the registry's. */
static void test_exporters(void **state)
{
	static const char *const headers[] = {
		"ts,te,td,sa,da,sp,dp,pr,flg",
		"sIP|dIP|sPort|dPort|pro|",
		"srcaddr dstaddr srcport dstport protocol",
		"sourceIPv4Address,sourceTransportPort,destinationTransportPort,protocolIdentifier",
		"L4_SRC_PORT;L4_DST_PORT;PROTOCOL",
		"source.ip,source.port,destination.port,network.transport",
		"source.port\tdestination.port\tnetwork.iana_number",
		"SRC_PORT,DST_PORT,PROTOCOL",
		"\"Source Port\",\"Destination Port\",\"Protocol\"",
		"SrcAddr,Sport,DstAddr,Dport,Proto",
		"srcip,sport,dstip,dsport,proto",
		"\xef\xbb\xbfSrc Port\tDst Port\tProtocol",
		"id.orig_p,id.resp_p,proto",
		"\n\nsrc_port,dest_port,proto",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		struct annotating annotating = {.transport = TRANSPORT_NONE};
		struct slice header = slice_cstr(headers[i]);
		struct fault fault = {};

		assert_int_equal(annotating_text(&annotating, &edition.image, header, &fault), 0);
		assert_true(slice_starts(strbuf_slice(&annotating.out), header));
		assert_true(slice_ends(strbuf_slice(&annotating.out), SLICE("service_state")));
		strbuf_done(&annotating.out);
	}
}

static void test_forms(void **state)
{
	struct annotating plain = {.transport = TRANSPORT_NONE};
	struct annotating udp = {.transport = TRANSPORT_UDP};
	struct annotating numbered = {
		.transport = TRANSPORT_TCP,
		.wanted = {.no_header = true, .columns = {SLICE("1"), SLICE("2")}}};

	(void)state;
	assert_annotated(plain, "", "");
	assert_annotated(plain, "sp,dp,pr\r\n60000,60001,6\r\n1,2,1",
			 "sp,dp,pr,service,service_port,service_side,service_state\r\n"
			 "60000,60001,6,,,,\r\n1,2,1,,,,");
	assert_annotated(plain, "sp dp pr\n60000 60001 6\n",
			 "sp dp pr service service_port service_side service_state\n"
			 "60000 60001 6 - - - -\n");
	assert_annotated(
		plain,
		"#separator \\x09\n#fields\tid.orig_p\tid.resp_p\tproto\n"
		"#types\tport\tport\tenum\n60000\t60001\ttcp\n#close\n",
		"#separator \\x09\n#fields\tid.orig_p\tid.resp_p\tproto\tservice\tservice_port"
		"\tservice_side\tservice_state\n#types\tport\tport\tenum\tstring\tport\tstring"
		"\tstring\n60000\t60001\ttcp\t-\t-\t-\t-\n#close\n");
	assert_annotated(
		udp, "sp,dp\n60000,60001\n",
		"sp,dp,service,service_port,service_side,service_state\n60000,60001,,,,\n");
	assert_annotated(numbered, "60000;60001\n", "60000;60001;;;;\n");
	assert_annotated(
		plain, "{\"src_port\":60000,\"destination\":{\"port\":60001},\"proto\":6}",
		"{\"src_port\":60000,\"destination\":{\"port\":60001},\"proto\":6,\"service\":null,"
		"\"service_port\":null,\"service_side\":null,\"service_state\":null}");
}

static void test_refused(void **state)
{
	struct annotating plain = {.transport = TRANSPORT_NONE};
	struct annotating stated = {.transport = TRANSPORT_NONE,
				    .wanted = {.columns = {SLICE("4"), SLICE("x")}}};

	(void)state;
	assert_refused(plain, "a,\"b\nc\",d\n",
		       "no column has a usual name of the source port (a, \"b); --columns says "
		       "what there is");
	assert_refused(plain, "sp,dp\n",
		       "no column has a usual name of the protocol (sp, dp); --columns or "
		       "--transport says what there is");
	assert_refused(stated, "a,x,pr\n", "there is no column \"4\" (a, x, pr)");
	assert_refused(plain, "#a\n1\n", "no line begins with #fields");
	assert_refused(plain, "{\"a\":{\"b\":1}}\n[]\n",
		       "no column has a usual name of the source port (a, a.b); --columns says "
		       "what there is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_exporters),
					   cmocka_unit_test(test_forms),
					   cmocka_unit_test(test_refused)};

	return cmocka_run_group_tests_name("header", tests, set_up, tear_down);
}
