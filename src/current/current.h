/* The current registry of the machine: what every process asks that finds it good. */
#ifndef PORTBOOK_CURRENT_CURRENT_H
#define PORTBOOK_CURRENT_CURRENT_H

#include "image/image.h"

/* Where the daily update keeps its store (systemd/), and beside it the newest edition's image. */
#define CURRENT_FOLDER "/var/lib/portbook"
#define CURRENT_IMAGE  "portbook.db.image"

/*
 * Maps the image of a folder. False where there is none, or none to be trusted: it must be
 * a regular file of root or of whoever the folder belongs to, and neither it nor the folder may be
 * writable by others.
 */
bool current_open(const char *folder, struct image *ret_image);

/* Unmaps it. Whoever asks for as long as the process lives need not. */
void current_close(struct image *image);

#endif
