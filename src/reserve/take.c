/* Taking a port: which one, and that nobody else has it. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "host/identity.h"
#include "host/sysctl.h"
#include "query/query.h"
#include "reserve/database.h"
#include "reserve/fading.h"
#include "reserve/socket.h"

/* Where services of a Kubernetes cluster appear on every machine (its --service-node-port-range).
 */
enum { NODE_PORT_FIRST = 30000, NODE_PORT_LAST = 32767 };

/* What Linux gives away by chance where it does not say (ip-sysctl, ip_local_port_range). */
enum { EPHEMERAL_FIRST = 32768, EPHEMERAL_LAST = 60999 };

/* How good a port is for a name that has none; any is tried only after all better ones. */
enum quality { UNUSED, USED /* without an assignment */, ASSIGNED, AVOIDED };

struct taking {
	struct reserve *reserve;
	const struct image *image;
	const struct reserve_request *request;
	struct host_sysctl sysctl;
	uint16_t own; /* the port that the name has; 0: none */
	int error;    /* errno of the last port that could not be had */
	struct reserve_lease lease;
};

static int held_by(const struct reservation *row, const char *what, int code, struct fault *fault)
{
	struct slice transport = transport_name(row->transport);

	return fault_set(fault, code, "%s%.*s (%u/%.*s) is held by process %lld: %.*s", what,
			 (int)row->name.n, row->name.p, row->port, (int)transport.n, transport.p,
			 (long long)row->process, (int)row->command.n,
			 row->command.n > 0 ? row->command.p : "");
}

