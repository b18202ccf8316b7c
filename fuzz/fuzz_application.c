/*
 * Any bytes as an application, in JSON and in YAML: what is taken is written as JSON, and as a
 * template, that are read as the same again.
 */
#include "application/application.h"
#include "fuzz.h"

static void write_json(const struct application *application, struct out *out)
{
	must(out_init_memory(out) == 0);
	application_write_json(application, 7, out);
	must(!out->error);
}

static void check(const struct application *application)
{
	struct application from_json CLEANUP(application_done) = {};
	struct application from_template CLEANUP(application_done) = {};
	struct out json CLEANUP(out_done), again CLEANUP(out_done), template CLEANUP(out_done),
		last CLEANUP(out_done);
	struct application_problem problem;

	write_json(application, &json);
	must(application_read_json(out_slice(&json), &from_json, &problem) == 0);
	write_json(&from_json, &again);
	must(slice_eq(out_slice(&json), out_slice(&again)));
	must(out_init_memory(&template) == 0);
	application_write_template(application->procedure, application, &template);
	must(application_read_yaml(out_slice(&template), &from_template, &problem) == 0);
	write_json(&from_template, &last);
	must(slice_eq(out_slice(&json), out_slice(&last)));
	must(application->first_port <= application->last_port);
	must(application->last_port <= 65535);
	must(application->subject.first_port <= application->subject.last_port);
}

static void run(struct slice document, bool yaml)
{
	struct application application CLEANUP(application_done) = {};
	struct application_problem problem = {};
	int result = yaml ? application_read_yaml(document, &application, &problem)
			  : application_read_json(document, &application, &problem);

	must(result == 0 || (result == 1 && problem.fault.text[0] && problem.field <= FIELD_COUNT));
	if (result == 0)
		check(&application);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run(fuzz_slice(data, size), true);
	run(fuzz_slice(data, size), false);
	return 0;
}
