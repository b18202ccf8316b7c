/*
 * The tables are filled in one transaction, in the order of the registry, on a page size that is
 * stated: everything that a database's bytes depend on but the version of SQLite.
 */
#include "db/db.h"

#include <stdbool.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "db/sqlite.h"

static const char schema[] =
	"PRAGMA page_size=4096;"
	"PRAGMA encoding='UTF-8';"
	/* The file is thrown away unless all goes well, and synced when it has. */
	"PRAGMA journal_mode=OFF;"
	"PRAGMA synchronous=OFF;"
	"PRAGMA locking_mode=EXCLUSIVE;"
	/* In KiB: what is written is read once more, in its order, for the indexes. */
	"PRAGMA cache_size=-500;"
	"PRAGMA user_version=1;"
	"BEGIN;"
	"CREATE TABLE facts (\n"
	"  key TEXT PRIMARY KEY,\n"
	"  value TEXT NOT NULL\n"
	") WITHOUT ROWID;"
	"CREATE TABLE people (\n"
	"  position INTEGER PRIMARY KEY,\n"
	"  id TEXT NOT NULL,\n"
	"  name TEXT,\n"
	"  organization TEXT,\n"
	"  uri TEXT,\n"
	"  updated TEXT\n"
	");"
	"CREATE TABLE rows (\n"
	"  position INTEGER PRIMARY KEY,\n"
	"  name TEXT,\n"
	"  first_port INTEGER,\n"
	"  last_port INTEGER,\n"
	"  transport TEXT,\n"
	"  description TEXT,\n"
	"  assignee TEXT,\n"
	"  contact TEXT,\n"
	"  registration_date TEXT,\n"
	"  modification_date TEXT,\n"
	"  reference TEXT,\n"
	"  service_code TEXT,\n"
	"  unauthorized_use TEXT,\n"
	"  notes TEXT,\n"
	"  state TEXT NOT NULL,\n"
	"  alias_of TEXT,\n"
	"  historic INTEGER NOT NULL\n"
	");"
	"CREATE TABLE row_people (\n"
	"  position INTEGER NOT NULL REFERENCES rows (position),\n"
	"  id TEXT NOT NULL,\n"
	"  role TEXT NOT NULL,\n"
	"  PRIMARY KEY (position, id, role)\n"
	") WITHOUT ROWID;";

static const char indexes[] =
	"CREATE INDEX people_by_id ON people (id);"
	"CREATE INDEX rows_by_name ON rows (name COLLATE NOCASE);"
	"CREATE INDEX rows_by_port ON rows (first_port, last_port, transport);"
	"CREATE INDEX row_people_by_id ON row_people (id);"
	"COMMIT;";

enum statement { ADD_FACT, ADD_PERSON, ADD_ROW, ADD_ROW_PERSON, STATEMENT_COUNT };

static const char *const statements[STATEMENT_COUNT] = {
	[ADD_FACT] = "INSERT OR IGNORE INTO facts VALUES (?,?)",
	[ADD_PERSON] = "INSERT INTO people VALUES (?,?,?,?,?,?)",
	[ADD_ROW] = "INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	/* Whoever is named twice in a column is still one contact. */
	[ADD_ROW_PERSON] = "INSERT OR IGNORE INTO row_people VALUES (?,?,?)",
};

/* A database being filled. Its error is sticky, as with struct out. */
struct db {
	struct sqlite sqlite;
	sqlite3 *connection;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	struct strbuf shown, rich;
	int error; /* SQLITE_OK while all is well */
};

static void db_done(struct db *db)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		if (db->statements[i])
			db->sqlite.finalize(db->statements[i]);
	}
	if (db->connection)
		db->sqlite.close(db->connection);
	strbuf_done(&db->shown);
	strbuf_done(&db->rich);
	sqlite_unload(&db->sqlite);
}

static void note_error(struct db *db, int result)
{
	if (result != SQLITE_OK && result != SQLITE_DONE && db->error == SQLITE_OK)
		db->error = result;
}

static void execute(struct db *db, const char *sql)
{
	if (db->error == SQLITE_OK)
		note_error(db, db->sqlite.exec(db->connection, sql, NULL, NULL, NULL));
}

