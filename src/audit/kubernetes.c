/*
 * Kubernetes manifests: Services, and Pods with the workloads that make them, also in lists and
 * several to a file.
 */
#include "audit/yaml.h"
#include "base/utf8.h"

enum {
	LISTS_MAX = 4,	    /* in each other */
	PORT_NAME_MAX = 15, /* of a container's port; RFC 6335, section 5.1 */
};

/* What is being read. */
struct object {
	struct yaml *yaml;
	struct reading *reading;
	struct slice owner;
	uint32_t group;
	bool host_network;
};

static const struct tree_node *scalar(const struct tree_node *mapping, struct slice key)
{
	const struct tree_node *node = tree_get(mapping, key);

	return node && node->kind == TREE_SCALAR ? node : NULL;
}

static bool is_web(struct slice name)
{
	struct slice rest = name, word = slice_cut(&rest, '-');

	return utf8_fold_eq(word, SLICE("http")) || utf8_fold_eq(word, SLICE("https")) ||
	       utf8_fold_eq(word, SLICE("web"));
}

/* Its transport; false where it has another, and that was said. */
static bool read_protocol(struct object *object, const struct tree_node *node,
			  enum transport *ret_transport)
{
	const struct tree_node *protocol = scalar(node, SLICE("protocol"));

	*ret_transport = TRANSPORT_TCP;
	if (!protocol || transport_parse(protocol->text, ret_transport))
		return true;
	reading_complain(object->reading, yaml_place(protocol), PORT_FORM, object->owner,
			 "\"%.*s\" is no transport protocol", (int)protocol->text.n,
			 protocol->text.p);
	return false;
}

/* Reads one key's port as one of these; false: there is none. */
static bool read_port(struct object *object, const struct tree_node *node, struct slice key,
		      struct audit_port port, uint16_t *ret_port)
{
	const struct tree_node *value = scalar(node, key);

	if (!value || slice_eq(value->text, SLICE("0")) ||
	    !reading_port(object->reading, yaml_place(value), port.owner, value->text, true,
			  &port.first, &port.last))
		return false;
	if (port.first != port.last) {
		reading_complain(object->reading, yaml_place(value), PORT_FORM, port.owner,
				 "\"%.*s\" is no port", (int)value->text.n, value->text.p);
		return false;
	}
	reading_found(object->reading, yaml_place(value), port);
	*ret_port = port.first;
	return true;
}

static void check_port_name(struct object *object, const struct tree_node *name)
{
	struct slice text = name ? name->text : SLICE_NONE;
	bool good = text.n <= PORT_NAME_MAX, letter = false;

	if (text.n == 0)
		return;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		letter |= c >= 'a' && c <= 'z';
		good &= (c >= 'a' && c <= 'z') || byte_is_digit(c) ||
			(c == '-' && i > 0 && i + 1 < text.n && text.p[i - 1] != '-');
	}
	if (!good || !letter)
		reading_complain(object->reading, yaml_place(name), NAME_FORM, object->owner,
				 "\"%.*s\" is no name for a port: at most 15 of a to z, 0 to 9 and "
				 "single hyphens between them, with a letter",
				 (int)text.n, text.p);
}

static void read_container_port(struct object *object, struct slice owner,
				const struct tree_node *node)
{
	const struct tree_node *name = scalar(node, SLICE("name"));
	struct audit_port port = {
		.owner = owner,
		.name = name ? name->text : SLICE_NONE,
		.named = name != NULL,
		.web = name && is_web(name->text),
		.use = object->host_network ? AUDIT_TAKEN : AUDIT_INSIDE,
		.group = object->host_network ? GROUP_HOST : object->group,
	};
	enum transport transport;
	uint16_t number;

	check_port_name(object, name);
	if (!read_protocol(object, node, &transport))
		return;
	port.transport = (uint8_t)transport;
	(void)!read_port(object, node, SLICE("containerPort"), port, &number);
	if (object->host_network)
		return;
	port.use = AUDIT_TAKEN;
	port.group = GROUP_HOST;
	port.address = tree_text(node, SLICE("hostIP"));
	if (port.address.n == 0)
		port.address = SLICE_NONE;
	(void)!read_port(object, node, SLICE("hostPort"), port, &number);
}

static void read_containers(struct object *object, const struct tree_node *containers)
{
	for (const struct tree_node *node = tree_first(containers); node; node = node->next) {
		struct slice name = tree_text(node, SLICE("name"));
		struct slice owner = audit_text(object->reading->audit, "%.*s, container %.*s",
						(int)object->owner.n, object->owner.p, (int)name.n,
						name.n ? name.p : "");
		const struct tree_node *port = tree_first(tree_get(node, SLICE("ports")));

		for (; port && yaml_spend(object->yaml); port = port->next)
			read_container_port(object, owner, port);
		if (!yaml_spend(object->yaml))
			return;
	}
}

