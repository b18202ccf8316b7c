/*
 * Inside fetch/: the functions of libcurl that are used. The library, and the dozens that it needs,
 * are opened when something is fetched and not by the loader.
 */
#ifndef PORTBOOK_FETCH_CURL_H
#define PORTBOOK_FETCH_CURL_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/fault.h"

#define CURL_FUNCTIONS(each)                                                                       \
	each(global_init) each(global_cleanup) each(easy_init) each(easy_cleanup)                  \
		each(easy_setopt) each(easy_perform) each(easy_getinfo) each(easy_header)          \
			each(easy_strerror) each(slist_append) each(slist_free_all) each(url)      \
				each(url_cleanup) each(url_dup) each(url_set) each(url_get)        \
					each(free) each(getdate)

struct curl {
#define CURL_MEMBER(name) typeof(curl_##name) *name;
	CURL_FUNCTIONS(CURL_MEMBER)
#undef CURL_MEMBER
};

/* Opens and starts it. 0, or FAULT_SYSTEM where the library is not there. */
int curl_load(struct curl *ret_curl, struct fault *fault) MUST_USE;
/* Stops it. Harmless on zeroed memory. */
void curl_unload(struct curl *curl);

/* Whether a part of the URL is there. */
bool curl_has_part(const struct curl *curl, CURLU *url, CURLUPart part);
/* Whether it has user, password, query or fragment. */
bool curl_has_more(const struct curl *curl, CURLU *url);
/* Whether its host is this machine by its name or address. */
bool curl_is_loopback(const struct curl *curl, CURLU *url);

#endif
