/*
 * Writes or delivers one letter, for test_mail.py:
 *
 *     mail_one NAME=VALUE... [-- COMMAND [ARGUMENT...]] < BODY
 *
 * NAME is of the letter (to, name, subject, thread, id) or of the options (url, user, password, ca,
 * plain, timeout, from, from-name, reply-to), or fail (each allocation of ours, one after another,
 * until none is left). Without url and COMMAND the letter is printed; else what came of it:
 * "outcome NUMBER REASON".
 */
#undef NDEBUG
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fault/failing.h"
#include "base/file.h"
#include "base/number.h"
#include "mail/mail.h"

#define NOW SLICE("2026-11-22T07:05:49Z")

static struct mail_letter letter = {.number = 1,
				    .id = SLICE("0123456789abcdef0123456789abcdef"),
				    .address = SLICE("ada@example.com"),
				    .subject = SLICE("Request 12")};
static struct mail_options options = {.from = SLICE("desk@registry.example")};
static bool fail;

static bool set(struct slice name, struct slice value)
{
	const struct {
		struct slice name;
		struct slice *text;
		const char **string;
	} known[] = {
		{SLICE("to"), &letter.address, NULL},
		{SLICE("name"), &letter.name, NULL},
		{SLICE("subject"), &letter.subject, NULL},
		{SLICE("thread"), &letter.thread, NULL},
		{SLICE("id"), &letter.id, NULL},
		{SLICE("from"), &options.from, NULL},
		{SLICE("from-name"), &options.from_name, NULL},
		{SLICE("reply-to"), &options.reply_to, NULL},
		{SLICE("url"), NULL, &options.url},
		{SLICE("user"), NULL, &options.user},
		{SLICE("password"), NULL, &options.password},
		{SLICE("ca"), NULL, &options.ca_file},
	};
	uint64_t number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!slice_eq(name, known[i].name))
			continue;
		if (known[i].text)
			*known[i].text = value;
		else
			*known[i].string = value.p;
		return true;
	}
	if (!number_parse(value, UINT32_MAX, &number))
		return false;
	if (slice_eq(name, SLICE("timeout")))
		options.timeout_ms = (unsigned)number;
	else if (slice_eq(name, SLICE("plain")))
		options.plain = number > 0;
	else if (slice_eq(name, SLICE("fail")))
		fail = number > 0;
	else
		return false;
	return true;
}

static int act(struct strbuf *text, struct fault *fault)
{
	if (options.url || options.command)
		return mail_deliver(&letter, &options, NOW, fault);
	return mail_write(&letter, &options, NOW, text, fault);
}

/* Each allocation fails, alone and with all after it. */
static void fail_each(void)
{
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			struct strbuf text CLEANUP(strbuf_done) = {};
			struct fault fault = {};
			int result;

			assert(n < 1000);
			failing_arm(n, all_after);
			result = act(&text, &fault);
			failed = failing_disarm();
			/* A socket that is not closed harms none. */
			if (failed == FAILING_MEMORY)
				assert(result == FAULT_MEMORY);
			if (failed == FAILING_NONE)
				assert(result == 0);
			assert(result == 0 || fault.text[0] != '\0');
		}
	}
}

int main(int argc, char **argv)
{
	struct file_content body = {};
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct fault fault = {};
	int result;

	/* As a server has it. */
	assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	for (int i = 1; i < argc && !options.command; i++) {
		struct slice value = slice_cstr(argv[i]), name = slice_cut(&value, '=');

		if (slice_eq(name, SLICE("--")))
			options.command = (const char *const *)argv + i + 1;
		else if (!set(name, value))
			return 2;
	}
	if (file_read("-", 1 << 20, &body, &fault) < 0)
		return 2;
	letter.body = body.text;
	if (fail)
		fail_each();
	result = act(&text, &fault);
	if (options.url || options.command || result != 0)
		printf("outcome %d %s\n", result, fault.text);
	else
		(void)fwrite(text.p, 1, text.n, stdout);
	file_content_done(&body);
	return 0;
}
