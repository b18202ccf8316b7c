/* The service name that is asked for: its form, and what is like it. */
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"

enum { NAME_SPACE = 64 };

/* RFC 6335, section 5.1, as far as the policy has it. */
static void check_form(struct work *work)
{
	const struct policy *policy = work->policy;
	struct slice name = work->name;
	struct slice section = policy->publisher_rules ? SLICE_NONE : SLICE("policy, names");
	bool letter = false;

	for (size_t i = 0; i < name.n; i++)
		letter = letter || byte_is_letter(name.p[i]);
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (byte_is_letter(c) || byte_is_digit(c) || c == '-' ||
		    (c == '_' && policy->names.underscore))
			continue;
		work_find_by(work, NAME_CHARACTER, FIELD_NAME, section,
			     "The name \"%.*s\" holds more than letters, digits and hyphens.",
			     TEXT(brief(name)));
		break;
	}
	if (policy->names.most > 0 && name.n > policy->names.most)
		work_find_by(work, NAME_LENGTH, FIELD_NAME, section,
			     "The name \"%.*s\" has %zu characters; at most %u are allowed.",
			     TEXT(brief(name)), name.n, policy->names.most);
	if (policy->names.letter && !letter)
		work_find_by(work, NAME_LETTER, FIELD_NAME, section,
			     "The name \"%.*s\" has no letter, and could be taken for a port.",
			     TEXT(brief(name)));
	if (policy->names.hyphens && (name.p[0] == '-' || name.p[name.n - 1] == '-'))
		work_find_by(work, NAME_EDGE_HYPHEN, FIELD_NAME, section,
			     "The name \"%.*s\" begins or ends with a hyphen.", TEXT(brief(name)));
	if (policy->names.hyphens && slice_find(name, SLICE("--")) != (size_t)-1)
		work_find_by(work, NAME_DOUBLE_HYPHEN, FIELD_NAME, section,
			     "The name \"%.*s\" has two hyphens side by side.", TEXT(brief(name)));
}

static bool is_version(struct slice word)
{
	if (word.n < 2 || ascii_fold(word.p[0]) != 'v')
		return false;
	for (size_t i = 1; i < word.n; i++) {
		if (!byte_is_digit(word.p[i]) && word.p[i] != '.')
			return false;
	}
	return byte_is_digit(word.p[1]);
}

static void check_words(struct work *work)
{
	struct slice name = work->name, rest = name;
	size_t digits = name.n;

	while (rest.p) {
		struct slice word = slice_cut(&rest, '-');

		if (utf8_fold_eq(word, SLICE("port")) || utf8_fold_eq(word, SLICE("service")) ||
		    utf8_fold_eq(word, SLICE("protocol")))
			work_find(work, NAME_WORD, FIELD_NAME,
				  "The word \"%.*s\" in the name says nothing that all names would "
				  "not.",
				  TEXT(brief(word)));
	}
	while (digits > 0 && byte_is_digit(name.p[digits - 1]))
		digits--;
	if (digits < name.n && digits >= 2 && is_version(slice_skip(name, digits - 1)))
		work_find(
			work, NAME_VERSION, FIELD_NAME,
			"The name ends in a version, \"%.*s\". Versions are told apart within the "
			"protocol, so that one name and port serve all of them.",
			TEXT(brief(slice_skip(name, digits - 1))));
}

static void check_description(struct work *work)
{
	struct slice description = work_value(work, FIELD_DESCRIPTION), rest = description;
	struct slice discovery = work_value(work, FIELD_UDP_DISCOVERY);
	bool version = has_word(description, SLICE("version"));

	while (rest.n > 0 && !version) {
		size_t at = 0;

		while (at < rest.n && !byte_is_blank(rest.p[at]))
			at++;
		version = is_version((struct slice){rest.p, at});
		rest = slice_skip(rest, at + 1);
	}
	if (version)
		work_find(work, DESCRIPTION_VERSION, FIELD_DESCRIPTION,
			  "The description has a version: the assignment is for all versions.");
	if (work->name.p && !ends_folded(work->name, SLICE("-disc")) &&
	    (has_word(description, SLICE("discovery")) ||
	     (utf8_fold_eq((struct slice){discovery.p, discovery.n < 3 ? discovery.n : 3},
			   SLICE("yes")) &&
	      work->application->transports == 1u << TRANSPORT_UDP)))
		work_find(work, NAME_DISCOVERY, FIELD_NAME,
			  "A service for discovery should have a name that ends in \"-disc\".");
}

