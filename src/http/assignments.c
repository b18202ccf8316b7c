#include "http/assignments.h"

#include <stdlib.h>

#include "http/downloads.h"
#include "http/frame.h"
#include "http/wanted.h"
#include "render/image_page.h"

static void put_end(struct out *out)
{
	wanted_put_end(out);
	frame_footer(out);
}

static const struct xhtml_frame frame = {frame_links, frame_header, put_end};

/* What the page has of this site's own. */
struct markup {
	struct out filters, formats, form;
};

static void markup_done(struct markup *markup)
{
	out_done(&markup->filters);
	out_done(&markup->formats);
	out_done(&markup->form);
}

/* Links to the whole in other formats. */
static void put_formats(struct out *out, struct slice as_of)
{
	static const struct {
		struct slice ending, name;
	} all[] = {{SLICE("csv"), SLICE("CSV")},
		   {SLICE("xml"), SLICE("XML")},
		   {SLICE("xhtml"), SLICE("HTML")},
		   {SLICE("txt"), SLICE("Plain text")},
		   {SLICE("json"), SLICE("JSON")}};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		out_put(out, i > 0 ? SLICE(" <a href=\"" DOCUMENT_PATH ".")
				   : SLICE("<a href=\"" DOCUMENT_PATH "."));
		out_put(out, all[i].ending);
		if (as_of.n > 0) {
			out_put(out, SLICE("?as_of="));
			frame_encoded(out, as_of);
		}
		out_put(out, SLICE("\">"));
		out_put(out, all[i].name);
		out_put(out, SLICE("</a>"));
	}
}

static int make_markup(struct site *site, const struct site_edition *edition,
		       const struct wanted *wanted, const struct found *found,
		       struct markup *markup)
{
	if (out_init_memory(&markup->filters) < 0 || out_init_memory(&markup->formats) < 0 ||
	    out_init_memory(&markup->form) < 0)
		return FAULT_MEMORY;
	wanted_put_filters(wanted, &markup->filters);
	put_formats(&markup->formats, strbuf_slice(&wanted->as_of));
	wanted_put_form(wanted, site, edition, found->matches, &markup->form);
	return markup->filters.error || markup->formats.error || markup->form.error ? FAULT_MEMORY
										    : 0;
}

static int write_page(const struct image *image, const struct wanted *wanted,
		      const struct found *found, const struct markup *markup,
		      struct http_response *response)
{
	struct xhtml_page page = {.base = SLICE(DOCUMENT_PATH ".xhtml"),
				  .search = strbuf_slice(&wanted->search),
				  .as_of = strbuf_slice(&wanted->as_of),
				  .filters = out_slice(&markup->filters),
				  .formats = out_slice(&markup->formats),
				  .request = SLICE("<a href=\"/desk/apply\">How to apply</a>"),
				  .form = out_slice(&markup->form),
				  .folded = !wanted_is_all(wanted) || wanted->page > 1 ||
					    wanted->key_count > 0,
				  .number = wanted->page,
				  .pages = query_pages(found->matches),
				  .keys = wanted->keys,
				  .key_count = wanted->key_count,
				  .frame = &frame};
	bool there = page.number <= page.pages || page.number == 1;
	struct image_part part = {.image = image,
				  .rows = found->rows + found->from,
				  .row_count = found->to - found->from};
	uint32_t *people;
	int result;

	result = query_people_numbers(image, part.rows, part.row_count, &people, &part.person_count,
				      NULL);
	if (result < 0)
		return result;
	part.people = people;
	result = http_respond(response, there ? 200 : 404, HTTP_HTML);
	if (result == 0)
		render_image_page(&response->body, &part, &page);
	free(people);
	return result;
}

static int answer_page(struct site *site, const struct site_edition *edition,
		       const struct wanted *wanted, struct http_response *response)
{
	struct markup markup CLEANUP(markup_done) = {};
	struct found found = {};
	int result = wanted_find(wanted, &edition->image, false, &found);

	if (result == 0)
		result = make_markup(site, edition, wanted, &found, &markup);
	if (result == 0)
		result = write_page(&edition->image, wanted, &found, &markup, response);
	free(found.rows);
	if (result == 0)
		response->last_modified = http_keep(response, edition->stamp);
	return result;
}

int assignments_page(struct site *site, const struct http_request *request,
		     const struct slice *captured, struct http_response *response)
{
	struct wanted wanted CLEANUP(wanted_done) = {};
	const struct site_edition *edition;
	int result = wanted_read(request, &wanted, response);

	(void)captured;
	if (result == 0)
		result = handler_hold(site, request, &edition, response);
	if (result != 0)
		return result < 0 ? result : 0;
	result = answer_page(site, edition, &wanted, response);
	site_release(site, edition);
	return result;
}

/* The format of a file name; false: none of ours. */
static bool find_format(struct slice name, enum download_format *ret_format)
{
	struct slice start = SLICE("service-names-port-numbers.");

	return slice_starts(name, start) && download_find(slice_skip(name, start.n), ret_format);
}

/* Of the newest edition what all share; of a past one, which few ask for, what is made for them. */
static int answer_whole(struct site *site, const struct site_edition *edition, bool newest,
			enum download_format format, struct http_response *response)
{
	struct download download = {};
	int result = newest ? downloads_get(site, edition, format, &download, NULL)
			    : download_write(site, edition, format, &response->body, NULL);

	if (result < 0)
		return result;
	if (newest) {
		response->shared = download.plain->bytes;
		response->shared_gzip = download.gzip->bytes;
		response->files[0] = download.plain;
		response->files[1] = download.gzip;
	}
	response->etag = http_keep(response, download.tag);
	return 0;
}

static int answer_rows(const struct site_edition *edition, const struct wanted *wanted,
		       enum download_format format, struct http_response *response)
{
	struct found found = {};
	int result = wanted_find(wanted, &edition->image, true, &found);

	if (result == 0)
		download_write_rows(&edition->image, format, found.rows, found.matches,
				    &response->body);
	free(found.rows);
	return result;
}

static int answer_download(struct site *site, const struct site_edition *edition,
			   const struct wanted *wanted, enum download_format format,
			   struct http_response *response)
{
	int result = http_respond(response, 200, download_type(format));

	if (result < 0)
		return result;
	response->last_modified = http_keep(response, edition->stamp);
	if (download_has_rows(format) && (!wanted_is_all(wanted) || wanted->key_count > 0))
		return answer_rows(edition, wanted, format, response);
	return answer_whole(site, edition, wanted->as_of.n == 0, format, response);
}

int assignments_download(struct site *site, const struct http_request *request,
			 const struct slice *captured, struct http_response *response)
{
	struct wanted wanted CLEANUP(wanted_done) = {};
	const struct site_edition *edition;
	enum download_format format;
	int result;

	if (!find_format(captured[0], &format))
		return http_problem(
			response, 404, SLICE("Not Found"),
			SLICE("the registry is there as .xhtml, .csv, .xml, .txt, .json"));
	result = wanted_read(request, &wanted, response);
	if (result == 0)
		result = handler_hold(site, request, &edition, response);
	if (result != 0)
		return result < 0 ? result : 0;
	result = answer_download(site, edition, &wanted, format, response);
	if (wanted.as_of.n > 0)
		site_trim();
	if (result == 0 && response->shared.p)
		site_leave(site, edition, response);
	else
		site_release(site, edition);
	return result;
}
