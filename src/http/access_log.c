#include "http/access_log.h"

#include <time.h>

#include "base/utf8.h"

/* PIPE_BUF is 4096; a byte takes up to six. */
enum { TARGET_MAX = 200, TEXT_MAX = 80 };

/*
 * Text as it stands between quotes. What a terminal or a reader of logs would obey is escaped: in
 * the plain format as \xHH, in JSON as \u00HH. Bytes that are no UTF-8 are, too.
 */
static void put_text(struct strbuf *line, struct slice text, size_t max, bool json)
{
	const char *escape = json ? "\\u%04x" : "\\x%02x";

	for (size_t end = text.n < max ? text.n : max; end > 0;) {
		uint32_t character;
		size_t n = utf8_next((struct slice){text.p, end}, &character);
		unsigned char byte = (unsigned char)text.p[0];

		if (byte == '"' || byte == '\\')
			strbuf_printf(line, "\\%c", byte);
		else if (character < 0x20 || (character >= 0x7f && character < 0xa0) ||
			 (n == 1 && byte >= 0x80))
			strbuf_printf(line, escape, n == 1 ? byte : character);
		else
			strbuf_add(line, (struct slice){text.p, n});
		text = slice_skip(text, n);
		end -= n;
	}
}

static void plain_text(struct strbuf *line, struct slice text, size_t max)
{
	strbuf_add_byte(line, '"');
	if (text.p)
		put_text(line, text, max, false);
	else
		strbuf_add_byte(line, '-');
	strbuf_add_byte(line, '"');
}

static void json_text(struct strbuf *line, const char *key, struct slice text, size_t max)
{
	if (!text.p)
		return;
	strbuf_printf(line, ",\"%s\":\"", key);
	put_text(line, text, max, true);
	strbuf_add_byte(line, '"');
}

/* The time in UTC as strftime's format has it; no locale was ever set. */
static void put_time(struct strbuf *line, int64_t when, const char *format)
{
	time_t seconds = (time_t)when;
	struct tm parts;
	char text[40];

	if (gmtime_r(&seconds, &parts))
		strbuf_add(line,
			   (struct slice){text, strftime(text, sizeof(text), format, &parts)});
}

static void put_plain(const struct access_entry *entry, struct strbuf *line)
{
	put_text(line, entry->peer, TEXT_MAX, false);
	strbuf_add(line, SLICE(" - - ["));
	put_time(line, entry->time, "%d/%b/%Y:%H:%M:%S +0000");
	strbuf_add(line, SLICE("] \""));
	put_text(line, entry->method, TEXT_MAX, false);
	strbuf_add_byte(line, ' ');
	put_text(line, entry->target, TARGET_MAX, false);
	strbuf_printf(line, " HTTP/1.1\" %u ", entry->status);
	strbuf_add_uint(line, entry->bytes);
	strbuf_add_byte(line, ' ');
	plain_text(line, entry->referer, TEXT_MAX);
	strbuf_add_byte(line, ' ');
	plain_text(line, entry->agent, TEXT_MAX);
	strbuf_add_byte(line, ' ');
	strbuf_add_uint(line, entry->microseconds / 1000000);
	strbuf_printf(line, ".%06u\n", (unsigned)(entry->microseconds % 1000000));
}

static void put_json(const struct access_entry *entry, struct strbuf *line)
{
	strbuf_add(line, SLICE("{\"time\":\""));
	put_time(line, entry->time, "%Y-%m-%dT%H:%M:%SZ");
	strbuf_add_byte(line, '"');
	json_text(line, "peer", entry->peer, TEXT_MAX);
	json_text(line, "method", entry->method, TEXT_MAX);
	json_text(line, "target", entry->target, TARGET_MAX);
	strbuf_printf(line, ",\"status\":%u,\"bytes\":", entry->status);
	strbuf_add_uint(line, entry->bytes);
	strbuf_add(line, SLICE(",\"microseconds\":"));
	strbuf_add_uint(line, entry->microseconds);
	json_text(line, "referer", entry->referer, TEXT_MAX);
	json_text(line, "agent", entry->agent, TEXT_MAX);
	strbuf_add(line, SLICE("}\n"));
}

void access_log_line(enum access_format format, const struct access_entry *entry,
		     struct strbuf *line)
{
	if (format == ACCESS_PLAIN)
		put_plain(entry, line);
	else if (format == ACCESS_JSON)
		put_json(entry, line);
}
