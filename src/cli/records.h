/* Rows of cells, as a table, CSV or JSON. */
#ifndef PORTBOOK_CLI_RECORDS_H
#define PORTBOOK_CLI_RECORDS_H

#include "cli/listing.h"

enum { RECORDS_CELLS = 16 /* of a row */ };

/* Zeroed memory, with cli, keys and columns, is one without rows. */
struct records {
	struct cli *cli;
	const struct slice *keys; /* of JSON, and headings of CSV */
	unsigned numbers;	  /* mask of those that JSON has as numbers */
	struct listing listing;	  /* which has the columns */
	size_t count;		  /* of rows */
	bool failed;		  /* for want of memory */
};

void records_done(struct records *records);

void records_begin(struct records *records);
/* A row, whose cells are given back. */
void records_put(struct records *records, struct strbuf *row);
/* 0 or a negative fault. */
int records_end(struct records *records, struct fault *fault) MUST_USE;

/* Adds text of the operating system, which may be any bytes, as UTF-8. */
void records_add_text(struct strbuf *to, struct slice text);

#endif
