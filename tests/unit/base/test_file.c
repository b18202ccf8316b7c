#define _GNU_SOURCE
#undef NDEBUG
#include "../testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Each test runs in a folder of its own. */
static int enter_folder(void **state)
{
	char path[] = P_tmpdir "/portbook-test-XXXXXX";

	*state = mkdtemp(path) && chdir(path) == 0 ? strdup(path) : NULL;
	umask(022);
	return *state ? 0 : -1;
}

static unsigned count_files(void)
{
	DIR *folder = opendir(".");
	unsigned count = 0;

	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

static int leave_folder(void **state)
{
	DIR *folder = opendir(".");

	if (!folder)
		return -1;
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (unlink(entry->d_name) < 0)
			rmdir(entry->d_name);
	}
	closedir(folder);
	if (chdir("/") < 0 || rmdir(*state) < 0)
		return -1;
	free(*state);
	return 0;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *path, const char *text)
{
	struct file_content content = {};
	struct fault fault = {};

	assert_int_equal(file_read(path, 1000, &content, &fault), 0);
	assert_slice(content.text, slice_cstr(text));
	file_content_done(&content);
}

static void test_reading(void **state)
{
	struct file_content content = {};
	struct fault fault = {};

	(void)state;
	write_file("a", "12345678");
	assert_int_equal(file_read("a", 8, &content, &fault), 0);
	assert_text(content.text, "12345678");
	file_content_done(&content);
	assert_null(content.memory);
	file_content_done(&content);
	write_file("empty", "");
	assert_int_equal(file_read("empty", 0, &content, &fault), 0);
	assert_text(content.text, "");
	file_content_done(&content);
}

static void test_limits(void **state)
{
	struct file_content content = {};
	struct fault fault = {};

	(void)state;
	write_file("a", "12345678");
	assert_int_equal(file_read("a", 7, &content, &fault), FAULT_LIMIT);
	assert_non_null(strstr(fault.text, "7 bytes"));
	assert_null(content.memory);
	assert_int_equal(file_read("a", 0, &content, &fault), FAULT_LIMIT);
	/* A device whose size nobody knows. */
	assert_int_equal(file_read("/dev/zero", 1000000, &content, &fault), FAULT_LIMIT);
	assert_int_equal(file_read("/dev/null", 10, &content, &fault), 0);
	assert_text(content.text, "");
	file_content_done(&content);
	/* One whose stated size is not that of its content. */
	assert_int_equal(file_read("/proc/self/status", 1000000, &content, &fault), 0);
	assert_true(slice_starts(content.text, SLICE("Name:")));
	file_content_done(&content);
}

