/*
 * The publisher's XML. Elements and attributes that the registry's schema does not have are
 * refused rather than lost; the only text that is dropped is white space between elements.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "source/xml.h"

enum {
	DEPTH_MAX = 32,
	TEXT_MAX = REGISTRY_CELL_MAX,
};

#define NAMESPACE "http://www.iana.org/assignments"

/* Where in the document an element stands, as far as its meaning depends on it. */
enum place {
	OUTSIDE,
	REGISTRY,    /* <registry> itself */
	HEADER_TEXT, /* an element of the header that holds text: title, expert, note, ... */
	RECORD,
	COLUMN,	  /* an element of a record that holds text */
	ASSIGNEE, /* which holds references only */
	PEOPLE,
	PERSON,
	PERSON_TEXT,
	REFERENCE, /* <xref>, wherever it may stand */
	BREAK,	   /* <br/> */
	PARAGRAPH,
};

struct frame {
	enum place place;
	unsigned char what;  /* of a column: enum column; of header and person text: see below */
	struct strbuf *text; /* where its characters go; NULL: nowhere */
};

enum header_text { TITLE, CATEGORY, UPDATED, EXPERT, NOTE, FOOTNOTE };
enum person_text { PERSON_NAME, PERSON_ORGANIZATION, PERSON_URI, PERSON_UPDATED };

struct xml_reader {
	struct xml_feed feed;
	size_t shift; /* from offsets of the parser to those of the document, modulo SIZE_MAX + 1 */
	struct registry *registry;
	struct fault *fault;
	int result;	     /* the first failure; nothing is done after it */
	bool other_encoding; /* than UTF-8, as the document declares */

	struct frame stack[DEPTH_MAX];
	unsigned depth;

	struct strbuf *marks; /* NULL: none are wanted */
	uint32_t last_end;    /* of an element in the registry, or of the registry's own start */

	uint32_t at;			     /* where the record or person being read begins */
	struct strbuf columns[COLUMN_COUNT]; /* rich text of the record being read */
	bool present[COLUMN_COUNT];
	struct strbuf order;
	bool assignee_given;

	struct strbuf text;	  /* rich text of the header's or person's element being read */
	struct strbuf note_title; /* or footnote's anchor */
	bool note_titled;
	struct strbuf references; /* of the header */
	struct strbuf person[PERSON_UPDATED + 1];
	bool person_has[PERSON_UPDATED + 1];
	struct strbuf person_id;
	bool people_seen;

	/* The reference being read; its text follows its attributes. */
	struct strbuf reference_type, reference_data, reference_section, reference_text;
};

static void PRINTF(3, 4) stop(struct xml_reader *reader, int code, const char *format, ...)
{
	char text[200];
	va_list args;

	if (reader->result < 0)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reader->result =
		fault_at_line(reader->fault, code, XML_GetCurrentLineNumber(reader->feed.parser),
			      XML_GetCurrentColumnNumber(reader->feed.parser) + 1, "%s", text);
	XML_StopParser(reader->feed.parser, XML_FALSE);
}

static struct frame *top(struct xml_reader *reader)
{
	return &reader->stack[reader->depth];
}

/* Where the characters of an element of that place go; NULL: it holds none. */
static struct strbuf *text_of(struct xml_reader *reader, enum place place, unsigned what)
{
	switch (place) {
	case HEADER_TEXT:
		return &reader->text;
	case COLUMN:
		return &reader->columns[what];
	case PERSON_TEXT:
		return &reader->person[what];
	case REFERENCE:
		return &reader->reference_text;
	case PARAGRAPH: /* goes on with the text that it stands in */
		return top(reader)->text;
	default:
		return NULL;
	}
}

static void push(struct xml_reader *reader, enum place place, unsigned what)
{
	struct strbuf *text = text_of(reader, place, what);

	if (reader->depth + 1 >= DEPTH_MAX) {
		stop(reader, FAULT_LIMIT, "elements nested deeper than the limit of %d", DEPTH_MAX);
		return;
	}
	reader->stack[++reader->depth] = (struct frame){place, (unsigned char)what, text};
}

/* Stops where not all of the text is there, or more than there may be. */
static void check_text(struct xml_reader *reader, const struct strbuf *text)
{
	if (text->failed)
		stop(reader, FAULT_MEMORY, "out of memory");
	else if (text->n > TEXT_MAX)
		stop(reader, FAULT_LIMIT, "text of more than the limit of %d bytes", TEXT_MAX);
}

