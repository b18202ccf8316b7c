#include "timeline/timeline.h"

#include "base/utf8.h"
#include "query/query.h"
#include "render/changes.h"
#include "render/render.h"

void moment_done(struct moment *moment)
{
	changes_done(&moment->changes);
	registry_free(moment->before);
	registry_free(moment->after);
	*moment = (struct moment){};
}

/* Whether a column names the person, as [ID]. */
static bool names_person(struct slice shown, struct slice id)
{
	for (struct slice rest = shown; rest.n > id.n + 1;) {
		size_t at = slice_find_byte(rest, '[');

		if (at == (size_t)-1)
			return false;
		rest = slice_skip(rest, at + 1);
		if (rest.n > id.n && rest.p[id.n] == ']' &&
		    utf8_fold_eq((struct slice){rest.p, id.n}, id))
			return true;
	}
	return false;
}

static bool row_names(const struct registry *registry, uint32_t index, struct slice id)
{
	struct row row = registry_row(registry, index);

	return names_person(row.shown[COLUMN_ASSIGNEE], id) ||
	       names_person(row.shown[COLUMN_CONTACT], id);
}

static bool is_of_person(const struct changes *changes, const struct change *change,
			 struct slice id)
{
	if (change_subject(change->kind) == CHANGE_OF_PERSON)
		return (change->old != CHANGE_NOTHING &&
			utf8_fold_eq(changes->before->people[change->old].id, id)) ||
		       (change->new !=
			CHANGE_NOTHING &&utf8_fold_eq(changes->after->people[change->new].id, id));
	/* A row that goes on naming somebody is no change to them. */
	for (uint32_t i = 0; i < change->before_subjects || i < change->after_subjects; i++) {
		bool before = i < change->before_subjects &&
			      row_names(changes->before, change->before[i], id);
		bool after = i < change->after_subjects &&
			     row_names(changes->after, change->after[i], id);

		if (before != after)
			return true;
	}
	return false;
}

static bool row_is_of(const struct registry *registry, uint32_t index,
		      const struct history_subject *subject)
{
	struct row row = registry_row(registry, index);

	if (subject->transport.p && row.shown[COLUMN_TRANSPORT].n > 0 &&
	    !utf8_fold_eq(row.shown[COLUMN_TRANSPORT], subject->transport))
		return false;
	if (subject->name.p)
		return utf8_fold_eq(row.shown[COLUMN_NAME], subject->name);
	return row_has_port(&row, (uint16_t)subject->port);
}

static bool is_of(const struct changes *changes, const struct change *change,
		  const struct history_subject *subject)
{
	if (subject->id.p)
		return is_of_person(changes, change, subject->id);
	for (uint32_t i = 0; i < change->before_count; i++) {
		if (row_is_of(changes->before, change->before[i], subject))
			return true;
	}
	for (uint32_t i = 0; i < change->after_count; i++) {
		if (row_is_of(changes->after, change->after[i], subject))
			return true;
	}
	return false;
}

static void keep(struct changes *changes, const struct history_subject *subject)
{
	size_t kept = 0;

	for (size_t i = 0; i < changes->count; i++) {
		if (is_of(changes, &changes->all[i], subject))
			changes->all[kept++] = changes->all[i];
	}
	changes->count = kept;
}

/* The first edition beside nothing: of a name or port only its rows are read. */
static int read_first(struct history *history, const struct history_subject *subject,
		      struct moment *moment, struct fault *fault)
{
	struct history_filter filter = {};
	struct history_ports ports = {};

	if (subject && subject->name.p) {
		filter = (struct history_filter){.names = &subject->name, .name_count = 1};
	} else if (subject && subject->port >= 0) {
		ports.first = ports.last = (uint16_t)subject->port;
		filter = (struct history_filter){.ports = &ports, .port_count = 1};
	}
	moment->before = registry_new();
	if (!moment->before)
		return fault_memory(fault);
	return history_read(history, moment->number, &filter, &moment->after, fault);
}

static int read_moment(struct history *history, const struct history_subject *subject,
		       struct moment *moment, struct fault *fault)
{
	int result = history_previous(history, moment->number, &moment->previous, fault);

	if (result < 0)
		return result;
	result = result > 0 ? read_first(history, subject, moment, fault)
			    : history_compare(history, moment->previous, moment->number,
					      &moment->before, &moment->after, fault);
	if (result == 0)
		result = changes_find(moment->before, moment->after, CHANGES_ALL, &moment->changes,
				      fault);
	return result;
}

int moment_find(struct history *history, int64_t number, const struct history_subject *subject,
		struct moment *ret_moment, struct fault *fault)
{
	struct moment moment = {.number = number};
	int result = read_moment(history, subject, &moment, fault);

