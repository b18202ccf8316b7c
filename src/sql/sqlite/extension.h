/* Inside sql/: the SQLite extension's two files. */
#ifndef PORTBOOK_SQL_SQLITE_EXTENSION_H
#define PORTBOOK_SQL_SQLITE_EXTENSION_H

#include <sqlite3ext.h>

#include "sql/sql.h"

/* A registry that is asked, for as long as anybody holds it. */
struct sqlite_registry {
	struct sql_registry registry;
	unsigned holders;
};

/* What the functions of one connection share. */
struct sqlite_module {
	struct sqlite_registry *asked;
	unsigned holders; /* the functions, which SQLite gives up one by one */
};

struct sqlite_registry *sqlite_registry_hold(struct sqlite_module *module);
void sqlite_registry_release(struct sqlite_registry *registry);

extern const sqlite3_module sqlite_rows_module;

/* What SQLite calls when it loads portbook.so: the name is made of the file's. */
__attribute__((visibility("default"))) int sqlite3_portbook_init(sqlite3 *connection,
								 char **ret_message,
								 const sqlite3_api_routines *api);

#endif
