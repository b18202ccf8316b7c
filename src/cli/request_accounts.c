/* request account list: who there is, and what they may. */
#include "cli/listing.h"
#include "cli/request.h"

enum { AT_ONCE = 500 };

static const struct table_column columns[] = {
	{SLICE("Login"), 8, 0, false},	{SLICE("Name"), 10, 1, false},
	{SLICE("Email"), 12, 3, false}, {SLICE("Person"), 8, 4, false},
	{SLICE("Roles"), 20, 0, false}, {SLICE("State"), 8, 2, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
	int64_t last;
};

static bool is_of_all_ports(const struct account_role *role)
{
	return role->first_port == 0 && role->last_port == ACCOUNT_PORT_LAST;
}

/* A role for all ports and for names stands alone. They are sorted, names before ports. */
static void add_roles(const struct account *account, struct strbuf *text)
{
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *role = &account->roles[i];

		strbuf_add(text, text->n > 0 ? SLICE(", ") : SLICE(""));
		strbuf_add(text, role_name(role->role));
		if (role->first_port < 0 && i + 1 < account->role_count &&
		    role[1].role == role->role && is_of_all_ports(&role[1])) {
			i++;
			continue;
		}
		strbuf_add_byte(text, ' ');
		if (role->first_port < 0)
			strbuf_add(text, SLICE("names"));
		else
			desking_add_ports(role->first_port, role->last_port, text);
	}
}

static void put_json(struct out *out, const struct account *account)
{
	out_printf(out, "{\"number\":%lld", (long long)account->number);
	desking_put_text(out, "login", account->login);
	desking_put_text(out, "name", account->name);
	desking_put_text(out, "email", account->email);
	desking_put_text(out, "person", account->person);
	desking_put_text(out, "created", account->created);
	desking_put_text(out, "disabled", account->disabled);
	out_put(out,
		account->has_password ? SLICE(",\"password\":true") : SLICE(",\"password\":false"));
	out_put(out, SLICE(",\"roles\":["));
	for (size_t i = 0; i < account->role_count; i++) {
		const struct account_role *role = &account->roles[i];

		out_printf(out, "%s{\"role\":\"%s\",\"first_port\":", i > 0 ? "," : "",
			   role_name(role->role).p);
		if (role->first_port < 0)
			out_put(out, SLICE("null,\"last_port\":null}"));
		else
			out_printf(out, "%d,\"last_port\":%d}", (int)role->first_port,
				   (int)role->last_port);
	}
	out_put(out, SLICE("]}"));
}

static int print(void *context, const struct account *account)
{
	struct printing *printing = context;
	struct listing *listing = &printing->listing;
	struct strbuf roles CLEANUP(strbuf_done) = {};

	printing->last = account->number;
	desking_begin_item(printing->cli, printing->count++);
	if (printing->cli->arguments.settings.format != FORMAT_TABLE) {
		put_json(printing->cli->out, account);
		desking_end_item(printing->cli);
		return 0;
	}
	add_roles(account, &roles);
	listing->text.failed |= roles.failed;
	listing_add(listing, account->login);
	listing_add(listing, account->name);
	listing_add(listing, account->email);
	listing_add(listing, account->person);
	listing_add(listing, strbuf_slice(&roles));
	listing_add(listing, account->disabled.p ? SLICE("disabled") : SLICE_NONE);
	return 0;
}

static int list(struct desking *desking)
{
	struct cli *cli = desking->cli;
	struct printing printing = {
		.cli = cli, .listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	size_t before;
	int result;

	do {
		before = printing.count;
		result = account_list(desk_db(desking->desk), printing.last, AT_ONCE, print,
				      &printing, &desking->fault);
	} while (result == 0 && printing.count - before == AT_ONCE);
	if (result == 0)
		result = desking_end_items(desking, &printing.listing, printing.count);
	listing_done(&printing.listing);
	return result;
}

int request_account_list_run(struct cli *cli)
{
	return desking_run(cli, WHO_ADMINISTRATOR, list);
}
