/* Transports that are asked for, and DCCP's service codes. */
#include <stdio.h>

#include "base/number.h"
#include "base/utf8.h"
#include "preflight/checks.h"
#include "query/query.h"

/* RFC 4340, sections 8.1.2 and 19.8. */
enum { CODE_PRIVATE_FIRST = 0x3f000000, CODE_PRIVATE_LAST = 0x3fffffff };

static unsigned services_of(const struct image *image, enum transport transport)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < image_row_count(image); i++) {
		struct image_row_head head;

		count += image_row_head(image, i, &head) && head.state == ROW_ASSIGNED &&
			 head.transport == transport;
	}
	return count;
}

static void check_there(struct work *work)
{
	for (size_t i = 0; i < work->subject.count; i++) {
		struct row row;
		uint32_t others[ROWS_MAX];
		size_t count;

		image_row(work->image, work->subject.numbers[i], &row);
		count = query_name(work->image, row.shown[COLUMN_NAME], others, ROWS_MAX);
		for (size_t j = 0; j < count && j < ROWS_MAX; j++) {
			struct row other;

			image_row(work->image, others[j], &other);
			if (other.state != ROW_ASSIGNED || other.first_port != row.first_port ||
			    other.transport == TRANSPORT_NONE ||
			    !(work->application->transports >> other.transport & 1))
				continue;
			work_find(work, TRANSPORT_THERE, FIELD_TRANSPORTS,
				  "\"%.*s\" has %.*s already.", TEXT(brief(row.shown[COLUMN_NAME])),
				  TEXT(transport_name(other.transport)));
			work_precedent_row(work, others[j], SLICE_NONE);
			return;
		}
	}
}

void check_transports(struct work *work)
{
	unsigned transports = work->application->transports;

	if (!work_is(work, NAMING | IN(TRANSPORT)))
		return;
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		static const char *const titles[] = {"TCP", "UDP", "SCTP", "DCCP"};

		if (!(transports >> i & 1))
			continue;
		if (!(work->policy->transports >> i & 1))
			work_find(work, TRANSPORT_FOREIGN, FIELD_TRANSPORTS,
				  "This registry does not assign ports of %s.", titles[i]);
		else if (i >= TRANSPORT_SCTP && work->policy->publisher_rules)
			work_find(
				work, TRANSPORT_RARE, FIELD_TRANSPORTS,
				"%s has experts of its own, and few services (%u): say what of it "
				"the protocol uses that TCP and UDP do not have.",
				titles[i], services_of(work->image, (enum transport)i));
	}
	if (work_is(work, IN(TRANSPORT)))
		check_there(work);
}

/* The four bytes of a code, the first first. */
static void bytes_of(int64_t code, char ret_bytes[static 4])
{
	for (unsigned i = 0; i < 4; i++)
		ret_bytes[i] = (char)(code >> (24 - 8 * i) & 0xff);
}

/* RFC 4340, section 8.1.2: blanks, digits, capitals and what is among them. */
static bool needs_specification(const char bytes[static 4])
{
	for (unsigned i = 0; i < 4; i++) {
		char c = bytes[i];

		if (c != 32 && !(c >= 45 && c <= 57) && !(c >= 65 && c <= 90))
			return false;
	}
	return true;
}

/* RFC 4340, section 19.8: characters, the last ones perhaps blanks. */
static bool is_text(const char bytes[static 4])
{
	unsigned n = 4;

	while (n > 0 && bytes[n - 1] == ' ')
		n--;
	for (unsigned i = 0; i < n; i++) {
		char c = bytes[i];

		if (!(c >= 42 && c <= 43) && !(c >= 45 && c <= 57) && !(c >= 63 && c <= 90) &&
		    c != 95 && !(c >= 97 && c <= 122))
			return false;
	}
	return n > 0;
}

