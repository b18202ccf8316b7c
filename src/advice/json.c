/* Advice as JSON. */
#include "advice/advice.h"
#include "render/render.h"

static void put_text(struct out *out, struct slice key, struct slice text)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
	render_json_text(out, text);
}

static void put_finding(struct out *out, const struct advice_finding *finding)
{
	out_put(out, SLICE("{\"number\":"));
	out_uint(out, finding->rule->number);
	put_text(out, SLICE("name"), finding->rule->name);
	put_text(out, SLICE("weight"), advice_verdict_name(finding->weight));
	put_text(out, SLICE("text"), finding->text);
	put_text(out, SLICE("source"), finding->source);
	put_text(out, SLICE("date"), finding->date);
	put_text(out, SLICE("overlay"), finding->layer);
	out_byte(out, '}');
}

void advice_json(struct out *out, const struct advice *advice)
{
	out_put(out, SLICE("{\"port\":"));
	out_uint(out, advice->port);
	put_text(out, SLICE("transport"), transport_name(advice->transport));
	put_text(out, SLICE("for"), advice_purpose_name(advice->purpose));
	put_text(out, SLICE("verdict"), advice_verdict_name(advice->verdict));
	out_put(out, SLICE(",\"findings\":["));
	for (size_t i = 0; i < advice->count; i++) {
		if (i > 0)
			out_byte(out, ',');
		put_finding(out, &advice->findings[i]);
	}
	out_put(out, SLICE("]}"));
}
