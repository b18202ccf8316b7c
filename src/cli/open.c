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

static int open_document(struct opened *opened, struct file_reader *file, const char *path,
			 struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result = source_read_file(file, NULL, &registry, fault);

	file_reader_close(file);
	if (result == 0)
		result = mkimage(registry, registry_origin(path), &opened->built, fault);
	if (result == 0)
		result = image_open(&opened->image, strbuf_slice(&opened->built), fault);
	return result;
}

static int open_image(struct opened *opened, struct fault *fault)
{
	int result = image_open(&opened->image, opened->content.text, fault);

	return result == 0 ? image_verify(&opened->image, fault) : result;
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

static int open_file(struct opened *opened, const char *path, struct fault *fault)
{
	struct file_reader file CLEANUP(file_reader_close) = {.fd = -1};
	int result = open_either(path, &opened->content, &file, fault);

	if (result == 0)
		return open_image(opened, fault);
	return result > 0 ? open_document(opened, &file, path, fault) : result;
}

int registry_of_image(struct slice bytes, struct registry **ret_registry, struct fault *fault)
{
	struct image image;
	int result = image_open(&image, bytes, fault);

	if (result == 0)
		result = image_verify(&image, fault);
	return result < 0 ? result : mkimage_registry(bytes, ret_registry, fault);
}

static int read_model(const char *path, bool keep_layout, struct registry **ret_model,
		      struct fault *fault)
{
	struct source_options options = {.keep_layout = keep_layout};
	struct file_reader file CLEANUP(file_reader_close) = {.fd = -1};
	struct file_content content CLEANUP(file_content_done) = {};
	int result = open_either(path, &content, &file, fault);

	if (result == 0)
		return registry_of_image(content.text, ret_model, fault);
	return result > 0 ? source_read_file(&file, &options, ret_model, fault) : result;
}

int registry_open_model(struct opened *ret_opened, const char *path, bool keep_layout,
			struct fault *fault)
{
	struct registry *model;
	int result = path ? read_model(path, keep_layout, &model, fault)
			  : mkimage_registry(builtin_image(), &model, fault);

	if (result == 0)
		*ret_opened = (struct opened){.model = model};
	return result;
}

static int open_rows(struct opened *opened, const char *path, struct fault *fault)
{
	struct file_reader file CLEANUP(file_reader_close) = {.fd = -1};
	int result = open_either(path, &opened->content, &file, fault);

	if (result == 0)
		return open_image(opened, fault);
	return result > 0 ? source_read_file(&file, NULL, &opened->model, fault) : result;
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
