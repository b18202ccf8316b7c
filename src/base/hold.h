/*
 * Signals that end a program (HUP, INT and TERM) are held back while something stands beside its
 * place, so that nothing is left there. QUIT and KILL end it all the same.
 */
#ifndef PORTBOOK_BASE_HOLD_H
#define PORTBOOK_BASE_HOLD_H

#include <signal.h>
#include <stdbool.h>

/* Zeroed: nothing is held back. */
struct hold {
	sigset_t before;
	bool held;
};

void hold_begin(struct hold *ret_hold);
/* What came meanwhile is delivered. Harmless where nothing is held back. */
void hold_end(struct hold *hold);

#endif
