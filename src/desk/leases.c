/* Ports that are lent for a time. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "desk/event.h"
#include "query/query.h"
#include "record/time.h"
#include "render/render.h"

enum { LEASE_TEXT_MAX = 200 };

#define LEASE_COLUMNS                                                                              \
	"l.lease, l.account, l.name, l.port, l.transport, l.host, l.project, l.since, l.until, "   \
	"a.login FROM desk_leases AS l LEFT JOIN accounts AS a ON a.number = l.account "

static void get_lease(struct db_statement *statement, struct desk_lease *ret_lease)
{
	enum transport transport = TRANSPORT_TCP;

	*ret_lease = (struct desk_lease){
		.number = db_int(statement, 0),
		.account = db_int(statement, 1),
		.name = db_text(statement, 2),
		.port = (uint16_t)db_int(statement, 3),
		.host = db_text(statement, 5),
		.project = db_text(statement, 6),
		.since = db_text(statement, 7),
		.until = db_text(statement, 8),
		.holder = db_text(statement, 9),
	};
	if (transport_parse(db_text(statement, 4), &transport))
		ret_lease->transport = transport;
}

static struct slice time_after(struct slice now, unsigned minutes, char space[static TIME_LENGTH])
{
	int64_t seconds;

	return time_parse(now, &seconds) ? time_write(seconds + (int64_t)minutes * 60, space) : now;
}

static int note_lease(struct desk *desk, int64_t actor, struct slice action, int64_t number,
		      uint16_t port, enum transport transport, struct slice until, struct slice now,
		      struct fault *fault)
{
	struct out body;
	int result = out_init_memory(&body);

	if (result < 0)
		return fault_memory(fault);
	out_printf(&body, "{\"lease\": %lld, \"port\": %u, \"transport\": ", (long long)number,
		   port);
	render_json_text(&body, transport_name(transport));
	out_put(&body, SLICE(", \"until\": "));
	render_json_text(&body, until);
	out_put(&body, SLICE("}"));
	result = out_finish(&body) == 0
			 ? desk_note(desk, actor, action, out_slice(&body), now, fault)
			 : fault_memory(fault);
	out_done(&body);
	return result;
}

/* The lease that the same account has of the same: 1 with its number and port; 0: none. */
static int find_own(struct desk *desk, const struct account *actor,
		    const struct desk_lease_wish *wish, int64_t *ret_number, uint16_t *ret_port,
		    struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(desk->db,
			      "SELECT lease, port FROM desk_leases WHERE account = ?1 AND "
			      "name = ?2 AND transport = ?3 AND COALESCE(host, '') = ?4 AND "
			      "COALESCE(project, '') = ?5",
			      DB_VALUES(db_value_int(actor->number), db_value_text(wish->name),
					db_value_text(transport_name(wish->transport)),
					db_value_text(wish->host.p ? wish->host : SLICE("")),
					db_value_text(wish->project.p ? wish->project : SLICE(""))),
			      &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result > 0) {
		*ret_number = db_int(statement, 0);
		*ret_port = (uint16_t)db_int(statement, 1);
	}
	return result;
}

static int drop_ended(struct desk *desk, struct slice now, struct fault *fault)
{
	return db_execute(desk->db, "DELETE FROM desk_leases WHERE until <= ?1",
			  DB_VALUES(db_value_text(now)), fault);
}

static int count_held(struct desk *desk, int64_t account, int64_t *ret_count, struct fault *fault)
{
	int result =
		db_query_number(desk->db, "SELECT COUNT(*) FROM desk_leases WHERE account = ?1",
				DB_VALUES(db_value_int(account)), ret_count, fault);

	return result < 0 ? result : 0;
}

/* The lowest port from first to last that nobody has: 1; 0: there is none. */
static int find_between(struct desk *desk, enum transport transport, int32_t first, int32_t last,
			uint16_t *ret_port, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int32_t port = first;
	int more;
	int result = db_query(desk->db,
			      "SELECT port FROM desk_leases WHERE transport = ?1 AND "
			      "port BETWEEN ?2 AND ?3 ORDER BY port",
			      DB_VALUES(db_value_text(transport_name(transport)),
					db_value_int(first), db_value_int(last)),
			      &statement, fault);

	if (result < 0)
		return result;
	more = db_step(statement, fault);
	for (; more >= 0 && port <= last; port++) {
		if (more > 0 && db_int(statement, 0) == port) {
			more = db_step(statement, fault);
			continue;
		}
		if (query_port_state(&desk->image, transport, (uint16_t)port) == ROW_ASSIGNED ||
		    policy_is_reserved(desk->policy, (uint16_t)port))
			continue;
		*ret_port = (uint16_t)port;
		return 1;
	}
	return more < 0 ? more : 0;
}

