#include "host/cgroup.h"

#include "base/attr.h"

enum { ID_LEAST = 12, ID_MOST = 64 };

/* What stands before a container's id in the name of its group, and what that makes of it. */
static const struct pattern {
	struct slice before, after, kind;
} patterns[] = {
	{{"docker-", 7}, {".scope", 6}, {"docker", 6}},
	{{"libpod-", 7}, {".scope", 6}, {"podman", 6}},
	{{"cri-containerd-", 15}, {".scope", 6}, {"kubernetes", 10}},
	{{"crio-", 5}, {".scope", 6}, {"kubernetes", 10}},
	{{"nerdctl-", 8}, {".scope", 6}, {"containerd", 10}},
	{{"libpod-", 7}, {"", 0}, {"podman", 6}},
};

/* Groups whose children are containers, by their ids. */
static const struct parent {
	struct slice name, kind;
} parents[] = {
	{{"docker", 6}, {"docker", 6}},
	{{"libpod_parent", 13}, {"podman", 6}},
	{{"libpod", 6}, {"podman", 6}},
	{{"actions_job", 11}, {"docker", 6}},
};

static bool is_id(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_digit(text.p[i]) && !(text.p[i] >= 'a' && text.p[i] <= 'f'))
			return false;
	}
	return text.n >= ID_LEAST && text.n <= ID_MOST;
}

/* "docker-ID.scope" and the like. */
static bool match_name(struct slice name, struct cgroup *cgroup)
{
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		const struct pattern *pattern = &patterns[i];
		struct slice id = slice_skip(name, pattern->before.n);

		if (!slice_starts(name, pattern->before) || !slice_ends(id, pattern->after))
			continue;
		id.n -= pattern->after.n;
		if (!is_id(id))
			continue;
		cgroup->kind = pattern->kind;
		cgroup->container = id;
		return true;
	}
	return false;
}

/* Containers that have names: lxc.payload.NAME, machine-NAME.scope, systemd-nspawn@NAME.service. */
static bool match_named(struct slice name, struct slice parent, struct cgroup *cgroup)
{
	static const struct pattern named[] = {
		{{"lxc.payload.", 12}, {"", 0}, {"lxc", 3}},
		{{"lxc.monitor.", 12}, {"", 0}, {"", 0}},
		{{"machine-", 8}, {".scope", 6}, {"nspawn", 6}},
		{{"systemd-nspawn@", 15}, {".service", 8}, {"nspawn", 6}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		struct slice rest = slice_skip(name, named[i].before.n);

		if (!slice_starts(name, named[i].before) || !slice_ends(rest, named[i].after) ||
		    rest.n == named[i].after.n)
			continue;
		if (named[i].kind.n == 0)
			return false;
		rest.n -= named[i].after.n;
		cgroup->kind = named[i].kind;
		cgroup->container = rest;
		return true;
	}
	if (!slice_eq(parent, SLICE("lxc")) && !slice_eq(parent, SLICE("lxc.payload")))
		return false;
	cgroup->kind = SLICE("lxc");
	cgroup->container = name;
	return true;
}

static bool match_child(struct slice name, struct slice parent, bool kubernetes,
			struct cgroup *cgroup)
{
	/* "kubepods-...slice:cri-containerd:ID" */
	struct slice id = slice_skip(name, slice_find_last_byte(name, ':') + 1);

	if (!is_id(id))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		if (slice_eq(parent, parents[i].name)) {
			cgroup->kind = parents[i].kind;
			cgroup->container = id;
			return true;
		}
	}
	if (!kubernetes)
		return false;
	cgroup->kind = SLICE("kubernetes");
	cgroup->container = id;
	return true;
}

static bool is_unit(struct slice name)
{
	return slice_ends(name, SLICE(".service")) || slice_ends(name, SLICE(".scope")) ||
	       slice_ends(name, SLICE(".socket"));
}

/* A group's path from the outside in; what is inside a container is its own affair. */
static void read_path(struct slice path, struct cgroup *cgroup)
{
	struct slice parent = SLICE_NONE;
	bool kubernetes = false;

	while (path.p) {
		struct slice name = slice_cut(&path, '/');

		if (name.n == 0)
			continue;
		kubernetes |= slice_starts(name, SLICE("kubepods"));
		if (!cgroup->container.p &&
		    (match_name(name, cgroup) || match_named(name, parent, cgroup) ||
		     match_child(name, parent, kubernetes, cgroup))) {
			if (kubernetes)
				cgroup->kind = SLICE("kubernetes");
			return;
		}
		if (is_unit(name))
			cgroup->unit = name;
		parent = name;
	}
}

/* "0::/path" (cgroup v2) or "4:memory:/path" (v1), whose hierarchy name=systemd has the units. */
struct cgroup cgroup_parse(struct slice text)
{
	struct cgroup found = {};

	while (text.p) {
		struct slice path = slice_cut(&text, '\n'), controllers;
		struct cgroup one = {};

		(void)slice_cut(&path, ':');
		controllers = slice_cut(&path, ':');
		if (!path.p)
			continue;
		read_path(path, &one);
		if (!found.container.p && one.container.p) {
			found.kind = one.kind;
			found.container = one.container;
		}
		if (one.unit.p && (controllers.n == 0 || !found.unit.p ||
				   slice_eq(controllers, SLICE("name=systemd"))))
			found.unit = one.unit;
	}
	return found;
}
