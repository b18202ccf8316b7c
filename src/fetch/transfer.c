/*
 * libcurl is told to ignore Content-Length: it would take the part of a longer answer that it
 * announces for all of it. The bytes received are counted and compared here.
 */
#include "fetch/transfer.h"

#include <inttypes.h>
#include <time.h>

#include "base/number.h"

enum {
	HEADERS_MAX = 64 * 1024,
	VALIDATOR_MAX = 256,
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t transfer_time_left(const struct transfer *transfer)
{
	uint64_t now = now_ms();

	return now < transfer->deadline ? transfer->deadline - now : 0;
}

/*
 * What a callback of libcurl returns to go no further: not what it was given, which is never 0.
 * The first reason stands: progress is called once more after it.
 */
static size_t end(struct transfer *transfer, enum transfer_end why)
{
	if (transfer->end == TRANSFER_RUNS)
		transfer->end = why;
	return 0;
}

struct slice transfer_header(const struct transfer *transfer, const char *name)
{
	struct curl_header *header;

	if (transfer->curl->easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return SLICE_NONE;
	return slice_cstr(header->value);
}

/* RFC 9112, section 6.3: of a chunked answer, Content-Length says nothing. */
static bool read_length(struct transfer *transfer)
{
	struct curl_header *header;

	if (transfer_header(transfer, "Transfer-Encoding").p ||
	    transfer->curl->easy_header(transfer->easy, "Content-Length", 0, CURLH_HEADER, -1,
					&header) != CURLHE_OK)
		return true;
	transfer->has_length = true;
	return header->amount == 1 &&
	       number_parse(slice_cstr(header->value), INT64_MAX, &transfer->length);
}

/* Whether the answer's body is of use. */
static bool has_body(const struct transfer *transfer)
{
	return transfer->status == 200 || transfer->request->call;
}

static size_t on_header(char *line, size_t one, size_t n, void *context)
{
	struct transfer *transfer = context;

	(void)one;
	transfer->header_size += n;
	if (transfer->header_size > HEADERS_MAX)
		return end(transfer, TRANSFER_HEADERS_LARGE);
	/* An empty line ends the headers. */
	if (line[0] != '\r' && line[0] != '\n')
		return n;
	transfer->curl->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
	if (transfer->status < 200)
		return n;
	transfer->headers_complete = true;
	if (!has_body(transfer))
		return end(transfer, TRANSFER_COMPLETE);
	if (!read_length(transfer))
		return end(transfer, TRANSFER_LENGTH_UNCLEAR);
	if (transfer->has_length && transfer->length > transfer->limits->size)
		return end(transfer, TRANSFER_BODY_LARGE);
	return n;
}

/* Of compressed answers, what they are decompressed to. */
static size_t on_body(char *text, size_t one, size_t n, void *context)
{
	struct transfer *transfer = context;

	(void)one;
	if (n > transfer->limits->size - transfer->body->n)
		return end(transfer, TRANSFER_BODY_LARGE);
	strbuf_add(transfer->body, (struct slice){text, n});
	if (transfer->body->failed)
		return end(transfer, TRANSFER_NO_MEMORY);
	return n;
}

/* received: as they came, still compressed. */
static int on_progress(void *context, curl_off_t total, curl_off_t received, curl_off_t to_send,
		       curl_off_t sent)
{
	struct transfer *transfer = context;
	const struct fetch_request *request = transfer->request;

	(void)total;
	(void)to_send;
	(void)sent;
	if ((uint64_t)received > transfer->limits->size)
		end(transfer, TRANSFER_BODY_LARGE);
	else if (request->progress &&
		 !request->progress(request->context, (uint64_t)received, transfer->length))
		end(transfer, TRANSFER_CANCELLED);
	else if (transfer->headers_complete && transfer->has_length &&
		 (uint64_t)received >= transfer->length)
		end(transfer, TRANSFER_COMPLETE);
	return transfer->end != TRANSFER_RUNS;
}

bool transfer_is_validator(struct slice value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < ' ' || value.p[i] > '~')
			return false;
	}
	return value.n > 0 && value.n <= VALIDATOR_MAX;
}

static int add_header(struct transfer *transfer, const char *name, struct slice value,
		      struct fault *fault)
{
	struct strbuf line CLEANUP(strbuf_done) = {};
	struct curl_slist *grown;

	strbuf_add(&line, slice_cstr(name));
	strbuf_add(&line, value);
	strbuf_add_byte(&line, '\0');
	grown = line.failed ? NULL : transfer->curl->slist_append(transfer->headers, line.p);
	if (!grown)
		return fault_memory(fault);
	transfer->headers = grown;
	return 0;
}

