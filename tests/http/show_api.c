/*
 * What the API has and answers, as JSON: {"routes": [...], "answers": [...]}.
 *
 *     show_api STORE <ADDRESSES     STORE may be - for none; addresses are a line each
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "http/handlers.h"

static void show_routes(void)
{
	const struct route *route;

	printf("{\"routes\":[");
	for (size_t i = 0; (route = route_at(i)); i++) {
		if (route->operation_id)
			printf("%s{\"pattern\":\"%s\",\"methods\":%u,\"operation\":\"%s\","
			       "\"cross_origin\":%s}",
			       i > 0 && route_at(i - 1)->operation_id ? "," : "", route->pattern,
			       route->methods, route->operation_id,
			       route->cross_origin ? "true" : "false");
	}
	printf("],\n\"get\":%u,\"post\":%u,\n\"answers\":[", 1u << HTTP_GET, 1u << HTTP_POST);
}

static void show_answer(struct site *site, const char *address, bool first)
{
	struct slice query = slice_cstr(address), path = slice_cut(&query, '?');
	struct http_request request = {.method = HTTP_GET, .path = path, .query = query};
	struct http_response response = {};
	struct slice body;

	site_answer(site, &request, &response);
	body = response.shared.p ? response.shared : out_slice(&response.body);
	printf("%s{\"address\":\"%s\",\"operation\":\"%s\",\"status\":%u,\"type\":\"%.*s\","
	       "\"body\":%.*s}\n",
	       first ? "\n" : ",", address,
	       response.route && response.route->operation_id ? response.route->operation_id : "",
	       response.status, (int)response.type.n, response.type.p, (int)body.n, body.p);
	http_response_done(&response);
}

int main(int argc, char **argv)
{
	struct site_options options = {};
	struct fault fault = {};
	struct site *site;
	char line[1024];
	bool first = true;

	assert(argc == 2);
	if (strcmp(argv[1], "-") != 0)
		options.store = argv[1];
	if (site_open(&options, &site, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	show_routes();
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		show_answer(site, line, first);
		first = false;
	}
	printf("]}\n");
	site_close(site);
	return 0;
}
