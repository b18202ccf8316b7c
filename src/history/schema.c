#include "history/schema.h"

/*
 * The steps that lead to the present tables, from an empty database. A step is never changed once
 * it was released: what comes after it is a step of its own. docs/STORE.md explains the tables.
 */
#define WIDER(number) number " / 100 * 10000 + " number " % 100"
/* What still holds has a number that no edition has. */
#define WIDEN(table)                                                                               \
	"UPDATE " table                                                                            \
	" SET since = " WIDER("since") ", until = CASE WHEN until = 9999999999 "                   \
				       "THEN 999999999999 ELSE " WIDER("until") " END;"

static const char *const steps[] = {
	"CREATE TABLE meta (\n"
	"  key TEXT PRIMARY KEY,\n"
	"  value INTEGER NOT NULL\n"
	");"
	"INSERT INTO meta VALUES ('version', 0), ('changes', 0);"
	"CREATE TABLE documents (\n"
	"  sha256 TEXT PRIMARY KEY,\n"
	"  bytes INTEGER NOT NULL,\n"
	"  base TEXT REFERENCES documents (sha256),\n"
	"  depth INTEGER NOT NULL,\n"
	"  packed BYTES NOT NULL\n"
	");"
	"CREATE TABLE editions (\n"
	"  edition INTEGER PRIMARY KEY,\n"
	"  date TEXT NOT NULL,\n"
	"  sequence INTEGER NOT NULL,\n"
	"  updated TEXT,\n"
	"  format TEXT NOT NULL,\n"
	"  origin TEXT,\n"
	"  imported TEXT,\n"
	"  sha256 TEXT NOT NULL REFERENCES documents (sha256),\n"
	"  row_count INTEGER NOT NULL,\n"
	"  person_count INTEGER NOT NULL,\n"
	"  lists INTEGER NOT NULL\n"
	");"
	"CREATE TABLE headers (\n"
	"  run INTEGER PRIMARY KEY,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  copy INTEGER NOT NULL,\n"
	"  prolog TEXT,\n"
	"  id TEXT,\n"
	"  title TEXT,\n"
	"  category TEXT,\n"
	"  reference TEXT,\n"
	"  expert TEXT,\n"
	"  header_layout TEXT,\n"
	"  people_layout TEXT,\n"
	"  end_layout TEXT\n"
	");"
	"CREATE TABLE notes (\n"
	"  run INTEGER PRIMARY KEY,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  copy INTEGER NOT NULL,\n"
	"  title TEXT,\n"
	"  note TEXT\n"
	");"
	"CREATE TABLE footnotes (\n"
	"  run INTEGER PRIMARY KEY,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  copy INTEGER NOT NULL,\n"
	"  anchor TEXT,\n"
	"  note TEXT,\n"
	"  verbatim TEXT\n"
	");"
	"CREATE TABLE people (\n"
	"  run INTEGER PRIMARY KEY,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  copy INTEGER NOT NULL,\n"
	"  id TEXT,\n"
	"  name TEXT,\n"
	"  organization TEXT,\n"
	"  uri TEXT,\n"
	"  updated TEXT,\n"
	"  verbatim TEXT\n"
	");"
	"CREATE TABLE rows (\n"
	"  run INTEGER PRIMARY KEY,\n"
	"  since INTEGER NOT NULL,\n"
	"  until INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  copy INTEGER NOT NULL,\n"
	"  name TEXT,\n"
	"  port TEXT,\n"
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
	"  elements TEXT,\n"
	"  rich TEXT,\n"
	"  verbatim TEXT,\n"
	"  name_key TEXT,\n"
	"  first_port INTEGER,\n"
	"  last_port INTEGER,\n"
	"  state TEXT NOT NULL\n"
	");"
	"CREATE TABLE places (\n"
	"  list INTEGER NOT NULL,\n"
	"  edition INTEGER NOT NULL REFERENCES editions (edition),\n"
	"  run INTEGER NOT NULL,\n"
	"  position INTEGER NOT NULL,\n"
	"  PRIMARY KEY (list, edition, run)\n"
	");"
	"CREATE TABLE sources (\n"
	"  url TEXT PRIMARY KEY,\n"
	"  etag TEXT,\n"
	"  last_modified TEXT,\n"
	"  fetched TEXT NOT NULL\n"
	");"
	"CREATE INDEX editions_by_document ON editions (sha256);"
	"CREATE INDEX people_by_id ON people (id);"
	"CREATE INDEX people_since ON people (since);"
	"CREATE INDEX people_until ON people (until);"
	"CREATE INDEX rows_by_name ON rows (name_key);"
	"CREATE INDEX rows_by_port ON rows (first_port);"
	"CREATE INDEX rows_by_range ON rows (last_port, first_port) WHERE last_port > first_port;"
	"CREATE INDEX rows_since ON rows (since);"
	"CREATE INDEX rows_until ON rows (until);"
	"CREATE VIEW row_dates AS\n"
	"  SELECT rows.*, first.date AS first_date, gone.date AS gone_date\n"
	"  FROM rows JOIN editions AS first ON first.edition = rows.since\n"
	"  LEFT JOIN editions AS gone ON gone.edition = rows.until;"
	"CREATE VIEW person_dates AS\n"
	"  SELECT people.*, first.date AS first_date, gone.date AS gone_date\n"
	"  FROM people JOIN editions AS first ON first.edition = people.since\n"
	"  LEFT JOIN editions AS gone ON gone.edition = people.until;",

	/* Numbers of editions had two digits for those of a day, and have four. */
	"CREATE TABLE kept_places AS SELECT list, edition, run, position FROM places;"
	"DROP TABLE places;"
	"UPDATE editions SET edition = " WIDER("edition") ";" WIDEN("headers") WIDEN("notes")
		WIDEN("footnotes") WIDEN("people")
			WIDEN("rows") "CREATE TABLE places (\n"
				      "  list INTEGER NOT NULL,\n"
				      "  edition INTEGER NOT NULL REFERENCES editions (edition),\n"
				      "  run INTEGER NOT NULL,\n"
				      "  position INTEGER NOT NULL,\n"
				      "  PRIMARY KEY (list, edition, run)\n"
				      ");"
				      "INSERT INTO places SELECT list, " WIDER(
					      "edition") ", run, position FROM kept_places;"
							 "DROP TABLE kept_places;",
};

