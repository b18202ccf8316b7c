/* Inside history/: the tables of a store, and bringing older ones up to date. */
#ifndef PORTBOOK_HISTORY_SCHEMA_H
#define PORTBOOK_HISTORY_SCHEMA_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/fault.h"
#include "db/db.h"

/*
 * Checks that the database is a store that this program knows. With writing, an older one is
 * brought up to date, and an empty database made a store where create says so.
 */
int schema_check(struct db *db, bool writing, bool create, struct fault *fault) MUST_USE;

#endif
