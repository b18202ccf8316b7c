/* Applications for tests, from template files' text. */
#ifndef PORTBOOK_TESTS_APPLYING_H
#define PORTBOOK_TESTS_APPLYING_H

#include <stdio.h>
#include <stdlib.h>

#include "assign/assign.h"

/* Ends the test where it is no application. */
static inline struct application applying(struct slice text)
{
	struct application application = {};
	struct application_problem problem = {};

	if (application_read_yaml(text, &application, &problem) != 0) {
		fprintf(stderr, "%.*s: %s\n", (int)text.n, text.p, problem.fault.text);
		abort();
	}
	return application;
}

/* A built-in policy, to be freed. */
static inline struct policy *applying_policy(const char *name)
{
	struct slice text = {};
	struct policy *policy;
	struct fault fault = {};

	text.p = policy_builtin(name, &text.n);
	if (!text.p || policy_read(text, &policy, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		abort();
	}
	return policy;
}

#endif
