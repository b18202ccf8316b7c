#include "host/describe.h"

#include <limits.h>
#include <pwd.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/tree.h"

enum {
	COMMAND_LINE_MAX = 1024, /* bytes of a command line that are kept */
	CGROUP_MAX = 8192,
	STATUS_MAX = 1024, /* its user is among the first lines */
	PASSWORD_MAX = 16384,
	ID_SHOWN = 12, /* digits of a container's id, as its own programs show them */
};

/* Control characters, malformed bytes and ends of lines as blanks or question marks, in place. */
static struct slice make_harmless(char *text, size_t n)
{
	struct slice rest = {text, n};
	char *at = text;

	while (rest.n > 0) {
		uint32_t c;
		size_t length = utf8_next(rest, &c);

		if (c == '\0' || c == '\n' || c == '\t')
			memset(at, ' ', length);
		else if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c == 0xfffd && length == 1))
			memset(at, '?', length);
		rest = slice_skip(rest, length);
		at += length;
	}
	return slice_trim((struct slice){text, n});
}

/* Present only where there is something. */
static bool keep(struct arena *arena, struct slice text, struct slice *ret_kept)
{
	bool failed = false;

	*ret_kept = text.n > 0 ? arena_copy(arena, text, &failed) : SLICE_NONE;
	return !failed;
}

static struct slice file_name(struct slice path)
{
	return slice_skip(path, slice_find_last_byte(path, '/') + 1);
}

/* Without the bytes of a character that is not whole. */
static size_t whole_characters(const char *text, size_t n)
{
	size_t end = n;

	while (end > 0 && n - end < 3 && ((unsigned char)text[end - 1] & 0xc0) == 0x80)
		end--;
	return end > 0 && (unsigned char)text[end - 1] >= 0xc0 ? end - 1 : n;
}

static bool read_command(int folder, struct arena *arena, struct host_process *process)
{
	char space[COMMAND_LINE_MAX], link[PATH_MAX];
	struct slice text, program = SLICE_NONE;

	if (tree_read(folder, "comm", space, sizeof(space), &text) &&
	    !keep(arena, make_harmless(space, text.n), &process->command))
		return false;
	/* Of a file that was replaced while it runs, the kernel adds that it is gone. */
	if (tree_link(folder, "exe", link, sizeof(link), &text)) {
		if (slice_ends(text, SLICE(" (deleted)")))
			text.n -= SLICE(" (deleted)").n;
		program = file_name(make_harmless(link, text.n));
	}
	if (tree_read(folder, "cmdline", space, sizeof(space), &text)) {
		size_t n = text.n == sizeof(space) ? whole_characters(space, text.n) : text.n;
		struct slice whole = {space, n};

		if (program.n == 0) {
			program = slice_cut(&whole, '\0');
			memcpy(link, program.p, program.n);
			program = file_name(make_harmless(link, program.n));
		}
		if (!keep(arena, make_harmless(space, n), &process->command_line))
			return false;
	}
	return keep(arena, program, &process->program);
}

static bool read_folder(int folder, struct arena *arena, struct host_process *process)
{
	char link[PATH_MAX];
	struct slice text;

	if (!tree_link(folder, "cwd", link, sizeof(link), &text))
		return true;
	return keep(arena, make_harmless(link, text.n), &process->folder);
}

static bool read_cgroup(int folder, struct arena *arena, struct host_process *process)
{
	char space[CGROUP_MAX], shown[256];
	struct slice text;
	struct cgroup cgroup;
	size_t n;

	if (!tree_read(folder, "cgroup", space, sizeof(space), &text))
		return true;
	cgroup = cgroup_parse(text);
	if (cgroup.container.p) {
		struct slice id = cgroup.container;

		/* Names stay whole. */
		if (id.n == 64)
			id.n = ID_SHOWN;
		n = cgroup.kind.n + 1 + id.n;
		if (n <= sizeof(shown)) {
			memcpy(shown, cgroup.kind.p, cgroup.kind.n);
			shown[cgroup.kind.n] = ' ';
			memcpy(shown + cgroup.kind.n + 1, id.p, id.n);
			if (!keep(arena, make_harmless(shown, n), &process->container))
				return false;
		}
	}
	if (cgroup.unit.n == 0 || cgroup.unit.n > sizeof(shown))
		return true;
	memcpy(shown, cgroup.unit.p, cgroup.unit.n);
	return keep(arena, make_harmless(shown, cgroup.unit.n), &process->unit);
}

/* "Uid: real effective ..." of proc/PID/status; the effective one is whose the process is. */
static void read_uid(int folder, struct host_process *process)
{
	char space[STATUS_MAX];
	struct slice text;
	struct stat status;
	uint64_t uid;

	if (fstat(folder, &status) == 0)
		process->uid = status.st_uid;
	if (!tree_read(folder, "status", space, sizeof(space), &text))
		return;
	while (text.p) {
		struct slice line = slice_cut(&text, '\n');

		if (!slice_starts(line, SLICE("Uid:\t")))
			continue;
		(void)slice_cut(&line, '\t');
		(void)slice_cut(&line, '\t');
		if (number_parse(slice_cut(&line, '\t'), UINT32_MAX, &uid))
			process->uid = (uint32_t)uid;
		return;
	}
}

bool host_user_name(struct arena *arena, uint32_t uid, struct slice *ret_name)
{
	char space[PASSWORD_MAX];
	struct passwd entry, *found = NULL;

	*ret_name = SLICE_NONE;
	if (getpwuid_r(uid, &entry, space, sizeof(space), &found) != 0 || !found)
		return true;
	return keep(arena, make_harmless(entry.pw_name, strlen(entry.pw_name)), ret_name);
}

bool describe_process(int folder, struct arena *arena, struct host_process *process)
{
	read_uid(folder, process);
	return read_command(folder, arena, process) && read_folder(folder, arena, process) &&
	       read_cgroup(folder, arena, process);
}
