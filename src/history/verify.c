/* Reading a whole store again, and finding it as it should be. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "history/store.h"
#include "record/date.h"
#include "render/xml.h"
#include "source/source.h"

struct verification {
	struct history *history;
	history_handler *handler;
	history_edition_handler *progress; /* or NULL */
	void *context;
	struct fault *fault;
	char label[HISTORY_LABEL_SIZE + 1];
};

static int PRINTF(2, 3) tell(struct verification *verification, const char *format, ...)
{
	char line[240];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	return verification->handler(verification->context, slice_cstr(line));
}

/* Whether two registries have the same list. */
static int same_list(enum list_kind kind, const struct registry *a, const struct registry *b,
		     bool *ret_same, struct fault *fault)
{
	struct run_entry *of_a = NULL, *of_b = NULL;
	size_t count = list_size(kind, a);
	int result = store_hash_entries(kind, a, &of_a, fault);

	if (result == 0)
		result = store_hash_entries(kind, b, &of_b, fault);
	if (result == 0) {
		*ret_same = count == list_size(kind, b);
		for (size_t i = 0; i < count && *ret_same; i++)
			*ret_same = memcmp(of_a[i].content, of_b[i].content,
					   sizeof(of_a[i].content)) == 0;
	}
	free(of_a);
	free(of_b);
	return result;
}

/* The lists that the document states, as it states them. */
static int check_lists(struct verification *verification, const struct registry *kept,
		       const struct registry *read, bool is_xml, struct fault *fault)
{
	for (unsigned i = 0; i < LIST_COUNT; i++) {
		enum list_kind kind = (enum list_kind)i;
		bool same = true;
		int result = 0;

		if (list_is_stated(kind, read, is_xml))
			result = same_list(kind, kept, read, &same, fault);
		if (result == 0 && !same)
			result = tell(verification, "%s: its %s are not those of its document",
				      verification->label, list_at(kind)->table);
		if (result != 0)
			return result;
	}
	return 0;
}

static int write_xml(const struct registry *registry, struct out *out, struct fault *fault)
{
	if (out_init_memory(out) < 0)
		return fault_memory(fault);
	render_xml(out, registry);
	return out->error != 0 ? fault_memory(fault) : 0;
}

/* Whether the kept parts make up the document; one that is not in UTF-8 is what was read of it. */
static int check_layout(struct verification *verification, const struct registry *kept,
			const struct registry *read, struct fault *fault)
{
	struct out of_kept CLEANUP(out_done) = {}, of_read CLEANUP(out_done) = {};
	int result = write_xml(kept, &of_kept, fault);

	if (result == 0)
		result = write_xml(read, &of_read, fault);
	if (result < 0 || slice_eq(out_slice(&of_kept), out_slice(&of_read)))
		return result;
	return tell(verification, "%s: its layout is not that of its document",
		    verification->label);
}

static int is_made_up(const struct registry *kept, struct slice document, bool *ret_same,
		      struct fault *fault)
{
	struct out out CLEANUP(out_done) = {};
	int result = write_xml(kept, &out, fault);

	if (result == 0)
		*ret_same = slice_eq(out_slice(&out), document);
	return result;
}

/* What is said of an edition beside its parts. */
static int check_facts(struct verification *verification, const struct history_edition *edition,
		       struct slice document, const struct registry *kept)
{
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(edition->number, space);
	enum source_format format;

	if (slice_starts(label, edition->date) && edition->date.n == DATE_LENGTH &&
	    edition->sequence == edition->number % HISTORY_SEQUENCES &&
	    edition->bytes == (int64_t)document.n && edition->rows == (int64_t)kept->row_count &&
	    source_detect(document, &format) &&
	    slice_eq(edition->format, source_format_name(format)))
		return 0;
	return tell(verification, "%s: its date, size or format is not that of its document",
		    verification->label);
}

static int check_parts(struct verification *verification, const struct history_edition *edition,
		       struct slice document, struct fault *fault)
{
	struct registry *kept CLEANUP(registry_freep) = NULL;
	struct registry *read CLEANUP(registry_freep) = NULL;
	struct source_options options = {.keep_layout = true};
	bool is_xml = slice_eq(edition->format, SLICE("XML")), same = false;
	int result = history_read(verification->history, edition->number, NULL, &kept, fault);

	if (result == FAULT_MALFORMED)
		return tell(verification, "%s: %s", verification->label, fault->text);
	if (result == 0)
		result = check_facts(verification, edition, document, kept);
	if (result == 0 && is_xml)
		result = is_made_up(kept, document, &same, fault);
	if (result != 0 || same)
		return result;
	/* Not XML, or not in UTF-8: then its content is what is compared. */
	result = source_read(document, &options, &read, fault);
	if (result == 0)
		result = check_lists(verification, kept, read, is_xml, fault);
	return result == 0 && is_xml ? check_layout(verification, kept, read, fault) : result;
}

static int check_edition(struct verification *verification, const struct history_edition *edition,
			 struct fault *fault)
{
	struct strbuf document CLEANUP(strbuf_done) = {};
	char digits[SHA256_DIGITS + 1];
	int result = history_document(verification->history, edition->number, &document, fault);

