#include "http/form.h"

#include "base/fault.h"

/* Decodes into the arena, which gives what is not used back with all the rest. */
static int decode(struct slice text, struct arena *arena, struct slice *ret_text)
{
	struct strbuf plain CLEANUP(strbuf_done) = {};
	struct strbuf decoded CLEANUP(strbuf_done) = {};
	bool failed = false;
	size_t n = 0;
	int result;

	for (size_t i = 0; i < text.n; i++)
		strbuf_add_byte(&plain, text.p[i] == '+' ? ' ' : text.p[i]);
	result = plain.failed ? FAULT_MEMORY : http_decode(strbuf_slice(&plain), &decoded);
	if (result < 0)
		return result;
	/* Browsers end lines in CR LF; a CR of its own ends one as well. */
	for (size_t i = 0; i < decoded.n; i++) {
		if (decoded.p[i] != '\r')
			decoded.p[n++] = decoded.p[i];
		else if (i + 1 == decoded.n || decoded.p[i + 1] != '\n')
			decoded.p[n++] = '\n';
	}
	decoded.n = n;
	*ret_text = arena_copy(arena, strbuf_slice(&decoded), &failed);
	return failed ? FAULT_MEMORY : 0;
}

int form_read(struct slice body, struct arena *arena, struct form *form)
{
	struct slice rest = body;

	while (rest.p && rest.n > 0) {
		struct slice value = slice_cut(&rest, '&'), name = slice_cut(&value, '=');
		int result;

		if (name.n == 0)
			continue;
		if (form->count == FORM_FIELDS_MAX)
			return FAULT_LIMIT;
		result = decode(name, arena, &form->fields[form->count].name);
		if (result == 0)
			result = decode(value.p ? value : SLICE(""), arena,
					&form->fields[form->count].value);
		if (result < 0)
			return result;
		form->count++;
	}
	return 0;
}

struct slice form_value(const struct form *form, struct slice name, size_t index)
{
	for (size_t i = 0; i < form->count; i++) {
		if (slice_eq(form->fields[i].name, name) && index-- == 0)
			return form->fields[i].value;
	}
	return SLICE_NONE;
}
