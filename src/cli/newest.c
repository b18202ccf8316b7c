#include "cli/newest.h"

#include <stdlib.h>

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

static int write_file(const char *path, struct slice bytes, struct fault *fault)
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
	if (error == 0)
		return file_draft_commit(&draft, fault);
	file_draft_abort(&draft);
	return fault_set(fault, FAULT_SYSTEM, "cannot write %s: %s", path, strerror(error));
}

static int write_image(struct history *history, const char *path, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct strbuf origin CLEANUP(strbuf_done) = {}, image CLEANUP(strbuf_done) = {};
	int64_t number;
	int result = history_find(history, SLICE_NONE, &number, fault);

	if (result != 0)
		return result < 0 ? result : 0;
	edition_origin(number, &origin);
	if (is_image_of(path, strbuf_slice(&origin)))
		return 0;
	result = history_read(history, number, NULL, &registry, fault);
	if (result == 0)
		result = mkimage(registry, strbuf_slice(&origin), &image, fault);
	return result == 0 ? write_file(path, strbuf_slice(&image), fault) : result;
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
		result = write_image(history, path, fault);
	history_rollback(history);
	free(path);
	return result;
}
