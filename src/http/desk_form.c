#include "http/desk_form.h"

#include <sys/random.h>

#include "base/number.h"

void desk_form_done(struct desk_form *form)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		strbuf_done(&form->errors[i]);
	strbuf_done(&form->error);
	application_done(&form->application);
	preflight_done(&form->preflight);
	arena_done(&form->arena);
	*form = (struct desk_form){};
}

/*
 * Whether a field has a place in the form: what is asked for is the page itself, and service codes
 * are for registries that have DCCP.
 */
static bool has_field(const struct desk_form *form, size_t field)
{
	const struct policy *policy = desk_policy(form->page->desk);

	if (field == FIELD_SERVICE_CODE && !(policy->transports >> TRANSPORT_DCCP & 1))
		return false;
	return field != FIELD_PROCEDURE && field < FIELD_COUNT &&
	       application_field(field)->procedures >> form->procedure & 1;
}

/* All that was checked of the transports. */
static int read_transports(struct desk_form *form)
{
	struct strbuf text CLEANUP(strbuf_done) = {};
	bool failed = false;
	struct slice value;

	for (size_t i = 0;
	     (value = form_value(&form->page->visitor.form, SLICE("transports"), i)).p; i++) {
		strbuf_add(&text, i > 0 ? SLICE(" ") : SLICE(""));
		strbuf_add(&text, value);
	}
	form->values[FIELD_TRANSPORTS] = arena_copy(&form->arena, strbuf_slice(&text), &failed);
	return text.failed || failed ? FAULT_MEMORY : 0;
}

/* A key that no other form has, so that one that is sent twice is filed once. */
static int make_key(struct desk_form *form)
{
	unsigned char bytes[16];
	char key[2 * sizeof(bytes)];
	bool failed = false;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return 0;
	hex_write(bytes, sizeof(bytes), key);
	form->key = arena_copy(&form->arena, (struct slice){key, sizeof(key)}, &failed);
	return failed ? FAULT_MEMORY : 0;
}

/* What the account says of itself stands there to begin with. */
static void offer(struct desk_form *form)
{
	const struct account *account = form->page->account;

	if (!account || form->procedure == PROCEDURE_MODIFICATION ||
	    form->procedure == PROCEDURE_TRANSFER)
		return;
	if (!form->values[FIELD_CONTACT_NAME].p)
		form->values[FIELD_CONTACT_NAME] = account->name;
	if (!form->values[FIELD_CONTACT_EMAIL].p)
		form->values[FIELD_CONTACT_EMAIL] = account->email;
	if (!form->values[FIELD_ASSIGNEE_NAME].p)
		form->values[FIELD_ASSIGNEE_NAME] = account->name;
	if (!form->values[FIELD_ASSIGNEE_EMAIL].p)
		form->values[FIELD_ASSIGNEE_EMAIL] = account->email;
}

int desk_form_read(struct desk_form *form)
{
	bool posted = form->page->request->method == HTTP_POST;
	int result = 0;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (has_field(form, i))
			form->values[i] = page_field(form->page, application_field(i)->key);
	}
	if (posted && has_field(form, FIELD_TRANSPORTS))
		result = read_transports(form);
	form->version = page_field_number(form->page, SLICE("version"));
	form->key = page_field(form->page, SLICE("key"));
	if (result == 0 && !form->key.p)
		result = make_key(form);
	if (!posted)
		offer(form);
	return result;
}

void desk_form_fill(struct desk_form *form, const struct application *application)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (has_field(form, i))
			form->values[i] = application->values[i];
	}
}

static void add_error(struct strbuf *errors, struct slice text)
{
	strbuf_add(errors, errors->n > 0 ? SLICE("\n") : SLICE(""));
	strbuf_add(errors, text);
}

static struct strbuf *errors_of(struct desk_form *form, size_t field)
{
	return has_field(form, field) ? &form->errors[field] : &form->error;
}

