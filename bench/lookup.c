/*
 * Look-ups by port and by name, in the built-in registry and, by turns, in a constant database
 * (tinycdb) of the same keys and the same rows, each with all its columns, name first. Everything
 * is hot. An answer by port is the first byte
 * of the first row's service name; by name, the number of the name's first row.
 *
 *     lookup ROUNDS FOLDER        FOLDER: where the databases can be written
 *
 * Reports, per look-up: port and name for libportbook's functions, port_query and name_query for
 * those below them, port_cdb and name_cdb; and the same with _zipf behind them, for keys of which
 * few are asked for often and most seldom. The database is asked for ports by keys of three bytes,
 * and as port_text by "443/tcp", as databases of services have it, which takes formatting.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portbook/portbook.h>

#if !__has_include(<cdb.h>)
#error "the package libcdb-dev is missing"
#endif
#include <cdb.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "bench.h"
#include "builtin/builtin.h"
#include "query/query.h"

enum { KEYS_MAX = 1 << 16, SAMPLES = 8192 };

struct key {
	uint16_t port;
	uint16_t transport;
	unsigned char
		packed[3]; /* as the database has it: of all orders of these bytes a good one */
	unsigned char n;
	const char *name, *folded;
};

struct subject {
	portbook *book;
	struct image image;
	struct cdb ports, names, texts;
};

/* What is added up of a pass's answers: equal for all who are asked the same. */
typedef uint64_t (*pass)(struct subject *subject, const struct key *keys, size_t n);

static uint64_t ports_of_library(struct subject *subject, const struct key *keys, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t row;

		if (portbook_find_port(subject->book, keys[i].port,
				       (enum portbook_transport)keys[i].transport, &row, 1) > 0)
			sum += (unsigned char)*portbook_row_text(subject->book, row, PORTBOOK_NAME);
	}
	return sum;
}

static uint64_t ports_of_query(struct subject *subject, const struct key *keys, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t row;

		if (query_port(&subject->image, (enum transport)keys[i].transport, keys[i].port,
			       &row, 1) > 0)
			sum += (unsigned char)*image_row_text(&subject->image, row, COLUMN_NAME).p;
	}
	return sum;
}

static uint64_t ports_of_cdb(struct subject *subject, const struct key *keys, size_t n)
{
	struct cdb *cdb = &subject->ports;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (cdb_find(cdb, keys[i].packed, sizeof(keys[i].packed)) > 0)
			sum += *(const unsigned char *)cdb_getdata(cdb);
	}
	return sum;
}

static int format_key(const struct key *key, char space[static 16])
{
	static const char *const transports[] = {"tcp", "udp", "sctp", "dccp"};

	return snprintf(space, 16, "%u/%s", key->port, transports[key->transport]);
}

static uint64_t ports_of_text(struct subject *subject, const struct key *keys, size_t n)
{
	struct cdb *cdb = &subject->texts;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		char text[16];

		if (cdb_find(cdb, text, (unsigned)format_key(&keys[i], text)) > 0)
			sum += *(const unsigned char *)cdb_getdata(cdb);
	}
	return sum;
}

static uint64_t names_of_library(struct subject *subject, const struct key *keys, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t row;

		if (portbook_find_name(subject->book, keys[i].name, PORTBOOK_ANY, &row, 1) > 0)
			sum += row;
	}
	return sum;
}

static uint64_t names_of_query(struct subject *subject, const struct key *keys, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t row;

		if (query_name(&subject->image, (struct slice){keys[i].name, keys[i].n}, &row, 1) >
		    0)
			sum += row;
	}
	return sum;
}

/* The database is spared the folding: its keys are asked for as they were stored. */
static uint64_t names_of_cdb(struct subject *subject, const struct key *keys, size_t n)
{
	struct cdb *cdb = &subject->names;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t row;

		if (cdb_find(cdb, keys[i].folded, keys[i].n) > 0) {
			memcpy(&row, cdb_getdata(cdb), sizeof(row));
			sum += row;
		}
	}
	return sum;
}

