#include "cli/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "cli/environment.h"
#include "db/db.h"
#include "history/history.h"

#define IMAGE_SUFFIX ".image"

/* The file's place in the user's folder of data (XDG Base Directory Specification); NULL: none. */
static char *usual_place(char **environment, bool *ret_failed)
{
	struct slice data = environment_value(environment, SLICE("XDG_DATA_HOME"));
	struct slice home = environment_value(environment, SLICE("HOME"));
	struct strbuf path = {};

	/* Relative ones are to be ignored. */
	if (slice_starts(data, SLICE("/"))) {
		strbuf_add(&path, data);
	} else if (slice_starts(home, SLICE("/"))) {
		strbuf_add(&path, home);
		strbuf_add(&path, SLICE("/.local/share"));
	} else {
		return NULL;
	}
	strbuf_add(&path, SLICE("/portbook/portbook.db\0"));
	*ret_failed = path.failed;
	if (path.failed) {
		strbuf_done(&path);
		return NULL;
	}
	return path.p;
}

void place_done(struct place *place)
{
	free(place->path);
	free(place->shown);
	*place = (struct place){};
}

static char *show(const char *path)
{
	struct strbuf shown = {};

	db_show_place(path, &shown);
	strbuf_add_byte(&shown, '\0');
	if (shown.failed)
		strbuf_done(&shown);
	return shown.p;
}

int place_find(const char *option, char **environment, struct place *ret_place, struct fault *fault)
{
	struct slice variable = environment_value(environment, SLICE("PORTBOOK_STORE"));
	const char *stated = option ? option : variable.n > 0 ? variable.p : NULL;
	struct place place = {.stated = stated != NULL};
	struct stat status;
	bool failed = false;

	place.path = stated ? strdup(stated) : usual_place(environment, &failed);
	if (failed || (stated && !place.path))
		return fault_memory(fault);
	place.there = place.path && (place.stated || stat(place.path, &status) == 0);
	if (place.path && !(place.shown = show(place.path))) {
		place_done(&place);
		return fault_memory(fault);
	}
	*ret_place = place;
	return 0;
}

int place_make_folder(const struct place *place, struct fault *fault)
{
	/* Of a place that was named, the folder is for who named it. */
	if (place->stated || place->there)
		return 0;
	for (char *slash = place->path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(place->path, 0700) < 0 && errno != EEXIST) {
			fault_set(fault, FAULT_SYSTEM, "cannot make the folder %s: %s", place->path,
				  strerror(errno));
			*slash = '/';
			return FAULT_SYSTEM;
		}
		*slash = '/';
	}
	return 0;
}

int place_image(const struct place *place, char **ret_path, struct fault *fault)
{
	struct strbuf path = {};

	if (!place->path || history_is_url(place->path))
		return 1;
	strbuf_add(&path, slice_cstr(place->path));
	strbuf_add(&path, SLICE(IMAGE_SUFFIX "\0"));
	if (path.failed) {
		strbuf_done(&path);
		return fault_memory(fault);
	}
	*ret_path = path.p;
	return 0;
}

void edition_origin(int64_t number, struct strbuf *origin)
{
	char space[HISTORY_LABEL_SIZE];

	strbuf_add(origin, SLICE("edition "));
	strbuf_add(origin, history_label(number, space));
}

int place_keep_private(const struct place *place, struct fault *fault)
{
	struct stat status;

	if (history_is_url(place->path) ||
	    (stat(place->path, &status) == 0 && chmod(place->path, status.st_mode & 0770) == 0))
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "cannot be kept from others: %s", strerror(errno));
}
