/*
 * People of the desk: accounts with their roles, passwords, sessions and tokens, in the tables of
 * accounts_schema() in the store's database. docs/SECURITY.md says what is protected how.
 *
 * Times are "YYYY-MM-DDThh:mm:ssZ" of the caller's clock. Transactions are the caller's: functions
 * marked "writes" need one open for writing, all others take one of either kind, or none. Those
 * marked "hashes" take 100 to 300 ms and ACCOUNT_HASH_MEMORY: they belong outside of
 * transactions for writing, and how many run at once is the caller's to bound.
 *
 * Secrets (passwords, values of cookies, tokens) are in no fault, and in the database as hashes
 * alone; copies that are made here are wiped. The caller wipes its own (account_secret_done).
 *
 * Functions return 0, a negative fault, or where they say so one of enum account_outcome.
 */
#ifndef PORTBOOK_ACCOUNTS_ACCOUNTS_H
#define PORTBOOK_ACCOUNTS_ACCOUNTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "base/slice.h"
#include "db/db.h"
#include "policy/procedure.h"

/* What came of what was asked, beside 0 and faults. */
enum account_outcome {
	ACCOUNT_NONE = 1, /* no such account, role, session or token; or its time is over */
	ACCOUNT_TAKEN,	  /* another account has that login */
	ACCOUNT_REFUSED,  /* the fault's text says to the person what is wrong */
	ACCOUNT_LAST,	  /* nobody would be left who administers accounts */
};

/* -- What all threads share -- */

enum {
	ACCOUNT_PEERS_MAX = 16,
	ACCOUNT_PASSWORD_MIN = 12,	/* characters: OWASP ASVS 4.0.3, 2.1.1 */
	ACCOUNT_PASSWORD_MAX = 128,	/* 2.1.2 */
	ACCOUNT_HASH_MEMORY = 67108864, /* bytes that one hash takes, and passes over them: */
	ACCOUNT_HASH_PASSES = 2,	/* more than OWASP's minimum of 19 MiB and 2 */
};

/* Zeroed: as each says. */
struct accounts_options {
	uint64_t hash_memory;	/* Argon2id; 0: ACCOUNT_HASH_MEMORY; tests: 8192 */
	unsigned hash_passes;	/* 0: ACCOUNT_HASH_PASSES; tests: 1 */
	struct slice service;	/* a name that no password is made of, beside "portbook" */
	unsigned idle_minutes;	/* of a session: 0: 120 */
	unsigned session_hours; /* 0: 12 */
	unsigned failures; /* of logins before an account is locked; 0: 5; of a peer 4 times that */
	/*
	 * Peers whose header says who somebody is: addresses, and "unix" for a socket. Up to
	 * ACCOUNT_PEERS_MAX.
	 */
	const struct slice *proxies;
	size_t proxy_count;
};

/* Immutable: any number of threads use it. */
struct accounts;

/*
 * options may be NULL. *ret_accounts is the caller's. FAULT_SYSTEM where libsodium is not there,
 * FAULT_MALFORMED where a proxy is no address, FAULT_LIMIT where there are too many, or
 * the memory is none that Argon2id takes.
 */
int accounts_open(const struct accounts_options *options, struct accounts **ret_accounts,
		  struct fault *fault) MUST_USE;
/* Takes NULL. */
void accounts_close(struct accounts *accounts);
void accounts_closep(struct accounts **accounts);

/* How many passwords were hashed so far, by all threads. */
uint64_t accounts_hashed(const struct accounts *accounts);

/* SQL that makes the tables, once: for db_run(), writes. */
const char *accounts_schema(void);

/* -- Accounts -- */

struct account_role {
	enum role role;
	int32_t first_port, last_port; /* both -1: service names without a port */
};

/* Text lives in the arena that it was read into. number 0: none. */
struct account {
	int64_t number;
	struct slice login;
	struct slice name, email; /* absent: not told */
	struct slice person;	  /* id in the registry; absent: none */
	struct slice created;
	struct slice disabled; /* since when; absent: it is not */
	struct slice locked;   /* for logins, until when; absent: never was */
	bool has_password;
	const struct account_role *roles;
	size_t role_count;
};

/*
 * Whether the account has the role for a port, or (-1) for names. NULL and disabled ones have none.
 */
bool account_has_role(const struct account *account, enum role role, int32_t port);
/* ... for all ports from first to last; both -1: for names. */
bool account_has_role_for(const struct account *account, enum role role, int32_t first_port,
			  int32_t last_port);