static void read_pod(struct object *object, const struct tree_node *spec)
{
	object->group = audit_next_group(object->reading->audit);
	object->host_network = slice_eq(tree_text(spec, SLICE("hostNetwork")), SLICE("true"));
	read_containers(object, tree_get(spec, SLICE("containers")));
	/* Those that run before the others share no time with them. */
	object->group = GROUP_NONE;
	read_containers(object, tree_get(spec, SLICE("initContainers")));
}

static void read_service_port(struct object *object, const struct tree_node *node)
{
	const struct tree_node *name = scalar(node, SLICE("name"));
	struct slice app = tree_text(node, SLICE("appProtocol"));
	struct audit_port port = {
		.owner = object->owner,
		.name = name ? name->text : app,
		.named = name || app.n > 0,
		.web = name && is_web(name->text),
		.use = AUDIT_OFFERED,
		.group = object->group,
	};
	const struct tree_node *target = scalar(node, SLICE("targetPort"));
	enum transport transport;
	uint16_t number, first, last;

	if (!read_protocol(object, node, &transport))
		return;
	port.transport = (uint8_t)transport;
	(void)!read_port(object, node, SLICE("port"), port, &number);
	port.named = false;
	port.name = SLICE_NONE;
	port.use = AUDIT_NODE;
	port.group = GROUP_CLUSTER;
	(void)!read_port(object, node, SLICE("nodePort"), port, &number);
	if (!target)
		return;
	/* A name is one of a container's port. */
	port.use = AUDIT_INSIDE;
	port.group = GROUP_NONE;
	if (port_text_read(target->text, &first, &last) != PORT_TEXT_NONE)
		(void)!read_port(object, node, SLICE("targetPort"), port, &number);
}

static void read_service(struct object *object, const struct tree_node *spec)
{
	const struct tree_node *port = tree_first(tree_get(spec, SLICE("ports")));

	object->group = GROUP_NONE;
	for (; port && yaml_spend(object->yaml); port = port->next)
		read_service_port(object, port);
}

/* Where a workload's Pod is described; NULL: it has none. */
static const struct tree_node *pod_of(struct slice kind, const struct tree_node *root)
{
	static const struct slice kinds[] = {{"Deployment", 10},  {"StatefulSet", 11},
					     {"DaemonSet", 9},	  {"ReplicaSet", 10},
					     {"Job", 3},	  {"ReplicationController", 21},
					     {"PodTemplate", 11}, {"Rollout", 7}};
	const struct tree_node *spec = tree_get(root, SLICE("spec"));

	if (slice_eq(kind, SLICE("Pod")))
		return spec;
	if (slice_eq(kind, SLICE("CronJob")))
		spec = tree_get(tree_get(spec, SLICE("jobTemplate")), SLICE("spec"));
	if (slice_eq(kind, SLICE("PodTemplate")))
		spec = root;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (slice_eq(kind, kinds[i]) || slice_eq(kind, SLICE("CronJob")))
			return tree_get(tree_get(spec, SLICE("template")), SLICE("spec"));
	}
	return NULL;
}

static void read_object(struct yaml *yaml, const struct tree_node *root, unsigned depth)
{
	struct slice kind = tree_text(root, SLICE("kind"));
	struct slice name = tree_text(tree_get(root, SLICE("metadata")), SLICE("name"));
	const struct tree_node *pod = pod_of(kind, root);
	struct object object = {.yaml = yaml, .reading = yaml->reading};

	if (!yaml_spend(yaml))
		return;
	if (slice_ends(kind, SLICE("List"))) {
		const struct tree_node *item = tree_first(tree_get(root, SLICE("items")));

		for (; item && depth < LISTS_MAX; item = item->next)
			read_object(yaml, item, depth + 1);
		return;
	}
	object.owner = audit_text(yaml->reading->audit, "%.*s %.*s", (int)kind.n,
				  kind.n ? kind.p : "", (int)name.n, name.n ? name.p : "");
	if (slice_eq(kind, SLICE("Service")))
		read_service(&object, tree_get(root, SLICE("spec")));
	else if (pod)
		read_pod(&object, pod);
}

static void read_document(struct yaml *yaml, const struct tree_node *root)
{
	read_object(yaml, root, 0);
}

void kubernetes_read(struct reading *reading)
{
	yaml_read(reading, read_document);
}
