#include <stdlib.h>

#include "builtin/builtin.h"
#include "cli/newest.h"
#include "mkimage/mkimage.h"
#include "source/source.h"

void registry_close(struct opened *opened)
{
	file_content_done(&opened->content);
	strbuf_done(&opened->built);
	strbuf_done(&opened->document);
	strbuf_done(&opened->origin);
	registry_free(opened->model);
	*opened = (struct opened){};
}

const char *path_name(const char *path)
{
	if (!path)
		return "the built-in registry";
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool is_of_store(const struct cli *cli)
{
	return !cli->arguments.settings.registry && cli->store.there;
}

const char *registry_name(const struct cli *cli)
{
	return is_of_store(cli) ? cli->store.shown : path_name(cli->arguments.settings.registry);
}

struct slice registry_origin(const struct cli *cli)
{
	return strbuf_slice(&cli->registry.origin);
}

/* How a registry is wanted. */
struct wanted {
	enum { AS_IMAGE, AS_MODEL, AS_EITHER } how;
	bool keep_layout;		     /* of an XML document, AS_MODEL */
	const struct history_filter *filter; /* of a store, AS_IMAGE; NULL: everything */
};

/* Makes the image of a model, which it takes the place of, unless the model is wanted. */
static int make_image(struct opened *opened, const struct wanted *wanted, struct fault *fault)
{
	int result;

	if (wanted->how != AS_IMAGE)
		return 0;
	result = mkimage(opened->model, strbuf_slice(&opened->origin), &opened->built, fault);
	opened->model = registry_free(opened->model);
	return result == 0 ? image_open(&opened->image, strbuf_slice(&opened->built), fault)
			   : result;
}

static int add_origin(struct opened *opened, struct slice text, struct fault *fault)
{
	strbuf_add(&opened->origin, text);
	return opened->origin.failed ? fault_memory(fault) : 0;
}

int registry_of_image(struct slice bytes, struct registry **ret_registry, struct fault *fault)
{
	struct image image;
	int result = image_open(&image, bytes, fault);

	if (result == 0)
		result = image_verify(&image, fault);
	return result < 0 ? result : mkimage_registry(bytes, ret_registry, fault);
}

/*
 * An image, which is mapped or, from a pipe, in memory, gives 0 and its bytes in content; anything
 * else gives 1, and is to be read from the file.
 */
static int open_either(const char *path, struct file_content *content, struct file_reader *file,
		       struct fault *fault)
{
	int result = file_map(path, image_magic(), content, fault);

	if (result <= 0)
		return result;
	result = file_reader_open(path, SOURCE_DOCUMENT_MAX, file, fault);
	if (result < 0)
		return result;
	if (!slice_starts(file->content.text, image_magic()))
		return 1;
	*content = file->content;
	file->content = (struct file_content){};
	return 0;
}

static int open_image(struct opened *opened, const struct wanted *wanted, struct fault *fault)
{
	int result;

	if (wanted->how == AS_MODEL)
		return registry_of_image(opened->content.text, &opened->model, fault);
	result = image_open(&opened->image, opened->content.text, fault);
	return result == 0 ? image_verify(&opened->image, fault) : result;
}

static int open_file(struct opened *opened, const char *path, const struct wanted *wanted,
		     struct fault *fault)
{
	struct file_reader file CLEANUP(file_reader_close) = {.fd = -1};
	struct source_options options = {.keep_layout = wanted->keep_layout};
	struct slice name = slice_cstr(path_name(path));
	int result = open_either(path, &opened->content, &file, fault);

	if (result < 0)
		return result;
	if (add_origin(opened, slice_skip(name, slice_find_last_byte(name, '/') + 1), fault) < 0)
		return FAULT_MEMORY;
	if (result == 0)
		return open_image(opened, wanted, fault);
	result = source_read_file(&file, &options, &opened->model, fault);
	file_reader_close(&file);
	file.fd = -1;
	return result == 0 ? make_image(opened, wanted, fault) : result;
}

static int open_builtin(struct opened *opened, const struct wanted *wanted, struct fault *fault)
{
	if (add_origin(opened, slice_cstr(path_name(NULL)), fault) < 0)
		return FAULT_MEMORY;
	return wanted->how == AS_MODEL ? mkimage_registry(builtin_image(), &opened->model, fault)
				       : image_open(&opened->image, builtin_image(), fault);
}

/*
 * The image of the newest edition beside the store. 1: it is not there, or is none that this
 * program reads: the store is to be asked.
 */
static int open_newest(struct cli *cli, struct opened *opened, const struct wanted *wanted,
		       struct fault *fault)
{
	struct slice title, origin;
	char *path;
	int result = place_image(&cli->store, &path, fault);

	if (result != 0)
		return result;
	result = newest_is_current(&cli->store, path)
			 ? file_map(path, image_magic(), &opened->content, NULL)
			 : 1;
	free(path);
	if (result != 0 || image_open(&opened->image, opened->content.text, NULL) < 0 ||
	    image_verify(&opened->image, NULL) < 0) {
		file_content_done(&opened->content);
		return 1;
	}
	if (image_fact(&opened->image, IMAGE_FACT_ORIGIN, 0, &title, &origin) &&
	    add_origin(opened, origin, fault) < 0)
		return FAULT_MEMORY;
	return wanted->how == AS_MODEL
		       ? mkimage_registry(opened->content.text, &opened->model, fault)
		       : 0;
}

/* The edition that is meant, in a reading transaction. 1: the store has none. */
static int find_edition(struct cli *cli, struct history *history, int64_t *ret_number,
			struct fault *fault)
{
	struct slice as_of = slice_cstr(cli->arguments.settings.as_of);
	int result = history_begin(history, false, fault);

	if (result == 0)
		result = history_find(history, as_of, ret_number, fault);
	if (result == 1 && as_of.p)
		return fault_set(fault, FAULT_SYSTEM, "no edition of %.*s or before in the store",
				 (int)as_of.n, as_of.p);
	return result;
}

static int open_edition(struct cli *cli, struct opened *opened, const struct wanted *wanted,
			struct fault *fault)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int64_t number;
	int result = history_open(cli->store.path, HISTORY_READ, &history, fault);

	if (result == 0)
		result = find_edition(cli, history, &number, fault);
	if (result == 0)
		result = history_read(history, number, wanted->filter, &opened->model, fault);
	if (result != 0)
		return result;
	opened->is_part = wanted->filter != NULL;
	edition_origin(number, &opened->origin);
	if (opened->origin.failed)
		return fault_memory(fault);
	return make_image(opened, wanted, fault);
}

