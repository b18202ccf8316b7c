/* Rows as long as they held, without the editions that they make up. */
#include "history/store.h"

int history_assigned(struct history *history, history_span_handler *handler, void *context,
		     struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(history->db,
				"SELECT since, until, name_key, transport, first_port, last_port "
				"FROM rows WHERE state = 'assigned' ORDER BY name_key",
				&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) > 0) {
		struct history_span span = {
			.since = db_int(statement, 0),
			.until = db_int(statement, 1),
			.name = db_text(statement, 2),
			.transport = db_text(statement, 3),
			.portless = db_is_null(statement, 4),
			.first_port = (uint16_t)db_int(statement, 4),
			.last_port = (uint16_t)db_int(statement, 5),
		};

		result = handler(context, &span);
	}
	return result;
}
