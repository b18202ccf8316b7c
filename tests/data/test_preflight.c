/*
 * What was really assigned, modified, renewed and de-assigned from 2022 on, each edition of the
 * history archive (a tar stream on standard input) against the one before: turned into applications
 * to that one, with sentences in the place of what applicants said. Pre-flight must not have kept
 * them from being filed, but for those that are known, and why.
 *
 *     zstd -dc --long=27 ARCHIVE | test_preflight [STEP]
 *
 * STEP other than 1 takes the editions from 2026 on alone.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "changes/changes.h"
#include "mkimage/mkimage.h"
#include "preflight/preflight.h"
#include "source/source.h"

enum { TAR_BLOCK = 512 };

/* Of what is known to be found, and was assigned nevertheless: how often. */
static const struct {
	unsigned number, count;
} known[] = {
	{101, 1}, /* radicle-node, a name without a transport */
};

struct tally {
	unsigned applications, blocked, level[PREFLIGHT_LEVEL_COUNT];
	unsigned numbers[1000];
	double seconds;
};

static uint64_t octal(const char *digits, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n && digits[i] >= '0' && digits[i] <= '7'; i++)
		value = value * 8 + (uint64_t)(digits[i] - '0');
	return value;
}

/* The next document and, in its first 10 bytes, its date; false at the end. */
static bool next_document(struct strbuf *document, char date[static 11])
{
	char header[TAR_BLOCK], padding[TAR_BLOCK];

	while (fread(header, 1, sizeof(header), stdin) == sizeof(header) && header[0] != '\0') {
		size_t size = (size_t)octal(header + 124, 12), past = size % TAR_BLOCK;
		const char *base = strrchr(header, '/');
		char *space;

		document->n = 0;
		space = size > 0 ? strbuf_extend(document, size) : NULL;
		if (size > 0) {
			assert(space && fread(space, 1, size, stdin) == size);
			if (past > 0)
				assert(fread(padding, 1, TAR_BLOCK - past, stdin) ==
				       TAR_BLOCK - past);
		}
		if (header[156] == '0' && size > 0) {
			snprintf(date, 11, "%.10s", base ? base + 1 : header);
			return true;
		}
	}
	return false;
}

static void set(struct application *application, const char *key, struct slice text)
{
	const struct application_field_info *field =
		application_field(application_field_find(slice_cstr(key)));
	struct application_problem problem;
	struct strbuf line = {};

	for (size_t i = 0; i < text.n; i++)
		strbuf_add_byte(&line, text.p[i] == '\n' && !field->lines ? ' ' : text.p[i]);
	if (text.n > 0 &&
	    application_set(application, slice_cstr(key), strbuf_slice(&line), &problem) != 0) {
		printf("%s: %s\n", key, problem.fault.text);
		exit(1);
	}
	strbuf_done(&line);
}

/* The first person of a list "[id][id]". */
static void set_person(struct application *application, const struct registry *registry,
		       struct slice list, const char *name_key, const char *email_key)
{
	struct slice id = slice_skip(slice_cut(&list, ']'), 1);

	for (size_t i = 0; i < registry->person_count; i++) {
		const struct person *person = &registry->people[i];
		struct slice uri = person->uri, address;
		struct strbuf email = {};

		if (!slice_eq(person->id, id))
			continue;
		address = slice_cut(&uri, '\7');
		address = slice_starts(address, SLICE("mailto:")) ? slice_skip(address, 7)
								  : SLICE_NONE;
		for (size_t j = 0; j < address.n; j++)
			strbuf_add_byte(&email, address.p[j] == '&' ? '@' : address.p[j]);
		set(application, name_key, person->name.n ? person->name : person->organization);
		set(application, email_key,
		    email.n > 0 ? strbuf_slice(&email) : SLICE("somebody@registry.example"));
		strbuf_done(&email);
		return;
	}
	set(application, name_key, SLICE("Some Body"));
	set(application, email_key, SLICE("somebody@registry.example"));
}

/* "[RFC1][RFC2]" as lines. */
static void set_references(struct application *application, struct slice references)
{
	struct strbuf lines = {};

	for (size_t i = 0; i < references.n; i++) {
		if (references.p[i] == ']')
			strbuf_add_byte(&lines, '\n');
		else if (references.p[i] != '[')
			strbuf_add_byte(&lines, references.p[i]);
	}
	set(application, "reference", lines.n > 0 ? strbuf_slice(&lines) : SLICE("Proprietary"));
	strbuf_done(&lines);
}

