#include "builtin/builtin.h"

#include "builtin-image.h" /* made by generate.c: BUILTIN_IMAGE, the image's path */

/* A C array of this size takes a compiler seconds; the assembler copies the file. */
__asm__(".section .rodata\n"
	".balign 64\n"
	"builtin_image_start:\n"
	".incbin \"" BUILTIN_IMAGE "\"\n"
	"builtin_image_end:\n"
	".byte 0\n"
	".previous\n");

extern const char builtin_image_start[], builtin_image_end[];

struct slice builtin_image(void)
{
	return slice_between(builtin_image_start, builtin_image_end);
}
