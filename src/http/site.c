#include "http/site.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "builtin/builtin.h"
#include "history/history.h"
#include "http/downloads.h"
#include "mkimage/mkimage.h"
#include "record/date.h"
#include "source/source.h"

/* Editions of the past that stay in memory, some three megabytes each. */
enum { PAST_MAX = 2 };

struct held {
	struct site_edition edition; /* first, so that the one is found by the other */
	size_t references;
	struct strbuf bytes; /* of the image; empty: it is the built-in one */
	char label[HISTORY_LABEL_SIZE], date[DATE_LENGTH + 1];
};

/* A connection to the store, and who uses it. */
struct connection {
	pthread_mutex_t lock;
	struct history *history; /* NULL: not connected */
};

/*
 * Whoever asks for an edition that is held waits for nobody who makes one: lock is held for a few
 * instructions, that of finding for one short question, that of making as long as it takes. So one
 * edition is made at a time, which bounds the memory for it. The locks are taken in the order of
 * making, finding, lock.
 */
struct site {
	pthread_mutex_t lock; /* of newest, past and every held edition's references */
	struct held *newest;
	struct held *past[PAST_MAX];	   /* the last asked for first */
	struct connection finding, making; /* of a date's edition; and all that takes time */
	_Atomic uint64_t made, state;	   /* as site_made() and site_state() give them */
	/* Of who makes: the registry's file when it was read, or the store when it was looked at.
	 */
	struct stat read;
	int64_t store_state;
	char *registry, *store;	 /* as struct site_options has them */
	atomic_bool store_found; /* there was a store at its place once */
	char *base;
	struct desk_access *desk;
};

static void held_free(struct held *held)
{
	if (!held)
		return;
	downloads_free(held->edition.downloads);
	strbuf_done(&held->bytes);
	free(held);
}

static void let_go(struct site *site, struct held *held)
{
	bool last;

	if (!held)
		return;
	pthread_mutex_lock(&site->lock);
	last = --held->references == 0;
	pthread_mutex_unlock(&site->lock);
	if (last)
		held_free(held);
}

/* Of the day that a document says it is from, or of the first of its month. Else of today. */
static void set_date(struct held *held, struct slice date)
{
	struct date parsed;
	struct tm today;
	time_t now = time(NULL);

	if (!date_parse(date, &parsed) && gmtime_r(&now, &today))
		parsed = (struct date){(unsigned)today.tm_year + 1900, (unsigned)today.tm_mon + 1,
				       (unsigned)today.tm_mday};
	snprintf(held->date, sizeof(held->date), "%04u-%02u-%02u", parsed.year % 10000,
		 parsed.month % 100, parsed.day ? parsed.day % 100 : 1);
	held->edition.date = held->edition.stamp = (struct slice){held->date, DATE_LENGTH};
}

/* Of what is in held->bytes, or the built-in image. */
static int open_image(struct held *held, struct fault *fault)
{
	bool is_builtin = held->bytes.n == 0;
	struct slice bytes = is_builtin ? builtin_image() : strbuf_slice(&held->bytes);
	struct slice title, date = SLICE_NONE;
	int result = image_open(&held->edition.image, bytes, fault);

	if (result == 0 && !is_builtin)
		result = image_verify(&held->edition.image, fault);
	if (result < 0)
		return result;
	(void)image_fact(&held->edition.image, IMAGE_FACT_UPDATED, 0, &title, &date);
	set_date(held, date);
	held->edition.label = is_builtin ? SLICE("built-in") : held->edition.date;
	held->edition.downloads = downloads_new();
	held->references = 1;
	return held->edition.downloads ? 0 : fault_memory(fault);
}

static int open_builtin(struct held **ret_held, struct fault *fault)
{
	struct held *held = calloc(1, sizeof(*held));
	int result = held ? open_image(held, fault) : fault_memory(fault);

	if (result < 0)
		held_free(held);
	else
		*ret_held = held;
	return result;
}

