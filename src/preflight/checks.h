/* Inside preflight/: the numbers of the checks, and what they work with. */
#ifndef PORTBOOK_PREFLIGHT_CHECKS_H
#define PORTBOOK_PREFLIGHT_CHECKS_H

#include "preflight/preflight.h"

/* Permanent: a check that goes leaves its number behind. */
enum check {
	FIELD_MISSING = 101,
	FIELD_WANTED = 102,
	ANSWER_HOLLOW = 103,
	ANSWER_COPIED = 104,
	ANSWER_SHORT = 105,
	EXPIRES_PAST = 106,
	NAME_CHARACTER = 201,
	NAME_LENGTH = 202,
	NAME_LETTER = 203,
	NAME_EDGE_HYPHEN = 204,
	NAME_DOUBLE_HYPHEN = 205,
	NAME_TAKEN = 206,
	NAME_PAST = 207,
	NAME_SIMILAR = 208,
	NAME_VARIANT = 209,
	NAME_VERSION = 210,
	NAME_WORD = 211,
	NAME_DISCOVERY = 212,
	NAME_SECURE = 213,
	DESCRIPTION_VERSION = 214,
	NAME_EXPERIMENT = 215,
	NAME_HAS_NO_PORT = 216,
	DESCRIPTION_TAKEN = 217,
	PORT_NEVER = 301,
	PORT_WITHHELD = 302,
	PORT_FOREIGN = 303,
	PORT_ASSIGNED = 304,
	PORT_RESERVED = 305,
	PORT_COUNTERPART = 306,
	PORT_PAST = 307,
	PORT_UNAUTHORIZED = 308,
	PORT_COMMON = 309,
	PORT_SECOND = 310,
	PORTS_SEVERAL = 311,
	PORTS_TOO_MANY = 312,
	PORT_NONE_LEFT = 313,
	PORT_OTHER_TRANSPORT = 314,
	SYSTEM_SPECIFICATION = 315,
	PORT_APPROVAL = 316,
	PORT_SHARED = 317,
	TRANSPORT_FOREIGN = 401,
	TRANSPORT_RARE = 402,
	TRANSPORT_THERE = 403,
	CODE_MISSING = 411,
	CODE_WITHOUT_DCCP = 412,
	CODE_RESERVED = 413,
	CODE_TAKEN = 414,
	CODE_SPECIFICATION = 415,
	CODE_TEXT = 416,
	CODE_SEVERAL = 417,
	REFERENCE_UNSTABLE = 501,
	REFERENCE_PROPRIETARY = 502,
	REFERENCE_IESG = 503,
	REFERENCE_DRAFT = 504,
	REFERENCE_RFC = 505,
	HOLDER = 511,
	CONTACT_CHAIR = 512,
	SUBJECT_MISSING = 601,
	SUBJECT_UNASSIGNED = 602,
	SUBJECT_SEVERAL = 603,
	EARLY_DRAFT = 611,
	EARLY_GROUP = 612,
	RENEWAL_PERMANENT = 621,
	RENEWAL_AGAIN = 622,
	RENEWAL_LATE = 623,
	MODIFICATION_ASSIGNEE = 631,
	MODIFICATION_NOTHING = 632,
	MODIFICATION_NAME = 633,
	TRANSFER = 641,
	IN_USE = 651,
	REVOCATION_NAME = 652,
	DEASSIGNMENT_REST = 653,
	APPEAL_LATE = 661,
	APPEAL_TIME = 662,
	REUSE_NAME = 671,
	HOLDER_CONFIRMS = 672,
	PRECEDENTS = 701,
	COUNTERPARTS = 702,
};

/* Rows looked at of one name, port or subject; more are left out. */
enum { ROWS_MAX = 64, PRECEDENTS_MAX = 6 };

struct rows {
	uint32_t numbers[ROWS_MAX];
	size_t count;
};

struct work {
	const struct application *application;
	const struct policy *policy;
	const struct preflight_facts *facts;
	const struct image *image;
	struct image common; /* what is common and not registered */
	struct preflight *preflight;
	size_t size;		       /* places of findings */
	bool failed;		       /* memory ran out; nothing is added after it */
	struct slice name;	       /* that the service is to have; absent: none is asked for */
	int32_t first_port, last_port; /* that are asked for; -1: none */
	const struct policy_range *range; /* of what is asked for, or of the subject; NULL: none */
	struct rows subject;		  /* rows of the registry that it is about */
	struct rows named;		  /* assigned rows that have the name already */
};

