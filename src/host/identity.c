#include "host/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/number.h"
#include "host/tree.h"

/* A line of stat: 52 numbers and a name. */
enum { STAT_MAX = 2048, PATH_SIZE = 64 };

typedef bool reader(int folder, const char *path, char *space, size_t size, struct slice *ret_text);

/* A file or link of proc by tree_read() or tree_link(). 0, or errno. */
static int read_proc(const char *root, reader *read, const char *path, char *space, size_t size,
		     struct slice *ret_text)
{
	int proc = tree_open(root, "/proc", O_DIRECTORY), error;

	if (proc < 0)
		return errno;
	error = read(proc, path, space, size, ret_text) ? 0 : errno;
	close(proc);
	return error;
}

static int cannot_read(const char *root, const char *path, int error, struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "%s/proc/%s: cannot read: %s", root ? root : "", path,
			 strerror(error));
}

/* The same, and nothing where it is not there. 0 or a fault. */
static int read_present(const char *root, reader *read, const char *path, char *space, size_t size,
			struct slice *ret_text, struct fault *fault)
{
	int error = read_proc(root, read, path, space, size, ret_text);

	if (error == ENOENT)
		*ret_text = SLICE("");
	else if (error != 0)
		return cannot_read(root, path, error, fault);
	return 0;
}

int host_scope(const char *root, char ret_scope[static HOST_SCOPE_SIZE], struct fault *fault)
{
	char boot[40], space[48];
	struct slice id, link;
	int result = read_present(root, tree_read, "sys/kernel/random/boot_id", boot, sizeof(boot),
				  &id, fault);

	if (result == 0)
		result = read_present(root, tree_link, "self/ns/pid", space, sizeof(space), &link,
				      fault);
	if (result < 0)
		return result;
	id = slice_trim(id);
	snprintf(ret_scope, HOST_SCOPE_SIZE, "%.*s %.*s", (int)id.n, id.p, (int)link.n, link.p);
	return 0;
}

/* The n-th field from 0 of text with blanks between them; absent where there are fewer. */
static struct slice field(struct slice text, size_t n)
{
	struct slice word = slice_cut(&text, ' ');

	while (n-- > 0)
		word = slice_cut(&text, ' ');
	return word;
}

/* proc_pid_stat(5): the name in brackets may hold anything; then fields 3 (state) to 22. */
static int parse_stat(struct slice text, int64_t *ret_started)
{
	size_t end = slice_find_last_byte(text, ')');
	struct slice fields, state;
	uint64_t started;

	if (end == (size_t)-1)
		return HOST_ENDED;
	fields = slice_skip(text, end + 2);
	state = field(fields, 0);
	if (slice_eq(state, SLICE("Z")) || slice_eq(state, SLICE("X")) ||
	    !number_parse(slice_trim(field(fields, 19)), INT64_MAX, &started))
		return HOST_ENDED;
	*ret_started = (int64_t)started;
	return HOST_LIVES;
}

/*
 * Of a process whose files are not to be seen: proc may hide those of other users, which the kernel
 * nevertheless tells from none at all. Of a made-up machine only its files say something.
 */
static int look_for(const char *root, int64_t process, int error)
{
	if (root && root[0])
		return error == ENOENT ? HOST_ENDED : HOST_HIDDEN;
	if (process > INT32_MAX)
		return HOST_ENDED;
	return kill((pid_t)process, 0) == 0 || errno == EPERM ? HOST_HIDDEN : HOST_ENDED;
}

int host_process_started(const char *root, int64_t process, int64_t *ret_started,
			 struct fault *fault)
{
	char space[STAT_MAX], path[PATH_SIZE];
	struct slice text;
	int error;

	if (process <= 0)
		return HOST_ENDED;
	snprintf(path, sizeof(path), "%lld/stat", (long long)process);
	error = read_proc(root, tree_read, path, space, sizeof(space), &text);
	switch (error) {
	case 0:
		return parse_stat(text, ret_started);
	case ESRCH: /* it ended just now */
		return HOST_ENDED;
	case ENOENT:
	case EACCES:
	case EPERM:
		return look_for(root, process, error);
	default:
		return cannot_read(root, path, error, fault);
	}
}
