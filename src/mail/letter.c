/* A letter as it travels: RFC 5322, RFC 2045, RFC 2047. */
#include "mail/letter.h"

#include "base/utf8.h"
#include "mail/encode.h"
#include "mail/queue.h"
#include "record/date.h"
#include "record/time.h"

bool letter_is_token(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_letter(text.p[i]) && !byte_is_digit(text.p[i]) && text.p[i] != '-')
			return false;
	}
	return text.n > 0;
}

static bool is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static void add_character(struct strbuf *to, struct slice bytes, uint32_t character)
{
	if (character == 0xfffd)
		strbuf_add(to, SLICE("\xef\xbf\xbd"));
	else
		strbuf_add(to, bytes);
}

void letter_clean_line(struct slice text, struct strbuf *line)
{
	struct strbuf cleaned CLEANUP(strbuf_done) = {};

	while (text.n > 0) {
		uint32_t character;
		size_t n = utf8_next(text, &character);

		if (is_control(character))
			strbuf_add_byte(&cleaned, ' ');
		else
			add_character(&cleaned, (struct slice){text.p, n}, character);
		text = slice_skip(text, n);
	}
	line->failed |= cleaned.failed;
	strbuf_add(line, slice_trim(strbuf_slice(&cleaned)));
}

void letter_clean_body(struct slice text, struct strbuf *body)
{
	bool ended = true;

	while (text.n > 0) {
		uint32_t character = '\n';
		size_t n = slice_starts(text, SLICE("\r\n")) ? 2 : utf8_next(text, &character);

		ended = text.p[0] == '\n' || text.p[0] == '\r';
		if (ended)
			strbuf_add_byte(body, '\n');
		else if (character != '\t' && is_control(character))
			strbuf_add_byte(body, ' ');
		else
			add_character(body, (struct slice){text.p, n}, character);
		text = slice_skip(text, n);
	}
	if (!ended)
		strbuf_add_byte(body, '\n');
}

/* Parts of RFC 5322's atext, joined by single dots. */
static bool is_dotted(struct slice text, const char *others)
{
	char before = '.';

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\0' || (c == '.' && before == '.') ||
		    (c != '.' && !byte_is_letter(c) && !byte_is_digit(c) && !strchr(others, c)))
			return false;
		before = c;
	}
	return before != '.';
}

bool mail_address_valid(struct slice address)
{
	enum { LOCAL_MAX = 64 };
	struct slice domain = address, local = slice_cut(&domain, '@');

	return address.n <= MAIL_ADDRESS_MAX && local.n <= LOCAL_MAX && domain.p &&
	       is_dotted(local, "!#$%&'*+-/=?^_`{|}~") && is_dotted(domain, "-") &&
	       domain.p[0] != '-' && !slice_ends(domain, SLICE("-"));
}

static struct slice domain_of(struct slice address)
{
	return slice_skip(address, slice_find_byte(address, '@') + 1);
}

/* "Sun, 22 Nov 2026 07:05:49 +0000" */
static void add_date(struct strbuf *text, struct slice now, int64_t seconds)
{
	enum { DAY_SECONDS = 86400 };
	static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began with a Thursday */
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	/* Of the years before 1970, too. */
	int64_t day = ((seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0)) % 7 + 7) % 7;
	struct date date;

	if (!date_parse((struct slice){now.p, DATE_LENGTH}, &date))
		return;
	strbuf_printf(text, "Date: %.3s, %02u %.3s %04u %.8s +0000\r\n", days + day * 3, date.day,
		      months + (size_t)(date.month - 1) * 3, date.year, now.p + 11);
}

static void add_mailbox(struct strbuf *text, struct slice field, struct slice name,
			struct slice address)
{
	struct strbuf line CLEANUP(strbuf_done) = {}, angle CLEANUP(strbuf_done) = {};
	struct header header = header_begin(text, field);