/* Absent and empty text alike are NULL. Columns count from 1. */
static void bind_text(struct db *db, enum statement statement, int column, struct slice text)
{
	sqlite3_stmt *prepared = db->statements[statement];

	if (text.n > 0)
		note_error(db, db->sqlite.bind_text(prepared, column, text.p, (int)text.n,
						    SQLITE_STATIC));
	else
		note_error(db, db->sqlite.bind_null(prepared, column));
}

/* A negative number is NULL. */
static void bind_number(struct db *db, enum statement statement, int column, int64_t number)
{
	sqlite3_stmt *prepared = db->statements[statement];

	if (number >= 0)
		note_error(db, db->sqlite.bind_int64(prepared, column, number));
	else
		note_error(db, db->sqlite.bind_null(prepared, column));
}

/* Inserts what was bound. */
static void insert(struct db *db, enum statement statement)
{
	if (db->error != SQLITE_OK)
		return;
	note_error(db, db->sqlite.step(db->statements[statement]));
	db->sqlite.reset(db->statements[statement]);
}

static void prepare(struct db *db)
{
	for (size_t i = 0; i < STATEMENT_COUNT && db->error == SQLITE_OK; i++)
		note_error(db, db->sqlite.prepare_v2(db->connection, statements[i], -1,
						     &db->statements[i], NULL));
}

static void add_fact(struct db *db, struct slice key, struct slice rich)
{
	if (rich.n == 0 || db->error != SQLITE_OK)
		return;
	db->shown.n = 0;
	rich_show(rich, &db->shown);
	bind_text(db, ADD_FACT, 1, key);
	bind_text(db, ADD_FACT, 2, strbuf_slice(&db->shown));
	if (db->shown.n > 0)
		insert(db, ADD_FACT);
}

/* "note 1", "note 2", ...: "TITLE: TEXT", or the text alone. */
static void add_notes(struct db *db, const char *kind, const struct registry_note *notes,
		      size_t count)
{
	struct strbuf key CLEANUP(strbuf_done) = {}, text CLEANUP(strbuf_done) = {};

	for (size_t i = 0; i < count; i++) {
		key.n = text.n = 0;
		strbuf_printf(&key, "%s %zu", kind, i + 1);
		if (notes[i].title.n > 0) {
			strbuf_add(&text, notes[i].title);
			strbuf_add(&text, SLICE(": "));
		}
		strbuf_add(&text, notes[i].text);
		if (key.failed || text.failed)
			note_error(db, SQLITE_NOMEM);
		add_fact(db, strbuf_slice(&key), strbuf_slice(&text));
	}
}

static void add_facts(struct db *db, const struct registry *registry, struct slice origin)
{
	const struct registry_header *header = &registry->header;

	add_fact(db, SLICE("id"), header->id);
	add_fact(db, SLICE("title"), header->title);
	add_fact(db, SLICE("category"), header->category);
	add_fact(db, SLICE("updated"), header->updated);
	add_fact(db, SLICE("references"), header->references);
	add_fact(db, SLICE("expert"), header->expert);
	add_fact(db, SLICE("origin"), origin);
	add_notes(db, "note", registry->notes, registry->note_count);
	add_notes(db, "footnote", registry->footnotes, registry->footnote_count);
}

/* Several addresses are parted by line feeds. */
static struct slice addresses(struct db *db, struct slice uri)
{
	struct rich_run run;

	db->shown.n = 0;
	while (rich_next(&uri, &run)) {
		if (run.kind != RICH_TEXT)
			continue;
		strbuf_add(&db->shown, db->shown.n > 0 ? SLICE("\n") : SLICE_NONE);
		strbuf_add(&db->shown, run.text);
	}
	return strbuf_slice(&db->shown);
}

static void add_person(struct db *db, const struct person *person, int64_t position)
{
	bind_number(db, ADD_PERSON, 1, position);
	/* An id that is not there is still no reason to lose the person. */
	if (person->id.n > 0)
		bind_text(db, ADD_PERSON, 2, person->id);
	else
		note_error(db, db->sqlite.bind_text(db->statements[ADD_PERSON], 2, "", 0,
						    SQLITE_STATIC));
	bind_text(db, ADD_PERSON, 3, person->name);
	bind_text(db, ADD_PERSON, 4, person->organization);
	bind_text(db, ADD_PERSON, 5, addresses(db, person->uri));
	bind_text(db, ADD_PERSON, 6, person->updated);
	insert(db, ADD_PERSON);
}

