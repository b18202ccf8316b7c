/* What rows are sorted by. */
#ifndef PORTBOOK_RECORD_SORT_H
#define PORTBOOK_RECORD_SORT_H

#include "record/row.h"

struct sort_key {
	enum column column;
	bool descending;
};

#endif
