/* firewalld's services and zones (firewalld.service(5), firewalld.zone(5)): ports that are open. */
#include <expat.h>

#include "audit/read.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 32 };

struct firewalld {
	struct reading *reading;
	XML_Parser parser;
	struct slice owner, name;
	unsigned depth;
};

static struct place place_of(XML_Parser parser)
{
	return (struct place){(uint32_t)XML_GetCurrentLineNumber(parser),
			      (uint32_t)XML_GetCurrentColumnNumber(parser) + 1};
}

/* "http" of /etc/firewalld/services/http.xml. */
static struct slice name_of(struct slice path)
{
	struct slice name = path_base(path);

	return slice_ends(name, SLICE(".xml")) ? (struct slice){name.p, name.n - 4} : name;
}

static struct slice attribute(const XML_Char **attributes, struct slice name)
{
	for (; attributes[0]; attributes += 2) {
		if (slice_eq(slice_cstr(attributes[0]), name))
			return slice_cstr(attributes[1]);
	}
	return SLICE_NONE;
}

static void found(struct firewalld *firewalld, struct slice number, struct slice protocol)
{
	struct place place = place_of(firewalld->parser);
	struct audit_port port = {
		.owner = firewalld->owner,
		.name = firewalld->name,
		.named = firewalld->name.n > 0,
		.use = AUDIT_OFFERED,
	};
	enum transport transport;

	if (!transport_parse(protocol, &transport)) {
		reading_complain(firewalld->reading, place, PORT_FORM, firewalld->owner,
				 "\"%.*s\" is no transport protocol", (int)protocol.n,
				 protocol.n ? protocol.p : "");
		return;
	}
	port.transport = (uint8_t)transport;
	if (reading_port(firewalld->reading, place, port.owner, number, true, &port.first,
			 &port.last))
		reading_found(firewalld->reading, place, port);
}

static void XMLCALL begin(void *context, const XML_Char *element, const XML_Char **attributes)
{
	struct firewalld *firewalld = context;
	struct slice name = slice_cstr(element);

	if (++firewalld->depth > DEPTH_MAX) {
		reading_complain(firewalld->reading, place_of(firewalld->parser), MALFORMED,
				 SLICE_NONE, "it is nested more than 32 deep");
		XML_StopParser(firewalld->parser, XML_FALSE);
		return;
	}
	if (firewalld->depth == 1) {
		struct slice own = name_of(firewalld->reading->path);

		firewalld->owner = audit_text(firewalld->reading->audit, "%.*s %.*s", (int)name.n,
					      name.p, (int)own.n, own.p);
		if (slice_eq(name, SLICE("service")))
			firewalld->name = own;
	}
	/* An empty port, with a protocol, is all of that. */
	if (slice_eq(name, SLICE("port")) && attribute(attributes, SLICE("port")).n > 0)
		found(firewalld, attribute(attributes, SLICE("port")),
		      attribute(attributes, SLICE("protocol")));
	else if (slice_eq(name, SLICE("forward-port")))
		found(firewalld, attribute(attributes, SLICE("port")),
		      attribute(attributes, SLICE("protocol")));
}

static void XMLCALL end(void *context, const XML_Char *element)
{
	(void)element;
	((struct firewalld *)context)->depth--;
}

/* Entities have no place in these files, and can grow without end. */
static void XMLCALL refuse_entity(void *context, const XML_Char *name, int parameter,
				  const XML_Char *value, int length, const XML_Char *base,
				  const XML_Char *system, const XML_Char *public,
				  const XML_Char *notation)
{
	struct firewalld *firewalld = context;

	(void)name, (void)parameter, (void)value, (void)length, (void)base, (void)system,
		(void)public, (void)notation;
	reading_complain(firewalld->reading, place_of(firewalld->parser), MALFORMED, SLICE_NONE,
			 "entities are not read");
	XML_StopParser(firewalld->parser, XML_FALSE);
}

void firewalld_read(struct reading *reading)
{
	struct firewalld firewalld = {.reading = reading, .parser = XML_ParserCreate(NULL)};
	enum XML_Error error;

	if (!firewalld.parser) {
		reading->audit->failed = true;
		return;
	}
	XML_SetUserData(firewalld.parser, &firewalld);
	XML_SetElementHandler(firewalld.parser, begin, end);
	XML_SetEntityDeclHandler(firewalld.parser, refuse_entity);
	if (XML_Parse(firewalld.parser, reading->text.p, (int)reading->text.n, XML_TRUE) ==
	    XML_STATUS_ERROR) {
		error = XML_GetErrorCode(firewalld.parser);
		if (error == XML_ERROR_NO_MEMORY)
			reading->audit->failed = true;
		else if (error != XML_ERROR_ABORTED)
			reading_complain(reading, place_of(firewalld.parser), MALFORMED, SLICE_NONE,
					 "this is no XML: %s", XML_ErrorString(error));
	}
	XML_ParserFree(firewalld.parser);
}
