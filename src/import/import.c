#define _GNU_SOURCE
#include "import/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/archive.h"
#include "import/jobs.h"
#include "record/date.h"

enum {
	/* What is added together, since making sure that it is on disk takes time. */
	BATCH_MAX = 32,
	BATCH_SECONDS = 1,
};

const struct history_limits import_limits = {.fewer = 50, .changed = 50};

/* A report that waits until its batch is on disk. */
struct waiting {
	char *name;
	struct import_report report;
	struct fault fault;
};

struct importer {
	struct history *history; /* NULL: there was no document for it yet */
	const struct import_options *options;
	import_opener *opener;
	import_handler *handler;
	void *context;
	struct jobs *jobs;
	struct waiting waiting[BATCH_MAX];
	size_t waiting_count;
	bool open; /* a transaction is */
	time_t opened;
	struct slice archive; /* the name of the one that is read; absent: none */
	struct fault *fault;
};

int import_date(const struct registry *registry, struct slice given, struct slice name,
		struct slice *ret_date, struct fault *fault)
{
	struct slice own = registry->header.updated;
	struct slice file = slice_skip(name, slice_find_last_byte(name, '/') + 1);
	struct date date;

	if (own.n > 0) {
		if (given.p && !slice_eq(given, own))
			return fault_set(fault, FAULT_MALFORMED, "is of %.*s, not of %.*s",
					 (int)own.n, own.p, (int)given.n, given.p);
		file = own;
	} else if (given.p) {
		file = given;
	} else {
		file.n = file.n < DATE_LENGTH ? file.n : DATE_LENGTH;
		if (!date_parse(file, &date))
			return fault_set(fault, FAULT_MALFORMED,
					 "says no date: --date YYYY-MM-DD does, or a file name "
					 "that begins with it");
	}
	if (!date_parse(file, &date) || date.day == 0)
		return fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD",
				 file.n < 40 ? (int)file.n : 40, file.p);
	*ret_date = file;
	return 0;
}

static void tell_waiting(struct importer *importer, bool told)
{
	for (size_t i = 0; i < importer->waiting_count; i++) {
		struct waiting *waiting = &importer->waiting[i];

		waiting->report.name = slice_cstr(waiting->name);
		waiting->report.fault =
			waiting->report.outcome == IMPORT_REFUSED ? &waiting->fault : NULL;
		if (told)
			importer->handler(importer->context, &waiting->report);
		free(waiting->name);
	}
	importer->waiting_count = 0;
}

