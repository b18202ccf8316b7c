/* Applications as JSON, and as template files. */
#include "application/application.h"
#include "base/json.h"

enum { WIDTH = 96 };

void application_write_json(const struct application *application, unsigned privacy,
			    struct out *out)
{
	bool first = true;

	out_byte(out, '{');
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);

		if (!application->values[i].p || !(privacy >> info->privacy & 1))
			continue;
		if (!first)
			out_byte(out, ',');
		first = false;
		json_put_string(out, info->key);
		out_byte(out, ':');
		json_put_string(out, application->values[i]);
	}
	out_byte(out, '}');
}

/* A comment, broken between words. */
static void put_comment(struct out *out, struct slice text)
{
	size_t column = 0;

	while (text.p) {
		struct slice word = slice_cut(&text, ' ');

		if (column > 0 && column + 1 + word.n > WIDTH) {
			out_byte(out, '\n');
			column = 0;
		}
		if (column == 0) {
			out_byte(out, '#');
			column = 1;
		}
		out_byte(out, ' ');
		out_put(out, word);
		column += 1 + word.n;
	}
	out_byte(out, '\n');
}

/* As it is read: one line in quotes, several as a block. A JSON string is one of YAML, too. */
static void put_value(struct out *out, struct slice value)
{
	if (slice_find_byte(value, '\n') == (size_t)-1) {
		out_byte(out, ' ');
		json_put_string(out, value);
		out_byte(out, '\n');
		return;
	}
	out_put(out, SLICE(" |-\n"));
	while (value.p) {
		struct slice line = slice_cut(&value, '\n');

		if (line.n > 0)
			out_put(out, SLICE("  "));
		out_put(out, line);
		out_byte(out, '\n');
	}
}

void application_write_template(enum procedure procedure, const struct application *values,
				struct out *out)
{
	out_put(out, SLICE("# "));
	out_put(out, procedure_title(procedure));
	out_put(out, SLICE(" ("));
	out_put(out, procedure_section(procedure));
	out_put(out,
		SLICE(").\n# Fill in what applies, and leave the rest empty. Text of several lines "
		      "stands below its key, after |.\n\nprocedure: "));
	out_put(out, procedure_name(procedure));
	out_byte(out, '\n');
	for (size_t i = FIELD_PROCEDURE + 1; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);
		struct slice value = values ? values->values[i] : SLICE_NONE;

		if (!(info->procedures >> procedure & 1))
			continue;
		out_put(out, SLICE("\n# "));
		out_put(out, info->label);
		out_put(out, SLICE(" ("));
		out_put(out, info->section);
		out_put(out, info->privacy == FIELD_PUBLIC	    ? SLICE("; public")
			     : info->privacy == FIELD_UNTIL_GRANTED ? SLICE("; public once granted")
								    : SLICE("; for reviewers"));
		out_put(out, SLICE(")\n"));
		put_comment(out, info->help);
		out_put(out, info->key);
		out_byte(out, ':');
		if (value.n > 0)
			put_value(out, value);
		else
			out_byte(out, '\n');
	}
}
