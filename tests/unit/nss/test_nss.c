#undef NDEBUG
#include "nss/nss.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdalign.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../testing.h"
#include "base/strbuf.h"
#include "mkimage/mkimage.h"

enum { ROOM = 512 };

static struct strbuf bytes;

static void add(struct registry *registry, struct slice name, struct slice port,
		struct slice transport, struct slice alias_of)
{
	struct strbuf note CLEANUP(strbuf_done) = {};
	struct row row = {};
	struct fault fault;

	if (alias_of.p)
		strbuf_printf(&note, "This entry is an alias to \"%.*s\".", (int)alias_of.n,
			      alias_of.p);
	row.shown[COLUMN_NAME] = name;
	row.shown[COLUMN_PORT] = port;
	row.shown[COLUMN_TRANSPORT] = transport;
	row.shown[COLUMN_NOTES] = alias_of.p ? strbuf_slice(&note) : SLICE_NONE;
	assert_int_equal(registry_add_row(registry, &row, &fault), 0);
}

#define ADD(name, port, transport)                                                                 \
	add(registry, SLICE(name), SLICE(port), SLICE(transport), SLICE_NONE)
#define ADD_ALIAS(name, port, transport, of)                                                       \
	add(registry, SLICE(name), SLICE(port), SLICE(transport), SLICE(of))

static int set_up(void **state)
{
	struct registry *registry = registry_new();
	struct image image;
	struct fault fault;

	(void)state;
	assert_non_null(registry);
	ADD("late", "65535", "dccp");
	ADD_ALIAS("old", "80", "tcp", "web");
	ADD("web", "80", "tcp");
	ADD_ALIAS("older", "80", "tcp", "web");
	ADD("next", "80", "tcp");
	ADD("WEB", "80", "udp");
	ADD("a b", "81", "tcp");
	ADD("a#b", "81", "tcp");
	ADD("", "82", "tcp");
	ADD("range", "83-84", "tcp");
	ADD("any", "85", "");
	ADD("portless", "", "tcp");
	assert_int_equal(mkimage(registry, SLICE_NONE, &bytes, &fault), 0);
	registry_free(registry);
	assert_int_equal(image_open(&image, strbuf_slice(&bytes), &fault), 0);
	nss_use(&image);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	strbuf_done(&bytes);
	return 0;
}

/* A buffer that ends where a sanitizer sees it, and has marks around it for all others. */
struct space {
	char *memory, *buffer;
	size_t offset, size;
};

static struct space space_new(size_t offset, size_t size)
{
	struct space space = {.offset = offset, .size = size};

	space.memory = malloc(offset + size + 1);
	assert_non_null(space.memory);
	memset(space.memory, 0x5a, offset + size + 1);
	space.buffer = space.memory + offset;
	return space;
}

static void space_check(const struct space *space)
{
	for (size_t i = 0; i < space->offset; i++)
		assert_int_equal(space->memory[i], 0x5a);
	assert_int_equal(space->memory[space->offset + space->size], 0x5a);
}

static void check_inside(const struct space *space, const char *text)
{
	assert_true(text >= space->buffer);
	assert_true(text + strlen(text) < space->buffer + space->size);
}

/* The answer as services(5) would have it, and all of it in the buffer. */
static void check_answer(const struct space *space, const struct servent *found,
			 const char *expected)
{
	struct strbuf line CLEANUP(strbuf_done) = {};

	assert_int_equal((uintptr_t)found->s_aliases % alignof(char *), 0);
	assert_true((char *)found->s_aliases >= space->buffer);
	check_inside(space, found->s_name);
	check_inside(space, found->s_proto);
	strbuf_printf(&line, "%s %u/%s", found->s_name, ntohs((uint16_t)found->s_port),
		      found->s_proto);
	for (char **alias = found->s_aliases; *alias; alias++) {
		assert_true((char *)(alias + 2) <= space->buffer + space->size);
		check_inside(space, *alias);
		strbuf_printf(&line, " %s", *alias);
	}
	strbuf_add_byte(&line, '\0');
	assert_string_equal(line.p, expected);
}