	if (result == FAULT_MALFORMED)
		return tell(verification, "%s: %s", verification->label, fault->text);
	if (result < 0)
		return result;
	store_digest(strbuf_slice(&document), digits);
	if (!slice_eq(slice_cstr(digits), edition->sha256))
		return tell(verification, "%s: its document is not the one that was added",
			    verification->label);
	return check_parts(verification, edition, strbuf_slice(&document), fault);
}

static int verify_edition(void *context, const struct history_edition *edition)
{
	struct verification *verification = context;
	char space[HISTORY_LABEL_SIZE];
	struct slice label = history_label(edition->number, space);
	int result;

	snprintf(verification->label, sizeof(verification->label), "%.*s", (int)label.n, label.p);
	result = check_edition(verification, edition, verification->fault);
	if (result == 0 && verification->progress)
		result = verification->progress(verification->context, edition);
	return result;
}

/* SQLite's own check of the file. */
static int check_file(struct verification *verification)
{
	struct db *db = verification->history->db;
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result;

	if (db_engine(db) != DB_SQLITE)
		return 0;
	result = db_prepare(db, "PRAGMA integrity_check", &statement, verification->fault);
	while (result == 0 && (result = db_step(statement, verification->fault)) > 0) {
		struct slice text = db_text(statement, 0);

		result = slice_eq(text, SLICE("ok"))
				 ? 0
				 : tell(verification, "damaged database: %.*s",
					text.n < 160 ? (int)text.n : 160, text.p);
	}
	return result;
}

/* Columns that follow from others, which questions in SQL rely on, of one run. */
static int check_run(struct verification *verification, enum list_kind kind, int64_t run,
		     const struct list_entry *kept)
{
	struct registry *registry CLEANUP(registry_freep) = registry_new();
	struct list_entry read CLEANUP(list_entry_done) = {};
	bool same = true;
	int result;

	if (!registry)
		return fault_memory(verification->fault);
	result = list_append(kind, registry, kept, verification->fault);
	if (result == 0 && list_read(kind, registry, 0, &read) < 0)
		result = fault_memory(verification->fault);
	for (size_t i = 0; i < list_columns(kind) && result == 0; i++) {
		if (list_at(kind)->columns[i].role == LIST_TEXT)
			same = same && slice_eq(kept->text[i], read.text[i]);
		else if (list_at(kind)->columns[i].role == LIST_NUMBER)
			same = same && kept->number[i] == read.number[i];
	}
	if (result == FAULT_MALFORMED || (result == 0 && !same))
		return tell(verification, "run %lld of %s: its columns contradict each other",
			    (long long)run, list_at(kind)->table);
	return result;
}

static int check_runs(struct verification *verification, enum list_kind kind)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf sql CLEANUP(strbuf_done) = {};
	struct list_entry entry CLEANUP(list_entry_done) = {};
	int result;

	strbuf_add(&sql, SLICE("SELECT run, "));
	store_add_columns(&sql, kind);
	strbuf_printf(&sql, " FROM %s ORDER BY run", list_at(kind)->table);
	result = store_prepare(verification->history, &sql, &statement, verification->fault);
	while (result == 0 && (result = db_step(statement, verification->fault)) > 0) {
		store_get_entry(statement, 1, kind, &entry);
		result = check_run(verification, kind, db_int(statement, 0), &entry);
	}
	return result;
}

/* That runs begin and end with editions. */
static int check_ends(struct verification *verification, enum list_kind kind)
{
	const char *table = list_at(kind)->table;
	struct strbuf sql CLEANUP(strbuf_done) = {};
	int64_t count;
	int result;

	strbuf_printf(&sql,
		      "SELECT count(*) FROM %s WHERE since >= until OR "
		      "since NOT IN (SELECT edition FROM editions) OR "
		      "(until <> ?1 AND until NOT IN (SELECT edition FROM editions))",
		      table);
	strbuf_add_byte(&sql, '\0');
	if (sql.failed)
		return fault_memory(verification->fault);
	result = store_number(verification->history, sql.p, DB_VALUES(db_value_int(RUN_FOREVER)),
			      &count, verification->fault);
	if (result == 0 && count > 0)
		return tell(verification, "%lld runs of %s begin or end with no edition",
			    (long long)count, table);
	return result;
}

static int check_tables(struct verification *verification)
{
	int result = check_runs(verification, LIST_ROWS);

	for (unsigned i = 0; i < LIST_COUNT && result == 0; i++)
		result = check_ends(verification, (enum list_kind)i);
	return result;
}

int history_verify(struct history *history, history_handler *handler,
		   history_edition_handler *progress, void *context, struct fault *fault)
{
	struct verification verification = {.history = history,
					    .handler = handler,
					    .progress = progress,
					    .context = context,
					    .fault = fault};
	int result = check_file(&verification);

	if (result == 0)
		result = check_tables(&verification);
	/* Each document is to be unpacked from what is kept, not remembered. */
	strbuf_done(&history->document);
	return result == 0 ? history_editions(history, verify_edition, &verification, fault)
			   : result;
}
