#include "cli/page.h"

#include <stdlib.h>

#include "render/xhtml.h"

/* What is shown of an image: some rows and people. */
struct shown {
	const struct image *image;
	const uint32_t *rows, *people; /* numbers */
	size_t row_count, person_count;
	const struct xhtml_page *page;
};

static bool note(const void *data, size_t index, struct slice *ret_title, struct slice *ret_text)
{
	const struct shown *shown = data;

	return image_fact(shown->image, IMAGE_FACT_NOTE, (uint32_t)index, ret_title, ret_text);
}

static bool footnote(const void *data, size_t index, struct slice *ret_anchor,
		     struct slice *ret_text)
{
	const struct shown *shown = data;

	return image_fact(shown->image, IMAGE_FACT_FOOTNOTE, (uint32_t)index, ret_anchor, ret_text);
}

static bool row(const void *data, size_t index, struct row *ret_row)
{
	const struct shown *shown = data;

	if (index >= shown->row_count)
		return false;
	image_row(shown->image, shown->rows[index], ret_row);
	return true;
}

static bool person(const void *data, size_t index, struct person *ret_person)
{
	const struct shown *shown = data;

	if (index >= shown->person_count)
		return false;
	image_person(shown->image, shown->people[index], ret_person);
	return true;
}

static struct slice fact(const struct image *image, enum image_fact kind)
{
	struct slice title, text;

	return image_fact(image, kind, 0, &title, &text) ? text : SLICE_NONE;
}

static void write_shown(struct out *out, const void *data)
{
	const struct shown *shown = data;
	const struct xhtml_content content = {
		.title = fact(shown->image, IMAGE_FACT_TITLE),
		.updated = fact(shown->image, IMAGE_FACT_UPDATED),
		.references = fact(shown->image, IMAGE_FACT_REFERENCES),
		.expert = fact(shown->image, IMAGE_FACT_EXPERT),
		.data = shown,
		.note = note,
		.row = row,
		.person = person,
		.footnote = footnote,
	};

	render_xhtml_page(out, &content, shown->page);
}

static int print_with_people(struct cli *cli, struct shown *shown, const struct rowset *people,
			     struct fault *fault)
{
	uint32_t *numbers = calloc(rowset_count(people) + 1, sizeof(*numbers));
	int result;

	if (!numbers)
		return fault_memory(fault);
	ROWSET_EACH(people, number)
	numbers[shown->person_count++] = number;
	shown->people = numbers;
	result = answer_write(cli, write_shown, shown, fault);
	free(numbers);
	return result;
}

int page_print(struct cli *cli, const struct rows *rows, struct slice search, uint64_t number,
	       uint64_t pages, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	const struct xhtml_page page = {.search = search,
					.number = number,
					.pages = pages,
					.keys = settings->sort,
					.key_count = settings->sort_count};
	struct shown shown = {.image = rows->image,
			      .rows = rows->numbers,
			      .row_count = rows->count,
			      .page = &page};
	struct rowset people CLEANUP(rowset_done) = {};
	int result;

	if (!rowset_init(&people, image_person_count(rows->image)))
		return fault_memory(fault);
	result = query_people(rows->image, rows->numbers, rows->count, &people, fault);
	return result < 0 ? result : print_with_people(cli, &shown, &people, fault);
}
