#include "base/nearest.h"
#include "cli/options.h"

#define TEXT(slice) (int)(slice).n, (slice).p

/* What parsing goes through. Its functions return 0, or STATUS_USAGE with the reason in fault. */
struct parse {
	char **next; /* the argument to be read; NULL at the end */
	struct arguments arguments;
	bool given[OPTION_COUNT];
	size_t plain_words; /* words before "--" */
	struct fault *fault;
};

static struct slice option_name(const void *data, size_t index)
{
	const struct option *option = option_at(index);

	(void)data;
	return option ? option->name : SLICE_NONE;
}

static int unknown_option(struct parse *parse, struct slice name)
{
	struct slice like;

	if (nearest(name, option_name, NULL, &like, 1) == 0)
		return fault_set(parse->fault, STATUS_USAGE,
				 "unknown option --%.*s; portbook --help lists them", TEXT(name));
	return fault_set(parse->fault, STATUS_USAGE, "unknown option --%.*s; nearest: --%.*s",
			 TEXT(name), TEXT(like));
}

/* The option, with its value where one stands in the same argument. */
static int take_option(struct parse *parse, size_t id, struct slice value)
{
	const struct option *option = option_at(id);
	struct fault reason = {};

	parse->given[id] = true;
	if (option->value != VALUE_NONE && !value.p) {
		if (!*parse->next)
			return fault_set(parse->fault, STATUS_USAGE, "--%.*s needs %.*s",
					 TEXT(option->name), TEXT(option->argument));
		value = slice_cstr(*parse->next++);
	}
	if (option->set(&parse->arguments.settings, value, &reason))
		return 0;
	return fault_set(parse->fault, STATUS_USAGE, "--%.*s: %s", TEXT(option->name), reason.text);
}

/* "name" or "name=value", after the dashes. */
static int take_long(struct parse *parse, struct slice argument)
{
	const struct option *option;
	struct slice value = argument, name = slice_cut(&value, '=');

	for (size_t id = 0; (option = option_at(id)); id++) {
		if (!slice_eq(option->name, name))
			continue;
		if (option->value == VALUE_NONE && value.p)
			return fault_set(parse->fault, STATUS_USAGE, "--%.*s takes no value",
					 TEXT(name));
		return take_option(parse, id, value);
	}
	return unknown_option(parse, name);
}

/* Letters after one dash; what follows the first that needs a value is its value. */
static int take_short(struct parse *parse, struct slice letters)
{
	while (letters.n > 0) {
		char letter = letters.p[0];
		const struct option *option;
		size_t id = 0;
		int result;

		while ((option = option_at(id)) && option->letter != letter)
			id++;
		if (!option)
			return fault_set(parse->fault, STATUS_USAGE,
					 "unknown option -%c; portbook --help lists them", letter);
		letters = slice_skip(letters, 1);
		if (option->value == VALUE_NONE)
			result = take_option(parse, id, SLICE_NONE);
		else
			result = take_option(parse, id, letters.n > 0 ? letters : SLICE_NONE);
		if (result != 0 || option->value != VALUE_NONE)
			return result;
	}
	return 0;
}

/* Sorts the arguments into options and words; the words are kept at the start of argv. */
static int take_arguments(struct parse *parse)
{
	struct arguments *arguments = &parse->arguments;
	bool options_end = false;
	int result = 0;

	while (*parse->next && result == 0) {
		char *argument = *parse->next++;
		struct slice text = slice_cstr(argument);

		if (options_end || text.n < 2 || text.p[0] != '-') {
			arguments->words[arguments->word_count++] = argument;
			parse->plain_words += !options_end;
		} else if (slice_eq(text, SLICE("--"))) {
			options_end = true;
		} else if (text.p[1] == '-') {
			result = take_long(parse, slice_skip(text, 2));
		} else {
			result = take_short(parse, slice_skip(text, 1));
		}
	}
	return result;
}

/* How many words the name of the command is, when words begin with it; else 0. */
static size_t match_name(const struct command *command, char *const *words, size_t count)
{
	struct slice name = command->name;
	size_t n = 0;

	while (name.p) {
		if (n == count || !slice_eq(slice_cut(&name, ' '), slice_cstr(words[n])))
			return 0;
		n++;
	}
	return n;
}