static void test_refused(void **state)
{
	struct file_content content = {};
	struct fault fault = {};

	(void)state;
	assert_int_equal(file_read("none", 10, &content, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "cannot open: No such file or directory");
	assert_int_equal(file_read(".", 10, &content, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "is a folder, not a file");
	assert_int_equal(file_map("none", SLICE("x"), &content, &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_null(content.memory);
}

static void *write_slowly(void *context)
{
	FILE *pipe = fopen("fifo", "w");

	(void)context;
	if (!pipe)
		return NULL;
	for (unsigned i = 0; i < 50000; i++)
		fputs("abcd", pipe);
	fclose(pipe);
	return NULL;
}

static void test_pipes(void **state)
{
	struct file_content content = {};
	struct fault fault = {};
	pthread_t writer;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	/* Does not wait for a writer. */
	assert_int_equal(file_map("fifo", SLICE("ab"), &content, &fault), 1);
	assert_int_equal(pthread_create(&writer, NULL, write_slowly, NULL), 0);
	assert_int_equal(file_read("fifo", 1000000, &content, &fault), 0);
	pthread_join(writer, NULL);
	assert_int_equal(content.text.n, 200000);
	for (size_t i = 0; i < content.text.n; i++)
		assert_true(content.text.p[i] == "abcd"[i % 4]);
	file_content_done(&content);
}

static void test_standard_input(void **state)
{
	struct file_content content = {};
	struct fault fault = {};
	int saved = dup(STDIN_FILENO), fds[2];

	(void)state;
	assert_int_equal(file_map("-", SLICE("x"), &content, &fault), 1);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "input", 5), 5);
	close(fds[1]);
	dup2(fds[0], STDIN_FILENO);
	close(fds[0]);
	assert_int_equal(file_read("-", 10, &content, &fault), 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
	assert_text(content.text, "input");
	file_content_done(&content);
}

static void test_mapping(void **state)
{
	struct file_content content = {};
	struct fault fault = {};

	(void)state;
	write_file("a", "magic and more");
	assert_int_equal(file_map("a", SLICE("magic"), &content, &fault), 0);
	assert_text(content.text, "magic and more");
	file_content_done(&content);
	assert_null(content.memory);
	assert_int_equal(file_map("a", SLICE("Magic"), &content, &fault), 1);
	assert_int_equal(file_map("a", SLICE("magic and more and more"), &content, &fault), 1);
	write_file("empty", "");
	assert_int_equal(file_map("empty", SLICE("magic"), &content, &fault), 1);
	assert_int_equal(file_map(".", SLICE("magic"), &content, &fault), 1);
	assert_int_equal(file_map("/dev/null", SLICE("magic"), &content, &fault), 1);
	assert_null(content.memory);
}

static void assert_reads(const struct file_reader *reader, size_t at, const char *text)
{
	char bytes[100] = {};
	struct fault fault = {};

	assert_int_equal(file_reader_read(reader, at, bytes, strlen(text), &fault), 0);
	assert_string_equal(bytes, text);
}

static void test_pieces(void **state)
{
	struct file_reader readers[3];
	struct fault fault = {};
	struct slice text;

	(void)state;
	write_file("a", "12345678");
	readers[0] = file_reader_of(SLICE("12345678"));
	assert_int_equal(file_reader_open("a", 8, &readers[1], &fault), 0);
	assert_true(readers[1].fd >= 0);
	assert_int_equal(file_reader_open("a", 8, &readers[2], &fault), 0);
	assert_int_equal(file_reader_whole(&readers[2], &text, &fault), 0);
	assert_text(text, "12345678");
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		assert_int_equal(readers[i].size, 8);
		assert_reads(&readers[i], 0, "12345678");
		assert_reads(&readers[i], 7, "8");
		assert_reads(&readers[i], 8, "");
		file_reader_skip(&readers[i], 3);
		assert_int_equal(readers[i].size, 5);
		assert_reads(&readers[i], 0, "45");
		assert_reads(&readers[i], 3, "78");
		assert_int_equal(file_reader_check(&readers[i], &fault), 0);
		assert_int_equal(file_reader_whole(&readers[i], &text, &fault), 0);
		assert_text(text, "45678");
		assert_reads(&readers[i], 3, "78");
		file_reader_close(&readers[i]);
		file_reader_close(&readers[i]);
	}
}

static void test_pieces_of_what_is_no_file(void **state)
{
	struct file_reader reader;
	struct fault fault = {};

	(void)state;
	write_file("a", "12345678");
	write_file("empty", "");
	assert_int_equal(file_reader_open("a", 7, &reader, &fault), FAULT_LIMIT);
	assert_non_null(strstr(fault.text, "7 bytes"));
	assert_int_equal(file_reader_open("none", 7, &reader, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "cannot open: No such file or directory");
	assert_int_equal(file_reader_open(".", 7, &reader, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "is a folder, not a file");
	assert_int_equal(file_reader_open("/dev/zero", 1000, &reader, &fault), FAULT_LIMIT);
	assert_int_equal(file_reader_open("empty", 7, &reader, &fault), 0);
	assert_int_equal(reader.size, 0);
	file_reader_close(&reader);
	/* One whose stated size is not that of its content. */
	assert_int_equal(file_reader_open("/proc/self/status", 1000000, &reader, &fault), 0);
	assert_true(reader.size > 5);
	assert_reads(&reader, 0, "Name:");
	file_reader_close(&reader);
}

static void test_files_that_change(void **state)
{
	struct file_reader reader;
	struct slice text;
	struct fault fault = {};
	char bytes[8];

	(void)state;
	write_file("a", "12345678");
	assert_int_equal(file_reader_open("a", 10, &reader, &fault), 0);
	assert_int_equal(truncate("a", 5), 0);
	assert_reads(&reader, 0, "12345");
	assert_int_equal(file_reader_read(&reader, 3, bytes, 3, &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "changed while it was read");
	assert_int_equal(file_reader_check(&reader, &fault), FAULT_SYSTEM);
	assert_int_equal(file_reader_whole(&reader, &text, &fault), FAULT_SYSTEM);
	assert_true(reader.fd >= 0);
	file_reader_close(&reader);
	/* What is added is not read, but seen. */
	assert_int_equal(file_reader_open("a", 10, &reader, &fault), 0);
	assert_int_equal(truncate("a", 9), 0);
	assert_reads(&reader, 0, "12345");
	assert_int_equal(file_reader_check(&reader, &fault), FAULT_SYSTEM);
	file_reader_close(&reader);
	/* A file that takes its place is another. */
	assert_int_equal(file_reader_open("a", 10, &reader, &fault), 0);
	write_file("b", "other");
	assert_int_equal(rename("b", "a"), 0);
	assert_reads(&reader, 0, "12345");
	assert_int_equal(file_reader_check(&reader, &fault), 0);
	file_reader_close(&reader);
}

static void begin_with(struct file_draft *draft, const char *path, const char *text)
{
	struct fault fault = {};

	assert_int_equal(file_draft_begin(draft, path, &fault), 0);
	assert_int_equal(write(draft->fd, text, strlen(text)), strlen(text));
}

static void test_drafts(void **state)
{
	struct file_draft draft;
	struct fault fault = {};
	struct stat status;

	(void)state;
	begin_with(&draft, "new", "text");
	assert_int_not_equal(access("new", F_OK), 0);
	assert_int_equal(file_draft_commit(&draft, &fault), 0);
	assert_holds("new", "text");
	assert_int_equal(stat("new", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	file_draft_abort(&draft);
	assert_holds("new", "text");
	assert_int_equal(count_files(), 1);

	begin_with(&draft, "new", "other");
	assert_holds("new", "text");
	file_draft_abort(&draft);
	file_draft_abort(&draft);
	assert_holds("new", "text");
	assert_int_equal(count_files(), 1);
}

static void test_drafts_keep_permissions(void **state)
{
	struct file_draft draft;
	struct fault fault = {};
	struct stat status;

	(void)state;
	write_file("private", "old");
	assert_int_equal(chmod("private", 0600), 0);
	begin_with(&draft, "private", "new");
	assert_int_equal(file_draft_commit(&draft, &fault), 0);
	assert_int_equal(stat("private", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_holds("private", "new");
	/* The process's mask is as it was. */
	assert_int_equal(umask(022), 022);
}

static void test_drafts_behind_links(void **state)
{
	char link[64] = {};
	struct file_draft draft;
	struct fault fault = {};

	(void)state;
	write_file("file", "old");
	assert_int_equal(symlink("file", "link"), 0);
	begin_with(&draft, "link", "new");
	assert_int_equal(file_draft_commit(&draft, &fault), 0);
	assert_holds("file", "new");
	assert_int_equal(readlink("link", link, sizeof(link) - 1), 4);
	assert_string_equal(link, "file");
	assert_int_equal(count_files(), 2);
}

static void test_drafts_behind_links_to_nothing(void **state)
{
	struct file_draft draft;
	struct fault fault;

	(void)state;
	assert_int_equal(symlink("nothing", "link"), 0);
	assert_int_equal(file_draft_begin(&draft, "link", &fault), FAULT_SYSTEM);
	assert_string_equal(fault.text, "is a link that leads nowhere");
	assert_int_equal(access("nothing", F_OK), -1);
	assert_int_equal(unlink("link"), 0);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

/* What would end the program waits until nothing stands beside its place. */
static void test_drafts_and_signals(void **state)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	struct file_draft draft;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		void (*before)(int) = signal(numbers[i], count_signal);

		signals = 0;
		begin_with(&draft, "new", "text");
		assert_int_equal(raise(numbers[i]), 0);
		assert_int_equal(signals, 0);
		assert_int_equal(file_draft_commit(&draft, &fault), 0);
		assert_int_equal(signals, 1);
		begin_with(&draft, "new", "other");
		assert_int_equal(raise(numbers[i]), 0);
		assert_int_equal(signals, 1);
		file_draft_abort(&draft);
		assert_int_equal(signals, 2);
		assert_int_equal(raise(numbers[i]), 0);
		assert_int_equal(signals, 3);
		assert_int_equal(unlink("new"), 0);
		signal(numbers[i], before);
	}
}

static void test_drafts_to_devices(void **state)
{
	struct file_draft draft;
	struct fault fault = {};

	(void)state;
	begin_with(&draft, "/dev/null", "x");
	assert_null(draft.temporary);
	assert_int_equal(file_draft_commit(&draft, &fault), 0);
	assert_int_equal(access("/dev/null", W_OK), 0);
	assert_int_equal(file_draft_begin(&draft, "/dev/null", &fault), 0);
	file_draft_abort(&draft);
}

static void test_drafts_refused(void **state)
{
	struct file_draft draft;
	struct fault fault = {};

	(void)state;
	assert_int_equal(file_draft_begin(&draft, "none/file", &fault), FAULT_SYSTEM);
	assert_told(fault);
	file_draft_abort(&draft);
	assert_int_equal(file_draft_begin(&draft, ".", &fault), FAULT_SYSTEM);
	assert_told(fault);
	file_draft_abort(&draft);
	assert_int_equal(count_files(), 0);
	/* The destination became a folder meanwhile. */
	begin_with(&draft, "file", "x");
	assert_int_equal(mkdir("file", 0700), 0);
	assert_int_equal(file_draft_commit(&draft, &fault), FAULT_SYSTEM);
	assert_told(fault);
	assert_int_equal(count_files(), 1);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_folder(test_reading),
		in_folder(test_limits),
		in_folder(test_refused),
		in_folder(test_pipes),
		in_folder(test_standard_input),
		in_folder(test_mapping),
		in_folder(test_pieces),
		in_folder(test_pieces_of_what_is_no_file),
		in_folder(test_files_that_change),
		in_folder(test_drafts),
		in_folder(test_drafts_keep_permissions),
		in_folder(test_drafts_behind_links),
		in_folder(test_drafts_behind_links_to_nothing),
		in_folder(test_drafts_and_signals),
		in_folder(test_drafts_to_devices),
		in_folder(test_drafts_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