/* The image's bytes of a file, or of the document that it is. */
static int read_file(const char *path, struct strbuf *bytes, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct file_content content CLEANUP(file_content_done) = {};
	int result = file_read(path, SOURCE_DOCUMENT_MAX, &content, fault);

	if (result < 0)
		return result;
	if (slice_starts(content.text, image_magic())) {
		strbuf_add(bytes, content.text);
		return bytes->failed ? fault_memory(fault) : 0;
	}
	result = source_read(content.text, NULL, &registry, fault);
	return result == 0 ? mkimage(registry, slice_cstr(path), bytes, fault) : result;
}

static int open_file(struct site *site, struct held **ret_held, struct fault *fault)
{
	struct held *held = calloc(1, sizeof(*held));
	int result = held ? read_file(site->registry, &held->bytes, fault) : fault_memory(fault);

	site_trim();
	if (result == 0)
		result = open_image(held, fault);
	if (result < 0)
		held_free(held);
	else
		*ret_held = held;
	return result;
}

static int read_edition(struct site *site, int64_t number, struct held *held, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct slice label = history_label(number, held->label);
	int result = history_read(site->making.history, number, NULL, &registry, fault);

	if (result == 0)
		result = mkimage(registry, label, &held->bytes, fault);
	if (result == 0)
		result = open_image(held, fault);
	if (result < 0)
		return result;
	held->edition.number = number;
	held->edition.label = label;
	/* The date that it is kept by, which is not always what its document says. */
	set_date(held, (struct slice){label.p, DATE_LENGTH});
	held->edition.stamp = label;
	return 0;
}

void site_trim(void)
{
	/* An edition is read and made an image of in five times the memory that it then takes. */
	(void)malloc_trim(0);
}

static int open_edition(struct site *site, int64_t number, struct held **ret_held,
			struct fault *fault)
{
	struct held *held = calloc(1, sizeof(*held));
	int result = held ? read_edition(site, number, held, fault) : fault_memory(fault);

	site_trim();
	atomic_fetch_add(&site->made, 1);
	if (result < 0)
		held_free(held);
	else
		*ret_held = held;
	return result;
}

/* Holds the edition of a number where it is in memory. */
static struct held *find_held(struct site *site, int64_t number)
{
	struct held *found = NULL;

	pthread_mutex_lock(&site->lock);
	if (site->newest && site->newest->edition.number == number)
		found = site->newest;
	for (size_t i = 0; !found && i < PAST_MAX && site->past[i]; i++) {
		if (site->past[i]->edition.number != number)
			continue;
		found = site->past[i];
		memmove(site->past + 1, site->past, i * sizeof(struct held *));
		site->past[0] = found;
	}
	if (found)
		found->references++;
	pthread_mutex_unlock(&site->lock);
	return found;
}

/* Keeps it in the place of the one that was not asked for the longest. */
static void keep_past(struct site *site, struct held *held)
{
	struct held *last;

	pthread_mutex_lock(&site->lock);
	last = site->past[PAST_MAX - 1];
	memmove(site->past + 1, site->past, (PAST_MAX - 1) * sizeof(struct held *));
	site->past[0] = held;
	held->references++;
	pthread_mutex_unlock(&site->lock);
	let_go(site, last);
}

/* Takes a connection's lock and begins a transaction, to be ended by leave_store(). */
static int enter_store(const struct site *site, struct connection *connection, struct fault *fault)
{
	int result = 0;

	pthread_mutex_lock(&connection->lock);
	if (!connection->history)
		result = history_open(site->store, HISTORY_READ, &connection->history, fault);
	return result == 0 ? history_begin(connection->history, false, fault) : result;
}

/* What failed is not tried again on the same connection: a server may have gone. Gives result. */
static int leave_store(struct connection *connection, int result)
{
	if (connection->history)
		history_rollback(connection->history);
	if (result < 0) {
		history_close(connection->history);
		connection->history = NULL;
	}
	pthread_mutex_unlock(&connection->lock);
	return result;
}

