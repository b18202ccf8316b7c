/* Applications: read, checked, filed and amended. */
#include "base/strbuf.h"
#include "cli/request.h"

enum { DOCUMENT_MAX = 256 * 1024 };

/* A problem with a file, or with a field that a word said. Which status it is. */
static int say_problem(const char *path, const struct application_problem *problem)
{
	const struct application_field_info *info = application_field(problem->field);

	if (path)
		return say_fault(path_name(path), &problem->fault);
	if (info)
		say("%.*s: %s", (int)info->key.n, info->key.p, problem->fault.text);
	else
		say("%s", problem->fault.text);
	return STATUS_USAGE;
}

static int read_file(const char *path, struct application *application, struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct application_problem problem = {};
	int result = file_read(path, DOCUMENT_MAX, &content, &problem.fault);

	if (result == 0)
		result = slice_starts(slice_trim(content.text), SLICE("{"))
				 ? application_read_json(content.text, application, &problem)
				 : application_read_yaml(content.text, application, &problem);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	return result == 0 ? 0 : say_problem(path, &problem);
}

static int read_words(char **words, size_t count, struct application *application,
		      struct fault *fault)
{
	struct application_problem problem = {};
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		struct slice value = slice_cstr(words[i]), key = slice_cut(&value, '=');

		if (!value.p) {
			say("\"%s\" is neither a file alone nor KEY=VALUE", words[i]);
			return STATUS_USAGE;
		}
		result = application_set(application, key, value, &problem);
	}
	if (result == 0 && !application->values[FIELD_PROCEDURE].p)
		result = application_set(application, SLICE("procedure"), SLICE("port"), &problem);
	if (result == 0)
		result = application_finish(application, &problem);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	return result == 0 ? 0 : say_problem(NULL, &problem);
}

int desking_read(const struct desking *desking, size_t word, struct application *application,
		 struct fault *fault)
{
	const struct arguments *arguments = &desking->cli->arguments;
	char **words = arguments->words + word;
	size_t count = arguments->word_count - word;

	if (count == 1 && slice_find_byte(slice_cstr(words[0]), '=') == (size_t)-1)
		return read_file(words[0], application, fault);
	return read_words(words, count, application, fault);
}

/* What came of an application that was handed in. */
static int tell(struct desking *desking, int outcome, int64_t number)
{
	const struct preflight *preflight = &desking->refusal.preflight;
	int result;

	if (outcome == DESK_DONE)
		return desking_tell(desking, number);
	if (outcome == DESK_INVALID && preflight->count > 0) {
		result = desking_put_findings(desking->cli, preflight, &desking->fault);
		if (result == 0)
			result = answer_end(desking->cli);
		if (result != 0)
			return result;
	}
	return desking_outcome(desking, outcome, number);
}

static int file(struct desking *desking)
{
	struct application application CLEANUP(application_done) = {};
	int64_t number = 0;
	int result = desking_read(desking, 0, &application, &desking->fault);

	if (result != 0)
		return result;
	result = desk_file(desking->desk, &desking->actor, &application,
			   desking->cli->arguments.settings.request.key, desking->now, &number,
			   &desking->refusal, &desking->fault);
	return tell(desking, result, number);
}

int request_new_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, file);
}

static int amend(struct desking *desking)
{
	struct application application CLEANUP(application_done) = {};
	struct desk_act act = {.action = ACTION_AMEND,
			       .note = desking->cli->arguments.settings.request.note,
			       .key = desking->cli->arguments.settings.request.key,
			       .application = &application};
	int64_t number;
	int result = desking_number(desking, 0, &number);

	if (result == 0)
		result = desking_read(desking, 1, &application, &desking->fault);
	if (result != 0)
		return result;
	result = desk_do(desking->desk, &desking->actor, number, &act, desking->now,
			 &desking->refusal, &desking->fault);
	return tell(desking, result, number);
}

int request_amend_run(struct cli *cli)
{
	return desking_run(cli, WHO_ACCOUNT, amend);
}

int request_template_run(struct cli *cli)
{
	struct fault fault;
	size_t procedure;

	if (!value_find(VALUE_PROCEDURE, slice_cstr(cli->arguments.words[0]), &procedure, &fault)) {
		say("request template: %s", fault.text);
		return STATUS_USAGE;
	}
	application_write_template((enum procedure)procedure, NULL, cli->out);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}
