/*
 * Logins, sessions, tokens and a proxy's word, with each engine.
 *
 *     test_login sqlite|postgres|file
 *
 * the last looks for secrets in the file of a database.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include "../db/database.h"
#include "base/file.h"
#include "people.h"
#include "record/time.h"

#define PEER SLICE("192.0.2.1")
#define NO_LOGIN                                                                                   \
	"login or password is wrong, or there were too many attempts: wait up to 15 minutes"

static struct accounts *accounts;
static struct db *db;

static int enter_people(void **state)
{
	if (enter(state) < 0)
		return -1;
	accounts = open_accounts(&options_cheap);
	db = open_people();
	return 0;
}

static int leave_people(void **state)
{
	db_close(db);
	accounts_close(accounts);
	return leave(state);
}

/* NOW, so many seconds later. */
static struct slice later(int64_t seconds)
{
	static char space[TIME_LENGTH];
	int64_t now;

	assert_true(time_parse(NOW, &now));
	return time_write(now + seconds, space);
}

/* How many passwords are hashed by a login, which ends like that. */
static uint64_t log_in_from(struct slice peer, const char *login, struct slice password,
			    struct slice now, int expected, struct account_secret *ret_cookie)
{
	uint64_t before = accounts_hashed(accounts);
	struct account_attempt attempt;
	struct account_secret cookie = {};
	struct fault fault = {};

	if (account_login_check(accounts, db, slice_cstr(login), password, peer, now, &attempt,
				&fault) != 0)
		fail_msg("%s", fault.text);
	begin(db, true);
	ended(db, account_login(accounts, db, &attempt, SLICE_NONE, now, &cookie, &fault), expected,
	      &fault);
	if (expected == ACCOUNT_REFUSED)
		assert_string_equal(fault.text, NO_LOGIN);
	else
		assert_int_equal(cookie.n, 43);
	if (ret_cookie)
		*ret_cookie = cookie;
	return accounts_hashed(accounts) - before;
}

static uint64_t log_in(const char *login, struct slice password, struct slice now, int expected)
{
	return log_in_from(PEER, login, password, now, expected, NULL);
}

