#include "reserve/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/strbuf.h"

/* Of those files under /proc that are read: connections take 150 bytes each. */
enum { FILE_MAX = 256 * 1024 * 1024, PATH_SIZE = 4096 };

static int read_all(int fd, struct strbuf *text)
{
	for (;;) {
		char piece[4096];
		ssize_t n = read(fd, piece, sizeof(piece));

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			strbuf_add(text, (struct slice){piece, (size_t)n});
	}
}

/* Adds the content of root/path. 1: it is not there. */
static int read_file(const char *root, const char *path, struct strbuf *text, struct fault *fault)
{
	char whole[PATH_SIZE];
	int n = snprintf(whole, sizeof(whole), "%s%s", root, path), fd, error;

	if (n < 0 || (size_t)n >= sizeof(whole))
		return fault_set(fault, FAULT_LIMIT, "%s%s: a path too long", root, path);
	fd = open(whole, O_RDONLY | O_CLOEXEC);
	error = fd < 0 ? errno : read_all(fd, text);
	if (fd >= 0)
		close(fd);
	/* ESRCH: the process ended between the two. */
	if (error == ENOENT || error == ESRCH)
		return 1;
	if (error != 0)
		return fault_set(fault, FAULT_SYSTEM, "%s: cannot read: %s", whole,
				 strerror(error));
	return text->failed ? fault_memory(fault) : 0;
}

int machine_scope(const char *root, char ret_scope[static MACHINE_SCOPE_SIZE], struct fault *fault)
{
	struct strbuf text CLEANUP(strbuf_done) = {.max = FILE_MAX};
	char path[PATH_SIZE], space[48] = "";
	int result = read_file(root, "/proc/sys/kernel/random/boot_id", &text, fault);
	struct slice boot = slice_trim(strbuf_slice(&text));
	ssize_t n;

	if (result < 0)
		return result;
	if (snprintf(path, sizeof(path), "%s/proc/self/ns/pid", root) < (int)sizeof(path)) {
		n = readlink(path, space, sizeof(space) - 1);
		space[n > 0 ? n : 0] = '\0';
	}
	snprintf(ret_scope, MACHINE_SCOPE_SIZE, "%.*s %s", (int)(boot.n < 40 ? boot.n : 40), boot.p,
		 space);
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

int machine_started(const char *root, int64_t process, int64_t *ret_started, struct fault *fault)
{
	struct strbuf text CLEANUP(strbuf_done) = {.max = FILE_MAX};
	struct slice fields, state;
	char path[64];
	size_t end;
	uint64_t started;
	int result;

	if (process <= 0)
		return 1;
	snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)process);
	result = read_file(root, path, &text, fault);
	if (result != 0)
		return result;
	/* proc_pid_stat(5): the name in brackets may hold anything; then fields 3 (state) to 22. */
	end = slice_find_last_byte(strbuf_slice(&text), ')');
	if (end == (size_t)-1)
		return 1;
	fields = slice_skip(strbuf_slice(&text), end + 2);
	state = field(fields, 0);
	if (slice_eq(state, SLICE("Z")) || slice_eq(state, SLICE("X")) ||
	    !number_parse(slice_trim(field(fields, 19)), INT64_MAX, &started))
		return 1;
	*ret_started = (int64_t)started;
	return 0;
}

/* Whether a line of proc_pid_net(5) is of a connection: "NUMBER: ADDRESS:PORT ADDRESS:PORT STATE".
 */
static bool is_connection(struct slice line, struct slice port)
{
	static const struct slice listening = {"0A", 2};
	struct slice words[4];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		line = slice_trim(line);
		words[i] = slice_cut(&line, ' ');
	}
	return slice_ends(words[1], port) && !slice_eq(words[3], listening);
}

int machine_connected(const char *root, uint16_t port, bool *ret_connected, struct fault *fault)
{
	static const char *const paths[] = {"/proc/net/tcp", "/proc/net/tcp6"};
	char digits[8];
	bool connected = false;

	snprintf(digits, sizeof(digits), ":%04X", port);
	for (size_t i = 0; i < ARRAY_SIZE(paths) && !connected; i++) {
		struct strbuf text CLEANUP(strbuf_done) = {.max = FILE_MAX};
		struct slice rest;
		int result = read_file(root, paths[i], &text, fault);

		if (result < 0)
			return result;
		rest = strbuf_slice(&text);
		while (rest.p && !connected)
			connected = is_connection(slice_cut(&rest, '\n'), slice_cstr(digits));
	}
	*ret_connected = connected;
	return 0;
}
