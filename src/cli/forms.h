/* Exporting the forms that other software reads. */
#ifndef PORTBOOK_CLI_FORMS_H
#define PORTBOOK_CLI_FORMS_H

#include "cli/cli.h"

/* Prints the open model as services(5) or as a look-up table. 0 or a negative fault. */
int forms_print(struct cli *cli, struct fault *fault) MUST_USE;

/* Whether a format is no text, but a file or folder of many parts. */
bool forms_is_stored(enum format format);

/* Writes the open model as such a file or folder. 0 or a negative fault. */
int forms_store(struct cli *cli, const char *path, struct fault *fault) MUST_USE;

#endif
