/* Applications from JSON and YAML, which are the same tree to it (tree/tree.h). */
#include "application/application.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "tree/tree.h"

enum { DOCUMENT_MAX = 256 * 1024 };

static int complain(struct application_problem *problem, size_t field, const struct tree_node *node,
		    const char *text)
{
	problem->field = field;
	(void)fault_at_line(&problem->fault, 0, node->line, node->column, "%s", text);
	return 1;
}

/* null, ~ and nothing say nothing. */
static struct slice text_of(const struct tree_node *node)
{
	if (node->plain &&
	    (slice_eq(node->text, SLICE("null")) || slice_eq(node->text, SLICE("~"))))
		return SLICE("");
	return node->text;
}

/* The texts of a list, joined as those of the field are. */
static int join(const struct tree_node *list, size_t field, struct strbuf *text,
		struct application_problem *problem)
{
	const struct application_field_info *info = application_field(field);

	if (!info->joint.p)
		return complain(problem, field, list, "this takes one text, no list");
	for (const struct tree_node *node = list->first; node; node = node->next) {
		const struct tree_node *element = tree_follow(node);

		if (!element || element->kind != TREE_SCALAR)
			return complain(problem, field, node, "this must be a text");
		/* Aliases can make it larger than the document. */
		if (text->n + element->text.n > DOCUMENT_MAX)
			return complain(problem, field, list, "these are too long together");
		if (text->n > 0)
			strbuf_add(text, info->joint);
		strbuf_add(text, slice_trim(text_of(element)));
	}
	return text->failed ? fault_memory(&problem->fault) : 0;
}

static int read_member(struct application *application, const struct tree_node *node,
		       struct application_problem *problem)
{
	const struct tree_node *key = tree_follow(node->key), *value = tree_follow(node);
	struct strbuf text CLEANUP(strbuf_done) = {};
	size_t field;
	int result = 0;

	if (!key || key->kind != TREE_SCALAR)
		return complain(problem, FIELD_COUNT, node->key, "a key must be a text");
	field = application_field_find(key->text);
	if (!value || value->kind == TREE_MAPPING)
		return complain(problem, field, node, "this must be a text");
	for (const struct tree_node *other = node->next; other; other = other->next) {
		const struct tree_node *again = tree_follow(other->key);

		if (again && again->kind == TREE_SCALAR && slice_eq(again->text, key->text))
			return complain(problem, field, other->key, "this is there twice");
	}
	if (value->kind == TREE_SEQUENCE && field < FIELD_COUNT)
		result = join(value, field, &text, problem);
	if (result == 0)
		result = application_set(application, key->text,
					 value->kind == TREE_SEQUENCE ? strbuf_slice(&text)
								      : text_of(value),
					 problem);
	if (result > 0 && problem->fault.line == 0) {
		problem->fault.line = field < FIELD_COUNT ? node->line : node->key->line;
		problem->fault.column = field < FIELD_COUNT ? node->column : node->key->column;
	}
	return result;
}

static int read_tree(struct application *application, const struct tree_node *root,
		     struct application_problem *problem)
{
	size_t members = 0;
	int result;

	if (root->kind != TREE_MAPPING)
		return complain(problem, FIELD_COUNT, root, "an application is keys and texts");
	for (const struct tree_node *node = root->first; node; node = node->next) {
		if (members++ == FIELD_COUNT)
			return complain(problem, FIELD_COUNT, node->key,
					"there are more keys than fields");
		result = read_member(application, node, problem);
		if (result != 0)
			return result;
	}
	result = application_finish(application, problem);
	for (const struct tree_node *node = root->first; node && result > 0; node = node->next) {
		if (application_field_find(tree_follow(node->key)->text) == problem->field) {
			problem->fault.line = node->line;
			problem->fault.column = node->column;
		}
	}
	return result;
}

/* What the reader of the format said: a fault of the document is a problem with all of it. */
static int document_result(int result, struct application_problem *problem)
{
	problem->field = FIELD_COUNT;
	return result == FAULT_MALFORMED || result == FAULT_LIMIT ? 1 : result;
}

static int check_length(struct slice document, struct application_problem *problem)
{
	problem->field = FIELD_COUNT;
	if (document.n <= DOCUMENT_MAX)
		return 0;
	(void)fault_set(&problem->fault, 0, "an application has at most %d bytes", DOCUMENT_MAX);
	return 1;
}

int application_read_json(struct slice document, struct application *application,
			  struct application_problem *problem)
{
	struct arena arena CLEANUP(arena_done) = {};
	const struct tree_node *root;
	int result = check_length(document, problem);

	problem->fault.line = problem->fault.column = 0;
	if (result != 0)
		return result;
	result = tree_read_json(document, &arena, &root, &problem->fault);
	if (result < 0)
		return document_result(result, problem);
	problem->fault.line = problem->fault.column = 0;
	return read_tree(application, root, problem);
}

struct yaml_reading {
	struct application *application;
	struct application_problem *problem;
	unsigned documents;
	int result;
};

static bool read_document(void *context, const struct tree_node *root)
{
	struct yaml_reading *reading = context;

	if (reading->documents++ == 0)
		reading->result = read_tree(reading->application, root, reading->problem);
	else
		reading->result = complain(reading->problem, FIELD_COUNT, root,
					   "a file is of one application");
	return reading->result == 0;
}

int application_read_yaml(struct slice document, struct application *application,
			  struct application_problem *problem)
{
	struct arena arena CLEANUP(arena_done) = {};
	struct yaml_reading reading = {.application = application, .problem = problem};
	int result = check_length(document, problem);

	problem->fault.line = problem->fault.column = 0;
	if (result != 0)
		return result;
	result = tree_read_yaml(document, DOCUMENT_MAX, &arena, read_document, &reading,
				&problem->fault);
	if (result < 0)
		return document_result(result, problem);
	return reading.documents > 0 ? reading.result : application_finish(application, problem);
}
