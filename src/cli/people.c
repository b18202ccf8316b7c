#include "cli/people.h"

#include <stdlib.h>

#include "cli/table.h"
#include "render/render.h"

enum { PERSON_ID, PERSON_NAME, PERSON_ORGANIZATION, PERSON_URI, PERSON_UPDATED, PERSON_COLUMNS };

static const struct table_column columns[PERSON_COLUMNS] = {
	[PERSON_ID] = {SLICE("ID"), 16, 0, false},
	[PERSON_NAME] = {SLICE("Name"), 16, 2, false},
	[PERSON_ORGANIZATION] = {SLICE("Organization"), 16, 3, false},
	[PERSON_URI] = {SLICE("Contact URI"), 40, 1, false},
	[PERSON_UPDATED] = {SLICE("Updated"), 10, 4, false},
};

/* What is being printed: the numbers of people. */
struct list {
	const struct image *image;
	const uint32_t *numbers;
};

/* Addresses to be read and copied: one a line, mail addresses alone and with their @. */
static void add_uris(struct slice uris, struct strbuf *text)
{
	struct rich_run run;

	while (rich_next(&uris, &run)) {
		struct slice uri = run.text;
		bool mail = slice_starts(uri, SLICE("mailto:"));

		if (run.kind == RICH_BOUNDARY)
			strbuf_add_byte(text, '\n');
		if (run.kind != RICH_TEXT)
			continue;
		uri = slice_skip(uri, mail ? SLICE("mailto:").n : 0);
		for (size_t i = 0; i < uri.n; i++)
			strbuf_add_byte(text, mail && uri.p[i] == '&' ? '@' : uri.p[i]);
	}
}

static void read_person(const void *data, size_t index, struct table_row *row)
{
	const struct list *list = data;
	struct person person;

	image_person(list->image, list->numbers[index], &person);
	row->cells[PERSON_ID] = person.id;
	row->cells[PERSON_NAME] = person.name;
	row->cells[PERSON_ORGANIZATION] = person.organization;
	add_uris(person.uri, &row->scratch[PERSON_URI]);
	row->cells[PERSON_URI] = strbuf_slice(&row->scratch[PERSON_URI]);
	row->cells[PERSON_UPDATED] = person.updated;
}

int people_table(struct out *out, const struct image *image, const struct rowset *people,
		 const struct screen *screen, struct fault *fault)
{
	uint32_t *numbers = calloc(rowset_count(people) + 1, sizeof(*numbers));
	struct list list = {image, numbers};
	struct table table = {columns, PERSON_COLUMNS, 0, 0, &list, read_person};
	struct table_style style = {.width = screen->width, .color = screen->color};
	int result;

	if (!numbers)
		return fault_memory(fault);
	ROWSET_EACH(people, number)
	numbers[table.row_count++] = number;
	result = table_write(out, &table, &style, fault);
	free(numbers);
	return result;
}

void people_json(struct out *out, const struct image *image, const struct rowset *people)
{
	bool first = true;

	out_byte(out, '[');
	ROWSET_EACH(people, number)
	{
		struct person person;

		image_person(image, number, &person);
		out_put(out, first ? SLICE("\n") : SLICE(",\n"));
		render_json_person(out, &person);
		first = false;
	}
	out_put(out, SLICE("\n]"));
}
