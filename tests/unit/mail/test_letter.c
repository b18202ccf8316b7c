/* Addresses, and letters that are refused. tests/mail has how they are written. */
#undef NDEBUG
#include "../testing.h"

#include "mail/mail.h"

static void test_addresses(void **state)
{
	static const char *const good[] = {"a@b", "ada.lovelace+ports@mail.example.com",
					   "o'brien@example.com", "!#$%&*@x-y.z", "1@1"};
	static const char *const bad[] = {
		"",	   "@",	      "a",	"a@",	   "@b",	 "a@b@c",      "a b@c",
		".a@b",	   "a.@b",    "a..b@c", "a@.b",	   "a@b.",	 "a@b..c",     "a@-b",
		"a@b-",	   "\"a\"@b", "<a@b>",	"a@b\r\n", "a\n@b",	 "a@[::1]",    "a@b,c@d",
		"a(x)@b",  "a@b;c",   "a\\@b",	"a:b@c",   "\xc3\xa4@b", "a@\xc3\xa4", "a@b_c",
		"a@b\x7f", " a@b",    "a@b "};
	char long_one[MAIL_ADDRESS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(mail_address_valid(slice_cstr(good[i])));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct slice text = copy_of(slice_cstr(bad[i]));

		if (mail_address_valid(text))
			fail_msg("%s", bad[i]);
		free((void *)(uintptr_t)text.p);
	}
	assert_false(mail_address_valid(SLICE_NONE));
	assert_false(mail_address_valid((struct slice){"a\0@b", 4}));
	memset(long_one, 'a', sizeof(long_one));
	long_one[64] = '@';
	assert_true(mail_address_valid((struct slice){long_one, MAIL_ADDRESS_MAX}));
	assert_false(mail_address_valid((struct slice){long_one, MAIL_ADDRESS_MAX + 1}));
	long_one[64] = 'a';
	long_one[65] = '@';
	assert_false(mail_address_valid((struct slice){long_one, 80}));
}

static void expect_none(const struct mail_letter *letter, const struct mail_options *options,
			struct slice now, const char *reason)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct fault fault = {};

	assert_int_equal(mail_write(letter, options, now, &text, &fault), FAULT_MALFORMED);
	assert_int_equal(text.n, 0);
	if (!strstr(fault.text, reason))
		fail_msg("no \"%s\" in \"%s\"", reason, fault.text);
}

static void test_refused(void **state)
{
	const struct slice now = SLICE("2026-11-22T07:05:49Z");
	const struct mail_options options = {.from = SLICE("desk@registry.example")};
	const struct mail_letter letter = {
		.number = 12, .id = SLICE("1"), .address = SLICE("a@b"), .body = SLICE("")};
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct mail_options bad_options = options;
	struct mail_letter bad = letter;
	struct fault fault;

	(void)state;
	assert_int_equal(mail_write(&letter, &options, now, &text, &fault), 0);
	expect_none(&letter, &options, SLICE("2026-11-22"), "2026-11-22");
	bad_options.from = SLICE("desk");
	expect_none(&letter, &bad_options, now, "sender");
	bad_options = options;
	bad_options.reply_to = SLICE("a@b\r\nX: y");
	expect_none(&letter, &bad_options, now, "sender");
	bad.address = SLICE("a@b\r\nX: y");
	expect_none(&bad, &options, now, "letter 12 has no address");
	bad = letter;
	bad.id = SLICE("1>\r\nX: y");
	expect_none(&bad, &options, now, "letter 12");
	bad = letter;
	bad.thread = SLICE("1 2");
	expect_none(&bad, &options, now, "letter 12");
	bad = letter;
	bad.body = SLICE_NONE;
	expect_none(&bad, &options, now, "letter 12 has no body");
}

/* Bytes that are no UTF-8, and lines that end anyhow. */
static void test_odd_bytes(void **state)
{
	const struct mail_options options = {.from = SLICE("desk@registry.example")};
	const struct mail_letter letter = {.id = SLICE("1"),
					   .address = SLICE("a@b"),
					   .subject = SLICE("\xff\xc3 \x1b[2J\xe2\x80\xa8X: y"),
					   .body = {"1\r2\n\r3\r\n\0\x7f.\xc2\x85", 13}};
	struct strbuf text CLEANUP(strbuf_done) = {};
	struct fault fault;

	(void)state;
	assert_int_equal(
		mail_write(&letter, &options, SLICE("1969-12-31T23:59:59Z"), &text, &fault), 0);
	assert_text(strbuf_slice(&text), "Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n"
					 "From: desk@registry.example\r\n"
					 "To: a@b\r\n"
					 "Subject: =?UTF-8?Q?=EF=BF=BD=EF=BF=BD__=5B2J_X=3A_y?=\r\n"
					 "Message-ID: <1@registry.example>\r\n"
					 "Auto-Submitted: auto-generated\r\n"
					 "MIME-Version: 1.0\r\n"
					 "Content-Type: text/plain; charset=utf-8\r\n"
					 "Content-Transfer-Encoding: quoted-printable\r\n"
					 "\r\n"
					 "1\r\n2\r\n\r\n3\r\n  .=20\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_odd_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
