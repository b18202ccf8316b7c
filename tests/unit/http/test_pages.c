#undef NDEBUG
#include "../testing.h"

#include <stdio.h>
#include <unistd.h>

#include "asking.h"
#include "registry/registry.h"

#define HTML SLICE("text/html")

/* Names and texts that would be markup, other addresses or other headers, were they let. */
static const char hostile[] =
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"" REGISTRY_ID "\">\n"
	"<updated>2020-01-02</updated>\n"
	"<record><name>&lt;b&gt;\"'&amp;/../x?y#z</name><protocol>tcp</protocol>"
	"<xref type=\"person\" data=\"P&quot;&gt;&lt;i&gt;\"/>"
	"<description>&lt;script&gt;alert(1)&lt;/script&gt;</description>"
	"<number>7</number>"
	"<xref type=\"uri\" data=\"javascript:alert(2)\">&lt;u&gt;</xref>"
	"<note>This entry is an alias to \"&lt;s&gt;\"</note></record>\n"
	"<record><name>plain</name><protocol>udp</protocol><xref type=\"person\" data=\"Jo_Do\"/>"
	"<description>plain words</description><number>9-11</number></record>\n"
	"<record><name>other</name><protocol>udp</protocol>"
	"<description>This is named twice</description><number>12</number>"
	"<note>This entry is an alias to \"plain\".</note></record>\n"
	"<record><name>alone</name><description>without a port</description></record>\n"
	"<people><person id=\"P&quot;&gt;&lt;i&gt;\"><name>&lt;em&gt;N&lt;/em&gt;</name>"
	"<uri>javascript:alert(3)</uri></person>"
	"<person id=\"Jo_Do\"><name>Jo Do</name><org>Org</org><uri>mailto:jo&amp;a.example</uri>"
	"</person></people></registry>\n";

static struct site *site_of_text(const char *text)
{
	char path[] = "/tmp/portbook-pages-XXXXXX";
	int fd = mkstemp(path);
	struct site *site;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	site = site_of(path);
	unlink(path);
	return site;
}

/* Asks for a page that must be one. */
static struct http_response page_of(struct site *site, const char *address, unsigned status)
{
	struct http_response response = ask_as(site, HTTP_GET, address, HTML);

	if (response.status != status)
		fail_msg("%s: %u", address, response.status);
	assert_text(response.type, "text/html; charset=utf-8");
	assert_has(&response, "<main id=\"main\"");
	assert_has(&response, "<h1");
	assert_has(&response, "</html>\n");
	return response;
}

static void assert_page(struct site *site, const char *address, unsigned status, const char *has)
{
	struct http_response response = page_of(site, address, status);

	if (slice_find(body_of(&response), slice_cstr(has)) == (size_t)-1)
		fail_msg("%s has no %s", address, has);
	http_response_done(&response);
}

static void test_pages(void **state)
{
	static const struct {
		const char *address;
		unsigned status;
		const char *has;
	} cases[] = {
		{"/", 200, "name=\"q\""},
		{"/?q=", 200, "name=\"q\""},
		{"/?q=%20%20", 200, "name=\"q\""},
		{"/?q=remote+desktop", 200, "rows</h2>"},
		{"/?q=6000-6010", 200, ">6000-6063/tcp<"},
		{"/?q=zzzzzz+nothing", 200, "Nothing has this text"},
		{"/?q=protocol&page=2", 200, "aria-current=\"page\">2<"},
		{"/?q=protocol&page=99999", 404, "no such page"},
		{"/?q=protocol&page=0", 404, "no such page"},
		{"/?q=protocol&page=x", 404, "no such page"},
		{"/?q=protocol&page=18446744073709551616", 404, "no such page"},
		{"/ports/443", 200, "/ports/443/sctp"},
		{"/ports/443/tcp", 200, "assigned"},
		{"/ports/443/TCP", 200, "assigned"},
		{"/ports/0", 200, "reserved"},
		{"/ports/4", 200, "unassigned"},
		{"/ports/65535", 200, "Dynamic Ports (49152-65535)"},
		{"/ports/49152", 200, "never assigned"},
		{"/ports/65536", 404, "ports are numbers"},
		{"/ports/x", 404, "ports are numbers"},
		{"/ports/-1", 404, "ports are numbers"},
		{"/ports/007", 404, "ports are numbers"},
		{"/ports/443/xyz", 404, "transport protocol"},
		{"/services/https", 200, "_https"},
		{"/services/HTTPS", 200, "<h1 class=\"mono\">https<"},
		{"/services/htpps", 404, "/services/https"},
		{"/services/%3Cscript%3E", 404, "no service"},
		{"/people/Nobody_At_All", 404, "no contact"},
		{"/editions/built-in", 200, "The port space"},
		{"/editions/2020-01-01", 404, "no edition"},
		{"/editions/nonsense", 404, "no edition"},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_page(site, cases[i].address, cases[i].status, cases[i].has);
	site_close(site);
}

/* What one page answers leads there. */
static void test_redirects(void **state)
{
	static const struct {
		const char *address;
		const char *location;
	} cases[] = {
		{"/?q=443", "/ports/443"},	    {"/?q=+443+", "/ports/443"},
		{"/?q=53%2Fudp", "/ports/53/udp"},  {"/?q=https", "/services/https"},
		{"/?q=_ssh._tcp", "/services/ssh"}, {"/?q=914c%2Fg", "/services/914c%2Fg"},
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_response response = ask(site, cases[i].address);

		assert_status(&response, 302);
		assert_slice(header_of(&response, SLICE("Location")),
			     slice_cstr(cases[i].location));
		http_response_done(&response);
	}
	site_close(site);
}

static void assert_harmless(const struct http_response *response)
{
	assert_lacks(response, "<b>");
	assert_lacks(response, "<i>");
	assert_lacks(response, "<u>");
	assert_lacks(response, "<s>");
	assert_lacks(response, "<em>");
	assert_lacks(response, "<script>");
	assert_lacks(response, "href=\"javascript:");
}

static void test_hostile_registry(void **state)
{
	static const char *const addresses[] = {
		"/",
		"/?q=%3Cscript%3E",
		"/ports/7",
		"/ports/7/tcp",
		"/services/%3Cb%3E%22%27%26%2F..%2Fx%3Fy%23z",
		"/people/P%22%3E%3Ci%3E",
		"/editions/2020-01-02",
	};
	struct site *site = site_of_text(hostile);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct http_response response = ask_as(site, HTTP_GET, addresses[i], HTML);

		assert_harmless(&response);
		assert_true(i == 6 || response.status == 200);
		http_response_done(&response);
	}
	assert_page(site, "/ports/7", 200, "href=\"/services/%3Cb%3E%22%27%26%2F..%2Fx%3Fy%23z\"");
	site_close(site);
}

