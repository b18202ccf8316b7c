#include "cli/options.h"

#include <arpa/inet.h>

#include "audit/audit.h"
#include "base/number.h"
#include "base/utf8.h"
#include "mail/mail.h"
#include "record/date.h"

/* Seconds: a day. */
enum { TIMEOUT_MAX = 86400 };

static bool set_registry(struct settings *settings, struct slice value, struct fault *fault)
{
	bool is_url =
		slice_starts(value, SLICE("https://")) || slice_starts(value, SLICE("http://"));

	(void)fault;
	settings->registry = is_url ? NULL : value.p;
	settings->server = is_url ? value.p : NULL;
	return true;
}

static bool set_token_file(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->token_file = value.p;
	return true;
}

static bool set_store(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->store = value.p;
	return true;
}

/* A date, and for as_of the number of one of its documents. */
static bool check_date(struct slice value, bool numbered, struct fault *fault)
{
	struct slice number = value, day = slice_cut(&number, '.');
	struct date date;
	uint64_t n;

	if (date_parse(day, &date) && date.day > 0 &&
	    (!number.p || (numbered && number_parse(number, 99, &n) && n > 0)))
		return true;
	fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no date: YYYY-MM-DD", (int)value.n, value.p);
	return false;
}

static bool set_as_of(struct settings *settings, struct slice value, struct fault *fault)
{
	settings->as_of = value.p;
	return check_date(value, true, fault);
}

static bool set_date(struct settings *settings, struct slice value, struct fault *fault)
{
	settings->date = value.p;
	return check_date(value, false, fault);
}

static bool set_since(struct settings *settings, struct slice value, struct fault *fault)
{
	settings->since = value.p;
	return check_date(value, true, fault);
}

static bool set_force(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->force = true;
}

static bool set_url(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->url = value.p;
	return true;
}

static bool set_check(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->check = true;
}

static bool set_timeout(struct settings *settings, struct slice value, struct fault *fault)
{
	uint64_t seconds;

	if (!number_parse(value, TIMEOUT_MAX, &seconds) || seconds == 0) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no number of seconds from 1 to %d",
			  (int)value.n, value.p, TIMEOUT_MAX);
		return false;
	}
	settings->timeout = (unsigned)seconds;
	return true;
}

static bool set_format(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_FORMAT, value, &index, fault))
		return false;
	settings->format = (enum format)index;
	return true;
}

static bool set_json(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	settings->format = FORMAT_JSON;
	return true;
}

static bool set_color(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_WHEN, value, &index, fault))
		return false;
	settings->color = (enum when)index;
	return true;
}

static bool set_help(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->help = true;
}

static bool set_version(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->version = true;
}

static bool set_page(struct settings *settings, struct slice value, struct fault *fault)
{
	uint64_t page;

	if (!number_parse(value, UINT32_MAX, &page) || page == 0) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no page number; pages count from 1",
			  (int)value.n, value.p);
		return false;
	}
	settings->page = page;
	return true;
}

static bool set_regex(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->regex = true;
}

static bool set_contacts(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->contacts = true;
}

/* Words with commas between, as a mask of their indices. */
static bool read_mask(enum value value, struct slice list, unsigned *ret_mask, struct fault *fault)
{
	unsigned mask = 0;

	while (list.p) {
		size_t index;

		if (!value_find(value, slice_cut(&list, ','), &index, fault))
			return false;
		mask |= 1u << index;
	}
	*ret_mask = mask;
	return true;
}

static bool set_in(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_mask(VALUE_COLUMNS, value, &settings->columns, fault);
}

static bool set_transport(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_mask(VALUE_TRANSPORTS, value, &settings->transports, fault);
}

static bool set_state(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_mask(VALUE_STATES, value, &settings->states, fault);
}

static bool set_range(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_mask(VALUE_RANGES, value, &settings->ranges, fault);
}

