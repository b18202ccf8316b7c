/* What must hold of the changes between any two registries. */
#ifndef PORTBOOK_FUZZ_CHANGES_HOLD_H
#define PORTBOOK_FUZZ_CHANGES_HOLD_H

#include "base/hash.h"
#include "changes/changes.h"
#include "fuzz.h"
#include "render/changes.h"

/* Rows of a registry by content. */
struct contents {
	uint64_t (*all)[2];
	size_t count;
};

static inline int compare_contents(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(uint64_t[2]));
}

static inline void add_content(struct contents *contents, const struct registry *registry,
			       size_t index)
{
	struct row row = registry_row(registry, index);
	struct strbuf text = {};

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		strbuf_printf(&text, "%zu ", row.shown[i].n);
		strbuf_add(&text, row.shown[i]);
	}
	must(!text.failed);
	hash_wide(strbuf_slice(&text), contents->all[contents->count++]);
	strbuf_done(&text);
}

/* Rows that changes have, and those that they do not have, of one side. */
static inline void part_rows(const struct changes *changes, bool after, struct contents *told,
			     struct contents *rest)
{
	const struct registry *registry = after ? changes->after : changes->before;
	bool *seen = calloc(registry->row_count + 1, sizeof(*seen));

	told->all = calloc(registry->row_count + 1, sizeof(*told->all));
	rest->all = calloc(registry->row_count + 1, sizeof(*rest->all));
	must(seen && told->all && rest->all);
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->all[i];
		const uint32_t *rows = after ? change->after : change->before;
		uint32_t count = after ? change->after_count : change->before_count;

		for (uint32_t k = 0; k < count; k++) {
			must(rows[k] < registry->row_count && !seen[rows[k]]);
			seen[rows[k]] = true;
		}
	}
	for (size_t i = 0; i < registry->row_count; i++)
		add_content(seen[i] ? told : rest, registry, i);
	qsort(told->all, told->count, sizeof(*told->all), compare_contents);
	qsort(rest->all, rest->count, sizeof(*rest->all), compare_contents);
	free(seen);
}

/*
 * Each row is in one change at most; those in none are the same rows on both sides, and of those
 * that are, none is on both.
 */
static inline void must_tell_rows_once(const struct changes *changes)
{
	struct contents told[2] = {}, rest[2] = {};

	for (unsigned i = 0; i < 2; i++)
		part_rows(changes, i == 1, &told[i], &rest[i]);
	must(rest[0].count == rest[1].count);
	must(memcmp(rest[0].all, rest[1].all, rest[0].count * sizeof(*rest[0].all)) == 0);
	for (size_t i = 0, j = 0; i < told[0].count && j < told[1].count;) {
		int order = compare_contents(told[0].all[i], told[1].all[j]);

		must(order != 0);
		if (order < 0)
			i++;
		else
			j++;
	}
	for (unsigned i = 0; i < 2; i++) {
		free(told[i].all);
		free(rest[i].all);
	}
}

static inline void must_be_change(const struct changes *changes, const struct change *change)
{
	struct out out;

	must(change->kind < CHANGE_KIND_COUNT);
	must(change->pairs <= change->before_subjects && change->pairs <= change->after_subjects);
	must(change->before_subjects <= change->before_count);
	must(change->after_subjects <= change->after_count);
	must((change->columns != 0) == (change->pairs > 0));
	must(change_subject(change->kind) != CHANGE_OF_ROWS ||
	     change->before_subjects + change->after_subjects > 0);
	must(change->from == CHANGE_NOTHING || change->from < changes->before->row_count);
	must(change->into == CHANGE_NOTHING || change->into < changes->after->row_count);
	must(out_init_memory(&out) == 0);
	render_change_summary(&out, changes, change);
	must(out.error == 0 && out.n > 0);
	must(slice_find_byte(out_slice(&out), '\n') == (size_t)-1);
	out_done(&out);
}

static inline void must_render(const struct changes *changes)
{
	struct out out;

	must(out_init_memory(&out) == 0);
	render_changes_json(&out, changes, false);
	render_changes_json(&out, changes, true);
	render_changes_unified(&out, changes, SLICE("a"), SLICE("b"));
	render_changes_markdown(&out, changes, SLICE("a"), SLICE("b"));
	must(out.error == 0);
	out_done(&out);
}

static inline void must_hold(const struct registry *before, const struct registry *after)
{
	struct changes changes, again;

	must(changes_find(before, after, CHANGES_ALL, &changes, NULL) == 0);
	must_tell_rows_once(&changes);
	for (size_t i = 0; i < changes.count; i++) {
		must_be_change(&changes, &changes.all[i]);
		must(i == 0 || changes.all[i - 1].position <= changes.all[i].position);
	}
	must_render(&changes);
	must(changes_find(before, after, CHANGES_ALL, &again, NULL) == 0);
	must(again.count == changes.count);
	for (size_t i = 0; i < changes.count; i++)
		must(again.all[i].kind == changes.all[i].kind &&
		     again.all[i].position == changes.all[i].position);
	changes_done(&again);
	changes_done(&changes);
	must(changes_find(before, before, CHANGES_ALL, &changes, NULL) == 0);
	must(changes.count == 0);
	changes_done(&changes);
}

#endif