static void test_hostile_requests(void **state)
{
	static const char *const addresses[] = {
		"/?q=<script>alert(1)</script>",
		"/?q=%22%3E%3Cb%3E",
		"/?q=%22%3E%3Cb%3E&page=%3Cb%3E",
		"/?q=x&as_of=%22%3E%3Cb%3E",
		"/?q=443&as_of=%0d%0aSet-Cookie:%20x",
		"/services/%22%3E%3Cb%3E",
		"/ports/%3Cb%3E/%3Cb%3E",
		"/people/%3Cb%3E",
		"/editions/%3Cb%3E",
		"/ui/%3Cb%3E",
		"/ui/..%2fstyle.css",
	};
	struct site *site = site_of(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct http_response response = ask_as(site, HTTP_GET, addresses[i], HTML);

		assert_lacks(&response, "<b>");
		assert_lacks(&response, "<script>");
		assert_true(response.status < 500);
		assert_absent(header_of(&response, SLICE("Set-Cookie")));
		http_response_done(&response);
	}
	site_close(site);
}

static void test_content(void **state)
{
	struct site *site = site_of_text(hostile);

	(void)state;
	/* People by their names, with addresses that lead somewhere. */
	assert_page(site, "/ports/10/udp", 200, "<a href=\"/people/Jo_Do\">Jo Do</a>");
	assert_page(site, "/people/jo_do", 200, "<dd>Org</dd>");
	assert_page(site, "/people/Jo_Do", 200, ">9-11/udp<");
	/* Neighbours, by transport. */
	assert_page(site, "/ports/8", 200, "href=\"/ports/7\"");
	assert_page(site, "/ports/8/udp", 200, "href=\"/ports/9/udp\"");
	/* Aliases in both directions. */
	assert_page(site, "/services/other", 200,
		    "<dt>Alias of</dt><dd><a href=\"/services/plain\">");
	assert_page(site, "/services/plain", 200,
		    "<dt>Aliases</dt><dd><a href=\"/services/other\">");
	assert_page(site, "/services/plain", 200, "<code>_plain._udp</code>");
	assert_page(site, "/services/alone", 200, "none: the name alone");
	site_close(site);
}

static void test_files(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask(site, "/ui/style.css?v=0");

	(void)state;
	assert_status(&response, 200);
	assert_text(response.type, "text/css; charset=utf-8");
	assert_has(&response, "prefers-reduced-motion");
	assert_true(slice_find(header_of(&response, SLICE("Cache-Control")), SLICE("immutable")) !=
		    (size_t)-1);
	http_response_done(&response);
	response = ask(site, "/ui/script.js");
	assert_status(&response, 200);
	assert_text(response.type, "text/javascript; charset=utf-8");
	http_response_done(&response);
	response = ask(site, "/ui/embed.py");
	assert_status(&response, 404);
	http_response_done(&response);
	site_close(site);
}

/* As GET, and with the same tag: bodies are left out later. */
static void test_head(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response get = ask(site, "/ports/22");
	struct http_response head = ask_as(site, HTTP_HEAD, "/ports/22", SLICE_NONE);
	struct http_response other = ask(site, "/ports/23");

	(void)state;
	assert_status(&head, 200);
	assert_int_equal(get.etag.n, 16);
	assert_slice(head.etag, get.etag);
	assert_false(slice_eq(other.etag, get.etag));
	assert_int_equal(get.last_modified.n, 10);
	/* Nothing of it runs or looks as it does but by files. */
	assert_lacks(&get, "style=");
	assert_lacks(&get, "onclick");
	assert_lacks(&get, "<style");
	http_response_done(&get);
	http_response_done(&head);
	http_response_done(&other);
	site_close(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_hostile_registry),
		cmocka_unit_test(test_hostile_requests),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
