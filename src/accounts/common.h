/* Inside accounts/: passwords that many have. */
#ifndef PORTBOOK_ACCOUNTS_COMMON_H
#define PORTBOOK_ACCOUNTS_COMMON_H

#include "base/slice.h"

/* Whether it is one of them, in any case. */
bool common_has(struct slice password);

#endif
