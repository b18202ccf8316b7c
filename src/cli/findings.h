/* What lint and audit print alike. */
#ifndef PORTBOOK_CLI_FINDINGS_H
#define PORTBOOK_CLI_FINDINGS_H

#include "cli/cli.h"
#include "lint/lint.h"

/* Whether findings of the check are asked for (--severity, --only). */
bool finding_is_wanted(const struct settings *settings, const struct lint_check *check);

/* "SEVERITY NUMBER: WHO: TEXT [SECTION]" and a line feed; who may be absent. */
void finding_put(struct out *out, const struct lint_check *check, struct slice who,
		 struct slice text);

/* The checks that are asked for, as documents have them; the message between two of quote. */
void findings_put_checks(struct out *out, const struct settings *settings,
			 const struct lint_check *(*at)(size_t index), struct slice quote);

/* Has write print the checks. A status. */
int findings_explain(struct cli *cli, void (*write)(struct out *out, const void *data));

/* Says how many there are of each severity, in what. */
void findings_say(const char *what, const size_t found[static LINT_SEVERITY_COUNT]);

#endif
