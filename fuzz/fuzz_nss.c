/*
 * The module's functions with any name, protocol and buffer, asked of a good image with changes
 * inside of it. A byte that says how many changes follow, each four bytes that choose the place and
 * one that is put there; two bytes that say where the buffer begins and how long it is; two that
 * are a port; then a name, a NUL and a protocol.
 */
#include "nss/nss.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "builtin/builtin.h"
#include "fuzz.h"

enum { BUFFER_MAX = 256, LINES_MAX = 40 };

/* The image that is changed: a copy, which is as it was again after each input. */
static char *copy;

static struct slice change(const unsigned char **p, const unsigned char *end)
{
	struct slice bytes = builtin_image();
	unsigned count = *p < end ? *(*p)++ : 0;

	if (!copy) {
		copy = malloc(bytes.n);
		must(copy);
		memcpy(copy, bytes.p, bytes.n);
	}
	for (; count > 0 && end - *p >= 5; count--, *p += 5)
		copy[image_u32(*p) % bytes.n] = (char)(*p)[4];
	return (struct slice){copy, bytes.n};
}

static void put_back(const unsigned char *from, const unsigned char *to)
{
	struct slice bytes = builtin_image();

	for (; to - from >= 5; from += 5) {
		size_t at = image_u32(from) % bytes.n;

		copy[at] = bytes.p[at];
	}
}

/* A terminated text that is in the buffer as a whole. */
static void must_be_inside(const char *text, const char *buffer, size_t size)
{
	must(text >= buffer && text < buffer + size);
	must(memchr(text, '\0', (size_t)(buffer + size - text)) != NULL);
}

static void must_be_answer(enum nss_status status, int error, const struct servent *found,
			   const char *buffer, size_t size)
{
	must(status == NSS_STATUS_SUCCESS || status == NSS_STATUS_NOTFOUND ||
	     status == NSS_STATUS_TRYAGAIN);
	must((status == NSS_STATUS_TRYAGAIN) == (error == ERANGE));
	must((status == NSS_STATUS_NOTFOUND) == (error == ENOENT));
	if (status != NSS_STATUS_SUCCESS)
		return;
	must_be_inside(found->s_name, buffer, size);
	must_be_inside(found->s_proto, buffer, size);
	must(found->s_port >= 0 && found->s_port <= UINT16_MAX);
	must((uintptr_t)found->s_aliases % alignof(char *) == 0);
	for (char **alias = found->s_aliases;; alias++) {
		must((char *)alias >= buffer && (char *)(alias + 1) <= buffer + size);
		if (!*alias)
			break;
		must_be_inside(*alias, buffer, size);
	}
}

static void ask(const char *name, const char *protocol, int port, char *buffer, size_t size)
{
	struct servent found;
	int error = 0;
	enum nss_status status =
		_nss_portbook_getservbyname_r(name, protocol, &found, buffer, size, &error);

	must_be_answer(status, error, &found, buffer, size);
	must(status != NSS_STATUS_SUCCESS || !protocol || strcmp(found.s_proto, protocol) == 0);
	error = 0;
	status = _nss_portbook_getservbyport_r(port, protocol, &found, buffer, size, &error);
	must_be_answer(status, error, &found, buffer, size);
	must(status != NSS_STATUS_SUCCESS || found.s_port == port);
	_nss_portbook_setservent(0);
	for (unsigned i = 0; i < LINES_MAX; i++) {
		error = 0;
		status = _nss_portbook_getservent_r(&found, buffer, size, &error);
		must_be_answer(status, error, &found, buffer, size);
		if (status != NSS_STATUS_SUCCESS)
			break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const unsigned char *p = data, *end = data + size, *changes = data + (size > 0);
	struct slice bytes = change(&p, end);
	const unsigned char *changed = p;
	struct image image;

	if (end - p >= 4 && image_open(&image, bytes, NULL) == 0) {
		size_t offset = p[0] % alignof(char *), room = p[1] % BUFFER_MAX;
		int port = p[2] | p[3] << 8;
		size_t n = (size_t)(end - p) - 4;
		char *text = malloc(n + 2), *memory = malloc(offset + room ? offset + room : 1);
		char *protocol;

		must(text && memory);
		memcpy(text, p + 4, n);
		text[n] = text[n + 1] = '\0';
		protocol = text + strlen(text) + 1;
		nss_use(&image);
		ask(text, *protocol ? protocol : NULL, port, memory + offset, room);
		free(memory);
		free(text);
	}
	put_back(changes, changed);
	return 0;
}
