/*
 * Any bytes as name, address, subject and body of a letter, parted by unit separators. What is
 * written has the fields that a letter has and no others, short lines of ASCII, and, decoded, the
 * texts that it was given.
 */
#include <string.h>

#include "fuzz.h"
#include "mail/letter.h"

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Quoted-printable, or the text of an encoded-word. */
static void decode(struct slice text, bool word, struct strbuf *to)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '=' && text.p[i + 1] == '\r') {
			i += 2;
		} else if (c == '=') {
			must(i + 2 < text.n);
			strbuf_add_byte(to,
					(char)(digit(text.p[i + 1]) * 16 + digit(text.p[i + 2])));
			i += 2;
		} else if (c != '\r') {
			strbuf_add_byte(to, word && c == '_' ? ' ' : c);
		}
	}
}

/* A field's value, which is encoded-words or plain. */
static void decode_field(struct slice value, struct strbuf *to)
{
	if (!slice_starts(slice_trim(value), SLICE("=?"))) {
		strbuf_add(to, slice_trim(value));
		return;
	}
	for (value = slice_trim(value); value.n > 0; value = slice_trim(value)) {
		size_t end;

		must(slice_starts(value, SLICE("=?UTF-8?Q?")));
		value = slice_skip(value, 10);
		end = slice_find(value, SLICE("?="));
		must(end != (size_t)-1);
		decode((struct slice){value.p, end}, true, to);
		value = slice_skip(value, end + 2);
	}
}

/* The lines of the text, which is parted from what follows it by an empty one. */
static struct slice must_be_lines(struct slice text)
{
	size_t column = 0, end = slice_find(text, SLICE("\r\n\r\n"));

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		must((c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
		must((c == '\r') == (i + 1 < text.n && text.p[i + 1] == '\n'));
		must(c != '\n' || (i > 0 && text.p[i - 1] == '\r'));
		column = c == '\r' || c == '\n' ? 0 : column + 1;
		must(column <= 78);
	}
	must(slice_ends(text, SLICE("\r\n")) && end != (size_t)-1);
	return (struct slice){text.p, end + 2};
}

/* The value of the field that the head begins with, which is cut from it. */
static struct slice must_be_field(struct slice *head, const char *name)
{
	struct slice value;
	size_t n = 0;

	must(slice_starts(*head, slice_cstr(name)));
	value = slice_skip(*head, strlen(name));
	while (n < value.n && (value.p[n] != '\n' || (n + 1 < value.n && value.p[n + 1] == ' ')))
		n++;
	*head = slice_skip(value, n + 1);
	return (struct slice){value.p, n};
}

static void must_say(struct slice text, const struct mail_letter *letter)
{
	struct strbuf subject CLEANUP(strbuf_done) = {}, body CLEANUP(strbuf_done) = {};
	struct strbuf clean_subject CLEANUP(strbuf_done) = {}, clean CLEANUP(strbuf_done) = {};
	struct slice head = must_be_lines(text), encoding;

	text = slice_skip(text, head.n + 2);
	(void)must_be_field(&head, "Date:");
	(void)must_be_field(&head, "From:");
	(void)must_be_field(&head, "To:");
	decode_field(must_be_field(&head, "Subject:"), &subject);
	(void)must_be_field(&head, "Message-ID:");
	(void)must_be_field(&head, "Auto-Submitted:");
	(void)must_be_field(&head, "MIME-Version:");
	(void)must_be_field(&head, "Content-Type:");
	encoding = must_be_field(&head, "Content-Transfer-Encoding:");
	must(head.n == 0);
	letter_clean_line(letter->subject, &clean_subject);
	must(slice_eq(strbuf_slice(&subject), strbuf_slice(&clean_subject)));
	letter_clean_body(letter->body, &clean);
	if (slice_eq(slice_trim(encoding), SLICE("quoted-printable"))) {
		decode(text, false, &body);
	} else {
		for (size_t i = 0; i < text.n; i++)
			if (text.p[i] != '\r')
				strbuf_add_byte(&body, text.p[i]);
	}
	must(slice_eq(strbuf_slice(&body), strbuf_slice(&clean)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = fuzz_slice(data, size);
	struct mail_options options = {.from = SLICE("desk@registry.example")};
	struct mail_letter letter = {.id = SLICE("1"),
				     .name = slice_cut(&rest, '\x1f'),
				     .address = slice_cut(&rest, '\x1f'),
				     .subject = slice_cut(&rest, '\x1f')};
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct fault fault;

	if (size > 4096)
		return 0;
	/* Longer ones are longer than a line may be. */
	if (!mail_address_valid(letter.address) || letter.address.n > 70)
		letter.address = SLICE("a@b");
	letter.body = rest.p ? rest : SLICE("");
	must(mail_write(&letter, &options, SLICE("2026-11-22T07:05:49Z"), &text, &fault) == 0);
	must_say(strbuf_slice(&text), &letter);
	return 0;
}
