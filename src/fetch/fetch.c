#define _GNU_SOURCE
#include "fetch/fetch.h"

#include <inttypes.h>
#include <sys/random.h>
#include <time.h>

#include "fetch/transfer.h"

const struct fetch_limits fetch_limits = {
	.size = 64 << 20,
	.redirects = 5,
	.tries = 4,
	.total_ms = 300000,
	.connect_ms = 15000,
	.stall_rate = 100,
	.stall_seconds = 30,
	.pause_ms = 1000,
	.wait_ms = 60000,
};

enum { URL_SHOWN_MAX = 100 };

/* What lasts over redirects and tries. */
struct fetching {
	struct curl curl;
	struct transfer transfer;
	CURLU *url;	      /* where the next request goes */
	uint64_t retry_after; /* seconds that the server asks to wait; 0: it does not say */
	struct fetch_answer answer;
};

void fetch_answer_done(struct fetch_answer *answer)
{
	strbuf_done(&answer->body);
	strbuf_done(&answer->etag);
	strbuf_done(&answer->last_modified);
	strbuf_done(&answer->url);
}

static void fetching_done(struct fetching *fetching)
{
	transfer_done(&fetching->transfer);
	if (fetching->url)
		fetching->curl.url_cleanup(fetching->url);
	curl_unload(&fetching->curl);
	fetch_answer_done(&fetching->answer);
}

enum scheme { SCHEME_OTHER, SCHEME_HTTP, SCHEME_HTTPS };

static enum scheme scheme_of(const struct fetching *fetching)
{
	enum scheme scheme = SCHEME_OTHER;
	char *text = NULL;

	if (fetching->curl.url_get(fetching->url, CURLUPART_SCHEME, &text, 0) != CURLUE_OK)
		return SCHEME_OTHER;
	if (slice_eq(slice_cstr(text), SLICE("http")))
		scheme = SCHEME_HTTP;
	else if (slice_eq(slice_cstr(text), SLICE("https")))
		scheme = SCHEME_HTTPS;
	fetching->curl.free(text);
	return scheme;
}

/* Of fetching->url, what may be shown to anybody. */
static int note_url(struct fetching *fetching, struct fault *fault)
{
	static const CURLUPart secret[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
					   CURLUPART_FRAGMENT};
	const struct curl *curl = &fetching->curl;
	CURLU *copy = curl->url_dup(fetching->url);
	struct strbuf *shown = &fetching->answer.url;
	char *text = NULL;

	shown->n = 0;
	for (size_t i = 0; copy && i < ARRAY_SIZE(secret); i++)
		curl->url_set(copy, secret[i], NULL, 0);
	if (copy && curl->url_get(copy, CURLUPART_URL, &text, 0) == CURLUE_OK)
		strbuf_add(shown, slice_cstr(text));
	curl->free(text);
	curl->url_cleanup(copy);
	return shown->n > 0 ? 0 : fault_memory(fault);
}

static int set_url(struct fetching *fetching, const char *url, struct fault *fault)
{
	CURLUcode code;

	if (!fetching->url)
		fetching->url = fetching->curl.url();
	if (!fetching->url)
		return fault_memory(fault);
	code = fetching->curl.url_set(fetching->url, CURLUPART_URL, url, 0);
	if (code == CURLUE_OUT_OF_MEMORY)
		return fault_memory(fault);
	if (code != CURLUE_OK || scheme_of(fetching) == SCHEME_OTHER)
		return fault_set(fault, FAULT_MALFORMED, "not a URL of http or https");
	return note_url(fetching, fault);
}

