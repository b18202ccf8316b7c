#include "annotate/json.h"

#include "annotate/flow.h"
#include "base/number.h"
#include "tree/jansson.h"

enum {
	NAME_MAX_BYTES = 255, /* of a member's name with those that it is in */
	DEPTH_MAX = 8,	      /* objects in objects that members are looked for in */
	VALUE_MAX = 48,	      /* bytes of a port, a protocol, a date or a counter */
};

static const struct jansson *jansson;

int annotate_json_open(struct fault *fault)
{
	return jansson_open(&jansson, fault);
}

/* The object that a line is, the caller's; NULL where it is none, or there is no memory for it. */
static json_t *read_object(struct slice line)
{
	json_error_t error;
	/* As what they are, integers of more than 63 bits would be an error anywhere in a line. */
	json_t *object = jansson->loadb(line.p, line.n, JSON_DECODE_INT_AS_REAL, &error);

	if (object && !json_is_object(object)) {
		jansson->delete (object);
		object = NULL;
	}
	return object;
}

static void add_names(json_t *object, struct slice path, unsigned depth, struct strbuf *names)
{
	void *at = jansson->object_iter(object);

	for (; at; at = jansson->object_iter_next(object, at)) {
		struct slice key = slice_cstr(jansson->object_iter_key(at));
		json_t *value = jansson->object_iter_value(at);
		char space[NAME_MAX_BYTES + 1];
		struct slice name = {space, path.n + key.n};

		if (name.n >= NAME_MAX_BYTES)
			continue;
		memcpy(space, path.p, path.n);
		memcpy(space + path.n, key.p, key.n);
		strbuf_add(names, name);
		strbuf_add_byte(names, '\0');
		space[name.n++] = '.';
		if (json_is_object(value) && depth < DEPTH_MAX)
			add_names(value, name, depth + 1, names);
	}
}

int annotate_json_names(struct slice line, struct strbuf *names)
{
	json_t *object = read_object(line);

	if (!object)
		return 1;
	add_names(object, SLICE(""), 1, names);
	jansson->delete (object);
	return 0;
}

/* The member of that name, which may itself have dots in it; NULL: none. */
static const json_t *find_member(const json_t *object, const char *name)
{
	const json_t *value = jansson->object_get(object, name);

	for (const char *dot = strchr(name, '.'); dot && !value; dot = strchr(dot + 1, '.')) {
		char key[NAME_MAX_BYTES + 1];
		const json_t *inner;

		memcpy(key, name, (size_t)(dot - name));
		key[dot - name] = '\0';
		inner = jansson->object_get(object, key);
		if (json_is_object(inner))
			value = find_member(inner, dot + 1);
	}
	return value;
}

/* As text in space: a string, or a number without what it has behind the point. */
static struct slice value_text(const json_t *value, bool whole, char space[static VALUE_MAX])
{
	size_t n = json_is_string(value) ? jansson->string_length(value) : 0;
	double number = json_is_real(value) ? jansson->real_value(value) : -1;
	char digits[NUMBER_DIGITS];
	struct slice text;

	if (json_is_string(value) && n < VALUE_MAX - ANNOTATE_FIELD_SLACK) {
		memcpy(space, jansson->string_value(value), n);
		return (struct slice){space, n};
	}
	if (!(number >= 0 && number < 0x1p63) || (whole && number != (double)(uint64_t)number))
		return (struct slice){space, 0};
	text = number_write((uint64_t)number, digits);
	memcpy(space, text.p, text.n);
	return (struct slice){space, text.n};
}

static int read_line(struct worker *worker, const json_t *object, struct flow *flow,
		     struct fault *fault)
{
	const struct annotate_layout *layout = &worker->options->layout;
	struct slice fields[ANNOTATE_FIELD_COUNT] = {};
	char spaces[ANNOTATE_FIELD_COUNT][VALUE_MAX];

	for (unsigned i = 0; i < ANNOTATE_FIELD_COUNT; i++) {
		const json_t *value;

		if (layout->columns[i] < 0)
			continue;
		value = find_member(object, layout->members[i].p);
		if (value)
			fields[i] = value_text(value, i != ANNOTATE_DATE, spaces[i]);
		else
			fields[i] = (struct slice){spaces[i], 0};
	}
	return worker_read(worker, fields, flow, fault);
}

/* 0 with the flow, 1 where the line is none, or a negative fault. */
static int take_line(struct worker *worker, struct slice line, struct flow *flow,
		     struct fault *fault)
{
	json_t *object = read_object(line);
	int result = object ? read_line(worker, object, flow, fault) : 1;

	if (object)
		jansson->delete (object);
	worker->records++;
	return result > 0 ? worker_unread(worker, line.p, fault) : result;
}

/* A line with its end, and before its last brace what is added. */
static int put_line(struct worker *worker, struct slice line, const struct flow *flow,
		    struct fault *fault)
{
	size_t brace = flow ? slice_find_last_byte(line, '}') : line.n;
	int result = worker_reserve(
		worker, line.n + (flow ? worker->services->added_max : 0) + SERVICES_SLACK, fault);
	char *to;

	if (result < 0)
		return result;
	to = put_bytes(worker->out + worker->out_n, line.p, brace);
	if (flow)
		to = put_service(to, worker->services, flow);
	to = put_bytes(to, line.p + brace, line.n - brace);
	worker->out_n = (size_t)(to - worker->out);
	return 0;
}

int annotate_json(struct worker *worker, struct fault *fault)
{
	const struct block *block = &worker->block;

	for (size_t at = 0; at < block->n;) {
		const char *end = memchr(block->p + at, '\n', block->n - at);
		struct slice line = {block->p + at,
				     end ? (size_t)(end - block->p) + 1 - at : block->n - at};
		struct flow flow = {};
		int result = 1;

		if (slice_trim(line).n > 0)
			result = take_line(worker, line, &flow, fault);
		if (result == 0 && worker->summary)
			worker_count(worker, &flow);
		if (result >= 0 && !worker->summary)
			result = put_line(worker, line, result == 0 ? &flow : NULL, fault);
		if (result < 0)
			return result;
		at += line.n;
	}
	return 0;
}
