/*
 * Whatever fails - memory, a file, a thread -, an operation says so with its code and a reason,
 * gives back all it had (which the sanitized build sees) and leaves nothing half done.
 *
 *     test_failures CORPUS
 *
 * where CORPUS is the folder with the fuzz targets' documents.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "../unit/testing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/out.h"
#include "changes/changes.h"
#include "failing.h"
#include "lint/lint.h"
#include "mkimage/mkimage.h"
#include "query/query.h"
#include "render/text.h"
#include "source/reader.h"

enum { CALLS_MAX = 20000 };

static const char *corpus;

/*
 * Runs the operation with each of its calls failing, alone and with all after it, until none does.
 * Where it comes to its end all the same, what it made must be what it always makes: it looks for
 * itself. Returns how many calls could fail.
 */
static unsigned fail_each(int (*run)(void *context, struct fault *fault), void *context)
{
	unsigned count = 0;

	for (unsigned all_after = 0; all_after < 2; all_after++) {
		for (unsigned n = 1;; n++) {
			struct fault fault = {};
			enum failing failed;
			int result;

			assert_true(n < CALLS_MAX);
			failing_arm(n, all_after);
			result = run(context, &fault);
			failed = failing_disarm();
			if (failed == FAILING_NONE) {
				assert_int_equal(result, 0);
				count = n - 1;
				break;
			}
			if (result == 0)
				continue;
			if (failed == FAILING_MEMORY)
				assert_int_equal(result, FAULT_MEMORY);
			else if (failed == FAILING_SYSTEM)
				assert_int_equal(result, FAULT_SYSTEM);
			else
				/* A thread that is missing is no failure, but what follows may be.
				 */
				assert_int_equal(result, all_after ? FAULT_MEMORY : 0);
			assert_told(fault);
		}
	}
	return count;
}

static struct slice read_corpus(const char *name)
{
	struct file_content content = {};
	struct fault fault = {};
	struct slice text;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", corpus, name);
	assert_int_equal(file_read(path, SIZE_MAX / 2, &content, &fault), 0);
	text = copy_of(content.text);
	file_content_done(&content);
	return text;
}

/* Reading a document. */
struct reading {
	source_reader *reader; /* NULL: source_read() */
	struct source_options options;
	struct slice document;
	size_t rows, people;
};

static int run_reading(void *context, struct fault *fault)
{
	struct reading *reading = context;
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result;

	if (!reading->reader) {
		result = source_read(reading->document, &reading->options, &registry, fault);
		if (result < 0)
			assert_null(registry);
	} else {
		registry = registry_new();
		if (!registry)
			return fault_memory(fault);
		result = reading->reader(reading->document, registry, fault);
	}
	if (result < 0)
		return result;
	assert_int_equal(registry->row_count, reading->rows);
	assert_int_equal(registry->person_count, reading->people);
	return 0;
}

static void fail_reading(source_reader *reader, struct slice document, unsigned calls)
{
	struct registry *registry = registry_new();
	struct reading reading = {.document = document};
	struct fault fault = {};

	assert_non_null(registry);
	assert_int_equal(reader(document, registry, &fault), 0);
	reading.rows = registry->row_count;
	reading.people = registry->person_count;
	registry_free(registry);
	assert_true(reading.rows > 0);
	assert_true(fail_each(run_reading, &reading) >= calls);
	reading.options.keep_layout = true;
	assert_true(fail_each(run_reading, &reading) >= calls);
	reading.reader = reader;
	assert_true(fail_each(run_reading, &reading) >= calls);
}

static void test_readers(void **state)
{
	static const struct {
		const char *name;
		source_reader *reader;
	} documents[] = {
		{"csv/small", source_csv_read},	   {"csv/quoted", source_csv_read},
		{"xml/small", source_xml_read},	   {"xhtml/small", source_xhtml_read},
		{"xhtml/page", source_xhtml_read}, {"text/rows", source_text_read},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct slice document = read_corpus(documents[i].name);

		fail_reading(documents[i].reader, document, 4);
		free((void *)document.p);
	}
}