/* Whether the account has the role for anything at all. */
bool account_has_role_anywhere(const struct account *account, enum role role);

/* 0 or ACCOUNT_NONE; disabled ones, too. Logins compare without regard to case. */
int account_read(struct db *db, int64_t number, struct arena *arena, struct account *ret_account,
		 struct fault *fault) MUST_USE;
int account_find(struct db *db, struct slice login, struct arena *arena,
		 struct account *ret_account, struct fault *fault) MUST_USE;

/* A result other than 0 ends the walk, and is what it returns. Borrowed until it returns. */
typedef int account_handler(void *context, const struct account *account);

/* Accounts whose number is above after, by number, most at once; erased ones are left out. */
int account_list(struct db *db, int64_t after, unsigned most, account_handler *handler,
		 void *context, struct fault *fault) MUST_USE;

/* What a person may say of an account. Absent or empty name, email and person: none. */
struct account_details {
	struct slice login;  /* 1 to 64 of A-Z a-z 0-9 . _ - + @, of which the first is no mark */
	struct slice name;   /* up to 200 bytes, a line */
	struct slice email;  /* mail_address_valid() (mail/mail.h) */
	struct slice person; /* up to 64 bytes */
};

/* Whether an account may have them: 0 or ACCOUNT_REFUSED. An absent login is not looked at. */
int account_check(const struct account_details *details, struct fault *fault) MUST_USE;
/* Writes. Without password or roles. 0, ACCOUNT_TAKEN or ACCOUNT_REFUSED. */
int account_create(struct db *db, const struct account_details *details, struct slice now,
		   int64_t *ret_number, struct fault *fault) MUST_USE;
/* Writes. An absent login stays. 0, ACCOUNT_NONE, ACCOUNT_TAKEN or ACCOUNT_REFUSED. */
int account_change(struct db *db, int64_t number, const struct account_details *details,
		   struct fault *fault) MUST_USE;
/* Writes. Sessions end; tokens do nothing while it is disabled. 0, ACCOUNT_NONE, ACCOUNT_LAST. */
int account_disable(struct db *db, int64_t number, struct slice now, struct fault *fault) MUST_USE;
/* Writes. 0 or ACCOUNT_NONE, also of erased ones. */
int account_enable(struct db *db, int64_t number, struct fault *fault) MUST_USE;

/*
 * Writes. Name, e-mail address, person, password, roles, sessions and tokens are removed, the login
 * becomes "erased-N", and the account is disabled for good. 0, ACCOUNT_NONE, ACCOUNT_LAST.
 */
int account_erase(struct db *db, int64_t number, struct slice now, struct fault *fault) MUST_USE;

/*
 * Writes all that is known of an account as a JSON object: its details, roles, sessions and tokens,
 * without secrets and their hashes. 0 or ACCOUNT_NONE. out is memory, or its error sticky.
 */
int account_export(struct db *db, int64_t number, struct out *out, struct fault *fault) MUST_USE;

/* -- Roles -- */

/* The whole of a registry: 0 to 65535, and names: roles as two rows. */
enum { ACCOUNT_PORT_LAST = 65535 };

/*
 * Writes. For ports, or names (both -1). Granting what is there is harmless. 0, ACCOUNT_NONE or
 * ACCOUNT_REFUSED (no such range; the applicant's and assignee's roles follow from requests and
 * rows and are granted to nobody).
 */
int account_grant(struct db *db, int64_t number, const struct account_role *role,
		  struct fault *fault) MUST_USE;
/* Writes. For ports 0 to 65535 and names. Results as above. */
int account_grant_all(struct db *db, int64_t number, enum role role, struct fault *fault) MUST_USE;
/* Writes. Takes it for these ports (names) alone: others of a range that was granted stay.
 * 0, ACCOUNT_NONE (it had it for none of them), ACCOUNT_LAST. */
int account_revoke(struct db *db, int64_t number, const struct account_role *role,
		   struct fault *fault) MUST_USE;
int account_revoke_all(struct db *db, int64_t number, enum role role, struct fault *fault) MUST_USE;

/*
 * Gives those that have the role for a port (-1: for names) to the handler and are not disabled, by
 * number.
 */
int account_list_role(struct db *db, enum role role, int32_t port, account_handler *handler,
		      void *context, struct fault *fault) MUST_USE;

/* -- Secrets -- */

enum { ACCOUNT_SECRET_MAX = 64, ACCOUNT_HASH_SIZE = 128 };

