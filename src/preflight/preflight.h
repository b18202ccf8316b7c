/*
 * What experts would say of an application before it is filed: findings by a table of checks with
 * permanent numbers (docs/PREFLIGHT.md), each with its section and, where there are some,
 * precedents. What MUST be otherwise keeps an application from being filed; all else is shown to
 * applicant and reviewers.
 */
#ifndef PORTBOOK_PREFLIGHT_PREFLIGHT_H
#define PORTBOOK_PREFLIGHT_PREFLIGHT_H

#include <stdint.h>

#include "application/application.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "history/history.h"
#include "image/image.h"
#include "policy/policy.h"
#include "record/transport.h"

enum preflight_level {
	PREFLIGHT_NOTE,	  /* worth knowing */
	PREFLIGHT_SHOULD, /* against a recommendation: be prepared to say why */
	PREFLIGHT_MUST,	  /* it would be refused; it is not filed */
	PREFLIGHT_LEVEL_COUNT,
};

/* "NOTE", "SHOULD", "MUST"; absent past the last. Static. */
struct slice preflight_level_name(enum preflight_level level);

/* All text is static. */
struct preflight_check {
	unsigned number; /* permanent: never given to another check */
	enum preflight_level level;
	struct slice name;    /* words with hyphens */
	struct slice section; /* where the rule is from: "RFC 6335, section 5.1" */
	struct slice meaning; /* a sentence or two, for docs/PREFLIGHT.md */
};

/* The checks by ascending number, from index 0; NULL past the last. */
const struct preflight_check *preflight_check_at(size_t index);

/* A row of the registry, or of its past, that tells something about the case. */
struct preflight_precedent {
	struct slice name;	       /* of the service; absent: none */
	int32_t first_port, last_port; /* -1: none */
	enum transport transport;      /* TRANSPORT_NONE: of none */
	struct slice date;	       /* "2025-02-13", "2025-02"; absent: not known */
	struct slice what;	       /* "assigned", "registered until then", ... */
};

/* "coap 5683/udp, assigned, 2010-07-22": appended. */
void preflight_precedent_text(const struct preflight_precedent *precedent, struct strbuf *text);

struct preflight_finding {
	const struct preflight_check *check; /* its number, level and name */
	size_t field;	      /* enum application_field; FIELD_COUNT: it is about none or all */
	struct slice text;    /* one or two sentences */
	struct slice section; /* that of the check, or the policy's own */
	const struct preflight_precedent *precedents;
	size_t precedent_count;
};

/* The findings, those that MUST be mended first, then by number. Zeroed memory has none. */
struct preflight {
	struct arena arena; /* of all text in it: nothing is borrowed from elsewhere */
	struct preflight_finding *findings;
	size_t count;
	size_t levels[PREFLIGHT_LEVEL_COUNT]; /* how many there are of each */
};

void preflight_done(struct preflight *preflight);

/*
 * What the editions of a store tell: which names and ports were assigned from when to when. Read
 * once (some 30 ms for twelve years of editions), it is good until the store has another edition;
 * immutable, and any number of threads may use it.
 */
struct preflight_past;

/* Within a transaction of the store. *ret_past is the caller's (preflight_past_free). */
int preflight_past_read(struct history *history, struct preflight_past **ret_past,
			struct fault *fault) MUST_USE;
/* Takes NULL. */
void preflight_past_free(struct preflight_past *past);

/* What an application is held against. */
struct preflight_facts {
	const struct image *image;	   /* of the newest edition */
	const struct preflight_past *past; /* NULL: nothing is known of the past */
	struct slice now;		   /* YYYY-MM-DD, perhaps followed by a time */
	struct slice decided; /* of an appeal: when it was decided what it is against, as now;
				 absent: not known */
};

/*
 * Checks an application that application_finish() took. *ret_preflight is the caller's
 * (preflight_done). 0 or FAULT_MEMORY. Touches no database and takes under a millisecond.
 */
int preflight(const struct application *application, const struct policy *policy,
	      const struct preflight_facts *facts, struct preflight *ret_preflight,
	      struct fault *fault) MUST_USE;

/*
 * An array of objects: number, level, name, field (or null), text, section, precedents (objects of
 * name, first_port, last_port, transport, date, what). No line feed.
 */
void preflight_write_json(const struct preflight *preflight, struct out *out);

#endif
