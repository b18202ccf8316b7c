#include "host/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "host/describe.h"
#include "host/tree.h"

enum { NONE = UINT32_MAX, NETWORKS_MAX = 256, LINK_MAX_BYTES = 64 };

/* Sockets by inode. Several may have the same one, where one is a part of another. */
struct table {
	uint32_t *slots; /* the first socket of an inode; NONE: free */
	uint32_t *next;	 /* the next socket with the same inode */
	uint32_t mask;
};

struct walk {
	const struct host_sockets *sockets;
	struct table table;
	struct host_processes found;
	uint32_t *last; /* of each socket: its last process, so that none counts twice */
	int proc;	/* the folder */
	char network[LINK_MAX_BYTES]; /* this program's; empty: not known */
	struct slice own;
	char networks[NETWORKS_MAX][LINK_MAX_BYTES]; /* the others that were seen */
};

static uint32_t slot_of(const struct table *table, uint32_t inode)
{
	/* Inodes are numbered one after the other; what matters is their last bits. */
	return inode & table->mask;
}

static void table_add(struct table *table, const struct host_sockets *sockets, uint32_t index)
{
	uint32_t inode = sockets->all[index].inode, slot = slot_of(table, inode);

	while (table->slots[slot] != NONE && sockets->all[table->slots[slot]].inode != inode)
		slot = (slot + 1) & table->mask;
	table->next[index] = table->slots[slot];
	table->slots[slot] = index;
}

static uint32_t table_find(const struct walk *walk, uint32_t inode)
{
	const struct table *table = &walk->table;
	uint32_t slot = slot_of(table, inode), index;

	while ((index = table->slots[slot]) != NONE && walk->sockets->all[index].inode != inode)
		slot = (slot + 1) & table->mask;
	return index;
}

static bool walk_init(struct walk *walk, const struct host_sockets *sockets)
{
	size_t size = 64;

	while (size < sockets->count * 4)
		size *= 2;
	walk->sockets = sockets;
	walk->table.mask = (uint32_t)size - 1;
	walk->table.slots = malloc(size * sizeof(*walk->table.slots));
	walk->table.next = malloc((sockets->count + 1) * sizeof(*walk->table.next));
	walk->last = malloc((sockets->count + 1) * sizeof(*walk->last));
	walk->found.first = calloc(sockets->count + 1, sizeof(*walk->found.first));
	if (!walk->table.slots || !walk->table.next || !walk->last || !walk->found.first)
		return false;
	memset(walk->table.slots, 0xff, size * sizeof(*walk->table.slots));
	memset(walk->last, 0xff, sockets->count * sizeof(*walk->last));
	for (uint32_t i = 0; i < sockets->count; i++) {
		if (sockets->all[i].inode != 0)
			table_add(&walk->table, sockets, i);
	}
	return true;
}

static void walk_done(struct walk *walk)
{
	free(walk->table.slots);
	free(walk->table.next);
	free(walk->last);
	if (walk->proc >= 0)
		close(walk->proc);
	host_processes_done(&walk->found);
}

/* The inode that a descriptor's link names, "socket:[12345]"; 0: it is no socket. */
static uint32_t parse_link(struct slice link)
{
	uint64_t inode;

	if (!slice_starts(link, SLICE("socket:[")) || !slice_ends(link, SLICE("]")))
		return 0;
	link = slice_skip(link, SLICE("socket:[").n);
	link.n--;
	return number_parse(link, UINT32_MAX, &inode) ? (uint32_t)inode : 0;
}

static bool add_owner(struct walk *walk, uint32_t socket, uint32_t process)
{
	struct host_processes *found = &walk->found;

	if (walk->last[socket] == process)
		return true;
	if (found->owner_count == found->owner_size) {
		size_t size = found->owner_size ? found->owner_size * 2 : 256;
		struct host_owner *grown =
			reallocarray(found->owners, size, sizeof(*found->owners));

		if (!grown)
			return false;
		found->owners = grown;
		found->owner_size = size;
	}
	walk->last[socket] = process;
	found->owners[found->owner_count++] = (struct host_owner){socket, process};
	found->first[socket]++;
	return true;
}

static bool add_process(struct walk *walk, const struct host_process *process)
{
	struct host_processes *found = &walk->found;

	if (found->count == found->size) {
		size_t size = found->size ? found->size * 2 : 64;
		struct host_process *grown = reallocarray(found->all, size, sizeof(*found->all));

		if (!grown)
			return false;
		found->all = grown;
		found->size = size;
	}
	found->all[found->count++] = *process;
	return true;
}

/* All sockets among the descriptors of a folder. False: no memory. */
static bool take_descriptors(struct walk *walk, DIR *folder, bool *ret_any)
{
	uint32_t process = (uint32_t)walk->found.count;
	struct dirent *entry;
	char space[LINK_MAX_BYTES];
	struct slice link;

	*ret_any = false;
	while ((entry = readdir(folder))) {
		uint32_t inode, socket;

		if (!byte_is_digit(entry->d_name[0]) ||
		    !tree_link(dirfd(folder), entry->d_name, space, sizeof(space), &link))
			continue;
		inode = parse_link(link);
		socket = inode != 0 ? table_find(walk, inode) : NONE;
		for (; socket != NONE; socket = walk->table.next[socket]) {
			if (!add_owner(walk, socket, process))
				return false;
			*ret_any = true;
		}
	}
	return true;
}

