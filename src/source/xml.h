/* Inside source/: the ways of reading an XML document. */
#ifndef PORTBOOK_SOURCE_XML_H
#define PORTBOOK_SOURCE_XML_H

#include <expat.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "source/reader.h"

/* A part of a document, and the texts before and after it that make it well-formed. */
struct xml_part {
	const struct file_reader *file;
	size_t from, to;
	struct slice before, after;
};

/* What a parser is fed: pieces of a part, one after the other. Offsets are the parser's. */
struct xml_feed {
	XML_Parser parser;
	struct strbuf bytes; /* of the part, from the first that is wanted on */
	size_t begin;	     /* their offset */
	size_t wanted;	     /* those before it are wanted no more, as the parser's handlers know */
};

/*
 * Parses the part to its end. Returns 0; a negative fault; or 1 where the parser failed or was
 * stopped.
 */
int source_xml_feed(struct xml_feed *feed, const struct xml_part *part,
		    struct fault *fault) MUST_USE;

/* The bytes between two offsets, of which the first was wanted. Borrowed. */
struct slice source_xml_fed(const struct xml_feed *feed, size_t from, size_t to);
void source_xml_feed_done(struct xml_feed *feed);

/* Where a part of the document as render/xml.h has them ends; the next one begins there. */
struct xml_mark {
	uint32_t kind : 3; /* enum xml_mark_kind */
	uint32_t end : 29; /* offset in the document */
};

enum xml_mark_kind {
	XML_HEADER_END,
	XML_ROW_END,
	XML_FOOTNOTE_END,
	XML_PEOPLE_START,
	XML_PERSON_END
};

/*
 * Reads a part of a document, with places in the document; and whether there was a list of people,
 * be it empty. Appends a struct xml_mark for each part of the document that it reads, the header's
 * first, unless marks is NULL. 0 or a negative fault.
 */
int source_xml_read_part(const struct xml_part *part, struct registry *registry,
			 struct strbuf *marks, bool *ret_people, struct fault *fault) MUST_USE;

/*
 * Reads a large document in two halves at the same time. False, with nothing added to the empty
 * registry, where that is not to be done or did not work out: reading it as one part then gives
 * the same registry, or says what is wrong and where.
 */
bool source_xml_read_halves(const struct file_reader *file, struct registry *registry,
			    struct strbuf *marks);

/* Reads a document, and where its parts end, unless marks is NULL. 0 or a negative fault. */
int source_xml_read_file(const struct file_reader *file, struct registry *registry,
			 struct strbuf *marks, struct fault *fault) MUST_USE;

/* Whether the document is in UTF-8 (without a byte order mark), by its first bytes. */
enum { XML_HEAD = 200 };
bool source_xml_is_utf8(struct slice head);
/* The same of a file. 0 or a negative fault. */
int source_xml_find_utf8(const struct file_reader *file, bool *ret_utf8,
			 struct fault *fault) MUST_USE;

/*
 * Keeps the layout of a document in the registry that was read from it with these marks, so that
 * render_xml() gives the document again byte by byte. Of one that is not in UTF-8 nothing is kept.
 */
int source_xml_keep_layout(const struct file_reader *file, const struct strbuf *marks,
			   struct registry *registry, struct fault *fault) MUST_USE;

#endif
