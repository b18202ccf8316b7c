/*
 * Makes an image of a registry. The same registry gives the same bytes.
 */
#ifndef PORTBOOK_MKIMAGE_MKIMAGE_H
#define PORTBOOK_MKIMAGE_MKIMAGE_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"
#include "registry/registry.h"

/*
 * Appends the image to an empty buffer, which the caller owns. origin says for people where the
 * registry came from (may be absent). 0, FAULT_MEMORY or FAULT_LIMIT.
 */
int mkimage(const struct registry *registry, struct slice origin, struct strbuf *image,
	    struct fault *fault) MUST_USE;

/* The way back: the registry that an image was made of, up to its XML layout. */
int mkimage_registry(struct slice image_bytes, struct registry **ret_registry,
		     struct fault *fault) MUST_USE;

#endif
