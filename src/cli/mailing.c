#include "cli/mailing.h"

#include <stdlib.h>

#include "cli/environment.h"

enum { DELIVERY_MS = 30000 };

/* The command and its arguments, with blanks between: there is no shell, and there are no quotes.
 */
static int read_command(const char *command, struct mailing *mailing, struct fault *fault)
{
	size_t count = 0;

	mailing->line = strdup(command);
	if (!mailing->line)
		return fault_memory(fault);
	for (char *at = mailing->line; *at; at++) {
		if (*at == ' ') {
			*at = '\0';
		} else if (at == mailing->line || at[-1] == '\0') {
			if (count == MAILING_WORDS_MAX)
				return fault_set(fault, FAULT_LIMIT,
						 "the command for letters has more than %d words",
						 MAILING_WORDS_MAX);
			mailing->words[count++] = at;
		}
	}
	mailing->options.command = mailing->words;
	return 0;
}

int mailing_read(const struct cli *cli, struct mailing *ret_mailing, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct mail_options *options = &ret_mailing->options;
	int result = 0;

	*ret_mailing = (struct mailing){.options.timeout_ms = DELIVERY_MS};
	if (!settings->mail)
		return 1;
	if (!settings->mail_from)
		return fault_set(fault, FAULT_MALFORMED, "--mail needs --mail-from ADDRESS");
	options->from = slice_cstr(settings->mail_from);
	options->from_name = SLICE("Portbook");
	if (settings->mail[0] == '/') {
		result = read_command(settings->mail, ret_mailing, fault);
	} else {
		options->url = settings->mail;
		options->user = environment_value(cli->environment, SLICE("PORTBOOK_MAIL_USER")).p;
		options->password =
			environment_value(cli->environment, SLICE("PORTBOOK_MAIL_PASSWORD")).p;
	}
	if (result < 0)
		mailing_done(ret_mailing);
	return result;
}

void mailing_done(struct mailing *mailing)
{
	free(mailing->line);
	mailing->line = NULL;
}
