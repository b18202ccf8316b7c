/* Flow records in memory, annotated. Who includes this wants _GNU_SOURCE, for memfd_create(). */
#ifndef PORTBOOK_TESTS_ANNOTATING_H
#define PORTBOOK_TESTS_ANNOTATING_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "annotate/header.h"

/* What is wanted; and what came of it. */
struct annotating {
	struct annotate_wanted wanted;
	enum transport transport;
	bool strict;
	unsigned threads;
	struct annotate_summary *summary;
	/* Makes what is said of ports; NULL: services_make, and then it is freed. */
	int (*make)(const struct image *image, const struct annotate_form *form,
		    struct services **ret_services, struct fault *fault);
	struct annotate_result result;
	struct strbuf out;
};

static inline bool annotating_write(void *context, struct slice text)
{
	struct strbuf *out = context;

	strbuf_add(out, text);
	return !out->failed;
}

static inline int annotating_run(struct annotating *annotating, struct annotate_input *input,
				 struct annotate_header *header, const struct image *image,
				 struct fault *fault)
{
	struct out out = {};
	struct services *services = NULL;
	struct annotate_options options = {.write = annotating_write,
					   .context = &annotating->out,
					   .strict = annotating->strict,
					   .summary = annotating->summary,
					   .threads =
						   annotating->threads ? annotating->threads : 1};
	int result = annotate_header_read(input, &annotating->wanted, annotating->transport, header,
					  fault);

	if (result == 0)
		result = (annotating->make ? annotating->make : services_make)(
			image, &header->layout.form, &services, fault);
	if (result == 0 && out_init_memory(&out) < 0)
		result = fault_memory(fault);
	if (result == 0) {
		annotate_header_write(&out, header);
		strbuf_add(&annotating->out, out_slice(&out));
		options.layout = header->layout;
		options.services = services;
		result = annotate_flows(&options, input, &annotating->result, fault);
	}
	out_done(&out);
	if (!annotating->make)
		services_free(services);
	return result;
}

/* As annotate_header_read, and then annotate_flows. */
static inline int annotating_text(struct annotating *annotating, const struct image *image,
				  struct slice text, struct fault *fault)
{
	struct annotate_header header = {};
	struct annotate_input input;
	int fd = memfd_create("flows", MFD_CLOEXEC), result;

	if (fd < 0 || pwrite(fd, text.p, text.n, 0) != (ssize_t)text.n)
		abort();
	annotate_input_open(&input, fd);
	result = annotating_run(annotating, &input, &header, image, fault);
	annotate_input_close(&input);
	annotate_header_done(&header);
	close(fd);
	return result;
}

#endif