static void set_text(struct xml_reader *reader, struct strbuf *buffer, const char *text)
{
	buffer->n = 0;
	strbuf_add(buffer, slice_cstr(text));
	check_text(reader, buffer);
}

static void unknown_attribute(struct xml_reader *reader, const char *element, const char *name)
{
	stop(reader, FAULT_MALFORMED, "unknown attribute %.40s of <%.40s>", name, element);
}

/* Attributes of an element that may have none. */
static void no_attributes(struct xml_reader *reader, const char *element, const char **attributes)
{
	if (attributes[0])
		unknown_attribute(reader, element, attributes[0]);
}

/* Where in the document the element begins that the parser is at. */
static uint32_t place_of(const struct xml_reader *reader)
{
	return (uint32_t)((size_t)XML_GetCurrentByteIndex(reader->feed.parser) + reader->shift);
}

/* Where the tag ends that the parser is at. */
static uint32_t tag_end(const struct xml_reader *reader)
{
	return place_of(reader) + (uint32_t)XML_GetCurrentByteCount(reader->feed.parser);
}

static void mark(struct xml_reader *reader, enum xml_mark_kind kind, uint32_t end)
{
	struct xml_mark mark = {.kind = kind & 7u, .end = end & 0x1fffffffu};

	if (!reader->marks)
		return;
	strbuf_add(reader->marks, (struct slice){(const char *)&mark, sizeof(mark)});
	if (reader->marks->failed)
		stop(reader, FAULT_MEMORY, "out of memory");
}

/* The first part that is no header's ends the header, with the last element before it. */
static void mark_header(struct xml_reader *reader)
{
	if (reader->marks && reader->marks->n == 0)
		mark(reader, XML_HEADER_END, reader->last_end);
}

static void start_registry(struct xml_reader *reader, const char *element, const char **attributes)
{
	struct slice id = SLICE_NONE;
	bool in_namespace = false;
	struct slice prolog = source_xml_fed(&reader->feed, 0,
					     (size_t)XML_GetCurrentByteIndex(reader->feed.parser));
	size_t bad;

	reader->feed.wanted = SIZE_MAX;

	/* It is to stand before a registry in UTF-8. */
	if (reader->other_encoding || !utf8_valid(prolog, &bad))
		prolog = SLICE_NONE;
	if (strcmp(element, "registry") != 0) {
		stop(reader, FAULT_UNKNOWN, "not a registry: its root element is <%.40s>", element);
		return;
	}
	for (; attributes[0]; attributes += 2) {
		if (strcmp(attributes[0], "id") == 0)
			id = slice_cstr(attributes[1]);
		else if (strcmp(attributes[0], "xmlns") == 0)
			in_namespace = strcmp(attributes[1], NAMESPACE) == 0;
		else
			unknown_attribute(reader, element, attributes[0]);
	}
	if (!in_namespace)
		stop(reader, FAULT_UNKNOWN, "not a registry: its namespace is not " NAMESPACE);
	else if (!slice_eq(id, SLICE(REGISTRY_ID)))
		stop(reader, FAULT_UNKNOWN,
		     "another registry: its id is \"%.60s\", not " REGISTRY_ID, id.p ? id.p : "");
	else if (registry_keep(reader->registry, id, &reader->registry->header.id) < 0 ||
		 registry_keep(reader->registry, prolog, &reader->registry->header.prolog) < 0)
		stop(reader, FAULT_MEMORY, "out of memory");
	reader->last_end = tag_end(reader);
	push(reader, REGISTRY, 0);
}

static void start_reference(struct xml_reader *reader, const char *element, const char **attributes)
{
	reader->reference_type.n = reader->reference_data.n = 0;
	reader->reference_section.n = reader->reference_text.n = 0;
	for (; attributes[0]; attributes += 2) {
		struct strbuf *field =
			strcmp(attributes[0], "type") == 0	? &reader->reference_type
			: strcmp(attributes[0], "data") == 0	? &reader->reference_data
			: strcmp(attributes[0], "section") == 0 ? &reader->reference_section
								: NULL;

		if (!field)
			unknown_attribute(reader, element, attributes[0]);
		else
			set_text(reader, field, attributes[1]);
	}
	if (reader->reference_type.n == 0)
		stop(reader, FAULT_MALFORMED, "<xref> without a type");
	push(reader, REFERENCE, 0);
}

