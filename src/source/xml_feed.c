/*
 * Gives a document to the XML parser piece by piece, so that none is held in memory, and keeps the
 * bytes that somebody wants to see again.
 */
#include "source/xml.h"

void source_xml_feed_done(struct xml_feed *feed)
{
	strbuf_done(&feed->bytes);
	if (feed->parser)
		XML_ParserFree(feed->parser);
}

struct slice source_xml_fed(const struct xml_feed *feed, size_t from, size_t to)
{
	return slice_between(feed->bytes.p + (from - feed->begin),
			     feed->bytes.p + (to - feed->begin));
}

static void forget(struct xml_feed *feed)
{
	size_t n = feed->wanted < feed->begin ? 0 : feed->wanted - feed->begin;

	if (n > feed->bytes.n)
		n = feed->bytes.n;
	if (n == 0)
		return;
	memmove(feed->bytes.p, feed->bytes.p + n, feed->bytes.n - n);
	feed->bytes.n -= n;
	feed->begin += n;
}

/*
 * How much to read. What the parser has left, because its end is not there yet, it parses from
 * the start when there is more: where that is long, much more must be there each time.
 */
static size_t next_size(const struct xml_feed *feed, const struct file_reader *file)
{
	size_t end = feed->begin + feed->bytes.n;
	long at = XML_GetCurrentByteIndex(feed->parser);
	size_t left = at > 0 ? end - (size_t)at : end;

	return left > file->piece ? left : file->piece;
}

/* A piece ends before markup, so that text is not cut, which would show in what faults quote. */
static size_t cut(struct slice piece)
{
	size_t at = slice_find_last_byte(piece, '<');

	return at == (size_t)-1 || at == 0 ? piece.n : at;
}

/* Parses what the bytes hold from an offset of their own on. */
static int parse(struct xml_feed *feed, size_t from, bool final)
{
	struct slice piece = slice_skip(strbuf_slice(&feed->bytes), from);

	return XML_Parse(feed->parser, piece.p, (int)piece.n, final) == XML_STATUS_OK ? 0 : 1;
}

/*
 * Parses the next piece of the part, *at on, which is left behind it. The last one is parsed as
 * such: behind others, the parser counts their lines.
 */
static int feed_piece(struct xml_feed *feed, const struct xml_part *part, size_t *at,
		      struct fault *fault)
{
	size_t n = next_size(feed, part->file), left = part->to - *at;
	size_t from;
	char *p;
	int result;

	if (n > left)
		n = left;
	forget(feed);
	from = feed->bytes.n;
	p = strbuf_extend(&feed->bytes, n);
	if (!p)
		return fault_memory(fault);
	result = file_reader_read(part->file, *at, p, n, fault);
	if (result < 0)
		return result;
	if (n < left) {
		size_t whole = cut((struct slice){p, n});

		feed->bytes.n -= n - whole;
		n = whole;
	} else {
		strbuf_add(&feed->bytes, part->after);
		if (feed->bytes.failed)
			return fault_memory(fault);
	}
	*at += n;
	return parse(feed, from, *at == part->to);
}

int source_xml_feed(struct xml_feed *feed, const struct xml_part *part, struct fault *fault)
{
	size_t at = part->from;
	int result;

	strbuf_add(&feed->bytes, part->before);
	if (feed->bytes.failed)
		return fault_memory(fault);
	result = parse(feed, 0, false);
	do {
		if (result == 0)
			result = feed_piece(feed, part, &at, fault);
	} while (result == 0 && at < part->to);
	return result;
}
