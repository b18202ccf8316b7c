#include "policy/procedure.h"

static const struct {
	struct slice name, title, section;
} procedures[PROCEDURE_COUNT] = {
	[PROCEDURE_PORT] = {SLICE("port"), SLICE("Service name and port"),
			    SLICE("RFC 6335, section 8.1")},
	[PROCEDURE_NAME] = {SLICE("name"), SLICE("Service name without a port"),
			    SLICE("RFC 6335, section 8.1")},
	[PROCEDURE_TRANSPORT] = {SLICE("transport"), SLICE("Further transport protocol"),
				 SLICE("RFC 6335, section 8.1.1")},
	[PROCEDURE_SERVICE_CODE] = {SLICE("service-code"), SLICE("DCCP service code"),
				    SLICE("RFC 4340, section 19.8")},
	[PROCEDURE_EARLY] = {SLICE("early"), SLICE("Early assignment, for a time"),
			     SLICE("RFC 7120, section 2")},
	[PROCEDURE_RENEWAL] = {SLICE("renewal"), SLICE("Renewal of an assignment for a time"),
			       SLICE("RFC 7120, section 3.3")},
	[PROCEDURE_MODIFICATION] = {SLICE("modification"), SLICE("Modification of an assignment"),
				    SLICE("RFC 6335, section 8.6")},
	[PROCEDURE_DEASSIGNMENT] = {SLICE("de-assignment"), SLICE("De-assignment of a port"),
				    SLICE("RFC 6335, section 8.2")},
	[PROCEDURE_REUSE] = {SLICE("reuse"), SLICE("Reuse of a port for another service"),
			     SLICE("RFC 6335, section 8.3")},
	[PROCEDURE_REVOCATION] = {SLICE("revocation"), SLICE("Revocation of an assignment"),
				  SLICE("RFC 6335, section 8.4")},
	[PROCEDURE_TRANSFER] = {SLICE("transfer"), SLICE("Transfer to somebody else"),
				SLICE("RFC 6335, section 8.5")},
	[PROCEDURE_APPEAL] = {SLICE("appeal"), SLICE("Appeal against a decision"),
			      SLICE("RFC 6335, section 8.7")},
};

static const struct slice roles[ROLE_COUNT] = {
	[ROLE_APPLICANT] = SLICE("applicant"), [ROLE_ASSIGNEE] = SLICE("assignee"),
	[ROLE_REVIEWER] = SLICE("reviewer"),   [ROLE_REGISTRAR] = SLICE("registrar"),
	[ROLE_APPROVER] = SLICE("approver"),   [ROLE_ADMINISTRATOR] = SLICE("administrator"),
};

struct slice procedure_name(enum procedure procedure)
{
	return procedure < PROCEDURE_COUNT ? procedures[procedure].name : SLICE_NONE;
}

struct slice procedure_title(enum procedure procedure)
{
	return procedure < PROCEDURE_COUNT ? procedures[procedure].title : SLICE_NONE;
}

struct slice procedure_section(enum procedure procedure)
{
	return procedure < PROCEDURE_COUNT ? procedures[procedure].section : SLICE_NONE;
}

bool procedure_find(struct slice name, enum procedure *ret_procedure)
{
	for (enum procedure i = 0; i < PROCEDURE_COUNT; i++) {
		if (slice_eq(procedures[i].name, name)) {
			*ret_procedure = i;
			return true;
		}
	}
	return false;
}

bool procedure_assigns(enum procedure procedure)
{
	return procedure <= PROCEDURE_EARLY || procedure == PROCEDURE_REUSE;
}

struct slice role_name(enum role role)
{
	return role < ROLE_COUNT ? roles[role] : SLICE_NONE;
}

bool role_find(struct slice name, enum role *ret_role)
{
	for (enum role i = 0; i < ROLE_COUNT; i++) {
		if (slice_eq(roles[i], name)) {
			*ret_role = i;
			return true;
		}
	}
	return false;
}
