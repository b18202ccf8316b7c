/*
 * Runs a fuzz target over files and the files of folders: whatever was once found stays fixed, in
 * every build.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "fuzz.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

static int run_file(const char *path)
{
	struct file_content content CLEANUP(file_content_done) = {};
	struct fault fault = {};
	uint8_t *copy;

	if (file_read(path, FILE_MAX, &content, &fault) < 0) {
		fprintf(stderr, "%s: %s\n", path, fault.text);
		return 1;
	}
	/* Of exactly its size, so that a sanitizer sees reading past the end. */
	copy = malloc(content.text.n ? content.text.n : 1);
	must(copy);
	if (content.text.n > 0)
		memcpy(copy, content.text.p, content.text.n);
	(void)LLVMFuzzerTestOneInput(copy, content.text.n);
	free(copy);
	return 0;
}

static int run_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	unsigned count = 0;
	int result = 0;

	if (!folder) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(folder))) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		result |= run_file(name);
		count++;
	}
	closedir(folder);
	if (count == 0)
		fprintf(stderr, "%s: no files\n", path);
	return result || count == 0;
}

int main(int argc, char **argv)
{
	int result = argc < 2;

	for (int i = 1; i < argc; i++) {
		struct stat status;

		result |= stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode)
				  ? run_folder(argv[i])
				  : run_file(argv[i]);
	}
	return result;
}