/* Without a name, and gone with its descriptor. */
static int new_file(const char *folder)
{
	char path[4096];
	int fd;

	if (snprintf(path, sizeof(path), "%s/lookup-XXXXXX", folder) >= (int)sizeof(path) ||
	    (fd = mkostemp(path, O_CLOEXEC)) < 0)
		bench_fail("cannot make a file in the folder");
	unlink(path);
	return fd;
}

enum kind { BY_PORT, BY_TEXT, BY_NAME };

/* A row as a record: the row's number where it is asked for, and each column with a NUL. */
static void make_record(const struct image *image, uint32_t row, enum kind kind,
			struct strbuf *record)
{
	record->n = 0;
	if (kind == BY_NAME)
		strbuf_add(record, (struct slice){(const char *)&row, sizeof(row)});
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		strbuf_add(record, image_row_text(image, row, (enum column)column));
		strbuf_add_byte(record, '\0');
	}
	if (record->failed)
		bench_fail("out of memory");
}

/* The database of the keys; of equal keys the first one stays. */
static void make_database(struct cdb *cdb, int fd, const struct image *image,
			  const struct key *keys, const uint32_t *rows, size_t n, enum kind kind)
{
	struct strbuf record CLEANUP(strbuf_done) = {};
	struct cdb_make make;

	if (cdb_make_start(&make, fd) < 0)
		bench_fail("cannot make a database");
	for (size_t i = 0; i < n; i++) {
		const struct key *key = &keys[i];
		char text[16];
		struct slice by = {(const char *)key->packed, sizeof(key->packed)};

		if (kind == BY_TEXT)
			by = (struct slice){text, (size_t)format_key(key, text)};
		else if (kind == BY_NAME)
			by = (struct slice){key->folded, key->n};
		make_record(image, rows[i], kind, &record);
		if (cdb_make_put(&make, by.p, (unsigned)by.n, record.p, (unsigned)record.n,
				 CDB_PUT_INSERT) < 0)
			bench_fail("cannot write a database");
	}
	if (cdb_make_finish(&make) < 0 || cdb_init(cdb, fd) < 0)
		bench_fail("cannot open a database");
}

/* The keys of every row that has what the question needs, and the rows. */
static size_t collect(const struct image *image, bool by_name, struct key *keys, uint32_t *rows)
{
	size_t n = 0;

	for (uint32_t row = 0; row < image_row_count(image) && n < KEYS_MAX; row++) {
		struct slice name = image_row_text(image, row, COLUMN_NAME);
		struct image_row_head head;
		struct key *key = &keys[n];

		if (name.n == 0 || name.n > UINT8_MAX || !image_row_head(image, row, &head) ||
		    (!by_name && (head.portless || head.transport == TRANSPORT_NONE)))
			continue;
		key->port = head.first_port;
		key->transport = (uint16_t)head.transport;
		key->packed[0] = (unsigned char)head.first_port;
		key->packed[1] = (unsigned char)(head.first_port >> 8);
		key->packed[2] = (unsigned char)head.transport;
		key->n = (unsigned char)name.n;
		key->name = name.p;
		rows[n++] = row;
	}
	return n;
}

/*
 * Lays the names out in the order of the keys, so that reading the question costs next to nothing.
 * The text, which lives as long as the keys, is the caller's to free.
 */
static char *lay_out(struct key *keys, size_t n)
{
	char *text, *next;
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += 2 * (keys[i].n + 1u);
	next = text = bench_alloc(size, 1);
	for (size_t i = 0; i < n; i++) {
		struct slice name = {keys[i].name, keys[i].n};

		keys[i].name = memcpy(next, name.p, name.n);
		next += name.n + 1;
		utf8_fold(name, next);
		keys[i].folded = next;
		next += name.n + 1;
	}
	return text;
}

static void shuffle(struct key *keys, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t other = bench_random(state) % i;
		struct key key = keys[i - 1];

		keys[i - 1] = keys[other];
		keys[other] = key;
	}
}

