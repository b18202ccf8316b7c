/* Data Package and Table Schema, version 1 of the Frictionless standards. */
#include "package/descriptor.h"

#include "render/render.h"

struct field {
	const char *name, *type, *description;
};

static const struct field csv_fields[COLUMN_COUNT] = {
	{"Service Name", "string", "Name of the service (RFC 6335, section 5.1)"},
	{"Port Number", "string", "A port, or a range of ports as A-B; empty: the name alone"},
	{"Transport Protocol", "string", "tcp, udp, sctp or dccp; empty: none is named"},
	{"Description", "string",
	 "What the service is; of rows without a name, whether the port is Reserved or Unassigned"},
	{"Assignee", "string", "Ids of people or organizations, in brackets"},
	{"Contact", "string", "Ids of people or organizations, in brackets"},
	{"Registration Date", "string", "YYYY-MM-DD or YYYY-MM"},
	{"Modification Date", "string", "YYYY-MM-DD or YYYY-MM"},
	{"Reference", "string", "RFCs and other documents, in brackets"},
	{"Service Code", "string", "Of DCCP: the service code (RFC 5595)"},
	{"Unauthorized Use Reported", "string", "Known use of the port for other services"},
	{"Assignment Notes", "string", "Remarks, keys of TXT records, aliases"},
};

static const struct field row_fields[] = {
	{"name", "string", "Name of the service"},
	{"first_port", "integer", "The port, or the first of a range; null without a port"},
	{"last_port", "integer", "The same as first_port but for ranges"},
	{"transport", "string", "tcp, udp, sctp, dccp or null"},
	{"description", "string", "What the service is"},
	{"assignee", "array", "Ids of people; the contacts where no assignee is given"},
	{"contact", "array", "Ids of people"},
	{"registration_date", "string", "YYYY-MM-DD or YYYY-MM"},
	{"modification_date", "string", "YYYY-MM-DD or YYYY-MM"},
	{"references", "array", "Objects of type, data and text"},
	{"service_code", "string", "Of DCCP: the service code"},
	{"unauthorized_use", "string", "Known use of the port for other services"},
	{"notes", "string", "Remarks"},
	{"state", "string", "assigned, reserved or unassigned"},
	{"range", "string", "system, user or dynamic; null without a port"},
	{"alias_of", "string", "The name that this one is an alias of"},
	{"historic", "boolean", "Whether the registry calls the entry historic"},
};

static const struct field person_fields[] = {
	{"id", "string", "What rows name the person by"},
	{"name", "string", "Name of the person or organization"},
	{"organization", "string", "Where the person is"},
	{"uris", "array", "Addresses as published, with & for @"},
	{"updated", "string", "YYYY-MM-DD or YYYY-MM"},
};

static const struct resource {
	const char *path, *name, *title, *format, *type;
	const struct field *fields;
	size_t count;
} resources[PACKAGE_FILE_COUNT] = {
	[PACKAGE_CSV] = {"service-names.csv", "service-names", "All rows, as the publisher's CSV",
			 "csv", "text/csv", csv_fields, ARRAY_SIZE(csv_fields)},
	[PACKAGE_ROWS] = {"rows.json", "rows", "All rows, with what follows from them", "json",
			  "application/json", row_fields, ARRAY_SIZE(row_fields)},
	[PACKAGE_PEOPLE] = {"people.json", "people", "Contacts and assignees", "json",
			    "application/json", person_fields, ARRAY_SIZE(person_fields)},
};

const char *package_file_name(enum package_file file)
{
	return resources[file].path;
}

static void put_member(struct out *out, const char *before, const char *key, struct slice text)
{
	out_printf(out, "%s\"%s\": ", before, key);
	render_json_text(out, text);
}

