#include "http/view.h"

#include "http/frame.h"
#include "http/ui.h"

void view_done(struct view *view)
{
	if (view->edition)
		site_release(view->site, view->edition);
	strbuf_done(&view->as_of);
	strbuf_done(&view->text);
	strbuf_done(&view->writer.rich);
	strbuf_done(&view->writer.label);
	*view = (struct view){};
}

int view_open(struct view *view, struct site *site, const struct http_request *request,
	      struct http_response *response)
{
	int result;

	*view = (struct view){.site = site, .request = request, .response = response};
	view->writer.out = &response->body;
	result = handler_hold(site, request, &view->edition, response);
	if (result == 0)
		result = http_parameter(request, SLICE("as_of"), &view->as_of);
	return result == 1 && view->edition ? 0 : result;
}

void view_text(struct view *view, struct slice text)
{
	xhtml_put_text(&view->writer, text);
}

void view_number(struct view *view, uint64_t number)
{
	out_uint(view->writer.out, number);
}

void view_thousands(struct view *view, uint64_t number)
{
	frame_thousands(view->writer.out, number);
}

void view_link(struct view *view, struct slice start, struct slice rest)
{
	view_put(view, SLICE("<a href=\""));
	xhtml_put_value(&view->writer, start);
	frame_encoded(view->writer.out, rest);
	if (view->as_of.n > 0) {
		view_put(view, SLICE("?as_of="));
		frame_encoded(view->writer.out, strbuf_slice(&view->as_of));
	}
	view_put(view, SLICE("\">"));
}

void view_port(struct view *view, int32_t first, int32_t last, enum transport transport)
{
	view->text.n = 0;
	strbuf_add_uint(&view->text, (uint64_t)first);
	if (transport < TRANSPORT_COUNT && last == first) {
		strbuf_add_byte(&view->text, '/');
		strbuf_add(&view->text, transport_name(transport));
	}
	/* Its slash parts segments. */
	view_put(view, SLICE("<a class=\"mono\" href=\"/ports/"));
	xhtml_put_value(&view->writer, strbuf_slice(&view->text));
	if (view->as_of.n > 0) {
		view_put(view, SLICE("?as_of="));
		frame_encoded(view->writer.out, strbuf_slice(&view->as_of));
	}
	view_put(view, SLICE("\">"));
	view_number(view, (uint64_t)first);
	if (last > first) {
		view_put(view, SLICE("-"));
		view_number(view, (uint64_t)last);
	}
	if (transport < TRANSPORT_COUNT) {
		view_put(view, SLICE("/"));
		view_text(view, transport_name(transport));
	}
	view_put(view, SLICE("</a>"));
}

void view_service(struct view *view, struct slice name)
{
	view_link(view, SLICE("/services/"), name);
	view_text(view, name);
	view_put(view, SLICE("</a>"));
}

static void put_person(struct view *view, const struct rich_run *run)
{
	struct person person = {};
	uint32_t number;

	if (query_person(view_image(view), run->data, &number))
		image_person(view_image(view), number, &person);
	view_link(view, SLICE("/people/"), run->data);
	if (person.name.n > 0)
		xhtml_put_rich(&view->writer, person.name);
	else
		view_text(view, run->text.n > 0 ? run->text : run->data);
	view_put(view, SLICE("</a>"));
}

void view_rich(struct view *view, struct slice rich)
{
	bool after_person = false;
	struct slice rest = rich;
	struct rich_run run;

	for (struct slice at = rest; rich_next(&rest, &run); at = rest) {
		bool is_person = run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person"));

		if (is_person && after_person)
			view_put(view, SLICE(", "));
		if (is_person)
			put_person(view, &run);
		else
			xhtml_put_rich(&view->writer, (struct slice){at.p, at.n - rest.n});
		after_person = is_person || (after_person && run.kind == RICH_BOUNDARY);
	}
}

void view_search(struct view *view, struct slice value)
{
	frame_search(view->writer.out, value, strbuf_slice(&view->as_of), true);
}

static void put_as_of(struct view *view)
{
	view_put(view, SLICE("<p class=\"note\">As of edition "));
	view_text(view, view->edition->label);
	view_put(view, SLICE(". <a href=\""));
	xhtml_put_value(&view->writer, view->request->path);
	view_put(view, SLICE("\">The newest</a></p>\n"));
}

int view_begin(struct view *view, unsigned status, struct slice title)
{
	int result = http_respond(view->response, status, HTTP_HTML);

	if (result < 0)
		return result;
	frame_head(view->writer.out, title);
	if (slice_eq(view->request->path, SLICE("/")))
		frame_home_header(view->writer.out);
	else
		frame_header(view->writer.out);
	if (view->as_of.n > 0)
		put_as_of(view);
	return 0;
}

int view_end(struct view *view)
{
	struct http_response *response = view->response;
	int result;

	view_put(view, SLICE("<p class=\"edition\">Edition "));
	view_link(view, SLICE("/editions/"), view->edition->label);
	view_text(view, view->edition->label);
	view_put(view, SLICE("</a></p>\n"));
	result = frame_end(response);
	if (result < 0)
		return result;
	if (view->writer.rich.failed || view->writer.label.failed || view->text.failed)
		return FAULT_MEMORY;
	ui_tag(response, out_slice(&response->body));
	response->last_modified = http_keep(response, view->edition->stamp);
	return 0;
}

int view_missing(struct view *view, struct slice what, const struct slice *names, size_t count)
{
	int result = view_begin(view, 404, SLICE("Not found"));

	if (result < 0)
		return result;
	view_put(view, SLICE("<p class=\"kicker\">404</p><h1>Not in the registry</h1>"
			     "<p class=\"lead\">There is no "));
	view_text(view, what);
	view_put(view, SLICE(".</p>\n"));
	if (count > 0)
		view_put(view, SLICE("<h2>Names like it</h2><ul class=\"links\">"));
	for (size_t i = 0; i < count; i++) {
		view_put(view, SLICE("<li>"));
		view_service(view, names[i]);
		view_put(view, SLICE("</li>"));
	}
	view_put(view, count > 0 ? SLICE("</ul>\n") : SLICE(""));
	return view_end(view);
}
