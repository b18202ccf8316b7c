#include "http/ui.h"

#include <inttypes.h>

#include "base/hash.h"

#include "ui-files.h" /* made by ui/embed.py: ui_style and others */

/* A browser that has it need not ask for a year. */
#define FOR_GOOD SLICE("public, max-age=31536000, immutable")

static const struct file {
	struct slice name, type, content;
} files[] = {
	{SLICE("style.css"), HTTP_CSS, {ui_style, sizeof(ui_style) - 1}},
	{SLICE("script.js"), HTTP_SCRIPT, {ui_script, sizeof(ui_script) - 1}},
	{SLICE("icon.svg"), HTTP_SVG, {ui_icon, sizeof(ui_icon) - 1}},
	{SLICE("chart.css"), HTTP_CSS, {ui_chart_style, sizeof(ui_chart_style) - 1}},
	{SLICE("chart.js"), HTTP_SCRIPT, {ui_chart_script, sizeof(ui_chart_script) - 1}},
	{SLICE("desk.css"), HTTP_CSS, {ui_desk_style, sizeof(ui_desk_style) - 1}},
	{SLICE("desk.js"), HTTP_SCRIPT, {ui_desk_script, sizeof(ui_desk_script) - 1}},
};

void ui_tag(struct http_response *response, struct slice body)
{
	struct strbuf digits CLEANUP(strbuf_done) = {};

	strbuf_printf(&digits, "%016" PRIx64, hash_bytes(body));
	response->etag = http_keep(response, strbuf_slice(&digits));
}

void ui_put_links(struct out *out)
{
	out_printf(out,
		   "<link rel=\"stylesheet\" href=\"/ui/style.css?v=%016" PRIx64 "\" />\n"
		   "<script src=\"/ui/script.js?v=%016" PRIx64 "\"></script>\n"
		   "<link rel=\"icon\" href=\"/ui/icon.svg\" />\n",
		   hash_bytes(files[0].content), hash_bytes(files[1].content));
}

void ui_put_chart(struct out *out)
{
	out_printf(out,
		   "<link rel=\"stylesheet\" href=\"/ui/chart.css?v=%016" PRIx64 "\" />\n"
		   "<script src=\"/ui/chart.js?v=%016" PRIx64 "\" defer=\"defer\"></script>\n",
		   hash_bytes(files[3].content), hash_bytes(files[4].content));
}

void ui_put_desk(struct out *out)
{
	out_printf(out,
		   "<link rel=\"stylesheet\" href=\"/ui/desk.css?v=%016" PRIx64 "\" />\n"
		   "<script src=\"/ui/desk.js?v=%016" PRIx64 "\" defer=\"defer\"></script>\n",
		   hash_bytes(files[5].content), hash_bytes(files[6].content));
}

static int send(struct http_response *response, const struct file *file)
{
	int result = http_respond(response, 200, file->type);

	if (result < 0)
		return result;
	response->shared = file->content;
	ui_tag(response, file->content);
	return http_add_header(response, SLICE("Cache-Control"), FOR_GOOD) ? 0 : FAULT_MEMORY;
}

int ui_file(struct site *site, const struct http_request *request, const struct slice *captured,
	    struct http_response *response)
{
	(void)site;
	(void)request;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (slice_eq(captured[0], files[i].name))
			return send(response, &files[i]);
	}
	return http_problem(response, 404, SLICE("Not Found"), SLICE("there is no such file"));
}
