/*
 * The extension as SQLite loads it. What is asked belongs to the connection: SQLite lets one thread
 * at a time use it.
 */
#include "sql/sqlite/extension.h"

#include <string.h>

SQLITE_EXTENSION_INIT1

struct sqlite_registry *sqlite_registry_hold(struct sqlite_module *module)
{
	module->asked->holders++;
	return module->asked;
}

void sqlite_registry_release(struct sqlite_registry *registry)
{
	if (registry && --registry->holders == 0) {
		sql_close(&registry->registry);
		sqlite3_free(registry);
	}
}

static int module_open(struct sqlite_module *module, const char *path, struct fault *fault)
{
	struct sqlite_registry *registry = sqlite3_malloc(sizeof(*registry));
	int result;

	if (!registry)
		return fault_memory(fault);
	*registry = (struct sqlite_registry){.holders = 1};
	result = sql_open(path, &registry->registry, fault);
	if (result < 0) {
		sqlite3_free(registry);
		return result;
	}
	sqlite_registry_release(module->asked);
	module->asked = registry;
	return 0;
}

static void module_release(void *module_)
{
	struct sqlite_module *module = module_;

	if (--module->holders > 0)
		return;
	sqlite_registry_release(module->asked);
	sqlite3_free(module);
}

static const struct image *image_of(sqlite3_context *context)
{
	struct sqlite_module *module = sqlite3_user_data(context);

	return &module->asked->registry.image;
}

/* Copied: a statement may keep it for longer than the registry is asked. */
static void result_text(sqlite3_context *context, struct slice text)
{
	if (text.p)
		sqlite3_result_text64(context, text.p, text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static struct slice text_of(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return text ? (struct slice){text, (size_t)sqlite3_value_bytes(value)} : SLICE_NONE;
}

/* A whole number, also where it is written as text, as columns of imported tables are; else -1. */
static int64_t number_of(sqlite3_value *value)
{
	return sqlite3_value_numeric_type(value) == SQLITE_INTEGER ? sqlite3_value_int64(value)
								   : -1;
}

static enum transport transport_of(sqlite3_value *value)
{
	if (sqlite3_value_numeric_type(value) == SQLITE_INTEGER)
		return sql_transport_numbered(sqlite3_value_int64(value));
	if (sqlite3_value_type(value) == SQLITE_TEXT)
		return sql_transport(text_of(value));
	return TRANSPORT_NONE;
}

static void service_name(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	result_text(context, sql_service_name(image_of(context), number_of(values[0]),
					      transport_of(values[1])));
}

static void service_port(sqlite3_context *context, int count, sqlite3_value **values)
{
	enum transport transport = transport_of(values[1]);
	uint16_t port;

	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_TEXT &&
	    sql_service_port(image_of(context), text_of(values[0]), transport, &port))
		sqlite3_result_int(context, port);
}

static void port_state(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	result_text(context, sql_port_state(image_of(context), number_of(values[0]),
					    transport_of(values[1])));
}

static void portbook_edition(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	result_text(context, sql_edition(image_of(context)));
}

/* NULL: the machine's registry again. */
static void portbook_open(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct slice path = text_of(values[0]);
	struct fault fault = {};
	char *message;

	(void)count;
	if (path.p && strlen(path.p) != path.n) {
		sqlite3_result_error(context, "portbook_open: a path has no NUL", -1);
		return;
	}
	if (module_open(sqlite3_user_data(context), path.p, &fault) == 0) {
		result_text(context, sql_edition(image_of(context)));
		return;
	}
	message = sqlite3_mprintf("portbook_open: %s: %s", path.p ? path.p : "", fault.text);
	if (message)
		sqlite3_result_error(context, message, -1);
	else
		sqlite3_result_error_nomem(context);
	sqlite3_free(message);
}

static int add_functions(sqlite3 *connection, struct sqlite_module *module)
{
	enum { ANSWER = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
	static const struct {
		const char *name;
		int arguments, flags;
		void (*call)(sqlite3_context *context, int count, sqlite3_value **values);
	} functions[] = {
		{"service_name", 2, ANSWER, service_name},
		{"service_port", 2, ANSWER, service_port},
		{"port_state", 2, ANSWER, port_state},
		{"portbook_edition", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, portbook_edition},
		/* It opens a file: not for what a database's own views and triggers say. */
		{"portbook_open", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, portbook_open},
	};
	int result = SQLITE_OK;

	for (size_t i = 0; i < ARRAY_SIZE(functions) && result == SQLITE_OK; i++) {
		module->holders++;
		result = sqlite3_create_function_v2(
			connection, functions[i].name, functions[i].arguments, functions[i].flags,
			module, functions[i].call, NULL, NULL, module_release);
	}
	if (result != SQLITE_OK)
		return result;
	module->holders++;
	return sqlite3_create_module_v2(connection, "portbook_rows", &sqlite_rows_module, module,
					module_release);
}

int sqlite3_portbook_init(sqlite3 *connection, char **ret_message, const sqlite3_api_routines *api)
{
	struct sqlite_module *module;
	struct fault fault = {};
	int result;

	SQLITE_EXTENSION_INIT2(api);
	module = sqlite3_malloc(sizeof(*module));
	if (!module)
		return SQLITE_NOMEM;
	*module = (struct sqlite_module){.holders = 1};
	if (module_open(module, NULL, &fault) < 0) {
		*ret_message = sqlite3_mprintf("%s", fault.text);
		result = SQLITE_ERROR;
	} else {
		result = add_functions(connection, module);
	}
	module_release(module);
	return result;
}
