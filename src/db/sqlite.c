#include "db/sqlite.h"

#include <dlfcn.h>
#include <stdbool.h>

int sqlite_load(struct sqlite *ret_sqlite, struct fault *fault)
{
	struct sqlite sqlite = {.opened = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL)};
	bool complete = sqlite.opened;

	if (!sqlite.opened)
		return fault_set(fault, FAULT_SYSTEM, "SQLite is needed: %s", dlerror());
#define SQLITE_FIND(name)                                                                          \
	sqlite.name = (typeof(sqlite.name))dlsym(sqlite.opened, "sqlite3_" #name);                 \
	complete = complete && sqlite.name;
	SQLITE_FUNCTIONS(SQLITE_FIND)
#undef SQLITE_FIND
	if (!complete) {
		sqlite_unload(&sqlite);
		return fault_set(fault, FAULT_SYSTEM, "this SQLite is too old");
	}
	*ret_sqlite = sqlite;
	return 0;
}

void sqlite_unload(struct sqlite *sqlite)
{
	if (sqlite->opened)
		dlclose(sqlite->opened);
	*sqlite = (struct sqlite){};
}
