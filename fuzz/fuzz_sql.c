/*
 * Any values as arguments of the SQL functions, and of conditions on the rows, which find by an
 * index what they find without. SQLite's extension is linked in; what PostgreSQL's has of its own
 * is the server's to call.
 */
#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"
#include "sql/sqlite/extension.h"

struct reader {
	const uint8_t *p, *end;
};

static uint64_t take_number(struct reader *reader, size_t bytes)
{
	uint64_t number = 0;

	for (; bytes > 0 && reader->p < reader->end; bytes--)
		number = number << 8 | *reader->p++;
	return number;
}

static void bind(sqlite3_stmt *statement, int number, struct reader *reader)
{
	unsigned kind = (unsigned)take_number(reader, 1) % 6;
	size_t n = kind < 2 ? (size_t)take_number(reader, 1) : 0;
	const void *p = reader->p;
	double real;
	uint64_t bits;

	if (n > (size_t)(reader->end - reader->p))
		n = (size_t)(reader->end - reader->p);
	reader->p += n;
	switch (kind) {
	case 0:
		sqlite3_bind_text64(statement, number, p, n, SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case 1:
		sqlite3_bind_blob64(statement, number, p, n, SQLITE_TRANSIENT);
		break;
	case 2:
		sqlite3_bind_int(statement, number, (int)take_number(reader, 2));
		break;
	case 3:
		sqlite3_bind_int64(statement, number, (sqlite3_int64)take_number(reader, 8));
		break;
	case 4:
		bits = take_number(reader, 8);
		memcpy(&real, &bits, sizeof(real));
		sqlite3_bind_double(statement, number, real);
		break;
	}
}

static sqlite3 *connection(void)
{
	static sqlite3 *opened;
	char *message = NULL;

	if (!opened) {
		must(sqlite3_open(":memory:", &opened) == SQLITE_OK);
		must(sqlite3_portbook_init(opened, &message, NULL) == SQLITE_OK);
	}
	return opened;
}

/* The statement with the values bound and its first row there. */
static sqlite3_stmt *ask(const char *sql, const uint8_t *data, size_t size)
{
	struct reader reader = {data, data + size};
	sqlite3_stmt *statement;

	must(sqlite3_prepare_v2(connection(), sql, -1, &statement, NULL) == SQLITE_OK);
	for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++)
		bind(statement, i, &reader);
	must(sqlite3_step(statement) == SQLITE_ROW);
	return statement;
}

static void ask_functions(const uint8_t *data, size_t size)
{
	sqlite3_stmt *statement = ask("SELECT service_name(?1, ?2), port_state(?1, ?2), "
				      "service_port(?1, ?2)",
				      data, size);
	bool named = sqlite3_column_type(statement, 0) == SQLITE_TEXT;
	const char *state = (const char *)sqlite3_column_text(statement, 1);
	int port = sqlite3_column_int(statement, 2);

	must(!named || (state && strcmp(state, "assigned") == 0));
	must(port >= 0 && port <= PORT_MAX);
	sqlite3_finalize(statement);
}

/* A cast has the column's affinity, but no index. */
static void ask_rows(const uint8_t *data, size_t size)
{
	static const char *const pairs[] = {
		"SELECT (SELECT count(*) FROM portbook_rows WHERE name = ?1 AND transport = ?2), "
		"(SELECT count(*) FROM portbook_rows WHERE CAST(name AS TEXT) = ?1 "
		"AND transport = ?2)",
		"SELECT (SELECT count(*) FROM portbook_rows WHERE port = ?1), "
		"(SELECT count(*) FROM portbook_rows WHERE CAST(port AS TEXT) = ?1)",
		"SELECT (SELECT count(*) FROM portbook_rows WHERE last_port = ?1 "
		"AND transport = ?2), (SELECT count(*) FROM portbook_rows "
		"WHERE CAST(last_port AS INTEGER) = ?1 AND transport = ?2)",
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		sqlite3_stmt *statement = ask(pairs[i], data, size);

		must(sqlite3_column_int(statement, 0) == sqlite3_column_int(statement, 1));
		sqlite3_finalize(statement);
	}
}

/* What engines with other values ask, in memory of exactly its size. */
static void ask_shared(const uint8_t *data, size_t size)
{
	static struct sql_registry registry;
	struct reader reader = {data, data + size};
	int64_t number = (int64_t)take_number(&reader, 8);
	struct slice text = fuzz_slice(reader.p, (size_t)(reader.end - reader.p));
	enum transport transport = sql_transport(text), other = sql_transport_numbered(number);
	uint16_t port;

	if (!registry.image.bytes.p)
		must(sql_open(NULL, &registry, NULL) == 0);
	must(transport <= TRANSPORT_NONE && other <= TRANSPORT_NONE);
	for (unsigned i = 0; i <= TRANSPORT_NONE; i++) {
		struct slice state = sql_port_state(&registry.image, number, (enum transport)i);

		must(!state.p == (i == TRANSPORT_NONE || number < 0 || number > PORT_MAX));
		if (sql_service_name(&registry.image, number, (enum transport)i).p)
			must(slice_eq(state, SLICE("assigned")));
		if (sql_service_port(&registry.image, text, (enum transport)i, &port))
			must(slice_eq(sql_port_state(&registry.image, port, (enum transport)i),
				      SLICE("assigned")));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ask_shared(data, size);
	ask_functions(data, size);
	/* All rows are looked at. */
	if (size > 0 && data[size - 1] % 16 == 0)
		ask_rows(data, size);
	return 0;
}
