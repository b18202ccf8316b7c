
#include "cli/rows.h"
#include "mkimage/mkimage.h"
#include "render/xml.h"

static void write_xml(struct out *out, const void *registry)
{
	render_xml(out, registry);
}

static void write_image(struct out *out, const void *image)
{
	const struct image *whole = image;

	out_put(out, whole->bytes);
}

static int print_rows(struct cli *cli, struct fault *fault)
{
	struct rows rows CLEANUP(rows_done) = {.image = &cli->registry.image};
	struct rowset set CLEANUP(rowset_done) = {};
	struct rows_view view = {};
	int result;

	if (!rowset_init(&set, image_row_count(rows.image)))
		return fault_memory(fault);
	for (uint32_t i = 0; i < image_row_count(rows.image); i++)
		rowset_add(&set, i);
	result = rows_add(&rows, &set, fault);
	return result < 0 ? result : rows_print(cli, &rows, &view, fault);
}

static int print(struct cli *cli, struct fault *fault)
{
	switch (cli->arguments.settings.format) {
	case FORMAT_XML:
		return answer_write(cli, write_xml, cli->registry.model, fault);
	case FORMAT_IMAGE:
		return answer_write(cli, write_image, &cli->registry.image, fault);
	default:
		return print_rows(cli, fault);
	}
}

/* Writes the file that is asked for in the place of standard output. */
static int print_file(struct cli *cli, const char *path, struct fault *fault)
{
	struct file_draft draft;
	struct out out, *standard = cli->out;
	struct screen screen = cli->screen;
	int error, result = file_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	if (out_init_fd(&out, draft.fd) < 0) {
		file_draft_abort(&draft);
		return fault_memory(fault);
	}
	cli->out = &out;
	cli->screen = (struct screen){};
	result = print(cli, fault);
	error = out_finish(&out);
	out_done(&out);
	cli->out = standard;
	cli->screen = screen;
	if (result == 0 && error != 0)
		result = fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(error));
	if (result == 0)
		return file_draft_commit(&draft, fault);
	file_draft_abort(&draft);
	return result;
}

/* Whether a format is a whole document rather than rows or the image itself. */
static bool is_document(enum format format)
{
	return format == FORMAT_XML;
}

int export_run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	bool standard = !settings->output || strcmp(settings->output, "-") == 0;
	struct fault fault;
	int result;

	if (standard && settings->format == FORMAT_IMAGE && cli->screen.width > 0) {
		say("an image is not for terminals: --output FILE says where to write it");
		return STATUS_USAGE;
	}
	result = is_document(settings->format)
			 ? registry_open_model(&cli->registry, settings->registry, &fault)
			 : registry_open(&cli->registry, settings->registry, &fault);
	if (result < 0)
		return say_fault(registry_name(settings->registry), &fault);
	result = standard ? print(cli, &fault) : print_file(cli, settings->output, &fault);
	if (result < 0)
		return say_fault(standard ? NULL : settings->output, &fault);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}
