/*
 * What must hold of the answer to any request: a status that is meant, headers of one line each,
 * and a body that is what its type says, in which nothing that came from outside is markup.
 */
#ifndef PORTBOOK_FUZZ_ANSWERS_H
#define PORTBOOK_FUZZ_ANSWERS_H

#include <expat.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "http/http.h"

static inline bool answer_take(struct slice *text, struct slice what)
{
	bool is_there = slice_starts(*text, what);

	*text = slice_skip(*text, is_there ? what.n : 0);
	return is_there;
}

static inline size_t answer_take_of(struct slice *text, const char *bytes)
{
	size_t n = 0;

	while (n < text->n && text->p[n] && strchr(bytes, text->p[n]))
		n++;
	*text = slice_skip(*text, n);
	return n;
}

static inline void must_be_json_string(struct slice *text)
{
	must(answer_take(text, SLICE("\"")));
	while (!answer_take(text, SLICE("\""))) {
		must(text->n > 0 && (unsigned char)text->p[0] >= ' ');
		if (answer_take(text, SLICE("\\u"))) {
			for (unsigned i = 0; i < 4; i++) {
				must(text->n > 0 && text->p[0] &&
				     strchr("0123456789abcdefABCDEF", text->p[0]));
				*text = slice_skip(*text, 1);
			}
		} else if (answer_take(text, SLICE("\\"))) {
			must(text->n > 0 && text->p[0] && strchr("\"\\/bfnrt", text->p[0]));
			*text = slice_skip(*text, 1);
		} else {
			*text = slice_skip(*text, 1);
		}
	}
}

/* RFC 8259; numbers without a fraction or an exponent, as they are here. */
static inline void must_be_json_value(struct slice *text, unsigned depth)
{
	bool is_object = slice_starts(*text, SLICE("{"));

	must(depth < 32);
	if (slice_starts(*text, SLICE("\""))) {
		must_be_json_string(text);
	} else if (is_object || slice_starts(*text, SLICE("["))) {
		struct slice end = is_object ? SLICE("}") : SLICE("]");

		*text = slice_skip(*text, 1);
		answer_take_of(text, " \t\r\n");
		for (bool first = true; !answer_take(text, end); first = false) {
			must(first || answer_take(text, SLICE(",")));
			answer_take_of(text, " \t\r\n");
			if (is_object) {
				must_be_json_string(text);
				answer_take_of(text, " \t\r\n");
				must(answer_take(text, SLICE(":")));
				answer_take_of(text, " \t\r\n");
			}
			must_be_json_value(text, depth + 1);
			answer_take_of(text, " \t\r\n");
		}
	} else if (!answer_take(text, SLICE("true")) && !answer_take(text, SLICE("false")) &&
		   !answer_take(text, SLICE("null"))) {
		answer_take(text, SLICE("-"));
		must(answer_take(text, SLICE("0")) || answer_take_of(text, "0123456789") > 0);
	}
}

static inline void must_be_json(struct slice text)
{
	must_be_json_value(&text, 0);
	answer_take_of(&text, " \t\r\n");
	must(text.n == 0);
}

/* Where a link of a page may lead. */
static inline bool answer_is_address(struct slice address)
{
	static const struct slice starts[] = {
		SLICE("/"),	  SLICE("#"),	     SLICE("?"),
		SLICE("http://"), SLICE("https://"), SLICE("mailto:"),
		SLICE("ftp://"),  SLICE("tel:"),     SLICE("data:image/")};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		if (slice_starts(address, starts[i]))
			return true;
	}
	return false;
}

/* Scripts are files of the server's own, and nothing but links leads away. */
static inline void answer_element(void *context, const char *name, const char **attributes)
{
	struct slice script = SLICE_NONE;

	(void)context;
	for (; *attributes; attributes += 2) {
		struct slice key = slice_cstr(attributes[0]), value = slice_cstr(attributes[1]);

		must(!slice_starts(key, SLICE("on")) && !slice_eq(key, SLICE("style")));
		if (slice_eq(key, SLICE("src")))
			script = value;
		if (slice_eq(key, SLICE("href")) || slice_eq(key, SLICE("src")) ||
		    slice_eq(key, SLICE("action")))
			must(answer_is_address(value) && !slice_starts(value, SLICE("//")));
	}
	must(strcmp(name, "iframe") != 0 && strcmp(name, "object") != 0 &&
	     strcmp(name, "style") != 0);
	must(strcmp(name, "script") != 0 || slice_starts(script, SLICE("/ui/")));
}

static inline void must_be_xml(struct slice text, bool is_page)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	must(parser);
	if (is_page)
		XML_SetStartElementHandler(parser, answer_element);
	must(XML_Parse(parser, text.p, (int)text.n, 1) == XML_STATUS_OK);
	XML_ParserFree(parser);
}

/* Before it is compressed. */
static inline void must_be_body(struct slice type, struct slice body)
{
	size_t bad;

	if (slice_starts(type, SLICE("image/png")))
		return;
	must(utf8_valid(body, &bad));
	if (slice_find(type, SLICE("json")) != (size_t)-1)
		must_be_json(body);
	else if (slice_find(type, SLICE("html")) != (size_t)-1)
		must_be_xml(body, true);
	else if (slice_find(type, SLICE("xml")) != (size_t)-1)
		must_be_xml(body, false);
}

static inline void must_be_status(unsigned status)
{
	static const unsigned meant[] = {200, 204, 206, 302, 304, 308, 400, 404, 405, 416};
	bool is_meant = false;

	for (size_t i = 0; i < ARRAY_SIZE(meant); i++)
		is_meant |= meant[i] == status;
	must(is_meant);
}

static inline bool answer_has(const struct http_response *response, struct slice name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (utf8_fold_eq(response->headers[i].name, name))
			return true;
	}
	return false;
}

/* Each of them once, in one line of what may stand there. */
static inline void must_be_headers(const struct http_response *response)
{
	must(response->header_count <= ARRAY_SIZE(response->headers));
	for (size_t i = 0; i < response->header_count; i++) {
		struct slice name = response->headers[i].name, value = response->headers[i].value;

		must(name.n > 0 && value.p);
		for (size_t k = 0; k < name.n; k++)
			must(byte_is_letter(name.p[k]) || byte_is_digit(name.p[k]) ||
			     name.p[k] == '-');
		for (size_t k = 0; k < value.n; k++)
			must((unsigned char)value.p[k] >= ' ' && value.p[k] != 0x7f);
		for (size_t k = 0; k < i; k++)
			must(!utf8_fold_eq(response->headers[k].name, name));
	}
	must(answer_has(response, SLICE("X-Content-Type-Options")));
	must(answer_has(response, SLICE("Content-Security-Policy")));
	must(answer_has(response, SLICE("Cache-Control")));
}

#endif
