#include "builtin/builtin.h"

#include "common-image.h" /* made by generate.c: COMMON_IMAGE, the image's path */

__asm__(".section .rodata\n"
	".balign 64\n"
	"builtin_common_start:\n"
	".incbin \"" COMMON_IMAGE "\"\n"
	"builtin_common_end:\n"
	".byte 0\n"
	".previous\n");

extern const char builtin_common_start[], builtin_common_end[];

struct slice builtin_common(void)
{
	return slice_between(builtin_common_start, builtin_common_end);
}
