#include "audit/yaml.h"

enum {
	VISITS_MAX = 50000, /* of a file's services and ports, aliases followed */
	SCALAR_MAX = 4096,  /* bytes of a text; of longer ones the first are looked at */
};

static void complain(struct yaml *yaml, struct place place, const char *what, const char *more)
{
	if (!yaml->failed)
		reading_complain(yaml->reading, place, MALFORMED, SLICE_NONE, "%s%s", what, more);
	yaml->failed = true;
}

static bool read_root(void *context, const struct tree_node *root)
{
	struct yaml *yaml = context;

	yaml->read(yaml, root);
	return !yaml->failed;
}

void yaml_read(struct reading *reading, void (*read)(struct yaml *, const struct tree_node *))
{
	struct yaml yaml = {.reading = reading, .read = read, .visits = VISITS_MAX};
	struct arena arena CLEANUP(arena_done) = {};
	struct fault fault;
	int result = tree_read_yaml(reading->text, SCALAR_MAX, &arena, read_root, &yaml, &fault);

	if (result == FAULT_MEMORY)
		reading->audit->failed = true;
	else if (result == FAULT_SYSTEM)
		complain(&yaml, (struct place){1, 1}, "YAML cannot be read: ", fault.text);
	else if (result < 0)
		complain(&yaml, (struct place){(uint32_t)fault.line, (uint32_t)fault.column},
			 fault.text, "");
}

bool yaml_spend(struct yaml *yaml)
{
	if (yaml->visits == 0) {
		complain(yaml, (struct place){1, 1}, "the file has more than 50000 parts", "");
		return false;
	}
	yaml->visits--;
	return true;
}
