/* What the fields of an application say, beyond being text. */
#include "application/application.h"
#include "base/number.h"
#include "record/date.h"

/* Says what is wrong with a field; to be returned. */
static int complain(struct application_problem *problem, size_t field, const char *text)
{
	problem->field = field;
	(void)fault_set(&problem->fault, 0, "%s", text);
	return 1;
}

/* The text before the next blank, or comma where it says so, cut from *text; empty at its end. */
static struct slice next_word(struct slice *text, char comma)
{
	size_t n = 0;
	struct slice word;

	while (text->n > 0 && (byte_is_blank(*text->p) || *text->p == comma))
		*text = slice_skip(*text, 1);
	while (n < text->n && !byte_is_blank(text->p[n]) && text->p[n] != comma)
		n++;
	word = (struct slice){text->p, n};
	*text = slice_skip(*text, n);
	return word;
}

static int read_procedure(struct application *application, struct application_problem *problem)
{
	struct slice text = application->values[FIELD_PROCEDURE];

	if (text.n == 0)
		return complain(problem, FIELD_PROCEDURE, "say what is asked for");
	if (!procedure_find(text, &application->procedure))
		return complain(problem, FIELD_PROCEDURE,
				"this is none of port, name, transport, service-code, early, "
				"renewal, modification, de-assignment, reuse, revocation, "
				"transfer, appeal");
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct application_field_info *info = application_field(i);

		if (!application->values[i].p || info->procedures >> application->procedure & 1)
			continue;
		problem->field = i;
		(void)fault_set(&problem->fault, 0, "this has no meaning where \"%s\" is asked for",
				procedure_name(application->procedure).p);
		return 1;
	}
	return 0;
}

static int read_ports(struct application *application, struct application_problem *problem)
{
	struct slice text = application->values[FIELD_PORTS];
	uint16_t first, last;

	application->first_port = application->last_port = -1;
	/* What asks for a port is never taken for a name alone. */
	application->wants_port = application->procedure == PROCEDURE_PORT ||
				  application->procedure == PROCEDURE_EARLY;
	application->any_port =
		application->wants_port && (text.n == 0 || slice_starts(text, SLICE("any")));
	if (text.n > 0 && application->any_port)
		text = slice_trim(slice_skip(text, 3));
	if (text.n == 0)
		return 0;
	if (!port_parse(text, &first, &last))
		return complain(problem, FIELD_PORTS,
				"this is no port: 8080, 8080-8081, any, or any 8000-8999");
	application->first_port = first;
	application->last_port = last;
	return 0;
}

/* Adds those that a list names. */
static int add_transports(struct slice text, size_t field, unsigned *transports,
			  struct application_problem *problem)
{
	for (struct slice word = next_word(&text, ','); word.n > 0; word = next_word(&text, ',')) {
		enum transport transport;

		if (!transport_parse(word, &transport) || transport == TRANSPORT_NONE)
			return complain(problem, field,
					"a transport protocol is tcp, udp, sctp or dccp");
		if (*transports >> transport & 1)
			return complain(problem, field, "a transport protocol is there twice");
		*transports |= 1U << transport;
	}
	return 0;
}

static int read_transports(struct application *application, struct application_problem *problem)
{
	application->transports = 0;
	return add_transports(application->values[FIELD_TRANSPORTS], FIELD_TRANSPORTS,
			      &application->transports, problem);
}

/* RFC 4340, section 8.1.2: what stands for itself in the text of a code. */
static bool is_code_byte(char c)
{
	return c == '*' || c == '+' || (c >= '-' && c <= '9') || (c >= '?' && c <= 'Z') ||
	       c == '_' || (c >= 'a' && c <= 'z');
}

static int read_service_code(struct application *application, struct application_problem *problem)
{
	struct slice text = application->values[FIELD_SERVICE_CODE];
	uint64_t number = 0;

	application->service_code = -1;
	if (!text.p)
		return 0;
	if (text.n >= 3 && text.n <= 6 && text.p[0] == '"' && text.p[text.n - 1] == '"') {
		for (size_t i = 0; i < 4; i++) {
			char c = i + 2 < text.n ? text.p[i + 1] : ' ';

			if (i + 2 < text.n && !is_code_byte(c))
				return complain(problem, FIELD_SERVICE_CODE,
						"the text of a code is of letters, digits and "
						"* + - . / ? @ _");
			number = number << 8 | (unsigned char)c;
		}
	} else if (!number_parse(text, UINT32_MAX, &number)) {
		return complain(problem, FIELD_SERVICE_CODE,
				"a code is a number of at most 4294967295, or one to four "
				"characters in quotes");
	}
	application->service_code = (int64_t)number;
	return 0;
}

