/*
 * Real changes of the published registry, as applications: what they make of an edition has exactly
 * the rows and people of the publisher's next one, in its order. Editions come from the history
 * archive (a tar stream on standard input), scenarios from the files named.
 *
 *     zstd -dc --long=27 ARCHIVE | test_replay STEP SCENARIO...
 *
 * STEP n takes every n-th scenario. A scenario says the editions, and after a line "---" with the
 * day, and ids of people where the publisher chose some of its own, an application each:
 *
 *     before: 2026-07-20
 *     after: 2026-07-23
 *     --- day=2026-07-22 contact=Ann_Author
 *     procedure: modification
 *
 * Where the publisher changed something else in the same edition, in a way of its own, "except"
 * has the names and the people's ids that are not compared.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "../unit/assign/applying.h"
#include "base/file.h"
#include "base/number.h"
#include "render/xml.h"
#include "source/source.h"

enum { TAR_BLOCK = 512, SCENARIOS_MAX = 1000 };

struct scenario {
	const char *path;
	struct file_content text;
	struct slice before, after, except;
	struct slice steps; /* from the first line "---" on */
	bool done, same;
};

static uint64_t octal(const char *digits, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n && digits[i] >= '0' && digits[i] <= '7'; i++)
		value = value * 8 + (uint64_t)(digits[i] - '0');
	return value;
}

/* The next document of the archive, and the date that it is named by; false at its end. */
static bool next_document(struct strbuf *document, char date[static 10])
{
	char header[TAR_BLOCK], padding[TAR_BLOCK];

	while (fread(header, 1, sizeof(header), stdin) == sizeof(header) && header[0] != '\0') {
		size_t size = (size_t)octal(header + 124, 12), past = size % TAR_BLOCK;
		char *space;

		document->n = 0;
		space = size > 0 ? strbuf_extend(document, size) : NULL;
		if (size > 0) {
			assert(space && fread(space, 1, size, stdin) == size);
			if (past > 0)
				assert(fread(padding, 1, TAR_BLOCK - past, stdin) ==
				       TAR_BLOCK - past);
		}
		memcpy(date, header, 10);
		if (header[156] == '0' && size > 0)
			return true;
	}
	return false;
}

/* The value of "key: value" in the head of a scenario; absent: there is none. */
static struct slice head_value(struct slice text, struct slice key)
{
	while (text.n > 0) {
		struct slice line = slice_cut(&text, '\n');

		if (slice_starts(line, key))
			return slice_trim(slice_skip(line, key.n));
	}
	return SLICE_NONE;
}

static void read_scenario(const char *path, struct scenario *scenario)
{
	struct fault fault;
	size_t steps;

	scenario->path = path;
	if (file_read(path, 1 << 20, &scenario->text, &fault) < 0) {
		printf("%s: %s\n", path, fault.text);
		exit(1);
	}
	steps = slice_find(scenario->text.text, SLICE("\n---"));
	assert(steps != (size_t)-1);
	scenario->steps = slice_skip(scenario->text.text, steps + 1);
	scenario->before = head_value(scenario->text.text, SLICE("before:"));
	scenario->after = head_value(scenario->text.text, SLICE("after:"));
	scenario->except = head_value(scenario->text.text, SLICE("except:"));
	assert(scenario->before.p && scenario->after.p);
}

/* The word behind "key=" in a line "--- key=word ..."; absent: there is none. */
static struct slice option(struct slice line, struct slice key)
{
	while (line.n > 0) {
		struct slice word = slice_cut(&line, ' ');

		if (slice_starts(word, key))
			return slice_skip(word, key.n);
	}
	return SLICE_NONE;
}

/* Applies one application after the other. NULL: one could not be. */
static struct registry *replay(const struct scenario *scenario, struct registry *registry)
{
	struct slice rest = scenario->steps;
	struct policy *policy = applying_policy("rfc6335");

	while (rest.n > 0 && registry) {
		struct slice line = slice_cut(&rest, '\n'), body = rest;
		struct assign_options options = {option(line, SLICE("day=")),
						 option(line, SLICE("assignee=")),
						 option(line, SLICE("contact="))};
		size_t end = slice_find(rest, SLICE("\n---"));
		struct application application;
		struct registry *after = NULL;
		struct assign_result result;
		struct fault fault = {};

		if (end != (size_t)-1)
			body.n = end + 1;
		rest = slice_skip(rest, body.n);
		application = applying(body);
		if (assign_apply(registry, &application, policy, &options, &after, &result,
				 &fault) != 0)
			printf("%s: %.*s: %s\n", scenario->path, (int)line.n, line.p, fault.text);
		application_done(&application);
		registry_free(registry);
		registry = after;
	}
	policy_free(policy);
	return registry;
}

static void show_row(const char *mark, const struct registry *registry, size_t index)
{
	struct row row;

	if (index >= registry->row_count)
		return;
	row = registry_row(registry, index);
	printf("  %s", mark);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		printf("|%.*s", (int)row.shown[i].n, row.shown[i].n ? row.shown[i].p : "");
	printf("\n");
}

static bool same_text(struct slice a, struct slice b)
{
	return !a.p == !b.p && slice_eq(a, b);
}

