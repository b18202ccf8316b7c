/* Help and version, from the tables of commands and options. */
#include "cli/cli.h"
#include "cli/text.h"

enum { INDENT = 2, OPTION_COLUMN = 26, COMMAND_COLUMN = 22 };

/* Text that begins at column x, in lines of at most width that begin at column left. */
static void put_paragraph(struct out *out, struct slice text, size_t x, size_t left, size_t width)
{
	size_t room = width > left + 20 ? width - left : 20;

	/* Two blanks tell columns apart. */
	if (x + 1 >= left && x > 0) {
		out_byte(out, '\n');
		x = 0;
	}
	while (text.p) {
		struct slice line = text_wrap(&text, room);

		out_repeat(out, ' ', left - x);
		out_put(out, line);
		out_byte(out, '\n');
		x = 0;
	}
}

static void put_option(struct out *out, const struct option *option, unsigned width)
{
	size_t x = INDENT + 4 + 2 + option->name.n;

	out_repeat(out, ' ', INDENT);
	if (option->letter)
		out_printf(out, "-%c, ", option->letter);
	else
		out_repeat(out, ' ', 4);
	out_put(out, SLICE("--"));
	out_put(out, option->name);
	if (option->argument.p) {
		out_byte(out, ' ');
		out_put(out, option->argument);
		x += 1 + option->argument.n;
	}
	put_paragraph(out, option->help, x, OPTION_COLUMN, width);
}

static void put_options(struct out *out, const struct command *command, size_t from, size_t to,
			unsigned width)
{
	for (size_t id = from; id < to; id++) {
		if (!command || command_takes(command, id))
			put_option(out, option_at(id), width);
	}
}

static void put_examples(struct out *out, struct slice examples)
{
	out_put(out, SLICE("\nExamples:\n"));
	while (examples.p) {
		out_repeat(out, ' ', INDENT);
		out_put(out, slice_cut(&examples, '\n'));
		out_byte(out, '\n');
	}
}

static void put_command(struct out *out, const struct command *command)
{
	out_put(out, command->name);
	if (command->arguments.p) {
		out_byte(out, ' ');
		out_put(out, command->arguments);
	}
}

/* A line each: those of a group, or with NULL those that are not in one. */
static void put_commands(struct out *out, const struct command *group, unsigned width)
{
	const struct command *command;

	out_put(out, SLICE("\nCommands:\n"));
	for (size_t i = 0; (command = command_at(i)); i++) {
		if (group ? !command_sub_name(command, group).p : command_is_sub(command))
			continue;
		out_repeat(out, ' ', INDENT);
		put_command(out, command);
		put_paragraph(out, command->summary,
			      INDENT + command->name.n + !!command->arguments.p +
				      command->arguments.n,
			      COMMAND_COLUMN, width);
	}
}

static void help_command(struct out *out, const struct command *command, unsigned width)
{
	struct slice about = command->about;

	out_put(out, SLICE("Usage: portbook "));
	put_command(out, command);
	out_put(out, SLICE(" [OPTION]...\n\n"));
	put_paragraph(out, command->summary, 0, 0, width);
	while (about.p) {
		out_byte(out, '\n');
		put_paragraph(out, slice_cut(&about, '\n'), 0, 0, width);
	}
	if (!command->run)
		put_commands(out, command, width);
	if (memchr(command->options, true, sizeof(command->options))) {
		out_put(out, SLICE("\nOptions:\n"));
		put_options(out, command, OPTION_COMMON, OPTION_COUNT, width);
	}
	out_put(out, SLICE("\nOptions of most commands:\n"));
	put_options(out, command, 0, OPTION_COMMON, width);
	put_examples(out, command->examples);
}

static void help_program(struct out *out, unsigned width)
{
	out_put(out, SLICE("Usage: portbook [OPTION]... QUERY...\n"
			   "       portbook [OPTION]... COMMAND [ARGUMENT]...\n\n"));
	put_paragraph(out,
		      SLICE("The registry of service names and port numbers, at hand: IANA's "
			    "Service Name and Transport Protocol Port Number Registry."),
		      0, 0, width);
	put_commands(out, NULL, width);
	out_put(out, SLICE("\nOptions of most commands:\n"));
	put_options(out, NULL, 0, OPTION_COMMON, width);
	out_byte(out, '\n');
	put_paragraph(out,
		      SLICE("portbook COMMAND --help explains a command and lists its options. "
			    "-- ends the options; no word after it is a command."),
		      0, 0, width);
	put_paragraph(out,
		      SLICE("Exit status: 0 found, 1 not found or not assigned, 2 wrong usage, "
			    "3 failure."),
		      0, 0, width);
	put_examples(out, command_at(0)->examples);
}

void help_write(struct out *out, const struct command *command, unsigned width)
{
	if (command)
		help_command(out, command, width);
	else
		help_program(out, width);
}

static struct slice fact(const struct image *image, enum image_fact which)
{
	struct slice title, text = SLICE_NONE;

	return image_fact(image, which, 0, &title, &text) ? text : SLICE_NONE;
}

void version_write(struct out *out, const struct image *builtin, unsigned width)
{
	out_put(out, SLICE("portbook " PORTBOOK_VERSION "\n\nBuilt-in registry: "));
	out_uint(out, image_row_count(builtin));
	out_put(out, SLICE(" rows, as of "));
	text_put(out, fact(builtin, IMAGE_FACT_UPDATED));
	out_byte(out, '\n');
	put_paragraph(out, fact(builtin, IMAGE_FACT_ORIGIN), 0, INDENT, width);
	out_byte(out, '\n');
	put_paragraph(out,
		      SLICE("The built-in registry lacks what its sources lack. For all of it, "
			    "download the publisher's edition and read it with --registry FILE:"),
		      0, 0, width);
	put_paragraph(out,
		      SLICE("https://www.iana.org/assignments/service-names-port-numbers/"
			    "service-names-port-numbers.xml"),
		      0, INDENT, 200);
}