/* Large enough to be read in halves. */
static void test_reader_of_large_documents(void **state)
{
	struct strbuf document = {};

	(void)state;
	strbuf_add(&document, SLICE("<registry xmlns=\"http://www.iana.org/assignments\" "
				    "id=\"" REGISTRY_ID "\">\n  <title>Large</title>"));
	for (unsigned i = 0; i < 9000; i++)
		strbuf_printf(&document,
			      "\n  <record>\n    <name>name-%u</name>\n    <number>%u</number>\n"
			      "    <note>A note that repeats</note>\n  </record>",
			      i, i);
	strbuf_add(&document, SLICE("\n  <people><person id=\"A\"/></people></registry>"));
	assert_false(document.failed);
	fail_reading(source_xml_read, strbuf_slice(&document), 10);
	strbuf_done(&document);
}

/* Writing a registry as plain text: memory that fails is the output's error. */
static int run_text(void *context, struct fault *fault)
{
	struct out out = {};
	int error = 0;

	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	render_text(&out, context);
	error = out_finish(&out);
	out_done(&out);
	return error == ENOMEM ? fault_memory(fault) : error;
}

static void test_plain_text(void **state)
{
	struct slice document = read_corpus("text/rows");
	struct registry *registry = registry_new();
	struct fault fault = {};

	(void)state;
	assert_non_null(registry);
	assert_int_equal(source_text_read(document, registry, &fault), 0);
	assert_true(fail_each(run_text, registry) >= 4);
	registry_free(registry);
	free((void *)document.p);
}

/* Every check of a registry; findings that are not all there are none. */
static int count_finding(void *context, const struct lint_finding *finding)
{
	unsigned *count = context;

	(void)finding;
	++*count;
	return 0;
}

static int run_lint(void *context, struct fault *fault)
{
	unsigned count = 0;
	int result = lint(context, SLICE_NONE, count_finding, &count, fault);

	if (result == 0)
		assert_true(count > 0);
	return result;
}

static void test_lint(void **state)
{
	struct slice document = read_corpus("xml/small");
	struct registry *registry = registry_new();
	struct fault fault = {};

	(void)state;
	assert_non_null(registry);
	assert_int_equal(source_xml_read(document, registry, &fault), 0);
	assert_true(fail_each(run_lint, registry) >= 6);
	registry_free(registry);
	free((void *)document.p);
}

/* What changed between two editions: all, or nothing. */
struct comparing {
	struct registry *before, *after;
	size_t count; /* of changes */
};

static int run_changes(void *context, struct fault *fault)
{
	const struct comparing *comparing = context;
	struct changes changes;
	int result =
		changes_find(comparing->before, comparing->after, CHANGES_ALL, &changes, fault);

	if (result == 0) {
		assert_int_equal(changes.count, comparing->count);
		changes_done(&changes);
	}
	return result;
}

static void test_changes(void **state)
{
	struct slice document = read_corpus("xml/small");
	struct comparing comparing = {.before = registry_new(), .after = registry_new()};
	struct changes changes;

	(void)state;
	assert_non_null(comparing.before);
	assert_non_null(comparing.after);
	assert_int_equal(source_xml_read(document, comparing.after, NULL), 0);
	assert_int_equal(
		changes_find(comparing.before, comparing.after, CHANGES_ALL, &changes, NULL), 0);
	comparing.count = changes.count;
	changes_done(&changes);
	assert_true(comparing.count > 0);
	assert_true(fail_each(run_changes, &comparing) >= 10);
	registry_free(comparing.before);
	registry_free(comparing.after);
	free((void *)document.p);
}

/* Between a registry and its image. */
struct making {
	const struct registry *registry;
	struct slice image;
};

static int run_mkimage(void *context, struct fault *fault)
{
	struct making *making = context;
	struct strbuf buffer CLEANUP(strbuf_done) = {};
	int result = mkimage(making->registry, SLICE("test"), &buffer, fault);

	if (result == 0 && making->image.p)
		assert_slice(strbuf_slice(&buffer), making->image);
	return result;
}

static int run_mkimage_registry(void *context, struct fault *fault)
{
	struct making *making = context;
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result = mkimage_registry(making->image, &registry, fault);

	if (result < 0)
		assert_null(registry);
	else
		assert_int_equal(registry->row_count, making->registry->row_count);
	return result;
}

static struct registry *registry_of(const char *name)
{
	struct slice document = read_corpus(name);
	struct registry *registry = NULL;
	struct fault fault = {};

	assert_int_equal(source_read(document, NULL, &registry, &fault), 0);
	free((void *)document.p);
	return registry;
}

static struct slice image_of(const struct registry *registry)
{
	struct strbuf buffer = {};
	struct fault fault = {};
	struct slice copy;

