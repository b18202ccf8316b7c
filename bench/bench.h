/*
 * What the benchmarks share: a clock, medians, repeatable random numbers, and how figures are
 * handed to run.py: one a line, "name value", times in nanoseconds.
 */
#ifndef PORTBOOK_BENCH_BENCH_H
#define PORTBOOK_BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int bench_compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The value below which that share (0 to 1) of them lies. Sorts them. n > 0. */
static inline double bench_quantile(double *values, size_t n, double share)
{
	qsort(values, n, sizeof(*values), bench_compare);
	return values[(size_t)(share * (double)(n - 1) + 0.5)];
}

static inline void bench_report(const char *name, double value)
{
	printf("%s %.3f\n", name, value);
}

/* SplitMix64: the same keys in every run. */
static inline uint64_t bench_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* One of n things, each with a chance in proportion to what it adds to the sums up to it. */
static inline size_t bench_pick(const double *sums, size_t n, uint64_t *state)
{
	double at = (double)(bench_random(state) >> 11) * 0x1p-53 * sums[n - 1];
	size_t from = 0, to = n - 1;

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (sums[middle] < at)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Memory, or the end: a benchmark has nothing better to do without. */
static inline void *bench_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		exit(3);
	}
	return p;
}

static inline void bench_fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(3);
}

#endif
