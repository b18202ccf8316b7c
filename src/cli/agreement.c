#include "cli/agreement.h"

#include "base/attr.h"
#include "base/utf8.h"
#include "query/query.h"

enum {
	ROWS_MAX = 64,
	WORD_LEAST = 3, /* letters of a word that says anything */
	STEM_LEAST = 5, /* letters by which a name may begin another: postgres, postgresql */
};

struct slice agreement_name(enum agreement agreement)
{
	static const struct slice names[AGREEMENT_COUNT] = {
		[AGREEMENT_AGREES] = {"agrees", 6},
		[AGREEMENT_OTHER] = {"other", 5},
		[AGREEMENT_UNKNOWN] = {"unknown", 7},
		[AGREEMENT_UNREGISTERED] = {"unregistered", 12},
		[AGREEMENT_DYNAMIC] = {"dynamic", 7},
	};

	return names[agreement];
}

/* Programs that serve what they are not named after: the services' names, spaces between. */
static const struct known {
	struct slice program, services;
} known[] = {
	{{"apache2", 7}, {"http https http-alt", 19}},
	{{"avahi-daemon", 12}, {"mdns", 4}},
	{{"caddy", 5}, {"http https http-alt", 19}},
	{{"chronyd", 7}, {"ntp", 3}},
	{{"cupsd", 5}, {"ipp", 3}},
	{{"dhclient", 8}, {"bootpc dhcpv6-client", 20}},
	{{"dhcpd", 5}, {"bootps dhcpv6-server", 20}},
	{{"dnsmasq", 7}, {"domain bootps dhcpv6-server", 27}},
	{{"dovecot", 7}, {"imap imaps pop3 pop3s sieve", 27}},
	{{"exim4", 5}, {"smtp submission submissions", 27}},
	{{"httpd", 5}, {"http https http-alt", 19}},
	{{"lighttpd", 8}, {"http https http-alt", 19}},
	{{"mariadbd", 8}, {"mysql", 5}},
	{{"memcached", 9}, {"memcache", 8}},
	{{"mosquitto", 9}, {"mqtt secure-mqtt", 16}},
	{{"named", 5}, {"domain domain-s", 15}},
	{{"nginx", 5}, {"http https http-alt", 19}},
	{{"ntpd", 4}, {"ntp", 3}},
	{{"rpcbind", 7}, {"sunrpc", 6}},
	{{"slapd", 5}, {"ldap ldaps", 10}},
	{{"smbd", 4}, {"microsoft-ds netbios-ssn", 24}},
	{{"systemd-resolve", 15}, {"domain mdns llmnr", 17}},
	{{"systemd-resolved", 16}, {"domain mdns llmnr", 17}},
	{{"systemd-timesyn", 15}, {"ntp", 3}},
	{{"unbound", 7}, {"domain domain-s", 15}},
};

/* Programs that run others, or stand before them. Their names say nothing. */
static const struct slice vessels[] = {
	{"bash", 4}, {"busybox", 7},	  {"bun", 3},		{"conmon", 6},
	{"deno", 4}, {"docker", 6},	  {"docker-proxy", 12}, {"dotnet", 6},
	{"init", 4}, {"java", 4},	  {"kubelet", 7},	{"nc", 2},
	{"ncat", 4}, {"netcat", 6},	  {"node", 4},		{"perl", 4},
	{"php", 3},  {"python", 6},	  {"rootlesskit", 11},	{"ruby", 4},
	{"sh", 2},   {"slirp4netns", 11}, {"socat", 5},		{"systemd", 7},
	{"wine", 4}, {"xinetd", 6},
};

/* Words of descriptions that are not what a service is. */
static const struct slice empty_words[] = {
	{"agent", 5},	{"alternate", 9}, {"and", 3},	      {"application", 11}, {"client", 6},
	{"control", 7}, {"daemon", 6},	  {"data", 4},	      {"default", 7},	   {"for", 3},
	{"manager", 7}, {"main", 4},	  {"management", 10}, {"master", 6},	   {"monitor", 7},
	{"network", 7}, {"over", 4},	  {"port", 4},	      {"protocol", 8},	   {"proxy", 5},
	{"remote", 6},	{"secure", 6},	  {"server", 6},      {"service", 7},	   {"services", 8},
	{"system", 6},	{"the", 3},	  {"transfer", 8},    {"user", 4},	   {"web", 3},
	{"with", 4},	{"worker", 6},
};

/* What a name may have at its end that is no part of what it serves. */
static const struct slice endings[] = {
	{".service", 8}, {".socket", 7},  {".scope", 6}, {"-server", 7}, {"-daemon", 7},
	{"_server", 7},	 {"-service", 8}, {".exe", 4},	 {".bin", 4},
};

static bool is_among(struct slice word, const struct slice *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (utf8_fold_eq(word, words[i]))
			return true;
	}
	return false;
}

static bool is_word_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c);
}

/* The next run of letters and digits; empty: there is none. */
static struct slice next_word(struct slice *rest)
{
	size_t n = 0;

	while (rest->n > 0 && !is_word_byte(rest->p[0]))
		*rest = slice_skip(*rest, 1);
	while (n < rest->n && is_word_byte(rest->p[n]))
		n++;
	*rest = slice_skip(*rest, n);
	return (struct slice){rest->p - n, n};
}

