/*
 * Reads a document of the registry - XML, CSV, XHTML (whole, or a captured page) or plain text, as
 * published, or services(5) - into the registry model. Nothing of a document is believed: every
 * reader checks encoding, structure and limits, and stops at the first thing that is wrong with its
 * place. docs/SOURCES.md says what each format cannot express and where the readers are tolerant.
 */
#ifndef PORTBOOK_SOURCE_SOURCE_H
#define PORTBOOK_SOURCE_SOURCE_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/slice.h"
#include "registry/registry.h"

enum source_format {
	SOURCE_XML,
	SOURCE_CSV,
	SOURCE_XHTML,
	SOURCE_TEXT,
	SOURCE_SERVICES,
	SOURCE_FORMAT_COUNT,
};

/* Bytes of the largest document that is read: 70 times the registry's size in 2026. */
enum { SOURCE_DOCUMENT_MAX = 256 * 1024 * 1024 };

/* "XML", "CSV", "XHTML", "plain text", "services(5)". Static. */
struct slice source_format_name(enum source_format format);

/* What the document is, by its first 16 KiB. False: none of the formats. */
bool source_detect(struct slice document, enum source_format *ret_format);

/* How to read a document, and what to keep of it beyond what it says. */
struct source_options {
	bool keep_layout; /* the white space between an XML document's elements */
	/* XML in one piece by one thread: less work, but it takes longer, and more memory. */
	bool in_one;
};

/*
 * Reads the document; options may be NULL. On success *ret_registry belongs to the caller
 * (registry_free) and borrows nothing of the document. Otherwise a negative fault, with its place.
 */
int source_read(struct slice document, const struct source_options *options,
		struct registry **ret_registry, struct fault *fault) MUST_USE;

/*
 * The same of a document that is not in memory: XML is read in pieces, other formats as a whole
 * (which then is in the reader). FAULT_SYSTEM where the file can not be read or changes meanwhile.
 */
int source_read_file(struct file_reader *file, const struct source_options *options,
		     struct registry **ret_registry, struct fault *fault) MUST_USE;

#endif
