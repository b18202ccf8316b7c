/* Whatever fails while overlays are read and ports are judged, it is said, and nothing leaks. */
#undef NDEBUG
#include "../unit/testing.h"

#include <stdio.h>
#include <unistd.h>

#include "advice/advice.h"
#include "builtin/builtin.h"
#include "failing.h"

enum { CALLS_MAX = 1000 };

static char folder[] = "/tmp/portbook-advice-XXXXXX", path[sizeof(folder) + 2];

static void make_folder(void)
{
	FILE *file;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("one 7001/tcp two # A word\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void tell(void *context, const char *file, const struct fault *fault)
{
	(void)file;
	assert_told(*fault);
	++*(int *)context;
}

static int judge(const struct image *image, const struct overlay *overlay, struct fault *fault)
{
	const struct advice_facts facts = {.image = image, .overlay = overlay};
	const struct advice_wish wish = {.transports = 1, .first = 7690, .last = 7710, .count = 5};
	struct advice advice CLEANUP(advice_done) = {};
	uint16_t *ports = NULL;
	size_t count;
	int result = advice_check(&facts, TRANSPORT_TCP, 7001, ADVICE_WEB, &advice, fault);

	if (result == 0)
		result = advice_choose(&facts, &wish, &ports, &count, fault);
	free(ports);
	return result;
}

static int run(const struct image *image, int *told, struct fault *fault)
{
	const char *const folders[] = {folder};
	struct overlay overlay CLEANUP(overlay_done) = {};
	int result = overlay_open(folders, 1, tell, told, &overlay, fault);

	return result == 0 ? judge(image, &overlay, fault) : result;
}

static void test_each(void **state)
{
	struct image image;
	struct fault fault = {};

	(void)state;
	assert_int_equal(image_open(&image, builtin_image(), &fault), 0);
	for (unsigned all_after = 0; all_after < 2; all_after++) {
		enum failing failed = FAILING_MEMORY;

		for (unsigned n = 1; failed != FAILING_NONE; n++) {
			int told = 0, result;

			assert_true(n < CALLS_MAX);
			fault = (struct fault){};
			failing_arm(n, all_after);
			result = run(&image, &told, &fault);
			failed = failing_disarm();
			assert_true(result == 0 || result == FAULT_MEMORY);
			assert_true(failed != FAILING_NONE || (result == 0 && told == 0));
			if (result != 0)
				assert_told(fault);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_each)};
	int result;

	make_folder();
	result = cmocka_run_group_tests_name("advice", tests, NULL, NULL);
	unlink(path);
	rmdir(folder);
	return result;
}