static void start_record(struct xml_reader *reader, const char *element, const char **attributes)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		reader->columns[i].n = 0;
		reader->present[i] = false;
	}
	reader->order.n = 0;
	reader->assignee_given = false;
	reader->at = place_of(reader);
	mark_header(reader);
	for (; attributes[0]; attributes += 2) {
		enum column column = strcmp(attributes[0], "date") == 0	     ? COLUMN_REGISTERED
				     : strcmp(attributes[0], "updated") == 0 ? COLUMN_MODIFIED
									     : COLUMN_COUNT;

		if (column == COLUMN_COUNT) {
			unknown_attribute(reader, element, attributes[0]);
			return;
		}
		set_text(reader, &reader->columns[column], attributes[1]);
		reader->present[column] = true;
	}
	push(reader, RECORD, 0);
}

static void start_in_registry(struct xml_reader *reader, const char *element,
			      const char **attributes)
{
	static const struct {
		const char *name;
		enum header_text what;
		const char *attribute;
	} texts[] = {
		{"title", TITLE, NULL},	    {"category", CATEGORY, NULL},
		{"updated", UPDATED, NULL}, {"expert", EXPERT, NULL},
		{"note", NOTE, "title"},    {"footnote", FOOTNOTE, "anchor"},
	};

	if (strcmp(element, "record") == 0) {
		start_record(reader, element, attributes);
	} else if (strcmp(element, "xref") == 0) {
		start_reference(reader, element, attributes);
	} else if (strcmp(element, "people") == 0) {
		no_attributes(reader, element, attributes);
		if (reader->people_seen)
			stop(reader, FAULT_MALFORMED, "a second <people>");
		reader->people_seen = true;
		mark_header(reader);
		mark(reader, XML_PEOPLE_START, tag_end(reader));
		push(reader, PEOPLE, 0);
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
			if (strcmp(element, texts[i].name) != 0)
				continue;
			reader->text.n = reader->note_title.n = 0;
			reader->note_titled = false;
			for (; attributes[0]; attributes += 2) {
				if (!texts[i].attribute ||
				    strcmp(attributes[0], texts[i].attribute) != 0) {
					unknown_attribute(reader, element, attributes[0]);
					return;
				}
				set_text(reader, &reader->note_title, attributes[1]);
				reader->note_titled = true;
			}
			if (texts[i].what == FOOTNOTE)
				mark_header(reader);
			push(reader, HEADER_TEXT, texts[i].what);
			return;
		}
		stop(reader, FAULT_MALFORMED, "unknown element <%.40s>", element);
	}
}

static void start_column(struct xml_reader *reader, enum column column, char letter)
{
	strbuf_add_byte(&reader->order, letter);
	/* The registry has each element at most once; a second one is parted from the first. */
	if (reader->present[column] && column == COLUMN_PORT)
		stop(reader, FAULT_MALFORMED, "a second <number> in a <record>");
	else if (reader->present[column])
		rich_add_boundary(&reader->columns[column]);
	reader->present[column] = true;
	push(reader, COLUMN, column);
}

static void start_in_record(struct xml_reader *reader, const char *element, const char **attributes)
{
	static const struct {
		const char *name;
		enum column column;
		enum row_element letter;
	} elements[] = {
		{"name", COLUMN_NAME, ROW_ELEMENT_NAME},
		{"protocol", COLUMN_TRANSPORT, ROW_ELEMENT_PROTOCOL},
		{"number", COLUMN_PORT, ROW_ELEMENT_NUMBER},
		{"description", COLUMN_DESCRIPTION, ROW_ELEMENT_DESCRIPTION},
		{"sc", COLUMN_SERVICE_CODE, ROW_ELEMENT_SERVICE_CODE},
		{"unauthorized", COLUMN_UNAUTHORIZED, ROW_ELEMENT_UNAUTHORIZED},
		{"note", COLUMN_NOTES, ROW_ELEMENT_NOTE},
	};

	if (strcmp(element, "xref") == 0) {
		start_reference(reader, element, attributes);
		return;
	}
	no_attributes(reader, element, attributes);
	if (strcmp(element, "assignee") == 0) {
		strbuf_add_byte(&reader->order, ROW_ELEMENT_ASSIGNEE);
		if (reader->assignee_given)
			rich_add_boundary(&reader->columns[COLUMN_ASSIGNEE]);
		reader->assignee_given = reader->present[COLUMN_ASSIGNEE] = true;
		push(reader, ASSIGNEE, 0);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		if (strcmp(element, elements[i].name) == 0) {
			start_column(reader, elements[i].column, (char)elements[i].letter);
			return;
		}
	}
	stop(reader, FAULT_MALFORMED, "unknown element <%.40s> in a <record>", element);
}

