#define _GNU_SOURCE /* memrchr() */

#include "annotate/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotate/separators.h"

void block_done(struct block *block)
{
	free(block->p);
	free(block->separators);
	*block = (struct block){};
}

/* Room for so many bytes, with what is there. */
static int block_reserve(struct block *block, size_t size, struct fault *fault)
{
	size_t words = size / SEPARATORS_WORD + 1;
	uint64_t *separators;
	char *p;

	if (size <= block->size)
		return 0;
	p = realloc(block->p, size + ANNOTATE_SLACK);
	if (!p)
		return fault_memory(fault);
	block->p = p;
	separators = realloc(block->separators, words * sizeof(*separators));
	if (!separators)
		return fault_memory(fault);
	block->separators = separators;
	block->size = size;
	return 0;
}

void annotate_input_open(struct annotate_input *input, int fd)
{
	*input = (struct annotate_input){.fd = fd, .line = 1};
}

void annotate_input_close(struct annotate_input *input)
{
	block_done(&input->rest);
}

/* Whether something can be read, after so many milliseconds at most; -1: whenever it can. */
static bool wait_for(const struct annotate_input *input, int milliseconds)
{
	struct pollfd ready = {input->fd, POLLIN, 0};
	int result;

	do
		result = poll(&ready, 1, milliseconds);
	while (result < 0 && errno == EINTR);
	return result > 0;
}

/*
 * Reads once, behind what the block has, and waits for it, also where whoever has the other end of
 * a terminal or socket made it one that does not block. 0 or a negative fault.
 */
static int read_some(struct annotate_input *input, struct block *block, struct fault *fault)
{
	ssize_t n;

	do
		n = read(input->fd, block->p + block->n, block->size - block->n);
	while (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(input, -1))));
	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, "%s", strerror(errno));
	input->ended = n == 0;
	block->n += (size_t)n;
	return 0;
}

/* More bytes behind what the block has, which may grow for it. */
static int read_more(struct annotate_input *input, struct block *block, struct fault *fault)
{
	int result = 0;

	if (block->n >= ANNOTATE_RECORD_MAX)
		return fault_set(fault, FAULT_LIMIT,
				 "a record is longer than the limit of %d bytes",
				 ANNOTATE_RECORD_MAX);
	if (block->size - block->n < ANNOTATE_BLOCK)
		result = block_reserve(block, block->n + ANNOTATE_BLOCK, fault);
	return result < 0 ? result : read_some(input, block, fault);
}

int annotate_input_line(struct annotate_input *input, size_t at, struct slice *ret_line,
			struct fault *fault)
{
	struct block *rest = &input->rest;
	int result = 0;

	for (size_t seen = at;;) {
		const char *end =
			rest->n > seen ? memchr(rest->p + seen, '\n', rest->n - seen) : NULL;

		if (end || input->ended) {
			size_t n = end ? (size_t)(end - rest->p) + 1 : rest->n;

			*ret_line = (struct slice){n > at ? rest->p + at : "", n - at};
			return 0;
		}
		seen = rest->n > at ? rest->n : at;
		result = read_more(input, rest, fault);
		if (result < 0)
			return result;
	}
}

int annotate_input_take(struct annotate_input *input, size_t n, struct strbuf *text,
			struct fault *fault)
{
	struct block *rest = &input->rest;

	if (n == 0)
		return 0;
	strbuf_add(text, (struct slice){rest->p, n});
	if (text->failed)
		return fault_memory(fault);
	input->line += separators_lines(rest->p, n);
	memmove(rest->p, rest->p + n, rest->n - n);
	rest->n -= n;
	return 0;
}

/* The end of the last whole record; 0: none. */
static size_t last_record(const struct annotate_input *input, struct block *block)
{
	const char *end;

	block->separated = false;
	if (input->quotes && memchr(block->p, '"', block->n)) {
		separators_find(block, input->delimiter, true);
		return separators_last(block);
	}
	end = memrchr(block->p, '\n', block->n);
	return end ? (size_t)(end - block->p) + 1 : 0;
}

/* Up to a block's worth, but for no longer than there is something. */
static int fill(struct annotate_input *input, struct block *block, struct fault *fault)
{
	int result = read_more(input, block, fault);

	while (result == 0 && !input->ended && block->n < ANNOTATE_BLOCK && wait_for(input, 0))
		result = read_some(input, block, fault);
	return result;
}

int annotate_input_block(struct annotate_input *input, struct block *block, struct fault *fault)
{
	struct block *rest = &input->rest;
	size_t end = 0;
	int result = block_reserve(block, rest->n + ANNOTATE_BLOCK, fault);

	if (result < 0)
		return result;
	block->n = rest->n;
	block->separated = false;
	if (rest->n > 0)
		memcpy(block->p, rest->p, rest->n);
	rest->n = 0;
	/* Behind a header there may be records that nothing more comes after for now. */
	if (block->n > 0 && !wait_for(input, 0))
		end = last_record(input, block);
	while (end == 0 && !input->ended) {
		result = fill(input, block, fault);
		if (result < 0)
			return result;
		end = last_record(input, block);
	}
	if (input->ended)
		end = block->n;
	result = block_reserve(rest, block->n - end, fault);
	if (result < 0)
		return result;
	rest->n = block->n - end;
	if (rest->n > 0)
		memcpy(rest->p, block->p + end, rest->n);
	if (block->separated)
		separators_cut(block, end);
	block->n = end;
	return end > 0;
}
