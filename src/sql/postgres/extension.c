/*
 * The extension as PostgreSQL loads it. A server process has one thread: it opens the registry when
 * it is first asked and keeps it, and each answer that it gave, which takes less than making a copy
 * for each row would.
 */
#include <postgres.h>

#include <fmgr.h>
#include <mb/pg_wchar.h>
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/memutils.h>

/* The server's own, which base/attr.h has, too. */
#undef likely
#undef unlikely
#include "record/port.h"
#include "sql/sql.h"

PG_MODULE_MAGIC;

static char *image_path; /* portbook.image */

/*
 * What is asked; its memory is NULL before. Answers are made once a port: a short one has a header
 * of one byte, as it has in a table. no_answer stands for NULL, and NULL for not known yet.
 */
static struct {
	struct sql_registry registry;
	MemoryContext memory;
	text *names[TRANSPORT_COUNT][PORT_COUNT];
	text *states[ROW_STATE_COUNT];
	text *edition;
} asked;

static text no_answer;

/* Answers that a query still has stay until its end. */
static void forget(const char *path, void *extra)
{
	(void)path;
	(void)extra;
	if (!asked.memory)
		return;
	if (TopTransactionContext)
		MemoryContextSetParent(asked.memory, TopTransactionContext);
	else
		MemoryContextDelete(asked.memory);
	sql_close(&asked.registry);
	memset(&asked, 0, sizeof(asked));
}

static void open_registry(void)
{
	const char *path = image_path && image_path[0] ? image_path : NULL;
	struct fault fault = {};
	int result = sql_open(path, &asked.registry, &fault);

	if (result == FAULT_MEMORY)
		ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"));
	if (result < 0)
		ereport(ERROR, errcode(ERRCODE_CONFIG_FILE_ERROR),
			errmsg("cannot use the image \"%s\" of portbook.image", path ? path : ""),
			errdetail("%s", fault.text));
	PG_TRY();
	{
		asked.memory =
			AllocSetContextCreate(TopMemoryContext, "portbook", ALLOCSET_DEFAULT_SIZES);
	}
	PG_CATCH();
	{
		sql_close(&asked.registry);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

static inline const struct image *image(void)
{
	if (unlikely(!asked.memory))
		open_registry();
	return &asked.registry.image;
}

/* The text in the database's encoding, for as long as the registry is asked. */
static text *answer_of(struct slice words)
{
	char *converted;
	text *answer;
	size_t n;

	if (!words.p || words.n > MaxAllocSize / 8)
		return &no_answer;
	converted = pg_any_to_server(words.p, (int)words.n, PG_UTF8);
	n = converted == words.p ? words.n : strlen(converted);
	answer = MemoryContextAlloc(asked.memory, n + VARHDRSZ);
	if (n + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
		SET_VARSIZE_SHORT(answer, n + VARHDRSZ_SHORT);
	else
		SET_VARSIZE(answer, n + VARHDRSZ);
	memcpy(VARDATA_ANY(answer), converted, n);
	if (converted != words.p)
		pfree(converted);
	return answer;
}

#define RETURN_ANSWER(answer)                                                                      \
	do {                                                                                       \
		text *answer_ = (answer);                                                          \
                                                                                                   \
		if (answer_ == &no_answer)                                                         \
			PG_RETURN_NULL();                                                          \
		PG_RETURN_TEXT_P(answer_);                                                         \
	} while (0)

static inline struct slice text_of(const text *words)
{
	return (struct slice){VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words)};
}

static inline enum transport transport_of(const text *words)
{
	return sql_transport(text_of(words));
}

static text *service_name(int32 port, enum transport transport)
{
	const struct image *from = image();
	text **answer;

	if (port < 0 || port > PORT_MAX || transport >= TRANSPORT_COUNT)
		return &no_answer;
	answer = &asked.names[transport][port];
	if (unlikely(!*answer))
		*answer = answer_of(sql_service_name(from, port, transport));
	return *answer;
}

PG_FUNCTION_INFO_V1(portbook_service_name);
Datum portbook_service_name(PG_FUNCTION_ARGS)
{
	RETURN_ANSWER(service_name(PG_GETARG_INT32(0), transport_of(PG_GETARG_TEXT_PP(1))));
}

PG_FUNCTION_INFO_V1(portbook_service_name_numbered);
Datum portbook_service_name_numbered(PG_FUNCTION_ARGS)
{
	RETURN_ANSWER(service_name(PG_GETARG_INT32(0), sql_transport_numbered(PG_GETARG_INT32(1))));
}

static text *port_state(int32 port, enum transport transport)
{
	struct slice name = sql_port_state(image(), port, transport);

	for (unsigned state = 0; name.p && state < ROW_STATE_COUNT; state++) {
		if (row_state_name((enum row_state)state).p != name.p)
			continue;
		if (!asked.states[state])
			asked.states[state] = answer_of(name);
		return asked.states[state];
	}
	return &no_answer;
}

PG_FUNCTION_INFO_V1(portbook_port_state);
Datum portbook_port_state(PG_FUNCTION_ARGS)
{
	RETURN_ANSWER(port_state(PG_GETARG_INT32(0), transport_of(PG_GETARG_TEXT_PP(1))));
}

PG_FUNCTION_INFO_V1(portbook_port_state_numbered);
Datum portbook_port_state_numbered(PG_FUNCTION_ARGS)
{
	RETURN_ANSWER(port_state(PG_GETARG_INT32(0), sql_transport_numbered(PG_GETARG_INT32(1))));
}

static Datum service_port(FunctionCallInfo fcinfo, enum transport transport)
{
	uint16_t port;

	if (!sql_service_port(image(), text_of(PG_GETARG_TEXT_PP(0)), transport, &port))
		PG_RETURN_NULL();
	PG_RETURN_INT32(port);
}

PG_FUNCTION_INFO_V1(portbook_service_port);
Datum portbook_service_port(PG_FUNCTION_ARGS)
{
	return service_port(fcinfo, transport_of(PG_GETARG_TEXT_PP(1)));
}

PG_FUNCTION_INFO_V1(portbook_service_port_numbered);
Datum portbook_service_port_numbered(PG_FUNCTION_ARGS)
{
	return service_port(fcinfo, sql_transport_numbered(PG_GETARG_INT32(1)));
}

PG_FUNCTION_INFO_V1(portbook_edition);
Datum portbook_edition(PG_FUNCTION_ARGS)
{
	const struct image *from = image();

	(void)fcinfo;
	if (!asked.edition)
		asked.edition = answer_of(sql_edition(from));
	RETURN_ANSWER(asked.edition);
}

PGDLLEXPORT void _PG_init(void);

void _PG_init(void)
{
	DefineCustomStringVariable("portbook.image", "Image of the registry that is asked.",
				   "Empty: the machine's current one, else the built-in one.",
				   &image_path, "", PGC_SUSET, 0, NULL, forget, NULL);
	MarkGUCPrefixReserved("portbook");
}
