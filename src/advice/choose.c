/* Which ports are good to use, best first. */
#include <stdlib.h>

#include "advice/advice.h"
#include "base/hash.h"

/* A good port, and what it is sorted by: smaller is better. */
struct candidate {
	uint32_t notes; /* findings beside that of its state */
	uint32_t place; /* from the wish's place on */
	uint16_t port;
};

static int compare(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;

	if (a->notes != b->notes)
		return a->notes < b->notes ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* Each port has a lot of its own, so that those of others do not change which one is drawn. */
static uint64_t lot_of(struct slice seed, uint16_t port)
{
	uint64_t parts[] = {hash_bytes(seed), port};

	return hash_bytes((struct slice){(const char *)parts, sizeof(parts)});
}

/* Where the ports begin: at the first, or with a seed at one of the best. */
static uint16_t find_start(const struct advice_wish *wish, const struct candidate *candidates,
			   size_t count)
{
	uint32_t fewest = UINT32_MAX;
	uint64_t highest = 0;
	uint16_t start = wish->first;

	for (size_t i = 0; wish->seed.p && i < count; i++) {
		const struct candidate *candidate = &candidates[i];
		uint64_t lot = lot_of(wish->seed, candidate->port);

		if (candidate->notes > fewest || (candidate->notes == fewest && lot <= highest))
			continue;
		fewest = candidate->notes;
		highest = lot;
		start = candidate->port;
	}
	return start;
}

static uint32_t find_place(const struct advice_wish *wish, uint16_t start, uint16_t port)
{
	uint32_t count = (uint32_t)(wish->last - wish->first) + 1;

	if (!wish->has_near)
		return ((uint32_t)port + count - start) % count;
	return port >= wish->near ? 2 * (uint32_t)(port - wish->near)
				  : 2 * (uint32_t)(wish->near - port) + 1;
}

/* 0; 1: the port is not good for each transport; or a negative fault. */
static int judge(const struct advice_facts *facts, const struct advice_wish *wish, uint16_t port,
		 struct advice *advice, uint32_t *ret_notes, struct fault *fault)
{
	uint32_t notes = 0;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		int result;

		if (!(wish->transports >> i & 1))
			continue;
		result = advice_check(facts, (enum transport)i, port, wish->purpose, advice, fault);
		if (result < 0)
			return result;
		if (advice->verdict != ADVICE_GOOD)
			return 1;
		notes += (uint32_t)advice->count - 1;
	}
	*ret_notes = notes;
	return 0;
}

static int gather(const struct advice_facts *facts, const struct advice_wish *wish,
		  struct candidate *candidates, size_t *ret_count, struct fault *fault)
{
	struct advice advice CLEANUP(advice_done) = {};
	size_t count = 0;
	uint16_t start;

	for (uint32_t port = wish->first; port <= wish->last; port++) {
		uint32_t notes = 0;
		int result = judge(facts, wish, (uint16_t)port, &advice, &notes, fault);

		if (result < 0)
			return result;
		if (result == 0)
			candidates[count++] = (struct candidate){
				.notes = wish->has_near ? 0 : notes,
				.port = (uint16_t)port,
			};
	}
	start = find_start(wish, candidates, count);
	for (size_t i = 0; i < count; i++)
		candidates[i].place = find_place(wish, start, candidates[i].port);
	*ret_count = count;
	return 0;
}

static void free_candidates(struct candidate **candidates)
{
	free(*candidates);
}

int advice_choose(const struct advice_facts *facts, const struct advice_wish *wish,
		  uint16_t **ret_ports, size_t *ret_count, struct fault *fault)
{
	struct candidate *candidates CLEANUP(free_candidates) =
		calloc((size_t)(wish->last - wish->first) + 1, sizeof(*candidates));
	uint16_t *ports;
	size_t count = 0;
	int result;

	if (!candidates)
		return fault_memory(fault);
	result = gather(facts, wish, candidates, &count, fault);
	if (result < 0)
		return result;
	qsort(candidates, count, sizeof(*candidates), compare);
	if (count > wish->count)
		count = wish->count;
	ports = calloc(count + 1, sizeof(*ports));
	if (!ports)
		return fault_memory(fault);
	for (size_t i = 0; i < count; i++)
		ports[i] = candidates[i].port;
	*ret_ports = ports;
	*ret_count = count;
	return 0;
}

void advice_reason(const struct advice_facts *facts, const struct advice *advice,
		   struct strbuf *text)
{
	for (size_t i = 0; i < advice->count; i++) {
		strbuf_add(text, i > 0 ? SLICE("; ") : SLICE_NONE);
		strbuf_add(text, advice->findings[i].text);
	}
	if (facts->overlay && advice->purpose != ADVICE_P2P)
		strbuf_add(text,
			   SLICE("; outside of the usual ephemeral ranges, and no known default"));
	else if (facts->overlay)
		strbuf_add(text, SLICE("; no known default"));
	if (facts->seen >> advice->transport & 1)
		strbuf_add(text, SLICE("; not in use here"));
}