	assert_int_equal(mkimage(registry, SLICE("test"), &buffer, &fault), 0);
	copy = copy_of(strbuf_slice(&buffer));
	strbuf_done(&buffer);
	return copy;
}

static void test_images(void **state)
{
	static const char *const names[] = {"xml/small", "csv/portless", "xhtml/small"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct registry *registry = registry_of(names[i]);
		struct making making = {registry, image_of(registry)};

		assert_true(fail_each(run_mkimage, &making) >= 20);
		assert_true(fail_each(run_mkimage_registry, &making) >= 3);
		free((void *)making.image.p);
		registry_free(registry);
	}
}

static int run_questions(void *context, struct fault *fault)
{
	const struct image *image = context;
	struct rowset set CLEANUP(rowset_done) = {};

	if (!rowset_init(&set, image_row_count(image)))
		return fault_memory(fault);
	return query_regex(image, SLICE("a|b"), QUERY_SEARCHED, &set, fault);
}

static void test_questions(void **state)
{
	struct registry *registry = registry_of("xml/small");
	struct slice bytes = image_of(registry);
	struct fault fault = {};
	struct image image;

	(void)state;
	assert_int_equal(image_open(&image, bytes, &fault), 0);
	assert_int_equal(fail_each(run_questions, &image), 1);
	free((void *)bytes.p);
	registry_free(registry);
}

static int run_out(void *context, struct fault *fault)
{
	struct out out;
	int result;

	(void)context;
	if (out_init_memory(&out) < 0)
		return fault_memory(fault);
	out_repeat(&out, 'x', 300000);
	out_printf(&out, "%d", 1);
	out_put(&out, SLICE("yz"));
	result = out_finish(&out);
	if (result == 0)
		assert_int_equal(out.n, 300003);
	else
		assert_int_equal(result, ENOMEM);
	out_done(&out);
	return result == 0 ? 0 : fault_memory(fault);
}

static void test_out(void **state)
{
	(void)state;
	assert_int_equal(fail_each(run_out, NULL), 4);
}

/* Files. Each test runs in a folder of its own. */
static int enter_folder(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	return *state ? 0 : -1;
}

static unsigned count_files(bool remove)
{
	DIR *folder = opendir(".");
	unsigned count = 0;

	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (remove)
			assert_int_equal(unlink(entry->d_name), 0);
	}
	closedir(folder);
	return count;
}

