#include "cli/drift.h"

#include <stdlib.h>

#include "cli/leases.h"
#include "cli/listing.h"
#include "host/sysctl.h"
#include "query/query.h"
#include "render/render.h"

void machine_done(struct machine *machine)
{
	listeners_done(&machine->listeners);
	arena_done(&machine->names);
	free(machine->seen);
}

static void add_seen(struct machine *machine, struct audit_seen seen)
{
	if (machine->count == machine->size) {
		size_t size = machine->size * 2 + 64;
		struct audit_seen *grown = reallocarray(machine->seen, size, sizeof(*grown));

		if (!grown) {
			machine->failed = true;
			return;
		}
		machine->seen = grown;
		machine->size = size;
	}
	machine->seen[machine->count++] = seen;
}

static int add_reservation(void *context, const struct reservation *reservation)
{
	struct machine *machine = context;

	add_seen(machine, (struct audit_seen){
				  .reserved = arena_copy(&machine->names, reservation->name,
							 &machine->failed),
				  .port = reservation->port,
				  .transport = (uint8_t)reservation->transport,
			  });
	return machine->failed ? FAULT_MEMORY : 0;
}

static int read_listeners(struct machine *machine, struct fault *fault)
{
	struct host_wanted which = {};
	int result = listeners_read(&machine->listeners, &which, NULL, 0, fault);

	for (size_t i = 0; result == 0 && i < machine->listeners.count; i++) {
		struct listener listener = listener_at(&machine->listeners, i);

		add_seen(machine, (struct audit_seen){
					  .running = listener.process ? listener.process->command
								      : SLICE_NONE,
					  .port = listener.socket->port,
					  .transport = (uint8_t)listener.socket->transport,
					  .open = host_socket_is_open(listener.socket),
				  });
	}
	return result;
}

int machine_read(struct cli *cli, struct machine *machine, struct audit_options *options,
		 struct fault *fault)
{
	struct leases leases = {};
	struct host_sysctl sysctl;
	int result;

	machine->listeners.image = &cli->registry.image;
	result = read_listeners(machine, fault);
	if (result < 0)
		return result;
	result = leases_open(cli, RESERVE_READ, &leases, fault);
	if (result == 0)
		result = reserve_each(leases.reserve, add_reservation, machine, fault);
	if (result < 0 && !machine->failed)
		(void)leases_fail(&leases, fault);
	leases_done(&leases);
	host_sysctl_read(NULL, &sysctl);
	if (sysctl.has_ephemeral) {
		options->ephemeral_first = sysctl.ephemeral_first;
		options->ephemeral_last = sysctl.ephemeral_last;
	}
	if (machine->count > 0)
		qsort(machine->seen, machine->count, sizeof(*machine->seen), audit_seen_compare);
	options->against = true;
	options->seen = machine->seen;
	options->seen_count = machine->count;
	return machine->failed ? fault_memory(fault) : 0;
}

enum { CELL_PORT, CELL_REGISTERED, CELL_RESERVED, CELL_CONFIGURED, CELL_RUNNING, CELL_COUNT };

static const struct table_column columns[CELL_COUNT] = {
	[CELL_PORT] = {SLICE("Port"), 9, 0, false},
	[CELL_REGISTERED] = {SLICE("Registered"), 10, 0, false},
	[CELL_RESERVED] = {SLICE("Reserved"), 8, 0, false},
	[CELL_CONFIGURED] = {SLICE("Configured"), 20, 1, false},
	[CELL_RUNNING] = {SLICE("Running"), 8, 0, false},
};

static int compare_ports(const void *a, const void *b)
{
	const struct audit_port *x = *(const struct audit_port *const *)a,
				*y = *(const struct audit_port *const *)b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->transport != y->transport)
		return x->transport < y->transport ? -1 : 1;
	return x < y ? -1 : x > y; /* of one list */
}

int drift_find(struct drift *drift, const struct audit *audit, const struct image *image,
	       const struct audit_options *options, struct fault *fault)
{
	size_t all = audit_port_count(audit), count = 0;

	*drift = (struct drift){.audit = audit, .image = image, .options = *options};
	drift->ports = calloc(all + 1, sizeof(*drift->ports));
	drift->rows = calloc(all + 1, sizeof(*drift->rows));
	if (!drift->ports || !drift->rows)
		return fault_memory(fault);
	for (size_t i = 0; i < all; i++) {
		const struct audit_port *port = audit_port_at(audit, i);

		if (port->use == AUDIT_TAKEN && port->first == port->last)
			drift->ports[count++] = port;
	}
	if (count > 0)
		qsort(drift->ports, count, sizeof(*drift->ports), compare_ports);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || drift->ports[i]->first != drift->ports[i - 1]->first ||
		    drift->ports[i]->transport != drift->ports[i - 1]->transport)
			drift->rows[drift->row_count++] = i;
	}
	drift->rows[drift->row_count] = count;
	return 0;
}

void drift_done(struct drift *drift)
{
	free(drift->ports);
	free(drift->rows);
}

static struct slice registered(const struct drift *drift, const struct audit_port *port)
{
	uint32_t row;

	return query_port_named(drift->image, (enum transport)port->transport, port->first, &row)
		       ? image_row_text(drift->image, row, COLUMN_NAME)
		       : SLICE_NONE;
}

/* A row: the ports that are one, and what is seen there. */
struct drift_row {
	const struct audit_port *const *ports;
	size_t port_count;
	const struct audit_seen *seen;
	size_t seen_count;
};

