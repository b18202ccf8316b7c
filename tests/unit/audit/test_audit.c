/* What is found in each kind of file, with its place. */
#undef NDEBUG
#include "../testing.h"

#include <stdlib.h>

#include "audit/audit.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "builtin/builtin.h"

/* "LINE:COLUMN FIRST-LAST/TRANSPORT USE ADDRESS NAME;" of each port. */
static void ports_are(enum audit_kind kind, struct slice path, struct slice text,
		      struct slice expected)
{
	struct strbuf got = {};
	struct slice copy = copy_of(text);
	struct audit *audit;

	assert_int_equal(audit_new(&audit, NULL), 0);
	assert_int_equal(audit_read(audit, path, kind, copy, SLICE_NONE, NULL), 0);
	free((char *)copy.p);
	for (size_t i = 0; i < audit_port_count(audit); i++) {
		const struct audit_port *port = audit_port_at(audit, i);

		strbuf_printf(&got, "%u:%u %u-%u/", port->line, port->column, port->first,
			      port->last);
		strbuf_add(&got, transport_name((enum transport)port->transport));
		strbuf_add_byte(&got, ' ');
		strbuf_add(&got, audit_use_name((enum audit_use)port->use));
		strbuf_add_byte(&got, ' ');
		strbuf_add(&got, port->address);
		strbuf_add_byte(&got, ' ');
		strbuf_add(&got, port->name);
		strbuf_add_byte(&got, ';');
	}
	assert_slice(strbuf_slice(&got), expected);
	strbuf_done(&got);
	audit_free(audit);
}

static void test_compose(void **state)
{
	(void)state;
	ports_are(
		AUDIT_COMPOSE, SLICE("compose.yaml"),
		SLICE("services:\n  a:\n    image: x/redis:7@sha256:0\n    ports:\n    - "
		      "\"[::1]:80-81:90-91/udp\"\n    - 127.0.0.1::5\n    - {target: 6, published: "
		      "\"7\", host_ip: 10.0.0.1}\n    expose: [8/sctp]\n"),
		SLICE("5:7 90-91/udp inside  redis;5:7 80-81/udp taken ::1 redis;"
		      "6:7 5-5/tcp inside  redis;7:16 6-6/tcp inside  redis;"
		      "7:30 7-7/tcp taken 10.0.0.1 redis;8:14 8-8/sctp inside  redis;"));
}

static void test_kubernetes(void **state)
{
	(void)state;
	ports_are(
		AUDIT_KUBERNETES, SLICE("a.yaml"),
		SLICE("kind: Service\nspec:\n  ports:\n  - {name: a, port: 80, targetPort: 90, "
		      "nodePort: 30001, protocol: UDP}\n---\nkind: Pod\nspec:\n  containers:\n  - "
		      "ports:\n    - {containerPort: 1, hostPort: 2, hostIP: 10.0.0.1}\n"),
		SLICE("4:21 80-80/udp offered  a;4:51 30001-30001/udp node  ;"
		      "4:37 90-90/udp inside  ;10:23 1-1/tcp inside  ;"
		      "10:36 2-2/tcp taken 10.0.0.1 ;"));
}

static void test_units(void **state)
{
	(void)state;
	ports_are(AUDIT_SOCKET, SLICE("x/a@.socket"),
		  SLICE("[Socket]\nListenStream=[::1]:80\nListenDatagram=81\nListenStream=/run/a\n"
			"ListenStream=@a\nListenStream=vsock:2:3\nListenStream=%i\n"),
		  SLICE("2:14 80-80/tcp taken ::1 a;3:16 81-81/udp taken  a;"));
	ports_are(AUDIT_SERVICE, SLICE("b.service"),
		  SLICE("[Service]\nExecStart=/bin/b --port=80 \\\n  --bind 127.0.0.1:81 -p 82\n"
			"ExecStart=podman run -p 83:84/udp x --port 85\n"),
		  SLICE("2:25 80-80/tcp taken  b;3:10 81-81/tcp taken 127.0.0.1 b;"
			"4:25 84-84/udp inside  b;4:25 83-83/udp taken  b;"));
}

