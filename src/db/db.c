/* What does not depend on the engine: transactions, and what must not be asked of one. */
#include "db/db.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "db/driver.h"

/* More than one program has, so that only what is put together for one question goes. */
enum { IDLE_MAX = 128 };

static bool is_url(struct slice where, size_t *ret_scheme)
{
	static const struct slice schemes[] = {SLICE("postgresql://"), SLICE("postgres://")};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (slice_starts(where, schemes[i])) {
			*ret_scheme = schemes[i].n;
			return true;
		}
	}
	return false;
}

enum db_engine db_engine_of(const char *where)
{
	size_t scheme;

	return is_url(slice_cstr(where), &scheme) ? DB_POSTGRES : DB_SQLITE;
}

/* The text before the first of the bytes. */
static struct slice before_any(struct slice text, const char *bytes)
{
	for (; *bytes; bytes++)
		text = slice_cut(&(struct slice){text.p, text.n}, *bytes);
	return text;
}

void db_show_place(const char *where, struct strbuf *place)
{
	struct slice rest = slice_cstr(where);
	size_t scheme, at;

	if (!is_url(rest, &scheme)) {
		strbuf_add(place, rest);
		return;
	}
	strbuf_add(place, (struct slice){rest.p, scheme});
	rest = slice_skip(rest, scheme);
	/* The last one, because people forget to write those of a password as %40. */
	at = slice_find_last_byte(rest, '@');
	if (at != (size_t)-1) {
		strbuf_add(place, before_any((struct slice){rest.p, at}, ":/?"));
		strbuf_add_byte(place, '@');
		rest = slice_skip(rest, at + 1);
	}
	strbuf_add(place, before_any(rest, "?"));
}

int db_open(const char *where, const struct db_options *options, struct db **ret_db,
	    struct fault *fault)
{
	struct db_options given = options ? *options : (struct db_options){};

	if (given.wait == 0)
		given.wait = DB_WAIT_DEFAULT;
	if (db_engine_of(where) == DB_POSTGRES)
		return db_postgres_open(where, &given, ret_db, fault);
	return db_sqlite_open(where, &given, ret_db, fault);
}

static void drop(struct db_statement *statement)
{
	free(statement->sql);
	statement->db->driver->finish(statement);
}

/* All but the first of those that are idle. */
static void drop_idle(struct db *db, unsigned kept)
{
	struct db_statement **place = &db->idle, *statement;

	while (kept-- > 0 && *place)
		place = &(*place)->next;
	while ((statement = *place)) {
		*place = statement->next;
		drop(statement);
	}
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_rollback(db);
	drop_idle(db, 0);
	db->driver->close(db);
}

void db_closep(struct db **db)
{
	db_close(*db);
	*db = NULL;
}

enum db_engine db_engine(const struct db *db)
{
	return db->driver->engine;
}

int db_write_often(struct db *db, struct fault *fault)
{
	return db->driver->write_often ? db->driver->write_often(db, fault) : 0;
}

/* A fault inside of a transaction is the end of it. */
static int note(struct db *db, int result)
{
	if (result < 0 && db->begun)
		db->failed = true;
	return result;
}

static int check(const struct db *db, struct fault *fault)
{
	return db->failed ? fault_set(fault, FAULT_SYSTEM, "the transaction has failed before") : 0;
}

int db_run(struct db *db, const char *sql, struct fault *fault)
{
	struct strbuf translated CLEANUP(strbuf_done) = {};
	int result = check(db, fault);

	if (result < 0)
		return result;
	(void)db_translate(sql, db_engine(db), &translated);
	if (translated.failed)
		return note(db, fault_memory(fault));
	return note(db, db->driver->run(db, translated.p, fault));
}

/* An idle one of the same SQL, which is not idle any more; or NULL. */
static struct db_statement *take_idle(struct db *db, const char *sql, uint64_t hash)
{
	for (struct db_statement **place = &db->idle; *place; place = &(*place)->next) {
		struct db_statement *statement = *place;

		if (statement->hash == hash && strcmp(statement->sql, sql) == 0) {
			*place = statement->next;
			return statement;
		}
	}
	return NULL;
}

int db_prepare(struct db *db, const char *sql, struct db_statement **ret_statement,
	       struct fault *fault)
{
	struct strbuf translated CLEANUP(strbuf_done) = {};
	uint64_t hash = hash_bytes(slice_cstr(sql));
	struct db_statement *statement;
	int result = check(db, fault), parameters;