	if (result < 0) {
		moment_done(&moment);
		return result;
	}
	if (subject)
		keep(&moment.changes, subject);
	*ret_moment = moment;
	return 0;
}

int moment_between(struct history *history, int64_t from, int64_t to, struct moment *ret_moment,
		   struct fault *fault)
{
	struct moment moment = {.number = to, .previous = from};
	int result = history_compare(history, from, to, &moment.before, &moment.after, fault);

	if (result == 0)
		result = changes_find(moment.before, moment.after, CHANGES_ALL, &moment.changes,
				      fault);
	if (result < 0) {
		moment_done(&moment);
		return result;
	}
	*ret_moment = moment;
	return 0;
}

void moment_json(struct out *out, const struct moment *moment, size_t index)
{
	char space[HISTORY_LABEL_SIZE];

	out_put(out, SLICE("{\"edition\":"));
	render_json_text(out, history_label(moment->number, space));
	out_put(out, SLICE(",\"previous\":"));
	render_json_text(out,
			 moment->previous ? history_label(moment->previous, space) : SLICE_NONE);
	out_put(out, SLICE(",\"change\":"));
	render_change_json(out, &moment->changes, &moment->changes.all[index]);
	out_byte(out, '}');
}

static bool is_bracketed(struct slice word)
{
	return slice_starts(word, SLICE("[")) && slice_ends(word, SLICE("]")) && word.n > 2;
}

bool timeline_takes(struct slice word, struct fault *fault)
{
	struct query query;

	if (is_bracketed(word))
		return true;
	if (!query_parse(word, &query, fault))
		return false;
	if (query.kind == QUERY_NAME || query.first == query.last)
		return true;
	fault_set(fault, FAULT_MALFORMED, "a history is of one port, not of a range");
	return false;
}

struct walk {
	struct history *history;
	const struct history_subject *subject;
	moment_handler *handler;
	void *context;
	bool found; /* something was told */
	struct fault *fault;
};

static int take_turn(void *context, int64_t number)
{
	struct walk *walk = context;
	struct moment moment;
	int result = moment_find(walk->history, number, walk->subject, &moment, walk->fault);

	if (result < 0)
		return result;
	walk->found |= moment.changes.count > 0;
	result = walk->handler(walk->context, &moment);
	moment_done(&moment);
	return result;
}

static int walk_subject(struct walk *walk, const struct history_subject *subject)
{
	walk->subject = subject;
	return history_turns(walk->history, subject, take_turn, walk, walk->fault);
}

/* As the ids of people are written: words with _ between, without brackets. */
static int walk_person(struct walk *walk, struct slice word)
{
	struct strbuf id CLEANUP(strbuf_done) = {};

	if (is_bracketed(word))
		word = (struct slice){word.p + 1, word.n - 2};
	for (size_t at = 0; at < word.n; at++)
		strbuf_add_byte(&id, word.p[at] == ' ' ? '_' : word.p[at]);
	if (id.failed)
		return fault_memory(walk->fault);
	return walk_subject(walk, &(struct history_subject){.id = strbuf_slice(&id), .port = -1});
}

int timeline_walk(struct history *history, struct slice word, moment_handler *handler,
		  void *context, struct fault *fault)
{
	struct walk walk = {
		.history = history, .handler = handler, .context = context, .fault = fault};
	struct history_subject subject = {.port = -1};
	struct query query;
	int result;

	if (is_bracketed(word) || !query_parse(word, &query, fault))
		return walk_person(&walk, word);
	if (query.transport < TRANSPORT_COUNT)
		subject.transport = transport_name(query.transport);
	if (query.kind == QUERY_NAME)
		subject.name = query.name;
	else
		subject.port = query.first;
	result = walk_subject(&walk, &subject);
	if (result != 0 || walk.found || query.kind != QUERY_NAME)
		return result;
	return walk_person(&walk, word);
}

static void put_member(struct out *out, const char *name, struct slice text)
{
	out_printf(out, ",\"%s\":", name);
	render_json_text(out, text);
}

void edition_json(struct out *out, const struct history_edition *edition, bool with_origin)
{
	char space[HISTORY_LABEL_SIZE];

	out_put(out, SLICE("{\"edition\":"));
	render_json_text(out, history_label(edition->number, space));
	put_member(out, "date", edition->date);
	out_printf(out, ",\"sequence\":%u", edition->sequence);
	put_member(out, "format", edition->format);
	out_printf(out, ",\"rows\":%lld,\"people\":%lld,\"bytes\":%lld", (long long)edition->rows,
		   (long long)edition->people, (long long)edition->bytes);
	put_member(out, "sha256", edition->sha256);
	put_member(out, "imported", edition->imported);
	if (with_origin)
		put_member(out, "origin", edition->origin);
	out_byte(out, '}');
}
