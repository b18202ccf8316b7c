/* The commands of the desk: request and its sub-commands. */
#include <stdint.h>

#include "cli/cli.h"

enum {
	ROWS = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_NDJSON,
	ONE = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
};

#define TAKES(option) [OPTION_##option] = true

/* What those have in common that act on the desk of a store. */
#define OF_A_DESK .opens = true, .format = FORMAT_TABLE, .refused = {TAKES(AS_OF), TAKES(REGISTRY)}

static const struct command commands[] = {
	{
		.name = SLICE("request"),
		.arguments = SLICE("COMMAND"),
		.summary = SLICE("Run a registry: applications, reviews, grants, leases"),
		.about = SLICE(
			"A store may have a desk: people with accounts file requests, reviewers "
			"and registrars decide on them by the registry's policy, and what is "
			"granted is published as the store's next edition. Everything that is done "
			"is in a log that shows any later change.\n"
			"Who acts is --as LOGIN, or the account of the user's login. Whoever may "
			"write the store is trusted in this; others use the site or the API of "
			"portbook serve.\n"
			"The exit status is 0 when it was done, 1 when the rules refuse it or "
			"there is no such request, 2 for wrong usage, and 3 when it failed."),
		.examples = SLICE("portbook request init\n"
				  "portbook request new name=metrics ports=any transports=tcp\n"
				  "portbook request list --queue"),
		.least = 1,
		.refused = {TAKES(AS_OF), TAKES(REGISTRY)},
	},
	{
		.name = SLICE("request init"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Make the store a registry to run, with an administrator"),
		.about = SLICE(
			"The store is made where it is not there, and then begins with all ports "
			"of the policy unassigned. The policy is organisation, or, in a store that "
			"has editions, rfc6335; --policy names one, or a file (docs/POLICY.md). "
			"The administrator is --as LOGIN, or has the login of the user.\n"
			"The exit status is 1 when the store has a desk already."),
		.examples =
			SLICE("portbook request init\n"
			      "portbook --store ports.db request init --title 'Ports of Example'"),
		.options = {TAKES(AS), TAKES(POLICY), TAKES(TITLE), TAKES(NAME), TAKES(EMAIL),
			    TAKES(PERSON)},
		OF_A_DESK,
		.run = request_init_run,
	},
	{
		.name = SLICE("request template"),
		.arguments = SLICE("PROCEDURE"),
		.summary = SLICE("Print a file to fill in: an application for a procedure"),
		.about = SLICE("PROCEDURE is port, name, transport, service-code, early, renewal, "
			       "modification, de-assignment, reuse, revocation, transfer or "
			       "appeal."),
		.examples = SLICE("portbook request template port > metrics.yaml"),
		.words = VALUE_PROCEDURE,
		.least = 1,
		.most = 1,
		OF_A_DESK,
		.run = request_template_run,
	},
	{
		.name = SLICE("request check"),
		.arguments = SLICE("FILE|KEY=VALUE..."),
		.summary = SLICE("Say what experts would say of an application, and file nothing"),
		.about = SLICE(
			"FILE is an application in YAML (request template prints one) or JSON, - "
			"is standard input; or each field is a word, and procedure is port where "
			"it is not said. It is held against the registry and policy of the store's "
			"desk; or, without a desk, with --registry or --policy, against any "
			"registry by the rules of IANA's (rfc6335). docs/PREFLIGHT.md has the "
			"findings.\n"
			"The exit status is 0 when there is nothing that must or should be "
			"otherwise, and 1 when there is."),
		.examples = SLICE("portbook request check metrics.yaml\n"
				  "portbook request check --policy rfc6335 --json metrics.yaml"),
		.words = VALUE_FILE,
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(POLICY)},
		.formats = ONE,
		.format = FORMAT_TABLE,
		.opens = true,
		.run = request_check_run,
	},
	{
		.name = SLICE("request new"),
		.arguments = SLICE("FILE|KEY=VALUE..."),
		.summary = SLICE("File an application"),
		.about = SLICE(
			"FILE is an application in YAML (request template prints one) or JSON, - "
			"is standard input; or each field is a word, and procedure is port where "
			"it is not said. What must be otherwise is printed, and then nothing is "
			"filed. What the policy grants as it is asked for is published at once.\n"
			"The exit status is 0 when it was filed, else 1."),
		.examples = SLICE("portbook request new metrics.yaml\n"
				  "portbook request new name=notes procedure=name transports=tcp"),
		.words = VALUE_FILE,
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(AS), TAKES(KEY)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_new_run,
	},
	{
		.name = SLICE("request list"),
		.arguments = SLICE("[STATE...]"),
		.summary = SLICE("Print which requests there are, the newest first"),
		.about = SLICE("STATE is new, expert-review, escalated, with-requester, "
			       "call-for-comments, assignable, granted, refused or withdrawn; "
			       "open is each of those before granted.\n"
			       "The exit status is 0 when there is one, else 1."),
		.examples = SLICE("portbook request list open\n"
				  "portbook request list --queue --as ada\n"
				  "portbook request list granted --json"),
		.words = VALUE_REQUESTS,
		.most = SIZE_MAX,
		.options = {TAKES(AS), TAKES(MINE), TAKES(QUEUE), TAKES(OVERDUE)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_list_run,
	},
	{
		.name = SLICE("request show"),
		.arguments = SLICE("N"),
		.summary = SLICE("Print all of a request that one may see"),
		.about = SLICE("That is its application, what experts would say of it now, what is "
			       "in its way, what was done, and what one may do next."),
		.examples = SLICE("portbook request show 12\n"
				  "portbook request show 12 --json | jq .actions"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_show_run,
	},
	{
		.name = SLICE("request comment"),
		.arguments = SLICE("N TEXT"),
		.summary = SLICE("Say something about a request; - is standard input"),
		.about = SLICE("Everybody sees it, but with --internal only those who review."),
		.examples = SLICE("portbook request comment 12 'The reference is out by now.'\n"
				  "portbook request comment 12 --internal 'As in request 7.'"),
		.least = 2,
		.most = 2,
		.options = {TAKES(AS), TAKES(INTERNAL), TAKES(KEY)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_comment_run,
	},
	{
		.name = SLICE("request advance"),
		.arguments = SLICE("N ACTION"),
		.summary = SLICE("Take the next step with a request"),
		.about = SLICE(
			"ACTION is validate (take it up), assign (to --reviewer), return (to the "
			"applicant, with a question), answer (that), approve, recuse (step back "
			"from reviewing it), escalate (to the approvers), call (for comments), "
			"decide (the call is over), refuse, grant (and publish), withdraw or "
			"comment. request show says which of them one may take.\n"
			"The exit status is 0 when it was done, and 1 when the rules refuse it."),
		.examples = SLICE("portbook request advance 12 validate\n"
				  "portbook request advance 12 assign --reviewer ada\n"
				  "portbook request advance 12 return --note 'Why not UDP?'"),
		.least = 2,
		.most = 2,
		.words = VALUE_ACTION,
		.options = {TAKES(AS), TAKES(NOTE), TAKES(INTERNAL), TAKES(REVIEWER), TAKES(KEY)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_advance_run,
	},
	{
		.name = SLICE("request amend"),
		.arguments = SLICE("N FILE|KEY=VALUE..."),
		.summary = SLICE("Put another application in the place of that of a request"),
		.about = SLICE("It is one for the same procedure, and whole: what it does not say "
			       "is not said any more."),
		.examples = SLICE("portbook request amend 12 metrics.yaml"),
		.words = VALUE_FILE,
		.least = 2,
		.most = SIZE_MAX,
		.options = {TAKES(AS), TAKES(NOTE), TAKES(KEY)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_amend_run,
	},
	{
		.name = SLICE("request withdraw"),
		.arguments = SLICE("N"),
		.summary = SLICE("Take back a request that one has filed"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request withdraw 12"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS), TAKES(NOTE), TAKES(KEY)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_withdraw_run,
	},
	{
		.name = SLICE("request verify"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Go through the whole log, and print what is wrong"),
		.about =
			SLICE("Each event has a hash over the one before it; private parts must be "
			      "what was hashed, and requests what their events make of them.\nThe "
			      "exit status is 0 when all is as it was written, else 1."),
		.examples = SLICE("portbook request verify"),
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_verify_run,
	},
	{
		.name = SLICE("request rebuild"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Make the table of requests again from the log"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request rebuild"),
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_rebuild_run,
	},
	{
		.name = SLICE("request log"),
		.arguments = SLICE("[N]"),
		.summary = SLICE("Print the events of a request, or those that are about none"),
		.about = SLICE("What is about no request is accounts, roles, tokens, policies and "
			       "leases. Who did it is for administrators and registrars."),
		.examples = SLICE("portbook request log\nportbook request log 12 --json"),
		.most = 1,
		.options = {TAKES(AS)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_log_run,
	},
	{
		.name = SLICE("request policy"),
		.arguments = SLICE("COMMAND"),
		.summary = SLICE("The rules of the registry"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request policy show > policy.json\nportbook request "
				  "policy set policy.json"),
		.least = 1,
		.refused = {TAKES(AS_OF), TAKES(REGISTRY)},
	},
	{
		.name = SLICE("request policy show"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print the policy"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request policy show > policy.json"),
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_policy_show_run,
	},
	{
		.name = SLICE("request policy set"),
		.arguments = SLICE("NAME|FILE"),
		.summary = SLICE("Have another policy from now on"),
		.about = SLICE("Requests that are open are decided by it as well."),
		.examples = SLICE("portbook request policy set policy.json"),
		.words = VALUE_FILE,
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_policy_set_run,
	},
	{
		.name = SLICE("request policy check"),
		.arguments = SLICE("NAME|FILE"),
		.summary = SLICE("Say what is wrong with a policy"),
		.about = SLICE("docs/POLICY.md describes them. No store is needed.\nThe exit "
			       "status is 0 when it is one, and 1 when it is not."),
		.examples = SLICE("portbook request policy check policy.json"),
		.words = VALUE_FILE,
		.least = 1,
		.most = 1,
		OF_A_DESK,
		.run = request_policy_check_run,
	},
	{
		.name = SLICE("request lease"),
		.arguments = SLICE("NAME"),
		.summary = SLICE("Borrow a port for a time, and print it"),
		.about = SLICE("The same name of the same account gets its port again, and a later "
			       "end. Ports that are lent, and for how long, are the matter of the "
			       "policy.\nThe exit status is 0 when there is one, and 1 when none "
			       "is left or the account has as many as it may."),
		.examples = SLICE("portbook request lease build-7\nportbook request lease api "
				  "--transport udp --minutes 90 --json"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS), TAKES(PORTS), TAKES(TRANSPORT), TAKES(HOST), TAKES(PROJECT),
			    TAKES(MINUTES)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_lease_run,
	},
	{
		.name = SLICE("request leases"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print which ports are lent, to whom, and until when"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request leases --mine"),
		.options = {TAKES(AS), TAKES(MINE)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_leases_run,
	},
	{
		.name = SLICE("request release"),
		.arguments = SLICE("N"),
		.summary = SLICE("Give back what was borrowed"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request release 3"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_release_run,
	},
	{
		.name = SLICE("request mail"),
		.arguments = SLICE("COMMAND"),
		.summary = SLICE("Send the letters of the desk, and look after them"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request mail list\nportbook request mail send "
				  "smtp://localhost --from me@example.org"),
		.least = 1,
		.refused = {TAKES(AS_OF), TAKES(REGISTRY)},
	},
	{
		.name = SLICE("request mail list"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print the letters and what became of them"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request mail list --json"),
		.options = {TAKES(AS)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_mail_list_run,
	},
	{
		.name = SLICE("request mail send"),
		.arguments = SLICE("URL|COMMAND..."),
		.summary = SLICE("Send the letters that are due"),
		.about =
			SLICE("URL is smtp://HOST[:PORT] or smtps://HOST[:PORT]; user and password "
			      "are those of $PORTBOOK_MAIL_USER and $PORTBOOK_MAIL_PASSWORD. "
			      "COMMAND, an absolute path and its arguments behind --, reads a "
			      "letter on standard input. What cannot be sent is tried again when "
			      "this is run later; no letter is sent twice knowingly.\nThe exit "
			      "status is 0 when all that was due was sent, else 1."),
		.examples = SLICE("portbook request mail send smtp://localhost --from "
				  "me@example.org\nportbook request mail send --from "
				  "me@example.org -- /usr/sbin/sendmail -t -i"),
		.least = 1,
		.most = SIZE_MAX,
		.options = {TAKES(AS), TAKES(FROM), TAKES(NAME), TAKES(PLAIN)},
		OF_A_DESK,
		.run = request_mail_send_run,
	},
	{
		.name = SLICE("request mail retry"),
		.arguments = SLICE("N"),
		.summary = SLICE("Send a letter again that failed"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request mail retry 7"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_mail_retry_run,
	},
	{
		.name = SLICE("request remind"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Queue letters about deadlines and what expires"),
		.about = SLICE("Each is queued once, however often this is run."),
		.examples = SLICE("portbook request remind"),
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_remind_run,
	},
	{
		.name = SLICE("request export"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Print all that the desk has of a person, as JSON"),
		.about = SLICE("By an administrator, or the person."),
		.examples = SLICE("portbook request export ada > ada.json"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_export_run,
	},
	{
		.name = SLICE("request erase"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Remove what the desk has of a person"),
		.about = SLICE(
			"That is the data of the account, its notes and the private parts of its "
			"applications; what is published stays. By an administrator, or the "
			"person.\nThe exit status is 1 when a request of the person is open."),
		.examples = SLICE("portbook request erase ada"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_erase_run,
	},
	{
		.name = SLICE("request account"),
		.arguments = SLICE("COMMAND"),
		.summary = SLICE("Look after accounts and their roles"),
		.about = SLICE("By an administrator, or whoever has the store and no account. "
			       "What is done is in the log."),
		.examples = SLICE("portbook request account add ada --email ada@example.org\n"
				  "portbook request account grant ada reviewer"),
		.least = 1,
		.refused = {TAKES(AS_OF), TAKES(REGISTRY)},
	},
	{
		.name = SLICE("request account add"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Make an account, without password and roles"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account add ada --email ada@example.org"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS), TAKES(NAME), TAKES(EMAIL), TAKES(PERSON)},
		OF_A_DESK,
		.run = request_account_add_run,
	},
	{
		.name = SLICE("request account list"),
		.arguments = SLICE_NONE,
		.summary = SLICE("Print all accounts with their roles"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account list --json"),
		.options = {TAKES(AS)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_account_list_run,
	},
	{
		.name = SLICE("request account change"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Change what is said of an account; an empty text takes it away"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account change ada --person Ada_Example"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS), TAKES(NAME), TAKES(EMAIL), TAKES(PERSON)},
		OF_A_DESK,
		.run = request_account_change_run,
	},
	{
		.name = SLICE("request account disable"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("End its sessions and let it do nothing"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account disable ada"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_disable_run,
	},
	{
		.name = SLICE("request account enable"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Let it act again"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account enable ada"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_enable_run,
	},
	{
		.name = SLICE("request account grant"),
		.arguments = SLICE("LOGIN ROLE [PORTS|names|all]"),
		.summary = SLICE("Give an account a role: for these ports, names, or all"),
		.about = SLICE("ROLE is reviewer, registrar, approver or administrator."),
		.examples = SLICE("portbook request account grant ada reviewer 20000-20999\n"
				  "portbook request account grant ada registrar"),
		.least = 2,
		.most = 3,
		.words = VALUE_ROLE,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_grant_run,
	},
	{
		.name = SLICE("request account revoke"),
		.arguments = SLICE("LOGIN ROLE [PORTS|names|all]"),
		.summary = SLICE("Take a role from an account: for these ports, names, or all"),
		.about = SLICE("ROLE is reviewer, registrar, approver or administrator."),
		.examples = SLICE("portbook request account revoke ada reviewer 20000-20999"),
		.least = 2,
		.most = 3,
		.words = VALUE_ROLE,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_revoke_run,
	},
	{
		.name = SLICE("request account password"),
		.arguments = SLICE("LOGIN [FILE]"),
		.summary = SLICE("Set the password of an account"),
		.about = SLICE(
			"It is asked for twice on a terminal, without being shown; else it is the "
			"first line of FILE, or of standard input. By an administrator, or the "
			"account itself. docs/SECURITY.md says what a password must be like."),
		.examples = SLICE("portbook request account password ada\nportbook request account "
				  "password ada secret.txt"),
		.words = VALUE_FILE,
		.least = 1,
		.most = 2,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_password_run,
	},
	{
		.name = SLICE("request account token"),
		.arguments = SLICE("LOGIN"),
		.summary =
			SLICE("Make a token, by which programs act for an account, and print it"),
		.about = SLICE("It is printed this once; the store has its hash alone. --label "
			       "says what it is for, --scope what it may."),
		.examples = SLICE("portbook request account token ada --label CI --scope lease"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS), TAKES(LABEL), TAKES(SCOPE), TAKES(EXPIRES)},
		.formats = ONE,
		OF_A_DESK,
		.run = request_account_token_run,
	},
	{
		.name = SLICE("request account tokens"),
		.arguments = SLICE("LOGIN"),
		.summary = SLICE("Print which tokens an account has"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account tokens ada"),
		.least = 1,
		.most = 1,
		.options = {TAKES(AS)},
		.formats = ROWS,
		OF_A_DESK,
		.run = request_account_tokens_run,
	},
	{
		.name = SLICE("request account cancel"),
		.arguments = SLICE("LOGIN N|all"),
		.summary = SLICE("Cancel a token of an account, or all"),
		.about = SLICE_NONE,
		.examples = SLICE("portbook request account cancel ada 3"),
		.least = 2,
		.most = 2,
		.options = {TAKES(AS)},
		OF_A_DESK,
		.run = request_account_cancel_run,
	},
};

const struct command *request_command_at(size_t index)
{
	return index < ARRAY_SIZE(commands) ? &commands[index] : NULL;
}