static void start_inline(struct xml_reader *reader, const char *element, const char **attributes)
{
	enum place place = top(reader)->place;

	if (strcmp(element, "xref") == 0 && place != PERSON_TEXT) {
		start_reference(reader, element, attributes);
		return;
	}
	no_attributes(reader, element, attributes);
	if (strcmp(element, "br") == 0 && place != PERSON_TEXT) {
		rich_add_break(top(reader)->text);
		push(reader, BREAK, 0);
	} else if (strcmp(element, "paragraph") == 0 && (place == COLUMN || place == HEADER_TEXT)) {
		rich_add_paragraph(top(reader)->text);
		push(reader, PARAGRAPH, 0);
	} else {
		stop(reader, FAULT_MALFORMED, "unknown element <%.40s> inside text", element);
	}
}

static void start_person(struct xml_reader *reader, const char *element, const char **attributes)
{
	if (strcmp(element, "person") != 0) {
		stop(reader, FAULT_MALFORMED, "unknown element <%.40s> among people", element);
		return;
	}
	reader->at = place_of(reader);
	reader->person_id.n = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(reader->person); i++) {
		reader->person[i].n = 0;
		reader->person_has[i] = false;
	}
	for (; attributes[0]; attributes += 2) {
		if (strcmp(attributes[0], "id") == 0)
			set_text(reader, &reader->person_id, attributes[1]);
		else
			unknown_attribute(reader, element, attributes[0]);
	}
	if (reader->person_id.n == 0)
		stop(reader, FAULT_MALFORMED, "<person> without an id");
	push(reader, PERSON, 0);
}

static void start_in_person(struct xml_reader *reader, const char *element, const char **attributes)
{
	static const char *const names[] = {
		[PERSON_NAME] = "name",
		[PERSON_ORGANIZATION] = "org",
		[PERSON_URI] = "uri",
		[PERSON_UPDATED] = "updated",
	};

	no_attributes(reader, element, attributes);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(element, names[i]) != 0)
			continue;
		if (reader->person_has[i])
			rich_add_boundary(&reader->person[i]);
		reader->person_has[i] = true;
		push(reader, PERSON_TEXT, i);
		return;
	}
	stop(reader, FAULT_MALFORMED, "unknown element <%.40s> in a <person>", element);
}

static void XMLCALL start_element(void *context, const char *element, const char **attributes)
{
	struct xml_reader *reader = context;

	if (reader->result < 0)
		return;
	switch (top(reader)->place) {
	case OUTSIDE:
		start_registry(reader, element, attributes);
		break;
	case REGISTRY:
		start_in_registry(reader, element, attributes);
		break;
	case RECORD:
		start_in_record(reader, element, attributes);
		break;
	case ASSIGNEE:
		if (strcmp(element, "xref") == 0)
			start_reference(reader, element, attributes);
		else
			stop(reader, FAULT_MALFORMED, "unknown element <%.40s> in <assignee>",
			     element);
		break;
	case PEOPLE:
		start_person(reader, element, attributes);
		break;
	case PERSON:
		start_in_person(reader, element, attributes);
		break;
	case HEADER_TEXT:
	case COLUMN:
	case PERSON_TEXT:
	case PARAGRAPH:
		start_inline(reader, element, attributes);
		break;
	case REFERENCE:
	case BREAK:
		stop(reader, FAULT_MALFORMED, "unexpected element <%.40s>", element);
		break;
	}
}

static void add_reference(struct xml_reader *reader, struct strbuf *rich)
{
	rich_add_reference(
		rich, strbuf_slice(&reader->reference_type), strbuf_slice(&reader->reference_data),
		strbuf_slice(&reader->reference_text), strbuf_slice(&reader->reference_section));
}