/* How a row has the name: alone, or as an alias. */
static void say_taken(struct work *work, uint32_t number, const char *more)
{
	struct row row;
	struct slice alias, assignee;

	image_row(work->image, number, &row);
	alias = row_alias_of(&row);
	assignee = row.shown[COLUMN_ASSIGNEE];
	if (alias.p)
		work_find(work, NAME_TAKEN, FIELD_NAME,
			  "The name \"%.*s\" is registered, as an alias to \"%.*s\".%s",
			  TEXT(brief(row.shown[COLUMN_NAME])), TEXT(brief(alias)), more);
	else if (assignee.n > 0)
		work_find(work, NAME_TAKEN, FIELD_NAME,
			  "The name \"%.*s\" is registered, to %.*s.%s",
			  TEXT(brief(row.shown[COLUMN_NAME])), TEXT(brief(assignee)), more);
	else
		work_find(work, NAME_TAKEN, FIELD_NAME, "The name \"%.*s\" is registered.%s",
			  TEXT(brief(row.shown[COLUMN_NAME])), more);
}

static bool is_subject(const struct work *work, uint32_t number)
{
	for (size_t i = 0; i < work->subject.count; i++) {
		if (work->subject.numbers[i] == number)
			return true;
	}
	return false;
}

/* Whose name it is, if anybody's: RFC 6335, sections 5.1 and 8.1.1. */
static void check_taken(struct work *work)
{
	bool held = true, port = false, same_port = false, others = false;
	const struct rows *named = &work->named;
	size_t before = work->preflight->count;

	for (size_t i = 0; i < named->count; i++) {
		struct image_row_head head;

		if (!image_row_head(work->image, named->numbers[i], &head))
			continue;
		held = held && row_is_held(work, named->numbers[i]);
		port = port || !head.portless;
		same_port = same_port || (!head.portless && !work->application->any_port &&
					  head.first_port == work->first_port);
		others = others || !is_subject(work, named->numbers[i]);
	}
	if (named->count == 0)
		return;
	if (work_is(work, IN(MODIFICATION))) {
		if (others)
			say_taken(work, named->numbers[0], "");
	} else if (work_is(work, PORTING) && held && !port) {
		work_find(work, NAME_HAS_NO_PORT, FIELD_NAME,
			  "The name \"%.*s\" is registered without a port, to whoever applies; it "
			  "would get one.",
			  TEXT(brief(work->name)));
	} else if (work_is(work, PORTING) && held && !same_port) {
		work_find(work, PORT_SECOND, FIELD_PORTS,
			  "The service \"%.*s\" has a port already: one port is to suffice for a "
			  "service, its versions and its variants.",
			  TEXT(brief(work->name)));
	} else if (work_is(work, NAMING)) {
		say_taken(work, named->numbers[0],
			  same_port ? " A further transport for it is a request of its own kind."
				    : "");
	}
	for (size_t i = 0; i < named->count && work->preflight->count > before; i++)
		work_precedent_row(work, named->numbers[i], SLICE_NONE);
}

static void check_past(struct work *work)
{
	size_t count = 0;
	const struct past_span *spans =
		work->facts->past ? past_of_name(work->facts->past, work->name, &count) : NULL;
	int64_t until = 0;
	char space[PAST_DAY_SIZE];

	if (work->named.count > 0 || !work_is(work, NAMING | IN(MODIFICATION)))
		return;
	for (size_t i = 0; i < count; i++) {
		if (spans[i].until == 0)
			return;
		if (spans[i].until > until)
			until = spans[i].until;
	}
	if (count == 0)
		return;
	work_find(
		work, NAME_PAST, FIELD_NAME,
		"The name \"%.*s\" was registered until %.*s: whoever knows it from then may take "
		"it for the former service.",
		TEXT(brief(work->name)), TEXT(past_day(until, space)));
	for (size_t i = 0; i < count; i++)
		work_precedent_past(work, &spans[i], true, SLICE("registered until then"));
}

