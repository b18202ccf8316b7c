/*
 * The command line: one table of commands and one of options, from which parsing, help,
 * completions and the test of the man page all work.
 */
#ifndef PORTBOOK_CLI_OPTIONS_H
#define PORTBOOK_CLI_OPTIONS_H

#include <stdint.h>

#include "advice/advice.h"
#include "annotate/annotate.h"
#include "base/attr.h"
#include "base/fault.h"
#include "base/slice.h"
#include "http/access_log.h"
#include "lint/lint.h"
#include "record/row.h"
#include "record/sort.h"
#include "reserve/reserve.h"

/* Exit status of every command. */
enum status {
	STATUS_FOUND = 0,     /* found; clean */
	STATUS_NOT_FOUND = 1, /* not found, or not assigned */
	STATUS_USAGE = 2,
	STATUS_FAILURE = 3, /* unreadable, malformed, no space, ... */
	/* Of a registry's server, as sysexits(3) has them: */
	STATUS_LATER = 75,  /* not reached; it may go well later */
	STATUS_DENIED = 77, /* the token is none, or not for this */
};

enum format {
	FORMAT_TABLE,
	FORMAT_CSV,
	FORMAT_TSV,
	FORMAT_JSON,
	FORMAT_NDJSON,
	FORMAT_XML,
	FORMAT_XHTML,
	FORMAT_TEXT,
	FORMAT_IMAGE,
	FORMAT_SERVICES,
	FORMAT_DICTIONARY,
	FORMAT_SQLITE,
	FORMAT_DATAPACKAGE,
	FORMAT_UNIFIED,
	FORMAT_MARKDOWN,
	FORMAT_ATOM,
	FORMAT_SVG,
	FORMAT_PNG,
	FORMAT_SARIF,
	FORMAT_GITHUB,
	FORMAT_COUNT,
};

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum { SETTINGS_PROXIES_MAX = 16 };

/* What the options say. */
struct settings {
	const char *registry;	/* NULL: of the store, or the built-in one */
	const char *server;	/* its URL, instead of registry; NULL: none */
	const char *token_file; /* NULL: none */
	const char *store;	/* NULL: the usual one */
	const char *as_of;	/* YYYY-MM-DD[.N]; NULL: the newest edition */
	const char *since;	/* YYYY-MM-DD; NULL: the newest edition alone */
	const char *date;	/* YYYY-MM-DD, of documents that carry none; NULL: none */
	const char *url;	/* NULL: the publisher's */
	unsigned timeout;	/* seconds; 0: the usual ones */
	bool force, check;
	bool over_time;
	const char *output; /* NULL or "-": standard output */
	const char *names;  /* a file that lists those to export; NULL: all */
	enum format format;
	enum when color;
	bool help, version;
	bool regex, contacts;
	uint64_t page;	     /* 0: no pages */
	unsigned columns;    /* mask of enum column */
	unsigned transports; /* mask of enum transport; 0, as below: any */
	unsigned states;     /* mask of enum row_state */
	unsigned ranges;     /* mask of enum port_range */
	bool ports_given;
	uint16_t first_port, last_port; /* with ports_given */
	struct sort_key sort[COLUMN_COUNT];
	size_t sort_count;
	enum lint_severity severity; /* the least that is of interest */
	unsigned only[64];	     /* numbers of checks */
	size_t only_count;	     /* 0: all */
	bool explain, against;
	const char *listen;    /* ADDRESS:PORT; NULL: the usual one, or none beside others */
	const char *unix_path; /* NULL: none */
	const char *base;      /* of absolute links; NULL: none */
	enum access_format access;
	const char *mail;      /* smtp:// URL, or a command with its arguments; NULL: none */
	const char *mail_from; /* an address; NULL: none */
	struct slice proxies[SETTINGS_PROXIES_MAX]; /* addresses, and "unix" */
	size_t proxy_count;
	struct slice proxy_header;			 /* absent: none */
	unsigned rate;					 /* 0: the usual one */
	struct slice flow_columns[ANNOTATE_FIELD_COUNT]; /* names or numbers; absent: as found */
	char delimiter;					 /* '\0': as found */
	bool no_header, strict, summary;
	unsigned added;	     /* mask of enum added */
	unsigned count;	     /* 0: all */
	const char *address; /* numeric; NULL: any */
	enum reserve_hold hold;
	bool system, sysctl;
	bool all, watch;
	unsigned times; /* 0: without end */
	enum advice_purpose purpose;
	bool near_given;
	uint16_t near_port; /* with near_given */
	struct slice seed;  /* absent: none */
	bool registered_only, anywhere;
	unsigned threads, connections, per_address, request_timeout; /* 0: the usual ones */
	struct {
		struct slice as, policy, title, name, email, person, note, reviewer, label, expires,
			host, project, from, key; /* absent: not said */
		unsigned scopes;		  /* mask of enum account_scope */
		unsigned minutes;		  /* 0: as long as may be */
		bool internal, mine, queue, overdue, plain;
	} request;
};

