/* Inside source/: the two ways of reading an XML document. */
#ifndef PORTBOOK_SOURCE_XML_H
#define PORTBOOK_SOURCE_XML_H

#include "source/reader.h"

/* Reads the document from its start to its end. 0 or a negative fault. */
int source_xml_read_whole(struct slice document, struct registry *registry,
			  struct fault *fault) MUST_USE;

/*
 * Reads a large document in two halves at the same time. False, with nothing added to the empty
 * registry, where that is not to be done or did not work out: source_xml_read_whole()
 * then gives the same registry, or says what is wrong and where.
 */
bool source_xml_read_halves(struct slice document, struct registry *registry);

/* Whether the document is in UTF-8 (without a byte order mark). */
bool source_xml_is_utf8(struct slice document);

/*
 * Keeps the layout of a document in the registry that was read from it, so that render_xml()
 * gives the document again byte by byte. Of one that is not in UTF-8 nothing is kept.
 */
int source_xml_keep_layout(struct slice document, struct registry *registry,
			   struct fault *fault) MUST_USE;

#endif
