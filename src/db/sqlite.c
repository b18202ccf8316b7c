#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/library.h"
#include "db/driver.h"

#define FUNCTIONS(each)                                                                            \
	each(open_v2) each(close) each(exec) each(prepare_v2) each(finalize) each(step)            \
		each(reset) each(clear_bindings) each(bind_text64) each(bind_blob64)               \
			each(bind_int64) each(bind_null) each(column_type) each(column_blob)       \
				each(column_bytes) each(column_int64) each(errmsg)                 \
					each(extended_errcode) each(system_errno)                  \
						each(busy_handler) each(db_readonly)

struct sqlite {
#define MEMBER(name) typeof(sqlite3_##name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

struct database {
	struct db db;
	struct sqlite sqlite;
	sqlite3 *connection;
	unsigned wait;
	struct timespec busy; /* since when this waits for a lock */
	char *path;
	struct stat opened; /* the file there */
	bool often;	    /* is written: the journal stays in between */
};

struct statement {
	struct db_statement statement;
	sqlite3_stmt *prepared;
};

static struct database *database_of(struct db *db)
{
	return (struct database *)db;
}

static struct statement *statement_of(struct db_statement *statement)
{
	return (struct statement *)statement;
}

static const struct sqlite *sqlite_of(struct db_statement *statement)
{
	return &database_of(statement->db)->sqlite;
}

/* What could not be done, and what the operating system said where SQLite knows. */
static int refused(struct database *database, const char *action, struct fault *fault)
{
	const char *message = database->sqlite.errmsg(database->connection);
	int error = database->sqlite.system_errno(database->connection);

	if (error != 0)
		message = strerror(error);
	return fault_set(fault, FAULT_SYSTEM, "cannot %s: %s", action, message);
}

static int moved(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "was moved or removed while it was written");
}

/* Describes the connection's last error. */
static int failed(struct database *database, struct fault *fault)
{
	int error = database->sqlite.extended_errcode(database->connection);

	switch (error) {
	case SQLITE_IOERR_NOMEM:
		return fault_memory(fault);
	case SQLITE_IOERR_READ:
	case SQLITE_IOERR_SHORT_READ:
		return refused(database, "read", fault);
	case SQLITE_READONLY_DBMOVED:
		return moved(fault);
	case SQLITE_READONLY_ROLLBACK:
		return fault_set(fault, FAULT_SYSTEM,
				 "a write was interrupted: opening it to write undoes that");
	default:
		break;
	}
	switch (error & 0xff) {
	case SQLITE_NOMEM:
		return fault_memory(fault);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(fault, FAULT_SYSTEM, "locked by another one for longer than %u ms",
				 database->wait);
	case SQLITE_CANTOPEN:
		return refused(database, "open", fault);
	case SQLITE_FULL:
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_IOERR:
	case SQLITE_PROTOCOL:
	case SQLITE_NOLFS:
	case SQLITE_AUTH:
		return refused(database, "write", fault);
	case SQLITE_TOOBIG:
		return fault_set(fault, FAULT_LIMIT, "larger than a database can hold");
	default:
		return fault_set(fault, FAULT_MALFORMED, "%s",
				 database->sqlite.errmsg(database->connection));
	}
}

static int run(struct db *db, const char *sql, struct fault *fault)
{
	struct database *database = database_of(db);

	if (database->sqlite.exec(database->connection, sql, NULL, NULL, NULL) != SQLITE_OK)
		return failed(database, fault);
	return 0;
}

static void close_database(struct db *db)
{
	struct database *database = database_of(db);

	if (database->often)
		(void)run(db, "PRAGMA journal_mode=DELETE", NULL);
	if (database->connection)
		(void)database->sqlite.close(database->connection);
	free(database->path);
	free(database);
}

static int write_often(struct db *db, struct fault *fault)
{
	database_of(db)->often = true;
	return run(db, "PRAGMA journal_mode=TRUNCATE", fault);
}

/* SQLite would go on with a file that nobody finds any more. */
static int check_place(struct db *db, struct fault *fault)
{
	const struct database *database = database_of(db);
	struct stat status;

	if (stat(database->path, &status) == 0 && status.st_dev == database->opened.st_dev &&
	    status.st_ino == database->opened.st_ino)
		return 0;
	return moved(fault);
}

static void finish(struct db_statement *statement)
{
	/* Takes NULL; what it returns is what step did. */
	(void)sqlite_of(statement)->finalize(statement_of(statement)->prepared);
	free(statement_of(statement));
}

