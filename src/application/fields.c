/*
 * The fields of an application, for forms, template files, the API and the documentation alike
 * (RFC 6335, section 8.1.1; RFC 7605, section 7).
 */
#include "application/application.h"

#define BIT(procedure) (1U << PROCEDURE_##procedure)

enum {
	ALL = (1U << PROCEDURE_COUNT) - 1,
	SERVICE = BIT(PORT) | BIT(NAME) | BIT(EARLY) | BIT(REUSE), /* what has a name of its own */
	PORT = BIT(PORT) | BIT(TRANSPORT) | BIT(EARLY) | BIT(REUSE), /* what has a port then */
	USE = SERVICE | BIT(TRANSPORT), /* what says how the network is used */
	ASSIGNS = USE | BIT(SERVICE_CODE),
	EXISTING = ALL & ~(BIT(PORT) | BIT(NAME) | BIT(EARLY)), /* what is of something there is */
	LINE = 1000,
	TEXT = 8000,
};

static const struct application_field_info fields[FIELD_COUNT] = {
	[FIELD_PROCEDURE] =
		{.key = SLICE("procedure"),
		 .label = SLICE("What is asked for"),
		 .help = SLICE("A port with its service name, a name alone, a change, and so on."),
		 .section = SLICE("RFC 6335, section 8"),
		 .procedures = ALL,
		 .most = 20},
	[FIELD_SUBJECT] = {.key = SLICE("subject"),
			   .label = SLICE("What it is about"),
			   .help = SLICE("What the registry has already: a service name, a port, a "
					 "port with its transport (8080/tcp), or a name and one of "
					 "these. An appeal gives the number of the request."),
			   .section = SLICE("RFC 6335, section 8"),
			   .procedures = EXISTING,
			   .most = 120},
	[FIELD_NAME] = {.key = SLICE("name"),
			.label = SLICE("Service name"),
			.help = SLICE("Up to 15 letters, digits and hyphens, at least one letter; "
				      "no hyphen at either end, and no two together. It names the "
				      "service, neither its version nor that it is a service."),
			.section = SLICE("RFC 6335, section 5.1"),
			.procedures = SERVICE | BIT(SERVICE_CODE) | BIT(MODIFICATION),
			.most = 62},
	[FIELD_PORTS] = {.key = SLICE("ports"),
			 .label = SLICE("Port"),
			 .help = SLICE("The number that you would like (8080), any, or any of a "
				       "range (any 8000-8999). More than one (8080-8081) only "
				       "where each has a use of its own."),
			 .section = SLICE("RFC 6335, section 8.1.1"),
			 .procedures = BIT(PORT) | BIT(EARLY),
			 .most = 32},
	[FIELD_TRANSPORTS] = {.key = SLICE("transports"),
			      .label = SLICE("Transport protocols"),
			      .help = SLICE("Those that the service uses today: tcp, udp, sctp, "
					    "dccp. A name without a port has them, too."),
			      .section = SLICE("RFC 6335, section 8.1.1"),
			      .procedures = USE,
			      .most = 40,
			      .joint = SLICE(" ")},
	[FIELD_DESCRIPTION] = {.key = SLICE("description"),
			       .label = SLICE("Description"),
			       .help = SLICE("What the service is, in a few words. Spell out "
					     "acronyms that are not known to everybody."),
			       .section = SLICE("RFC 6335, section 8.1.1"),
			       .procedures = ASSIGNS | BIT(MODIFICATION),
			       .most = LINE},
	[FIELD_REFERENCE] = {.key = SLICE("reference"),
			     .label = SLICE("References"),
			     .help = SLICE(
				     "Where the protocol is described, one a line: RFC9000, "
				     "draft-ietf-..., an address, or words. A User Port or a name "
				     "may be of a protocol that is not published; say so."),
			     .section = SLICE("RFC 6335, section 8.1.1"),
			     .procedures = ASSIGNS | BIT(RENEWAL) | BIT(MODIFICATION),
			     .most = 2000,
			     .lines = true,
			     .joint = SLICE("\n")},
	[FIELD_SERVICE_CODE] =
		{.key = SLICE("service_code"),
		 .label = SLICE("DCCP service code"),
		 .help = SLICE("Only with DCCP: a number, or one to four characters in quotes, as "
			       "\"RTPA\". None of them is yours before it is assigned."),
		 .section = SLICE("RFC 4340, section 8.1.2"),
		 .procedures = ASSIGNS | BIT(MODIFICATION),
		 .most = 16},
	[FIELD_TXT_KEYS] =
		{.key = SLICE("txt_keys"),
		 .label = SLICE("TXT keys"),
		 .help = SLICE("The keys of the TXT record by which DNS-based service discovery "
			       "describes the service, parted by commas; None where it has none."),
		 .section = SLICE("RFC 6763, section 6"),
		 .procedures = USE | BIT(MODIFICATION),
		 .most = LINE,
		 .joint = SLICE(", ")},
	[FIELD_NOTES] = {.key = SLICE("notes"),
			 .label = SLICE("Notes"),
			 .help = SLICE(
				 "What else the registry is to say of it, in its column of notes."),
			 .section = SLICE("RFC 6335, section 8.1.1"),
			 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(DEASSIGNMENT),
			 .most = 2000,
			 .lines = true,
			 .joint = SLICE("\n")},
	[FIELD_UNAUTHORIZED] = {.key = SLICE("unauthorized"),
				.label = SLICE("Unauthorized use"),
				.help = SLICE("Use of the port by others that became known, for "
					      "the registry's column of it."),
				.section = SLICE("RFC 6335, section 8.6"),
				.procedures = BIT(MODIFICATION),
				.most = LINE},
	[FIELD_EXPIRES] =
		{.key = SLICE("expires"),
		 .label = SLICE("Needed until"),
		 .help = SLICE(
			 "The day, as 2027-01-31, from which it is no longer needed. Leave it "
			 "empty for what is to stay, and where the registry sets the time."),
		 .section = SLICE("RFC 7120, section 2"),
		 .procedures = USE | BIT(RENEWAL),
		 .most = 10},
	[FIELD_ASSIGNEE_NAME] =
		{.key = SLICE("assignee_name"),
		 .label = SLICE("Assignee"),
		 .help = SLICE("The person or organization that it is assigned to; of a standard "
			       "of the IETF that is the IESG. It cannot be handed on."),
		 .section = SLICE("RFC 6335, section 8.1.1"),
		 .privacy = FIELD_UNTIL_GRANTED,
		 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
		 .most = 200},
	[FIELD_ASSIGNEE_EMAIL] = {.key = SLICE("assignee_email"),
				  .label = SLICE("Assignee's email"),
				  .help = SLICE("An address that will be read in ten years, too. "
						"The registry shows it once it is assigned."),
				  .section = SLICE("RFC 6335, section 8.1.1"),
				  .privacy = FIELD_UNTIL_GRANTED,
				  .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
				  .most = 254},
	[FIELD_ASSIGNEE_ORGANIZATION] =
		{.key = SLICE("assignee_organization"),
		 .label = SLICE("Assignee's organization"),
		 .help = SLICE("Where the assignee is a person who has it for an organization."),
		 .section = SLICE("RFC 6335, section 8.1.1"),
		 .privacy = FIELD_UNTIL_GRANTED,
		 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
		 .most = 200},
	[FIELD_CONTACT_NAME] =
		{.key = SLICE("contact_name"),
		 .label = SLICE("Contact"),
		 .help = SLICE("The person who answers questions about it; perhaps the assignee."),
		 .section = SLICE("RFC 6335, section 8.1.1"),
		 .privacy = FIELD_UNTIL_GRANTED,
		 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
		 .most = 200},
	[FIELD_CONTACT_EMAIL] = {.key = SLICE("contact_email"),
				 .label = SLICE("Contact's email"),
				 .help = SLICE("Where questions reach the contact. The registry "
					       "shows it once it is assigned."),
				 .section = SLICE("RFC 6335, section 8.1.1"),
				 .privacy = FIELD_UNTIL_GRANTED,
				 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
				 .most = 254},
	[FIELD_CONTACT_ORGANIZATION] =
		{.key = SLICE("contact_organization"),
		 .label = SLICE("Contact's organization"),
		 .help = SLICE("Where the contact is a person who answers for an organization."),
		 .section = SLICE("RFC 6335, section 8.1.1"),
		 .privacy = FIELD_UNTIL_GRANTED,
		 .procedures = ASSIGNS | BIT(MODIFICATION) | BIT(TRANSFER),
		 .most = 200},
	[FIELD_BROADCAST] = {.key = SLICE("broadcast"),
			     .label = SLICE("Broadcast, multicast and anycast"),
			     .help = SLICE("Which of them the protocol uses at the IP layer, how "
					   "and what for; or that it uses none."),
			     .section = SLICE("RFC 6335, section 8.1.1"),
			     .privacy = FIELD_PRIVATE,
			     .procedures = USE,
			     .most = TEXT,
			     .lines = true},
	[FIELD_WHY_PORT] = {.key = SLICE("why_port"),
			    .label = SLICE("Why a port of its own"),
			    .help = SLICE("Why a Dynamic Port (49152 and up) that is found by "
					  "name, or a port that is assigned already, will not do."),
			    .section = SLICE("RFC 6335, section 8.1.1"),
			    .privacy = FIELD_PRIVATE,
			    .procedures = PORT,
			    .most = TEXT,
			    .lines = true},
	[FIELD_WHY_SYSTEM] = {.key = SLICE("why_system"),
			      .label = SLICE("Why a System Port"),
			      .help = SLICE(
				      "Only for ports below 1024: why one above will not do, which "
				      "on many systems takes no privilege to listen on."),
			      .section = SLICE("RFC 6335, section 8.1.1"),
			      .privacy = FIELD_PRIVATE,
			      .procedures = PORT,
			      .most = TEXT,
			      .lines = true},
	[FIELD_WHY_TRANSPORTS] = {.key = SLICE("why_transports"),
				  .label = SLICE("Differences between transports"),
				  .help = SLICE(
					  "Where there are several: what the service does over "
					  "each of them, and why it takes more than one."),
				  .section = SLICE("RFC 7605, section 7.6"),
				  .privacy = FIELD_PRIVATE,
				  .procedures = USE,
				  .most = TEXT,
				  .lines = true},
	[FIELD_UDP_TRAFFIC] = {.key = SLICE("udp_traffic"),
			       .label = SLICE("Traffic over UDP"),
			       .help = SLICE("Only with UDP: how much it sends, what limits it, "
					     "and how it yields when the network is congested."),
			       .section = SLICE("RFC 8085, section 3.1"),
			       .privacy = FIELD_PRIVATE,
			       .procedures = USE,
			       .most = TEXT,
			       .lines = true},
	[FIELD_UDP_DISCOVERY] = {.key = SLICE("udp_discovery"),
				 .label = SLICE("Discovery over UDP"),
				 .help = SLICE(
					 "Only with UDP: whether it serves to find the service "
					 "alone, which has a name ending in -disc then."),
				 .section = SLICE("RFC 7605, section 7.6"),
				 .privacy = FIELD_PRIVATE,
				 .procedures = USE,
				 .most = TEXT,
				 .lines = true},
	[FIELD_VERSIONING] = {.key = SLICE("versioning"),
			      .label = SLICE("Versions"),
			      .help = SLICE("How both sides tell versions of the protocol apart; "
					    "later ones get no port of their own."),
			      .section = SLICE("RFC 7605, section 7.5"),
			      .privacy = FIELD_PRIVATE,
			      .procedures = USE,
			      .most = TEXT,
			      .lines = true},
	[FIELD_SECURITY] = {.key = SLICE("security"),
			    .label = SLICE("Security"),
			    .help = SLICE(
				    "How it is authenticated and protected on this one port. "
				    "A second port for a secure variant takes reasons of its own."),
			    .section = SLICE("RFC 7605, section 7.4"),
			    .privacy = FIELD_PRIVATE,
			    .procedures = USE,
			    .most = TEXT,
			    .lines = true},
	[FIELD_DEVELOPMENT] =
		{.key = SLICE("development"),
		 .label = SLICE("State of development"),
		 .help = SLICE(
			 "How far it is: planned, being written, in use; where, and by how many."),
		 .section = SLICE("RFC 7605, section 7"),
		 .privacy = FIELD_PRIVATE,
		 .procedures = USE,
		 .most = TEXT,
		 .lines = true},
	[FIELD_REASON] = {.key = SLICE("reason"),
			  .label = SLICE("Reason"),
			  .help = SLICE("Why this is asked for: what has changed, what is no "
					"longer in use, what the decision got wrong."),
			  .section = SLICE("RFC 6335, section 8"),
			  .privacy = FIELD_PRIVATE,
			  .procedures = EXISTING,
			  .most = TEXT,
			  .lines = true},
	[FIELD_OTHER] = {.key = SLICE("other"),
			 .label = SLICE("Anything else"),
			 .help = SLICE("What those who review it should know besides."),
			 .section = SLICE("RFC 6335, section 8.1.1"),
			 .privacy = FIELD_PRIVATE,
			 .procedures = ALL,
			 .most = TEXT,
			 .lines = true},
};

const struct application_field_info *application_field(size_t field)
{
	return field < FIELD_COUNT ? &fields[field] : NULL;
}

size_t application_field_find(struct slice key)
{
	size_t field = 0;

	while (field < FIELD_COUNT && !slice_eq(fields[field].key, key))
		field++;
	return field;
}
