/* request account grant and revoke: who may do what, in which range. */
#include "cli/request_account.h"
#include "record/row.h"

/* Where a role is had: 0 with a range, 1 for the whole registry, STATUS_USAGE, which was said. */
static int read_where(const struct desking *desking, struct account_role *role)
{
	const struct arguments *arguments = &desking->cli->arguments;
	struct slice where =
		arguments->word_count > 2 ? slice_cstr(arguments->words[2]) : SLICE("all");
	uint16_t first, last;

	role->first_port = role->last_port = -1;
	if (slice_eq(where, SLICE("all")))
		return 1;
	if (slice_eq(where, SLICE("names")))
		return 0;
	if (!port_parse(where, &first, &last)) {
		say("\"%.*s\" is neither a port, a range of ports (A-B), names nor all",
		    (int)where.n, where.p);
		return STATUS_USAGE;
	}
	role->first_port = first;
	role->last_port = last;
	return 0;
}

static int change(struct account_work *work, bool grant)
{
	struct desking *desking = work->desking;
	int64_t number = work->account.number;
	struct slice word = slice_cstr(desking->cli->arguments.words[1]);
	struct account_role role;
	struct fault fault;
	size_t index;
	int result;

	if (!value_find(VALUE_ROLE, word, &index, &fault)) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	role.role = (enum role)(index + ROLE_REVIEWER);
	result = read_where(desking, &role);
	if (result == STATUS_USAGE)
		return result;
	out_printf(&work->note, ",\"did\":\"%s\",\"role\":\"%s\"", grant ? "grant" : "revoke",
		   role_name(role.role).p);
	if (result == 0)
		out_printf(&work->note, ",\"first_port\":%d,\"last_port\":%d", (int)role.first_port,
			   (int)role.last_port);
	if (grant)
		result = result ? account_grant_all(work->db, number, role.role, &desking->fault)
				: account_grant(work->db, number, &role, &desking->fault);
	else
		result = result ? account_revoke_all(work->db, number, role.role, &desking->fault)
				: account_revoke(work->db, number, &role, &desking->fault);
	return account_refused(desking, result);
}

static int grant(struct account_work *work)
{
	return change(work, true);
}

static int grant_one(struct desking *desking)
{
	return account_work(desking, SLICE("role"), grant, NULL);
}

int request_account_grant_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, grant_one);
}

static int take_away(struct account_work *work)
{
	return change(work, false);
}

static int revoke_one(struct desking *desking)
{
	return account_work(desking, SLICE("role"), take_away, NULL);
}

int request_account_revoke_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, revoke_one);
}
