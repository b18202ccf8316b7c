#include "annotate/header.h"

#include "annotate/flow.h"
#include "annotate/json.h"
#include "base/number.h"

/*
 * What exporters call their columns, as small letters and digits alone; in the order in which they
 * are preferred. docs: portbook(1), "Flow records".
 */
static const struct slice usual[ANNOTATE_FIELD_COUNT][24] = {
	[ANNOTATE_SOURCE_PORT] = {SLICE("srcport"), SLICE("sourceport"), SLICE("sport"),
				  SLICE("sp"), SLICE("portsrc"), SLICE("idorigp"),
				  SLICE("l4srcport"), SLICE("sourcetransportport"), SLICE("spt"),
				  SLICE("sourceportnumber"), SLICE("tcpsrcport"),
				  SLICE("udpsrcport"), SLICE("connectionsrcport"),
				  SLICE("jsonpayloadconnectionsrcport")},
	[ANNOTATE_DESTINATION_PORT] = {SLICE("dstport"), SLICE("destinationport"),
				       SLICE("destport"), SLICE("dport"), SLICE("dsport"),
				       SLICE("dp"), SLICE("portdst"), SLICE("idrespp"),
				       SLICE("l4dstport"), SLICE("destinationtransportport"),
				       SLICE("dpt"), SLICE("destinationportnumber"),
				       SLICE("tcpdstport"), SLICE("udpdstport"),
				       SLICE("connectiondestport"),
				       SLICE("jsonpayloadconnectiondestport")},
	[ANNOTATE_PROTOCOL] = {SLICE("protocol"), SLICE("proto"), SLICE("prot"), SLICE("pr"),
			       SLICE("pro"), SLICE("ipproto"), SLICE("ipprotocol"),
			       SLICE("protocolidentifier"), SLICE("protocolnumber"),
			       SLICE("networktransport"), SLICE("networkiananumber"),
			       SLICE("transport"), SLICE("transportprotocol"), SLICE("l4proto"),
			       SLICE("l4protocol"), SLICE("connectionprotocol"),
			       SLICE("jsonpayloadconnectionprotocol")},
	[ANNOTATE_BYTES] = {SLICE("bytes"), SLICE("octets"), SLICE("ibyt"), SLICE("ibytes"),
			    SLICE("inbytes"), SLICE("octetdeltacount"), SLICE("octettotalcount"),
			    SLICE("networkbytes"), SLICE("doctets"), SLICE("totbytes"),
			    SLICE("totalbytes"), SLICE("bytessent"), SLICE("jsonpayloadbytessent")},
};

#define UNICODE_MARK SLICE("\xef\xbb\xbf") /* U+FEFF, which some programs begin a text with */

enum { JSON_LINES_MAX = 1000 /* that are looked at for members */ };

static const struct slice titles[ANNOTATE_FIELD_COUNT] = {
	[ANNOTATE_SOURCE_PORT] = {"source port", 11},
	[ANNOTATE_DESTINATION_PORT] = {"destination port", 16},
	[ANNOTATE_PROTOCOL] = {"protocol", 8},
	[ANNOTATE_DATE] = {"date", 4},
	[ANNOTATE_BYTES] = {"bytes", 5},
};

/* The names of an input's columns. */
struct names {
	struct slice list[ANNOTATE_COLUMNS_MAX];
	size_t count;
	bool members; /* which have no numbers */
};

void annotate_header_done(struct annotate_header *header)
{
	strbuf_done(&header->text);
	strbuf_done(&header->names);
	*header = (struct annotate_header){};
}

static char small_letter(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether a name is the same but for letter case and what is neither letter nor digit. */
static bool is_like(struct slice name, struct slice usual_name)
{
	size_t at = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = small_letter(name.p[i]);

		if (!byte_is_letter(c) && !byte_is_digit(c))
			continue;
		if (at == usual_name.n || usual_name.p[at++] != c)
			return false;
	}
	return at == usual_name.n;
}

/* The column with the first of the usual names that one has; -1: none. */
static int find_usual(const struct names *names, enum annotate_field field)
{
	for (size_t i = 0; i < ARRAY_SIZE(usual[field]) && usual[field][i].p; i++) {
		for (size_t column = 0; column < names->count; column++) {
			if (is_like(names->list[column], usual[field][i]))
				return (int)column;
		}
	}
	return -1;
}

