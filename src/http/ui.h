/*
 * Inside http/: what the pages look like and do, embedded. Links to it have a hash of its content,
 * so that browsers may keep it for good.
 */
#ifndef PORTBOOK_HTTP_UI_H
#define PORTBOOK_HTTP_UI_H

#include "http/handlers.h"

/* The links to both for a page's head. */
void ui_put_links(struct out *out);
/* Those of the chart, for within its page. */
void ui_put_chart(struct out *out);
/* Those of the desk, likewise. */
void ui_put_desk(struct out *out);

/* Tells the body from others by its hash. */
void ui_tag(struct http_response *response, struct slice body);

/* /ui/{}: style.css and script.js, icon.svg, chart.css and chart.js, desk.css and desk.js. */
http_handler ui_file;

#endif
