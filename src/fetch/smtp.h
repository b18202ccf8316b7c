/*
 * One letter to one recipient by SMTP (RFC 5321). TLS is demanded and verified but where it is said
 * otherwise or the host is this one. libcurl is opened when a letter is sent, and reads nothing of
 * the environment. Not for several threads at once.
 */
#ifndef PORTBOOK_FETCH_SMTP_H
#define PORTBOOK_FETCH_SMTP_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"

struct fetch_smtp {
	const char *url;	       /* smtp:// or smtps://, without user and password */
	const char *user, *password;   /* NULL: none */
	const char *ca_file;	       /* trust these authorities (PEM) alone; NULL: the system's */
	bool plain;		       /* smtp:// without TLS; refused where there is a user */
	unsigned connect_ms, total_ms; /* at least 1 */
	const char *from, *to;	       /* addresses, ASCII */
	struct slice letter;	       /* lines that end in CR LF */
};

enum {
	FETCH_SMTP_LATER = 1,	/* it may go well later */
	FETCH_SMTP_REFUSED = 2, /* this letter was refused for good */
};

/*
 * 0: the server has taken the letter over. FETCH_SMTP_LATER and FETCH_SMTP_REFUSED with the reason
 * in fault. A letter whose connection broke off while it was taken over is for later, though it may
 * have been. Negative: FAULT_MALFORMED, a URL that is none of these; FAULT_MEMORY; FAULT_SYSTEM, no
 * libcurl. No fault has a password in it.
 */
int fetch_smtp_send(const struct fetch_smtp *send, struct fault *fault) MUST_USE;

#endif
