#undef NDEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.h"

enum { WORDS_MAX = 16 };

/* Parses words that blanks part; "~" stands for an empty one. */
static int parse(char *line, struct arguments *arguments, struct fault *fault)
{
	static char program[] = "portbook", empty[] = "";
	static char *argv[WORDS_MAX + 2];
	int argc = 0;

	argv[argc++] = program;
	while (line && *line) {
		char *blank = strchr(line, ' ');

		assert_true(argc <= WORDS_MAX);
		argv[argc++] = *line == '~' ? empty : line;
		if (blank)
			*blank = '\0';
		line = blank ? blank + 1 : NULL;
	}
	argv[argc] = NULL;
	return arguments_parse(argc, argv, arguments, fault);
}

static struct arguments parsed(const char *line)
{
	static char space[256];
	struct arguments arguments;
	struct fault fault;

	assert_true(strlen(line) < sizeof(space));
	memcpy(space, line, strlen(line) + 1);
	assert_int_equal(parse(space, &arguments, &fault), 0);
	return arguments;
}

static void assert_refused(const char *line, const char *expected)
{
	char space[256];
	struct arguments arguments;
	struct fault fault;

	assert_true(strlen(line) < sizeof(space));
	memcpy(space, line, strlen(line) + 1);
	assert_int_equal(parse(space, &arguments, &fault), STATUS_USAGE);
	assert_string_equal(fault.text, expected);
}

static void assert_command(const struct arguments *arguments, const char *name)
{
	assert_int_equal(arguments->command->name.n, strlen(name));
	assert_memory_equal(arguments->command->name.p, name, strlen(name));
}

static void test_commands(void **state)
{
	struct arguments arguments = parsed("443");

	(void)state;
	assert_command(&arguments, "lookup");
	assert_false(arguments.command_given);
	assert_int_equal(arguments.word_count, 1);
	arguments = parsed("lookup list");
	assert_command(&arguments, "lookup");
	assert_true(arguments.command_given);
	assert_string_equal(arguments.words[0], "list");
	arguments = parsed("-- list");
	assert_command(&arguments, "lookup");
	assert_string_equal(arguments.words[0], "list");
	arguments = parsed("search -- -x --page");
	assert_command(&arguments, "search");
	assert_int_equal(arguments.word_count, 2);
	assert_string_equal(arguments.words[1], "--page");
	arguments = parsed("list");
	assert_command(&arguments, "list");
	assert_int_equal(arguments.word_count, 0);
	arguments = parsed("store --color never copy there");
	assert_command(&arguments, "store copy");
	assert_int_equal(arguments.word_count, 1);
	assert_string_equal(arguments.words[0], "there");
	arguments = parsed("search store copy");
	assert_command(&arguments, "search");
	assert_int_equal(arguments.word_count, 2);
	arguments = parsed("https list");
	assert_command(&arguments, "lookup");
	assert_int_equal(arguments.word_count, 2);
}

static void test_options_anywhere(void **state)
{
	static const char *const lines[] = {
		"--page 3 --json search mail",
		"search --page=3 mail -j",
		"search mail -p 3 -f json",
		"-jp3 search mail",
		"search mail -jp 3",
		"search -fcsv mail --format=json --page 3",
		"--format JSON search -p3 mail",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct arguments arguments = parsed(lines[i]);

		assert_command(&arguments, "search");
		assert_int_equal(arguments.settings.page, 3);
		assert_int_equal(arguments.settings.format, FORMAT_JSON);
		assert_int_equal(arguments.word_count, 1);
		assert_string_equal(arguments.words[0], "mail");
	}
}

static void test_values(void **state)
{
	struct settings settings =
		parsed("list --transport tcp,DCCP --state reserved --range user,system "
		       "--ports 6000-6010 --sort -port,reference --color never -r x.xml")
			.settings;

	(void)state;
	assert_int_equal(settings.transports, 1u << TRANSPORT_TCP | 1u << TRANSPORT_DCCP);
	assert_int_equal(settings.states, 1u << ROW_RESERVED);
	assert_int_equal(settings.ranges, 1u << PORT_RANGE_SYSTEM | 1u << PORT_RANGE_USER);
	assert_true(settings.ports_given);
	assert_int_equal(settings.first_port, 6000);
	assert_int_equal(settings.last_port, 6010);
	assert_int_equal(settings.sort_count, 2);
	assert_int_equal(settings.sort[0].column, COLUMN_PORT);
	assert_true(settings.sort[0].descending);
	assert_int_equal(settings.sort[1].column, COLUMN_REFERENCE);
	assert_false(settings.sort[1].descending);
	assert_int_equal(settings.color, WHEN_NEVER);
	assert_string_equal(settings.registry, "x.xml");
	settings = parsed("search --sort -name --in name,notes --regex --contacts a").settings;
	assert_int_equal(settings.columns, 1u << COLUMN_NAME | 1u << COLUMN_NOTES);
	assert_true(settings.regex && settings.contacts && settings.sort[0].descending);
	assert_string_equal(parsed("export -o out.csv").settings.output, "out.csv");
}

static void test_defaults(void **state)
{
	struct settings settings = parsed("443").settings;

	(void)state;
	assert_null(settings.registry);
	assert_int_equal(settings.format, FORMAT_TABLE);
	assert_int_equal(settings.color, WHEN_AUTO);
	assert_int_equal(settings.page, 0);
	assert_int_equal(settings.columns, 0);
	assert_int_equal(parsed("export").settings.format, FORMAT_CSV);
}

