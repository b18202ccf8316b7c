/* /desk/apply/PROCEDURE: an application is checked, and filed. */
#include "http/desk_form.h"

/* The procedure of the path, where this registry has it. 0; 1: it has not; a negative fault. */
static int find_procedure(struct desk_page *page, struct slice name, enum procedure *ret_procedure)
{
	int result;

	if (procedure_find(name, ret_procedure) &&
	    desk_policy(page->desk)->procedures >> *ret_procedure & 1)
		return 0;
	result = page_refuse(page, 404, SLICE("Not found"),
			     SLICE("This registry has no such requests."),
			     SLICE("policy, procedures"));
	return result < 0 ? result : 1;
}

int desk_apply_form(struct desk_page *page, const struct slice *captured)
{
	struct desk_form form CLEANUP(desk_form_done) = {.page = page};
	int result = find_procedure(page, captured[0], &form.procedure);

	if (result == 0)
		result = desk_form_read(&form);
	if (result == 0)
		result = desk_form_show(&form, 200);
	return result;
}

/* What was refused, beside what was typed. */
static int show_refusal(struct desk_form *form, int outcome, struct desk_refusal *refusal)
{
	preflight_done(&form->preflight);
	form->preflight = refusal->preflight;
	refusal->preflight = (struct preflight){};
	form->checked = form->preflight.count > 0;
	if (form->preflight.levels[PREFLIGHT_MUST] == 0)
		desk_form_refuse(form, refusal);
	return desk_form_show(form, page_status(outcome));
}

static int file(struct desk_form *form)
{
	struct desk_page *page = form->page;
	struct desk_refusal refusal = {};
	int64_t number;
	int result = desk_file(page->desk, page->account, &form->application, form->key, page->now,
			       &number, &refusal, &page->visitor.fault);

	if (result == DESK_DONE) {
		visitor_published(&page->visitor);
		result =
			page_go_number(page, SLICE("/desk/requests/"), number, SLICE("?done=file"));
	} else if (result > 0) {
		result = show_refusal(form, result, &refusal);
	}
	preflight_done(&refusal.preflight);
	return result;
}

/* Nothing typed is lost: what was not filed is shown again, with what is to be done. */
static int check_and(struct desk_form *form, int (*and_then)(struct desk_form *form))
{
	struct desk_page *page = form->page;
	bool check = slice_eq(page_field(page, SLICE("do")), SLICE("check"));
	int result = desk_form_check(form);

	if (result < 0)
		return result;
	if (result == 1)
		return desk_form_show(form, check ? 200 : 422);
	if (!page->account) {
		strbuf_add(&form->error,
			   SLICE("Nobody is logged in any more. Log in in another tab of this "
				 "browser, check it once more here, and then file it."));
		return desk_form_show(form, 401);
	}
	return and_then(form);
}

int desk_apply_post(struct desk_page *page, const struct slice *captured)
{
	struct desk_form form CLEANUP(desk_form_done) = {.page = page};
	int result = find_procedure(page, captured[0], &form.procedure);

	if (result == 0)
		result = desk_form_read(&form);
	if (result == 0)
		result = check_and(&form, file);
	return result;
}

/* -- Amending -- */

/* The request of the path, of this applicant. */
static int open_amend(struct desk_form *form, struct slice number, struct desk_request *request)
{
	struct desk_page *page = form->page;
	struct desk_refusal refusal = {};
	int result = page_need_account(page);

	if (result == 0)
		result = page_request(page, number, request);
	if (result != 0)
		return result;
	form->procedure = request->procedure;
	form->request = request->number;
	form->version = request->version;
	result = desk_may(page->desk, page->account, request, ACTION_AMEND, page->now, &refusal);
	if (result != DESK_DONE)
		result = page_refuse_outcome(page, result, &refusal);
	else
		return 0;
	return result < 0 ? result : 1;
}

int desk_amend_form(struct desk_page *page, const struct slice *captured)
{
	struct desk_form form CLEANUP(desk_form_done) = {.page = page};
	struct desk_request amended CLEANUP(desk_request_done) = {};
	int result = open_amend(&form, captured[0], &amended);

	if (result == 0)
		desk_form_fill(&form, &amended.application);
	if (result == 0)
		result = desk_form_show(&form, 200);
	return result;
}

static int amend(struct desk_form *form)
{
	struct desk_page *page = form->page;
	struct desk_refusal refusal = {};
	struct desk_act act = {.action = ACTION_AMEND,
			       .application = &form->application,
			       .version = form->version};
	int result = desk_do(page->desk, page->account, form->request, &act, page->now, &refusal,
			     &page->visitor.fault);

	if (result == DESK_DONE)
		result = page_go_number(page, SLICE("/desk/requests/"), form->request,
					SLICE("?done=amend"));
	else if (result > 0)
		result = show_refusal(form, result, &refusal);
	preflight_done(&refusal.preflight);
	return result;
}

int desk_amend_post(struct desk_page *page, const struct slice *captured)
{
	struct desk_form form CLEANUP(desk_form_done) = {.page = page};
	struct desk_request amended CLEANUP(desk_request_done) = {};
	int64_t now_version;
	int result = open_amend(&form, captured[0], &amended);

	now_version = form.version;
	if (result == 0)
		result = desk_form_read(&form);
	if (result == 0 && form.version != now_version) {
		form.version = now_version;
		strbuf_add(&form.error,
			   SLICE("The request was changed since you read it. What you typed is "
				 "here: look at the request, and file this if it is still right."));
		result = desk_form_show(&form, 409);
	} else if (result == 0) {
		result = check_and(&form, amend);
	}
	return result;
}