/* What a token is sent to. */
static int check_call(struct fetching *fetching, struct fault *fault)
{
	const struct curl *curl = &fetching->curl;
	bool plain = scheme_of(fetching) == SCHEME_HTTP;

	if (curl_has_more(curl, fetching->url))
		return fault_set(fault, FAULT_MALFORMED,
				 "a URL without user, password, query and fragment is needed");
	if (!plain)
		return 0;
	if (!curl_is_loopback(curl, fetching->url))
		return fault_set(fault, FAULT_MALFORMED,
				 "no token is sent to another machine without TLS: https://");
	/* Nor to a proxy. */
	return curl->easy_setopt(fetching->transfer.easy, CURLOPT_NOPROXY, "*") == CURLE_OK
		       ? 0
		       : fault_memory(fault);
}

/* A relative one is seen from where the answer came from. */
static int go_to_location(struct fetching *fetching, struct fault *fault)
{
	struct slice location = transfer_header(&fetching->transfer, "Location");
	enum scheme before = scheme_of(fetching), after;
	CURLUcode code;

	if (location.n == 0)
		return fault_set(fault, FAULT_MALFORMED,
				 "the server redirects without saying where to");
	code = fetching->curl.url_set(fetching->url, CURLUPART_URL, location.p, CURLU_URLENCODE);
	if (code == CURLUE_OUT_OF_MEMORY)
		return fault_memory(fault);
	after = code == CURLUE_OK ? scheme_of(fetching) : SCHEME_OTHER;
	if (after == SCHEME_OTHER)
		return fault_set(fault, FAULT_SYSTEM,
				 "the server redirects to what is no URL of http or https");
	if (after < before)
		return fault_set(fault, FAULT_SYSTEM, "the server redirects from https to http");
	return note_url(fetching, fault);
}

static int keep(struct strbuf *kept, struct slice value, struct fault *fault)
{
	kept->n = 0;
	if (transfer_is_validator(value))
		strbuf_add(kept, value);
	return kept->failed ? fault_memory(fault) : 0;
}

/* An answer that is no redirect: what it means. */
static int conclude(struct fetching *fetching, struct fault *fault)
{
	static const long transient[] = {408, 429, 500, 502, 503, 504};
	struct transfer *transfer = &fetching->transfer;
	int result;

	for (size_t i = 0; i < ARRAY_SIZE(transient); i++)
		transfer->transient |= transfer->status == transient[i];
	if (transfer->request->call && !transfer->transient)
		return 0;
	if (transfer->status == 304 && !transfer->headers)
		return fault_set(fault, FAULT_MALFORMED,
				 "the server answers with status 304 (not modified) to a request "
				 "without condition");
	if (transfer->status == 200 || transfer->status == 304) {
		result = keep(&fetching->answer.etag, transfer_header(transfer, "ETag"), fault);
		if (result == 0)
			result = keep(&fetching->answer.last_modified,
				      transfer_header(transfer, "Last-Modified"), fault);
		if (result == 0 && transfer->status == 304)
			result = FETCH_UNCHANGED;
		return result;
	}
	fetching->retry_after = transfer->transient ? transfer_retry_after(transfer) : 0;
	if (fetching->retry_after > 0)
		return fault_set(fault, FAULT_SYSTEM,
				 "the server answers with status %ld and asks to wait %" PRIu64
				 " s",
				 transfer->status, fetching->retry_after);
	return fault_set(fault, FAULT_SYSTEM, "the server answers with status %ld",
			 transfer->status);
}