enum { VERSION = ARRAY_SIZE(steps) };

/* The version of what looks like a store. 1, or 0 or a fault where that is none. */
static int read_version(struct db *db, int64_t *ret_version, struct fault *fault)
{
	return db_query_number(db, "SELECT value FROM meta WHERE key = 'version'", DB_NO_VALUES,
			       ret_version, fault);
}

/* 1 and the version; 0: no tables at all; FAULT_UNKNOWN: a database of something else. */
static int find_version(struct db *db, int64_t *ret_version, struct fault *fault)
{
	const char *tables = db_engine(db) == DB_SQLITE
				     ? "SELECT name FROM sqlite_master WHERE type = 'table'"
				     : "SELECT CAST(tablename AS text) FROM pg_tables "
				       "WHERE schemaname = current_schema()";
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	bool any = false, store = false;
	int result = db_prepare(db, tables, &statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		any = true;
		store |= slice_eq(db_text(statement, 0), SLICE("meta"));
		result = 0;
	}
	if (result < 0 || !any)
		return result;
	if (!store)
		return fault_set(fault, FAULT_UNKNOWN, "a database, but not a store of editions");
	result = read_version(db, ret_version, fault);
	return result == 0
		       ? fault_set(fault, FAULT_UNKNOWN, "a database, but not a store of editions")
		       : result;
}

static int set_version(struct db *db, int64_t version, struct fault *fault)
{
	return db_execute(db, "UPDATE meta SET value = ?1 WHERE key = 'version'",
			  DB_VALUES(db_value_int(version)), fault);
}

static int take_steps(struct db *db, int64_t from, struct fault *fault)
{
	int result = 0;

	for (int64_t i = from; i < VERSION && result == 0; i++) {
		result = db_run(db, steps[i], fault);
		if (result == 0)
			result = set_version(db, i + 1, fault);
	}
	return result;
}

/* Within a transaction, so that of two programs that find it old one brings it up to date. */
static int bring_up(struct db *db, bool create, struct fault *fault)
{
	int64_t version = 0;
	int result = db_begin(db, true, fault);

	if (result < 0)
		return result;
	result = find_version(db, &version, fault);
	if (result == 0 && !create)
		result = fault_set(fault, FAULT_UNKNOWN,
				   "an empty database, not a store of editions");
	if (result >= 0)
		result = take_steps(db, version, fault);
	if (result == 0)
		return db_commit(db, fault);
	db_rollback(db);
	return result;
}

int schema_check(struct db *db, bool writing, bool create, struct fault *fault)
{
	int64_t version = 0;
	int result;

	/* Nearly always, and soon: outside of a transaction a question may fail. */
	if (read_version(db, &version, NULL) > 0 && version == VERSION)
		return 0;
	result = find_version(db, &version, fault);
	if (result < 0)
		return result;
	if (version > VERSION)
		return fault_set(fault, FAULT_UNKNOWN,
				 "a store of version %lld, made by a newer portbook than this",
				 (long long)version);
	if (version == VERSION)
		return 0;
	if (writing)
		return bring_up(db, create, fault);
	return result == 0 ? fault_set(fault, FAULT_UNKNOWN,
				       "an empty database, not a store of editions")
			   : fault_set(fault, FAULT_UNKNOWN,
				       "a store of version %lld: the next import or update brings "
				       "it to version %d",
				       (long long)version, VERSION);
}
