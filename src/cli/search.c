#include "cli/notes.h"
#include "cli/page.h"
#include "cli/people.h"

/* The words, joined by a space. */
static void join(const struct arguments *arguments, struct strbuf *text)
{
	for (size_t i = 0; i < arguments->word_count; i++) {
		strbuf_add(text, i > 0 ? SLICE(" ") : SLICE_NONE);
		strbuf_add(text, slice_cstr(arguments->words[i]));
	}
}

/*
 * The rows that hold the text, all of them, sorted. 0, a negative fault, or STATUS_USAGE with the
 * reason.
 */
static int find(const struct cli *cli, void *context, struct rows *rows, struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct slice text = *(const struct slice *)context;
	unsigned columns = settings->columns ? settings->columns : QUERY_SEARCHED;
	struct rowset set CLEANUP(rowset_done) = {};
	int result = 0;

	if (!rowset_init(&set, image_row_count(rows->image)))
		return fault_memory(fault);
	if (settings->regex)
		result = query_regex(rows->image, text, columns, &set, fault);
	else
		query_search(rows->image, text, columns, &set);
	if (result == FAULT_MALFORMED || result == FAULT_LIMIT)
		return STATUS_USAGE;
	if (result == 0)
		result = rows_add(rows, &set, fault);
	return result == 0 ? rows_sort(rows, settings->sort, settings->sort_count, fault) : result;
}

static int print_rows(struct cli *cli, const struct rows *rows, struct slice text,
		      struct fault *fault)
{
	const struct settings *settings = &cli->arguments.settings;
	struct rowset people CLEANUP(rowset_done) = {};
	struct rows_view view = {.columns = settings->columns ? settings->columns : QUERY_SEARCHED};
	int result = 0;

	if (!settings->regex)
		view.mark = text;
	if (settings->contacts) {
		if (!rowset_init(&people, image_person_count(rows->image)))
			return fault_memory(fault);
		result = query_people(rows->image, rows->numbers, rows->count, &people, fault);
		view.people = &people;
	}
	return result < 0 ? result : rows_print(cli, rows, &view, fault);
}

/* The page that is asked for; 0: all rows. XHTML always is a page. */
static uint64_t page_asked(const struct settings *settings)
{
	return settings->page == 0 && settings->format == FORMAT_XHTML ? 1 : settings->page;
}

/*
 * Prints the page that is asked for, of which nothing is left where there is none of its number. A
 * page is as published; without pages, what overlays have stands below.
 */
static int print(struct cli *cli, struct rows *rows, struct slice text, bool *ret_noted,
		 struct fault *fault)
{
	int result;
	uint64_t page = page_asked(&cli->arguments.settings), pages = query_pages(rows->count);

	if (page > pages)
		rows->count = 0;
	else if (page > 0)
		rows_cut_page(rows, page);
	if (cli->arguments.settings.format == FORMAT_XHTML)
		return page_print(cli, rows, text, page, pages, fault);
	result = print_rows(cli, rows, text, fault);
	return result == 0 && page == 0
		       ? notes_print(cli, find, &text, rows->count > 0, ret_noted, fault)
		       : result;
}

/* Says which page of how many was printed, or why nothing was. */
static void say_outcome(const struct cli *cli, struct slice text, size_t matches, uint64_t pages)
{
	const struct settings *settings = &cli->arguments.settings;

	if (matches == 0)
		say("no row holds \"%.*s\"", (int)text.n, text.p);
	else if (settings->page > pages)
		say("no page %ju; the %zu matches end on page %ju", (uintmax_t)settings->page,
		    matches, (uintmax_t)pages);
	else if (settings->page > 0 && settings->format == FORMAT_TABLE)
		say("page %ju of %ju (%zu matches)", (uintmax_t)settings->page, (uintmax_t)pages,
		    matches);
}

/* Whether the options go together; says so where they do not. */
static bool options_agree(const struct settings *settings)
{
	if (settings->contacts && settings->format != FORMAT_TABLE &&
	    settings->format != FORMAT_JSON) {
		say("--contacts is for the formats table and json");
		return false;
	}
	if ((settings->regex || settings->columns) && settings->format == FORMAT_XHTML) {
		say("--regex and --in are not for the format xhtml, whose links can not say them");
		return false;
	}
	return true;
}

int search_run(struct cli *cli)
{
	const struct settings *settings = &cli->arguments.settings;
	struct rows rows CLEANUP(rows_done) = {.image = &cli->registry.image};
	struct strbuf words CLEANUP(strbuf_done) = {};
	struct slice text;
	struct fault fault;
	uint64_t pages;
	size_t matches;
	bool noted = false;
	int result;

	if (!options_agree(settings))
		return STATUS_USAGE;
	join(&cli->arguments, &words);
	text = strbuf_slice(&words);
	result = words.failed ? fault_memory(&fault) : find(cli, &text, &rows, &fault);
	matches = rows.count;
	pages = query_pages(rows.count);
	if (result == 0)
		result = print(cli, &rows, text, &noted, &fault);
	if (result == STATUS_USAGE) {
		say("%s", fault.text);
		return STATUS_USAGE;
	}
	if (result < 0)
		return say_fault(NULL, &fault);
	if (answer_end(cli) != 0)
		return STATUS_FAILURE;
	if (!noted)
		say_outcome(cli, text, matches, pages);
	return rows.count > 0 ? STATUS_FOUND : STATUS_NOT_FOUND;
}
