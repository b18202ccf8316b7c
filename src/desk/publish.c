#include "desk/publish.h"

#include "assign/assign.h"
#include "base/utf8.h"
#include "render/xml.h"

/* The registry's document as the publisher would write it, and its edition in the store. */
static int add_edition(struct desk *desk, const struct registry *registry, struct slice day,
		       struct slice now, int64_t *ret_number, struct fault *fault)
{
	struct history_document document = {.registry = registry,
					    .format = SLICE("XML"),
					    .date = day,
					    .origin = SLICE("desk"),
					    .imported = now,
					    .is_next = true};
	struct out out;
	int result = out_init_memory(&out);

	if (result < 0)
		return fault_memory(fault);
	render_xml(&out, registry);
	if (out_finish(&out) != 0) {
		out_done(&out);
		return fault_memory(fault);
	}
	document.bytes = out_slice(&out);
	result = history_hash(document.bytes, registry, &document.hashes, fault);
	if (result == 0)
		result = history_add(desk->history, &document, ret_number, fault);
	history_hashes_free(document.hashes);
	out_done(&out);
	return result;
}

int publish_first(struct desk *desk, struct slice now, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int64_t number;
	int result = assign_begin_registry(desk->policy, SLICE_NONE, day_of(now), &registry, fault);

	if (result == 0)
		result = add_edition(desk, registry, day_of(now), now, &number, fault);
	return result == 0 ? 0 : result < 0 ? result : FAULT_MALFORMED;
}

static int copy_day(void *context, const struct history_edition *edition)
{
	memcpy(context, edition->date.p, DATE_LENGTH);
	return 0;
}

/*
 * The day of the next edition: today, or that of the newest one, where this clock is behind the
 * one that it was published by.
 */
static int find_day(struct desk *desk, int64_t newest, struct slice now,
		    char ret_day[static DATE_LENGTH], struct fault *fault)
{
	int result = history_edition(desk->history, newest, copy_day, ret_day, fault);

	if (result == 0 && slice_compare((struct slice){ret_day, DATE_LENGTH}, day_of(now)) < 0)
		memcpy(ret_day, now.p, DATE_LENGTH);
	return result;
}

static bool has_person(const struct registry *registry, struct slice id)
{
	for (size_t i = 0; i < registry->person_count; i++) {
		if (slice_eq(registry->people[i].id, id))
			return true;
	}
	return false;
}

/*
 * Who was nobody in the registry is its assignee now. Not by the name alone, which anybody may
 * write: it is somebody whom this application brought, with the address of the account.
 */
static int link_person(struct desk *desk, int64_t number, const struct registry *before,
		       const struct application *application, struct slice id, struct fault *fault)
{
	struct slice email = application->values[FIELD_ASSIGNEE_EMAIL];
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result;

	if (id.n == 0 || has_person(before, id))
		return 0;
	result = account_read(desk->db, number, &arena, &account, fault);
	if (result != 0 || account.person.n > 0 || email.n == 0 ||
	    !utf8_fold_eq(account.email, email))
		return result < 0 ? result : 0;
	result = account_change(desk->db, number,
				&(struct account_details){
					.name = account.name, .email = account.email, .person = id},
				fault);
	return result < 0 ? result : 0;
}

/* What a row says of its end, where it is temporary: YYYY-MM-DD; absent: nothing. */
static struct slice row_end(const struct row *row)
{
	const struct slice word = SLICE("expires ");
	struct slice text = row->shown[COLUMN_DESCRIPTION];
	size_t at = slice_find(text, SLICE("TEMPORARY")), next;
	struct date date;

	if (at == (size_t)-1)
		return SLICE_NONE;
	text = slice_skip(text, at);
	next = slice_find(text, word);
	if (next == (size_t)-1)
		return SLICE_NONE;
	text = day_of(slice_skip(text, next + word.n));
	return date_parse(text, &date) && date.day > 0 ? text : SLICE_NONE;
}

/* The end that the rows of an assignment have in the registry. */
static void find_end(const struct registry *registry, const struct application *application,
		     struct published *published)
{
	struct slice name = application->values[FIELD_NAME];

	if (!name.p)
		name = application->subject.name;
	published->expires[0] = '\0';
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		if (row.state == ROW_ASSIGNED && row.first_port == published->first_port &&
		    row.last_port == published->last_port &&
		    (name.p ? utf8_fold_eq(row.shown[COLUMN_NAME], name) : row.first_port >= 0) &&
		    row_end(&row).n == DATE_LENGTH)
			memcpy(published->expires, row_end(&row).p, DATE_LENGTH);
	}
}

int publish_grant(struct desk *desk, const struct application *application, int64_t applicant,
		  struct slice now, struct published *ret_published, struct desk_refusal *refusal,
		  struct fault *fault)
{
	struct registry *before CLEANUP(registry_freep) = NULL;
	struct registry *after CLEANUP(registry_freep) = NULL;
	struct assign_result assigned;
	struct fault conflict = {};
	char day[DATE_LENGTH];
	struct assign_options options = {.day = {day, DATE_LENGTH}};
	int64_t newest;
	int result = history_find(desk->history, SLICE_NONE, &newest, fault);

	if (result == 1)
		return fault_set(fault, FAULT_UNKNOWN, "the store has no edition");
	if (result == 0)
		result = find_day(desk, newest, now, day, fault);
	if (result == 0)
		result = history_read(desk->history, newest, NULL, &before, fault);
	if (result < 0)
		return result;
	result = assign_apply(before, application, desk->policy, &options, &after, &assigned,
			      &conflict);
	if (result == 1)
		return refuse(refusal, DESK_CONFLICT, procedure_section(application->procedure),
			      "%s", conflict.text);
	if (result < 0) {
		if (fault)
			*fault = conflict;
		return result;
	}
	result = add_edition(desk, after, options.day, now, &ret_published->edition, fault);
	if (result == 1) /* the same document: it changes nothing */
		result = 0;
	else if (result == 2)
		return refuse(refusal, DESK_CONFLICT, SLICE("docs/STORE.md"),
			      "%s has as many editions as a day may have", day);
	if (result == 0)
		result =
			link_person(desk, applicant, before, application, assigned.assignee, fault);
	ret_published->first_port = assigned.first_port;
	ret_published->last_port = assigned.last_port;
	find_end(after, application, ret_published);
	return result;
}
