#include "http/frame.h"

#include "base/fault.h"

#define NAME "Portbook"

static const struct {
	struct slice path, text;
} links[] = {
	{SLICE("/assignments/service-names-port-numbers"), SLICE("Registry")},
	{SLICE("/chart"), SLICE("Chart")},
	{SLICE("/changes"), SLICE("Changes")},
	{SLICE("/editions"), SLICE("Editions")},
	{SLICE("/openapi.json"), SLICE("API")},
};

void frame_put(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '&':
			out_put(out, SLICE("&amp;"));
			break;
		case '<':
			out_put(out, SLICE("&lt;"));
			break;
		case '>':
			out_put(out, SLICE("&gt;"));
			break;
		case '"':
			out_put(out, SLICE("&quot;"));
			break;
		default:
			out_byte(out, text.p[i]);
		}
	}
}

void frame_encoded(struct out *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (byte_is_letter(c) || byte_is_digit(c) || (c && strchr("-._~", c)))
			out_byte(out, c);
		else
			out_printf(out, "%%%02X", (unsigned char)c);
	}
}

void frame_links(struct out *out)
{
	out_put(out, SLICE("<link rel=\"stylesheet\" href=\"/ui/style.css\" />\n"
			   "<link rel=\"alternate\" type=\"application/atom+xml\" "
			   "title=\"Changes\" href=\"/changes.atom\" />\n"
			   "<script src=\"/ui/script.js\" defer=\"defer\"></script>\n"));
}

void frame_header(struct out *out)
{
	out_put(out, SLICE("<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
			   "<header class=\"top\"><div class=\"bar\">"
			   "<a class=\"brand\" href=\"/\">" NAME "</a><nav aria-label=\"Site\">"));
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		out_put(out, SLICE("<a href=\""));
		out_put(out, links[i].path);
		out_put(out, SLICE("\">"));
		out_put(out, links[i].text);
		out_put(out, SLICE("</a>"));
	}
	out_put(out, SLICE("</nav></div></header>\n<main id=\"main\" tabindex=\"-1\">\n"));
}

void frame_footer(struct out *out)
{
	out_put(out, SLICE("</main>\n<footer class=\"bottom\"><div class=\"foot\"><p>The registry "
			   "is IANA's: <a href=\"https://www.iana.org/help/licensing-terms\">"
			   "Licensing Terms</a></p></div></footer>\n"));
}

int frame_begin(struct http_response *response, unsigned status, struct slice title)
{
	struct out *out = &response->body;
	int result = http_respond(response, status, HTTP_HTML);

	if (result < 0)
		return result;
	out_put(out, SLICE("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\" />\n"
			   "<meta name=\"viewport\" content=\"width=device-width, "
			   "initial-scale=1\" />\n<title>"));
	frame_put(out, title);
	out_put(out, SLICE(" - " NAME "</title>\n"));
	frame_links(out);
	out_put(out, SLICE("</head><body>\n"));
	frame_header(out);
	out_put(out, SLICE("<h1>"));
	frame_put(out, title);
	out_put(out, SLICE("</h1>\n"));
	return 0;
}

int frame_end(struct http_response *response)
{
	frame_footer(&response->body);
	out_put(&response->body, SLICE("</body></html>\n"));
	return response->body.error ? FAULT_MEMORY : 0;
}

bool frame_is_wanted(const struct http_request *request)
{
	struct slice accept = http_header(request, SLICE("Accept"));
	size_t html = slice_find(accept, SLICE("text/html"));

	return html < slice_find(accept, SLICE("json"));
}

int frame_problem(struct http_response *response)
{
	struct slice title = response->problem, detail = response->detail;
	int result = frame_begin(response, response->status, title);

	if (result < 0)
		return result;
	if (detail.p) {
		out_put(&response->body, SLICE("<p>"));
		frame_put(&response->body, detail);
		out_put(&response->body, SLICE("</p>\n"));
	}
	response->problem = title;
	response->detail = detail;
	return frame_end(response);
}
