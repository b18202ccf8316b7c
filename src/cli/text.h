/*
 * Text on a terminal: how wide it is, where it wraps, and nothing in it that a terminal would
 * obey. Control characters, malformed bytes and marks that turn the direction of text show as
 * U+FFFD, which takes one column; a line feed or tab shows as a space.
 */
#ifndef PORTBOOK_CLI_TEXT_H
#define PORTBOOK_CLI_TEXT_H

#include "base/out.h"
#include "base/slice.h"

/* Columns that text takes when text_put writes it. */
size_t text_width(struct slice text);

void text_put(struct out *out, struct slice text);

/*
 * For what a format has laid out already: as text_put, but line feeds, carriage returns before
 * them and tabs stay.
 */
void text_put_lines(struct out *out, struct slice text);

/*
 * The next line of at most width > 0 columns, cut off the front of *rest together with the blanks
 * or the line feed at its end; *rest becomes absent with the last line. Lines end at blanks and
 * between "][" where they can, else after punctuation, else anywhere. A character that is wider
 * than width stands alone.
 */
struct slice text_wrap(struct slice *rest, size_t width);

/* The same without an end of line but at line feeds. */
struct slice text_line(struct slice *rest);

/* Columns of the widest line of text. */
size_t text_lines_width(struct slice text);

#endif
