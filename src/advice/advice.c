/* What there is to say of a port: each rule's finding, in the order of their numbers. */
#include "advice/advice.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "query/query.h"

/* More rows than any real port has; of more, the first ones count. */
enum { ROWS_MAX = 64 };

/* A port that is looked at. */
struct look {
	const struct advice_facts *facts;
	struct advice *advice;
	uint32_t rows[ROWS_MAX]; /* that cover it */
	size_t row_count;
	enum row_state state;
};

void advice_done(struct advice *advice)
{
	free(advice->findings);
	strbuf_done(&advice->text);
	*advice = (struct advice){};
}

/* Begins a finding; its text is what is added to the advice's until the next. NULL: no memory. */
static struct advice_finding *begin(struct look *look, enum advice_rule_id id)
{
	struct advice *advice = look->advice;
	const struct advice_rule *rule = advice_rule_at(id);
	struct advice_finding *finding;

	if (advice->count == advice->size) {
		size_t size = advice->size * 2 + 8;

		finding = reallocarray(advice->findings, size, sizeof(*finding));
		if (!finding) {
			advice->text.failed = true;
			return NULL;
		}
		advice->findings = finding;
		advice->size = size;
	}
	finding = &advice->findings[advice->count++];
	*finding = (struct advice_finding){
		.rule = rule,
		.weight = rule->weight[advice->purpose],
		.source = rule->source,
		.date = rule->date,
		.at = advice->text.n,
	};
	return finding;
}

/* A finding with its text, of the registry where the rule has no source. */
static void say(struct look *look, enum advice_rule_id id, struct slice text)
{
	struct advice_finding *finding = begin(look, id);

	if (!finding)
		return;
	strbuf_add(&look->advice->text, text);
	if (!finding->source.p) {
		finding->source = look->facts->origin;
		finding->date = look->facts->date;
	}
}

/* The same of this machine. */
static void say_here(struct look *look, enum advice_rule_id id, struct slice text,
		     struct slice source)
{
	struct advice_finding *finding = begin(look, id);

	if (!finding)
		return;
	strbuf_add(&look->advice->text, text);
	finding->source = source;
	finding->date = look->facts->now;
}

/* " to NAME, NAME (DESCRIPTION)" of rows in a state. */
static void add_names(struct strbuf *text, const struct image *image, const uint32_t *rows,
		      size_t count, enum row_state state)
{
	struct slice description = SLICE_NONE, name;
	struct image_row_head head;
	bool first = true;

	for (size_t i = 0; i < count; i++) {
		if (!image_row_head(image, rows[i], &head) || head.state != state)
			continue;
		name = image_row_text(image, rows[i], COLUMN_NAME);
		if (name.n > 0) {
			strbuf_add(text, first ? SLICE(" to ") : SLICE(", "));
			strbuf_add(text, name);
			first = false;
		}
		if (!description.p)
			description = image_row_text(image, rows[i], COLUMN_DESCRIPTION);
	}
	if (description.n > 0) {
		strbuf_add(text, SLICE(" ("));
		strbuf_add(text, description);
		strbuf_add(text, SLICE(")"));
	}
}

static bool is_web(const struct look *look)
{
	static const struct slice names[] = {{"http", 4}, {"https", 5}, {"http-alt", 8}};
	struct image_row_head head;

	for (size_t i = 0; i < look->row_count; i++) {
		struct slice name = image_row_text(look->facts->image, look->rows[i], COLUMN_NAME);

		for (size_t j = 0; j < ARRAY_SIZE(names); j++) {
			if (utf8_fold_eq(name, names[j]) &&
			    image_row_head(look->facts->image, look->rows[i], &head) &&
			    head.state == ROW_ASSIGNED)
				return true;
		}
	}
	return false;
}

static void say_state(struct look *look)
{
	struct strbuf *text = &look->advice->text;
	uint16_t port = look->advice->port;

	if (look->state == ROW_ASSIGNED) {
		say(look, is_web(look) ? ADVICE_ASSIGNED_WEB : ADVICE_ASSIGNED, SLICE("assigned"));
		add_names(text, look->facts->image, look->rows, look->row_count, ROW_ASSIGNED);
	} else if (look->state == ROW_RESERVED) {
		say(look, ADVICE_RESERVED, SLICE("reserved by the registry"));
	} else if (port < PORT_USER_FIRST) {
		say(look, ADVICE_UNASSIGNED_SYSTEM,
		    SLICE("an unassigned System Port, which only standards get"));
	} else if (port < PORT_DYNAMIC_FIRST) {
		say(look, ADVICE_UNASSIGNED, SLICE("an unassigned User Port"));
	} else {
		say(look, ADVICE_DYNAMIC, SLICE("a Dynamic Port, which is never assigned"));
	}
}

