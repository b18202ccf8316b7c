#undef NDEBUG
#include "../testing.h"

#include <unistd.h>

#include "../made_up.h"
#include "asking.h"
#include "query/query.h"
#include "render/render.h"
#include "stored.h"

#define HEAD                                                                                       \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,"                \
	"Registration Date,Modification Date,Reference,Service Code,Unauthorized Use Reported,"    \
	"Assignment Notes\r\n"

enum { ROWS = 1500 };

static const struct stored documents[] = {
	{SLICE("2020-01-01"), SLICE(HEAD "a,1,tcp,A,,[Ann],,,,,,\r\nb,2,udp,B,,,,,,,,\r\n")},
	{SLICE("2021-01-01"), SLICE(HEAD "a,1,tcp,Aa,,[Ann],,,,,,\r\nb,2,udp,B,,,,,,,,\r\n")},
	{SLICE("2021-01-01"),
	 SLICE(HEAD "a,1,tcp,Aaa,,[Ann],,,,,,\r\nb,2,udp,B,,,,,,,,\r\nc,3,tcp,C,,,,,,,,\r\n")},
};

/* A folder with a made-up registry as an image, and a store of the documents. */
struct places {
	char folder[32], image[48], store[48];
	struct edition edition;
	struct site *site, *site_with_store;
};

static void write_file(const char *path, struct slice bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	struct places *places = calloc(1, sizeof(*places));
	struct site_options options = {};
	struct fault fault = {};

	assert_non_null(places);
	snprintf(places->folder, sizeof(places->folder), "/tmp/test_api.XXXXXX");
	assert_non_null(mkdtemp(places->folder));
	snprintf(places->image, sizeof(places->image), "%s/image", places->folder);
	snprintf(places->store, sizeof(places->store), "%s/store", places->folder);
	places->edition = edition_of(made_up_registry(7, ROWS));
	write_file(places->image, places->edition.bytes);
	places->site = site_of(places->image);
	stored_make(places->store, documents, ARRAY_SIZE(documents));
	options.store = places->store;
	assert_int_equal(site_open(&options, &places->site_with_store, &fault), 0);
	*state = places;
	return 0;
}

static int tear_down(void **state)
{
	struct places *places = *state;

	site_close(places->site);
	site_close(places->site_with_store);
	edition_done(&places->edition);
	unlink(places->image);
	unlink(places->store);
	rmdir(places->folder);
	free(places);
	return 0;
}

static void assert_answer(struct site *site, const char *address, unsigned status,
			  const char *wanted)
{
	struct http_response response = ask(site, address);

	if (response.status != status)
		fail_msg("%s: %u, not %u: %.*s", address, response.status, status,
			 (int)body_of(&response).n, body_of(&response).p);
	if (slice_find(body_of(&response), slice_cstr(wanted)) == (size_t)-1)
		fail_msg("%s: no %s in %.*s", address, wanted, (int)body_of(&response).n,
			 body_of(&response).p);
	assert_true(slice_eq(response.type,
			     status == 200 ? HTTP_JSON : SLICE("application/problem+json")));
	http_response_done(&response);
}

/* The rows of an answer, as they stand between the brackets. */
static struct slice rows_of(struct slice body)
{
	size_t from = slice_find(body, SLICE("\"rows\":[")) + 8;
	size_t to = slice_find(body, SLICE("\n],\""));

	assert_true(from < body.n && to < body.n && from <= to);
	return (struct slice){body.p + from, to - from};
}

static struct slice next_of(struct slice body)
{
	size_t at = slice_find(body, SLICE("\"next\":"));
	struct slice rest = slice_skip(body, at + 8);

	assert_true(at < body.n);
	return body.p[at + 7] == '"' ? slice_cut(&rest, '"') : SLICE_NONE;
}

