#include "application/application.h"

#include "base/utf8.h"

void application_done(struct application *application)
{
	arena_done(&application->arena);
	*application = (struct application){};
}

/*
 * What has no place in a text that people read: controls, other ends of lines, what turns the
 * direction of what follows, and what is no character at all.
 */
static bool is_odd(uint32_t c, bool lines)
{
	if (c < ' ')
		return !lines || (c != '\n' && c != '\t');
	return (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

static int check_text(struct slice text, size_t field, struct application_problem *problem)
{
	const struct application_field_info *info = application_field(field);
	size_t bad_at;

	problem->field = field;
	if (text.n > info->most) {
		(void)fault_set(&problem->fault, 0, "this has %zu bytes, and may have %u", text.n,
				(unsigned)info->most);
		return 1;
	}
	if (!utf8_valid(text, &bad_at)) {
		(void)fault_set(&problem->fault, 0, "this is not UTF-8 from its byte %zu on",
				bad_at + 1);
		return 1;
	}
	while (text.n > 0) {
		uint32_t c;
		size_t n = utf8_next(text, &c);

		if (is_odd(c, info->lines)) {
			(void)fault_set(&problem->fault, 0,
					c == '\n' ? "this is to be one line"
						  : "this has a character that is not for texts: "
						    "U+%04X",
					(unsigned)c);
			return 1;
		}
		text = slice_skip(text, n);
	}
	return 0;
}

/* With line feeds alone as ends of lines, whatever a form sent. */
static struct slice without_returns(struct slice text, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
			to[n++] = text.p[i];
	}
	to[n] = '\0';
	return (struct slice){to, n};
}

int application_set(struct application *application, struct slice key, struct slice text,
		    struct application_problem *problem)
{
	size_t field = application_field_find(key);
	char *copy;
	int result;

	problem->field = field;
	if (field == FIELD_COUNT) {
		(void)fault_set(&problem->fault, 0, "there is no field \"%.*s\"",
				(int)utf8_cut(key, 60).n, key.p);
		return 1;
	}
	text = slice_trim(text);
	if (text.n == 0) {
		application->values[field] = SLICE_NONE;
		return 0;
	}
	/* Not even copied where no end of a line could make it short enough. */
	if (text.n > 2 * (size_t)application_field(field)->most)
		return check_text(text, field, problem);
	copy = arena_bytes(&application->arena, text.n + 1);
	if (!copy)
		return fault_memory(&problem->fault);
	text = without_returns(text, copy);
	result = check_text(text, field, problem);
	if (result == 0)
		application->values[field] = text;
	return result;
}
