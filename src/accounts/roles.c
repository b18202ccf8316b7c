#include "accounts/rows.h"

bool account_has_role_for(const struct account *account, enum role role, int32_t first_port,
			  int32_t last_port)
{
	if (!account || account->disabled.p || first_port > last_port)
		return false;
	/* Ranges may adjoin: each takes the wanted ones further. Names are -1 to -1. */
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *had = &account->roles[i];

		if (had->role != role || had->first_port > first_port ||
		    had->last_port < first_port)
			continue;
		if (had->last_port >= last_port)
			return true;
		return account_has_role_for(account, role, had->last_port + 1, last_port);
	}
	return false;
}

bool account_has_role(const struct account *account, enum role role, int32_t port)
{
	return account_has_role_for(account, role, port, port);
}

bool account_has_role_anywhere(const struct account *account, enum role role)
{
	bool has = false;

	if (!account || account->disabled.p)
		return false;
	for (size_t i = 0; i < account->role_count; i++)
		has |= account->roles[i].role == role;
	return has;
}

int rows_keep_administrator(struct db *db, int64_t number, struct fault *fault)
{
	static const char administers[] =
		"SELECT 1 FROM account_roles r JOIN accounts a ON a.number = r.account WHERE "
		"r.account = ?1 AND r.role = ?2 AND a.disabled IS NULL LIMIT 1";
	static const char others[] =
		"SELECT 1 FROM account_roles r JOIN accounts a ON a.number = r.account WHERE "
		"r.account <> ?1 AND r.role = ?2 AND a.disabled IS NULL LIMIT 1";
	struct slice role = role_name(ROLE_ADMINISTRATOR);
	int result = db_execute(db, administers,
				DB_VALUES(db_value_int(number), db_value_text(role)), fault);

	if (result <= 0)
		return result;
	result =
		db_execute(db, others, DB_VALUES(db_value_int(number), db_value_text(role)), fault);
	if (result == 0)
		return fault_set(fault, ACCOUNT_LAST,
				 "nobody would be left who administers accounts");
	return result < 0 ? result : 0;
}

static int check_role(const struct account_role *role, struct fault *fault)
{
	bool names = role->first_port == -1 && role->last_port == -1;

	if (role->role <= ROLE_ASSIGNEE || role->role >= ROLE_COUNT)
		return fault_set(fault, ACCOUNT_REFUSED, "this role is granted to nobody");
	if (!names && (role->first_port < 0 || role->first_port > role->last_port ||
		       role->last_port > ACCOUNT_PORT_LAST))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "a role is for a range of ports from 0 to %d, or for names",
				 ACCOUNT_PORT_LAST);
	return 0;
}

/* Account, role and range as ?1 to ?4. */
#define RANGE(number, range)                                                                       \
	DB_VALUES(db_value_int(number), db_value_text(role_name((range)->role)),                   \
		  db_value_int((range)->first_port), db_value_int((range)->last_port))

/* Rows that lie within the range. */
static const char remove_within[] =
	"DELETE FROM account_roles WHERE account = ?1 AND role = ?2 AND "
	"first_port >= ?3 AND last_port <= ?4 RETURNING 1";

static const char insert[] = "INSERT INTO account_roles (account, role, first_port, last_port) "
			     "VALUES (?1, ?2, ?3, ?4)";

int account_grant(struct db *db, int64_t number, const struct account_role *role,
		  struct fault *fault)
{
	static const char covers[] =
		"SELECT 1 FROM account_roles WHERE account = ?1 AND role = ?2 AND first_port <= ?3 "
		"AND last_port >= ?4";
	int result = check_role(role, fault);

	if (result == 0)
		result = rows_must(db, "SELECT 1 FROM accounts WHERE number = ?1 AND erased = 0",
				   DB_VALUES(db_value_int(number)), fault);
	if (result != 0)
		return result;
	result = db_execute(db, covers, RANGE(number, role), fault);
	if (result != 0)
		return result < 0 ? result : 0;
	result = db_execute(db, remove_within, RANGE(number, role), fault);
	if (result >= 0)
		result = db_execute(db, insert, RANGE(number, role), fault);
	return result < 0 ? result : 0;
}

/* What is left of a row on both sides of the range. */
static int insert_rest(struct db *db, int64_t number, const struct account_role *row,
		       const struct account_role *taken, struct fault *fault)
{
	struct account_role below = *row, above = *row;
	int result = 0;

	below.last_port = taken->first_port - 1;
	above.first_port = taken->last_port + 1;
	if (below.first_port <= below.last_port)
		result = db_execute(db, insert, RANGE(number, &below), fault);
	if (result == 0 && above.first_port <= above.last_port)
		result = db_execute(db, insert, RANGE(number, &above), fault);
	return result;
}

/* A row that overlaps with the range: 1 or 0. */
static int find_overlap(struct db *db, int64_t number, const struct account_role *role,
			struct account_role *ret_row, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(db,
			      "SELECT first_port, last_port FROM account_roles WHERE account = ?1 "
			      "AND role = ?2 AND first_port <= ?4 AND last_port >= ?3 ORDER BY "
			      "first_port LIMIT 1",
			      RANGE(number, role), &statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result == 1)
		*ret_row = (struct account_role){role->role, (int32_t)db_int(statement, 0),
						 (int32_t)db_int(statement, 1)};
	return result;
}

int account_revoke(struct db *db, int64_t number, const struct account_role *role,
		   struct fault *fault)
{
	struct account_role row;
	bool had = false;
	int result = check_role(role, fault);

	if (result == 0 && role->role == ROLE_ADMINISTRATOR)
		result = rows_keep_administrator(db, number, fault);
	if (result != 0)
		return result;
	while ((result = find_overlap(db, number, role, &row, fault)) == 1) {
		had = true;
		result = db_execute(db, remove_within, RANGE(number, &row), fault);
		if (result >= 0)
			result = insert_rest(db, number, &row, role, fault);
		if (result < 0)
			return result;
	}
	return result < 0 || had ? result : ACCOUNT_NONE;
}

static struct account_role all_of(enum role role, bool names)
{
	return names ? (struct account_role){role, -1, -1}
		     : (struct account_role){role, 0, ACCOUNT_PORT_LAST};
}

int account_grant_all(struct db *db, int64_t number, enum role role, struct fault *fault)
{
	struct account_role ports = all_of(role, false), names = all_of(role, true);
	int result = account_grant(db, number, &ports, fault);

	return result == 0 ? account_grant(db, number, &names, fault) : result;
}

int account_revoke_all(struct db *db, int64_t number, enum role role, struct fault *fault)
{
	struct account_role ports = all_of(role, false), names = all_of(role, true);
	int of_ports = account_revoke(db, number, &ports, fault), of_names;

	if (of_ports != 0 && of_ports != ACCOUNT_NONE)
		return of_ports;
	of_names = account_revoke(db, number, &names, fault);
	return of_names == ACCOUNT_NONE ? of_ports : of_names;
}