/* 0, or 1 with the errors of form. */
static int make_application(struct desk_form *form)
{
	struct application_problem problem = {};
	bool bad = false;
	int result = application_set(&form->application, SLICE("procedure"),
				     procedure_name(form->procedure), &problem);

	for (size_t i = 0; i < FIELD_COUNT && result >= 0; i++) {
		if (!has_field(form, i) || !form->values[i].p)
			continue;
		result = application_set(&form->application, application_field(i)->key,
					 form->values[i], &problem);
		if (result == 1) {
			add_error(&form->errors[i], slice_cstr(problem.fault.text));
			bad = true;
		}
	}
	if (result >= 0 && !bad) {
		result = application_finish(&form->application, &problem);
		if (result == 1)
			add_error(errors_of(form, problem.field), slice_cstr(problem.fault.text));
		bad = result == 1;
	}
	return result < 0 ? result : bad;
}

int desk_form_check(struct desk_form *form)
{
	struct desk_page *page = form->page;
	bool check = slice_eq(page_field(page, SLICE("do")), SLICE("check"));
	bool anyway = page_field(page, SLICE("anyway")).n > 0;
	int result = make_application(form);

	if (result != 0)
		return result;
	result = desk_check(page->desk, &form->application, page->now, &form->preflight,
			    &page->visitor.fault);
	if (result < 0)
		return result;
	form->checked = true;
	form->asks_anyway = form->preflight.levels[PREFLIGHT_MUST] == 0 &&
			    form->preflight.levels[PREFLIGHT_SHOULD] > 0;
	return check || form->preflight.levels[PREFLIGHT_MUST] > 0 ||
	       (form->asks_anyway && !anyway);
}

void desk_form_refuse(struct desk_form *form, struct desk_refusal *refusal)
{
	struct strbuf *errors = errors_of(form, application_field_find(slice_cstr(refusal->field)));

	add_error(errors, slice_cstr(refusal->why.text));
	if (refusal->section[0]) {
		strbuf_add(errors, SLICE(" ("));
		strbuf_add(errors, slice_cstr(refusal->section));
		strbuf_add(errors, SLICE(")"));
	}
}

/* -- The page -- */

/* What the pre-flight of nothing at all asks for: so the marks say what the checks say. */
static int read_demands(struct desk_form *form,
			enum preflight_level ret_demands[static FIELD_COUNT])
{
	struct application empty = {};
	struct application_problem problem = {};
	struct preflight preflight = {};
	struct desk_page *page = form->page;
	int result = application_set(&empty, SLICE("procedure"), procedure_name(form->procedure),
				     &problem);

	memset(ret_demands, 0, FIELD_COUNT * sizeof(*ret_demands));
	if (result == 0)
		result = application_finish(&empty, &problem);
	if (result == 0)
		result =
			desk_check(page->desk, &empty, page->now, &preflight, &page->visitor.fault);
	for (size_t i = 0; result == 0 && i < preflight.count; i++) {
		const struct preflight_finding *finding = &preflight.findings[i];

		if (finding->field < FIELD_COUNT &&
		    finding->check->level > ret_demands[finding->field])
			ret_demands[finding->field] = finding->check->level;
	}
	preflight_done(&preflight);
	application_done(&empty);
	return result < 0 ? result : 0;
}

/* Whether something is to be said of the field, below its help. */
static bool has_finding(const struct desk_form *form, size_t field)
{
	for (size_t i = 0; i < form->preflight.count; i++) {
		if (form->preflight.findings[i].field == field)
			return true;
	}
	return form->errors[field].n > 0;
}

static bool is_wrong(const struct desk_form *form, size_t field)
{
	for (size_t i = 0; i < form->preflight.count; i++) {
		if (form->preflight.findings[i].field == field &&
		    form->preflight.findings[i].check->level == PREFLIGHT_MUST)
			return true;
	}
	return form->errors[field].n > 0;
}

