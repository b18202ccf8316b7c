#include "cli/findings.h"

#include "cli/text.h"

bool finding_is_wanted(const struct settings *settings, const struct lint_check *check)
{
	if (check->severity < settings->severity)
		return false;
	for (size_t i = 0; i < settings->only_count; i++) {
		if (settings->only[i] == check->number)
			return true;
	}
	return settings->only_count == 0;
}

void finding_put(struct out *out, const struct lint_check *check, struct slice who,
		 struct slice text)
{
	out_put(out, lint_severity_name(check->severity));
	out_printf(out, " %u: ", check->number);
	if (who.n > 0) {
		text_put(out, who);
		out_put(out, SLICE(": "));
	}
	text_put(out, text);
	out_put(out, SLICE(" ["));
	out_put(out, check->section);
	out_put(out, SLICE("]\n"));
}

static void put_check(struct out *out, const struct lint_check *check, struct slice quote)
{
	out_printf(out, "## %u %.*s\n\n", check->number, (int)check->name.n, check->name.p);
	out_put(out, lint_severity_name(check->severity));
	out_put(out, SLICE(" · "));
	out_put(out, check->section);
	out_put(out, SLICE(" · "));
	out_put(out, quote);
	out_put(out, check->message);
	out_put(out, quote);
	out_put(out, SLICE("\n\n"));
	out_put(out, check->explanation);
	out_byte(out, '\n');
}

void findings_put_checks(struct out *out, const struct settings *settings,
			 const struct lint_check *(*at)(size_t index), struct slice quote)
{
	const struct lint_check *check;
	bool any = false;

	for (size_t i = 0; (check = at(i)); i++) {
		if (!finding_is_wanted(settings, check))
			continue;
		out_put(out, any ? SLICE("\n") : SLICE(""));
		put_check(out, check, quote);
		any = true;
	}
}

int findings_explain(struct cli *cli, void (*write)(struct out *out, const void *data))
{
	struct fault fault;

	if (answer_write(cli, write, &cli->arguments.settings, &fault) < 0)
		return say_fault(NULL, &fault);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}

void findings_say(const char *what, const size_t found[static LINT_SEVERITY_COUNT])
{
	say("%s: %zu error%s, %zu warning%s, %zu note%s", what, found[LINT_ERROR],
	    found[LINT_ERROR] == 1 ? "" : "s", found[LINT_WARNING],
	    found[LINT_WARNING] == 1 ? "" : "s", found[LINT_NOTE],
	    found[LINT_NOTE] == 1 ? "" : "s");
}
