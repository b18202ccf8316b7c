/*
 * Keeps the layout of an XML document: white space between elements is no part of the registry,
 * but of the document, and the publisher's is irregular in one record of sixty. Each part of the
 * document (render/xml.h) that would not be written as it stands is kept as it stands.
 *
 * A pass of its own over the bytes of a document that was parsed already, for those who mean to
 * write it again.
 */
#include "render/xml.h"
#include "source/xml.h"

struct layout {
	const struct file_reader *file;
	struct registry *registry;
	struct strbuf bytes; /* of the document */
	size_t begin;	     /* their offset */
	size_t at;	     /* where the part begins that is next */
	struct out part;     /* a part as it would be written */
	struct strbuf scratch;
	size_t rows, footnotes, people; /* passed so far */
	bool people_early;
};

/* The bytes up to there, from the end of the part before on. Borrowed. */
static int cut_part(struct layout *layout, size_t end, struct slice *ret_bytes, struct fault *fault)
{
	size_t n = end - layout->at;

	if (end > layout->begin + layout->bytes.n) {
		size_t left = layout->file->size - layout->at;
		size_t wanted = n > layout->file->piece ? n : layout->file->piece;
		int result;

		layout->begin = layout->at;
		layout->bytes.n = 0;
		if (!strbuf_extend(&layout->bytes, wanted < left ? wanted : left))
			return fault_memory(fault);
		result = file_reader_read(layout->file, layout->at, layout->bytes.p,
					  layout->bytes.n, fault);
		if (result < 0)
			return result;
	}
	*ret_bytes = (struct slice){layout->bytes.p + (layout->at - layout->begin), n};
	layout->at = end;
	return 0;
}

/* Ends the part there; its bytes, absent where they are what layout->part holds. */
static int end_part(struct layout *layout, size_t end, struct slice *ret_verbatim,
		    struct fault *fault)
{
	struct slice bytes;
	int result = cut_part(layout, end, &bytes, fault);

	if (result < 0)
		return result;
	if (layout->part.error || layout->scratch.failed)
		return fault_memory(fault);
	*ret_verbatim = slice_eq(bytes, out_slice(&layout->part)) ? SLICE_NONE : bytes;
	layout->part.n = 0;
	return 0;
}

/* Ends the part there, and keeps it where it is not what layout->part holds. */
static int keep_part(struct layout *layout, size_t end, struct slice *ret_verbatim,
		     struct fault *fault)
{
	struct slice bytes;
	int result = end_part(layout, end, &bytes, fault);

	if (result == 0 && bytes.p && registry_keep(layout->registry, bytes, ret_verbatim) < 0)
		return fault_memory(fault);
	return result;
}

/*
 * Parts are written in one order: rows, footnotes, people. One that stands before its time is
 * written as nothing, and its bytes with the part that it stands before.
 */
static const struct slice nothing = {"", 0};

static int end_row(struct layout *layout, size_t end, struct fault *fault)
{
	size_t index = layout->rows++;
	struct row row = registry_row(layout->registry, index);
	struct slice verbatim;
	int result;

	render_xml_row(&layout->part, &row, &layout->scratch);
	result = end_part(layout, end, &verbatim, fault);
	if (result == 0 && verbatim.p &&
	    registry_keep_verbatim(layout->registry, index, verbatim) < 0)
		return fault_memory(fault);
	return result;
}

static int end_footnote(struct layout *layout, size_t end, struct fault *fault)
{
	struct registry_note *note = &layout->registry->footnotes[layout->footnotes++];

	if (layout->rows < layout->registry->row_count) {
		note->verbatim = nothing;
		return 0;
	}
	render_xml_footnote(&layout->part, note);
	return keep_part(layout, end, &note->verbatim, fault);
}

static int start_people(struct layout *layout, size_t end, struct fault *fault)
{
	layout->people_early = layout->rows < layout->registry->row_count ||
			       layout->footnotes < layout->registry->footnote_count;
	if (layout->people_early) {
		layout->registry->layout.people = nothing;
		return 0;
	}
	render_xml_people(&layout->part, layout->registry);
	return keep_part(layout, end, &layout->registry->layout.people, fault);
}

static int end_person(struct layout *layout, size_t end, struct fault *fault)
{
	struct person *person = &layout->registry->people[layout->people++];

	if (layout->people_early) {
		person->verbatim = nothing;
		return 0;
	}
	render_xml_person(&layout->part, person);
	return keep_part(layout, end, &person->verbatim, fault);
}

static int pass(struct layout *layout, struct xml_mark mark, struct fault *fault)
{
	switch ((enum xml_mark_kind)mark.kind) {
	case XML_ROW_END:
		return end_row(layout, mark.end, fault);
	case XML_FOOTNOTE_END:
		return end_footnote(layout, mark.end, fault);
	case XML_PEOPLE_START:
		return start_people(layout, mark.end, fault);
	case XML_PERSON_END:
		return end_person(layout, mark.end, fault);
	default:
		render_xml_header(&layout->part, layout->registry);
		return keep_part(layout, mark.end, &layout->registry->layout.header, fault);
	}
}

static void layout_done(struct layout *layout)
{
	out_done(&layout->part);
	strbuf_done(&layout->scratch);
	strbuf_done(&layout->bytes);
}

int source_xml_keep_layout(const struct file_reader *file, const struct strbuf *marks,
			   struct registry *registry, struct fault *fault)
{
	struct layout layout CLEANUP(layout_done) = {.file = file, .registry = registry};
	bool utf8 = false;
	int result = source_xml_find_utf8(file, &utf8, fault);

	/* A registry is always written in UTF-8. */
	if (result < 0 || !utf8)
		return result;
	if (out_init_memory(&layout.part) < 0)
		return fault_memory(fault);
	for (size_t i = 0; i < marks->n && result == 0; i += sizeof(struct xml_mark)) {
		struct xml_mark mark;

		memcpy(&mark, marks->p + i, sizeof(mark));
		result = pass(&layout, mark, fault);
	}
	if (result < 0)
		return result;
	render_xml_end(&layout.part, registry);
	return keep_part(&layout, file->size, &registry->layout.end, fault);
}
