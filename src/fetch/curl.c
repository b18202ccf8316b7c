#include "fetch/curl.h"

#include "base/library.h"
#include "base/slice.h"

int curl_load(struct curl *ret_curl, struct fault *fault)
{
	static const char *const names[] = {
#define CURL_NAME(name) "curl_" #name,
		CURL_FUNCTIONS(CURL_NAME)
#undef CURL_NAME
	};
	struct curl curl;
	int result =
		library_open("libcurl.so.4", "libcurl", names, ARRAY_SIZE(names), &curl, fault);

	if (result < 0)
		return result;
	if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(fault, FAULT_SYSTEM, "libcurl does not start");
	*ret_curl = curl;
	return 0;
}

void curl_unload(struct curl *curl)
{
	if (curl->global_cleanup)
		curl->global_cleanup();
	*curl = (struct curl){};
}

bool curl_has_part(const struct curl *curl, CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl->url_get(url, part, &text, 0) == CURLUE_OK;

	curl->free(text);
	return has;
}

bool curl_has_more(const struct curl *curl, CURLU *url)
{
	return curl_has_part(curl, url, CURLUPART_USER) ||
	       curl_has_part(curl, url, CURLUPART_PASSWORD) ||
	       curl_has_part(curl, url, CURLUPART_QUERY) ||
	       curl_has_part(curl, url, CURLUPART_FRAGMENT);
}

static bool names_loopback(struct slice host)
{
	if (slice_eq(host, SLICE("localhost")) || slice_eq(host, SLICE("[::1]")))
		return true;
	for (size_t i = 0; i < host.n; i++) {
		if (!byte_is_digit(host.p[i]) && host.p[i] != '.')
			return false;
	}
	return slice_starts(host, SLICE("127."));
}

bool curl_is_loopback(const struct curl *curl, CURLU *url)
{
	char *host = NULL;
	bool is = curl->url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		  names_loopback(slice_cstr(host));

	curl->free(host);
	return is;
}
