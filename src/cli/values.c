#include "base/strbuf.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "desk/desk.h"

static const struct slice formats[FORMAT_COUNT] = {
	[FORMAT_TABLE] = {"table", 5},
	[FORMAT_CSV] = {"csv", 3},
	[FORMAT_TSV] = {"tsv", 3},
	[FORMAT_JSON] = {"json", 4},
	[FORMAT_NDJSON] = {"ndjson", 6},
	[FORMAT_XML] = {"xml", 3},
	[FORMAT_XHTML] = {"xhtml", 5},
	[FORMAT_TEXT] = {"text", 4},
	[FORMAT_IMAGE] = {"image", 5},
	[FORMAT_SERVICES] = {"services", 8},
	[FORMAT_DICTIONARY] = {"dictionary", 10},
	[FORMAT_SQLITE] = {"sqlite", 6},
	[FORMAT_DATAPACKAGE] = {"datapackage", 11},
	[FORMAT_UNIFIED] = {"unified", 7},
	[FORMAT_MARKDOWN] = {"markdown", 8},
	[FORMAT_ATOM] = {"atom", 4},
	[FORMAT_SVG] = {"svg", 3},
	[FORMAT_PNG] = {"png", 3},
	[FORMAT_SARIF] = {"sarif", 5},
	[FORMAT_GITHUB] = {"github", 6},
};

static const struct slice whens[] = {
	[WHEN_AUTO] = {"auto", 4}, [WHEN_ALWAYS] = {"always", 6}, [WHEN_NEVER] = {"never", 5}};

static const struct slice shells[] = {{"bash", 4}, {"zsh", 3}, {"fish", 4}};

static const struct slice accesses[] = {
	[ACCESS_OFF] = {"off", 3}, [ACCESS_PLAIN] = {"plain", 5}, [ACCESS_JSON] = {"json", 4}};

static const struct slice added[ADDED_COUNT] = {
	[ADDED_DESCRIPTION] = {"description", 11}, [ADDED_CONFIDENCE] = {"confidence", 10}};

/* RESERVE_BOUND is the first of them. */
static const struct slice holds[] = {{"socket", 6}, {"lease", 5}};

struct slice value_word(enum value value, size_t index)
{
	switch (value) {
	case VALUE_FORMAT:
		return index < FORMAT_COUNT ? formats[index] : SLICE_NONE;
	case VALUE_WHEN:
		return index < ARRAY_SIZE(whens) ? whens[index] : SLICE_NONE;
	case VALUE_COLUMNS:
	case VALUE_SORT:
		return index < COLUMN_COUNT ? column_key((enum column)index) : SLICE_NONE;
	case VALUE_TRANSPORTS:
		return index < TRANSPORT_COUNT ? transport_name((enum transport)index) : SLICE_NONE;
	case VALUE_STATES:
		return index < ROW_STATE_COUNT ? row_state_name((enum row_state)index) : SLICE_NONE;
	case VALUE_RANGES:
		return index < PORT_RANGE_COUNT ? port_range_name((enum port_range)index)
						: SLICE_NONE;
	case VALUE_SHELL:
		return index < ARRAY_SIZE(shells) ? shells[index] : SLICE_NONE;
	case VALUE_ACCESS:
		return index < ACCESS_FORMAT_COUNT ? accesses[index] : SLICE_NONE;
	case VALUE_ADDED:
		return index < ADDED_COUNT ? added[index] : SLICE_NONE;
	case VALUE_HOLD:
		return index < ARRAY_SIZE(holds) ? holds[index] : SLICE_NONE;
	case VALUE_SEVERITY:
		return index < LINT_SEVERITY_COUNT ? lint_severity_name((enum lint_severity)index)
						   : SLICE_NONE;
	case VALUE_PURPOSE:
		return advice_purpose_name((enum advice_purpose)index);
	case VALUE_PROCEDURE:
		return procedure_name((enum procedure)index);
	case VALUE_SCOPE:
		return account_scope_name((enum account_scope)index);
	case VALUE_REQUESTS:
		return desk_state_name((enum desk_state)index);
	/* What is filed and amended has commands of its own. */
	case VALUE_ACTION:
		return action_name((enum action)(index + ACTION_COMMENT));
	/* The others are not given: one is applicant, or assignee. */
	case VALUE_ROLE:
		return role_name((enum role)(index + ROLE_REVIEWER));
	case VALUE_NONE:
	case VALUE_FILE:
	case VALUE_NUMBER:
	case VALUE_PORTS:
	case VALUE_DATE:
	case VALUE_URL:
	case VALUE_ADDRESS:
	case VALUE_TEXT:
		break;
	}
	return SLICE_NONE;
}

bool value_is_list(enum value value)
{
	return value == VALUE_COLUMNS || value == VALUE_SORT || value == VALUE_TRANSPORTS ||
	       value == VALUE_STATES || value == VALUE_RANGES || value == VALUE_ADDED ||
	       value == VALUE_SCOPE;
}

static bool refuse(enum value value, struct slice word, struct fault *fault)
{
	struct strbuf words = {};
	struct slice known;

	for (size_t i = 0; (known = value_word(value, i)).p; i++) {
		strbuf_add(&words, i > 0 ? SLICE(", ") : SLICE(""));
		strbuf_add(&words, known);
	}
	fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is none of %.*s", (int)word.n, word.p,
		  (int)words.n, strbuf_slice(&words).p);
	strbuf_done(&words);
	return false;
}

bool value_find(enum value value, struct slice word, size_t *ret_index, struct fault *fault)
{
	struct slice known;

	/* The heading is singular, the key plural: both are known. */
	if ((value == VALUE_COLUMNS || value == VALUE_SORT) &&
	    utf8_fold_eq(word, SLICE("reference")))
		word = column_key(COLUMN_REFERENCE);
	for (size_t i = 0; (known = value_word(value, i)).p; i++) {
		if (utf8_fold_eq(word, known)) {
			*ret_index = i;
			return true;
		}
	}
	return refuse(value, word, fault);
}
