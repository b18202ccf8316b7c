/* Inside http/: the registry at the publisher's paths. */
#ifndef PORTBOOK_HTTP_ASSIGNMENTS_H
#define PORTBOOK_HTTP_ASSIGNMENTS_H

#include "http/handlers.h"

/* A page of a search, as the publisher's site cuts them; wanted.h has its parameters. */
http_handler assignments_page;

/*
 * The whole, under the publisher's file name with the ending of a format; as CSV and JSON, where
 * a search or filters are given, the rows that they leave, in the order that is asked for.
 */
http_handler assignments_download;

#endif
