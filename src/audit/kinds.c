/* What a file is, by its name and, where that leaves it open, by what is in it. */
#include "audit/read.h"
#include "base/utf8.h"

static bool is_yaml(struct slice base)
{
	return slice_ends(base, SLICE(".yaml")) || slice_ends(base, SLICE(".yml"));
}

/* compose.yaml, docker-compose.override.yml, compose.prod.yaml, ... */
static bool is_compose(struct slice base)
{
	if (!is_yaml(base))
		return false;
	if (slice_starts(base, SLICE("docker-")))
		base = slice_skip(base, 7);
	return slice_starts(base, SLICE("compose.")) || slice_starts(base, SLICE("compose-"));
}

static bool is_dockerfile(struct slice base)
{
	return slice_eq(base, SLICE("Dockerfile")) || slice_eq(base, SLICE("Containerfile")) ||
	       slice_starts(base, SLICE("Dockerfile.")) ||
	       slice_starts(base, SLICE("Containerfile.")) ||
	       slice_ends(base, SLICE(".Dockerfile")) || slice_ends(base, SLICE(".dockerfile"));
}

static bool is_dotenv(struct slice base)
{
	return slice_eq(base, SLICE(".env")) || slice_starts(base, SLICE(".env.")) ||
	       slice_ends(base, SLICE(".env"));
}

/* Units, and pieces of them in UNIT.d. */
static bool is_unit(struct slice path, struct slice ending)
{
	struct slice folder = path_base(path_folder(path));

	if (slice_ends(path, ending))
		return true;
	return slice_ends(path, SLICE(".conf")) && slice_ends(folder, SLICE(".d")) &&
	       slice_ends((struct slice){folder.p, folder.n - 2}, ending);
}

static bool is_sites(struct slice path)
{
	struct slice folder = path_base(path_folder(path));

	return slice_eq(folder, SLICE("sites-available")) ||
	       slice_eq(folder, SLICE("sites-enabled"));
}

static bool is_firewalld(struct slice path)
{
	struct slice folder = path_base(path_folder(path));

	return slice_ends(path, SLICE(".xml")) &&
	       (slice_eq(folder, SLICE("services")) || slice_eq(folder, SLICE("zones")));
}

/* Whether a line begins with the word, after blanks, and with a blank or one of these behind it. */
static bool has_line(struct slice text, struct slice word)
{
	while (text.p) {
		struct slice line = slice_trim(slice_cut(&text, '\n')), rest;

		rest = slice_skip(line, word.n);
		if (slice_starts(line, word) &&
		    (rest.n == 0 || byte_is_blank(rest.p[0]) || rest.p[0] == '{'))
			return true;
	}
	return false;
}

/* Whether a line begins with the key, with nothing before it. */
static bool has_key(struct slice text, struct slice key)
{
	while (text.p) {
		struct slice line = slice_cut(&text, '\n');

		if (slice_starts(line, SLICE("- ")))
			line = slice_trim(slice_skip(line, 2));
		if (slice_starts(line, key))
			return true;
	}
	return false;
}

static bool is_nginx_text(struct slice text)
{
	return has_line(text, SLICE("listen")) &&
	       (has_line(text, SLICE("server")) || has_line(text, SLICE("http")));
}

static bool is_haproxy_text(struct slice text)
{
	return (has_line(text, SLICE("frontend")) || has_line(text, SLICE("listen"))) &&
	       has_line(text, SLICE("bind"));
}

enum audit_kind audit_kind_of(struct slice path, struct slice text)
{
	struct slice base = path_base(path);

	if (is_compose(base))
		return AUDIT_COMPOSE;
	if (is_dockerfile(base))
		return AUDIT_DOCKERFILE;
	if (is_dotenv(base))
		return AUDIT_DOTENV;
	if (is_unit(path, SLICE(".socket")))
		return AUDIT_SOCKET;
	if (is_unit(path, SLICE(".service")))
		return AUDIT_SERVICE;
	if (slice_eq(base, SLICE("nginx.conf")))
		return AUDIT_NGINX;
	if (slice_eq(base, SLICE("haproxy.cfg")))
		return AUDIT_HAPROXY;
	if (is_yaml(base) && has_key(text, SLICE("apiVersion:")) && has_key(text, SLICE("kind:")))
		return AUDIT_KUBERNETES;
	if (is_firewalld(path) && (slice_find(text, SLICE("<service")) != (size_t)-1 ||
				   slice_find(text, SLICE("<zone")) != (size_t)-1))
		return AUDIT_FIREWALLD;
	if ((slice_ends(base, SLICE(".conf")) || slice_ends(base, SLICE(".nginx")) ||
	     is_sites(path)) &&
	    is_nginx_text(text))
		return AUDIT_NGINX;
	if (slice_ends(base, SLICE(".cfg")) && is_haproxy_text(text))
		return AUDIT_HAPROXY;
	return AUDIT_NOTHING;
}

bool audit_may_be(struct slice path)
{
	struct slice base = path_base(path);

	return is_yaml(base) || slice_ends(base, SLICE(".conf")) ||
	       slice_ends(base, SLICE(".cfg")) || slice_ends(base, SLICE(".nginx")) ||
	       is_sites(path) || is_firewalld(path) ||
	       audit_kind_of(path, SLICE_NONE) != AUDIT_NOTHING;
}

bool audit_is_template(struct slice text)
{
	if (slice_find(text, SLICE("{{")) == (size_t)-1)
		return false;
	while (text.p) {
		struct slice line = slice_trim(slice_cut(&text, '\n'));

		if (slice_starts(line, SLICE("- ")))
			line = slice_trim(slice_skip(line, 2));
		if (slice_starts(line, SLICE("{{")) ||
		    slice_find(line, SLICE(": {{")) != (size_t)-1)
			return true;
	}
	return false;
}