/* The value of a cookie, a token or a token against CSRF: ASCII, shown once. */
struct account_secret {
	char bytes[ACCOUNT_SECRET_MAX];
	size_t n;
};

static inline struct slice account_secret_text(const struct account_secret *secret)
{
	return (struct slice){secret->bytes, secret->n};
}

/* Wipes. */
void account_secret_done(struct account_secret *secret);

/* -- Passwords and logins -- */

/* A password's hash, with its parameters: NUL-terminated; "": none. */
struct account_hash {
	char text[ACCOUNT_HASH_SIZE];
};

/*
 * Hashes, where the password may be one of that account (OWASP ASVS 4.0.3, V2.1): 12 to 128
 * characters, UTF-8, neither well known nor made of login, name, e-mail address or service. 0 or
 * ACCOUNT_REFUSED.
 */
int account_password_hash(struct accounts *accounts, const struct account *account,
			  struct slice password, struct account_hash *ret_hash,
			  struct fault *fault) MUST_USE;

/*
 * Writes. All sessions end but the one of that number (0: all); failures are forgotten. hash NULL:
 * no password from now on. 0 or ACCOUNT_NONE.
 */
int account_password_set(struct db *db, int64_t number, const struct account_hash *hash,
			 int64_t session, struct fault *fault) MUST_USE;

/* What a login is about, from its check to its end. */
struct account_attempt {
	int64_t number; /* 0: no such account */
	bool right;
	char peer[48]; /* what is locked of the peer: its address; of IPv6 the first 64 bits */
	struct account_hash again; /* with today's parameters; "": not needed */
};

/*
 * Hashes. Looks a login and its password up: whatever the login, one password is hashed (a second
 * time where parameters have changed and it was right); none while the peer is locked, which says
 * nothing of accounts. peer: an address, or "unix". The result is
 * for account_login() alone.
 */
int account_login_check(struct accounts *accounts, struct db *db, struct slice login,
			struct slice password, struct slice peer, struct slice now,
			struct account_attempt *ret_attempt, struct fault *fault) MUST_USE;

/*
 * Writes. Ends an attempt: 0 with a new session; cookie (may be absent), the one that the client
 * had, is worth nothing any more. ACCOUNT_REFUSED, with the same text in all cases: no such login,
 * wrong password, disabled, locked, or too many failures of this peer. After ACCOUNT_REFUSED commit
 * as well: failures are counted. Locks last 30 s, twice as long with each further failure, at most
 * 15 minutes; failures are forgotten after a day, an account's with a right login, a peer's one
 * every three minutes.
 */
int account_login(const struct accounts *accounts, struct db *db,
		  const struct account_attempt *attempt, struct slice cookie, struct slice now,
		  struct account_secret *ret_cookie, struct fault *fault) MUST_USE;

/* -- Sessions -- */

struct account_session {
	int64_t number, account;
	struct slice created, seen, expires; /* in the arena; expires: whatever happens */
	bool stale;		    /* seen is more than a minute ago: account_session_touch() */
	struct account_secret csrf; /* for forms, as long as the session is */
};

/* Writes. For an account that was told otherwise than by password (a proxy's header). 0. */
int account_session_begin(const struct accounts *accounts, struct db *db, int64_t account,
			  struct slice cookie, struct slice now, struct account_secret *ret_cookie,
			  struct fault *fault) MUST_USE;

/* 0, or ACCOUNT_NONE: no such session, its time is over, or its account is disabled. */
int account_session_find(const struct accounts *accounts, struct db *db, struct slice cookie,
			 struct slice now, struct arena *arena, struct account *ret_account,
			 struct account_session *ret_session, struct fault *fault) MUST_USE;

/* Writes. It was seen now. */
int account_session_touch(struct db *db, int64_t session, struct slice now,
			  struct fault *fault) MUST_USE;
/* Writes. Logout. 0 also where it is over already. */
int account_session_end(struct db *db, int64_t session, struct fault *fault) MUST_USE;
/* Writes. All of an account. */
int account_session_end_all(struct db *db, int64_t account, struct fault *fault) MUST_USE;

/* Whether a form's token is the session's; in constant time. */
bool account_csrf_right(const struct accounts *accounts, const struct account_session *session,
			struct slice token);

/* -- Tokens: for programs -- */

enum { ACCOUNT_TOKENS_MAX = 100 /* of an account */ };

