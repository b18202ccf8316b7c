/* request account token, tokens and cancel: what programs act with. */
#include "base/number.h"
#include "cli/listing.h"
#include "cli/request_account.h"

static const struct table_column columns[] = {
	{SLICE("Token"), 5, 0, true},	  {SLICE("Label"), 10, 0, false},
	{SLICE("Scopes"), 10, 0, false},  {SLICE("Created"), 10, 2, false},
	{SLICE("Expires"), 10, 1, false}, {SLICE("Used"), 10, 3, false},
};

struct printing {
	struct cli *cli;
	struct listing listing;
	size_t count;
};

static void print_secret(struct cli *cli, int64_t number, const struct account_secret *secret)
{
	struct out *out = cli->out;

	if (cli->arguments.settings.format == FORMAT_JSON) {
		out_printf(out, "{\"number\":%lld", (long long)number);
		desking_put_text(out, "token", account_secret_text(secret));
		out_byte(out, '}');
	} else {
		out_put(out, account_secret_text(secret));
	}
	out_byte(out, '\n');
}

static int create(struct account_work *work)
{
	struct accounts *accounts CLEANUP(accounts_closep) = NULL;
	struct account_secret secret CLEANUP(account_secret_done) = {};
	struct desking *desking = work->desking;
	const struct settings *settings = &desking->cli->arguments.settings;
	struct strbuf expires CLEANUP(strbuf_done) = {};
	struct account_token token = {.account = work->account.number,
				      .label = settings->request.label,
				      .scopes = settings->request.scopes};
	int64_t number = 0;
	int result = accounts_open(NULL, &accounts, &desking->fault);

	if (settings->request.expires.p) {
		strbuf_add(&expires, settings->request.expires);
		strbuf_add(&expires, SLICE("T00:00:00Z"));
		token.expires = strbuf_slice(&expires);
	}
	if (result == 0 && expires.failed)
		result = fault_memory(&desking->fault);
	if (result == 0)
		result = account_refused(desking, account_token_create(accounts, work->db, &token,
								       desking->now, &number,
								       &secret, &desking->fault));
	out_printf(&work->note, ",\"did\":\"create\",\"token\":%lld", (long long)number);
	if (result == 0)
		print_secret(desking->cli, number, &secret);
	return result;
}

static int create_one(struct desking *desking)
{
	const struct settings *settings = &desking->cli->arguments.settings;
	int result = account_admit_self(desking);

	if (result == 0 && (!settings->request.label.p || settings->request.scopes == 0)) {
		say("a token has a --label, which says what it is for, and one or more --scope: "
		    "read, file, act, lease, admin");
		return STATUS_USAGE;
	}
	return result == 0 ? account_work(desking, SLICE("token"), create, NULL) : result;
}

int request_account_token_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, create_one);
}

static void add_scopes(unsigned scopes, struct strbuf *text)
{
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(scopes >> i & 1))
			continue;
		strbuf_add(text, text->n > 0 ? SLICE(",") : SLICE(""));
		strbuf_add(text, account_scope_name((enum account_scope)i));
	}
}

static void put_json(struct out *out, const struct account_token *token)
{
	const char *between = "";

	out_printf(out, "{\"number\":%lld", (long long)token->number);
	desking_put_text(out, "label", token->label);
	out_put(out, SLICE(",\"scopes\":["));
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(token->scopes >> i & 1))
			continue;
		out_printf(out, "%s\"%s\"", between, account_scope_name((enum account_scope)i).p);
		between = ",";
	}
	out_byte(out, ']');
	desking_put_text(out, "created", token->created);
	desking_put_text(out, "expires", token->expires);
	desking_put_text(out, "used", token->used);
	out_byte(out, '}');
}

static int print(void *context, const struct account_token *token)
{
	struct printing *printing = context;
	struct strbuf scopes CLEANUP(strbuf_done) = {};
	enum format format = printing->cli->arguments.settings.format;
	struct listing *listing = &printing->listing;

	desking_begin_item(printing->cli, printing->count++);
	if (format != FORMAT_TABLE) {
		put_json(printing->cli->out, token);
		desking_end_item(printing->cli);
		return 0;
	}
	add_scopes(token->scopes, &scopes);
	listing->text.failed |= scopes.failed;
	listing_add_number(listing, token->number);
	listing_add(listing, token->label);
	listing_add(listing, strbuf_slice(&scopes));
	listing_add(listing, token->created);
	listing_add(listing, token->expires);
	listing_add(listing, token->used);
	return 0;
}

static int list(struct desking *desking)
{
	struct printing printing = {
		.cli = desking->cli,
		.listing = {.columns = columns, .column_count = ARRAY_SIZE(columns)}};
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	int result = account_admit_self(desking);

	if (result == 0)
		result = desking_find_account(desking, slice_cstr(desking->cli->arguments.words[0]),
					      &arena, &account);
	if (result == 0)
		result = account_token_list(desk_db(desking->desk), account.number, print,
					    &printing, &desking->fault);
	if (result == 0)
		result = desking_end_items(desking, &printing.listing, printing.count);
	listing_done(&printing.listing);
	return result;
}

int request_account_tokens_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, list);
}

static int cancel(struct account_work *work)
{
	struct slice word = slice_cstr(work->desking->cli->arguments.words[1]);
	uint64_t number = 0;

	if (!slice_eq(word, SLICE("all")) &&
	    (!number_parse(word, INT32_MAX, &number) || number == 0)) {
		say("\"%.*s\" is neither a token's number nor all", (int)word.n, word.p);
		return STATUS_USAGE;
	}
	out_printf(&work->note, ",\"did\":\"cancel\",\"token\":%lld", (long long)number);
	return account_refused(work->desking,
			       account_token_revoke(work->db, work->account.number, (int64_t)number,
						    &work->desking->fault));
}

static int cancel_one(struct desking *desking)
{
	int result = account_admit_self(desking);

	return result == 0 ? account_work(desking, SLICE("token"), cancel, NULL) : result;
}

int request_account_cancel_run(struct cli *cli)
{
	return desking_run(cli, WHO_ANYBODY, cancel_one);
}
