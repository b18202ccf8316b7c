#include "cli/forms.h"
#include "cli/names.h"
#include "cli/rows.h"
#include "mkimage/mkimage.h"
#include "render/text.h"
#include "render/xhtml.h"
#include "render/xml.h"
#include "source/source.h"

static void write_xml(struct out *out, const void *registry)
{
	render_xml(out, registry);
}

static void write_xhtml(struct out *out, const void *registry)
{
	render_xhtml(out, registry);
}

static void write_text(struct out *out, const void *registry)
{
	render_text(out, registry);
}

static void write_image(struct out *out, const void *image)
{
	const struct image *whole = image;

	out_put(out, whole->bytes);
}

/* Rows as they come, of an image or a model. */
struct whole {
	const struct opened *registry;
	const struct render_format *format;
};

static void write_rows(struct out *out, const void *data)
{
	const struct whole *whole = data;
	const struct opened *from = whole->registry;
	size_t count = from->model ? from->model->row_count : image_row_count(&from->image);

	whole->format->begin(out);
	for (size_t i = 0; i < count; i++) {
		struct row row;

		if (from->model)
			row = registry_row(from->model, i);
		else
			image_row(&from->image, (uint32_t)i, &row);
		whole->format->row(out, &row, i);
	}
	whole->format->end(out, count);
}

static int print_rows(struct cli *cli, struct fault *fault)
{
	struct whole whole = {&cli->registry, rows_renderer(cli->arguments.settings.format)};

	return answer_write(cli, write_rows, &whole, fault);
}

static void write_document(struct out *out, const void *registry)
{
	const struct opened *opened = registry;

	out_put(out, strbuf_slice(&opened->document));
}

static int print(struct cli *cli, const void *data, struct fault *fault)
{
	(void)data;
	if (cli->registry.document.p)
		return answer_write(cli, write_document, &cli->registry, fault);
	switch (cli->arguments.settings.format) {
	case FORMAT_XML:
		return answer_write(cli, write_xml, cli->registry.model, fault);
	case FORMAT_XHTML:
		return answer_write(cli, write_xhtml, cli->registry.model, fault);
	case FORMAT_TEXT:
		return answer_write(cli, write_text, cli->registry.model, fault);
	case FORMAT_SERVICES:
	case FORMAT_DICTIONARY:
		return forms_print(cli, fault);
	case FORMAT_IMAGE:
		return answer_write(cli, write_image, &cli->registry.image, fault);
	default:
		return print_rows(cli, fault);
	}
}

static bool is_standard(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

/* Why what is asked for cannot be done; NULL: it can. */
static const char *misuse(const struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	bool standard = is_standard(settings->output);

	if (standard && settings->format == FORMAT_IMAGE && cli->screen.width > 0)
		return "an image is not for terminals: --output FILE says where to write it";
	if (standard && settings->format == FORMAT_SQLITE)
		return "a database is a file: --output FILE says which";
	if (standard && settings->format == FORMAT_DATAPACKAGE)
		return "a data package is a folder: --output FOLDER says which";
	if (settings->names && settings->format != FORMAT_SERVICES)
		return "--names is for --format services";
	if (settings->names && settings->registry && strcmp(settings->names, "-") == 0 &&
	    strcmp(settings->registry, "-") == 0)
		return "standard input is the registry or the names, not both";
	return NULL;
}

/* What a store calls documents of the format (source/source.h); absent: nobody publishes it. */
static struct slice document_format(enum format format)
{
	switch (format) {
	case FORMAT_XML:
		return source_format_name(SOURCE_XML);
	case FORMAT_CSV:
		return source_format_name(SOURCE_CSV);
	case FORMAT_XHTML:
		return source_format_name(SOURCE_XHTML);
	case FORMAT_TEXT:
		return source_format_name(SOURCE_TEXT);
	default:
		return SLICE_NONE;
	}
}

static int open_registry(struct cli *cli, struct names *names, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	int result;

	result = registry_open_document(cli, document_format(settings->format), fault);
	if (result <= 0)
		return result;
	if (rows_renderer(settings->format))
		result = registry_open_rows(cli, fault);
	else if (settings->format == FORMAT_IMAGE)
		result = registry_open(cli, NULL, fault);
	else
		result = registry_open_model(cli, settings->format == FORMAT_XML, fault);
	return result == 0 && settings->names ? names_keep(names, cli->registry.model, fault)
					      : result;
}

static int write_registry(struct cli *cli, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;

	if (is_standard(settings->output))
		return print(cli, NULL, fault);
	if (forms_is_stored(settings->format))
		return forms_store(cli, settings->output, fault);
	return answer_file(cli, settings->output, print, NULL, fault);
}

int export_run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	struct names names CLEANUP(names_done) = {};
	const char *reason = misuse(cli);
	struct fault fault;

	if (reason) {
		say("%s", reason);
		return STATUS_USAGE;
	}
	if (settings->names && names_read(&names, settings->names, &fault) < 0)
		return say_fault(is_standard(settings->names) ? "standard input" : settings->names,
				 &fault);
	if (open_registry(cli, &names, &fault) < 0)
		return say_fault(registry_name(cli), &fault);
	if (write_registry(cli, &fault) < 0)
		return say_fault(is_standard(settings->output) ? NULL : settings->output, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	return names_say_missing(&names) > 0 ? STATUS_NOT_FOUND : STATUS_FOUND;
}