static int find_number(struct site *site, struct slice as_of, int64_t *ret_number,
		       struct fault *fault)
{
	int result = enter_store(site, &site->finding, fault);

	if (result == 0)
		result = history_find(site->finding.history, as_of, ret_number, fault);
	return leave_store(&site->finding, result);
}

static int hold_past(struct site *site, struct slice as_of, struct held **ret_held,
		     struct fault *fault)
{
	int64_t number;
	int result = find_number(site, as_of, &number, fault);

	if (result != 0 || (*ret_held = find_held(site, number)))
		return result;
	result = enter_store(site, &site->making, fault);
	/* Who waited for another to make it has it now. */
	if (result == 0 && !(*ret_held = find_held(site, number))) {
		result = open_edition(site, number, ret_held, fault);
		if (result == 0)
			keep_past(site, *ret_held);
	}
	return leave_store(&site->making, result);
}

static bool is_date(struct slice as_of)
{
	struct slice day = slice_cut(&as_of, '.');
	struct date date;

	return day.n == DATE_LENGTH && date_parse(day, &date);
}

int site_hold(struct site *site, struct slice as_of, const struct site_edition **ret_edition,
	      struct fault *fault)
{
	struct held *held = NULL;
	int result = 0;

	if (as_of.p && !is_date(as_of))
		return fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD",
				 as_of.n < 40 ? (int)as_of.n : 40, as_of.p);
	if (as_of.p && !site_store(site))
		return 1;
	if (as_of.p) {
		result = hold_past(site, as_of, &held, fault);
	} else {
		pthread_mutex_lock(&site->lock);
		held = site->newest;
		held->references++;
		pthread_mutex_unlock(&site->lock);
	}
	if (result == 0)
		*ret_edition = &held->edition;
	return result;
}

void site_release(struct site *site, const struct site_edition *edition)
{
	let_go(site, (struct held *)edition);
}

static void release(void *site, const void *edition)
{
	site_release(site, edition);
}

void site_leave(struct site *site, const struct site_edition *edition,
		struct http_response *response)
{
	if (response->release)
		response->release(response->holder, response->held);
	response->release = release;
	response->holder = site;
	response->held = edition;
}

int site_model(struct site *site, const struct site_edition *edition,
	       struct registry **ret_registry, struct fault *fault)
{
	int result;

	if (edition->number == 0)
		return mkimage_registry(edition->image.bytes, ret_registry, fault);
	result = enter_store(site, &site->making, fault);
	if (result == 0)
		result = history_read(site->making.history, edition->number, NULL, ret_registry,
				      fault);
	return leave_store(&site->making, result);
}

static int has_format(void *wanted, const struct history_edition *edition)
{
	return slice_eq(edition->format, *(const struct slice *)wanted) ? 0 : 1;
}

int site_document(struct site *site, const struct site_edition *edition, struct slice format,
		  struct strbuf *ret_bytes, struct fault *fault)
{
	int result;