enum account_scope {
	SCOPE_READ,  /* see what the account sees */
	SCOPE_FILE,  /* file, amend, answer and withdraw applications */
	SCOPE_ACT,   /* what its roles let it do with requests */
	SCOPE_LEASE, /* take and release leases */
	SCOPE_ADMIN, /* accounts and roles */
	SCOPE_COUNT,
};

/* "read", ... Static; absent past the last. */
struct slice account_scope_name(enum account_scope scope);
bool account_scope_find(struct slice name, enum account_scope *ret_scope) MUST_USE;

/* Text as each function says. */
struct account_token {
	int64_t number, account;
	struct slice label; /* 1 to 100 bytes, a line */
	unsigned scopes;    /* mask of 1 << enum account_scope */
	struct slice created;
	struct slice expires; /* absent: never */
	struct slice used;    /* about when last; absent: never */
	bool stale;	      /* account_token_touch() */
};

/*
 * Writes. Of the token account, label, scopes and expires are read. *ret_secret is "pbk_" and 43
 * characters, and the only time that it is told. 0, ACCOUNT_NONE, or ACCOUNT_REFUSED (no label, no
 * scope, expired already, too many).
 */
int account_token_create(const struct accounts *accounts, struct db *db,
			 const struct account_token *token, struct slice now, int64_t *ret_number,
			 struct account_secret *ret_secret, struct fault *fault) MUST_USE;

/* 0, or ACCOUNT_NONE: no such token, expired, or its account is disabled. Text in the arena. */
int account_token_verify(struct db *db, struct slice secret, struct slice now, struct arena *arena,
			 struct account *ret_account, struct account_token *ret_token,
			 struct fault *fault) MUST_USE;

/* Writes. It was used now; told where stale, about once an hour. */
int account_token_touch(struct db *db, int64_t token, struct slice now,
			struct fault *fault) MUST_USE;
/* Writes. Of that account alone; token 0: all of them. 0 or ACCOUNT_NONE. */
int account_token_revoke(struct db *db, int64_t account, int64_t token,
			 struct fault *fault) MUST_USE;

typedef int account_token_handler(void *context, const struct account_token *token);

/* Those of an account by number, expired ones too; borrowed until the handler returns. */
int account_token_list(struct db *db, int64_t account, account_token_handler *handler,
		       void *context, struct fault *fault) MUST_USE;

/* -- A reverse proxy that knows who somebody is -- */

/* Whether what this peer says in such a header counts. */
bool accounts_trust(const struct accounts *accounts, struct slice peer);

/*
 * Whom a proxy's header names. 0; ACCOUNT_REFUSED: the peer is no such proxy, or the header is no
 * login: as though there were no header; ACCOUNT_NONE: no such account, or it is disabled.
 */
int accounts_by_proxy(const struct accounts *accounts, struct db *db, struct slice peer,
		      struct slice header, struct arena *arena, struct account *ret_account,
		      struct fault *fault) MUST_USE;

/* -- Limits: how often somebody may ask -- */

struct account_limits;

/*
 * A bucket of so many tokens for each key, filled up at this rate. Of the least recently used keys
 * some are forgotten where there are more than about keys of them: it takes 48 bytes a key and no
 * more. Any number of threads use it.
 */
int account_limits_new(struct accounts *accounts, size_t keys, unsigned burst, unsigned per_minute,
		       struct account_limits **ret_limits, struct fault *fault) MUST_USE;
/* Takes NULL. */
void account_limits_free(struct account_limits *limits);
void account_limits_freep(struct account_limits **limits);

/*
 * Takes cost tokens of a key at a moment (milliseconds of a clock that does not go back). 0, or how
 * many seconds from now there will be enough, and none were taken; at least 1.
 */
unsigned account_limits_take(struct account_limits *limits, struct slice key, unsigned cost,
			     uint64_t milliseconds) MUST_USE;

/* A key for a peer's address, written to the space: of IPv6 the first 64 bits, as one has that
 * many. */
enum { ACCOUNT_PEER_SIZE = 48 };
struct slice account_peer_key(struct slice peer, char space[static ACCOUNT_PEER_SIZE]);

/*
 * An address as proxies write it ("192.0.2.1", "[2001:db8::1]:443") without its port and brackets;
 * absent: it is none.
 */
struct slice account_peer_address(struct slice text);

/* -- Upkeep -- */

/* Writes. Removes sessions whose time is over and failures that are forgotten. */
int accounts_sweep(const struct accounts *accounts, struct db *db, struct slice now,
		   struct fault *fault) MUST_USE;

#endif