static void test_help(void **state)
{
	struct arguments arguments = parsed("--help");

	(void)state;
	assert_true(arguments.settings.help);
	assert_false(arguments.command_given);
	arguments = parsed("search -h");
	assert_true(arguments.settings.help && arguments.command_given);
	assert_command(&arguments, "search");
	assert_command((arguments = parsed("store --help"), &arguments), "store");
	assert_command((arguments = parsed("store --help verify"), &arguments), "store verify");
	assert_true(parsed("-V").settings.version);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_refused("--pge 3 search x", "unknown option --pge; nearest: --page");
	assert_refused("--format", "--format needs FORMAT");
	assert_refused("search x -p", "--page needs N");
	assert_refused("--nothing-like-it", "unknown option --nothing-like-it; "
					    "portbook --help lists them");
	assert_refused("-x", "unknown option -x; portbook --help lists them");
	assert_refused("--json=yes 443", "--json takes no value");
	assert_refused("--help=x", "--help takes no value");
}

static void test_bad_values(void **state)
{
	(void)state;
	assert_refused("-f yaml 1",
		       "--format: \"yaml\" is none of table, csv, tsv, json, ndjson, "
		       "xml, xhtml, text, image, services, dictionary, sqlite, "
		       "datapackage, unified, markdown, atom, svg, png, sarif, github");
	assert_refused("--color=sometimes 1",
		       "--color: \"sometimes\" is none of auto, always, never");
	assert_refused("search x -p 0", "--page: \"0\" is no page number; pages count from 1");
	assert_refused("search x -p -1", "--page: \"-1\" is no page number; pages count from 1");
	assert_refused("search x -p ~", "--page: \"\" is no page number; pages count from 1");
	assert_refused("list --state free",
		       "--state: \"free\" is none of assigned, reserved, unassigned");
	assert_refused("list --transport tcp,",
		       "--transport: \"\" is none of tcp, udp, sctp, dccp");
	assert_refused("list --ports 70000",
		       "--ports: \"70000\" is neither a port (0-65535) nor a range of ports (A-B)");
	assert_refused("list --ports 9-8",
		       "--ports: \"9-8\" is neither a port (0-65535) nor a range of ports (A-B)");
	assert_refused("list --sort --name",
		       "--sort: \"-name\" is none of name, port, transport, description, assignee, "
		       "contact, registration_date, modification_date, references, service_code, "
		       "unauthorized_use, notes");
}

static void test_not_for_the_command(void **state)
{
	(void)state;
	assert_refused("443 --page 2", "lookup takes no --page; it is for: search");
	assert_refused("person x --sort name", "person takes no --sort; it is for: search, list");
	assert_refused(
		"--as-of 2020-01-01 editions",
		"editions takes no --as-of; it is for: lookup, search, list, person, export, "
		"chart, annotate, audit, check, free, who, request check");
	assert_refused("export -f table", "export prints no table");
	assert_refused("-f image 443", "lookup prints no image");
	assert_refused("list extra", "list: unexpected argument \"extra\"");
	assert_refused("completion bash zsh", "completion: unexpected argument \"zsh\"");
	assert_refused("", "lookup needs QUERY...; portbook lookup --help explains");
	assert_refused("search", "search needs TEXT...; portbook search --help explains");
	assert_refused("store", "store needs COMMAND; portbook store --help explains");
	assert_refused("store -- verify",
		       "store has no command \"verify\"; portbook store --help lists them");
	assert_refused("store copy", "store copy needs PLACE; portbook store copy --help explains");
	assert_refused("store verify all", "store verify: unexpected argument \"all\"");
}

/* What help, the man page and completions are made of must be there, and say different things. */
static void test_tables(void **state)
{
	const struct option *option;
	const struct command *command;

	(void)state;
	for (size_t i = 0; (option = option_at(i)); i++) {
		bool taken = i < OPTION_COMMON;

		assert_true(option->name.n > 0 && option->help.n > 0);
		assert_true((option->value == VALUE_NONE) == (option->argument.p == NULL));
		for (size_t j = 0; j < i; j++) {
			assert_false(slice_eq(option->name, option_at(j)->name));
			assert_true(!option->letter || option->letter != option_at(j)->letter);
		}
		for (size_t j = 0; (command = command_at(j)); j++)
			taken |= command_takes(command, i);
		assert_true(taken);
	}
	for (size_t i = 0; (command = command_at(i)); i++) {
		/* Of a command's own command, the summary may say all. */
		if (!command->summary.n ||
		    (!command->about.n && slice_find_byte(command->name, ' ') == (size_t)-1))
			fail_msg("%.*s is not explained", (int)command->name.n, command->name.p);
		assert_true(command->run ? command->least <= command->most : command->least == 1);
		/* Where a table is none of them, the command chooses by what it is to write. */
		assert_true(command->formats == 0 || command->formats >> command->format & 1 ||
			    command->format == FORMAT_TABLE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),   cmocka_unit_test(test_options_anywhere),
		cmocka_unit_test(test_values),	   cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_help),	   cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_bad_values), cmocka_unit_test(test_not_for_the_command),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
