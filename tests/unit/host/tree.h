/* A made-up machine: a folder that stands for /. */
#ifndef PORTBOOK_TESTS_UNIT_HOST_TREE_H
#define PORTBOOK_TESTS_UNIT_HOST_TREE_H

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../testing.h"

static char root[64];

/* Each folder of a path below the root but the last name. */
static inline void make_folders(const char *path)
{
	for (const char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		char folder[512];

		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
	}
}

static inline void put_bytes(const char *path, const char *bytes, size_t n)
{
	char whole[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	make_folders(whole);
	file = fopen(whole, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static inline void put_file(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static inline void put_link(const char *path, const char *destination)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	make_folders(whole);
	assert_int_equal(symlink(destination, whole), 0);
}

static inline int make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/portbook-test-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static inline int remove_root(void **state)
{
	char *const paths[] = {root, NULL};
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int result = walk ? 0 : -1;

	(void)state;
	while (walk && (entry = fts_read(walk))) {
		if (entry->fts_info != FTS_D)
			result |= remove(entry->fts_path);
	}
	if (walk)
		fts_close(walk);
	return result;
}

#endif
