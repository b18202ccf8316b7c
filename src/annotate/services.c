#include "annotate/services.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "query/query.h"
#include "render/render.h"

/* By the rank of the service's port, and of the other one. */
const uint8_t services_confidences[ANNOTATE_RANK_COUNT][ANNOTATE_RANK_COUNT] = {
	[ANNOTATE_SYSTEM] = {ANNOTATE_LOW, ANNOTATE_MEDIUM, ANNOTATE_MEDIUM, ANNOTATE_MEDIUM,
			     ANNOTATE_HIGH},
	[ANNOTATE_USER] = {ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_MEDIUM, ANNOTATE_MEDIUM,
			   ANNOTATE_HIGH},
	[ANNOTATE_CLIENT] = {ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_MEDIUM,
			     ANNOTATE_MEDIUM},
	[ANNOTATE_FREE] = {ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_LOW, ANNOTATE_LOW},
	[ANNOTATE_EPHEMERAL] = {ANNOTATE_NONE, ANNOTATE_NONE, ANNOTATE_NONE, ANNOTATE_NONE,
				ANNOTATE_NONE},
};

struct slice annotate_confidence_name(enum annotate_confidence confidence)
{
	static const struct slice names[] = {
		[ANNOTATE_HIGH] = {"high", 4},
		[ANNOTATE_MEDIUM] = {"medium", 6},
		[ANNOTATE_LOW] = {"low", 3},
		[ANNOTATE_NONE] = {"none", 4},
	};

	return names[confidence];
}

struct slice annotate_side_name(enum annotate_side side)
{
	return side == ANNOTATE_SOURCE ? SLICE("src") : SLICE("dst");
}

size_t annotate_added(const struct annotate_form *form,
		      struct slice ret_names[static ANNOTATE_ADDED_MAX])
{
	size_t n = 0;

	ret_names[n++] = SLICE("service");
	ret_names[n++] = SLICE("service_port");
	ret_names[n++] = SLICE("service_side");
	ret_names[n++] = SLICE("service_state");
	if (form->confidence)
		ret_names[n++] = SLICE("service_confidence");
	if (form->description)
		ret_names[n++] = SLICE("description");
	return n;
}

/* What a port is, and which row says so. */
struct port_facts {
	enum row_state state;
	uint32_t row; /* the one that names it, where named */
	bool named;
};

static struct port_facts look_up(const struct image *image, enum transport transport, uint16_t port)
{
	struct port_facts facts = {.state = query_port_state(image, transport, port)};

	facts.named = query_port_named(image, transport, port, &facts.row);
	return facts;
}

struct slice services_name(const struct image *image, enum transport transport, uint16_t port)
{
	struct port_facts facts = look_up(image, transport, port);

	return facts.named ? image_row_text(image, facts.row, COLUMN_NAME) : SLICE_NONE;
}

static enum annotate_rank rank_of(enum row_state state, uint16_t port)
{
	bool client = port >= ANNOTATE_CLIENT_FIRST;

	if (state != ROW_ASSIGNED)
		return client ? ANNOTATE_EPHEMERAL : ANNOTATE_FREE;
	return port < PORT_USER_FIRST ? ANNOTATE_SYSTEM : client ? ANNOTATE_CLIENT : ANNOTATE_USER;
}

/* Where the value of a member or field that is added begins. */
static void begin_value(const struct annotate_form *form, const char *name, struct out *to)
{
	if (form->json)
		out_printf(to, ",\"%s\":", name);
	else
		out_byte(to, form->delimiter);
}

static bool needs_quotes(const struct annotate_form *form, char c)
{
	return c == form->delimiter || c == '"' || c == '\n' || c == '\r';
}

static void put_field(const struct annotate_form *form, struct slice text, struct out *to)
{
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++)
		quoted = quoted || needs_quotes(form, text.p[i]);
	if (!quoted) {
		out_put(to, text);
		return;
	}
	if (form->quotes)
		out_byte(to, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (!form->quotes && text.p[i] != '"' && needs_quotes(form, text.p[i])) {
			out_byte(to, form->delimiter == ' ' ? '_' : ' ');
			continue;
		}
		if (form->quotes && text.p[i] == '"')
			out_byte(to, '"');
		out_byte(to, text.p[i]);
	}
	if (form->quotes)
		out_byte(to, '"');
}

/* A text, or that there is none. */
static void put_value(const struct annotate_form *form, struct slice text, struct out *to)
{
	if (!form->json)
		put_field(form, text.n > 0 ? text : form->unset, to);
	else if (text.p)
		render_json_text(to, text);
	else
		out_put(to, SLICE("null"));
}

static void put_head(const struct annotate_form *form, struct slice name, uint16_t port,
		     struct out *to)
{
	begin_value(form, "service", to);
	put_value(form, name, to);
	begin_value(form, "service_port", to);
	out_uint(to, port);
}

static void put_middle(const struct annotate_form *form, struct slice side, struct slice state,
		       struct slice confidence, struct out *to)
{
	begin_value(form, "service_side", to);
	put_value(form, side, to);
	begin_value(form, "service_state", to);
	put_value(form, state, to);
	if (form->confidence) {
		begin_value(form, "service_confidence", to);
		put_value(form, confidence, to);
	}
}

static void put_tail(const struct annotate_form *form, struct slice description, struct out *to)
{
	if (!form->description)
		return;
	begin_value(form, "description", to);
	put_value(form, description, to);
}