/* Whether the process is in another network namespace; those are counted. */
static bool look_at_network(struct walk *walk, int folder)
{
	struct host_processes *found = &walk->found;
	char space[LINK_MAX_BYTES];
	struct slice link;
	size_t i = 0;

	if (!walk->own.p || !tree_link(folder, "ns/net", space, sizeof(space) - 1, &link) ||
	    slice_eq(link, walk->own))
		return false;
	found->foreign++;
	space[link.n] = '\0';
	while (i < found->networks && strcmp(walk->networks[i], space) != 0)
		i++;
	if (i == found->networks && i < NETWORKS_MAX) {
		memcpy(walk->networks[i], space, link.n + 1);
		found->networks++;
	}
	return true;
}

/* The process of a folder of proc, which may go away at any time. */
static int take_process(struct walk *walk, int folder, uint32_t pid)
{
	struct host_process process = {.pid = pid};
	bool any, good;
	DIR *descriptors;
	int fd;

	process.other_network = look_at_network(walk, folder);
	fd = openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		walk->found.unreadable += errno == EACCES || errno == EPERM;
		return 0;
	}
	descriptors = fdopendir(fd);
	if (!descriptors) {
		close(fd);
		return FAULT_MEMORY;
	}
	good = take_descriptors(walk, descriptors, &any);
	closedir(descriptors);
	if (!good)
		return FAULT_MEMORY;
	if (!any)
		return 0;
	return describe_process(folder, &walk->found.arena, &process) && add_process(walk, &process)
		       ? 0
		       : FAULT_MEMORY;
}

static int compare_pids(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* The processes that there are, ascending: an array that is the caller's to free. */
static int list_processes(const char *root, uint32_t **ret_pids, size_t *ret_count)
{
	uint32_t *pids = NULL;
	size_t count = 0, size = 0;
	struct dirent *entry;
	int fd = tree_open(root, "/proc", O_DIRECTORY);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;

	if (!folder && fd >= 0) {
		close(fd);
		return FAULT_MEMORY;
	}
	while (folder && (entry = readdir(folder))) {
		uint64_t pid;

		if (!number_parse(slice_cstr(entry->d_name), UINT32_MAX, &pid))
			continue;
		if (count == size) {
			uint32_t *grown = reallocarray(pids, size += 1024, sizeof(*pids));

			if (!grown) {
				free(pids);
				closedir(folder);
				return FAULT_MEMORY;
			}
			pids = grown;
		}
		pids[count++] = (uint32_t)pid;
	}
	if (folder)
		closedir(folder);
	if (count > 0)
		qsort(pids, count, sizeof(*pids), compare_pids);
	*ret_pids = pids;
	*ret_count = count;
	return 0;
}

static int take_processes(struct walk *walk, const uint32_t *pids, size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		char digits[NUMBER_DIGITS], name[NUMBER_DIGITS + 1];
		struct slice text = number_write(pids[i], digits);
		int fd;

		memcpy(name, text.p, text.n);
		name[text.n] = '\0';
		fd = openat(walk->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		result = take_process(walk, fd, pids[i]);
		close(fd);
	}
	return result;
}

static int walk_proc(struct walk *walk, const char *root)
{
	uint32_t *pids;
	size_t count;
	int result = list_processes(root, &pids, &count);

	if (result < 0)
		return result;
	walk->proc = tree_open(root, "/proc", O_DIRECTORY);
	walk->found.no_proc = count == 0 || walk->proc < 0;
	if (!tree_link(walk->proc, "self/ns/net", walk->network, sizeof(walk->network), &walk->own))
		walk->own = SLICE_NONE;
	if (!walk->found.no_proc)
		result = take_processes(walk, pids, count);
	free(pids);
	return result;
}

/* The name of each process's user, looked up once for all that are the same user's. */
static bool name_users(struct host_processes *found)
{
	for (size_t i = 0; i < found->count; i++) {
		size_t same = 0;

		while (found->all[same].uid != found->all[i].uid)
			same++;
		if (same < i)
			found->all[i].user = found->all[same].user;
		else if (!host_user_name(&found->arena, found->all[i].uid, &found->all[i].user))
			return false;
	}
	return true;
}

/* Puts the owners, which come by process, in the order of their sockets. */
static bool order_owners(struct host_processes *found, size_t sockets)
{
	struct host_owner *ordered = malloc((found->owner_count + 1) * sizeof(*found->owners));
	uint32_t sum = 0;

	if (!ordered)
		return false;
	for (size_t i = 0; i <= sockets; i++) {
		uint32_t count = found->first[i];

		found->first[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < found->owner_count; i++)
		ordered[found->first[found->owners[i].socket]++] = found->owners[i];
	/* Each now begins where the next one did. */
	memmove(found->first + 1, found->first, sockets * sizeof(*found->first));
	found->first[0] = 0;
	free(found->owners);
	found->owners = ordered;
	return true;
}

int host_processes_read(const char *root, const struct host_sockets *sockets,
			struct host_processes *ret_processes, struct fault *fault)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	int result;

	if (!walk)
		return fault_memory(fault);
	walk->proc = -1;
	result = walk_init(walk, sockets) ? walk_proc(walk, root) : FAULT_MEMORY;
	if (result == 0 &&
	    (!name_users(&walk->found) || !order_owners(&walk->found, sockets->count)))
		result = FAULT_MEMORY;
	if (result == 0) {
		*ret_processes = walk->found;
		walk->found = (struct host_processes){};
	}
	walk_done(walk);
	free(walk);
	return result < 0 ? fault_memory(fault) : 0;
}

void host_processes_done(struct host_processes *processes)
{
	arena_done(&processes->arena);
	free(processes->all);
	free(processes->owners);
	free(processes->first);
	*processes = (struct host_processes){};
}

const struct host_owner *host_owners(const struct host_processes *processes, size_t socket,
				     size_t *ret_count)
{
	uint32_t from = processes->first[socket];

	*ret_count = processes->first[socket + 1] - from;
	return processes->owners + from;
}