static bool set_sort(struct settings *settings, struct slice value, struct fault *fault)
{
	struct sort_key keys[COLUMN_COUNT];
	size_t count = 0;

	while (value.p) {
		struct slice word = slice_cut(&value, ',');
		bool descending = slice_starts(word, SLICE("-"));
		size_t column;

		if (!value_find(VALUE_SORT, slice_skip(word, descending), &column, fault))
			return false;
		if (count == ARRAY_SIZE(keys)) {
			fault_set(fault, FAULT_LIMIT, "more than %zu columns", ARRAY_SIZE(keys));
			return false;
		}
		keys[count++] = (struct sort_key){(enum column)column, descending};
	}
	memcpy(settings->sort, keys, count * sizeof(*keys));
	settings->sort_count = count;
	return true;
}

static bool set_ports(struct settings *settings, struct slice value, struct fault *fault)
{
	if (!port_parse(value, &settings->first_port, &settings->last_port)) {
		fault_set(fault, FAULT_MALFORMED,
			  "\"%.*s\" is neither a port (0-65535) nor a range of ports (A-B)",
			  (int)value.n, value.p);
		return false;
	}
	return settings->ports_given = true;
}

static bool set_output(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->output = value.p;
	return true;
}

static bool set_names(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->names = value.p;
	return true;
}

static bool set_severity(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_SEVERITY, value, &index, fault))
		return false;
	settings->severity = (enum lint_severity)index;
	return true;
}

static bool is_check(uint64_t number)
{
	const struct lint_check *check;

	for (size_t i = 0; (check = lint_check_at(i)); i++) {
		if (check->number == number)
			return true;
	}
	for (size_t i = 0; (check = audit_check_at(i)); i++) {
		if (check->number == number)
			return true;
	}
	return false;
}

static bool set_only(struct settings *settings, struct slice value, struct fault *fault)
{
	settings->only_count = 0;
	while (value.p) {
		struct slice word = slice_cut(&value, ',');
		uint64_t number;

		if (!number_parse(word, UINT16_MAX, &number) || !is_check(number)) {
			fault_set(fault, FAULT_MALFORMED,
				  "\"%.*s\" is no check; lint --explain and audit --explain list "
				  "them",
				  (int)word.n, word.p);
			return false;
		}
		if (settings->only_count == ARRAY_SIZE(settings->only)) {
			fault_set(fault, FAULT_LIMIT, "more than %zu checks",
				  ARRAY_SIZE(settings->only));
			return false;
		}
		settings->only[settings->only_count++] = (unsigned)number;
	}
	return true;
}

static bool set_explain(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->explain = true;
}

static bool set_over_time(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->over_time = true;
}

static bool set_listen(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->listen = value.p;
	return true;
}

static bool set_unix(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->unix_path = value.p;
	return true;
}

static bool set_base(struct settings *settings, struct slice value, struct fault *fault)
{
	settings->base = value.p;
	if ((slice_starts(value, SLICE("http://")) || slice_starts(value, SLICE("https://"))) &&
	    !slice_ends(value, SLICE("/")))
		return true;
	fault_set(fault, FAULT_MALFORMED,
		  "\"%.*s\" is no http:// or https:// URL without a slash at its end", (int)value.n,
		  value.p);
	return false;
}

static bool set_mail(struct settings *settings, struct slice value, struct fault *fault)
{
	if (!slice_starts(value, SLICE("smtp://")) && !slice_starts(value, SLICE("smtps://")) &&
	    !slice_starts(value, SLICE("/"))) {
		fault_set(fault, FAULT_MALFORMED,
			  "\"%.*s\" is neither an smtp:// or smtps:// URL nor the absolute path of "
			  "a command",
			  (int)value.n, value.p);
		return false;
	}
	settings->mail = value.p;
	return true;
}

static bool set_mail_from(struct settings *settings, struct slice value, struct fault *fault)
{
	if (!mail_address_valid(value)) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no address of mail", (int)value.n,
			  value.p);
		return false;
	}
	settings->mail_from = value.p;
	return true;
}

