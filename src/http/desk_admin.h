/* Inside http/: what the pages of /desk/admin share. */
#ifndef PORTBOOK_HTTP_DESK_ADMIN_H
#define PORTBOOK_HTTP_DESK_ADMIN_H

#include "http/desk_page.h"

/* Zeroed memory has nothing to say; ends with admin_done(). */
struct admin {
	struct desk_page *page;
	struct slice error, done; /* what was refused, and what was done; empty: nothing */
	struct account account;	  /* that the page is about */
	struct arena arena;	  /* its text */
	size_t count, letters;
	int64_t last;
	bool verified; /* the log was: how many events, and what is wrong */
	int64_t events;
	struct strbuf wrong;
};

void admin_done(struct admin *admin);

/* 0 where an administrator asks; 1: the response says that nobody does; or a negative fault. */
int admin_open(struct desk_page *page) MUST_USE;

/*
 * Tells the log what was done with an account and commits; where it was not, rolls back, and
 * admin->error says why. Returns the result.
 */
int admin_settle(struct admin *admin, struct slice action, int64_t account, struct slice did,
		 int result) MUST_USE;

/* What was done, or refused. */
void admin_messages(struct admin *admin);

/* What a form can ask for: 0: done, with its response; > 0: refused; negative: a fault. */
struct admin_act {
	struct slice name;
	int (*act)(struct admin *admin);
};
int admin_act(struct admin *admin, const struct admin_act *acts, size_t count) MUST_USE;

#endif
