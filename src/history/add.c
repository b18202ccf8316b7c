/* Adding an edition. */
#include <stdlib.h>

#include "history/store.h"

static int load_run(struct history *history, enum list_kind kind, struct db_statement *statement,
		    struct list_entry *entry, struct strbuf *scratch)
{
	struct run_entry hashed;
	struct run run = {.number = db_int(statement, 0),
			  .since = db_int(statement, 1),
			  .until = db_int(statement, 2),
			  .position = db_int(statement, 3),
			  .copy = (uint32_t)db_int(statement, 4)};

	store_get_entry(statement, 5, kind, entry);
	if (list_hash(kind, entry, scratch, &hashed) < 0)
		return FAULT_MEMORY;
	memcpy(run.content, hashed.content, sizeof(run.content));
	run.form = hashed.form;
	run.form_known = hashed.form_known;
	return runs_load(&history->runs[kind], &run) ? 0 : FAULT_MEMORY;
}

static int load_list(struct history *history, enum list_kind kind, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf sql CLEANUP(strbuf_done) = {}, scratch CLEANUP(strbuf_done) = {};
	struct list_entry entry CLEANUP(list_entry_done) = {};
	int result;

	strbuf_add(&sql, SLICE("SELECT run, since, until, position, copy, "));
	store_add_columns(&sql, kind);
	strbuf_printf(&sql, " FROM %s ORDER BY run", list_at(kind)->table);
	result = store_prepare(history, &sql, &statement, fault);
	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		result = load_run(history, kind, statement, &entry, &scratch);
		if (result < 0)
			return fault_memory(fault);
	}
	return result;
}

static bool insert_known(struct history *history, struct known_edition edition)
{
	size_t at = history->known_count;

	if (history->known_count == history->known_size) {
		size_t size = history->known_size ? history->known_size * 2 : 64;
		struct known_edition *grown =
			reallocarray(history->known, size, sizeof(*history->known));

		if (!grown)
			return false;
		history->known = grown;
		history->known_size = size;
	}
	for (; at > 0 && history->known[at - 1].number > edition.number; at--)
		history->known[at] = history->known[at - 1];
	history->known[at] = edition;
	history->known_count++;
	return true;
}

static int load_known(struct history *history, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(history->db, "SELECT edition, lists FROM editions ORDER BY edition",
				&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		if (!insert_known(history, (struct known_edition){db_int(statement, 0),
								  (unsigned)db_int(statement, 1)}))
			return fault_memory(fault);
		result = 0;
	}
	return result;
}

int store_load_runs(struct history *history, struct fault *fault)
{
	int64_t changes;
	int result = history_state(history, &changes, fault);

	if (result < 0 || changes == history->changes)
		return result;
	store_forget(history);
	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++)
		result = load_list(history, (enum list_kind)i, fault);
	if (result == 0)
		result = load_known(history, fault);
	if (result == 0)
		history->changes = changes;
	else
		store_forget(history);
	return result;
}

int store_hash_entries(enum list_kind kind, const struct registry *registry,
		       struct run_entry **ret_entries, struct fault *fault)
{
	struct strbuf scratch CLEANUP(strbuf_done) = {};
	struct list_entry entry CLEANUP(list_entry_done) = {};
	size_t count = list_size(kind, registry);
	struct run_entry *entries = calloc(count + 1, sizeof(*entries));

	if (!entries)
		return fault_memory(fault);
	for (size_t i = 0; i < count; i++) {
		if (list_read(kind, registry, i, &entry) < 0 ||
		    list_hash(kind, &entry, &scratch, &entries[i]) < 0) {
			free(entries);
			return fault_memory(fault);
		}
	}
	*ret_entries = entries;
	return 0;
}

int history_hash(struct slice bytes, const struct registry *registry,
		 struct history_hashes **ret_hashes, struct fault *fault)
{
	struct history_hashes *hashes = calloc(1, sizeof(*hashes));
	int result = 0;

	if (!hashes)
		return fault_memory(fault);
	store_digest(bytes, hashes->sha256);
	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++)
		result =
			store_hash_entries((enum list_kind)i, registry, &hashes->entries[i], fault);
	if (result < 0)
		history_hashes_free(hashes);
	else
		*ret_hashes = hashes;
	return result;
}

void history_hashes_free(struct history_hashes *hashes)
{
	if (!hashes)
		return;
	for (unsigned i = 0; i < LIST_COUNT; i++)
		free(hashes->entries[i]);
	free(hashes);
}