static void put_findings(struct desk_form *form, size_t field)
{
	static const struct slice words[] = {SLICE("Note: "), SLICE("Should: "), SLICE("Must: ")};
	struct desk_page *page = form->page;

	page_put(page, SLICE("<div class=\"said\" id=\"error-"));
	page_value(page, application_field(field)->key);
	page_put(page, SLICE("\">"));
	if (form->errors[field].n > 0) {
		page_put(page, SLICE("<p class=\"must\">"));
		page_lines(page, strbuf_slice(&form->errors[field]));
		page_put(page, SLICE("</p>"));
	}
	for (size_t i = 0; i < form->preflight.count; i++) {
		const struct preflight_finding *finding = &form->preflight.findings[i];

		if (finding->field != field)
			continue;
		page_put(page, finding->check->level == PREFLIGHT_MUST ? SLICE("<p class=\"must\">")
								       : SLICE("<p>"));
		page_put(page, words[finding->check->level]);
		page_text(page, finding->text);
		page_put(page, SLICE("</p>"));
	}
	page_put(page, SLICE("</div>"));
}

static void put_attributes(struct desk_form *form, size_t field, enum preflight_level demand)
{
	const struct application_field_info *info = application_field(field);
	struct desk_page *page = form->page;

	page_put(page, SLICE(" aria-describedby=\"help-"));
	page_value(page, info->key);
	if (has_finding(form, field)) {
		page_put(page, SLICE(" error-"));
		page_value(page, info->key);
	}
	page_put(page, demand == PREFLIGHT_MUST ? SLICE("\" aria-required=\"true\"") : SLICE("\""));
	page_put(page, is_wrong(form, field) ? SLICE(" aria-invalid=\"true\"") : SLICE(""));
}

static void put_label(struct desk_form *form, size_t field, enum preflight_level demand)
{
	struct desk_page *page = form->page;

	page_text(page, application_field(field)->label);
	if (demand == PREFLIGHT_MUST)
		page_put(page, SLICE(" <span class=\"tag\">needed</span>"));
	else if (demand == PREFLIGHT_SHOULD)
		page_put(page, SLICE(" <span class=\"tag\">asked for</span>"));
}

/* "any 1024-49151: Expert Review", for each range that ports are assigned from. */
static void put_ranges(struct desk_page *page)
{
	const struct policy *policy = desk_policy(page->desk);

	page_put(page, SLICE(" Any port of a range: "));
	for (size_t i = 0, count = 0; i < policy->range_count; i++) {
		const struct policy_range *range = &policy->ranges[i];

		if (range->first < 0 || range->method->never)
			continue;
		page_put(page, count++ > 0 ? SLICE(", <b class=\"mono\">any ")
					   : SLICE("<b class=\"mono\">any "));
		page_number(page, range->first);
		page_put(page, SLICE("-"));
		page_number(page, range->last);
		page_put(page, SLICE("</b> ("));
		page_text(page, range->method->title);
		page_put(page, SLICE(")"));
	}
	page_put(page, SLICE("."));
}

static void put_help(struct desk_form *form, size_t field)
{
	const struct application_field_info *info = application_field(field);
	struct desk_page *page = form->page;

	page_put(page, SLICE("<p class=\"help\" id=\"help-"));
	page_value(page, info->key);
	page_put(page, SLICE("\">"));
	page_text(page, info->help);
	if (field == FIELD_PORTS)
		put_ranges(page);
	page_put(page, SLICE(" <small>"));
	page_section(page, info->section);
	page_put(page, SLICE("</small></p>"));
}

/* Whether a word is among those of a text. */
static bool has_word(struct slice text, struct slice word)
{
	struct slice rest = text;

	while (rest.p) {
		if (slice_eq(slice_cut(&rest, ' '), word))
			return true;
	}
	return false;
}