/* One password is hashed whatever is wrong, and the same is said. */
static void test_same_for_all(void **state)
{
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	(void)add_person(db, "bare");
	(void)add_person(db, "gone");
	set_password(accounts, db, 1, PASSWORD);
	set_password(accounts, db, 3, PASSWORD);
	begin(db, true);
	ended(db, account_disable(db, 3, NOW, &fault), 0, &fault);
	assert_int_equal(log_in("ada", PASSWORD, NOW, 0), 1);
	assert_int_equal(log_in("ADA", PASSWORD, NOW, 0), 1);
	assert_int_equal(log_in("ada", SLICE("seven wild goose"), NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("ada", SLICE(""), NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("ada", SLICE_NONE, NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("nobody", PASSWORD, NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("", PASSWORD, NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("\xff", PASSWORD, NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("bare", PASSWORD, NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("bare", SLICE(""), NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("gone", PASSWORD, NOW, ACCOUNT_REFUSED), 1);
	/* As much is written: a row for the account, or for none, and one for the peer. */
	assert_int_equal(ask(db, "SELECT count(*) FROM account_failures"), 5);
	assert_int_equal(
		ask(db, "SELECT failures FROM account_failures WHERE subject = 'peer 192.0.2.1'"),
		9);
	assert_int_equal(
		ask(db, "SELECT failures FROM account_failures WHERE subject = 'account 0'"), 3);
}

/* Five failures, then 30 s, and twice as long with each further one. */
static void test_lockout(void **state)
{
	static const int64_t locks[] = {30, 60, 120, 240, 480, 900, 900};
	struct slice wrong = SLICE("wrong password");
	struct arena arena CLEANUP(arena_done) = {};
	int64_t at = 0;
	char peer[16];

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	for (unsigned i = 0; i < 4; i++)
		(void)log_in("ada", wrong, NOW, ACCOUNT_REFUSED);
	(void)log_in("ada", PASSWORD, NOW, 0);
	for (unsigned i = 0; i < 4; i++)
		(void)log_in("ada", wrong, NOW, ACCOUNT_REFUSED);
	for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
		(void)snprintf(peer, sizeof(peer), "10.0.0.%zu", i);
		(void)log_in_from(slice_cstr(peer), "ada", wrong, later(at), ACCOUNT_REFUSED, NULL);
		assert_slice(read_person(db, 1, &arena).locked, later(at + locks[i]));
		/* Meanwhile the right one is refused, costs the same, and does not lock longer. */
		at += locks[i];
		assert_int_equal(log_in_from(slice_cstr(peer), "ada", PASSWORD, later(at - 1),
					     ACCOUNT_REFUSED, NULL),
				 1);
		assert_slice(read_person(db, 1, &arena).locked, later(at));
	}
	(void)log_in("ada", PASSWORD, later(at), 0);
	assert_absent(read_person(db, 1, &arena).locked);
}

/* Failures a day ago are forgotten. */
static void test_forgotten(void **state)
{
	struct slice wrong = SLICE("wrong password");
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	for (unsigned i = 0; i < 4; i++)
		(void)log_in("ada", wrong, NOW, ACCOUNT_REFUSED);
	(void)log_in("ada", wrong, later(86400), ACCOUNT_REFUSED);
	assert_int_equal(
		ask(db, "SELECT failures FROM account_failures WHERE subject = 'account 1'"), 1);
	(void)log_in("ada", PASSWORD, later(86400), 0);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_failures"), 1);
	begin(db, true);
	ended(db, accounts_sweep(accounts, db, later(2 * 86400 - 1), &fault), 0, &fault);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_failures"), 1);
	begin(db, true);
	ended(db, accounts_sweep(accounts, db, later(2 * 86400), &fault), 0, &fault);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_failures"), 0);
}

/* A peer that tries many logins is locked, which costs no hash; others are not. */
static void test_peer_locked(void **state)
{
	struct slice peer = SLICE("2001:db8:1:2::5"), same = SLICE("2001:DB8:1:2:ffff::1");
	struct slice other = SLICE("2001:db8:1:3::5");
	char login[16];

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(login, sizeof(login), "nobody%u", i);
		assert_int_equal(log_in_from(peer, login, PASSWORD, NOW, ACCOUNT_REFUSED, NULL), 1);
	}
	assert_int_equal(log_in_from(same, "ada", PASSWORD, later(29), ACCOUNT_REFUSED, NULL), 0);
	assert_int_equal(log_in_from(other, "ada", PASSWORD, later(29), 0, NULL), 1);
	assert_int_equal(log_in_from(same, "ada", PASSWORD, later(30), 0, NULL), 1);
	/* That does not make good for the others' failures. */
	assert_int_equal(log_in_from(peer, "nobody", PASSWORD, later(30), ACCOUNT_REFUSED, NULL),
			 1);
	assert_int_equal(log_in_from(peer, "ada", PASSWORD, later(89), ACCOUNT_REFUSED, NULL), 0);
}

/* A failure every few minutes is what offices have. */
static void test_peer_forgiven(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 30; i++)
		(void)log_in("nobody", PASSWORD, later(179 * (int64_t)i), ACCOUNT_REFUSED);
	assert_int_equal(
		ask(db, "SELECT failures FROM account_failures WHERE subject = 'peer 192.0.2.1'"),
		2);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_failures WHERE subject = "
				 "'peer 192.0.2.1' AND locked IS NULL"),
			 1);
}

/* Attempts that were checked at the same time do not get round a lock. */
static void test_checked_before_lock(void **state)
{
	struct account_attempt right;
	struct account_secret cookie;
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	assert_int_equal(account_login_check(accounts, db, SLICE("ada"), PASSWORD, PEER, NOW,
					     &right, &fault),
			 0);
	for (unsigned i = 0; i < 5; i++)
		(void)log_in("ada", SLICE("wrong password"), NOW, ACCOUNT_REFUSED);
	begin(db, true);
	ended(db, account_login(accounts, db, &right, SLICE_NONE, NOW, &cookie, &fault),
	      ACCOUNT_REFUSED, &fault);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	begin(db, true);
	ended(db, account_login(accounts, db, &right, SLICE_NONE, later(60), &cookie, &fault),
	      ACCOUNT_REFUSED, &fault);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_sessions"), 0);
}

/* A password is hashed again with today's parameters when it was right. */
static void test_parameters_changed(void **state)
{
	struct accounts_options dearer = {.hash_memory = 16384, .hash_passes = 2};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	assert_int_equal(
		ask(db, "SELECT count(*) FROM accounts WHERE password LIKE '$argon2id$%m=8,t=1%'"),
		1);
	accounts_close(accounts);
	accounts = open_accounts(&dearer);
	assert_int_equal(log_in("ada", SLICE("wrong"), NOW, ACCOUNT_REFUSED), 1);
	assert_int_equal(log_in("ada", PASSWORD, NOW, 0), 2);
	assert_int_equal(
		ask(db, "SELECT count(*) FROM accounts WHERE password LIKE '$argon2id$%m=16,t=2%'"),
		1);
	assert_int_equal(log_in("ada", PASSWORD, NOW, 0), 1);
}

static int find_session(const struct account_secret *cookie, struct slice now,
			struct account_session *ret_session)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct fault fault = {};
	int result = account_session_find(accounts, db, account_secret_text(cookie), now, &arena,
					  &account, ret_session, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	if (result == 0)
		assert_int_equal(ret_session->account, account.number);
	return result;
}

static void test_session(void **state)
{
	struct account_secret cookie, second;
	struct account_session session, other;
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &cookie);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &second);
	assert_int_equal(find_session(&cookie, later(60), &session), 0);
	assert_false(session.stale);
	assert_int_equal(find_session(&cookie, later(61), &session), 0);
	assert_true(session.stale);
	/* Two hours of nothing. */
	assert_int_equal(find_session(&cookie, later(7199), &session), 0);
	assert_int_equal(find_session(&cookie, later(7200), &session), ACCOUNT_NONE);
	begin(db, true);
	ended(db, account_session_touch(db, session.number, later(7140), &fault), 0, &fault);
	assert_int_equal(find_session(&cookie, later(7200), &session), 0);
	assert_false(session.stale);
	assert_int_equal(find_session(&second, later(7200), &other), ACCOUNT_NONE);
	/* An older moment changes nothing. */
	begin(db, true);
	ended(db, account_session_touch(db, session.number, later(5), &fault), 0, &fault);
	assert_int_equal(find_session(&cookie, later(7200), &session), 0);
	/* Twelve hours, whatever happens. */
	begin(db, true);
	ended(db, account_session_touch(db, session.number, later(43199), &fault), 0, &fault);
	assert_int_equal(find_session(&cookie, later(43199), &session), 0);
	assert_int_equal(find_session(&cookie, later(43200), &session), ACCOUNT_NONE);
	begin(db, true);
	ended(db, accounts_sweep(accounts, db, later(43199), &fault), 0, &fault);
	assert_int_equal(ask(db, "SELECT count(*) FROM account_sessions"), 1);
	begin(db, true);
	ended(db, account_session_end(db, session.number, &fault), 0, &fault);
	assert_int_equal(find_session(&cookie, NOW, &session), ACCOUNT_NONE);
}

/* Whom others lock out by guessing has a way in: another password, of an administrator. */
static void test_unlocked(void **state)
{
	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	for (unsigned i = 0; i < 5; i++)
		(void)log_in("ada", SLICE("nine mild geese"), NOW, ACCOUNT_REFUSED);
	(void)log_in("ada", PASSWORD, NOW, ACCOUNT_REFUSED);
	set_password(accounts, db, 1, SLICE("eight wild swans"));
	(void)log_in("ada", SLICE("eight wild swans"), NOW, 0);
}

/* Of the 256 bits of 43 characters (RFC 4648, section 5) each is set at times, and at times not. */
static void test_chance(void **state)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	enum { COOKIES = 128, LENGTH = 43 };
	unsigned set[LENGTH] = {}, clear[LENGTH] = {};
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	for (size_t i = 0; i < COOKIES; i++) {
		struct account_secret cookie;

		begin(db, true);
		ended(db, account_session_begin(accounts, db, 1, SLICE_NONE, NOW, &cookie, &fault),
		      0, &fault);
		assert_int_equal(cookie.n, LENGTH);
		for (size_t k = 0; k < LENGTH; k++) {
			const char *digit = memchr(digits, cookie.bytes[k], sizeof(digits) - 1);

			assert_non_null(digit);
			set[k] |= (unsigned)(digit - digits);
			clear[k] |= ~(unsigned)(digit - digits);
		}
	}
	for (size_t k = 0; k < LENGTH; k++)
		assert_int_equal(set[k] & clear[k] & 63, k == LENGTH - 1 ? 60 : 63);
}

