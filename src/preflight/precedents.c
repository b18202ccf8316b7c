/* What was assigned of the kind in the last years, and what becomes of other transports. */
#include "base/number.h"
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"
#include "record/date.h"

enum { YEARS = 5, SHOWN = 3 };

struct recent {
	uint32_t rows[SHOWN]; /* the newest first */
	size_t shown;
	unsigned count;
};

static void keep_newest(const struct work *work, struct recent *recent, uint32_t number)
{
	struct slice date = image_row_text(work->image, number, COLUMN_REGISTERED);
	size_t at = recent->shown;

	recent->count++;
	while (at > 0 &&
	       slice_compare(image_row_text(work->image, recent->rows[at - 1], COLUMN_REGISTERED),
			     date) < 0)
		at--;
	if (at == SHOWN)
		return;
	if (recent->shown < SHOWN)
		recent->shown++;
	for (size_t i = recent->shown - 1; i > at; i--)
		recent->rows[i] = recent->rows[i - 1];
	recent->rows[at] = number;
}

/* Adds the rows that were registered in the years up to one. */
static void search_years(const struct work *work, unsigned last, struct rowset *rows)
{
	for (unsigned year = last - YEARS; year <= last; year++) {
		char digits[NUMBER_DIGITS];

		query_search(work->image, number_write(year, digits),
			     QUERY_COLUMN(COLUMN_REGISTERED), rows);
	}
}

/* The assigned rows since a date, portless or of ports of a range; of a service one. */
static void find_recent(const struct work *work, const struct rowset *rows, struct slice since,
			struct recent *ret_recent)
{
	struct slice before = SLICE_NONE;

	*ret_recent = (struct recent){};
	ROWSET_EACH(rows, i)
	{
		struct image_row_head head;
		struct slice name = image_row_text(work->image, i, COLUMN_NAME);

		if (!image_row_head(work->image, i, &head) || head.state != ROW_ASSIGNED ||
		    policy_range_of(work->policy, head.portless ? -1 : head.first_port) !=
			    work->range ||
		    slice_compare(image_row_text(work->image, i, COLUMN_REGISTERED), since) < 0 ||
		    utf8_fold_eq(name, before))
			continue;
		before = name;
		keep_newest(work, ret_recent, i);
	}
}

static void check_recent(struct work *work)
{
	struct slice today = day_of(work->facts->now);
	char since[DATE_LENGTH];
	struct recent recent;
	struct rowset rows;
	bool any;
	struct date date;
	char digits[NUMBER_DIGITS];
	struct slice year;

	if (!work->range || !date_parse(today, &date) || today.n != DATE_LENGTH ||
	    date.year < 1000 + YEARS)
		return;
	memcpy(since, today.p, DATE_LENGTH);
	year = number_write(date.year - YEARS, digits);
	memcpy(since, year.p, year.n);
	if (!rowset_init(&rows, image_row_count(work->image))) {
		work->failed = true;
		return;
	}
	search_years(work, date.year, &rows);
	any = rowset_count(&rows) > 0;
	find_recent(work, &rows, (struct slice){since, DATE_LENGTH}, &recent);
	rowset_done(&rows);
	/* A registry without dates tells nothing. */
	if (!any)
		return;
	if (recent.count == 0)
		work_find(work, PRECEDENTS, FIELD_COUNT,
			  "No service was assigned in this range (%.*s) in the last %d years.",
			  TEXT(brief(work->range->name)), YEARS);
	else
		work_find(work, PRECEDENTS, FIELD_COUNT,
			  "%u service%s assigned in this range (%.*s) in the last %d years.",
			  recent.count, recent.count == 1 ? " was" : "s were",
			  TEXT(brief(work->range->name)), YEARS);
	for (size_t i = 0; i < recent.shown; i++)
		work_precedent_row(work, recent.rows[i], SLICE_NONE);
}

/* The practice of the publisher: RFC 6335, section 8.1.1, keeps them for the assignee. */
static void check_counterparts(struct work *work)
{
	unsigned transports = work->application->transports;
	bool tcp = transports >> TRANSPORT_TCP & 1, udp = transports >> TRANSPORT_UDP & 1;

	if (!work->policy->publisher_rules || transports == 0 || (tcp && udp))
		return;
	work_find(work, COUNTERPARTS, FIELD_TRANSPORTS,
		  "The port is Reserved for %s, so that no other service gets it: the assignee may "
		  "ask "
		  "for it later.",
		  tcp	? "UDP"
		  : udp ? "TCP"
			: "TCP and UDP");
}

void check_precedents(struct work *work)
{
	if (work_is(work, PORTING | IN(NAME)))
		check_recent(work);
	if (work_is(work, PORTING))
		check_counterparts(work);
}
