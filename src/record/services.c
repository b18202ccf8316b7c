#include "record/services.h"

#include <stdlib.h>

bool services_has_line(const struct row *row)
{
	return row->state == ROW_ASSIGNED && row->first_port >= 0 &&
	       row->first_port == row->last_port && row->transport < TRANSPORT_COUNT;
}

bool services_can_write(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c <= ' ' || c == '#' || c == 0x7f)
			return false;
	}
	return true;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_keys(const struct service *a, const struct service *b)
{
	int result = compare_numbers(a->port, b->port);

	return result != 0 ? result : compare_numbers(a->transport, b->transport);
}

static int compare_names(const struct service *a, const struct service *b)
{
	int result = compare_keys(a, b);

	return result != 0 ? result : slice_compare(a->name, b->name);
}

static int compare_names_rows(const void *a_, const void *b_)
{
	const struct service *a = a_, *b = b_;
	int result = compare_names(a, b);

	return result != 0 ? result : compare_numbers(a->row, b->row);
}

static int compare_lines(const void *a_, const void *b_)
{
	const struct service *a = a_, *b = b_;
	int result = compare_keys(a, b);

	result = result != 0 ? result : compare_numbers(a->later, b->later);
	result = result != 0 ? result : compare_numbers(a->line, b->line);
	result = result != 0 ? result : compare_numbers(a->alias, b->alias);
	return result != 0 ? result : compare_numbers(a->row, b->row);
}

/* qsort() may allocate memory: not for few. */
static void sort(struct service *services, size_t count, int (*compare)(const void *, const void *))
{
	if (count > SERVICES_FEW) {
		qsort(services, count, sizeof(*services), compare);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct service service = services[i];
		size_t at = i;

		for (; at > 0 && compare(&services[at - 1], &service) > 0; at--)
			services[at] = services[at - 1];
		services[at] = service;
	}
}

/* Of those by name the one of that name with the port and transport of another; NULL: none. */
static const struct service *find(const struct service *services, size_t count, struct slice name,
				  const struct service *like)
{
	struct service wanted = *like;
	size_t from = 0, to = count;

	wanted.name = name;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare_names(&wanted, &services[middle]);

		if (order == 0)
			return &services[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* Aliases go to their names' lines. An alias of an alias has a line of its own. */
static void join(struct service *services, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct service *service = &services[i];
		const struct service *name =
			service->target.p ? find(services, count, service->target, service) : NULL;

		service->alias = name && !name->target.p;
		service->line = service->alias ? name->row : service->row;
		service->later = service->target.p && !service->alias;
	}
}

size_t services_order(struct service *services, size_t count)
{
	size_t unique = 0;

	sort(services, count, compare_names_rows);
	for (size_t i = 0; i < count; i++) {
		if (unique == 0 || compare_names(&services[unique - 1], &services[i]) != 0)
			services[unique++] = services[i];
	}
	join(services, unique);
	sort(services, unique, compare_lines);
	return unique;
}
