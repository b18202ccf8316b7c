/* audit: what is wrong with the ports in configuration files. */
#include "audit/audit.h"

#include <stdio.h>

#include "cli/audit_forms.h"
#include "cli/drift.h"
#include "cli/findings.h"
#include "cli/text.h"

struct job {
	struct cli *cli;
	const struct settings *settings;
	struct audit *audit;
	struct drift drift;
	size_t found[LINT_SEVERITY_COUNT], all;
};

static void put_text(struct out *out, const struct audit *audit,
		     const struct audit_finding *finding)
{
	text_put(out, audit_file_at(audit, finding->file)->path);
	out_printf(out, ":%u:%u: ", finding->line, finding->column);
	finding_put(out, finding->check, finding->who, finding->text);
}

static void begin(struct out *out, const struct job *job)
{
	size_t count = audit_port_count(job->audit);

	if (job->settings->format == FORMAT_SARIF)
		audit_sarif_begin(out);
	if (job->settings->format != FORMAT_JSON)
		return;
	out_printf(out, "{\"files\":%zu,\n\"ports\":[", audit_file_count(job->audit));
	for (size_t i = 0; i < count; i++) {
		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		audit_put_port(out, job->audit, audit_port_at(job->audit, i));
	}
	out_put(out, count > 0 ? SLICE("\n],\n\"findings\":[") : SLICE("],\n\"findings\":["));
}

static void put_finding(struct out *out, const struct job *job, const struct audit_finding *finding)
{
	switch (job->settings->format) {
	case FORMAT_JSON:
		out_put(out, job->all > 0 ? SLICE(",\n") : SLICE("\n"));
		audit_put_finding(out, job->audit, finding);
		break;
	case FORMAT_NDJSON:
		audit_put_finding(out, job->audit, finding);
		out_byte(out, '\n');
		break;
	case FORMAT_SARIF:
		audit_sarif_put(out, job->audit, finding, job->all);
		break;
	case FORMAT_GITHUB:
		audit_put_annotation(out, job->audit, finding);
		break;
	default:
		put_text(out, job->audit, finding);
	}
}

static void end(struct out *out, const struct job *job)
{
	if (job->settings->format == FORMAT_JSON) {
		out_put(out, job->all > 0 ? SLICE("\n],\n\"drift\":") : SLICE("],\n\"drift\":"));
		drift_put_json(out, &job->drift);
		out_put(out, SLICE("}\n"));
	}
	if (job->settings->format == FORMAT_SARIF)
		audit_sarif_end(out);
}

static void write_findings(struct out *out, const void *data)
{
	struct job *job = *(struct job *const *)data;

	begin(out, job);
	for (size_t i = 0; i < audit_finding_count(job->audit); i++) {
		const struct audit_finding *finding = audit_finding_at(job->audit, i);

		if (!finding_is_wanted(job->settings, finding->check))
			continue;
		put_finding(out, job, finding);
		job->found[finding->check->severity]++;
		job->all++;
	}
	end(out, job);
}

/* The checks, as docs/AUDIT.md has them. */
static void write_checks(struct out *out, const void *data)
{
	findings_put_checks(out, data, audit_check_at, SLICE(""));
}

static void say_skipped(void *context, struct slice path, const char *reason)
{
	(void)context;
	say("%.*s: skipped: %s", (int)path.n, path.p, reason);
}

static void say_count(const struct job *job)
{
	size_t files = audit_file_count(job->audit), ports = audit_port_count(job->audit);
	char what[64];

	snprintf(what, sizeof(what), "%zu file%s, %zu port%s", files, files == 1 ? "" : "s", ports,
		 ports == 1 ? "" : "s");
	findings_say(what, job->found);
}

/* 0, or STATUS_FAILURE where a path could not be read, and that was said. */
static int walk_all(struct job *job)
{
	const struct arguments *arguments = &job->cli->arguments;
	int status = 0;

	for (size_t i = 0; i < arguments->word_count; i++) {
		const char *path = arguments->words[i];
		struct fault fault = {};

		if (audit_walk(job->audit, path, say_skipped, NULL, &fault) < 0)
			status = say_fault(path, &fault);
	}
	return status;
}

static int judge(struct job *job, struct machine *machine, struct fault *fault)
{
	const struct image *image = &job->cli->registry.image;
	struct audit_options options = {};
	int result = 0;

	if (job->settings->against)
		result = machine_read(job->cli, machine, &options, fault);
	if (result == 0)
		result = audit_judge(job->audit, image, &options, fault);
	if (result == 0 && job->settings->against)
		result = drift_find(&job->drift, job->audit, image, &options, fault);
	return result;
}

static int print(struct job *job, struct fault *fault)
{
	struct job *const data = job;
	int result = answer_write(job->cli, write_findings, &data, fault);

	if (result < 0 || job->settings->format != FORMAT_TABLE || job->drift.row_count == 0)
		return result;
	if (job->all > 0)
		out_byte(job->cli->out, '\n');
	return drift_print(job->cli, &job->drift, fault);
}

static int run(struct job *job)
{
	struct machine machine CLEANUP(machine_done) = {};
	struct fault fault = {};
	int status = walk_all(job), result = judge(job, &machine, &fault);

	if (result == 0)
		result = print(job, &fault);
	drift_done(&job->drift);
	if (result < 0)
		return say_fault(NULL, &fault);
	if (answer_end(job->cli) != 0)
		return STATUS_FAILURE;
	say_count(job);
	if (status != 0)
		return status;
	return job->all > 0 ? STATUS_NOT_FOUND : STATUS_FOUND;
}

int audit_run(struct cli *cli)
{
	struct job job = {.cli = cli, .settings = &cli->arguments.settings};
	struct fault fault = {};
	int status;

	if (job.settings->explain)
		return findings_explain(cli, write_checks);
	if (cli->arguments.word_count == 0) {
		say("audit needs PATH; portbook audit --help explains");
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < cli->arguments.word_count; i++) {
		if (strcmp(cli->arguments.words[i], "-") != 0)
			continue;
		say("audit reads no standard input: what a file is, its name says");
		return STATUS_USAGE;
	}
	if (audit_new(&job.audit, &fault) < 0)
		return say_fault(NULL, &fault);
	status = run(&job);
	audit_free(job.audit);
	return status;
}
