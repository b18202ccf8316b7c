/* Editions, or parts of them, as registries again. */
#include <stdlib.h>

#include "base/utf8.h"
#include "history/store.h"

/* More conditions than this are not put to the database: everything is read instead. */
enum { CONDITIONS_MAX = 100, PEOPLE_MAX = 500 };

/* What of a list is wanted: a condition whose parameters count on from those of read_list(). */
struct wanted {
	struct strbuf condition; /* empty: everything */
	struct db_parameter {
		struct slice text; /* absent: the number */
		int64_t number;
	} * parameters;
	size_t count, size;
	struct strbuf folded; /* names */
};

/* The first parameter of a condition; ?1 is the edition, ?2 the list. */
enum { FIRST_PARAMETER = 3 };

static void wanted_done(struct wanted *wanted)
{
	strbuf_done(&wanted->condition);
	strbuf_done(&wanted->folded);
	free(wanted->parameters);
}

static void want(struct wanted *wanted, struct slice text, int64_t number)
{
	if (wanted->count == wanted->size) {
		size_t size = wanted->size ? wanted->size * 2 : 16;
		struct db_parameter *grown = reallocarray(wanted->parameters, size, sizeof(*grown));

		if (!grown) {
			wanted->condition.failed = true;
			return;
		}
		wanted->parameters = grown;
		wanted->size = size;
	}
	wanted->parameters[wanted->count++] = (struct db_parameter){text, number};
}

/*
 * Reads entries of a list that an edition has, in its order, into the registry. The plus signs keep
 * SQLite from looking for the edition first, which most entries have, instead of what is wanted.
 */
static int read_list(struct history *history, enum list_kind kind, int64_t number,
		     const struct wanted *wanted, struct registry *registry, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf sql CLEANUP(strbuf_done) = {};
	struct list_entry entry CLEANUP(list_entry_done) = {};
	int result;

	strbuf_add(&sql, SLICE("SELECT "));
	store_add_columns(&sql, kind);
	strbuf_printf(&sql,
		      " FROM %s AS entry LEFT JOIN places ON places.list = ?2 AND "
		      "places.edition = ?1 AND places.run = entry.run "
		      "WHERE +entry.since <= ?1 AND +entry.until > ?1",
		      list_at(kind)->table);
	if (wanted && wanted->condition.n > 0) {
		strbuf_add(&sql, SLICE(" AND "));
		strbuf_add(&sql, strbuf_slice(&wanted->condition));
	}
	sql.failed |= wanted && wanted->condition.failed;
	strbuf_add(&sql, SLICE(" ORDER BY coalesce(places.position, entry.position)"));
	result = store_prepare(history, &sql, &statement, fault);
	if (result < 0)
		return result;
	db_bind_int(statement, 1, number);
	db_bind_int(statement, 2, (int64_t)kind);
	for (size_t i = 0; wanted && i < wanted->count; i++) {
		int parameter = (int)i + FIRST_PARAMETER;

		if (wanted->parameters[i].text.p)
			db_bind_text(statement, parameter, wanted->parameters[i].text);
		else
			db_bind_int(statement, parameter, wanted->parameters[i].number);
	}
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		store_get_entry(statement, 0, kind, &entry);
		result = list_append(kind, registry, &entry, fault);
	}
	return result;
}

static int read_date(struct history *history, int64_t number, struct registry *registry,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(history->db,
			      "SELECT coalesce(updated, date) FROM editions WHERE edition = ?1",
			      DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result == 0)
		return fault_set(fault, FAULT_SYSTEM, "no such edition in the store");
	if (result > 0 && list_restore_date(registry, db_text(statement, 0)) < 0)
		return fault_memory(fault);
	return result < 0 ? result : 0;
}

/* Header, notes and footnotes. */
static int read_front(struct history *history, int64_t number, struct registry *registry,
		      struct fault *fault)
{
	static const enum list_kind kinds[] = {LIST_HEADERS, LIST_NOTES, LIST_FOOTNOTES};
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds) && result == 0; i++)
		result = read_list(history, kinds[i], number, NULL, registry, fault);
	return result == 0 ? read_date(history, number, registry, fault) : result;
}

