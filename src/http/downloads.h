/*
 * Inside http/: the whole registry of an edition as documents. Those of the newest edition are made
 * once, when they are first asked for, and are then the same bytes for everybody.
 */
#ifndef PORTBOOK_HTTP_DOWNLOADS_H
#define PORTBOOK_HTTP_DOWNLOADS_H

#include "base/out.h"
#include "base/memory_file.h"
#include "http/site.h"

enum download_format {
	DOWNLOAD_CSV,
	DOWNLOAD_XML,
	DOWNLOAD_TEXT,
	DOWNLOAD_JSON,
	DOWNLOAD_COUNT,
};

/* The format of a file name's ending, without the dot. False: none has it. */
bool download_find(struct slice ending, enum download_format *ret_format);

/* Its media type, as the publisher says it. Static. */
struct slice download_type(enum download_format format);

/*
 * Writes the document: as it was published, where the store has it in that format. 0 or a negative
 * fault; whether the output failed is for the caller to look at.
 */
int download_write(struct site *site, const struct site_edition *edition,
		   enum download_format format, struct out *out, struct fault *fault) MUST_USE;

/* Whether the format is rows and nothing else, so that some of them are a document as well. */
bool download_has_rows(enum download_format format);
/* Writes some rows, by number, as such a document. */
void download_write_rows(const struct image *image, enum download_format format,
			 const uint32_t *rows, size_t count, struct out *out);

/* A document that is kept. */
struct download {
	const struct memory_file *plain, *gzip; /* gzip may be without bytes */
	struct slice tag;			/* of its content */
};

/* What an edition keeps. NULL without memory. */
struct downloads *downloads_new(void);
void downloads_free(struct downloads *downloads);

/* The document, which lives as long as the edition. 0 or a negative fault. */
int downloads_get(struct site *site, const struct site_edition *edition,
		  enum download_format format, struct download *ret_download,
		  struct fault *fault) MUST_USE;

#endif