/* All pages of a query one after the other, as one page would have them. */
static void walk(struct site *site, const char *query, const char *limit, struct strbuf *rows,
		 size_t *ret_pages)
{
	struct strbuf address CLEANUP(strbuf_done) = {};
	bool more = true;

	*ret_pages = 0;
	strbuf_printf(&address, "/api/v1/rows?%s&limit=%s", query, limit);
	while (more) {
		struct http_response response;
		struct slice next, link;

		strbuf_add_byte(&address, '\0');
		response = ask(site, address.p);
		if (response.status != 200)
			fail_msg("%s: %.*s", address.p, (int)body_of(&response).n,
				 body_of(&response).p);
		++*ret_pages;
		strbuf_add(rows, *ret_pages > 1 ? SLICE(",") : SLICE(""));
		strbuf_add(rows, rows_of(body_of(&response)));
		next = next_of(body_of(&response));
		link = header_of(&response, SLICE("Link"));
		more = next.p != NULL;
		assert_int_equal(more, link.p != NULL);
		if (more) {
			/* Of the link, and so of its encoding: it leads where the cursor does. */
			struct slice rest = slice_skip(link, 1);
			struct slice target = slice_cut(&rest, '>');

			assert_true(slice_ends(target, next));
			assert_text(rest, "; rel=\"next\"");
			address.n = 0;
			strbuf_add(&address, target);
		}
		http_response_done(&response);
	}
}

static void put_all(struct out *out, const struct image *image, const uint32_t *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct row row;

		image_row(image, rows[i], &row);
		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		render_json_row(out, &row);
	}
}

static void assert_walk(const struct places *places, const char *query, const uint32_t *rows,
			size_t count)
{
	static const char *const limits[] = {"1000", "7", "100"};
	struct out wanted;

	assert_int_equal(out_init_memory(&wanted), 0);
	put_all(&wanted, &places->edition.image, rows, count);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct strbuf got CLEANUP(strbuf_done) = {};
		size_t pages, limit = i == 0 ? 1000 : i == 1 ? 7 : 100;

		walk(places->site, query, limits[i], &got, &pages);
		assert_int_equal(pages, count == 0 ? 1 : (count + limit - 1) / limit);
		if (!slice_eq(strbuf_slice(&got), out_slice(&wanted)))
			fail_msg("%s by %s: other rows", query, limits[i]);
	}
	out_done(&wanted);
}

static size_t list_of(const struct rowset *set, uint32_t *rows)
{
	size_t count = 0;

	ROWSET_EACH(set, number)
	rows[count++] = number;
	return count;
}

static void test_walks(void **state)
{
	const struct places *places = *state;
	const struct image *image = &places->edition.image;
	struct sort_key keys[] = {{COLUMN_DESCRIPTION, false}, {COLUMN_PORT, true}};
	struct query query = {
		.kind = QUERY_PORTS, .first = 0, .last = 20, .transport = TRANSPORT_NONE};
	uint32_t rows[2 * ROWS], count = 0;
	struct rowset set;

	assert_true(image_row_count(image) < ARRAY_SIZE(rows));
	for (uint32_t i = 0; i < image_row_count(image); i++)
		rows[i] = i;
	assert_walk(places, "", rows, image_row_count(image));
	assert_walk(places, "port=&name=&search=&transport=&cursor=&as_of=", rows,
		    image_row_count(image));
	assert_int_equal(query_sort(image, rows, image_row_count(image), keys, 2), 0);
	assert_walk(places, "sort=description,-port", rows, image_row_count(image));

	assert_true(rowset_init(&set, image_row_count(image)));
	query_search(image, SLICE("\xc3\xa9l &"), QUERY_SEARCHED, &set);
	assert_walk(places, "search=%c3%89L+%26", rows, list_of(&set, rows));
	rowset_clear(&set);
	query_search(image, SLICE("ab-c"), QUERY_SEARCHED, &set);
	count = (uint32_t)list_of(&set, rows);
	assert_true(count > 7);
	assert_int_equal(query_sort(image, rows, count, keys, 1), 0);
	assert_walk(places, "search=AB-c&sort=Description", rows, count);
	rowset_clear(&set);
	query_rows(image, &query, &set);
	assert_walk(places, "port=0-20", rows, list_of(&set, rows));
	rowset_clear(&set);
	query = (struct query){
		.kind = QUERY_NAME, .name = SLICE("http"), .transport = TRANSPORT_UDP};
	query_rows(image, &query, &set);
	assert_walk(places, "name=HTTP&transport=udp", rows, list_of(&set, rows));
	rowset_done(&set);
}

static size_t list_range(const struct image *image, enum port_range range, uint32_t *rows)
{
	size_t count = 0;

	for (uint32_t i = 0; i < image_row_count(image); i++) {
		struct row row;

		image_row(image, i, &row);
		if (row.first_port >= 0 && port_range_of((uint16_t)row.first_port) == range)
			rows[count++] = i;
	}
	return count;
}