/* The row that the name has. A name is for one process at a time. */
static int find_own(struct taking *taking, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	const struct reserve_request *request = taking->request;
	struct reservation row;
	int result =
		db_query(taking->reserve->db,
			 "SELECT " DATABASE_COLUMNS
			 " FROM reservations WHERE name = ?1 AND folder = ?2 AND transport "
			 "= ?3 AND owner = ?4",
			 DB_VALUES(db_value_text(request->name), db_value_text(request->folder),
				   db_value_text(transport_name(request->transport)),
				   db_value_int(request->owner)),
			 &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result;
	result = database_row(taking->reserve, statement, &row, fault);
	if (result != 0)
		return result < 0 ? result : 0;
	if (row.held)
		return held_by(&row, "", RESERVE_NAME_HELD, fault);
	taking->own = row.port;
	return 0;
}

/* 0: the port is the lease's. 1: it cannot be had. */
static int try(struct taking *taking, uint16_t port, bool fading, struct fault *fault)
{
	int result = socket_bind(taking->request, port, fading, &taking->lease.fd, fault);

	if (result == 0)
		taking->lease.port = port;
	else
		taking->error = errno;
	return result;
}

/*
 * Connections that the name had may still fade away on its port, which it gets all the same, unless
 * somebody else has bound it, perhaps as RESERVE_BOUND does.
 */
static int try_own(struct taking *taking, struct fault *fault)
{
	const struct reserve_request *request = taking->request;
	bool fading = false;
	int result;

	if (taking->own < request->first || taking->own > request->last)
		return 1;
	result = try(taking, taking->own, false, fault);
	if (result == 1 && taking->error == EADDRINUSE && request->transport == TRANSPORT_TCP) {
		result = fading_look(taking->reserve->root, request, taking->own, &fading, fault);
		if (result == 0)
			result = fading ? try(taking, taking->own, true, fault) : 1;
	}
	if (result == 1) {
		taking->lease.given_up = taking->own;
		taking->lease.refused = taking->error;
	}
	return result;
}

static bool is_avoided(const struct host_sysctl *sysctl, uint16_t port)
{
	bool ephemeral = sysctl->has_ephemeral ? host_sysctl_is_ephemeral(sysctl, port)
					       : port >= EPHEMERAL_FIRST && port <= EPHEMERAL_LAST;

	return ephemeral || host_sysctl_is_reserved(sysctl, port) ||
	       (port >= NODE_PORT_FIRST && port <= NODE_PORT_LAST);
}

/* More rows than any port that nobody has; of more, the first ones count. */
enum { ROWS_MAX = 16 };

/* Whether unauthorized use of an unassigned port is reported, or others say that they have it. */
static bool is_used(const struct taking *taking, uint16_t port)
{
	const struct reserve_request *request = taking->request;
	uint32_t rows[ROWS_MAX];
	size_t count = query_port(taking->image, request->transport, port, rows, ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		if (image_row_text(taking->image, rows[i], COLUMN_UNAUTHORIZED).n > 0)
			return true;
	}
	return request->is_known && request->is_known(request->context, request->transport, port);
}

static enum quality quality_of(const struct taking *taking, uint16_t port)
{
	if (port_range_of(port) != PORT_RANGE_USER || is_avoided(&taking->sysctl, port))
		return AVOIDED;
	if (query_port_state(taking->image, taking->request->transport, port) != ROW_UNASSIGNED)
		return ASSIGNED;
	return is_used(taking, port) ? USED : UNUSED;
}

/* 1: a name has the port. */
static int is_had(struct taking *taking, uint16_t port, struct fault *fault)
{
	return db_execute(taking->reserve->db,
			  "SELECT 1 FROM reservations WHERE transport = ?1 AND port = ?2",
			  DB_VALUES(db_value_text(transport_name(taking->request->transport)),
				    db_value_int(port)),
			  fault);
}

static uint64_t order_of(const struct reserve_request *request)
{
	uint64_t parts[] = {hash_bytes(request->name), hash_bytes(request->folder)};

	return hash_bytes((struct slice){(const char *)parts, sizeof(parts)});
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b > 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * The first port of a quality that nobody has, in the name's order: from a place on in steps, which
 * come to all of them. (One after the other, all names would have the same port that begin where
 * none is good.) 1: there is none.
 */
static int scan(struct taking *taking, enum quality quality, struct fault *fault)
{
	const struct reserve_request *request = taking->request;
	uint64_t span = request->last - request->first + UINT64_C(1);
	uint64_t start = order_of(request), step = 1 + start / span % span;

	start %= span;
	while (common_divisor(step, span) > 1)
		step++;
	for (uint64_t i = 0; i < span; i++) {
		uint16_t port = (uint16_t)(request->first + (start + i * step) % span);
		int result;

		if (port == 0 || quality_of(taking, port) != quality)
			continue;
		result = is_had(taking, port, fault);
		if (result == 0)
			result = try(taking, port, false, fault);
		if (result <= 0)
			return result;
	}
	return 1;
}

/* The port that has been free longest of another name. 1: all are held, or in use. */
static int take_over(struct taking *taking, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	const struct reserve_request *request = taking->request;
	int result = db_query(taking->reserve->db,
			      "SELECT " DATABASE_COLUMNS
			      " FROM reservations WHERE transport = ?1 AND port BETWEEN ?2 AND "
			      "?3 ORDER BY since, port",
			      DB_VALUES(db_value_text(transport_name(request->transport)),
					db_value_int(request->first > 0 ? request->first : 1),
					db_value_int(request->last)),
			      &statement, fault);

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) == 1) {
		struct reservation row = {};

		result = database_row(taking->reserve, statement, &row, fault);
		if (result >= 0 && row.held && request->first == request->last)
			return held_by(&row, "the port is another's: ", FAULT_SYSTEM, fault);
		if (result >= 0 && !row.held)
			result = try(taking, (uint16_t)db_int(statement, 4), false, fault);
		if (result < 0 || taking->lease.port != 0)
			return result;
	}
	return result < 0 ? result : 1;
}

static int choose(struct taking *taking, struct fault *fault)
{
	const struct reserve_request *request = taking->request;
	struct slice transport = transport_name(request->transport);
	int result = try_own(taking, fault);

	for (int i = UNUSED; result == 1 && i <= (request->stated ? AVOIDED : ASSIGNED); i++)
		result = scan(taking, (enum quality)i, fault);
	if (result == 1)
		result = take_over(taking, fault);
	if (result != 1)
		return result;
	if (request->first == request->last)
		return fault_set(fault, FAULT_SYSTEM, "cannot bind port %u/%.*s: %s",
				 request->first, (int)transport.n, transport.p,
				 strerror(taking->error));
	return fault_set(fault, FAULT_SYSTEM, "no port from %u to %u/%.*s can be had: %s",
			 request->first, request->last, (int)transport.n, transport.p,
			 taking->error ? strerror(taking->error) : "all are held");
}

/* SQL for each row; quote() gives a literal. */
#define PUT_BACK                                                                                   \
	"SELECT 'INSERT OR IGNORE INTO reservations VALUES (' || quote(transport) || ',' || "      \
	"quote(port) || ',' || quote(name) || ',' || quote(folder) || ',' || quote(owner) || "     \
	"',' || quote(command) || ',' || quote(process) || ',' || quote(started) || ',' || "       \
	"quote(scope) || ',' || quote(since) || ');'"

