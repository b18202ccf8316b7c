/* request account: who there is. */
#include "cli/request_account.h"

#include "base/utf8.h"

int account_refused(struct desking *desking, int outcome)
{
	switch (outcome) {
	case 0:
		return STATUS_FOUND;
	case ACCOUNT_NONE:
		say("there is nothing like that");
		return STATUS_NOT_FOUND;
	case ACCOUNT_TAKEN:
		say("another account has that login");
		return STATUS_NOT_FOUND;
	case ACCOUNT_LAST:
		say("nobody would be left who administers accounts");
		return STATUS_NOT_FOUND;
	case ACCOUNT_REFUSED:
		say("%s", desking->fault.text);
		return STATUS_NOT_FOUND;
	default:
		return outcome;
	}
}

int account_admit_self(const struct desking *desking)
{
	const struct account *actor = desking_actor(desking);

	if (!actor || account_has_role_anywhere(actor, ROLE_ADMINISTRATOR) ||
	    utf8_fold_eq(actor->login, slice_cstr(desking->cli->arguments.words[0])))
		return 0;
	say("%.*s is no administrator: --as LOGIN says who acts (docs/SECURITY.md)",
	    (int)actor->login.n, actor->login.p);
	return STATUS_NOT_FOUND;
}

/* Tells the log, and commits what went well. */
static int finish(struct account_work *work, struct slice action, int result)
{
	struct desking *desking = work->desking;

	out_byte(&work->note, '}');
	if (result == 0 && out_finish(&work->note) != 0)
		result = fault_memory(&desking->fault);
	if (result == 0)
		result = desk_note(desking->desk, desking->actor.number, action,
				   out_slice(&work->note), desking->now, &desking->fault);
	return desk_end(desking->desk, result, &desking->fault);
}

static int begin(struct desking *desking, struct account_work *work)
{
	*work = (struct account_work){.desking = desking, .db = desk_db(desking->desk)};
	if (out_init_memory(&work->note) < 0)
		return fault_memory(&desking->fault);
	return desk_begin(desking->desk, true, &desking->fault);
}

int account_work(struct desking *desking, struct slice action,
		 int (*change)(struct account_work *work), const void *data)
{
	struct account_work work;
	int result = begin(desking, &work);

	work.data = data;
	if (result == 0) {
		result = desking_find_account(desking, slice_cstr(desking->cli->arguments.words[0]),
					      &work.arena, &work.account);
		out_printf(&work.note, "{\"account\":%lld", (long long)work.account.number);
		if (result == 0)
			result = change(&work);
		result = finish(&work, action, result);
	}
	out_done(&work.note);
	arena_done(&work.arena);
	return result;
}

static void told(struct slice told, struct slice *ret_text)
{
	if (told.p)
		*ret_text = told;
}

static int add(struct desking *desking)
{
	const struct settings *settings = &desking->cli->arguments.settings;
	struct account_details details = {.login = slice_cstr(desking->cli->arguments.words[0]),
					  .name = settings->request.name,
					  .email = settings->request.email,
					  .person = settings->request.person};
	struct account_work work;
	int64_t number = 0;
	int result = begin(desking, &work);

	if (result == 0) {
		result = account_create(work.db, &details, desking->now, &number, &desking->fault);
		if (result > 0)
			result = account_refused(desking, result);
		out_printf(&work.note, "{\"account\":%lld,\"did\":\"add\"", (long long)number);
		result = finish(&work, SLICE("account"), result);
	}
	out_done(&work.note);
	return result;
}

int request_account_add_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, add);
}

static int change(struct account_work *work)
{
	const struct settings *settings = &work->desking->cli->arguments.settings;
	struct account_details details = {.name = work->account.name,
					  .email = work->account.email,
					  .person = work->account.person};

	told(settings->request.name, &details.name);
	told(settings->request.email, &details.email);
	told(settings->request.person, &details.person);
	out_put(&work->note, SLICE(",\"did\":\"change\""));
	return account_refused(work->desking, account_change(work->db, work->account.number,
							     &details, &work->desking->fault));
}

static int change_one(struct desking *desking)
{
	return account_work(desking, SLICE("account"), change, NULL);
}

int request_account_change_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, change_one);
}

static int disable(struct account_work *work)
{
	out_put(&work->note, SLICE(",\"did\":\"disable\""));
	return account_refused(work->desking,
			       account_disable(work->db, work->account.number, work->desking->now,
					       &work->desking->fault));
}

static int disable_one(struct desking *desking)
{
	return account_work(desking, SLICE("account"), disable, NULL);
}

int request_account_disable_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, disable_one);
}

static int enable(struct account_work *work)
{
	out_put(&work->note, SLICE(",\"did\":\"enable\""));
	return account_refused(work->desking, account_enable(work->db, work->account.number,
							     &work->desking->fault));
}

static int enable_one(struct desking *desking)
{
	return account_work(desking, SLICE("account"), enable, NULL);
}

int request_account_enable_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, enable_one);
}
