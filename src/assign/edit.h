/* Inside assign/: an edition while an application is applied to it. */
#ifndef PORTBOOK_ASSIGN_EDIT_H
#define PORTBOOK_ASSIGN_EDIT_H

#include "assign/assign.h"
#include "base/strbuf.h"

/* A row: one of the edition before as it is, or one that was made. */
struct edit_line {
	struct row *made; /* NULL: that of the edition before */
	size_t from;	  /* its index there */
};

/*
 * Running out of memory is remembered and asked for once, at the end (edit_finish): until then
 * texts become absent, and rows are not inserted.
 */
struct edit {
	const struct registry *before;
	const struct application *application;
	const struct policy *policy;
	const struct assign_options *options;
	struct fault *fault;
	struct arena arena; /* all that is made */
	struct edit_line *lines;
	struct person *people;
	struct slice *left; /* ids that rows referred to which are not so any more */
	size_t count, size, person_count, person_size, left_count, left_size;
	bool failed, changed; /* changed: rows or people */
};

/* edit.c: lines. */
int edit_begin(struct edit *edit) MUST_USE;
void edit_done(struct edit *edit);
int edit_finish(struct edit *edit, struct registry **ret_after) MUST_USE;
struct row edit_row(const struct edit *edit, size_t index);
/* A row that may be changed, by edit_set(). NULL: no memory. */
struct row *edit_change(struct edit *edit, size_t index);
void edit_insert(struct edit *edit, size_t index, struct row *row);
void edit_drop(struct edit *edit, size_t index);
/* An empty row, to be inserted. NULL: no memory. */
struct row *edit_new_row(struct edit *edit);
struct slice edit_copy(struct edit *edit, struct slice text);
/* What the buffer holds, copied. The buffer is emptied, its failure taken over. */
struct slice edit_keep(struct edit *edit, struct strbuf *buffer);

/* elements.c: columns of a row that may be changed; NULL is taken and nothing is done. */
/* Text is rich; absent: the row has no such element any more. */
void edit_set(struct edit *edit, struct row *row, enum column column, struct slice text);
void edit_set_ports(struct edit *edit, struct row *row, int32_t first, int32_t last);
struct slice edit_rich(struct edit *edit, const struct row *row, enum column column);

/* places.c: where rows are. */
bool row_overlaps(const struct row *row, int32_t first, int32_t last);
/* Where a row of that port (-1: none), name and transport belongs. */
size_t edit_place(struct edit *edit, int32_t port, struct slice name, enum transport transport);
/* Of names and ids, in small letters: negative, 0 or positive. */
int edit_compare_names(struct slice a, struct slice b);
/*
 * The place for an entry in a list that is in order but for some, and for parts that have an order
 * of their own: before says of each of the list whether it belongs before the entry. It is where
 * those near by stand on the right side, the nearer the more, and the last such place.
 */
size_t edit_seek(const bool *before, size_t count);
/* Puts a row in its place. Takes NULL. */
void edit_put(struct edit *edit, struct row *row);
/* Takes the ports out of the Unassigned rows that have them. */
void edit_carve(struct edit *edit, int32_t first, int32_t last);
/* Makes ports that no row has Unassigned, in one row with those that are so beside them. */
void edit_free_ports(struct edit *edit, int32_t first, int32_t last);
/* A conflict, 1: with what a row is. */
int edit_conflict(struct edit *edit, const char *what, const struct row *row);

/* choose.c: which ports are to be had. */
/* Whether the policy has something that assigns the port, and neither reserves nor lends it. */
bool policy_assigns(const struct policy *policy, int32_t port);
int edit_check_ports(struct edit *edit, int32_t first, int32_t last, unsigned transports) MUST_USE;
int edit_choose_ports(struct edit *edit, int32_t *ret_first, int32_t *ret_last) MUST_USE;
int edit_check_name(struct edit *edit, struct slice name, struct slice but) MUST_USE;
/* That the service code asked for is of no other service. */
int edit_check_code(struct edit *edit) MUST_USE;
/* Of a name that gets a port: what those have who apply may get one, or another one. */
int edit_check_new_port(struct edit *edit, struct slice name) MUST_USE;

/* texts.c: what columns say. */
struct slice edit_description(struct edit *edit);
struct slice edit_references(struct edit *edit);
struct slice edit_notes(struct edit *edit);
struct slice edit_code(struct edit *edit);
/* Adds days to a date; whole years of 365 days are years. Absent: it is no date. */
struct slice edit_day_after(struct edit *edit, struct slice day, unsigned days);
/* Days that a renewal adds; 0: the policy does not say. */
unsigned edit_term(const struct edit *edit);
/* Text with a temporary registration's end put off; absent: it tells of none. */
struct slice edit_renewed(struct edit *edit, struct slice text);
struct slice edit_field(const struct edit *edit, enum application_field field);
/* "none", in any letter case, stands for taking away what is there. */
struct slice edit_unless_none(struct slice text);

/* people.c: contacts and assignees. */
/*
 * The people that the application names, found, changed or added. present: ids that the rows have
 * now, absent: none. The ids are absent where the application names nobody.
 */
void edit_people(struct edit *edit, struct slice present_assignee, struct slice present_contact,
		 struct slice *ret_assignee, struct slice *ret_contact);
/* Whether assignee or contact of the application are among those of the row. */
bool edit_is_held(struct edit *edit, const struct row *row);
/* A reference to a person; absent for nobody. */
struct slice edit_person(struct edit *edit, struct slice id);
/* The first person that rich text refers to; absent: nobody. */
struct slice edit_first_person(struct slice rich);
void edit_add_person(struct edit *edit, const struct person *person);
bool edit_has_person(const struct edit *edit, struct slice id);
/* Takes away those of whom rows spoke and none does now. */
void edit_forget_people(struct edit *edit);

/* assignments.c, changes.c: the procedures. They fill in the ports and people of the result. */
int edit_assign(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_add_transport(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_add_code(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_reuse(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_renew(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_modify(struct edit *edit, struct assign_result *result) MUST_USE;
int edit_release(struct edit *edit, struct assign_result *result) MUST_USE;

/*
 * Releases the rows of these ports that are the subject (first -1: all that is): the publisher's
 * become Reserved and tell what they were, others are gone and their ports Unassigned.
 */
void edit_release_rows(struct edit *edit, int32_t first, int32_t last, bool keep_name);

/* subject.c: the rows that an application is about. */
bool edit_is_subject(const struct edit *edit, const struct row *row);
/* The first of them from an index on; edit->count: there is none. */
size_t edit_subject(const struct edit *edit, size_t from);
/* A conflict, 1: there is no subject. */
int edit_no_subject(struct edit *edit) MUST_USE;

#endif
