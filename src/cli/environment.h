/* The variables that the program was started with. */
#ifndef PORTBOOK_CLI_ENVIRONMENT_H
#define PORTBOOK_CLI_ENVIRONMENT_H

#include "base/slice.h"

/* The variable's value, NUL-terminated; absent where it is not set. environment ends with NULL. */
struct slice environment_value(char **environment, struct slice name);

#endif
