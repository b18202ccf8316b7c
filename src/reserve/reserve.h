/*
 * Ports held under names. A reservation is a port that a name has in a folder, for good: the same
 * name gets it again, until it is released or another one needs it. It is held while the process
 * lives that took it last, and free else; nobody has to say that a process ended.
 *
 * Who takes a port binds it before others may look, so that two never have one: of those who share
 * the database it is the database that parts them, of all others the kernel. A process is known by
 * its number, the time it was started at, and the boot and the process namespace that these count
 * in; one of another boot or namespace counts as ended, and one that proc(5) hides as the one that
 * took the port.
 *
 * The machine is read below a root: "" is this one.
 */
#ifndef PORTBOOK_RESERVE_RESERVE_H
#define PORTBOOK_RESERVE_RESERVE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "record/port.h"
#include "record/transport.h"

struct reserve;

enum reserve_access {
	RESERVE_READ,
	RESERVE_WRITE,
	RESERVE_CREATE, /* and a database that is not there is made */
};

/*
 * Opens a database (a file). path and root are borrowed until it is closed. 0 or a negative fault,
 * without the path.
 */
int reserve_open(const char *path, const char *root, enum reserve_access access,
		 struct reserve **ret_reserve, struct fault *fault) MUST_USE;
void reserve_close(struct reserve *reserve);
void reserve_closep(struct reserve **reserve);

/* What a name is made of: 1 to 255 printable ASCII characters, and no port. False, and why not. */
bool reserve_name_valid(struct slice name, struct fault *fault);

/* Whether it is a numeric address of IPv4 or IPv6. False, and why not. */
bool reserve_address_valid(const char *text, struct fault *fault);

struct reservation {
	struct slice name, folder, command;
	enum transport transport;
	uint16_t port;
	uint32_t owner;	 /* user */
	int64_t process; /* that took it last */
	int64_t since;	 /* it did, Unix time */
	bool held;	 /* it lives */
};

/*
 * Gives all of them, by name, to each, which ends it by returning other than 0; that is returned
 * then. Else 0, or a negative fault. Rows that cannot be (the file was edited) are left out.
 */
int reserve_each(struct reserve *reserve,
		 int (*each)(void *context, const struct reservation *reservation), void *context,
		 struct fault *fault) MUST_USE;

/* How a port is held for a process until it uses it. */
enum reserve_hold {
	RESERVE_LISTENING, /* by a socket to be handed over: bound, and listening where that is */
	RESERVE_BOUND,	   /* TCP: by one that lets another bind that has SO_REUSEADDR, too */
	RESERVE_LEASE,	   /* by no socket: the port could be bound a moment ago */
};

struct reserve_request {
	struct slice name, folder, command;
	uint32_t owner;
	int64_t process; /* which the port is for: it lives */
	enum transport transport;
	uint16_t first, last; /* of these, which stated says are a wish; else RESERVE_FIRST... */
	bool stated;
	const char *address; /* numeric, of IPv4 or IPv6; NULL: any of both */
	enum reserve_hold hold;
	/* Whether others than the image's rows say that somebody has the port; NULL: there are
	 * none. */
	bool (*is_known)(const void *context, enum transport transport, uint16_t port);
	const void *context;
};

struct reserve_lease {
	uint16_t port;
	int fd;		      /* closed by exec; -1: none */
	uint16_t given_up;    /* the port that the name had and that cannot be had; 0: none */
	int refused;	      /* errno of binding that */
	struct strbuf before; /* SQL that puts back what the reservation took the place of */
};

void reserve_lease_done(struct reserve_lease *lease);

enum { RESERVE_NAME_HELD = 1 };

/*
 * Takes a port for a name: the one that it had; else one that suits the image best (unassigned User
 * Ports that nobody gets by chance and nobody is known to use), in an order that the name and
 * folder tell; else, where there is none, the port that has been free longest of another name. 0;
 * RESERVE_NAME_HELD: a process lives that has a port under the name, as the fault says; or a
 * negative fault. Nothing was changed unless it is 0.
 */
int reserve_take(struct reserve *reserve, const struct image *image,
		 const struct reserve_request *request, struct reserve_lease *ret_lease,
		 struct fault *fault) MUST_USE;

/*
 * Undoes it for a process that could not become what it was to be: reservations that gave way come
 * back, where nobody else has their port or name by now. 0 or a negative fault.
 */
int reserve_undo(struct reserve *reserve, const struct reserve_request *request,
		 const struct reserve_lease *lease, struct fault *fault) MUST_USE;

/* Which reservations are meant: those of a name in a folder, or of ports. */
struct reserve_subject {
	struct slice name, folder; /* absent: ports */
	uint16_t first, last;
	enum transport transport; /* TRANSPORT_NONE: any */
};

/*
 * Forgets them, all or none: one that is held is refused, and one of another owner unless root
 * asks. 0, 1 where there is none, or a negative fault.
 */
int reserve_release(struct reserve *reserve, const struct reserve_subject *subject, uint32_t owner,
		    struct fault *fault) MUST_USE;

/*
 * Adds the ports that the kernel is to give nobody by chance, as its sysctl has them: those it has
 * been told already, and all reservations: "8080,9000-9003". 0 or a negative fault.
 */
int reserve_sysctl(struct reserve *reserve, struct strbuf *ports, struct fault *fault) MUST_USE;

#endif
