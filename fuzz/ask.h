/* Asks an image of any content everything that can be asked; all must come to an end, in bounds. */
#ifndef PORTBOOK_FUZZ_ASK_H
#define PORTBOOK_FUZZ_ASK_H

#include <stdlib.h>

#include "query/query.h"

/* Looks at each byte, so that a sanitizer sees it, and what follows text in an image. */
static inline unsigned ask_touch(struct slice text)
{
	unsigned sum = 0;

	for (size_t i = 0; i < text.n; i++)
		sum += (unsigned char)text.p[i];
	if (text.p && text.p[text.n] != '\0')
		abort();
	return sum;
}

static inline unsigned ask_rows(const struct image *image)
{
	struct strbuf rich = {};
	unsigned sum = 0;

	for (uint32_t i = 0; i < image_row_count(image) && i < 200; i++) {
		struct row row;

		image_row(image, i, &row);
		for (unsigned k = 0; k < COLUMN_COUNT; k++) {
			sum += ask_touch(row.shown[k]) + ask_touch(row.rich[k]);
			rich.n = 0;
			if (row.shown[k].n < 4096)
				row_rich(&row, (enum column)k, &rich);
		}
		sum += ask_touch(row.order) + (unsigned)row_alias_of(&row).n +
		       row_is_historic(&row);
	}
	for (uint32_t i = 0; i < image_person_count(image) && i < 200; i++) {
		struct person person;

		image_person(image, i, &person);
		sum += ask_touch(person.id) + ask_touch(person.name) + ask_touch(person.uri);
	}
	for (unsigned i = 0; i <= IMAGE_FACT_ORIGIN + 1; i++) {
		struct slice title, text;

		for (uint32_t k = 0;
		     k < 3 && image_fact(image, (enum image_fact)i, k, &title, &text); k++)
			sum += ask_touch(title) + ask_touch(text);
	}
	strbuf_done(&rich);
	return sum;
}

static inline void ask_ports(const struct image *image)
{
	for (uint32_t port = 0; port < PORT_COUNT; port += 1 + port / 64) {
		for (unsigned transport = 0; transport < TRANSPORT_COUNT; transport++) {
			uint32_t rows[3];

			(void)query_port(image, (enum transport)transport, (uint16_t)port, rows, 3);
			(void)query_port_state(image, (enum transport)transport, (uint16_t)port);
		}
	}
}

static inline void ask_names(const struct image *image)
{
	static const struct slice names[] = {SLICE("http"), SLICE("a"), SLICE("x11"), SLICE("zzz")};
	struct slice nearest[5];
	uint32_t rows[3], number;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)query_name(image, names[i], rows, 3);
		(void)query_person(image, names[i], &number);
		for (size_t n = query_suggest(image, names[i], nearest, 5); n > 0; n--)
			(void)ask_touch(nearest[n - 1]);
	}
	for (uint32_t i = 0; i < query_name_count(image) && i < 100; i++) {
		struct slice name = query_name_at(image, i);

		(void)ask_touch(name);
		(void)query_name(image, name, rows, 3);
	}
	(void)query_person(image, SLICE("Jon_Doe"), &number);
	(void)query_person(image, SLICE("\xc3\x89va_Nagy"), &number);
}

static inline void ask_text(const struct image *image)
{
	static const struct slice needles[] = {
		SLICE(""),   SLICE("a"),   SLICE("\xc3"),  SLICE("tp"),	      SLICE("htt"),
		SLICE("00"), SLICE("[RF"), SLICE("2001-"), SLICE("protocol"), SLICE("\xc3\xa9lan"),
	};
	static const unsigned columns[] = {QUERY_SEARCHED, QUERY_COLUMN(COLUMN_NAME),
					   QUERY_COLUMN(COLUMN_MODIFIED), (1u << COLUMN_COUNT) - 1};
	struct rowset set;

	if (!rowset_init(&set, image_row_count(image)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(needles); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(columns); k++)
			query_search(image, needles[i], columns[k], &set);
	}
	query_person_rows(image, SLICE("Jon_Doe"), &set);
	if (query_regex(image, SLICE("^h.*p|[0-9]$"), QUERY_SEARCHED, &set, NULL) < 0 ||
	    rowset_count(&set) > set.rows)
		abort();
	rowset_done(&set);
}

static inline void ask_questions(const struct image *image)
{
	static const struct slice questions[] = {SLICE("80"),	      SLICE("80/tcp"),
						 SLICE("0-65535"),    SLICE("http/udp"),
						 SLICE("_http._udp"), SLICE("a")};
	struct rowset set;

	if (!rowset_init(&set, image_row_count(image)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		struct query query;
		uint32_t rows[5];

		if (!query_parse(questions[i], &query, NULL))
			abort();
		query_rows(image, &query, &set);
		(void)query_matching(image, &query, rows, 5);
	}
	rowset_done(&set);
}

static inline void ask_everything(const struct image *image)
{
	/* The sum is used, as far as a compiler can tell. */
	__asm__ volatile("" : : "r"(ask_rows(image)));
	ask_ports(image);
	ask_names(image);
	ask_text(image);
	ask_questions(image);
}

#endif
