#include "render/changes.h"

#include <stdio.h>

#include "render/xhtml_writer.h"

/* More changes than this are counted rather than listed: readers of feeds show them whole. */
enum { LISTED_MAX = 1000 };

/* What tells the feed from all others, in all stores: made up once. */
#define FEED_ID "urn:uuid:6b0d8a52-43a4-8f0e-9c35-2f1d7ce0a6b1"

/* A link to a page of the site that base names; nothing without a site. */
static void put_link(struct xhtml_writer *writer, struct slice relation, struct slice base,
		     struct slice path)
{
	if (base.n == 0)
		return;
	xhtml_put(writer, SLICE("<link rel=\""));
	xhtml_put_value(writer, relation);
	xhtml_put(writer, SLICE("\" href=\""));
	xhtml_put_value(writer, base);
	xhtml_put_value(writer, path);
	xhtml_put(writer, SLICE("\"/>\n"));
}

void render_atom_begin(struct out *out, struct slice updated, struct slice base)
{
	struct xhtml_writer writer = {.out = out};

	xhtml_put(&writer,
		  SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
			"<title>Changes of the Service Name and Transport Protocol Port Number "
			"Registry</title>\n"
			"<id>" FEED_ID "</id>\n"
			"<author><name>IANA</name></author>\n"
			"<link rel=\"alternate\" href=\"https://www.iana.org/assignments/"
			"service-names-port-numbers\"/>\n"
			"<generator>portbook</generator>\n"));
	put_link(&writer, SLICE("self"), base, SLICE("/changes.atom"));
	xhtml_put(&writer, SLICE("<updated>"));
	xhtml_put_text(&writer, updated);
	xhtml_put(&writer, SLICE("T00:00:00Z</updated>\n"));
}

/* A UUID of version 8 (RFC 9562, section 5.8) made of a digest's first digits. */
static void put_uuid(struct out *out, struct slice sha256)
{
	static const unsigned char lengths[] = {8, 4, 4, 4, 12};
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct slice digits = slice_skip(sha256, at);

		digits.n = digits.n < lengths[i] ? digits.n : lengths[i];
		at += lengths[i];
		out_put(out, i > 0 ? SLICE("-") : SLICE(""));
		if (i == 2 || i == 3) {
			out_byte(out, i == 2 ? '8' : 'a');
			digits = slice_skip(digits, 1);
		}
		out_put(out, digits);
	}
}

static void put_changes(struct xhtml_writer *writer, const struct changes *changes)
{
	struct out summary;

	if (out_init_memory(&summary) < 0)
		return;
	for (size_t i = 0; i < changes->count && i < LISTED_MAX; i++) {
		summary.n = 0;
		render_change_summary(&summary, changes, &changes->all[i]);
		xhtml_put(writer, SLICE("<li>"));
		xhtml_put_text(writer, out_slice(&summary));
		xhtml_put(writer, SLICE("</li>\n"));
	}
	if (summary.error && !writer->out->error)
		writer->out->error = summary.error;
	out_done(&summary);
	if (changes->count > LISTED_MAX)
		out_printf(writer->out, "<li>and %zu more</li>\n", changes->count - LISTED_MAX);
}

void render_atom_entry(struct out *out, const struct changes *changes, struct slice label,
		       struct slice sha256, struct slice base)
{
	struct xhtml_writer writer = {.out = out};
	struct slice rest = label, date = slice_cut(&rest, '.');
	char path[64];
	int n = snprintf(path, sizeof(path), "/editions/%.*s", (int)label.n, label.p);

	xhtml_put(&writer, SLICE("<entry>\n<title>Edition "));
	xhtml_put_text(&writer, label);
	out_printf(out, ": %zu change%s</title>\n<id>urn:uuid:", changes->count,
		   changes->count == 1 ? "" : "s");
	put_uuid(out, sha256);
	xhtml_put(&writer, SLICE("</id>\n"));
	if (n > 0 && (size_t)n < sizeof(path))
		put_link(&writer, SLICE("alternate"), base, (struct slice){path, (size_t)n});
	xhtml_put(&writer, SLICE("<updated>"));
	xhtml_put_text(&writer, date);
	xhtml_put(&writer, SLICE("T00:00:00Z</updated>\n<content type=\"xhtml\">"
				 "<div xmlns=\"http://www.w3.org/1999/xhtml\">\n"));
	if (changes->count == 0)
		xhtml_put(&writer, SLICE("<p>Nothing changed but the date.</p>\n"));
	else
		xhtml_put(&writer, SLICE("<ul>\n"));
	put_changes(&writer, changes);
	xhtml_put(&writer, changes->count > 0 ? SLICE("</ul>\n") : SLICE(""));
	xhtml_put(&writer, SLICE("</div></content>\n</entry>\n"));
}

void render_atom_end(struct out *out)
{
	out_put(out, SLICE("</feed>\n"));
}
