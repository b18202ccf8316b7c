#include "cli/forms.h"

#include "package/package.h"
#include "render/dictionary.h"
#include "render/services.h"

/* What answer_write hands on. */
struct form {
	const struct settings *settings;
	const struct registry *registry;
	struct fault *fault;
	int *result;
};

static void write_form(struct out *out, const void *data)
{
	const struct form *form = data;

	if (form->settings->format == FORMAT_SERVICES)
		*form->result =
			render_services(out, form->registry,
					registry_origin(form->settings->registry), form->fault);
	else
		*form->result = render_dictionary(out, form->registry, form->fault);
}

int forms_print(struct cli *cli, struct fault *fault)
{
	int result = 0;
	struct form form = {&cli->arguments.settings, cli->registry.model, fault, &result};
	int written = answer_write(cli, write_form, &form, fault);

	return written < 0 ? written : result;
}

bool forms_is_stored(enum format format)
{
	return format == FORMAT_SQLITE || format == FORMAT_DATAPACKAGE;
}

int forms_store(struct cli *cli, const char *path, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;

	if (settings->format == FORMAT_DATAPACKAGE)
		return package_write(path, cli->registry.model, fault);
	return package_write_database(path, cli->registry.model,
				      registry_origin(settings->registry), fault);
}
