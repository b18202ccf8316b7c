/*
 * Prints what source_read makes of a document, for tests that compare it with another reading:
 * records that end in 0x1e, of fields that end in 0x1f, each first a word that says what it is.
 */
#include <stdio.h>

#include "base/file.h"
#include "source/source.h"

static void put(struct slice text)
{
	fwrite(text.p ? text.p : "", 1, text.n, stdout);
	putchar(0x1f);
}

static void put_note(const char *what, const struct registry_note *note)
{
	struct strbuf shown CLEANUP(strbuf_done) = {};

	rich_show(note->text, &shown);
	put(slice_cstr(what));
	put(note->title);
	put(strbuf_slice(&shown));
	putchar(0x1e);
}

static void put_header(const struct registry_header *header)
{
	struct strbuf expert CLEANUP(strbuf_done) = {}, references CLEANUP(strbuf_done) = {};

	rich_show(header->expert, &expert);
	rich_show(header->references, &references);
	put(SLICE("header"));
	put(header->title);
	put(header->updated);
	put(strbuf_slice(&expert));
	put(strbuf_slice(&references));
	putchar(0x1e);
}

static void put_registry(const struct registry *registry)
{
	put_header(&registry->header);
	for (size_t i = 0; i < registry->note_count; i++)
		put_note("note", &registry->notes[i]);
	for (size_t i = 0; i < registry->row_count; i++) {
		put(SLICE("row"));
		for (unsigned k = 0; k < COLUMN_COUNT; k++)
			put(registry_row(registry, i).shown[k]);
		putchar(0x1e);
	}
	for (size_t i = 0; i < registry->person_count; i++) {
		const struct person *person = &registry->people[i];

		put(SLICE("person"));
		put(person->id);
		put(person->name);
		put(person->organization);
		put(person->uri);
		put(person->updated);
		putchar(0x1e);
	}
	for (size_t i = 0; i < registry->footnote_count; i++)
		put_note("footnote", &registry->footnotes[i]);
}

int main(int argc, char *argv[])
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct file_content content CLEANUP(file_content_done) = {};
	struct fault fault = {};

	if (argc != 2)
		return 2;
	if (file_read(argv[1], SOURCE_DOCUMENT_MAX, &content, &fault) < 0 ||
	    source_read(content.text, NULL, &registry, &fault) < 0) {
		fprintf(stderr, "%s:%llu:%llu: %s\n", argv[1], (unsigned long long)fault.line,
			(unsigned long long)fault.column, fault.text);
		return 1;
	}
	put_registry(registry);
	return fflush(stdout) == 0 ? 0 : 1;
}
