#include "cli/page.h"

#include <stdlib.h>

#include "render/image_page.h"

struct shown {
	struct image_part part;
	struct xhtml_page page;
};

static void write_shown(struct out *out, const void *data)
{
	const struct shown *shown = data;

	render_image_page(out, &shown->part, &shown->page);
}

int page_print(struct cli *cli, const struct rows *rows, struct slice search, uint64_t number,
	       uint64_t pages, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct shown shown = {
		.part = {.image = rows->image, .rows = rows->numbers, .row_count = rows->count},
		.page = {.search = search,
			 .number = number,
			 .pages = pages,
			 .keys = settings->sort,
			 .key_count = settings->sort_count}};
	uint32_t *people;
	int result = query_people_numbers(rows->image, rows->numbers, rows->count, &people,
					  &shown.part.person_count, fault);

	if (result < 0)
		return result;
	shown.part.people = people;
	result = answer_write(cli, write_shown, &shown, fault);
	free(people);
	return result;
}
