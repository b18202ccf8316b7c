/*
 * Whatever fails while a form for other software is written, it is said, and nothing half done
 * stays: no folder, no database, nothing beside them.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "failing.h"
#include "package/package.h"
#include "render/dictionary.h"
#include "render/services.h"
#include "source/source.h"

enum { CALLS_MAX = 20000 };

typedef int form_writer(const struct registry *registry, struct fault *fault);

static struct registry *made_up(void)
{
	static const char document[] = "name 1/tcp other names # described\n"
				       "second 2/udp # and\n\t# more\n"
				       "third 65535/sctp\n";
	struct registry *registry = NULL;
	struct fault fault = {};

	assert_int_equal(source_read(slice_cstr(document), NULL, &registry, &fault), 0);
	return registry;
}

static int to_memory(const struct registry *registry, struct fault *fault, bool services)
{
	struct out out = {};
	int result;

	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	result = services ? render_services(&out, registry, SLICE("x"), fault)
			  : render_dictionary(&out, registry, fault);
	/* Output that fails keeps its error until it is asked for. */
	if (out_finish(&out) != 0)
		result = fault_memory(fault);
	out_done(&out);
	return result;
}

static int write_services(const struct registry *registry, struct fault *fault)
{
	return to_memory(registry, fault, true);
}

static int write_dictionary(const struct registry *registry, struct fault *fault)
{
	return to_memory(registry, fault, false);
}

static int write_database(const struct registry *registry, struct fault *fault)
{
	return package_write_database("form", registry, SLICE("x"), fault);
}

static int write_package(const struct registry *registry, struct fault *fault)
{
	return package_write("form", registry, fault);
}

/* Removes what stands at form; returns how many entries there were beside it. */
static unsigned clear(void)
{
	static const char *const names[] = {"form/service-names.csv", "form/rows.json",
					    "form/people.json", "form/datapackage.json"};
	DIR *folder;
	unsigned count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void)unlink(names[i]);
	(void)rmdir("form");
	(void)unlink("form");
	folder = opendir(".");
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

/* Each call fails, alone and with all after it, until none does. Returns how many there were. */
static unsigned fail_each(form_writer *write, const struct registry *registry)
{
	unsigned count = 0;

	for (unsigned all_after = 0; all_after < 2; all_after++) {
		for (unsigned n = 1;; n++) {
			struct fault fault = {};
			enum failing failed;
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = write(registry, &fault);
			failed = failing_disarm();
			if (result != 0) {
				assert_int_not_equal(access("form", F_OK), 0);
				assert_told(fault);
			}
			assert_int_equal(clear(), 0);
			if (failed == FAILING_NONE) {
				assert_int_equal(result, 0);
				count = n - 1;
				break;
			}
			if (result != 0)
				assert_int_equal(result, failed == FAILING_MEMORY ? FAULT_MEMORY
										  : FAULT_SYSTEM);
		}
	}
	return count;
}

static int enter(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static int leave(void **state)
{
	if (clear() != 0 || chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

static void test_forms(void **state)
{
	static const struct {
		form_writer *write;
		unsigned calls; /* at least */
	} forms[] = {
		{write_services, 3},
		{write_dictionary, 2},
		{write_database, 6},
		{write_package, 15},
	};
	struct registry *registry = made_up();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		assert_true(fail_each(forms[i].write, registry) >= forms[i].calls);
	registry_free(registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_forms, enter, leave),
	};

	return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