/* Folded, without hyphens and what digits it ends in. */
static struct slice bare(struct slice name, char space[static NAME_SPACE])
{
	size_t n = 0;

	if (name.n > NAME_SPACE)
		return SLICE_NONE;
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] != '-' && name.p[i] != '_')
			space[n++] = ascii_fold(name.p[i]);
	}
	while (n > 0 && byte_is_digit(space[n - 1]))
		n--;
	return (struct slice){space, n};
}

/* Whether names differ in one place, and by little. */
static bool is_close(struct slice a, struct slice b)
{
	size_t shorter = a.n < b.n ? a.n : b.n, longer = a.n > b.n ? a.n : b.n, same = 0, end = 0;

	if (longer > shorter + 2)
		return false;
	while (same < shorter && ascii_fold(a.p[same]) == ascii_fold(b.p[same]))
		same++;
	while (same + end < shorter &&
	       ascii_fold(a.p[a.n - 1 - end]) == ascii_fold(b.p[b.n - 1 - end]))
		end++;
	return longer - same - end <= 2 && 3 * (same + end) >= 2 * longer;
}

/* Names that are like another one, as many as are shown. */
struct similar {
	struct slice names[PRECEDENTS_MAX];
	size_t count;
};

static void add_name(struct similar *similar, struct slice name)
{
	for (size_t i = 0; i < similar->count; i++) {
		if (utf8_fold_eq(similar->names[i], name))
			return;
	}
	if (similar->count < PRECEDENTS_MAX)
		similar->names[similar->count++] = name;
}

/* All names of the registry, once: those that differ in hyphens and digits alone, and in little. */
static void find_like(const struct work *work, struct similar *variants, struct similar *near)
{
	char wanted_space[NAME_SPACE], space[NAME_SPACE];
	struct slice wanted = bare(work->name, wanted_space);
	uint32_t count = query_name_count(work->image);

	for (uint32_t i = 0; i < count && wanted.n > 0; i++) {
		struct slice name = query_name_at(work->image, i);

		if (name.n == 0 || utf8_fold_eq(name, work->name))
			continue;
		if (wanted.n >= 3 && ascii_fold(name.p[0]) == wanted.p[0] &&
		    slice_eq(bare(name, space), wanted))
			add_name(variants, name);
		else if (is_close(name, work->name))
			add_name(near, name);
	}
}

/* Names that hold it, and those that it begins with, up to a hyphen. */
static void find_longer_shorter(struct work *work, struct similar *similar)
{
	struct rowset rows;
	uint32_t number;

	for (size_t at = 3; at < work->name.n; at++) {
		struct slice stem = {work->name.p, at};

		if (work->name.p[at] == '-' && query_name(work->image, stem, &number, 1) > 0)
			add_name(similar, image_row_text(work->image, number, COLUMN_NAME));
	}
	if (work->name.n < 4)
		return;
	if (!rowset_init(&rows, image_row_count(work->image))) {
		work->failed = true;
		return;
	}
	query_search(work->image, work->name, QUERY_COLUMN(COLUMN_NAME), &rows);
	ROWSET_EACH(&rows, row)
	{
		struct slice name = image_row_text(work->image, row, COLUMN_NAME);

		if (!utf8_fold_eq(name, work->name))
			add_name(similar, name);
	}
	rowset_done(&rows);
}

static void attach(struct work *work, const struct similar *similar)
{
	uint32_t number;

	for (size_t i = 0; i < similar->count; i++) {
		if (query_name(work->image, similar->names[i], &number, 1) > 0)
			work_precedent_row(work, number, SLICE_NONE);
	}
}

