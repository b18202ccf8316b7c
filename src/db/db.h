/*
 * SQL to SQLite and PostgreSQL, the same to both as far as this port goes.
 *
 * SQL handed over is written once, for both:
 *   - parameters are ?1, ?2, ...;
 *   - types are INTEGER (64 bits), TEXT (UTF-8, in the order of its bytes) and BYTES. Outside of
 *     quotes and comments these words in capitals, and WITHOUT ROWID, become what the engine calls
 *     them; they belong into definitions of tables and into CAST (there, text as `text`);
 *   - what both know of SQL, for example INSERT ... ON CONFLICT DO NOTHING, RETURNING, WITH. A sum
 *     is CAST(sum(x) AS INTEGER).
 *
 * A connection and its statements are for one thread at a time. No fault has a password in it, nor
 * the place, which the caller knows; they are
 *   FAULT_SYSTEM     cannot be opened, written or reached, locked for longer than one would wait,
 *                    no space, connection lost, the engine's library is not installed;
 *   FAULT_MALFORMED  no database, a damaged one, or one that does not take the SQL: a table is not
 *                    there, a constraint is violated;
 *   FAULT_LIMIT      more than the engine can hold;
 *   FAULT_MEMORY.
 */
#ifndef PORTBOOK_DB_DB_H
#define PORTBOOK_DB_DB_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/strbuf.h"

struct db;
struct db_statement;

enum db_engine { DB_SQLITE, DB_POSTGRES };

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BYTES };

struct db_options {
	bool create;	 /* SQLite: a file that is not there is made */
	bool read_only;	 /* nothing is written, and no access to write is needed */
	unsigned wait;	 /* milliseconds for locks of others and for connecting; 0: 10,000 */
	uint64_t memory; /* SQLite: bytes of pages to hold; 0: as many as it thinks right */
};

/* DB_POSTGRES for a postgresql:// or postgres:// URL; anything else is the path of a file. */
enum db_engine db_engine_of(const char *where);

/* Adds where to place as people may see it: of a URL, without password and parameters. */
void db_show_place(const char *where, struct strbuf *place);

/*
 * Opens the database. options may be NULL: an existing one, to read and write. *ret_db is the
 * caller's to close. 0 or a negative fault, see above.
 */
int db_open(const char *where, const struct db_options *options, struct db **ret_db,
	    struct fault *fault) MUST_USE;

/* Rolls back what was not committed. Statements are finished before. Takes NULL. */
void db_close(struct db *db);

/* For CLEANUP. */
void db_closep(struct db **db);

enum db_engine db_engine(const struct db *db);

/*
 * Many small transactions follow. SQLite then empties its journal, the file "-journal" beside the
 * database, with each of them instead of removing it, which is less for the disk to do; it goes
 * when the database is closed. 0 or a negative fault.
 */
int db_write_often(struct db *db, struct fault *fault) MUST_USE;

/* Runs statements without parameters, parted by semicolons; rows are not looked at. 0 or fault. */
int db_run(struct db *db, const char *sql, struct fault *fault) MUST_USE;

/*
 * One statement, to be run any number of times. The caller's to finish. 0 or a negative fault.
 * Those that are finished are kept for who prepares the same again, which then costs next to
 * nothing.
 */
int db_prepare(struct db *db, const char *sql, struct db_statement **ret_statement,
	       struct fault *fault) MUST_USE;

/* What is to stand in the place of a parameter; db_value_int() and its like make one. */
struct db_value {
	enum db_type type;
	struct slice text; /* borrowed, also of bytes */
	int64_t number;
};

/* Of ?1, ?2, ...: DB_VALUES(db_value_int(7), db_value_text(name)), which lives as its block does.
 */
struct db_values {
	const struct db_value *values;
	int count;
};

#define DB_VALUES(...)                                                                             \
	((struct db_values){(const struct db_value[]){__VA_ARGS__},                                \
			    sizeof((const struct db_value[]){__VA_ARGS__}) /                       \
				    sizeof(struct db_value)})