enum added { ADDED_DESCRIPTION, ADDED_CONFIDENCE, ADDED_COUNT };

/* What an option's value is: which words it may hold, and whether several with commas between. */
enum value {
	VALUE_NONE, /* the option is a flag */
	VALUE_FORMAT,
	VALUE_WHEN,
	VALUE_COLUMNS,
	VALUE_SORT, /* as COLUMNS, each with an optional - before it */
	VALUE_TRANSPORTS,
	VALUE_STATES,
	VALUE_RANGES,
	VALUE_SHELL,
	VALUE_SEVERITY,
	VALUE_FILE,    /* no words: the name of a file */
	VALUE_NUMBER,  /* no words */
	VALUE_PORTS,   /* no words */
	VALUE_DATE,    /* no words */
	VALUE_URL,     /* no words */
	VALUE_ACCESS,  /* what a log of requests is like */
	VALUE_ADDRESS, /* no words */
	VALUE_ADDED,   /* to flow records */
	VALUE_HOLD,    /* how a port is held */
	VALUE_TEXT,    /* no words */
	VALUE_PURPOSE, /* what a port is for */
	VALUE_PROCEDURE,
	VALUE_SCOPE,	/* of a token */
	VALUE_REQUESTS, /* states of requests */
	VALUE_ACTION,	/* with a request that there is */
	VALUE_ROLE,	/* that is given */
};

/* The words of a kind of value, from index 0; absent past the last. Static. */
struct slice value_word(enum value value, size_t index);
bool value_is_list(enum value value);

/* Index of the word. Without regard to case; false, and the fault names all, for another. */
bool value_find(enum value value, struct slice word, size_t *ret_index, struct fault *fault);

