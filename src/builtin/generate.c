/*
 * Makes the built-in images while the project is built: reads a registry document and writes its
 * image, and a header whose macro names the image for what includes its bytes.
 *
 *     generate DOCUMENT DATE ORIGIN IMAGE HEADER MACRO
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/out.h"
#include "mkimage/mkimage.h"
#include "source/source.h"

static int write_file(const char *path, struct slice text, struct fault *fault)
{
	struct file_draft draft;
	struct out out;
	int result = file_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	if (out_init_fd(&out, draft.fd) < 0) {
		file_draft_abort(&draft);
		return fault_memory(fault);
	}
	out_put(&out, text);
	result = out_finish(&out);
	out_done(&out);
	if (result != 0) {
		file_draft_abort(&draft);
		return fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(result));
	}
	return file_draft_commit(&draft, fault);
}

static int generate(char **argv, struct fault *fault)
{
	struct file_content document CLEANUP(file_content_done) = {};
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct strbuf image CLEANUP(strbuf_done) = {};
	struct strbuf header CLEANUP(strbuf_done) = {};
	int result = file_read(argv[1], SOURCE_DOCUMENT_MAX, &document, fault);

	if (result == 0)
		result = source_read(document.text, NULL, &registry, fault);
	if (result == 0)
		result = registry_keep(registry, slice_cstr(argv[2]), &registry->header.updated);
	if (result == 0)
		result = mkimage(registry, slice_cstr(argv[3]), &image, fault);
	if (result == 0)
		result = write_file(argv[4], strbuf_slice(&image), fault);
	if (result < 0)
		return result;
	/* The hash makes the header differ, and the file that includes it be compiled again, with
	 * the image. */
	strbuf_printf(&header, "#define %s \"%s\"\n/* %016llx */\n", argv[6], argv[4],
		      (unsigned long long)hash_bytes(strbuf_slice(&image)));
	return header.failed ? fault_memory(fault)
			     : write_file(argv[5], strbuf_slice(&header), fault);
}

int main(int argc, char **argv)
{
	struct fault fault = {};

	if (argc != 7) {
		fputs("usage: generate DOCUMENT DATE ORIGIN IMAGE HEADER MACRO\n", stderr);
		return 2;
	}
	if (generate(argv, &fault) < 0) {
		fprintf(stderr, "%s:%llu:%llu: %s\n", argv[1], (unsigned long long)fault.line,
			(unsigned long long)fault.column, fault.text);
		return 3;
	}
	return 0;
}
