/* Memory that is about to be written, page after page. */
#ifndef PORTBOOK_BASE_PAGES_H
#define PORTBOOK_BASE_PAGES_H

#include <stddef.h>

/*
 * Tells the system that the n bytes at p, just allocated, are going to be written, so that it
 * brings their pages in at once instead of at a fault each, which for the megabytes of a registry
 * takes longer than parsing them. Only ever a hint: small sizes and older systems ignore it.
 */
void pages_expect(void *p, size_t n);

#endif
