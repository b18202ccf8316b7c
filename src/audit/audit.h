/*
 * Ports in the configuration of other software, each with its place, held against the registry and
 * against each other. A file that is not what its format demands is a finding, not a failure.
 * docs/AUDIT.md, made from the table of checks, explains each.
 */
#ifndef PORTBOOK_AUDIT_AUDIT_H
#define PORTBOOK_AUDIT_AUDIT_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "image/image.h"
#include "lint/lint.h"
#include "record/transport.h"

enum {
	AUDIT_FILE_MAX = 4 << 20,    /* bytes; larger files are skipped */
	AUDIT_DOTENV_MAX = 65536,    /* of a file .env beside another */
	AUDIT_FILES_MAX = 1000000,   /* files and folders that are looked at */
	AUDIT_FOLDERS_DEEP_MAX = 64, /* folders in folders */
};

enum audit_kind {
	AUDIT_COMPOSE,
	AUDIT_KUBERNETES,
	AUDIT_SOCKET,
	AUDIT_SERVICE,
	AUDIT_DOCKERFILE,
	AUDIT_DOTENV,
	AUDIT_NGINX,
	AUDIT_HAPROXY,
	AUDIT_FIREWALLD,
	AUDIT_KIND_COUNT,
	AUDIT_NOTHING = AUDIT_KIND_COUNT,
};

/* "compose", "kubernetes", ... Static. */
struct slice audit_kind_name(enum audit_kind kind);

/* What becomes of a port that stands in a file. */
enum audit_use {
	AUDIT_TAKEN,   /* bound to addresses of the host */
	AUDIT_NODE,    /* bound on every node of a cluster */
	AUDIT_OFFERED, /* what clients elsewhere know: a cluster's Service, an open firewall */
	AUDIT_INSIDE,  /* a container's own */
	AUDIT_SETTING, /* a value of which no more is known */
	AUDIT_REMOTE,  /* of another machine */
	AUDIT_USE_COUNT,
};

/* "taken", "node", ... Static. */
struct slice audit_use_name(enum audit_use use);

/* Text lives as long as its audit. */
struct audit_port {
	struct slice address; /* that it is bound to; absent: any */
	struct slice owner;   /* whose it is: "service web" */
	struct slice name;    /* of the service; absent: nothing tells */
	uint32_t file, line, column;
	uint32_t group; /* of those that share addresses; 0: of none */
	uint16_t first, last;
	uint8_t transport, use; /* of enum transport, of enum audit_use */
	bool named;		/* the name is the port's, in the file; else it is concluded */
	bool web;		/* browsers are to open it */
};

struct audit_finding {
	const struct lint_check *check;
	uint32_t file, line, column; /* from 1, column in characters */
	uint32_t port;		     /* index of the port that it is about, or AUDIT_NO_PORT */
	struct slice who;	     /* whose: "service web"; may be absent */
	struct slice text;	     /* one line */
};

#define AUDIT_NO_PORT UINT32_MAX

struct audit_file {
	struct slice path;
	enum audit_kind kind;
};

/* The checks by ascending number, from index 0; NULL past the last. */
const struct lint_check *audit_check_at(size_t index);

struct audit;

int audit_new(struct audit **ret_audit, struct fault *fault) MUST_USE;
void audit_free(struct audit *audit);

/*
 * What a file of that path is, from its name and what is in it; text may be absent, and then a file
 * that its name leaves open is AUDIT_NOTHING.
 */
enum audit_kind audit_kind_of(struct slice path, struct slice text);

/* Whether a file of that name may be one of them, so that it is worth reading. */
bool audit_may_be(struct slice path);

/*
 * Reads a file's text, which may go afterwards. dotenv is that of the file .env beside it; it may
 * be absent. 0 or FAULT_MEMORY.
 */
int audit_read(struct audit *audit, struct slice path, enum audit_kind kind, struct slice text,
	       struct slice dotenv, struct fault *fault) MUST_USE;

/* Told of what is left out: its path, and why. */
typedef void audit_skipped(void *context, struct slice path, const char *reason);

/*
 * Reads a file, or all files in a folder and in those in it, in the order of their names, but for
 * version control and installed packages (.git, .hg, .svn, node_modules, vendor). Links are not
 * followed, and a file is read once, under whatever many paths. 0, FAULT_MEMORY, or FAULT_SYSTEM
 * and FAULT_LIMIT for the path itself.
 */
int audit_walk(struct audit *audit, const char *path, audit_skipped *skipped, void *context,
	       struct fault *fault) MUST_USE;

/* What this machine has at a port. */
struct audit_seen {
	struct slice running;  /* what the program that listens is called; absent: none is seen */
	struct slice reserved; /* the name of a reservation; absent: there is none */
	uint16_t port;
	uint8_t transport;
	bool open; /* something listens */
};

struct audit_options {
	uint16_t ephemeral_first, ephemeral_last; /* of the host; 0: the usual ones of Linux */
	bool against;				  /* seen is known, and what is not in it is free */
	const struct audit_seen *seen;		  /* in the order of audit_seen_compare() */
	size_t seen_count;
};

/* For qsort: by port, transport and texts. */
int audit_seen_compare(const void *a, const void *b);

/* What is seen at a port: the first of so many. */
size_t audit_seen_find(const struct audit_options *options, enum transport transport, uint16_t port,
		       const struct audit_seen **ret_first);

/*
 * Holds what was read against a registry and against itself. Findings come by file, line, column
 * and number; those that comments allow are left out. Called once. 0 or FAULT_MEMORY.
 */
int audit_judge(struct audit *audit, const struct image *image, const struct audit_options *options,
		struct fault *fault) MUST_USE;

size_t audit_file_count(const struct audit *audit);
const struct audit_file *audit_file_at(const struct audit *audit, size_t index);
size_t audit_port_count(const struct audit *audit);
const struct audit_port *audit_port_at(const struct audit *audit, size_t index);
size_t audit_finding_count(const struct audit *audit);
const struct audit_finding *audit_finding_at(const struct audit *audit, size_t index);

#endif
