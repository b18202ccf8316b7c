/*
 * The rules: what each finding weighs for each purpose. docs/ADVICE.md is this table for people
 * (portbook check --explain writes it). Numbers are permanent: 1xx the registry, 2xx this machine,
 * 3xx what holds in general, 4xx what others say.
 */
#include "advice/advice.h"

#define GOOD	ADVICE_GOOD
#define CAUTION ADVICE_CAUTION
#define BAD	ADVICE_BAD

#define KERNEL SLICE("https://docs.kernel.org/networking/ip-sysctl.html")
#define SEEN   SLICE("2026-11-22")

static const struct advice_rule rules[ADVICE_RULE_COUNT] = {
	[ADVICE_ASSIGNED] = {101,
			     SLICE("assigned"),
			     {BAD, BAD, CAUTION},
			     SLICE("The registry assigns the port"),
			     SLICE_NONE,
			     SLICE_NONE},
	[ADVICE_ASSIGNED_WEB] = {102,
				 SLICE("assigned-web"),
				 {BAD, GOOD, CAUTION},
				 SLICE("The registry assigns the port to http, https or http-alt; "
				       "in the place of 101"),
				 SLICE_NONE,
				 SLICE_NONE},
	[ADVICE_RESERVED] = {103,
			     SLICE("reserved"),
			     {BAD, BAD, BAD},
			     SLICE("The registry reserves the port"),
			     SLICE_NONE,
			     SLICE_NONE},
	[ADVICE_UNASSIGNED_SYSTEM] = {104,
				      SLICE("unassigned-system"),
				      {CAUTION, CAUTION, CAUTION},
				      SLICE("A System Port (0-1023) that is not assigned: only "
					    "standards get one"),
				      SLICE_NONE,
				      SLICE_NONE},
	[ADVICE_UNASSIGNED] = {105,
			       SLICE("unassigned"),
			       {GOOD, GOOD, GOOD},
			       SLICE("A User Port (1024-49151) that is not assigned"),
			       SLICE_NONE,
			       SLICE_NONE},
	[ADVICE_DYNAMIC] = {106,
			    SLICE("dynamic"),
			    {CAUTION, CAUTION, GOOD},
			    SLICE("A Dynamic Port (49152-65535): it is never assigned"),
			    SLICE_NONE,
			    SLICE_NONE},
	[ADVICE_OTHER_TRANSPORT] = {107,
				    SLICE("other-transport"),
				    {CAUTION, CAUTION, GOOD},
				    SLICE("The port is not assigned, but it is for another "
					  "transport protocol"),
				    SLICE_NONE,
				    SLICE_NONE},
	[ADVICE_UNAUTHORIZED] = {108,
				 SLICE("unauthorized-use"),
				 {CAUTION, CAUTION, CAUTION},
				 SLICE("A row of the port reports unauthorized use"),
				 SLICE_NONE,
				 SLICE_NONE},
	[ADVICE_FORMER] = {109,
			   SLICE("formerly-assigned"),
			   {CAUTION, CAUTION, CAUTION},
			   SLICE("The port is not assigned, but it was two years before, in the "
				 "store's edition of then"),
			   SLICE_NONE,
			   SLICE_NONE},
	[ADVICE_EPHEMERAL_HERE] = {201,
				   SLICE("ephemeral-here"),
				   {BAD, BAD, CAUTION},
				   SLICE("This machine may give the port to any socket that asks "
					 "for none (ip_local_port_range)"),
				   SLICE_NONE,
				   SLICE_NONE},
	[ADVICE_RESERVED_HERE] = {202,
				  SLICE("set-aside-here"),
				  {CAUTION, CAUTION, CAUTION},
				  SLICE("This machine sets the port aside "
					"(ip_local_reserved_ports); in the place of 201"),
				  SLICE_NONE,
				  SLICE_NONE},
	[ADVICE_PRIVILEGED_HERE] = {203,
				    SLICE("privileged-here"),
				    {CAUTION, CAUTION, CAUTION},
				    SLICE("On this machine binding the port takes a privilege "
					  "(ip_unprivileged_port_start)"),
				    SLICE_NONE,
				    SLICE_NONE},
	[ADVICE_LISTENING_HERE] = {204,
				   SLICE("in-use-here"),
				   {BAD, BAD, BAD},
				   SLICE("Somebody listens at the port of this machine now"),
				   SLICE_NONE,
				   SLICE_NONE},
	[ADVICE_HELD_HERE] = {205,
			      SLICE("reserved-here"),
			      {BAD, BAD, BAD},
			      SLICE("The port is reserved on this machine (portbook reserve)"),
			      SLICE_NONE,
			      SLICE_NONE},
	[ADVICE_EPHEMERAL_LINUX] = {301,
				    SLICE("ephemeral-linux"),
				    {CAUTION, CAUTION, GOOD},
				    SLICE("Ports 32768-60999: Linux gives them to sockets that "
					  "ask for none"),
				    KERNEL,
				    SEEN},
	[ADVICE_EPHEMERAL_IANA] = {302,
				   SLICE("ephemeral-others"),
				   {CAUTION, CAUTION, GOOD},
				   SLICE("Ports 49152-65535: Windows, macOS and FreeBSD give them "
					 "to sockets that ask for none"),
				   SLICE("https://www.rfc-editor.org/rfc/rfc6335.html#section-6"),
				   SLICE("2011-08")},
	[ADVICE_EPHEMERAL_BSD] = {303,
				  SLICE("ephemeral-old"),
				  {GOOD, GOOD, GOOD},
				  SLICE("Ports 1024-5000: old BSD systems, and Windows before "
					"Vista, gave them to sockets that asked for none"),
				  SLICE("4.4BSD, netinet/in.h: IPPORT_RESERVED, "
					"IPPORT_USERRESERVED"),
				  SLICE("1994")},
	[ADVICE_BROWSER_REFUSED] = {304,
				    SLICE("browser-refused"),
				    {GOOD, BAD, GOOD},
				    SLICE("Browsers refuse to ask servers at the port"),
				    SLICE("https://fetch.spec.whatwg.org/#port-blocking"),
				    SLICE("2025-08-11")},
	[ADVICE_NODE_PORT] = {305,
			      SLICE("node-port"),
			      {CAUTION, CAUTION, GOOD},
			      SLICE("Ports 30000-32767: Kubernetes gives them to services of type "
				    "NodePort"),
			      SLICE("https://kubernetes.io/docs/concepts/services-networking/"
				    "service/#type-nodeport"),
			      SEEN},
	[ADVICE_PRIVILEGED] = {306,
			       SLICE("privileged"),
			       {CAUTION, CAUTION, CAUTION},
			       SLICE("Ports 0-1023: on most systems binding them takes a "
				     "privilege; where this machine does not say (203)"),
			       KERNEL,
			       SEEN},
	[ADVICE_COMMON] = {401,
			   SLICE("common-default"),
			   {CAUTION, CAUTION, CAUTION},
			   SLICE("Well-known software uses the port unless told otherwise, and it "
				 "is not registered to it (data/common.csv)"),
			   SLICE_NONE,
			   SLICE_NONE},
	[ADVICE_SITE] = {402,
			 SLICE("site"),
			 {BAD, BAD, BAD},
			 SLICE("A file of this site (overlays.d) has the port as assigned or "
			       "reserved"),
			 SLICE_NONE,
			 SLICE_NONE},
};

