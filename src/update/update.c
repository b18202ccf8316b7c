#include "update/update.h"

#include "codec/codec.h"
#include "record/date.h"
#include "source/source.h"

/*
 * Neighbouring editions of 2015 to 2026 differ in at most 0.2 % of their rows and lose at most 0.8
 * % of their people; the last of them has 11 % that the first does not have.
 */
const struct history_limits update_limits = {.fewer = 5, .changed = 20};

void update_done(struct update *update)
{
	strbuf_done(&update->etag);
	strbuf_done(&update->last_modified);
	fetch_answer_done(&update->answer);
	registry_free(update->registry);
	history_hashes_free(update->hashes);
	*update = (struct update){};
}

/* Whether the URL may be kept: what stands before an @ or behind a ? may be a secret. */
static bool may_be_kept(const char *url)
{
	return slice_find_byte(slice_cstr(url), '@') == (size_t)-1 &&
	       slice_find_byte(slice_cstr(url), '?') == (size_t)-1;
}

int update_ask(struct history *history, const struct update_options *options, struct update *update,
	       struct fault *fault)
{
	int result;

	if (!may_be_kept(options->url))
		return 0;
	result = history_begin(history, false, fault);
	if (result == 0)
		result = history_source(history, slice_cstr(options->url), &update->etag,
					&update->last_modified, fault);
	history_rollback(history);
	return result < 0 ? result : 0;
}

int update_fetch(const struct update_options *options, struct update *update, struct fault *fault)
{
	struct fetch_request request = {.url = options->url,
					.etag = strbuf_slice(&update->etag),
					.last_modified = strbuf_slice(&update->last_modified),
					.ca_file = options->ca_file,
					.limits = options->limits,
					.progress = options->progress,
					.context = options->context};
	struct strbuf *url = &update->answer.url;
	int result = fetch(&request, &update->answer, fault);

	if (result < 0 || result == FETCH_CANCELLED)
		return result;
	strbuf_add_byte(url, '\0');
	if (url->failed)
		return fault_memory(fault);
	url->n--;
	return result;
}

int update_read(struct update *update, struct fault *fault)
{
	static const struct source_options options = {.keep_layout = true};
	struct slice document = strbuf_slice(&update->answer.body), name;
	enum source_format format;
	struct date date;
	int result;

	/* Other formats do not say all, or not when. */
	if (source_detect(document, &format) && format != SOURCE_XML) {
		name = source_format_name(format);
		return fault_set(fault, FAULT_UNKNOWN,
				 "looks like %.*s, and is not the registry's XML", (int)name.n,
				 name.p);
	}
	result = source_read(document, &options, &update->registry, fault);
	if (result < 0)
		return result;
	if (!date_parse(update->registry->header.updated, &date) || date.day == 0)
		return fault_set(fault, FAULT_MALFORMED, "does not say of which date it is");
	return history_hash(document, update->registry, &update->hashes, fault);
}

/* What is looked for among the editions. */
struct look {
	struct update *update;
	struct slice sha256;
	bool held;
};

static int look_at(void *context, const struct history_edition *edition)
{
	struct look *look = context;
	struct update *update = look->update;

	update->newest = edition->number;
	update->newest_rows = (size_t)edition->rows;
	update->newest_people = (size_t)edition->people;
	look->held |= slice_eq(edition->date, update->registry->header.updated) &&
		      slice_eq(edition->sha256, look->sha256);
	return 0;
}

/* UPDATE_ADDED: it is another one, and not older than those in the store. */
static int look_around(struct history *history, struct update *update, struct fault *fault)
{
	struct look look = {.update = update};
	unsigned char digest[CODEC_SHA256_SIZE];
	char digits[2 * CODEC_SHA256_SIZE], space[HISTORY_LABEL_SIZE];
	struct slice newest;
	int result;

	codec_sha256(strbuf_slice(&update->answer.body), digest);
	look.sha256 = codec_sha256_hex(digest, digits);
	result = history_editions(history, look_at, &look, fault);
	if (result < 0 || update->newest == 0)
		return result;
	newest = history_label(update->newest, space);
	newest.n = DATE_LENGTH;
	if (slice_compare(update->registry->header.updated, newest) < 0)
		return UPDATE_OLDER;
	return look.held ? UPDATE_CURRENT : UPDATE_ADDED;
}