static void check_similar(struct work *work)
{
	struct similar variants = {}, similar = {};

	find_like(work, &variants, &similar);
	if (variants.count > 0) {
		work_find(work, NAME_VARIANT, FIELD_NAME,
			  "The name differs from \"%.*s\", which is registered, in hyphens or "
			  "digits alone.",
			  TEXT(brief(variants.names[0])));
		attach(work, &variants);
		return;
	}
	find_longer_shorter(work, &similar);
	if (similar.count == 0)
		return;
	work_find(work, NAME_SIMILAR, FIELD_NAME,
		  "Names that are registered are like it, \"%.*s\" first: see whether one of them "
		  "is the service that is meant.",
		  TEXT(brief(similar.names[0])));
	attach(work, &similar);
}

/* RFC 7605, section 7.4. */
static void check_secure(struct work *work)
{
	static const struct slice suffixes[] = {
		SLICE("-tls"),	SLICE("-ssl"), SLICE("-sec"), SLICE("-secure"),
		SLICE("-dtls"), SLICE("-s"),   SLICE("s"),
	};
	static const struct slice words[] = {SLICE("TLS"),    SLICE("SSL"),	SLICE("DTLS"),
					     SLICE("secure"), SLICE("secured"), SLICE("encrypted")};
	struct slice description = work_value(work, FIELD_DESCRIPTION);
	bool said = false;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		said = said || has_word(description, words[i]);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		struct slice stem = {work->name.p, work->name.n - suffixes[i].n};
		uint32_t number;

		if (!ends_folded(work->name, suffixes[i]) || stem.n < 2 ||
		    (suffixes[i].n <= 2 && !said) || query_name(work->image, stem, &number, 1) == 0)
			continue;
		work_find(work, NAME_SECURE, FIELD_NAME,
			  "This looks like a secure variant of \"%.*s\". Security is to be "
			  "negotiated "
			  "on the one port; that others have a pair of ports is no reason.",
			  TEXT(brief(stem)));
		work_precedent_row(work, number, SLICE_NONE);
		return;
	}
}

/* RFC 7605, section 7.9: another name for a service that has one. */
static void check_same_description(struct work *work)
{
	struct slice description = work_value(work, FIELD_DESCRIPTION);
	struct rowset rows;
	bool found = false;

	if (description.n < 8)
		return;
	if (!rowset_init(&rows, image_row_count(work->image))) {
		work->failed = true;
		return;
	}
	query_search(work->image, description, QUERY_COLUMN(COLUMN_DESCRIPTION), &rows);
	ROWSET_EACH(&rows, number)
	{
		struct slice name = image_row_text(work->image, number, COLUMN_NAME);

		if (name.n == 0 || utf8_fold_eq(name, work->name) ||
		    !utf8_fold_eq(image_row_text(work->image, number, COLUMN_DESCRIPTION),
				  description))
			continue;
		if (!found)
			work_find(
				work, DESCRIPTION_TAKEN, FIELD_DESCRIPTION,
				"The service \"%.*s\" has this very description: a service has one "
				"name.",
				TEXT(brief(name)));
		found = true;
		work_precedent_row(work, number, SLICE_NONE);
	}
	rowset_done(&rows);
}

void check_names(struct work *work)
{
	if (!work_is(work, NAMING | IN(MODIFICATION) | IN(SERVICE_CODE)))
		return;
	check_description(work);
	if (!work->name.p)
		return;
	/* A name that there is stays as it is, however it is formed. */
	if (work_is(work, NAMING) || work->named.count == 0) {
		check_form(work);
		check_words(work);
	}
	check_taken(work);
	check_past(work);
	if (!work_is(work, NAMING))
		return;
	if (utf8_fold_eq(work->name, SLICE("exp1")) || utf8_fold_eq(work->name, SLICE("exp2")))
		work_find(work, NAME_EXPERIMENT, FIELD_NAME,
			  "exp1 and exp2 are for experiments of everybody, at 1021 and 1022.");
	if (work->named.count == 0)
		check_similar(work);
	check_secure(work);
	check_same_description(work);
}
