/* Inside audit/: an audit as readers fill it, and what they share. */
#ifndef PORTBOOK_AUDIT_READ_H
#define PORTBOOK_AUDIT_READ_H

#include "audit/audit.h"
#include "base/arena.h"
#include "base/strbuf.h"

/* Permanent: a check that goes leaves its number behind. */
enum audit_check {
	TAKEN_TWICE = 1001,
	TAKEN_ELSEWHERE = 1002,
	HOST_NETWORK = 1003,
	ASSIGNED_OTHER = 1101,
	NAME_NUMBER = 1102,
	WRONG_TRANSPORT = 1103,
	TRANSPORT_MISSING = 1104,
	RESERVED = 1105,
	UNASSIGNED_SYSTEM = 1106,
	DEASSIGNED = 1107,
	EPHEMERAL = 1201,
	DYNAMIC = 1202,
	IN_NODE_PORTS = 1203,
	NODE_PORT_RANGE = 1204,
	BLOCKED = 1205,
	PORT_VALUE = 1301,
	PORT_FORM = 1302,
	RANGE_LENGTH = 1303,
	SEXAGESIMAL = 1304,
	NAME_FORM = 1305,
	VARIABLE_UNSET = 1306,
	MALFORMED = 1307,
	ALLOW_NOTHING = 1308,
	DRIFT_TAKEN = 1401,
	DRIFT_HELD = 1402,
	DRIFT_SILENT = 1403,
};

/* Of audit_port.group; pods and the like have numbers from GROUP_FIRST on. */
enum { GROUP_NONE, GROUP_HOST, GROUP_CLUSTER, GROUP_FIRST };

/* A comment that allows findings of some numbers on a line. */
struct allowance {
	uint32_t file, line; /* that it is for */
	uint32_t at, column; /* where it stands */
	uint16_t numbers[AUDIT_ALLOWED_MAX];
	uint16_t used; /* mask of these */
	uint8_t count;
};

struct audit {
	struct arena arena;
	struct audit_file *files;
	size_t file_count, file_size;
	struct audit_port *ports;
	size_t port_count, port_size;
	struct audit_finding *findings;
	size_t finding_count, finding_size;
	struct allowance *allowances;
	size_t allowance_count, allowance_size;
	uint32_t groups; /* that were given out */
	bool failed;	 /* memory ran out; nothing is added after it */
};

/* A file being read. */
struct reading {
	struct audit *audit;
	struct slice path, text, dotenv;
	/* The text in hand before its variables were replaced, by secrets perhaps; absent: the
	 * same.
	 */
	struct slice written;
	uint32_t file;
};

/* Where something begins, both from 1. */
struct place {
	uint32_t line, column;
};

/* Line and column of a pointer into the text. Ascending pointers are found in one pass. */
struct placer {
	const char *at, *line_at, *end;
	uint32_t line;
};
struct placer placer_of(struct slice text);
struct place placer_find(struct placer *placer, const char *p);

/* A copy that lives as long as the audit; absent where memory ran out, too. */
struct slice audit_copy(struct audit *audit, struct slice text);
struct slice audit_text(struct audit *audit, const char *format, ...) PRINTF(2, 3);

/* Adds a port; file and place are filled in. Its texts are copied. */
void reading_found(struct reading *reading, struct place place, struct audit_port port);

/* Adds a finding; the text is as format says, in one line. */
void reading_complain(struct reading *reading, struct place place, enum audit_check check,
		      struct slice who, const char *format, ...) PRINTF(5, 6);
void audit_report(struct audit *audit, enum audit_check check, uint32_t file, struct place place,
		  uint32_t port, struct slice who, struct slice text);

uint32_t audit_next_group(struct audit *audit);

/* The check of that number, which there is. */
const struct lint_check *audit_check_of(unsigned number);

/* What a text for a port or a range of them ("80", "8000-8010") is. */
enum port_text {
	PORT_TEXT_GOOD,
	PORT_TEXT_NONE /* no number */,
	PORT_TEXT_VALUE /* out of range */
};
enum port_text port_text_read(struct slice text, uint16_t *ret_first, uint16_t *ret_last);

/*
 * The same with complaints: of what is no port where must, and of what is out of range. True: it
 * is one.
 */
bool reading_port(struct reading *reading, struct place place, struct slice who, struct slice text,
		  bool must, uint16_t *ret_first, uint16_t *ret_last);

/*
 * "ADDRESS:PORT", "[ADDRESS]:PORT", ":PORT" or "PORT" in two; port is absent where none stands
 * there. An address that stands for any is absent.
 */
void address_split(struct slice text, struct slice *ret_address, struct slice *ret_port);

/*
 * The text with its variables ($NAME, ${NAME}, ${NAME:-DEFAULT}, ...) replaced by what lines of
 * NAME=VALUE say. False, and the name, where one has no value; memory is the audit's. $$ is $.
 */
bool expand(struct reading *reading, struct slice lines, struct slice text, struct slice *ret_text,
	    struct slice *ret_unset);

/* The value in such lines, without quotes. False: not set. */
bool dotenv_value(struct slice lines, struct slice name, struct slice *ret_value);

/* The next NAME=VALUE of lines, which are cut. False: no more. */
bool dotenv_next(struct slice *lines, struct slice *ret_name, struct slice *ret_value);

/* The next word of a text, with quotes as shells have them; absent at the end. */
struct slice word_next(struct slice *text);

/* The last part of a path, and what is before it. */
struct slice path_base(struct slice path);
struct slice path_folder(struct slice path);

/* Readers of each kind. */
void compose_read(struct reading *reading);
void kubernetes_read(struct reading *reading);
void unit_read_socket(struct reading *reading);
void unit_read_service(struct reading *reading);
void dockerfile_read(struct reading *reading);
void dotenv_read(struct reading *reading);
void nginx_read(struct reading *reading);
void haproxy_read(struct reading *reading);
void firewalld_read(struct reading *reading);

/* A mapping as in "127.0.0.1:8080-8081:80-81/tcp", with which compose and docker publish ports. */
void mapping_read(struct reading *reading, struct place place, struct slice text,
		  const struct audit_port *like, bool host_network);

/* Whether a manifest is a template, whose text is made only when it is rendered (Helm). */
bool audit_is_template(struct slice text);

/* Comments that allow. */
void allow_read(struct reading *reading);
void allow_apply(struct audit *audit);

/* What shares an address and a port. */
int conflicts_find(struct audit *audit, struct fault *fault) MUST_USE;

#endif
