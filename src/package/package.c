#include "package/package.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "codec/codec.h"
#include "package/descriptor.h"
#include "render/render.h"

static int refused(struct fault *fault, int error)
{
	return fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(error));
}

static void put_rows(struct out *out, const struct registry *registry,
		     const struct render_format *format)
{
	format->begin(out);
	for (size_t i = 0; i < registry->row_count; i++) {
		struct row row = registry_row(registry, i);

		format->row(out, &row, i);
	}
	format->end(out, registry->row_count);
}

static void put_people(struct out *out, const struct registry *registry)
{
	out_byte(out, '[');
	for (size_t i = 0; i < registry->person_count; i++) {
		out_put(out, i > 0 ? SLICE(",\n") : SLICE("\n"));
		render_json_person(out, &registry->people[i]);
	}
	out_put(out, registry->person_count > 0 ? SLICE("\n]\n") : SLICE("]\n"));
}

static void put_file(struct out *out, enum package_file file, const struct registry *registry)
{
	if (file == PACKAGE_PEOPLE)
		put_people(out, registry);
	else
		put_rows(out, registry, file == PACKAGE_CSV ? &render_csv : &render_json);
}

/* Size and hash of the file, read again from its start, so that what is there is what is told. */
static int measure(int fd, struct package_content *ret_content, struct fault *fault)
{
	struct codec_sha256 sha256;
	char piece[16384];
	uint64_t bytes = 0;

	codec_sha256_begin(&sha256);
	for (;;) {
		ssize_t n = pread(fd, piece, sizeof(piece), (off_t)bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refused(fault, errno);
		if (n == 0)
			break;
		codec_sha256_add(&sha256, (struct slice){piece, (size_t)n});
		bytes += (uint64_t)n;
	}
	ret_content->bytes = bytes;
	codec_sha256_end(&sha256, ret_content->sha256);
	return 0;
}

/* The output of a file of the folder that is still to be filled. */
static int open_file(struct folder_draft *draft, const char *name, struct out *ret_out,
		     struct fault *fault)
{
	int fd, result = folder_draft_create(draft, name, &fd, fault);

	if (result < 0)
		return result;
	if (out_init_fd(ret_out, fd) < 0) {
		close(fd);
		return fault_memory(fault);
	}
	return 0;
}

/* Closes the file; measured, where content is not NULL. */
static int close_file(struct out *out, struct package_content *content, struct fault *fault)
{
	int fd = out->fd, error = out_finish(out), result = 0;

	out_done(out);
	if (error != 0)
		result = refused(fault, error);
	else if (content)
		result = measure(fd, content, fault);
	if (close(fd) < 0 && result == 0)
		result = refused(fault, errno);
	return result;
}

static int fill(struct folder_draft *draft, const struct registry *registry, struct fault *fault)
{
	struct package_content contents[PACKAGE_FILE_COUNT] = {};
	struct out out;
	int result = 0;

	for (unsigned i = 0; i < PACKAGE_FILE_COUNT && result == 0; i++) {
		enum package_file file = (enum package_file)i;

		result = open_file(draft, package_file_name(file), &out, fault);
		if (result < 0)
			break;
		put_file(&out, file, registry);
		result = close_file(&out, &contents[i], fault);
	}
	if (result == 0)
		result = open_file(draft, "datapackage.json", &out, fault);
	if (result < 0)
		return result;
	package_describe(&out, registry, contents);
	return close_file(&out, NULL, fault);
}

int package_write(const char *path, const struct registry *registry, struct fault *fault)
{
	struct folder_draft draft;
	int result = folder_draft_begin(&draft, path, fault);

	if (result < 0)
		return result;
	result = fill(&draft, registry, fault);
	if (result == 0)
		return folder_draft_commit(&draft, fault);
	folder_draft_abort(&draft);
	return result;
}
