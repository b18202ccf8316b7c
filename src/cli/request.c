#include "cli/request.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"

enum { TEXT_MAX = 1 << 20 };

const struct account *desking_actor(const struct desking *desking)
{
	return desking->actor.number ? &desking->actor : NULL;
}

int desking_find_account(struct desking *desking, struct slice login, struct arena *arena,
			 struct account *ret_account)
{
	int result =
		account_find(desk_db(desking->desk), login, arena, ret_account, &desking->fault);

	if (result != ACCOUNT_NONE)
		return result;
	say("no account \"%.*s\"; portbook request account list lists them", (int)login.n, login.p);
	return STATUS_NOT_FOUND;
}

/* The account that acts: 0, also where there is none; a status, which was said; or a fault. */
static int find_actor(struct desking *desking)
{
	struct slice login = desking->cli->arguments.settings.request.as;
	const struct passwd *user;
	struct account account;
	int result;

	if (login.p) {
		result = desking_find_account(desking, login, &desking->arena, &account);
	} else {
		user = getpwuid(geteuid());
		if (!user)
			return 0;
		login = slice_cstr(user->pw_name);
		result = account_find(desk_db(desking->desk), login, &desking->arena, &account,
				      &desking->fault);
		if (result == ACCOUNT_NONE)
			return 0;
	}
	if (result != 0)
		return result;
	if (account.disabled.p) {
		say("the account %.*s is disabled", (int)account.login.n, account.login.p);
		return STATUS_NOT_FOUND;
	}
	desking->actor = account;
	return 0;
}

static int admit(const struct desking *desking, enum request_who who)
{
	const struct account *actor = desking_actor(desking);

	if (who == WHO_ACCOUNT && !actor) {
		say("who acts? --as LOGIN says it; portbook request account list lists them");
		return STATUS_USAGE;
	}
	if (who != WHO_ADMINISTRATOR || !actor ||
	    account_has_role_anywhere(actor, ROLE_ADMINISTRATOR))
		return 0;
	say("%.*s is no administrator: --as LOGIN says who acts (docs/SECURITY.md)",
	    (int)actor->login.n, actor->login.p);
	return STATUS_NOT_FOUND;
}

/* The desk of the store that is there; a file is not made by looking for one. */
static int open_desk(struct cli *cli, struct desk **ret_desk, struct fault *fault)
{
	if (!cli->store.there)
		return fault_set(fault, FAULT_UNKNOWN,
				 "no store here: portbook request init makes one");
	return desk_open(cli->store.path, ret_desk, fault);
}

/* Whether there is an image beside the store, made of it as it is. */
static bool has_image(const struct place *store)
{
	char *path;
	bool current;

	if (place_image(store, &path, NULL) != 0)
		return false;
	current = newest_is_current(store, path);
	free(path);
	return current;
}

static int work(struct desking *desking, enum request_who who, int (*act)(struct desking *desking))
{
	const struct place *store = &desking->cli->store;
	bool had_image = has_image(store);
	int kept = 0, result = open_desk(desking->cli, &desking->desk, &desking->fault);

	if (result == 0)
		result = find_actor(desking);
	if (result == 0)
		result = admit(desking, who);
	if (result == 0)
		result = act(desking);
	if (result < 0)
		return result;
	if (desking->published)
		kept = newest_write(store, desk_history(desking->desk), &desking->fault);
	else if (had_image && desking->desk)
		kept = newest_keep(store, desk_history(desking->desk), &desking->fault);
	return kept < 0 ? kept : result;
}

int desking_run(struct cli *cli, enum request_who who, int (*act)(struct desking *desking))
{
	struct desking desking = {.cli = cli};
	int result;

	desking.now = time_now(desking.space);
	result = work(&desking, who, act);
	preflight_done(&desking.refusal.preflight);
	desk_close(desking.desk);
	arena_done(&desking.arena);
	if (result < 0) {
		if (answer_end(cli) == 0)
			say_fault(cli->store.shown, &desking.fault);
		return STATUS_FAILURE;
	}
	return answer_end(cli) != 0 ? STATUS_FAILURE : result;
}

int desking_number(const struct desking *desking, size_t word, int64_t *ret_number)
{
	struct slice text = slice_cstr(desking->cli->arguments.words[word]);
	uint64_t number;

	if (!number_parse(text, INT32_MAX, &number) || number == 0) {
		say("\"%.*s\" is no request's number", (int)text.n, text.p);
		return STATUS_USAGE;
	}
	*ret_number = (int64_t)number;
	return 0;
}

int desking_outcome(struct desking *desking, int outcome, int64_t number)
{
	const struct desk_refusal *refusal = &desking->refusal;
	struct slice why = slice_cstr(refusal->why.text);

	if (outcome < 0)
		return outcome;
	if (outcome == DESK_DONE)
		return STATUS_FOUND;
	/* A finding is a sentence. */
	why.n -= slice_ends(why, SLICE("."));
	if (outcome == DESK_NOT_FOUND && why.n == 0)
		say("there is no request %lld", (long long)number);
	else if (number)
		say("request %lld: %.*s (%s)", (long long)number, (int)why.n, why.p,
		    refusal->section);
	else
		say("%.*s (%s)", (int)why.n, why.p, refusal->section);
	return STATUS_NOT_FOUND;
}

int desking_text(const char *word, struct file_content *content, struct slice *ret_text,
		 struct fault *fault)
{
	int result = 0;

	*ret_text = slice_cstr(word);
	if (slice_eq(*ret_text, SLICE("-"))) {
		result = file_read(word, TEXT_MAX, content, fault);
		*ret_text = content->text;
	}
	return result;
}

int desking_policy_text(struct slice name, struct file_content *content, struct slice *ret_text,
			struct fault *fault)
{
	size_t length;
	const char *text = policy_builtin(name.p, &length);
	int result;

	if (text) {
		*ret_text = (struct slice){text, length};
		return 0;
	}
	result = file_read(name.p, TEXT_MAX, content, fault);
	*ret_text = content->text;
	return result;
}

int desking_tell(struct desking *desking, int64_t number)
{
	struct cli *cli = desking->cli;
	struct desk_request request;
	int result = desk_request(desking->desk, desking_actor(desking), number, &request,
				  &desking->fault);

	if (result != DESK_DONE)
		return desking_outcome(desking, result, number);
	if (cli->arguments.settings.format == FORMAT_TABLE) {
		desking_put_line(cli->out, &request);
	} else {
		desking_put_json(cli->out, &request);
		out_byte(cli->out, '\n');
	}
	desking->published |= request.edition != 0;
	desk_request_done(&request);
	return STATUS_FOUND;
}
