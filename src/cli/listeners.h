/* What this machine's sockets are, and what the registry has of their ports, to be printed. */
#ifndef PORTBOOK_CLI_LISTENERS_H
#define PORTBOOK_CLI_LISTENERS_H

#include "cli/agreement.h"
#include "cli/cli.h"
#include "host/processes.h"
#include "host/sockets.h"
#include "overlay/overlay.h"

/* A user that has sockets but no process that is seen. */
struct listeners_user {
	uint32_t uid;
	struct slice name; /* absent: it has none */
};

/* Everything at one moment. Zeroed memory is a valid empty one. */
struct listeners {
	const struct image *image;
	const struct overlay *overlay; /* NULL: none */
	struct host_sockets sockets;
	struct host_processes processes;
	uint32_t *shown; /* indices of the sockets that are to be printed */
	size_t count;
	struct arena names;
	struct listeners_user *users;
	size_t user_count, user_size;
	size_t of_others; /* of those shown: sockets of other users whose processes are not seen */
	size_t of_nobody; /* ... of this user or root, whose processes are not seen */
};

/* Ports of a transport (TRANSPORT_NONE: of any) that are asked for. */
struct listeners_wanted {
	enum transport transport;
	uint16_t first, last;
	bool found; /* a socket was */
};

/*
 * Reads the machine's sockets that are on one of the wanted ports, or all where wanted is NULL, and
 * says of each of these whether there is one. 0 or a negative fault.
 */
int listeners_read(struct listeners *listeners, const struct host_wanted *which,
		   struct listeners_wanted *wanted, size_t wanted_count,
		   struct fault *fault) MUST_USE;
void listeners_done(struct listeners *listeners);

/* One socket, with all that there is to say of it. Texts are the listeners'. */
struct listener {
	const struct host_socket *socket;
	const struct host_owner *owners;
	size_t owner_count;
	const struct host_process *process; /* the first of them; NULL: none is seen */
	uint32_t uid;			    /* whose the process is, else the socket */
	struct slice user;		    /* absent: it has no name */
	struct slice service, description;  /* what the registry names the port; absent: nothing */
	enum row_state state;
	enum agreement agreement;
};

struct listener listener_at(const struct listeners *listeners, size_t index);

/* A listener as a JSON object, without a line feed. */
void listener_put_json(struct out *out, const struct listeners *listeners,
		       const struct listener *listener);

/* "tcp 127.0.0.1:80", "tcp [::1]:80"; * where a socket is IPv6's and IPv4's. */
void listener_add_place(struct strbuf *text, const struct host_socket *socket, bool transport);

/* What its processes are called, "nginx", or "nginx +3" where there are more. */
void listener_add_process(struct strbuf *text, const struct listener *listener);

/* Its user's name, or its number. */
void listener_add_user(struct strbuf *text, const struct listener *listener);

/* What overlays have of its port, each with its source: "shop (common), billing (/etc/...)". */
void listener_add_overlays(struct strbuf *text, const struct listeners *listeners,
			   const struct listener *listener);

/*
 * Calls have for each row of an overlay that assigns or reserves the port. Its texts are the
 * overlay's.
 */
void listener_each_note(const struct listeners *listeners, const struct listener *listener,
			void (*have)(void *context, const struct overlay_layer *layer,
				     const struct row *row),
			void *context);

/* Prints all that are shown in the format that was asked for. 0 or a negative fault. */
int listeners_print(struct cli *cli, const struct listeners *listeners,
		    struct fault *fault) MUST_USE;

#endif