static void put_fields(struct out *out, const struct resource *resource)
{
	out_put(out, SLICE("      \"schema\": {\n        \"fields\": [\n"));
	for (size_t i = 0; i < resource->count; i++) {
		const struct field *field = &resource->fields[i];

		put_member(out, "          {", "name", slice_cstr(field->name));
		put_member(out, ", ", "type", slice_cstr(field->type));
		put_member(out, ", ", "description", slice_cstr(field->description));
		out_put(out, i + 1 < resource->count ? SLICE("},\n") : SLICE("}\n"));
	}
	out_put(out, SLICE("        ],\n        \"missingValues\": [\"\"]\n      }\n"));
}

static void put_resource(struct out *out, const struct resource *resource,
			 const struct package_content *content)
{
	bool csv = resource->fields == csv_fields;
	char hex[2 * CODEC_SHA256_SIZE];

	put_member(out, "    {\n      ", "name", slice_cstr(resource->name));
	put_member(out, ",\n      ", "path", slice_cstr(resource->path));
	put_member(out, ",\n      ", "title", slice_cstr(resource->title));
	put_member(out, ",\n      ", "profile", SLICE("tabular-data-resource"));
	put_member(out, ",\n      ", "format", slice_cstr(resource->format));
	put_member(out, ",\n      ", "mediatype", slice_cstr(resource->type));
	put_member(out, ",\n      ", "encoding", SLICE("utf-8"));
	out_put(out, SLICE(",\n      \"bytes\": "));
	out_uint(out, content->bytes);
	out_put(out, SLICE(",\n      \"hash\": \"sha256:"));
	out_put(out, codec_sha256_hex(content->sha256, hex));
	out_put(out, SLICE("\",\n"));
	if (csv)
		out_put(out, SLICE("      \"dialect\": {\"delimiter\": \",\", \"lineTerminator\": "
				   "\"\\r\\n\", \"quoteChar\": \"\\\"\", \"doubleQuote\": true, "
				   "\"header\": true},\n"));
	put_fields(out, resource);
	out_put(out, SLICE("    }"));
}

/* Whether it is YYYY-MM-DD, which alone makes a point in time. */
static bool is_day(struct slice date)
{
	static const char form[] = "0000-00-00";

	for (size_t i = 0; i < date.n && i < sizeof(form) - 1; i++) {
		if (form[i] == '-' ? date.p[i] != '-' : !byte_is_digit(date.p[i]))
			return false;
	}
	return date.n == sizeof(form) - 1;
}

void package_describe(struct out *out, const struct registry *registry,
		      const struct package_content contents[static PACKAGE_FILE_COUNT])
{
	const struct registry_header *header = &registry->header;
	struct slice title = header->title;

	if (title.n == 0)
		title = SLICE("Service Name and Transport Protocol Port Number Registry");
	put_member(out, "{\n  ", "profile", SLICE("data-package"));
	put_member(out, ",\n  ", "name", SLICE(REGISTRY_ID));
	put_member(out, ",\n  ", "title", title);
	if (header->updated.n > 0)
		put_member(out, ",\n  ", "version", header->updated);
	if (is_day(header->updated))
		out_printf(out, ",\n  \"created\": \"%.*sT00:00:00Z\"", (int)header->updated.n,
			   header->updated.p);
	put_member(out, ",\n  ", "homepage",
		   SLICE("https://www.iana.org/assignments/" REGISTRY_ID));
	out_put(out,
		SLICE(",\n  \"licenses\": [\n    {\"name\": \"CC0-1.0\", \"title\": \"Creative "
		      "Commons Zero v1.0 Universal\",\n     \"path\": \"https://"
		      "creativecommons.org/publicdomain/zero/1.0/\"}\n  ],\n"
		      "  \"sources\": [\n    {\"title\": \"Internet Assigned Numbers Authority "
		      "(IANA)\",\n     \"path\": \"https://www.iana.org/assignments/" REGISTRY_ID
		      "\"}\n  ],\n  \"resources\": [\n"));
	for (size_t i = 0; i < PACKAGE_FILE_COUNT; i++) {
		out_put(out, i > 0 ? SLICE(",\n") : SLICE_NONE);
		put_resource(out, &resources[i], &contents[i]);
	}
	out_put(out, SLICE("\n  ]\n}\n"));
}
