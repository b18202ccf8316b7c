/* Any document, its format found out first. */
#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct fault fault = {};
	int result = source_read(fuzz_slice(data, size), NULL, &registry, &fault);

	if (result < 0) {
		must(!registry);
		must_be_told(result, &fault);
	} else {
		must(registry->row_count > 0);
		use_registry(registry);
	}
	return 0;
}