	if (result < 0)
		return result;
	statement = take_idle(db, sql, hash);
	if (!statement) {
		parameters = db_translate(sql, db_engine(db), &translated);
		if (translated.failed)
			return note(db, fault_memory(fault));
		result = db->driver->prepare(db, translated.p, parameters, &statement, fault);
		if (result < 0)
			return note(db, result);
		statement->sql = strdup(sql);
		statement->hash = hash;
		if (!statement->sql) {
			drop(statement);
			return note(db, fault_memory(fault));
		}
	}
	*ret_statement = statement;
	return 0;
}

void db_finish(struct db_statement *statement)
{
	if (!statement)
		return;
	db_reset(statement);
	statement->next = statement->db->idle;
	statement->db->idle = statement;
	drop_idle(statement->db, IDLE_MAX);
}

void db_finishp(struct db_statement **statement)
{
	db_finish(*statement);
	*statement = NULL;
}

static void bind(struct db_statement *statement, int parameter, struct db_value value)
{
	if (parameter < 1 || parameter > statement->parameters ||
	    !statement->db->driver->bind(statement, parameter, &value))
		statement->unbound = true;
}

void db_bind_text(struct db_statement *statement, int parameter, struct slice text)
{
	bind(statement, parameter, db_value_text(text));
}

void db_bind_bytes(struct db_statement *statement, int parameter, struct slice bytes)
{
	bind(statement, parameter, db_value_bytes(bytes));
}

void db_bind_int(struct db_statement *statement, int parameter, int64_t number)
{
	bind(statement, parameter, db_value_int(number));
}

int db_query(struct db *db, const char *sql, struct db_values values,
	     struct db_statement **ret_statement, struct fault *fault)
{
	int result = db_prepare(db, sql, ret_statement, fault);

	for (int i = 0; i < values.count && result == 0; i++)
		bind(*ret_statement, i + 1, values.values[i]);
	return result;
}

int db_execute(struct db *db, const char *sql, struct db_values values, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(db, sql, values, &statement, fault), rows = 0;

	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		rows = 1;
		result = 0;
	}
	return result < 0 ? result : rows;
}

int db_query_number(struct db *db, const char *sql, struct db_values values, int64_t *ret_number,
		    struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(db, sql, values, &statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result == 1)
		*ret_number = db_int(statement, 0);
	return result;
}

int db_step(struct db_statement *statement, struct fault *fault)
{
	int result = check(statement->db, fault);

	if (result == 0 && statement->unbound)
		result = fault_set(fault, FAULT_MALFORMED,
				   "a value was not taken: no such parameter, or too large");
	if (result == 0)
		result = statement->db->driver->step(statement, fault);
	if (result <= 0)
		db_reset(statement);
	return note(statement->db, result);
}

void db_reset(struct db_statement *statement)
{
	statement->unbound = false;
	statement->db->driver->reset(statement);
}

bool db_is_null(struct db_statement *statement, int column)
{
	return statement->db->driver->is_null(statement, column);
}

struct slice db_text(struct db_statement *statement, int column)
{
	return statement->db->driver->text(statement, column);
}

struct slice db_bytes(struct db_statement *statement, int column)
{
	return statement->db->driver->text(statement, column);
}

int64_t db_int(struct db_statement *statement, int column)
{
	return statement->db->driver->number(statement, column);
}

int db_begin(struct db *db, bool writing, struct fault *fault)
{
	const struct db_driver *driver = db->driver;
	int result;

	assert(!db->begun);
	result = driver->run(db, writing ? driver->begin_writing : driver->begin_reading, fault);
	db->begun = true;
	if (result < 0)
		db_rollback(db);
	return result;
}

int db_commit(struct db *db, struct fault *fault)
{
	int result = check(db, fault);

	assert(db->begun);
	if (result == 0 && db->driver->check)
		result = db->driver->check(db, fault);
	if (result == 0)
		result = db->driver->run(db, "COMMIT", fault);
	if (result < 0)
		db_rollback(db);
	db->begun = false;
	return result;
}

void db_rollback(struct db *db)
{
	if (db->begun)
		(void)db->driver->run(db, "ROLLBACK", NULL);
	db->begun = db->failed = false;
}
