#include "cli/names.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "cli/cli.h"

/* Looking for the nearest name takes time, which a list of nonsense should not add up. */
enum { NEAREST_MAX = 20 };

void names_done(struct names *names)
{
	file_content_done(&names->content);
	free(names->folded);
	free(names->list);
	free(names->sorted);
	*names = (struct names){};
}

/* The name on the next line, empty where it has none; false at the end. */
static bool next_name(struct slice *rest, struct slice *ret_name)
{
	struct slice line;

	if (rest->n == 0)
		return false;
	line = slice_cut(rest, '\n');
	*ret_name = slice_trim(slice_cut(&line, '#'));
	return true;
}

static int compare(const void *a, const void *b)
{
	return slice_compare((*(struct listed_name *const *)a)->folded,
			     (*(struct listed_name *const *)b)->folded);
}

static void sort(struct names *names)
{
	size_t unique = 0;

	for (size_t i = 0; i < names->count; i++)
		names->sorted[i] = &names->list[i];
	qsort(names->sorted, names->count, sizeof(*names->sorted), compare);
	for (size_t i = 0; i < names->count; i++) {
		if (unique == 0 || compare(&names->sorted[unique - 1], &names->sorted[i]) != 0)
			names->sorted[unique++] = names->sorted[i];
	}
	names->sorted_count = unique;
}

static bool fill(struct names *names)
{
	struct slice text = names->content.text, rest = text, name;
	size_t lines = 0;

	while (next_name(&rest, &name))
		lines += name.n > 0;
	names->folded = malloc(text.n + 1);
	names->list = calloc(lines + 1, sizeof(*names->list));
	names->sorted = calloc(lines + 1, sizeof(struct listed_name *));
	if (!names->folded || !names->list || !names->sorted)
		return false;
	utf8_fold(text, names->folded);
	for (rest = text; next_name(&rest, &name);) {
		if (name.n > 0)
			names->list[names->count++] = (struct listed_name){
				.name = name,
				.folded = {names->folded + (name.p - text.p), name.n},
			};
	}
	sort(names);
	return true;
}

/* A text in UTF-8, without the mark that some editors begin one with. */
static int check_text(struct slice *text, struct fault *fault)
{
	struct slice mark = SLICE("\xef\xbb\xbf");
	size_t bad = slice_find_byte(*text, '\0');

	if (bad != (size_t)-1 || !utf8_valid(*text, &bad))
		return fault_at(fault, FAULT_MALFORMED, text->p, text->n, bad,
				"not a list of names in UTF-8");
	if (slice_starts(*text, mark))
		*text = slice_skip(*text, mark.n);
	return 0;
}

int names_read(struct names *ret_names, const char *path, struct fault *fault)
{
	struct names names = {};
	int result = file_read(path, NAMES_FILE_MAX, &names.content, fault);

	if (result == 0)
		result = check_text(&names.content.text, fault);
	if (result < 0)
		file_content_done(&names.content);
	if (result == 0 && !fill(&names)) {
		names_done(&names);
		result = fault_memory(fault);
	}
	if (result == 0)
		*ret_names = names;
	return result;
}

static struct listed_name *find(const struct names *names, struct slice folded)
{
	struct listed_name key = {.folded = folded}, *wanted = &key, **found;

	found = bsearch(&wanted, names->sorted, names->sorted_count, sizeof(*names->sorted),
			compare);
	return found ? *found : NULL;
}

static struct slice row_name(const void *data, size_t index)
{
	const struct registry *registry = data;
	struct row row;

	if (index >= registry->row_count)
		return SLICE_NONE;
	/* A row without a name is not the end of those that have one. */
	row = registry_row(registry, index);
	return row.state == ROW_ASSIGNED ? row.shown[COLUMN_NAME] : SLICE("");
}

static void find_nearest(struct names *names, const struct registry *registry)
{
	size_t missing = 0;

	for (size_t i = 0; i < names->sorted_count && missing < NEAREST_MAX; i++) {
		struct listed_name *listed = names->sorted[i];

		if (listed->found)
			continue;
		missing++;
		(void)nearest(listed->name, row_name, registry, &listed->nearest, 1);
	}
}

/* What is listed of a row's name; NULL: nothing. */
static struct listed_name *find_row(const struct names *names, const struct row *row,
				    struct strbuf *folded)
{
	struct slice name = row->shown[COLUMN_NAME];
	char *space;

	folded->n = 0;
	space = name.n > 0 ? strbuf_extend(folded, name.n) : NULL;
	if (!space)
		return NULL;
	utf8_fold(name, space);
	return find(names, (struct slice){space, name.n});
}

int names_keep(struct names *names, struct registry *registry, struct fault *fault)
{
	struct strbuf folded CLEANUP(strbuf_done) = {};
	size_t kept = 0;

	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);
		struct listed_name *listed = find_row(names, &row, &folded);

		if (!listed)
			continue;
		listed->found = true;
		listed->has_port |= row.first_port >= 0 && row.first_port == row.last_port &&
				    row.transport < TRANSPORT_COUNT;
	}
	/* Among all the rows, before they go. */
	find_nearest(names, registry);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (find_row(names, &row, &folded))
			registry->rows[kept++] = registry->rows[i];
	}
	registry->row_count = kept;
	return folded.failed ? fault_memory(fault) : 0;
}

size_t names_say_missing(const struct names *names)
{
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++) {
		const struct listed_name *listed = &names->list[i];

		if (find(names, listed->folded) != listed || listed->has_port)
			continue;
		count++;
		if (listed->found)
			say("service \"%.*s\" has no single port, and so no line",
			    (int)listed->name.n, listed->name.p);
		else
			say("no service named \"%.*s\"%s%.*s", (int)listed->name.n, listed->name.p,
			    listed->nearest.n > 0 ? "; nearest: " : "", (int)listed->nearest.n,
			    listed->nearest.n > 0 ? listed->nearest.p : "");
	}
	return count;
}