static int add_condition(struct transfer *transfer, const char *name, struct slice value,
			 struct fault *fault)
{
	return transfer_is_validator(value) ? add_header(transfer, name, value, fault) : 0;
}

static int add_call(struct transfer *transfer, const struct fetch_call *call, struct fault *fault)
{
	int result = add_header(transfer, "Authorization: Bearer ", slice_cstr(call->token), fault);

	if (result == 0)
		result = add_header(transfer, "Accept: ", SLICE("application/json"), fault);
	if (result == 0 && call->post.p)
		result = add_header(transfer, "Content-Type: ", SLICE("application/json"), fault);
	return result;
}

static int set_options(struct transfer *transfer, struct fault *fault)
{
	const struct fetch_limits *limits = transfer->limits;
	CURLcode code = CURLE_OK;

#define SET(option, value)                                                                         \
	if (code == CURLE_OK)                                                                      \
	code = transfer->curl->easy_setopt(transfer->easy, CURLOPT_##option, value)
	SET(ERRORBUFFER, transfer->error);
	SET(PROTOCOLS_STR, "http,https");
	SET(FOLLOWLOCATION, 0L);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (transfer->request->ca_file) {
		SET(CAINFO, transfer->request->ca_file);
		SET(CAPATH, (char *)NULL);
	}
	if (transfer->request->call && transfer->request->call->post.p) {
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)transfer->request->call->post.n);
		SET(POSTFIELDS, transfer->request->call->post.p);
	}
	SET(USERAGENT, "portbook/" PORTBOOK_VERSION);
	SET(ACCEPT_ENCODING, ""); /* all that it can decompress */
	SET(HTTPHEADER, transfer->headers);
	SET(SUPPRESS_CONNECT_HEADERS, 1L);
	SET(IGNORE_CONTENT_LENGTH, 1L);
	SET(CONNECTTIMEOUT_MS, (long)limits->connect_ms);
	SET(LOW_SPEED_LIMIT, (long)limits->stall_rate);
	SET(LOW_SPEED_TIME, (long)limits->stall_seconds);
	SET(HEADERFUNCTION, on_header);
	SET(HEADERDATA, transfer);
	SET(WRITEFUNCTION, on_body);
	SET(WRITEDATA, transfer);
	SET(XFERINFOFUNCTION, on_progress);
	SET(XFERINFODATA, transfer);
	SET(NOPROGRESS, 0L);
	/* Looking up a name can not be broken off: its thread is left behind. */
	SET(QUICK_EXIT, 1L);
#undef SET
	if (code == CURLE_OUT_OF_MEMORY)
		return fault_memory(fault);
	return code == CURLE_OK ? 0 : fault_set(fault, FAULT_SYSTEM, "this libcurl is too old");
}

int transfer_init(struct transfer *transfer, const struct curl *curl,
		  const struct fetch_request *request, const struct fetch_limits *limits,
		  struct strbuf *body, struct fault *fault)
{
	int result;

	*transfer = (struct transfer){.curl = curl,
				      .request = request,
				      .limits = limits,
				      .body = body,
				      .deadline = now_ms() + limits->total_ms,
				      .easy = curl->easy_init()};
	if (!transfer->easy)
		return fault_memory(fault);
	result = add_condition(transfer, "If-None-Match: ", request->etag, fault);
	if (result == 0)
		result = add_condition(transfer, "If-Modified-Since: ", request->last_modified,
				       fault);
	if (result == 0 && request->call)
		result = add_call(transfer, request->call, fault);
	return result < 0 ? result : set_options(transfer, fault);
}

void transfer_done(struct transfer *transfer)
{
	if (transfer->easy)
		transfer->curl->easy_cleanup(transfer->easy);
	if (transfer->headers)
		transfer->curl->slist_free_all(transfer->headers);
	*transfer = (struct transfer){};
}

static uint64_t measure(const struct transfer *transfer, CURLINFO what)
{
	curl_off_t value = 0;

	transfer->curl->easy_getinfo(transfer->easy, what, &value);
	return value > 0 ? (uint64_t)value : 0;
}

uint64_t transfer_retry_after(const struct transfer *transfer)
{
	return measure(transfer, CURLINFO_RETRY_AFTER);
}

