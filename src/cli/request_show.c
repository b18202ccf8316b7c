/* request show: all of a request that one may see. */
#include "cli/request.h"
#include "cli/text.h"
#include "render/render.h"

/* What is shown of a request beside itself, gathered as text and as JSON. */
struct showing {
	struct desking *desking;
	const struct desk_request *request;
	struct preflight findings;
	size_t count;
};

static void put_label(struct out *out, struct slice label)
{
	out_put(out, label);
	out_repeat(out, ' ', label.n < 22 ? 22 - label.n : 1);
}

static void put_field(struct out *out, struct slice label, struct slice text)
{
	bool first = true;

	if (text.n == 0)
		return;
	while (text.p) {
		put_label(out, first ? label : SLICE(""));
		text_put(out, slice_cut(&text, '\n'));
		out_byte(out, '\n');
		first = false;
	}
}

static void put_fields(struct out *out, const struct application *application)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);

		put_field(out, info->key, application->values[i]);
	}
}

static int put_event(void *context, const struct desk_event *event)
{
	struct showing *showing = context;
	struct out *out = showing->desking->cli->out;

	out_byte(out, '\n');
	out_put(out, event->at);
	out_byte(out, ' ');
	out_put(out, event->action);
	if (event->actor_login.n > 0) {
		out_put(out, SLICE(" by "));
		text_put(out, event->actor_login);
	}
	if (event->role.n > 0) {
		out_put(out, SLICE(" ("));
		out_put(out, event->role);
		out_put(out, SLICE(")"));
	}
	out_put(out, event->internal ? SLICE(", internal") : SLICE(""));
	if (event->state.n > 0) {
		out_put(out, SLICE(": "));
		out_put(out, event->state);
	}
	out_byte(out, '\n');
	put_field(out, SLICE(""), event->note);
	return 0;
}

static int put_conflict(void *context, const struct desk_request *request)
{
	struct showing *showing = context;
	struct out *out = showing->desking->cli->out;

	out_put(out, showing->count++ == 0 ? SLICE("\nOpen requests for the same:\n") : SLICE(""));
	desking_put_line(out, request);
	return 0;
}

static int put_json_event(void *context, const struct desk_event *event)
{
	struct showing *showing = context;
	struct out *out = showing->desking->cli->out;

	out_put(out, showing->count++ > 0 ? SLICE(",") : SLICE(""));
	desking_put_event(out, event);
	return 0;
}

static int put_json_conflict(void *context, const struct desk_request *request)
{
	struct showing *showing = context;
	struct out *out = showing->desking->cli->out;

	out_put(out, showing->count++ > 0 ? SLICE(",") : SLICE(""));
	desking_put_json(out, request);
	return 0;
}

static void put_actions(struct out *out, unsigned actions, struct slice before,
			struct slice between, const char *quote)
{
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (!(actions >> i & 1))
			continue;
		out_put(out, before);
		out_printf(out, "%s%s%s", quote, action_name((enum action)i).p, quote);
		before = between;
	}
}

static int show_json(struct showing *showing, unsigned actions)
{
	struct desking *desking = showing->desking;
	const struct account *actor = desking_actor(desking);
	struct out *out = desking->cli->out;
	int result;

	out_byte(out, '{');
	desking_put_members(out, showing->request);
	out_put(out, SLICE(",\"application\":"));
	application_write_json(&showing->request->application, ~0u, out);
	out_put(out, SLICE(",\"findings\":"));
	preflight_write_json(&showing->findings, out);
	out_put(out, SLICE(",\"actions\":["));
	put_actions(out, actions, SLICE(""), SLICE(","), "\"");
	out_put(out, SLICE("],\"conflicts\":["));
	result = desk_conflicts(desking->desk, actor, showing->request, put_json_conflict, showing,
				&desking->fault);
	showing->count = 0;
	out_put(out, SLICE("],\"timeline\":["));
	if (result == 0)
		result = desk_timeline(desking->desk, actor, showing->request->number,
				       put_json_event, showing, &desking->fault);
	out_put(out, SLICE("]}\n"));
	return result;
}

static int show_text(struct showing *showing, unsigned actions)
{
	struct desking *desking = showing->desking;
	const struct account *actor = desking_actor(desking);
	const struct desk_request *request = showing->request;
	struct out *out = desking->cli->out;
	int result;

	desking_put_line(out, request);
	out_byte(out, '\n');
	put_field(out, SLICE("decided by"), request->method);
	put_field(out, SLICE("applicant"), request->applicant_login);
	put_field(out, SLICE("reviewer"), request->reviewer_login);
	if (request->reviews_needed > 0)
		out_printf(out, "reviews               %u of %u\n", request->reviews,
			   request->reviews_needed);
	if (request->approvals_needed > 0)
		out_printf(out, "approvals             %u of %u\n", request->approvals,
			   request->approvals_needed);
	put_fields(out, &request->application);
	if (showing->findings.count > 0) {
		out_byte(out, '\n');
		result = desking_put_findings(desking->cli, &showing->findings, &desking->fault);
		if (result < 0)
			return result;
	}
	result = desk_conflicts(desking->desk, actor, request, put_conflict, showing,
				&desking->fault);
	if (result == 0)
		result = desk_timeline(desking->desk, actor, request->number, put_event, showing,
				       &desking->fault);
	if (actions) {
		out_put(out, SLICE("\nYou may: "));
		put_actions(out, actions, SLICE(""), SLICE(", "), "");
		out_byte(out, '\n');
	}
	return result;
}

static int show_request(struct desking *desking, const struct desk_request *request)
{
	struct showing showing = {.desking = desking, .request = request};
	unsigned actions =
		desk_actions(desking->desk, desking_actor(desking), request, desking->now);
	int result = 0;

	if (!desk_state_is_closed(request->state) && request->sight > SIGHT_PUBLIC)
		result = desk_check(desking->desk, &request->application, desking->now,
				    &showing.findings, &desking->fault);
	if (result == 0)
		result = desking->cli->arguments.settings.format == FORMAT_TABLE
				 ? show_text(&showing, actions)
				 : show_json(&showing, actions);
	preflight_done(&showing.findings);
	return result;
}

static int show(struct desking *desking)
{
	struct desk_request request = {};
	int64_t number;
	int result = desking_number(desking, 0, &number);

	if (result != 0)
		return result;
	result = desk_request(desking->desk, desking_actor(desking), number, &request,
			      &desking->fault);
	if (result != DESK_DONE)
		return desking_outcome(desking, result, number);
	result = show_request(desking, &request);
	desk_request_done(&request);
	return result;
}

int request_show_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, show);
}