static bool set_access_log(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_ACCESS, value, &index, fault))
		return false;
	settings->access = (enum access_format)index;
	return true;
}

static bool read_count(struct slice value, unsigned max, unsigned *ret_count, struct fault *fault)
{
	uint64_t count;

	if (!number_parse(value, max, &count) || count == 0) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no number from 1 to %u",
			  (int)value.n, value.p, max);
		return false;
	}
	*ret_count = (unsigned)count;
	return true;
}

static bool set_threads(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 64, &settings->threads, fault);
}

static bool set_connections(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 100000, &settings->connections, fault);
}

static bool set_per_address(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 100000, &settings->per_address, fault);
}

static bool set_request_timeout(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 3600, &settings->request_timeout, fault);
}

/* Addresses with commas between; given again, others as well. */
static bool set_trust_proxy(struct settings *settings, struct slice value, struct fault *fault)
{
	struct slice rest = value;
	unsigned char bytes[16];
	char text[64];

	while (rest.p) {
		struct slice one = slice_trim(slice_cut(&rest, ','));
		bool fits = one.n < sizeof(text);

		memcpy(text, one.p, fits ? one.n : 0);
		text[fits ? one.n : 0] = '\0';
		if (!slice_eq(one, SLICE("unix")) && inet_pton(AF_INET, text, bytes) != 1 &&
		    inet_pton(AF_INET6, text, bytes) != 1) {
			fault_set(fault, FAULT_MALFORMED,
				  "\"%.*s\" is neither an address nor \"unix\"", (int)one.n, one.p);
			return false;
		}
		if (settings->proxy_count == SETTINGS_PROXIES_MAX) {
			fault_set(fault, FAULT_LIMIT, "there are at most %d proxies",
				  SETTINGS_PROXIES_MAX);
			return false;
		}
		settings->proxies[settings->proxy_count++] = one;
	}
	return true;
}

static bool set_proxy_header(struct settings *settings, struct slice value, struct fault *fault)
{
	bool good = value.n > 0 && value.n < 64;

	for (size_t i = 0; i < value.n; i++)
		good &= byte_is_letter(value.p[i]) || byte_is_digit(value.p[i]) ||
			value.p[i] == '-';
	/* Whoever asks says these. */
	if (!good || utf8_fold_eq(value, SLICE("Authorization")) ||
	    utf8_fold_eq(value, SLICE("Cookie"))) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no header that a proxy adds",
			  (int)value.n, value.p);
		return false;
	}
	settings->proxy_header = value;
	return true;
}

static bool set_rate(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 10000000, &settings->rate, fault);
}

/* "src=COLUMN,dst=COLUMN", ... */
static bool set_columns(struct settings *settings, struct slice value, struct fault *fault)
{
	static const struct slice keys[ANNOTATE_FIELD_COUNT] = {
		[ANNOTATE_SOURCE_PORT] = {"src", 3}, [ANNOTATE_DESTINATION_PORT] = {"dst", 3},
		[ANNOTATE_PROTOCOL] = {"proto", 5},  [ANNOTATE_DATE] = {"date", 4},
		[ANNOTATE_BYTES] = {"bytes", 5},
	};

	while (value.p) {
		struct slice column = slice_cut(&value, ','), key = slice_cut(&column, '=');
		size_t i = 0;

		while (i < ARRAY_SIZE(keys) && !slice_eq(key, keys[i]))
			i++;
		if (i == ARRAY_SIZE(keys) || column.n == 0) {
			fault_set(
				fault, FAULT_MALFORMED,
				"\"%.*s\" is none of src, dst, proto, date and bytes with = and a "
				"column's name or number",
				(int)key.n, key.p);
			return false;
		}
		settings->flow_columns[i] = column;
	}
	return true;
}

static bool set_no_header(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->no_header = true;
}

