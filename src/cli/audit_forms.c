#include "cli/audit_forms.h"

#include "base/utf8.h"
#include "cli/text.h"
#include "render/render.h"

static void put_key(struct out *out, struct slice key, bool first)
{
	if (!first)
		out_byte(out, ',');
	out_byte(out, '"');
	out_put(out, key);
	out_put(out, SLICE("\":"));
}

static void put_string(struct out *out, struct slice key, struct slice text)
{
	put_key(out, key, false);
	render_json_text(out, text);
}

static void put_number(struct out *out, struct slice key, uint64_t number)
{
	put_key(out, key, false);
	out_uint(out, number);
}

void audit_put_port(struct out *out, const struct audit *audit, const struct audit_port *port)
{
	const struct audit_file *file = audit_file_at(audit, port->file);

	out_byte(out, '{');
	put_key(out, SLICE("file"), true);
	render_json_text(out, file->path);
	put_string(out, SLICE("kind"), audit_kind_name(file->kind));
	put_number(out, SLICE("line"), port->line);
	put_number(out, SLICE("column"), port->column);
	put_number(out, SLICE("first_port"), port->first);
	put_number(out, SLICE("last_port"), port->last);
	put_string(out, SLICE("transport"), transport_name((enum transport)port->transport));
	put_string(out, SLICE("use"), audit_use_name((enum audit_use)port->use));
	put_string(out, SLICE("address"), port->address);
	put_string(out, SLICE("owner"), port->owner);
	put_string(out, SLICE("name"), port->name);
	out_byte(out, '}');
}

void audit_put_finding(struct out *out, const struct audit *audit,
		       const struct audit_finding *finding)
{
	const struct lint_check *check = finding->check;

	out_byte(out, '{');
	put_key(out, SLICE("number"), true);
	out_uint(out, check->number);
	put_string(out, SLICE("name"), check->name);
	put_string(out, SLICE("severity"), lint_severity_name(check->severity));
	put_string(out, SLICE("file"), audit_file_at(audit, finding->file)->path);
	put_number(out, SLICE("line"), finding->line);
	put_number(out, SLICE("column"), finding->column);
	put_string(out, SLICE("subject"), finding->who);
	put_string(out, SLICE("text"), finding->text);
	put_string(out, SLICE("section"), check->section);
	out_byte(out, '}');
}

/*
 * GitHub's workflow commands: % and ends of lines in all that they hold, : and , in properties.
 * They are printed in logs, which are for terminals as well.
 */
static void put_escaped(struct out *out, struct slice text, bool property)
{
	while (text.n > 0) {
		uint32_t c;
		size_t n = utf8_next(text, &c);

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			out_printf(out, "%%%02X", c);
		else
			text_put(out, (struct slice){text.p, n});
		text = slice_skip(text, n);
	}
}

void audit_put_annotation(struct out *out, const struct audit *audit,
			  const struct audit_finding *finding)
{
	static const char *const commands[LINT_SEVERITY_COUNT] = {"notice", "warning", "error"};
	const struct lint_check *check = finding->check;

	out_printf(out, "::%s file=", commands[check->severity]);
	put_escaped(out, audit_file_at(audit, finding->file)->path, true);
	out_printf(out, ",line=%u,col=%u,title=portbook %u ", finding->line, finding->column,
		   check->number);
	put_escaped(out, check->name, true);
	out_put(out, SLICE("::"));
	if (finding->who.n > 0) {
		put_escaped(out, finding->who, false);
		out_put(out, SLICE(": "));
	}
	put_escaped(out, finding->text, false);
	out_byte(out, '\n');
}

static struct slice level(enum lint_severity severity)
{
	return lint_severity_name(severity);
}

static void put_rule(struct out *out, const struct lint_check *check)
{
	out_put(out, SLICE("{\"id\":\""));
	out_uint(out, check->number);
	out_byte(out, '"');
	put_string(out, SLICE("name"), check->name);
	put_key(out, SLICE("shortDescription"), false);
	out_put(out, SLICE("{\"text\":"));
	render_json_text(out, check->name);
	out_byte(out, '}');
	put_key(out, SLICE("fullDescription"), false);
	out_put(out, SLICE("{\"text\":"));
	render_json_text(out, check->explanation);
	out_byte(out, '}');
	put_key(out, SLICE("defaultConfiguration"), false);
	out_put(out, SLICE("{\"level\":"));
	render_json_text(out, level(check->severity));
	out_put(out, SLICE("}}"));
}

void audit_sarif_begin(struct out *out)
{
	const struct lint_check *check;

	out_put(out, SLICE("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
			   "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":"
			   "\"portbook\",\"version\":\"" PORTBOOK_VERSION "\",\"rules\":[\n"));
	for (size_t i = 0; (check = audit_check_at(i)); i++) {
		if (i > 0)
			out_put(out, SLICE(",\n"));
		put_rule(out, check);
	}
	out_put(out, SLICE("\n]}},\"columnKind\":\"unicodeCodePoints\",\"results\":["));
}

static size_t index_of(const struct lint_check *check)
{
	size_t i = 0;

	while (audit_check_at(i) != check)
		i++;
	return i;
}

/* A path as a URI (RFC 3986): relative to where the program was started, or file:. */
static void put_uri(struct out *out, struct slice path)
{
	static const struct slice plain = {"-._~/", 5};

	if (slice_starts(path, SLICE("/")))
		out_put(out, SLICE("file://"));
	while (slice_starts(path, SLICE("./")))
		path = slice_skip(path, 2);
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];

		if (byte_is_letter(c) || byte_is_digit(c) ||
		    slice_find_byte(plain, c) != (size_t)-1)
			out_byte(out, c);
		else
			out_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void audit_sarif_put(struct out *out, const struct audit *audit,
		     const struct audit_finding *finding, size_t index)
{
	out_put(out, index > 0 ? SLICE(",\n{") : SLICE("\n{"));
	out_printf(out, "\"ruleId\":\"%u\",\"ruleIndex\":%zu", finding->check->number,
		   index_of(finding->check));
	put_string(out, SLICE("level"), level(finding->check->severity));
	out_put(out, SLICE(",\"message\":{\"text\":"));
	render_json_text(out, finding->text);
	out_put(out, SLICE("},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{"
			   "\"uri\":\""));
	put_uri(out, audit_file_at(audit, finding->file)->path);
	out_printf(out, "\"},\"region\":{\"startLine\":%u,\"startColumn\":%u}}}]}", finding->line,
		   finding->column);
}

void audit_sarif_end(struct out *out)
{
	out_put(out, SLICE("\n]}]}\n"));
}
