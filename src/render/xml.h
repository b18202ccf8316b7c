/* The publisher's XML of a whole registry, in the publisher's usual layout. */
#ifndef PORTBOOK_RENDER_XML_H
#define PORTBOOK_RENDER_XML_H

#include "base/out.h"
#include "base/strbuf.h"
#include "registry/registry.h"

/*
 * The parts of a document, each from the end of the one before it: they begin with a line feed
 * and do not end with one. A part that is verbatim in the model is written like that.
 */
void render_xml_header(struct out *out, const struct registry *registry);
/* The caller's scratch buffer is used for the row's rich text. */
void render_xml_row(struct out *out, const struct row *row, struct strbuf *scratch);
void render_xml_footnote(struct out *out, const struct registry_note *note);
void render_xml_people(struct out *out, const struct registry *registry);
void render_xml_person(struct out *out, const struct person *person);
void render_xml_end(struct out *out, const struct registry *registry);

/*
 * Writes the document: every element and attribute of the model in its order, two spaces of
 * indentation a level. What the model does not have (a registry read from CSV has no header) is
 * given as the publisher gives it, where that follows from the format, or left out.
 */
void render_xml(struct out *out, const struct registry *registry);

#endif
