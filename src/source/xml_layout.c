/*
 * Keeps the layout of an XML document: white space between elements is no part of the registry,
 * but of the document, and the publisher's is irregular in one record of sixty. Each part of the
 * document (render/xml.h) that would not be written as it stands is kept as it stands.
 *
 * A pass of its own over a document that was read already, for those who mean to write it again.
 */
#include "render/xml.h"
#include "source/xml.h"

enum { DEPTH_REGISTRY = 1, DEPTH_ELEMENT, DEPTH_PERSON };

struct layout {
	struct xml_feed feed; /* of which the part that is being passed over is wanted */
	struct registry *registry;
	struct out part; /* a part as it would be written */
	struct strbuf scratch;
	size_t last_end; /* of an element in the registry, or of the registry's own start */
	unsigned depth;
	size_t rows, footnotes, people; /* passed so far */
	bool header_done, people_early;
	int result;
};

static void stop(struct layout *layout, int result)
{
	layout->result = result;
	XML_StopParser(layout->feed.parser, XML_FALSE);
}

/* Where the tag that the parser is at ends. */
static size_t tag_end(const struct layout *layout)
{
	return (size_t)XML_GetCurrentByteIndex(layout->feed.parser) +
	       (size_t)XML_GetCurrentByteCount(layout->feed.parser);
}

/* Ends the part there; its bytes, absent where they are what layout->part holds. */
static struct slice cut_part(struct layout *layout, size_t at)
{
	struct slice bytes = source_xml_fed(&layout->feed, layout->feed.wanted, at);
	bool same = slice_eq(bytes, out_slice(&layout->part));

	layout->feed.wanted = at;
	if (layout->part.error || layout->scratch.failed)
		stop(layout, FAULT_MEMORY);
	layout->part.n = 0;
	return same ? SLICE_NONE : bytes;
}

/* Ends the part there, and keeps it where it is not what layout->part holds. */
static void end_part(struct layout *layout, size_t at, struct slice *ret_verbatim)
{
	struct slice bytes = cut_part(layout, at);

	if (bytes.p && registry_keep(layout->registry, bytes, ret_verbatim) < 0)
		stop(layout, FAULT_MEMORY);
}

/*
 * Parts are written in one order: rows, footnotes, people. One that stands before its time is
 * written as nothing, and its bytes with the part that it stands before.
 */
static const struct slice nothing = {"", 0};

/* Whether it has so many already: it was another document that the registry was read from. */
static bool is_other(struct layout *layout, size_t passed, size_t count)
{
	if (passed >= count)
		stop(layout, FAULT_SYSTEM);
	return passed >= count;
}

static void end_row(struct layout *layout)
{
	size_t index = layout->rows;
	struct slice verbatim;
	struct row row;

	if (is_other(layout, index, layout->registry->row_count))
		return;
	layout->rows++;
	row = registry_row(layout->registry, index);
	render_xml_row(&layout->part, &row, &layout->scratch);
	verbatim = cut_part(layout, layout->last_end);
	if (verbatim.p && registry_keep_verbatim(layout->registry, index, verbatim) < 0)
		stop(layout, FAULT_MEMORY);
}

static void end_footnote(struct layout *layout)
{
	struct registry_note *note;

	if (is_other(layout, layout->footnotes, layout->registry->footnote_count))
		return;
	note = &layout->registry->footnotes[layout->footnotes++];
	if (layout->rows < layout->registry->row_count) {
		note->verbatim = nothing;
		return;
	}
	render_xml_footnote(&layout->part, note);
	end_part(layout, layout->last_end, &note->verbatim);
}

static void start_people(struct layout *layout)
{
	layout->people_early = layout->rows < layout->registry->row_count ||
			       layout->footnotes < layout->registry->footnote_count;
	if (layout->people_early) {
		layout->registry->layout.people = nothing;
		return;
	}
	render_xml_people(&layout->part, layout->registry);
	end_part(layout, tag_end(layout), &layout->registry->layout.people);
}

static void end_person(struct layout *layout)
{
	struct person *person;

	if (is_other(layout, layout->people, layout->registry->person_count))
		return;
	person = &layout->registry->people[layout->people++];
	if (layout->people_early) {
		person->verbatim = nothing;
		return;
	}
	render_xml_person(&layout->part, person);
	end_part(layout, tag_end(layout), &person->verbatim);
}

static bool is_part(const char *element)
{
	return strcmp(element, "record") == 0 || strcmp(element, "footnote") == 0 ||
	       strcmp(element, "people") == 0;
}

static void XMLCALL start_element(void *context, const char *element, const char **attributes)
{
	struct layout *layout = context;

	(void)attributes;
	layout->depth++;
	if (layout->depth == DEPTH_REGISTRY) {
		layout->last_end = tag_end(layout);
	} else if (layout->depth == DEPTH_ELEMENT && is_part(element)) {
		if (!layout->header_done) {
			render_xml_header(&layout->part, layout->registry);
			end_part(layout, layout->last_end, &layout->registry->layout.header);
		}
		layout->header_done = true;
		if (strcmp(element, "people") == 0)
			start_people(layout);
	}
}

static void XMLCALL end_element(void *context, const char *element)
{
	struct layout *layout = context;

	if (layout->depth == DEPTH_ELEMENT) {
		layout->last_end = tag_end(layout);
		if (strcmp(element, "record") == 0)
			end_row(layout);
		else if (strcmp(element, "footnote") == 0)
			end_footnote(layout);
	} else if (layout->depth == DEPTH_PERSON && strcmp(element, "person") == 0) {
		end_person(layout);
	}
	layout->depth--;
}

static void layout_done(struct layout *layout)
{
	out_done(&layout->part);
	strbuf_done(&layout->scratch);
	source_xml_feed_done(&layout->feed);
}

static int parse(struct layout *layout, const struct file_reader *file, struct fault *fault)
{
	struct xml_part whole = {file, 0, file->size, SLICE_NONE, SLICE_NONE};
	int result = source_xml_feed(&layout->feed, &whole, fault);

	if (result < 0)
		return result;
	if (result == 0) {
		render_xml_end(&layout->part, layout->registry);
		end_part(layout, file->size, &layout->registry->layout.end);
	} else if (XML_GetErrorCode(layout->feed.parser) == XML_ERROR_NO_MEMORY) {
		layout->result = FAULT_MEMORY;
	} else if (layout->result == 0) {
		layout->result = FAULT_SYSTEM; /* it was well-formed when it was read before */
	}
	if (layout->result == FAULT_SYSTEM)
		return fault_set(fault, FAULT_SYSTEM, "changed while it was read");
	return layout->result < 0 ? fault_memory(fault) : 0;
}

int source_xml_keep_layout(const struct file_reader *file, struct registry *registry,
			   struct fault *fault)
{
	struct layout layout CLEANUP(layout_done) = {.registry = registry};
	bool utf8 = false;
	int result = source_xml_find_utf8(file, &utf8, fault);

	/* A registry is always written in UTF-8. */
	if (result < 0 || !utf8)
		return result;
	layout.feed.parser = XML_ParserCreate(NULL);
	if (!layout.feed.parser || out_init_memory(&layout.part) < 0)
		return fault_memory(fault);
	XML_SetUserData(layout.feed.parser, &layout);
	XML_SetElementHandler(layout.feed.parser, start_element, end_element);
	return parse(&layout, file, fault);
}
