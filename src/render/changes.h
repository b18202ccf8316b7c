/*
 * What changed, written: a line for people, JSON for programs, unified text for tools that know
 * patches, Markdown for release notes.
 */
#ifndef PORTBOOK_RENDER_CHANGES_H
#define PORTBOOK_RENDER_CHANGES_H

#include "base/out.h"
#include "changes/changes.h"

/*
 * A change as one sentence without its full stop: "foo 1234/tcp assigned (from Unassigned
 * 1230-1240)". One line, whatever the rows hold; long texts are shortened.
 */
void render_change_summary(struct out *out, const struct changes *changes,
			   const struct change *change);

/*
 * A change as a JSON object: kind, summary, before, after (arrays of rows), columns (what differs:
 * column, before, after, as shown), from, into (rows), old, new (persons or notes). No line feed.
 */
void render_change_json(struct out *out, const struct changes *changes,
			const struct change *change);

/* An array with an object a line, or an object a line alone (ndjson). */
void render_changes_json(struct out *out, const struct changes *changes, bool lines);

/*
 * As diff -u writes it: each change is a hunk with its rows' numbers and its summary, each row,
 * person or note a line as in TSV. The names are those of the editions.
 */
void render_changes_unified(struct out *out, const struct changes *changes, struct slice before,
			    struct slice after);

/* A section of release notes: how many changes, then those of each kind under its title. */
void render_changes_markdown(struct out *out, const struct changes *changes, struct slice before,
			     struct slice after);

/*
 * A feed of editions (Atom, RFC 4287), the newest first: begin, an entry for each, end. updated is
 * the newest edition's date, label an edition's date or DATE.N, sha256 its document's digest in
 * digits, which the entry's id is made of. base is the address of the site that serves it, for
 * links; absent or empty: it is of none.
 */
void render_atom_begin(struct out *out, struct slice updated, struct slice base);
void render_atom_entry(struct out *out, const struct changes *changes, struct slice label,
		       struct slice sha256, struct slice base);
void render_atom_end(struct out *out);

/* Text of Markdown that reads as it is. */
void render_markdown_text(struct out *out, struct slice text);

#endif
