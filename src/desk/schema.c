#include "desk/schema.h"

#include "accounts/accounts.h"
#include "mail/mail.h"

enum { VERSION = 1 };

/*
 * An event says all that it makes of its request, so that the table of requests can be made from
 * the events alone. What may have to be erased is beside them: of that they have a hash.
 */
static const char tables[] =
	"CREATE TABLE desk_policies (\n"
	"  number INTEGER PRIMARY KEY,\n"
	"  at TEXT NOT NULL,\n"
	"  policy TEXT NOT NULL\n"
	");"
	"CREATE TABLE desk_events (\n"
	"  sequence INTEGER PRIMARY KEY,\n"
	"  request INTEGER NOT NULL,\n"
	"  at TEXT NOT NULL,\n"
	"  actor INTEGER NOT NULL,\n"
	"  role TEXT,\n"
	"  action TEXT NOT NULL,\n"
	"  state TEXT,\n"
	"  account INTEGER NOT NULL,\n"
	"  application TEXT,\n"
	"  body TEXT,\n"
	"  first_port INTEGER NOT NULL,\n"
	"  last_port INTEGER NOT NULL,\n"
	"  deadline TEXT,\n"
	"  expires TEXT,\n"
	"  edition INTEGER NOT NULL,\n"
	"  private TEXT,\n"
	"  hash TEXT NOT NULL\n"
	");"
	"CREATE INDEX desk_events_by_request ON desk_events (request, sequence);"
	"CREATE TABLE desk_private (\n"
	"  sequence INTEGER PRIMARY KEY REFERENCES desk_events (sequence),\n"
	"  salt BYTES NOT NULL,\n"
	"  application TEXT,\n"
	"  note TEXT,\n"
	"  internal INTEGER NOT NULL\n"
	");"
	"CREATE TABLE desk_requests (\n"
	"  request INTEGER PRIMARY KEY,\n"
	"  version INTEGER NOT NULL,\n"
	"  procedure TEXT NOT NULL,\n"
	"  state TEXT NOT NULL,\n"
	"  came_from TEXT,\n"
	"  name TEXT,\n"
	"  name_key TEXT,\n"
	"  first_port INTEGER NOT NULL,\n"
	"  last_port INTEGER NOT NULL,\n"
	"  transports INTEGER NOT NULL,\n"
	"  description TEXT,\n"
	"  applicant INTEGER NOT NULL,\n"
	"  reviewer INTEGER NOT NULL,\n"
	"  filed TEXT NOT NULL,\n"
	"  changed TEXT NOT NULL,\n"
	"  deadline TEXT,\n"
	"  expires TEXT,\n"
	"  reviews INTEGER NOT NULL,\n"
	"  approvals INTEGER NOT NULL,\n"
	"  stage INTEGER NOT NULL,\n"
	"  application INTEGER NOT NULL,\n"
	"  edition INTEGER NOT NULL\n"
	");"
	"CREATE INDEX desk_requests_by_state ON desk_requests (state, request);"
	"CREATE INDEX desk_requests_open ON desk_requests "
	"(request, state, first_port, last_port, applicant, reviewer, deadline) "
	"WHERE state NOT IN ('granted', 'refused', 'withdrawn');"
	"CREATE INDEX desk_requests_by_procedure ON desk_requests (procedure, request);"
	"CREATE INDEX desk_requests_by_applicant ON desk_requests (applicant, request);"
	"CREATE INDEX desk_requests_by_reviewer ON desk_requests (reviewer, request);"
	"CREATE INDEX desk_requests_by_name ON desk_requests (name_key);"
	"CREATE INDEX desk_requests_by_port ON desk_requests (first_port);"
	"CREATE INDEX desk_requests_by_expiry ON desk_requests (expires);"
	"CREATE INDEX desk_requests_by_deadline ON desk_requests (deadline);"
	"CREATE TABLE desk_counts (\n"
	"  state TEXT PRIMARY KEY,\n"
	"  requests INTEGER NOT NULL\n"
	");"
	"CREATE TABLE desk_keys (\n"
	"  account INTEGER NOT NULL,\n"
	"  key TEXT NOT NULL,\n"
	"  digest TEXT NOT NULL,\n"
	"  request INTEGER NOT NULL,\n"
	"  at TEXT NOT NULL,\n"
	"  PRIMARY KEY (account, key)\n"
	");"
	"CREATE INDEX desk_keys_by_time ON desk_keys (at);"
	"CREATE TABLE desk_leases (\n"
	"  lease INTEGER PRIMARY KEY,\n"
	"  account INTEGER NOT NULL,\n"
	"  name TEXT NOT NULL,\n"
	"  port INTEGER NOT NULL,\n"
	"  transport TEXT NOT NULL,\n"
	"  host TEXT,\n"
	"  project TEXT,\n"
	"  since TEXT NOT NULL,\n"
	"  until TEXT NOT NULL,\n"
	"  UNIQUE (port, transport),\n"
	"  UNIQUE (account, host, project, name, transport)\n"
	");";

int schema_exists(struct db *db, struct fault *fault)
{
	int64_t version;
	int result = db_query_number(db, "SELECT value FROM meta WHERE key = 'desk'", DB_NO_VALUES,
				     &version, fault);

	if (result <= 0)
		return result;
	if (version > VERSION)
		return fault_set(fault, FAULT_UNKNOWN,
				 "a desk of version %lld, made by a newer portbook than this",
				 (long long)version);
	return 1;
}

/* Which refers to what is before it. */
static const char *part(size_t i)
{
	const char *const parts[] = {tables, accounts_schema(), mail_schema};

	return i < ARRAY_SIZE(parts) ? parts[i] : NULL;
}

int schema_make(struct db *db, struct fault *fault)
{
	int result = 0;

	for (size_t i = 0; part(i) && result == 0; i++)
		result = db_run(db, part(i), fault);
	return result < 0 ? result
			  : db_execute(db, "INSERT INTO meta VALUES ('desk', ?1)",
				       DB_VALUES(db_value_int(VERSION)), fault);
}

int schema_copy(struct db *from, struct db *to, struct fault *fault)
{
	int result = schema_make(to, fault);

	for (size_t i = 0; part(i) && result == 0; i++)
		result = db_copy_schema(from, to, part(i), fault);
	return result;
}
