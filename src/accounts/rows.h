/* Inside accounts/: accounts as rows. */
#ifndef PORTBOOK_ACCOUNTS_ROWS_H
#define PORTBOOK_ACCOUNTS_ROWS_H

#include "accounts/accounts.h"

/* db_execute(), with ACCOUNT_NONE where there is no row, and 0 where there is one. */
int rows_must(struct db *db, const char *sql, struct db_values values,
	      struct fault *fault) MUST_USE;

/* A number that nothing of that kind ("account", "session", "token") ever had. */
int rows_next_number(struct db *db, const char *kind, int64_t *ret_number,
		     struct fault *fault) MUST_USE;

/* SELECT ... FROM accounts a, as rows_account() reads it, with more columns behind those. */
#define ACCOUNT_COLUMNS                                                                            \
	"a.number, a.login, a.name, a.email, a.person, a.created, a.disabled, f.locked, "          \
	"a.password IS NOT NULL"
#define ACCOUNT_TABLES                                                                             \
	" FROM accounts a LEFT JOIN account_failures f"                                            \
	" ON f.subject = 'account ' || CAST(a.number AS text) "
enum { ACCOUNT_COLUMN_COUNT = 9 };

enum { LOGIN_MAX = 64 };

/* A login as it is compared. */
struct login_key {
	char text[LOGIN_MAX];
	size_t n;
};

/* False: it is longer than any login, or no text. */
bool rows_login_key(struct slice login, struct login_key *ret_key) MUST_USE;

/* The statement's row, with its roles; all text goes into the arena. */
int rows_account(struct db *db, struct db_statement *statement, struct arena *arena,
		 struct account *ret_account, struct fault *fault) MUST_USE;

/* The moment as seconds; FAULT_MALFORMED where it is none. */
int rows_time(struct slice text, int64_t *ret_seconds, struct fault *fault) MUST_USE;

/* Whether it is empty, or a line of at most so many bytes in UTF-8. */
bool rows_is_line(struct slice text, size_t most) MUST_USE;

/* 0, or ACCOUNT_LAST where the account is the only one that administers and is not disabled. */
int rows_keep_administrator(struct db *db, int64_t number, struct fault *fault) MUST_USE;

#endif
