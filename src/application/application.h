/*
 * An application: what somebody who wants something of a registry says, field by field. One table
 * of fields (application_field()) is what forms, template files, the API, pre-flight checks and the
 * documentation all work from.
 */
#ifndef PORTBOOK_APPLICATION_APPLICATION_H
#define PORTBOOK_APPLICATION_APPLICATION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/out.h"
#include "base/slice.h"
#include "policy/procedure.h"
#include "record/row.h"

enum application_field {
	/* Public: the request's page shows them to all. */
	FIELD_PROCEDURE,
	FIELD_SUBJECT,	  /* what there is already, to be changed: NAME, PORT, PORT/TRANSPORT,
			     NAME PORT/TRANSPORT; of an appeal the request's number */
	FIELD_NAME,	  /* the service name that is asked for */
	FIELD_PORTS,	  /* "N", "A-B", "any" or "any A-B"; none where portless */
	FIELD_TRANSPORTS, /* "tcp udp" */
	FIELD_DESCRIPTION,
	FIELD_REFERENCE,    /* "RFC9000", "draft-ietf-...", a URL or text; several: a line each */
	FIELD_SERVICE_CODE, /* DCCP: a decimal number, or 1 to 4 characters in quotes */
	FIELD_TXT_KEYS,	    /* RFC 6763: "Defined TXT keys: ..." */
	FIELD_NOTES,	    /* for the row's column of notes */
	FIELD_UNAUTHORIZED, /* use reported, for the row's column */
	FIELD_EXPIRES,	    /* YYYY-MM-DD, where it is for a time */
	/* Private until it is granted: they go into the registry then. */
	FIELD_ASSIGNEE_NAME,
	FIELD_ASSIGNEE_EMAIL,
	FIELD_ASSIGNEE_ORGANIZATION,
	FIELD_CONTACT_NAME,
	FIELD_CONTACT_EMAIL,
	FIELD_CONTACT_ORGANIZATION,
	/* Private for good: for those who review. */
	FIELD_BROADCAST,      /* broadcast, multicast, anycast: how and why: RFC 6335, 8.1.1 */
	FIELD_WHY_PORT,	      /* why no Dynamic Port: 8.1.1 */
	FIELD_WHY_SYSTEM,     /* why no User Port */
	FIELD_WHY_TRANSPORTS, /* what differs between them */
	FIELD_UDP_TRAFFIC,    /* limits and congestion control */
	FIELD_UDP_DISCOVERY,  /* whether for discovery alone */
	FIELD_VERSIONING,     /* RFC 7605, 7.5 */
	FIELD_SECURITY,	      /* RFC 7605, 7.4 */
	FIELD_DEVELOPMENT,    /* how far it is */
	FIELD_REASON,	      /* for anything but a first assignment */
	FIELD_OTHER,
	FIELD_COUNT,
};

enum application_privacy { FIELD_PUBLIC, FIELD_UNTIL_GRANTED, FIELD_PRIVATE };

struct application_field_info {
	struct slice key;   /* "name", "ports", "why_port", ... */
	struct slice label; /* of a form: a question without its mark, or a word */
	struct slice help;  /* a sentence or two */
	struct slice section;
	enum application_privacy privacy;
	unsigned procedures; /* mask of enum procedure: where it has a meaning */
	uint16_t most;	     /* bytes */
	bool lines;	     /* may have several */
	struct slice joint;  /* between the texts of a list of them; absent: it takes no list */
};

/* NULL past the last. Static. */
const struct application_field_info *application_field(size_t field);
/* The field of a key; FIELD_COUNT: none has it. */
size_t application_field_find(struct slice key);

/* Zeroed memory is a valid empty one. All text is in its arena. */
struct application {
	struct arena arena;
	struct slice values[FIELD_COUNT]; /* absent: not said. Trimmed; never empty */
	/* What application_finish() understood. */
	enum procedure procedure;
	bool wants_port; /* a port is asked for: PORT, EARLY */
	bool any_port;	 /* ... whichever the registry gives, of this range; also where
			    FIELD_PORTS says nothing */
	int32_t first_port, last_port; /* -1: none; any_port: of the range that is wanted */
	unsigned transports;	       /* mask of enum transport */
	int64_t service_code;	       /* -1: none */
	struct application_subject {
		struct slice name;	       /* absent: not said */
		int32_t first_port, last_port; /* -1: not said */
		unsigned transports;	       /* 0: all that it has */
		int64_t request;	       /* of an appeal; 0: none */
	} subject;
};

void application_done(struct application *application);

/* What is wrong with a field, or (FIELD_COUNT) with all of it; text is in the fault. */
struct application_problem {
	size_t field;
	struct fault fault;
};

/*
 * Sets a field, by its key, to a copy of text; blank text takes it away. 0; FAULT_MEMORY; or 1 with
 * the problem: no such field, too long, no UTF-8, control characters, a second line where there is
 * to be one.
 */
int application_set(struct application *application, struct slice key, struct slice text,
		    struct application_problem *problem) MUST_USE;

/*
 * Understands what the fields say. 0; FAULT_MEMORY; or 1 with the first problem of form: what is no
 * port, transport, date, code or address, a field that the procedure has no use for. Whether the
 * registry would take it is src/preflight/'s to say.
 */
int application_finish(struct application *application,
		       struct application_problem *problem) MUST_USE;

/*
 * Reads an application: a template file (YAML: a mapping of keys to texts, lists of texts joined as
 * the field has it), or JSON, an object of the same. Then finishes it. Results as above, problems
 * with line and column in the document.
 */
int application_read_yaml(struct slice document, struct application *application,
			  struct application_problem *problem) MUST_USE;
int application_read_json(struct slice document, struct application *application,
			  struct application_problem *problem) MUST_USE;

/*
 * Writes a JSON object, keys in the order of the table, of the fields of these kinds of privacy
 * (mask of 1 << enum application_privacy). The same application gives the same bytes.
 */
void application_write_json(const struct application *application, unsigned privacy,
			    struct out *out);

/* A template file for a procedure: each field with its help as comment, values where given. */
void application_write_template(enum procedure procedure, const struct application *values,
				struct out *out);

#endif
