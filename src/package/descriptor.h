/* Inside package/: the description of a package (datapackage.json). */
#ifndef PORTBOOK_PACKAGE_DESCRIPTOR_H
#define PORTBOOK_PACKAGE_DESCRIPTOR_H

#include <stdint.h>

#include "base/out.h"
#include "codec/codec.h"
#include "registry/registry.h"

/* The files of a package, but for its description. */
enum package_file { PACKAGE_CSV, PACKAGE_ROWS, PACKAGE_PEOPLE, PACKAGE_FILE_COUNT };

/* NUL-terminated. Static. */
const char *package_file_name(enum package_file file);

/* What a file turned out to be. */
struct package_content {
	uint64_t bytes;
	unsigned char sha256[CODEC_SHA256_SIZE];
};

void package_describe(struct out *out, const struct registry *registry,
		      const struct package_content contents[static PACKAGE_FILE_COUNT]);

#endif
