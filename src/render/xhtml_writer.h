/*
 * Text, links and rich text as XHTML. What is not the page's own markup gets onto
 * it only through these functions, which escape it: in whatever bytes they are given, there is no
 * markup, no control character and nothing malformed on the page.
 */
#ifndef PORTBOOK_RENDER_XHTML_WRITER_H
#define PORTBOOK_RENDER_XHTML_WRITER_H

#include "base/out.h"
#include "base/strbuf.h"
#include "record/rich.h"

struct xhtml_writer {
	struct out *out;
	struct strbuf rich, label; /* for building */
};

/* The page's own markup: only ever a literal. */
static inline void xhtml_put(struct xhtml_writer *writer, struct slice markup)
{
	out_put(writer->out, markup);
}

/* Text between tags, and inside of an attribute's double quotes. */
void xhtml_put_text(struct xhtml_writer *writer, struct slice text);
void xhtml_put_value(struct xhtml_writer *writer, struct slice text);

/*
 * A link to the address that start and rest make up. start is the page's own; where it is empty
 * and a browser might do anything else with rest than go there, the label alone.
 */
void xhtml_put_link(struct xhtml_writer *writer, struct slice start, struct slice rest,
		    struct slice label);

void xhtml_put_rich(struct xhtml_writer *writer, struct slice rich);

#endif
