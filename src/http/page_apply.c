/*
 * How to ask for a service name or a port: what RFC 6335, sections 5.1, 7.2 and 8, and RFC 7605
 * say to those who apply. Requests are made with the publisher.
 */
#include "http/view.h"

#define RFC6335 "<a href=\"https://www.rfc-editor.org/rfc/rfc6335#section-"
#define RFC7605 "<a href=\"https://www.rfc-editor.org/rfc/rfc7605\">"
#define FORM	"https://www.iana.org/form/ports-services"
#define FORMS	"https://www.iana.org/protocols/apply"
#define LIST	"/assignments/service-names-port-numbers/service-names-port-numbers.xhtml"

/* All of these are markup. */
static const struct slice before[] = {
	SLICE("Does it need a port? A service that is found by DNS SRV records or DNS-SD does with "
	      "a "
	      "name, and one that is set up by its user does with a Dynamic Port (" RFC7605
	      "RFC 7605</a>)."),
	SLICE("One port serves all versions of a service, also the secure one, and all its parts "
	      "(" RFC6335 "7.2\">RFC 6335, section 7.2</a>)."),
	SLICE("Is the name free, and what has the port? The search box above knows both, and a "
	      "port's "
	      "page has its history."),
	SLICE("Do not use the port before it is assigned."),
};

static const struct slice how[] = {
	SLICE("Service names and User Ports: with the publisher's form, "
	      "<a href=\"" FORM "\">" FORM "</a>."),
	SLICE("System Ports: by a document of the IETF, or with the approval of the IESG."),
	SLICE("All forms of the publisher are at <a href=\"" FORMS "\">" FORMS "</a>."),
	SLICE("A port takes weeks: an expert reviews the request and may come back with "
	      "questions."),
	SLICE("Against a decision there is an appeal to the IESG (" RFC6335
	      "8.7\">section 8.7</a>)."),
};

static const struct slice after[] = {
	SLICE("Changes of contact or description come from the assignee or the contact (" RFC6335
	      "8.6\">section 8.6</a>)."),
	SLICE("What is no longer in use is given back: the port becomes Reserved, and the name "
	      "stays "
	      "(" RFC6335 "8.2\">section 8.2</a>)."),
	SLICE("It never goes to another owner directly: the old one gives it back and the new one "
	      "asks for it (" RFC6335 "8.5\">section 8.5</a>)."),
};

static const struct {
	struct slice term, text; /* markup */
} wanted[] = {
	{SLICE("Service name"), SLICE("Always. 1 to 15 letters (A-Z, a-z), digits and hyphens, "
				      "with at least one letter; no "
				      "hyphen at either end, nor two in a row. In which letter "
				      "case makes no difference, and "
				      "nobody may have it yet.")},
	{SLICE("Port number"), SLICE("Only where one is needed: a certain one, or the range it is "
				     "to be from. Left out, a "
				     "service name alone is assigned.")},
	{SLICE("Transport protocols"),
	 SLICE("Which of TCP, UDP, SCTP and DCCP the service uses, also for a name alone. No other "
	       "is assigned along.")},
	{SLICE("Assignee"),
	 SLICE("Name and email address of the organization, company or person that it is assigned "
	       "to. For RFCs of the IETF this is the IESG.")},
	{SLICE("Contact"),
	 SLICE("Name and email address of the person who answers questions and may submit changes. "
	       "For RFCs of the IETF this is the IETF Chair.")},
	{SLICE("Description"), SLICE("Short, with no abbreviations but the best known ones.")},
	{SLICE("Reference"),
	 SLICE("A description of the protocol, or of where it is described, that also says whether "
	       "it "
	       "uses broadcast, multicast or anycast. For a name alone or a User Port it may "
	       "say that the protocol is proprietary. For a User Port it explains why one of the "
	       "Dynamic "
	       "Ports will not do; for a System Port, why neither will one of the User Ports, and "
	       "it "
	       "names a stable specification.")},
	{SLICE("Service code"),
	 SLICE("With DCCP alone: the service code, which may be a new one.")},
	{SLICE("Known unauthorized uses"),
	 SLICE("Of the port by others than its assignee, if there are any.")},
	{SLICE("Assignment notes"),
	 SLICE("Whatever else there is to say, such as the keys of TXT records for DNS-SD.")},
};