	letter_clean_line(name, &line);
	strbuf_add(&angle, line.n > 0 ? SLICE("<") : SLICE_NONE);
	strbuf_add(&angle, address);
	strbuf_add(&angle, line.n > 0 ? SLICE(">") : SLICE_NONE);
	if (line.n > 0)
		header_add_name(&header, strbuf_slice(&line));
	header_add(&header, strbuf_slice(&angle));
	header_end(&header);
	text->failed |= line.failed || angle.failed;
}

static void add_subject(struct strbuf *text, struct slice subject)
{
	struct strbuf line CLEANUP(strbuf_done) = {};
	struct header header = header_begin(text, SLICE("Subject"));

	letter_clean_line(subject, &line);
	header_add_text(&header, strbuf_slice(&line));
	header_end(&header);
	text->failed |= line.failed;
}

static void add_id(struct strbuf *text, struct slice field, const char *kind, struct slice id,
		   struct slice domain)
{
	struct strbuf angle CLEANUP(strbuf_done) = {};
	struct header header = header_begin(text, field);

	strbuf_printf(&angle, "<%s%.*s@%.*s>", kind, (int)id.n, id.p, (int)domain.n, domain.p);
	header_add(&header, strbuf_slice(&angle));
	header_end(&header);
	text->failed |= angle.failed;
}

static void add_head(struct strbuf *text, const struct mail_letter *letter,
		     const struct mail_options *options)
{
	struct slice domain = domain_of(options->from);

	add_mailbox(text, SLICE("From"), options->from_name, options->from);
	add_mailbox(text, SLICE("To"), letter->name, letter->address);
	if (options->reply_to.p)
		add_mailbox(text, SLICE("Reply-To"), SLICE_NONE, options->reply_to);
	add_subject(text, letter->subject);
	add_id(text, SLICE("Message-ID"), "", letter->id, domain);
	if (letter->thread.p)
		add_id(text, SLICE("References"), "portbook.", letter->thread, domain);
	/* RFC 3834, section 5: nobody's machine answers it. */
	strbuf_add(text, SLICE("Auto-Submitted: auto-generated\r\n"
			       "MIME-Version: 1.0\r\n"
			       "Content-Type: text/plain; charset=utf-8\r\n"));
}

static void add_body(struct strbuf *text, struct slice body)
{
	bool plain = body_is_plain(body);

	strbuf_printf(text, "Content-Transfer-Encoding: %s\r\n\r\n",
		      plain ? "7bit" : "quoted-printable");
	(plain ? body_add_plain : body_add_quoted)(text, body);
}

int letter_check_sender(const struct mail_options *options, struct fault *fault)
{
	if (mail_address_valid(options->from) &&
	    (!options->reply_to.p || mail_address_valid(options->reply_to)))
		return 0;
	return fault_set(fault, FAULT_MALFORMED, "the sender's is no address of mail");
}

static int check_letter(const struct mail_letter *letter, struct fault *fault)
{
	if (!mail_address_valid(letter->address) || !letter_is_token(letter->id) ||
	    (letter->thread.p && !letter_is_token(letter->thread)))
		return fault_set(fault, FAULT_MALFORMED,
				 "letter %lld has no address, or no identifier",
				 (long long)letter->number);
	if (!letter->body.p)
		return fault_set(fault, FAULT_MALFORMED, "letter %lld has no body any more",
				 (long long)letter->number);
	return 0;
}

int mail_write(const struct mail_letter *letter, const struct mail_options *options,
	       struct slice now, struct strbuf *text, struct fault *fault)
{
	struct strbuf body CLEANUP(strbuf_done) = {};
	int64_t seconds;
	int result = queue_time(now, &seconds, fault);

	if (result == 0)
		result = letter_check_sender(options, fault);
	if (result == 0)
		result = check_letter(letter, fault);
	if (result < 0)
		return result;
	letter_clean_body(letter->body, &body);
	add_date(text, now, seconds);
	add_head(text, letter, options);
	add_body(text, strbuf_slice(&body));
	return body.failed || text->failed ? fault_memory(fault) : 0;
}