static void put_transports(struct desk_form *form, enum preflight_level demand)
{
	struct desk_page *page = form->page;
	bool first = true;

	page_put(page, SLICE("<fieldset class=\"field\" aria-describedby=\"help-transports"));
	page_put(page, has_finding(form, FIELD_TRANSPORTS) ? SLICE(" error-transports\">")
							   : SLICE("\">"));
	page_put(page, SLICE("<legend>"));
	put_label(form, FIELD_TRANSPORTS, demand);
	page_put(page, SLICE("</legend>"));
	put_help(form, FIELD_TRANSPORTS);
	if (has_finding(form, FIELD_TRANSPORTS))
		put_findings(form, FIELD_TRANSPORTS);
	page_put(page, SLICE("<div class=\"checks\">"));
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		struct slice name = transport_name((enum transport)i);

		if (!(desk_policy(page->desk)->transports >> i & 1))
			continue;
		page_put(page, SLICE("<label class=\"check\"><input type=\"checkbox\" "
				     "name=\"transports\" value=\""));
		page_value(page, name);
		page_put(page, first ? SLICE("\" id=\"f-transports\"") : SLICE("\""));
		page_put(page, has_word(form->values[FIELD_TRANSPORTS], name)
				       ? SLICE(" checked=\"checked\" /> ")
				       : SLICE(" /> "));
		page_text(page, name);
		page_put(page, SLICE("</label>"));
		first = false;
	}
	page_put(page, SLICE("</div></fieldset>\n"));
}

static struct slice autocomplete_of(size_t field)
{
	switch (field) {
	case FIELD_CONTACT_NAME:
		return SLICE(" autocomplete=\"name\"");
	case FIELD_CONTACT_EMAIL:
		return SLICE(" type=\"email\" autocomplete=\"email\"");
	case FIELD_ASSIGNEE_EMAIL:
		return SLICE(" type=\"email\"");
	case FIELD_NAME:
	case FIELD_PORTS:
	case FIELD_SUBJECT:
		return SLICE(" spellcheck=\"false\" autocapitalize=\"none\" autocomplete=\"off\" "
			     "class=\"mono\"");
	default:
		return SLICE("");
	}
}

static void put_field(struct desk_form *form, size_t field, enum preflight_level demand)
{
	const struct application_field_info *info = application_field(field);
	struct desk_page *page = form->page;

	if (field == FIELD_TRANSPORTS) {
		put_transports(form, demand);
		return;
	}
	page_put(page, SLICE("<div class=\"field\"><label for=\"f-"));
	page_value(page, info->key);
	page_put(page, SLICE("\">"));
	put_label(form, field, demand);
	page_put(page, SLICE("</label>"));
	put_help(form, field);
	if (has_finding(form, field))
		put_findings(form, field);
	page_put(page,
		 info->lines ? SLICE("<textarea rows=\"3\" id=\"f-") : SLICE("<input id=\"f-"));
	page_value(page, info->key);
	page_put(page, SLICE("\" name=\""));
	page_value(page, info->key);
	page_put(page, SLICE("\" maxlength=\""));
	page_number(page, info->most);
	page_put(page, SLICE("\""));
	page_put(page, autocomplete_of(field));
	put_attributes(form, field, demand);
	if (info->lines) {
		/* A browser takes one line feed away here. */
		page_put(page, SLICE(">\n"));
		page_text(page, form->values[field]);
		page_put(page, SLICE("</textarea></div>\n"));
		return;
	}
	page_put(page, SLICE(" value=\""));
	page_value(page, form->values[field]);
	page_put(page, SLICE("\" /></div>\n"));
}

/* Whether a field is among those that most leave empty. */
static bool is_spare(const struct desk_form *form, size_t field, enum preflight_level demand)
{
	const uint64_t usual = 1u << FIELD_SUBJECT | 1u << FIELD_NAME | 1u << FIELD_PORTS |
			       1u << FIELD_TRANSPORTS | 1u << FIELD_DESCRIPTION |
			       1u << FIELD_REFERENCE | 1u << FIELD_REASON;

	return !(usual >> field & 1) && application_field(field)->privacy != FIELD_UNTIL_GRANTED &&
	       form->procedure != PROCEDURE_MODIFICATION && demand < PREFLIGHT_SHOULD &&
	       form->values[field].n == 0 && !has_finding(form, field);
}

