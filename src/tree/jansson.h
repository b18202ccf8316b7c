/* jansson's functions, whose library is opened when the first JSON is read. */
#ifndef PORTBOOK_TREE_JANSSON_H
#define PORTBOOK_TREE_JANSSON_H

#include <jansson.h>

#include "base/attr.h"
#include "base/fault.h"

struct jansson {
	typeof(json_loadb) *loadb;
	typeof(json_delete) *delete;
	typeof(json_object_get) *object_get;
	typeof(json_object_iter) *object_iter;
	typeof(json_object_iter_next) *object_iter_next;
	typeof(json_object_iter_key) *object_iter_key;
	typeof(json_object_iter_value) *object_iter_value;
	typeof(json_array_get) *array_get;
	typeof(json_string_value) *string_value;
	typeof(json_string_length) *string_length;
	typeof(json_real_value) *real_value;
};

/*
 * 0, with functions that stay, or FAULT_SYSTEM where the library is not there. May be called by
 * several threads at once.
 */
int jansson_open(const struct jansson **ret_jansson, struct fault *fault) MUST_USE;

#endif