static int timed_out(const struct transfer *transfer, struct fault *fault)
{
	uint64_t received = measure(transfer, CURLINFO_SIZE_DOWNLOAD_T);
	uint64_t elapsed = measure(transfer, CURLINFO_TOTAL_TIME_T);

	if (measure(transfer, CURLINFO_PRETRANSFER_TIME_T) == 0)
		return fault_set(fault, FAULT_SYSTEM, "no connection after %.1f s",
				 (double)elapsed / 1000000);
	if (elapsed < transfer->limits->stall_seconds * UINT64_C(1000000) ||
	    transfer_time_left(transfer) == 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "out of time, %" PRIu64 " bytes after the request was sent",
				 received);
	return fault_set(fault, FAULT_SYSTEM,
			 "stalled after %" PRIu64 " bytes: fewer than %u bytes/s for %u s",
			 received, transfer->limits->stall_rate, transfer->limits->stall_seconds);
}

static int headers_large(struct fault *fault)
{
	return fault_set(fault, FAULT_LIMIT, "the answer has more than %d bytes of headers",
			 HEADERS_MAX);
}

/* What libcurl made of it. */
static int failed(struct transfer *transfer, CURLcode code, struct fault *fault)
{
	const char *reason =
		transfer->error[0] ? transfer->error : transfer->curl->easy_strerror(code);

	switch (code) {
	case CURLE_OUT_OF_MEMORY:
		/* What libcurl before 8.6 calls a single header of more than 100 KB as well. */
		if (measure(transfer, CURLINFO_PRETRANSFER_TIME_T) > 0 &&
		    !transfer->headers_complete)
			return headers_large(fault);
		return fault_memory(fault);
	case CURLE_OPERATION_TIMEDOUT:
		transfer->transient = true;
		return timed_out(transfer, fault);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		transfer->transient = true;
		return fault_set(fault, FAULT_SYSTEM, "no connection: %s", reason);
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		transfer->transient = true;
		return fault_set(fault, FAULT_SYSTEM, "the connection broke off: %s", reason);
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return fault_set(fault, FAULT_MALFORMED, "the answer is not HTTP: %s", reason);
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR:
		return fault_set(fault, FAULT_MALFORMED, "the answer can not be decompressed");
	default:
		return fault_set(fault, FAULT_SYSTEM, "%s", reason);
	}
}

static int check_length(struct transfer *transfer, struct fault *fault)
{
	uint64_t received = measure(transfer, CURLINFO_SIZE_DOWNLOAD_T);

	if (!has_body(transfer) || !transfer->has_length || received == transfer->length)
		return 0;
	if (received > transfer->length)
		return fault_set(fault, FAULT_MALFORMED,
				 "the answer is longer than the %" PRIu64
				 " bytes that it announces",
				 transfer->length);
	transfer->transient = true;
	return fault_set(fault, FAULT_SYSTEM,
			 "the connection broke off: %" PRIu64 " of %" PRIu64 " bytes received",
			 received, transfer->length);
}

int transfer_run(struct transfer *transfer, CURLU *url, struct fault *fault)
{
	const struct curl *curl = transfer->curl;
	uint64_t left = transfer_time_left(transfer);
	CURLcode code;

	transfer->body->n = 0;
	transfer->end = TRANSFER_RUNS;
	transfer->header_size = transfer->length = 0;
	transfer->has_length = transfer->headers_complete = transfer->transient = false;
	transfer->status = 0;
	transfer->error[0] = '\0';
	if (curl->easy_setopt(transfer->easy, CURLOPT_CURLU, url) != CURLE_OK ||
	    curl->easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L) !=
		    CURLE_OK)
		return fault_memory(fault);
	code = curl->easy_perform(transfer->easy);
	switch (transfer->end) {
	case TRANSFER_CANCELLED:
		return FETCH_CANCELLED;
	case TRANSFER_NO_MEMORY:
		return fault_memory(fault);
	case TRANSFER_HEADERS_LARGE:
		return headers_large(fault);
	case TRANSFER_BODY_LARGE:
		return fault_set(fault, FAULT_LIMIT, "the answer has more than %zu bytes",
				 transfer->limits->size);
	case TRANSFER_LENGTH_UNCLEAR:
		return fault_set(fault, FAULT_MALFORMED,
				 "the answer does not announce its length "
				 "as one number");
	case TRANSFER_COMPLETE:
	case TRANSFER_RUNS:
		break;
	}
	/* All may have come and still not be what can be decompressed. */
	if (code == CURLE_OK || (transfer->end == TRANSFER_COMPLETE &&
				 (!has_body(transfer) || code == CURLE_ABORTED_BY_CALLBACK)))
		return check_length(transfer, fault);
	return failed(transfer, code, fault);
}
