#define _GNU_SOURCE
#include "base/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

/* Below this a few faults cost less than the call. */
enum { WORTH_IT = 64 * 1024, HUGE_PAGE = 2 * 1024 * 1024, PAGE = 4096 };

void pages_expect(void *p, size_t n)
{
#ifdef MADV_POPULATE_WRITE
	uintptr_t from = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	uintptr_t to = ((uintptr_t)p + n) & ~(uintptr_t)(PAGE - 1);
	int before = errno;

	if (n >= HUGE_PAGE)
		madvise((void *)from, to - from, MADV_HUGEPAGE);
	if (n >= WORTH_IT && to > from)
		madvise((void *)from, to - from, MADV_POPULATE_WRITE);
	errno = before;
#else
	(void)p, (void)n;
#endif
}
