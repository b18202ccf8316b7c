/* JSON that is written (RFC 8259). */
#ifndef PORTBOOK_BASE_JSON_H
#define PORTBOOK_BASE_JSON_H

#include "base/out.h"

/* A string with its quotes. UTF-8 passes through, a malformed byte is U+FFFD. */
void json_put_string(struct out *out, struct slice text);

#endif
