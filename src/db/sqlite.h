/*
 * Inside db/: the functions of SQLite that are used. Its library is opened when it is first needed
 * and not by the loader, which would take longer for it than the program for most answers.
 */
#ifndef PORTBOOK_DB_SQLITE_H
#define PORTBOOK_DB_SQLITE_H

#include <sqlite3.h>

#include "base/attr.h"
#include "base/fault.h"

#define SQLITE_FUNCTIONS(each)                                                                     \
	each(open_v2) each(close) each(exec) each(prepare_v2) each(finalize) each(step)            \
		each(reset) each(bind_text) each(bind_int64) each(bind_null) each(errstr)

struct sqlite {
	void *opened; /* the library */
#define SQLITE_MEMBER(name) typeof(sqlite3_##name) *name;
	SQLITE_FUNCTIONS(SQLITE_MEMBER)
#undef SQLITE_MEMBER
};

/* 0, or FAULT_SYSTEM where the library is not there. */
int sqlite_load(struct sqlite *ret_sqlite, struct fault *fault) MUST_USE;
/* Harmless on zeroed memory. */
void sqlite_unload(struct sqlite *sqlite);

#endif
