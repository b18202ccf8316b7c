#include "annotate/flow.h"

int annotate_json(struct worker *worker, struct fault *fault)
{
	(void)worker;
	return fault_set(fault, FAULT_UNKNOWN, "not yet");
}