/* What asks for a change of the kind; NULL: nothing that is looked at. */
static const char *procedure_of(enum change_kind kind, const struct row *row)
{
	if (kind == CHANGE_DEASSIGNED || kind == CHANGE_PORT_REMOVED)
		return "de-assignment";
	if (kind == CHANGE_EXTENDED)
		return "renewal";
	if (kind == CHANGE_RENAMED || kind == CHANGE_CONTACT || kind == CHANGE_DESCRIPTION ||
	    kind == CHANGE_REFERENCE || kind == CHANGE_PUBLISHED)
		return "modification";
	if (kind != CHANGE_ASSIGNED && kind != CHANGE_ASSIGNED_TEMPORARILY &&
	    kind != CHANGE_NAME_ADDED && kind != CHANGE_TRANSPORT_ADDED &&
	    kind != CHANGE_PORT_ADDED)
		return NULL;
	if (kind == CHANGE_ASSIGNED_TEMPORARILY)
		return "early";
	if (kind == CHANGE_TRANSPORT_ADDED)
		return "transport";
	return row->first_port < 0 ? "name" : "port";
}

static void set_ports(struct application *application, const struct change *change,
		      const struct registry *after, struct slice name)
{
	struct strbuf transports = {}, ports = {};

	for (uint32_t i = 0; i < change->after_subjects; i++) {
		struct row row = registry_row(after, change->after[i]);
		struct slice transport = transport_name(row.transport);

		if (!slice_eq(row.shown[COLUMN_NAME], name))
			continue;
		if (slice_find(strbuf_slice(&transports), transport) == (size_t)-1)
			strbuf_printf(&transports, "%.*s ", (int)transport.n, transport.p);
		if (ports.n == 0)
			strbuf_add(&ports, row.shown[COLUMN_PORT]);
		set(application, "service_code", row.shown[COLUMN_SERVICE_CODE]);
	}
	if (application->procedure != PROCEDURE_TRANSPORT)
		set(application, "ports", strbuf_slice(&ports));
	set(application, "transports", strbuf_slice(&transports));
	strbuf_done(&transports);
	strbuf_done(&ports);
}

static void finish(struct application *application)
{
	struct application_problem problem;

	if (application_finish(application, &problem) != 0) {
		printf("%.*s: %s\n", (int)application->values[FIELD_SUBJECT].n,
		       application->values[FIELD_SUBJECT].p, problem.fault.text);
		exit(1);
	}
}

/* What was asked for of a row that was there, that it is another one now, or none. */
static void make_request(const struct change *change, const struct registry *before,
			 const struct registry *after, const char *procedure,
			 struct application *application)
{
	struct row row = registry_row(before, change->before[0]);
	struct slice transport = transport_name(row.transport);
	struct strbuf subject = {};

	/* An old name may have blanks. */
	if (slice_find_byte(row.shown[COLUMN_NAME], ' ') == (size_t)-1)
		strbuf_add(&subject, row.shown[COLUMN_NAME]);
	if (row.first_port >= 0 && transport.n > 0)
		strbuf_printf(&subject, " %.*s/%.*s", (int)row.shown[COLUMN_PORT].n,
			      row.shown[COLUMN_PORT].p, (int)transport.n, transport.p);
	set(application, "procedure", slice_cstr(procedure));
	set(application, "subject", strbuf_slice(&subject));
	set(application, "reason", SLICE("It is not as it was any more"));
	strbuf_done(&subject);
	if (strcmp(procedure, "modification") != 0)
		return;
	row = registry_row(after, change->after[0]);
	if (change->kind == CHANGE_RENAMED)
		set(application, "name", row.shown[COLUMN_NAME]);
	else if (change->kind == CHANGE_CONTACT)
		set_person(application, after, row.shown[COLUMN_CONTACT], "contact_name",
			   "contact_email");
	else if (change->kind == CHANGE_DESCRIPTION)
		set(application, "description", row.shown[COLUMN_DESCRIPTION]);
	else
		set_references(application, row.shown[COLUMN_REFERENCE]);
}

/* What the applicant may have said, that the edition has these rows now. */
static void make_application(const struct change *change, const struct registry *after,
			     const char *procedure, struct application *application)
{
	struct row row = registry_row(after, change->after[0]);

	set(application, "procedure", slice_cstr(procedure));
	if (strcmp(procedure, "transport") == 0) {
		application->procedure = PROCEDURE_TRANSPORT;
		set(application, "subject", row.shown[COLUMN_NAME]);
	} else {
		set(application, "name", row.shown[COLUMN_NAME]);
		set(application, "description", row.shown[COLUMN_DESCRIPTION]);
		set_references(application, row.shown[COLUMN_REFERENCE]);
	}
	set_ports(application, change, after, row.shown[COLUMN_NAME]);
	set_person(application, after, row.shown[COLUMN_ASSIGNEE], "assignee_name",
		   "assignee_email");
	set_person(application, after, row.shown[COLUMN_CONTACT], "contact_name", "contact_email");
	set(application, "broadcast", SLICE("None is used."));
	if (row.first_port >= 0) {
		set(application, "why_port", SLICE("Clients find servers without being told"));
		set(application, "why_system", SLICE("It starts before anything else does"));
		set(application, "why_transports", SLICE("Each carries what the other cannot"));
	}
}

