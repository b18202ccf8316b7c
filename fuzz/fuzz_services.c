#include "reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return read_any(source_services_read, data, size);
}