static void add_row(struct db *db, const struct row *row, int64_t position)
{
	static const enum column columns[] = {
		COLUMN_DESCRIPTION,  COLUMN_ASSIGNEE,	  COLUMN_CONTACT,
		COLUMN_REGISTERED,   COLUMN_MODIFIED,	  COLUMN_REFERENCE,
		COLUMN_SERVICE_CODE, COLUMN_UNAUTHORIZED, COLUMN_NOTES,
	};
	int at = 0;

	bind_number(db, ADD_ROW, ++at, position);
	bind_text(db, ADD_ROW, ++at, row->shown[COLUMN_NAME]);
	bind_number(db, ADD_ROW, ++at, row->first_port);
	bind_number(db, ADD_ROW, ++at, row->last_port);
	bind_text(db, ADD_ROW, ++at, transport_name(row->transport));
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		bind_text(db, ADD_ROW, ++at, row->shown[columns[i]]);
	bind_text(db, ADD_ROW, ++at, row_state_name(row->state));
	bind_text(db, ADD_ROW, ++at, row_alias_of(row));
	bind_number(db, ADD_ROW, ++at, row_is_historic(row));
	insert(db, ADD_ROW);
}

/* Whom the row names: as assignee, as contact, or anywhere else (a mention). */
static void add_row_people(struct db *db, const struct row *row, int64_t position)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice role = SLICE("mention"), rest;
		struct rich_run run;

		if (i == COLUMN_ASSIGNEE || i == COLUMN_CONTACT)
			role = column_key((enum column)i);
		db->rich.n = 0;
		row_rich(row, (enum column)i, &db->rich);
		rest = strbuf_slice(&db->rich);
		while (rich_next(&rest, &run)) {
			if (run.kind != RICH_REFERENCE || run.data.n == 0 ||
			    !slice_eq(run.type, SLICE("person")))
				continue;
			bind_number(db, ADD_ROW_PERSON, 1, position);
			bind_text(db, ADD_ROW_PERSON, 2, run.data);
			bind_text(db, ADD_ROW_PERSON, 3, role);
			insert(db, ADD_ROW_PERSON);
		}
	}
}

/* Positions count from 1. */
static void fill(struct db *db, const struct registry *registry, struct slice origin)
{
	execute(db, schema);
	prepare(db);
	if (db->error != SQLITE_OK)
		return;
	add_facts(db, registry, origin);
	for (size_t i = 0; i < registry->person_count && db->error == SQLITE_OK; i++)
		add_person(db, &registry->people[i], (int64_t)i + 1);
	for (size_t i = 0; i < registry->row_count && db->error == SQLITE_OK; i++) {
		struct row row = registry_row(registry, i);

		add_row(db, &row, (int64_t)i + 1);
		add_row_people(db, &row, (int64_t)i + 1);
	}
	if (db->shown.failed || db->rich.failed)
		note_error(db, SQLITE_NOMEM);
	execute(db, indexes);
}

static int write_database(const char *path, const struct registry *registry, struct slice origin,
			  struct fault *fault)
{
	struct db db CLEANUP(db_done) = {};
	int result = sqlite_load(&db.sqlite, fault);

	if (result < 0)
		return result;
	note_error(&db, db.sqlite.open_v2(path, &db.connection,
					  SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
	if (db.error == SQLITE_OK)
		fill(&db, registry, origin);
	if (db.error == SQLITE_NOMEM)
		return fault_memory(fault);
	return db.error == SQLITE_OK ? 0
				     : fault_set(fault, FAULT_SYSTEM, "cannot write: %s",
						 db.sqlite.errstr(db.error));
}

int db_write(const char *path, const struct registry *registry, struct slice origin,
	     struct fault *fault)
{
	struct file_draft draft;
	int result = file_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	if (draft.temporary)
		result = write_database(draft.temporary, registry, origin, fault);
	else
		result = fault_set(fault, FAULT_SYSTEM,
				   "a database is a file: not a device, pipe "
				   "or folder");
	if (result == 0)
		return file_draft_commit(&draft, fault);
	file_draft_abort(&draft);
	return result;
}
