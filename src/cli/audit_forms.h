/* The findings of an audit in the forms that other software reads. */
#ifndef PORTBOOK_CLI_AUDIT_FORMS_H
#define PORTBOOK_CLI_AUDIT_FORMS_H

#include "audit/audit.h"
#include "base/out.h"

/* A port, or a finding, as a JSON object, without a line feed. */
void audit_put_port(struct out *out, const struct audit *audit, const struct audit_port *port);
void audit_put_finding(struct out *out, const struct audit *audit,
		       const struct audit_finding *finding);

/* What workflow commands of GitHub make an annotation of; a line. */
void audit_put_annotation(struct out *out, const struct audit *audit,
			  const struct audit_finding *finding);

/*
 * SARIF 2.1.0 (OASIS): begin, each finding, end. index: the finding's among those that are
 * written, from 0.
 */
void audit_sarif_begin(struct out *out);
void audit_sarif_put(struct out *out, const struct audit *audit,
		     const struct audit_finding *finding, size_t index);
void audit_sarif_end(struct out *out);

#endif