/* To its last character: no shorter one is as good. */
static void test_whole_password(void **state)
{
	char password[ACCOUNT_PASSWORD_MAX];
	static const size_t shorter[] = {127, 96, 72, 64, 32, 12};

	(void)state;
	for (size_t i = 0; i < sizeof(password); i++)
		password[i] = (char)('a' + i % 26);
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, (struct slice){password, sizeof(password)});
	for (size_t i = 0; i < ARRAY_SIZE(shorter); i++) {
		struct account_secret cookie;

		(void)log_in_from(PEER, "ada", (struct slice){password, shorter[i]}, NOW,
				  ACCOUNT_REFUSED, &cookie);
		(void)log_in_from(PEER, "ada", (struct slice){password, sizeof(password)}, NOW, 0,
				  &cookie);
	}
}

static void test_no_session(void **state)
{
	struct account_secret cookie, wrong;
	struct account_session session;
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &cookie);
	wrong = cookie;
	wrong.bytes[42] ^= 1;
	assert_int_equal(find_session(&wrong, NOW, &session), ACCOUNT_NONE);
	wrong = cookie;
	wrong.n--;
	assert_int_equal(find_session(&wrong, NOW, &session), ACCOUNT_NONE);
	assert_int_equal(account_session_find(accounts, db, SLICE_NONE, NOW, &arena, &account,
					      &session, &fault),
			 ACCOUNT_NONE);
	assert_int_equal(account_session_find(accounts, db, SLICE("' OR 1=1 --"), NOW, &arena,
					      &account, &session, &fault),
			 ACCOUNT_NONE);
	assert_int_equal(find_session(&cookie, NOW, &session), 0);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	begin(db, true);
	ended(db, account_enable(db, 1, &fault), 0, &fault);
	assert_int_equal(find_session(&cookie, NOW, &session), ACCOUNT_NONE);
}

