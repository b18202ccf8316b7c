#include "render/xhtml_writer.h"

#include "base/utf8.h"

/* Links to RFCs and drafts, by name. */
#define INDEX "https://www.iana.org/go/"

enum { REPLACEMENT = 0xfffd };

static bool is_plain(char c, bool quoted)
{
	switch (c) {
	case '&':
	case '<':
	case '>':
		return false;
	case '"':
		return !quoted;
	case '\t':
	case '\n':
		/* In attributes they would be read back as spaces. */
		return !quoted;
	default:
		return c >= ' ' && c < 0x7f;
	}
}

/* Whether a page may hold the character: XML 1.0, section 2.2, and no control characters. */
static bool is_allowed(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' ||
	       (c >= ' ' && !(c >= 0x7f && c < 0xa0) && c != 0xfffe && c != 0xffff);
}

/* A character that does not go as it is. What a page may not hold becomes U+FFFD. */
static void put_reference_to(struct out *out, uint32_t c)
{
	switch (c) {
	case '&':
		out_put(out, SLICE("&amp;"));
		break;
	case '<':
		out_put(out, SLICE("&lt;"));
		break;
	case '>':
		out_put(out, SLICE("&gt;"));
		break;
	case '"':
		out_put(out, SLICE("&quot;"));
		break;
	default:
		out_printf(out, "&#x%X;", is_allowed(c) ? c : REPLACEMENT);
	}
}

/* Non-ASCII goes as UTF-8, and in attributes as references, as the publisher has it. */
static void put_escaped(struct out *out, struct slice text, bool quoted)
{
	while (text.n > 0) {
		uint32_t c;
		size_t n = 0;

		while (n < text.n && is_plain(text.p[n], quoted))
			n++;
		out_put(out, (struct slice){text.p, n});
		text = slice_skip(text, n);
		if (text.n == 0)
			break;
		n = utf8_next(text, &c);
		if (!quoted && n > 1 && is_allowed(c))
			out_put(out, (struct slice){text.p, n});
		else
			put_reference_to(out, c);
		text = slice_skip(text, n);
	}
}

void xhtml_put_text(struct xhtml_writer *writer, struct slice text)
{
	put_escaped(writer->out, text, false);
}

void xhtml_put_value(struct xhtml_writer *writer, struct slice text)
{
	put_escaped(writer->out, text, true);
}

/* Whether a browser does no more than go there, show a directory, or offer to write or call. */
static bool is_harmless(struct slice address)
{
	static const struct slice schemes[] = {SLICE("http:"), SLICE("https:"), SLICE("ftp:"),
					       SLICE("mailto:"), SLICE("tel:")};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (address.n >= schemes[i].n &&
		    utf8_fold_eq((struct slice){address.p, schemes[i].n}, schemes[i]))
			return true;
	}
	return false;
}

void xhtml_put_link(struct xhtml_writer *writer, struct slice start, struct slice rest,
		    struct slice label)
{
	if (start.n == 0 && !is_harmless(rest)) {
		xhtml_put_text(writer, label);
		return;
	}
	xhtml_put(writer, SLICE("<a href=\""));
	xhtml_put_value(writer, start);
	xhtml_put_value(writer, rest);
	xhtml_put(writer, SLICE("\">"));
	xhtml_put_text(writer, label);
	xhtml_put(writer, SLICE("</a>"));
}

static void put_reference(struct xhtml_writer *writer, const struct rich_run *run)
{
	struct slice future = SLICE("RFC-"), label;

	writer->label.n = 0;
	rich_add_label(&writer->label, run);
	label = strbuf_slice(&writer->label);
	xhtml_put(writer, SLICE("["));
	if (slice_eq(run->type, SLICE("person")))
		xhtml_put_link(writer, SLICE("#"), run->data, label);
	else if (slice_eq(run->type, SLICE("rfc")))
		xhtml_put_link(writer, SLICE(INDEX), run->data, label);
	else if (slice_eq(run->type, SLICE("draft")) && slice_starts(run->data, future))
		xhtml_put_link(writer, SLICE(INDEX "draft-"), slice_skip(run->data, future.n),
			       label);
	else if (slice_eq(run->type, SLICE("draft")))
		xhtml_put_link(writer, SLICE(INDEX), run->data, label);
	else if (slice_eq(run->type, SLICE("note")))
		xhtml_put_link(writer, SLICE("#note"), run->data, label);
	else if (slice_eq(run->type, SLICE("uri")))
		xhtml_put_link(writer, SLICE_NONE, run->data, label);
	else
		xhtml_put_text(writer, label);
	xhtml_put(writer, SLICE("]"));
}

void xhtml_put_rich(struct xhtml_writer *writer, struct slice rich)
{
	struct rich_run run;

	while (rich_next(&rich, &run)) {
		switch (run.kind) {
		case RICH_TEXT:
			xhtml_put_text(writer, run.text);
			break;
		case RICH_BREAK:
			xhtml_put(writer, SLICE("<br />"));
			break;
		case RICH_REFERENCE:
			put_reference(writer, &run);
			break;
		case RICH_PARAGRAPH:
			xhtml_put(writer, SLICE("<p>"));
			break;
		case RICH_PARAGRAPH_END:
			xhtml_put(writer, SLICE("</p>"));
			break;
		case RICH_BOUNDARY:
			break;
		}
	}
}