/* The filters by themselves and together, beside what each row says. */
static void test_filters(void **state)
{
	const struct places *places = *state;
	const struct image *image = &places->edition.image;
	uint32_t udp[2 * ROWS], all[2 * ROWS], some[2 * ROWS], names[2 * ROWS], used[2 * ROWS];
	size_t udp_count = 0, all_count = 0, some_count = 0, name_count = 0, used_count = 0;
	struct rowset found;

	assert_true(rowset_init(&found, image_row_count(image)));
	query_search(image, SLICE("proto"), QUERY_SEARCHED, &found);
	for (uint32_t i = 0; i < image_row_count(image); i++) {
		struct row row;

		image_row(image, i, &row);
		if (row.transport == TRANSPORT_UDP || row.transport == TRANSPORT_DCCP)
			udp[udp_count++] = i;
		if (row.state == ROW_ASSIGNED && row.first_port >= 0 && row.first_port < 49152)
			all[all_count++] = i;
		if (row.first_port >= 0 && row.first_port <= 40000 && row.last_port >= 1000 &&
		    slice_eq(row.shown[COLUMN_NAME], SLICE("x11")) && rowset_has(&found, i) &&
		    (row.transport == TRANSPORT_TCP || row.transport == TRANSPORT_NONE))
			some[some_count++] = i;
	}
	for (uint32_t i = 0; i < image_row_count(image); i++) {
		struct row row;

		image_row(image, i, &row);
		if (row.first_port < 0)
			names[name_count++] = i;
		else if (row.shown[COLUMN_UNAUTHORIZED].n > 0)
			used[used_count++] = i;
	}
	rowset_done(&found);
	assert_true(udp_count > 7 && all_count > 7 && some_count > 0);
	assert_true(name_count > 7 && used_count > 7);
	assert_walk(places, "transport=udp,DCCP", udp, udp_count);
	assert_walk(places, "state=assigned&range=user,system", all, all_count);
	assert_walk(places, "port=1000-40000&name=X11&search=proto&transport=tcp", some,
		    some_count);
	assert_walk(places, "portless=true", names, name_count);
	assert_walk(places, "portless=true,false&range=user&unauthorized_use=", some,
		    list_range(image, PORT_RANGE_USER, some));
	assert_walk(places, "unauthorized_use=true&portless=FALSE", used, used_count);
	assert_walk(places, "portless=true&range=system", some, 0);
	assert_walk(places, "search=nothing+has+this", some, 0);
}

static void test_ports(void **state)
{
	struct site *site = site_of(NULL);
	struct http_response response = ask(site, "/api/v1/ports/443/tcp");

	(void)state;
	assert_status(&response, 200);
	assert_has(&response, "{\"port\":443,\"range\":\"system\",");
	assert_has(&response,
		   "\"transports\":{\"tcp\":\"assigned\"},\"rows\":[\n{\"name\":\"https\"");
	assert_has(&response, "\n],\"edition\":\"built-in\"}\n");
	assert_int_equal(response.last_modified.n, 10);
	http_response_done(&response);
	assert_answer(site, "/api/v1/ports/443", 200, "\"dccp\":\"unassigned\"}");
	assert_answer(site, "/api/v1/ports/0/sctp", 200, "{\"sctp\":\"reserved\"}");
	assert_answer(site, "/api/v1/ports/50000/udp", 200,
		      "[\n{\"name\":null,\"first_port\":50000,\"last_port\":50000,"
		      "\"transport\":\"udp\",\"description\":null");
	assert_answer(site, "/api/v1/ports/65535", 200, "\"range\":\"dynamic\"");
	assert_answer(site, "/api/v1/ports/443/TCP", 200, "https");
	assert_answer(site, "/api/v1/ports/65536", 400,
		      "\"detail\":\"port: \\\"65536\\\" is no port");
	assert_answer(site, "/api/v1/ports/x", 400, "port: ");
	assert_answer(site, "/api/v1/ports/0443", 400, "port: ");
	assert_answer(site, "/api/v1/ports/+443", 400, "port: ");
	assert_answer(site, "/api/v1/ports/443/icmp", 400,
		      "transport: \\\"icmp\\\" is none of tcp, udp, sctp, dccp");
	assert_answer(site, "/api/v1/ports/443?as_of=2020-01-01", 404, "2020-01-01");
	assert_answer(site, "/api/v1/ports/443?as_of=soon", 400, "as_of: ");
	assert_answer(site, "/api/v1/ports/443?port=80", 400,
		      "\\\"port\\\" is no parameter here; there is: as_of");
	assert_answer(site, "/api/v1/ports/443/tcp/x", 404, "nothing is at this address");
	site_close(site);
}