static bool is_redirect(long status)
{
	return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

/* One try, from the beginning. */
static int try_once(struct fetching *fetching, struct fault *fault)
{
	const struct transfer *transfer = &fetching->transfer;
	int result;

	fetching->transfer.transient = false;
	fetching->retry_after = 0;
	result = set_url(fetching, transfer->request->url, fault);
	if (result == 0 && transfer->request->call)
		result = check_call(fetching, fault);
	for (unsigned redirects = 0; result == 0; redirects++) {
		result = transfer_run(&fetching->transfer, fetching->url, fault);
		if (result != 0)
			break;
		if (!is_redirect(transfer->status))
			return conclude(fetching, fault);
		if (transfer->request->call)
			return fault_set(fault, FAULT_SYSTEM,
					 "the server redirects, and the token is for no other");
		if (redirects == transfer->limits->redirects)
			return fault_set(fault, FAULT_SYSTEM,
					 "the server redirects more than %u times", redirects);
		result = go_to_location(fetching, fault);
	}
	return result;
}

/* Half of what doubles with each try, and some of the other half, so that not all come at once. */
static uint64_t pause_after(const struct fetching *fetching, unsigned tries)
{
	uint64_t pause = (uint64_t)fetching->transfer.limits->pause_ms
			 << (tries < 16 ? tries - 1 : 15);
	uint64_t asked = fetching->retry_after * 1000;
	uint32_t random = 0;

	(void)!getrandom(&random, sizeof(random), GRND_NONBLOCK);
	pause = pause / 2 + random % (pause / 2 + 1);
	return pause > asked ? pause : asked;
}

/* Whether it is worth another try, after a pause. FETCH_CANCELLED: progress said no. */
static int wait_for_next(const struct fetching *fetching, unsigned tries, bool *ret_again)
{
	const struct fetch_request *request = fetching->transfer.request;
	const struct fetch_limits *limits = fetching->transfer.limits;
	uint64_t pause = pause_after(fetching, tries);

	*ret_again = fetching->transfer.transient && tries < limits->tries &&
		     fetching->retry_after <= limits->wait_ms / 1000 &&
		     pause < transfer_time_left(&fetching->transfer);
	while (*ret_again && pause > 0) {
		uint64_t step = pause < 100 ? pause : 100;
		struct timespec time = {.tv_nsec = (long)step * 1000000};

		if (request->progress && !request->progress(request->context, 0, 0))
			return FETCH_CANCELLED;
		nanosleep(&time, NULL);
		pause -= step;
	}
	return 0;
}

static int try_often(struct fetching *fetching, struct fault *fault)
{
	const struct strbuf *url = &fetching->answer.url;
	struct fault reason = {};
	unsigned tries = 0;
	bool again = true;
	int result = 0, length;

	while (again) {
		result = try_once(fetching, &reason);
		tries++;
		if (result >= 0)
			return result;
		if (wait_for_next(fetching, tries, &again) == FETCH_CANCELLED)
			return FETCH_CANCELLED;
	}
	if (url->n == 0 || result == FAULT_MEMORY)
		return fault_set(fault, result, "%s", reason.text);
	/* So much of the URL that there is room for the reason. */
	length = url->n < URL_SHOWN_MAX ? (int)url->n : URL_SHOWN_MAX;
	if (tries == 1)
		return fault_set(fault, result, "%.*s: %s", length, url->p, reason.text);
	return fault_set(fault, result, "%.*s: %s (tried %u times)", length, url->p, reason.text,
			 tries);
}

static void note_answer(struct fetching *fetching)
{
	struct slice date = transfer_header(&fetching->transfer, "Date");
	time_t at = date.p ? fetching->curl.getdate(date.p, NULL) : -1;

	fetching->answer.status = (unsigned)fetching->transfer.status;
	fetching->answer.date = at > 0 ? at : 0;
}

int fetch(const struct fetch_request *request, struct fetch_answer *ret_answer, struct fault *fault)
{
	const struct fetch_limits *limits = request->limits ? request->limits : &fetch_limits;
	struct fetching fetching CLEANUP(fetching_done) = {};
	int result = curl_load(&fetching.curl, fault);

	if (result == 0)
		result = transfer_init(&fetching.transfer, &fetching.curl, request, limits,
				       &fetching.answer.body, fault);
	if (result == 0)
		result = try_often(&fetching, fault);
	if (result == 0 || result == FETCH_UNCHANGED) {
		note_answer(&fetching);
		*ret_answer = fetching.answer;
		fetching.answer = (struct fetch_answer){};
	}
	return result;
}
