#include <errno.h>

#include "cli/listeners.h"
#include "cli/table.h"
#include "render/csv.h"
#include "render/render.h"

enum place_column {
	SHOWN_ADDRESS,
	SHOWN_STATE,
	SHOWN_PROCESS,
	SHOWN_PID,
	SHOWN_USER,
	SHOWN_UNIT,
	SHOWN_FOLDER,
	SHOWN_SERVICE,
	SHOWN_REGISTRY,
	SHOWN_AGREEMENT,
	SHOWN_OVERLAYS,
	SHOWN_PEER,
	SHOWN_COUNT,
};

static const struct table_column columns[SHOWN_COUNT] = {
	[SHOWN_ADDRESS] = {SLICE("Local address"), 15, 0, false},
	[SHOWN_STATE] = {SLICE("State"), 9, 2, false},
	[SHOWN_PROCESS] = {SLICE("Process"), 8, 0, false},
	[SHOWN_PID] = {SLICE("PID"), 5, 1, true},
	[SHOWN_USER] = {SLICE("User"), 6, 1, false},
	[SHOWN_UNIT] = {SLICE("Unit or container"), 16, 4, false},
	[SHOWN_FOLDER] = {SLICE("Folder"), 16, 5, false},
	[SHOWN_SERVICE] = {SLICE("Registered"), 8, 0, false},
	[SHOWN_REGISTRY] = {SLICE("Registry"), 10, 6, false},
	[SHOWN_AGREEMENT] = {SLICE("Agreement"), 9, 0, false},
	[SHOWN_OVERLAYS] = {SLICE("Not registered"), 14, 2, false},
	[SHOWN_PEER] = {SLICE("Peer"), 15, 3, false},
};

static bool has_peer(const struct host_socket *socket)
{
	return socket->peer_port != 0;
}

static void add_peer(struct strbuf *text, const struct host_socket *socket)
{
	if (!has_peer(socket))
		return;
	strbuf_add(text, socket->ipv6 ? SLICE("[") : SLICE_NONE);
	host_address_add(text, socket, true);
	strbuf_add(text, socket->ipv6 ? SLICE("]:") : SLICE(":"));
	strbuf_add_uint(text, socket->peer_port);
}

static void read_row(const void *data, size_t index, struct table_row *row)
{
	const struct listeners *listeners = data;
	struct listener listener = listener_at(listeners, index);
	const struct host_process *process = listener.process;
	struct strbuf *scratch = row->scratch;

	listener_add_place(&scratch[SHOWN_ADDRESS], listener.socket, true);
	listener_add_process(&scratch[SHOWN_PROCESS], &listener);
	listener_add_user(&scratch[SHOWN_USER], &listener);
	add_peer(&scratch[SHOWN_PEER], listener.socket);
	listener_add_overlays(&scratch[SHOWN_OVERLAYS], listeners, &listener);
	if (process) {
		strbuf_add_uint(&scratch[SHOWN_PID], process->pid);
		strbuf_add(&scratch[SHOWN_UNIT], process->container);
		if (process->container.p && process->unit.p)
			strbuf_add(&scratch[SHOWN_UNIT], SLICE(", "));
		strbuf_add(&scratch[SHOWN_UNIT], process->unit);
	}
	for (size_t i = 0; i < SHOWN_COUNT; i++)
		row->cells[i] = strbuf_slice(&scratch[i]);
	row->cells[SHOWN_STATE] = host_state_name(listener.socket);
	row->cells[SHOWN_FOLDER] = process ? process->folder : SLICE_NONE;
	row->cells[SHOWN_SERVICE] = listener.service;
	row->cells[SHOWN_REGISTRY] = row_state_name(listener.state);
	row->cells[SHOWN_AGREEMENT] = agreement_name(listener.agreement);
}

static int print_table(struct cli *cli, const struct listeners *listeners, struct fault *fault)
{
	struct table table = {.columns = columns,
			      .column_count = SHOWN_COUNT,
			      .row_count = listeners->count,
			      /* What agreement says of it, too. */
			      .hidden = 1u << SHOWN_REGISTRY,
			      .data = listeners,
			      .read = read_row};
	struct table_style style = {.width = cli->screen.width, .color = cli->screen.color};

	return table_write(cli->out, &table, &style, fault);
}

/* Fields of CSV and TSV. */
enum field {
	FIELD_TRANSPORT,
	FIELD_ADDRESS,
	FIELD_PORT,
	FIELD_STATE,
	FIELD_PEER_ADDRESS,
	FIELD_PEER_PORT,
	FIELD_PROCESS,
	FIELD_PIDS,
	FIELD_USER,
	FIELD_COMMAND_LINE,
	FIELD_FOLDER,
	FIELD_UNIT,
	FIELD_CONTAINER,
	FIELD_SERVICE,
	FIELD_REGISTRY_STATE,
	FIELD_AGREEMENT,
	FIELD_OVERLAYS,
	FIELD_COUNT,
};

