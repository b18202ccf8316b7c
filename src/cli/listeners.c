#include "cli/listeners.h"

#include <stdlib.h>
#include <unistd.h>

#include "query/query.h"

/* Rows of a layer for one port. */
enum { NOTES_MAX = 16 };

void listeners_done(struct listeners *listeners)
{
	host_processes_done(&listeners->processes);
	host_sockets_done(&listeners->sockets);
	arena_done(&listeners->names);
	free(listeners->shown);
	free(listeners->users);
	*listeners = (struct listeners){.image = listeners->image, .overlay = listeners->overlay};
}

static bool is_wanted(const struct host_socket *socket, struct listeners_wanted *wanted,
		      size_t count)
{
	bool any = !wanted;

	for (size_t i = 0; i < count; i++) {
		if (socket->port < wanted[i].first || socket->port > wanted[i].last ||
		    (wanted[i].transport != TRANSPORT_NONE &&
		     wanted[i].transport != socket->transport))
			continue;
		wanted[i].found = any = true;
	}
	return any;
}

static bool has_user(const struct listeners *listeners, uint32_t uid)
{
	for (size_t i = 0; i < listeners->user_count; i++) {
		if (listeners->users[i].uid == uid)
			return true;
	}
	return false;
}

static bool add_user(struct listeners *listeners, uint32_t uid)
{
	struct listeners_user user = {.uid = uid};

	if (has_user(listeners, uid))
		return true;
	if (listeners->user_count == listeners->user_size) {
		size_t size = listeners->user_size ? listeners->user_size * 2 : 8;
		struct listeners_user *grown = reallocarray(listeners->users, size, sizeof(*grown));

		if (!grown)
			return false;
		listeners->users = grown;
		listeners->user_size = size;
	}
	if (!host_user_name(&listeners->names, uid, &user.name))
		return false;
	listeners->users[listeners->user_count++] = user;
	return true;
}

/* Counts a socket whose process is not seen. False: no memory. */
static bool note_unseen(struct listeners *listeners, size_t index)
{
	const struct host_socket *socket = &listeners->sockets.all[index];
	size_t owners;

	(void)host_owners(&listeners->processes, index, &owners);
	if (owners > 0)
		return true;
	/* Of what waits to be forgotten, no process is left, and the user is not known. */
	if (socket->inode == 0)
		return true;
	if (geteuid() != 0 && socket->uid != geteuid())
		listeners->of_others++;
	else
		listeners->of_nobody++;
	return add_user(listeners, socket->uid);
}

static int select_shown(struct listeners *listeners, struct listeners_wanted *wanted,
			size_t wanted_count)
{
	size_t count = listeners->sockets.count;

	listeners->shown = malloc((count + 1) * sizeof(*listeners->shown));
	if (!listeners->shown)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(&listeners->sockets.all[i], wanted, wanted_count))
			continue;
		listeners->shown[listeners->count++] = (uint32_t)i;
		if (!note_unseen(listeners, i))
			return FAULT_MEMORY;
	}
	return 0;
}

int listeners_read(struct listeners *listeners, const struct host_wanted *which,
		   struct listeners_wanted *wanted, size_t wanted_count, struct fault *fault)
{
	int result = host_sockets_read(NULL, which, &listeners->sockets, fault);

	if (result == 0)
		result = host_processes_read(NULL, &listeners->sockets, &listeners->processes,
					     fault);
	if (result < 0)
		return result;
	result = select_shown(listeners, wanted, wanted_count);
	return result < 0 ? fault_memory(fault) : 0;
}

static void find_user(const struct listeners *listeners, struct listener *listener)
{
	if (listener->process) {
		listener->uid = listener->process->uid;
		listener->user = listener->process->user;
		return;
	}
	listener->uid = listener->socket->uid;
	for (size_t i = 0; i < listeners->user_count; i++) {
		if (listeners->users[i].uid == listener->uid)
			listener->user = listeners->users[i].name;
	}
}

static void find_service(const struct image *image, struct listener *listener)
{
	const struct host_socket *socket = listener->socket;
	uint32_t row;

	listener->state = query_port_state(image, socket->transport, socket->port);
	if (!query_port_named(image, socket->transport, socket->port, &row))
		return;
	listener->service = image_row_text(image, row, COLUMN_NAME);
	listener->description = image_row_text(image, row, COLUMN_DESCRIPTION);
}

