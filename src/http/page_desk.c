/* /desk: what the registry's policy is, what may be asked for, and which requests there are. */
#include "http/desk_page.h"
#include "http/frame.h"
#include "http/view.h"

enum { LISTED = 50 };

static void put_range(struct desk_page *page, const struct policy_range *range)
{
	const struct policy_method *method = range->method;

	page_put(page, SLICE("<tr><th scope=\"row\">"));
	if (range->first < 0) {
		page_put(page, SLICE("names without a port"));
	} else {
		page_text(page, range->name);
		page_put(page, SLICE(" <span class=\"mono\">"));
		page_number(page, range->first);
		page_put(page, SLICE("-"));
		page_number(page, range->last);
		page_put(page, SLICE("</span>"));
	}
	page_put(page, SLICE("</th><td>"));
	page_text(page, method->title);
	page_put(page, SLICE("</td><td>"));
	if (method->never)
		page_put(page, SLICE("nobody"));
	else if (method->automatic)
		page_put(page, SLICE("nobody: it is granted as it is filed"));
	else if (method->reviews + method->approvals == 0)
		page_put(page, SLICE("the registrar"));
	if (method->reviews > 0) {
		page_number(page, method->reviews);
		page_put(page, method->reviews == 1 ? SLICE(" reviewer") : SLICE(" reviewers"));
	}
	if (method->approvals > 0) {
		page_put(page, method->reviews > 0 ? SLICE(", then ") : SLICE(""));
		page_number(page, method->approvals);
		page_put(page, method->approvals == 1 ? SLICE(" approver") : SLICE(" approvers"));
	}
	page_put(page, SLICE("</td><td>"));
	page_section(page, range->section.n > 0 ? range->section : method->section);
	page_put(page, SLICE("</td></tr>\n"));
}