static struct history_document document_of(const struct update_options *options,
					   const struct update *update)
{
	return (struct history_document){.bytes = strbuf_slice(&update->answer.body),
					 .registry = update->registry,
					 .hashes = update->hashes,
					 .format = source_format_name(SOURCE_XML),
					 .date = update->registry->header.updated,
					 .origin = strbuf_slice(&update->answer.url),
					 .imported = options->now};
}

/* 0; 1 and the reason where it is not; or a negative fault. */
static int check_plausible(struct history *history, const struct update_options *options,
			   const struct update *update, struct fault *fault)
{
	struct history_document document = document_of(options, update);
	struct slice date = document.date;
	size_t people = update->registry->person_count;

	if (slice_compare(date, (struct slice){options->now.p, DATE_LENGTH}) > 0) {
		fault_set(fault, FAULT_MALFORMED, "is of %.*s, which is yet to come", (int)date.n,
			  date.p);
		return 1;
	}
	if (update->newest_people >= HISTORY_JUDGED_ROWS &&
	    people * 100 < update->newest_people * (100 - update_limits.fewer)) {
		fault_set(fault, FAULT_MALFORMED,
			  "only %zu people where the newest edition has %zu: more than %u %% fewer",
			  people, update->newest_people, update_limits.fewer);
		return 1;
	}
	return history ? history_check_plausible(history, &document, &update_limits, fault) : 0;
}

static int count_changes(struct history *history, struct update *update, struct fault *fault)
{
	struct registry *newest CLEANUP(registry_freep) = NULL;
	struct changes changes CLEANUP(changes_done) = {};
	int result = history_read(history, update->newest, NULL, &newest, fault);

	if (result == 0)
		result = changes_find(newest, update->registry, CHANGES_ALL, &changes, fault);
	for (size_t i = 0; i < changes.count; i++)
		update->counts[changes.all[i].kind]++;
	return result;
}

static int add(struct history *history, const struct update_options *options, struct update *update,
	       struct fault *fault)
{
	struct history_document document = document_of(options, update);
	int result = history_add(history, &document, &update->number, fault);

	return result < 0 ? result : 0;
}

static int keep_source(struct history *history, const struct update_options *options,
		       const struct update *update, struct fault *fault)
{
	struct history_source source = {.url = slice_cstr(options->url),
					.etag = strbuf_slice(&update->answer.etag),
					.last_modified =
						strbuf_slice(&update->answer.last_modified),
					.fetched = options->now};

	return may_be_kept(options->url) ? history_keep_source(history, &source, fault) : 0;
}

/* An outcome or a fault, within a transaction. */
static int take_document(struct history *history, const struct update_options *options,
			 struct update *update, struct fault *fault)
{
	int outcome = history ? look_around(history, update, fault) : UPDATE_ADDED, result = 0;

	if (outcome == UPDATE_ADDED && !options->force)
		result = check_plausible(history, options, update, fault);
	if (result != 0)
		return result < 0 ? result : UPDATE_REFUSED;
	if (outcome == UPDATE_ADDED && update->newest != 0)
		result = count_changes(history, update, fault);
	if (result == 0 && outcome == UPDATE_ADDED && !options->check)
		result = add(history, options, update, fault);
	if (result == 0 && (outcome == UPDATE_ADDED || outcome == UPDATE_CURRENT) &&
	    !options->check)
		result = keep_source(history, options, update, fault);
	return result < 0 ? result : outcome;
}

int update_take(struct history *history, const struct update_options *options,
		struct update *update, struct fault *fault)
{
	int result = history ? history_begin(history, !options->check, fault) : 0, outcome;

	if (result < 0)
		return result;
	outcome = take_document(history, options, update, fault);
	if ((outcome == UPDATE_ADDED || outcome == UPDATE_CURRENT) && history && !options->check)
		result = history_commit(history, fault);
	else if (history)
		history_rollback(history);
	return result < 0 ? result : outcome;
}
