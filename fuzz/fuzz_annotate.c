/*
 * Any bytes as flow records: the first says how they are to be read. What is written does not
 * depend on how many threads there are, nothing of the input is lost, and a strict reader stops
 * only where another one counts.
 */
#define _GNU_SOURCE /* memfd_create() */
#include "../tests/unit/annotating.h"
#include "builtin/builtin.h"
#include "fuzz.h"

/* Made once for each form, which takes longer than most records. */
static int make(const struct image *image, const struct annotate_form *form,
		struct services **ret_services, struct fault *fault)
{
	static struct services *made[256][32];
	bool bits[] = {form->json, form->quotes, form->confidence, form->description,
		       form->unset.n > 0};
	unsigned kind = 0;
	struct services **one;
	int result;

	for (unsigned i = 0; i < ARRAY_SIZE(bits); i++)
		kind |= (unsigned)bits[i] << i;
	one = &made[(unsigned char)form->delimiter][kind];
	result = *one ? 0 : services_make(image, form, one, fault);
	*ret_services = *one;
	return result;
}

static int run(struct annotating *annotating, unsigned how, struct slice text)
{
	static struct image image;
	struct fault fault = {};
	int result;

	if (!image.bytes.p)
		must(image_open(&image, builtin_image(), NULL) == 0);
	annotating->make = make;
	annotating->transport = how & 1 ? TRANSPORT_UDP : TRANSPORT_NONE;
	annotating->wanted.confidence = how & 2;
	annotating->wanted.description = how & 4;
	if (how & 8)
		annotating->wanted = (struct annotate_wanted){
			.no_header = true,
			.columns = {SLICE("1"), SLICE("2"), how & 1 ? SLICE_NONE : SLICE("3")}};
	result = annotating_text(annotating, &image, text, &fault);
	must(result >= 0 || fault.text[0] != '\0');
	return result;
}

/* Whether the bytes stand in the others in their order. */
static bool is_within(struct slice part, struct slice whole)
{
	size_t at = 0;

	for (size_t i = 0; i < whole.n && at < part.n; i++)
		at += whole.p[i] == part.p[at];
	return at == part.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_skip(fuzz_slice(data, size), 1);
	struct annotating alone = {}, beside = {.threads = 2}, strict = {.strict = true};
	unsigned how = size > 0 ? data[0] : 0;
	int result = run(&alone, how, text), other;

	must(run(&beside, how, text) == result);
	must(slice_eq(strbuf_slice(&alone.out), strbuf_slice(&beside.out)));
	must(alone.result.unread == beside.result.unread &&
	     alone.result.line == beside.result.line);
	if (result == 0)
		must(is_within(text, strbuf_slice(&alone.out)));
	other = run(&strict, how, text);
	must((other == FAULT_MALFORMED) == (alone.result.unread > 0));
	strbuf_done(&alone.out);
	strbuf_done(&beside.out);
	strbuf_done(&strict.out);
	return 0;
}
