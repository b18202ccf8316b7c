/*
 * Completion scripts, from the tables of commands and options. Descriptions are the first clause
 * of an option's help.
 */
#include "cli/cli.h"

static struct slice clause(struct slice help)
{
	for (size_t i = 0; i < help.n; i++) {
		if (slice_find_byte(SLICE(",;:"), help.p[i]) != (size_t)-1 ||
		    (help.p[i] == '(' && i > 0))
			return slice_trim((struct slice){help.p, i});
	}
	return help;
}

/* The words a value may be, with a blank between. */
static void put_words(struct out *out, enum value value)
{
	struct slice word;

	for (size_t i = 0; (word = value_word(value, i)).p; i++) {
		out_put(out, i > 0 ? SLICE(" ") : SLICE_NONE);
		out_put(out, word);
	}
}

#define PUT(out, text) out_put((out), SLICE(text))

/* The name as a pattern of case, in bash and zsh. */
static void put_pattern(struct out *out, const struct command *command)
{
	struct slice name = command->name;

	out_put(out, slice_cut(&name, ' '));
	while (name.p) {
		PUT(out, "\\ ");
		out_put(out, slice_cut(&name, ' '));
	}
}

/* Sets command to that of the words before the one to complete, in bash and zsh. */
static void put_search(struct out *out, const char *words)
{
	const struct command *command;

	out_printf(out, "\tfor word in %s; do\n\t\tcase ${command:+$command }$word in\n\t\t",
		   words);
	for (size_t i = 0; (command = command_at(i)); i++) {
		out_put(out, i > 0 ? SLICE("|") : SLICE_NONE);
		put_pattern(out, command);
	}
	PUT(out, ")\n\t\t\tcommand=${command:+$command }$word ;;\n\t\tesac\n\tdone\n");
}

/* The words of commands, with a blank between: those of a group, or with NULL the first ones. */
static void put_commands(struct out *out, const struct command *group)
{
	const struct command *command;
	struct slice blank = SLICE_NONE;

	for (size_t i = 0; (command = command_at(i)); i++) {
		if (group ? !command_sub_name(command, group).p : command_is_sub(command))
			continue;
		out_put(out, blank);
		out_put(out, group ? command_sub_name(command, group) : command->name);
		blank = SLICE(" ");
	}
}

/* What the arguments of the command may be. */
static void put_arguments(struct out *out, const struct command *command)
{
	if (command->run)
		put_words(out, command->words);
	else
		put_commands(out, command);
}

static void bash_value(struct out *out, const struct option *option)
{
	if (option->value == VALUE_NONE)
		return;
	PUT(out, "\t");
	if (option->letter)
		out_printf(out, "-%c|", option->letter);
	out_printf(out, "--%.*s)\n", (int)option->name.n, option->name.p);
	if (option->value == VALUE_FILE) {
		PUT(out, "\t\tcompopt -o filenames\n"
			 "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n");
	} else if (value_word(option->value, 0).p) {
		if (value_is_list(option->value))
			PUT(out, "\t\t[[ $cur == *,* ]] && head=${cur%,*},\n");
		PUT(out, "\t\tCOMPREPLY=($(compgen -P \"$head\" -W '");
		put_words(out, option->value);
		PUT(out, "' -- \"${cur##*,}\"))\n");
	}
	PUT(out, "\t\treturn ;;\n");
}

static void bash_command(struct out *out, const struct command *command)
{
	PUT(out, "\t");
	put_pattern(out, command);
	PUT(out, ") words='");
	for (size_t id = 0; id < OPTION_COUNT; id++) {
		if (!command_takes(command, id))
			continue;
		PUT(out, "--");
		out_put(out, option_at(id)->name);
		PUT(out, " ");
	}
	put_arguments(out, command);
	PUT(out, "'");
	if (command->words == VALUE_FILE)
		PUT(out, " files=1");
	PUT(out, " ;;\n");
}