/* A login's session is a new one, and the one before it is over; so it is with a new password. */
static void test_rotation(void **state)
{
	struct account_secret cookie, second, third;
	struct account_session session;
	struct account_attempt attempt;
	struct account_hash hash;
	struct arena arena CLEANUP(arena_done) = {};
	struct account account;
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &cookie);
	assert_int_equal(account_login_check(accounts, db, SLICE("ada"), PASSWORD, PEER, NOW,
					     &attempt, &fault),
			 0);
	begin(db, true);
	ended(db,
	      account_login(accounts, db, &attempt, account_secret_text(&cookie), NOW, &second,
			    &fault),
	      0, &fault);
	assert_memory_not_equal(cookie.bytes, second.bytes, 43);
	assert_int_equal(find_session(&cookie, NOW, &session), ACCOUNT_NONE);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &third);
	assert_int_equal(find_session(&second, NOW, &session), 0);
	account = read_person(db, 1, &arena);
	assert_int_equal(
		account_password_hash(accounts, &account, SLICE("nine wild geese"), &hash, &fault),
		0);
	begin(db, true);
	ended(db, account_password_set(db, 1, &hash, session.number, &fault), 0, &fault);
	assert_int_equal(find_session(&second, NOW, &session), 0);
	assert_int_equal(find_session(&third, NOW, &session), ACCOUNT_NONE);
	(void)log_in("ada", PASSWORD, NOW, ACCOUNT_REFUSED);
	(void)log_in("ada", SLICE("nine wild geese"), NOW, 0);
	begin(db, true);
	ended(db, account_session_end_all(db, 1, &fault), 0, &fault);
	assert_int_equal(find_session(&second, NOW, &session), ACCOUNT_NONE);
	begin(db, true);
	ended(db, account_password_set(db, 1, NULL, 0, &fault), 0, &fault);
	(void)log_in("ada", SLICE("nine wild geese"), NOW, ACCOUNT_REFUSED);
	(void)log_in("ada", SLICE(""), NOW, ACCOUNT_REFUSED);
}

