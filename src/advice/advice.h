/*
 * Whether a port is a good one for a service, and which ports are. What is known of a port is told
 * as findings, each with its rule, source and date; docs/ADVICE.md has the rules, and the verdict
 * is the worst that a finding weighs for the purpose.
 */
#ifndef PORTBOOK_ADVICE_ADVICE_H
#define PORTBOOK_ADVICE_ADVICE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "base/strbuf.h"
#include "host/sysctl.h"
#include "image/image.h"
#include "overlay/overlay.h"

/* What the port is to be for. */
enum advice_purpose {
	ADVICE_SERVICE, /* a server that clients find by its port */
	ADVICE_WEB,	/* one that browsers ask */
	ADVICE_P2P,	/* a peer that tells others its port */
	ADVICE_PURPOSE_COUNT,
};

enum advice_verdict { ADVICE_GOOD, ADVICE_CAUTION, ADVICE_BAD, ADVICE_VERDICT_COUNT };

/* "service", "web", "p2p"; "good", "caution", "bad"; absent past the last. Static. */
struct slice advice_purpose_name(enum advice_purpose purpose);
struct slice advice_verdict_name(enum advice_verdict verdict);

/* Rules, by number. */
enum advice_rule_id {
	ADVICE_ASSIGNED,
	ADVICE_ASSIGNED_WEB,
	ADVICE_RESERVED,
	ADVICE_UNASSIGNED_SYSTEM,
	ADVICE_UNASSIGNED,
	ADVICE_DYNAMIC,
	ADVICE_OTHER_TRANSPORT,
	ADVICE_UNAUTHORIZED,
	ADVICE_FORMER,
	ADVICE_EPHEMERAL_HERE,
	ADVICE_RESERVED_HERE,
	ADVICE_PRIVILEGED_HERE,
	ADVICE_LISTENING_HERE,
	ADVICE_HELD_HERE,
	ADVICE_EPHEMERAL_LINUX,
	ADVICE_EPHEMERAL_IANA,
	ADVICE_EPHEMERAL_BSD,
	ADVICE_BROWSER_REFUSED,
	ADVICE_NODE_PORT,
	ADVICE_PRIVILEGED,
	ADVICE_COMMON,
	ADVICE_SITE,
	ADVICE_RULE_COUNT,
};

struct advice_rule {
	unsigned number;   /* permanent */
	struct slice name; /* "assigned" */
	enum advice_verdict weight[ADVICE_PURPOSE_COUNT];
	struct slice when;	   /* what it is about, as a sentence without its full stop */
	struct slice source, date; /* of every finding; absent: each has its own */
};

/* Static; NULL past the last. */
const struct advice_rule *advice_rule_at(size_t index);

/* Whether browsers refuse to ask a server at the port (Fetch Standard, "port blocking"). */
bool advice_browsers_refuse(uint16_t port);

/* The first port of a range that they refuse. False: they refuse none. */
bool advice_browsers_refuse_in(uint16_t first, uint16_t last, uint16_t *ret_port);

/* Who has a port of this machine, or wants it. */
struct advice_use {
	enum transport transport;
	uint16_t port;
	bool held; /* it is reserved under a name; else somebody listens */
	struct slice who;
};

/* What is known. All but the image may be absent: zeroed. */
struct advice_facts {
	const struct image *image;
	struct slice origin, date;  /* of the registry: "edition 2026-08-17", its date */
	const struct image *former; /* of an earlier edition; NULL: there is none */
	struct slice former_date;
	const struct overlay *overlay;
	const struct host_sysctl *sysctl; /* NULL: of no machine */
	const struct advice_use *uses;	  /* ordered by advice_use_compare() */
	size_t use_count;
	unsigned seen;	  /* mask of the transports whose sockets were looked at here */
	struct slice now; /* the date of what was seen here */
};

/* For qsort(): by transport, then by port. */
int advice_use_compare(const void *one, const void *other);

struct advice_finding {
	const struct advice_rule *rule;
	enum advice_verdict weight;
	struct slice text, source, date;
	bool overlay;	    /* it is an overlay's, which source names */
	struct slice layer; /* the overlay's name then */
	size_t at;	    /* of its text in the advice's */
};

/* Zeroed memory is none; it may be used again and again. */
struct advice {
	uint16_t port;
	enum transport transport;
	enum advice_purpose purpose;
	enum advice_verdict verdict;
	struct advice_finding *findings; /* by number of their rules */
	size_t count, size;
	struct strbuf text; /* what findings borrow from */
};

/* What there is to say of a port of a transport. 0 or FAULT_MEMORY. */
int advice_check(const struct advice_facts *facts, enum transport transport, uint16_t port,
		 enum advice_purpose purpose, struct advice *advice, struct fault *fault) MUST_USE;
void advice_done(struct advice *advice);

/* As a JSON object, without a line feed. */
void advice_json(struct out *out, const struct advice *advice);

/* Which ports are wanted. */
struct advice_wish {
	unsigned transports;  /* mask: the port is to be good for each */
	uint16_t first, last; /* among these */
	bool has_near;
	uint16_t near;	   /* those next to it first */
	struct slice seed; /* from one of the best on that it draws; absent: from the first on */
	enum advice_purpose purpose;
	size_t count; /* so many at most */
};

/* The usual ones to look among: the User Ports. */
enum { ADVICE_FIRST = PORT_USER_FIRST, ADVICE_LAST = PORT_DYNAMIC_FIRST - 1 };

/*
 * The good ports, best first: those near one by their distance to it, the higher of two first; else
 * those with fewer findings first, and then from the one of the seed on. The same wish and facts
 * give the same ports. *ret_ports is the caller's to free. 0 or FAULT_MEMORY.
 */
int advice_choose(const struct advice_facts *facts, const struct advice_wish *wish,
		  uint16_t **ret_ports, size_t *ret_count, struct fault *fault) MUST_USE;

/* Why a port is good, for people: appended. */
void advice_reason(const struct advice_facts *facts, const struct advice *advice,
		   struct strbuf *text);

#endif
