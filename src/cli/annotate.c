/* annotate: flow records with the services that they are of, or how many there are of each. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "annotate/header.h"
#include "cli/eras.h"
#include "cli/flow_summary.h"
#include "cli/text.h"

/* A run over all files. */
struct annotation {
	struct cli *cli;
	struct annotate_options options;
	struct annotate_wanted wanted;
	struct annotate_header header; /* the first file's */
	bool begun;		       /* which there is */
	bool open;		       /* what was written last has no end of its line */
	struct services *services;
	struct eras *eras;	       /* instead of these; NULL: none */
	const char *path;	       /* of the file that is read; NULL: none is */
	struct annotate_result result; /* of all files */
	struct strbuf place;	       /* of the first record that could not be read */
};

static void annotation_done(struct annotation *annotation)
{
	annotate_header_done(&annotation->header);
	services_free(annotation->services);
	eras_close(annotation->eras);
	free(annotation->options.summary);
	strbuf_done(&annotation->place);
}

static bool write_text(void *context, struct slice text)
{
	struct cli *cli = ((struct annotation *)context)->cli;

	if (cli->screen.width > 0)
		text_put_lines(cli->out, text);
	else
		out_put(cli->out, text);
	/* A reader need not wait for what comes after it. */
	return out_finish(cli->out) == 0;
}

static int find_as_of(void *context, struct slice date, const struct services **ret_services,
		      struct fault *fault)
{
	return eras_find(((struct annotation *)context)->eras, date, ret_services, fault);
}

static void give_back(void *context, const struct services *services)
{
	eras_give_back(((struct annotation *)context)->eras, services);
}

static unsigned thread_count(const struct settings *settings)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (settings->threads > 0)
		return settings->threads;
	return processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
}

/* The first file's header says how what is added is written. */
static int begin(struct annotation *annotation, const struct annotate_header *header,
		 struct fault *fault)
{
	struct slice text = strbuf_slice(&header->text);
	int result;

	if (annotation->eras) {
		eras_set_form(annotation->eras, &header->layout.form);
	} else {
		result = services_make(&annotation->cli->registry.image, &header->layout.form,
				       &annotation->services, fault);
		if (result < 0)
			return result;
		annotation->options.services = annotation->services;
	}
	if (!annotation->options.summary)
		annotate_header_write(annotation->cli->out, header);
	annotation->open = text.n > 0 && !slice_ends(text, SLICE("\n"));
	return 0;
}

static int annotate_records(struct annotation *annotation, struct annotate_input *input,
			    const struct annotate_header *header, struct fault *fault)
{
	struct annotate_result result = {.open = annotation->open};
	int code;

	if (annotation->begun && annotation->open && !annotation->options.summary)
		out_byte(annotation->cli->out, '\n');
	annotation->options.layout = header->layout;
	code = annotate_flows(&annotation->options, input, &result, fault);
	annotation->open = result.open;
	if (annotation->result.unread == 0 && result.unread > 0)
		strbuf_printf(&annotation->place, "%s:%ju", path_name(annotation->path),
			      (uintmax_t)result.line);
	annotation->result.records += result.records;
	annotation->result.unread += result.unread;
	return code;
}

static int annotate_input(struct annotation *annotation, struct annotate_input *input,
			  struct fault *fault)
{
	const struct settings *settings = &annotation->cli->arguments.settings;
	struct annotate_header header CLEANUP(annotate_header_done) = {};
	enum transport transport = settings->transports
					   ? (enum transport)__builtin_ctz(settings->transports)
					   : TRANSPORT_NONE;
	int code = annotate_header_read(input, &annotation->wanted, transport, &header, fault);

	if (code != 0)
		return code < 0 ? code : 0;
	if (annotation->begun && !annotate_header_eq(&annotation->header, &header))
		return fault_set(fault, FAULT_UNKNOWN,
				 "its header is not that of the files before it");
	if (!annotation->begun)
		code = begin(annotation, &header, fault);
	if (code == 0)
		code = annotate_records(annotation, input, &header, fault);
	if (!annotation->begun) {
		annotation->header = header;
		annotation->begun = true;
		header = (struct annotate_header){};
	}
	return code;
}

/* 0; 1 where nothing can be written any more; or a negative fault. */
static int annotate_file(struct annotation *annotation, struct fault *fault)
{
	bool standard = strcmp(annotation->path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(annotation->path, O_RDONLY | O_CLOEXEC), code;
	struct annotate_input input;

	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, "%s", strerror(errno));
	annotate_input_open(&input, fd);
	code = annotate_input(annotation, &input, fault);
	annotate_input_close(&input);
	if (!standard)
		close(fd);
	return code;
}