static void end_reference(struct xml_reader *reader)
{
	bool person = slice_eq(strbuf_slice(&reader->reference_type), SLICE("person"));
	enum column column = person ? COLUMN_CONTACT : COLUMN_REFERENCE;

	switch (top(reader)->place) {
	case REGISTRY:
		add_reference(reader, &reader->references);
		check_text(reader, &reader->references);
		break;
	case RECORD:
		strbuf_add_byte(&reader->order,
				person ? ROW_ELEMENT_CONTACT : ROW_ELEMENT_REFERENCE);
		reader->present[column] = true;
		add_reference(reader, &reader->columns[column]);
		break;
	case ASSIGNEE:
		add_reference(reader, &reader->columns[COLUMN_ASSIGNEE]);
		break;
	default:
		add_reference(reader, top(reader)->text);
		break;
	}
}

static void end_record(struct xml_reader *reader)
{
	struct row row = {.order = strbuf_slice(&reader->order),
			  .at = reader->at,
			  .assignee_given = reader->assignee_given};
	struct fault fault = {};
	int result;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		check_text(reader, &reader->columns[i]);
		if (reader->present[i])
			row.rich[i] = strbuf_slice(&reader->columns[i]);
	}
	check_text(reader, &reader->order);
	if (reader->result < 0)
		return;
	result = registry_add_row(reader->registry, &row, &fault);
	if (result < 0) {
		stop(reader, result, "%s", fault.text);
	} else if (result > 0) {
		struct slice text = row.rich[result];

		stop(reader, FAULT_MALFORMED, "\"%.*s\" in this record is no %s",
		     text.n < 40 ? (int)text.n : 40, text.p,
		     result == COLUMN_PORT ? "port number or range of 0-65535"
					   : "transport protocol (tcp, udp, sctp, dccp)");
	}
}

static void end_header_text(struct xml_reader *reader, enum header_text what)
{
	struct registry_header *header = &reader->registry->header;
	struct slice *const fields[] = {
		[TITLE] = &header->title,
		[CATEGORY] = &header->category,
		[UPDATED] = &header->updated,
		[EXPERT] = &header->expert,
	};
	struct slice text = strbuf_slice(&reader->text);
	struct slice title = reader->note_titled ? strbuf_slice(&reader->note_title) : SLICE_NONE;
	struct fault fault = {};
	int result;

	check_text(reader, &reader->text);
	if (reader->result < 0)
		return;
	if (what == NOTE)
		result = registry_add_note(reader->registry, title, text, &fault);
	else if (what == FOOTNOTE)
		result = registry_add_footnote(reader->registry, title, text, &fault);
	else if (fields[what]->p)
		result = fault_set(&fault, FAULT_MALFORMED,
				   "an element of the header for the "
				   "second time");
	else if ((result = registry_keep(reader->registry, text, fields[what])) < 0)
		fault_memory(&fault);
	if (result < 0)
		stop(reader, result, "%s", fault.text);
}

static void end_person(struct xml_reader *reader)
{
	struct slice fields[PERSON_UPDATED + 1] = {};
	struct person person;
	struct fault fault = {};
	int result;

	for (unsigned i = 0; i < ARRAY_SIZE(fields); i++) {
		check_text(reader, &reader->person[i]);
		if (reader->person_has[i])
			fields[i] = strbuf_slice(&reader->person[i]);
	}
	if (reader->result < 0)
		return;
	person = (struct person){.id = strbuf_slice(&reader->person_id),
				 .name = fields[PERSON_NAME],
				 .organization = fields[PERSON_ORGANIZATION],
				 .updated = fields[PERSON_UPDATED],
				 .uri = fields[PERSON_URI],
				 .at = reader->at};
	result = registry_add_person(reader->registry, &person, &fault);
	if (result < 0)
		stop(reader, result, "%s", fault.text);
}

static void XMLCALL end_element(void *context, const char *element)
{
	struct xml_reader *reader = context;
	struct frame ended = *top(reader);

	(void)element;
	if (reader->result < 0)
		return;
	reader->depth--;
	switch (ended.place) {
	case REFERENCE:
		end_reference(reader);
		break;
	case RECORD:
		end_record(reader);
		mark(reader, XML_ROW_END, tag_end(reader));
		break;
	case HEADER_TEXT:
		end_header_text(reader, (enum header_text)ended.what);
		if (ended.what == FOOTNOTE)
			mark(reader, XML_FOOTNOTE_END, tag_end(reader));
		break;
	case PERSON:
		end_person(reader);
		mark(reader, XML_PERSON_END, tag_end(reader));
		break;
	case PARAGRAPH:
		rich_add_paragraph_end(top(reader)->text);
		break;
	default:
		break;
	}
	if (top(reader)->place == REGISTRY)
		reader->last_end = tag_end(reader);
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_blank(text.p[i]))
			return false;
	}
	return true;
}

