/* What servers said of the documents that were taken from them. */
#include "history/store.h"

int history_source(struct history *history, struct slice url, struct strbuf *ret_etag,
		   struct strbuf *ret_last_modified, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_query(history->db, "SELECT etag, last_modified FROM sources WHERE url = ?1",
			      DB_VALUES(db_value_text(url)), &statement, fault);

	if (result < 0)
		return result;
	result = db_step(statement, fault);
	if (result <= 0)
		return result < 0 ? result : 1;
	strbuf_add(ret_etag, db_text(statement, 0));
	strbuf_add(ret_last_modified, db_text(statement, 1));
	return ret_etag->failed || ret_last_modified->failed ? fault_memory(fault) : 0;
}

int history_keep_source(struct history *history, const struct history_source *source,
			struct fault *fault)
{
	return db_execute(
		history->db,
		"INSERT INTO sources (url, etag, last_modified, fetched) "
		"VALUES (?1, ?2, ?3, ?4) ON CONFLICT (url) DO UPDATE SET "
		"etag = excluded.etag, last_modified = excluded.last_modified, "
		"fetched = excluded.fetched",
		DB_VALUES(db_value_text(source->url),
			  db_value_text(source->etag.n > 0 ? source->etag : SLICE_NONE),
			  db_value_text(source->last_modified.n > 0 ? source->last_modified
								    : SLICE_NONE),
			  db_value_text(source->fetched)),
		fault);
}
