#include "audit/audit.h"
#include "builtin/builtin.h"
#include "fuzz.h"

/* Names of each kind, of which the first byte takes one. */
static const struct slice names[AUDIT_KIND_COUNT] = {
	[AUDIT_COMPOSE] = {"compose.yaml", 12},	    [AUDIT_KUBERNETES] = {"k.yaml", 6},
	[AUDIT_SOCKET] = {"a.socket", 8},	    [AUDIT_SERVICE] = {"a.service", 9},
	[AUDIT_DOCKERFILE] = {"Dockerfile", 10},    [AUDIT_DOTENV] = {".env", 4},
	[AUDIT_NGINX] = {"nginx.conf", 10},	    [AUDIT_HAPROXY] = {"haproxy.cfg", 11},
	[AUDIT_FIREWALLD] = {"services/a.xml", 14},
};

static void check(const struct audit *audit)
{
	for (size_t i = 0; i < audit_port_count(audit); i++) {
		const struct audit_port *port = audit_port_at(audit, i);

		must(port->first > 0 && port->first <= port->last);
		must(port->transport < TRANSPORT_COUNT && port->use < AUDIT_USE_COUNT);
		must(port->line > 0 && port->column > 0 && port->file == 0);
	}
	for (size_t i = 0; i < audit_finding_count(audit); i++) {
		const struct audit_finding *finding = audit_finding_at(audit, i);

		must(finding->check && finding->text.n > 0 && finding->line > 0);
		must(slice_find_byte(finding->text, '\n') == (size_t)-1);
	}
}

/* A byte for the kind, and the text, which is its own .env as well. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_slice(data, size);
	struct audit_options options = {};
	struct image image;
	struct audit *audit;
	enum audit_kind kind;

	if (size == 0)
		return 0;
	kind = (enum audit_kind)(data[0] % AUDIT_KIND_COUNT);
	text = slice_skip(text, 1);
	must(image_open(&image, builtin_image(), NULL) == 0);
	must(audit_new(&audit, NULL) == 0);
	(void)audit_kind_of(SLICE("x/sites-enabled/y.conf"), text);
	(void)audit_kind_of(SLICE("services/y.xml"), text);
	must(audit_read(audit, names[kind], kind, text, text, NULL) == 0);
	must(audit_judge(audit, &image, &options, NULL) == 0);
	check(audit);
	audit_free(audit);
	return 0;
}