static int leave_folder(void **state)
{
	count_files(true);
	if (chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

static void write_file(const char *path, struct slice text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
}

/* The file's content, through functions that do not fail here; absent where there is none. */
static struct slice content_of(const char *path)
{
	static char space[1 << 20];
	FILE *file = fopen(path, "r");
	size_t n;

	if (!file)
		return SLICE_NONE;
	n = fread(space, 1, sizeof(space), file);
	assert_int_equal(fclose(file), 0);
	return (struct slice){space, n};
}

struct drafting {
	const char *path;
	struct slice before, after; /* its content, failed or not */
};

static int write_draft(const struct drafting *drafting, struct fault *fault)
{
	struct file_draft draft;
	struct out out;
	int result = file_draft_begin(&draft, drafting->path, fault);

	if (result < 0)
		return result;
	if (out_init_fd(&out, draft.fd) < 0) {
		file_draft_abort(&draft);
		return fault_memory(fault);
	}
	out_put(&out, drafting->after);
	result = out_finish(&out);
	out_done(&out);
	if (result != 0) {
		file_draft_abort(&draft);
		return fault_set(fault, FAULT_SYSTEM, "cannot write: %s", strerror(result));
	}
	return file_draft_commit(&draft, fault);
}

static int run_draft(void *context, struct fault *fault)
{
	const struct drafting *drafting = context;
	int result = write_draft(drafting, fault);
	struct slice content;

	failing_interrupt(false);
	content = content_of(drafting->path);
	assert_slice(content, result == 0 ? drafting->after : drafting->before);
	assert_int_equal(count_files(false), content.p ? 1 : 0);
	/* As it was, for the next time. */
	if (drafting->before.p)
		write_file(drafting->path, drafting->before);
	else
		count_files(true);
	return result;
}

static struct slice much_text(void)
{
	static char text[200000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 23);
	return (struct slice){text, sizeof(text)};
}

static void test_drafts(void **state)
{
	struct drafting fresh = {"file", SLICE_NONE, much_text()};
	struct drafting again = {"file", SLICE("what was there"), SLICE("what is new")};

	(void)state;
	/* path, temporary, its file, permissions, buffer, write, fsync, close, rename. */
	assert_true(fail_each(run_draft, &fresh) >= 9);
	write_file("file", again.before);
	assert_true(fail_each(run_draft, &again) >= 9);
}

static int run_file_read(void *context, struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	int result = file_read("file", 1 << 20, &content, fault);

	(void)context;
	if (result == 0)
		assert_slice(content.text, much_text());
	else
		assert_null(content.memory);
	return result;
}

/* Whose size is not known beforehand. */
static int run_pipe_read(void *context, struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct slice text = much_text();
	char path[64];
	int fds[2], result;

	(void)context;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_true(fcntl(fds[1], F_SETPIPE_SZ, 1 << 18) >= (int)text.n);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	/* Not by write and close: those may be the ones that fail. */
	assert_int_equal(vmsplice(fds[1], &(struct iovec){(void *)text.p, text.n}, 1, 0), text.n);
	close_range((unsigned)fds[1], (unsigned)fds[1], 0);
	result = file_read(path, 1 << 20, &content, fault);
	if (result == 0)
		assert_slice(content.text, text);
	else
		assert_null(content.memory);
	close_range((unsigned)fds[0], (unsigned)fds[0], 0);
	return result;
}

static void test_reading_files(void **state)
{
	(void)state;
	write_file("file", much_text());
	assert_true(fail_each(run_file_read, NULL) >= 5);
	assert_true(fail_each(run_pipe_read, NULL) >= 6);
}

static int run_map(void *context, struct fault *fault)
{
	struct file_content content CLEANUP(file_content_done) = {};
	int result = file_map("image", image_magic(), &content, fault);
	struct image image;

	(void)context;
	if (result == 0)
		return image_open(&image, content.text, fault);
	assert_null(content.memory);
	return result;
}

static void test_mapping_images(void **state)
{
	struct registry *registry = registry_of("xml/small");
	struct slice bytes = image_of(registry);

	(void)state;
	write_file("image", bytes);
	assert_true(fail_each(run_map, NULL) >= 3);
	free((void *)bytes.p);
	registry_free(registry);
}

/* A document in a file: twice through XML, in pieces; others as a whole. */
static int run_document(void *context, struct fault *fault)
{
	const struct reading *reading = context;
	struct registry *registry CLEANUP(registry_freep) = NULL;
	struct file_reader file CLEANUP(file_reader_close) = {.fd = -1};
	int result = file_reader_open("file", 1 << 20, &file, fault);

	if (result < 0)
		return result;
	result = source_read_file(&file, &reading->options, &registry, fault);
	if (result < 0)
		assert_null(registry);
	else
		assert_int_equal(registry->row_count, reading->rows);
	return result;
}

static void test_reading_documents(void **state)
{
	static const char *const names[] = {"xml/small", "csv/small"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct registry *registry = registry_of(names[i]);
		struct slice document = read_corpus(names[i]);
		struct reading reading = {.options.keep_layout = true};
		struct fault fault = {};

		reading.rows = registry->row_count;
		write_file("file", document);
		/* open, its state, head, document, its state again, and memory */
		assert_true(fail_each(run_document, &reading) >= 8);
		failing_interrupt(true);
		assert_int_equal(run_document(&reading, &fault), 0);
		failing_interrupt(false);
		free((void *)document.p);
		registry_free(registry);
	}
}

/* Signals, and writes that take less than they are given, change nothing. */
static void test_interruptions(void **state)
{
	struct drafting drafting = {"file", SLICE_NONE, SLICE("what is new")};
	struct fault fault = {};

	(void)state;
	failing_interrupt(true);
	assert_int_equal(run_draft(&drafting, &fault), 0);
	write_file("file", much_text());
	failing_interrupt(true);
	assert_int_equal(run_file_read(NULL, &fault), 0);
	failing_interrupt(false);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_reader_of_large_documents),
		cmocka_unit_test(test_plain_text),
		cmocka_unit_test(test_lint),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_out),
		in_folder(test_drafts),
		in_folder(test_reading_files),
		in_folder(test_mapping_images),
		in_folder(test_interruptions),
		in_folder(test_reading_documents),
	};

	if (argc != 2)
		return 2;
	corpus = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
