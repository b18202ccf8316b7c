/* Inside source/: the readers, one a file, all of one form, and what they share. */
#ifndef PORTBOOK_SOURCE_READER_H
#define PORTBOOK_SOURCE_READER_H

#include "source/source.h"

/*
 * A reader adds what the document holds to an empty registry. Returns 0 or a negative fault with
 * line and column. The document is any bytes at all.
 */
typedef int source_reader(struct slice document, struct registry *registry, struct fault *fault);

source_reader source_xml_read;
source_reader source_csv_read;
source_reader source_xhtml_read;
source_reader source_text_read;
source_reader source_services_read;

/* Whether the first line of a document that is no comment is one of services(5). */
bool source_is_services(struct slice head);

/*
 * Refuses what no text document may hold: malformed UTF-8, and the characters that XML 1.0 has
 * not (section 2.2) or advises against, so that what is read can be written as XML: all control
 * characters but tab, CR and LF; U+FFFE and U+FFFF. (XML documents are checked by their parser.)
 */
int source_check_text(struct slice document, struct fault *fault) MUST_USE;

/* Whether a table's title is that of the column, as published now or formerly. */
bool source_is_title(struct slice title, enum column column);

/* A byte order mark, skipped. */
struct slice source_skip_bom(struct slice document);

/*
 * registry_add_row for a row of the document, with its place (row->at) and the offending text in
 * the fault where the row is refused. 0 or a negative fault.
 */
int source_add_row(struct registry *registry, const struct row *row, struct slice document,
		   struct fault *fault) MUST_USE;

#endif
