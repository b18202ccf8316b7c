#include "cli/forms.h"

#include "package/package.h"
#include "render/dictionary.h"
#include "render/services.h"

/* What answer_write hands on. */
struct form {
	const struct cli *cli;
	struct fault *fault;
	int *result;
};

static void write_form(struct out *out, const void *data)
{
	const struct form *form = data;

	if (form->cli->arguments.settings.format == FORMAT_SERVICES)
		*form->result = render_services(out, form->cli->registry.model,
						registry_origin(form->cli), form->fault);
	else
		*form->result = render_dictionary(out, form->cli->registry.model, form->fault);
}

int forms_print(struct cli *cli, struct fault *fault)
{
	int result = 0;
	struct form form = {cli, fault, &result};
	int written = answer_write(cli, write_form, &form, fault);

	return written < 0 ? written : result;
}

bool forms_is_stored(enum format format)
{
	return format == FORMAT_SQLITE || format == FORMAT_DATAPACKAGE;
}

int forms_store(struct cli *cli, const char *path, struct fault *fault)
{
	if (cli->arguments.settings.format == FORMAT_DATAPACKAGE)
		return package_write(path, cli->registry.model, fault);
	return package_write_database(path, cli->registry.model, registry_origin(cli), fault);
}
