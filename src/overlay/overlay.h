/*
 * What others than the registry say of ports: files of a site, and what is common and not
 * registered, which is built in. Each is a layer over the registry, an image like it, and what is
 * answered from one is tagged with it.
 */
#ifndef PORTBOOK_OVERLAY_OVERLAY_H
#define PORTBOOK_OVERLAY_OVERLAY_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "image/image.h"
#include "query/query.h"

struct overlay_layer {
	char *path;	     /* of a site's file; NULL: the built-in layer */
	char date[11];	     /* YYYY-MM-DD: of the file's last change, or of the built-in list */
	struct strbuf bytes; /* of the image that was made of a file */
	struct image image;
};

/* The layers in the order in which they are asked. Zeroed memory has none. */
struct overlay {
	struct overlay_layer *layers;
	size_t count;
};

/* Told of each file or folder that cannot be read; fault has the place in it. */
typedef void overlay_handler(void *context, const char *path, const struct fault *fault);

/*
 * Reads all files of the folders, those of a folder by name, and behind them the built-in list.
 * Names that begin with "." or end in "~" are left out; a folder that is not there has none. Files
 * are services(5), or CSV as the publisher's. 0, or FAULT_MEMORY.
 */
int overlay_open(const char *const *folders, size_t count, overlay_handler *handler, void *context,
		 struct overlay *ret_overlay, struct fault *fault) MUST_USE;
void overlay_done(struct overlay *overlay);

/* What answers from the layer are tagged with: its path, or "common". */
struct slice overlay_source(const struct overlay_layer *layer);

/*
 * The date of what a row of the layer says: when it was changed or made, else that of the layer.
 * Borrowed.
 */
struct slice overlay_date(const struct overlay_layer *layer, const struct row *row);

/* Where a row of the layer has it from: its first reference that is a URL, else overlay_source().
 */
struct slice overlay_reference(const struct overlay_layer *layer, const struct row *row);

#endif