/* From a place on that the wish tells, so that who comes back finds its port again. As above. */
static int find_port(struct desk *desk, const struct account *actor,
		     const struct desk_lease_wish *wish, int32_t first, int32_t last,
		     uint16_t *ret_port, struct fault *fault)
{
	const uint64_t parts[] = {(uint64_t)actor->number, hash_bytes(wish->name),
				  hash_bytes(wish->host), hash_bytes(wish->project)};
	uint64_t hash = hash_bytes((struct slice){(const char *)parts, sizeof(parts)});
	int32_t start = first + (int32_t)(hash % (uint64_t)(last - first + 1));
	int result = find_between(desk, wish->transport, start, last, ret_port, fault);

	return result != 0 || start == first
		       ? result
		       : find_between(desk, wish->transport, first, start - 1, ret_port, fault);
}

static int keep_lease(struct desk *desk, const struct account *actor,
		      const struct desk_lease_wish *wish, int64_t number, uint16_t port,
		      struct slice now, struct slice until, struct fault *fault)
{
	return db_execute(desk->db,
			  "INSERT INTO desk_leases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
			  "ON CONFLICT (lease) DO UPDATE SET host = ?6, project = ?7, until = ?9",
			  DB_VALUES(db_value_int(number), db_value_int(actor->number),
				    db_value_text(wish->name), db_value_int(port),
				    db_value_text(transport_name(wish->transport)),
				    db_value_text(wish->host), db_value_text(wish->project),
				    db_value_text(now), db_value_text(until)),
			  fault);
}

/* Numbers are those of the log's events, so that none comes twice. */
static int next_number(struct desk *desk, int64_t *ret_number, struct fault *fault)
{
	int result =
		db_query_number(desk->db, "SELECT COALESCE(MAX(sequence), 0) + 1 FROM desk_events",
				DB_NO_VALUES, ret_number, fault);

	return result < 0 ? result : 0;
}

static int check_wish(const struct desk *desk, const struct desk_lease_wish *wish,
		      int32_t *ret_first, int32_t *ret_last, struct desk_refusal *refusal)
{
	const struct slice section = SLICE("policy, leases");
	const struct slice texts[] = {wish->name, wish->host, wish->project};
	size_t bad;

	*ret_first = desk->policy->leases.first;
	*ret_last = desk->policy->leases.last;
	if (*ret_first < 0)
		return refuse(refusal, DESK_NOT_NOW, section, "this registry lends no ports");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].n > LEASE_TEXT_MAX || !utf8_valid(texts[i], &bad) ||
		    (texts[i].n > 0 && memchr(texts[i].p, '\0', texts[i].n)))
			return refuse(refusal, DESK_INVALID, section,
				      "names of a lease are UTF-8 of at most %d bytes",
				      LEASE_TEXT_MAX);
	}
	if (wish->transport >= TRANSPORT_COUNT)
		return refuse(refusal, DESK_INVALID, section, "a lease is of one transport");
	if (slice_trim(wish->name).n == 0)
		return refuse(refusal, DESK_INVALID, section, "a lease needs a name");
	if (wish->first_port >= 0) {
		if (wish->last_port < *ret_first || wish->first_port > *ret_last)
			return refuse(refusal, DESK_INVALID, section,
				      "the ports that are lent are %d to %d", (int)*ret_first,
				      (int)*ret_last);
		if (wish->first_port > *ret_first)
			*ret_first = wish->first_port;
		if (wish->last_port < *ret_last)
			*ret_last = wish->last_port;
	}
	return DESK_DONE;
}

/* Within the writing transaction. */
static int lend(struct desk *desk, const struct account *actor, const struct desk_lease_wish *wish,
		int32_t first, int32_t last, struct slice now, int64_t *ret_number,
		struct desk_refusal *refusal, struct fault *fault)
{
	const unsigned most = desk->policy->leases.hours * 60;
	unsigned minutes = wish->minutes && wish->minutes < most ? wish->minutes : most;
	int64_t held;
	char space[TIME_LENGTH];
	struct slice until = time_after(now, minutes, space);
	uint16_t port = 0;
	int result = drop_ended(desk, now, fault), own;