/* A list being brought up to date in its table. */
struct update {
	struct history *history;
	enum list_kind kind;
	const struct registry *registry;
	int64_t edition;
	struct list_entry entry;
	/* Whose text takes making. */
	struct db_statement *insert, *split, *change, *form;
};

static void update_done(struct update *update)
{
	list_entry_done(&update->entry);
	db_finish(update->insert);
	db_finish(update->split);
	db_finish(update->change);
	db_finish(update->form);
}

static int prepare_insert(struct update *update, struct fault *fault)
{
	struct strbuf sql CLEANUP(strbuf_done) = {};

	if (update->insert)
		return 0;
	strbuf_printf(&sql, "INSERT INTO %s (run, since, until, position, copy, ",
		      list_at(update->kind)->table);
	store_add_columns(&sql, update->kind);
	strbuf_add(&sql, SLICE(") VALUES (?1, ?2, ?3, ?4, ?5"));
	for (size_t i = 0; i < list_columns(update->kind); i++)
		strbuf_printf(&sql, ", ?%zu", i + 6);
	strbuf_add_byte(&sql, ')');
	return store_prepare(update->history, &sql, &update->insert, fault);
}

static int insert_run(struct update *update, const struct run *run, struct fault *fault)
{
	int result = prepare_insert(update, fault);

	if (result < 0)
		return result;
	if (list_read(update->kind, update->registry, run->entry - 1, &update->entry) < 0)
		return fault_memory(fault);
	db_bind_int(update->insert, 1, run->number);
	db_bind_int(update->insert, 2, run->since);
	db_bind_int(update->insert, 3, run->until);
	db_bind_int(update->insert, 4, run->position);
	db_bind_int(update->insert, 5, run->copy);
	store_bind_entry(update->insert, 6, update->kind, &update->entry);
	return db_step(update->insert, fault);
}

/* The later part of a run that was parted, with the places that its editions have. */
static int split_run(struct update *update, const struct run *run, struct fault *fault)
{
	struct strbuf sql CLEANUP(strbuf_done) = {};
	int result = 0;

	if (!update->split) {
		strbuf_printf(&sql, "INSERT INTO %s (run, since, until, position, copy, ",
			      list_at(update->kind)->table);
		store_add_columns(&sql, update->kind);
		strbuf_add(&sql, SLICE(") SELECT ?1, ?2, ?3, position, copy, "));
		store_add_columns(&sql, update->kind);
		strbuf_printf(&sql, " FROM %s WHERE run = ?4", list_at(update->kind)->table);
		result = store_prepare(update->history, &sql, &update->split, fault);
	}
	if (result < 0)
		return result;
	db_bind_int(update->split, 1, run->number);
	db_bind_int(update->split, 2, run->since);
	db_bind_int(update->split, 3, run->until);
	db_bind_int(update->split, 4, run->split_from);
	result = db_step(update->split, fault);
	if (result < 0)
		return result;
	return db_execute(
		update->history->db,
		"UPDATE places SET run = ?1 WHERE list = ?2 AND run = ?3 AND edition >= ?4",
		DB_VALUES(db_value_int(run->number), db_value_int((int64_t)update->kind),
			  db_value_int(run->split_from), db_value_int(run->since)),
		fault);
}

/* The columns of its form, now that they are known. */
static int change_form(struct update *update, const struct run *run, struct fault *fault)
{
	const struct list_column *columns = list_at(update->kind)->columns;
	struct strbuf sql CLEANUP(strbuf_done) = {};
	int parameter = 2;
	int result = 0;

	if (!update->form) {
		strbuf_printf(&sql, "UPDATE %s SET ", list_at(update->kind)->table);
		for (size_t i = 0; i < list_columns(update->kind); i++) {
			if (columns[i].role == LIST_FORM)
				strbuf_printf(&sql, "%s%s = ?%d", parameter > 2 ? ", " : "",
					      columns[i].name, parameter),
					parameter++;
		}
		strbuf_add(&sql, SLICE(" WHERE run = ?1"));
		result = store_prepare(update->history, &sql, &update->form, fault);
	}
	if (result < 0)
		return result;
	if (list_read(update->kind, update->registry, run->entry - 1, &update->entry) < 0)
		return fault_memory(fault);
	db_bind_int(update->form, 1, run->number);
	parameter = 2;
	for (size_t i = 0; i < list_columns(update->kind); i++) {
		if (columns[i].role == LIST_FORM)
			db_bind_text(update->form, parameter++, update->entry.text[i]);
	}
	return db_step(update->form, fault);
}

