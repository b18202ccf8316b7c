/*
 * Inside annotate/: records that are lines of JSON. The only part that knows jansson.
 */
#ifndef PORTBOOK_ANNOTATE_JSON_H
#define PORTBOOK_ANNOTATE_JSON_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/strbuf.h"

/* Before anything else; not by two threads at once. 0, or FAULT_SYSTEM where it is not there. */
int annotate_json_open(struct fault *fault) MUST_USE;

/*
 * Appends the names of all members of the object that a line is, each ended by a NUL; those of
 * objects in it behind a dot. 0; 1 where the line is no object.
 */
int annotate_json_names(struct slice line, struct strbuf *names) MUST_USE;

#endif