const struct advice_rule *advice_rule_at(size_t index)
{
	return index < ADVICE_RULE_COUNT ? &rules[index] : NULL;
}

struct slice advice_purpose_name(enum advice_purpose purpose)
{
	static const struct slice names[] = {[ADVICE_SERVICE] = {"service", 7},
					     [ADVICE_WEB] = {"web", 3},
					     [ADVICE_P2P] = {"p2p", 3}};

	return purpose < ARRAY_SIZE(names) ? names[purpose] : SLICE_NONE;
}

struct slice advice_verdict_name(enum advice_verdict verdict)
{
	static const struct slice names[] = {[ADVICE_GOOD] = {"good", 4},
					     [ADVICE_CAUTION] = {"caution", 7},
					     [ADVICE_BAD] = {"bad", 3}};

	return verdict < ARRAY_SIZE(names) ? names[verdict] : SLICE_NONE;
}

/* The Fetch Standard's "bad ports", as of 2025-08-11. */
static const uint16_t refused[] = {
	0,    1,    7,	  9,	11,   13,   15,	  17,	19,   20,   21,	  22,	23,    25,
	37,   42,   43,	  53,	69,   77,   79,	  87,	95,   101,  102,  103,	104,   109,
	110,  111,  113,  115,	117,  119,  123,  135,	137,  139,  143,  161,	179,   389,
	427,  465,  512,  513,	514,  515,  526,  530,	531,  532,  540,  548,	554,   556,
	563,  587,  601,  636,	989,  990,  993,  995,	1719, 1720, 1723, 2049, 3659,  4045,
	4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
};

bool advice_browsers_refuse_in(uint16_t first, uint16_t last, uint16_t *ret_port)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused) && refused[i] <= last; i++) {
		if (refused[i] < first)
			continue;
		*ret_port = refused[i];
		return true;
	}
	return false;
}

bool advice_browsers_refuse(uint16_t port)
{
	return advice_browsers_refuse_in(port, port, &port);
}
