/* A look-up table from port and transport to a name, for pipelines that label log lines. */
#ifndef PORTBOOK_RENDER_DICTIONARY_H
#define PORTBOOK_RENDER_DICTIONARY_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "registry/registry.h"

/* Ports that rows may cover in all, each as often as a row covers it. As with images. */
enum { RENDER_DICTIONARY_MAX = 16777216 };

/*
 * Writes port,transport,name,description as CSV with LF, a record for each port and transport that
 * is assigned, those of ranges one by one. Of several names a name that is no alias comes before
 * one that is, then the first of the registry is taken. 0, FAULT_MEMORY or FAULT_LIMIT.
 */
int render_dictionary(struct out *out, const struct registry *registry,
		      struct fault *fault) MUST_USE;

#endif
