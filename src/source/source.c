#include "source/source.h"

#include <stdint.h>

#include "base/utf8.h"
#include "source/reader.h"
#include "source/xml.h"

/* Bytes that tell the formats apart, and of a byte order mark before them. */
enum { HEAD = 16 * 1024, BOM = 3 };

static const struct {
	struct slice name;
	source_reader *read;
} formats[SOURCE_FORMAT_COUNT] = {
	[SOURCE_XML] = {SLICE("XML"), source_xml_read},
	[SOURCE_CSV] = {SLICE("CSV"), source_csv_read},
	[SOURCE_XHTML] = {SLICE("XHTML"), source_xhtml_read},
	[SOURCE_TEXT] = {SLICE("plain text"), source_text_read},
	[SOURCE_SERVICES] = {SLICE("services(5)"), source_services_read},
};

struct slice source_format_name(enum source_format format)
{
	return formats[format].name;
}

struct slice source_skip_bom(struct slice document)
{
	struct slice mark = SLICE("\xef\xbb\xbf");

	return slice_starts(document, mark) ? slice_skip(document, mark.n) : document;
}

static bool is_utf16(struct slice document)
{
	return slice_starts(document, SLICE("\xff\xfe")) ||
	       slice_starts(document, SLICE("\xfe\xff"));
}

bool source_detect(struct slice document, enum source_format *ret_format)
{
	struct slice text = source_skip_bom(document);
	struct slice head = {text.p, text.n < HEAD ? text.n : HEAD};
	struct slice start = slice_trim(head);

	if (slice_starts(start, SLICE("Service Name,")) ||
	    slice_starts(start, SLICE("\"Service Name\","))) {
		*ret_format = SOURCE_CSV;
	} else if (start.n > 0 && start.p[0] == '<') {
		*ret_format =
			slice_find(head, SLICE("<html")) != (size_t)-1 ? SOURCE_XHTML : SOURCE_XML;
	} else if (slice_starts(document, SLICE("\xff\xfe<")) ||
		   slice_starts(document, SLICE("\xfe\xff\0<"))) {
		*ret_format = SOURCE_XML;
	} else if (source_is_services(head)) {
		*ret_format = SOURCE_SERVICES; /* before the next, whose titles comments may hold */
	} else if (slice_find(head, SLICE("Service Name and Transport Protocol Port Number")) !=
			   (size_t)-1 ||
		   slice_find(head, SLICE("Service Name")) != (size_t)-1) {
		*ret_format = SOURCE_TEXT;
	} else {
		return false;
	}
	return true;
}

bool source_is_title(struct slice title, enum column column)
{
	return slice_eq(title, column_title(column)) ||
	       (column == COLUMN_UNAUTHORIZED && slice_eq(title, SLICE("Known Unauthorized Uses")));
}

int source_check_text(struct slice document, struct fault *fault)
{
	static const struct slice no_characters[] = {SLICE("\xef\xbf\xbe"), SLICE("\xef\xbf\xbf")};
	size_t bad;

	for (size_t i = 0; i < document.n; i++) {
		char c = document.p[i];

		if ((c >= 0 && c < ' ' && !byte_is_blank(c)) || c == 0x7f)
			return fault_at(fault, FAULT_MALFORMED, document.p, document.n, i,
					"control character 0x%02x: not a text document",
					(unsigned)c);
	}
	if (!utf8_valid(document, &bad))
		return fault_at(fault, FAULT_MALFORMED, document.p, document.n, bad,
				"malformed UTF-8 (byte 0x%02x)", (unsigned char)document.p[bad]);
	for (size_t i = 0; i < ARRAY_SIZE(no_characters); i++) {
		bad = slice_find(document, no_characters[i]);
		if (bad != (size_t)-1)
			return fault_at(fault, FAULT_MALFORMED, document.p, document.n, bad,
					"U+FFFE or U+FFFF, which is no character");
	}
	return 0;
}

int source_add_row(struct registry *registry, const struct row *row, struct slice document,
		   struct fault *fault)
{
	int result = registry_add_row(registry, row, fault);

	if (result == 0)
		return 0;
	if (result < 0) {
		struct fault inner = fault ? *fault : (struct fault){};

		return fault_at(fault, result, document.p, document.n, row->at, "%s", inner.text);
	}
	/* For a rich source the column's text is in rich[]; both are plain where it is short. */
	struct slice text = row->rich[result].p ? row->rich[result] : row->shown[result];

	return fault_at(fault, FAULT_MALFORMED, document.p, document.n, row->at,
			"\"%.*s\" is no %s", text.n < 40 ? (int)text.n : 40, text.p,
			result == COLUMN_PORT ? "port number or range of 0-65535"
					      : "transport protocol (tcp, udp, sctp, dccp)");
}

static int detect(struct file_reader *file, enum source_format *ret_format, struct fault *fault)
{
	char bytes[HEAD + BOM];
	struct slice head = {bytes, file->size < sizeof(bytes) ? file->size : sizeof(bytes)};
	int result = file_reader_read(file, 0, bytes, head.n, fault);

	if (result < 0)
		return result;
	if (!source_detect(head, ret_format))
		return fault_at_line(fault, FAULT_UNKNOWN, 1, 1,
				     is_utf16(head)
					     ? "in UTF-16, which only XML may be in"
					     : "not a registry document (XML, CSV, XHTML, plain "
					       "text, services) nor an image");
	file_reader_skip(file, head.n - source_skip_bom(head).n);
	return 0;
}

static int read_xml(struct file_reader *file, const struct source_options *options,
		    struct registry *registry, struct fault *fault)
{
	struct strbuf marks CLEANUP(strbuf_done) = {},
			    *wanted = options->keep_layout ? &marks : NULL;
	int result;

	if (options->in_one)
		file->piece = file->size;
	result = source_xml_read_file(file, registry, wanted, fault);
	return result == 0 && wanted && registry->row_count > 0
		       ? source_xml_keep_layout(file, &marks, registry, fault)
		       : result;
}

static int read_text(struct file_reader *file, source_reader *read, struct registry *registry,
		     struct fault *fault)
{
	struct slice document;
	int result = file_reader_whole(file, &document, fault);

	return result < 0 ? result : read(document, registry, fault);
}

int source_read_file(struct file_reader *file, const struct source_options *options,
		     struct registry **ret_registry, struct fault *fault)
{
	static const struct source_options usual = {};
	struct registry *registry CLEANUP(registry_freep) = NULL;
	enum source_format format;
	int result;

	if (file->size == 0)
		return fault_set(fault, FAULT_UNKNOWN, "is empty");
	if (file->size > SOURCE_DOCUMENT_MAX)
		return fault_set(fault, FAULT_LIMIT, "larger than the limit of %d bytes",
				 SOURCE_DOCUMENT_MAX);
	result = detect(file, &format, fault);
	if (result < 0)
		return result;
	registry = registry_new();
	if (!registry)
		return fault_memory(fault);
	result = format == SOURCE_XML ? read_xml(file, options ? options : &usual, registry, fault)
				      : read_text(file, formats[format].read, registry, fault);
	if (result == 0)
		result = file_reader_check(file, fault);
	if (result < 0)
		return result;
	if (registry->row_count == 0)
		return fault_at_line(fault, FAULT_MALFORMED, 1, 1, "holds no rows");
	*ret_registry = take(registry);
	return 0;
}

int source_read(struct slice document, const struct source_options *options,
		struct registry **ret_registry, struct fault *fault)
{
	struct file_reader memory = file_reader_of(document);

	return source_read_file(&memory, options, ret_registry, fault);
}
