/* Inside desk/: its tables in a store. docs/DESK.md describes them. */
#ifndef PORTBOOK_DESK_SCHEMA_H
#define PORTBOOK_DESK_SCHEMA_H

#include "base/attr.h"
#include "base/fault.h"
#include "db/db.h"

/* Whether the store has a desk that this program knows: 1; 0: it has none; or a negative fault. */
int schema_exists(struct db *db, struct fault *fault) MUST_USE;

/* Makes the tables, within a writing transaction of a store without a desk. 0 or fault. */
int schema_make(struct db *db, struct fault *fault) MUST_USE;

/* Makes them where there is none, with all rows of those elsewhere. 0 or a negative fault. */
int schema_copy(struct db *from, struct db *to, struct fault *fault) MUST_USE;

#endif