/* -1: none. */
static int find_name(const struct names *names, struct slice stated)
{
	for (size_t i = 0; i < names->count; i++) {
		if (slice_eq(names->list[i], stated))
			return (int)i;
	}
	return -1;
}

/* The column of a name, or else of a number from 1; -1: none. */
static int find_stated(const struct names *names, struct slice stated)
{
	uint64_t number;

	int column = find_name(names, stated);

	if (column >= 0 || names->members)
		return column;
	return number_parse(stated, names->count, &number) ? (int)number - 1 : -1;
}

static int find_column(const struct names *names, const struct annotate_wanted *wanted,
		       enum annotate_field field)
{
	if (wanted->columns[field].p)
		return find_stated(names, wanted->columns[field]);
	if (field == ANNOTATE_BYTES && !wanted->counts)
		return -1;
	return find_usual(names, field);
}

/* Whether an input can not be understood without a field. */
static bool is_needed(const struct annotate_wanted *wanted, enum transport transport,
		      enum annotate_field field)
{
	return wanted->columns[field].p || field == ANNOTATE_SOURCE_PORT ||
	       field == ANNOTATE_DESTINATION_PORT ||
	       (field == ANNOTATE_PROTOCOL && transport == TRANSPORT_NONE);
}

/* A column for each field: the first field that is needed and has none; ..COUNT: all have. */
static enum annotate_field find_columns(const struct names *names,
					const struct annotate_wanted *wanted,
					enum transport transport,
					int ret_columns[static ANNOTATE_FIELD_COUNT])
{
	enum annotate_field missing = ANNOTATE_FIELD_COUNT;

	for (unsigned field = ANNOTATE_FIELD_COUNT; field-- > 0;) {
		ret_columns[field] = find_column(names, wanted, field);
		if (ret_columns[field] < 0 && is_needed(wanted, transport, field))
			missing = field;
	}
	return missing;
}

/* Cuts the first field off a header; *line becomes absent with the last. */
static struct slice cut_field(struct slice *line, char delimiter, bool quotes)
{
	bool quoted = quotes && line->n > 0 && line->p[0] == '"';
	struct slice field = *line;

	for (size_t i = quoted; i < line->n; i++) {
		if (quoted && line->p[i] == '"')
			quoted = false;
		else if (!quoted && line->p[i] == '"' && i > 1 && line->p[i - 1] == '"')
			quoted = line->p[0] == '"';
		else if (!quoted && line->p[i] == delimiter) {
			field.n = i;
			*line = slice_skip(*line, i + 1);
			return field;
		}
	}
	*line = SLICE_NONE;
	return field;
}

/* Of bytes that are no tab, only commas and semicolons are known to come with quotes. */
static bool has_quotes(char delimiter)
{
	return delimiter == ',' || delimiter == ';';
}

static void split(struct slice line, char delimiter, struct names *ret_names)
{
	ret_names->count = 0;
	while (line.p && ret_names->count < ANNOTATE_COLUMNS_MAX)
		ret_names->list[ret_names->count++] =
			flow_bare(cut_field(&line, delimiter, has_quotes(delimiter)));
}

static int say_missing(const struct names *names, const struct annotate_wanted *wanted,
		       enum annotate_field missing, struct fault *fault)
{
	struct strbuf list = {.max = 160};
	struct slice stated = wanted->columns[missing];
	int result;

	for (size_t i = 0; i < names->count && !list.failed; i++)
		strbuf_printf(&list, "%s%.*s", i > 0 ? ", " : "", (int)names->list[i].n,
			      names->list[i].p);
	if (stated.p)
		result = fault_set(fault, FAULT_UNKNOWN, "there is no column \"%.*s\" (%.*s%s)",
				   (int)stated.n, stated.p, (int)list.n, strbuf_slice(&list).p,
				   list.failed ? ", ..." : "");
	else
		result = fault_set(fault, FAULT_UNKNOWN,
				   "no column has a usual name of the %.*s (%.*s%s); --columns%s "
				   "says what there is",
				   (int)titles[missing].n, titles[missing].p, (int)list.n,
				   strbuf_slice(&list).p, list.failed ? ", ..." : "",
				   missing == ANNOTATE_PROTOCOL ? " or --transport" : "");
	strbuf_done(&list);
	return result;
}