static void test_csrf(void **state)
{
	struct account_secret cookies[2], changed;
	struct account_session sessions[2], again;

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	for (unsigned i = 0; i < 2; i++) {
		(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &cookies[i]);
		assert_int_equal(find_session(&cookies[i], NOW, &sessions[i]), 0);
		assert_true(account_csrf_right(accounts, &sessions[i],
					       account_secret_text(&sessions[i].csrf)));
	}
	assert_int_equal(find_session(&cookies[0], later(99), &again), 0);
	assert_slice(account_secret_text(&again.csrf), account_secret_text(&sessions[0].csrf));
	assert_false(
		account_csrf_right(accounts, &sessions[0], account_secret_text(&sessions[1].csrf)));
	assert_false(account_csrf_right(accounts, &sessions[0], account_secret_text(&cookies[0])));
	assert_false(account_csrf_right(accounts, &sessions[0], SLICE("")));
	assert_false(account_csrf_right(accounts, &sessions[0], SLICE_NONE));
	changed = sessions[0].csrf;
	changed.bytes[changed.n - 1] ^= 1;
	assert_false(account_csrf_right(accounts, &sessions[0], account_secret_text(&changed)));
	changed = sessions[0].csrf;
	changed.n--;
	assert_false(account_csrf_right(accounts, &sessions[0], account_secret_text(&changed)));
}

static int verify(struct slice secret, struct slice now, struct arena *arena,
		  struct account_token *ret_token)
{
	struct account account;
	struct fault fault = {};
	int result = account_token_verify(db, secret, now, arena, &account, ret_token, &fault);

	if (result < 0)
		fail_msg("%s", fault.text);
	if (result == 0)
		assert_int_equal(account.number, ret_token->account);
	return result;
}

static struct account_secret create_token(const struct account_token *token, int64_t *ret_number)
{
	struct account_secret secret = {};
	struct fault fault = {};

	begin(db, true);
	ended(db, account_token_create(accounts, db, token, NOW, ret_number, &secret, &fault), 0,
	      &fault);
	assert_int_equal(secret.n, 47);
	assert_true(slice_starts(account_secret_text(&secret), SLICE("pbk_")));
	return secret;
}

static int add_label(void *context, const struct account_token *token)
{
	strbuf_add(context, token->label);
	return slice_eq(token->label, SLICE("last")) ? 7 : 0;
}

