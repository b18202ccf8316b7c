#include "cli/eras.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/number.h"
#include "cli/newest.h"
#include "mkimage/mkimage.h"
#include "record/date.h"

/* Of an edition; zeroed: of none. */
struct era {
	int64_t number;
	struct services *services;
	unsigned users;
	uint64_t used; /* when it was asked for last */
};

struct eras {
	pthread_mutex_t lock; /* for all that follows */
	struct history *history;
	struct annotate_form form;
	int64_t *editions; /* ascending */
	size_t edition_count;
	uint64_t clock;
	size_t size;
	struct era held[]; /* more than there are threads: one is always free */
};

static int add_edition(void *context, const struct history_edition *edition)
{
	struct eras *eras = context;
	int64_t *grown = realloc(eras->editions, (eras->edition_count + 1) * sizeof(*grown));

	if (!grown)
		return FAULT_MEMORY;
	eras->editions = grown;
	eras->editions[eras->edition_count++] = edition->number;
	return 0;
}

static void eras_closep(struct eras **eras)
{
	eras_close(*eras);
}

int eras_open(struct cli *cli, unsigned threads, struct eras **ret_eras, struct fault *fault)
{
	size_t size = (size_t)threads + 3;
	struct eras *eras CLEANUP(eras_closep) =
		calloc(1, sizeof(*eras) + size * sizeof(eras->held[0]));
	int result;

	if (!eras)
		return fault_memory(fault);
	pthread_mutex_init(&eras->lock, NULL);
	eras->size = size;
	result = store_open(cli, HISTORY_READ, &eras->history, fault);
	if (result == 0)
		result = history_begin(eras->history, false, fault);
	if (result == 0)
		result = history_editions(eras->history, add_edition, eras, fault);
	if (result == FAULT_MEMORY)
		return fault_memory(fault);
	if (result == 0)
		*ret_eras = take(eras);
	return result;
}

void eras_close(struct eras *eras)
{
	if (!eras)
		return;
	for (size_t i = 0; i < eras->size; i++)
		services_free(eras->held[i].services);
	history_close(eras->history);
	free(eras->editions);
	pthread_mutex_destroy(&eras->lock);
	free(eras);
}

void eras_set_form(struct eras *eras, const struct annotate_form *form)
{
	eras->form = *form;
}

/* Seconds, or milliseconds and less: 10^11 seconds are in the year 5138. */
static bool read_unix(struct slice text, struct date *ret_date)
{
	struct slice rest = text, digits = slice_cut(&rest, '.');
	uint64_t number;
	struct tm parts;
	time_t seconds;

	if (!number_parse(digits, INT64_MAX, &number))
		return false;
	while (number >= UINT64_C(100000000000))
		number /= 1000;
	seconds = (time_t)number;
	if (!gmtime_r(&seconds, &parts))
		return false;
	*ret_date = (struct date){(unsigned)parts.tm_year + 1900, (unsigned)parts.tm_mon + 1,
				  (unsigned)parts.tm_mday};
	return true;
}

static bool read_date(struct slice text, struct date *ret_date)
{
	struct slice day = text;

	if (text.n < DATE_LENGTH || text.p[4] != '-')
		return read_unix(text, ret_date);
	day.n = DATE_LENGTH;
	if (text.n > DATE_LENGTH &&
	    slice_find_byte(SLICE("Tt _"), text.p[DATE_LENGTH]) == (size_t)-1)
		return false;
	return date_parse(day, ret_date) && ret_date->day > 0;
}

/* The last edition of the date or an earlier one; 0: none. */
static int64_t edition_of(const struct eras *eras, const struct date *date)
{
	int64_t day = ((int64_t)date->year * 100 + date->month) * 100 + date->day;
	int64_t last = (day + 1) * HISTORY_SEQUENCES - 1;
	size_t from = 0, to = eras->edition_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (eras->editions[middle] <= last)
			from = middle + 1;
		else
			to = middle;
	}
	return from > 0 ? eras->editions[from - 1] : 0;
}

static int make(struct eras *eras, int64_t number, struct services **ret_services,
		struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	struct image image;
	int result = history_read(eras->history, number, NULL, &registry, fault);

	if (result == 0)
		result = mkimage(registry, SLICE(""), &bytes, fault);
	if (result == 0)
		result = image_open(&image, strbuf_slice(&bytes), fault);
	if (result == 0)
		result = services_make(&image, &eras->form, ret_services, fault);
	return result;
}

/* Where an edition is held, or may be: the one that nobody used for the longest time. */
static struct era *place_for(struct eras *eras, int64_t number)
{
	struct era *oldest = NULL;

	for (size_t i = 0; i < eras->size; i++) {
		struct era *era = &eras->held[i];

		if (era->services && era->number == number)
			return era;
		if (era->users == 0 && (!oldest || era->used < oldest->used))
			oldest = era;
	}
	return oldest;
}

static int hold(struct eras *eras, int64_t number, const struct services **ret_services,
		struct fault *fault)
{
	struct era *era = place_for(eras, number);
	int result;

	if (!era->services || era->number != number) {
		services_free(era->services);
		*era = (struct era){.number = number};
		result = make(eras, number, &era->services, fault);
		if (result < 0)
			return result;
	}
	era->users++;
	era->used = ++eras->clock;
	*ret_services = era->services;
	return 0;
}

int eras_find(struct eras *eras, struct slice date, const struct services **ret_services,
	      struct fault *fault)
{
	struct date day;
	int64_t number;
	int result;

	if (!read_date(date, &day))
		return 1;
	number = edition_of(eras, &day);
	if (number == 0)
		return 1;
	pthread_mutex_lock(&eras->lock);
	result = hold(eras, number, ret_services, fault);
	pthread_mutex_unlock(&eras->lock);
	return result;
}

void eras_give_back(struct eras *eras, const struct services *services)
{
	pthread_mutex_lock(&eras->lock);
	for (size_t i = 0; i < eras->size; i++)
		eras->held[i].users -= eras->held[i].services == services;
	pthread_mutex_unlock(&eras->lock);
}
