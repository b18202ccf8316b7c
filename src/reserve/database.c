#include "reserve/database.h"

#include <stdio.h>
#include <stdlib.h>

#include "host/sysctl.h"

/* In the file's header, where file(1) and others see whose it is: "PbRs". */
#define APPLICATION "1348620915"

static const char tables[] = "PRAGMA application_id = " APPLICATION ";"
			     "CREATE TABLE IF NOT EXISTS reservations (\n"
			     "  transport TEXT NOT NULL,\n"
			     "  port INTEGER NOT NULL,\n"
			     "  name TEXT NOT NULL,\n"
			     "  folder TEXT NOT NULL,\n"
			     "  owner INTEGER NOT NULL,\n"
			     "  command TEXT NOT NULL,\n"
			     "  process INTEGER NOT NULL,\n"
			     "  started INTEGER NOT NULL,\n"
			     "  scope TEXT NOT NULL,\n"
			     "  since INTEGER NOT NULL,\n"
			     "  PRIMARY KEY (transport, port),\n"
			     "  UNIQUE (name, folder, transport, owner)\n"
			     ")";

/* Who only looks opens a file that is there, which may be empty still. */
static int make_tables(struct db *db, struct fault *fault)
{
	int result = db_begin(db, true, fault);

	if (result == 0)
		result = db_run(db, tables, fault);
	if (result == 0)
		return db_commit(db, fault);
	db_rollback(db);
	return result;
}

enum content { EMPTY, RESERVATIONS, FOREIGN }; /* as the SQL below numbers them */

/* Files of before they had a number have these columns and nothing else. */
static int look_into(struct db *db, enum content *ret_content, struct fault *fault)
{
	static const char sql[] =
		"SELECT CASE WHEN id = " APPLICATION " THEN 1 WHEN id <> 0 THEN 2"
		" WHEN things IS NULL THEN 0 WHEN things = 'reservations' AND columns ="
		" 'transport,port,name,folder,owner,command,process,started,scope,since' THEN 1"
		" ELSE 2 END FROM (SELECT"
		" (SELECT application_id FROM pragma_application_id) AS id,"
		" (SELECT group_concat(name) FROM sqlite_master"
		" WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~') AS things,"
		" (SELECT group_concat(name) FROM (SELECT name FROM"
		" pragma_table_info('reservations') ORDER BY cid)) AS columns)";
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(db, sql, &statement, fault);

	if (result == 0)
		result = db_step(statement, fault);
	if (result < 0)
		return result;
	*ret_content = (enum content)db_int(statement, 0);
	return 0;
}

/* Makes an empty file one of reservations, where it may be written. */
static int settle(struct db *db, enum reserve_access access, struct fault *fault)
{
	enum content content;
	int result = look_into(db, &content, fault);

	if (result < 0)
		return result;
	switch (content) {
	case RESERVATIONS:
		return 0;
	case EMPTY:
		return access != RESERVE_READ ? make_tables(db, fault)
					      : fault_set(fault, FAULT_MALFORMED,
							  "a database without reservations");
	default:
		return fault_set(fault, FAULT_MALFORMED, "a database of something else");
	}
}

int reserve_open(const char *path, const char *root, enum reserve_access access,
		 struct reserve **ret_reserve, struct fault *fault)
{
	struct db_options options = {.create = access == RESERVE_CREATE,
				     .read_only = access == RESERVE_READ,
				     .wait = 60000};
	struct reserve *reserve = calloc(1, sizeof(*reserve));
	int result;

	if (!reserve)
		return fault_memory(fault);
	reserve->root = root;
	result = host_scope(root, reserve->scope, fault);
	if (result == 0)
		result = db_open(path, &options, &reserve->db, fault);
	if (result == 0)
		result = settle(reserve->db, access, fault);
	if (result < 0)
		reserve_close(reserve);
	else
		*ret_reserve = reserve;
	return result;
}

