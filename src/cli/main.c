/* The program portbook: understands its arguments, opens the registry, and runs a command. */
#include <signal.h>
#include <unistd.h>

#include "builtin/builtin.h"
#include "cli/cli.h"

enum { HELP_WIDTH = 80 };

static int print_help(struct cli *cli)
{
	const struct arguments *arguments = &cli->arguments;
	unsigned width = cli->screen.width > 0 && cli->screen.width < HELP_WIDTH ? cli->screen.width
										 : HELP_WIDTH;
	struct image builtin;
	struct fault fault;

	if (arguments->settings.help) {
		help_write(cli->out, arguments->command_given ? arguments->command : NULL, width);
	} else {
		if (image_open(&builtin, builtin_image(), &fault) < 0)
			return say_fault(path_name(NULL), &fault);
		version_write(cli->out, &builtin, width);
	}
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}

static int run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	struct fault fault;
	int status;

	if (settings->help || settings->version)
		return print_help(cli);
	if (place_find(settings->store, cli->environment, &cli->store, &fault) < 0)
		return say_fault(NULL, &fault);
	if (cli->arguments.command->opens)
		status = cli->arguments.command->run(cli);
	else if (registry_open(cli, NULL, &fault) < 0)
		status = say_fault(registry_name(cli), &fault);
	else
		status = cli->arguments.command->run(cli);
	registry_close(&cli->registry);
	place_done(&cli->store);
	return status;
}

int main(int argc, char **argv, char **environment)
{
	struct cli cli = {};
	struct out out;
	struct fault fault;
	int status;

	/* A reader that goes away is an error of writing, told as such. */
	cli.signals.pipe = signal(SIGPIPE, SIG_IGN);
	/* So is a file that may not grow, which else ends the program where it stands. */
	cli.signals.size = signal(SIGXFSZ, SIG_IGN);
	if (arguments_parse(argc, argv, &cli.arguments, &fault) != 0) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	if (out_init_fd(&out, STDOUT_FILENO) < 0) {
		fault_memory(&fault);
		return say_fault(NULL, &fault);
	}
	cli.out = &out;
	cli.environment = environment;
	cli.screen = screen_find(STDOUT_FILENO, cli.arguments.settings.color, environment);
	status = run(&cli);
	out_done(&out);
	return status;
}