/* Finds the delimiter with which all that is needed is there, and the columns. */
static int find_layout(struct slice line, const struct annotate_wanted *wanted,
		       struct annotate_layout *layout, struct fault *fault)
{
	struct slice delimiters =
		wanted->delimiter ? (struct slice){&wanted->delimiter, 1} : SLICE("\t,;| ");
	enum annotate_field missing = ANNOTATE_FIELD_COUNT;
	struct names names = {.members = false};
	char first = '\0';

	for (size_t i = 0; i < delimiters.n; i++) {
		char delimiter = delimiters.p[i];

		if (!wanted->delimiter && slice_find_byte(line, delimiter) == (size_t)-1)
			continue;
		first = first ? first : delimiter;
		split(line, delimiter, &names);
		missing = find_columns(&names, wanted, layout->transport, layout->columns);
		if (missing == ANNOTATE_FIELD_COUNT) {
			layout->form.delimiter = delimiter;
			layout->quotes = layout->form.quotes = has_quotes(delimiter);
			return 0;
		}
	}
	split(line, first ? first : ',', &names);
	missing = find_columns(&names, wanted, layout->transport, layout->columns);
	return say_missing(&names, wanted, missing, fault);
}

static struct slice without_end(struct slice line)
{
	line.n -= slice_ends(line, SLICE("\n"));
	line.n -= slice_ends(line, SLICE("\r"));
	return line;
}

/* The first line that is not blank, behind the marks of a text in Unicode. */
static int find_line(struct annotate_input *input, size_t *ret_at, struct slice *ret_line,
		     struct fault *fault)
{
	size_t at = 0;
	struct slice line;

	for (;;) {
		int result = annotate_input_line(input, at, &line, fault);

		if (result < 0)
			return result;
		if (line.n == 0)
			return 1;
		if (slice_starts(line, UNICODE_MARK)) {
			at += UNICODE_MARK.n;
			line = slice_skip(line, UNICODE_MARK.n);
		}
		if (slice_trim(line).n > 0)
			break;
		at += line.n;
	}
	*ret_at = at;
	*ret_line = line;
	return 0;
}

/* Zeek's: lines that begin with #, of which one names the fields. */
static int read_zeek(struct annotate_input *input, size_t at, const struct annotate_wanted *wanted,
		     struct annotate_header *header, struct fault *fault)
{
	struct annotate_layout *layout = &header->layout;
	struct annotate_wanted tabs = *wanted;
	bool found = false;
	struct slice line;
	int result;

	tabs.delimiter = '\t';
	for (;; at += line.n) {
		result = annotate_input_line(input, at, &line, fault);
		if (result < 0)
			return result;
		if (!slice_starts(line, SLICE("#")))
			break;
		if (!slice_starts(line, SLICE("#fields\t")))
			continue;
		result = find_layout(slice_skip(without_end(line), 8), &tabs, layout, fault);
		if (result < 0)
			return result;
		found = true;
	}
	if (!found)
		return fault_set(fault, FAULT_UNKNOWN, "no line begins with #fields");
	layout->comments = header->named = true;
	layout->form.unset = SLICE("-");
	return annotate_input_take(input, at, &header->text, fault);
}

static void split_names(const struct strbuf *text, struct names *ret_names)
{
	struct slice rest = strbuf_slice(text);

	ret_names->count = 0;
	while (rest.n > 0 && ret_names->count < ANNOTATE_COLUMNS_MAX)
		ret_names->list[ret_names->count++] = slice_cut(&rest, '\0');
}

/* Finds the first of some lines with members for all that is needed. */
static int read_json(struct annotate_input *input, size_t at, const struct annotate_wanted *wanted,
		     struct annotate_header *header, struct fault *fault)
{
	struct annotate_layout *layout = &header->layout;
	enum annotate_field missing = ANNOTATE_SOURCE_PORT;
	struct names names = {.members = true};
	struct slice line;
	int result = annotate_json_open(fault);

	for (unsigned lines = 0; lines < JSON_LINES_MAX && result >= 0; lines++) {
		result = annotate_input_line(input, at, &line, fault);
		if (result < 0 || line.n == 0)
			break;
		at += line.n;
		header->names.n = 0;
		if (annotate_json_names(line, &header->names) != 0)
			continue;
		if (header->names.failed)
			return fault_memory(fault);
		split_names(&header->names, &names);
		missing = find_columns(&names, wanted, layout->transport, layout->columns);
		if (missing == ANNOTATE_FIELD_COUNT)
			break;
	}
	if (result < 0)
		return result;
	if (missing != ANNOTATE_FIELD_COUNT)
		return say_missing(&names, wanted, missing, fault);
	layout->form.json = true;
	for (unsigned i = 0; i < ANNOTATE_FIELD_COUNT; i++) {
		if (layout->columns[i] >= 0)
			layout->members[i] = names.list[layout->columns[i]];
	}
	return 0;
}

