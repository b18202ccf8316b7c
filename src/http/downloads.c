#include "http/downloads.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "http/compress.h"
#include "render/render.h"
#include "render/text.h"
#include "render/xml.h"
#include "source/source.h"

enum { TAG_LENGTH = 32 };

struct kept {
	bool made;
	struct memory_file plain;
	struct memory_file gzip; /* without a byte: it goes as it is, or is compressed each time */
	char tag[TAG_LENGTH];
};

struct downloads {
	pthread_mutex_t lock; /* while one is made, too: others would only make the same */
	struct kept kept[DOWNLOAD_COUNT];
};

static const struct {
	struct slice ending, type;
	const struct render_format *rows; /* NULL: made of a model */
	void (*write)(struct out *out, const struct registry *registry);
	enum source_format published; /* SOURCE_FORMAT_COUNT: not published */
} formats[DOWNLOAD_COUNT] = {
	[DOWNLOAD_CSV] = {SLICE("csv"), HTTP_CSV, &render_csv, NULL, SOURCE_CSV},
	[DOWNLOAD_XML] = {SLICE("xml"), HTTP_XML, NULL, render_xml, SOURCE_XML},
	[DOWNLOAD_TEXT] = {SLICE("txt"), HTTP_PLAIN, NULL, render_text, SOURCE_TEXT},
	[DOWNLOAD_JSON] = {SLICE("json"), HTTP_JSON, &render_json, NULL, SOURCE_FORMAT_COUNT},
};

bool download_find(struct slice ending, enum download_format *ret_format)
{
	for (unsigned i = 0; i < DOWNLOAD_COUNT; i++) {
		if (slice_eq(ending, formats[i].ending)) {
			*ret_format = (enum download_format)i;
			return true;
		}
	}
	return false;
}

struct slice download_type(enum download_format format)
{
	return formats[format].type;
}

/* 0; 1: it was not published in that format. */
static int write_published(struct site *site, const struct site_edition *edition,
			   enum source_format format, struct out *out, struct fault *fault)
{
	struct strbuf document CLEANUP(strbuf_done) = {};
	int result;

	if (format == SOURCE_FORMAT_COUNT)
		return 1;
	result = site_document(site, edition, source_format_name(format), &document, fault);
	if (result == 0)
		out_put(out, strbuf_slice(&document));
	return result;
}

static void write_rows(const struct image *image, const struct render_format *format,
		       struct out *out)
{
	uint32_t count = image_row_count(image);

	format->begin(out);
	for (uint32_t i = 0; i < count; i++) {
		struct row row;

		image_row(image, i, &row);
		format->row(out, &row, i);
	}
	format->end(out, count);
}

bool download_has_rows(enum download_format format)
{
	return formats[format].rows;
}

void download_write_rows(const struct image *image, enum download_format format,
			 const uint32_t *rows, size_t count, struct out *out)
{
	const struct render_format *render = formats[format].rows;

	render->begin(out);
	for (size_t i = 0; i < count; i++) {
		struct row row;

		image_row(image, rows[i], &row);
		render->row(out, &row, i);
	}
	render->end(out, count);
}

int download_write(struct site *site, const struct site_edition *edition,
		   enum download_format format, struct out *out, struct fault *fault)
{
	struct registry *registry CLEANUP(registry_freep) = NULL;
	int result = write_published(site, edition, formats[format].published, out, fault);

	if (result <= 0)
		return result;
	if (formats[format].rows) {
		write_rows(&edition->image, formats[format].rows, out);
		return 0;
	}
	result = site_model(site, edition, &registry, fault);
	if (result == 0)
		formats[format].write(out, registry);
	return result;
}

struct downloads *downloads_new(void)
{
	struct downloads *downloads = calloc(1, sizeof(*downloads));

	if (downloads)
		pthread_mutex_init(&downloads->lock, NULL);
	return downloads;
}

void downloads_free(struct downloads *downloads)
{
	if (!downloads)
		return;
	for (size_t i = 0; i < DOWNLOAD_COUNT; i++) {
		memory_file_done(&downloads->kept[i].plain);
		memory_file_done(&downloads->kept[i].gzip);
	}
	pthread_mutex_destroy(&downloads->lock);
	free(downloads);
}

static void make_tag(struct slice text, char tag[static TAG_LENGTH])
{
	uint64_t hash[2];

	hash_wide(text, hash);
	for (unsigned i = 0; i < TAG_LENGTH; i++)
		tag[i] = "0123456789abcdef"[hash[i / 16] >> (60 - i % 16 * 4) & 15];
}

static int make(struct site *site, const struct site_edition *edition, enum download_format format,
		struct kept *kept, struct fault *fault)
{
	struct out plain CLEANUP(out_done), gzip;
	int result = out_init_memory(&plain);

	if (result < 0)
		return fault_memory(fault);
	result = download_write(site, edition, format, &plain, fault);
	if (result == 0 && plain.error)
		result = fault_memory(fault);
	if (result < 0)
		return result;
	make_tag(out_slice(&plain), kept->tag);
	if (compress_gzip(out_slice(&plain), &gzip) == 0)
		memory_file_make(&kept->gzip, &gzip);
	memory_file_make(&kept->plain, &plain);
	kept->made = true;
	return 0;
}

int downloads_get(struct site *site, const struct site_edition *edition,
		  enum download_format format, struct download *ret_download, struct fault *fault)
{
	struct downloads *downloads = edition->downloads;
	struct kept *kept = &downloads->kept[format];
	int result = 0;

	pthread_mutex_lock(&downloads->lock);
	if (!kept->made) {
		result = make(site, edition, format, kept, fault);
		site_trim();
	}
	pthread_mutex_unlock(&downloads->lock);
	if (result == 0)
		*ret_download = (struct download){
			.plain = &kept->plain, .gzip = &kept->gzip, .tag = {kept->tag, TAG_LENGTH}};
	return result;
}
