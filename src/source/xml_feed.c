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

static int parse(struct xml_feed *feed, struct slice piece, bool final)
{
	return XML_Parse(feed->parser, piece.p, (int)piece.n, final) == XML_STATUS_OK ? 0 : 1;
}

static int feed_text(struct xml_feed *feed, struct slice text, bool final, struct fault *fault)
{
	strbuf_add(&feed->bytes, text);
	return feed->bytes.failed ? fault_memory(fault) : parse(feed, text, final);
}

/* Parses the next piece of the part, *at on, which is left behind it. */
static int feed_piece(struct xml_feed *feed, const struct xml_part *part, size_t *at,
		      struct fault *fault)
{
	size_t n = next_size(feed, part->file), left = part->to - *at;
	char *p;
	int result;

	if (n > left)
		n = left;
	forget(feed);
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
	}
	*at += n;
	return parse(feed, (struct slice){p, n}, false);
}

int source_xml_feed(struct xml_feed *feed, const struct xml_part *part, struct fault *fault)
{
	int result = feed_text(feed, part->before, false, fault);

	for (size_t at = part->from; result == 0 && at < part->to;)
		result = feed_piece(feed, part, &at, fault);
	return result != 0 ? result : feed_text(feed, part->after, true, fault);
}
