/* How what is asked for stands on the registry page: the search form, and links to the same. */
#include "base/number.h"
#include "http/api.h"
#include "http/frame.h"
#include "http/wanted.h"

/* A parameter of a link, up to its value. */
static void put_parameter(struct out *out, const char **before, struct slice name)
{
	out_printf(out, "%s%.*s=", *before, (int)name.n, name.p);
	*before = "&amp;";
}

static void put_filters(struct out *out, const char **before, const struct wanted *wanted)
{
	for (unsigned i = 0; i < QUERY_PROPERTY_COUNT; i++) {
		enum api_parameter parameter = (enum api_parameter)(API_TRANSPORT + i);
		struct slice word, comma = SLICE("");

		if (!wanted->filter.masks[i])
			continue;
		put_parameter(out, before, api_parameter_name(parameter));
		for (unsigned j = 0; (word = api_word(parameter, j)).p; j++) {
			if (!(wanted->filter.masks[i] >> j & 1))
				continue;
			out_put(out, comma);
			out_put(out, word);
			comma = SLICE(",");
		}
	}
}

void wanted_put_filters(const struct wanted *wanted, struct out *out)
{
	const char *before = "&amp;";

	put_filters(out, &before, wanted);
}

/* A link to the same rows, as a document of that ending; page: 0 for none. */
static void put_link(struct out *out, const struct wanted *wanted, struct slice ending,
		     struct slice as_of, uint64_t page)
{
	const char *before = "?";

	out_put(out, SLICE("<a href=\"" DOCUMENT_PATH "."));
	out_put(out, ending);
	if (wanted->search.n > 0) {
		put_parameter(out, &before, SLICE("search"));
		frame_encoded(out, strbuf_slice(&wanted->search));
	}
	put_filters(out, &before, wanted);
	for (size_t i = 0; i < wanted->key_count; i++) {
		put_parameter(out, &before, SLICE("skey"));
		out_put(out, wanted->keys[i].descending ? SLICE("-") : SLICE(""));
		out_uint(out, wanted->keys[i].column + 1u);
	}
	if (page > 1) {
		put_parameter(out, &before, SLICE("page"));
		out_uint(out, page);
	}
	if (as_of.n > 0) {
		put_parameter(out, &before, SLICE("as_of"));
		frame_encoded(out, as_of);
	}
	out_put(out, SLICE("\">"));
}

static void put_box(struct out *out, const struct wanted *wanted, enum query_property property,
		    unsigned value, struct slice label)
{
	enum api_parameter parameter = (enum api_parameter)(API_TRANSPORT + property);

	out_put(out, SLICE("<label><input type=\"checkbox\" name=\""));
	out_put(out, api_parameter_name(parameter));
	out_put(out, SLICE("\" value=\""));
	out_put(out, api_word(parameter, value));
	out_put(out, wanted->filter.masks[property] >> value & 1
			     ? SLICE("\" checked=\"checked\" /> ")
			     : SLICE("\" /> "));
	out_put(out, label);
	out_put(out, SLICE("</label>\n"));
}

static void put_boxes(struct out *out, const struct wanted *wanted, enum query_property property,
		      struct slice legend)
{
	struct slice word;

	out_put(out, SLICE("<fieldset><legend>"));
	out_put(out, legend);
	out_put(out, SLICE("</legend>"));
	for (unsigned i = 0; (word = api_word((enum api_parameter)(API_TRANSPORT + property), i)).p;
	     i++)
		put_box(out, wanted, property, i, word);
	out_put(out, SLICE("</fieldset>\n"));
}

static void put_hidden(struct out *out, struct slice name, struct slice value)
{
	out_put(out, SLICE("<input type=\"hidden\" name=\""));
	out_put(out, name);
	out_put(out, SLICE("\" value=\""));
	out_put(out, value);
	out_put(out, SLICE("\" />"));
}

/* What has no place on the form stays as it is: that something is not so, and the order. */
static void put_others(struct out *out, const struct wanted *wanted)
{
	for (unsigned i = QUERY_UNAUTHORIZED; i < QUERY_PROPERTY_COUNT; i++) {
		if (wanted->filter.masks[i] & 1)
			put_hidden(out, api_parameter_name((enum api_parameter)(API_TRANSPORT + i)),
				   SLICE("false"));
	}
	for (size_t i = 0; i < wanted->key_count; i++) {
		out_put(out, wanted->keys[i].descending
				     ? SLICE("<input type=\"hidden\" name=\"skey\" value=\"-")
				     : SLICE("<input type=\"hidden\" name=\"skey\" value=\""));
		out_uint(out, wanted->keys[i].column + 1u);
		out_put(out, SLICE("\" />"));
	}
}

