#include "cli/environment.h"

struct slice environment_value(char **environment, struct slice name)
{
	for (char **entry = environment; *entry; entry++) {
		struct slice value = slice_cstr(*entry);

		if (slice_eq(slice_cut(&value, '='), name))
			return value;
	}
	return SLICE_NONE;
}
