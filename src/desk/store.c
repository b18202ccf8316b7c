#include "desk/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "desk/event.h"
#include "desk/publish.h"
#include "desk/schema.h"
#include "mkimage/mkimage.h"
#include "record/date.h"

struct slice day_after(struct slice day, unsigned days, char space[static DATE_LENGTH])
{
	struct date date;

	if (days == 0 || !date_parse(day_of(day), &date) || date.day == 0)
		return SLICE_NONE;
	return date_write(date_of_number(date_number(date) + days), space);
}

int refuse(struct desk_refusal *refusal, enum desk_outcome outcome, struct slice section,
	   const char *format, ...)
{
	va_list arguments;
	char text[sizeof(refusal->why.text)];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* Which also keeps it one line, whatever was typed into it. */
	fault_set(&refusal->why, 0, "%s", text);
	snprintf(refusal->section, sizeof(refusal->section), "%.*s", (int)section.n, section.p);
	return (int)outcome;
}

/* A desk on an open store, which is taken over also where this fails. */
static int open_on(struct history *history, struct desk **ret_desk, struct fault *fault)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	if (!desk) {
		history_close(history);
		return fault_memory(fault);
	}
	desk->history = history;
	desk->db = history_db(history);
	desk->history_state = -1;
	*ret_desk = desk;
	return 0;
}

int desk_open(const char *where, struct desk **ret_desk, struct fault *fault)
{
	struct desk *desk CLEANUP(desk_closep) = NULL;
	struct history *history;
	int result = history_open(where, HISTORY_WRITE, &history, fault);

	if (result == 0)
		result = open_on(history, &desk, fault);
	if (result < 0)
		return result;
	result = schema_exists(desk->db, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return fault_set(fault, FAULT_UNKNOWN,
				 "a store without a desk: \"portbook request init\" makes one");
	result = db_write_often(desk->db, fault);
	if (result == 0)
		result = desk_refresh(desk, fault);
	if (result < 0)
		return result;
	*ret_desk = desk;
	desk = NULL;
	return 0;
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	policy_free(desk->policy);
	preflight_past_free(desk->past);
	strbuf_done(&desk->policy_text);
	strbuf_done(&desk->image_bytes);
	history_close(desk->history);
	free(desk);
}

void desk_closep(struct desk **desk)
{
	desk_close(*desk);
	*desk = NULL;
}

int desk_exists(const char *where, struct fault *fault)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int result;

	if (!history_may_be(where))
		return 0;
	result = history_open(where, HISTORY_READ, &history, fault);
	if (result < 0)
		return result;
	return schema_exists(history_db(history), fault);
}

int desk_copy(struct history *from, struct history *to, struct fault *fault)
{
	int result = schema_exists(history_db(from), fault);

	if (result != 1)
		return result;
	result = schema_copy(history_db(from), history_db(to), fault);
	return result < 0 ? result : 1;
}

static int insert_policy(struct desk *desk, int64_t actor, struct slice policy, struct slice now,
			 struct fault *fault)
{
	struct event event = {.at = now,
			      .actor = actor,
			      .action = SLICE("policy"),
			      .body = policy,
			      .first_port = -1,
			      .last_port = -1};
	int result = db_execute(desk->db,
				"INSERT INTO desk_policies SELECT COALESCE(MAX(number), 0) + 1,"
				" ?1, ?2 FROM desk_policies",
				DB_VALUES(db_value_text(now), db_value_text(policy)), fault);

	return result < 0 ? result : event_append(desk, &event, fault);
}

/* Within the transaction that makes the desk. */
static int create(struct desk *desk, struct slice policy, struct slice now, struct fault *fault)
{
	int64_t newest;
	int result = schema_exists(desk->db, fault);

	if (result > 0)
		return fault_set(fault, FAULT_UNKNOWN, "the store has a desk already");
	if (result == 0)
		result = schema_make(desk->db, fault);
	if (result == 0)
		result = insert_policy(desk, 0, policy, now, fault);
	if (result == 0)
		result = history_find(desk->history, SLICE_NONE, &newest, fault);
	return result == 1 ? publish_first(desk, now, fault) : result;
}

int desk_create(const char *where, struct slice policy, struct slice now, struct fault *fault)
{
	struct desk *desk CLEANUP(desk_closep) = NULL;
	struct history *history;
	struct policy *read;
	int result = policy_read(policy, &read, fault);

	if (result < 0)
		return result;
	result = history_open(where, HISTORY_CREATE, &history, fault);
	if (result == 0)
		result = open_on(history, &desk, fault);
	if (result < 0) {
		policy_free(read);
		return result;
	}
	desk->policy = read;
	result = desk_begin(desk, true, fault);
	if (result < 0)
		return result;
	result = create(desk, policy, now, fault);
	return desk_end(desk, result, fault);
}

