/*
 * Rich text: what a registry cell holds beyond its characters - line breaks, paragraphs, and
 * references to RFCs, drafts, addresses, people and footnotes.
 *
 * It is kept as one run of UTF-8 in which the inline elements are marked by control bytes that no
 * registry document can contain (XML 1.0, section 2.2, forbids them; the other readers refuse
 * them). Plain text is therefore its own rich text.
 *
 *     0x01                                      a line break
 *     0x02 type 0x03 data 0x03 text 0x03 section 0x04   a reference; empty fields were absent
 *     0x05 ... 0x06                             a paragraph
 *     0x07                                      the boundary between two elements of a kind
 *
 * Shown text is what the publisher's CSV prints of it (docs/SOURCES.md has the rule, found by
 * comparing editions): breaks as line feeds, references as [label].
 */
#ifndef PORTBOOK_RECORD_RICH_H
#define PORTBOOK_RECORD_RICH_H

#include "base/slice.h"
#include "base/strbuf.h"

enum rich_kind {
	RICH_TEXT,
	RICH_BREAK,
	RICH_REFERENCE,
	RICH_PARAGRAPH, /* begins here */
	RICH_PARAGRAPH_END,
	RICH_BOUNDARY,
};

struct rich_run {
	enum rich_kind kind;
	struct slice text; /* RICH_TEXT: the characters; RICH_REFERENCE: its own text, or empty */
	struct slice type; /* of a reference: rfc, draft, uri, person, text, note */
	struct slice data; /* of a reference: what it names, or empty */
	struct slice section; /* of a reference: empty where it names none */
};

/* The next run, cut off the front of *rest; false at the end. Total on any bytes. */
bool rich_next(struct slice *rest, struct rich_run *ret_run);

void rich_add_reference(struct strbuf *rich, struct slice type, struct slice data,
			struct slice text, struct slice section);
void rich_add_break(struct strbuf *rich);
void rich_add_paragraph(struct strbuf *rich);
void rich_add_paragraph_end(struct strbuf *rich);
void rich_add_boundary(struct strbuf *rich);

/* A reference's label without its brackets: its text, or what its data stands for. */
void rich_add_label(struct strbuf *text, const struct rich_run *reference);

/* Whether rich text is its own shown text. */
bool rich_is_plain(struct slice rich);

/* Appends the shown text. */
void rich_show(struct slice rich, struct strbuf *shown);

/* What brackets may mean where only shown text is known. */
enum rich_reading {
	RICH_READ_TEXT,	      /* prose: [RFC6335] and [https://...] and [A_Person] refer */
	RICH_READ_PEOPLE,     /* a list of people: every [id] is one */
	RICH_READ_REFERENCES, /* a list of references: every [...] is one, of a type by its form */
};

/*
 * Appends the rich text that shown text stands for, as well as it can be told: the inverse of
 * rich_show up to what shown text cannot express. Showing the result gives shown again, but for
 * blanks at both ends and, in lists, for spaces around a line feed.
 */
void rich_read(struct slice shown, enum rich_reading reading, struct strbuf *rich);

#endif
