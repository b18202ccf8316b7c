#include "source/collector.h"

/* The text without the prefix it begins with; absent where it does not. */
static struct slice behind(struct slice text, struct slice prefix)
{
	return slice_starts(text, prefix) ? slice_skip(text, prefix.n) : SLICE_NONE;
}

/* What a link to the publisher's index of documents names: "rfc6335", "draft-..."; or absent. */
static struct slice indexed_document(struct slice href)
{
	struct slice name = behind(href, SLICE("https://www.iana.org/go/"));

	if (!name.p)
		name = behind(href, SLICE("http://www.iana.org/go/"));
	return name.p ? slice_cut(&name, '#') : SLICE_NONE;
}

/* The reference that a link in brackets shows, as far as its address tells. */
static struct rich_run reference_of(struct slice href, struct slice label)
{
	struct rich_run run = {.kind = RICH_REFERENCE, .type = SLICE("uri"), .data = href};
	struct slice id = behind(href, SLICE("#")), document = indexed_document(href);
	struct slice note = behind(id, SLICE("note"));

	if (note.n > 0 && slice_eq(note, label)) {
		run.type = SLICE("note");
		run.data = note;
	} else if (id.n > 0) {
		run.type = SLICE("person");
		run.data = id;
	} else if (slice_starts(document, SLICE("rfc"))) {
		run.type = SLICE("rfc");
		run.data = document;
	} else if (slice_starts(document, SLICE("draft-"))) {
		struct slice future = behind(label, SLICE("RFC-"));

		/* Of a draft about to become an RFC the publisher's XML names "RFC-ietf-...". */
		run.type = SLICE("draft");
		run.data = future.p && slice_eq(future, behind(document, SLICE("draft-")))
				   ? label
				   : document;
	}
	return run;
}

static void add_reference(struct collector *collector)
{
	struct slice label = strbuf_slice(&collector->label);
	struct rich_run run = reference_of(strbuf_slice(&collector->href), label);
	size_t start = collector->text.n;

	/* The label is told only where it is not what the data stands for. */
	rich_add_label(&collector->text, &run);
	if (collector->text.failed)
		return;
	if (!slice_eq(slice_skip(strbuf_slice(&collector->text), start), label))
		run.text = label;
	collector->text.n = start;
	rich_add_reference(collector->rich, run.type, run.data, run.text, run.section);
}

static void flush_text(struct collector *collector)
{
	if (collector->reading == RICH_READ_TEXT)
		strbuf_add(collector->rich, strbuf_slice(&collector->text));
	else
		rich_read(strbuf_slice(&collector->text), collector->reading, collector->rich);
	collector->text.n = 0;
}

/* Decides on the link just left, given the text that follows it; returns what is left of that. */
static struct slice settle_link(struct collector *collector, struct slice next)
{
	bool opened = slice_ends(strbuf_slice(&collector->text), SLICE("["));

	if (!collector->behind_link)
		return next;
	collector->behind_link = false;
	if (!opened || !slice_starts(next, SLICE("]")) || collector->href.n == 0) {
		strbuf_add(&collector->text, strbuf_slice(&collector->label));
		return next;
	}
	collector->text.n--;
	flush_text(collector);
	add_reference(collector);
	return slice_skip(next, 1);
}

void collector_done(struct collector *collector)
{
	strbuf_done(&collector->text);
	strbuf_done(&collector->href);
	strbuf_done(&collector->label);
}

void collector_begin(struct collector *collector, struct strbuf *rich, enum rich_reading reading)
{
	rich->n = collector->text.n = collector->pre_end = 0;
	collector->in_link = collector->behind_link = false;
	collector->rich = rich;
	collector->reading = reading;
}

bool collector_end(struct collector *collector)
{
	bool failed;

	(void)settle_link(collector, SLICE_NONE);
	if (!collector->pre_end || slice_trim(strbuf_slice(&collector->text)).n > 0)
		flush_text(collector);
	failed = collector->text.failed || collector->href.failed || collector->label.failed ||
		 collector->rich->failed;
	collector->rich = NULL;
	return !failed;
}

void collector_text(struct collector *collector, struct slice text)
{
	if (collector->in_link)
		strbuf_add(&collector->label, text);
	else
		strbuf_add(&collector->text, settle_link(collector, text));
}

void collector_link(struct collector *collector, struct slice href)
{
	(void)settle_link(collector, SLICE_NONE);
	collector->in_link = true;
	collector->href.n = collector->label.n = 0;
	strbuf_add(&collector->href, href);
}

void collector_link_end(struct collector *collector)
{
	collector->in_link = false;
	collector->behind_link = true;
}

/* Whether a mark has its place here, with all before it settled. */
static bool begin_mark(struct collector *collector)
{
	if (collector->in_link)
		return false;
	(void)settle_link(collector, SLICE_NONE);
	flush_text(collector);
	return true;
}

void collector_break(struct collector *collector)
{
	if (begin_mark(collector))
		rich_add_break(collector->rich);
}

void collector_paragraph(struct collector *collector)
{
	if (begin_mark(collector))
		rich_add_paragraph(collector->rich);
}

void collector_paragraph_end(struct collector *collector)
{
	if (begin_mark(collector))
		rich_add_paragraph_end(collector->rich);
}

void collector_pre(struct collector *collector)
{
	if (collector->rich->n == 0 && slice_trim(strbuf_slice(&collector->text)).n == 0)
		collector->text.n = 0;
}

void collector_pre_end(struct collector *collector)
{
	if (begin_mark(collector))
		collector->pre_end = collector->rich->n;
}
