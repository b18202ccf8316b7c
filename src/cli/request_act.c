/* What is done with requests. */
#include "cli/request.h"

/* Why the account of --reviewer cannot be found was said. */
static int find_reviewer(struct desking *desking, struct desk_act *act)
{
	struct slice login = desking->cli->arguments.settings.request.reviewer;
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result;

	if (act->action != ACTION_ASSIGN)
		return 0;
	if (!login.p) {
		say("assign needs --reviewer LOGIN");
		return STATUS_USAGE;
	}
	result = desking_find_account(desking, login, &arena, &account);
	if (result == 0)
		act->account = account.number;
	return result;
}

/* Adds to why something is refused what may be done now. */
static void add_actions(struct desking *desking, int64_t number)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct fault *why = &desking->refusal.why;
	struct desk_request request;
	unsigned actions;

	if (desk_request(desking->desk, &desking->actor, number, &request, &desking->fault) !=
	    DESK_DONE)
		return;
	actions = desk_actions(desking->desk, &desking->actor, &request, desking->now);
	desk_request_done(&request);
	strbuf_add(&text, slice_cstr(why->text));
	strbuf_add(&text, actions ? SLICE("; now one may ") : SLICE_NONE);
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (!(actions >> i & 1))
			continue;
		strbuf_add(&text, action_name((enum action)i));
		strbuf_add(&text, (actions >> i) > 1 ? SLICE(", ") : SLICE_NONE);
	}
	if (!text.failed)
		fault_set(why, DESK_NOT_NOW, "%.*s", (int)text.n, text.p);
}

static int advance(struct desking *desking, struct desk_act *act)
{
	int64_t number;
	int result = desking_number(desking, 0, &number);

	act->internal = desking->cli->arguments.settings.request.internal;
	act->key = desking->cli->arguments.settings.request.key;
	if (result == 0)
		result = find_reviewer(desking, act);
	if (result != 0)
		return result;
	result = desk_do(desking->desk, &desking->actor, number, act, desking->now,
			 &desking->refusal, &desking->fault);
	if (result == DESK_DONE)
		return desking_tell(desking, number);
	if (result == DESK_NOT_NOW)
		add_actions(desking, number);
	return desking_outcome(desking, result, number);
}

/* With the note that the word is, or (NULL) that of --note; "-" is standard input. */
static int advance_with(struct desking *desking, enum action action, const char *word)
{
	struct slice note = desking->cli->arguments.settings.request.note;
	struct file_content content CLEANUP(file_content_done) = {};
	struct desk_act act = {.action = action};
	int result = 0;

	if (word || note.p)
		result = desking_text(word ? word : note.p, &content, &act.note, &desking->fault);
	if (result < 0) {
		say_fault("standard input", &desking->fault);
		return STATUS_FAILURE;
	}
	act.note = slice_trim(act.note);
	return advance(desking, &act);
}

static int act_by_name(struct desking *desking)
{
	struct slice word = slice_cstr(desking->cli->arguments.words[1]);
	struct fault fault;
	size_t index;

	if (slice_eq(word, action_name(ACTION_AMEND))) {
		say("an application is amended by portbook request amend");
		return STATUS_USAGE;
	}
	if (!value_find(VALUE_ACTION, word, &index, &fault)) {
		say("request advance: %s", fault.text);
		return STATUS_USAGE;
	}
	return advance_with(desking, (enum action)(index + ACTION_COMMENT), NULL);
}

int request_advance_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, act_by_name);
}

static int comment(struct desking *desking)
{
	return advance_with(desking, ACTION_COMMENT, desking->cli->arguments.words[1]);
}

int request_comment_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, comment);
}

static int withdraw(struct desking *desking)
{
	return advance_with(desking, ACTION_WITHDRAW, NULL);
}

int request_withdraw_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, withdraw);
}