static void say_other_transport(struct look *look)
{
	uint32_t rows[ROWS_MAX];

	if (look->state == ROW_ASSIGNED)
		return;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		const struct image *image = look->facts->image;
		enum transport other = (enum transport)i;
		size_t count;

		if (query_port_state(image, other, look->advice->port) != ROW_ASSIGNED)
			continue;
		count = query_port(image, other, look->advice->port, rows, ROWS_MAX);
		say(look, ADVICE_OTHER_TRANSPORT, SLICE("assigned for "));
		strbuf_add(&look->advice->text, transport_name(other));
		add_names(&look->advice->text, image, rows, count < ROWS_MAX ? count : ROWS_MAX,
			  ROW_ASSIGNED);
		return;
	}
}

static void say_unauthorized(struct look *look)
{
	for (size_t i = 0; i < look->row_count; i++) {
		struct slice use =
			image_row_text(look->facts->image, look->rows[i], COLUMN_UNAUTHORIZED);

		if (use.n == 0)
			continue;
		say(look, ADVICE_UNAUTHORIZED, SLICE("unauthorized use is reported: "));
		strbuf_add(&look->advice->text, use);
		return;
	}
}

static void say_former(struct look *look)
{
	const struct image *former = look->facts->former;
	uint16_t port = look->advice->port;
	enum transport transport = look->advice->transport;
	uint32_t rows[ROWS_MAX];
	size_t count;

	if (!former || look->state == ROW_ASSIGNED ||
	    query_port_state(former, transport, port) != ROW_ASSIGNED)
		return;
	count = query_port(former, transport, port, rows, ROWS_MAX);
	say(look, ADVICE_FORMER, SLICE("assigned until lately"));
	add_names(&look->advice->text, former, rows, count < ROWS_MAX ? count : ROWS_MAX,
		  ROW_ASSIGNED);
	if (look->advice->count > 0)
		look->advice->findings[look->advice->count - 1].date = look->facts->former_date;
}

int advice_use_compare(const void *one, const void *other)
{
	const struct advice_use *a = one, *b = other;

	if (a->transport != b->transport)
		return a->transport < b->transport ? -1 : 1;
	return (a->port > b->port) - (a->port < b->port);
}

/* Says of those who have the port who they are, each of them once. */
static void say_uses(struct look *look, bool held)
{
	const struct advice_use wanted = {.transport = look->advice->transport,
					  .port = look->advice->port};
	const struct advice_facts *facts = look->facts;
	const struct advice_use *use;
	bool first = true;

	if (facts->use_count == 0)
		return;
	use = bsearch(&wanted, facts->uses, facts->use_count, sizeof(*use), advice_use_compare);
	if (!use)
		return;
	while (use > facts->uses && advice_use_compare(use - 1, &wanted) == 0)
		use--;
	for (; use < facts->uses + facts->use_count && advice_use_compare(use, &wanted) == 0;
	     use++) {
		if (use->held != held)
			continue;
		if (!first)
			strbuf_add(&look->advice->text, SLICE(", "));
		else if (held)
			say_here(look, ADVICE_HELD_HERE, SLICE("reserved here for "),
				 SLICE("reservations of this machine"));
		else
			say_here(look, ADVICE_LISTENING_HERE, SLICE("in use here: "),
				 SLICE("sockets of this machine"));
		strbuf_add(&look->advice->text, use->who);
		first = false;
	}
}

static void say_machine(struct look *look)
{
	const struct host_sysctl *sysctl = look->facts->sysctl;
	uint16_t port = look->advice->port;

	if (sysctl && sysctl->has_reserved && host_sysctl_is_reserved(sysctl, port))
		say_here(look, ADVICE_RESERVED_HERE, SLICE("set aside on this machine"),
			 SLICE("net.ipv4.ip_local_reserved_ports"));
	else if (sysctl && sysctl->has_ephemeral && port >= sysctl->ephemeral_first &&
		 port <= sysctl->ephemeral_last)
		say_here(look, ADVICE_EPHEMERAL_HERE,
			 SLICE("in this machine's range of ephemeral ports"),
			 SLICE("net.ipv4.ip_local_port_range"));
	if (sysctl && sysctl->has_unprivileged && port < sysctl->unprivileged_first)
		say_here(look, ADVICE_PRIVILEGED_HERE,
			 SLICE("takes a privilege to bind on this machine"),
			 SLICE("net.ipv4.ip_unprivileged_port_start"));
	say_uses(look, false);
	say_uses(look, true);
}

