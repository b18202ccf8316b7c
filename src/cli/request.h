/* What the sub-commands of request share: the desk, who acts, and how refusals are told. */
#ifndef PORTBOOK_CLI_REQUEST_H
#define PORTBOOK_CLI_REQUEST_H

#include "cli/cli.h"
#include "cli/listing.h"
#include "cli/newest.h"
#include "desk/desk.h"

/* Who may give a command. Whoever may write the store's file is trusted to say who they are. */
enum request_who {
	WHO_ANYBODY,	   /* without an account, one sees what is public */
	WHO_ACCOUNT,	   /* --as, or that of the user's login */
	WHO_ADMINISTRATOR, /* one that is such; or, without an account, whoever has the store */
};

/* A command at work. */
struct desking {
	struct cli *cli;
	struct desk *desk;
	struct arena arena;   /* of actor */
	struct account actor; /* number 0: nobody */
	char space[TIME_SIZE];
	struct slice now;
	bool published; /* there is a new edition, of which the image is to be made */
	struct desk_refusal refusal;
	struct fault fault; /* of a negative result */
};

/*
 * Opens the desk of the store, and has act do the command's work: a status, or a negative fault,
 * which is then said. The rest is done here, the image of a new edition as well. A status.
 */
int desking_run(struct cli *cli, enum request_who who, int (*act)(struct desking *desking));

/* NULL: nobody. */
const struct account *desking_actor(const struct desking *desking);

/* The account of a login. 0; STATUS_NOT_FOUND, which was said; or a negative fault. */
int desking_find_account(struct desking *desking, struct slice login, struct arena *arena,
			 struct account *ret_account) MUST_USE;

/* A request's number among the words. 0, or STATUS_USAGE, which was said. */
int desking_number(const struct desking *desking, size_t word, int64_t *ret_number) MUST_USE;

/*
 * What a function of the desk returned: a fault as it is, STATUS_FOUND for DESK_DONE, else the
 * refusal is said, of a request of that number (0: none), and it is STATUS_NOT_FOUND.
 */
int desking_outcome(struct desking *desking, int outcome, int64_t number) MUST_USE;

/* A word, or where it is "-" what standard input has. 0 or a negative fault. */
int desking_text(const char *word, struct file_content *content, struct slice *ret_text,
		 struct fault *fault) MUST_USE;

/* Text of a policy: a built-in one's name, or a file. 0 or a negative fault. */
int desking_policy_text(struct slice name, struct file_content *content, struct slice *ret_text,
			struct fault *fault) MUST_USE;

/*
 * Reads the application that the words from that index on say: a file, "-", or KEY=VALUE each.
 * 0; a status, which was said; or a negative fault.
 */
int desking_read(const struct desking *desking, size_t word, struct application *application,
		 struct fault *fault) MUST_USE;

/* Prints findings in the format that is wanted. 0 or FAULT_MEMORY. */
int desking_put_findings(struct cli *cli, const struct preflight *preflight,
			 struct fault *fault) MUST_USE;

/* As JSON, without a line feed; desking_put_members() only what is between its braces. */
void desking_put_members(struct out *out, const struct desk_request *request);
void desking_put_json(struct out *out, const struct desk_request *request);
void desking_put_event(struct out *out, const struct desk_event *event);
void desking_put_transports(struct out *out, unsigned transports);

/* ,"KEY":VALUE. Absent text is null. */
void desking_put_text(struct out *out, const char *key, struct slice text);
void desking_put_number(struct out *out, const char *key, int64_t number);

/* Around each item of a JSON array or of lines of it: before its count-th one, and after it. */
void desking_begin_item(struct cli *cli, size_t count);
void desking_end_item(struct cli *cli);
/* Ends the list, or writes the table. STATUS_FOUND, STATUS_NOT_FOUND for none, or FAULT_MEMORY. */
int desking_end_items(struct desking *desking, const struct listing *listing,
		      size_t count) MUST_USE;

/* "29000", "29000-29009", "" */
void desking_add_ports(int32_t first, int32_t last, struct strbuf *text);
void desking_add_transports(unsigned transports, struct strbuf *text);

/* What a request is now, as a line: "request 3: Assigned: metrics 29000/tcp". */
void desking_put_line(struct out *out, const struct desk_request *request);

/* Prints the request as it is now, as a line or as JSON, and notes whether it was published. */
int desking_tell(struct desking *desking, int64_t number) MUST_USE;

#endif