#define INSERT                                                                                     \
	"INSERT INTO reservations (transport, port, name, folder, owner, command, process, "       \
	"started, scope, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"

#define REPLACED                                                                                   \
	" FROM reservations WHERE transport = ?1 AND (port = ?2 OR name = ?3 AND folder = ?4 AND " \
	"owner = ?5)"

/* Values of the row that the lease makes. */
static void bind_row(const struct taking *taking, int64_t started, struct db_statement *statement)
{
	const struct reserve_request *request = taking->request;

	db_bind_text(statement, 6, request->command);
	db_bind_int(statement, 7, request->process);
	db_bind_int(statement, 8, started);
	db_bind_text(statement, 9, slice_cstr(taking->reserve->scope));
	db_bind_int(statement, 10, time(NULL));
}

/* In the place of the name's row, and of whoever had the port, which the lease keeps. */
static int record(struct taking *taking, int64_t started, struct fault *fault)
{
	static const char *const sql[] = {
		(PUT_BACK REPLACED),
		("DELETE" REPLACED),
		INSERT,
	};
	const struct reserve_request *request = taking->request;
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sql) && result == 0; i++) {
		struct db_statement *statement CLEANUP(db_finishp) = NULL;

		result = db_prepare(taking->reserve->db, sql[i], &statement, fault);
		if (result < 0)
			break;
		db_bind_text(statement, 1, transport_name(request->transport));
		db_bind_int(statement, 2, taking->lease.port);
		db_bind_text(statement, 3, request->name);
		db_bind_text(statement, 4, request->folder);
		db_bind_int(statement, 5, request->owner);
		if (i == 2)
			bind_row(taking, started, statement);
		while ((result = db_step(statement, fault)) == 1)
			strbuf_add(&taking->lease.before, db_text(statement, 0));
	}
	strbuf_add_byte(&taking->lease.before, '\0');
	return result == 0 && taking->lease.before.failed ? fault_memory(fault) : result;
}

static int take_one(struct taking *taking, int64_t started, struct fault *fault)
{
	int result = find_own(taking, fault);

	if (result == 0)
		result = choose(taking, fault);
	if (result == 0)
		result = record(taking, started, fault);
	return result;
}

/* Since when the process runs that the port is for. */
static int find_start(const struct taking *taking, int64_t *ret_started, struct fault *fault)
{
	const char *root = taking->reserve->root;
	int64_t process = taking->request->process;
	int result = host_process_started(root, process, ret_started, fault);

	if (result > 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "%s/proc/%lld/stat is not there, and so nothing to tell the "
				 "process by",
				 root, (long long)process);
	return result;
}

int reserve_take(struct reserve *reserve, const struct image *image,
		 const struct reserve_request *request, struct reserve_lease *ret_lease,
		 struct fault *fault)
{
	struct taking taking = {
		.reserve = reserve, .image = image, .request = request, .lease = {.fd = -1}};
	int64_t started;
	int result = find_start(&taking, &started, fault);

	host_sysctl_read(reserve->root, &taking.sysctl);
	if (result == 0)
		result = db_begin(reserve->db, true, fault);
	if (result < 0)
		return result;
	result = take_one(&taking, started, fault);
	if (result == 0)
		result = db_commit(reserve->db, fault);
	else
		db_rollback(reserve->db);
	if (result == 0)
		*ret_lease = taking.lease;
	else
		reserve_lease_done(&taking.lease);
	return result;
}

void reserve_lease_done(struct reserve_lease *lease)
{
	if (lease->fd >= 0)
		close(lease->fd);
	strbuf_done(&lease->before);
	*lease = (struct reserve_lease){.fd = -1};
}

static int forget(struct reserve *reserve, const struct reserve_request *request,
		  const struct reserve_lease *lease, struct fault *fault)
{
	return db_execute(reserve->db,
			  "DELETE FROM reservations WHERE transport = ?1 AND port = ?2 AND "
			  "process = ?3",
			  DB_VALUES(db_value_text(transport_name(request->transport)),
				    db_value_int(lease->port), db_value_int(request->process)),
			  fault);
}

int reserve_undo(struct reserve *reserve, const struct reserve_request *request,
		 const struct reserve_lease *lease, struct fault *fault)
{
	int result = db_begin(reserve->db, true, fault);

	if (result < 0)
		return result;
	result = forget(reserve, request, lease, fault);
	if (result == 0)
		result = db_run(reserve->db, lease->before.p, fault);
	if (result == 0)
		return db_commit(reserve->db, fault);
	db_rollback(reserve->db);
	return result;
}