static void XMLCALL characters(void *context, const char *text, int length)
{
	struct xml_reader *reader = context;
	struct slice piece = {text, (size_t)length};
	struct strbuf *target;

	if (reader->result < 0)
		return;
	target = top(reader)->text;
	if (target) {
		strbuf_add(target, piece);
		check_text(reader, target);
	} else if (!is_blank(piece)) {
		stop(reader, FAULT_MALFORMED, "text between elements: \"%.*s\"",
		     length < 40 ? length : 40, text);
	}
}

static void XMLCALL declaration(void *context, const char *version, const char *encoding,
				int standalone)
{
	struct xml_reader *reader = context;

	(void)version, (void)standalone;
	reader->other_encoding = encoding && !utf8_fold_eq(slice_cstr(encoding), SLICE("utf-8"));
}

/* A document type could define entities, and an internal subset is where the bombs are. */
static void XMLCALL document_type(void *context, const char *name, const char *system_id,
				  const char *public_id, int has_internal_subset)
{
	(void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
	stop(context, FAULT_MALFORMED, "document types and entities are not accepted");
}

static void reader_done(struct xml_reader *reader)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		strbuf_done(&reader->columns[i]);
	for (unsigned i = 0; i < ARRAY_SIZE(reader->person); i++)
		strbuf_done(&reader->person[i]);
	strbuf_done(&reader->order);
	strbuf_done(&reader->text);
	strbuf_done(&reader->note_title);
	strbuf_done(&reader->references);
	strbuf_done(&reader->person_id);
	strbuf_done(&reader->reference_type);
	strbuf_done(&reader->reference_data);
	strbuf_done(&reader->reference_section);
	strbuf_done(&reader->reference_text);
	source_xml_feed_done(&reader->feed);
}

static int parse(struct xml_reader *reader, const struct xml_part *part)
{
	int result = source_xml_feed(&reader->feed, part, reader->fault);
	enum XML_Error error = XML_GetErrorCode(reader->feed.parser);

	if (reader->result < 0)
		return reader->result;
	if (result <= 0)
		return result;
	if (error == XML_ERROR_NO_MEMORY)
		return fault_memory(reader->fault);
	stop(reader, FAULT_MALFORMED, "malformed XML: %s", XML_ErrorString(error));
	return reader->result;
}

int source_xml_read_part(const struct xml_part *part, struct registry *registry,
			 struct strbuf *marks, bool *ret_people, struct fault *fault)
{
	struct xml_reader reader CLEANUP(reader_done) = {.registry = registry,
							 .fault = fault,
							 .shift = part->from - part->before.n,
							 .marks = marks};
	XML_Parser parser = XML_ParserCreate(NULL);
	int result;

	if (!parser)
		return fault_memory(fault);
	reader.feed.parser = parser;
	XML_SetUserData(parser, &reader);
	XML_SetElementHandler(parser, start_element, end_element);
	XML_SetCharacterDataHandler(parser, characters);
	XML_SetXmlDeclHandler(parser, declaration);
	XML_SetStartDoctypeDeclHandler(parser, document_type);
	result = parse(&reader, part);
	if (result < 0)
		return result;
	if (reader.references.n > 0 && registry_keep(registry, strbuf_slice(&reader.references),
						     &registry->header.references) < 0)
		return fault_memory(fault);
	*ret_people = reader.people_seen;
	return 0;
}

int source_xml_read_file(const struct file_reader *file, struct registry *registry,
			 struct strbuf *marks, struct fault *fault)
{
	struct xml_part whole = {file, 0, file->size, SLICE_NONE, SLICE_NONE};
	bool people;

	if (source_xml_read_halves(file, registry, marks))
		return 0;
	return source_xml_read_part(&whole, registry, marks, &people, fault);
}

int source_xml_read(struct slice document, struct registry *registry, struct fault *fault)
{
	struct file_reader memory = file_reader_of(document);

	return source_xml_read_file(&memory, registry, NULL, fault);
}