static int check_date(struct application *application, struct application_problem *problem)
{
	struct slice text = application->values[FIELD_EXPIRES];
	struct date date;

	if (text.p && (!date_parse(text, &date) || date.day == 0))
		return complain(problem, FIELD_EXPIRES, "this is no date as 2027-01-31");
	return 0;
}

/* One address that mail can be sent to and nothing else: no names, routes or comments. */
static int check_address(struct application *application, size_t field,
			 struct application_problem *problem)
{
	static const char odd[] = " \"(),:;<>[\\]";
	struct slice text = application->values[field];
	size_t at = slice_find_byte(text, '@');
	bool good = at != (size_t)-1 && at > 0 && at + 1 < text.n;

	for (size_t i = 0; i < text.n && good; i++)
		good = !memchr(odd, text.p[i], sizeof(odd) - 1) && (text.p[i] != '@' || i == at);
	good = good && text.p[at + 1] != '.' && text.p[at + 1] != '-' && text.p[0] != '-' &&
	       !slice_ends(text, SLICE("."));
	return !text.p || good ? 0 : complain(problem, field, "this is no email address");
}

/* "8080", "8080-8081", "8080/tcp": 0, or 1 where it is none. A name may begin with digits, too. */
static bool is_port_like(struct slice word)
{
	struct slice number = slice_cut(&word, '/');

	for (size_t i = 0; i < number.n; i++) {
		if (!byte_is_digit(number.p[i]) && (number.p[i] != '-' || i == 0))
			return false;
	}
	return true;
}

static int read_port_of(struct slice word, struct application_subject *subject,
			struct application_problem *problem)
{
	struct slice number = slice_cut(&word, '/');
	uint16_t first, last;

	if (!port_parse(number, &first, &last))
		return complain(problem, FIELD_SUBJECT, "this is no port");
	subject->first_port = first;
	subject->last_port = last;
	if (!word.p)
		return 0;
	if (word.n == 0)
		return complain(problem, FIELD_SUBJECT, "a transport protocol is missing");
	return add_transports(word, FIELD_SUBJECT, &subject->transports, problem);
}

static int read_subject(struct application *application, struct application_problem *problem)
{
	struct slice text = application->values[FIELD_SUBJECT], word;
	struct application_subject *subject = &application->subject;
	uint64_t number;

	*subject = (struct application_subject){.first_port = -1, .last_port = -1};
	if (!text.p)
		return 0;
	if (application->procedure == PROCEDURE_APPEAL) {
		if (!number_parse(text, INT64_MAX, &number) || number == 0)
			return complain(problem, FIELD_SUBJECT,
					"an appeal is against a request, by its number");
		subject->request = (int64_t)number;
		return 0;
	}
	word = next_word(&text, ' ');
	if (!is_port_like(word)) {
		subject->name = word;
		word = next_word(&text, ' ');
	}
	if (next_word(&text, ' ').n > 0 || (word.n > 0 && !is_port_like(word)))
		return complain(problem, FIELD_SUBJECT,
				"this is none of NAME, PORT, PORT/TRANSPORT, NAME PORT/TRANSPORT");
	return word.n > 0 ? read_port_of(word, subject, problem) : 0;
}

int application_finish(struct application *application, struct application_problem *problem)
{
	int result = read_procedure(application, problem);

	if (result == 0)
		result = read_subject(application, problem);
	if (result == 0)
		result = read_ports(application, problem);
	if (result == 0)
		result = read_transports(application, problem);
	if (result == 0)
		result = read_service_code(application, problem);
	if (result == 0)
		result = check_date(application, problem);
	if (result == 0)
		result = check_address(application, FIELD_ASSIGNEE_EMAIL, problem);
	if (result == 0)
		result = check_address(application, FIELD_CONTACT_EMAIL, problem);
	return result;
}