static const char *const titles[FIELD_COUNT] = {
	"transport", "address", "port",		  "state",	  "peer_address", "peer_port",
	"process",   "pids",	"user",		  "command_line", "folder",	  "unit",
	"container", "service", "registry_state", "agreement",	  "overlays",
};

struct writing {
	const struct listeners *listeners;
	bool tabs;
	struct strbuf scratch[FIELD_COUNT];
};

static void put_tsv_field(struct out *out, struct slice text)
{
	/* What the kernel and the registry say has no tabs or ends of lines left but these. */
	for (size_t i = 0; i < text.n; i++)
		out_byte(out, text.p[i] == '\t' || text.p[i] == '\n' || text.p[i] == '\r'
				      ? ' '
				      : text.p[i]);
}

static void put_record(struct out *out, const struct slice *fields, bool tabs)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (i > 0)
			out_byte(out, tabs ? '\t' : ',');
		if (tabs)
			put_tsv_field(out, fields[i]);
		else
			render_csv_field(out, fields[i]);
	}
	out_put(out, tabs ? SLICE("\n") : SLICE("\r\n"));
}

static void put_fields(struct out *out, struct writing *writing, const struct listener *listener)
{
	const struct host_process *process = listener->process;
	const struct host_socket *socket = listener->socket;
	struct strbuf *scratch = writing->scratch;
	struct slice fields[FIELD_COUNT];

	for (size_t i = 0; i < FIELD_COUNT; i++)
		scratch[i].n = 0;
	host_address_add(&scratch[FIELD_ADDRESS], socket, false);
	strbuf_add_uint(&scratch[FIELD_PORT], socket->port);
	if (has_peer(socket)) {
		host_address_add(&scratch[FIELD_PEER_ADDRESS], socket, true);
		strbuf_add_uint(&scratch[FIELD_PEER_PORT], socket->peer_port);
	}
	for (size_t i = 0; i < listener->owner_count; i++) {
		strbuf_add(&scratch[FIELD_PIDS], i > 0 ? SLICE(" ") : SLICE_NONE);
		strbuf_add_uint(&scratch[FIELD_PIDS],
				writing->listeners->processes.all[listener->owners[i].process].pid);
	}
	listener_add_user(&scratch[FIELD_USER], listener);
	listener_add_overlays(&scratch[FIELD_OVERLAYS], writing->listeners, listener);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		fields[i] = strbuf_slice(&scratch[i]);
	fields[FIELD_TRANSPORT] = transport_name(socket->transport);
	fields[FIELD_STATE] = host_state_name(socket);
	if (process) {
		fields[FIELD_PROCESS] = process->command;
		fields[FIELD_COMMAND_LINE] = process->command_line;
		fields[FIELD_FOLDER] = process->folder;
		fields[FIELD_UNIT] = process->unit;
		fields[FIELD_CONTAINER] = process->container;
	}
	fields[FIELD_SERVICE] = listener->service;
	fields[FIELD_REGISTRY_STATE] = row_state_name(listener->state);
	fields[FIELD_AGREEMENT] = agreement_name(listener->agreement);
	put_record(out, fields, writing->tabs);
}

static void write_fields(struct out *out, const void *data)
{
	struct writing writing = *(const struct writing *)data;
	struct slice heads[FIELD_COUNT];
	bool failed = false;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		heads[i] = slice_cstr(titles[i]);
	put_record(out, heads, writing.tabs);
	for (size_t i = 0; i < writing.listeners->count; i++) {
		struct listener listener = listener_at(writing.listeners, i);

		put_fields(out, &writing, &listener);
	}
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		failed |= writing.scratch[i].failed;
		strbuf_done(&writing.scratch[i]);
	}
	if (failed && !out->error)
		out->error = ENOMEM;
}

static void put_text(struct out *out, const char *key, struct slice text)
{
	out_printf(out, ",\"%s\":", key);
	render_json_text(out, text);
}

static void put_process(struct out *out, const struct host_process *process)
{
	out_printf(out, "{\"pid\":%u", process->pid);
	put_text(out, "command", process->command);
	put_text(out, "program", process->program);
	put_text(out, "command_line", process->command_line);
	out_printf(out, ",\"uid\":%u", process->uid);
	put_text(out, "user", process->user);
	put_text(out, "folder", process->folder);
	put_text(out, "unit", process->unit);
	put_text(out, "container", process->container);
	out_printf(out, ",\"other_network\":%s}", process->other_network ? "true" : "false");
}

