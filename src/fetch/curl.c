#include "fetch/curl.h"

#include <dlfcn.h>
#include <stdbool.h>

int curl_load(struct curl *ret_curl, struct fault *fault)
{
	/* It stays once opened: a thread of it may still be looking up a name. */
	struct curl curl = {.opened =
				    dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)};
	bool complete = curl.opened;

	if (!curl.opened)
		return fault_set(fault, FAULT_SYSTEM, "libcurl is needed: %s", dlerror());
#define CURL_FIND(name)                                                                            \
	curl.name = (typeof(curl.name))dlsym(curl.opened, "curl_" #name);                          \
	complete = complete && curl.name;
	CURL_FUNCTIONS(CURL_FIND)
#undef CURL_FIND
	if (!complete || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		dlclose(curl.opened);
		return fault_set(fault, FAULT_SYSTEM,
				 complete ? "libcurl does not start" : "this libcurl is too old");
	}
	*ret_curl = curl;
	return 0;
}

void curl_unload(struct curl *curl)
{
	if (!curl->opened)
		return;
	curl->global_cleanup();
	dlclose(curl->opened);
	*curl = (struct curl){};
}
