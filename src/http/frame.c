#include "http/frame.h"

#include "base/fault.h"
#include "base/number.h"
#include "http/ui.h"
#include "render/xhtml_writer.h"

#define NAME "Portbook"

/* The mark: ports in rows. And what is half light, half dark. */
#define MARK                                                                                       \
	"<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path fill=\"currentColor\" "             \
	"d=\"M1 1h4v4H1zM6 1h4v4H6zM11 1h4v4h-4zM1 6h4v4H1zM11 6h4v4h-4zM1 11h4v4H1zM6 "           \
	"11h4v4H6z\"/></svg>"
#define HALVES                                                                                     \
	"<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"6.2\" "     \
	"fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/><path "                       \
	"fill=\"currentColor\" d=\"M8 1.8a6.2 6.2 0 0 1 0 12.4z\"/></svg>"

static const struct {
	struct slice path, text;
} links[] = {
	{SLICE("/assignments/service-names-port-numbers"), SLICE("Registry")},
	{SLICE("/chart"), SLICE("Chart")},
	{SLICE("/changes"), SLICE("Changes")},
	{SLICE("/editions"), SLICE("Editions")},
	{SLICE("/desk"), SLICE("Desk")},
	{SLICE("/openapi.json"), SLICE("API")},
};

void frame_put(struct out *out, struct slice text)
{
	xhtml_put_text(&(struct xhtml_writer){.out = out}, text);
}

void frame_put_value(struct out *out, struct slice text)
{
	xhtml_put_value(&(struct xhtml_writer){.out = out}, text);
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

void frame_thousands(struct out *out, uint64_t number)
{
	char space[NUMBER_DIGITS];
	struct slice digits = number_write(number, space);

	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0)
			out_byte(out, ',');
		out_byte(out, digits.p[i]);
	}
}

void frame_links(struct out *out)
{
	ui_put_links(out);
	out_put(out, SLICE("<link rel=\"alternate\" type=\"application/atom+xml\" "
			   "title=\"Changes\" href=\"/changes.atom\" />\n"));
}

void frame_search(struct out *out, struct slice value, struct slice as_of, bool big)
{
	out_put(out, big ? SLICE("<form id=\"find\" class=\"search big\"")
			 : SLICE("<form id=\"find\" class=\"search\""));
	out_put(out, SLICE(" role=\"search\" action=\"/\">"
			   "<label class=\"hidden\" for=\"q\">Port, service name or text</label>"
			   "<input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\" "
			   "autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"200\" "
			   "placeholder=\"Port, name or text\" value=\""));
	frame_put_value(out, value);
	out_put(out, SLICE("\" /><button type=\"submit\">Search</button>"));
	if (as_of.n > 0) {
		out_put(out, SLICE("<input type=\"hidden\" name=\"as_of\" value=\""));
		frame_put_value(out, as_of);
		out_put(out, SLICE("\" />"));
	}
	out_put(out, SLICE("</form>\n"));
}

static void put_header(struct out *out, bool with_search)
{
	out_put(out, SLICE("<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
			   "<header class=\"top\"><div class=\"bar\">"
			   "<a class=\"brand\" href=\"/\" aria-label=\"" NAME "\">" MARK
			   "<span>" NAME "</span></a>\n"));
	if (with_search)
		frame_search(out, SLICE_NONE, SLICE_NONE, false);
	out_put(out, SLICE("<nav aria-label=\"Site\">"));
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		out_put(out, SLICE("<a href=\""));
		out_put(out, links[i].path);
		out_put(out, SLICE("\">"));
		out_put(out, links[i].text);
		out_put(out, SLICE("</a>"));
	}
	out_put(out,
		SLICE("</nav>\n<button id=\"theme\" type=\"button\" "
		      "aria-label=\"Dark theme\" title=\"Light or dark\" hidden=\"hidden\">" HALVES
		      "</button></div></header>\n<main id=\"main\" tabindex=\"-1\">\n"));
}

void frame_header(struct out *out)
{
	put_header(out, true);
}

void frame_home_header(struct out *out)
{
	put_header(out, false);
}

void frame_footer(struct out *out)
{
	out_put(out,
		SLICE("</main>\n<footer class=\"bottom\"><div class=\"foot\"><p>" NAME
		      ": the Service Name and Transport Protocol Port Number Registry "
		      "(RFC 6335). The public registry is IANA's: "
		      "<a href=\"https://www.iana.org/help/licensing-terms\">Licensing "
		      "Terms</a>.</p><p>That a port is assigned says nothing about what traffic "
		      "on it is, nor whether that is wanted.</p></div></footer>\n"));
}

void frame_head(struct out *out, struct slice title)
{
	out_put(out, SLICE("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\" />\n"
			   "<meta name=\"viewport\" content=\"width=device-width, "
			   "initial-scale=1\" />\n<title>"));
	frame_put(out, title);
	out_put(out, title.n > 0 ? SLICE(" - " NAME "</title>\n") : SLICE(NAME "</title>\n"));
	frame_links(out);
	out_put(out, SLICE("</head><body>\n"));
}

int frame_begin(struct http_response *response, unsigned status, struct slice title)
{
	struct out *out = &response->body;
	int result = http_respond(response, status, HTTP_HTML);

	if (result < 0)
		return result;
	frame_head(out, title);
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