/* The names, folded one behind the other. */
static void want_names(struct wanted *wanted, const struct history_filter *filter)
{
	size_t length = 0;
	char *folded;

	for (size_t i = 0; i < filter->name_count; i++)
		length += filter->names[i].n;
	folded = strbuf_extend(&wanted->folded, length + 1);
	if (!folded) {
		wanted->condition.failed = true;
		return;
	}
	for (size_t i = 0; i < filter->name_count; i++) {
		struct slice name = filter->names[i];

		strbuf_printf(&wanted->condition, "%sname_key = ?%zu",
			      wanted->count > 0 ? " OR " : "", wanted->count + FIRST_PARAMETER);
		utf8_fold(name, folded);
		want(wanted, (struct slice){folded, name.n}, 0);
		folded += name.n;
	}
}

/* Rows that begin among the ports, and ranges that reach them from before: an index each. */
static void want_ports(struct wanted *wanted, const struct history_filter *filter)
{
	for (size_t i = 0; i < filter->port_count; i++) {
		size_t first = wanted->count + FIRST_PARAMETER, last = first + 1;

		strbuf_printf(&wanted->condition,
			      "%sfirst_port BETWEEN ?%zu AND ?%zu OR (last_port > first_port AND "
			      "last_port >= ?%zu AND first_port < ?%zu)",
			      wanted->count > 0 ? " OR " : "", first, last, first, first);
		want(wanted, SLICE_NONE, filter->ports[i].first);
		want(wanted, SLICE_NONE, filter->ports[i].last);
	}
}

/* The ids of people that the rows name anywhere, each once. */
static void want_people(struct wanted *wanted, const struct registry *registry, struct strbuf *rich)
{
	for (size_t i = 0; i < registry->row_count; i++) {
		const struct row row = registry_row(registry, i);

		for (unsigned column = 0; column < COLUMN_COUNT; column++)
			row_rich(&row, (enum column)column, rich);
	}
	for (struct slice rest = strbuf_slice(rich); rest.n > 0;) {
		struct rich_run run;

		if (!rich_next(&rest, &run))
			break;
		if (run.kind == RICH_REFERENCE && slice_eq(run.type, SLICE("person")))
			want(wanted, run.data, 0);
	}
	strbuf_add(&wanted->condition, SLICE("id IN ("));
	for (size_t i = 0; i < wanted->count; i++)
		strbuf_printf(&wanted->condition, "%s?%zu", i > 0 ? ", " : "", i + FIRST_PARAMETER);
	strbuf_add_byte(&wanted->condition, ')');
	wanted->condition.failed |= rich->failed;
}

static int read_part(struct history *history, int64_t number, const struct history_filter *filter,
		     struct registry *registry, struct fault *fault)
{
	struct wanted rows CLEANUP(wanted_done) = {}, people CLEANUP(wanted_done) = {};
	struct strbuf rich CLEANUP(strbuf_done) = {};
	int result;

	strbuf_add_byte(&rows.condition, '(');
	want_names(&rows, filter);
	want_ports(&rows, filter);
	strbuf_add_byte(&rows.condition, ')');
	result = read_list(history, LIST_ROWS, number, &rows, registry, fault);
	if (result < 0)
		return result;
	want_people(&people, registry, &rich);
	if (people.count == 0)
		return 0;
	return read_list(history, LIST_PEOPLE, number, people.count <= PEOPLE_MAX ? &people : NULL,
			 registry, fault);
}

static int read_whole(struct history *history, int64_t number, struct registry *registry,
		      struct fault *fault)
{
	int result = read_front(history, number, registry, fault);

	if (result == 0)
		result = read_list(history, LIST_ROWS, number, NULL, registry, fault);
	return result == 0 ? read_list(history, LIST_PEOPLE, number, NULL, registry, fault)
			   : result;
}

