/* request export and erase: what the desk has of a person, given out and removed. */
#include "cli/request_account.h"

static int find(struct desking *desking, int64_t *ret_number)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result = account_admit_self(desking);

	if (result == 0)
		result = desking_find_account(desking, slice_cstr(desking->cli->arguments.words[0]),
					      &arena, &account);
	if (result == 0)
		*ret_number = account.number;
	return result;
}

static int export(struct desking *desking)
{
	int64_t number;
	int result = find(desking, &number);

	return result == 0 ? desk_export(desking->desk, number, desking->cli->out, &desking->fault)
			   : result;
}

int request_export_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, export);
}

static int erase(struct desking *desking)
{
	int64_t number;
	int result = find(desking, &number);

	if (result != 0)
		return result;
	result = desk_erase(desking->desk, &desking->actor, number, desking->now, &desking->refusal,
			    &desking->fault);
	return desking_outcome(desking, result, 0);
}

int request_erase_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, erase);
}