static void test_images_and_settings(void **state)
{
	(void)state;
	ports_are(AUDIT_DOCKERFILE, SLICE("Dockerfile"),
		  SLICE("ARG A=80\nENV B=81 C=82\nENV D 83\nEXPOSE $A ${B}/udp \\\n# c\n "
			"${C}-${D}\n"),
		  SLICE("4:8 80-80/tcp inside  ;4:11 81-81/udp inside  ;6:2 82-83/tcp inside  ;"));
	ports_are(AUDIT_DOTENV, SLICE(".env"),
		  SLICE("PORT=80\nexport MY_SQL_PORT='81'\nPORTS=1\nXPORT=2\nA_PORT=tcp://x\n"),
		  SLICE("1:6 80-80/tcp setting  ;2:21 81-81/tcp setting  my-sql;"));
}

static void test_proxies(void **state)
{
	(void)state;
	ports_are(AUDIT_NGINX, SLICE("nginx.conf"),
		  SLICE("http { server { listen 80; listen [::1]:81 ssl;\nlisten unix:/a; listen "
			"10.0.0.1; listen [::2]; listen $p; # listen 1;\n} }\nstream { server { "
			"listen "
			"82-83 udp; } }\n"),
		  SLICE("1:24 80-80/tcp taken  ;1:35 81-81/tcp taken ::1 https;"
			"2:24 80-80/tcp taken 10.0.0.1 ;2:41 80-80/tcp taken ::2 ;"
			"4:26 82-83/udp taken  ;"));
	ports_are(AUDIT_HAPROXY, SLICE("haproxy.cfg"),
		  SLICE("frontend a\n bind *:80,10.0.0.1:81-82\n bind quic4@:83 # c\n bind "
			"unix@/x\nbackend b\n server c 10.0.0.2:84\n server d x\n"),
		  SLICE("2:7 80-80/tcp taken  ;2:12 81-82/tcp taken 10.0.0.1 ;"
			"3:7 83-83/udp taken  ;6:11 84-84/tcp remote 10.0.0.2 ;"));
}

static void test_firewalld(void **state)
{
	(void)state;
	ports_are(AUDIT_FIREWALLD, SLICE("services/a.xml"),
		  SLICE("<service>\n <port port=\"80-81\" protocol=\"tcp\"/>\n"
			" <port port=\"\" protocol=\"icmp\"/>\n</service>"),
		  SLICE("2:2 80-81/tcp offered  a;"));
}

/* Reads the text and judges it, with what the machine has where that is not NULL. */
static struct audit *judged(enum audit_kind kind, struct slice path, struct slice text,
			    struct slice dotenv, const struct audit_options *options)
{
	struct image image;
	struct audit *audit;

	assert_int_equal(audit_new(&audit, NULL), 0);
	assert_int_equal(image_open(&image, builtin_image(), NULL), 0);
	assert_int_equal(audit_read(audit, path, kind, text, dotenv, NULL), 0);
	assert_int_equal(audit_judge(audit, &image, options, NULL), 0);
	return audit;
}

static size_t count_of(const struct audit *audit, unsigned number)
{
	size_t found = 0;

	for (size_t i = 0; i < audit_finding_count(audit); i++)
		found += audit_finding_at(audit, i)->check->number == number;
	return found;
}

static size_t findings_of(struct slice text, unsigned number)
{
	struct audit_options options = {.ephemeral_first = 50000, .ephemeral_last = 50000};
	struct audit *audit =
		judged(AUDIT_COMPOSE, SLICE("compose.yaml"), text, SLICE_NONE, &options);
	size_t found = count_of(audit, number);

	audit_free(audit);
	return found;
}

