/* request check: what experts would say of an application, with a desk or without. */
#include "cli/listing.h"
#include "cli/request.h"

static const struct table_column columns[] = {
	{SLICE("Level"), 6, 0, false},	  {SLICE("Number"), 6, 3, true},
	{SLICE("Field"), 8, 2, false},	  {SLICE("Finding"), 30, 0, false},
	{SLICE("Section"), 16, 1, false}, {SLICE("Precedents"), 20, 4, false},
};

static void add_finding(struct listing *listing, const struct preflight_finding *finding)
{
	const struct application_field_info *info = application_field(finding->field);
	struct strbuf precedents CLEANUP(strbuf_done) = {};

	for (size_t i = 0; i < finding->precedent_count; i++) {
		strbuf_add(&precedents, i > 0 ? SLICE("; ") : SLICE(""));
		preflight_precedent_text(&finding->precedents[i], &precedents);
	}
	listing->text.failed |= precedents.failed;
	listing_add(listing, preflight_level_name(finding->check->level));
	listing_add_number(listing, finding->check->number);
	listing_add(listing, info ? info->key : SLICE_NONE);
	listing_add(listing, finding->text);
	listing_add(listing, finding->section);
	listing_add(listing, strbuf_slice(&precedents));
}

int desking_put_findings(struct cli *cli, const struct preflight *preflight, struct fault *fault)
{
	struct listing listing CLEANUP(listing_done) = {.columns = columns,
							.column_count = ARRAY_SIZE(columns)};

	if (cli->arguments.settings.format != FORMAT_TABLE) {
		preflight_write_json(preflight, cli->out);
		out_byte(cli->out, '\n');
		return 0;
	}
	for (size_t i = 0; i < preflight->count; i++)
		add_finding(&listing, &preflight->findings[i]);
	return listing_write(cli, &listing, fault);
}

/* By a policy, and the registry that is open; no desk is asked. */
static int check_by(struct desking *desking, const struct application *application,
		    struct preflight *ret_preflight)
{
	struct slice name = desking->cli->arguments.settings.request.policy, text;
	struct file_content content CLEANUP(file_content_done) = {};
	struct policy *policy CLEANUP(policy_freep) = NULL;
	struct preflight_past *past = NULL;
	struct preflight_facts facts = {.image = &desking->cli->registry.image,
					.now = desking->now};
	int result = desking_policy_text(name.p ? name : SLICE("rfc6335"), &content, &text,
					 &desking->fault);

	if (result == 0)
		result = policy_read(text, &policy, &desking->fault);
	if (result < 0) {
		say_fault(name.p, &desking->fault);
		return STATUS_FAILURE;
	}
	if (!desking->cli->arguments.settings.registry && desking->cli->store.there) {
		struct history *history CLEANUP(history_closep) = NULL;

		result = history_open(desking->cli->store.path, HISTORY_READ, &history,
				      &desking->fault);
		if (result == 0)
			result = history_begin(history, false, &desking->fault);
		if (result == 0)
			result = preflight_past_read(history, &past, &desking->fault);
	}
	facts.past = past;
	if (result == 0)
		result = preflight(application, policy, &facts, ret_preflight, &desking->fault);
	preflight_past_free(past);
	return result;
}

/* Whether the store's own desk is to say. 1, 0 or a negative fault. */
static int asks_desk(const struct desking *desking, struct fault *fault)
{
	const struct cli *cli = desking->cli;

	if (cli->arguments.settings.registry || cli->arguments.settings.request.policy.p ||
	    !cli->store.there)
		return 0;
	return desk_exists(cli->store.path, fault);
}

static int check(struct desking *desking, struct preflight *ret_preflight)
{
	struct application application CLEANUP(application_done) = {};
	int result = desking_read(desking, 0, &application, &desking->fault);

	if (result != 0)
		return result;
	result = asks_desk(desking, &desking->fault);
	if (result < 0)
		return result;
	if (result > 0) {
		result = desk_open(desking->cli->store.path, &desking->desk, &desking->fault);
		return result == 0 ? desk_check(desking->desk, &application, desking->now,
						ret_preflight, &desking->fault)
				   : result;
	}
	result = registry_open(desking->cli, NULL, &desking->fault);
	return result == 0 ? check_by(desking, &application, ret_preflight) : result;
}

int request_check_run(struct cli *cli)
{
	struct desking desking = {.cli = cli};
	struct preflight found CLEANUP(preflight_done) = {};
	int result;

	desking.now = time_now(desking.space);
	result = check(&desking, &found);
	if (result == 0)
		result = desking_put_findings(cli, &found, &desking.fault);
	desk_close(desking.desk);
	if (result < 0)
		return say_fault(registry_name(cli), &desking.fault);
	if (result > 0)
		return result;
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (found.count == 0)
		say("nothing to be said against it");
	return found.levels[PREFLIGHT_MUST] + found.levels[PREFLIGHT_SHOULD] > 0 ? STATUS_NOT_FOUND
										 : STATUS_FOUND;
}
