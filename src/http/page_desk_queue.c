/* /desk/queue: what those who review, register and approve have to do. */
#include "http/desk_page.h"

enum { LISTED = 50 };

static int put_part(struct desk_page *page, const struct page_filter *filter, bool overdue)
{
	struct page_table table = {.page = page,
				   .caption = SLICE("The newest first"),
				   .most = LISTED,
				   .deadlines = true};
	struct desk_filter wanted = filter->filter;
	int result;

	wanted.queue = true;
	wanted.overdue = overdue;
	wanted.most = LISTED + 1;
	if (filter->mine)
		wanted.reviewer = page->account->number;
	if (overdue)
		table.caption = SLICE("Overdue");
	result = desk_list(page->desk, page->account, &wanted, page->now, page_table_row, &table,
			   &page->visitor.fault);
	page_table_end(&table);
	if (result < 0 || (overdue && !table.more))
		return result;
	if (overdue)
		page_put(page, SLICE("<p class=\"quiet\">More of them are below.</p>\n"));
	else if (table.count == 0)
		page_put(page, SLICE("<p class=\"empty\">There is nothing to do here.</p>\n"));
	page_filter_more(page, filter, SLICE("/desk/queue"), &table);
	return result;
}

static int put_queue(struct desk_page *page)
{
	struct page_filter filter;
	int result = page_begin(page, 200, SLICE("Queue"), SLICE("/desk/queue"));

	if (result < 0)
		return result;
	page_filter_read(page, &filter);
	page_put(page, SLICE("<h1>Queue</h1>\n<p class=\"lead\">What waits for you, by your "
			     "roles.</p>\n"));
	page_filter_form(page, &filter, SLICE("/desk/queue"));
	/* What is late is what is to be seen first. */
	if (!filter.filter.below)
		result = put_part(page, &filter, true);
	if (result == 0)
		result = put_part(page, &filter, false);
	return result < 0 ? result : page_end(page);
}

int desk_queue_page(struct desk_page *page, const struct slice *captured)
{
	int result = page_need_account(page);

	(void)captured;
	if (result == 0 && !page_has_queue(page->account))
		result =
			page_refuse(page, 403, SLICE("Not yours to see"),
				    SLICE("Only reviewers, registrars and approvers have a queue."),
				    SLICE("policy, roles"));
	else if (result == 0)
		result = put_queue(page);
	return result;
}
