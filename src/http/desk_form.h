/* Inside http/: the form of an application, for one that is new and one that is amended. */
#ifndef PORTBOOK_HTTP_DESK_FORM_H
#define PORTBOOK_HTTP_DESK_FORM_H

#include "http/desk_page.h"

/* Zeroed memory is an empty form; ends with desk_form_done(). */
struct desk_form {
	struct desk_page *page;
	enum procedure procedure;
	int64_t request;		   /* that is amended; 0: a new one */
	int64_t version;		   /* of it */
	struct slice key;		   /* idempotency key */
	struct slice values[FIELD_COUNT];  /* what was typed, as it was */
	struct strbuf errors[FIELD_COUNT]; /* what is wrong with it; empty: nothing */
	struct strbuf error;		   /* ... with none or all of it */
	struct application application;
	struct preflight preflight; /* of a check */
	bool checked;		    /* there is one */
	bool asks_anyway;	    /* there is something to be answered, or overridden */
	struct arena arena;
};

void desk_form_done(struct desk_form *form);

/* Takes what was typed, and what the account says of itself where it says nothing. */
int desk_form_read(struct desk_form *form) MUST_USE;
/* Takes an application that there is. */
void desk_form_fill(struct desk_form *form, const struct application *application);

/*
 * Makes the application of it and checks it. 0: it may be filed; 1: it has errors, or findings that
 * are to be shown first; or a negative fault.
 */
int desk_form_check(struct desk_form *form) MUST_USE;

/* What the desk refused, by field. */
void desk_form_refuse(struct desk_form *form, struct desk_refusal *refusal);

/* The page. */
int desk_form_show(struct desk_form *form, unsigned status) MUST_USE;

#endif
