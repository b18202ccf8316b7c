/* Any bytes as the body of a form: what is read of it is text, a field for each that was sent. */
#include "base/fault.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/form.h"

static void must_be_text(struct slice text)
{
	size_t bad;

	must(text.p && utf8_valid(text, &bad));
	for (size_t i = 0; i < text.n; i++)
		must(text.p[i] != '\0' && text.p[i] != '\r');
}

/* As many as have a name, and their values in the order in which they came. */
static void must_have_all(struct slice body, const struct form *form)
{
	size_t count = 0;

	for (struct slice rest = body; rest.p;) {
		struct slice field = slice_cut(&rest, '&');

		count += slice_cut(&field, '=').n > 0;
	}
	must(form->count == count);
	for (size_t i = 0; i < form->count; i++) {
		size_t before = 0;

		must_be_text(form->fields[i].name);
		must_be_text(form->fields[i].value);
		for (size_t j = 0; j < i; j++)
			before += slice_eq(form->fields[j].name, form->fields[i].name);
		must(form_value(form, form->fields[i].name, before).p == form->fields[i].value.p);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = fuzz_slice(data, size);
	struct arena arena CLEANUP(arena_done) = {};
	struct form form = {};
	int result = form_read(body, &arena, &form);

	must(result == 0 || result == FAULT_MALFORMED || result == FAULT_LIMIT);
	must(form.count <= FORM_FIELDS_MAX);
	must((result == FAULT_LIMIT) <= (form.count == FORM_FIELDS_MAX));
	if (result == 0)
		must_have_all(body, &form);
	return 0;
}