static void test_tokens(void **state)
{
	struct account_token token = {.account = 1,
				      .label = SLICE("ci"),
				      .scopes = 1 << SCOPE_LEASE},
			     found;
	struct arena arena CLEANUP(arena_done) = {};
	struct strbuf labels CLEANUP(strbuf_done) = {};
	struct account_secret first, second;
	struct fault fault = {};
	int64_t number;

	(void)state;
	(void)add_person(db, "ada");
	(void)add_person(db, "eve");
	first = create_token(&token, &number);
	assert_int_equal(number, 1);
	token.expires = SLICE("2026-11-22T08:00:00Z");
	token.label = SLICE("second");
	second = create_token(&token, &number);
	assert_int_equal(verify(account_secret_text(&first), later(9999999), &arena, &found), 0);
	assert_text(found.label, "ci");
	assert_int_equal(found.scopes, 1 << SCOPE_LEASE);
	assert_absent(found.expires);
	assert_absent(found.used);
	assert_true(found.stale);
	assert_int_equal(verify(account_secret_text(&second), later(3599), &arena, &found), 0);
	assert_slice(found.expires, token.expires);
	assert_int_equal(verify(account_secret_text(&second), later(3600), &arena, &found),
			 ACCOUNT_NONE);
	begin(db, true);
	ended(db, account_token_touch(db, 1, later(100), &fault), 0, &fault);
	assert_int_equal(verify(account_secret_text(&first), later(3700), &arena, &found), 0);
	assert_slice(found.used, later(100));
	assert_false(found.stale);
	assert_int_equal(verify(account_secret_text(&first), later(3701), &arena, &found), 0);
	assert_true(found.stale);
	assert_int_equal(account_token_list(db, 1, add_label, &labels, &fault), 0);
	assert_int_equal(account_token_list(db, 2, add_label, &labels, &fault), 0);
	assert_slice(strbuf_slice(&labels), SLICE("cisecond"));
	/* Another one's is none of theirs. */
	begin(db, true);
	ended(db, account_token_revoke(db, 2, 1, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_token_revoke(db, 1, 1, &fault), 0, &fault);
	assert_int_equal(verify(account_secret_text(&first), NOW, &arena, &found), ACCOUNT_NONE);
	assert_int_equal(verify(account_secret_text(&second), NOW, &arena, &found), 0);
	begin(db, true);
	ended(db, account_token_revoke(db, 1, 1, &fault), ACCOUNT_NONE, &fault);
	begin(db, true);
	ended(db, account_token_revoke(db, 1, 0, &fault), 0, &fault);
	assert_int_equal(verify(account_secret_text(&second), NOW, &arena, &found), ACCOUNT_NONE);
	token.label = SLICE("last");
	(void)create_token(&token, &number);
	assert_int_equal(number, 3);
	assert_int_equal(account_token_list(db, 1, add_label, &labels, &fault), 7);
}

static void test_no_token(void **state)
{
	struct account_token token = {.account = 1, .label = SLICE("ci"), .scopes = 1}, found;
	struct arena arena CLEANUP(arena_done) = {};
	struct account_secret secret, wrong;
	struct account_session session;
	struct fault fault = {};
	int64_t number;

	(void)state;
	(void)add_person(db, "ada");
	secret = create_token(&token, &number);
	wrong = secret;
	wrong.bytes[46] ^= 1;
	assert_int_equal(verify(account_secret_text(&wrong), NOW, &arena, &found), ACCOUNT_NONE);
	assert_int_equal(verify(slice_skip(account_secret_text(&secret), 4), NOW, &arena, &found),
			 ACCOUNT_NONE);
	assert_int_equal(verify(SLICE("pbk_"), NOW, &arena, &found), ACCOUNT_NONE);
	assert_int_equal(verify(SLICE_NONE, NOW, &arena, &found), ACCOUNT_NONE);
	/* One kind of secret is not good as the other. */
	assert_int_equal(find_session(&secret, NOW, &session), ACCOUNT_NONE);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	assert_int_equal(verify(account_secret_text(&secret), NOW, &arena, &found), ACCOUNT_NONE);
	begin(db, true);
	ended(db, account_enable(db, 1, &fault), 0, &fault);
	assert_int_equal(verify(account_secret_text(&secret), NOW, &arena, &found), 0);
}

static void test_token_refused(void **state)
{
	static const struct account_token refused[] = {
		{.account = 1, .scopes = 1},
		{.account = 1, .scopes = 1, .label = {"a\nb", 3}},
		{.account = 1, .label = {"a", 1}},
		{.account = 1, .label = {"a", 1}, .scopes = 1 << SCOPE_COUNT},
		{.account = 1, .label = {"a", 1}, .scopes = 1, .expires = {"tomorrow", 8}},
		{.account = 1,
		 .label = {"a", 1},
		 .scopes = 1,
		 .expires = {"2026-11-22T07:00:00Z", 20}},
	};
	struct account_token nobodys = {.account = 2, .scopes = 1, .label = SLICE("a")};
	struct account_secret secret = {};
	struct fault fault = {};
	enum account_scope scope;
	int64_t number = 0;

	(void)state;
	(void)add_person(db, "ada");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		begin(db, true);
		ended(db,
		      account_token_create(accounts, db, &refused[i], NOW, &number, &secret,
					   &fault),
		      ACCOUNT_REFUSED, &fault);
		assert_told(fault);
	}
	begin(db, true);
	ended(db, account_token_create(accounts, db, &nobodys, NOW, &number, &secret, &fault),
	      ACCOUNT_NONE, &fault);
	assert_int_equal(secret.n, 0);
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		assert_true(account_scope_find(account_scope_name((enum account_scope)i), &scope));
		assert_int_equal(scope, i);
	}
	assert_absent(account_scope_name(SCOPE_COUNT));
	assert_false(account_scope_find(SLICE("all"), &scope));
}