static enum nss_status by_name(const char *name, const char *protocol, struct servent *found,
			       const struct space *space, int *error)
{
	return _nss_portbook_getservbyname_r(name, protocol, found, space->buffer, space->size,
					     error);
}

static enum nss_status by_port(int port, const char *protocol, struct servent *found,
			       const struct space *space, int *error)
{
	return _nss_portbook_getservbyport_r(port, protocol, found, space->buffer, space->size,
					     error);
}

/* Whatever the outcome, errno is the caller's. expected NULL: there is no answer. */
static void expect(const char *name, int port, const char *protocol, const char *expected)
{
	struct space space = space_new(3, ROOM);
	struct servent found;
	int error = -1;
	enum nss_status status;

	errno = 77;
	status = name ? by_name(name, protocol, &found, &space, &error)
		      : by_port(port, protocol, &found, &space, &error);
	assert_int_equal(errno, 77);
	assert_int_equal(status, expected ? NSS_STATUS_SUCCESS : NSS_STATUS_NOTFOUND);
	assert_int_equal(error, expected ? -1 : ENOENT);
	if (expected)
		check_answer(&space, &found, expected);
	space_check(&space);
	free(space.memory);
}

static void test_names(void **state)
{
	(void)state;
	expect("web", 0, "tcp", "web 80/tcp old older");
	expect("old", 0, "tcp", "web 80/tcp old older");
	expect("older", 0, NULL, "web 80/tcp old older");
	expect("next", 0, NULL, "next 80/tcp");
	expect("WEB", 0, NULL, "WEB 80/udp");
	expect("late", 0, "dccp", "late 65535/dccp");
	expect("web", 0, "udp", NULL);
	expect("Web", 0, NULL, NULL);
	expect("web", 0, "TCP", NULL);
	expect("web", 0, "", NULL);
	expect("", 0, NULL, NULL);
	expect("a b", 0, NULL, NULL);
	expect("a#b", 0, NULL, NULL);
	expect("range", 0, NULL, NULL);
	expect("any", 0, NULL, NULL);
	expect("portless", 0, NULL, NULL);
	expect("\xff\xfe", 0, NULL, NULL);
}

static void test_long_name(void **state)
{
	char *name = malloc(100001);

	(void)state;
	assert_non_null(name);
	memset(name, 'w', 100000);
	name[100000] = '\0';
	expect(name, 0, NULL, NULL);
	expect("web", 0, name, NULL);
	free(name);
}

static void test_ports(void **state)
{
	(void)state;
	expect(NULL, htons(80), "tcp", "web 80/tcp old older");
	expect(NULL, htons(80), NULL, "web 80/tcp old older");
	expect(NULL, htons(80), "udp", "WEB 80/udp");
	expect(NULL, htons(65535), NULL, "late 65535/dccp");
	expect(NULL, htons(65535), "sctp", NULL);
	expect(NULL, htons(80), "ip", NULL);
	expect(NULL, htons(81), NULL, NULL);
	expect(NULL, htons(82), NULL, NULL);
	expect(NULL, htons(83), NULL, NULL);
	expect(NULL, htons(85), NULL, NULL);
	expect(NULL, 0, NULL, NULL);
	expect(NULL, 0x10000 | htons(80), "tcp", NULL);
	expect(NULL, -1, NULL, NULL);
	expect(NULL, INT32_MIN, NULL, NULL);
}

