/* Copying a store into another, between engines too. */
#include "history/store.h"

/* Those of lists are made from list.h. */
static const struct db_table first_tables[] = {
	/* Documents after those that they build upon. */
	{"documents", "sha256, bytes, base, depth, packed", "titib", "depth"},
	{"editions",
	 "edition, date, sequence, updated, format, origin, imported, sha256, row_count, "
	 "person_count, lists",
	 "ititttttiii", "edition"},
};

static const struct db_table last_tables[] = {
	{"places", "list, edition, run, position", "iiii", "list, edition, run"},
	{"sources", "url, etag, last_modified, fetched", "tttt", "url"},
};

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
	return db_copy_table(from->db, to->db,
			     &(struct db_table){list_at(kind)->table, columns.p, types.p, "run"},
			     fault);
}

int history_copy(struct history *from, struct history *to, struct fault *fault)
{
	int64_t editions;
	int result =
		store_number(to, "SELECT count(*) FROM editions", DB_NO_VALUES, &editions, fault);

	if (result < 0)
		return result;
	if (editions > 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "holds editions already: a store is copied into an empty one");
	for (size_t i = 0; i < ARRAY_SIZE(first_tables) && result == 0; i++)
		result = db_copy_table(from->db, to->db, &first_tables[i], fault);
	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++)
		result = copy_list(from, to, (enum list_kind)i, fault);
	for (size_t i = 0; i < ARRAY_SIZE(last_tables) && result == 0; i++)
		result = db_copy_table(from->db, to->db, &last_tables[i], fault);
	if (result == 0)
		result = db_run(to->db, "UPDATE meta SET value = value + 1 WHERE key = 'changes'",
				fault);
	return result;
}