static int change_run(struct update *update, const struct run *run, struct fault *fault)
{
	struct strbuf sql CLEANUP(strbuf_done) = {};
	int result = 0;

	if (!update->change) {
		strbuf_printf(&sql, "UPDATE %s SET since = ?1, until = ?2 WHERE run = ?3",
			      list_at(update->kind)->table);
		result = store_prepare(update->history, &sql, &update->change, fault);
	}
	if (result < 0)
		return result;
	db_bind_int(update->change, 1, run->since);
	db_bind_int(update->change, 2, run->until);
	db_bind_int(update->change, 3, run->number);
	result = db_step(update->change, fault);
	return result == 0 && run->form_is_new ? change_form(update, run, fault) : result;
}

static int keep_run(struct update *update, const struct run *run, struct fault *fault)
{
	int result = 0;

	if (run->is_new)
		result = run->split_from ? split_run(update, run, fault)
					 : insert_run(update, run, fault);
	else if (run->is_changed)
		result = change_run(update, run, fault);
	return result;
}

static int keep_place(struct update *update, const struct run_entry *entry, struct fault *fault)
{
	const struct runs *runs = &update->history->runs[update->kind];

	return db_execute(
		update->history->db,
		"INSERT INTO places (list, edition, run, position) VALUES (?1, ?2, ?3, ?4)",
		DB_VALUES(db_value_int((int64_t)update->kind), db_value_int(update->edition),
			  db_value_int(runs->p[entry->run].number), db_value_int(entry->place)),
		fault);
}

/* The nearest editions on both sides whose documents state a list. */
static void find_neighbours(const struct history *history, enum list_kind kind, int64_t edition,
			    int64_t *ret_before, int64_t *ret_after)
{
	*ret_before = RUN_NEVER;
	*ret_after = RUN_FOREVER;
	for (size_t i = 0; i < history->known_count; i++) {
		const struct known_edition *known = &history->known[i];

		if (!(known->lists >> kind & 1))
			continue;
		if (known->number < edition) {
			*ret_before = known->number;
		} else {
			*ret_after = known->number;
			return;
		}
	}
}

static int add_list(struct history *history, enum list_kind kind,
		    const struct history_document *document, int64_t edition, struct fault *fault)
{
	struct update update CLEANUP(update_done) = {.history = history,
						     .kind = kind,
						     .registry = document->registry,
						     .edition = edition};
	struct runs *runs = &history->runs[kind];
	struct run_entry *entries = document->hashes->entries[kind];
	size_t count = list_size(kind, document->registry);
	int64_t before, after;
	int result = 0;

	find_neighbours(history, kind, edition, &before, &after);
	if (!runs_add(runs, edition, before, after, entries, count))
		result = fault_memory(fault);
	for (size_t i = 0; i < runs->count && result == 0; i++)
		result = keep_run(&update, &runs->p[i], fault);
	for (size_t i = 0; i < count && result == 0; i++) {
		if (entries[i].place)
			result = keep_place(&update, &entries[i], fault);
	}
	return result;
}

/* 0 and the edition of that date with that document; 1: none has it. Of what is next: the newest.
 */
static int find_held(struct history *history, const struct history_document *document,
		     int64_t *ret_number, struct fault *fault)
{
	int result = db_query_number(
		history->db,
		"SELECT edition FROM editions WHERE sha256 = ?1 AND date = ?2 AND "
		"(?3 = 0 OR edition = (SELECT MAX(edition) FROM editions))",
		DB_VALUES(db_value_text(slice_cstr(document->hashes->sha256)),
			  db_value_text(document->date), db_value_int(document->is_next)),
		ret_number, fault);

	return result < 0 ? result : result == 0;
}

/* 0; 2 and the reason where a document of that date can be no edition; or a negative fault. */
static int choose_number(struct history *history, struct slice date, int64_t *ret_number,
			 struct fault *fault)
{
	int64_t day, first, last;
	int result;

	if (!store_day(date, &day)) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD",
			  date.n < 40 ? (int)date.n : 40, date.p ? date.p : "");
		return 2;
	}
	first = last = day * HISTORY_SEQUENCES;
	result = store_number(
		history, "SELECT max(edition) FROM editions WHERE edition BETWEEN ?1 AND ?2",
		DB_VALUES(db_value_int(first), db_value_int(first + HISTORY_SEQUENCES - 1)), &last,
		fault);
	if (result < 0)
		return result;
	if (last == first + HISTORY_SEQUENCES - 1) {
		fault_set(fault, FAULT_LIMIT, "more than the limit of %d editions of a date",
			  HISTORY_SEQUENCES - 1);
		return 2;
	}
	*ret_number = last + 1;
	return 0;
}

