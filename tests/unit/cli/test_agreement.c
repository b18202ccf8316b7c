#undef NDEBUG
#include "cli/agreement.h"

#include "../testing.h"
#include "builtin/builtin.h"

/* By the built-in registry: a port of TCP, a process's command, its file and its unit. */
static const struct {
	uint16_t port;
	const char *command, *program, *unit;
	enum agreement expected;
} cases[] = {
	/* Its own name, with a d, a path, a version, "-server". */
	{22, "sshd", "sshd", "ssh.service", AGREEMENT_AGREES},
	{22, "ssh", NULL, NULL, AGREEMENT_AGREES},
	{5432, "postgres", "postgres", NULL, AGREEMENT_AGREES},
	{5432, NULL, "/usr/lib/postgresql/15/bin/postgres", NULL, AGREEMENT_AGREES},
	{6379, "redis-server", NULL, NULL, AGREEMENT_AGREES},
	{873, "rsyncd", NULL, NULL, AGREEMENT_AGREES},
	/* By the unit alone. */
	{5432, "python3", "python3.11", "postgresql@15-main.service", AGREEMENT_AGREES},
	/* By what usual programs serve. */
	{80, "nginx", "nginx", "nginx.service", AGREEMENT_AGREES},
	{443, "apache2", NULL, NULL, AGREEMENT_AGREES},
	{53, "named", "named", NULL, AGREEMENT_AGREES},
	{53, "systemd-resolve", "systemd-resolved", NULL, AGREEMENT_AGREES},
	{3306, "mariadbd", NULL, NULL, AGREEMENT_AGREES},
	/* Another service's name. */
	{3306, "postgres", "postgres", NULL, AGREEMENT_UNKNOWN},
	{80, "redis-server", NULL, NULL, AGREEMENT_OTHER},
	{5432, "sshd", NULL, NULL, AGREEMENT_OTHER},
	{5432, "nginx", NULL, NULL, AGREEMENT_OTHER},
	/* Nothing is said by what runs all kinds of programs, or is not seen. */
	{80, "python3", "python3.11", NULL, AGREEMENT_UNKNOWN},
	{80, "node", "node", NULL, AGREEMENT_UNKNOWN},
	{80, "java", NULL, NULL, AGREEMENT_UNKNOWN},
	{80, "docker-proxy", NULL, NULL, AGREEMENT_UNKNOWN},
	{80, "zqxjkv", "zqxjkv", NULL, AGREEMENT_UNKNOWN},
	{80, NULL, NULL, NULL, AGREEMENT_UNKNOWN},
	{80, "", "", "", AGREEMENT_UNKNOWN},
	{80, "-", "/", "@.service", AGREEMENT_UNKNOWN},
	/* Nor by words that are in every other description. */
	{443, "server", NULL, NULL, AGREEMENT_UNKNOWN},
	{443, "protocol", "master", "user@1000.service", AGREEMENT_UNKNOWN},
	/* What is not assigned. */
	{4, "sshd", NULL, NULL, AGREEMENT_UNREGISTERED},
	{49151, NULL, NULL, NULL, AGREEMENT_UNREGISTERED},
	{49152, "sshd", NULL, NULL, AGREEMENT_DYNAMIC},
	{65535, NULL, NULL, NULL, AGREEMENT_DYNAMIC},
};

static void test_cases(void **state)
{
	struct image image;

	(void)state;
	assert_int_equal(image_open(&image, builtin_image(), NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct slice names[] = {slice_cstr(cases[i].command), slice_cstr(cases[i].program),
					slice_cstr(cases[i].unit)};
		enum agreement found = agreement_find(&image, TRANSPORT_TCP, cases[i].port, names,
						      ARRAY_SIZE(names));

		print_message("# %u %s\n", cases[i].port, cases[i].command ? cases[i].command : "");
		assert_slice(agreement_name(found), agreement_name(cases[i].expected));
	}
}

/* Any text is a name of something. */
static void test_any_name(void **state)
{
	static const char letters[] = "ad-_/.@:9 \xc3";
	struct random random = {7};
	struct image image;

	(void)state;
	assert_int_equal(image_open(&image, builtin_image(), NULL), 0);
	for (unsigned i = 0; i < 20000; i++) {
		char text[12];
		struct slice name = {text, (size_t)(random_next(&random) % (sizeof(text) + 1))};

		for (size_t at = 0; at < name.n; at++)
			text[at] = letters[random_next(&random) % (sizeof(letters) - 1)];
		assert_in_range(agreement_find(&image, TRANSPORT_TCP, 80, &name, 1),
				AGREEMENT_AGREES, AGREEMENT_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
					   cmocka_unit_test(test_any_name)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
