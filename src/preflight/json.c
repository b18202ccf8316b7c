/* Findings as JSON, and precedents in a line. */
#include "preflight/preflight.h"
#include "render/render.h"

static void put_text(struct out *out, struct slice key, struct slice text)
{
	out_put(out, key);
	render_json_text(out, text);
}

static void put_port(struct out *out, struct slice key, int32_t port)
{
	out_put(out, key);
	if (port < 0)
		out_put(out, SLICE("null"));
	else
		out_uint(out, (uint64_t)port);
}

static struct slice transport_of(const struct preflight_precedent *precedent)
{
	return precedent->transport < TRANSPORT_COUNT ? transport_name(precedent->transport)
						      : SLICE_NONE;
}

static void put_precedent(struct out *out, const struct preflight_precedent *precedent)
{
	put_text(out, SLICE("{\"name\":"), precedent->name);
	put_port(out, SLICE(",\"first_port\":"), precedent->first_port);
	put_port(out, SLICE(",\"last_port\":"), precedent->last_port);
	put_text(out, SLICE(",\"transport\":"), transport_of(precedent));
	put_text(out, SLICE(",\"date\":"), precedent->date);
	put_text(out, SLICE(",\"what\":"), precedent->what);
	out_byte(out, '}');
}

static void put_finding(struct out *out, const struct preflight_finding *finding)
{
	const struct application_field_info *field = application_field(finding->field);

	out_put(out, SLICE("{\"number\":"));
	out_uint(out, finding->check->number);
	put_text(out, SLICE(",\"level\":"), preflight_level_name(finding->check->level));
	put_text(out, SLICE(",\"name\":"), finding->check->name);
	put_text(out, SLICE(",\"field\":"), field ? field->key : SLICE_NONE);
	put_text(out, SLICE(",\"text\":"), finding->text);
	put_text(out, SLICE(",\"section\":"), finding->section);
	out_put(out, SLICE(",\"precedents\":["));
	for (size_t i = 0; i < finding->precedent_count; i++) {
		if (i > 0)
			out_byte(out, ',');
		put_precedent(out, &finding->precedents[i]);
	}
	out_put(out, SLICE("]}"));
}

void preflight_write_json(const struct preflight *preflight, struct out *out)
{
	out_byte(out, '[');
	for (size_t i = 0; i < preflight->count; i++) {
		if (i > 0)
			out_byte(out, ',');
		put_finding(out, &preflight->findings[i]);
	}
	out_byte(out, ']');
}

void preflight_precedent_text(const struct preflight_precedent *precedent, struct strbuf *text)
{
	struct slice transport = transport_of(precedent);

	strbuf_add(text, precedent->name);
	if (precedent->first_port >= 0) {
		if (precedent->name.n > 0)
			strbuf_add(text, SLICE(" "));
		strbuf_add_uint(text, (uint64_t)precedent->first_port);
		if (precedent->last_port > precedent->first_port) {
			strbuf_add(text, SLICE("-"));
			strbuf_add_uint(text, (uint64_t)precedent->last_port);
		}
	}
	if (transport.n > 0) {
		strbuf_add(text, SLICE("/"));
		strbuf_add(text, transport);
	}
	strbuf_add(text, SLICE(", "));
	strbuf_add(text, precedent->what);
	if (precedent->date.n > 0) {
		strbuf_add(text, SLICE(", "));
		strbuf_add(text, precedent->date);
	}
}
