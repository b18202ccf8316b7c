/* A made-up registry, and applications to it as texts. Included behind testing.h. */
#ifndef PORTBOOK_TESTS_PREFLIGHT_DESK_H
#define PORTBOOK_TESTS_PREFLIGHT_DESK_H

#include "image/image.h"
#include "mkimage/mkimage.h"
#include "preflight/preflight.h"
#include "registry/registry.h"

#define NOW "2026-11-22T08:00:00Z"

#define ALIAS                                                                                      \
	"This entry is an alias to \"hyper\". This entry is now historic, not usable for use "     \
	"with "                                                                                    \
	"many common service discovery mechanisms."

/* Columns as published; NULL: nothing there. */
static const char *const made_rows[][COLUMN_COUNT] = {
	{NULL, "0", "tcp", "Reserved"},
	{"exp1", "1021", "tcp", "Experiment", "[IESG]", "[IETF_Chair]", "2006-08"},
	{"hyper", "1080", "tcp", "Hyper Service", "[Ann_Author]", "[Ann_Author]", "2001-02-03"},
	{"hyper_old", "1080", "tcp", "Hyper Service", "[Ann_Author]", "[Ann_Author]", "2001-02-03",
	 NULL, NULL, NULL, NULL, ALIAS},
	{"hyper", "1080", "udp", "Hyper Service", "[Ann_Author]", "[Ann_Author]", "2001-02-03"},
	{"quick", "4711", "tcp", "Quick Lookup of Things", "[Bob]", "[Bob]", "2023-05-05",
	 "2024-01-01", "[RFC9999]"},
	{NULL, "4711", "udp", "Reserved"},
	{NULL, "4712", "tcp", "Reserved", NULL, NULL, NULL, "2025-02-13", NULL, NULL, NULL,
	 "De-assigned on 2025-02-13, previously old-one by [Bob]"},
	{NULL, "4713", "tcp", "Reserved"},
	{"busy", "4714", "tcp", "Busy", "[Bob]", "[Bob]", "2012-12-12", NULL, NULL, NULL,
	 "Known Unauthorized Use on port 4714"},
	{"tempo", "4715", "tcp", "Tempo (TEMPORARY - registered 2026-01-05, expires 2027-01-05)",
	 "[Ann_Author]", "[Ann_Author]", "2026-01-05", NULL, "[draft-ietf-tempo-00]"},
	{"tempo-old", "4716", "tcp",
	 "Tempo (TEMPORARY - registered 2024-01-05, extension registered 2024-12-01, expires "
	 "2026-01-05)",
	 "[Ann_Author]", "[Ann_Author]", "2024-01-05", NULL, "[draft-ietf-tempo-00]"},
	{NULL, "4717-4999", NULL, "Unassigned"},
	{"twin-a", "5001", "tcp", "Twins", "[Bob]", "[Bob]", "2002-02-02"},
	{"twin-b", "5001", "tcp", "Other twins", "[Bob]", "[Bob]", "2002-02-02"},
	{"sect", "5100", "sctp", "Streams", "[Bob]", "[Bob]", "2022-02-02"},
	{"dc-one", "5200", "dccp", "Datagrams", "[Bob]", "[Bob]", "2009-03-03", NULL, NULL,
	 "1685221232"},
	{"lonely", NULL, "tcp", "A name alone", "[Ann_Author]", "[Ann_Author]", "2024-04-04"},
	{"quick-far", NULL, "udp", "Another name alone", "[Bob]", "[Bob]", "2022-05-05"},
};

static const struct person made_people[] = {
	{.id = SLICE("Ann_Author"),
	 .name = SLICE("Ann Author"),
	 .organization = SLICE("One Ltd"),
	 .uri = SLICE("mailto:ann&one.example")},
	{.id = SLICE("Bob"), .name = SLICE("Bob Builder"), .uri = SLICE("mailto:bob&two.example")},
	{.id = SLICE("IESG"), .name = SLICE("IESG"), .uri = SLICE("mailto:iesg&ietf.org")},
	{.id = SLICE("IETF_Chair"),
	 .name = SLICE("IETF Chair"),
	 .uri = SLICE("mailto:chair&ietf.org")},
};

