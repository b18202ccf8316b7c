/* The publisher's plain text of a whole registry. */
#ifndef PORTBOOK_RENDER_TEXT_H
#define PORTBOOK_RENDER_TEXT_H

#include "base/out.h"
#include "registry/registry.h"

/*
 * Writes the web page as a text browser prints it: header, notes, the table of rows, people,
 * footnotes. Memory: of a row. docs/SOURCES.md has the rules, found by comparing editions.
 */
void render_text(struct out *out, const struct registry *registry);

#endif
