/*
 * Inside fetch/: one request and its answer. Redirects are not followed here, and of answers but
 * those of status 200 no body is read, unless an API is called.
 */
#ifndef PORTBOOK_FETCH_TRANSFER_H
#define PORTBOOK_FETCH_TRANSFER_H

#include "fetch/curl.h"
#include "fetch/fetch.h"

/* Why a transfer was ended from this side. */
enum transfer_end {
	TRANSFER_RUNS,
	TRANSFER_COMPLETE,
	TRANSFER_CANCELLED,
	TRANSFER_HEADERS_LARGE,
	TRANSFER_BODY_LARGE,
	TRANSFER_LENGTH_UNCLEAR,
	TRANSFER_NO_MEMORY,
};

struct transfer {
	const struct curl *curl;
	const struct fetch_request *request;
	const struct fetch_limits *limits;
	struct strbuf *body;
	CURL *easy;
	struct curl_slist *headers;
	uint64_t deadline; /* for all that is done with it, as now_ms() counts */
	char error[CURL_ERROR_SIZE];
	/* Of the answer */
	enum transfer_end end;
	size_t header_size;
	uint64_t length; /* as announced, where has_length */
	bool has_length, headers_complete;
	bool transient; /* what went wrong may go well in a moment */
	long status;
};

/* All are borrowed until transfer_done, and the time begins. 0 or a negative fault. */
int transfer_init(struct transfer *transfer, const struct curl *curl,
		  const struct fetch_request *request, const struct fetch_limits *limits,
		  struct strbuf *body, struct fault *fault) MUST_USE;
/* Harmless on zeroed memory. */
void transfer_done(struct transfer *transfer);

/* Milliseconds until limits->total_ms are over, which began at transfer_init. */
uint64_t transfer_time_left(const struct transfer *transfer);

/*
 * Asks for url. 0: an answer of transfer->status is there,
 * and its body where that is 200 or an API was called; FETCH_CANCELLED; or a negative fault.
 */
int transfer_run(struct transfer *transfer, CURLU *url, struct fault *fault) MUST_USE;

/* The value of a header of the answer, borrowed until the next transfer; absent: none. */
struct slice transfer_header(const struct transfer *transfer, const char *name);

/* Seconds that the answer asks to wait; 0: it does not. */
uint64_t transfer_retry_after(const struct transfer *transfer);

/*
 * Whether an ETag or Last-Modified is kept and sent: printable ASCII, of a sensible length. Others
 * could break out of a header, or of a line.
 */
bool transfer_is_validator(struct slice value);

#endif