int history_read(struct history *history, int64_t number, const struct history_filter *filter,
		 struct registry **ret_registry, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	int result;

	if (!registry)
		return fault_memory(fault);
	if (filter && filter->name_count + filter->port_count > 0 &&
	    filter->name_count + filter->port_count <= CONDITIONS_MAX)
		result = read_part(history, number, filter, registry, fault);
	else
		result = read_whole(history, number, registry, fault);
	if (result == 0)
		*ret_registry = take(registry);
	return result;
}

/* Runs that begin or end after ?3 and up to ?4: no others hold in only one of the two. */
#define TURNING(table)                                                                             \
	"SELECT run FROM " table " WHERE since > ?3 AND since <= ?4 "                              \
	"UNION SELECT run FROM " table " WHERE until > ?3 AND until <= ?4"

static int read_side(struct history *history, int64_t number, int64_t low, int64_t high,
		     struct registry *registry, struct fault *fault)
{
	struct wanted rows CLEANUP(wanted_done) = {}, people CLEANUP(wanted_done) = {};
	int result = read_front(history, number, registry, fault);

	strbuf_add(&rows.condition,
		   SLICE("entry.run IN (" TURNING(
			   "rows") " UNION SELECT run FROM rows WHERE "
				   "name_key IN (SELECT name_key FROM rows WHERE run IN (" TURNING(
					   "rows") ")))"));
	strbuf_add(&people.condition, SLICE("entry.run IN (" TURNING("people") ")"));
	want(&rows, SLICE_NONE, low);
	want(&rows, SLICE_NONE, high);
	want(&people, SLICE_NONE, low);
	want(&people, SLICE_NONE, high);
	if (result == 0)
		result = read_list(history, LIST_ROWS, number, &rows, registry, fault);
	if (result == 0)
		result = read_list(history, LIST_PEOPLE, number, &people, registry, fault);
	return result;
}

int history_compare(struct history *history, int64_t a, int64_t b, struct registry **ret_a,
		    struct registry **ret_b, struct fault *fault)
{
	struct registry *first CLEANUP(registry_freep) = registry_new();
	struct registry *second CLEANUP(registry_freep) = registry_new();
	int64_t low = a < b ? a : b, high = a < b ? b : a;
	int result;

	if (!first || !second)
		return fault_memory(fault);
	result = read_side(history, a, low, high, first, fault);
	if (result == 0)
		result = read_side(history, b, low, high, second, fault);
	if (result < 0)
		return result;
	*ret_a = take(first);
	*ret_b = take(second);
	return 0;
}

/* Editions at which something turns, gathered. */
struct turns {
	int64_t *numbers;
	size_t count, size;
};

static void turns_done(struct turns *turns)
{
	free(turns->numbers);
}

static bool turns_add(struct turns *turns, int64_t number)
{
	if (number == RUN_FOREVER)
		return true;
	if (turns->count == turns->size) {
		size_t size = turns->size ? turns->size * 2 : 64;
		int64_t *grown = reallocarray(turns->numbers, size, sizeof(*grown));

		if (!grown)
			return false;
		turns->numbers = grown;
		turns->size = size;
	}
	turns->numbers[turns->count++] = number;
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return one < other ? -1 : one > other;
}

/* since and until of what a statement gives. */
static int gather(struct turns *turns, struct db_statement *statement, struct fault *fault)
{
	int result;

	while ((result = db_step(statement, fault)) > 0) {
		if (!turns_add(turns, db_int(statement, 0)) ||
		    !turns_add(turns, db_int(statement, 1)))
			return fault_memory(fault);
	}
	return result;
}

