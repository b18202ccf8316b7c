#include "render/dictionary.h"

#include <stdlib.h>

#include "render/csv.h"

/*
 * The number of a row plus one, for each transport and port; 0: none. Two of the transports have
 * few ports, so that most of their memory is never touched.
 */
struct choice {
	uint32_t (*rows)[PORT_COUNT];
};

static void choice_done(struct choice *choice)
{
	free(choice->rows);
}

static bool is_alias(const struct registry *registry, size_t index)
{
	struct row row = registry_row(registry, index);

	return row_alias_of(&row).p;
}

static void choose(struct choice *choice, const struct registry *registry, size_t number,
		   const struct row *row)
{
	bool alias = row_alias_of(row).p;

	for (int32_t port = row->first_port; port <= row->last_port; port++) {
		uint32_t *chosen = &choice->rows[row->transport][port];

		if (*chosen == 0 || (!alias && is_alias(registry, *chosen - 1)))
			*chosen = (uint32_t)number + 1;
	}
}

static void put_record(struct out *out, unsigned port, const struct row *row)
{
	out_uint(out, port);
	out_byte(out, ',');
	out_put(out, transport_name(row->transport));
	out_byte(out, ',');
	render_csv_field(out, row->shown[COLUMN_NAME]);
	out_byte(out, ',');
	render_csv_field(out, row->shown[COLUMN_DESCRIPTION]);
	out_byte(out, '\n');
}

int render_dictionary(struct out *out, const struct registry *registry, struct fault *fault)
{
	struct choice choice CLEANUP(choice_done) = {
		calloc(TRANSPORT_COUNT, sizeof(*choice.rows)),
	};
	size_t covered = 0;

	if (!choice.rows)
		return fault_memory(fault);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (row.state != ROW_ASSIGNED || row.first_port < 0 ||
		    row.transport >= TRANSPORT_COUNT)
			continue;
		covered += (size_t)(row.last_port - row.first_port) + 1;
		if (covered > RENDER_DICTIONARY_MAX)
			return fault_set(fault, FAULT_LIMIT,
					 "the rows cover more than the limit of %d ports in all",
					 RENDER_DICTIONARY_MAX);
		choose(&choice, registry, i, &row);
	}
	out_put(out, SLICE("port,transport,name,description\n"));
	for (unsigned port = 0; port < PORT_COUNT; port++) {
		for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
			uint32_t chosen = choice.rows[transport][port];
			struct row row;

			if (chosen == 0)
				continue;
			row = registry_row(registry, chosen - 1);
			put_record(out, port, &row);
		}
	}
	return 0;
}