static void say_general(struct look *look)
{
	const struct host_sysctl *sysctl = look->facts->sysctl;
	uint16_t port = look->advice->port;

	if (port >= 32768 && port <= 60999)
		say(look, ADVICE_EPHEMERAL_LINUX, SLICE("in Linux's usual ephemeral ports"));
	if (port >= PORT_DYNAMIC_FIRST)
		say(look, ADVICE_EPHEMERAL_IANA,
		    SLICE("in the ephemeral ports of Windows, macOS and FreeBSD"));
	if (port >= 1024 && port <= 5000)
		say(look, ADVICE_EPHEMERAL_BSD, SLICE("an ephemeral port of old systems alone"));
	if (advice_browsers_refuse(port))
		say(look, ADVICE_BROWSER_REFUSED, SLICE("browsers refuse it"));
	if (port >= 30000 && port <= 32767)
		say(look, ADVICE_NODE_PORT, SLICE("in Kubernetes' NodePorts"));
	if (port < PORT_USER_FIRST && !(sysctl && sysctl->has_unprivileged))
		say(look, ADVICE_PRIVILEGED, SLICE("takes a privilege to bind on most systems"));
}

/* What a layer has of the port: a finding for each of its rows that assigns or reserves it. */
static void say_layer(struct look *look, const struct overlay_layer *layer)
{
	uint32_t rows[ROWS_MAX];
	size_t count = query_port(&layer->image, look->advice->transport, look->advice->port, rows,
				  ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct advice_finding *finding;
		struct row row;

		image_row(&layer->image, rows[i], &row);
		if (row.state == ROW_UNASSIGNED)
			continue;
		finding = begin(look, layer->path ? ADVICE_SITE : ADVICE_COMMON);
		if (!finding)
			return;
		finding->overlay = true;
		finding->layer = overlay_source(layer);
		finding->source = overlay_reference(layer, &row);
		finding->date = overlay_date(layer, &row);
		strbuf_add(&look->advice->text,
			   layer->path ? SLICE("this site: ") : SLICE("the usual port of "));
		strbuf_add(&look->advice->text, row.shown[COLUMN_NAME].n > 0
							? row.shown[COLUMN_NAME]
							: row_state_name(row.state));
		if (row.shown[COLUMN_DESCRIPTION].n > 0) {
			strbuf_add(&look->advice->text, SLICE(" ("));
			strbuf_add(&look->advice->text, row.shown[COLUMN_DESCRIPTION]);
			strbuf_add(&look->advice->text, SLICE(")"));
		}
	}
}

/* The common ones (401) before the site's (402), by number. */
static void say_overlays(struct look *look)
{
	const struct overlay *overlay = look->facts->overlay;

	for (int site = 0; overlay && site < 2; site++) {
		for (size_t i = 0; i < overlay->count; i++) {
			if ((overlay->layers[i].path != NULL) == (site != 0))
				say_layer(look, &overlay->layers[i]);
		}
	}
}

/* Gives the findings their texts, which do not move any more. */
static void finish(struct advice *advice)
{
	struct slice all = strbuf_slice(&advice->text);

	for (size_t i = 0; i < advice->count; i++) {
		struct advice_finding *finding = &advice->findings[i];
		size_t end = i + 1 < advice->count ? finding[1].at : all.n;

		finding->text = (struct slice){all.p + finding->at, end - finding->at};
		if (finding->weight > advice->verdict)
			advice->verdict = finding->weight;
	}
}

int advice_check(const struct advice_facts *facts, enum transport transport, uint16_t port,
		 enum advice_purpose purpose, struct advice *advice, struct fault *fault)
{
	struct look look = {.facts = facts, .advice = advice};
	size_t count = query_port(facts->image, transport, port, look.rows, ROWS_MAX);

	look.row_count = count < ROWS_MAX ? count : ROWS_MAX;
	look.state = query_port_state(facts->image, transport, port);
	advice->port = port;
	advice->transport = transport;
	advice->purpose = purpose;
	advice->verdict = ADVICE_GOOD;
	advice->count = 0;
	advice->text.n = 0;
	say_state(&look);
	say_other_transport(&look);
	say_unauthorized(&look);
	say_former(&look);
	say_machine(&look);
	say_general(&look);
	say_overlays(&look);
	if (advice->text.failed)
		return fault_memory(fault);
	finish(advice);
	return 0;
}