static bool set_delimiter(struct settings *settings, struct slice value, struct fault *fault)
{
	if (utf8_fold_eq(value, SLICE("tab")) || slice_eq(value, SLICE("\\t")))
		value = SLICE("\t");
	if (value.n != 1 || value.p[0] == '"' || value.p[0] == '\n' || value.p[0] == '\r' ||
	    (unsigned char)value.p[0] >= 0x80) {
		fault_set(fault, FAULT_MALFORMED,
			  "\"%.*s\" is no delimiter: one character of ASCII but quotes, or tab",
			  (int)value.n, value.p);
		return false;
	}
	settings->delimiter = value.p[0];
	return true;
}

static bool set_add(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_mask(VALUE_ADDED, value, &settings->added, fault);
}

static bool set_date_column(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->flow_columns[ANNOTATE_DATE] = value;
	return true;
}

static bool set_strict(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->strict = true;
}

static bool set_summary(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->summary = true;
}

static bool set_most(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, TRANSPORT_COUNT * PORT_COUNT, &settings->count, fault);
}

static bool set_port(struct settings *settings, struct slice value, struct fault *fault)
{
	uint64_t port;

	if (!number_parse(value, PORT_MAX, &port) || port == 0) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no port from 1 to %d", (int)value.n,
			  value.p, PORT_MAX);
		return false;
	}
	settings->first_port = settings->last_port = (uint16_t)port;
	return settings->ports_given = true;
}

static bool set_address(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->address = value.p;
	return true;
}

static bool set_hold(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_HOLD, value, &index, fault))
		return false;
	settings->hold = (enum reserve_hold)(RESERVE_BOUND + index);
	return true;
}

static bool set_system(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->system = true;
}

static bool set_sysctl(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->sysctl = true;
}

static bool set_all(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->all = true;
}

static bool set_watch(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->watch = true;
}

static bool set_times(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, 1000000000, &settings->times, fault);
}

static bool set_for(struct settings *settings, struct slice value, struct fault *fault)
{
	size_t index;

	if (!value_find(VALUE_PURPOSE, value, &index, fault))
		return false;
	settings->purpose = (enum advice_purpose)index;
	return true;
}

static bool set_how_many(struct settings *settings, struct slice value, struct fault *fault)
{
	return read_count(value, PORT_COUNT, &settings->count, fault);
}

static bool set_near(struct settings *settings, struct slice value, struct fault *fault)
{
	uint64_t port;

	if (!number_parse(value, PORT_MAX, &port)) {
		fault_set(fault, FAULT_MALFORMED, "\"%.*s\" is no port (0-65535)", (int)value.n,
			  value.p);
		return false;
	}
	settings->near_port = (uint16_t)port;
	return settings->near_given = true;
}

static bool set_seed(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)fault;
	settings->seed = value;
	return true;
}

static bool set_registered_only(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->registered_only = true;
}

static bool set_anywhere(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->anywhere = true;
}

static bool set_against(struct settings *settings, struct slice value, struct fault *fault)
{
	(void)value, (void)fault;
	return settings->against = true;
}

