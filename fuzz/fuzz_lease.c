/* Any bytes as what a server says of leases: what is taken is in its bounds. */
#include "fuzz.h"
#include "lease/answer.h"

static void check(const struct lease *lease)
{
	must(lease->number > 0 && lease->port > 0);
	must(lease->transport < TRANSPORT_COUNT && lease->name.p && lease->until.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct slice body = fuzz_slice(data, size);
	const struct lease *leases;
	struct lease lease;
	size_t count;
	struct fault fault = {};

	if (answer_lease(body, &arena, &lease, &fault) == 0)
		check(&lease);
	else
		must(fault.text[0]);
	if (answer_leases(body, &arena, &leases, &count, &fault) == 0) {
		for (size_t i = 0; i < count; i++)
			check(&leases[i]);
	}
	must(answer_problem(body, &arena).p);
	return 0;
}
