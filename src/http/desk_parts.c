/* Pieces that are on several pages of the desk: forms, messages, lists and findings. */
#include "http/desk_page.h"
#include "http/frame.h"

void page_form_begin(struct desk_page *page, struct slice action, struct slice class_name)
{
	page_put(page, SLICE("<form method=\"post\" novalidate=\"novalidate\" action=\""));
	page_value(page, action);
	if (class_name.n > 0) {
		page_put(page, SLICE("\" class=\""));
		page_put(page, class_name);
	}
	page_put(page, SLICE("\">"));
	if (page->csrf.n > 0)
		page_hidden(page, SLICE("csrf"), page->csrf);
}

void page_hidden(struct desk_page *page, struct slice name, struct slice value)
{
	page_put(page, SLICE("<input type=\"hidden\" name=\""));
	page_value(page, name);
	page_put(page, SLICE("\" value=\""));
	page_value(page, value);
	page_put(page, SLICE("\" />"));
}

void page_hidden_number(struct desk_page *page, struct slice name, int64_t value)
{
	page_put(page, SLICE("<input type=\"hidden\" name=\""));
	page_value(page, name);
	page_put(page, SLICE("\" value=\""));
	page_number(page, value);
	page_put(page, SLICE("\" />"));
}

void page_input(struct desk_page *page, const struct page_input *input)
{
	page_put(page, SLICE("<div class=\"field\"><label for=\"f-"));
	page_value(page, input->name);
	page_put(page, SLICE("\">"));
	page_text(page, input->label);
	page_put(page, SLICE("</label>"));
	if (input->help.n > 0) {
		page_put(page, SLICE("<p class=\"help\" id=\"help-"));
		page_value(page, input->name);
		page_put(page, SLICE("\">"));
		page_text(page, input->help);
		page_put(page, SLICE("</p>"));
	}
	page_put(page, SLICE("<input id=\"f-"));
	page_value(page, input->name);
	page_put(page, SLICE("\" name=\""));
	page_value(page, input->name);
	page_put(page, SLICE("\" type=\""));
	page_put(page, input->type.p ? input->type : SLICE("text"));
	if (input->autocomplete.n > 0) {
		page_put(page, SLICE("\" autocomplete=\""));
		page_put(page, input->autocomplete);
	}
	if (input->help.n > 0) {
		page_put(page, SLICE("\" aria-describedby=\"help-"));
		page_value(page, input->name);
	}
	page_put(page, SLICE("\" value=\""));
	page_value(page, input->value);
	page_put(page, input->needed ? SLICE("\" aria-required=\"true\" />") : SLICE("\" />"));
	page_put(page, SLICE("</div>\n"));
}

void page_username(struct desk_page *page, struct slice login)
{
	page_put(page, SLICE("<input type=\"text\" hidden=\"hidden\" name=\"username\" "
			     "autocomplete=\"username\" value=\""));
	page_value(page, login);
	page_put(page, SLICE("\" />"));
}

void page_role_ports(struct desk_page *page, const struct account_role *role)
{
	if (role->first_port < 0) {
		page_put(page, SLICE("names without a port"));
	} else if (role->first_port == 0 && role->last_port == ACCOUNT_PORT_LAST) {
		page_put(page, SLICE("all ports"));
	} else {
		page_put(page, SLICE("ports "));
		page_number(page, role->first_port);
		page_put(page, SLICE("-"));
		page_number(page, role->last_port);
	}
}

void page_option(struct desk_page *page, struct slice value, struct slice text, bool selected)
{
	page_put(page, SLICE("<option value=\""));
	page_value(page, value);
	page_put(page, selected ? SLICE("\" selected=\"selected\">") : SLICE("\">"));
	page_text(page, text);
	page_put(page, SLICE("</option>"));
}

void page_message(struct desk_page *page, bool alert, struct slice title)
{
	page_put(page, alert ? SLICE("<section class=\"message alert\" role=\"alert\" "
				     "tabindex=\"-1\" id=\"message\"><h2>")
			     : SLICE("<section class=\"message\" role=\"status\" tabindex=\"-1\" "
				     "id=\"message\"><h2>"));
	page_text(page, title);
	page_put(page, SLICE("</h2>"));
}

void page_message_end(struct desk_page *page)
{
	page_put(page, SLICE("</section>\n"));
}

static void begin_table(struct page_table *table)
{
	struct desk_page *page = table->page;

	page_put(page, SLICE("<table class=\"rows requests\"><caption>"));
	page_text(page, table->caption);
	page_put(page, SLICE("</caption><thead><tr><th scope=\"col\">Request</th>"
			     "<th scope=\"col\">What</th><th scope=\"col\">State</th>"));
	page_put(page, table->deadlines ? SLICE("<th scope=\"col\">Until</th>") : SLICE(""));
	page_put(page, SLICE("<th scope=\"col\">Changed</th></tr></thead><tbody>\n"));
}

