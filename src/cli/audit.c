/* audit: what is wrong with the ports in configuration files. */
#include "audit/audit.h"

#include <stdlib.h>

#include "cli/audit_forms.h"
#include "cli/cli.h"
#include "cli/leases.h"
#include "cli/listeners.h"
#include "cli/text.h"
#include "host/sysctl.h"

struct job {
	struct cli *cli;
	const struct settings *settings;
	struct audit *audit;
	size_t found[LINT_SEVERITY_COUNT], all;
};

static bool is_wanted(const struct settings *settings, const struct lint_check *check)
{
	if (check->severity < settings->severity)
		return false;
	for (size_t i = 0; i < settings->only_count; i++) {
		if (settings->only[i] == check->number)
			return true;
	}
	return settings->only_count == 0;
}

static void put_text(struct out *out, const struct audit *audit,
		     const struct audit_finding *finding)
{
	text_put(out, audit_file_at(audit, finding->file)->path);
	out_printf(out, ":%u:%u: ", finding->line, finding->column);
	out_put(out, lint_severity_name(finding->check->severity));
	out_printf(out, " %u: ", finding->check->number);
	if (finding->who.n > 0) {
		text_put(out, finding->who);
		out_put(out, SLICE(": "));
	}
	text_put(out, finding->text);
	out_put(out, SLICE(" ["));
	out_put(out, finding->check->section);
	out_put(out, SLICE("]\n"));
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
	if (job->settings->format == FORMAT_JSON)
		out_put(out, job->all > 0 ? SLICE("\n]}\n") : SLICE("]}\n"));
	if (job->settings->format == FORMAT_SARIF)
		audit_sarif_end(out);
}

static void write_findings(struct out *out, const void *data)
{
	struct job *job = *(struct job *const *)data;

	begin(out, job);
	for (size_t i = 0; i < audit_finding_count(job->audit); i++) {
		const struct audit_finding *finding = audit_finding_at(job->audit, i);

		if (!is_wanted(job->settings, finding->check))
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
	const struct lint_check *check;

	for (size_t i = 0; (check = audit_check_at(i)); i++) {
		if (!is_wanted(data, check))
			continue;
		out_printf(out, "%s## %u %.*s\n\n", i > 0 ? "\n" : "", check->number,
			   (int)check->name.n, check->name.p);
		out_put(out, lint_severity_name(check->severity));
		out_put(out, SLICE(" · "));
		out_put(out, check->section);
		out_put(out, SLICE(" · "));
		out_put(out, check->message);
		out_put(out, SLICE("\n\n"));
		out_put(out, check->explanation);
		out_byte(out, '\n');
	}
}

static void say_skipped(void *context, struct slice path, const char *reason)
{
	(void)context;
	say("%.*s: skipped: %s", (int)path.n, path.p, reason);
}

static int plural(size_t n)
{
	return n == 1 ? 0 : 1;
}

static void say_count(const struct job *job)
{
	const size_t *found = job->found;
	size_t files = audit_file_count(job->audit), ports = audit_port_count(job->audit);

	say("%zu file%.*s, %zu port%.*s: %zu error%.*s, %zu warning%.*s, %zu note%.*s", files,
	    plural(files), "s", ports, plural(ports), "s", found[LINT_ERROR],
	    plural(found[LINT_ERROR]), "s", found[LINT_WARNING], plural(found[LINT_WARNING]), "s",
	    found[LINT_NOTE], plural(found[LINT_NOTE]), "s");
}

static int explain(struct cli *cli)
{
	struct fault fault;

	if (answer_write(cli, write_checks, &cli->arguments.settings, &fault) < 0)
		return say_fault(NULL, &fault);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
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

/* What this machine has. Zeroed memory is nothing. */
struct machine {
	struct listeners listeners;
	struct arena names;
	struct audit_seen *seen;
	size_t count, size;
	bool failed;
};

static void machine_done(struct machine *machine)
{
	listeners_done(&machine->listeners);
	arena_done(&machine->names);
	free(machine->seen);
}

static void add_seen(struct machine *machine, struct audit_seen seen)
{
	if (machine->count == machine->size) {
		size_t size = machine->size * 2 + 64;
		struct audit_seen *grown = reallocarray(machine->seen, size, sizeof(*grown));

		if (!grown) {
			machine->failed = true;
			return;
		}
		machine->seen = grown;
		machine->size = size;
	}
	machine->seen[machine->count++] = seen;
}

static int add_reservation(void *context, const struct reservation *reservation)
{
	struct machine *machine = context;

	add_seen(machine, (struct audit_seen){
				  .reserved = arena_copy(&machine->names, reservation->name,
							 &machine->failed),
				  .port = reservation->port,
				  .transport = (uint8_t)reservation->transport,
			  });
	return machine->failed ? FAULT_MEMORY : 0;
}

static int read_listeners(struct machine *machine, struct fault *fault)
{
	struct host_wanted which = {};
	int result = listeners_read(&machine->listeners, &which, NULL, 0, fault);

	for (size_t i = 0; result == 0 && i < machine->listeners.count; i++) {
		struct listener listener = listener_at(&machine->listeners, i);

		add_seen(machine, (struct audit_seen){
					  .running = listener.process ? listener.process->command
								      : SLICE_NONE,
					  .port = listener.socket->port,
					  .transport = (uint8_t)listener.socket->transport,
					  .open = host_socket_is_open(listener.socket),
				  });
	}
	return result;
}

/* What cannot be seen of reservations is said, and left out. */
static int machine_read(struct cli *cli, struct machine *machine, struct audit_options *options,
			struct fault *fault)
{
	struct leases leases = {};
	struct host_sysctl sysctl;
	int result;

	machine->listeners.image = &cli->registry.image;
	result = read_listeners(machine, fault);
	if (result < 0)
		return result;
	result = leases_open(cli, RESERVE_READ, &leases, fault);
	if (result == 0)
		result = reserve_each(leases.reserve, add_reservation, machine, fault);
	if (result < 0 && !machine->failed)
		(void)leases_fail(&leases, fault);
	leases_done(&leases);
	host_sysctl_read(NULL, &sysctl);
	if (sysctl.has_ephemeral) {
		options->ephemeral_first = sysctl.ephemeral_first;
		options->ephemeral_last = sysctl.ephemeral_last;
	}
	options->against = true;
	options->seen = machine->seen;
	options->seen_count = machine->count;
	return machine->failed ? fault_memory(fault) : 0;
}

static int run(struct job *job)
{
	struct machine machine CLEANUP(machine_done) = {};
	struct job *const data = job;
	struct audit_options options = {};
	struct fault fault = {};
	int status = walk_all(job);
	int result = 0;

	if (job->settings->against)
		result = machine_read(job->cli, &machine, &options, &fault);
	if (result == 0)
		result = audit_judge(job->audit, &job->cli->registry.image, &options, &fault);
	if (result == 0)
		result = answer_write(job->cli, write_findings, &data, &fault);
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
		return explain(cli);
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