static int read_input(struct annotate_input *input, const struct annotate_wanted *wanted,
		      struct annotate_header *header, struct fault *fault)
{
	struct annotate_layout *layout = &header->layout;
	struct slice line;
	size_t at;
	int result = find_line(input, &at, &line, fault);

	if (result != 0)
		return result;
	if (slice_starts(slice_trim(line), SLICE("{")) && !wanted->delimiter) {
		result = read_json(input, at, wanted, header, fault);
		return result < 0 ? result : annotate_input_take(input, at, &header->text, fault);
	}
	if (slice_starts(line, SLICE("#")) && !wanted->no_header)
		return read_zeek(input, at, wanted, header, fault);
	result = find_layout(without_end(line), wanted, layout, fault);
	if (result < 0)
		return result;
	/* One without anything in it would make one of two blanks. */
	layout->form.unset = layout->form.delimiter == ' ' ? SLICE("-") : SLICE_NONE;
	header->named = !wanted->no_header;
	return annotate_input_take(input, header->named ? at + line.n : at, &header->text, fault);
}

int annotate_header_read(struct annotate_input *input, const struct annotate_wanted *wanted,
			 enum transport transport, struct annotate_header *ret_header,
			 struct fault *fault)
{
	struct annotate_layout *layout = &ret_header->layout;
	int result;

	layout->transport = transport;
	layout->form.confidence = wanted->confidence;
	layout->form.description = wanted->description;
	result = read_input(input, wanted, ret_header, fault);
	input->delimiter = layout->form.delimiter;
	input->quotes = layout->quotes;
	return result;
}

/* What Zeek calls the types of what is added. */
static void put_types(struct out *out, const struct annotate_form *form)
{
	struct slice names[ANNOTATE_ADDED_MAX];
	size_t count = annotate_added(form, names);

	for (size_t i = 0; i < count; i++)
		out_put(out, slice_eq(names[i], SLICE("service_port")) ? SLICE("\tport")
								       : SLICE("\tstring"));
}

static void put_names(struct out *out, const struct annotate_form *form)
{
	struct slice names[ANNOTATE_ADDED_MAX];
	size_t count = annotate_added(form, names);

	for (size_t i = 0; i < count; i++) {
		out_byte(out, form->delimiter);
		out_put(out, names[i]);
	}
}

void annotate_header_write(struct out *out, const struct annotate_header *header)
{
	const struct annotate_layout *layout = &header->layout;
	struct slice rest = strbuf_slice(&header->text);

	while (rest.n > 0) {
		size_t end = slice_find_byte(rest, '\n');
		struct slice line = {rest.p, end == (size_t)-1 ? rest.n : end + 1};
		struct slice bare = without_end(line);

		rest = slice_skip(rest, line.n);
		out_put(out, bare);
		if (layout->comments ? slice_starts(line, SLICE("#fields\t"))
				     : header->named && rest.n == 0)
			put_names(out, &layout->form);
		else if (slice_starts(line, SLICE("#types\t")))
			put_types(out, &layout->form);
		out_put(out, slice_skip(line, bare.n));
	}
}

/* The line that names the columns: others have times and the like. */
static struct slice line_of_names(const struct annotate_header *header)
{
	struct slice text = strbuf_slice(&header->text);

	if (header->layout.comments)
		return slice_skip(text, slice_find(text, SLICE("#fields\t")));
	text = without_end(text);
	text = slice_skip(text, slice_find_last_byte(text, '\n') + 1);
	return slice_skip(text, slice_starts(text, UNICODE_MARK) ? UNICODE_MARK.n : 0);
}

bool annotate_header_eq(const struct annotate_header *a, const struct annotate_header *b)
{
	struct slice of_a = line_of_names(a), of_b = line_of_names(b);

	return a->layout.form.json == b->layout.form.json &&
	       a->layout.form.delimiter == b->layout.form.delimiter &&
	       a->layout.comments == b->layout.comments &&
	       (!a->named ||
		slice_eq(without_end(slice_cut(&of_a, '\n')), without_end(slice_cut(&of_b, '\n'))));
}
