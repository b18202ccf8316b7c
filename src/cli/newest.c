#include "cli/newest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mkimage/mkimage.h"

int store_open(struct cli *cli, enum history_access access, struct history **ret_history,
	       struct fault *fault)
{
	int result = 0;

	if (!cli->store.path)
		return fault_set(fault, FAULT_SYSTEM,
				 "no place for a store: --store PLACE or $PORTBOOK_STORE says one");
	if (access == HISTORY_CREATE)
		result = place_make_folder(&cli->store, fault);
	if (result < 0)
		return result;
	return history_open(cli->store.path, access, ret_history, fault);
}

/*
 * The image is given the store's time of modification: so it is told from that of a store that has
 * changed since, by whatever ended before its image was made, or was brought back from a backup.
 */
bool newest_is_current(const struct place *store, const char *image)
{
	struct stat of_store, of_image;

	return stat(store->path, &of_store) == 0 && stat(image, &of_image) == 0 &&
	       of_store.st_mtim.tv_sec == of_image.st_mtim.tv_sec &&
	       of_store.st_mtim.tv_nsec == of_image.st_mtim.tv_nsec;
}

/* An image that cannot be marked is not believed. */
static void mark_as_current(const struct place *store, int fd)
{
	struct stat status;

	if (stat(store->path, &status) == 0)
		(void)!futimens(fd, (struct timespec[]){{.tv_nsec = UTIME_OMIT}, status.st_mtim});
}

struct slice time_now(char space[static TIME_SIZE])
{
	time_t now = time(NULL);
	struct tm parts;

	if (!gmtime_r(&now, &parts))
		return SLICE("1970-01-01T00:00:00Z");
	return (struct slice){space, strftime(space, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/* Whether the file is an image of that origin. */
static bool is_image_of(const char *path, struct slice origin)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct slice title, text;
	struct image image;

	return file_map(path, image_magic(), &content, NULL) == 0 &&
	       image_open(&image, content.text, NULL) == 0 &&
	       image_fact(&image, IMAGE_FACT_ORIGIN, 0, &title, &text) && slice_eq(text, origin) &&
	       image_verify(&image, NULL) == 0;
}

static int write_file(const struct place *store, const char *path, struct slice bytes,
		      struct fault *fault)
{
	struct file_draft draft;
	struct out out;
	int error, result = file_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	if (out_init_fd(&out, draft.fd) < 0) {
		file_draft_abort(&draft);
		return fault_memory(fault);
	}
	out_put(&out, bytes);
	error = out_finish(&out);
	out_done(&out);
	if (error == 0) {
		mark_as_current(store, draft.fd);
		return file_draft_commit(&draft, fault);
	}
	file_draft_abort(&draft);
	return fault_set(fault, FAULT_SYSTEM, "cannot write %s: %s", path, strerror(error));
}

static int write_image(const struct place *store, struct history *history, const char *path,
		       struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct strbuf origin CLEANUP(strbuf_done) = {}, image CLEANUP(strbuf_done) = {};
	int64_t number;
	int result = history_find(history, SLICE_NONE, &number, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	edition_origin(number, &origin);
	if (newest_is_current(store, path) && is_image_of(path, strbuf_slice(&origin)))
		return 0;
	result = history_read(history, number, NULL, &registry, fault);
	if (result == 0)
		result = mkimage(registry, strbuf_slice(&origin), &image, fault);
	return result == 0 ? write_file(store, path, strbuf_slice(&image), fault) : result;
}

int newest_write(const struct place *store, struct history *history, struct fault *fault)
{
	char *path;
	int result = place_image(store, &path, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	/* As a writer, so that of two that come at once the later one's edition stays. */
	result = history_begin(history, true, fault);
	if (result == 0)
		result = write_image(store, history, path, fault);
	history_rollback(history);
	free(path);
	return result;
}

/* Marks the image as current where it is that of the newest edition. */
static int keep_image(const struct place *store, struct history *history, const char *path,
		      struct fault *fault)
{
	struct strbuf origin CLEANUP(strbuf_done) = {};
	int64_t number;
	int fd, result = history_find(history, SLICE_NONE, &number, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	edition_origin(number, &origin);
	if (origin.failed || !is_image_of(path, strbuf_slice(&origin)))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	mark_as_current(store, fd);
	close(fd);
	return 0;
}

int newest_keep(const struct place *store, struct history *history, struct fault *fault)
{
	char *path;
	int result = place_image(store, &path, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	if (!newest_is_current(store, path)) {
		result = history_begin(history, true, fault);
		if (result == 0)
			result = keep_image(store, history, path, fault);
		history_rollback(history);
	}
	free(path);
	return result;
}
