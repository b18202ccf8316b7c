#include "record/transport.h"

#include "base/utf8.h"

static const struct slice names[TRANSPORT_COUNT + 1] = {
	{"tcp", 3}, {"udp", 3}, {"sctp", 4}, {"dccp", 4}, {"", 0},
};

struct slice transport_name(enum transport transport)
{
	return names[transport];
}

bool transport_parse(struct slice text, enum transport *ret_transport)
{
	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		if (utf8_fold_eq(text, names[i])) {
			*ret_transport = (enum transport)i;
			return true;
		}
	}
	return false;
}
