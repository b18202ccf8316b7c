#include "tree/jansson.h"

#include <pthread.h>

#include "base/library.h"

int jansson_open(const struct jansson **ret_jansson, struct fault *fault)
{
	/* In the order of the struct. */
	static const char *const names[] = {"json_loadb",
					    "json_delete",
					    "json_object_get",
					    "json_object_iter",
					    "json_object_iter_next",
					    "json_object_iter_key",
					    "json_object_iter_value",
					    "json_array_get",
					    "json_string_value",
					    "json_string_length",
					    "json_real_value"};
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct jansson jansson;
	int result = 0;

	pthread_mutex_lock(&lock);
	if (!jansson.loadb)
		result = library_open("libjansson.so.4", "jansson (Debian: libjansson4)", names,
				      ARRAY_SIZE(names), &jansson, fault);
	pthread_mutex_unlock(&lock);
	if (result == 0)
		*ret_jansson = &jansson;
	return result;
}