void reserve_close(struct reserve *reserve)
{
	if (!reserve)
		return;
	db_close(reserve->db);
	free(reserve);
}

void reserve_closep(struct reserve **reserve)
{
	reserve_close(*reserve);
	*reserve = NULL;
}

bool reserve_name_valid(struct slice name, struct fault *fault)
{
	uint16_t first, last;
	bool valid =
		name.n > 0 && name.n <= 255 && name.p[0] != '-' && !port_parse(name, &first, &last);

	/* A colon parts names in LISTEN_FDNAMES (sd_listen_fds(3)), a slash name and transport. */
	for (size_t i = 0; i < name.n; i++)
		valid &=
			name.p[i] > ' ' && name.p[i] < 0x7f && name.p[i] != ':' && name.p[i] != '/';
	if (!valid)
		fault_set(fault, FAULT_MALFORMED,
			  "\"%.*s\" is no name: 1 to 255 printable characters of ASCII without "
			  "blanks, colons and slashes, and neither a port nor an option",
			  (int)(name.n < 40 ? name.n : 40), name.p);
	return valid;
}

int database_row(const struct reserve *reserve, struct db_statement *statement,
		 struct reservation *ret_reservation, struct fault *fault)
{
	struct reservation row = {.name = db_text(statement, 0),
				  .folder = db_text(statement, 1),
				  .command = db_text(statement, 2),
				  .process = db_int(statement, 6),
				  .since = db_int(statement, 7)};
	int64_t port = db_int(statement, 4), owner = db_int(statement, 5), started = 0;
	int life = HOST_ENDED;

	if (!reserve_name_valid(row.name, NULL) || port < 1 || port > PORT_MAX || owner < 0 ||
	    owner > UINT32_MAX || !transport_parse(db_text(statement, 3), &row.transport))
		return 1;
	row.port = (uint16_t)port;
	row.owner = (uint32_t)owner;
	if (slice_eq(db_text(statement, 9), slice_cstr(reserve->scope)))
		life = host_process_started(reserve->root, row.process, &started, fault);
	if (life < 0)
		return life;
	row.held = life == HOST_HIDDEN || (life == HOST_LIVES && started == db_int(statement, 8));
	*ret_reservation = row;
	return 0;
}

int reserve_each(struct reserve *reserve,
		 int (*each)(void *context, const struct reservation *reservation), void *context,
		 struct fault *fault)
{
	struct db_statement *statement CLEANUP(db_finishp) = NULL;
	int result = db_prepare(reserve->db,
				"SELECT " DATABASE_COLUMNS
				" FROM reservations ORDER BY name, folder, transport, port",
				&statement, fault);

	while (result == 0 && (result = db_step(statement, fault)) == 1) {
		struct reservation row;

		result = database_row(reserve, statement, &row, fault);
		if (result < 0)
			return result;
		result = result == 0 ? each(context, &row) : 0;
	}
	return result;
}

static int add_port(void *context, const struct reservation *reservation)
{
	uint64_t *ports = context;

	ports[reservation->port / 64] |= UINT64_C(1) << reservation->port % 64;
	return 0;
}

int reserve_sysctl(struct reserve *reserve, struct strbuf *ports, struct fault *fault)
{
	struct host_sysctl set;
	bool before = false;
	int result;

	host_sysctl_read(reserve->root, &set);
	result = reserve_each(reserve, add_port, set.reserved, fault);
	if (result < 0)
		return result;
	for (unsigned first = 1, last; first <= PORT_MAX; first = last + 1) {
		last = first;
		if (!host_sysctl_is_reserved(&set, (uint16_t)first))
			continue;
		while (last < PORT_MAX && host_sysctl_is_reserved(&set, (uint16_t)(last + 1)))
			last++;
		strbuf_printf(ports, first < last ? "%s%u-%u" : "%s%u", before ? "," : "", first,
			      last);
		before = true;
	}
	return ports->failed ? fault_memory(fault) : 0;
}