/* A browser's own field for dates has no place for the number that a label may end with. */
static void put_date(struct out *out, struct slice as_of)
{
	out_put(out, SLICE("<label class=\"date\">As of <input name=\"as_of\" type=\""));
	out_put(out,
		as_of.n == 0 || as_of.n == strlen("YYYY-MM-DD") ? SLICE("date") : SLICE("text"));
	out_put(out, SLICE("\" value=\""));
	frame_put_value(out, as_of);
	out_put(out, SLICE("\" /></label>\n"));
}

static void put_fields(struct out *out, const struct wanted *wanted, bool dated)
{
	out_put(out,
		SLICE("<form id=\"registry\" class=\"registry\" method=\"get\" "
		      "action=\"" DOCUMENT_PATH ".xhtml\" role=\"search\" autocomplete=\"off\" "
		      "aria-label=\"The registry\"><div class=\"asked\"><div class=\"line\">"
		      "<label class=\"hidden\" for=\"search\">Text to search for</label>"
		      "<input id=\"search\" name=\"search\" size=\"18\" type=\"text\" value=\""));
	frame_put_value(out, strbuf_slice(&wanted->search));
	out_put(out, SLICE("\" placeholder=\"Text in any column\" autocomplete=\"off\" "
			   "autocapitalize=\"none\" spellcheck=\"false\" />"
			   "<button type=\"submit\">Search</button></div>\n"));
	if (dated)
		put_date(out, strbuf_slice(&wanted->as_of));
	out_put(out, SLICE("</div><div class=\"filters\">"));
	put_boxes(out, wanted, QUERY_TRANSPORT, SLICE("Transport"));
	put_boxes(out, wanted, QUERY_STATE, SLICE("State"));
	put_boxes(out, wanted, QUERY_RANGE, SLICE("Range"));
	out_put(out, SLICE("<fieldset><legend>Only</legend>"));
	put_box(out, wanted, QUERY_UNAUTHORIZED, 1, SLICE("unauthorized use reported"));
	put_box(out, wanted, QUERY_PORTLESS, 1, SLICE("names without a port"));
	out_put(out, SLICE("</fieldset>\n"));
	put_others(out, wanted);
	out_put(out, SLICE("</div></form>\n"));
}

void wanted_put_form(const struct wanted *wanted, const struct site *site,
		     const struct site_edition *edition, size_t matches, struct out *out)
{
	struct slice as_of = strbuf_slice(&wanted->as_of);

	put_fields(out, wanted, site_store(site));
	out_put(out, SLICE("<p id=\"found\" role=\"status\">"));
	frame_thousands(out, matches);
	out_put(out, matches == 1 ? SLICE(" row</p>\n") : SLICE(" rows</p>\n"));
	out_put(out, SLICE("<div id=\"results\">"));
	if (as_of.n > 0) {
		out_put(out, SLICE("<p class=\"note\">As of edition "));
		frame_put(out, edition->label);
		out_put(out, SLICE(". "));
		put_link(out, wanted, SLICE("xhtml"), SLICE_NONE, 1);
		out_put(out, SLICE("The newest</a></p>\n"));
	}
	out_put(out, SLICE("<ul class=\"links\"><li>These rows as "));
	put_link(out, wanted, SLICE("csv"), as_of, 0);
	out_put(out, SLICE("CSV</a>, "));
	put_link(out, wanted, SLICE("json"), as_of, 0);
	out_put(out, SLICE("JSON</a></li>"));
	/* Without a store, what is served next has another edition in the same place. */
	if (edition->number != 0) {
		out_put(out, SLICE("<li>"));
		put_link(out, wanted, SLICE("xhtml"), edition->label, wanted->page);
		out_put(out, SLICE("Permanent link</a></li>"));
	}
	out_put(out, SLICE("<li>Edition <a href=\"/editions/"));
	frame_encoded(out, edition->label);
	out_put(out, SLICE("\">"));
	frame_put(out, edition->label);
	out_put(out, SLICE("</a></li><li><a href=\"/desk/apply\">Request an Assignment</a></li>"
			   "</ul>\n"));
}

void wanted_put_end(struct out *out)
{
	out_put(out, SLICE("</div>\n"));
}
