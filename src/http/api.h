/*
 * Inside http/: the JSON API. docs/API.md tells it to its users, openapi.json to programs.
 *
 * Helpers return 0 where all is well; 1 where the response is a problem already, so that the
 * handler is done; or a negative fault.
 */
#ifndef PORTBOOK_HTTP_API_H
#define PORTBOOK_HTTP_API_H

#include "http/handlers.h"
#include "query/query.h"

/* Parameters of queries. */
enum api_parameter {
	API_PORT,
	API_NAME,
	API_SEARCH,
	API_TRANSPORT, /* from here on as in enum query_property */
	API_STATE,
	API_RANGE,
	API_UNAUTHORIZED,
	API_PORTLESS,
	API_SORT,
	API_AS_OF,
	API_LIMIT,
	API_CURSOR,
	API_FROM,
	API_TO,
	API_FOR,
	API_COUNT,
	API_NEAR,
	API_SEED,
	API_REQUEST_STATE, /* from here on of the desk */
	API_PROCEDURE,
	API_APPLICANT,
	API_REVIEWER,
	API_OVERDUE,
	API_QUEUE,
	API_MINE,
	API_PARAMETER_COUNT,
};

struct slice api_parameter_name(enum api_parameter parameter);

/* Bytes of a value, decoded. */
enum { API_VALUE_MAX = 512 };

struct api_values {
	struct strbuf text[API_PARAMETER_COUNT];
};

void api_values_done(struct api_values *values);

/* The value; absent where the parameter is not given, or is empty. */
struct slice api_value(const struct api_values *values, enum api_parameter parameter);

/* Reads the query into zeroed values. allowed is a mask of parameters: there are no others. */
int api_read(const struct http_request *request, unsigned allowed, struct api_values *values,
	     struct http_response *response) MUST_USE;

/* 400 that names the parameter. What of the text does not fit is left out. */
int api_refuse(struct http_response *response, enum api_parameter parameter, const char *format,
	       ...) PRINTF(3, 4) MUST_USE;
int api_not_found(struct http_response *response, const char *format, ...) PRINTF(2, 3) MUST_USE;

/* What a handler returns after a helper. */
static inline int api_end(int result, const struct http_response *response)
{
	if (result < 0)
		return result;
	return response->body.error ? FAULT_MEMORY : 0;
}

/* The words that a parameter may have, by index; absent past the last. Static. */
struct slice api_word(enum api_parameter parameter, unsigned index);
/* The index of one of them, in any letter case. */
int api_find_word(enum api_parameter parameter, struct slice word, unsigned *ret_index,
		  struct http_response *response) MUST_USE;

/* Words with commas between, each one of a parameter's, as a mask of their indices. */
int api_read_mask(const struct api_values *values, enum api_parameter parameter, unsigned *ret_mask,
		  struct http_response *response) MUST_USE;
/* The properties of rows that are asked for. */
int api_read_filter(const struct api_values *values, struct query_filter *ret_filter,
		    struct http_response *response) MUST_USE;
int api_read_sort(const struct api_values *values, struct sort_key keys[static COLUMN_COUNT],
		  size_t *ret_count, struct http_response *response) MUST_USE;

/* Holds the edition that as_of asks for, or else the newest. */
int api_hold(struct site *site, const struct api_values *values,
	     const struct site_edition **ret_edition, struct http_response *response) MUST_USE;

/* Begins a response that is made of an edition of that stamp. */
int api_respond(struct http_response *response, struct slice stamp) MUST_USE;

/* ,"edition":LABEL */
void api_put_edition(struct out *out, const struct site_edition *edition);

http_handler api_rows;
http_handler api_port, api_port_transport; /* /ports/{} and /ports/{}/{} */
http_handler api_service, api_person;
http_handler api_editions, api_diff;
http_handler api_log, api_log_transport; /* /log/{} and /log/{}/{} */
http_handler api_description;		 /* /openapi.json */

#endif
