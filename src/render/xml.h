/* The publisher's XML of a whole registry, in the publisher's usual layout. */
#ifndef PORTBOOK_RENDER_XML_H
#define PORTBOOK_RENDER_XML_H

#include "base/out.h"
#include "registry/registry.h"

/*
 * Writes the document: every element and attribute of the model in its order, two spaces of
 * indentation a level. What the model does not have (a registry read from CSV has no header) is
 * given as the publisher gives it, where that follows from the format, or left out.
 */
void render_xml(struct out *out, const struct registry *registry);

#endif