static void check_form(struct work *work, int64_t code)
{
	char bytes[4];

	bytes_of(code, bytes);
	if (code == 0 || code == UINT32_MAX ||
	    (code >= CODE_PRIVATE_FIRST && code <= CODE_PRIVATE_LAST))
		work_find(work, CODE_RESERVED, FIELD_SERVICE_CODE,
			  "The service code %lld is none that is assigned: 0 and 4294967295 have a "
			  "meaning, and 1056964608-1073741823 are for private use.",
			  (long long)code);
	else if (needs_specification(bytes) && !has_specification(work))
		work_find(work, CODE_SPECIFICATION, FIELD_SERVICE_CODE,
			  "The service code %lld (\"%.4s\") is of those that take a specification: "
			  "name one, or choose another code.",
			  (long long)code, bytes);
	else if (is_text(bytes))
		work_find(work, CODE_TEXT, FIELD_SERVICE_CODE,
			  "The service code %lld reads as \"%.4s\": documents should show both.",
			  (long long)code, bytes);
}

/* Against the codes that there are: each is of one service. */
static void check_taken(struct work *work, int64_t code)
{
	struct slice name = work->name;

	if (!name.p && work->subject.count > 0)
		name = image_row_text(work->image, work->subject.numbers[0], COLUMN_NAME);
	for (uint32_t i = 0; i < image_row_count(work->image); i++) {
		struct image_row_head head;
		struct slice text;
		uint64_t value;
		bool same_name, same_port;

		if (!image_row_head(work->image, i, &head) || head.transport != TRANSPORT_DCCP)
			continue;
		text = image_row_text(work->image, i, COLUMN_SERVICE_CODE);
		if (!number_parse(text, UINT32_MAX, &value))
			continue;
		same_name = utf8_fold_eq(image_row_text(work->image, i, COLUMN_NAME), name);
		same_port = !head.portless && work_is(work, PORTING) &&
			    head.first_port == work->first_port;
		if ((int64_t)value == code && !same_name) {
			work_find(work, CODE_TAKEN, FIELD_SERVICE_CODE,
				  "The service code %lld is that of \"%.*s\".", (long long)code,
				  TEXT(brief(image_row_text(work->image, i, COLUMN_NAME))));
			work_precedent_row(work, i, SLICE_NONE);
		} else if ((int64_t)value != code && (same_name || same_port)) {
			work_find(work, CODE_SEVERAL, FIELD_SERVICE_CODE,
				  "\"%.*s\" has a service code already: a further one takes Expert "
				  "Review.",
				  TEXT(brief(image_row_text(work->image, i, COLUMN_NAME))));
			work_precedent_row(work, i, SLICE_NONE);
		}
	}
}

/* Whether the service has a code that is registered. */
static bool has_code(const struct work *work)
{
	struct slice name = work->name;
	uint32_t rows[ROWS_MAX];
	size_t count;

	if (!name.p && work->subject.count > 0)
		name = image_row_text(work->image, work->subject.numbers[0], COLUMN_NAME);
	count = query_name(work->image, name, rows, ROWS_MAX);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		if (image_row_text(work->image, rows[i], COLUMN_SERVICE_CODE).n > 0)
			return true;
	}
	return false;
}

void check_codes(struct work *work)
{
	int64_t code = work->application->service_code;
	bool dccp = work->application->transports >> TRANSPORT_DCCP & 1;

	if (!work_is(work, NAMING | IN(TRANSPORT) | IN(SERVICE_CODE)))
		return;
	if (code < 0 || !work_value(work, FIELD_SERVICE_CODE).p) {
		if (dccp && !work_is(work, IN(SERVICE_CODE)) && !has_code(work))
			work_find(work, CODE_MISSING, FIELD_SERVICE_CODE,
				  "A service of DCCP has a service code; it is assigned before, or "
				  "together with, a port.");
		return;
	}
	if (!dccp && !work_is(work, IN(SERVICE_CODE)))
		work_find(work, CODE_WITHOUT_DCCP, FIELD_SERVICE_CODE,
			  "Only services of DCCP have a service code.");
	check_form(work, code);
	check_taken(work, code);
}