enum option_id {
	OPTION_REGISTRY,
	OPTION_STORE,
	OPTION_AS_OF,
	OPTION_FORMAT,
	OPTION_JSON,
	OPTION_COLOR,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COMMON, /* every command takes those above, but what it refuses */
	OPTION_PAGE = OPTION_COMMON,
	OPTION_REGEX,
	OPTION_IN,
	OPTION_CONTACTS,
	OPTION_SORT,
	OPTION_TRANSPORT,
	OPTION_PORTS,
	OPTION_STATE,
	OPTION_RANGE,
	OPTION_OUTPUT,
	OPTION_NAMES,
	OPTION_SEVERITY,
	OPTION_ONLY,
	OPTION_EXPLAIN,
	OPTION_DATE,
	OPTION_SINCE,
	OPTION_FORCE,
	OPTION_URL,
	OPTION_CHECK,
	OPTION_TIMEOUT,
	OPTION_OVER_TIME,
	OPTION_LISTEN,
	OPTION_UNIX,
	OPTION_BASE,
	OPTION_ACCESS_LOG,
	OPTION_THREADS,
	OPTION_CONNECTIONS,
	OPTION_PER_ADDRESS,
	OPTION_REQUEST_TIMEOUT,
	OPTION_MAIL,
	OPTION_MAIL_FROM,
	OPTION_TRUST_PROXY,
	OPTION_PROXY_HEADER,
	OPTION_RATE,
	OPTION_COLUMNS,
	OPTION_NO_HEADER,
	OPTION_DELIMITER,
	OPTION_ADD,
	OPTION_DATE_COLUMN,
	OPTION_STRICT,
	OPTION_SUMMARY,
	OPTION_MOST,
	OPTION_PORT,
	OPTION_ADDRESS,
	OPTION_HOLD,
	OPTION_SYSTEM,
	OPTION_SYSCTL,
	OPTION_TOKEN_FILE,
	OPTION_ALL,
	OPTION_WATCH,
	OPTION_TIMES,
	OPTION_FOR,
	OPTION_HOW_MANY,
	OPTION_NEAR,
	OPTION_SEED,
	OPTION_REGISTERED_ONLY,
	OPTION_ANYWHERE,
	OPTION_AGAINST,
	OPTION_REQUEST, /* those of request alone */
	OPTION_AS = OPTION_REQUEST,
	OPTION_POLICY,
	OPTION_TITLE,
	OPTION_NAME,
	OPTION_EMAIL,
	OPTION_PERSON,
	OPTION_NOTE,
	OPTION_INTERNAL,
	OPTION_REVIEWER,
	OPTION_KEY,
	OPTION_MINE,
	OPTION_QUEUE,
	OPTION_OVERDUE,
	OPTION_LABEL,
	OPTION_SCOPE,
	OPTION_EXPIRES,
	OPTION_HOST,
	OPTION_PROJECT,
	OPTION_MINUTES,
	OPTION_FROM,
	OPTION_PLAIN,
	OPTION_COUNT,
};

struct cli;

struct command {
	struct slice name, arguments; /* "search", "TEXT..."; of a sub-command: "store copy" */
	struct slice summary;	      /* without its full stop */
	struct slice about;	      /* paragraphs, a line feed between two */
	struct slice examples;	      /* a line each */
	enum value words;	      /* what its arguments are, for completion */
	size_t least, most;	      /* how many of them */
	bool options[OPTION_COUNT];   /* by enum option_id, beside the common ones */
	bool refused[OPTION_COMMON];  /* those of the common ones that it has no use for */
	unsigned formats;	      /* mask; 0: prints no rows */
	enum format format;	      /* unless another is asked for */
	bool opens;		      /* what it reads, itself; else the registry's image is open */
	int (*run)(struct cli *cli);  /* an enum status; NULL: a group of sub-commands */
};

/* The commands, from index 0; NULL past the last. The first is the default. Static. */
const struct command *command_at(size_t index);

/* Those of the desk, which are the last ones. */
const struct command *request_command_at(size_t index);

/* The last word of a sub-command; absent when it is none of this group. Groups may be in groups. */
struct slice command_sub_name(const struct command *command, const struct command *group);
bool command_is_sub(const struct command *command);

struct option {
	struct slice name;
	char letter; /* '\0': none */
	enum value value;
	struct slice argument; /* what help calls the value; absent for a flag */
	struct slice help;     /* without its full stop */
	/* Reads the value (absent for a flag). False, and the reason, for one that cannot be. */
	bool (*set)(struct settings *settings, struct slice value, struct fault *fault);
};

/* Those from OPTION_REQUEST on. */
const struct option *request_option_at(size_t index);

/* The option of an enum option_id, in the order of help; NULL past the last. Static. */
const struct option *option_at(size_t id);

/* Whether the command of the table takes the option. */
bool command_takes(const struct command *command, size_t id);

/* A command line as understood. Borrows argv. */
struct arguments {
	const struct command *command;
	bool command_given; /* by its name */
	struct settings settings;
	char **words; /* what is neither option nor command */
	size_t word_count;
};

/*
 * Understands argv (argc strings, NULL at the end), whose order it changes. Options may stand
 * anywhere; "--" ends them, and no word after it is a command. 0, or STATUS_USAGE with the reason.
 * With settings.help or .version, words are not counted.
 */
int arguments_parse(int argc, char **argv, struct arguments *ret_arguments,
		    struct fault *fault) MUST_USE;

#endif