static int gather_rows(struct history *history, const struct history_subject *subject,
		       struct turns *turns, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf sql CLEANUP(strbuf_done) = {}, folded CLEANUP(strbuf_done) = {};
	char *name = strbuf_extend(&folded, subject->name.n + 1);
	int result;

	if (!name)
		return fault_memory(fault);
	utf8_fold(subject->name, name);
	strbuf_add(&sql, SLICE("SELECT since, until FROM rows WHERE "));
	strbuf_add(&sql, subject->name.p ? SLICE("name_key = ?1")
					 : SLICE("(first_port = ?1 OR (last_port > first_port AND "
						 "last_port >= ?1 AND first_port < ?1))"));
	strbuf_add(&sql, subject->transport.p ? SLICE(" AND transport = ?2") : SLICE_NONE);
	result = store_prepare(history, &sql, &statement, fault);
	if (result < 0)
		return result;
	if (subject->name.p)
		db_bind_text(statement, 1, (struct slice){name, subject->name.n});
	else
		db_bind_int(statement, 1, subject->port);
	if (subject->transport.p)
		db_bind_text(statement, 2, subject->transport);
	return gather(turns, statement, fault);
}

/* "%[ID]%", with \ before what LIKE would take for wildcards. */
static void add_pattern(struct strbuf *pattern, struct slice id)
{
	strbuf_add(pattern, SLICE("%["));
	for (size_t i = 0; i < id.n; i++) {
		if (id.p[i] == '%' || id.p[i] == '_' || id.p[i] == '\\')
			strbuf_add_byte(pattern, '\\');
		strbuf_add_byte(pattern, id.p[i]);
	}
	strbuf_add(pattern, SLICE("]%"));
}

static int gather_person(struct history *history, const struct history_subject *subject,
			 struct turns *turns, struct fault *fault)
{
	static const char *const statements[] = {
		"SELECT since, until FROM people WHERE lower(id) = lower(?1)",
		"SELECT since, until FROM rows WHERE lower(contact) LIKE lower(?1) ESCAPE '\\' "
		"OR lower(assignee) LIKE lower(?1) ESCAPE '\\'",
	};
	struct strbuf pattern CLEANUP(strbuf_done) = {};
	int result = 0;

	add_pattern(&pattern, subject->id);
	if (pattern.failed)
		return fault_memory(fault);
	for (size_t i = 0; i < ARRAY_SIZE(statements) && result == 0; i++) {
		struct db_statement *statement CLEANUP(db_finishp) = NULL;

		result = db_prepare(history->db, statements[i], &statement, fault);
		if (result < 0)
			return result;
		db_bind_text(statement, 1, i == 0 ? subject->id : strbuf_slice(&pattern));
		result = gather(turns, statement, fault);
	}
	return result;
}

int history_turns(struct history *history, const struct history_subject *subject,
		  int (*handler)(void *context, int64_t number), void *context, struct fault *fault)
{
	struct turns turns CLEANUP(turns_done) = {};
	int result = subject->id.p ? gather_person(history, subject, &turns, fault)
				   : gather_rows(history, subject, &turns, fault);

	if (turns.count > 0)
		qsort(turns.numbers, turns.count, sizeof(*turns.numbers), compare_numbers);
	for (size_t i = 0; i < turns.count && result == 0; i++) {
		if (i == 0 || turns.numbers[i] != turns.numbers[i - 1])
			result = handler(context, turns.numbers[i]);
	}
	return result;
}

static int append_document(struct history *history, struct slice sha256, struct strbuf *ret_bytes,
			   struct fault *fault)
{
	int result = store_find_document(history, sha256, fault);

	if (result < 0)
		return result;
	strbuf_add(ret_bytes, strbuf_slice(&history->document));
	return ret_bytes->failed ? fault_memory(fault) : 0;
}

int history_document(struct history *history, int64_t number, struct strbuf *ret_bytes,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(history->db, "SELECT sha256 FROM editions WHERE edition = ?1",
			      DB_VALUES(db_value_int(number)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result == 0)
		return fault_set(fault, FAULT_SYSTEM, "no such edition in the store");
	return result < 0 ? result
			  : append_document(history, db_text(statement, 0), ret_bytes, fault);
}
