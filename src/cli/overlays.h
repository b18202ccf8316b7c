/* The overlays of whoever runs the program. */
#ifndef PORTBOOK_CLI_OVERLAYS_H
#define PORTBOOK_CLI_OVERLAYS_H

#include "cli/cli.h"
#include "overlay/overlay.h"

/*
 * Reads those in portbook/overlays.d of the user's folder of configuration and of /etc, and the
 * built-in one; none with --registered-only. What cannot be read is said, and then *ret_broken is
 * set. 0 or FAULT_MEMORY.
 */
int overlays_open(struct cli *cli, struct overlay *ret_overlay, bool *ret_broken,
		  struct fault *fault) MUST_USE;

#endif