static void put_policy(struct desk_page *page)
{
	const struct policy *policy = desk_policy(page->desk);

	page_put(page, SLICE("<h2 id=\"policy\">Who decides</h2>\n<p class=\"quiet\">"));
	page_text(page, policy->title);
	page_put(page,
		 SLICE("</p>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"policy\" "
		       "tabindex=\"0\"><table><thead><tr><th scope=\"col\">What</th>"
		       "<th scope=\"col\">How</th><th scope=\"col\">Who decides</th>"
		       "<th scope=\"col\">Rule</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < policy->range_count; i++)
		put_range(page, &policy->ranges[i]);
	page_put(page, SLICE("</tbody></table></div>\n"));
	if (policy->term > 0) {
		page_put(page, SLICE("<p>An assignment holds for "));
		page_number(page, policy->term);
		page_put(page, SLICE(" days, and can be renewed.</p>\n"));
	}
	if (policy->leases.first >= 0) {
		page_put(page, SLICE("<p>Ports from "));
		page_number(page, policy->leases.first);
		page_put(page, SLICE(" to "));
		page_number(page, policy->leases.last);
		page_put(page, SLICE(" are lent for up to "));
		page_number(page, policy->leases.hours);
		page_put(page, SLICE(" hours without a request, by <code>portbook reserve "
				     "--registry</code> and the API.</p>\n"));
	}
}

static int put_counts(struct desk_page *page, const struct page_filter *filter)
{
	int64_t counts[STATE_COUNT], all = 0;
	int result = desk_counts(page->desk, counts, &page->visitor.fault);

	if (result < 0)
		return result;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		all += counts[i];
	if (all == 0)
		return 0;
	page_put(page, SLICE("<ul class=\"counts\" aria-label=\"Requests by state\">"));
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (counts[i] == 0 && filter->state != i)
			continue;
		page_put(page, SLICE("<li><a href=\"/desk?state="));
		page_put(page, desk_state_name((enum desk_state)i));
		page_put(page, filter->state == i ? SLICE("#requests\" aria-current=\"true\">")
						  : SLICE("#requests\">"));
		page_state(page, (enum desk_state)i, PROCEDURE_PORT);
		page_put(page, SLICE(" <b>"));
		frame_thousands(page->writer.out, (uint64_t)counts[i]);
		page_put(page, SLICE("</b></a></li>\n"));
	}
	page_put(page, SLICE("</ul>\n"));
	return 0;
}

static int put_list(struct desk_page *page)
{
	struct page_table table = {
		.page = page, .caption = SLICE("The newest first"), .most = LISTED};
	struct page_filter filter;
	int result;

	page_filter_read(page, &filter);
	if (filter.mine)
		filter.filter.applicant = page->account->number;
	filter.filter.most = LISTED + 1;
	page_put(page, SLICE("<h2 id=\"requests\">Requests</h2>\n"));
	result = put_counts(page, &filter);
	if (result < 0)
		return result;
	page_filter_form(page, &filter, SLICE("/desk"));
	result = desk_list(page->desk, page->account, &filter.filter, page->now, page_table_row,
			   &table, &page->visitor.fault);
	page_table_end(&table);
	if (table.count == 0)
		page_put(page, SLICE("<p class=\"empty\">No requests.</p>\n"));
	page_filter_more(page, &filter, SLICE("/desk"), &table);
	return result;
}

static int put_front(struct desk_page *page)
{
	const struct policy *policy = desk_policy(page->desk);
	int result = page_begin(page, 200, SLICE("Request an assignment"), SLICE("/desk"));

	if (result < 0)
		return result;
	page_put(page, SLICE("<h1>Request an assignment</h1>\n<p class=\"lead\">"));
	page_text(page, policy->registry_title.n > 0 ? policy->registry_title : policy->title);
	page_put(page, SLICE(": who needs a port or a name of it asks here, and sees what became "
			     "of it.</p>\n<h2>What can be asked for</h2>\n"));
	page_cards(page);
	result = put_list(page);
	if (result < 0)
		return result;
	put_policy(page);
	return page_end(page);
}

/* What is done with either: a store without a desk has the publisher's way to apply. */
static int open_or_apply(struct desk_page *page, struct site *site,
			 const struct http_request *request, struct http_response *response)
{
	struct fault fault;
	int result = visitor_has_desk(site, &fault);

	if (result == 1)
		return page_open(page, site, request, response);
	if (result == 0)
		result = apply_page(site, request, NULL, response);
	return result < 0 ? result : 1;
}

int desk_front(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	struct desk_page page CLEANUP(page_done) = {};
	int result = open_or_apply(&page, site, request, response);

	(void)captured;
	if (!page.visitor.response)
		return result < 0 ? result : 0;
	if (result == 0)
		result = put_front(&page);
	return visitor_end(&page.visitor, result);
}

static int put_choice(struct desk_page *page)
{
	int result = page_begin(page, 200, SLICE("What do you need?"), SLICE("/desk/apply"));

	if (result < 0)
		return result;
	page_put(page,
		 SLICE("<h1>What do you need?</h1>\n<p class=\"lead\">Each request is checked "
		       "before it is filed, as its reviewers would: nothing is refused for a slip "
		       "of form.</p>\n"));
	page_cards(page);
	page_put(
		page,
		SLICE("<h2>Before you ask</h2>\n<ul><li>Does it need a port? A service that is "
		      "found by DNS does with a name, and one that is set up by its user with a "
		      "Dynamic Port (<a href=\"https://www.rfc-editor.org/rfc/rfc7605\">RFC 7605"
		      "</a>).</li>\n<li>One port serves all versions of a service, also the secure "
		      "one (<a href=\"https://www.rfc-editor.org/rfc/rfc6335#section-7.2\">RFC "
		      "6335, section 7.2</a>).</li>\n<li>Is the name free, and what has the port? "
		      "The search box above knows both.</li></ul>\n"));
	return page_end(page);
}

int desk_apply(struct site *site, const struct http_request *request, const struct slice *captured,
	       struct http_response *response)
{
	struct desk_page page CLEANUP(page_done) = {};
	int result = open_or_apply(&page, site, request, response);

	(void)captured;
	if (!page.visitor.response)
		return result < 0 ? result : 0;
	if (result == 0)
		result = put_choice(&page);
	return visitor_end(&page.visitor, result);
}
