/*
 * Rows out again, one format a file. Renderers write to a struct out, whose error the caller asks
 * for at the end; they keep no state but their own small struct, allocate nothing that grows with
 * the registry, and give the same bytes for the same rows.
 */
#ifndef PORTBOOK_RENDER_RENDER_H
#define PORTBOOK_RENDER_RENDER_H

#include "base/out.h"
#include "record/person.h"
#include "record/row.h"

/*
 * The formats that are a sequence of rows and nothing else. A renderer is called once to begin,
 * once a row, once to end; index is the row's number among those written, from 0.
 */
struct render_format {
	struct slice name; /* as in --format */
	void (*begin)(struct out *out);
	void (*row)(struct out *out, const struct row *row, size_t index);
	void (*end)(struct out *out, size_t rows);
};

extern const struct render_format render_csv, render_tsv, render_json, render_ndjson;

/* One row as a JSON object. No line feed. */
void render_json_row(struct out *out, const struct row *row);

/* A JSON string with its quotes; null for absent or empty text. */
void render_json_text(struct out *out, struct slice text);

/* One person as a JSON object: id, name, organization, uris, updated. */
void render_json_person(struct out *out, const struct person *person);

#endif
