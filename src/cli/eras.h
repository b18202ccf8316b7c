/* What the store's editions say of ports: each made when a date of it comes, a few of them held. */
#ifndef PORTBOOK_CLI_ERAS_H
#define PORTBOOK_CLI_ERAS_H

#include "annotate/annotate.h"
#include "cli/cli.h"

struct eras;

/*
 * Opens the store for records of that form, for so many threads. The caller's (eras_close); 0 or a
 * negative fault.
 */
int eras_open(struct cli *cli, unsigned threads, struct eras **ret_eras,
	      struct fault *fault) MUST_USE;
/* Takes NULL. */
void eras_close(struct eras *eras);

/* How what is added is written; before the first date. */
void eras_set_form(struct eras *eras, const struct annotate_form *form);

/*
 * As of YYYY-MM-DD with or without a time, or Unix time: for the caller until it gives it back,
 * which each thread does before it asks for another. 1 where that is no date, or there is no
 * edition of it. Any thread may call.
 */
int eras_find(struct eras *eras, struct slice date, const struct services **ret_services,
	      struct fault *fault) MUST_USE;
void eras_give_back(struct eras *eras, const struct services *services);

#endif