int desk_set_policy(struct desk *desk, int64_t actor, struct slice policy, struct slice now,
		    struct fault *fault)
{
	struct policy *read CLEANUP(policy_freep) = NULL;
	int result = policy_read(policy, &read, fault);

	if (result == 0)
		result = desk_begin(desk, true, fault);
	if (result < 0)
		return result;
	result = insert_policy(desk, actor, policy, now, fault);
	result = desk_end(desk, result, fault);
	/* Done is done: what cannot be read now is read by whoever asks next. */
	if (result == 0 && desk_refresh(desk, NULL) < 0)
		return 0;
	return result;
}

const struct policy *desk_policy(const struct desk *desk)
{
	return desk->policy;
}

struct slice desk_policy_text(const struct desk *desk)
{
	return strbuf_slice(&desk->policy_text);
}

const struct image *desk_image(const struct desk *desk)
{
	return desk->edition ? &desk->image : NULL;
}

int64_t desk_edition(const struct desk *desk)
{
	return desk->edition;
}

struct db *desk_db(struct desk *desk)
{
	return desk->db;
}

struct history *desk_history(struct desk *desk)
{
	return desk->history;
}

void desk_take_turns(struct desk *desk, pthread_mutex_t *turn)
{
	desk->turn = turn;
}

static void end_turn(struct desk *desk)
{
	if (desk->has_turn)
		pthread_mutex_unlock(desk->turn);
	desk->has_turn = false;
}

int desk_begin(struct desk *desk, bool writing, struct fault *fault)
{
	int result;

	if (writing && desk->turn)
		pthread_mutex_lock(desk->turn);
	result = history_begin(desk->history, writing, fault);
	desk->has_turn = writing && desk->turn;
	if (result < 0)
		end_turn(desk);
	return result;
}

int desk_commit(struct desk *desk, struct fault *fault)
{
	int result = history_commit(desk->history, fault);

	end_turn(desk);
	return result;
}

void desk_rollback(struct desk *desk)
{
	history_rollback(desk->history);
	end_turn(desk);
}

int desk_end(struct desk *desk, int result, struct fault *fault)
{
	if (result == 0)
		return desk_commit(desk, fault);
	desk_rollback(desk);
	return result;
}

int desk_note(struct desk *desk, int64_t actor, struct slice action, struct slice body,
	      struct slice now, struct fault *fault)
{
	struct event event = {.at = now,
			      .actor = actor,
			      .action = action,
			      .body = body,
			      .first_port = -1,
			      .last_port = -1};

	return event_append(desk, &event, fault);
}

int store_read_policy(struct desk *desk, struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct policy *policy;
	int64_t number;
	int result = db_prepare(
		desk->db, "SELECT number, policy FROM desk_policies ORDER BY number DESC LIMIT 1",
		&statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result < 0)
		return result;
	if (result == 0)
		return fault_set(fault, FAULT_MALFORMED, "the desk has no policy");
	number = db_int(statement, 0);
	if (number == desk->policy_number)
		return 0;
	strbuf_add(&text, db_text(statement, 1));
	if (text.failed)
		return fault_memory(fault);
	result = policy_read(strbuf_slice(&text), &policy, fault);
	if (result < 0)
		return result;
	policy_free(desk->policy);
	desk->policy = policy;
	desk->policy_number = number;
	strbuf_done(&desk->policy_text);
	desk->policy_text = text;
	text = (struct strbuf){};
	return 0;
}

static int read_edition(struct desk *desk, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	struct preflight_past *past = NULL;
	struct image image;
	int64_t state, number;
	int result = history_state(desk->history, &state, fault);

	if (result < 0 || state == desk->history_state)
		return result;
	result = history_find(desk->history, SLICE_NONE, &number, fault);
	if (result != 0)
		return result < 0 ? result
				  : fault_set(fault, FAULT_UNKNOWN, "the store has no edition");
	result = history_read(desk->history, number, NULL, &registry, fault);
	if (result == 0)
		result = mkimage(registry, SLICE_NONE, &bytes, fault);
	if (result == 0)
		result = image_open(&image, strbuf_slice(&bytes), fault);
	if (result == 0)
		result = preflight_past_read(desk->history, &past, fault);
	if (result < 0)
		return result;
	preflight_past_free(desk->past);
	strbuf_done(&desk->image_bytes);
	desk->past = past;
	desk->image_bytes = bytes;
	bytes = (struct strbuf){};
	desk->image = image;
	desk->edition = number;
	desk->history_state = state;
	return 0;
}

int store_refresh(struct desk *desk, struct fault *fault)
{
	int result = store_read_policy(desk, fault);

	return result < 0 ? result : read_edition(desk, fault);
}

int desk_refresh(struct desk *desk, struct fault *fault)
{
	int result = desk_begin(desk, false, fault);

	if (result < 0)
		return result;
	result = store_refresh(desk, fault);
	desk_rollback(desk);
	return result;
}