#define DB_NO_VALUES ((struct db_values){})

static inline struct db_value db_value_int(int64_t number)
{
	return (struct db_value){.type = DB_INT, .number = number};
}

/* Absent text and bytes are NULL. */
static inline struct db_value db_value_text(struct slice text)
{
	return (struct db_value){.type = text.p ? DB_TEXT : DB_NULL, .text = text};
}

static inline struct db_value db_value_bytes(struct slice bytes)
{
	return (struct db_value){.type = bytes.p ? DB_BYTES : DB_NULL, .text = bytes};
}

/* db_prepare() with these values in it, which are borrowed as db_bind_text() has it. */
int db_query(struct db *db, const char *sql, struct db_values values,
	     struct db_statement **ret_statement, struct fault *fault) MUST_USE;

/* Runs one statement to its end. 1: it gave a row; 0: none; or a negative fault. */
int db_execute(struct db *db, const char *sql, struct db_values values,
	       struct fault *fault) MUST_USE;

/*
 * Its first row's first column, which is a number: 1; 0: there is no row; or a negative fault.
 */
int db_query_number(struct db *db, const char *sql, struct db_values values, int64_t *ret_number,
		    struct fault *fault) MUST_USE;

/* Takes NULL. */
void db_finish(struct db_statement *statement);

/* For CLEANUP. */
void db_finishp(struct db_statement **statement);

/*
 * Values of parameters, which count from 1. Absent text and bytes, and what is not bound, are NULL.
 * Text and bytes are borrowed until the statement is reset, and of the type that the SQL has at
 * that place. What can not be bound (no such parameter) is the fault of the next db_step().
 */
void db_bind_text(struct db_statement *statement, int parameter, struct slice text);
void db_bind_bytes(struct db_statement *statement, int parameter, struct slice bytes);
void db_bind_int(struct db_statement *statement, int parameter, int64_t number);

/*
 * 1: the next row is there to be looked at. 0: there is no (further) one. Negative: a fault. After
 * the last two the statement is reset.
 */
int db_step(struct db_statement *statement, struct fault *fault) MUST_USE;

/* Forgets rows and bound values, so that the statement may be run again. */
void db_reset(struct db_statement *statement);

/*
 * Columns of the row, which count from 0. Text and bytes live until the next step or reset; NULL is
 * absent, or 0. The type is that of the column: nothing is converted.
 */
bool db_is_null(struct db_statement *statement, int column);
struct slice db_text(struct db_statement *statement, int column);
struct slice db_bytes(struct db_statement *statement, int column);
int64_t db_int(struct db_statement *statement, int column);

/*
 * Begins a transaction; they do not nest. One for reading sees one state of the database, as it was
 * at its first question, and nothing is written in it. Those for writing take turns, also those of
 * other processes: this waits. 0 or a negative fault, without a transaction.
 *
 * After a fault inside of a transaction all that is asked in it fails; it is to be rolled back.
 */
int db_begin(struct db *db, bool writing, struct fault *fault) MUST_USE;

/*
 * 0: all was written, and is on disk. Negative: nothing was, but that where the connection was lost
 * just now, nobody knows. Either way the transaction is over.
 */
int db_commit(struct db *db, struct fault *fault) MUST_USE;

/* Harmless where there is no transaction. */
void db_rollback(struct db *db);

/* A table to copy; of each column a letter says the type: t text, i a number, b bytes. */
struct db_table {
	const char *name, *columns, *types;
	const char *order; /* that its rows are copied in */
};

/* Copies all rows into the table of another database. Both in transactions. 0 or a fault. */
int db_copy_table(struct db *from, struct db *to, const struct db_table *table,
		  struct fault *fault) MUST_USE;

/*
 * The same of all tables that a schema makes, in its order and in place of the rows that they had.
 * Of the SQL this reads "CREATE TABLE name (", and then a column a line.
 */
int db_copy_schema(struct db *from, struct db *to, const char *schema,
		   struct fault *fault) MUST_USE;

#endif