static void put_address(struct out *out, const char *key, const struct host_socket *socket,
			bool peer)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct host_socket plain = *socket;

	plain.interface = 0;
	host_address_add(&text, &plain, peer);
	put_text(out, key, strbuf_slice(&text));
	if (text.failed && !out->error)
		out->error = ENOMEM;
}

static void put_socket(struct out *out, const struct host_socket *socket)
{
	static const char *const duals[] = {
		[HOST_DUAL_UNKNOWN] = "null", [HOST_DUAL_NO] = "false", [HOST_DUAL_YES] = "true"};

	out_printf(out, "{\"transport\":\"%s\",\"family\":\"%s\"",
		   transport_name(socket->transport).p, socket->ipv6 ? "ipv6" : "ipv4");
	put_address(out, "address", socket, false);
	out_printf(out, ",\"port\":%u", socket->port);
	if (socket->interface != 0)
		out_printf(out, ",\"interface\":%u", socket->interface);
	else
		out_put(out, SLICE(",\"interface\":null"));
	out_printf(out, ",\"dual_stack\":%s", duals[socket->dual]);
	put_text(out, "state", host_state_name(socket));
	if (has_peer(socket)) {
		put_address(out, "peer_address", socket, true);
		out_printf(out, ",\"peer_port\":%u", socket->peer_port);
	} else {
		out_put(out, SLICE(",\"peer_address\":null,\"peer_port\":null"));
	}
	out_printf(out, ",\"inode\":%u", socket->inode);
}

struct notes {
	struct out *out;
	size_t count;
};

static void put_note(void *context, const struct overlay_layer *layer, const struct row *row)
{
	struct notes *notes = context;
	struct out *out = notes->out;

	out_put(out, notes->count++ > 0 ? SLICE(",{\"service\":") : SLICE("{\"service\":"));
	render_json_text(out, row->shown[COLUMN_NAME]);
	put_text(out, "description", row->shown[COLUMN_DESCRIPTION]);
	put_text(out, "state", row_state_name(row->state));
	put_text(out, "overlay", overlay_source(layer));
	put_text(out, "date", overlay_date(layer, row));
	out_byte(out, '}');
}

void listener_put_json(struct out *out, const struct listeners *listeners,
		       const struct listener *listener)
{
	put_socket(out, listener->socket);
	out_printf(out, ",\"uid\":%u", listener->uid);
	put_text(out, "user", listener->user);
	out_put(out, SLICE(",\"processes\":["));
	for (size_t i = 0; i < listener->owner_count; i++) {
		out_put(out, i > 0 ? SLICE(",") : SLICE_NONE);
		put_process(out, &listeners->processes.all[listener->owners[i].process]);
	}
	out_put(out, SLICE("]"));
	put_text(out, "service", listener->service);
	put_text(out, "description", listener->description);
	put_text(out, "registry_state", row_state_name(listener->state));
	put_text(out, "range", port_range_name(port_range_of(listener->socket->port)));
	put_text(out, "agreement", agreement_name(listener->agreement));
	out_put(out, SLICE(",\"overlays\":["));
	listener_each_note(listeners, listener, put_note, &(struct notes){.out = out});
	out_put(out, SLICE("]}"));
}

static void write_array(struct out *out, const void *data)
{
	const struct listeners *listeners = data;

	out_byte(out, '[');
	for (size_t i = 0; i < listeners->count; i++) {
		struct listener listener = listener_at(listeners, i);

		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		listener_put_json(out, listeners, &listener);
	}
	out_put(out, listeners->count > 0 ? SLICE("\n]\n") : SLICE("]\n"));
}

static void write_lines(struct out *out, const void *data)
{
	const struct listeners *listeners = data;

	for (size_t i = 0; i < listeners->count; i++) {
		struct listener listener = listener_at(listeners, i);

		listener_put_json(out, listeners, &listener);
		out_byte(out, '\n');
	}
}

int listeners_print(struct cli *cli, const struct listeners *listeners, struct fault *fault)
{
	struct writing writing = {.listeners = listeners};

	switch (cli->arguments.settings.format) {
	case FORMAT_CSV:
		return answer_write(cli, write_fields, &writing, fault);
	case FORMAT_TSV:
		writing.tabs = true;
		return answer_write(cli, write_fields, &writing, fault);
	case FORMAT_JSON:
		return answer_write(cli, write_array, listeners, fault);
	case FORMAT_NDJSON:
		return answer_write(cli, write_lines, listeners, fault);
	default:
		return print_table(cli, listeners, fault);
	}
}