/* The least that holds the answer is enough, and one less is not. */
static void check_sizes(bool name)
{
	const size_t need = 3 * sizeof(char *) + strlen("web") + strlen("old") + strlen("older") +
			    strlen("tcp") + 4;

	for (size_t offset = 0; offset < alignof(char *); offset++) {
		for (size_t size = 0; size < need + 2 * alignof(char *); size++) {
			struct space space = space_new(offset, size);
			size_t padding = -(uintptr_t)space.buffer % alignof(char *);
			struct servent found;
			int error = -1;
			enum nss_status status =
				name ? by_name("old", NULL, &found, &space, &error)
				     : by_port(htons(80), "tcp", &found, &space, &error);

			if (size < need + padding) {
				assert_int_equal(status, NSS_STATUS_TRYAGAIN);
				assert_int_equal(error, ERANGE);
			} else {
				assert_int_equal(status, NSS_STATUS_SUCCESS);
				check_answer(&space, &found, "web 80/tcp old older");
			}
			space_check(&space);
			free(space.memory);
		}
	}
}

static void test_sizes(void **state)
{
	struct servent found;
	int error;

	(void)state;
	check_sizes(true);
	check_sizes(false);
	assert_int_equal(_nss_portbook_getservbyport_r(htons(80), NULL, &found, NULL, 0, &error),
			 NSS_STATUS_TRYAGAIN);
}

static const char *const lines[] = {
	"web 80/tcp old older",
	"next 80/tcp",
	"WEB 80/udp",
	"late 65535/dccp",
};

static enum nss_status step(size_t size, const char *expected)
{
	struct space space = space_new(1, size);
	struct servent found;
	int error = -1;
	enum nss_status status =
		_nss_portbook_getservent_r(&found, space.buffer, space.size, &error);

	assert_int_equal(error, status == NSS_STATUS_SUCCESS	? -1
				: status == NSS_STATUS_TRYAGAIN ? ERANGE
								: ENOENT);
	if (status == NSS_STATUS_SUCCESS)
		check_answer(&space, &found, expected);
	space_check(&space);
	free(space.memory);
	return status;
}

static void walk(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(step(ROOM, lines[i]), NSS_STATUS_SUCCESS);
	assert_int_equal(step(ROOM, ""), NSS_STATUS_NOTFOUND);
	assert_int_equal(step(0, ""), NSS_STATUS_NOTFOUND);
}

static void test_walk(void **state)
{
	(void)state;
	assert_int_equal(_nss_portbook_endservent(), NSS_STATUS_SUCCESS);
	walk();
	assert_int_equal(_nss_portbook_setservent(0), NSS_STATUS_SUCCESS);
	walk();
	assert_int_equal(_nss_portbook_endservent(), NSS_STATUS_SUCCESS);
	walk();
	assert_int_equal(_nss_portbook_setservent(1), NSS_STATUS_SUCCESS);
	assert_int_equal(step(ROOM, lines[0]), NSS_STATUS_SUCCESS);
	/* Other questions do not move it. */
	expect("late", 0, NULL, "late 65535/dccp");
	assert_int_equal(step(ROOM, lines[1]), NSS_STATUS_SUCCESS);
}

/* No line is lost to a buffer that is too small for it. */
static void test_walk_of_sizes(void **state)
{
	(void)state;
	_nss_portbook_setservent(0);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		size_t size = 0;

		while (step(size, lines[i]) == NSS_STATUS_TRYAGAIN)
			size++;
		assert_true(size > strlen(lines[i]) && size < ROOM);
	}
	assert_int_equal(step(ROOM, ""), NSS_STATUS_NOTFOUND);
}

/* A child goes on where its parent was, and the parent where it was itself. */
static void test_fork(void **state)
{
	int status;
	pid_t child;

	(void)state;
	_nss_portbook_setservent(0);
	assert_int_equal(step(ROOM, lines[0]), NSS_STATUS_SUCCESS);
	child = fork();
	if (child == 0) {
		(void)step(ROOM, lines[1]);
		(void)step(ROOM, lines[2]);
		_exit(step(ROOM, lines[3]) == NSS_STATUS_SUCCESS ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(step(ROOM, lines[1]), NSS_STATUS_SUCCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_ports), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_walk),  cmocka_unit_test(test_walk_of_sizes),
		cmocka_unit_test(test_fork),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