/* More rows than an answer has room for by itself. */
static void test_crowded_port(void **state)
{
	const struct places *places = *state;
	struct strbuf document CLEANUP(strbuf_done) = {};
	struct http_response answer, rows;
	struct site *site;
	char path[48];

	strbuf_add(&document, SLICE(HEAD));
	for (unsigned i = 0; i < 100; i++)
		strbuf_printf(&document, "s%u,5,udp,S,,,,,,,,\r\n", i);
	snprintf(path, sizeof(path), "%s/crowded", places->folder);
	write_file(path, strbuf_slice(&document));
	site = site_of(path);
	answer = ask(site, "/api/v1/ports/5");
	rows = ask(site, "/api/v1/rows");
	assert_has(&rows, "\"total\":100,\"next\":null");
	assert_slice(rows_of(body_of(&answer)), rows_of(body_of(&rows)));
	http_response_done(&answer);
	http_response_done(&rows);
	site_close(site);
	unlink(path);
}

static void test_names(void **state)
{
	const struct places *places = *state;
	struct site *site = site_of(NULL);

	assert_answer(site, "/api/v1/services/HTTPS", 200, "{\"name\":\"https\",\"rows\":[\n");
	assert_answer(site, "/api/v1/services/htps", 404,
		      "no service is named \\\"htps\\\"; nearest: htsp, https");
	assert_answer(site, "/api/v1/services/%22%3Cscript%3E", 404, "\\\"<script>");
	assert_answer(site, "/api/v1/people/Tom_Lane", 200,
		      "{\"person\":{\"id\":\"Tom_Lane\",\"name\":null");
	assert_answer(site, "/api/v1/people/Nobody_There", 404, "no person has the id");
	site_close(site);
	assert_answer(places->site, "/api/v1/services/914c%2Fg", 200, "{\"name\":\"914c/g\"");
	assert_answer(places->site, "/api/v1/people/jANE_rOE", 200, "{\"id\":\"Jane_Roe\"");
	assert_answer(places->site, "/api/v1/people/Jane_Ro", 404, "nearest: Jane_Roe");
}

static void test_parameters(void **state)
{
	static const char *const cases[][2] = {
		{"limit=0", "limit: "},
		{"limit=1001", "limit: \\\"1001\\\" is no number of 1 to 1000"},
		{"limit=-1", "limit: "},
		{"limit=1e3", "limit: "},
		{"limit=99999999999999999999999999", "limit: "},
		{"port=70000", "port: "},
		{"port=9-1", "port: "},
		{"port=443/tcp", "port: "},
		{"transport=icmp", "transport: \\\"icmp\\\" is none of tcp, udp, sctp, dccp"},
		{"transport=tcp,", "transport: \\\"\\\" is none"},
		{"state=gone", "state: "},
		{"portless=1", "portless: "},
		{"unauthorized_use=yes", "unauthorized_use: "},
		{"range=all", "range: "},
		{"sort=colour", "sort: \\\"colour\\\" is none of name, port"},
		{"sort=--name", "sort: "},
		{"sort=name,name,name,name,name,name,name,name,name,name,name,name,name", "sort: "},
		{"as_of=2020-13-01", "as_of: "},
		{"as_of=%22", "as_of: "},
		{"colour=red", "\\\"colour\\\" is no parameter here; there are: port, name"},
		{"=1", "\\\"\\\" is no parameter"},
		{"port=1&port=1", "port: it is given twice"},
		{"search=%ff", "search: its value is no text in UTF-8"},
		{"search=%00", "search: "},
		{"%ff=1", "the name of a parameter is no text"},
		{"cursor=1", "cursor: "},
		{"cursor=%0d%0aSet-Cookie:x", "cursor: "},
		{"cursor=0000000000000000-100-0", "cursor: "},
		{"cursor=0000000000000000-18446744073709551615-0", "cursor: "},
		{"cursor=0000000000000000-100-9223372036854775807", "cursor: "},
		{"cursor=0000000000000000-100-202001010001", "cursor: "},
	};
	const struct places *places = *state;
	struct strbuf longest CLEANUP(strbuf_done) = {};
	char address[256];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(address, sizeof(address), "/api/v1/rows?%s", cases[i][0]);
		assert_answer(places->site, address, 400, cases[i][1]);
		if (slice_find(slice_cstr(cases[i][0]), SLICE("as_of")) != 0)
			assert_answer(places->site_with_store, address, 400, cases[i][1]);
	}
	strbuf_add(&longest, SLICE("/api/v1/rows?search="));
	for (unsigned i = 0; i < 512; i++)
		strbuf_add(&longest, SLICE("%C3"));
	strbuf_add_byte(&longest, '\0');
	assert_answer(places->site, longest.p, 400, "search: its value is no text");
	longest.n -= 3 * 512 + 1;
	for (unsigned i = 0; i < 513; i++)
		strbuf_add_byte(&longest, 'x');
	strbuf_add_byte(&longest, '\0');
	assert_answer(places->site, longest.p, 400, "search: its value is longer than 512 bytes");
	longest.n -= 2;
	strbuf_add_byte(&longest, '\0');
	assert_answer(places->site, longest.p, 200, "{\"rows\":[\n],\"total\":0,\"next\":null");
}