	if (edition->number == 0)
		return 1;
	result = enter_store(site, &site->making, fault);
	if (result == 0)
		result = history_edition(site->making.history, edition->number, has_format, &format,
					 fault);
	if (result == 0)
		result = history_document(site->making.history, edition->number, ret_bytes, fault);
	return leave_store(&site->making, result);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* 0, or 1 where what is held is what the file has. */
static int newest_of_file(struct site *site, struct held **ret_held, struct fault *fault)
{
	struct stat status = {};
	int result;

	if (stat(site->registry, &status) == 0 && site->newest && same_file(&status, &site->read))
		return 1;
	result = open_file(site, ret_held, fault);
	/* As it was before it was read: a change meanwhile is seen the next time. */
	if (result == 0)
		site->read = status;
	return result;
}

/* Likewise; an empty store has nothing. */
static int newest_of_store(struct site *site, struct held **ret_held, struct fault *fault)
{
	int64_t number, state;
	int result = history_state(site->making.history, &state, fault);

	if (result == 0 && site->newest && state == site->store_state)
		return 1;
	if (result == 0)
		result = history_find(site->making.history, SLICE_NONE, &number, fault);
	if (result != 0)
		return result;
	*ret_held = find_held(site, number);
	if (!*ret_held)
		result = open_edition(site, number, ret_held, fault);
	if (result == 0)
		site->store_state = state;
	return result;
}

static void swap_newest(struct site *site, struct held *held)
{
	struct held *before;

	pthread_mutex_lock(&site->lock);
	before = site->newest;
	site->newest = held;
	pthread_mutex_unlock(&site->lock);
	let_go(site, before);
	/* Last: what was answered before is of the state before. */
	atomic_fetch_add(&site->state, 1);
}

/* Whether there is a store: one may be made at its place at any time. */
static bool is_store_there(const struct site *site)
{
	struct stat status;

	return site->store && (atomic_load(&site->store_found) || history_is_url(site->store) ||
			       stat(site->store, &status) == 0);
}

int site_refresh(struct site *site, struct fault *fault)
{
	struct held *held = NULL;
	int result = 1;

	if (site->registry) {
		pthread_mutex_lock(&site->making.lock);
		result = newest_of_file(site, &held, fault);
	} else if (is_store_there(site)) {
		result = enter_store(site, &site->making, fault);
		if (result == 0) {
			if (!atomic_exchange(&site->store_found, true))
				atomic_fetch_add(&site->state, 1);
			result = newest_of_store(site, &held, fault);
		}
	} else {
		pthread_mutex_lock(&site->making.lock);
	}
	/* An empty store serves what there is without one. */
	if (result == 1 && !site->newest)
		result = open_builtin(&held, fault);
	if (result == 0)
		swap_newest(site, held);
	result = leave_store(&site->making, result);
	return result < 0 ? result : 0;
}

static char *copy(const char *text, bool *ret_failed)
{
	char *copied = text ? strdup(text) : NULL;

	*ret_failed |= text && !copied;
	return copied;
}

int site_open(const struct site_options *options, struct site **ret_site, struct fault *fault)
{
	struct site *site = calloc(1, sizeof(*site));
	bool failed = false;
	int result;

	if (!site)
		return fault_memory(fault);
	pthread_mutex_init(&site->lock, NULL);
	pthread_mutex_init(&site->finding.lock, NULL);
	pthread_mutex_init(&site->making.lock, NULL);
	site->registry = copy(options->registry, &failed);
	site->store = options->registry ? NULL : copy(options->store, &failed);
	site->desk = options->registry ? NULL : options->desk;
	site->base = strndup(options->base.n > 0 ? options->base.p : "", options->base.n);
	result = failed || !site->base ? fault_memory(fault) : site_refresh(site, fault);
	if (result < 0)
		site_close(site);
	else
		*ret_site = site;
	return result;
}

void site_close(struct site *site)
{
	if (!site)
		return;
	let_go(site, site->newest);
	for (size_t i = 0; i < PAST_MAX; i++)
		let_go(site, site->past[i]);
	history_close(site->finding.history);
	history_close(site->making.history);
	pthread_mutex_destroy(&site->lock);
	pthread_mutex_destroy(&site->finding.lock);
	pthread_mutex_destroy(&site->making.lock);
	free(site->registry);
	free(site->store);
	free(site->base);
	free(site);
}

struct slice site_base(const struct site *site)
{
	return slice_cstr(site->base);
}

const char *site_store(const struct site *site)
{
	return atomic_load(&site->store_found) ? site->store : NULL;
}

struct desk_access *site_desk(const struct site *site)
{
	return site_store(site) ? site->desk : NULL;
}

uint64_t site_state(const struct site *site)
{
	return atomic_load(&site->state);
}

uint64_t site_made(const struct site *site)
{
	return atomic_load(&site->made);
}
