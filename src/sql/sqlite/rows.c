/*
 * portbook_rows(): the registry's rows as a table, in their order. A condition that gives a port or
 * a service name is answered by the image's indexes. SQLite checks every condition itself as well:
 * it is enough that no row is left out.
 */
#include <string.h>

#include "query/query.h"
#include "sql/sqlite/extension.h"

SQLITE_EXTENSION_INIT3

/* Columns behind the twelve. */
enum { FIRST_PORT = COLUMN_COUNT, LAST_PORT, STATE, RANGE };

static const char declaration[] =
	"CREATE TABLE x (name TEXT, port TEXT, transport TEXT, description TEXT, assignee TEXT, "
	"contact TEXT, registration_date TEXT, modification_date TEXT, reference TEXT, "
	"service_code TEXT, unauthorized_use TEXT, notes TEXT, first_port INTEGER, "
	"last_port INTEGER, state TEXT, \"range\" TEXT)";

struct table {
	sqlite3_vtab vtab;
	struct sqlite_module *module;
};

/* What a scan is given, in this order. */
enum { BY_NAME = 1, BY_PORT = 2, BY_TRANSPORT = 4 };

struct cursor {
	sqlite3_vtab_cursor cursor;
	struct sqlite_registry *registry;
	struct rowset rows; /* bits: NULL before the first scan */
	uint32_t row;
};

static int rows_connect(sqlite3 *connection, void *module, int count, const char *const *arguments,
			sqlite3_vtab **ret_table, char **ret_message)
{
	struct table *table;
	int result = sqlite3_declare_vtab(connection, declaration);

	(void)count;
	(void)arguments;
	(void)ret_message;
	if (result == SQLITE_OK)
		result = sqlite3_vtab_config(connection, SQLITE_VTAB_INNOCUOUS);
	if (result != SQLITE_OK)
		return result;
	table = sqlite3_malloc(sizeof(*table));
	if (!table)
		return SQLITE_NOMEM;
	*table = (struct table){.module = module};
	*ret_table = &table->vtab;
	return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

/* What an equation with the column is good for; 0: nothing. */
static int use_of(int column)
{
	switch (column) {
	case COLUMN_NAME:
		return BY_NAME;
	case COLUMN_PORT:
	case FIRST_PORT:
	case LAST_PORT:
		return BY_PORT;
	case COLUMN_TRANSPORT:
		return BY_TRANSPORT;
	default:
		return 0;
	}
}

/* Others than these may find texts equal that the indexes do not. */
static bool compares_letters(sqlite3_index_info *info, int constraint)
{
	const char *collation = sqlite3_vtab_collation(info, constraint);

	return sqlite3_stricmp(collation, "BINARY") == 0 ||
	       sqlite3_stricmp(collation, "NOCASE") == 0;
}

static int rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	int found[BY_TRANSPORT + 1] = {}; /* by use: a constraint's number plus one */
	int argument = 0;

	(void)table;
	for (int i = 0; i < info->nConstraint; i++) {
		int use = use_of(info->aConstraint[i].iColumn);

		if (use && info->aConstraint[i].usable &&
		    info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
		    compares_letters(info, i))
			found[use] = i + 1;
	}
	/* Of a transport alone half of all rows are. */
	info->idxNum = found[BY_NAME] ? BY_NAME : found[BY_PORT] ? BY_PORT : 0;
	if (info->idxNum && found[BY_TRANSPORT])
		info->idxNum |= BY_TRANSPORT;
	for (int use = BY_NAME; use <= BY_TRANSPORT; use *= 2) {
		if (info->idxNum & use)
			info->aConstraintUsage[found[use] - 1].argvIndex = ++argument;
	}
	info->estimatedCost = info->idxNum ? 10 : 1e6;
	info->estimatedRows = info->idxNum ? 4 : 20000;
	info->orderByConsumed =
		info->nOrderBy == 1 && info->aOrderBy[0].iColumn < 0 && !info->aOrderBy[0].desc;
	return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table_, sqlite3_vtab_cursor **ret_cursor)
{
	struct table *table = (struct table *)table_;
	struct cursor *cursor = sqlite3_malloc(sizeof(*cursor));

	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (struct cursor){.registry = sqlite_registry_hold(table->module)};
	*ret_cursor = &cursor->cursor;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *cursor_)
{
	struct cursor *cursor = (struct cursor *)cursor_;

	rowset_done(&cursor->rows);
	sqlite_registry_release(cursor->registry);
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static struct slice text_of(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return text ? (struct slice){text, (size_t)sqlite3_value_bytes(value)} : SLICE_NONE;
}

/* What was asked for as a question; false: all rows are to be looked at. */
static bool question_of(int by, sqlite3_value **values, struct query *ret_query)
{
	struct query query = {.kind = by & BY_NAME ? QUERY_NAME : QUERY_PORTS,
			      .transport = TRANSPORT_NONE};
	struct slice text;

	if (!by)
		return false;
	text = text_of(values[0]);
	if (by & BY_NAME)
		query.name = text;
	else if (!port_parse(text, &query.first, &query.last))
		return false;
	if (by & BY_TRANSPORT)
		query.transport = sql_transport(text_of(values[1]));
	*ret_query = query;
	return true;
}

static int rows_filter(sqlite3_vtab_cursor *cursor_, int by, const char *unused, int count,
		       sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)cursor_;
	const struct image *image = &cursor->registry->registry.image;
	struct query query;

	(void)unused;
	(void)count;
	rowset_done(&cursor->rows);
	if (!rowset_init(&cursor->rows, image_row_count(image)))
		return SQLITE_NOMEM;
	if (question_of(by, values, &query))
		query_rows(image, &query, &cursor->rows);
	else
		query_search(image, SLICE(""), QUERY_SEARCHED, &cursor->rows);
	cursor->row = rowset_next(&cursor->rows, 0);
	return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *cursor_)
{
	struct cursor *cursor = (struct cursor *)cursor_;

	cursor->row = rowset_next(&cursor->rows, cursor->row + 1);
	return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *cursor_)
{
	struct cursor *cursor = (struct cursor *)cursor_;

	return cursor->row >= cursor->rows.rows;
}

