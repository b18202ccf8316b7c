/* What the commands share: what is asked, of which registry, and where the answer goes. */
#ifndef PORTBOOK_CLI_CLI_H
#define PORTBOOK_CLI_CLI_H

#include "base/attr.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/out.h"
#include "base/strbuf.h"
#include "cli/options.h"
#include "cli/place.h"
#include "history/history.h"
#include "image/image.h"
#include "registry/registry.h"

/* The registry that is read; zeroed memory is a valid closed one. */
struct opened {
	struct image image;
	struct file_content content; /* of an image file */
	struct strbuf built;	     /* the image made of a document or an edition */
	struct registry *model;	     /* instead of an image: for what writes whole documents */
	struct strbuf document;	     /* instead of both: as it was published */
	struct strbuf origin;	     /* see registry_origin() */
	bool is_part;		     /* only the rows that a filter wanted are there */
};

/* What is known of a terminal; all 0 where there is none. */
struct screen {
	unsigned width; /* 0: not a terminal */
	bool color;
};

struct cli {
	struct arguments arguments;
	struct opened registry;
	struct place store;
	char **environment;
	struct screen screen; /* of standard output */
	struct out *out;      /* standard output */
	bool failed;	      /* it could not be written, and that was said */
	struct {
		void (*pipe)(int), (*size)(int);
	} signals; /* what SIGPIPE and SIGXFSZ did before */
};

/*
 * Opens the registry that is meant: that of a file (a document, or an image); or of the store the
 * edition as of a date, or the newest; or the built-in one. filter, which may be NULL, says which
 * rows are enough where it comes from a store. 0 or a negative fault with its place.
 */
int registry_open(struct cli *cli, const struct history_filter *filter,
		  struct fault *fault) MUST_USE;
void registry_close(struct opened *opened);

/* The same as a model instead of an image; keep_layout: with that of an XML document. */
int registry_open_model(struct cli *cli, bool keep_layout, struct fault *fault) MUST_USE;

/* As what it is, a document as a model and all else as an image: for what only passes over rows. */
int registry_open_rows(struct cli *cli, struct fault *fault) MUST_USE;

/*
 * The document of a store's edition as it was published, where that was in this format. 1: it was
 * not, or no store is read.
 */
int registry_open_document(struct cli *cli, struct slice format, struct fault *fault) MUST_USE;

/* The registry that an image file's bytes hold, whose checksum must be right; the caller's. */
int registry_of_image(struct slice bytes, struct registry **ret_registry,
		      struct fault *fault) MUST_USE;

/* What standard output is. environment: NULL-terminated "NAME=value" strings. */
struct screen screen_find(int fd, enum when color, char **environment);

/* Writes "portbook: TEXT" as a line on standard error. */
void say(const char *format, ...) PRINTF(1, 2);

/* Says the fault, with the file that it is in (NULL: none) and its place. STATUS_FAILURE. */
int say_fault(const char *file, const struct fault *fault);

/* What a registry's path (NULL: the built-in one) is called in what is said. */
const char *path_name(const char *path);

/* What the registry that is meant is called in what is said: for one thing at a time. */
const char *registry_name(const struct cli *cli);

/* The same, of the one that is open, in what is written: where a file lies does not matter to it.
 */
struct slice registry_origin(const struct cli *cli);

/*
 * Writes what a format says to standard output; on a terminal without anything in it that the
 * terminal would obey. 0 or FAULT_MEMORY.
 */
int answer_write(struct cli *cli, void (*write)(struct out *out, const void *data),
		 const void *data, struct fault *fault) MUST_USE;

/*
 * Has print write its answer to a file (base/file.h) in the place of standard output. What it
 * returns, or a negative fault, and then the file is as it was.
 */
int answer_file(struct cli *cli, const char *path,
		int (*print)(struct cli *cli, const void *data, struct fault *fault),
		const void *data, struct fault *fault) MUST_USE;

/*
 * Hands the answer over, so that what is said follows it. 0, or STATUS_FAILURE when it could not
 * be written and that was said.
 */
int answer_end(struct cli *cli) MUST_USE;

/* Help for a command, or for the program where command is NULL, in lines of at most width. */
void help_write(struct out *out, const struct command *command, unsigned width);

/* The version, and what the built-in registry is. */
void version_write(struct out *out, const struct image *builtin, unsigned width);

/* The commands, each an enum status. */
int lookup_run(struct cli *cli);
int search_run(struct cli *cli);
int list_run(struct cli *cli);
int person_run(struct cli *cli);
int export_run(struct cli *cli);
int annotate_run(struct cli *cli);
int diff_run(struct cli *cli);
int lint_run(struct cli *cli);
int audit_run(struct cli *cli);
int import_run(struct cli *cli);
int update_run(struct cli *cli);
int editions_run(struct cli *cli);
int log_run(struct cli *cli);
int changes_run(struct cli *cli);
int store_verify_run(struct cli *cli);
int store_copy_run(struct cli *cli);
int chart_run(struct cli *cli);
int serve_run(struct cli *cli);
int reserve_run(struct cli *cli);
int reservations_run(struct cli *cli);
int release_run(struct cli *cli);
int who_run(struct cli *cli);
int check_run(struct cli *cli);
int free_run(struct cli *cli);
int completion_run(struct cli *cli);
int request_init_run(struct cli *cli);
int request_template_run(struct cli *cli);
int request_check_run(struct cli *cli);
int request_new_run(struct cli *cli);
int request_amend_run(struct cli *cli);
int request_list_run(struct cli *cli);
int request_show_run(struct cli *cli);
int request_advance_run(struct cli *cli);
int request_comment_run(struct cli *cli);
int request_withdraw_run(struct cli *cli);
int request_verify_run(struct cli *cli);
int request_rebuild_run(struct cli *cli);
int request_log_run(struct cli *cli);
int request_remind_run(struct cli *cli);
int request_export_run(struct cli *cli);
int request_erase_run(struct cli *cli);
int request_lease_run(struct cli *cli);
int request_leases_run(struct cli *cli);
int request_release_run(struct cli *cli);
int request_policy_show_run(struct cli *cli);
int request_policy_set_run(struct cli *cli);
int request_policy_check_run(struct cli *cli);
int request_account_add_run(struct cli *cli);
int request_account_list_run(struct cli *cli);
int request_account_change_run(struct cli *cli);
int request_account_disable_run(struct cli *cli);
int request_account_enable_run(struct cli *cli);
int request_account_grant_run(struct cli *cli);
int request_account_revoke_run(struct cli *cli);
int request_account_password_run(struct cli *cli);
int request_account_token_run(struct cli *cli);
int request_account_tokens_run(struct cli *cli);
int request_account_cancel_run(struct cli *cli);
int request_mail_list_run(struct cli *cli);
int request_mail_send_run(struct cli *cli);
int request_mail_retry_run(struct cli *cli);

#endif