static void write_bash(struct out *out)
{
	const struct command *command;

	PUT(out, "# Completion of portbook for bash; made by: portbook completion bash\n\n"
		 "_portbook()\n{\n"
		 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		 "\tlocal command= head= files= word words\n\n"
		 "\tCOMPREPLY=()\n"
		 "\tif [[ $cur == '=' ]]; then\n\t\tcur=\n"
		 "\telif [[ $prev == '=' ]]; then\n\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n"
		 "\tcase $prev in\n");
	for (size_t id = 0; id < OPTION_COUNT; id++)
		bash_value(out, option_at(id));
	PUT(out, "\tesac\n");
	put_search(out, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"");
	PUT(out, "\tcase ${command:-lookup} in\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		bash_command(out, command);
	PUT(out, "\tesac\n\t[[ $command ]] || words+=' ");
	put_commands(out, NULL);
	PUT(out, "'\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
		 "\tif [[ $files && $cur != -* ]]; then\n\t\tcompopt -o filenames\n"
		 "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\tfi\n}\n\n"
		 "complete -F _portbook portbook\n");
}

static void zsh_value(struct out *out, const struct option *option)
{
	if (option->value == VALUE_NONE)
		return;
	PUT(out, ":");
	out_put(out, option->argument);
	PUT(out, ":");
	if (option->value == VALUE_FILE) {
		PUT(out, "_files");
	} else if (value_is_list(option->value)) {
		PUT(out, "_values -s , value ");
		put_words(out, option->value);
	} else if (value_word(option->value, 0).p) {
		PUT(out, "(");
		put_words(out, option->value);
		PUT(out, ")");
	} else {
		PUT(out, " ");
	}
}

/* The specification of an option for _arguments. */
static void zsh_option(struct out *out, const struct option *option)
{
	int n = (int)option->name.n;
	const char *name = option->name.p, *short_value = "", *long_value = "";

	if (option->value != VALUE_NONE) {
		short_value = "+";
		long_value = "=";
	}
	PUT(out, "\t\t");
	if (option->letter)
		out_printf(out, "'(-%c --%.*s)'{-%c%s,--%.*s%s}'", option->letter, n, name,
			   option->letter, short_value, n, name, long_value);
	else
		out_printf(out, "'--%.*s%s", n, name, long_value);
	PUT(out, "[");
	out_put(out, clause(option->help));
	PUT(out, "]");
	zsh_value(out, option);
	PUT(out, "'\n");
}

static void zsh_command(struct out *out, const struct command *command)
{
	PUT(out, "\t");
	put_pattern(out, command);
	PUT(out, ")\n\t\toptions+=(\n");
	for (size_t id = OPTION_COMMON; id < OPTION_COUNT; id++) {
		if (command_takes(command, id))
			zsh_option(out, option_at(id));
	}
	PUT(out, "\t\t'*:");
	out_put(out, command->arguments.p ? command->arguments : SLICE("nothing more"));
	if (command->words == VALUE_FILE) {
		PUT(out, ":_files'\n\t\t) ;;\n");
		return;
	}
	PUT(out, ":(");
	put_arguments(out, command);
	PUT(out, ")'\n\t\t) ;;\n");
}

static void write_zsh(struct out *out)
{
	const struct command *command;

	PUT(out, "#compdef portbook\n"
		 "# Completion of portbook for zsh; made by: portbook completion zsh\n\n"
		 "_portbook()\n{\n\tlocal word command=\n\tlocal -a options commands\n\n"
		 "\toptions=(\n");
	for (size_t id = 0; id < OPTION_COMMON; id++)
		zsh_option(out, option_at(id));
	PUT(out, "\t)\n\tcommands=(\n");
	for (size_t i = 0; (command = command_at(i)); i++) {
		if (!command_is_sub(command))
			out_printf(out, "\t\t'%.*s:%.*s'\n", (int)command->name.n, command->name.p,
				   (int)clause(command->summary).n, command->summary.p);
	}
	PUT(out, "\t)\n");
	put_search(out, "\"${(@)words[2,CURRENT-1]}\"");
	PUT(out, "\tcase $command in\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		zsh_command(out, command);
	PUT(out, "\t*)\n\t\toptions+=('*:command or QUERY:{_describe command commands}') ;;\n"
		 "\tesac\n\t_arguments -s -S $options\n}\n\n_portbook \"$@\"\n");
}

/* Whether the command is the one that is being completed; a group, none of its commands. */
static void fish_condition(struct out *out, const struct command *command)
{
	struct slice name = command->name, word = slice_cut(&name, ' ');

	out_printf(out, " -n '__fish_seen_subcommand_from %.*s", (int)word.n, word.p);
	while (name.p) {
		word = slice_cut(&name, ' ');
		out_printf(out, "; and __fish_seen_subcommand_from %.*s", (int)word.n, word.p);
	}
	if (!command->run) {
		PUT(out, "; and not __fish_seen_subcommand_from ");
		put_commands(out, command);
	}
	PUT(out, "'");
}

static void fish_option(struct out *out, const struct option *option, const struct command *command)
{
	PUT(out, "complete -c portbook");
	if (command)
		fish_condition(out, command);
	if (option->letter)
		out_printf(out, " -s %c", option->letter);
	out_printf(out, " -l %.*s", (int)option->name.n, option->name.p);
	if (option->value == VALUE_FILE)
		PUT(out, " -r -F");
	else if (option->value != VALUE_NONE)
		PUT(out, " -x");
	if (value_word(option->value, 0).p) {
		PUT(out, " -a '");
		if (value_is_list(option->value))
			PUT(out, "(__fish_append , ");
		put_words(out, option->value);
		if (value_is_list(option->value))
			PUT(out, ")");
		PUT(out, "'");
	}
	out_printf(out, " -d '%.*s'\n", (int)clause(option->help).n, option->help.p);
}

/* The word that stands for a command, where none is yet, or only its group's. */
static void fish_name(struct out *out, const struct command *command, const struct command *group)
{
	struct slice name = group ? command_sub_name(command, group) : command->name;

	PUT(out, "complete -c portbook");
	if (group)
		fish_condition(out, group);
	else
		PUT(out, " -n __fish_use_subcommand");
	out_printf(out, " -a %.*s -d '%.*s'\n", (int)name.n, name.p,
		   (int)clause(command->summary).n, command->summary.p);
}

static void fish_command(struct out *out, const struct command *command)
{
	const struct command *other;

	if (!command_is_sub(command))
		fish_name(out, command, NULL);
	for (size_t i = 0; (other = command_at(i)); i++) {
		if (command_sub_name(other, command).p)
			fish_name(out, other, command);
	}
	for (size_t id = OPTION_COMMON; id < OPTION_COUNT; id++) {
		if (command_takes(command, id))
			fish_option(out, option_at(id), command);
	}
	if (command->words != VALUE_FILE && !value_word(command->words, 0).p)
		return;
	PUT(out, "complete -c portbook");
	fish_condition(out, command);
	if (command->words == VALUE_FILE) {
		PUT(out, " -F\n");
		return;
	}
	PUT(out, " -a '");
	put_words(out, command->words);
	PUT(out, "'\n");
}

static void write_fish(struct out *out)
{
	const struct command *command;

	PUT(out, "# Completion of portbook for fish; made by: portbook completion fish\n\n"
		 "complete -c portbook -f\n");
	for (size_t id = 0; id < OPTION_COMMON; id++)
		fish_option(out, option_at(id), NULL);
	for (size_t i = 0; (command = command_at(i)); i++)
		fish_command(out, command);
}

int completion_run(struct cli *cli)
{
	static void (*const writers[])(struct out * out) = {write_bash, write_zsh, write_fish};
	struct fault fault;
	size_t shell;

	if (!value_find(VALUE_SHELL, slice_cstr(cli->arguments.words[0]), &shell, &fault)) {
		say("completion: %s", fault.text);
		return STATUS_USAGE;
	}
	writers[shell](cli->out);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}
