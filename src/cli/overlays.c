#include "cli/overlays.h"

#include "cli/environment.h"

#define FOLDER "/portbook/overlays.d"

/* The user's (XDG Base Directory Specification); empty: there is none. */
static void find_folder(char **environment, struct strbuf *path)
{
	struct slice config = environment_value(environment, SLICE("XDG_CONFIG_HOME"));
	struct slice home = environment_value(environment, SLICE("HOME"));

	/* Relative ones are to be ignored. */
	if (slice_starts(config, SLICE("/"))) {
		strbuf_add(path, config);
	} else if (slice_starts(home, SLICE("/"))) {
		strbuf_add(path, home);
		strbuf_add(path, SLICE("/.config"));
	} else {
		return;
	}
	strbuf_add(path, SLICE(FOLDER "\0"));
}

static void say_broken(void *context, const char *path, const struct fault *fault)
{
	*(bool *)context = true;
	say_fault(path, fault);
}

int overlays_open(struct cli *cli, struct overlay *ret_overlay, bool *ret_broken,
		  struct fault *fault)
{
	struct strbuf own CLEANUP(strbuf_done) = {};
	const char *folders[2];
	size_t count = 0;

	if (cli->arguments.settings.registered_only)
		return 0;
	find_folder(cli->environment, &own);
	if (own.failed)
		return fault_memory(fault);
	if (own.n > 0)
		folders[count++] = own.p;
	folders[count++] = "/etc" FOLDER;
	return overlay_open(folders, count, say_broken, ret_broken, ret_overlay, fault);
}