static int prepare(struct db *db, const char *sql, int parameters,
		   struct db_statement **ret_statement, struct fault *fault)
{
	struct database *database = database_of(db);
	struct statement *statement = calloc(1, sizeof(*statement));
	const char *rest = NULL;
	int result = 0;

	if (!statement)
		return fault_memory(fault);
	statement->statement = (struct db_statement){.db = db, .parameters = parameters};
	if (database->sqlite.prepare_v2(database->connection, sql, -1, &statement->prepared,
					&rest) != SQLITE_OK)
		result = failed(database, fault);
	else if (!statement->prepared || slice_trim(slice_cstr(rest)).n > 0)
		result = fault_set(fault, FAULT_MALFORMED, "not one statement");
	if (result < 0)
		finish(&statement->statement);
	else
		*ret_statement = &statement->statement;
	return result;
}

static bool bind_value(struct db_statement *statement, int parameter, const struct db_value *value)
{
	const struct sqlite *sqlite = sqlite_of(statement);
	sqlite3_stmt *prepared = statement_of(statement)->prepared;

	switch (value->type) {
	case DB_INT:
		return sqlite->bind_int64(prepared, parameter, value->number) == SQLITE_OK;
	case DB_TEXT:
		return sqlite->bind_text64(prepared, parameter, value->text.p, value->text.n,
					   SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
	case DB_BYTES:
		return sqlite->bind_blob64(prepared, parameter, value->text.p, value->text.n,
					   SQLITE_STATIC) == SQLITE_OK;
	default:
		return sqlite->bind_null(prepared, parameter) == SQLITE_OK;
	}
}

static int step(struct db_statement *statement, struct fault *fault)
{
	int result = sqlite_of(statement)->step(statement_of(statement)->prepared);

	if (result == SQLITE_ROW)
		return 1;
	return result == SQLITE_DONE ? 0 : failed(database_of(statement->db), fault);
}

static void reset(struct db_statement *statement)
{
	sqlite3_stmt *prepared = statement_of(statement)->prepared;

	(void)sqlite_of(statement)->reset(prepared);
	(void)sqlite_of(statement)->clear_bindings(prepared);
}

static bool is_null(struct db_statement *statement, int column)
{
	return sqlite_of(statement)->column_type(statement_of(statement)->prepared, column) ==
	       SQLITE_NULL;
}

/* The bytes of text are those of the database, which is in UTF-8. */
static struct slice text_of(struct db_statement *statement, int column)
{
	const struct sqlite *sqlite = sqlite_of(statement);
	sqlite3_stmt *prepared = statement_of(statement)->prepared;
	const char *bytes = sqlite->column_blob(prepared, column);

	if (bytes)
		return (struct slice){bytes, (size_t)sqlite->column_bytes(prepared, column)};
	return is_null(statement, column) ? SLICE_NONE : SLICE("");
}

static int64_t number_of(struct db_statement *statement, int column)
{
	return sqlite_of(statement)->column_int64(statement_of(statement)->prepared, column);
}

static const struct db_driver driver = {
	.engine = DB_SQLITE,
	.begin_reading = "BEGIN",
	.begin_writing = "BEGIN IMMEDIATE",
	.close = close_database,
	.run = run,
	.write_often = write_often,
	.check = check_place,
	.prepare = prepare,
	.finish = finish,
	.bind = bind_value,
	.step = step,
	.reset = reset,
	.is_null = is_null,
	.text = text_of,
	.number = number_of,
};

/* Clearer than SQLite's own words, where something else is there, or nothing. */
static int check_file(const char *path, const struct db_options *options, struct fault *fault)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return S_ISREG(status.st_mode)
			       ? 0
			       : fault_set(fault, FAULT_SYSTEM,
					   "a database is a file: not a device, pipe or folder");
	if (errno == ENOENT && options->create && !options->read_only)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "cannot open: %s", strerror(errno));
}

static int library(struct sqlite *ret_sqlite, struct fault *fault)
{
	static const char *const names[] = {
#define NAME(name) "sqlite3_" #name,
		FUNCTIONS(NAME)
#undef NAME
	};

	return library_open("libsqlite3.so.0", "SQLite", names, ARRAY_SIZE(names), ret_sqlite,
			    fault);
}

/*
 * Waits for a lock of others. SQLite's own pauses grow, so that whoever came last asks most often;
 * these are of any length up to PAUSE_MAX for all, and nobody waits for ever beside many.
 */
