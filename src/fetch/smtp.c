#include "fetch/smtp.h"

#include <time.h>

#include "base/number.h"
#include "fetch/curl.h"

enum {
	REPLY_MAX = 160,
	GOODBYE_MS = 3000, /* for QUIT, when the letter has been taken */
};

struct sending {
	const struct fetch_smtp *send;
	struct curl curl;
	CURLU *url;
	CURL *easy;
	struct curl_slist *recipients;
	struct slice rest; /* of the letter, to be sent */
	bool begun;	   /* sending it */
	bool loopback, tls;
	uint64_t deadline; /* as now_ms() counts */
	long code;	   /* of the last reply but that to QUIT; 0: none */
	/* The last line of the last reply that was a refusal */
	char reply[REPLY_MAX];
	size_t reply_size;
	char error[CURL_ERROR_SIZE];
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void sending_done(struct sending *sending)
{
	if (sending->easy)
		sending->curl.easy_cleanup(sending->easy);
	if (sending->recipients)
		sending->curl.slist_free_all(sending->recipients);
	if (sending->url)
		sending->curl.url_cleanup(sending->url);
	curl_unload(&sending->curl);
}

static size_t on_read(char *to, size_t one, size_t n, void *context)
{
	struct sending *sending = context;

	n *= one;
	sending->begun = true;
	if (n > sending->rest.n)
		n = sending->rest.n;
	if (n > 0)
		memcpy(to, sending->rest.p, n);
	sending->rest = slice_skip(sending->rest, n);
	return n;
}

static size_t on_reply(char *line, size_t one, size_t n, void *context)
{
	struct sending *sending = context;
	struct slice text = slice_trim((struct slice){line, one * n});
	uint64_t code;

	if (text.n < 3 || !number_parse((struct slice){text.p, 3}, 599, &code))
		return one * n;
	if (code >= 400) {
		sending->reply_size = text.n < REPLY_MAX ? text.n : REPLY_MAX;
		memcpy(sending->reply, text.p, sending->reply_size);
	} else if (code == 250 && sending->begun && sending->rest.n == 0 &&
		   sending->deadline > now_ms() + GOODBYE_MS) {
		sending->deadline = now_ms() + GOODBYE_MS;
	}
	return one * n;
}

/* libcurl's own limits of time do not hold for QUIT. */
static int on_progress(void *context, curl_off_t total, curl_off_t received, curl_off_t to_send,
		       curl_off_t sent)
{
	struct sending *sending = context;

	(void)total;
	(void)received;
	(void)to_send;
	(void)sent;
	return now_ms() >= sending->deadline;
}

/* Nothing else is of use. */
static size_t on_body(char *text, size_t one, size_t n, void *context)
{
	(void)text;
	(void)context;
	return one * n;
}

static int url_is_none(struct fault *fault)
{
	return fault_set(fault, FAULT_MALFORMED,
			 "not smtp://HOST[:PORT] or smtps://HOST[:PORT] without user and password");
}

static int read_url(struct sending *sending, struct fault *fault)
{
	const struct curl *curl = &sending->curl;
	char *scheme = NULL;
	bool good, plain;

	sending->url = curl->url();
	if (!sending->url)
		return fault_memory(fault);
	if (curl->url_set(sending->url, CURLUPART_URL, sending->send->url, 0) != CURLUE_OK ||
	    curl_has_more(curl, sending->url))
		return url_is_none(fault);
	good = curl->url_get(sending->url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	       curl_has_part(curl, sending->url, CURLUPART_HOST);
	plain = good && slice_eq(slice_cstr(scheme), SLICE("smtp"));
	good = plain || (good && slice_eq(slice_cstr(scheme), SLICE("smtps")));
	sending->loopback = good && curl_is_loopback(curl, sending->url);
	sending->tls = good && !(plain && (sending->loopback || sending->send->plain));
	curl->free(scheme);
	if (!good)
		return url_is_none(fault);
	if (!sending->tls && !sending->loopback && sending->send->user)
		return fault_set(fault, FAULT_MALFORMED,
				 "no password is sent without TLS to another host");
	return 0;
}

static int set_options(struct sending *sending, struct fault *fault)
{
	const struct fetch_smtp *send = sending->send;
	CURLcode code = CURLE_OK;

#define SET(option, value)                                                                         \
	if (code == CURLE_OK)                                                                      \
	code = sending->curl.easy_setopt(sending->easy, CURLOPT_##option, value)
	SET(ERRORBUFFER, sending->error);
	SET(PROTOCOLS_STR, "smtp,smtps");
	SET(CURLU, sending->url);
	SET(PROXY, ""); /* those of the environment are for documents */
	SET(USE_SSL, sending->tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (send->ca_file) {
		SET(CAINFO, send->ca_file);
		SET(CAPATH, (char *)NULL);
	}
	if (send->user) {
		SET(USERNAME, send->user);
		SET(PASSWORD, send->password ? send->password : "");
	}
	SET(MAIL_FROM, send->from);
	SET(MAIL_RCPT, sending->recipients);
	SET(UPLOAD, 1L);
	SET(READFUNCTION, on_read);
	SET(READDATA, sending);
	SET(INFILESIZE_LARGE, (curl_off_t)send->letter.n);
	SET(HEADERFUNCTION, on_reply);
	SET(HEADERDATA, sending);
	SET(WRITEFUNCTION, on_body);
	SET(CONNECTTIMEOUT_MS, (long)send->connect_ms);
	SET(TIMEOUT_MS, (long)send->total_ms);
	SET(XFERINFOFUNCTION, on_progress);
	SET(XFERINFODATA, sending);
	SET(NOPROGRESS, 0L);
	SET(FORBID_REUSE, 1L);
	SET(NOSIGNAL, 1L);
	SET(QUICK_EXIT, 1L);
#undef SET
	if (code == CURLE_OUT_OF_MEMORY)
		return fault_memory(fault);
	return code == CURLE_OK ? 0 : fault_set(fault, FAULT_SYSTEM, "this libcurl is too old");
}

/*
 * Whether it was about the letter: its sender, recipient or text got a reply of 5xx. Those about
 * this client's rights (53x: RFC 4954, section 6) and whatever comes before are for whoever runs
 * it.
 */
static bool is_refused(const struct sending *sending, CURLcode code)
{
	return sending->code >= 500 && sending->code / 10 != 53 &&
	       (code == CURLE_SEND_ERROR || sending->begun);
}

static int tell(const struct sending *sending, CURLcode code, struct fault *fault)
{
	const char *reason = sending->error[0] ? sending->error : sending->curl.easy_strerror(code);
	int result = is_refused(sending, code) ? FETCH_SMTP_REFUSED : FETCH_SMTP_LATER;

	if (code == CURLE_OUT_OF_MEMORY)
		return fault_memory(fault);
	/* What a server says of a password may have it. */
	if (code == CURLE_LOGIN_DENIED)
		return fault_set(fault, result, "user and password were not accepted");
	if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK)
		return fault_set(fault, result, "out of time: %s", reason);
	if (sending->code >= 400 && sending->reply_size > 0)
		return fault_set(fault, result, "the server said: %.*s", (int)sending->reply_size,
				 sending->reply);
	return fault_set(fault, result, "%s", reason);
}

int fetch_smtp_send(const struct fetch_smtp *send, struct fault *fault)
{
	struct sending sending CLEANUP(sending_done) = {
		.send = send, .rest = send->letter, .deadline = now_ms() + send->total_ms};
	CURLcode code;
	int result = curl_load(&sending.curl, fault);

	if (result == 0)
		result = read_url(&sending, fault);
	if (result < 0)
		return result;
	sending.recipients = sending.curl.slist_append(NULL, send->to);
	sending.easy = sending.curl.easy_init();
	if (!sending.recipients || !sending.easy)
		return fault_memory(fault);
	result = set_options(&sending, fault);
	if (result < 0)
		return result;
	code = sending.curl.easy_perform(sending.easy);
	sending.curl.easy_getinfo(sending.easy, CURLINFO_RESPONSE_CODE, &sending.code);
	return code == CURLE_OK ? 0 : tell(&sending, code, fault);
}
