#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/library.h"
#include "base/number.h"
#include "db/driver.h"

#define FUNCTIONS(each)                                                                            \
	each(conninfoParse) each(conninfoFree) each(connectdbParams) each(finish) each(status)     \
		each(transactionStatus) each(errorMessage) each(setNoticeProcessor) each(exec)     \
			each(prepare) each(execPrepared) each(resultStatus) each(resultErrorField) \
				each(clear) each(ntuples) each(nfields) each(ftype)                \
					each(getisnull) each(getvalue) each(getlength)

struct pq {
#define MEMBER(name) typeof(PQ##name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

struct database {
	struct db db;
	struct pq pq;
	PGconn *connection;
	unsigned wait;
	unsigned statements; /* how many were prepared: their names */
};

struct value {
	char digits[NUMBER_DIGITS + 2]; /* sign and NUL */
};

/* Rows come all at once: an edition is a few megabytes. */
struct statement {
	struct db_statement statement;
	char name[16];
	PGresult *rows;
	int row;
	/* of each parameter, as PQexecPrepared() has them */
	const char **values;
	int *sizes, *formats;
	struct value *numbers;
};

/* Object ids of types, which are the same in all versions (pg_type.dat). */
enum type {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_VOID = 2278
};

static struct database *database_of(struct db *db)
{
	return (struct database *)db;
}

static struct statement *statement_of(struct db_statement *statement)
{
	return (struct statement *)statement;
}

static const struct pq *pq_of(struct db_statement *statement)
{
	return &database_of(statement->db)->pq;
}

/* What a state (five characters, appendix A of PostgreSQL's manual) means. */
static int code_of(const char *state)
{
	static const struct {
		const char *prefix;
		int code;
	} codes[] = {
		{"0A", FAULT_MALFORMED}, {"21", FAULT_MALFORMED}, {"22", FAULT_MALFORMED},
		{"23", FAULT_MALFORMED}, {"26", FAULT_MALFORMED}, {"42501", FAULT_SYSTEM},
		{"42", FAULT_MALFORMED}, {"44", FAULT_MALFORMED}, {"54", FAULT_LIMIT},
		{"XX", FAULT_MALFORMED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (slice_starts(slice_cstr(state), slice_cstr(codes[i].prefix)))
			return codes[i].code;
	}
	return FAULT_SYSTEM;
}

/* The connection is gone, or refuses. libpq says some things in two lines. */
static int disconnected(struct database *database, const char *before, struct fault *fault)
{
	struct slice message = slice_cstr(database->pq.errorMessage(database->connection));
	struct slice line = slice_cut(&message, '\n');

	return fault_set(fault, FAULT_SYSTEM, "%s%.*s", before, (int)line.n, line.p);
}

/* Describes a result that is none. */
static int failed(struct database *database, const PGresult *result, struct fault *fault)
{
	const struct pq *pq = &database->pq;
	const char *state = result ? pq->resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *message = result ? pq->resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

	if (pq->status(database->connection) != CONNECTION_OK)
		return disconnected(database, "lost the connection: ", fault);
	/* What libpq says by itself comes without a state: of that only memory is left. */
	if (!state || !message)
		return fault_memory(fault);
	if (slice_eq(slice_cstr(state), SLICE("55P03")))
		return fault_set(fault, FAULT_SYSTEM, "locked by another one for longer than %u ms",
				 database->wait);
	return fault_set(fault, code_of(state), "%s", message);
}

/* Forgets the result, and describes it where it is a failure. */
static int settle(struct database *database, PGresult *result, struct fault *fault)
{
	ExecStatusType status = database->pq.resultStatus(result);
	int code = 0;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
		code = failed(database, result, fault);
	database->pq.clear(result);
	return code;
}

static void close_database(struct db *db)
{
	struct database *database = database_of(db);

	if (database->connection)
		database->pq.finish(database->connection);
	free(database);
}

static int run(struct db *db, const char *sql, struct fault *fault)
{
	struct database *database = database_of(db);

	return settle(database, database->pq.exec(database->connection, sql), fault);
}

static void finish(struct db_statement *statement)
{
	struct statement *finished = statement_of(statement);
	struct database *database = database_of(statement->db);
	PGTransactionStatusType status = database->pq.transactionStatus(database->connection);
	char sql[64];

	/* In a failed transaction it can not be, and goes with the connection. */
	if (finished->name[0] && (status == PQTRANS_IDLE || status == PQTRANS_INTRANS)) {
		(void)snprintf(sql, sizeof(sql), "DEALLOCATE %s", finished->name);
		(void)run(statement->db, sql, NULL);
	}
	database->pq.clear(finished->rows);
	free(finished->values);
	free(finished->sizes);
	free(finished->formats);
	free(finished->numbers);
	free(finished);
}

static struct statement *new_statement(struct db *db, int parameters)
{
	struct statement *statement = calloc(1, sizeof(*statement));
	/* calloc() may give nothing for nothing. */
	size_t count = (size_t)parameters + 1;

	if (!statement)
		return NULL;
	statement->statement = (struct db_statement){.db = db, .parameters = parameters};
	statement->values = calloc(count, sizeof(*statement->values));
	statement->sizes = calloc(count, sizeof(*statement->sizes));
	statement->formats = calloc(count, sizeof(*statement->formats));
	statement->numbers = calloc(count, sizeof(*statement->numbers));
	if (statement->values && statement->sizes && statement->formats && statement->numbers)
		return statement;
	finish(&statement->statement);
	return NULL;
}

static int prepare(struct db *db, const char *sql, int parameters,
		   struct db_statement **ret_statement, struct fault *fault)
{
	struct database *database = database_of(db);
	struct statement *statement = new_statement(db, parameters);
	char name[sizeof(statement->name)];
	int result;

	if (!statement)
		return fault_memory(fault);
	(void)snprintf(name, sizeof(name), "s%u", ++database->statements);
	result = settle(database,
			database->pq.prepare(database->connection, name, sql, parameters, NULL),
			fault);
	if (result < 0) {
		finish(&statement->statement);
		return result;
	}
	memcpy(statement->name, name, sizeof(name));
	*ret_statement = &statement->statement;
	return 0;
}

/*
 * Numbers are sent as text, which any type of integer is read from; text and bytes as they are,
 * which is their binary format.
 */
static bool bind_value(struct db_statement *statement, int parameter, const struct db_value *value)
{
	struct statement *bound = statement_of(statement);
	size_t i = (size_t)parameter - 1;

	bound->values[i] = NULL;
	if (value->type == DB_INT) {
		char *digits = bound->numbers[i].digits;

		(void)snprintf(digits, sizeof(bound->numbers[i].digits), "%lld",
			       (long long)value->number);
		bound->values[i] = digits;
	} else if (value->type != DB_NULL) {
		bound->values[i] = value->text.p;
		if (value->text.n > INT_MAX)
			return false;
		bound->sizes[i] = (int)value->text.n;
	}
	bound->formats[i] = value->type != DB_INT;
	return true;
}

/* Whether all columns are of types that are read here. */
static int check_columns(struct statement *statement, struct fault *fault)
{
	const struct pq *pq = pq_of(&statement->statement);

	for (int i = 0; i < pq->nfields(statement->rows); i++) {
		switch (pq->ftype(statement->rows, i)) {
		case TYPE_BOOL:
		case TYPE_BYTEA:
		case TYPE_NAME:
		case TYPE_INT8:
		case TYPE_INT2:
		case TYPE_INT4:
		case TYPE_TEXT:
		case TYPE_VOID:
			break;
		default:
			return fault_set(fault, FAULT_MALFORMED,
					 "column %d is no integer, text or bytes: it wants a CAST",
					 i);
		}
	}
	return 0;
}

static int step(struct db_statement *statement, struct fault *fault)
{
	struct statement *stepped = statement_of(statement);
	struct database *database = database_of(statement->db);
	const struct pq *pq = &database->pq;
	ExecStatusType status;
	int result = 0;

	if (stepped->rows)
		return ++stepped->row < pq->ntuples(stepped->rows);
	stepped->rows = pq->execPrepared(database->connection, stepped->name, statement->parameters,
					 stepped->values, stepped->sizes, stepped->formats, 1);
	stepped->row = 0;
	status = pq->resultStatus(stepped->rows);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return failed(database, stepped->rows, fault);
	result = check_columns(stepped, fault);
	return result < 0 ? result : pq->ntuples(stepped->rows) > 0;
}

static void reset(struct db_statement *statement)
{
	struct statement *stepped = statement_of(statement);

	pq_of(statement)->clear(stepped->rows);
	stepped->rows = NULL;
	memset(stepped->values, 0, (size_t)statement->parameters * sizeof(*stepped->values));
}

static bool is_null(struct db_statement *statement, int column)
{
	struct statement *stepped = statement_of(statement);

	return pq_of(statement)->getisnull(stepped->rows, stepped->row, column);
}

static struct slice text_of(struct db_statement *statement, int column)
{
	const struct pq *pq = pq_of(statement);
	struct statement *stepped = statement_of(statement);

	if (is_null(statement, column))
		return SLICE_NONE;
	return (struct slice){pq->getvalue(stepped->rows, stepped->row, column),
			      (size_t)pq->getlength(stepped->rows, stepped->row, column)};
}

/* Big-endian, of as many bytes as the type has. */
static int64_t number_of(struct db_statement *statement, int column)
{
	struct slice bytes = text_of(statement, column);
	uint64_t number = bytes.n > 0 && bytes.n <= 8 && bytes.p[0] < 0 ? UINT64_MAX : 0;

	for (size_t i = 0; i < bytes.n; i++)
		number = number << 8 | (unsigned char)bytes.p[i];
	return (int64_t)number;
}

static const struct db_driver driver = {
	.engine = DB_POSTGRES,
	.begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	/* The number is "portbook" and the same in all versions. */
	.begin_writing = "BEGIN; SELECT pg_advisory_xact_lock(8101820098856054635)",
	.close = close_database,
	.run = run,
	.prepare = prepare,
	.finish = finish,
	.bind = bind_value,
	.step = step,
	.reset = reset,
	.is_null = is_null,
	.text = text_of,
	.number = number_of,
};

/* Notices would be printed. */
static void ignore_notice(void *context, const char *message)
{
	(void)context;
	(void)message;
}

/*
 * libpq quotes what it can not read, and reads a password with a / or @ in it as ports and names:
 * what it would say is looked at before.
 */
static int check_url(const struct pq *pq, const char *url, struct fault *fault)
{
	PQconninfoOption *options = pq->conninfoParse(url, NULL);
	bool good = options;

	for (PQconninfoOption *i = options; i && i->keyword; i++) {
		struct slice key = slice_cstr(i->keyword), value = slice_cstr(i->val);

		if (slice_eq(key, SLICE("port"))) {
			for (size_t k = 0; k < value.n; k++)
				good = good && (byte_is_digit(value.p[k]) || value.p[k] == ',');
		}
		if (slice_eq(key, SLICE("dbname")) || slice_eq(key, SLICE("host")))
			good = good && slice_find_byte(value, '@') == (size_t)-1;
	}
	pq->conninfoFree(options);
	if (good)
		return 0;
	return fault_set(fault, FAULT_SYSTEM,
			 "not a URL of PostgreSQL: in user and password, / : @ and the like are "
			 "written as %%2F %%3A %%40");
}

static int connect_to(struct database *database, const char *url, const struct db_options *options,
		      struct fault *fault)
{
	const struct pq *pq = &database->pq;
	char seconds[16], settings[160];
	/* What stands before the URL it may change, what stands behind it not. */
	const char *const keys[] = {"connect_timeout", "fallback_application_name", "dbname",
				    "client_encoding", NULL};
	const char *const values[] = {seconds, "portbook", url, "UTF8", NULL};

	(void)snprintf(seconds, sizeof(seconds), "%u", options->wait / 1000 + 1);
	database->connection = pq->connectdbParams(keys, values, 1);
	if (!database->connection)
		return fault_memory(fault);
	if (pq->status(database->connection) != CONNECTION_OK)
		return disconnected(database, "", fault);
	(void)pq->setNoticeProcessor(database->connection, ignore_notice, NULL);
	(void)snprintf(settings, sizeof(settings),
		       "SET lock_timeout=%u; SET client_min_messages=error; "
		       "SET default_transaction_read_only=%s",
		       options->wait, options->read_only ? "on" : "off");
	return run(&database->db, settings, fault);
}

static int library(struct pq *ret_pq, struct fault *fault)
{
	static const char *const names[] = {
#define NAME(name) "PQ" #name,
		FUNCTIONS(NAME)
#undef NAME
	};

	return library_open("libpq.so.5", "PostgreSQL's library (Debian: libpq5)", names,
			    ARRAY_SIZE(names), ret_pq, fault);
}

int db_postgres_open(const char *url, const struct db_options *options, struct db **ret_db,
		     struct fault *fault)
{
	struct database *database = calloc(1, sizeof(*database));
	int result;

	if (!database)
		return fault_memory(fault);
	database->db.driver = &driver;
	database->wait = options->wait;
	result = library(&database->pq, fault);
	if (result == 0)
		result = check_url(&database->pq, url, fault);
	if (result == 0)
		result = connect_to(database, url, options, fault);
	if (result < 0)
		db_close(&database->db);
	else
		*ret_db = &database->db;
	return result;
}
