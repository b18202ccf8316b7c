/* lint: what is there to say about a registry document. */
#include "lint/lint.h"

#include "cli/findings.h"
#include "cli/text.h"
#include "mkimage/mkimage.h"
#include "render/render.h"
#include "source/source.h"

/* One run; write() fills in what comes out of it. */
struct job {
	const struct settings *settings;
	const char *path;
	struct slice document; /* absent where an image was read */
	struct registry *registry;
	struct out *out;
	size_t found[LINT_SEVERITY_COUNT], all;
	int result;
	struct fault *fault;
};

static void put_text(struct out *out, const char *path, const struct lint_finding *finding)
{
	text_put(out, slice_cstr(path_name(path)));
	if (finding->line > 0)
		out_printf(out, ":%ju:%ju", (uintmax_t)finding->line, (uintmax_t)finding->column);
	out_put(out, SLICE(": "));
	finding_put(out, finding->check, finding->who, finding->text);
}

static void put_number(struct out *out, struct slice key, bool known, uint64_t value)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
	if (known)
		out_uint(out, value);
	else
		out_put(out, SLICE("null"));
}

static void put_string(struct out *out, struct slice key, struct slice text)
{
	out_put(out, SLICE(",\""));
	out_put(out, key);
	out_put(out, SLICE("\":"));
	render_json_text(out, text);
}

static void put_json(struct out *out, const struct job *job, const struct lint_finding *finding)
{
	struct slice person = finding->subject == LINT_PERSON
				      ? job->registry->people[finding->index].id
				      : SLICE_NONE;

	out_printf(out, "{\"number\":%u", finding->check->number);
	put_string(out, SLICE("name"), finding->check->name);
	put_string(out, SLICE("severity"), lint_severity_name(finding->check->severity));
	put_number(out, SLICE("line"), finding->line > 0, finding->line);
	put_number(out, SLICE("column"), finding->line > 0, finding->column);
	put_number(out, SLICE("row"), finding->subject == LINT_ROW, finding->index);
	put_string(out, SLICE("person"), person);
	put_string(out, SLICE("subject"), finding->who);
	put_string(out, SLICE("text"), finding->text);
	put_string(out, SLICE("section"), finding->check->section);
	out_byte(out, '}');
}

static int handle(void *context, const struct lint_finding *finding)
{
	struct job *job = context;

	if (!finding_is_wanted(job->settings, finding->check))
		return 0;
	if (job->settings->format == FORMAT_JSON)
		out_put(job->out, job->all > 0 ? SLICE(",\n") : SLICE("[\n"));
	job->all++;
	job->found[finding->check->severity]++;
	if (job->settings->format == FORMAT_TABLE) {
		put_text(job->out, job->path, finding);
		return 0;
	}
	put_json(job->out, job, finding);
	if (job->settings->format == FORMAT_NDJSON)
		out_byte(job->out, '\n');
	return 0;
}

static void write_findings(struct out *out, const void *data)
{
	struct job *job = *(struct job *const *)data;

	job->out = out;
	job->result = lint(job->registry, job->document, handle, job, job->fault);
	if (job->settings->format == FORMAT_JSON)
		out_put(out, job->all > 0 ? SLICE("\n]\n") : SLICE("[]\n"));
}

/* The checks, as docs/FINDINGS.md has them. */
static void write_checks(struct out *out, const void *data)
{
	out_put(out, SLICE("# Findings\n\nWhat `portbook lint` reports. Numbers are permanent: a "
			   "check that goes leaves its number behind.\n\n"));
	findings_put_checks(out, data, lint_check_at, SLICE("`"));
}

static int read_registry(struct job *job, struct file_content *content)
{
	int result = file_read(job->path, SOURCE_DOCUMENT_MAX, content, job->fault);

	if (result < 0)
		return result;
	if (slice_starts(content->text, image_magic()))
		return registry_of_image(content->text, &job->registry, job->fault);
	job->document = content->text;
	return source_read(content->text, NULL, &job->registry, job->fault);
}

int lint_run(struct cli *cli)
{
	const struct arguments *arguments = &cli->arguments;
	struct file_content content CLEANUP(file_content_done) = {};
	struct fault fault = {};
	struct job job = {.settings = &arguments->settings, .fault = &fault};
	struct job *const data = &job;
	int result;

	if (job.settings->explain)
		return findings_explain(cli, write_checks);
	job.path = arguments->word_count > 0 ? arguments->words[0] : job.settings->registry;
	if (!job.path) {
		say("lint needs FILE; portbook lint --help explains");
		return STATUS_USAGE;
	}
	result = read_registry(&job, &content);
	if (result == 0)
		result = answer_write(cli, write_findings, &data, &fault);
	if (result == 0)
		result = job.result;
	registry_free(job.registry);
	if (result < 0)
		return say_fault(path_name(job.path), &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	findings_say(path_name(job.path), job.found);
	return job.all > 0 ? STATUS_NOT_FOUND : STATUS_FOUND;
}