static bool is_of(const struct desk_form *form, size_t field, enum application_privacy privacy)
{
	return has_field(form, field) && application_field(field)->privacy == privacy;
}

static void put_group(struct desk_form *form, enum application_privacy privacy,
		      const enum preflight_level demands[static FIELD_COUNT])
{
	static const struct slice titles[] = {
		[FIELD_PUBLIC] = SLICE("Public"),
		[FIELD_UNTIL_GRANTED] = SLICE("Public once it is granted"),
		[FIELD_PRIVATE] = SLICE("For those who review it"),
	};
	static const struct slice notes[] = {
		[FIELD_PUBLIC] = SLICE("Anybody sees this as soon as it is filed."),
		[FIELD_UNTIL_GRANTED] = SLICE("Only reviewers see this before; the registry shows "
					      "it once it is assigned."),
		[FIELD_PRIVATE] = SLICE("This is never published."),
	};
	struct desk_page *page = form->page;
	size_t fields = 0, spare = 0;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		fields += is_of(form, i, privacy);
		spare += is_of(form, i, privacy) && is_spare(form, i, demands[i]);
	}
	if (fields == 0)
		return;
	page_put(page, SLICE("<fieldset class=\"group\"><legend>"));
	page_put(page, titles[privacy]);
	page_put(page, SLICE("</legend><p class=\"quiet\">"));
	page_put(page, notes[privacy]);
	page_put(page, SLICE("</p>\n"));
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (is_of(form, i, privacy) && !is_spare(form, i, demands[i]))
			put_field(form, i, demands[i]);
	}
	if (spare > 0) {
		page_put(page, SLICE("<details><summary>More that may be said ("));
		page_number(page, (int64_t)spare);
		page_put(page, SLICE(")</summary>\n"));
	}
	for (size_t i = 0; spare > 0 && i < FIELD_COUNT; i++) {
		if (is_of(form, i, privacy) && is_spare(form, i, demands[i]))
			put_field(form, i, demands[i]);
	}
	page_put(page, spare > 0 ? SLICE("</details></fieldset>\n") : SLICE("</fieldset>\n"));
}

static void put_errors(struct desk_form *form)
{
	struct desk_page *page = form->page;

	page_put(page, SLICE("<ul class=\"findings\">"));
	if (form->error.n > 0) {
		page_put(page, SLICE("<li class=\"finding must\">"));
		page_lines(page, strbuf_slice(&form->error));
		page_put(page, SLICE("</li>"));
	}
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (form->errors[i].n == 0)
			continue;
		page_put(page, SLICE("<li class=\"finding must\"><a href=\"#f-"));
		page_value(page, application_field(i)->key);
		page_put(page, SLICE("\">"));
		page_text(page, application_field(i)->label);
		page_put(page, SLICE("</a>: "));
		page_lines(page, strbuf_slice(&form->errors[i]));
		page_put(page, SLICE("</li>\n"));
	}
	page_put(page, SLICE("</ul>\n"));
}

/* What there is to say of what was typed, above the form. */
static void put_summary(struct desk_form *form)
{
	struct desk_page *page = form->page;
	const struct preflight *preflight = &form->preflight;
	bool wrong = form->error.n > 0;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		wrong |= form->errors[i].n > 0;
	if (wrong) {
		page_message(page, true, SLICE("It is not filed yet: mend this first"));
		put_errors(form);
		page_message_end(page);
	}
	if (!form->checked || (wrong && preflight->count == 0))
		return;
	if (preflight->levels[PREFLIGHT_MUST] > 0)
		page_message(page, true, SLICE("It cannot be filed like this"));
	else if (preflight->levels[PREFLIGHT_SHOULD] > 0)
		page_message(page, false, SLICE("Reviewers will ask about this"));
	else
		page_message(page, false,
			     preflight->count > 0
				     ? SLICE("It may be filed as it is. Worth knowing:")
				     : SLICE("It may be filed as it is"));
	if (preflight->count > 0)
		page_findings(page, preflight, true);
	page_message_end(page);
}

