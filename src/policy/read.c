#include "policy/read.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "record/port.h"

enum { TEXT_MAX = 200, NAME_MAX_BYTES = 40, DAYS_MAX = 36500, PATH_MAX_BYTES = 80 };

/* "ranges[2].ports" of the innermost value. */
static void add_path(struct strbuf *path, const struct where *where)
{
	if (!where->in)
		return;
	add_path(path, where->in);
	if (where->node->key && path->n > 0)
		strbuf_add_byte(path, '.');
	if (where->node->key)
		strbuf_add(path, where->node->key->text);
	else
		strbuf_printf(path, "[%zu]", where->index);
}

int complain(struct reader *reader, const struct where *where, const char *format, ...)
{
	struct strbuf path CLEANUP(strbuf_done) = {.max = 4 * PATH_MAX_BYTES};
	const struct tree_node *at = where->node;
	char text[sizeof(reader->fault->text)];
	va_list args;
	int n;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	add_path(&path, where);
	n = path.failed || path.n > PATH_MAX_BYTES ? 0 : (int)path.n;
	return fault_at_line(reader->fault, FAULT_MALFORMED, at->line, at->column, "%.*s%s%s", n,
			     n ? path.p : "", n ? ": " : "", text);
}

static const struct key *find_key(const struct key *keys, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(keys[i].name, name))
			return &keys[i];
	}
	return NULL;
}

static int check_keys(struct reader *reader, const struct where *where, const struct key *keys,
		      size_t count)
{
	if (where->node->kind != TREE_MAPPING)
		return complain(reader, where, "this must be an object");
	for (const struct tree_node *node = where->node->first; node; node = node->next) {
		struct tree_node at = *node;
		struct where member = {.in = where, .node = &at};

		at.line = node->key->line;
		at.column = node->key->column;
		if (!find_key(keys, count, node->key->text))
			return complain(reader, &member, "there is no such key");
	}
	return 0;
}

int read_object(struct reader *reader, const struct where *where, const struct key *keys,
		size_t count, void *to)
{
	int result = check_keys(reader, where, keys, count);

	for (size_t i = 0; i < count && result == 0; i++) {
		struct where member = {.in = where, .node = tree_get(where->node, keys[i].name)};

		if (member.node)
			result = keys[i].read(reader, &member, (char *)to + keys[i].offset);
		else if (keys[i].presence == NEEDED)
			result = complain(reader, where, "\"%s\" is missing", keys[i].name.p);
	}
	return result;
}

int read_array(struct reader *reader, const struct where *where, size_t most, size_t size,
	       int (*read)(struct reader *, const struct where *, void *), void **ret_elements,
	       size_t *ret_count)
{
	size_t count = 0;
	char *elements;

	if (where->node->kind != TREE_SEQUENCE)
		return complain(reader, where, "this must be an array");
	for (const struct tree_node *node = where->node->first; node; node = node->next)
		count++;
	if (count > most)
		return complain(reader, where, "there are %zu of these, and may be %zu", count,
				most);
	elements = arena_alloc(reader->arena, count * size + 1);
	if (!elements)
		return fault_memory(reader->fault);
	memset(elements, 0, count * size);
	count = 0;
	for (const struct tree_node *node = where->node->first; node; node = node->next, count++) {
		struct where element = {.in = where, .node = node, .index = count};
		int result = read(reader, &element, elements + count * size);

		if (result < 0)
			return result;
	}
	*ret_elements = elements;
	*ret_count = count;
	return 0;
}

int read_mask(struct reader *reader, const struct where *where,
	      bool (*find)(const struct reader *, struct slice, unsigned *ret_bit),
	      const char *what, unsigned *ret_mask)
{
	unsigned mask = 0, bit;
	struct where element = {.in = where};

	if (where->node->kind != TREE_SEQUENCE || !where->node->first)
		return complain(reader, where, "this must be an array with something in it");
	for (element.node = where->node->first; element.node; element.node = element.node->next) {
		struct slice name = element.node->text;

		if (element.node->kind != TREE_SCALAR || element.node->plain ||
		    !find(reader, name, &bit))
			return complain(reader, &element, "this is no %s", what);
		if (mask & 1U << bit)
			return complain(reader, &element, "\"%.*s\" is there twice", (int)name.n,
					name.p);
		mask |= 1U << bit;
		element.index++;
	}
	*ret_mask = mask;
	return 0;
}

int read_text(struct reader *reader, const struct where *where, void *to)
{
	const struct tree_node *node = where->node;

	if (node->kind != TREE_SCALAR || node->plain)
		return complain(reader, where, "this must be a text");
	if (node->text.n == 0 || node->text.n > TEXT_MAX)
		return complain(reader, where, "a text has 1 to %d bytes", TEXT_MAX);
	for (size_t i = 0; i < node->text.n; i++) {
		if ((unsigned char)node->text.p[i] < ' ' || node->text.p[i] == 0x7f)
			return complain(reader, where, "the text has control characters");
	}
	*(struct slice *)to = node->text;
	return 0;
}

int read_name(struct reader *reader, const struct where *where, void *to)
{
	struct slice name = SLICE_NONE;
	int result = read_text(reader, where, &name);

	for (size_t i = 0; i < name.n && result == 0; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !byte_is_digit(c) && c != '-' && c != '_')
			result = complain(reader, where, "a name is of a-z, 0-9, - and _");
	}
	if (result == 0 && name.n > NAME_MAX_BYTES)
		result =
			complain(reader, where, "a name has at most %d characters", NAME_MAX_BYTES);
	if (result == 0)
		*(struct slice *)to = name;
	return result;
}

int read_bool(struct reader *reader, const struct where *where, void *to)
{
	const struct tree_node *node = where->node;
	bool yes = slice_eq(node->text, SLICE("true"));

	if (!node->plain || (!yes && !slice_eq(node->text, SLICE("false"))))
		return complain(reader, where, "this must be true or false");
	*(bool *)to = yes;
	return 0;
}

int read_number(struct reader *reader, const struct where *where, unsigned least, unsigned most,
		unsigned *ret_number)
{
	uint64_t number;

	if (!where->node->plain || !number_parse(where->node->text, most, &number) ||
	    number < least)
		return complain(reader, where, "this must be a number of %u to %u", least, most);
	*ret_number = (unsigned)number;
	return 0;
}

int read_days(struct reader *reader, const struct where *where, void *to)
{
	return read_number(reader, where, 0, DAYS_MAX, to);
}

int read_ports(struct reader *reader, const struct where *where, bool or_none, int32_t *ret_first,
	       int32_t *ret_last)
{
	const struct tree_node *node = where->node;
	uint16_t first, last;

	if (or_none && !node->plain && slice_eq(node->text, SLICE("none"))) {
		*ret_first = *ret_last = -1;
		return 0;
	}
	if (node->kind != TREE_SCALAR || !port_parse(node->text, &first, &last))
		return complain(reader, where, "this must be ports of 0 to %d, as \"1024-2047\"%s",
				PORT_MAX, or_none ? ", or \"none\"" : "");
	*ret_first = first;
	*ret_last = last;
	return 0;
}