static int pause_busy(void *context, int count)
{
	enum { PAUSE_MAX = 4000000 }; /* nanoseconds */
	struct database *database = context;
	struct timespec now, pause = {};
	int64_t waited;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (count == 0)
		database->busy = now;
	waited = (now.tv_sec - database->busy.tv_sec) * INT64_C(1000) +
		 (now.tv_nsec - database->busy.tv_nsec) / 1000000;
	if (waited >= database->wait)
		return 0;
	/* The clock's digits are chance enough, spread by a multiplicative hash. */
	pause.tv_nsec = (uint32_t)now.tv_nsec * UINT32_C(2654435761) % PAUSE_MAX + 1;
	nanosleep(&pause, NULL);
	return 1;
}

/*
 * Those who only read open the file to write as well, where they may (it is opened to read where
 * not): so they can undo a write that was interrupted. query_only keeps them from more.
 */
static int connect_to(struct database *database, const char *path, const struct db_options *options,
		      struct fault *fault)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, result;
	struct strbuf file CLEANUP(strbuf_done) = {};

	if (options->create && !options->read_only)
		flags |= SQLITE_OPEN_CREATE;
	/* To SQLite, "", ":memory:" and "file:..." are no files. */
	strbuf_add(&file, path[0] == '/' ? SLICE_NONE : SLICE("./"));
	strbuf_add(&file, slice_cstr(path));
	strbuf_add_byte(&file, '\0');
	if (file.failed)
		return fault_memory(fault);
	result = database->sqlite.open_v2(file.p, &database->connection, flags, NULL);
	if (!database->connection)
		return fault_memory(fault);
	if (result != SQLITE_OK)
		return failed(database, fault);
	(void)database->sqlite.busy_handler(database->connection, pause_busy, database);
	database->path = strdup(path);
	if (!database->path)
		return fault_memory(fault);
	if (stat(path, &database->opened) < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot open: %s", strerror(errno));
	if (!options->read_only && database->sqlite.db_readonly(database->connection, "main") == 1)
		return fault_set(fault, FAULT_SYSTEM, "cannot write: %s",
				 access(path, W_OK) < 0 ? strerror(errno) : "it is read-only");
	return 0;
}

/*
 * Settings, and a first look, which tells what is no database. Dirty pages stay in memory until
 * they are committed, so that readers wait only then. What is deleted is no more in the file. That
 * the journal is gone is on disk, too (EXTRA): or a power failure would undo what was committed.
 */
static int settle(struct database *database, const struct db_options *options, struct fault *fault)
{
	struct strbuf sql CLEANUP(strbuf_done) = {};
	struct db_statement *encoding CLEANUP(db_finishp) = NULL;
	int result;

	strbuf_add(&sql, SLICE("PRAGMA trusted_schema=OFF;"));
	strbuf_add(&sql, options->read_only
				 ? SLICE("PRAGMA query_only=ON;")
				 : SLICE("PRAGMA foreign_keys=ON;PRAGMA synchronous=EXTRA;"
					 "PRAGMA cache_spill=OFF;PRAGMA secure_delete=ON;"));
	if (options->memory > 0)
		strbuf_printf(&sql, "PRAGMA cache_size=-%llu;",
			      (unsigned long long)(options->memory >> 10));
	strbuf_add_byte(&sql, '\0');
	if (sql.failed)
		return fault_memory(fault);
	result = run(&database->db, sql.p, fault);
	if (result == 0)
		result = db_prepare(&database->db, "PRAGMA encoding", &encoding, fault);
	if (result == 0)
		result = db_step(encoding, fault);
	if (result < 0)
		return result;
	if (!slice_eq(db_text(encoding, 0), SLICE("UTF-8")))
		return fault_set(fault, FAULT_MALFORMED,
				 "a database of another encoding than UTF-8");
	return 0;
}

int db_sqlite_open(const char *path, const struct db_options *options, struct db **ret_db,
		   struct fault *fault)
{
	struct database *database;
	int result = check_file(path, options, fault);

	if (result < 0)
		return result;
	database = calloc(1, sizeof(*database));
	if (!database)
		return fault_memory(fault);
	database->db.driver = &driver;
	database->wait = options->wait;
	result = library(&database->sqlite, fault);
	if (result == 0)
		result = connect_to(database, path, options, fault);
	if (result == 0)
		result = settle(database, options, fault);
	if (result < 0)
		db_close(&database->db);
	else
		*ret_db = &database->db;
	return result;
}