static void keep_middle(struct service_middle *middle, struct out *text)
{
	struct slice bytes = out_slice(text);

	if (bytes.n > sizeof(middle->text))
		text->error = ENOMEM;
	else
		memcpy(middle->text, bytes.p, bytes.n);
	middle->n = bytes.n;
	text->n = 0;
}

static void make_middles(struct services *services, const struct annotate_form *form,
			 struct out *text)
{
	for (unsigned side = 0; side < ANNOTATE_SIDE_COUNT; side++) {
		for (unsigned state = 0; state < ROW_STATE_COUNT; state++) {
			for (unsigned i = 0; i < ANNOTATE_CONFIDENCE_COUNT; i++) {
				put_middle(form, annotate_side_name(side), row_state_name(state),
					   annotate_confidence_name(i), text);
				keep_middle(&services->middles[side][state][i], text);
			}
		}
	}
}

/* All that is added where no port is named. */
static void make_empty(struct service_middle *empty, const struct annotate_form *form,
		       struct slice confidence, struct out *text)
{
	begin_value(form, "service", text);
	put_value(form, SLICE_NONE, text);
	begin_value(form, "service_port", text);
	put_value(form, SLICE_NONE, text);
	put_middle(form, SLICE_NONE, SLICE_NONE, confidence, text);
	put_tail(form, SLICE_NONE, text);
	keep_middle(empty, text);
}

/* Ports of a range share what is said of it, and so do those of which nothing is. */
static void make_tails(struct service_tail *tails, const struct image *image,
		       const struct annotate_form *form, const struct port_facts *facts,
		       struct out *texts)
{
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		const struct port_facts *one = &facts[port];

		if (port > 0 && one->named == one[-1].named && one->row == one[-1].row) {
			tails[port] = tails[port - 1];
			continue;
		}
		tails[port].at = (uint32_t)texts->n;
		put_tail(form,
			 one->named ? image_row_text(image, one->row, COLUMN_DESCRIPTION)
				    : SLICE_NONE,
			 texts);
		tails[port].n = (uint32_t)texts->n - tails[port].at;
	}
}

static int make_ports(struct services *services, const struct image *image,
		      const struct annotate_form *form, enum transport transport, struct out *texts,
		      struct fault *fault)
{
	struct port_facts *facts = calloc(PORT_COUNT, sizeof(*facts));

	if (!facts)
		return fault_memory(fault);
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		struct port_service *service = &services->ports[transport][port];
		size_t n = texts->n;

		facts[port] = look_up(image, transport, (uint16_t)port);
		put_head(form,
			 facts[port].named ? image_row_text(image, facts[port].row, COLUMN_NAME)
					   : SLICE_NONE,
			 (uint16_t)port, texts);
		*service = (struct port_service){
			(uint32_t)n, (uint16_t)(texts->n - n), (uint8_t)facts[port].state,
			(uint8_t)rank_of(facts[port].state, (uint16_t)port)};
		services->ranks[transport][port] = service->rank;
		if (texts->n - n > UINT16_MAX) {
			free(facts);
			return fault_set(fault, FAULT_LIMIT,
					 "the service name of port %u is too long to be added to "
					 "records",
					 (unsigned)port);
		}
		if (texts->n - n > services->added_max)
			services->added_max = texts->n - n;
	}
	if (form->description)
		make_tails(services->tails[transport], image, form, facts, texts);
	free(facts);
	return 0;
}

static void find_added_max(struct services *services)
{
	size_t tail = 0;

	for (size_t i = 0; services->tails && i < (size_t)TRANSPORT_COUNT * PORT_COUNT; i++) {
		const struct service_tail *one = &services->tails[i / PORT_COUNT][i % PORT_COUNT];

		tail = one->n > tail ? one->n : tail;
	}
	services->added_max += tail + sizeof(services->nothing.text);
}

static void services_clean(struct services **services)
{
	services_free(*services);
}

int services_make(const struct image *image, const struct annotate_form *form,
		  struct services **ret_services, struct fault *fault)
{
	struct services *services CLEANUP(services_clean) = calloc(1, sizeof(*services));
	struct out texts CLEANUP(out_done) = {}, text CLEANUP(out_done) = {};
	int result = 0;

	if (!services || out_init_memory(&texts) < 0 || out_init_memory(&text) < 0)
		return fault_memory(fault);
	if (form->description) {
		services->tails = calloc(TRANSPORT_COUNT, sizeof(*services->tails));
		if (!services->tails)
			return fault_memory(fault);
	}
	make_middles(services, form, &text);
	make_empty(&services->nothing, form, SLICE_NONE, &text);
	make_empty(&services->undecided, form, annotate_confidence_name(ANNOTATE_NONE), &text);
	for (unsigned i = 0; i < TRANSPORT_COUNT && result == 0; i++)
		result = make_ports(services, image, form, i, &texts, fault);
	if (result < 0)
		return result;
	find_added_max(services);
	out_repeat(&texts, ' ', SERVICES_SLACK);
	if (texts.error || text.error)
		return fault_memory(fault);
	services->texts = take(texts.p);
	*ret_services = take(services);
	return 0;
}

void services_free(struct services *services)
{
	if (services) {
		free(services->texts);
		free(services->tails);
	}
	free(services);
}
