/* Requests and what belongs to them, as JSON and as text. */
#include "cli/request.h"
#include "cli/text.h"
#include "render/render.h"

static void put_key(struct out *out, const char *key)
{
	out_printf(out, ",\"%s\":", key);
}

void desking_begin_item(struct cli *cli, size_t count)
{
	if (cli->arguments.settings.format == FORMAT_JSON)
		out_put(cli->out, count > 0 ? SLICE(",\n") : SLICE("[\n"));
}

void desking_end_item(struct cli *cli)
{
	if (cli->arguments.settings.format == FORMAT_NDJSON)
		out_byte(cli->out, '\n');
}

int desking_end_items(struct desking *desking, const struct listing *listing, size_t count)
{
	struct cli *cli = desking->cli;
	int result;

	if (cli->arguments.settings.format == FORMAT_JSON)
		out_put(cli->out, count > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
	result = listing_write(cli, listing, &desking->fault);
	if (result < 0)
		return result;
	return count > 0 ? STATUS_FOUND : STATUS_NOT_FOUND;
}

void desking_put_text(struct out *out, const char *key, struct slice text)
{
	put_key(out, key);
	render_json_text(out, text);
}

void desking_put_number(struct out *out, const char *key, int64_t number)
{
	put_key(out, key);
	out_printf(out, "%lld", (long long)number);
}

static void put_known(struct out *out, const char *key, bool known, int64_t number)
{
	if (known)
		desking_put_number(out, key, number);
	else
		desking_put_text(out, key, SLICE_NONE);
}

void desking_put_transports(struct out *out, unsigned transports)
{
	bool any = false;

	out_put(out, SLICE(",\"transports\":["));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!(transports >> i & 1))
			continue;
		out_put(out, any ? SLICE(",") : SLICE(""));
		render_json_text(out, transport_name((enum transport)i));
		any = true;
	}
	out_byte(out, ']');
}

void desking_put_members(struct out *out, const struct desk_request *request)
{
	char label[HISTORY_LABEL_SIZE];

	out_printf(out, "\"number\":%lld", (long long)request->number);
	desking_put_number(out, "version", request->version);
	desking_put_text(out, "procedure", procedure_name(request->procedure));
	desking_put_text(out, "state", desk_state_name(request->state));
	desking_put_text(out, "title", desk_state_title(request->state, request->procedure));
	desking_put_text(out, "name", request->name);
	put_known(out, "first_port", request->first_port >= 0, request->first_port);
	put_known(out, "last_port", request->first_port >= 0, request->last_port);
	desking_put_transports(out, request->transports);
	desking_put_text(out, "description", request->description);
	desking_put_text(out, "applicant", request->applicant_login);
	desking_put_text(out, "reviewer", request->reviewer_login);
	desking_put_text(out, "filed", request->filed);
	desking_put_text(out, "changed", request->changed);
	desking_put_text(out, "deadline", request->deadline);
	desking_put_text(out, "expires", request->expires);
	desking_put_text(out, "method", request->method);
	desking_put_number(out, "reviews", request->reviews);
	desking_put_number(out, "reviews_needed", request->reviews_needed);
	desking_put_number(out, "approvals", request->approvals);
	desking_put_number(out, "approvals_needed", request->approvals_needed);
	desking_put_text(out, "edition",
			 request->edition ? history_label(request->edition, label) : SLICE_NONE);
}

void desking_put_json(struct out *out, const struct desk_request *request)
{
	out_byte(out, '{');
	desking_put_members(out, request);
	out_byte(out, '}');
}

/* JSON that may have lines, in one. */
static void put_body(struct out *out, struct slice body)
{
	if (body.n == 0)
		body = SLICE("null");
	for (size_t i = 0; i < body.n; i++)
		out_byte(out, byte_is_blank(body.p[i]) ? ' ' : body.p[i]);
}

void desking_put_event(struct out *out, const struct desk_event *event)
{
	char label[HISTORY_LABEL_SIZE];

	out_printf(out, "{\"sequence\":%lld", (long long)event->sequence);
	desking_put_text(out, "at", event->at);
	desking_put_text(out, "action", event->action);
	desking_put_text(out, "actor", event->actor_login);
	desking_put_text(out, "role", event->role);
	desking_put_text(out, "state", event->state);
	desking_put_text(out, "note", event->note);
	out_put(out, event->internal ? SLICE(",\"internal\":true") : SLICE(",\"internal\":false"));
	desking_put_text(out, "edition",
			 event->edition ? history_label(event->edition, label) : SLICE_NONE);
	desking_put_text(out, "hash", event->hash);
	out_put(out, SLICE(",\"body\":"));
	put_body(out, event->body);
	out_byte(out, '}');
}

void desking_add_ports(int32_t first, int32_t last, struct strbuf *text)
{
	if (first >= 0)
		strbuf_add_uint(text, (uint64_t)first);
	if (last > first) {
		strbuf_add_byte(text, '-');
		strbuf_add_uint(text, (uint64_t)last);
	}
}

void desking_add_transports(unsigned transports, struct strbuf *text)
{
	bool any = false;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (!(transports >> i & 1))
			continue;
		strbuf_add(text, any ? SLICE(",") : SLICE(""));
		strbuf_add(text, transport_name((enum transport)i));
		any = true;
	}
}

static void put_subject(struct out *out, const struct desk_request *request)
{
	struct strbuf ports CLEANUP(strbuf_done) = {};

	desking_add_ports(request->first_port, request->last_port, &ports);
	if (ports.n > 0 && request->transports)
		strbuf_add_byte(&ports, '/');
	if (ports.n > 0)
		desking_add_transports(request->transports, &ports);
	if (request->name.n > 0) {
		out_byte(out, ' ');
		text_put(out, request->name);
	}
	if (ports.n > 0) {
		out_byte(out, ' ');
		out_put(out, strbuf_slice(&ports));
	}
}

void desking_put_line(struct out *out, const struct desk_request *request)
{
	char label[HISTORY_LABEL_SIZE];

	out_printf(out, "request %lld: ", (long long)request->number);
	out_put(out, desk_state_title(request->state, request->procedure));
	out_byte(out, ':');
	put_subject(out, request);
	if (request->expires.n > 0) {
		out_put(out, SLICE(" until "));
		out_put(out, request->expires);
	}
	if (request->edition) {
		out_put(out, SLICE(", edition "));
		out_put(out, history_label(request->edition, label));
	} else if (request->deadline.n > 0) {
		out_put(out, SLICE(", by "));
		out_put(out, request->deadline);
	}
	out_byte(out, '\n');
}
