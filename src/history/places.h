/*
 * Inside history/: the order of an edition's entries. Each run has a position that orders it among
 * those of all its editions; where an edition has an entry elsewhere, it gets a place in that
 * edition. No sort key of the registry gives the publisher's order, and entries do move, if rarely.
 */
#ifndef PORTBOOK_HISTORY_PLACES_H
#define PORTBOOK_HISTORY_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "history/runs.h"

/*
 * Gives the new runs among those of the entries their positions, and places to the entries whose
 * run's position is not where they stand: afterwards the entries' places, or else positions,
 * ascend strictly. False: no memory.
 */
bool places_find(struct run *runs, struct run_entry *entries, size_t count) MUST_USE;

#endif