/* By the names of all its processes; a session's scope says nothing of what is in it. */
static enum agreement find_agreement(const struct listeners *listeners,
				     const struct listener *listener)
{
	const struct host_socket *socket = listener->socket;
	enum agreement best = AGREEMENT_COUNT;

	for (size_t i = 0; i < listener->owner_count || i == 0; i++) {
		struct slice names[3] = {};
		enum agreement one;

		if (listener->owner_count > 0) {
			const struct host_process *process =
				&listeners->processes.all[listener->owners[i].process];

			names[0] = process->command;
			names[1] = process->program;
			if (slice_ends(process->unit, SLICE(".service")))
				names[2] = process->unit;
		}
		one = agreement_find(listeners->image, socket->transport, socket->port, names,
				     ARRAY_SIZE(names));
		best = one < best ? one : best;
		if (one == AGREEMENT_AGREES)
			break;
	}
	return best;
}

struct listener listener_at(const struct listeners *listeners, size_t index)
{
	uint32_t number = listeners->shown[index];
	struct listener listener = {.socket = &listeners->sockets.all[number]};

	listener.owners = host_owners(&listeners->processes, number, &listener.owner_count);
	if (listener.owner_count > 0)
		listener.process = &listeners->processes.all[listener.owners[0].process];
	find_user(listeners, &listener);
	find_service(listeners->image, &listener);
	listener.agreement = find_agreement(listeners, &listener);
	return listener;
}

void listener_add_place(struct strbuf *text, const struct host_socket *socket, bool transport)
{
	static const unsigned char any[16];
	bool bracket = socket->ipv6;

	if (transport) {
		strbuf_add(text, transport_name(socket->transport));
		strbuf_add_byte(text, ' ');
	}
	if (socket->ipv6 && socket->dual == HOST_DUAL_YES &&
	    memcmp(socket->address, any, sizeof(any)) == 0) {
		strbuf_add_byte(text, '*');
	} else {
		strbuf_add(text, bracket ? SLICE("[") : SLICE_NONE);
		host_address_add(text, socket, false);
		strbuf_add(text, bracket ? SLICE("]") : SLICE_NONE);
	}
	strbuf_add_byte(text, ':');
	strbuf_add_uint(text, socket->port);
}

void listener_add_process(struct strbuf *text, const struct listener *listener)
{
	if (!listener->process)
		return;
	strbuf_add(text, listener->process->command);
	if (listener->owner_count > 1)
		strbuf_printf(text, " +%zu", listener->owner_count - 1);
}

void listener_add_user(struct strbuf *text, const struct listener *listener)
{
	if (listener->user.p)
		strbuf_add(text, listener->user);
	else if (listener->process || listener->socket->inode != 0)
		strbuf_add_uint(text, listener->uid);
}

void listener_each_note(const struct listeners *listeners, const struct listener *listener,
			void (*have)(void *context, const struct overlay_layer *layer,
				     const struct row *row),
			void *context)
{
	const struct host_socket *socket = listener->socket;

	for (size_t i = 0; listeners->overlay && i < listeners->overlay->count; i++) {
		const struct overlay_layer *layer = &listeners->overlay->layers[i];
		uint32_t rows[NOTES_MAX];
		size_t count =
			query_port(&layer->image, socket->transport, socket->port, rows, NOTES_MAX);

		for (size_t j = 0; j < count && j < NOTES_MAX; j++) {
			struct row row;

			image_row(&layer->image, rows[j], &row);
			if (row.state != ROW_UNASSIGNED)
				have(context, layer, &row);
		}
	}
}

static void add_note(void *context, const struct overlay_layer *layer, const struct row *row)
{
	struct strbuf *text = context;
	struct slice name = row->shown[COLUMN_NAME], source = overlay_source(layer);

	strbuf_add(text, text->n > 0 ? SLICE(", ") : SLICE_NONE);
	strbuf_add(text, name.n > 0 ? name : row_state_name(row->state));
	strbuf_printf(text, " (%.*s)", (int)source.n, source.p);
}

void listener_add_overlays(struct strbuf *text, const struct listeners *listeners,
			   const struct listener *listener)
{
	listener_each_note(listeners, listener, add_note, text);
}
