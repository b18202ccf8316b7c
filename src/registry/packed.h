/*
 * Inside registry/: a row in one piece. A struct row is some 450 bytes, most of them lengths and
 * places of texts that are not there; a row's own texts are 70 bytes, and there are 14,500 rows.
 */
#ifndef PORTBOOK_REGISTRY_PACKED_H
#define PORTBOOK_REGISTRY_PACKED_H

#include "base/arena.h"
#include "base/attr.h"
#include "record/row.h"

struct packed_row;

/*
 * The row, its texts copied, in the arena. Columns must not pass ROW_TEXT_MAX; the assignee of a
 * row that gives none must be its contacts. NULL: no memory.
 */
struct packed_row *packed_row_make(struct arena *arena, const struct row *row) MUST_USE;

/* The row again. Its texts lie in the piece. */
struct row packed_row_open(const struct packed_row *packed);

#endif
