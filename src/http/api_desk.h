/*
 * Inside http/: what the desk's part of the JSON API shares. docs/API.md tells it to its users.
 * Helpers return as api.h has it.
 */
#ifndef PORTBOOK_HTTP_API_DESK_H
#define PORTBOOK_HTTP_API_DESK_H

#include "http/api.h"
#include "http/visitor.h"
#include "tree/tree.h"

/* What a member of a body is, which null may be in the place of. */
enum api_kind { KIND_TEXT, KIND_NUMBER, KIND_TEXT_OR_NUMBER, KIND_BOOL, KIND_LIST, KIND_OBJECT };

struct api_key {
	struct slice name;
	enum api_kind kind;
};

/*
 * Reads the body, an object with these members alone, each of its kind (422); *ret_root is NULL
 * where there is no body. Its text lives as long as the visitor.
 */
int api_body(struct visitor *visitor, const struct api_key *keys, size_t count,
	     const struct tree_node **ret_root) MUST_USE;

/* As whom requests are read: tokens without the scope for it see what everybody sees. */
const struct account *api_reader(const struct visitor *visitor);

/* The text of a member; absent: it is not there, null, or no scalar. root may be NULL. */
struct slice api_member(const struct tree_node *root, const char *key);
bool api_member_is_true(const struct tree_node *root, const char *key);

/* 422 that names a field, of the body or the application. */
int api_invalid(struct visitor *visitor, const char *field, const char *format, ...)
	PRINTF(3, 4) MUST_USE;

/* The number that a segment of the path is; 404 where it is none. */
int api_number(struct visitor *visitor, struct slice segment, int64_t *ret_number) MUST_USE;

/* "N", "A-B", "names" or "all" (*ret_all). 422 in field "ports" where it is none. */
int api_ports(struct visitor *visitor, struct slice text, int32_t *ret_first, int32_t *ret_last,
	      bool *ret_all) MUST_USE;

/* An account by login or number. 422 in the field where there is none. */
int api_account(struct visitor *visitor, const char *field, struct slice text,
		struct account *ret_account) MUST_USE;

/* limit and cursor of a list; the cursor is a number, 0 where it begins. */
int api_window(struct visitor *visitor, const struct api_values *values, unsigned *ret_limit,
	       int64_t *ret_cursor) MUST_USE;

/* "KEY":, with a comma before it where comma is set; and what follows. */
void api_put_key(struct out *out, bool comma, const char *key);
void api_put_text(struct out *out, bool comma, const char *key, struct slice text);
void api_put_number(struct out *out, bool comma, const char *key, int64_t number);
/* null for numbers below least. */
void api_put_or_null(struct out *out, bool comma, const char *key, int64_t number, int64_t least);
void api_put_bool(struct out *out, bool comma, const char *key, bool value);

/* A list that is being written, {"NAME":[...]}, a line for each of its items. */
struct api_list {
	struct visitor *visitor;
	struct out *out;
	size_t count;
	int64_t last; /* number of the last item */
};

/* Begins a response with it: 200. 0 or a negative fault. */
int api_list_begin(struct visitor *visitor, const char *name, struct api_list *ret_list) MUST_USE;
/* What stands before an item. */
void api_list_next(struct api_list *list);
/* Its end, without or with the cursor of what comes next; more: there is something. */
void api_list_end(struct api_list *list);
void api_list_end_page(struct api_list *list, bool more);

/* A request as an object. whole: with its application. */
void api_put_request(struct out *out, const struct visitor *visitor,
		     const struct desk_request *request, bool whole);

visitor_handler api_requests, api_file, api_check_application;
visitor_handler api_request, api_act;	   /* /requests/{}, /requests/{}/{} */
visitor_handler api_events, api_conflicts; /* /requests/{}/... */
visitor_handler api_policy, api_desk_log;
visitor_handler api_me, api_export, api_erase_me;
visitor_handler api_tokens, api_token_create, api_token_revoke;
visitor_handler api_accounts, api_account_create, api_account_one, api_account_act;
visitor_handler api_leases, api_lease_take, api_lease_release;

#endif