/* The name of a program: of "/usr/bin/python3.11" python, of "foo@bar.service" foo. */
static struct slice stem_of(struct slice name)
{
	bool more = true;

	name = slice_skip(name, slice_find_last_byte(name, '/') + 1);
	while (more) {
		more = false;
		for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
			if (name.n > endings[i].n && slice_ends(name, endings[i])) {
				name.n -= endings[i].n;
				more = true;
			}
		}
	}
	if (slice_find_byte(name, '@') != (size_t)-1)
		name.n = slice_find_byte(name, '@');
	/* "nginx: worker process" */
	if (slice_find_byte(name, ':') != (size_t)-1)
		name.n = slice_find_byte(name, ':');
	while (name.n > WORD_LEAST && !byte_is_letter(name.p[name.n - 1]))
		name.n--;
	return name;
}

/* Whether two names are of one thing: the same but for a final d, or one begins the other. */
static bool is_alike(struct slice program, struct slice service)
{
	struct slice shorter = program.n < service.n ? program : service;
	struct slice longer = program.n < service.n ? service : program;

	if (utf8_fold_eq(program, service))
		return true;
	if (!utf8_fold_eq(shorter, (struct slice){longer.p, shorter.n}))
		return false;
	if (longer.n == shorter.n + 1 && ascii_fold(longer.p[shorter.n]) == 'd')
		return shorter.n >= 2;
	return shorter.n >= STEM_LEAST && !is_among(shorter, empty_words, ARRAY_SIZE(empty_words));
}

/* Whether one of the words of a text is alike. */
static bool has_alike(struct slice name, struct slice text)
{
	struct slice word;

	while ((word = next_word(&text)).n > 0) {
		if (word.n >= WORD_LEAST && is_alike(name, word) &&
		    !is_among(word, empty_words, ARRAY_SIZE(empty_words)))
			return true;
	}
	return false;
}

static const struct known *find_known(struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (utf8_fold_eq(name, known[i].program))
			return &known[i];
	}
	return NULL;
}

/* The rows that assign a port. */
struct rows {
	const struct image *image;
	uint32_t numbers[ROWS_MAX];
	size_t count;
};

static struct slice cell(const struct rows *rows, size_t index, enum column column)
{
	return image_row_text(rows->image, rows->numbers[index], column);
}

/* Whether a name is that of one of the rows' services, or a part of one. */
static bool names_rows(const struct rows *rows, struct slice name)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct slice service = cell(rows, i, COLUMN_NAME);

		if (is_alike(name, service) || has_alike(name, service) ||
		    has_alike(name, cell(rows, i, COLUMN_DESCRIPTION)))
			return true;
	}
	return false;
}

static bool serves_rows(const struct rows *rows, struct slice services)
{
	while (services.p) {
		struct slice service = slice_cut(&services, ' ');

		for (size_t i = 0; i < rows->count; i++) {
			if (utf8_fold_eq(service, cell(rows, i, COLUMN_NAME)))
				return true;
		}
	}
	return false;
}

/* Whether the registry has a port for a service of that name. */
static bool is_registered(const struct image *image, struct slice name)
{
	uint32_t numbers[ROWS_MAX];
	size_t count = query_name(image, name, numbers, ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct image_row_head head;

		if (image_row_head(image, numbers[i], &head) && !head.portless)
			return true;
	}
	return false;
}

/* The same, also without the d of a daemon. */
static bool is_service(const struct image *image, struct slice name)
{
	struct slice shorter = {name.p, name.n - 1};

	return is_registered(image, name) ||
	       (name.n > WORD_LEAST && ascii_fold(name.p[name.n - 1]) == 'd' &&
		is_registered(image, shorter));
}

static bool find_rows(const struct image *image, enum transport transport, uint16_t port,
		      struct rows *rows)
{
	uint32_t numbers[ROWS_MAX];
	size_t count = query_port(image, transport, port, numbers, ROWS_MAX);

	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		struct image_row_head head;

		if (image_row_head(image, numbers[i], &head) && head.state == ROW_ASSIGNED)
			rows->numbers[rows->count++] = numbers[i];
	}
	return rows->count > 0;
}

enum agreement agreement_find(const struct image *image, enum transport transport, uint16_t port,
			      const struct slice *names, size_t count)
{
	enum agreement agreement = AGREEMENT_UNKNOWN;
	struct rows rows = {.image = image};

	if (!find_rows(image, transport, port, &rows))
		return port_range_of(port) == PORT_RANGE_DYNAMIC ? AGREEMENT_DYNAMIC
								 : AGREEMENT_UNREGISTERED;
	for (size_t i = 0; i < count; i++) {
		struct slice name = names[i].n > 0 ? stem_of(names[i]) : SLICE_NONE;
		const struct known *program = find_known(names[i]);

		program = program ? program : find_known(name);
		if (name.n < 2 || is_among(name, vessels, ARRAY_SIZE(vessels)) ||
		    is_among(name, empty_words, ARRAY_SIZE(empty_words)))
			continue;
		if (names_rows(&rows, name) || (program && serves_rows(&rows, program->services)))
			return AGREEMENT_AGREES;
		if (program || is_service(image, name))
			agreement = AGREEMENT_OTHER;
	}
	return agreement;
}
