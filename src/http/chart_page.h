/* Inside http/: the port space as a picture, and a page around it. */
#ifndef PORTBOOK_HTTP_CHART_PAGE_H
#define PORTBOOK_HTTP_CHART_PAGE_H

#include "http/handlers.h"

/* ?transport=T (TCP unless given) and ?as_of=DATE. */
http_handler chart_page;

/* The pictures of an edition: ?transport=T or all four; of all editions, over time. */
http_handler chart_svg_file, chart_png_file, chart_over_time_file;

/*
 * What the page's script draws: a JSON object with the edition's label, the transport, and runs, an
 * array of a kind (chart/chart.h), how many ports from port 0 on have it, the next kind, ...
 */
http_handler chart_cells;

#endif
