/*
 * Eight threads ask one book everything at once, and each must hear what one thread alone hears.
 * Built a second time under ThreadSanitizer, which sees what no answer shows.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <portbook/portbook.h>

enum { THREADS = 8, ROUNDS = 3 };

struct asker {
	pthread_t thread;
	const portbook *book;
	unsigned number;  /* the part of the questions that it begins with */
	uint64_t sums[4]; /* of the answers to each part */
};

/* FNV-1a: any change of any answer changes the sum. */
static void add(uint64_t *sum, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		*sum = (*sum ^ (value >> (8 * i) & 0xff)) * UINT64_C(0x100000001b3);
}

static void add_text(uint64_t *sum, const char *text)
{
	for (; text && *text; text++)
		add(sum, (unsigned char)*text);
	add(sum, 256);
}

static void ask_ports(const portbook *book, uint64_t *sum)
{
	for (uint32_t port = 0; port < 65536; port += 7) {
		for (unsigned transport = PORTBOOK_TCP; transport <= PORTBOOK_ANY; transport++) {
			enum portbook_transport asked = (enum portbook_transport)transport;
			uint32_t rows[8] = {0};

			add(sum, portbook_find_port(book, (uint16_t)port, asked, rows, 8));
			add(sum, rows[0]);
			add(sum, portbook_port_state(book, (uint16_t)port, asked));
		}
		add_text(sum, portbook_range_procedure(portbook_port_range((uint16_t)port)));
	}
}

static void ask_rows(const portbook *book, uint64_t *sum)
{
	for (uint32_t row = 0; row < portbook_row_count(book); row += 11) {
		uint32_t rows[8] = {0};
		uint16_t first = 0, last = 0;
		char name[64];

		for (unsigned column = PORTBOOK_NAME; column <= PORTBOOK_NOTES; column++)
			add_text(sum, portbook_row_text(book, row, (enum portbook_column)column));
		add(sum, (uint64_t)portbook_row_ports(book, row, &first, &last));
		add(sum, (uint64_t)first << 16 | last);
		add(sum, portbook_row_transport(book, row));
		add(sum, portbook_row_state(book, row));
		add(sum, portbook_row_alias_of(book, row, name, sizeof(name)));
		add(sum, portbook_find_name(book, portbook_row_text(book, row, PORTBOOK_NAME),
					    PORTBOOK_ANY, rows, 8));
		add(sum, rows[0]);
	}
}

static void ask_searches(const portbook *book, uint64_t *sum)
{
	static const char *const texts[] = {"e", "ht", "http", "[RFC", "unassigned"};
	portbook_search *search = portbook_search_new(book);
	uint32_t row;

	if (!search)
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		add(sum, portbook_search_text(search, texts[i]));
		while (portbook_search_next(search, &row))
			add(sum, row);
	}
	portbook_search_free(search);
}

/* A book and people; opening and closing others meanwhile disturbs nobody. */
static void ask_rest(const portbook *book, uint64_t *sum)
{
	portbook *other;
	uint32_t person = 0;
	char uri[64];

	if (portbook_open(NULL, &other) < 0)
		return;
	add(sum, portbook_row_count(other));
	portbook_close(other);
	add(sum, (uint64_t)(portbook_open("/", &other) + 100));
	add_text(sum, portbook_edition(book));
	add_text(sum, portbook_version());
	add_text(sum, portbook_error_text(PORTBOOK_ERROR_CORRUPT));
	add(sum, portbook_person_count(book));
	add(sum, (uint64_t)portbook_find_person(book, "Jon_Postel", &person));
	add_text(sum, portbook_person_text(book, person, PORTBOOK_PERSON_NAME));
	add(sum, portbook_person_uri(book, person, 0, uri, sizeof(uri)));
}

static void (*const parts[])(const portbook *book, uint64_t *sum) = {ask_ports, ask_rows,
								     ask_searches, ask_rest};

static void *ask(void *argument)
{
	struct asker *asker = argument;

	for (unsigned i = 0; i < 4 * ROUNDS; i++) {
		unsigned part = (asker->number + i) % 4;

		parts[part](asker->book, &asker->sums[part]);
	}
	return NULL;
}

/* How many of the askers' sums differ from those of the one that was alone. */
static unsigned compare(const struct asker *askers, const struct asker *alone)
{
	unsigned different = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		for (unsigned part = 0; part < 4; part++) {
			if (askers[i].sums[part] == alone->sums[part])
				continue;
			printf("thread %u: part %u has other answers\n", i, part);
			different++;
		}
	}
	return different;
}

int main(int argc, char **argv)
{
	struct asker askers[THREADS] = {0}, alone = {0};
	portbook *book;
	unsigned different;

	if (portbook_open(argc > 1 ? argv[1] : NULL, &book) < 0)
		return 1;
	for (unsigned i = 0; i < THREADS; i++) {
		askers[i].book = book;
		askers[i].number = i;
		if (pthread_create(&askers[i].thread, NULL, ask, &askers[i]) != 0)
			return 1;
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(askers[i].thread, NULL);
	alone.book = book;
	ask(&alone);
	portbook_close(book);
	different = compare(askers, &alone);
	printf("%d threads, %u answers that differ\n", THREADS, different);
	return different > 0;
}
