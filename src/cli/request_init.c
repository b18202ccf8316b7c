/* request init: a registry of one's own, or the desk of one that is in the store. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/request.h"
#include "render/render.h"

/* Whether the store has editions: a public registry's, whose rules are then the usual ones. */
static bool has_editions(const struct cli *cli)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int64_t number;

	return cli->store.there &&
	       history_open(cli->store.path, HISTORY_READ, &history, NULL) == 0 &&
	       history_begin(history, false, NULL) == 0 &&
	       history_find(history, SLICE_NONE, &number, NULL) == 0;
}

/* The offset behind a string of JSON that begins at that one. */
static size_t string_end(struct slice text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		at += text.p[at] == '\\';
	return at < text.n ? at + 1 : text.n;
}

/* The policy's text with another title of the registry. */
static int put_title(struct slice policy, struct slice title, struct strbuf *ret_text,
		     struct fault *fault)
{
	const struct slice key = SLICE("\"registry_title\"");
	size_t at = slice_find(policy, key);
	struct out out;

	if (at == (size_t)-1)
		return fault_set(fault, FAULT_MALFORMED, "the policy has no registry_title");
	at += key.n;
	while (at < policy.n && policy.p[at] != '"')
		at++;
	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	out_put(&out, (struct slice){policy.p, at});
	render_json_text(&out, title);
	out_put(&out, slice_skip(policy, string_end(policy, at)));
	strbuf_add(ret_text, out_slice(&out));
	if (out_finish(&out) != 0)
		ret_text->failed = true;
	out_done(&out);
	return ret_text->failed ? fault_memory(fault) : 0;
}

static int create(struct cli *cli, const struct account_details *administrator, struct slice now,
		  struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct file_content content CLEANUP(file_content_done) = {};
	struct strbuf titled CLEANUP(strbuf_done) = {};
	struct slice text, name = settings->request.policy;
	int result;

	if (!cli->store.path)
		return fault_set(fault, FAULT_SYSTEM,
				 "no place for a store: --store PLACE or $PORTBOOK_STORE says one");
	/* Before anything is there: without an administrator it would be nobody's. */
	result = account_check(administrator, fault);
	if (result != 0)
		return result;
	if (!name.p)
		name = has_editions(cli) ? SLICE("rfc6335") : SLICE("organisation");
	result = desking_policy_text(name, &content, &text, fault);
	if (result == 0 && settings->request.title.p) {
		result = put_title(text, settings->request.title, &titled, fault);
		text = strbuf_slice(&titled);
	}
	if (result == 0)
		result = place_make_folder(&cli->store, fault);
	result = result == 0 ? desk_create(cli->store.path, text, now, fault) : result;
	return result == 0 ? place_keep_private(&cli->store, fault) : result;
}

/* The first administrator, in a transaction of the caller. */
static int add_administrator(struct desking *desking, const struct account_details *details)
{
	struct db *db = desk_db(desking->desk);
	int64_t number;
	int result = account_create(db, details, desking->now, &number, &desking->fault);

	if (result == 0)
		result = account_grant_all(db, number, ROLE_ADMINISTRATOR, &desking->fault);
	if (result == 0)
		result = desk_note(desking->desk, 0, SLICE("role"),
				   SLICE("{\"account\": 1, \"grant\": \"administrator\"}"),
				   desking->now, &desking->fault);
	return result;
}

/* What there is now, and what to do next. */
static void tell(const struct desking *desking, struct slice login)
{
	struct out *out = desking->cli->out;

	out_put(out, SLICE("a registry with the policy "));
	out_put(out, desk_policy(desking->desk)->name);
	out_put(out, SLICE(", administered by "));
	out_put(out, login);
	out_put(out, SLICE("\npeople: request account add LOGIN, request account grant LOGIN "
			   "registrar|reviewer\nports:  request template port > FILE, request new "
			   "FILE\nsite:   request account password LOGIN, serve, and then "
			   "http://127.0.0.1:8046/desk\n"));
}

static struct account_details administrator_of(const struct settings *settings)
{
	const struct passwd *user = getpwuid(geteuid());
	struct account_details details = {.login = settings->request.as,
					  .name = settings->request.name,
					  .email = settings->request.email,
					  .person = settings->request.person};

	if (!details.login.p)
		details.login = user ? slice_cstr(user->pw_name) : SLICE("administrator");
	return details;
}

static int make_administrator(struct desking *desking, const struct account_details *details)
{
	int result = desk_open(desking->cli->store.path, &desking->desk, &desking->fault);
	if (result == 0)
		result = desk_begin(desking->desk, true, &desking->fault);
	if (result < 0)
		return result;
	result = add_administrator(desking, details);
	result = desk_end(desking->desk, result, &desking->fault);
	if (result == 0)
		result = newest_write(&desking->cli->store, desk_history(desking->desk),
				      &desking->fault);
	if (result != 0)
		return result;
	tell(desking, details->login);
	return 0;
}

int request_init_run(struct cli *cli)
{
	struct account_details administrator = administrator_of(&cli->arguments.settings);
	struct desking desking = {.cli = cli};
	int result;

	desking.now = time_now(desking.space);
	result = create(cli, &administrator, desking.now, &desking.fault);
	if (result == 0)
		result = make_administrator(&desking, &administrator);
	desk_close(desking.desk);
	if (result != 0) {
		say_fault(cli->store.shown, &desking.fault);
		return result == FAULT_UNKNOWN ? STATUS_NOT_FOUND : STATUS_FAILURE;
	}
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}
