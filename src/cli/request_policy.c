/* request policy: what the registry's rules are, and others from now on. */
#include "cli/request.h"

static int show(struct desking *desking)
{
	int result = desk_refresh(desking->desk, &desking->fault);

	if (result == 0)
		out_put(desking->cli->out, desk_policy_text(desking->desk));
	return result;
}

int request_policy_show_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, show);
}

/* The policy that the word names, understood: 0; or a status, and what is wrong was said. */
static int read_policy(const struct cli *cli, struct file_content *content, struct slice *ret_text,
		       struct fault *fault)
{
	struct slice word = slice_cstr(cli->arguments.words[0]);
	struct policy *policy CLEANUP(policy_freep) = NULL;
	int result = desking_policy_text(word, content, ret_text, fault);

	if (result < 0)
		return say_fault(path_name(word.p), fault);
	result = policy_read(*ret_text, &policy, fault);
	if (result == 0)
		return 0;
	say_fault(path_name(word.p), fault);
	return result == FAULT_MALFORMED ? STATUS_NOT_FOUND : STATUS_FAILURE;
}

static int set(struct desking *desking)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct slice text;
	int result = read_policy(desking->cli, &content, &text, &desking->fault);

	if (result != 0)
		return result;
	return desk_set_policy(desking->desk, desking->actor.number, text, desking->now,
			       &desking->fault);
}

int request_policy_set_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, set);
}

int request_policy_check_run(struct cli *cli)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct fault fault;
	struct slice text;

	return read_policy(cli, &content, &text, &fault);
}
