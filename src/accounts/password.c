/* Which passwords are taken: OWASP ASVS 4.0.3, V2.1. */
#include "accounts/common.h"
#include "accounts/failures.h"
#include "accounts/rows.h"
#include "accounts/secret.h"
#include "base/utf8.h"

enum {
	WORD_MIN = 3,	/* bytes of a word that is looked for in passwords */
	PERIOD_MAX = 4, /* bytes that are repeated */
	WORDS_MAX = 16,
};

/* Words that say who somebody is, or where. */
struct words {
	struct slice words[WORDS_MAX];
	size_t count;
};

static void add_word(struct words *words, struct slice word)
{
	if (word.n >= WORD_MIN && words->count < WORDS_MAX)
		words->words[words->count++] = word;
}

static void add_parts(struct words *words, struct slice text, char separator)
{
	while (text.p)
		add_word(words, slice_cut(&text, separator));
}

/* The bytes of the word that a text begins with, in any case; 0: of none. */
static size_t word_at(const struct words *words, struct slice text)
{
	size_t longest = 0;

	for (size_t i = 0; i < words->count; i++) {
		struct slice word = words->words[i];

		if (word.n > longest && word.n <= text.n &&
		    utf8_fold_eq((struct slice){text.p, word.n}, word))
			longest = word.n;
	}
	return longest;
}

/* Made of such words, and of what are no letters between and behind them. */
static bool is_made_of(struct slice password, const struct words *words)
{
	bool any = false;

	for (size_t at = 0; at < password.n;) {
		struct slice rest = slice_skip(password, at);
		size_t n = word_at(words, rest);

		if (n == 0 && (byte_is_letter(rest.p[0]) || (unsigned char)rest.p[0] >= 0x80))
			return false;
		any |= n > 0;
		at += n > 0 ? n : 1;
	}
	return any;
}

/* The same few bytes over and over. */
static bool is_repeated(struct slice password)
{
	for (size_t period = 1; period <= PERIOD_MAX; period++) {
		size_t at = period;

		while (at < password.n && password.p[at] == password.p[at - period])
			at++;
		if (at >= password.n)
			return true;
	}
	return false;
}

static bool is_about(const struct accounts *accounts, const struct account *account,
		     struct slice password)
{
	struct words words = {};

	add_word(&words, SLICE("portbook"));
	add_word(&words, accounts->service);
	add_word(&words, account->login);
	add_word(&words, account->email);
	add_parts(&words, account->email, '@');
	add_parts(&words, account->name, ' ');
	return is_made_of(password, &words);
}

static size_t count_characters(struct slice text)
{
	size_t count = 0;
	uint32_t character;

	for (; text.n > 0; count++)
		text = slice_skip(text, utf8_next(text, &character));
	return count;
}

static int check(const struct accounts *accounts, const struct account *account,
		 struct slice password, struct fault *fault)
{
	size_t bad_at, characters;

	if (!utf8_valid(password, &bad_at))
		return fault_set(fault, ACCOUNT_REFUSED, "a password is text in UTF-8");
	characters = count_characters(password);
	if (characters < ACCOUNT_PASSWORD_MIN)
		return fault_set(fault, ACCOUNT_REFUSED, "a password has at least %d characters",
				 ACCOUNT_PASSWORD_MIN);
	if (characters > ACCOUNT_PASSWORD_MAX)
		return fault_set(fault, ACCOUNT_REFUSED, "a password has at most %d characters",
				 ACCOUNT_PASSWORD_MAX);
	if (common_has(password) || is_repeated(password))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "this password is one that many have, and is tried first");
	if (is_about(accounts, account, password))
		return fault_set(fault, ACCOUNT_REFUSED,
				 "a password is not made of one's login, name or address, or the "
				 "service's name");
	return 0;
}

int account_password_hash(struct accounts *accounts, const struct account *account,
			  struct slice password, struct account_hash *ret_hash, struct fault *fault)
{
	int result = check(accounts, account, password, fault);

	return result == 0 ? secret_hash_password(accounts, password, ret_hash, fault) : result;
}

int account_password_set(struct db *db, int64_t number, const struct account_hash *hash,
			 int64_t session, struct fault *fault)
{
	int result = rows_must(
		db,
		"UPDATE accounts SET password = ?2 WHERE number = ?1 AND erased = 0 RETURNING 1",
		DB_VALUES(db_value_int(number),
			  db_value_text(hash ? slice_cstr(hash->text) : SLICE_NONE)),
		fault);

	if (result == 0)
		result = failures_forget_account(db, number, fault);
	if (result == 0)
		result = db_execute(
			db, "DELETE FROM account_sessions WHERE account = ?1 AND number <> ?2",
			DB_VALUES(db_value_int(number), db_value_int(session)), fault);
	return result;
}