static int annotate_files(struct cli *cli, const void *data, struct fault *fault)
{
	struct annotation *annotation = *(struct annotation *const *)data;
	static const char *const standard = "-";
	size_t count = cli->arguments.word_count;
	int code = 0;

	for (size_t i = 0; i < (count > 0 ? count : 1) && code == 0; i++) {
		annotation->path = count > 0 ? cli->arguments.words[i] : standard;
		code = annotate_file(annotation, fault);
	}
	/* What could not be written is known to who ends the answer. */
	if (code != 0)
		return code < 0 ? code : 0;
	annotation->path = NULL;
	if (!annotation->options.summary)
		return 0;
	return flow_summary_print(cli, annotation->options.summary,
				  annotation->header.layout.columns[ANNOTATE_BYTES] >= 0, fault);
}

/* Why what is asked for cannot be done; NULL: it can. */
static const char *misuse(const struct settings *settings)
{
	const struct slice *columns = settings->flow_columns;

	if (settings->transports & (settings->transports - 1))
		return "--transport: of records without a protocol there is one transport";
	if (!settings->summary && settings->format != FORMAT_TABLE)
		return "--format is for --summary: records are printed in the format that they "
		       "have";
	if (!settings->summary && settings->count > 0)
		return "--most is for --summary";
	if (settings->no_header &&
	    (!columns[ANNOTATE_SOURCE_PORT].p || !columns[ANNOTATE_DESTINATION_PORT].p))
		return "--no-header needs --columns with src and dst";
	if (columns[ANNOTATE_DATE].p && (settings->registry || settings->as_of))
		return "records are annotated as of their dates from the store: neither "
		       "--registry nor --as-of goes with that";
	return NULL;
}

static int prepare(struct annotation *annotation, struct fault *fault)
{
	struct cli *cli = annotation->cli;
	const struct settings *settings = &cli->arguments.settings;
	struct annotate_options *options = &annotation->options;
	bool dated = settings->flow_columns[ANNOTATE_DATE].p;

	*options = (struct annotate_options){.as_of = find_as_of,
					     .give_back = give_back,
					     .write = write_text,
					     .context = annotation,
					     .strict = settings->strict,
					     .threads = thread_count(settings)};
	annotation->wanted =
		(struct annotate_wanted){.no_header = settings->no_header,
					 .delimiter = settings->delimiter,
					 .counts = settings->summary,
					 .description = settings->added >> ADDED_DESCRIPTION & 1,
					 .confidence = settings->added >> ADDED_CONFIDENCE & 1};
	memcpy(annotation->wanted.columns, settings->flow_columns,
	       sizeof(annotation->wanted.columns));
	if (settings->summary) {
		options->summary = calloc(1, sizeof(*options->summary));
		if (!options->summary)
			return fault_memory(fault);
	}
	return dated ? eras_open(cli, options->threads, &annotation->eras, fault) : 0;
}

static int write_all(struct annotation *annotation, struct fault *fault)
{
	struct cli *cli = annotation->cli;
	const char *path = cli->arguments.settings.output;

	if (path && strcmp(path, "-") != 0)
		return answer_file(cli, path, annotate_files, &annotation, fault);
	return annotate_files(cli, &annotation, fault);
}

int annotate_run(struct cli *cli)
{
	struct annotation annotation CLEANUP(annotation_done) = {.cli = cli};
	const char *reason = misuse(&cli->arguments.settings);
	const struct annotate_result *result = &annotation.result;
	struct fault fault;

	if (reason) {
		say("%s", reason);
		return STATUS_USAGE;
	}
	if (registry_open(cli, NULL, &fault) < 0 || prepare(&annotation, &fault) < 0)
		return say_fault(registry_name(cli), &fault);
	if (write_all(&annotation, &fault) < 0) {
		(void)!answer_end(cli);
		return say_fault(annotation.path ? path_name(annotation.path)
						 : cli->arguments.settings.output,
				 &fault);
	}
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (result->unread == 0)
		return STATUS_FOUND;
	say("%.*s: %ju of %ju records cannot be read and are %s, the first here",
	    (int)annotation.place.n, strbuf_slice(&annotation.place).p, (uintmax_t)result->unread,
	    (uintmax_t)result->records,
	    annotation.options.summary ? "not counted" : "as they were");
	return STATUS_NOT_FOUND;
}
