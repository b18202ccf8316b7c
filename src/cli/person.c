#include "base/nearest.h"
#include "cli/people.h"

enum { IDS_MAX = 5 };

static struct slice person_id(const void *data, size_t index)
{
	struct person person;

	image_person(data, (uint32_t)index, &person);
	return person.id;
}

/* The id that is meant: words as one, with what stands for blanks, and without brackets. */
static void read_id(const struct arguments *arguments, char blank, struct strbuf *id)
{
	id->n = 0;
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct slice word = slice_cstr(arguments->words[i]);

		if (slice_starts(word, SLICE("[")) && slice_ends(word, SLICE("]")) && word.n > 2)
			word = (struct slice){word.p + 1, word.n - 2};
		if (i > 0)
			strbuf_add_byte(id, blank);
		for (size_t at = 0; at < word.n; at++)
			strbuf_add_byte(id, word.p[at] == ' ' ? blank : word.p[at]);
	}
}

static void say_missing(const struct image *image, struct slice id)
{
	struct strbuf text CLEANUP(strbuf_done) = {.max = 512};
	struct slice ids[IDS_MAX];
	size_t count = nearest(id, person_id, image, ids, IDS_MAX);

	for (size_t i = 0; i < count; i++)
		strbuf_printf(&text, "%s%.*s", i > 0 ? ", " : "; nearest: ", (int)ids[i].n,
			      ids[i].p);
	if (image_person_count(image) == 0)
		strbuf_add(&text, SLICE("; this registry lists no people"));
	say("no person with the id \"%.*s\"%.*s", (int)id.n, id.p, (int)text.n,
	    strbuf_slice(&text).p);
}

/* Prints the person, where the registry has one of that id, and the rows that name it. */
static int print(struct cli *cli, struct slice id, bool *ret_found, struct fault *fault)
{
	const struct image *image = &cli->registry.image;
	struct rows rows CLEANUP(rows_done) = {.image = image};
	struct rowset set CLEANUP(rowset_done) = {}, people CLEANUP(rowset_done) = {};
	struct rows_view view = {.people = &people, .people_first = true};
	struct person person = {.id = id};
	uint32_t number;
	int result;

	if (!rowset_init(&set, image_row_count(image)) ||
	    !rowset_init(&people, image_person_count(image)))
		return fault_memory(fault);
	if (query_person(image, id, &number)) {
		image_person(image, number, &person);
		rowset_add(&people, number);
	}
	query_person_rows(image, person.id, &set);
	result = rows_add(&rows, &set, fault);
	if (result < 0)
		return result;
	*ret_found = rows.count > 0 || rowset_count(&people) > 0;
	return rows_print(cli, &rows, &view, fault);
}

int person_run(struct cli *cli)
{
	struct strbuf id CLEANUP(strbuf_done) = {};
	struct fault fault;
	bool found = false;
	uint32_t number;

	/* Ids are made of names with _ for blanks; one that is spelt otherwise is found as it is.
	 */
	read_id(&cli->arguments, ' ', &id);
	if (!query_person(&cli->registry.image, strbuf_slice(&id), &number))
		read_id(&cli->arguments, '_', &id);
	if (id.failed) {
		fault_memory(&fault);
		return say_fault(NULL, &fault);
	}
	if (print(cli, strbuf_slice(&id), &found, &fault) < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (found)
		return STATUS_FOUND;
	say_missing(&cli->registry.image, strbuf_slice(&id));
	return STATUS_NOT_FOUND;
}
