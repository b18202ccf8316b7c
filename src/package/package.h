/*
 * A registry for other software: as a Frictionless data package, which is a folder of data and
 * what describes them, and as an SQLite database.
 */
#ifndef PORTBOOK_PACKAGE_PACKAGE_H
#define PORTBOOK_PACKAGE_PACKAGE_H

#include "base/attr.h"
#include "base/fault.h"
#include "registry/registry.h"

/*
 * Writes service-names.csv (the publisher's CSV), rows.json, people.json and datapackage.json,
 * which has their schemas, sizes and hashes. The folder at path appears whole or not at all; a
 * folder that has something in it stays as it is. The same registry gives the same bytes. 0 or a
 * negative fault.
 */
int package_write(const char *path, const struct registry *registry, struct fault *fault) MUST_USE;

/*
 * Writes the registry as a database, which takes the place of the file at path once all of it is
 * on disk. The same registry gives the same bytes with the same SQLite. origin, which may be
 * absent, becomes one of its facts. docs/SOURCES.md describes the tables. 0 or a negative fault.
 */
int package_write_database(const char *path, const struct registry *registry, struct slice origin,
			   struct fault *fault) MUST_USE;

#endif
