#define _GNU_SOURCE
#include "cli/leases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/environment.h"
#include "current/current.h"

#define FILE_NAME "reservations.db"

void leases_done(struct leases *leases)
{
	reserve_close(leases->reserve);
	place_done(&leases->place);
	*leases = (struct leases){};
}

int leases_fail(const struct leases *leases, const struct fault *fault)
{
	return say_fault(leases->place.path, fault);
}

int leases_folder(char **ret_folder, struct fault *fault)
{
	char *folder = get_current_dir_name();

	if (!folder)
		return errno == ENOMEM
			       ? fault_memory(fault)
			       : fault_set(fault, FAULT_SYSTEM, "the folder that this runs in: %s",
					   strerror(errno));
	*ret_folder = folder;
	return 0;
}

static int set_place(struct place *place, struct slice folder, struct slice file, bool stated,
		     struct fault *fault)
{
	struct strbuf path = {};
	struct stat status;

	strbuf_add(&path, folder);
	strbuf_add(&path, file);
	strbuf_add_byte(&path, '\0');
	if (path.failed) {
		strbuf_done(&path);
		return fault_memory(fault);
	}
	place_done(place);
	place->path = path.p;
	place->stated = stated;
	place->there = stat(path.p, &status) == 0;
	return 0;
}

/* Whether the file, or the first folder above it that is there, may be written. */
static bool is_writable(const struct place *place)
{
	char *path = strdup(place->path), *slash;
	bool writable = false;
	int result = path ? access(path, W_OK) : -1;

	while (path && result < 0 && errno == ENOENT && (slash = strrchr(path, '/'))) {
		*slash = '\0';
		result = access(slash > path ? path : "/", W_OK | X_OK);
	}
	writable = result == 0;
	/* A journal stands beside the file. */
	if (writable && path && strcmp(path, place->path) == 0 && (slash = strrchr(path, '/'))) {
		*slash = '\0';
		writable = access(slash > path ? path : "/", W_OK | X_OK) == 0;
	}
	free(path);
	return writable;
}

/* The user's folders, the best first; each with what comes below it. */
static size_t list_folders(char **environment, struct slice folders[static 2],
			   struct slice files[static 2])
{
	struct slice state = environment_value(environment, SLICE("XDG_STATE_HOME"));
	struct slice home = environment_value(environment, SLICE("HOME"));
	struct slice runtime = environment_value(environment, SLICE("XDG_RUNTIME_DIR"));
	size_t count = 0;

	/* Relative ones are to be ignored. */
	if (slice_starts(state, SLICE("/"))) {
		folders[count] = state;
		files[count++] = SLICE("/portbook/" FILE_NAME);
	} else if (slice_starts(home, SLICE("/"))) {
		folders[count] = home;
		files[count++] = SLICE("/.local/state/portbook/" FILE_NAME);
	}
	if (slice_starts(runtime, SLICE("/"))) {
		folders[count] = runtime;
		files[count++] = SLICE("/portbook/" FILE_NAME);
	}
	return count;
}

/* The first place that can be written; where there is none, who reads takes the first at all. */
static int find_users(struct cli *cli, enum reserve_access access, struct place *place,
		      struct fault *fault)
{
	struct slice folders[2], files[2];
	size_t count = list_folders(cli->environment, folders, files);

	for (size_t i = 0; i < count; i++) {
		if (set_place(place, folders[i], files[i], false, fault) < 0)
			return FAULT_MEMORY;
		if (!is_writable(place))
			continue;
		if (i > 0 && access == RESERVE_CREATE)
			say("%.*s cannot be written: reservations are kept in %s until it is "
			    "emptied",
			    (int)folders[0].n, folders[0].p, place->path);
		return 0;
	}
	if (count > 0 && access == RESERVE_READ)
		return set_place(place, folders[0], files[0], false, fault);
	place_done(place);
	return fault_set(fault, FAULT_SYSTEM,
			 "no folder to keep reservations in can be written: $XDG_STATE_HOME, "
			 "$HOME or $XDG_RUNTIME_DIR names one, $PORTBOOK_RESERVATIONS a file");
}

static int find_place(struct cli *cli, enum reserve_access access, struct place *place,
		      struct fault *fault)
{
	struct slice named = environment_value(cli->environment, SLICE("PORTBOOK_RESERVATIONS"));

	if (cli->arguments.settings.system)
		return set_place(place, SLICE(CURRENT_FOLDER "/"), SLICE(FILE_NAME), false, fault);
	if (named.n > 0)
		return set_place(place, named, SLICE(""), true, fault);
	return find_users(cli, access, place, fault);
}

/* That of the system is for all to look at. */
static int make_folder(const struct cli *cli, const struct place *place, struct fault *fault)
{
	if (!cli->arguments.settings.system)
		return place_make_folder(place, fault);
	if (mkdir(CURRENT_FOLDER, 0755) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, "cannot make the folder: %s",
				 strerror(errno));
	return 0;
}

int leases_open(struct cli *cli, enum reserve_access access, struct leases *leases,
		struct fault *fault)
{
	int result = find_place(cli, access, &leases->place, fault);

	if (result < 0)
		return result;
	if (access != RESERVE_CREATE && !leases->place.there)
		return 1;
	if (access == RESERVE_CREATE)
		result = make_folder(cli, &leases->place, fault);
	return result < 0 ? result
			  : reserve_open(leases->place.path, "", access, &leases->reserve, fault);
}