/* Of shuffled keys the k-th with a chance in proportion to 1/k (Zipf's law). */
static void sample_zipf(const struct key *keys, size_t n, struct key *samples, uint64_t *state)
{
	double *sums = bench_alloc(n, sizeof(*sums)), sum = 0;

	for (size_t i = 0; i < n; i++)
		sums[i] = sum += 1.0 / (double)(i + 1);
	for (size_t i = 0; i < SAMPLES; i++)
		samples[i] = keys[bench_pick(sums, n, state)];
	free(sums);
}

enum { SIDES_MAX = 4 };

struct side {
	const char *name;
	pass run;
};

/* By turns; what is timed comes after a pass that brings its memory back into the caches. */
static void measure(struct subject *subject, const struct key *keys, size_t n, size_t rounds,
		    const struct side sides[static SIDES_MAX], const char *suffix)
{
	double *times[SIDES_MAX];
	uint64_t sum = sides[0].run(subject, keys, n);
	size_t count = 0;

	for (; count < SIDES_MAX && sides[count].name; count++)
		times[count] = bench_alloc(rounds, sizeof(double));
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < count; i++) {
			uint64_t warm = sides[i].run(subject, keys, n);
			double start = bench_now();

			if (sides[i].run(subject, keys, n) != sum || warm != sum)
				bench_fail("answers differ");
			times[i][round] = (bench_now() - start) / (double)n;
		}
	}
	for (size_t i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s", sides[i].name, suffix);
		bench_report(name, bench_quantile(times[i], rounds, 0.5));
		free(times[i]);
	}
}

static void run(struct subject *subject, bool by_name, size_t rounds, const char *folder)
{
	static const struct side sides[2][SIDES_MAX] = {
		{{"port", ports_of_library},
		 {"port_query", ports_of_query},
		 {"port_cdb", ports_of_cdb},
		 {"port_text", ports_of_text}},
		{{"name", names_of_library},
		 {"name_query", names_of_query},
		 {"name_cdb", names_of_cdb}},
	};
	struct key *keys = bench_alloc(KEYS_MAX, sizeof(*keys));
	struct key *samples = bench_alloc(SAMPLES, sizeof(*samples));
	uint32_t *rows = bench_alloc(KEYS_MAX, sizeof(*rows));
	size_t n = collect(&subject->image, by_name, keys, rows);
	uint64_t state = 1;
	char *texts[3];

	if (n == 0)
		bench_fail("no keys");
	texts[0] = lay_out(keys, n);
	if (by_name) {
		make_database(&subject->names, new_file(folder), &subject->image, keys, rows, n,
			      BY_NAME);
	} else {
		make_database(&subject->ports, new_file(folder), &subject->image, keys, rows, n,
			      BY_PORT);
		make_database(&subject->texts, new_file(folder), &subject->image, keys, rows, n,
			      BY_TEXT);
	}
	shuffle(keys, n, &state);
	texts[1] = lay_out(keys, n);
	sample_zipf(keys, n, samples, &state);
	texts[2] = lay_out(samples, SAMPLES);
	measure(subject, keys, n, rounds, sides[by_name], "");
	measure(subject, samples, SAMPLES, rounds, sides[by_name], "_zipf");
	bench_report(by_name ? "name_keys" : "port_keys", (double)n);
	for (size_t i = 0; i < 3; i++)
		free(texts[i]);
	free(keys);
	free(samples);
	free(rows);
}

int main(int argc, char **argv)
{
	struct subject subject;
	size_t rounds;

	if (argc != 3 || (rounds = (size_t)strtoul(argv[1], NULL, 10)) == 0)
		bench_fail("usage: lookup ROUNDS FOLDER");
	if (portbook_open(NULL, &subject.book) < 0 ||
	    image_open(&subject.image, builtin_image(), NULL) < 0)
		bench_fail("cannot open the built-in registry");
	run(&subject, false, rounds, argv[2]);
	run(&subject, true, rounds, argv[2]);
	portbook_close(subject.book);
	return 0;
}
