/* Rows from one database into another, whatever engine each is of. */
#include "db/db.h"

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

static int prepare(struct db *db, struct strbuf *sql, struct db_statement **ret_statement,
		   struct fault *fault)
{
	strbuf_add_byte(sql, '\0');
	return sql->failed ? fault_memory(fault) : db_prepare(db, sql->p, ret_statement, fault);
}

int db_copy_table(struct db *from, struct db *to, const struct db_table *table, struct fault *fault)
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
	result = prepare(from, &select, &reading, fault);
	if (result == 0)
		result = prepare(to, &insert, &writing, fault);
	while (result == 0 && (result = db_step(reading, fault)) > 0)
		result = copy_row(reading, writing, types, fault);
	return result;
}

/* The columns of a definition, a line each; constraints of the table begin with capitals. */
static void read_columns(struct slice *schema, struct strbuf *columns, struct strbuf *types)
{
	while (schema->n > 0 && schema->p[0] != ')') {
		struct slice line = slice_trim(slice_cut(schema, '\n'));
		struct slice name = slice_cut(&line, ' ');

		if (name.n == 0 || name.p[0] < 'a' || name.p[0] > 'z')
			continue;
		strbuf_add(columns, columns->n > 0 ? SLICE(", ") : SLICE(""));
		strbuf_add(columns, name);
		strbuf_add_byte(types, slice_starts(line, SLICE("INTEGER")) ? 'i'
				       : slice_starts(line, SLICE("BYTES")) ? 'b'
									    : 't');
	}
	strbuf_add_byte(columns, '\0');
	strbuf_add_byte(types, '\0');
}

/* The next table of a schema. 1, 0: there is none; or a negative fault. */
static int copy_next(struct db *from, struct db *to, struct slice *schema, struct fault *fault)
{
	static const struct slice begin = SLICE("CREATE TABLE ");
	struct strbuf name CLEANUP(strbuf_done) = {}, columns CLEANUP(strbuf_done) = {};
	struct strbuf types CLEANUP(strbuf_done) = {}, empty CLEANUP(strbuf_done) = {};
	size_t at = slice_find(*schema, begin);
	int result;

	if (at == (size_t)-1)
		return 0;
	*schema = slice_skip(*schema, at + begin.n);
	strbuf_add(&name, slice_cut(schema, ' '));
	strbuf_add_byte(&name, '\0');
	(void)slice_cut(schema, '\n');
	read_columns(schema, &columns, &types);
	if (name.failed || columns.failed || types.failed)
		return fault_memory(fault);
	/* A schema may come with rows. */
	strbuf_printf(&empty, "DELETE FROM %s", name.p);
	strbuf_add_byte(&empty, '\0');
	result = empty.failed ? fault_memory(fault) : db_run(to, empty.p, fault);
	if (result == 0)
		result = db_copy_table(from, to,
				       &(struct db_table){name.p, columns.p, types.p, "1"}, fault);
	return result < 0 ? result : 1;
}

int db_copy_schema(struct db *from, struct db *to, const char *schema, struct fault *fault)
{
	struct slice rest = slice_cstr(schema);
	int result;

	while ((result = copy_next(from, to, &rest, fault)) > 0)
		;
	return result;
}