int page_table_row(void *context, const struct desk_request *request)
{
	struct page_table *table = context;
	struct desk_page *page = table->page;

	if (table->count == table->most) {
		table->more = true;
		return 0;
	}
	if (table->count++ == 0)
		begin_table(table);
	table->last = request->number;
	page_put(page, SLICE("<tr><th scope=\"row\"><a href=\"/desk/requests/"));
	page_number(page, request->number);
	page_put(page, SLICE("\"><span class=\"quiet\">#"));
	page_number(page, request->number);
	page_put(page, SLICE("</span> "));
	page_subject(page, request);
	page_put(page, SLICE("</a></th><td class=\"what\">"));
	page_text(page, procedure_title(request->procedure));
	if (request->description.n > 0) {
		page_put(page, SLICE("<p class=\"quiet\">"));
		page_text(page, request->description);
		page_put(page, SLICE("</p>"));
	}
	page_put(page, SLICE("</td><td class=\"when\">"));
	page_state(page, request->state, request->procedure);
	page_put(page, SLICE("</td>"));
	if (table->deadlines) {
		page_put(page, SLICE("<td class=\"when\" data-label=\"Until\">"));
		if (request->deadline.p)
			page_time(page, request->deadline);
		if (page_is_overdue(page, request))
			page_put(page, SLICE(" <span class=\"tag warn\">overdue</span>"));
		page_put(page, SLICE("</td>"));
	}
	page_put(page, SLICE("<td class=\"when\" data-label=\"Changed\">"));
	page_time(page, (struct slice){request->changed.p, 10});
	page_put(page, SLICE("</td></tr>\n"));
	return 0;
}

void page_table_end(struct page_table *table)
{
	if (table->count > 0)
		page_put(table->page, SLICE("</tbody></table>\n"));
}

static void put_precedents(struct desk_page *page, const struct preflight_finding *finding)
{
	struct strbuf text CLEANUP(strbuf_done) = {};

	page_put(page, SLICE("<ul class=\"precedents\">"));
	for (size_t i = 0; i < finding->precedent_count; i++) {
		text.n = 0;
		preflight_precedent_text(&finding->precedents[i], &text);
		page_put(page, SLICE("<li>"));
		page_text(page, strbuf_slice(&text));
		page_put(page, SLICE("</li>"));
	}
	page_put(page, SLICE("</ul>"));
}

static void put_finding(struct desk_page *page, const struct preflight_finding *finding, bool link)
{
	static const struct slice classes[] = {
		[PREFLIGHT_NOTE] = SLICE("<li class=\"finding note-level\"><b>Note</b> "),
		[PREFLIGHT_SHOULD] = SLICE("<li class=\"finding should\"><b>Should</b> "),
		[PREFLIGHT_MUST] = SLICE("<li class=\"finding must\"><b>Must</b> "),
	};
	const struct application_field_info *field = application_field(finding->field);

	page_put(page, classes[finding->check->level]);
	if (field) {
		if (link) {
			page_put(page, SLICE("<a href=\"#f-"));
			page_value(page, field->key);
			page_put(page, SLICE("\">"));
		}
		page_text(page, field->label);
		page_put(page, link ? SLICE("</a>: ") : SLICE(": "));
	}
	page_text(page, finding->text);
	page_put(page, SLICE(" <small>"));
	page_section(page, finding->section);
	page_put(page, SLICE("</small>"));
	if (finding->precedent_count > 0)
		put_precedents(page, finding);
	page_put(page, SLICE("</li>\n"));
}

void page_findings(struct desk_page *page, const struct preflight *preflight, bool links)
{
	page_put(page, SLICE("<ul class=\"findings\">"));
	for (size_t i = 0; i < preflight->count; i++)
		put_finding(page, &preflight->findings[i], links);
	page_put(page, SLICE("</ul>\n"));
}

void page_filter_read(struct desk_page *page, struct page_filter *ret_filter)
{
	struct page_filter filter = {.state = STATE_COUNT, .procedure = PROCEDURE_COUNT};

	if (desk_state_find(page_field(page, SLICE("state")), &filter.state))
		filter.filter.states = 1u << filter.state;
	if (procedure_find(page_field(page, SLICE("procedure")), &filter.procedure))
		filter.filter.procedures = 1u << filter.procedure;
	filter.filter.text = slice_trim(page_field(page, SLICE("q")));
	if (filter.filter.text.n > 200)
		filter.filter.text.n = 200;
	filter.filter.below = page_field_number(page, SLICE("below"));
	filter.mine = page->account && page_field(page, SLICE("mine")).n > 0;
	*ret_filter = filter;
}

