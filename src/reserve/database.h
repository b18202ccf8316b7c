/* Inside reserve/: the database, and what its rows say. */
#ifndef PORTBOOK_RESERVE_DATABASE_H
#define PORTBOOK_RESERVE_DATABASE_H

#include "base/strbuf.h"
#include "db/db.h"
#include "host/identity.h"
#include "reserve/reserve.h"

struct reserve {
	struct db *db;
	const char *root;
	char scope[HOST_SCOPE_SIZE];
};

/* The columns that database_row() reads, in its order. */
#define DATABASE_COLUMNS                                                                           \
	"name, folder, command, transport, port, owner, process, since, started, scope"

/*
 * The statement's row, which lives as long as that one. 1: it is none that this program writes.
 * Negative: a fault.
 */
int database_row(const struct reserve *reserve, struct db_statement *statement,
		 struct reservation *ret_reservation, struct fault *fault) MUST_USE;

#endif