static int insert_edition(struct history *history, const struct history_document *document,
			  struct known_edition edition, struct fault *fault)
{
	return db_execute(history->db,
			  "INSERT INTO editions (edition, date, sequence, updated, format, "
			  "origin, imported, sha256, row_count, person_count, lists) "
			  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
			  DB_VALUES(db_value_int(edition.number), db_value_text(document->date),
				    db_value_int(edition.number % HISTORY_SEQUENCES),
				    db_value_text(document->registry->header.updated),
				    db_value_text(document->format),
				    db_value_text(document->origin),
				    db_value_text(document->imported),
				    db_value_text(slice_cstr(document->hashes->sha256)),
				    db_value_int((int64_t)document->registry->row_count),
				    db_value_int((int64_t)document->registry->person_count),
				    db_value_int(edition.lists)),
			  fault);
}

static int count_change(struct history *history, struct fault *fault)
{
	int result = db_run(history->db, "UPDATE meta SET value = value + 1 WHERE key = 'changes'",
			    fault);

	history->changes++;
	return result;
}

static unsigned stated_lists(const struct history_document *document)
{
	bool is_xml = slice_eq(document->format, SLICE("XML"));
	unsigned lists = 0;

	for (unsigned i = 0; i < LIST_COUNT; i++)
		lists |= (unsigned)list_is_stated((enum list_kind)i, document->registry, is_xml)
			 << i;
	return lists;
}

static int add_edition(struct history *history, const struct history_document *document,
		       int64_t number, struct fault *fault)
{
	struct known_edition edition = {number, stated_lists(document)};
	int result = store_load_runs(history, fault);

	if (result == 0)
		result = store_keep_document(history, document->bytes, document->hashes->sha256,
					     number, document->format, fault);
	if (result == 0)
		result = insert_edition(history, document, edition, fault);
	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++) {
		if (edition.lists >> i & 1)
			result = add_list(history, (enum list_kind)i, document, number, fault);
	}
	if (result == 0)
		result = count_change(history, fault);
	if (result == 0 && !insert_known(history, edition))
		result = fault_memory(fault);
	if (result < 0)
		store_forget(history);
	return result;
}

int history_add(struct history *history, const struct history_document *document,
		int64_t *ret_number, struct fault *fault)
{
	int64_t number = 0;
	int result = find_held(history, document, ret_number, fault);

	if (result <= 0)
		return result < 0 ? result : 1;
	result = choose_number(history, document->date, &number, fault);
	if (result == 0)
		result = add_edition(history, document, number, fault);
	if (result == 0)
		*ret_number = number;
	return result;
}

/* Rows of the registry that its neighbour does not have. */
static size_t count_changed(const struct runs *runs, const struct run_entry *entries, size_t count,
			    int64_t neighbour)
{
	size_t changed = 0;

	for (size_t i = 0; i < count; i++)
		changed += !runs_have(runs, &entries[i], neighbour);
	return changed;
}

int history_check_plausible(struct history *history, const struct history_document *document,
			    const struct history_limits *limits, struct fault *fault)
{
	const struct registry *registry = document->registry;
	char space[HISTORY_LABEL_SIZE];
	struct slice label;
	int64_t day, before, after;
	size_t rows, changed;
	int result;

	if (!store_day(document->date, &day))
		return 0; /* as history_add() will say */
	result = store_load_runs(history, fault);
	if (result < 0)
		return result;
	/* It would come after all of its date. */
	find_neighbours(history, LIST_ROWS, (day + 1) * HISTORY_SEQUENCES, &before, &after);
	if (before == RUN_NEVER)
		before = after;
	if (before == RUN_FOREVER)
		return 0;
	rows = runs_count(&history->runs[LIST_ROWS], before);
	changed = count_changed(&history->runs[LIST_ROWS], document->hashes->entries[LIST_ROWS],
				registry->row_count, before);
	label = history_label(before, space);
	/* Of small registries a few rows are much. */
	if (rows < HISTORY_JUDGED_ROWS)
		return 0;
	if ((uint64_t)registry->row_count * 100 < (uint64_t)rows * (100 - limits->fewer)) {
		fault_set(fault, FAULT_MALFORMED,
			  "only %zu rows where edition %.*s has %zu: more than %u %% fewer",
			  registry->row_count, (int)label.n, label.p, rows, limits->fewer);
		return 1;
	}
	if ((uint64_t)changed * 100 > (uint64_t)rows * limits->changed) {
		fault_set(fault, FAULT_MALFORMED,
			  "%zu of %zu rows are not as in edition %.*s: more than %u %%", changed,
			  registry->row_count, (int)label.n, label.p, limits->changed);
		return 1;
	}
	return 0;
}
