/* A registry as an SQLite database. */
#ifndef PORTBOOK_DB_DB_H
#define PORTBOOK_DB_DB_H

#include "base/attr.h"
#include "base/fault.h"
#include "registry/registry.h"

/*
 * Writes the registry as a database, which takes the place of the file at path once all of it is
 * on disk. The same registry gives the same bytes with the same SQLite. origin, which may be
 * absent, becomes one of its facts. docs/SOURCES.md describes the tables. 0 or a negative fault.
 */
int db_write(const char *path, const struct registry *registry, struct slice origin,
	     struct fault *fault) MUST_USE;

#endif