static int end_batch(struct importer *importer, struct fault *fault)
{
	int result = importer->open ? history_commit(importer->history, fault) : 0;

	importer->open = false;
	tell_waiting(importer, result == 0);
	return result;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static int begin_batch(struct importer *importer, struct fault *fault)
{
	int result = 0;

	if (importer->open)
		return 0;
	if (!importer->history)
		result = importer->opener(importer->context, &importer->history, fault);
	if (result == 0)
		result = history_begin(importer->history, true, fault);
	if (result == 0) {
		importer->open = true;
		importer->opened = now();
	}
	return result;
}

/*
 * Whether the document of a job may become an edition. 0, and what to add; 1 and the reason where
 * it may not; or what the store said.
 */
static int check(struct importer *importer, const struct job *job,
		 struct history_document *ret_document, struct fault *fault)
{
	struct history_document document = {.bytes = job_bytes(job),
					    .registry = job->registry,
					    .hashes = job->hashes,
					    .format = source_format_name(job->format),
					    .origin = slice_cstr(job->name),
					    .imported = importer->options->imported};
	int result = job->result;

	if (result < 0) {
		*fault = job->fault;
		return result == FAULT_MEMORY ? result : 1;
	}
	if (import_date(job->registry, importer->options->date, slice_cstr(job->name),
			&document.date, fault) < 0)
		return 1;
	result = begin_batch(importer, fault);
	if (result == 0 && !importer->options->force)
		result = history_check_plausible(importer->history, &document, &import_limits,
						 fault);
	*ret_document = document;
	return result;
}

static int add(struct importer *importer, const struct history_document *document,
	       struct import_report *report, struct fault *fault)
{
	int result = history_add(importer->history, document, &report->number, fault);

	if (result < 0 || result == 2)
		return result;
	report->outcome = result == 0 ? IMPORT_ADDED : IMPORT_HELD;
	report->rows = document->registry->row_count;
	report->people = document->registry->person_count;
	return 0;
}

/* Adds what a job has read, and has its report wait. The job's name becomes the report's. */
static int take_job(struct importer *importer, struct job *job, struct fault *fault)
{
	struct waiting *waiting = &importer->waiting[importer->waiting_count];
	struct history_document document;
	int result;

	*waiting = (struct waiting){.report = {.outcome = IMPORT_REFUSED}};
	result = check(importer, job, &document, &waiting->fault);
	if (result == 0)
		result = add(importer, &document, &waiting->report, &waiting->fault);
	if (result < 0) {
		if (fault)
			*fault = waiting->fault;
		return result;
	}
	waiting->name = take(job->name);
	importer->waiting_count++;
	if (importer->waiting_count == BATCH_MAX ||
	    (importer->open && now() - importer->opened >= BATCH_SECONDS))
		return end_batch(importer, fault);
	return 0;
}

/* Takes the jobs that are done, oldest first, until there is room for another. */
static int take_jobs(struct importer *importer, bool all, struct fault *fault)
{
	int result = 0;
	struct job *job;

	while (result == 0 && (job = jobs_oldest(importer->jobs, all))) {
		result = take_job(importer, job, fault);
		jobs_drop_oldest(importer->jobs);
	}
	return result;
}

int import_begin(import_opener *opener, import_handler *handler, void *context,
		 const struct import_options *options, struct importer **ret_importer,
		 struct fault *fault)
{
	struct importer *importer = calloc(1, sizeof(*importer));

	if (!importer)
		return fault_memory(fault);
	*importer = (struct importer){.options = options,
				      .opener = opener,
				      .handler = handler,
				      .context = context,
				      .jobs = jobs_new()};
	if (!importer->jobs) {
		free(importer);
		return fault_memory(fault);
	}
	*ret_importer = importer;
	return 0;
}

void import_end(struct importer *importer)
{
	if (!importer)
		return;
	jobs_free(importer->jobs);
	if (importer->open)
		history_rollback(importer->history);
	tell_waiting(importer, false);
	free(importer);
}

int import_finish(struct importer *importer, struct fault *fault)
{
	int result = take_jobs(importer, true, fault);

	return result == 0 ? end_batch(importer, fault) : result;
}

int import_bytes(struct importer *importer, struct slice name, struct strbuf *bytes,
		 struct fault *fault)
{
	int result = take_jobs(importer, false, fault);

	if (result < 0)
		return result;
	return jobs_add(importer->jobs, name, bytes) ? 0 : fault_memory(fault);
}

static int unreadable(struct importer *importer, struct slice name, const struct fault *why,
		      struct fault *fault)
{
	int result = take_jobs(importer, false, fault);

	if (result < 0)
		return result;
	return jobs_add_unreadable(importer->jobs, name, why) ? 0 : fault_memory(fault);
}

static int take_member(void *context, struct slice name, struct strbuf *bytes)
{
	struct importer *importer = context;
	struct strbuf whole CLEANUP(strbuf_done) = {};

	strbuf_add(&whole, importer->archive);
	if (name.p) {
		strbuf_add(&whole, SLICE(": "));
		strbuf_add(&whole, name);
	}
	if (whole.failed)
		return fault_memory(importer->fault);
	return import_bytes(importer, strbuf_slice(&whole), bytes, importer->fault);
}

/* The rest of a document of which the head was read. */
static int read_rest(int fd, struct strbuf *bytes, struct fault *fault)
{
	for (;;) {
		ssize_t n;

		strbuf_reserve(bytes, bytes->n < 65536 ? 65536 : bytes->n);
		if (bytes->failed)
			return fault_memory(fault);
		n = read(fd, bytes->p + bytes->n, bytes->size - bytes->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_set(fault, FAULT_SYSTEM, "cannot read: %s", strerror(errno));
		if (n == 0)
			return 0;
		bytes->n += (size_t)n;
		if (bytes->n > SOURCE_DOCUMENT_MAX)
			return fault_set(fault, FAULT_LIMIT, "larger than the limit of %d bytes",
					 SOURCE_DOCUMENT_MAX);
	}
}

static int read_head(int fd, struct strbuf *head, struct fault *fault)
{
	strbuf_reserve(head, ARCHIVE_HEAD);
	if (head->failed)
		return fault_memory(fault);
	while (head->n < ARCHIVE_HEAD) {
		ssize_t n = read(fd, head->p + head->n, ARCHIVE_HEAD - head->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault_set(fault, FAULT_SYSTEM, "cannot read: %s", strerror(errno));
		if (n == 0)
			break;
		head->n += (size_t)n;
	}
	return 0;
}

/* What the handler of an archive's files returned is a failure of the import; damage is none. */
static int import_archive(struct importer *importer, int fd, struct slice name, struct slice head,
			  struct fault *fault)
{
	struct fault failure = {}, damage = {};
	int result;

	importer->archive = name;
	importer->fault = &failure;
	result = archive_walk(fd, head, SOURCE_DOCUMENT_MAX, take_member, importer, &damage);
	importer->archive = SLICE_NONE;
	importer->fault = NULL;
	if (result < 0 && failure.text[0] == '\0')
		return unreadable(importer, name, &damage, fault);
	if (result < 0 && fault)
		*fault = failure;
	return result;
}

static int import_open(struct importer *importer, int fd, struct slice name, struct fault *fault)
{
	struct strbuf bytes CLEANUP(strbuf_done) = {};
	struct fault why = {};
	int result = read_head(fd, &bytes, &why);

	if (result == 0 && archive_is(strbuf_slice(&bytes)))
		return import_archive(importer, fd, name, strbuf_slice(&bytes), fault);
	if (result == 0)
		result = read_rest(fd, &bytes, &why);
	if (result < 0)
		return unreadable(importer, name, &why, fault);
	return import_bytes(importer, name, &bytes, fault);
}

static int cannot_open(struct importer *importer, struct slice name, struct fault *fault)
{
	struct fault why;

	fault_set(&why, FAULT_SYSTEM, "cannot open: %s", strerror(errno));
	return unreadable(importer, name, &why, fault);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int import_file(struct importer *importer, int folder, const char *path, struct slice name,
		       bool files_only, struct fault *fault);

static int import_folder(struct importer *importer, int fd, struct slice name, struct fault *fault)
{
	struct dirent **entries = NULL;
	int count = scandirat(fd, ".", &entries, is_visible, alphasort), result = 0;

	if (count < 0)
		return cannot_open(importer, name, fault);
	for (int i = 0; i < count; i++) {
		struct strbuf whole CLEANUP(strbuf_done) = {};

		strbuf_add(&whole, name);
		strbuf_add(&whole, slice_ends(name, SLICE("/")) ? SLICE_NONE : SLICE("/"));
		strbuf_add(&whole, slice_cstr(entries[i]->d_name));
		if (result == 0)
			result = whole.failed ? fault_memory(fault)
					      : import_file(importer, fd, entries[i]->d_name,
							    strbuf_slice(&whole), true, fault);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int import_file(struct importer *importer, int folder, const char *path, struct slice name,
		       bool files_only, struct fault *fault)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | (files_only ? O_NONBLOCK : 0)), result;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0) {
		result = cannot_open(importer, name, fault);
	} else if (S_ISDIR(status.st_mode)) {
		result = files_only ? 0 : import_folder(importer, fd, name, fault);
	} else if (files_only && !S_ISREG(status.st_mode)) {
		result = 0;
	} else {
		result = import_open(importer, fd, name, fault);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

int import_path(struct importer *importer, const char *path, struct fault *fault)
{
	if (strcmp(path, "-") == 0)
		return import_open(importer, STDIN_FILENO, SLICE("standard input"), fault);
	return import_file(importer, AT_FDCWD, path, slice_cstr(path), false, fault);
}