static void result_text(sqlite3_context *context, struct slice text)
{
	if (text.n > 0)
		sqlite3_result_text64(context, text.p, text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void result_derived(sqlite3_context *context, const struct image_row_head *head, int column)
{
	switch (column) {
	case FIRST_PORT:
	case LAST_PORT:
		if (!head->portless)
			sqlite3_result_int(context, column == FIRST_PORT ? head->first_port
									 : head->last_port);
		break;
	case STATE:
		result_text(context, row_state_name(head->state));
		break;
	case RANGE:
		if (!head->portless)
			result_text(context, port_range_name(port_range_of(head->first_port)));
		break;
	}
}

static int rows_column(sqlite3_vtab_cursor *cursor_, sqlite3_context *context, int column)
{
	struct cursor *cursor = (struct cursor *)cursor_;
	const struct image *image = &cursor->registry->registry.image;
	struct image_row_head head;

	if (column < COLUMN_COUNT)
		result_text(context, image_row_text(image, cursor->row, (enum column)column));
	else if (image_row_head(image, cursor->row, &head))
		result_derived(context, &head, column);
	return SQLITE_OK;
}

/* Rows count from 1, as in the databases that are exported. */
static int rows_rowid(sqlite3_vtab_cursor *cursor_, sqlite3_int64 *ret_rowid)
{
	struct cursor *cursor = (struct cursor *)cursor_;

	*ret_rowid = (sqlite3_int64)cursor->row + 1;
	return SQLITE_OK;
}

/* Without xCreate nobody can make a table of it: it is there, under its own name. */
const sqlite3_module sqlite_rows_module = {
	.xConnect = rows_connect,
	.xBestIndex = rows_best_index,
	.xDisconnect = rows_disconnect,
	.xOpen = rows_open,
	.xClose = rows_close,
	.xFilter = rows_filter,
	.xNext = rows_next,
	.xEof = rows_eof,
	.xColumn = rows_column,
	.xRowid = rows_rowid,
};
