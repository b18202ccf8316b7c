/* Inside db/: what an engine does for the port. */
#ifndef PORTBOOK_DB_DRIVER_H
#define PORTBOOK_DB_DRIVER_H

#include "db/db.h"

enum { DB_WAIT_DEFAULT = 10000 };

/* Failures are 0 or negative faults, as in db.h; SQL is in the engine's words. */
struct db_driver {
	enum db_engine engine;
	const char *begin_reading, *begin_writing;
	void (*close)(struct db *db);
	int (*run)(struct db *db, const char *sql, struct fault *fault);
	int (*write_often)(struct db *db, struct fault *fault); /* NULL: it is all the same */
	/* Whether what is committed now is where others look for it; NULL: always. */
	int (*check)(struct db *db, struct fault *fault);
	/* Of the SQL's parameters the highest is told. */
	int (*prepare)(struct db *db, const char *sql, int parameters,
		       struct db_statement **ret_statement, struct fault *fault);
	void (*finish)(struct db_statement *statement);
	/* False where it can not be bound. The parameter is one that the SQL has. */
	bool (*bind)(struct db_statement *statement, int parameter, const struct db_value *value);
	int (*step)(struct db_statement *statement, struct fault *fault);
	void (*reset)(struct db_statement *statement);
	bool (*is_null)(struct db_statement *statement, int column);
	struct slice (*text)(struct db_statement *statement, int column);
	int64_t (*number)(struct db_statement *statement, int column);
};

/* The first member of what a driver opens. */
struct db {
	const struct db_driver *driver;
	bool begun;  /* a transaction */
	bool failed; /* in it */
	struct db_statement
		*idle; /* finished, and kept for who asks the same; the last one first */
};

/* The first member of what a driver prepares. */
struct db_statement {
	struct db *db;
	struct db_statement *next; /* of those that are idle */
	char *sql;		   /* as it was asked for */
	uint64_t hash;		   /* of that */
	int parameters;
	bool unbound; /* something could not be bound */
};

/* wait of the options is not 0. */
int db_sqlite_open(const char *path, const struct db_options *options, struct db **ret_db,
		   struct fault *fault) MUST_USE;
int db_postgres_open(const char *url, const struct db_options *options, struct db **ret_db,
		     struct fault *fault) MUST_USE;

/* Adds the SQL in the engine's words, and a NUL; the highest of its parameters, or 0. */
int db_translate(const char *sql, enum db_engine engine, struct strbuf *to);

#endif
