/* A store of made-up editions in which text is as hostile as a registry's may be; and its site. */
#ifndef PORTBOOK_FUZZ_MADE_UP_STORE_H
#define PORTBOOK_FUZZ_MADE_UP_STORE_H

#include <stdio.h>
#include <unistd.h>

#include "fuzz.h"
#include "history/history.h"
#include "http/site.h"
#include "source/source.h"

#define MADE_UP_START                                                                              \
	"<?xml version='1.0' encoding='UTF-8'?>\n"                                                 \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"service-names-port-numbers\">\n" \
	"<title>Made &lt;b&gt;up&lt;/b&gt;</title>\n<updated>"
#define MADE_UP_END                                                                                \
	"<record><name>https</name><protocol>tcp</protocol><xref type=\"person\" data=\"Ann\"/>"   \
	"<description>http over &lt;TLS&gt; &amp; \xc3\xa9lan</description>"                       \
	"<xref type=\"rfc\" data=\"rfc9110\"/><number>443</number></record>\n"                     \
	"<record><description>Unassigned</description><number>444-449</number></record>\n"         \
	"<record><name>x11</name><protocol>udp</protocol><description>]]&gt;"                      \
	"&lt;script src=x&gt;\"'--</description><number>6000-6063</number>"                        \
	"<note>=1+1 <xref type=\"uri\" data=\"javascript:alert(1)\"/></note></record>\n"           \
	"<people><person id=\"Ann\"><name>Ann \"&gt;&lt;script&gt;</name>"                         \
	"<uri>javascript:alert(1)</uri><uri>mailto:ann&amp;example.com</uri></person></people>\n"  \
	"</registry>\n"

static const struct {
	struct slice date, text;
} made_up_editions[] = {
	{SLICE("2020-05-06"),
	 SLICE(MADE_UP_START "2020-05-06</updated>\n<record><name>a</name><protocol>tcp</protocol>"
			     "<description>&lt;script&gt;</description><number>1</number></"
			     "record>\n" MADE_UP_END)},
	{SLICE("2021-05-06"),
	 SLICE(MADE_UP_START "2021-05-06</updated>\n<record><name>b</name><protocol>tcp</protocol>"
			     "<description>&lt;/script&gt;</description><number>1</number></"
			     "record>\n" MADE_UP_END)},
};

static char made_up_folder[] = P_tmpdir "/portbook-fuzz-XXXXXX";
static char made_up_path[sizeof(made_up_folder) + 8];
static struct site *made_up_site;

static inline void made_up_end(void)
{
	site_close(made_up_site);
	made_up_site = NULL;
	(void)unlink(made_up_path);
	(void)rmdir(made_up_folder);
}

static inline void made_up_add(struct history *history, struct slice date, struct slice text)
{
	struct source_options options = {.keep_layout = true};
	struct history_document document = {.bytes = text,
					    .format = SLICE("XML"),
					    .date = date,
					    .origin = SLICE("made up"),
					    .imported = SLICE("2026-01-01T00:00:00Z")};
	struct registry *registry = NULL;
	int64_t number;

	must(source_read(text, &options, &registry, NULL) == 0);
	document.registry = registry;
	must(history_hash(text, registry, &document.hashes, NULL) == 0);
	must(history_add(history, &document, &number, NULL) == 0);
	history_hashes_free(document.hashes);
	registry_free(registry);
}

/* Made at the first call; closed and removed when the program exits. */
static inline struct site *made_up(void)
{
	struct site_options options = {.store = made_up_path,
				       .base = SLICE("https://made.example")};
	struct history *history = NULL;

	if (made_up_site)
		return made_up_site;
	must(mkdtemp(made_up_folder));
	(void)snprintf(made_up_path, sizeof(made_up_path), "%s/store", made_up_folder);
	must(atexit(made_up_end) == 0);
	must(history_open(made_up_path, HISTORY_CREATE, &history, NULL) == 0);
	must(history_begin(history, true, NULL) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(made_up_editions); i++)
		made_up_add(history, made_up_editions[i].date, made_up_editions[i].text);
	must(history_commit(history, NULL) == 0);
	history_close(history);
	must(site_open(&options, &made_up_site, NULL) == 0);
	return made_up_site;
}

#endif
