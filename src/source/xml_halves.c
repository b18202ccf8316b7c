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

#define OPENING "<registry xmlns=\"http://www.iana.org/assignments\" id=\"" REGISTRY_ID "\">"

struct half {
	struct slice before, text, after;
	struct registry *registry;
	bool done;
};

static void *read_half(void *context)
{
	struct half *half = context;

	struct strbuf document CLEANUP(strbuf_done) = {};

	/* In one piece: a parser that is fed several keeps count of lines and copies. */
	strbuf_reserve(&document, half->before.n + half->text.n + half->after.n);
	strbuf_add(&document, half->before);
	strbuf_add(&document, half->text);
	strbuf_add(&document, half->after);
	half->done = !document.failed &&
		     source_xml_read_whole(strbuf_slice(&document), half->registry, NULL) == 0;
	return NULL;
}

bool source_xml_is_utf8(struct slice document)
{
	struct slice head = {document.p, document.n < 200 ? document.n : 200};
	size_t at = slice_find(head, SLICE("encoding="));

	if (head.p[0] != '<')
		return false;
	if (at == (size_t)-1)
		return true;
	head = slice_skip(head, at + strlen("encoding='"));
	return head.n > 5 && utf8_fold_eq((struct slice){head.p, 5}, SLICE("utf-8"));
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
	       first->registry->footnote_count == 0 &&
	       slice_find(first->text, SLICE("<people")) == (size_t)-1;
}

bool source_xml_read_halves(struct slice document, struct registry *registry)
{
	struct slice mark = SLICE("\n  <record");
	struct registry *first CLEANUP(registry_freep) = NULL;
	struct registry *second CLEANUP(registry_freep) = NULL;
	size_t middle = document.n / 2, at;

	/* The second half is read without the declaration: only what needs none will do. */
	if (document.n < HALVES_MIN || !source_xml_is_utf8(document))
		return false;
	at = slice_find(slice_skip(document, middle), mark);
	if (at == (size_t)-1)
		return false;
	first = registry_new();
	second = registry_new();
	if (!first || !second)
		return false;

	struct half halves[2] = {
		{SLICE_NONE, {document.p, middle + at}, SLICE("</registry>"), first, false},
		{SLICE(OPENING), slice_skip(document, middle + at), SLICE_NONE, second, false},
	};

	if (!read_both(&halves[0], &halves[1]))
		return false;
	/* What was found in the text of a half stands in the document by so many bytes later. */
	registry_shift_places(second, (uint32_t)(middle + at - halves[1].before.n));
	return registry_append(first, second) == 0 && registry_append(registry, first) == 0;
}
