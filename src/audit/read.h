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

enum {
	AUDIT_TEXT_MAX = 511,	 /* bytes of a finding's text, and of a port's names */
	COMPARED_MAX = 20000000, /* pairs of ports that are held against each other */
};

/* One number of a comment that allows findings on a line. */
struct allowance {
	uint32_t file, line; /* that it is for */
	uint32_t number;     /* 0: the comment has none */
	uint32_t at, column; /* where it stands */
	bool used;
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
	void *read_before; /* a tree (tsearch(3)) of the files that were read, by device and inode
			    */
	uint32_t groups;   /* that were given out */
	bool failed;	   /* memory ran out; nothing is added after it */
};

/* A file being read. */
struct reading {
	struct audit *audit;
	struct slice path, text;
	void *variables; /* a tree (tsearch(3)) of those that have values */
	size_t expanded; /* bytes that their values made, in all */
	/* The text in hand before its variables were replaced, by secrets perhaps; absent: the
	 * same.
	 */
	struct slice written;
	uint32_t file;
};

/* Where something begins, both from 1; the column in characters. */
struct place {
	uint32_t line, column;
};

/* The place of a pointer into the text, none before the last one that was asked. */
struct placer {
	const char *at, *end;
	struct place place;
};
struct placer placer_of(struct slice text);
struct place placer_find(struct placer *placer, const char *p);

/* Room for one more of a list's count pieces; false where memory ran out. */
bool audit_grow(struct audit *audit, void *list, size_t count, size_t *size, size_t piece);
#define AUDIT_GROW(audit_, list_, count_, size_)                                                   \
	audit_grow((audit_), &(audit_)->list_, (audit_)->count_, &(audit_)->size_,                 \
		   sizeof(*(audit_)->list_))

/* A copy that lives as long as the audit; absent where memory ran out, too. */
struct slice audit_copy(struct audit *audit, struct slice text);
struct slice audit_text(struct audit *audit, const char *format, ...) PRINTF(2, 3);

/* Gives back a tree of tsearch(3), which is empty then; what is in it belongs to others. */
void tree_done(void **tree);

/* Without the mark U+FEFF that some programs begin a text with. */
struct slice audit_unmarked(struct slice text);

/* Adds a port; file and place are filled in. Its texts are copied, the first bytes of long ones. */
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
 * The text with its variables ($NAME, ${NAME}, ${NAME:-DEFAULT}, ...) replaced by their values.
 * False, and the name, where one has no value; memory is the audit's. $$ is $.
 */
bool expand(struct reading *reading, struct slice text, struct slice *ret_text,
	    struct slice *ret_unset);

/* Gives a variable its value, instead of the one that it had; both live as long as the reading. */
void variables_add(struct reading *reading, struct slice name, struct slice value);

/* The same of lines of NAME=VALUE. */
void variables_add_lines(struct reading *reading, struct slice lines);
void variables_done(struct reading *reading);

/* False: it has none. */
bool variables_find(const struct reading *reading, struct slice name, struct slice *ret_value);

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
