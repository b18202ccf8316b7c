#include "builtin/builtin.h"
#include "cli/cli.h"
#include "mkimage/mkimage.h"
#include "source/source.h"

void registry_close(struct opened *opened)
{
	file_content_done(&opened->content);
	strbuf_done(&opened->built);
	registry_free(opened->model);
	*opened = (struct opened){};
}

const char *registry_name(const char *path)
{
	if (!path)
		return "the built-in registry";
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

struct slice registry_origin(const char *path)
{
	struct slice name = slice_cstr(registry_name(path));

	return slice_skip(name, slice_find_last_byte(name, '/') + 1);
}

static int open_document(struct opened *opened, const char *path, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result = source_read(opened->content.text, NULL, &registry, fault);

	if (result == 0)
		result = mkimage(registry, registry_origin(path), &opened->built, fault);
	if (result == 0)
		result = image_open(&opened->image, strbuf_slice(&opened->built), fault);
	file_content_done(&opened->content);
	return result;
}

static int open_image(struct opened *opened, struct fault *fault)
{
	int result = image_open(&opened->image, opened->content.text, fault);

	return result == 0 ? image_verify(&opened->image, fault) : result;
}

/* An image or a document, which is which is for the caller to see. */
static int read_content(const char *path, struct file_content *content, struct fault *fault)
{
	int result = file_map(path, image_magic(), content, fault);

	return result > 0 ? file_read(path, SOURCE_DOCUMENT_MAX, content, fault) : result;
}

static int open_file(struct opened *opened, const char *path, struct fault *fault)
{
	int result = read_content(path, &opened->content, fault);

	if (result < 0)
		return result;
	if (slice_starts(opened->content.text, image_magic()))
		return open_image(opened, fault);
	return open_document(opened, path, fault);
}

int registry_of_image(struct slice bytes, struct registry **ret_registry, struct fault *fault)
{
	struct image image;
	int result = image_open(&image, bytes, fault);

	if (result == 0)
		result = image_verify(&image, fault);
	return result < 0 ? result : mkimage_registry(bytes, ret_registry, fault);
}

static int read_model(struct slice text, bool keep_layout, struct registry **ret_model,
		      struct fault *fault)
{
	struct source_options options = {.keep_layout = keep_layout};

	if (!slice_starts(text, image_magic()))
		return source_read(text, &options, ret_model, fault);
	return registry_of_image(text, ret_model, fault);
}

int registry_open_model(struct opened *ret_opened, const char *path, bool keep_layout,
			struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct registry *model;
	int result;

	if (!path) {
		result = mkimage_registry(builtin_image(), &model, fault);
	} else {
		result = read_content(path, &content, fault);
		if (result == 0)
			result = read_model(content.text, keep_layout, &model, fault);
	}
	if (result == 0)
		*ret_opened = (struct opened){.model = model};
	return result;
}

static int open_rows(struct opened *opened, const char *path, struct fault *fault)
{
	int result = read_content(path, &opened->content, fault);

	if (result < 0)
		return result;
	if (slice_starts(opened->content.text, image_magic()))
		return open_image(opened, fault);
	result = source_read(opened->content.text, NULL, &opened->model, fault);
	file_content_done(&opened->content);
	return result;
}

int registry_open_rows(struct opened *ret_opened, const char *path, struct fault *fault)
{
	struct opened opened = {};
	int result;

	if (!path)
		return registry_open(ret_opened, path, fault);
	result = open_rows(&opened, path, fault);
	if (result < 0)
		registry_close(&opened);
	else
		*ret_opened = opened;
	return result;
}

int registry_open(struct opened *ret_opened, const char *path, struct fault *fault)
{
	struct opened opened = {};
	int result;

	if (path)
		result = open_file(&opened, path, fault);
	else
		result = image_open(&opened.image, builtin_image(), fault);
	if (result < 0)
		registry_close(&opened);
	else
		*ret_opened = opened;
	return result;
}
