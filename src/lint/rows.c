/* Rows one by one, and each against the one before it: names, who is responsible, order. */
#include "base/utf8.h"
#include "lint/checks.h"

enum { NAME_MAX = 15 };

static bool is_name_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || c == '-';
}

/* RFC 6335, section 5.1. */
static void check_syntax(struct lint *lint, size_t index, struct slice name)
{
	bool letter = false;

	for (size_t i = 0; i < name.n; i++)
		letter = letter || byte_is_letter(name.p[i]);
	for (size_t i = 0; i < name.n; i++) {
		if (is_name_byte(name.p[i]))
			continue;
		lint_row(lint, NAME_CHARACTER, index, name);
		break;
	}
	if (name.n > NAME_MAX)
		lint_row(lint, NAME_LENGTH, index, name);
	if (!letter)
		lint_row(lint, NAME_LETTER, index, name);
	if (name.p[0] == '-' || name.p[name.n - 1] == '-')
		lint_row(lint, NAME_EDGE_HYPHEN, index, name);
	if (slice_find(name, SLICE("--")) != (size_t)-1)
		lint_row(lint, NAME_DOUBLE_HYPHEN, index, name);
}

/* "v" and digits. */
static bool is_version(struct slice word)
{
	if (word.n < 2 || ascii_fold(word.p[0]) != 'v')
		return false;
	for (size_t i = 1; i < word.n; i++) {
		if (!byte_is_digit(word.p[i]))
			return false;
	}
	return true;
}

static void check_words(struct lint *lint, size_t index, struct slice name)
{
	struct slice rest = name;

	while (rest.p) {
		struct slice word = slice_cut(&rest, '-');

		if (!rest.p && word.n < name.n && is_version(word))
			lint_row(lint, NAME_VERSION, index, word);
		if (utf8_fold_eq(word, SLICE("port")) || utf8_fold_eq(word, SLICE("service")) ||
		    utf8_fold_eq(word, SLICE("protocol")))
			lint_row(lint, NAME_WORD, index, word);
	}
}

static void check_name(struct lint *lint, size_t index, const struct row *row)
{
	struct slice name = row->shown[COLUMN_NAME];

	if (name.n == 0) {
		if (name.p)
			lint_row(lint, NAME_EMPTY, index, SLICE_NONE);
		return;
	}
	check_syntax(lint, index, name);
	check_words(lint, index, name);
	if (lint_has_word(row->shown[COLUMN_DESCRIPTION], SLICE("discovery")) &&
	    (name.n < 5 || !utf8_fold_eq(slice_skip(name, name.n - 5), SLICE("-disc"))))
		lint_row(lint, NAME_DISCOVERY, index, name);
	if (row->transport == TRANSPORT_NONE)
		lint_row(lint, NAME_TRANSPORT, index, name);
}

/* RFC 6335, section 8.1.1. */
static void check_responsible(struct lint *lint, size_t index, const struct row *row, bool contacts)
{
	if (row->state != ROW_ASSIGNED)
		return;
	/* Only XML tells an assignee who is the contact from none. */
	if (row->order.p && !row->assignee_given && lint_row_since_rfc6335(row))
		lint_row(lint, ASSIGNEE_MISSING, index, row->shown[COLUMN_REGISTERED]);
	if (contacts && row->shown[COLUMN_CONTACT].n == 0)
		lint_row(lint, CONTACT_MISSING, index, SLICE_NONE);
	if (row->assignee_given && slice_eq(row->shown[COLUMN_ASSIGNEE], SLICE("[IESG]")) &&
	    row->shown[COLUMN_CONTACT].n > 0 &&
	    !slice_eq(row->shown[COLUMN_CONTACT], SLICE("[IETF_Chair]")))
		lint_row(lint, CONTACT_IESG, index, row->shown[COLUMN_CONTACT]);
}

static void check_ports(struct lint *lint, size_t index, const struct row *row)
{
	static const uint16_t edges[] = {0, PORT_USER_FIRST - 1, PORT_USER_FIRST,
					 PORT_DYNAMIC_FIRST - 1};
	struct slice port = row->shown[COLUMN_PORT];

	if (row->first_port < 0)
		return;
	if (row->first_port == row->last_port) {
		if (slice_find_byte(port, '-') != (size_t)-1)
			lint_row(lint, RANGE_SINGLE, index, port);
	} else if (row->state == ROW_ASSIGNED) {
		lint_row(lint, RANGE_NAMED, index, port);
	}
	if (row->last_port >= PORT_DYNAMIC_FIRST)
		lint_row(lint, PORT_DYNAMIC, index, port);
	for (size_t i = 0; i < ARRAY_SIZE(edges) && row->state != ROW_RESERVED; i++) {
		if (row_has_port(row, edges[i])) {
			lint_row(lint, PORT_EDGE, index, row_state_name(row->state));
			break;
		}
	}
}

/* Rows without a port come last, by name. This row and its folded name, and those before. */
static void check_order(struct lint *lint, size_t index, const struct row rows[static 2],
			const struct slice folded[static 2])
{
	const struct row *row = &rows[0], *before = &rows[1];
	bool same_name = slice_eq(folded[0], folded[1]);

	if (row->first_port >= 0) {
		if (before->first_port < 0)
			lint_report(lint, ORDER_PORTLESS, LINT_ROW, index, SLICE_NONE, index - 1);
		else if (before->first_port > row->first_port)
			lint_report(lint, ORDER_PORTS, LINT_ROW, index, SLICE_NONE, index - 1);
	} else if (before->first_port < 0 && slice_compare(folded[1], folded[0]) > 0) {
		lint_report(lint, ORDER_NAMES, LINT_ROW, index, SLICE_NONE, index - 1);
	}
	if (same_name && row->first_port >= 0 && row->first_port == before->first_port &&
	    row->last_port == before->last_port && row->transport != TRANSPORT_NONE &&
	    before->transport != TRANSPORT_NONE && before->transport > row->transport)
		lint_report(lint, ORDER_TRANSPORTS, LINT_ROW, index, SLICE_NONE, index - 1);
}

void lint_rows(struct lint *lint)
{
	bool contacts = lint_has_column(lint, COLUMN_CONTACT);
	struct row rows[2] = {};
	struct slice folded[2] = {};

	for (size_t i = 0; i < lint->registry->row_count && !lint->failed; i++) {
		rows[1] = rows[0];
		rows[0] = registry_row(lint->registry, i);
		folded[1] = folded[0];
		folded[0] = lint_fold(lint, rows[0].shown[COLUMN_NAME]);
		check_name(lint, i, &rows[0]);
		check_responsible(lint, i, &rows[0], contacts);
		check_ports(lint, i, &rows[0]);
		if (i > 0)
			check_order(lint, i, rows, folded);
	}
}