/* Aliases and depth without end are a finding, and take no time. */
static void test_limits(void **state)
{
	struct strbuf text = {};

	(void)state;
	strbuf_add(&text, SLICE("a: &a0 [\"1:1\"]\n"));
	for (unsigned i = 1; i < 40; i++)
		strbuf_printf(&text, "b%u: &a%u [*a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1, i - 1);
	strbuf_add(&text, SLICE("services: {a: {ports: *a39}}\n"));
	assert_int_equal(findings_of(strbuf_slice(&text), 1307), 0);
	text.n = 0;
	for (unsigned i = 0; i < 101; i++)
		strbuf_add_byte(&text, '[');
	assert_int_equal(findings_of(strbuf_slice(&text), 1307), 1);
	text.n = 0;
	strbuf_add(&text, SLICE("a: &a\n  b: 1\nservices:\n"));
	for (unsigned i = 0; i < 60000; i++)
		strbuf_printf(&text, "  s%u: *a\n", i);
	assert_int_equal(findings_of(strbuf_slice(&text), 1307), 1);
	assert_false(text.failed);
	strbuf_done(&text);
}

/* Comments by the ten thousand, for one line and for one each, with many numbers. */
static void test_many_allowances(void **state)
{
	struct audit_options options = {};
	struct strbuf text = {};
	struct audit *audit;

	(void)state;
	strbuf_add(&text, SLICE("http { server {\n"));
	for (unsigned i = 0; i < 30000; i++)
		strbuf_add(&text, SLICE("# portbook: allow 1202\n"));
	for (unsigned i = 0; i < 30000; i++)
		strbuf_printf(&text, "listen %u; ", 50000 + i % 10000);
	strbuf_add_byte(&text, '\n');
	for (unsigned i = 0; i < 30000; i++)
		strbuf_printf(&text, "listen %u; # portbook: allow 1202\n", 50000 + i % 10000);
	strbuf_add(&text, SLICE("listen 60000; # portbook: allow "));
	for (unsigned i = 0; i < 40; i++)
		strbuf_printf(&text, "%u,", 2000 + i);
	strbuf_add(&text, SLICE("1202,99999999999\n}}\n"));
	assert_false(text.failed);
	audit = judged(AUDIT_NGINX, SLICE("nginx.conf"), strbuf_slice(&text), SLICE_NONE, &options);
	assert_int_equal(count_of(audit, 1202), 0);
	assert_int_equal(count_of(audit, 1308), 41);
	assert_int_equal(audit_finding_count(audit), 41);
	audit_free(audit);
	strbuf_done(&text);
}

/* What is the same is compared once; what is not, so many times, and that is said. */
static void test_many_on_one_port(void **state)
{
	struct audit_options options = {};
	struct strbuf text = {};
	struct audit *audit;

	(void)state;
	strbuf_add(&text, SLICE("http { server {\n"));
	for (unsigned i = 0; i < 100000; i++)
		strbuf_add(&text, SLICE("listen 80;\n"));
	strbuf_add(&text, SLICE("} }\nstream { server { listen 80; } }\n"));
	audit = judged(AUDIT_NGINX, SLICE("nginx.conf"), strbuf_slice(&text), SLICE_NONE, &options);
	assert_int_equal(count_of(audit, 1001), 1);
	assert_int_equal(count_of(audit, 1307), 0);
	audit_free(audit);
	text.n = 0;
	for (unsigned i = 0; i < 7000; i++)
		strbuf_printf(&text, "frontend f%u\n bind 10.0.%u.%u:80\n", i, i >> 8, i & 255);
	assert_false(text.failed);
	audit = judged(AUDIT_HAPROXY, SLICE("a.cfg"), strbuf_slice(&text), SLICE_NONE, &options);
	assert_int_equal(count_of(audit, 1307), 1);
	assert_int_equal(count_of(audit, 1001), 0);
	audit_free(audit);
	strbuf_done(&text);
}

/* Ranges that are behind do not hide those that are not. */
static void test_ranges_on_one_port(void **state)
{
	struct audit_options options = {};
	struct strbuf text = {};
	struct audit *audit;

	(void)state;
	strbuf_add(&text, SLICE("frontend long\n bind *:1000-9000\n"));
	for (unsigned i = 0; i < 100; i++)
		strbuf_printf(&text, "frontend f%u\n bind 10.0.0.%u:%u\n", i, i, 1000 + i * 2);
	strbuf_add(&text, SLICE("frontend last\n bind *:9001\n"));
	audit = judged(AUDIT_HAPROXY, SLICE("a.cfg"), strbuf_slice(&text), SLICE_NONE, &options);
	assert_int_equal(count_of(audit, 1001), 100);
	audit_free(audit);
	strbuf_done(&text);
}

/* Each has its value, however many there are; what they grow to has an end. */
static void test_many_variables(void **state)
{
	struct audit_options options = {};
	struct strbuf text = {};
	struct audit *audit;

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		strbuf_printf(&text, "ARG A%u=%u\n", i, i + 1);
	for (unsigned i = 0; i < 20000; i++)
		strbuf_printf(&text, "EXPOSE $A%u\n", i);
	audit = judged(AUDIT_DOCKERFILE, SLICE("Dockerfile"), strbuf_slice(&text), SLICE_NONE,
		       &options);
	assert_int_equal(count_of(audit, 1306), 0);
	assert_int_equal(audit_port_count(audit), 20000);
	assert_int_equal(audit_port_at(audit, 19999)->first, 20000);
	audit_free(audit);
	text.n = 0;
	strbuf_add(&text, SLICE("ARG A='"));
	for (unsigned i = 0; i < 2000; i++)
		strbuf_add(&text, SLICE("1 "));
	strbuf_add(&text, SLICE("'\n"));
	for (unsigned i = 0; i < 2000; i++)
		strbuf_add(&text, SLICE("EXPOSE $A\n"));
	assert_false(text.failed);
	audit = judged(AUDIT_DOCKERFILE, SLICE("Dockerfile"), strbuf_slice(&text), SLICE_NONE,
		       &options);
	assert_true(audit_port_count(audit) <= 4 << 20);
	assert_true(count_of(audit, 1306) > 0);
	audit_free(audit);
	strbuf_done(&text);
}

/* A name as long as a file is kept once for all of its ports. */
static void test_long_names(void **state)
{
	struct strbuf text = {};
	struct audit *audit;
	size_t bad;

	(void)state;
	strbuf_add(&text, SLICE("frontend "));
	for (unsigned i = 0; i < 100000; i++)
		strbuf_add(&text, SLICE("\xe4\xb8\xad"));
	strbuf_add(&text, SLICE("\n"));
	for (unsigned i = 0; i < 20000; i++)
		strbuf_printf(&text, " bind *:%u\n bind *:0\n", i + 1);
	assert_false(text.failed);
	audit = judged(AUDIT_HAPROXY, SLICE("a.cfg"), strbuf_slice(&text), SLICE_NONE,
		       &(struct audit_options){});
	assert_int_equal(audit_port_count(audit), 20000);
	for (size_t i = 0; i < 20000; i++)
		assert_true(audit_port_at(audit, i)->owner.n <= 511);
	assert_true(utf8_valid(audit_port_at(audit, 0)->owner, &bad));
	assert_true(utf8_valid(audit_finding_at(audit, 0)->who, &bad));
	audit_free(audit);
	strbuf_done(&text);
}

/* A finding's text ends with a whole character, wherever it is cut. */
static void test_cut_texts(void **state)
{
	(void)state;
	for (unsigned shift = 0; shift < 4; shift++) {
		struct strbuf text = {};
		struct audit *audit;
		size_t bad;

		strbuf_add(&text, SLICE("services: {a: {ports: [\"80:"));
		for (unsigned i = 0; i < shift; i++)
			strbuf_add_byte(&text, 'x');
		for (unsigned i = 0; i < 400; i++)
			strbuf_add(&text, SLICE("\xf0\x9f\x90\xb3"));
		strbuf_add(&text, SLICE("\"]}}\n"));
		assert_false(text.failed);
		audit = judged(AUDIT_COMPOSE, SLICE("compose.yaml"), strbuf_slice(&text),
			       SLICE_NONE, &(struct audit_options){});
		assert_int_equal(count_of(audit, 1302), 1);
		assert_true(audit_finding_at(audit, 0)->text.n > 500);
		assert_true(utf8_valid(audit_finding_at(audit, 0)->text, &bad));
		audit_free(audit);
		strbuf_done(&text);
	}
}

/* Units and nginx files whose parts end nowhere are read in one pass. */
static void test_long_parts(void **state)
{
	struct strbuf text = {};
	struct audit *audit;

	(void)state;
	strbuf_add(&text, SLICE("http {"));
	for (unsigned i = 0; i < 1000000; i++)
		strbuf_add(&text, SLICE("${"));
	audit = judged(AUDIT_NGINX, SLICE("nginx.conf"), strbuf_slice(&text), SLICE_NONE,
		       &(struct audit_options){});
	assert_int_equal(count_of(audit, 1307), 1);
	audit_free(audit);
	text.n = 0;
	strbuf_add(&text, SLICE("[Socket]\n"));
	for (unsigned i = 0; i < 1000000; i++)
		strbuf_add_byte(&text, ' ');
	for (unsigned i = 0; i < 500000; i++)
		strbuf_add(&text, SLICE("\\\n"));
	strbuf_add(&text, SLICE("a=b\n"));
	for (unsigned i = 0; i < 100000; i++)
		strbuf_add(&text, SLICE("ListenStream=1\n"));
	assert_false(text.failed);
	audit = judged(AUDIT_SOCKET, SLICE("a.socket"), strbuf_slice(&text), SLICE_NONE,
		       &(struct audit_options){});
	assert_int_equal(audit_port_count(audit), 100000);
	audit_free(audit);
	strbuf_done(&text);
}

/* What listens and what is reserved, in an order of its own, as qsort wants it. */
static void test_against(void **state)
{
	struct audit_seen seen[] = {
		{.running = SLICE("redis-server"), .port = 8080, .open = true},
		{.reserved = SLICE("shop"), .port = 8081},
		{.running = SLICE("postgres"), .port = 8082, .open = true},
		{.reserved = SLICE("db"), .port = 8082},
		{.running = SLICE("redis-server"),
		 .port = 8083,
		 .transport = TRANSPORT_UDP,
		 .open = true},
		{.running = SLICE("redis-server"), .port = 8080, .open = true},
		{.running = SLICE("redis-server"), .port = 8079, .open = true},
	};
	struct audit_options options = {
		.against = true, .seen = seen, .seen_count = ARRAY_SIZE(seen)};
	const struct audit_seen *first;
	struct audit *audit;

	(void)state;
	qsort(seen, ARRAY_SIZE(seen), sizeof(*seen), audit_seen_compare);
	assert_int_equal(audit_seen_find(&options, TRANSPORT_TCP, 8080, &first), 2);
	assert_text(first->running, "redis-server");
	assert_int_equal(audit_seen_find(&options, TRANSPORT_TCP, 8083, &first), 0);
	audit = judged(AUDIT_COMPOSE, SLICE("compose.yaml"),
		       SLICE("services:\n  db:\n    image: postgres\n    ports:\n"
			     "    - \"8080:1\"\n    - \"8081:1\"\n    - \"8082:1\"\n"
			     "    - \"8083:1\"\n"),
		       SLICE_NONE, &options);
	assert_int_equal(count_of(audit, 1401), 1);
	assert_int_equal(count_of(audit, 1402), 1);
	assert_int_equal(count_of(audit, 1403), 2);
	for (size_t i = 0; i < audit_finding_count(audit); i++) {
		const struct audit_finding *finding = audit_finding_at(audit, i);

		assert_true(finding->check->number != 1401 || finding->line == 5);
		assert_true(finding->check->number != 1402 || finding->line == 6);
		assert_true(finding->check->number != 1403 || finding->line == 6 ||
			    finding->line == 8);
	}
	audit_free(audit);
}

/* U+FEFF at the start of a file, and of the .env beside it, is none of it. */
static void test_marks(void **state)
{
	struct audit *audit;

	(void)state;
	ports_are(AUDIT_DOTENV, SLICE(".env"), SLICE("\xef\xbb\xbfPORT=80\n"),
		  SLICE("1:6 80-80/tcp setting  ;"));
	audit = judged(AUDIT_COMPOSE, SLICE("compose.yaml"),
		       SLICE("services: {a: {ports: [\"${A}:1\"]}}\n"),
		       SLICE("\xef\xbb\xbf"
			     "A=2\n"),
		       &(struct audit_options){});
	assert_int_equal(audit_port_count(audit), 2);
	assert_int_equal(audit_port_at(audit, 1)->first, 2);
	audit_free(audit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_compose),
					   cmocka_unit_test(test_kubernetes),
					   cmocka_unit_test(test_units),
					   cmocka_unit_test(test_images_and_settings),
					   cmocka_unit_test(test_proxies),
					   cmocka_unit_test(test_firewalld),
					   cmocka_unit_test(test_limits),
					   cmocka_unit_test(test_many_allowances),
					   cmocka_unit_test(test_many_on_one_port),
					   cmocka_unit_test(test_ranges_on_one_port),
					   cmocka_unit_test(test_many_variables),
					   cmocka_unit_test(test_long_names),
					   cmocka_unit_test(test_cut_texts),
					   cmocka_unit_test(test_long_parts),
					   cmocka_unit_test(test_against),
					   cmocka_unit_test(test_marks)};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