static struct drift_row row_at(const struct drift *drift, size_t index)
{
	size_t from = drift->rows[index];
	const struct audit_port *port = drift->ports[from];
	struct drift_row row = {.ports = drift->ports + from,
				.port_count = drift->rows[index + 1] - from};

	row.seen_count = audit_seen_find(&drift->options, (enum transport)port->transport,
					 port->first, &row.seen);
	return row;
}

/* The name of a reservation; absent: it is none, or it stood before. */
static struct slice reserved(const struct drift_row *row, size_t i)
{
	return i > 0 && slice_eq(row->seen[i - 1].reserved, row->seen[i].reserved)
		       ? SLICE_NONE
		       : row->seen[i].reserved;
}

/* The name of a program, "?" where it is not seen; absent: it is none, or it stood before. */
static struct slice running(const struct drift_row *row, size_t i)
{
	const struct audit_seen *seen = &row->seen[i];

	if (!seen->open || (i > 0 && seen[-1].open && slice_eq(seen[-1].running, seen->running)))
		return SLICE_NONE;
	return seen->running.n > 0 ? seen->running : SLICE("?");
}

static void add_name(struct strbuf *cell, struct slice name)
{
	if (name.n > 0 && cell->n > 0)
		strbuf_add(cell, SLICE(", "));
	strbuf_add(cell, name);
}

static void add_configured(struct strbuf *cell, const struct drift *drift,
			   const struct audit_port *port)
{
	add_name(cell, port->owner);
	strbuf_add(cell, SLICE(" ("));
	strbuf_add(cell, audit_file_at(drift->audit, port->file)->path);
	strbuf_printf(cell, ":%u)", port->line);
}

static void read_cells(const struct drift *drift, const struct drift_row *row,
		       struct strbuf cells[static CELL_COUNT])
{
	const struct audit_port *port = row->ports[0];

	strbuf_printf(&cells[CELL_PORT], "%u/", port->first);
	strbuf_add(&cells[CELL_PORT], transport_name((enum transport)port->transport));
	strbuf_add(&cells[CELL_REGISTERED], registered(drift, port));
	for (size_t i = 0; i < row->port_count; i++)
		add_configured(&cells[CELL_CONFIGURED], drift, row->ports[i]);
	for (size_t i = 0; i < row->seen_count; i++) {
		add_name(&cells[CELL_RESERVED], reserved(row, i));
		add_name(&cells[CELL_RUNNING], running(row, i));
	}
}

int drift_print(struct cli *cli, const struct drift *drift, struct fault *fault)
{
	struct listing listing CLEANUP(listing_done) = {.columns = columns,
							.column_count = CELL_COUNT};
	struct strbuf cells[CELL_COUNT] = {};
	bool failed = false;

	for (size_t i = 0; i < drift->row_count; i++) {
		struct drift_row row = row_at(drift, i);

		read_cells(drift, &row, cells);
		for (size_t k = 0; k < CELL_COUNT; k++) {
			listing_add(&listing,
				    cells[k].n > 0 ? strbuf_slice(&cells[k]) : SLICE("-"));
			cells[k].n = 0;
		}
	}
	for (size_t k = 0; k < CELL_COUNT; k++) {
		failed |= cells[k].failed;
		strbuf_done(&cells[k]);
	}
	return failed ? fault_memory(fault) : listing_write(cli, &listing, fault);
}

static void put_names(struct out *out, const struct drift_row *row,
		      struct slice (*name_of)(const struct drift_row *row, size_t i))
{
	struct slice comma = SLICE("");

	for (size_t i = 0; i < row->seen_count; i++) {
		struct slice name = name_of(row, i);

		if (name.n == 0)
			continue;
		out_put(out, comma);
		render_json_text(out, name);
		comma = SLICE(",");
	}
}

static void put_row(struct out *out, const struct drift *drift, const struct drift_row *row)
{
	out_printf(out, "{\"port\":%u,\"transport\":", row->ports[0]->first);
	render_json_text(out, transport_name((enum transport)row->ports[0]->transport));
	out_put(out, SLICE(",\"registered\":"));
	render_json_text(out, registered(drift, row->ports[0]));
	out_put(out, SLICE(",\"reserved\":["));
	put_names(out, row, reserved);
	out_put(out, SLICE("],\"configured\":["));
	for (size_t i = 0; i < row->port_count; i++) {
		const struct audit_port *port = row->ports[i];

		out_put(out, i > 0 ? SLICE(",{\"owner\":") : SLICE("{\"owner\":"));
		render_json_text(out, port->owner);
		out_put(out, SLICE(",\"file\":"));
		render_json_text(out, audit_file_at(drift->audit, port->file)->path);
		out_printf(out, ",\"line\":%u}", port->line);
	}
	out_put(out, SLICE("],\"running\":["));
	put_names(out, row, running);
	out_put(out, SLICE("]}"));
}

void drift_put_json(struct out *out, const struct drift *drift)
{
	if (!drift->options.against) {
		out_put(out, SLICE("null"));
		return;
	}
	out_byte(out, '[');
	for (size_t i = 0; i < drift->row_count; i++) {
		struct drift_row row = row_at(drift, i);

		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		put_row(out, drift, &row);
	}
	out_put(out, drift->row_count > 0 ? SLICE("\n]") : SLICE("]"));
}