static void count(const struct preflight *found, const struct application *application,
		  const char *date, struct tally *tally)
{
	struct slice name = application->values[FIELD_NAME];

	if (!name.p)
		name = application->values[FIELD_SUBJECT];
	for (size_t i = 0; i < found->count; i++) {
		const struct preflight_finding *finding = &found->findings[i];

		tally->numbers[finding->check->number]++;
		tally->level[finding->check->level]++;
		if (finding->check->level == PREFLIGHT_MUST)
			printf("%s %.*s: %u %.*s\n", date, (int)name.n, name.p,
			       finding->check->number, (int)finding->text.n, finding->text.p);
	}
	tally->applications++;
	tally->blocked += found->levels[PREFLIGHT_MUST] > 0;
}

static void check(const struct change *change, const struct registry *before,
		  const struct registry *after, const struct policy *policy,
		  const struct image *image, const char *date, struct tally *tally)
{
	struct row row =
		change->after_subjects > 0 ? registry_row(after, change->after[0]) : (struct row){};
	const char *procedure = procedure_of(change->kind, &row);
	struct application application = {};
	struct preflight found = {};
	struct preflight_facts facts = {.image = image, .now = slice_cstr(date)};
	struct fault fault;
	clock_t start;

	if (change->before_subjects > 0 && strcmp(procedure, "transport") != 0)
		make_request(change, before, after, procedure, &application);
	else
		make_application(change, after, procedure, &application);
	finish(&application);
	start = clock();
	assert(preflight(&application, policy, &facts, &found, &fault) == 0);
	tally->seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
	count(&found, &application, date, tally);
	preflight_done(&found);
	application_done(&application);
}

static void compare(const struct registry *before, const struct registry *after, const char *date,
		    const struct policy *policy, struct tally *tally)
{
	struct changes changes;
	struct strbuf bytes = {};
	struct image image;
	struct fault fault;

	assert(changes_find(before, after, CHANGES_ALL, &changes, NULL) == 0);
	for (size_t i = 0; i < changes.count; i++) {
		const struct change *change = &changes.all[i];
		struct row row =
			change->before_subjects > 0  ? registry_row(before, change->before[0])
			: change->after_subjects > 0 ? registry_row(after, change->after[0])
						     : (struct row){};

		if (!procedure_of(change->kind, &row) || row.shown[COLUMN_NAME].n == 0)
			continue;
		if (bytes.n == 0) {
			assert(mkimage(before, SLICE("archive"), &bytes, &fault) == 0);
			assert(image_open(&image, strbuf_slice(&bytes), &fault) == 0);
		}
		check(change, before, after, policy, &image, date, tally);
	}
	strbuf_done(&bytes);
	changes_done(&changes);
}

/* Whether it is as is known, number by number; what is not is said. */
static bool as_known(const struct tally *tally)
{
	bool right = true;

	for (unsigned number = 1; number < ARRAY_SIZE(tally->numbers); number++) {
		const struct preflight_check *check = NULL;
		unsigned expected = 0;

		for (size_t i = 0; (check = preflight_check_at(i)) && check->number != number; i++)
			continue;
		if (!check)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			expected += known[i].number == number ? known[i].count : 0;
		if (tally->numbers[number] > 0)
			printf("%u %.*s: %u\n", number, (int)check->name.n, check->name.p,
			       tally->numbers[number]);
		if (check->level == PREFLIGHT_MUST && tally->numbers[number] != expected) {
			printf("\t... not %u\n", expected);
			right = false;
		}
	}
	return right;
}

int main(int argc, char **argv)
{
	bool all = argc < 2 || strcmp(argv[1], "1") == 0, right;
	const char *from = all ? "2021-12-01" : "2026-01-01";
	struct strbuf document = {};
	struct registry *before = NULL, *after;
	struct tally tally = {};
	struct policy *policy;
	struct fault fault;
	size_t n;
	const char *text = policy_builtin("rfc6335", &n);
	char date[11];

	assert(policy_read((struct slice){text, n}, &policy, &fault) == 0);
	while (next_document(&document, date)) {
		if (strcmp(date, from) < 0)
			continue;
		if (source_read(strbuf_slice(&document), NULL, &after, &fault) < 0) {
			printf("%s: %s\n", date, fault.text);
			return 1;
		}
		if (before)
			compare(before, after, date, policy, &tally);
		registry_free(before);
		before = after;
	}
	registry_free(before);
	strbuf_done(&document);
	policy_free(policy);
	right = as_known(&tally);
	printf("%u applications, %u blocked; %u MUST, %u SHOULD, %u notes; %.2f ms each\n",
	       tally.applications, tally.blocked, tally.level[PREFLIGHT_MUST],
	       tally.level[PREFLIGHT_SHOULD], tally.level[PREFLIGHT_NOTE],
	       tally.applications ? tally.seconds * 1000 / tally.applications : 0.0);
	return all && !right;
}
