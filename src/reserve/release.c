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

static void bind_subject(struct db_statement *statement, const struct reserve_subject *subject)
{
	db_bind_text(statement, 1, subject->name);
	db_bind_text(statement, 2, subject->folder);
	db_bind_int(statement, 3, subject->first);
	db_bind_int(statement, 4, subject->last);
	db_bind_text(statement, 5,
		     subject->transport == TRANSPORT_NONE ? SLICE_NONE
							  : transport_name(subject->transport));
}

#define MEANT                                                                                      \
	" FROM reservations WHERE (?1 IS NULL AND port BETWEEN ?3 AND ?4 OR name = ?1 AND "        \
	"folder = ?2) AND (?5 IS NULL OR transport = ?5)"

/* 1: there is none. */
static int check_all(struct reserve *reserve, const struct reserve_subject *subject, uint32_t owner,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(reserve->db, "SELECT " DATABASE_COLUMNS MEANT, &statement, fault);
	size_t count = 0;

	if (result < 0)
		return result;
	bind_subject(statement, subject);
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
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(reserve->db, "DELETE" MEANT, &statement, fault);

	if (result < 0)
		return result;
	bind_subject(statement, subject);
	return db_step(statement, fault);
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