static void put_list(struct view *view, struct slice title, const struct slice *items, size_t count)
{
	view_put(view, SLICE("<h2>"));
	view_text(view, title);
	view_put(view, SLICE("</h2>\n<ul>"));
	for (size_t i = 0; i < count; i++) {
		view_put(view, SLICE("<li>"));
		view_put(view, items[i]);
		view_put(view, SLICE("</li>\n"));
	}
	view_put(view, SLICE("</ul>\n"));
}

static void put_wanted(struct view *view)
{
	view_put(view, SLICE("<h2>What to give</h2>\n<p>What a request says (" RFC6335
			     "8.1.1\">RFC 6335, section 8.1.1</a>); most of it is published as a "
			     "row of the registry.</p>\n<dl class=\"facts\">"));
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		view_put(view, SLICE("<dt>"));
		view_put(view, wanted[i].term);
		view_put(view, SLICE("</dt><dd>"));
		view_put(view, wanted[i].text);
		view_put(view, SLICE("</dd>\n"));
	}
	view_put(view, SLICE("</dl>\n"));
}

static void put_range(struct view *view, enum port_range range)
{
	view_put(view, SLICE("<tr><th scope=\"row\">"));
	view_text(view, port_range_title(range));
	view_put(view, SLICE("</th><td>"));
	view_text(view, port_range_procedure(range));
	view_put(view, SLICE("</td><td>"));
	if (range == PORT_RANGE_DYNAMIC) {
		view_put(view, SLICE("all of them, for anybody</td></tr>\n"));
		return;
	}
	view_put(view, SLICE("<a href=\"" LIST "?state=unassigned&amp;range="));
	view_text(view, port_range_name(range));
	view_put(view, SLICE("\">unassigned</a></td></tr>\n"));
}

static void put_ways(struct view *view)
{
	view_put(view, SLICE("<h2>Who decides</h2>\n<div class=\"scroll\" role=\"region\" "
			     "aria-label=\"Who decides\" tabindex=\"0\"><table>"
			     "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Procedure"
			     "</th><th scope=\"col\">Free now</th></tr></thead><tbody>\n"
			     "<tr><th scope=\"row\">A service name alone</th><td>First come, first "
			     "served: it has to be well-formed and not taken (" RFC6335
			     "8.1\">RFC 6335, section 8.1</a>)</td><td>whatever is not "
			     "<a href=\"" LIST "\">in the registry</a></td></tr>\n"));
	for (unsigned i = 0; i < PORT_RANGE_COUNT; i++)
		put_range(view, (enum port_range)i);
	view_put(view, SLICE("</tbody></table></div>\n"));
}

int apply_page(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	struct view view CLEANUP(view_done) = {};
	int result = view_open(&view, site, request, response);

	(void)captured;
	if (result == 0)
		result = view_begin(&view, 200, SLICE("Request an Assignment"));
	if (result != 0)
		return result < 0 ? result : 0;
	view_put(&view,
		 SLICE("<h1>Request an Assignment</h1>\n<p class=\"lead\">Service names and port "
		       "numbers are assigned by IANA. This is what a request has to say, and who "
		       "decides on it. It is made with IANA: this site takes none itself.</p>\n"));
	put_list(&view, SLICE("Before you ask"), before, ARRAY_SIZE(before));
	put_list(&view, SLICE("How to apply"), how, ARRAY_SIZE(how));
	put_wanted(&view);
	put_ways(&view);
	put_list(&view, SLICE("What has been assigned"), after, ARRAY_SIZE(after));
	return view_end(&view);
}
