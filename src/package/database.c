/*
 * The tables are filled in one transaction, in the order of the registry, on a page size that is
 * stated: everything that a database's bytes depend on but the version of SQLite.
 */
#include "base/file.h"
#include "base/strbuf.h"
#include "db/db.h"
#include "package/package.h"

static const char pragmas[] =
	"PRAGMA page_size=4096;"
	"PRAGMA encoding='UTF-8';"
	/* The file is thrown away unless all goes well, and synced when it has. */
	"PRAGMA journal_mode=OFF;"
	"PRAGMA synchronous=OFF;"
	"PRAGMA locking_mode=EXCLUSIVE;"
	"PRAGMA foreign_keys=OFF;"
	/* In KiB: what is written is read once more, in its order, for the indexes. */
	"PRAGMA cache_size=-500;"
	"PRAGMA cache_spill=ON;"
	"PRAGMA user_version=1;";

static const char tables[] = "CREATE TABLE facts (\n"
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
	"CREATE INDEX row_people_by_id ON row_people (id);";

enum statement { ADD_FACT, ADD_PERSON, ADD_ROW, ADD_ROW_PERSON, STATEMENT_COUNT };

static const char *const statements[STATEMENT_COUNT] = {
	[ADD_FACT] = "INSERT OR IGNORE INTO facts VALUES (?1,?2)",
	[ADD_PERSON] = "INSERT INTO people VALUES (?1,?2,?3,?4,?5,?6)",
	[ADD_ROW] = ("INSERT INTO rows VALUES "
		     "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)"),
	/* Whoever is named twice in a column is still one contact. */
	[ADD_ROW_PERSON] = "INSERT OR IGNORE INTO row_people VALUES (?1,?2,?3)",
};

/* A database being filled. Its error is sticky, as with struct out. */
struct filling {
	struct db *db;
	struct db_statement *statements[STATEMENT_COUNT];
	struct strbuf shown, rich;
	int result; /* 0 while all is well */
	struct fault *fault;
};

static void filling_done(struct filling *filling)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		db_finish(filling->statements[i]);
	db_close(filling->db);
	strbuf_done(&filling->shown);
	strbuf_done(&filling->rich);
}

static void run(struct filling *filling, const char *sql)
{
	if (filling->result == 0)
		filling->result = db_run(filling->db, sql, filling->fault);
}

/* Absent and empty text alike are NULL. Columns count from 1. */
static void bind_text(struct filling *filling, enum statement statement, int column,
		      struct slice text)
{
	db_bind_text(filling->statements[statement], column, text.n > 0 ? text : SLICE_NONE);
}

/* A negative number is NULL. */
static void bind_number(struct filling *filling, enum statement statement, int column,
			int64_t number)
{
	if (number >= 0)
		db_bind_int(filling->statements[statement], column, number);
}

/* Inserts what was bound. */
static void insert(struct filling *filling, enum statement statement)
{
	if (filling->result == 0)
		filling->result = db_step(filling->statements[statement], filling->fault);
}

static void prepare(struct filling *filling)
{
	for (size_t i = 0; i < STATEMENT_COUNT && filling->result == 0; i++)
		filling->result = db_prepare(filling->db, statements[i], &filling->statements[i],
					     filling->fault);
}

static void add_fact(struct filling *filling, struct slice key, struct slice rich)
{
	if (rich.n == 0 || filling->result < 0)
		return;
	filling->shown.n = 0;
	rich_show(rich, &filling->shown);
	bind_text(filling, ADD_FACT, 1, key);
	bind_text(filling, ADD_FACT, 2, strbuf_slice(&filling->shown));
	if (filling->shown.n > 0)
		insert(filling, ADD_FACT);
}

/* "note 1", "note 2", ...: "TITLE: TEXT", or the text alone. */
static void add_notes(struct filling *filling, const char *kind, const struct registry_note *notes,
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
			filling->result = fault_memory(filling->fault);
		add_fact(filling, strbuf_slice(&key), strbuf_slice(&text));
	}
}

static void add_facts(struct filling *filling, const struct registry *registry, struct slice origin)
{
	const struct registry_header *header = &registry->header;

	add_fact(filling, SLICE("id"), header->id);
	add_fact(filling, SLICE("title"), header->title);
	add_fact(filling, SLICE("category"), header->category);
	add_fact(filling, SLICE("updated"), header->updated);
	add_fact(filling, SLICE("references"), header->references);
	add_fact(filling, SLICE("expert"), header->expert);
	add_fact(filling, SLICE("origin"), origin);
	add_notes(filling, "note", registry->notes, registry->note_count);
	add_notes(filling, "footnote", registry->footnotes, registry->footnote_count);
}