	if (result < 0)
		return result;
	own = find_own(desk, actor, wish, ret_number, &port, fault);
	if (own > 0 && (port < first || port > last))
		return refuse(refusal, DESK_CONFLICT, SLICE("policy, leases"),
			      "the name has port %u, which is none of those wanted: release it "
			      "first",
			      port);
	if (own == 0) {
		result = count_held(desk, actor->number, &held, fault);
		if (result == 0 && held >= desk->policy->leases.per_account)
			return refuse(
				refusal, DESK_CONFLICT, SLICE("policy, leases.per_account"),
				"%lld ports are lent to this account, which is as many as one "
				"may have",
				(long long)held);
		if (result == 0)
			result = find_port(desk, actor, wish, first, last, &port, fault);
		if (result == 0)
			return refuse(refusal, DESK_CONFLICT, SLICE("policy, leases"),
				      "no port from %d to %d is left", (int)first, (int)last);
		result = result < 0 ? result : next_number(desk, ret_number, fault);
	} else {
		result = own < 0 ? own : 0;
	}
	if (result == 0)
		result = keep_lease(desk, actor, wish, *ret_number, port, now, until, fault);
	return result < 0 ? result
			  : note_lease(desk, actor->number, SLICE("lease"), *ret_number, port,
				       wish->transport, until, now, fault);
}

/* The lease of a number, borrowed from the statement: 1; 0: there is none. */
static int find_lease(struct desk *desk, int64_t number, struct db_statement **ret_statement,
		      struct desk_lease *ret_lease, struct fault *fault)
{
	int result = db_query(desk->db, "SELECT " LEASE_COLUMNS "WHERE l.lease = ?1",
			      DB_VALUES(db_value_int(number)), ret_statement, fault);

	if (result == 0)
		result = db_step(*ret_statement, fault);
	if (result == 1)
		get_lease(*ret_statement, ret_lease);
	return result;
}

/* The lease as it will be told, once it is sure; its text in the arena. */
static int read_lease(struct desk *desk, int64_t number, struct arena *arena,
		      struct desk_lease *ret_lease, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct desk_lease lease;
	struct slice *const texts[] = {&lease.name,    &lease.holder, &lease.host,
				       &lease.project, &lease.since,  &lease.until};
	bool failed = false;
	int result = find_lease(desk, number, &statement, &lease, fault);

	if (result <= 0)
		return result < 0 ? result
				  : fault_set(fault, FAULT_MALFORMED, "a lease is not there");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*texts[i] = arena_copy(arena, *texts[i], &failed);
	if (failed)
		return fault_memory(fault);
	*ret_lease = lease;
	return 0;
}

int desk_lease_take(struct desk *desk, const struct account *actor,
		    const struct desk_lease_wish *wish, struct slice now,
		    desk_lease_handler *handler, void *context, struct desk_refusal *refusal,
		    struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct desk_lease lease;
	int64_t number = 0;
	int32_t first, last;
	int result = desk_refresh(desk, fault);

	if (result == 0)
		result = check_wish(desk, wish, &first, &last, refusal);
	if (result == 0)
		result = desk_begin(desk, true, fault);
	if (result != 0)
		return result;
	result = lend(desk, actor, wish, first, last, now, &number, refusal, fault);
	if (result == DESK_DONE)
		result = read_lease(desk, number, &arena, &lease, fault);
	result = desk_end(desk, result, fault);
	return result == DESK_DONE ? handler(context, &lease) : result;
}

static int release(struct desk *desk, const struct account *actor, int64_t number, struct slice now,
		   struct desk_refusal *refusal, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct desk_lease lease;
	int result = find_lease(desk, number, &statement, &lease, fault);

	if (result <= 0)
		return result < 0 ? result
				  : refuse(refusal, DESK_NOT_FOUND, SLICE("policy, leases"),
					   "no such lease");
	if (lease.account != actor->number && !account_has_role(actor, ROLE_REGISTRAR, lease.port))
		return refuse(refusal, DESK_FORBIDDEN, SLICE("policy, leases"),
			      "a lease is released by its holder, or by a registrar");
	result = db_execute(desk->db, "DELETE FROM desk_leases WHERE lease = ?1",
			    DB_VALUES(db_value_int(number)), fault);
	return result < 0 ? result
			  : note_lease(desk, actor->number, SLICE("release"), number, lease.port,
				       lease.transport, now, now, fault);
}

int desk_lease_release(struct desk *desk, const struct account *actor, int64_t number,
		       struct slice now, struct desk_refusal *refusal, struct fault *fault)
{
	int result = desk_begin(desk, true, fault);

	if (result < 0)
		return result;
	result = release(desk, actor, number, now, refusal, fault);
	return desk_end(desk, result, fault);
}

int desk_leases(struct desk *desk, int64_t account, struct slice now, desk_lease_handler *handler,
		void *context, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct desk_lease lease;
	int result =
		db_query(desk->db,
			 "SELECT " LEASE_COLUMNS "WHERE l.until > ?1 AND (?2 = 0 OR "
			 "l.account = ?2) ORDER BY l.port, l.transport",
			 DB_VALUES(db_value_text(now), db_value_int(account)), &statement, fault);

	if (result < 0)
		return result;
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		get_lease(statement, &lease);
		result = handler(context, &lease);
	}
	return result;
}
