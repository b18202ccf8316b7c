/*
 * Makes the n-th call of what may fail do so: memory, files, threads. The calls are those that the
 * program itself makes (the linker wraps them); shared libraries are left alone.
 */
#ifndef PORTBOOK_TESTS_FAILING_H
#define PORTBOOK_TESTS_FAILING_H

#include <stdbool.h>

enum failing {
	FAILING_NONE,
	FAILING_MEMORY,
	FAILING_SYSTEM,
	FAILING_THREAD,
};

/* From now on the n-th call (from 1) fails; all after it as well where so asked. */
void failing_arm(unsigned n, bool all_after);

/* No call fails any more. What kind of call did first; FAILING_NONE: fewer than n were made. */
enum failing failing_disarm(void);

/* Reads and writes are interrupted every second time, and move one byte otherwise. */
void failing_interrupt(bool interrupt);

#endif