#define IN(procedure) (1u << PROCEDURE_##procedure)
/* Those that give a service a name of its own. */
#define NAMING (IN(PORT) | IN(NAME) | IN(EARLY) | IN(REUSE))
/* Those that give it a port. */
#define PORTING (IN(PORT) | IN(EARLY))

static inline bool work_is(const struct work *work, unsigned procedures)
{
	return procedures >> work->application->procedure & 1;
}

static inline struct slice work_value(const struct work *work, size_t field)
{
	return work->application->values[field];
}

/* Adds a finding; its text is at most a few hundred bytes. */
void work_find(struct work *work, enum check number, size_t field, const char *format, ...)
	PRINTF(4, 5);
/* The same by another section than the check's, unless that is empty. */
void work_find_by(struct work *work, enum check number, size_t field, struct slice section,
		  const char *format, ...) PRINTF(5, 6);
/* Adds a precedent to the newest finding, unless it has enough of them. */
void work_precedent(struct work *work, const struct preflight_precedent *precedent);
/* The same of a row. what absent: what its state is called. */
void work_precedent_row(struct work *work, uint32_t number, struct slice what);

/* For "%.*s"; text of applicants through brief(). */
#define TEXT(slice) (int)(slice).n, (slice).p ? (slice).p : ""

/* Its beginning, where it is long; the end is at a character's. */
struct slice brief(struct slice text);

/* Whether text has the word in any letter case, no letter or digit on either side. */
bool has_word(struct slice text, struct slice word);
/* Whether text holds the words anywhere, in any letter case. */
bool holds(struct slice text, struct slice words);
bool ends_folded(struct slice text, struct slice suffix);
/* YYYY-MM-DD. */
struct slice day_of(struct slice time);
/* Days from a date to another one, which may be before it; false: one of them is none. */
bool days_between(struct slice from, struct slice to, int64_t *ret_days);

/* A row and what is asked for. */
bool row_of_transport(const struct row *row, unsigned transports);

/* The check of that number, which there is. */
const struct preflight_check *check_of(enum check number);

/* -- The past -- */

/* A service's place, and how long it had it. */
struct past_span {
	struct slice name;	       /* folded */
	int32_t first_port, last_port; /* -1: portless */
	unsigned transports;	       /* mask; 0: none given */
	int64_t since, until;	       /* editions; until 0: the newest one has it still */
	bool from_start;	       /* it was in the first edition already */
};

struct preflight_past {
	struct arena arena;
	struct past_span *spans; /* by name and ports */
	size_t count, size;
	int64_t first, newest; /* editions */
};

/* Those of a name. */
const struct past_span *past_of_name(const struct preflight_past *past, struct slice name,
				     size_t *ret_count);

/* "2025-02-13" of an edition's number. */
enum { PAST_DAY_SIZE = 11 };
struct slice past_day(int64_t edition, char space[static PAST_DAY_SIZE]);

/* Adds it to the newest finding; what absent: as what the span was. */
void work_precedent_past(struct work *work, const struct past_span *span, bool ended,
			 struct slice what);

/* -- Groups of checks -- */

void check_fields(struct work *work);
void check_names(struct work *work);
void check_ports(struct work *work);
void check_transports(struct work *work);
void check_codes(struct work *work);
void check_people(struct work *work);
void check_procedures(struct work *work);
void check_precedents(struct work *work);

/* Whether a person has the address, or, where that is absent, the name. */
bool person_is(const struct person *person, struct slice name, struct slice email);
/* Whether a column of a row, which lists people, has one of that name or address. */
bool row_has_person(const struct work *work, uint32_t number, enum column column, struct slice name,
		    struct slice email);
/* Whether one whom the application names, as assignee or contact, is either in the row. */
bool row_is_held(const struct work *work, uint32_t number);
/* Whether the reference is there and public: a document with a number, a draft, an address. */
bool has_specification(const struct work *work);

#endif