static struct strbuf cursor_of(struct site *site, const char *address)
{
	struct http_response response = ask(site, address);
	struct strbuf cursor = {};

	assert_status(&response, 200);
	strbuf_add(&cursor, next_of(body_of(&response)));
	assert_true(cursor.n > 0);
	strbuf_add_byte(&cursor, '\0');
	http_response_done(&response);
	return cursor;
}

static void test_cursors(void **state)
{
	const struct places *places = *state;
	struct strbuf cursor CLEANUP(strbuf_done) =
		cursor_of(places->site, "/api/v1/rows?search=a&limit=5");
	struct site *other = site_of(NULL);
	char address[256];

	snprintf(address, sizeof(address), "/api/v1/rows?cursor=%s&search=a&limit=1000", cursor.p);
	assert_answer(places->site, address, 200, "{\"rows\":[\n{");
	/* Of another edition, of other queries. */
	assert_answer(other, address, 400, "cursor: ");
	assert_answer(places->site_with_store, address, 400, "cursor: ");
	snprintf(address, sizeof(address), "/api/v1/rows?cursor=%s&search=b", cursor.p);
	assert_answer(places->site, address, 400, "cursor: it is of another edition");
	snprintf(address, sizeof(address), "/api/v1/rows?cursor=%s&name=a", cursor.p);
	assert_answer(places->site, address, 400, "cursor: ");
	snprintf(address, sizeof(address), "/api/v1/rows?cursor=%s&search=a&sort=name", cursor.p);
	assert_answer(places->site, address, 400, "cursor: ");
	/* Any letter of it changed. */
	for (size_t i = 0; i + 1 < cursor.n; i++) {
		char letter = cursor.p[i];

		for (size_t with = 0; with < 3; with++) {
			cursor.p[i] = "1f-"[with];
			snprintf(address, sizeof(address), "/api/v1/rows?cursor=%s&search=a",
				 cursor.p);
			if (cursor.p[i] != letter)
				assert_answer(places->site, address, 400, "cursor: ");
		}
		cursor.p[i] = letter;
	}
	site_close(other);
}

/* A walk goes on in the edition that it began with. */
static void test_cursors_of_store(void **state)
{
	const struct places *places = *state;
	struct strbuf cursor CLEANUP(strbuf_done) =
		cursor_of(places->site_with_store, "/api/v1/rows?limit=1&as_of=2020-06-01");
	char address[256];

	snprintf(address, sizeof(address), "/api/v1/rows?as_of=2020-06-01&cursor=%s", cursor.p);
	assert_answer(places->site_with_store, address, 200,
		      "\n],\"total\":2,\"next\":null,\"edition\":\"2020-01-01\"}\n");
	strbuf_done(&cursor);
	cursor = cursor_of(places->site_with_store, "/api/v1/rows?limit=1&as_of=2021-01-01.1");
	snprintf(address, sizeof(address), "/api/v1/rows?as_of=2021-01-01.1&cursor=%s", cursor.p);
	assert_answer(places->site_with_store, address, 200, "\"edition\":\"2021-01-01\"}");
	assert_answer(places->site_with_store, "/api/v1/rows", 200,
		      "\"edition\":\"2021-01-01.2\"}");
}