static void test_too_many_tokens(void **state)
{
	struct account_token token = {.account = 1, .label = SLICE("a"), .scopes = 1};
	struct account_secret secret;
	struct fault fault = {};
	int64_t number = 0;
	int result = 0;

	(void)state;
	(void)add_person(db, "ada");
	begin(db, true);
	for (unsigned i = 0; i < ACCOUNT_TOKENS_MAX; i++) {
		assert_int_equal(result, 0);
		result = account_token_create(accounts, db, &token, NOW, &number, &secret, &fault);
	}
	ended(db, account_token_create(accounts, db, &token, NOW, &number, &secret, &fault),
	      ACCOUNT_REFUSED, &fault);
	assert_int_equal(number, ACCOUNT_TOKENS_MAX);
	assert_told(fault);
}

static void test_proxy(void **state)
{
	static const struct slice trusted[] = {{"127.0.0.1", 9}, {"2001:db8::1", 11}};
	static const struct slice none[] = {{"proxy.example.org", 17}};
	static const char *const others[] = {
		"127.0.0.2", "127.0.0.1 ", "2001:db8::2",	  "unix",
		"",	     "localhost",  "127.0.0.1,192.0.2.1", "::"};
	struct accounts_options options = options_cheap;
	struct accounts *refused = NULL;
	struct arena arena CLEANUP(arena_done) = {};
	struct account account = {};
	struct fault fault = {};

	(void)state;
	(void)add_person(db, "ada");
	/* Nobody is trusted where none is configured. */
	assert_false(accounts_trust(accounts, SLICE("127.0.0.1")));
	assert_false(accounts_trust(accounts, SLICE("")));
	options.proxies = trusted;
	options.proxy_count = ARRAY_SIZE(trusted);
	accounts_close(accounts);
	accounts = open_accounts(&options);
	assert_int_equal(accounts_by_proxy(accounts, db, SLICE("127.0.0.1"), SLICE("Ada"), &arena,
					   &account, &fault),
			 0);
	assert_int_equal(account.number, 1);
	assert_true(accounts_trust(accounts, SLICE("::ffff:127.0.0.1")));
	assert_true(accounts_trust(accounts, SLICE("2001:0DB8:0::1")));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(accounts_by_proxy(accounts, db, slice_cstr(others[i]),
						   SLICE("ada"), &arena, &account, &fault),
				 ACCOUNT_REFUSED);
	assert_int_equal(accounts_by_proxy(accounts, db, SLICE("127.0.0.1"), SLICE("eve"), &arena,
					   &account, &fault),
			 ACCOUNT_NONE);
	assert_int_equal(accounts_by_proxy(accounts, db, SLICE("127.0.0.1"), SLICE(""), &arena,
					   &account, &fault),
			 ACCOUNT_REFUSED);
	assert_int_equal(accounts_by_proxy(accounts, db, SLICE("127.0.0.1"), SLICE("\xff"), &arena,
					   &account, &fault),
			 ACCOUNT_REFUSED);
	begin(db, true);
	ended(db, account_disable(db, 1, NOW, &fault), 0, &fault);
	assert_int_equal(accounts_by_proxy(accounts, db, SLICE("127.0.0.1"), SLICE("ada"), &arena,
					   &account, &fault),
			 ACCOUNT_NONE);
	options.proxies = none;
	options.proxy_count = 1;
	expect_refused(accounts_open(&options, &refused, &fault), FAULT_MALFORMED, &fault,
		       "\"proxy.example.org\"");
	options.proxy_count = ACCOUNT_PEERS_MAX + 1;
	expect_refused(accounts_open(&options, &refused, &fault), FAULT_LIMIT, &fault, "16");
	assert_null(refused);
}

