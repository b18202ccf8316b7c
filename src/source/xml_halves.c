/*
 * Most of the time from an XML document to an image goes into tokens, and a registry is a long
 * row of records: cut before one of them, its second half is a registry of its own. Reading both
 * halves at once takes little more than half the time.
 *
 * Cutting is safe because it is checked: each half, closed and opened again, must be well-formed,
 * so a cut inside a comment or CDATA section fails, and whatever fails is read again as a whole.
 */
#include <pthread.h>

#include "base/utf8.h"
#include "source/xml.h"

/* Smaller documents are read faster than a thread is worth. */
enum { HALVES_MIN = 512 * 1024 };

/* Bytes from the middle within which a record begins: many times what one takes. */
enum { RECORD_NEAR = 16 * 1024 };

#define OPENING "<registry xmlns=\"http://www.iana.org/assignments\" id=\"" REGISTRY_ID "\">"

struct half {
	struct xml_part part;
	struct registry *registry;
	struct strbuf *marks;
	bool people, done;
};

static void *read_half(void *context)
{
	struct half *half = context;

	half->done = source_xml_read_part(&half->part, half->registry, half->marks, &half->people,
					  NULL) == 0;
	return NULL;
}

bool source_xml_is_utf8(struct slice head)
{
	size_t at = slice_find(head, SLICE("encoding="));

	if (!slice_starts(head, SLICE("<")))
		return false;
	if (at == (size_t)-1)
		return true;
	head = slice_skip(head, at + strlen("encoding='"));
	return head.n > 5 && utf8_fold_eq((struct slice){head.p, 5}, SLICE("utf-8"));
}

int source_xml_find_utf8(const struct file_reader *file, bool *ret_utf8, struct fault *fault)
{
	char bytes[XML_HEAD];
	struct slice head = {bytes, file->size < sizeof(bytes) ? file->size : sizeof(bytes)};
	int result = file_reader_read(file, 0, bytes, head.n, fault);

	if (result == 0)
		*ret_utf8 = source_xml_is_utf8(head);
	return result;
}

/* Whether a half after the first has only what comes after rows. */
static bool is_headless(const struct registry *registry)
{
	const struct registry_header *header = &registry->header;

	return !header->title.p && !header->category.p && !header->updated.p && !header->expert.p &&
	       !header->references.p && registry->note_count == 0;
}

static bool read_both(struct half *first, struct half *second)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, read_half, second) != 0)
		return false;
	read_half(first);
	pthread_join(thread, NULL);
	/* A list of people before rows might be followed by another. */
	return first->done && second->done && is_headless(second->registry) &&
	       first->registry->row_count > 0 && first->registry->footnote_count == 0 &&
	       !first->people;
}

/* Where a record begins, not far behind the middle. False: that is not known. */
static bool find_cut(const struct file_reader *file, size_t *ret_cut)
{
	char bytes[RECORD_NEAR];
	size_t middle = file->size / 2, at;

	if (file_reader_read(file, middle, bytes, sizeof(bytes), NULL) < 0)
		return false;
	at = slice_find((struct slice){bytes, sizeof(bytes)}, SLICE("\n  <record"));
	*ret_cut = middle + at;
	return at != (size_t)-1;
}

/* The second half has no header of its own. */
static bool append_marks(struct strbuf *marks, const struct strbuf *first,
			 const struct strbuf *second)
{
	strbuf_reserve(marks, first->n + second->n);
	strbuf_add(marks, strbuf_slice(first));
	strbuf_add(marks, slice_skip(strbuf_slice(second), sizeof(struct xml_mark)));
	return !marks->failed;
}

bool source_xml_read_halves(const struct file_reader *file, struct registry *registry,
			    struct strbuf *marks)
{
	struct strbuf first_marks CLEANUP(strbuf_done) = {}, second_marks CLEANUP(strbuf_done) = {};
	struct registry *first CLEANUP(registry_freep) = NULL;
	struct registry *second CLEANUP(registry_freep) = NULL;
	bool utf8 = false;
	size_t cut;

	/*
	 * What is to be read in one piece is not cut. The second half is read without the
	 * declaration: only what needs none will do.
	 */
	if (file->size < HALVES_MIN || file->piece >= file->size ||
	    source_xml_find_utf8(file, &utf8, NULL) < 0 || !utf8 || !find_cut(file, &cut))
		return false;
	first = registry_new();
	second = registry_new();
	if (!first || !second)
		return false;

	struct half halves[2] = {
		{{file, 0, cut, SLICE_NONE, SLICE("</registry>")},
		 first,
		 marks ? &first_marks : NULL,
		 false,
		 false},
		{{file, cut, file->size, SLICE(OPENING), SLICE_NONE},
		 second,
		 marks ? &second_marks : NULL,
		 false,
		 false},
	};

	return read_both(&halves[0], &halves[1]) && registry_append(first, second) == 0 &&
	       (!marks || append_marks(marks, &first_marks, &second_marks)) &&
	       registry_append(registry, first) == 0;
}
