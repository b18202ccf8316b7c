/* A contact or assignee of the registry. Borrows its text, as struct row does. */
#ifndef PORTBOOK_RECORD_PERSON_H
#define PORTBOOK_RECORD_PERSON_H

#include <stdint.h>

#include "base/slice.h"

struct person {
	struct slice id;
	struct slice name, organization, updated; /* absent where not given */
	/*
	 * As published, with & for @ ("mailto:user&host.example"); absent where none. Several are
	 * parted by RICH_BOUNDARY bytes (record/rich.h).
	 */
	struct slice uri;
	struct slice verbatim; /* as struct row has it */
	uint32_t at;	       /* as struct row has it */
};

#endif