/* In the file of SQLite: neither passwords nor cookies nor tokens are in the database, nor in what
 * was said. */
static void test_secrets_not_stored(void **state)
{
	struct account_token token = {.account = 1, .label = SLICE("ci"), .scopes = 1};
	struct file_content content = {};
	struct account_secret secrets[3];
	struct account_session session;
	struct fault fault = {};
	int64_t number;

	(void)state;
	(void)add_person(db, "ada");
	set_password(accounts, db, 1, PASSWORD);
	secrets[0] = create_token(&token, &number);
	(void)log_in("ada", SLICE("nine mild geese"), NOW, ACCOUNT_REFUSED);
	(void)log_in("nine mild geese", PASSWORD, NOW, ACCOUNT_REFUSED);
	(void)log_in_from(PEER, "ada", PASSWORD, NOW, 0, &secrets[1]);
	assert_int_equal(find_session(&secrets[1], NOW, &session), 0);
	secrets[2] = session.csrf;
	db_close(db);
	db = NULL;
	assert_int_equal(file_read(where, 1 << 24, &content, &fault), 0);
	assert_true(slice_find(content.text, SLICE("ada")) != (size_t)-1);
	assert_true(slice_find(content.text, PASSWORD) == (size_t)-1);
	assert_true(slice_find(content.text, SLICE("nine mild geese")) == (size_t)-1);
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		struct slice secret = account_secret_text(&secrets[i]);

		assert_true(slice_find(content.text, secret) == (size_t)-1);
		assert_true(slice_find(content.text, (struct slice){secret.p + 4, 20}) ==
			    (size_t)-1);
	}
	file_content_done(&content);
}

/* What a person said is gone from the file, too, where they are erased. */
static void test_erased_bytes(void **state)
{
	static const char *const texts[] = {"Lovelace", "ada@example.org", "Ada_L", "adalogin",
					    "$argon2id$"};
	struct account_details details = {.login = SLICE("adalogin"),
					  .name = SLICE("Ada Lovelace"),
					  .email = SLICE("ada@example.org"),
					  .person = SLICE("Ada_L")};
	struct fault fault = {};
	int64_t number;

	(void)state;
	begin(db, true);
	ended(db, account_create(db, &details, NOW, &number, &fault), 0, &fault);
	set_password(accounts, db, number, PASSWORD);
	for (unsigned erased = 0; erased < 2; erased++) {
		struct file_content content = {};

		if (erased) {
			begin(db, true);
			ended(db, account_erase(db, number, NOW, &fault), 0, &fault);
		}
		assert_int_equal(file_read(where, 1 << 24, &content, &fault), 0);
		for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
			size_t at = slice_find(content.text, slice_cstr(texts[i]));

			assert_int_equal(at == (size_t)-1, erased);
		}
		file_content_done(&content);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_for_all, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_lockout, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_forgotten, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_peer_locked, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_peer_forgiven, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_checked_before_lock, enter_people,
						leave_people),
		cmocka_unit_test_setup_teardown(test_parameters_changed, enter_people,
						leave_people),
		cmocka_unit_test_setup_teardown(test_session, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_unlocked, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_chance, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_whole_password, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_no_session, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_rotation, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_csrf, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_tokens, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_no_token, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_token_refused, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_too_many_tokens, enter_people, leave_people),
		cmocka_unit_test_setup_teardown(test_proxy, enter_people, leave_people),
	};

	const struct CMUnitTest of_file[] = {
		cmocka_unit_test_setup_teardown(test_secrets_not_stored, enter_people,
						leave_people),
		cmocka_unit_test_setup_teardown(test_erased_bytes, enter_people, leave_people),
	};

	if (argc == 2 && strcmp(argv[1], "postgres") == 0)
		where = getenv("PORTBOOK_POSTGRES_URL");
	else if (argc == 2 && strcmp(argv[1], "file") == 0)
		return cmocka_run_group_tests_name("secrets", of_file, NULL, NULL);
	else if (argc != 2 || strcmp(argv[1], "sqlite") != 0)
		return 2;
	return where ? cmocka_run_group_tests_name("login", tests, NULL, NULL) : 2;
}