/* Several addresses are parted by line feeds. */
static struct slice addresses(struct filling *filling, struct slice uri)
{
	struct rich_run run;

	filling->shown.n = 0;
	while (rich_next(&uri, &run)) {
		if (run.kind != RICH_TEXT)
			continue;
		strbuf_add(&filling->shown, filling->shown.n > 0 ? SLICE("\n") : SLICE_NONE);
		strbuf_add(&filling->shown, run.text);
	}
	return strbuf_slice(&filling->shown);
}

static void add_person(struct filling *filling, const struct person *person, int64_t position)
{
	bind_number(filling, ADD_PERSON, 1, position);
	/* An id that is not there is still no reason to lose the person. */
	if (person->id.n > 0)
		bind_text(filling, ADD_PERSON, 2, person->id);
	else
		db_bind_text(filling->statements[ADD_PERSON], 2, SLICE(""));
	bind_text(filling, ADD_PERSON, 3, person->name);
	bind_text(filling, ADD_PERSON, 4, person->organization);
	bind_text(filling, ADD_PERSON, 5, addresses(filling, person->uri));
	bind_text(filling, ADD_PERSON, 6, person->updated);
	insert(filling, ADD_PERSON);
}

static void add_row(struct filling *filling, const struct row *row, int64_t position)
{
	static const enum column columns[] = {
		COLUMN_DESCRIPTION,  COLUMN_ASSIGNEE,	  COLUMN_CONTACT,
		COLUMN_REGISTERED,   COLUMN_MODIFIED,	  COLUMN_REFERENCE,
		COLUMN_SERVICE_CODE, COLUMN_UNAUTHORIZED, COLUMN_NOTES,
	};
	int at = 0;

	bind_number(filling, ADD_ROW, ++at, position);
	bind_text(filling, ADD_ROW, ++at, row->shown[COLUMN_NAME]);
	bind_number(filling, ADD_ROW, ++at, row->first_port);
	bind_number(filling, ADD_ROW, ++at, row->last_port);
	bind_text(filling, ADD_ROW, ++at, transport_name(row->transport));
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		bind_text(filling, ADD_ROW, ++at, row->shown[columns[i]]);
	bind_text(filling, ADD_ROW, ++at, row_state_name(row->state));
	bind_text(filling, ADD_ROW, ++at, row_alias_of(row));
	bind_number(filling, ADD_ROW, ++at, row_is_historic(row));
	insert(filling, ADD_ROW);
}

/* Whom the row names: as assignee, as contact, or anywhere else (a mention). */
static void add_row_people(struct filling *filling, const struct row *row, int64_t position)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct slice role = SLICE("mention"), rest;
		struct rich_run run;

		if (i == COLUMN_ASSIGNEE || i == COLUMN_CONTACT)
			role = column_key((enum column)i);
		filling->rich.n = 0;
		row_rich(row, (enum column)i, &filling->rich);
		rest = strbuf_slice(&filling->rich);
		while (rich_next(&rest, &run)) {
			if (run.kind != RICH_REFERENCE || run.data.n == 0 ||
			    !slice_eq(run.type, SLICE("person")))
				continue;
			bind_number(filling, ADD_ROW_PERSON, 1, position);
			bind_text(filling, ADD_ROW_PERSON, 2, run.data);
			bind_text(filling, ADD_ROW_PERSON, 3, role);
			insert(filling, ADD_ROW_PERSON);
		}
	}
}

/* Positions count from 1. */
static void fill(struct filling *filling, const struct registry *registry, struct slice origin)
{
	run(filling, tables);
	prepare(filling);
	if (filling->result < 0)
		return;
	add_facts(filling, registry, origin);
	for (size_t i = 0; i < registry->person_count && filling->result == 0; i++)
		add_person(filling, &registry->people[i], (int64_t)i + 1);
	for (size_t i = 0; i < registry->row_count && filling->result == 0; i++) {
		struct row row = registry_row(registry, i);

		add_row(filling, &row, (int64_t)i + 1);
		add_row_people(filling, &row, (int64_t)i + 1);
	}
	if (filling->shown.failed || filling->rich.failed)
		filling->result = fault_memory(filling->fault);
	run(filling, indexes);
}

static int write_database(const char *path, const struct registry *registry, struct slice origin,
			  struct fault *fault)
{
	struct filling filling CLEANUP(filling_done) = {.fault = fault};

	filling.result = db_open(path, NULL, &filling.db, fault);
	run(&filling, pragmas);
	if (filling.result == 0)
		filling.result = db_begin(filling.db, true, fault);
	if (filling.result == 0)
		fill(&filling, registry, origin);
	return filling.result < 0 ? filling.result : db_commit(filling.db, fault);
}

int package_write_database(const char *path, const struct registry *registry, struct slice origin,
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
