/* Files in folders, in the order of their names, within limits. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/read.h"
#include "base/file.h"

struct walk {
	struct audit *audit;
	audit_skipped *skipped;
	void *context;
	struct strbuf path; /* of the folder or file in hand, NUL-terminated beyond its length */
	size_t seen;
	struct fault *fault;
};

struct folder_entry {
	char *name;
	unsigned char type; /* DT_REG, DT_DIR */
};

struct listing {
	struct folder_entry *entries;
	size_t count, size;
};

static void listing_done(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++)
		free(listing->entries[i].name);
	free(listing->entries);
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct folder_entry *)a)->name,
		      ((const struct folder_entry *)b)->name);
}

static void skip(struct walk *walk, const char *reason)
{
	if (walk->skipped)
		walk->skipped(walk->context, strbuf_slice(&walk->path), reason);
}

/* The path as the system wants it; NULL where memory ran out. */
static const char *path_of(struct walk *walk)
{
	strbuf_add_byte(&walk->path, '\0');
	if (walk->path.failed)
		return NULL;
	walk->path.n--;
	return walk->path.p;
}

static bool is_left_out(const char *name)
{
	static const char *const names[] = {".git", ".hg", ".svn", "node_modules", "vendor"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static bool add_entry(struct listing *listing, const struct dirent *found, unsigned char type)
{
	char *name;

	if (listing->count == listing->size) {
		size_t size = listing->size ? listing->size * 2 : 64;
		struct folder_entry *entries = realloc(listing->entries, size * sizeof(*entries));

		if (!entries)
			return false;
		listing->entries = entries;
		listing->size = size;
	}
	name = strdup(found->d_name);
	if (!name)
		return false;
	listing->entries[listing->count++] = (struct folder_entry){name, type};
	return true;
}

/* Where the file system does not tell. */
static unsigned char type_of(int fd, const struct dirent *found)
{
	struct stat status;

	if (found->d_type != DT_UNKNOWN)
		return found->d_type;
	if (fstatat(fd, found->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
}

/*
 * The folders and those files that may matter, sorted. 1: it cannot be read, and that was said; of
 * a folder that was asked for it is a fault.
 */
static int list(struct walk *walk, unsigned depth, struct listing *listing)
{
	const char *path = path_of(walk);
	struct dirent *found;
	bool failed = !path;
	DIR *folder = path ? opendir(path) : NULL;

	if (!folder) {
		if (failed)
			return fault_memory(walk->fault);
		if (depth == 1)
			return fault_set(walk->fault, FAULT_SYSTEM, "%s", strerror(errno));
		skip(walk, strerror(errno));
		return 1;
	}
	while (!failed && (found = readdir(folder))) {
		unsigned char type = type_of(dirfd(folder), found);

		if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0 ||
		    (type == DT_DIR && is_left_out(found->d_name)))
			continue;
		if (type == DT_DIR || type == DT_REG)
			failed = !add_entry(listing, found, type);
	}
	closedir(folder);
	if (failed)
		return fault_memory(walk->fault);
	if (listing->count > 0)
		qsort(listing->entries, listing->count, sizeof(*listing->entries), compare_entries);
	return 0;
}

/*
 * The file .env beside the one in hand; empty where there is none. One that is there and cannot be
 * read is said: values that are in it are missed then.
 */
static int read_dotenv(struct walk *walk, struct file_content *ret_content)
{
	struct slice text = strbuf_slice(&walk->path), folder = path_folder(text);
	struct walk beside = {.skipped = walk->skipped, .context = walk->context};
	struct strbuf *path = &beside.path;
	struct fault fault;
	struct stat status;
	int result;

	strbuf_add(path, folder);
	if (folder.n > 0 || slice_starts(text, SLICE("/")))
		strbuf_add_byte(path, '/');
	strbuf_add(path, SLICE(".env"));
	result = path_of(&beside) ? 0 : FAULT_MEMORY;
	if (result == 0 && lstat(path->p, &status) == 0) {
		result = file_read_found(path->p, AUDIT_DOTENV_MAX, ret_content, &fault);
		if (result < 0 && result != FAULT_MEMORY)
			skip(&beside, fault.text);
	}
	strbuf_done(path);
	return result == FAULT_MEMORY ? fault_memory(walk->fault) : 0;
}

static int read_text(struct walk *walk, struct slice text)
{
	struct slice path = strbuf_slice(&walk->path);
	enum audit_kind kind = audit_kind_of(path, audit_unmarked(text));
	struct file_content dotenv CLEANUP(file_content_done) = {};

	if (kind == AUDIT_NOTHING)
		return 0;
	if (memchr(text.p, '\0', text.n)) {
		skip(walk, "it is binary");
		return 0;
	}
	if (kind == AUDIT_KUBERNETES && audit_is_template(text)) {
		skip(walk, "it is a template (Helm): render it first");
		return 0;
	}
	if (kind == AUDIT_COMPOSE && read_dotenv(walk, &dotenv) < 0)
		return FAULT_MEMORY;
	return audit_read(walk->audit, path, kind, text, dotenv.text, walk->fault);
}

struct identity {
	dev_t device;
	ino_t inode;
};

static int compare_identities(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* 1: under this or another path the file was read before. Now it is remembered. */
static int remember(struct walk *walk, const struct stat *status)
{
	struct identity *identity = arena_alloc(&walk->audit->arena, sizeof(*identity));
	struct identity *const *found;

	if (!identity)
		return fault_memory(walk->fault);
	*identity = (struct identity){status->st_dev, status->st_ino};
	found = tsearch(identity, &walk->audit->read_before, compare_identities);
	if (!found)
		return fault_memory(walk->fault);
	return *found != identity;
}

static int read_file(struct walk *walk)
{
	struct file_content content CLEANUP(file_content_done) = {};
	const char *path = path_of(walk);
	struct fault fault = {};
	struct stat status;
	int result;

	if (!path)
		return fault_memory(walk->fault);
	result = lstat(path, &status) == 0 ? remember(walk, &status) : 0;
	if (result != 0)
		return result < 0 ? result : 0;
	result = file_read_found(path, AUDIT_FILE_MAX, &content, &fault);
	if (result == FAULT_MEMORY)
		return fault_memory(walk->fault);
	if (result < 0) {
		skip(walk, fault.text);
		return 0;
	}
	return content.text.n > 0 ? read_text(walk, content.text) : 0;
}

static int walk_folder(struct walk *walk, unsigned depth);

static int walk_entry(struct walk *walk, const struct folder_entry *entry, unsigned depth)
{
	size_t before = walk->path.n;
	int result = 0;

	if (++walk->seen > AUDIT_FILES_MAX)
		return fault_set(walk->fault, FAULT_LIMIT, "more than %d files and folders",
				 AUDIT_FILES_MAX);
	if (before > 0 && walk->path.p[before - 1] != '/')
		strbuf_add_byte(&walk->path, '/');
	strbuf_add(&walk->path, slice_cstr(entry->name));
	if (walk->path.failed)
		return fault_memory(walk->fault);
	if (entry->type == DT_DIR && depth == AUDIT_FOLDERS_DEEP_MAX)
		skip(walk, "it is more than 64 folders deep");
	else if (entry->type == DT_DIR)
		result = walk_folder(walk, depth + 1);
	else if (audit_may_be(strbuf_slice(&walk->path)))
		result = read_file(walk);
	walk->path.n = before;
	return result;
}

static int walk_folder(struct walk *walk, unsigned depth)
{
	struct listing listing CLEANUP(listing_done) = {};
	int result = list(walk, depth, &listing);

	if (result != 0)
		return result < 0 ? result : 0;
	for (size_t i = 0; i < listing.count && result == 0; i++)
		result = walk_entry(walk, &listing.entries[i], depth);
	return result;
}

/* What is named is read, whatever it is called. */
static int walk_named(struct walk *walk, const char *path, const struct stat *status)
{
	struct file_content content CLEANUP(file_content_done) = {};
	size_t files = walk->audit->file_count;
	int result = remember(walk, status);

	if (result != 0)
		return result < 0 ? result : 0;
	if (!S_ISREG(status->st_mode))
		return fault_set(walk->fault, FAULT_SYSTEM, "is no regular file");
	result = file_read(path, AUDIT_FILE_MAX, &content, walk->fault);
	if (result == 0 && content.text.n > 0)
		result = read_text(walk, content.text);
	if (result == 0 && walk->audit->file_count == files && content.text.n > 0 &&
	    audit_kind_of(strbuf_slice(&walk->path), audit_unmarked(content.text)) == AUDIT_NOTHING)
		skip(walk, "it is of no kind that is known");
	return result;
}

int audit_walk(struct audit *audit, const char *path, audit_skipped *skipped, void *context,
	       struct fault *fault)
{
	struct walk walk = {.audit = audit, .skipped = skipped, .context = context, .fault = fault};
	struct slice text = slice_cstr(path);
	struct stat status;
	int result;

	while (text.n > 1 && text.p[text.n - 1] == '/')
		text.n--;
	strbuf_add(&walk.path, text);
	if (walk.path.failed)
		result = fault_memory(fault);
	else if (stat(path, &status) < 0)
		result = fault_set(fault, FAULT_SYSTEM, "%s", strerror(errno));
	else if (S_ISDIR(status.st_mode))
		result = walk_folder(&walk, 1);
	else
		result = walk_named(&walk, path, &status);
	strbuf_done(&walk.path);
	return result;
}
