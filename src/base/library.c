#include "base/library.h"

#ifndef PORTBOOK_STATIC

#include <dlfcn.h>
#include <string.h>

int library_open(const char *file, const char *what, const char *const *names, size_t count,
		 void *functions, struct fault *fault)
{
	/* Never closed: libraries leave things behind that would point into it (exit handlers). */
	void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE), *function;

	if (!library)
		return fault_set(fault, FAULT_SYSTEM, "%s is needed: %s", what, dlerror());
	for (size_t i = 0; i < count; i++) {
		if (!dlsym(library, names[i]))
			return fault_set(fault, FAULT_SYSTEM, "this %s is too old: no %s() in %s",
					 what, names[i], file);
	}
	for (size_t i = 0; i < count; i++) {
		function = dlsym(library, names[i]);
		memcpy((char *)functions + i * sizeof(function), &function, sizeof(function));
	}
	return 0;
}

#else

/* glibc would open libraries of its own version alone, and may crash with others. */
int library_open(const char *file, const char *what, const char *const *names, size_t count,
		 void *functions, struct fault *fault)
{
	(void)names, (void)count, (void)functions;
	return fault_set(
		fault, FAULT_SYSTEM,
		"%s is needed (%s), which this program cannot open: it is linked statically", what,
		file);
}

#endif
