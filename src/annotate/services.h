/*
 * What is said of each port of each transport in one edition, as it is added to records: made once,
 * then only copied. Which of a flow's two ports is the service's is decided by it, too:
 *
 * Each port has a rank, and the port of the better rank is the service's; of two of one rank the
 * lower one, and the destination's where both are the same. Two ports of the last rank say nothing.
 */
#ifndef PORTBOOK_ANNOTATE_SERVICES_H
#define PORTBOOK_ANNOTATE_SERVICES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/fault.h"
#include "image/image.h"

enum annotate_rank {
	ANNOTATE_SYSTEM,    /* assigned, System Ports */
	ANNOTATE_USER,	    /* assigned, below those that Linux gives to clients */
	ANNOTATE_CLIENT,    /* assigned, from 32768 on */
	ANNOTATE_FREE,	    /* not assigned, below 32768 */
	ANNOTATE_EPHEMERAL, /* not assigned, from 32768 on */
	ANNOTATE_RANK_COUNT,
};

enum { ANNOTATE_CLIENT_FIRST = 32768 /* net.ipv4.ip_local_port_range begins there */ };

enum annotate_confidence {
	ANNOTATE_HIGH,	 /* assigned, and the other one is what clients are given */
	ANNOTATE_MEDIUM, /* the other one is of a lesser rank, assigned or not */
	ANNOTATE_LOW,	 /* both are of one rank, or neither is assigned */
	ANNOTATE_NONE,	 /* nothing speaks for either */
	ANNOTATE_CONFIDENCE_COUNT,
};

/* "high", "medium", "low", "none". Static. */
struct slice annotate_confidence_name(enum annotate_confidence confidence);

enum annotate_side { ANNOTATE_SOURCE, ANNOTATE_DESTINATION, ANNOTATE_SIDE_COUNT };

/* "src", "dst". Static. */
struct slice annotate_side_name(enum annotate_side side);

/* How what is added is written. */
struct annotate_form {
	bool json;	/* members of an object; else fields, */
	char delimiter; /* with this before each of them, and in quotes where that is needed, */
	/* if the records' may be; else a space (or _) stands for what would need them */
	bool quotes;
	struct slice unset;	      /* a field of which there is nothing to say; absent: empty */
	bool confidence, description; /* added, too */
};

/* Names of the fields that are added, at most ANNOTATE_ADDED_MAX, in their order. Static. */
enum { ANNOTATE_ADDED_MAX = 6 };
size_t annotate_added(const struct annotate_form *form,
		      struct slice ret_names[static ANNOTATE_ADDED_MAX]);

/* What is said of a port: its state, and what stands before the side. */
struct port_service {
	uint32_t head; /* in texts */
	uint16_t head_n;
	uint8_t state, rank;
};

/* What stands behind the state. */
struct service_tail {
	uint32_t at, n; /* in texts */
};

enum { SERVICES_SLACK = 32 /* bytes behind each text that may be read */ };

/*
 * The side, the state and the confidence, ready to be written; or all that is added. Names and
 * values are ours: the longest, JSON's of nothing, takes 123 bytes.
 */
struct service_middle {
	char text[160];
	size_t n;
};

struct services {
	/* Those of the ports, close together: one of a flow's ports is looked up here alone. */
	uint8_t ranks[TRANSPORT_COUNT][PORT_COUNT];
	struct port_service ports[TRANSPORT_COUNT][PORT_COUNT];
	struct service_tail (*tails)[PORT_COUNT]; /* of each transport; NULL: nothing */
	struct service_middle middles[ANNOTATE_SIDE_COUNT][ROW_STATE_COUNT]
				     [ANNOTATE_CONFIDENCE_COUNT];
	struct service_middle nothing;	 /* all that is added where nothing is said */
	struct service_middle undecided; /* where neither port is the service's */
	size_t added_max;		 /* bytes that are added at most */
	char *texts;
};

/* Makes them of an image. The caller's; 0 or FAULT_MEMORY. */
int services_make(const struct image *image, const struct annotate_form *form,
		  struct services **ret_services, struct fault *fault) MUST_USE;
void services_free(struct services *services);

/* Who serves in a flow between two ports. */
struct service_choice {
	uint16_t port;
	enum annotate_side side;
	enum annotate_confidence confidence;
};

extern const uint8_t services_confidences[ANNOTATE_RANK_COUNT][ANNOTATE_RANK_COUNT];

static inline struct service_choice services_choose(const struct services *services,
						    enum transport transport, uint16_t source,
						    uint16_t destination)
{
	uint32_t from = (uint32_t)services->ranks[transport][source] << 16 | source;
	uint32_t to = (uint32_t)services->ranks[transport][destination] << 16 | destination;
	bool is_source = from < to;
	uint32_t better = is_source ? from : to, other = is_source ? to : from;

	return (struct service_choice){
		(uint16_t)better,
		is_source ? ANNOTATE_SOURCE : ANNOTATE_DESTINATION,
		(enum annotate_confidence)services_confidences[better >> 16][other >> 16],
	};
}

/* The name that the registry has for a port: of several one that is no alias, then the first. */
struct slice services_name(const struct image *image, enum transport transport, uint16_t port);

#endif
