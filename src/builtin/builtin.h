/* The registry that is linked in, as an image (data/README.md says what it is). */
#ifndef PORTBOOK_BUILTIN_BUILTIN_H
#define PORTBOOK_BUILTIN_BUILTIN_H

#include "base/slice.h"

/* The image's bytes; they live as long as the program. */
struct slice builtin_image(void);

/* The same of what is common and not registered: data/common.csv. */
struct slice builtin_common(void);

#endif