static void put_end(struct desk_form *form)
{
	struct desk_page *page = form->page;

	page_put(page, SLICE("<div class=\"submit\">"));
	if (form->asks_anyway)
		page_put(page, SLICE("<label class=\"check\"><input type=\"checkbox\" "
				     "name=\"anyway\" value=\"1\" id=\"f-anyway\" /> File it "
				     "anyway, with what is only recommended left open</label>"));
	page_put(page, SLICE("<button type=\"submit\" name=\"do\" value=\"check\">Check"
			     "</button>"));
	if (page->account) {
		page_put(page, SLICE("<button type=\"submit\" class=\"first\" name=\"do\" "
				     "value=\"file\">"));
		page_put(page, form->request ? SLICE("File in its place") : SLICE("File"));
		page_put(page, SLICE("</button>"));
	}
	page_put(page, SLICE("</div></form>\n"));
}

static void put_head(struct desk_form *form)
{
	struct desk_page *page = form->page;

	if (form->request) {
		page_put(page, SLICE("<p class=\"kicker\"><a href=\"/desk/requests/"));
		page_number(page, form->request);
		page_put(page, SLICE("\">Request "));
		page_number(page, form->request);
		page_put(page, SLICE("</a></p><h1>Amend: "));
	} else {
		page_put(page, SLICE("<p class=\"kicker\"><a href=\"/desk/apply\">Request</a></p>"
				     "<h1>"));
	}
	page_text(page, procedure_title(form->procedure));
	page_put(page, SLICE("</h1>\n<p class=\"lead\">"));
	page_text(page, page_procedure_meaning(form->procedure));
	page_put(page, SLICE(" <small>"));
	page_section(page, procedure_section(form->procedure));
	page_put(page, SLICE("</small></p>\n"));
	if (!page->account) {
		page_put(page,
			 SLICE("<p class=\"note\">You can check an application without an "
			       "account. To file it, <a href=\"/desk/login?next=/desk/apply/"));
		page_put(page, procedure_name(form->procedure));
		page_put(page, SLICE("\">log in</a> first.</p>\n"));
	}
}

int desk_form_show(struct desk_form *form, unsigned status)
{
	enum preflight_level demands[FIELD_COUNT];
	struct desk_page *page = form->page;
	struct strbuf action CLEANUP(strbuf_done) = {};
	int result = page_begin(page, status, procedure_title(form->procedure),
				form->request ? SLICE_NONE : SLICE("/desk/apply"));

	if (result == 0)
		result = read_demands(form, demands);
	if (result < 0)
		return result;
	put_head(form);
	put_summary(form);
	strbuf_add(&action, form->request ? SLICE("/desk/requests/") : SLICE("/desk/apply/"));
	if (form->request)
		strbuf_add_uint(&action, (uint64_t)form->request);
	strbuf_add(&action, form->request ? SLICE("/amend") : procedure_name(form->procedure));
	page_form_begin(page, strbuf_slice(&action), SLICE("application"));
	page_hidden(page, SLICE("key"), form->key);
	if (form->request)
		page_hidden_number(page, SLICE("version"), form->version);
	for (unsigned i = 0; i <= FIELD_PRIVATE; i++)
		put_group(form, (enum application_privacy)i, demands);
	put_end(form);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (form->errors[i].failed)
			return FAULT_MEMORY;
	}
	return action.failed || form->error.failed ? FAULT_MEMORY : page_end(page);
}
