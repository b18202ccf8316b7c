/* Letters out: by SMTP, or to a command. */
#include "fetch/smtp.h"
#include "mail/command.h"
#include "mail/letter.h"
#include "mail/queue.h"

enum {
	TIMEOUT_DEFAULT = 120000, /* milliseconds */
	TIMEOUT_MAX = MAIL_STALE * 1000 / 3,
	CONNECT_MAX = 30000,
};

static int check(const struct mail_options *options, struct fault *fault)
{
	if (!options->url == !options->command ||
	    (options->command && (!options->command[0] || options->command[0][0] != '/')))
		return fault_set(fault, FAULT_MALFORMED,
				 "mail goes either to a URL or to a command with its whole path");
	if (options->timeout_ms > TIMEOUT_MAX)
		return fault_set(fault, FAULT_LIMIT, "mail may take %d seconds at most",
				 TIMEOUT_MAX / 1000);
	return letter_check_sender(options, fault);
}

static int to_command(const struct mail_options *options, struct slice text, unsigned timeout_ms,
		      struct fault *fault)
{
	struct strbuf lines CLEANUP(strbuf_done) = {};

	strbuf_reserve(&lines, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\r')
			strbuf_add_byte(&lines, text.p[i]);
	}
	if (lines.failed)
		return fault_memory(fault);
	return command_run(options->command, strbuf_slice(&lines), timeout_ms, fault);
}

static void add_string(struct strbuf *to, struct slice text)
{
	strbuf_add(to, text);
	strbuf_add_byte(to, '\0');
}

static int to_server(const struct mail_letter *letter, const struct mail_options *options,
		     struct slice text, unsigned timeout_ms, struct fault *fault)
{
	struct strbuf from CLEANUP(strbuf_done) = {}, to CLEANUP(strbuf_done) = {};
	struct fetch_smtp send = {.url = options->url,
				  .user = options->user,
				  .password = options->password,
				  .ca_file = options->ca_file,
				  .plain = options->plain,
				  .connect_ms = timeout_ms < CONNECT_MAX ? timeout_ms : CONNECT_MAX,
				  .total_ms = timeout_ms,
				  .letter = text};
	int result;

	add_string(&from, options->from);
	add_string(&to, letter->address);
	if (from.failed || to.failed)
		return fault_memory(fault);
	send.from = from.p;
	send.to = to.p;
	result = fetch_smtp_send(&send, fault);
	if (result < 0)
		return result;
	return result == 0 ? MAIL_OK : result == FETCH_SMTP_REFUSED ? MAIL_REFUSED : MAIL_LATER;
}

int mail_deliver(const struct mail_letter *letter, const struct mail_options *options,
		 struct slice now, struct fault *fault)
{
	unsigned timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_DEFAULT;
	struct strbuf text CLEANUP(strbuf_done) = {};
	int64_t seconds;
	int result = check(options, fault);

	if (result == 0)
		result = queue_time(now, &seconds, fault);
	if (result < 0)
		return result;
	result = mail_write(letter, options, now, &text, fault);
	if (result == FAULT_MALFORMED)
		return MAIL_REFUSED;
	if (result < 0)
		return result;
	if (options->command)
		return to_command(options, strbuf_slice(&text), timeout_ms, fault);
	return to_server(letter, options, strbuf_slice(&text), timeout_ms, fault);
}

int mail_send(struct db *db, const struct mail_options *options, mail_clock *clock, void *context,
	      struct fault *fault)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct mail_letter letter;
	struct fault why = {};
	enum mail_outcome outcome;
	char space[TIME_LENGTH];
	int result = mail_claim(db, clock(context, space), &arena, &letter, fault), delivered;

	if (result != 1)
		return result;
	delivered = mail_deliver(&letter, options, clock(context, space), &why);
	outcome = delivered < 0 ? MAIL_LATER : (enum mail_outcome)delivered;
	result = mail_settle(db, &letter, outcome, slice_cstr(why.text), clock(context, space),
			     fault);
	if (result >= 0 && delivered < 0)
		return fault_set(fault, delivered, "%s", why.text);
	return result < 0 ? result : 1;
}
