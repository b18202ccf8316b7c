/* Any bytes as an image. */
#include "ask.h"
#include "fuzz.h"
#include "mkimage/mkimage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct fault fault = {};
	struct image image;

	if (image_open(&image, fuzz_slice(data, size), &fault) < 0) {
		must(fault.text[0] != '\0');
		return 0;
	}
	ask_everything(&image);
	if (image_verify(&image, &fault) < 0)
		must(fault.text[0] != '\0');
	if (mkimage_registry(fuzz_slice(data, size), &registry, &fault) < 0)
		must(fault.text[0] != '\0');
	return 0;
}