static const struct option options[OPTION_REQUEST] = {
	[OPTION_REGISTRY] =
		{SLICE("registry"), 'r', VALUE_FILE, SLICE("FILE"),
		 SLICE("Read this registry, a document (XML, CSV, XHTML, plain text, "
		       "services) or an image, instead of the store or the built-in one; - is "
		       "standard input; for reserve, reservations and release also the URL of a "
		       "server that lends ports"),
		 set_registry},
	[OPTION_STORE] =
		{SLICE("store"), '\0', VALUE_FILE, SLICE("PLACE"),
		 SLICE("The store of editions: a file, or a postgresql:// URL; without it that of "
		       "$PORTBOOK_STORE, or portbook/portbook.db in the user's folder of data"),
		 set_store},
	[OPTION_AS_OF] =
		{SLICE("as-of"), '\0', VALUE_DATE, SLICE("DATE"),
		 SLICE("Answer from the store as of this date (YYYY-MM-DD) instead of from its "
		       "newest edition"),
		 set_as_of},
	[OPTION_FORMAT] =
		{SLICE("format"), 'f', VALUE_FORMAT, SLICE("FORMAT"),
		 SLICE("Print in this format: table, csv, tsv, json or ndjson; for search also "
		       "xhtml; for export: csv, tsv, json, ndjson, xml, xhtml, text, services, "
		       "dictionary, sqlite, datapackage or image; for diff: table, json, ndjson, "
		       "unified or markdown; for changes: table, json, ndjson, markdown or atom; "
		       "for "
		       "chart: svg or png; for annotate --summary: table, csv, json or svg; for "
		       "audit: table, json, "
		       "ndjson, sarif or github"),
		 set_format},
	[OPTION_JSON] = {SLICE("json"), 'j', VALUE_NONE, SLICE_NONE,
			 SLICE("The same as --format json"), set_json},
	[OPTION_COLOR] =
		{SLICE("color"), '\0', VALUE_WHEN, SLICE("WHEN"),
		 SLICE("Color tables: auto (on a terminal, unless NO_COLOR is set or TERM is "
		       "dumb), always or never"),
		 set_color},
	[OPTION_HELP] = {SLICE("help"), 'h', VALUE_NONE, SLICE_NONE,
			 SLICE("Explain the program, or the command that is named"), set_help},
	[OPTION_VERSION] = {SLICE("version"), 'V', VALUE_NONE, SLICE_NONE,
			    SLICE("Print the version, and what the built-in registry is"),
			    set_version},
	[OPTION_PAGE] =
		{SLICE("page"), 'p', VALUE_NUMBER, SLICE("N"),
		 SLICE("Print the N-th page of the matches as the published site cuts them: "
		       "100 rows, and from page 2 on also the last one of the page before"),
		 set_page},
	[OPTION_REGEX] = {SLICE("regex"), 'E', VALUE_NONE, SLICE_NONE,
			  SLICE("TEXT is a regular expression (PCRE2, in any letter case)"),
			  set_regex},
	[OPTION_IN] = {SLICE("in"), 'i', VALUE_COLUMNS, SLICE("COLUMN,..."),
		       SLICE("Search these columns only; without it, all but the two dates"),
		       set_in},
	[OPTION_CONTACTS] = {SLICE("contacts"), 'c', VALUE_NONE, SLICE_NONE,
			     SLICE("Also print the people that the rows name (table and json)"),
			     set_contacts},
	[OPTION_SORT] = {SLICE("sort"), 's', VALUE_SORT, SLICE("COLUMN,..."),
			 SLICE("Sort by these columns, descending where - stands before one; "
			       "numbers as numbers, nothing before something, equal rows in "
			       "registry order"),
			 set_sort},
	[OPTION_TRANSPORT] =
		{SLICE("transport"), 't', VALUE_TRANSPORTS, SLICE("TRANSPORT,..."),
		 SLICE("Only rows (maps, sockets) of these transports: tcp, udp, sctp, dccp; for "
		       "annotate: that of records without a protocol"),
		 set_transport},
	[OPTION_PORTS] =
		{SLICE("ports"), '\0', VALUE_PORTS, SLICE("A-B"),
		 SLICE("Only rows with a port (for reserve and lease, only a port) from A to B; A "
		       "alone is one "
		       "port"),
		 set_ports},
	[OPTION_STATE] = {SLICE("state"), '\0', VALUE_STATES, SLICE("STATE,..."),
			  SLICE("Only rows in these states: assigned, reserved, unassigned"),
			  set_state},
	[OPTION_RANGE] = {SLICE("range"), '\0', VALUE_RANGES, SLICE("RANGE,..."),
			  SLICE("Only rows with ports in these ranges: system (0-1023), user "
				"(1024-49151), dynamic (49152-65535)"),
			  set_range},
	[OPTION_OUTPUT] = {SLICE("output"), 'o', VALUE_FILE, SLICE("FILE"),
			   SLICE("Write FILE, which is replaced only once all is written; - is "
				 "standard output; of a datapackage, a folder"),
			   set_output},
	[OPTION_NAMES] =
		{SLICE("names"), '\0', VALUE_FILE, SLICE("FILE"),
		 SLICE("Write only the services named in FILE, one a line (# begins a comment; - "
		       "is standard input); with --format services"),
		 set_names},
	[OPTION_SEVERITY] = {SLICE("severity"), '\0', VALUE_SEVERITY, SLICE("LEVEL"),
			     SLICE("Only findings that are at least this: note (the default), "
				   "warning, error"),
			     set_severity},
	[OPTION_ONLY] = {SLICE("only"), '\0', VALUE_NUMBER, SLICE("NUMBER,..."),
			 SLICE("Only findings of these numbers"), set_only},
	[OPTION_EXPLAIN] = {SLICE("explain"), '\0', VALUE_NONE, SLICE_NONE,
			    SLICE("Print what each finding means, as Markdown, and read no file"),
			    set_explain},
	[OPTION_DATE] =
		{SLICE("date"), '\0', VALUE_DATE, SLICE("DATE"),
		 SLICE("The date (YYYY-MM-DD) of documents that carry none, as CSV; without it, "
		       "the one that the file's name begins with"),
		 set_date},
	[OPTION_SINCE] = {SLICE("since"), '\0', VALUE_DATE, SLICE("DATE"),
			  SLICE("The editions after the one of this date (YYYY-MM-DD) instead of "
				"the newest alone"),
			  set_since},
	[OPTION_FORCE] = {SLICE("force"), '\0', VALUE_NONE, SLICE_NONE,
			  SLICE("Take what is not plausible beside the editions that are there"),
			  set_force},
	[OPTION_URL] = {SLICE("url"), '\0', VALUE_URL, SLICE("URL"),
			SLICE("Fetch the XML document from here (http, https) instead of from its "
			      "publisher"),
			set_url},
	[OPTION_CHECK] = {SLICE("check"), '\0', VALUE_NONE, SLICE_NONE,
			  SLICE("Change nothing: only say what would be"), set_check},
	[OPTION_TIMEOUT] = {SLICE("timeout"), '\0', VALUE_NUMBER, SLICE("SECONDS"),
			    SLICE("Give up fetching after so long, all tries together; without it, "
				  "after 300, and asking a registry's server after 30"),
			    set_timeout},
	[OPTION_OVER_TIME] = {SLICE("over-time"), '\0', VALUE_NONE, SLICE_NONE,
			      SLICE("Lines of assigned ports and names over the editions of the "
				    "store instead of maps (svg)"),
			      set_over_time},
	[OPTION_LISTEN] = {SLICE("listen"), '\0', VALUE_ADDRESS, SLICE("ADDRESS:PORT"),
			   SLICE("Listen here (an IPv6 address in brackets; *: any address; port "
				 "0: any free one, which is told); without it, on 127.0.0.1:8046 "
				 "unless there is another socket"),
			   set_listen},
	[OPTION_UNIX] = {SLICE("unix"), '\0', VALUE_FILE, SLICE("PATH"),
			 SLICE("Listen on a Unix socket at PATH"), set_unix},
	[OPTION_BASE] =
		{SLICE("base"), '\0', VALUE_URL, SLICE("URL"),
		 SLICE("What the links of feeds begin with, as https://ports.example, where a "
		       "proxy stands before the server"),
		 set_base},
	[OPTION_ACCESS_LOG] = {SLICE("access-log"), '\0', VALUE_ACCESS, SLICE("FORMAT"),
			       SLICE("Print a line for each request: off (the default), plain "
				     "(Combined Log Format, and the seconds it took) or json"),
			       set_access_log},
	[OPTION_THREADS] = {SLICE("threads"), '\0', VALUE_NUMBER, SLICE("N"),
			    SLICE("Work with so many threads; without it, one a processor"),
			    set_threads},
	[OPTION_CONNECTIONS] = {SLICE("connections"), '\0', VALUE_NUMBER, SLICE("N"),
				SLICE("Have at most so many connections at once (1024); others "
				      "wait"),
				set_connections},
	[OPTION_PER_ADDRESS] = {SLICE("per-address"), '\0', VALUE_NUMBER, SLICE("N"),
				SLICE("Have at most so many of them with one address (512); "
				      "others are closed"),
				set_per_address},
	[OPTION_REQUEST_TIMEOUT] =
		{SLICE("request-timeout"), '\0', VALUE_NUMBER, SLICE("SECONDS"),
		 SLICE("Close a connection on which no request, or no body, arrives within so "
		       "long (15); its answer may take 20 times that"),
		 set_request_timeout},
	[OPTION_MAIL] =
		{SLICE("mail"), '\0', VALUE_TEXT, SLICE("URL|COMMAND"),
		 SLICE("Send letters to smtp://HOST[:PORT] or smtps://, or to a command, as "
		       "\"/usr/sbin/sendmail -t -i\"; without it they wait in the store"),
		 set_mail},
	[OPTION_MAIL_FROM] = {SLICE("mail-from"), '\0', VALUE_TEXT, SLICE("ADDRESS"),
			      SLICE("Whom letters are from"), set_mail_from},
	[OPTION_TRUST_PROXY] =
		{SLICE("trust-proxy"), '\0', VALUE_TEXT, SLICE("ADDRESS,..."),
		 SLICE("Believe these peers (\"unix\": a socket's) who asks: X-Forwarded-For, "
		       "and the header of --proxy-header"),
		 set_trust_proxy},
	[OPTION_PROXY_HEADER] = {SLICE("proxy-header"), '\0', VALUE_TEXT, SLICE("NAME"),
				 SLICE("Take the account of that login for who asks, where such a "
				       "proxy says so in this header, as Remote-User"),
				 set_proxy_header},
	[OPTION_RATE] = {SLICE("rate"), '\0', VALUE_NUMBER, SLICE("N"),
			 SLICE("Let each address, and each account, ask the desk so often a "
			       "minute (600)"),
			 set_rate},
	[OPTION_COLUMNS] =
		{SLICE("columns"), '\0', VALUE_TEXT, SLICE("FIELD=COLUMN,..."),
		 SLICE("Where src (source port), dst (destination port), proto, bytes and date "
		       "are: names of columns, or numbers from 1; without it, columns with usual "
		       "names"),
		 set_columns},
	[OPTION_NO_HEADER] = {SLICE("no-header"), '\0', VALUE_NONE, SLICE_NONE,
			      SLICE("The first line is a record, too"), set_no_header},
	[OPTION_DELIMITER] =
		{SLICE("delimiter"), '\0', VALUE_TEXT, SLICE("C"),
		 SLICE("What stands between fields, a character or tab; without it, what the first "
		       "line has"),
		 set_delimiter},
	[OPTION_ADD] = {SLICE("add"), '\0', VALUE_ADDED, SLICE("WHAT,..."),
			SLICE("Add these to records, too: description (the service's), confidence "
			      "(how sure it is which port is the service's)"),
			set_add},
	[OPTION_DATE_COLUMN] =
		{SLICE("date-column"), '\0', VALUE_TEXT, SLICE("COLUMN"),
		 SLICE("Annotate each record from the store as of its own date, which is in this "
		       "column: YYYY-MM-DD with or without a time, or Unix time in seconds or "
		       "milliseconds"),
		 set_date_column},
	[OPTION_STRICT] = {SLICE("strict"), '\0', VALUE_NONE, SLICE_NONE,
			   SLICE("Stop at the first record that cannot be read"), set_strict},
	[OPTION_SUMMARY] = {SLICE("summary"), '\0', VALUE_NONE, SLICE_NONE,
			    SLICE("Count flows and bytes by service instead"), set_summary},
	[OPTION_MOST] = {SLICE("most"), '\0', VALUE_NUMBER, SLICE("N"),
			 SLICE("Only the N services with the most flows"), set_most},
	[OPTION_PORT] = {SLICE("port"), '\0', VALUE_NUMBER, SLICE("N"),
			 SLICE("Take this port and no other"), set_port},
	[OPTION_ADDRESS] =
		{SLICE("address"), '\0', VALUE_ADDRESS, SLICE("ADDRESS"),
		 SLICE("Bind this address (of IPv4 or IPv6, numeric); without it, all of both"),
		 set_address},
	[OPTION_HOLD] =
		{SLICE("hold"), '\0', VALUE_HOLD, SLICE("HOW"),
		 SLICE("COMMAND binds $PORT itself, which is held for it by a socket (tcp: bound, "
		       "but not listening; COMMAND must set SO_REUSEADDR, as most servers do) or "
		       "by the lease alone"),
		 set_hold},
	[OPTION_SYSTEM] = {SLICE("system"), '\0', VALUE_NONE, SLICE_NONE,
			   SLICE("Those of the system instead of those of the user"), set_system},
	[OPTION_SYSCTL] = {SLICE("sysctl"), '\0', VALUE_NONE, SLICE_NONE,
			   SLICE("Print a line for sysctl.d(5) that keeps the kernel from giving "
				 "these ports away by chance"),
			   set_sysctl},
	[OPTION_TOKEN_FILE] =
		{SLICE("token-file"), '\0', VALUE_FILE, SLICE("FILE"),
		 SLICE("Read the token for the server of --registry from FILE; without it, it is "
		       "that of $PORTBOOK_TOKEN"),
		 set_token_file},
	[OPTION_ALL] = {SLICE("all"), 'a', VALUE_NONE, SLICE_NONE,
			SLICE("Also sockets that are connected, or on their way to or from it"),
			set_all},
	[OPTION_WATCH] =
		{SLICE("watch"), 'w', VALUE_NONE, SLICE_NONE,
		 SLICE("Look again each second: on a terminal the table is drawn anew, elsewhere "
		       "what came and went is printed"),
		 set_watch},
	[OPTION_TIMES] = {SLICE("times"), '\0', VALUE_NUMBER, SLICE("N"),
			  SLICE("With --watch, end after looking so many times"), set_times},
	[OPTION_FOR] = {SLICE("for"), '\0', VALUE_PURPOSE, SLICE("PURPOSE"),
			SLICE("What the port is for: service (a server that clients find by its "
			      "port; the default), web (one that browsers ask) or p2p (a peer that "
			      "tells others its port)"),
			set_for},
	[OPTION_HOW_MANY] = {SLICE("count"), '\0', VALUE_NUMBER, SLICE("N"),
			     SLICE("So many ports (10)"), set_how_many},
	[OPTION_NEAR] = {SLICE("near"), '\0', VALUE_NUMBER, SLICE("PORT"),
			 SLICE("Those next to PORT first"), set_near},
	[OPTION_SEED] = {SLICE("seed"), '\0', VALUE_TEXT, SLICE("NAME"),
			 SLICE("Begin at a place that NAME, as that of a project, tells: the same "
			       "name gets the same ports, another one others"),
			 set_seed},
	[OPTION_REGISTERED_ONLY] = {SLICE("registered-only"), '\0', VALUE_NONE, SLICE_NONE,
				    SLICE("Without overlays: the registry alone says whose a port "
					  "is"),
				    set_registered_only},
	[OPTION_ANYWHERE] = {SLICE("anywhere"), '\0', VALUE_NONE, SLICE_NONE,
			     SLICE("Say nothing of this machine, only what holds anywhere"),
			     set_anywhere},
	[OPTION_AGAINST] = {SLICE("against"), '\0', VALUE_NONE, SLICE_NONE,
			    SLICE("Compare with what listens and what is reserved on this machine"),
			    set_against},
};

const struct option *option_at(size_t id)
{
	return id < OPTION_REQUEST ? &options[id] : request_option_at(id - OPTION_REQUEST);
}

bool command_takes(const struct command *command, size_t id)
{
	return id < OPTION_COMMON ? !command->refused[id] : command->options[id];
}
