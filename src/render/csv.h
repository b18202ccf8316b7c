/* What formats share that are CSV. */
#ifndef PORTBOOK_RENDER_CSV_H
#define PORTBOOK_RENDER_CSV_H

#include "base/out.h"

/* A field, in quotes where it holds a comma, a quote, CR or LF (RFC 4180, section 2). */
void render_csv_field(struct out *out, struct slice text);

#endif
