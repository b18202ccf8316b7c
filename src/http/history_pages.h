/* Inside http/: which editions there are, and what changed with the latest of them. */
#ifndef PORTBOOK_HTTP_HISTORY_PAGES_H
#define PORTBOOK_HTTP_HISTORY_PAGES_H

#include "http/handlers.h"

http_handler editions_page;

/* Some editions with their changes, the newest first: those before ?before=EDITION. */
http_handler changes_page;

/* The same of the newest ones as a feed (Atom, RFC 4287). */
http_handler changes_feed;

#endif
