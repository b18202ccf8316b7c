/*
 * Inside source/: collects the content of an XHTML element as rich text, from what its parser
 * reports one by one. Characters are held back until the next mark (break, reference, ...), so
 * that brackets among them can be read with what stands between. Zeroed memory is a valid
 * collector; memory failure is sticky and told at the end.
 */
#ifndef PORTBOOK_SOURCE_COLLECTOR_H
#define PORTBOOK_SOURCE_COLLECTOR_H

#include "base/attr.h"
#include "base/strbuf.h"
#include "record/rich.h"

struct collector {
	struct strbuf *rich; /* what it appends to; NULL while it collects nothing */
	enum rich_reading reading;
	struct strbuf text; /* characters since the last mark */
	size_t pre_end;	    /* of rich, behind a <pre>; 0: none */
	/* A link is a reference where brackets enclose it: known one character behind it. */
	bool in_link, behind_link;
	struct strbuf href, label;
};

void collector_done(struct collector *collector);

/* Collects into rich, which is emptied and must outlive the collecting. */
void collector_begin(struct collector *collector, struct strbuf *rich, enum rich_reading reading);
/* False: memory ran out. */
bool collector_end(struct collector *collector) MUST_USE;

/* These only between begin and end. Links do not nest; marks inside of one are dropped. */
void collector_text(struct collector *collector, struct slice text);
void collector_link(struct collector *collector, struct slice href);
void collector_link_end(struct collector *collector);
void collector_break(struct collector *collector);
void collector_paragraph(struct collector *collector);
void collector_paragraph_end(struct collector *collector);
/* Blanks around a <pre> that holds all else are not part of the content. */
void collector_pre(struct collector *collector);
void collector_pre_end(struct collector *collector);

#endif
