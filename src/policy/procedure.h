/*
 * What can be asked of a registry, and who acts in it, by the names that requests, policies and the
 * API have for them (RFC 6335, section 8; RFC 7120).
 */
#ifndef PORTBOOK_POLICY_PROCEDURE_H
#define PORTBOOK_POLICY_PROCEDURE_H

#include "base/attr.h"
#include "base/slice.h"

enum procedure {
	PROCEDURE_PORT,		/* a service name and a port: RFC 6335, 8.1 */
	PROCEDURE_NAME,		/* a service name without a port: 8.1 */
	PROCEDURE_TRANSPORT,	/* a further transport for a service and its port: 8.1.1 */
	PROCEDURE_SERVICE_CODE, /* a DCCP service code: RFC 4340, 19.8; RFC 6335, 10.3 */
	PROCEDURE_EARLY,	/* as PORT, for a draft and a time: RFC 7120 */
	PROCEDURE_RENEWAL,	/* of what was assigned for a time: RFC 7120, 3.3 */
	PROCEDURE_MODIFICATION, /* of description, contact, reference, name...: RFC 6335, 8.6 */
	PROCEDURE_DEASSIGNMENT, /* its assignee gives it back: 8.2 */
	PROCEDURE_REUSE,	/* an assigned port for another service: 8.3 */
	PROCEDURE_REVOCATION,	/* it is taken back: 8.4 */
	PROCEDURE_TRANSFER,	/* refused, and told what to do instead: 8.5 */
	PROCEDURE_APPEAL,	/* against what was decided: 8.7 */
	PROCEDURE_COUNT,
};

/* "port", "name", "transport", "service-code", "early", "renewal", "modification",
 * "de-assignment", "reuse", "revocation", "transfer", "appeal". Static; absent past the last. */
struct slice procedure_name(enum procedure procedure);
/* "Service name and port", ...: for people. Static. */
struct slice procedure_title(enum procedure procedure);
/* "RFC 6335, section 8.1.1", ... Static. */
struct slice procedure_section(enum procedure procedure);
bool procedure_find(struct slice name, enum procedure *ret_procedure) MUST_USE;

/* Those that lead to an assignment of what was not assigned before: PORT ... EARLY, and REUSE. */
bool procedure_assigns(enum procedure procedure);

/* RFC 6335, section 3, and RFC 8126, section 5. */
enum role {
	ROLE_APPLICANT,	    /* of a request: who filed it */
	ROLE_ASSIGNEE,	    /* of rows: whose person is their assignee, or contact */
	ROLE_REVIEWER,	    /* a designated expert */
	ROLE_REGISTRAR,	    /* runs the registry: IANA's part */
	ROLE_APPROVER,	    /* who approves what experts may not: the IESG's part */
	ROLE_ADMINISTRATOR, /* of accounts and roles; decides nothing */
	ROLE_COUNT,
};

/* "applicant", ... Static; absent past the last. */
struct slice role_name(enum role role);
bool role_find(struct slice name, enum role *ret_role) MUST_USE;

#endif
