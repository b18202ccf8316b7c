/* Forgetting reservations. */
#include <unistd.h>

#include "reserve/database.h"

static int check(const struct reservation *row, uint32_t owner, struct fault *fault)
{
	struct slice transport = transport_name(row->transport);

	if (row->held)
		return fault_set(fault, FAULT_SYSTEM,
				 "%.*s (%u/%.*s) is held by process %lld, and free when that ends",
				 (int)row->name.n, row->name.p, row->port, (int)transport.n,
				 transport.p, (long long)row->process);
	if (row->owner != owner && owner != 0)
		return fault_set(fault, FAULT_SYSTEM, "%.*s (%u/%.*s) is of user %u",
				 (int)row->name.n, row->name.p, row->port, (int)transport.n,
				 transport.p, row->owner);
	return 0;
}

#define MEANT                                                                                      \
	" FROM reservations WHERE (?1 IS NULL AND port BETWEEN ?3 AND ?4 OR name = ?1 AND "        \
	"folder = ?2) AND (?5 IS NULL OR transport = ?5)"

#define SUBJECT(subject)                                                                           \
	DB_VALUES(db_value_text((subject)->name), db_value_text((subject)->folder),                \
		  db_value_int((subject)->first), db_value_int((subject)->last),                   \
		  db_value_text((subject)->transport == TRANSPORT_NONE                             \
					? SLICE_NONE                                               \
					: transport_name((subject)->transport)))

/* 1: there is none. */
static int check_all(struct reserve *reserve, const struct reserve_subject *subject, uint32_t owner,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(reserve->db, "SELECT " DATABASE_COLUMNS MEANT, SUBJECT(subject),
			      &statement, fault);
	size_t count = 0;

	if (result < 0)
		return result;
	while ((result = db_step(statement, fault)) == 1) {
		struct reservation row;

		count++;
		result = database_row(reserve, statement, &row, fault);
		if (result == 0)
			result = check(&row, owner, fault);
		if (result < 0)
			return result;
	}
	return result < 0 ? result : count == 0;
}

static int forget(struct reserve *reserve, const struct reserve_subject *subject,
		  struct fault *fault)
{
	return db_execute(reserve->db, "DELETE" MEANT, SUBJECT(subject), fault);
}

int reserve_release(struct reserve *reserve, const struct reserve_subject *subject, uint32_t owner,
		    struct fault *fault)
{
	int result = db_begin(reserve->db, true, fault);

	if (result < 0)
		return result;
	result = check_all(reserve, subject, owner, fault);
	if (result == 0)
		result = forget(reserve, subject, fault);
	if (result == 0)
		return db_commit(reserve->db, fault);
	db_rollback(reserve->db);
	return result;
}