static int open_store(struct cli *cli, struct opened *opened, const struct wanted *wanted,
		      struct fault *fault)
{
	int result = 1;

	if (!cli->arguments.settings.as_of)
		result = open_newest(cli, opened, wanted, fault);
	if (result > 0)
		result = open_edition(cli, opened, wanted, fault);
	return result > 0 ? open_builtin(opened, wanted, fault) : result;
}

static int open_wanted(struct cli *cli, const struct wanted *wanted, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct opened opened = {};
	int result;

	if (settings->registry)
		result = open_file(&opened, settings->registry, wanted, fault);
	else if (cli->store.there)
		result = open_store(cli, &opened, wanted, fault);
	else if (settings->as_of)
		result = fault_set(
			fault, FAULT_SYSTEM,
			"a date needs a store, and there is none: portbook import makes one");
	else
		result = open_builtin(&opened, wanted, fault);
	if (result < 0) {
		registry_close(&opened);
		return result;
	}
	registry_close(&cli->registry);
	cli->registry = opened;
	return 0;
}

int registry_open(struct cli *cli, const struct history_filter *filter, struct fault *fault)
{
	return open_wanted(cli, &(struct wanted){.how = AS_IMAGE, .filter = filter}, fault);
}

int registry_open_model(struct cli *cli, bool keep_layout, struct fault *fault)
{
	return open_wanted(cli, &(struct wanted){.how = AS_MODEL, .keep_layout = keep_layout},
			   fault);
}

int registry_open_rows(struct cli *cli, struct fault *fault)
{
	return open_wanted(cli, &(struct wanted){.how = AS_EITHER}, fault);
}

/* Whether the document is in the format that is wanted. */
static int has_format(void *wanted, const struct history_edition *edition)
{
	return slice_eq(edition->format, *(const struct slice *)wanted) ? 0 : 1;
}

int registry_open_document(struct cli *cli, struct slice format, struct fault *fault)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int64_t number;
	int result;

	if (!format.p || !is_of_store(cli))
		return 1;
	result = history_open(cli->store.path, HISTORY_READ, &history, fault);
	if (result == 0)
		result = find_edition(cli, history, &number, fault);
	if (result == 0)
		result = history_edition(history, number, has_format, &format, fault);
	if (result == 0)
		result = history_document(history, number, &cli->registry.document, fault);
	return result;
}