/* That with the longest name: of a group, the sub-command that is named. */
static void find_command(struct parse *parse)
{
	struct arguments *arguments = &parse->arguments;
	const struct command *command;
	size_t most = 0;

	arguments->command = command_at(0);
	for (size_t i = 0; (command = command_at(i)); i++) {
		size_t n = match_name(command, arguments->words, parse->plain_words);

		if (n <= most)
			continue;
		arguments->command = command;
		most = n;
	}
	arguments->command_given = most > 0;
	arguments->words += most;
	arguments->word_count -= most;
}

/* Where no file is written, -o is the format, as it is elsewhere: -o json. */
static void read_output(struct parse *parse)
{
	struct settings *settings = &parse->arguments.settings;
	struct fault fault;
	size_t format;

	if (!settings->output || command_takes(parse->arguments.command, OPTION_OUTPUT) ||
	    !command_takes(parse->arguments.command, OPTION_FORMAT) ||
	    !value_find(VALUE_FORMAT, slice_cstr(settings->output), &format, &fault))
		return;
	settings->format = (enum format)format;
	settings->output = NULL;
	parse->given[OPTION_OUTPUT] = false;
	parse->given[OPTION_FORMAT] = true;
}

/* Whether the command takes all the options that were given. */
static int check_options(struct parse *parse)
{
	const struct command *command = parse->arguments.command, *other;
	char who[120] = "";
	size_t id = 0, n = 0;

	while (id < OPTION_COUNT && (!parse->given[id] || command_takes(command, id)))
		id++;
	if (id == OPTION_COUNT)
		return 0;
	for (size_t i = 0; (other = command_at(i)); i++) {
		if (!other->run || !command_takes(other, id) ||
		    n + other->name.n + 2 >= sizeof(who))
			continue;
		memcpy(who + n, ", ", 2);
		memcpy(who + n + 2, other->name.p, other->name.n);
		n += other->name.n + 2;
	}
	return fault_set(parse->fault, STATUS_USAGE, "%.*s takes no --%.*s; it is for: %.*s",
			 TEXT(command->name), TEXT(option_at(id)->name), (int)n - 2, who + 2);
}

/* A URL is a server that lends ports; documents are files. */
static int check_registry(struct parse *parse)
{
	const struct command *command = parse->arguments.command;

	if (!parse->arguments.settings.server || command_takes(command, OPTION_TOKEN_FILE))
		return 0;
	return fault_set(parse->fault, STATUS_USAGE,
			 "%.*s: --registry is a file; a URL is for reserve, reservations and "
			 "release",
			 TEXT(command->name));
}

/* Whether the command prints the format that was asked for; else its own. */
static int check_format(struct parse *parse)
{
	const struct command *command = parse->arguments.command;
	struct settings *settings = &parse->arguments.settings;

	if (!parse->given[OPTION_FORMAT] && !parse->given[OPTION_JSON])
		settings->format = command->format;
	else if (command->formats != 0 && !(command->formats >> settings->format & 1))
		return fault_set(parse->fault, STATUS_USAGE, "%.*s prints no %.*s",
				 TEXT(command->name),
				 TEXT(value_word(VALUE_FORMAT, settings->format)));
	return 0;
}

static int check_words(struct parse *parse)
{
	const struct arguments *arguments = &parse->arguments;
	const struct command *command = arguments->command;

	if (!command->run && arguments->word_count > 0)
		return fault_set(parse->fault, STATUS_USAGE,
				 "%.*s has no command \"%s\"; portbook %.*s --help lists them",
				 TEXT(command->name), arguments->words[0], TEXT(command->name));
	if (arguments->word_count < command->least)
		return fault_set(parse->fault, STATUS_USAGE,
				 "%.*s needs %.*s; portbook %.*s --help explains",
				 TEXT(command->name), TEXT(command->arguments),
				 TEXT(command->name));
	if (arguments->word_count > command->most)
		return fault_set(parse->fault, STATUS_USAGE, "%.*s: unexpected argument \"%s\"",
				 TEXT(command->name), arguments->words[command->most]);
	return 0;
}

int arguments_parse(int argc, char **argv, struct arguments *ret_arguments, struct fault *fault)
{
	struct parse parse = {.next = argv + (argc > 0), .fault = fault};
	int result;

	parse.arguments.words = parse.next;
	result = take_arguments(&parse);
	if (result != 0)
		return result;
	find_command(&parse);
	if (!parse.arguments.settings.help && !parse.arguments.settings.version) {
		read_output(&parse);
		result = check_options(&parse);
		result = result != 0 ? result : check_registry(&parse);
		result = result != 0 ? result : check_format(&parse);
		result = result != 0 ? result : check_words(&parse);
	}
	if (result == 0)
		*ret_arguments = parse.arguments;
	return result;
}
