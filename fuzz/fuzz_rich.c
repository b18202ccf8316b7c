/*
 * Any bytes as rich text and as shown text. What shown text is read as shows the same again, but
 * for what record/rich.h excepts.
 */
#include <string.h>

#include "fuzz.h"
#include "record/rich.h"

static void must_show_again(struct slice shown, enum rich_reading reading)
{
	struct strbuf rich CLEANUP(strbuf_done) = {}, again CLEANUP(strbuf_done) = {};

	rich_read(shown, reading, &rich);
	rich_show(strbuf_slice(&rich), &again);
	must(!rich.failed && !again.failed);
	must(slice_eq(strbuf_slice(&again), shown));
}

/* Runs add up to the text: what they are made of again is what they were cut from. */
static void must_be_runs(struct slice rich)
{
	struct slice rest = rich;
	struct rich_run run;
	size_t left = rest.n;

	while (rich_next(&rest, &run)) {
		must(rest.n < left);
		left = rest.n;
		must(run.kind <= RICH_BOUNDARY);
		must(run.kind != RICH_TEXT || run.text.n > 0);
	}
	must(left == 0 && rest.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf shown CLEANUP(strbuf_done) = {}, list CLEANUP(strbuf_done) = {};
	struct slice rich = fuzz_slice(data, size);

	/* rich_show() is for cells: what is longer only takes longer. */
	if (size > 4096)
		return 0;
	must_be_runs(rich);
	rich_show(rich, &shown);
	must(!shown.failed);
	if (rich_is_plain(rich))
		must(slice_eq(strbuf_slice(&shown), rich));
	for (size_t i = 0; i < shown.n; i++) {
		/* Marks that are no text come to show only inside of a reference. */
		if (shown.p[i] > 0 && shown.p[i] < 8)
			return 0;
	}
	must_show_again(strbuf_slice(&shown), RICH_READ_TEXT);
	for (size_t i = 0; i < shown.n; i++)
		strbuf_add_byte(&list, shown.p[i] == '\n' ? ';' : shown.p[i]);
	must_show_again(slice_trim(strbuf_slice(&list)), RICH_READ_PEOPLE);
	must_show_again(slice_trim(strbuf_slice(&list)), RICH_READ_REFERENCES);
	return 0;
}
