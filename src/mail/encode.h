/*
 * Inside mail/: text as headers and bodies of ASCII. What is written has no bytes but printable
 * ASCII, and CR LF where a line ends; in headers a blank follows it, so that no text begins one.
 */
#ifndef PORTBOOK_MAIL_ENCODE_H
#define PORTBOOK_MAIL_ENCODE_H

#include "base/strbuf.h"

/* A header field that is being written. */
struct header {
	struct strbuf *to;
	size_t column;
};

/* Begins a field: "Subject". */
struct header header_begin(struct strbuf *to, struct slice name);
void header_end(struct header *header);

/* What may be folded before, and not within: an address, a Message-ID. */
void header_add(struct header *header, struct slice piece);

/*
 * One clean line of UTF-8 as unstructured text (RFC 5322, section 3.2.5), or encoded-words
 * (RFC 2047) where it is not ASCII, or longer than a line.
 */
void header_add_text(struct header *header, struct slice text);

/* The same as a display-name: a quoted-string, or encoded-words. */
void header_add_name(struct header *header, struct slice name);

/* Whether a clean body is sent as it is: in ASCII, and in short lines that no relay changes. */
bool body_is_plain(struct slice body);

/* A clean body as it is. */
void body_add_plain(struct strbuf *to, struct slice body);

/* A clean body in quoted-printable (RFC 2045, section 6.7). */
void body_add_quoted(struct strbuf *to, struct slice body);

#endif
