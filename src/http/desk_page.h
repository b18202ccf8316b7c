/*
 * Inside http/: what all pages of the desk have: who asks, the frame with the desk's own links,
 * pieces that are on several of them, and what is said where something may not be. visitor.h
 * says who asks.
 */
#ifndef PORTBOOK_HTTP_DESK_PAGE_H
#define PORTBOOK_HTTP_DESK_PAGE_H

#include "desk/desk.h"
#include "http/handlers.h"
#include "http/visitor.h"
#include "render/xhtml_writer.h"

/* A page that is being written; zeroed memory is none. */
struct desk_page {
	struct site *site;
	const struct http_request *request;
	struct http_response *response;
	struct visitor visitor;
	struct desk *desk;
	const struct account *account; /* who asks; NULL: nobody is logged in */
	struct slice csrf;	       /* for forms; empty: nobody is */
	struct slice now;
	struct xhtml_writer writer;
};

/*
 * Finds out who asks, of whom those with a token are refused. Results as visitor_open() has them;
 * visitor_end(&page->visitor, result) is what comes of the handler's.
 */
int page_open(struct desk_page *page, struct site *site, const struct http_request *request,
	      struct http_response *response) MUST_USE;
void page_done(struct desk_page *page);

/* The frame up to the heading, which is the caller's; here is the path of the desk's own link that
 * this is. */
int page_begin(struct desk_page *page, unsigned status, struct slice title,
	       struct slice here) MUST_USE;
int page_end(struct desk_page *page) MUST_USE;

/* What is asked for is not, by a rule (section may be absent). */
int page_refuse(struct desk_page *page, unsigned status, struct slice title, struct slice why,
		struct slice section) MUST_USE;
/* The same of an outcome of the desk. */
int page_refuse_outcome(struct desk_page *page, int outcome,
			const struct desk_refusal *refusal) MUST_USE;
/* The form to log in, where that was refused why says so. */
int page_put_login(struct desk_page *page, unsigned status, struct slice why, struct slice login,
		   struct slice next) MUST_USE;
/* 0 where somebody is logged in, else 1: they are asked to log in, and come back; or a negative
 * fault. */
int page_need_account(struct desk_page *page) MUST_USE;
/* The status of an outcome: 403, 404, 409 or 422. */
unsigned page_status(int outcome);

/* A field of the form, or a parameter of the query: absent where it is empty. */
struct slice page_field(struct desk_page *page, struct slice name);
/* The same as a number; 0: none. */
int64_t page_field_number(struct desk_page *page, struct slice name);

/*
 * The request of a number in a path, as who asks may see it. 0; 1: the response says that there is
 * none; or a negative fault.
 */
int page_request(struct desk_page *page, struct slice number,
		 struct desk_request *ret_request) MUST_USE;

/* 303 to a path of this site. */
int page_go(struct desk_page *page, struct slice path) MUST_USE;
/* ... "START NUMBER". */
int page_go_number(struct desk_page *page, struct slice start, int64_t number,
		   struct slice end) MUST_USE;

/* Whether a path may be gone to after a login: one of the desk, of this site. */
bool page_is_return(struct slice path);

/* Whether the account has any role that has a queue; whether it may see /desk/admin. */
bool page_has_queue(const struct account *account);
bool page_is_admin(const struct account *account);

/* Markup: only ever a literal. */
static inline void page_put(struct desk_page *page, struct slice markup)
{
	xhtml_put(&page->writer, markup);
}

/* Text between tags, and within an attribute's quotes. */
static inline void page_text(struct desk_page *page, struct slice text)
{
	xhtml_put_text(&page->writer, text);
}

static inline void page_value(struct desk_page *page, struct slice text)
{
	xhtml_put_value(&page->writer, text);
}

void page_number(struct desk_page *page, int64_t number);
/* Several lines as they are. */
void page_lines(struct desk_page *page, struct slice text);
/* A moment, or a day. */
void page_time(struct desk_page *page, struct slice time);
/* "RFC 6335, section 8.1", with a link to it. */
void page_section(struct desk_page *page, struct slice section);
void page_state(struct desk_page *page, enum desk_state state, enum procedure procedure);
/* "name 8080/tcp", or what there is of it. */
void page_subject(struct desk_page *page, const struct desk_request *request);
/* Whether a deadline is before today. */
bool page_is_overdue(const struct desk_page *page, const struct desk_request *request);

/* <form method="post" action="ACTION" ...> with the token against CSRF. */
void page_form_begin(struct desk_page *page, struct slice action, struct slice class_name);
void page_hidden(struct desk_page *page, struct slice name, struct slice value);
void page_hidden_number(struct desk_page *page, struct slice name, int64_t value);
/* A line to be typed, with its label; type "text", "password", "email", ... */
struct page_input {
	struct slice name, label, type, value, autocomplete, help;
	bool needed;
};
void page_input(struct desk_page *page, const struct page_input *input);
/* Whose password a form is about: for what keeps passwords, not for people. */
void page_username(struct desk_page *page, struct slice login);
/* What a role is for. */
void page_role_ports(struct desk_page *page, const struct account_role *role);
/* An <option>. */
void page_option(struct desk_page *page, struct slice value, struct slice text, bool selected);

/* A message above a form: what was done, or (alert) what is wrong. Ends with page_message_end(). */
void page_message(struct desk_page *page, bool alert, struct slice title);
void page_message_end(struct desk_page *page);

/* The requests as a table. */
struct page_table {
	struct desk_page *page;
	struct slice caption;
	size_t count, most;
	int64_t last; /* number of the last one that was written */
	bool more;    /* there are more than most */
	bool deadlines;
};
/* For desk_list() with most + 1. */
desk_request_handler page_table_row;
void page_table_end(struct page_table *table);

/* The findings of a check with their sections and precedents, as a list. */
void page_findings(struct desk_page *page, const struct preflight *preflight, bool links);

/* The filters of a list: states, procedures and words. */
struct page_filter {
	struct desk_filter filter;
	enum desk_state state;	  /* STATE_COUNT: all */
	enum procedure procedure; /* PROCEDURE_COUNT: all */
	bool mine;
};
void page_filter_read(struct desk_page *page, struct page_filter *ret_filter);
/* The form of it, and the link to the next page. */
void page_filter_form(struct desk_page *page, const struct page_filter *filter,
		      struct slice action);
void page_filter_more(struct desk_page *page, const struct page_filter *filter, struct slice action,
		      const struct page_table *table);

/* What a procedure is for, in a sentence. */
struct slice page_procedure_meaning(enum procedure procedure);
void page_cards(struct desk_page *page);

/* The pages. */
http_handler desk_front, desk_apply; /* also of a store without a desk */
page_handler desk_apply_form, desk_apply_post;
page_handler desk_request_page, desk_request_post, desk_amend_form, desk_amend_post;
page_handler desk_login_page, desk_login_post, desk_logout_post;
page_handler desk_me_page, desk_me_post, desk_me_export;
page_handler desk_queue_page;
page_handler desk_admin_page, desk_admin_post, desk_account_page, desk_account_post;

#endif