static inline struct registry *made_registry(void)
{
	struct registry *registry = registry_new();
	struct fault fault = {};

	assert_non_null(registry);
	for (size_t i = 0; i < ARRAY_SIZE(made_rows); i++) {
		struct row row = {};

		for (unsigned column = 0; column < COLUMN_COUNT; column++)
			row.shown[column] = slice_cstr(made_rows[i][column]);
		row.assignee_given = row.shown[COLUMN_ASSIGNEE].p != NULL;
		assert_int_equal(registry_add_row(registry, &row, &fault), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(made_people); i++)
		assert_int_equal(registry_add_person(registry, &made_people[i], &fault), 0);
	return registry;
}

/* The registry's image, and the policy it has. */
struct made {
	struct strbuf bytes;
	struct image image;
	struct policy *policy;
	struct preflight_facts facts;
};

static inline void made_open(struct made *made, const char *policy)
{
	struct registry *registry = made_registry();
	struct fault fault = {};
	size_t n;
	const char *text = policy_builtin(policy, &n);

	*made = (struct made){};
	assert_int_equal(mkimage(registry, SLICE("made up"), &made->bytes, &fault), 0);
	registry_free(registry);
	assert_int_equal(image_open(&made->image, strbuf_slice(&made->bytes), &fault), 0);
	if (policy_read((struct slice){text, n}, &made->policy, &fault) != 0)
		fail_msg("%s", fault.text);
	made->facts = (struct preflight_facts){.image = &made->image, .now = SLICE(NOW)};
}

static inline void made_done(struct made *made)
{
	strbuf_done(&made->bytes);
	policy_free(made->policy);
}

/* Of a new service: nothing is to be said against it. */
#define GOOD                                                                                       \
	"procedure=port;name=zebrafish;ports=6500;transports=tcp;"                                 \
	"description=Pictures of zebras;reference=https://zebra.example/specification;"            \
	"assignee_name=Zoe Zebra;assignee_email=zoe@zebra.example;contact_name=Zoe Zebra;"         \
	"contact_email=zoe@zebra.example;broadcast=None is used.;"                                 \
	"why_port=Clients find the server without any configuration;"                              \
	"security=TLS 1.3 from the first byte on;versioning=The first message has a version"

/* Sets fields of an application, "key=value;key=value": an empty value takes one away. */
static inline void set_fields(struct application *application, const char *text)
{
	struct slice rest = slice_cstr(text);

	while (rest.n > 0) {
		struct slice value = slice_cut(&rest, ';'), key = slice_cut(&value, '=');
		struct application_problem problem = {};

		if (application_set(application, key, value, &problem) != 0)
			fail_msg("%.*s: %s", (int)key.n, key.p, problem.fault.text);
	}
}

static inline void finish(struct application *application)
{
	struct application_problem problem = {};

	if (application_finish(application, &problem) != 0)
		fail_msg("%zu: %s", problem.field, problem.fault.text);
}

/* A good one with some fields changed; or, where they begin with a procedure, these alone. */
static inline struct application application_of(const char *fields)
{
	struct application application = {};

	if (strncmp(fields, "procedure=", 10) != 0)
		set_fields(&application, GOOD);
	set_fields(&application, fields);
	finish(&application);
	return application;
}

static inline struct preflight preflight_of(const struct made *made, const char *fields)
{
	struct application application = application_of(fields);
	struct preflight found = {};
	struct fault fault = {};

	if (preflight(&application, made->policy, &made->facts, &found, &fault) != 0)
		fail_msg("%s", fault.text);
	application_done(&application);
	return found;
}

static inline const struct preflight_finding *finding_of(const struct preflight *found,
							 unsigned number)
{
	for (size_t i = 0; i < found->count; i++) {
		if (found->findings[i].check->number == number)
			return &found->findings[i];
	}
	return NULL;
}

#endif
