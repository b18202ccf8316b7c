/* Compose files: what services publish, expose, and take of the host's network. */
#include "audit/yaml.h"
#include "base/utf8.h"

/* What the image is called: "redis" of docker.io/library/redis:7@sha256:... */
static struct slice name_of_image(struct slice image)
{
	struct slice name = image;
	size_t at = slice_find_byte(name, '@');

	if (at != (size_t)-1)
		name.n = at;
	name = path_base(name);
	at = slice_find_byte(name, ':');
	if (at != (size_t)-1)
		name.n = at;
	return name;
}

/* Ports of containers at which there usually is something for browsers. */
static bool is_web_port(uint16_t port)
{
	static const uint16_t ports[] = {80, 443, 3000, 5000, 8000, 8080, 8081, 8443, 8888};

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

struct service {
	struct yaml *yaml;
	struct reading *reading;
	struct audit_port like;
	bool host_network;
};

/* Its value; where a variable has none that is said, and it is absent. */
static struct slice expanded(struct service *service, const struct tree_node *node)
{
	struct reading *reading = service->reading;
	struct slice text, unset;

	if (!node || node->kind != TREE_SCALAR)
		return SLICE_NONE;
	if (expand(reading, node->text, &text, &unset)) {
		reading->written = slice_eq(text, node->text) ? SLICE_NONE : node->text;
		return slice_trim(text);
	}
	reading_complain(reading, yaml_place(node), VARIABLE_UNSET, service->like.owner,
			 "%.*s has no value: \"%.*s\" is not looked at", (int)unset.n, unset.p,
			 (int)node->text.n, node->text.p);
	return SLICE_NONE;
}

/* YAML 1.1 takes 22:22 for a number to the base of 60. */
static bool is_sexagesimal(const struct tree_node *node)
{
	struct slice minutes = node->text, hours = slice_cut(&minutes, ':');

	if (!node->plain || !minutes.p || hours.n == 0 || minutes.n == 0 || minutes.n > 2)
		return false;
	for (size_t i = 0; i < hours.n; i++) {
		if (!byte_is_digit(hours.p[i]))
			return false;
	}
	return byte_is_digit(minutes.p[minutes.n - 1]) &&
	       (minutes.n == 1 || (minutes.p[0] >= '0' && minutes.p[0] <= '5'));
}

static void read_short(struct service *service, const struct tree_node *node)
{
	struct slice text = expanded(service, node);
	struct audit_port like = service->like;
	uint16_t first, last;
	struct slice container = text;
	size_t at;

	if (!text.p)
		return;
	if (is_sexagesimal(node))
		reading_complain(service->reading, yaml_place(node), SEXAGESIMAL, like.owner,
				 "%.*s without quotes is one number, to the base of 60, for some "
				 "readers of YAML",
				 (int)text.n, text.p);
	at = slice_find_byte(container, '/');
	if (at != (size_t)-1)
		container.n = at;
	at = slice_find_last_byte(container, ':');
	if (port_text_read(slice_skip(container, at + 1), &first, &last) == PORT_TEXT_GOOD)
		like.web = is_web_port(first);
	mapping_read(service->reading, yaml_place(node), text, &like, service->host_network);
}

static const struct tree_node *scalar(const struct tree_node *node)
{
	return node && node->kind == TREE_SCALAR ? node : NULL;
}

static void read_long(struct service *service, const struct tree_node *node)
{
	const struct tree_node *target = scalar(tree_get(node, SLICE("target"))),
			       *published = scalar(tree_get(node, SLICE("published")));
	struct slice protocol = tree_text(node, SLICE("protocol")),
		     app = tree_text(node, SLICE("app_protocol")),
		     name = tree_text(node, SLICE("name")), text;
	struct audit_port port = service->like;
	enum transport transport = TRANSPORT_TCP;

	if (protocol.n > 0 && !transport_parse(protocol, &transport)) {
		reading_complain(service->reading, yaml_place(node), PORT_FORM, port.owner,
				 "\"%.*s\" is no transport protocol", (int)protocol.n, protocol.p);
		return;
	}
	port.transport = (uint8_t)transport;
	text = expanded(service, target);
	port.use = service->host_network ? AUDIT_TAKEN : AUDIT_INSIDE;
	port.group = service->host_network ? GROUP_HOST : GROUP_NONE;
	if (!text.p || !reading_port(service->reading, yaml_place(target), port.owner, text, true,
				     &port.first, &port.last))
		return;
	port.web = is_web_port(port.first) || utf8_fold_eq(app, SLICE("http")) ||
		   utf8_fold_eq(app, SLICE("https"));
	reading_found(service->reading, yaml_place(target), port);
	text = expanded(service, published);
	if (service->host_network || text.n == 0 ||
	    !reading_port(service->reading, yaml_place(published), port.owner, text, true,
			  &port.first, &port.last))
		return;
	port.use = AUDIT_TAKEN;
	port.group = port.first == port.last ? GROUP_HOST : GROUP_NONE;
	port.address = tree_text(node, SLICE("host_ip"));
	if (port.address.n == 0)
		port.address = SLICE_NONE;
	if (name.n > 0) {
		port.name = name;
		port.named = true;
	}
	reading_found(service->reading, yaml_place(published), port);
}

static void read_ports(struct service *service, const struct tree_node *ports)
{
	if (service->host_network && tree_first(ports))
		reading_complain(service->reading, yaml_place(ports), HOST_NETWORK,
				 service->like.owner,
				 "nothing is published with network_mode host: the ports of the "
				 "container are the host's");
	for (const struct tree_node *node = tree_first(ports); node; node = node->next) {
		const struct tree_node *port = tree_follow(node);

		if (!port || !yaml_spend(service->yaml))
			return;
		if (port->kind == TREE_SCALAR)
			read_short(service, port);
		else if (port->kind == TREE_MAPPING)
			read_long(service, port);
	}
}

static void read_exposed(struct service *service, const struct tree_node *ports)
{
	for (const struct tree_node *node = tree_first(ports); node; node = node->next) {
		const struct tree_node *port = tree_follow(node);
		struct audit_port like = service->like;
		struct slice text;

		if (!port || !yaml_spend(service->yaml))
			return;
		text = expanded(service, port);
		/* Without a colon it is a container's port alone. */
		if (text.p && slice_find_byte(text, ':') == (size_t)-1)
			mapping_read(service->reading, yaml_place(port), text, &like, false);
	}
}

static void read_service(struct yaml *yaml, const struct tree_node *node)
{
	const struct tree_node *key = tree_follow(node->key);
	struct slice name = key && key->kind == TREE_SCALAR ? key->text : SLICE("?");
	struct slice image = tree_text(node, SLICE("image"));
	struct service service = {
		.yaml = yaml,
		.reading = yaml->reading,
		.host_network = slice_eq(tree_text(node, SLICE("network_mode")), SLICE("host")),
	};

	service.like.owner = audit_text(yaml->reading->audit, "service %.*s", (int)name.n, name.p);
	if (image.n > 0)
		service.like.name = name_of_image(image);
	read_ports(&service, tree_get(node, SLICE("ports")));
	read_exposed(&service, tree_get(node, SLICE("expose")));
}

static void read_document(struct yaml *yaml, const struct tree_node *root)
{
	const struct tree_node *services = tree_get(root, SLICE("services"));

	for (const struct tree_node *node = tree_first(services); node; node = node->next) {
		if (!yaml_spend(yaml))
			return;
		if (node->key)
			read_service(yaml, node);
	}
}

void compose_read(struct reading *reading)
{
	yaml_read(reading, read_document);
}
