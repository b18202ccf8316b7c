#include "cli/lending.h"

#include <unistd.h>

#include "cli/environment.h"

/* Bytes of a token's file, and seconds that a call may last. */
enum { TOKEN_FILE_MAX = 8192, TIMEOUT = 30, TIMEOUT_MAX = 300 };

void lending_done(struct lending *lending)
{
	strbuf_done(&lending->token);
}

static int read_token(const struct cli *cli, struct strbuf *token, struct fault *fault)
{
	const char *path = cli->arguments.settings.token_file;
	struct file_content content = {};
	struct slice text = environment_value(cli->environment, SLICE("PORTBOOK_TOKEN"));
	int result = path ? file_read(path, TOKEN_FILE_MAX, &content, fault) : 0;

	if (result < 0)
		return result;
	text = slice_trim(path ? content.text : text);
	if (lease_token_valid(text)) {
		strbuf_add(token, text);
		strbuf_add_byte(token, '\0');
	} else {
		result = fault_set(fault, FAULT_MALFORMED,
				   path ? "the file has no token in it"
					: "--registry URL needs a token, in $PORTBOOK_TOKEN or in "
					  "the file that --token-file names");
	}
	file_content_done(&content);
	return result == 0 && token->failed ? fault_memory(fault) : result;
}

int lending_open(const struct cli *cli, struct lending *lending)
{
	const struct settings *settings = &cli->arguments.settings;
	struct slice ca_file = environment_value(cli->environment, SLICE("SSL_CERT_FILE"));
	unsigned seconds = settings->timeout > 0 ? settings->timeout : TIMEOUT;
	struct fault fault;

	if (read_token(cli, &lending->token, &fault) < 0) {
		say_fault(settings->token_file, &fault);
		return STATUS_USAGE;
	}
	lending->server = (struct lease_server){
		.url = settings->server,
		.token = lending->token.p,
		.ca_file = ca_file.n > 0 ? ca_file.p : NULL,
		.total_ms = (seconds < TIMEOUT_MAX ? seconds : TIMEOUT_MAX) * 1000,
	};
	return 0;
}

struct slice lending_host(char *space, size_t size)
{
	if (gethostname(space, size) < 0)
		return SLICE("localhost");
	space[size - 1] = '\0';
	return slice_cstr(space);
}

int lending_fail(int outcome, const struct fault *fault)
{
	say_fault(NULL, fault);
	switch (outcome) {
	case LEASE_LATER:
		return STATUS_LATER;
	case LEASE_DENIED:
		return STATUS_DENIED;
	default:
		return STATUS_FAILURE;
	}
}
