/* Inside http/: what is known of ports in general, without a machine. */
#ifndef PORTBOOK_HTTP_API_ADVICE_H
#define PORTBOOK_HTTP_API_ADVICE_H

#include "advice/advice.h"
#include "http/handlers.h"

/* Facts of an edition, which is held meanwhile, and the common list. Zeroed memory is none. */
struct general {
	struct advice_facts facts;
	struct overlay overlay;
};

/* 0 or a negative fault. */
int general_open(const struct site_edition *edition, struct general *ret_general) MUST_USE;
void general_done(struct general *general);

http_handler api_check, api_check_transport; /* /check/{} and /check/{}/{} */
http_handler api_free;

#endif
