/* The table of an application's fields, as docs/APPLICATION.md has it. */
#include <stdio.h>

#include "application/application.h"

static void put(struct slice text)
{
	(void)fwrite(text.p, 1, text.n, stdout);
}

static void put_procedures(unsigned mask)
{
	bool first = true;

	if (mask == (1U << PROCEDURE_COUNT) - 1) {
		put(SLICE("all"));
		return;
	}
	for (enum procedure i = 0; i < PROCEDURE_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		if (!first)
			put(SLICE(", "));
		first = false;
		put(procedure_name(i));
	}
}

int main(void)
{
	static const struct slice shown[] = {
		[FIELD_PUBLIC] = SLICE("all"),
		[FIELD_UNTIL_GRANTED] = SLICE("reviewers; all once granted"),
		[FIELD_PRIVATE] = SLICE("reviewers"),
	};

	put(SLICE("| key | what it is | shown to | for | bytes | section "
		  "|\n|---|---|---|---|---|---|\n"));
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);

		put(SLICE("| `"));
		put(info->key);
		put(SLICE("` | **"));
		put(info->label);
		put(SLICE(".** "));
		put(info->help);
		put(SLICE(" | "));
		put(shown[info->privacy]);
		put(SLICE(" | "));
		put_procedures(info->procedures);
		printf(" | %u%s | ", (unsigned)info->most, info->lines ? ", lines" : "");
		put(info->section);
		put(SLICE(" |\n"));
	}
	return 0;
}
