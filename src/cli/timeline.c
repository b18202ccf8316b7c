#include "cli/timeline.h"

#include "cli/differences.h"

void moment_done(struct moment *moment)
{
	changes_done(&moment->changes);
	registry_free(moment->before);
	registry_free(moment->after);
	*moment = (struct moment){};
}

/* The first edition beside nothing: of a name or port only its rows are read. */
static int read_first(struct history *history, const struct history_subject *subject,
		      struct moment *moment, struct fault *fault)
{
	struct history_filter filter = {};
	struct history_ports ports = {};

	if (subject && subject->name.p) {
		filter = (struct history_filter){.names = &subject->name, .name_count = 1};
	} else if (subject && subject->port >= 0) {
		ports.first = ports.last = (uint16_t)subject->port;
		filter = (struct history_filter){.ports = &ports, .port_count = 1};
	}
	moment->before = registry_new();
	if (!moment->before)
		return fault_memory(fault);
	return history_read(history, moment->number, &filter, &moment->after, fault);
}

static int read_moment(struct history *history, const struct history_subject *subject,
		       struct moment *moment, struct fault *fault)
{
	int result = history_previous(history, moment->number, &moment->previous, fault);

	if (result < 0)
		return result;
	result = result > 0 ? read_first(history, subject, moment, fault)
			    : history_compare(history, moment->previous, moment->number,
					      &moment->before, &moment->after, fault);
	if (result == 0)
		result = changes_find(moment->before, moment->after, CHANGES_ALL, &moment->changes,
				      fault);
	return result;
}

int moment_find(struct history *history, int64_t number, const struct history_subject *subject,
		struct moment *ret_moment, struct fault *fault)
{
	struct moment moment = {.number = number};
	int result = read_moment(history, subject, &moment, fault);

	if (result < 0) {
		moment_done(&moment);
		return result;
	}
	if (subject)
		differences_keep(&moment.changes, subject);
	*ret_moment = moment;
	return 0;
}
