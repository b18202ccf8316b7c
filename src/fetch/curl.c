#include "fetch/curl.h"

#include "base/library.h"

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
