#include "archive/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <unistd.h>

#include "base/library.h"

#define FUNCTIONS(each)                                                                            \
	each(archive_read_new) each(archive_read_free) each(archive_read_support_filter_all) each( \
		archive_read_support_format_tar) each(archive_read_support_format_zip_streamable)  \
		each(archive_read_support_format_raw) each(archive_read_open)                      \
			each(archive_read_next_header) each(archive_read_data)                     \
				each(archive_error_string) each(archive_errno)                     \
					each(archive_format) each(archive_entry_pathname)          \
						each(archive_entry_filetype)

struct functions {
#define MEMBER(name) typeof(name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

static const char *const names[] = {
#define NAME(name) #name,
	FUNCTIONS(NAME)
#undef NAME
};

enum { PIECE = 128 * 1024 };

/* What the archive is read from. */
struct stream {
	int fd;
	struct slice head; /* not handed on yet */
	char piece[PIECE];
};

struct walk {
	struct functions with;
	struct archive *archive;
	struct stream *stream;
	size_t limit;
	archive_handler *handler;
	void *context;
	struct fault *fault;
};

bool archive_is(struct slice head)
{
	static const struct {
		size_t at;
		struct slice magic;
	} kinds[] = {
		{257, SLICE("ustar")},
		{0, SLICE("\x1f\x8b")},
		{0, SLICE("BZh")},
		{0, SLICE("\xfd"
			  "7zXZ")},
		{0, SLICE("\x28\xb5\x2f\xfd")},
		{0, SLICE("PK\x03\x04")},
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (slice_starts(slice_skip(head, kinds[i].at), kinds[i].magic))
			return true;
	}
	return false;
}

static la_ssize_t read_piece(struct archive *archive, void *context, const void **ret_piece)
{
	struct stream *stream = context;
	ssize_t n;

	(void)archive;
	if (stream->head.n > 0) {
		*ret_piece = stream->head.p;
		n = (ssize_t)stream->head.n;
		stream->head = SLICE_NONE;
		return n;
	}
	do
		n = read(stream->fd, stream->piece, sizeof(stream->piece));
	while (n < 0 && errno == EINTR);
	*ret_piece = stream->piece;
	return n;
}

static int damaged(struct walk *walk)
{
	const char *reason = walk->with.archive_error_string(walk->archive);

	if (walk->with.archive_errno(walk->archive) == ENOMEM)
		return fault_memory(walk->fault);
	return fault_set(walk->fault, FAULT_MALFORMED, "damaged archive: %s",
			 reason ? reason : "unreadable");
}

static int read_file(struct walk *walk, struct strbuf *bytes)
{
	for (;;) {
		la_ssize_t n;

		strbuf_reserve(bytes, PIECE);
		if (bytes->failed)
			return fault_memory(walk->fault);
		n = walk->with.archive_read_data(walk->archive, bytes->p + bytes->n,
						 bytes->size - bytes->n);
		if (n < 0)
			return damaged(walk);
		if (n == 0)
			return 0;
		bytes->n += (size_t)n;
		if (bytes->n > walk->limit)
			return fault_set(walk->fault, FAULT_LIMIT,
					 "a file in the archive is larger than the limit of %zu "
					 "bytes",
					 walk->limit);
	}
}

static int give_file(struct walk *walk, struct archive_entry *entry)
{
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	const char *name = walk->with.archive_entry_pathname(entry);
	bool single = walk->with.archive_format(walk->archive) == ARCHIVE_FORMAT_RAW;
	int result;

	if (!single && walk->with.archive_entry_filetype(entry) != AE_IFREG)
		return 0;
	result = read_file(walk, &bytes);
	if (result < 0)
		return result;
	return walk->handler(walk->context, single ? SLICE_NONE : slice_cstr(name), &bytes);
}

static int give_files(struct walk *walk)
{
	for (;;) {
		struct archive_entry *entry;
		int result = walk->with.archive_read_next_header(walk->archive, &entry);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result < ARCHIVE_WARN)
			return damaged(walk);
		result = give_file(walk, entry);
		if (result != 0)
			return result;
	}
}

static int open_archive(struct walk *walk)
{
	walk->archive = walk->with.archive_read_new();
	if (!walk->archive)
		return fault_memory(walk->fault);
	if (walk->with.archive_read_support_filter_all(walk->archive) < ARCHIVE_WARN ||
	    walk->with.archive_read_support_format_tar(walk->archive) < ARCHIVE_WARN ||
	    walk->with.archive_read_support_format_zip_streamable(walk->archive) < ARCHIVE_WARN ||
	    walk->with.archive_read_support_format_raw(walk->archive) < ARCHIVE_WARN ||
	    walk->with.archive_read_open(walk->archive, walk->stream, NULL, read_piece, NULL) <
		    ARCHIVE_WARN)
		return damaged(walk);
	return 0;
}

int archive_walk(int fd, struct slice head, size_t limit, archive_handler *handler, void *context,
		 struct fault *fault)
{
	struct stream stream = {.fd = fd, .head = head};
	struct walk walk = {.stream = &stream,
			    .limit = limit,
			    .handler = handler,
			    .context = context,
			    .fault = fault};
	int result = library_open("libarchive.so.13", "libarchive", names, ARRAY_SIZE(names),
				  &walk.with, fault);

	if (result < 0)
		return result;
	result = open_archive(&walk);
	if (result == 0)
		result = give_files(&walk);
	if (walk.archive)
		walk.with.archive_read_free(walk.archive);
	return result;
}