/* All columns as they are shown, and whether an assignee is given. */
static bool same_row(const struct row *a, const struct row *b)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!slice_eq(a->shown[i], b->shown[i]))
			return false;
	}
	return a->assignee_given == b->assignee_given;
}

static bool same_person(const struct person *a, const struct person *b)
{
	return slice_eq(a->id, b->id) && same_text(a->name, b->name) &&
	       same_text(a->organization, b->organization) && same_text(a->uri, b->uri) &&
	       same_text(a->updated, b->updated);
}

static bool is_excepted(const struct scenario *scenario, struct slice name)
{
	struct slice rest = scenario->except;

	while (rest.n > 0 && name.n > 0) {
		if (slice_eq(slice_cut(&rest, ' '), name))
			return true;
	}
	return false;
}

/* The next row that is compared. */
static size_t compared_row(const struct scenario *scenario, const struct registry *registry,
			   size_t i)
{
	while (i < registry->row_count &&
	       is_excepted(scenario, registry_row(registry, i).shown[COLUMN_NAME]))
		i++;
	return i;
}

static bool same_rows(const struct scenario *scenario, const struct registry *ours,
		      const struct registry *theirs)
{
	for (size_t i = 0, k = 0;; i++, k++) {
		struct row a, b;

		i = compared_row(scenario, ours, i);
		k = compared_row(scenario, theirs, k);
		if (i >= ours->row_count && k >= theirs->row_count)
			return true;
		if (i < ours->row_count && k < theirs->row_count) {
			a = registry_row(ours, i);
			b = registry_row(theirs, k);
			if (same_row(&a, &b))
				continue;
		}
		printf("%s: row %zu\n", scenario->path, i);
		show_row("ours  ", ours, i);
		show_row("theirs", theirs, k);
		return false;
	}
}

static size_t compared_person(const struct scenario *scenario, const struct registry *registry,
			      size_t i)
{
	while (i < registry->person_count && is_excepted(scenario, registry->people[i].id))
		i++;
	return i;
}

static void show_person(const char *mark, const struct registry *registry, size_t i)
{
	const struct person *person = &registry->people[i];

	if (i < registry->person_count)
		printf("  %s|%.*s|%.*s|%.*s\n", mark, (int)person->id.n, person->id.p,
		       (int)person->uri.n, person->uri.n ? person->uri.p : "",
		       (int)person->updated.n, person->updated.n ? person->updated.p : "");
}

static bool same_people(const struct scenario *scenario, const struct registry *ours,
			const struct registry *theirs)
{
	for (size_t i = 0, k = 0;; i++, k++) {
		i = compared_person(scenario, ours, i);
		k = compared_person(scenario, theirs, k);
		if (i >= ours->person_count && k >= theirs->person_count)
			return true;
		if (i < ours->person_count && k < theirs->person_count &&
		    same_person(&ours->people[i], &theirs->people[k]))
			continue;
		printf("%s: person %zu\n", scenario->path, i);
		show_person("ours  ", ours, i);
		show_person("theirs", theirs, k);
		return false;
	}
}

static struct registry *read_registry(struct slice document)
{
	struct source_options options = {.keep_layout = true};
	struct registry *registry;
	struct fault fault;

	if (source_read(document, &options, &registry, &fault) < 0) {
		printf("%s\n", fault.text);
		exit(1);
	}
	return registry;
}

static void try_scenario(struct scenario *scenario, struct slice before, struct slice after)
{
	struct registry *ours = replay(scenario, read_registry(before)), *theirs;

	scenario->done = true;
	if (!ours)
		return;
	theirs = read_registry(after);
	scenario->same = same_rows(scenario, ours, theirs) && same_people(scenario, ours, theirs);
	registry_free(ours);
	registry_free(theirs);
}

int main(int argc, char **argv)
{
	static struct scenario scenarios[SCENARIOS_MAX];
	size_t count = 0, same = 0, done = 0;
	struct strbuf document = {}, before = {};
	char date[10], before_date[10] = "";
	uint64_t step = 1;

	assert(argc > 2 && number_parse(slice_cstr(argv[1]), SCENARIOS_MAX, &step) && step > 0);
	for (int i = 2; i < argc && count < SCENARIOS_MAX; i += (int)step)
		read_scenario(argv[i], &scenarios[count++]);
	while (next_document(&document, date)) {
		struct strbuf other = before;

		for (size_t i = 0; i < count; i++) {
			struct scenario *scenario = &scenarios[i];

			if (slice_eq(scenario->after, (struct slice){date, 10}) &&
			    slice_eq(scenario->before, (struct slice){before_date, 10}))
				try_scenario(scenario, strbuf_slice(&before),
					     strbuf_slice(&document));
		}
		before = document;
		document = other;
		memcpy(before_date, date, sizeof(date));
	}
	for (size_t i = 0; i < count; i++) {
		done += scenarios[i].done;
		same += scenarios[i].same;
		if (scenarios[i].same && getenv("VERBOSE"))
			printf("same: %s\n", scenarios[i].path);
		file_content_done(&scenarios[i].text);
	}
	printf("%zu scenarios, %zu tried, %zu the same\n", count, done, same);
	strbuf_done(&document);
	strbuf_done(&before);
	return same < count;
}
