#include "assign/assign.h"

#include "assign/edit.h"
#include "record/date.h"

typedef int edit_procedure(struct edit *edit, struct assign_result *result);

static edit_procedure *const procedures[PROCEDURE_COUNT] = {
	[PROCEDURE_PORT] = edit_assign,
	[PROCEDURE_NAME] = edit_assign,
	[PROCEDURE_TRANSPORT] = edit_add_transport,
	[PROCEDURE_SERVICE_CODE] = edit_add_code,
	[PROCEDURE_EARLY] = edit_assign,
	[PROCEDURE_RENEWAL] = edit_renew,
	[PROCEDURE_MODIFICATION] = edit_modify,
	[PROCEDURE_DEASSIGNMENT] = edit_release,
	[PROCEDURE_REUSE] = edit_reuse,
	[PROCEDURE_REVOCATION] = edit_release,
};

/* The same id, in the registry. */
static struct slice id_in(const struct registry *registry, struct slice id)
{
	for (size_t i = 0; i < registry->person_count; i++) {
		if (slice_eq(registry->people[i].id, id))
			return registry->people[i].id;
	}
	return SLICE_NONE;
}

static int check(const struct edit *edit)
{
	struct date date;

	if (!date_parse(edit->options->day, &date) || date.day == 0)
		return fault_set(edit->fault, FAULT_MALFORMED, "the day is no date: YYYY-MM-DD");
	if (!procedures[edit->application->procedure]) {
		struct slice name = procedure_title(edit->application->procedure);

		return fault_set(edit->fault, 1, "%.*s: changes no rows", (int)name.n, name.p);
	}
	return 0;
}

int assign_apply(const struct registry *before, const struct application *application,
		 const struct policy *policy, const struct assign_options *options,
		 struct registry **ret_after, struct assign_result *ret_result, struct fault *fault)
{
	struct edit edit CLEANUP(edit_done) = {.before = before,
					       .application = application,
					       .policy = policy,
					       .options = options,
					       .fault = fault};
	struct assign_result result = {.first_port = -1, .last_port = -1};
	struct registry *after;
	int done = check(&edit);

	if (done == 0)
		done = edit_begin(&edit);
	if (done == 0)
		done = procedures[application->procedure](&edit, &result);
	if (done != 0)
		return edit.failed ? fault_memory(fault) : done;
	done = edit_finish(&edit, &after);
	if (done < 0)
		return done;
	result.assignee = id_in(after, result.assignee);
	result.contact = id_in(after, result.contact);
	*ret_after = after;
	*ret_result = result;
	return 0;
}