void page_filter_form(struct desk_page *page, const struct page_filter *filter, struct slice action)
{
	page_put(page, SLICE("<form class=\"find\" role=\"search\" aria-label=\"Requests\" "
			     "action=\""));
	page_value(page, action);
	page_put(page, SLICE("\"><div class=\"field\"><label for=\"f-q\">Name or words</label>"
			     "<input id=\"f-q\" name=\"q\" type=\"search\" maxlength=\"200\" "
			     "value=\""));
	page_value(page, filter->filter.text);
	page_put(page, SLICE("\" /></div><div class=\"field\"><label for=\"f-state\">State</label>"
			     "<select id=\"f-state\" name=\"state\">"));
	page_option(page, SLICE(""), SLICE("any"), filter->state == STATE_COUNT);
	for (unsigned i = 0; i < STATE_COUNT; i++)
		page_option(page, desk_state_name((enum desk_state)i),
			    desk_state_title((enum desk_state)i, PROCEDURE_PORT),
			    filter->state == i);
	page_put(page, SLICE("</select></div><div class=\"field\"><label for=\"f-procedure\">Kind"
			     "</label><select id=\"f-procedure\" name=\"procedure\">"));
	page_option(page, SLICE(""), SLICE("any"), filter->procedure == PROCEDURE_COUNT);
	for (unsigned i = 0; i < PROCEDURE_COUNT; i++) {
		if (desk_policy(page->desk)->procedures >> i & 1)
			page_option(page, procedure_name((enum procedure)i),
				    procedure_title((enum procedure)i), filter->procedure == i);
	}
	page_put(page, SLICE("</select></div>"));
	if (page->account) {
		page_put(page, SLICE("<label class=\"check\"><input type=\"checkbox\" "
				     "name=\"mine\" value=\"1\""));
		page_put(page, filter->mine ? SLICE(" checked=\"checked\" />") : SLICE(" />"));
		page_put(page, SLICE(" mine</label>"));
	}
	page_put(page, SLICE("<button type=\"submit\">Show</button></form>\n"));
}

static void put_parameter(struct desk_page *page, struct slice name, struct slice value)
{
	if (value.n == 0)
		return;
	page_put(page, SLICE("&amp;"));
	page_put(page, name);
	page_put(page, SLICE("="));
	frame_encoded(page->writer.out, value);
}

void page_filter_more(struct desk_page *page, const struct page_filter *filter, struct slice action,
		      const struct page_table *table)
{
	if (!table->more && !filter->filter.below)
		return;
	page_put(page, SLICE("<nav aria-label=\"Pages\"><ul class=\"pages\">"));
	for (int older = 0; older < 2; older++) {
		if (older ? !table->more : !filter->filter.below)
			continue;
		page_put(page, SLICE("<li><a href=\""));
		page_value(page, action);
		page_put(page, SLICE("?below="));
		page_number(page, older ? table->last : 0);
		put_parameter(page, SLICE("q"), filter->filter.text);
		put_parameter(page, SLICE("state"), desk_state_name(filter->state));
		put_parameter(page, SLICE("procedure"), procedure_name(filter->procedure));
		put_parameter(page, SLICE("mine"), filter->mine ? SLICE("1") : SLICE(""));
		page_put(page, older ? SLICE("\">Older</a></li>") : SLICE("\">Newest</a></li>"));
	}
	page_put(page, SLICE("</ul></nav>\n"));
}

static const struct slice meanings[PROCEDURE_COUNT] = {
	[PROCEDURE_PORT] = SLICE("A port of its own for a service, with the service's name."),
	[PROCEDURE_NAME] =
		SLICE("A name for a service that is found by DNS, or needs no fixed port."),
	[PROCEDURE_TRANSPORT] =
		SLICE("A service that has a port already uses it with another transport, too."),
	[PROCEDURE_SERVICE_CODE] = SLICE("A number that tells services of DCCP apart."),
	[PROCEDURE_EARLY] =
		SLICE("A port for the protocol of a draft, for a year, before it is published."),
	[PROCEDURE_RENEWAL] = SLICE("What was assigned for a time is needed for longer."),
	[PROCEDURE_MODIFICATION] =
		SLICE("Another contact, description or reference for what is assigned to you."),
	[PROCEDURE_DEASSIGNMENT] = SLICE("What is assigned to you is no longer in use."),
	[PROCEDURE_REUSE] = SLICE("Your port serves another service from now on."),
	[PROCEDURE_REVOCATION] =
		SLICE("The registrar takes back a port that nobody uses any more."),
	[PROCEDURE_TRANSFER] =
		SLICE("Ports are not handed on. You are told what can be done instead."),
	[PROCEDURE_APPEAL] = SLICE("A decision on a request is looked at again."),
};

struct slice page_procedure_meaning(enum procedure procedure)
{
	return meanings[procedure];
}

void page_cards(struct desk_page *page)
{
	page_put(page, SLICE("<ul class=\"cards\">"));
	for (unsigned i = 0; i < PROCEDURE_COUNT; i++) {
		if (!(desk_policy(page->desk)->procedures >> i & 1))
			continue;
		page_put(page, SLICE("<li><a href=\"/desk/apply/"));
		page_put(page, procedure_name((enum procedure)i));
		page_put(page, SLICE("\">"));
		page_text(page, procedure_title((enum procedure)i));
		page_put(page, SLICE("</a><p>"));
		page_text(page, meanings[i]);
		page_put(page, SLICE("</p><small>"));
		page_section(page, procedure_section((enum procedure)i));
		page_put(page, SLICE("</small></li>\n"));
	}
	page_put(page, SLICE("</ul>\n"));
}