static void test_editions(void **state)
{
	const struct places *places = *state;
	struct http_response response = ask(places->site_with_store, "/api/v1/editions");

	assert_status(&response, 200);
	assert_has(&response,
		   "{\"editions\":[\n{\"edition\":\"2020-01-01\",\"date\":\"2020-01-01\","
		   "\"sequence\":1,\"format\":\"CSV\",\"rows\":2,");
	assert_has(&response, "\"edition\":\"2021-01-01.2\"");
	assert_lacks(&response, "/a/place");
	assert_text(response.last_modified, "2021-01-01");
	http_response_done(&response);
	assert_answer(places->site, "/api/v1/editions", 200, "\"sequence\":1,\"format\":null,");
	assert_answer(places->site, "/api/v1/editions?x", 400, "no parameter");
}

static void test_diff(void **state)
{
	const struct places *places = *state;
	struct site *site = places->site_with_store;

	assert_answer(site, "/api/v1/diff?from=2020-01-01", 200,
		      "{\"from\":\"2020-01-01\",\"to\":\"2021-01-01.2\",\"changes\":[\n{\"kind\":");
	assert_answer(site, "/api/v1/diff?from=2020-01-01&to=2021-01-01.1", 200,
		      "{\"column\":\"description\",\"before\":\"A\",\"after\":\"Aa\"}");
	assert_answer(site, "/api/v1/diff?from=2022-01-01&to=2022-01-01", 200, "\"changes\":[\n]}");
	assert_answer(site, "/api/v1/diff", 400, "from: a date has to be given");
	assert_answer(site, "/api/v1/diff?from=x", 400, "from: \\\"x\\\" is no date");
	assert_answer(site, "/api/v1/diff?from=2020-01-01&to=%0a", 400, "to: ");
	assert_answer(site, "/api/v1/diff?from=2019-12-31", 404, "from: no edition of 2019-12-31");
	assert_answer(places->site, "/api/v1/diff?from=2020-01-01", 404, "no store");
}

static void test_log(void **state)
{
	const struct places *places = *state;
	struct site *site = places->site_with_store;

	assert_answer(
		site, "/api/v1/log/A", 200,
		"{\"subject\":\"A\",\"changes\":[\n{\"edition\":\"2020-01-01\",\"previous\":null,");
	assert_answer(site, "/api/v1/log/3/tcp", 200,
		      "{\"subject\":\"3/tcp\",\"changes\":[\n{\"edition\":\"2021-01-01.2\","
		      "\"previous\":\"2021-01-01\",\"change\":{\"kind\":\"assigned\"");
	assert_answer(site, "/api/v1/log/3%2ftcp", 200, "\"subject\":\"3/tcp\"");
	assert_answer(site, "/api/v1/log/Ann", 200, "2020-01-01");
	assert_answer(site, "/api/v1/log/%5bAnn%5d", 200, "2020-01-01");
	assert_answer(site, "/api/v1/log/3/udp", 404, "nothing in the store was ever called");
	assert_answer(site, "/api/v1/log/nobody", 404, "\\\"nobody\\\"");
	assert_answer(site, "/api/v1/log/70000", 400, "70000");
	assert_answer(site, "/api/v1/log/1-9", 400, "not of a range");
	assert_answer(site, "/api/v1/log/a?limit=1", 400, "no parameter");
	assert_answer(places->site, "/api/v1/log/a", 404, "no store");
}

/* HEAD, browsers, and the description itself. */
static void test_manners(void **state)
{
	const struct places *places = *state;
	struct http_response response = ask_as(places->site, HTTP_HEAD, "/api/v1/rows", SLICE_NONE);

	assert_status(&response, 200);
	assert_non_null(header_of(&response, SLICE("Link")).p);
	assert_true(response.route->cross_origin);
	http_response_done(&response);
	response = ask_as(places->site, HTTP_GET, "/api/v1/ports/x", SLICE("text/html"));
	assert_status(&response, 400);
	assert_text(response.type, "application/problem+json");
	http_response_done(&response);
	response = ask_as(places->site, HTTP_POST, "/api/v1/rows", SLICE_NONE);
	assert_status(&response, 405);
	http_response_done(&response);
	assert_answer(places->site, "/openapi.json", 200, "\"openapi\": \"3.1.0\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),	 cmocka_unit_test(test_filters),
		cmocka_unit_test(test_ports),	 cmocka_unit_test(test_crowded_port),
		cmocka_unit_test(test_names),	 cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_cursors),	 cmocka_unit_test(test_cursors_of_store),
		cmocka_unit_test(test_editions), cmocka_unit_test(test_diff),
		cmocka_unit_test(test_log),	 cmocka_unit_test(test_manners),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
