#include "overlay/overlay.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "builtin/builtin.h"
#include "mkimage/mkimage.h"
#include "source/source.h"

/* Bytes of a file, and files of a folder. */
enum { FILE_MAX = 16 * 1024 * 1024, FILES_MAX = 1000 };

struct reading {
	struct overlay *overlay;
	overlay_handler *handler;
	void *context;
};

static void layer_done(struct overlay_layer *layer)
{
	free(layer->path);
	strbuf_done(&layer->bytes);
}

void overlay_done(struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->count; i++)
		layer_done(&overlay->layers[i]);
	free(overlay->layers);
	*overlay = (struct overlay){};
}

/* Takes the layer over. */
static int add_layer(struct overlay *overlay, struct overlay_layer *layer, struct fault *fault)
{
	struct overlay_layer *layers =
		reallocarray(overlay->layers, overlay->count + 1, sizeof(*layers));

	if (!layers)
		return fault_memory(fault);
	overlay->layers = layers;
	layers[overlay->count++] = *layer;
	*layer = (struct overlay_layer){};
	return 0;
}

static void set_date(struct overlay_layer *layer, time_t modified)
{
	struct tm tm;

	/* Years have four digits. */
	if (!gmtime_r(&modified, &tm) ||
	    strftime(layer->date, sizeof(layer->date), "%Y-%m-%d", &tm) == 0)
		layer->date[0] = '\0';
}

/* Whether nothing but blanks and comments is in it, which no format can be told from. */
static bool is_empty(struct slice text)
{
	while (text.p) {
		struct slice line = slice_trim(slice_cut(&text, '\n'));

		if (line.n > 0 && line.p[0] != '#')
			return false;
	}
	return true;
}

static int make_image(struct slice text, struct overlay_layer *layer, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	enum source_format format;
	int result;

	if (!source_detect(text, &format))
		return fault_set(fault, FAULT_UNKNOWN,
				 "it is neither services(5) (NAME PORT/TRANSPORT) nor CSV with the "
				 "publisher's heading");
	if (format != SOURCE_SERVICES && format != SOURCE_CSV)
		return fault_set(fault, FAULT_UNKNOWN,
				 "it is %.*s; overlays are services(5) or CSV",
				 (int)source_format_name(format).n, source_format_name(format).p);
	result = source_read(text, &(struct source_options){.in_one = true}, &registry, fault);
	if (result == 0)
		result = mkimage(registry, slice_cstr(layer->path), &layer->bytes, fault);
	return result == 0 ? image_open(&layer->image, strbuf_slice(&layer->bytes), fault) : result;
}

/* Reads the file of the layer's path. 1: it has nothing to say. */
static int read_layer(struct overlay_layer *layer, struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct stat status;
	int result;

	if (stat(layer->path, &status) < 0)
		return fault_set(fault, FAULT_SYSTEM, "cannot read: %s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return 1;
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, FAULT_SYSTEM, "it is no regular file");
	set_date(layer, status.st_mtime);
	result = file_read(layer->path, FILE_MAX, &content, fault);
	if (result < 0)
		return result;
	return is_empty(content.text) ? 1 : make_image(content.text, layer, fault);
}

static int read_file(const struct reading *reading, const char *folder, const char *name,
		     struct fault *fault)
{
	struct overlay_layer layer CLEANUP(layer_done) = {};
	struct fault reason = {};
	struct strbuf path = {};
	int result;

	strbuf_printf(&path, "%s/%s", folder, name);
	strbuf_add_byte(&path, '\0');
	layer.path = path.p;
	if (path.failed)
		return fault_memory(fault);
	result = read_layer(&layer, &reason);
	if (result == 0)
		return add_layer(reading->overlay, &layer, fault);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	if (result < 0)
		reading->handler(reading->context, layer.path, &reason);
	return 0;
}

static int is_file_name(const struct dirent *entry)
{
	struct slice name = slice_cstr(entry->d_name);

	return !slice_starts(name, SLICE(".")) && !slice_ends(name, SLICE("~"));
}

/* By bytes, whatever the locale. */
static int compare_names(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

static int read_folder(const struct reading *reading, const char *folder, struct fault *fault)
{
	struct dirent **entries;
	struct fault reason = {};
	int count = scandir(folder, &entries, is_file_name, compare_names), result = 0;

	if (count < 0 && errno == ENOMEM)
		return fault_memory(fault);
	if (count < 0 && errno != ENOENT && errno != ENOTDIR)
		fault_set(&reason, FAULT_SYSTEM, "cannot read the folder: %s", strerror(errno));
	if (count > FILES_MAX)
		fault_set(&reason, FAULT_LIMIT, "more than %d overlays", FILES_MAX);
	if (reason.text[0])
		reading->handler(reading->context, folder, &reason);
	for (int i = 0; i < count; i++) {
		if (result == 0 && i < FILES_MAX)
			result = read_file(reading, folder, entries[i]->d_name, fault);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return result;
}

static int add_common(struct overlay *overlay, struct fault *fault)
{
	struct overlay_layer layer CLEANUP(layer_done) = {};
	struct slice title, date;
	int result = image_open(&layer.image, builtin_common(), fault);

	if (result < 0)
		return result;
	if (image_fact(&layer.image, IMAGE_FACT_UPDATED, 0, &title, &date))
		snprintf(layer.date, sizeof(layer.date), "%.*s", (int)date.n, date.p);
	return add_layer(overlay, &layer, fault);
}

int overlay_open(const char *const *folders, size_t count, overlay_handler *handler, void *context,
		 struct overlay *ret_overlay, struct fault *fault)
{
	struct overlay overlay = {};
	struct reading reading = {&overlay, handler, context};
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = read_folder(&reading, folders[i], fault);
	if (result == 0)
		result = add_common(&overlay, fault);
	if (result < 0) {
		overlay_done(&overlay);
		return result;
	}
	*ret_overlay = overlay;
	return 0;
}

struct slice overlay_source(const struct overlay_layer *layer)
{
	return layer->path ? slice_cstr(layer->path) : SLICE("common");
}

struct slice overlay_date(const struct overlay_layer *layer, const struct row *row)
{
	if (row->shown[COLUMN_MODIFIED].n > 0)
		return row->shown[COLUMN_MODIFIED];
	if (row->shown[COLUMN_REGISTERED].n > 0)
		return row->shown[COLUMN_REGISTERED];
	return slice_cstr(layer->date);
}

struct slice overlay_reference(const struct overlay_layer *layer, const struct row *row)
{
	struct slice text = row->shown[COLUMN_REFERENCE];

	if (!slice_starts(text, SLICE("[http")))
		return overlay_source(layer);
	text = slice_skip(text, 1);
	return slice_cut(&text, ']');
}
