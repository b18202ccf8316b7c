/*
 * Checks of what a registry says: the rules of RFC 6335 and its kin, the habits that the published
 * registry follows, and that its parts agree. A document that breaks its format's rules is not read
 * at all (source/source.h); everything here is said of one that was. docs/FINDINGS.md, made from
 * the table of checks, explains each.
 */
#ifndef PORTBOOK_LINT_LINT_H
#define PORTBOOK_LINT_LINT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "registry/registry.h"

enum lint_severity {
	LINT_NOTE,    /* worth knowing; nothing forbids it */
	LINT_WARNING, /* against a recommendation, or probably a mistake */
	LINT_ERROR,   /* against a rule, or the registry contradicts itself */
	LINT_SEVERITY_COUNT,
};

/* "note", "warning", "error". Static. */
struct slice lint_severity_name(enum lint_severity severity);

/* All text is static. */
struct lint_check {
	unsigned number; /* permanent: never given to another check */
	enum lint_severity severity;
	struct slice name;    /* a word for each check, with hyphens */
	struct slice section; /* where the rule is from: "RFC 6335, section 5.1" */
	struct slice message; /* {} stands for the text in question, {other} for what it meets */
	struct slice explanation;
};

/* One of a table of them, from literals. */
#define LINT_CHECK(number_, severity_, name_, section_, message_, explanation_)                    \
	{                                                                                          \
		.number = (number_), .severity = (severity_), .name = SLICE(name_),                \
		.section = SLICE(section_), .message = SLICE(message_),                            \
		.explanation = SLICE(explanation_),                                                \
	}

/* The checks by ascending number, from index 0; NULL past the last. */
const struct lint_check *lint_check_at(size_t index);

enum lint_subject {
	LINT_HEADER,
	LINT_ROW,
	LINT_PERSON,
};

/* Text is borrowed from the registry or from lint(), until the handler returns. */
struct lint_finding {
	const struct lint_check *check;
	enum lint_subject subject;
	size_t index;	       /* of the row or person */
	uint64_t line, column; /* where that begins, from 1 (column in bytes); 0: not known */
	struct slice who;      /* what it is: "ssh 22/tcp", "[Ann_Author]", "registry" */
	struct slice text;     /* one line */
};

/* A positive result ends the checks without being a failure. */
typedef int lint_handler(void *context, const struct lint_finding *finding);

/*
 * Gives every finding to the handler: of the header, of the rows, of the people, each in their
 * order, and for one of them by number. Takes time in proportion to the registry, but for sorting.
 * document is what the registry was read from, for lines and columns; it may be absent. Returns 0,
 * FAULT_MEMORY, or what the handler returned if that is not 0.
 */
int lint(const struct registry *registry, struct slice document, lint_handler *handler,
	 void *context, struct fault *fault) MUST_USE;

#endif
