/* Copying a store into another, between engines too. */
#include "history/store.h"

/* A table's columns: t a text, i a number, b bytes. Those of lists are made from list.h. */
struct table {
	const char *name, *columns, *types, *order;
};

static const struct table first_tables[] = {
	/* Documents after those that they build upon. */
	{"documents", "sha256, bytes, base, depth, packed", "titib", "depth"},
	{"editions",
	 "edition, date, sequence, updated, format, origin, imported, sha256, row_count, "
	 "person_count, lists",
	 "ititttttiii", "edition"},
};

static const struct table last_tables[] = {
	{"places", "list, edition, run, position", "iiii", "list, edition, run"},
	{"sources", "url, etag, last_modified, fetched", "tttt", "url"},
};

static int copy_row(struct db_statement *from, struct db_statement *to, struct slice types,
		    struct fault *fault)
{
	for (int i = 0; i < (int)types.n; i++) {
		if (db_is_null(from, i))
			db_bind_text(to, i + 1, SLICE_NONE);
		else if (types.p[i] == 'i')
			db_bind_int(to, i + 1, db_int(from, i));
		else if (types.p[i] == 'b')
			db_bind_bytes(to, i + 1, db_bytes(from, i));
		else
			db_bind_text(to, i + 1, db_text(from, i));
	}
	return db_step(to, fault);
}

static int copy_table(struct history *from, struct history *to, const struct table *table,
		      struct fault *fault)
{
	struct db_statement *reading CLEANUP(db_finishp) = NULL;
	struct db_statement *writing CLEANUP(db_finishp) = NULL;
	struct strbuf select CLEANUP(strbuf_done) = {}, insert CLEANUP(strbuf_done) = {};
	struct slice types = slice_cstr(table->types);
	int result;

	strbuf_printf(&select, "SELECT %s FROM %s ORDER BY %s", table->columns, table->name,
		      table->order);
	strbuf_printf(&insert, "INSERT INTO %s (%s) VALUES (?1", table->name, table->columns);
	for (size_t i = 1; i < types.n; i++)
		strbuf_printf(&insert, ", ?%zu", i + 1);
	strbuf_add_byte(&insert, ')');
	result = store_prepare(from, &select, &reading, fault);
	if (result == 0)
		result = store_prepare(to, &insert, &writing, fault);
	while (result == 0 && (result = db_step(reading, fault)) > 0)
		result = copy_row(reading, writing, types, fault);
	return result;
}

static int copy_list(struct history *from, struct history *to, enum list_kind kind,
		     struct fault *fault)
{
	struct strbuf columns CLEANUP(strbuf_done) = {}, types CLEANUP(strbuf_done) = {};

	strbuf_add(&columns, SLICE("run, since, until, position, copy, "));
	strbuf_add(&types, SLICE("iiiii"));
	store_add_columns(&columns, kind);
	for (size_t i = 0; i < list_columns(kind); i++)
		strbuf_add_byte(&types, list_at(kind)->columns[i].role == LIST_NUMBER ? 'i' : 't');
	strbuf_add_byte(&columns, '\0');
	strbuf_add_byte(&types, '\0');
	if (columns.failed || types.failed)
		return fault_memory(fault);
	return copy_table(from, to,
			  &(struct table){list_at(kind)->table, columns.p, types.p, "run"}, fault);
}

int history_copy(struct history *from, struct history *to, struct fault *fault)
{
	int64_t editions, desk;
	int result = store_number(from, "SELECT value FROM meta WHERE key = 'desk'", NULL, 0, &desk,
				  fault);

	if (result == 0)
		return fault_set(
			fault, FAULT_SYSTEM,
			"holds requests and accounts, which would be missing in a copy: the "
			"database's own means copy all of it (a file's, or pg_dump)");
	if (result > 0)
		result = store_number(to, "SELECT count(*) FROM editions", NULL, 0, &editions,
				      fault);
	if (result < 0)
		return result;
	if (editions > 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "holds editions already: a store is copied into an empty one");
	for (size_t i = 0; i < ARRAY_SIZE(first_tables) && result == 0; i++)
		result = copy_table(from, to, &first_tables[i], fault);
	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++)
		result = copy_list(from, to, (enum list_kind)i, fault);
	for (size_t i = 0; i < ARRAY_SIZE(last_tables) && result == 0; i++)
		result = copy_table(from, to, &last_tables[i], fault);
	if (result == 0)
		result = db_run(to->db, "UPDATE meta SET value = value + 1 WHERE key = 'changes'",
				fault);
	return result;
}
