#include "chart/chart.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "cli/newest.h"
#include "timeline/timeline.h"

/* What answer_write hands on. */
struct picture {
	const struct cli *cli;
	struct fault *fault;
	int *result;
};

static void write_picture(struct out *out, const void *data)
{
	const struct picture *picture = data;
	const struct settings *settings = &picture->cli->arguments.settings;
	const struct image *image = &picture->cli->registry.image;

	if (settings->format == FORMAT_PNG)
		*picture->result = chart_png(out, image, settings->transports, picture->fault);
	else
		*picture->result = chart_svg(out, image, settings->transports, picture->fault);
}

static int print_maps(struct cli *cli, const void *data, struct fault *fault)
{
	int result = 0;
	struct picture picture = {cli, fault, &result};
	int written = answer_write(cli, write_picture, &picture, fault);

	(void)data;
	return written < 0 ? written : result;
}

static bool has_ending(struct slice path, struct slice ending)
{
	return path.n > ending.n && utf8_fold_eq(slice_skip(path, path.n - ending.n), ending);
}

/* Points of a chart over time. */
struct points {
	struct chart_point *p;
	size_t count;
};

static void points_done(struct points *points)
{
	free(points->p);
}

static void write_lines(struct out *out, const void *data)
{
	const struct points *points = data;

	chart_lines(out, points->p, points->count);
}

static int print_lines(struct cli *cli, const void *data, struct fault *fault)
{
	return answer_write(cli, write_lines, data, fault);
}

static int read_points(struct cli *cli, struct points *points, struct fault *fault)
{
	struct history *history CLEANUP(history_closep) = NULL;
	int result = store_open(cli, HISTORY_READ, &history, fault);

	if (result == 0)
		result = history_begin(history, false, fault);
	if (result == 0)
		result = timeline_growth(history, &points->p, &points->count, fault);
	if (result == 0 && points->count == 0)
		return fault_set(fault, FAULT_SYSTEM, "no edition");
	return result;
}

/* Finds the format where none is given. Why what is asked for cannot be done; NULL: it can. */
static const char *find_format(const struct cli *cli, struct settings *settings)
{
	struct slice path = slice_cstr(settings->output);

	if (settings->format == FORMAT_TABLE) {
		if (has_ending(path, SLICE(".png")))
			settings->format = FORMAT_PNG;
		else if (!settings->output || has_ending(path, SLICE(".svg")))
			settings->format = FORMAT_SVG;
		else
			return "neither --format nor the ending of --output says whether it is to "
			       "be svg or png";
	}
	if (settings->over_time && (settings->format != FORMAT_SVG || settings->transports != 0))
		return "--over-time is for svg, and of all transports";
	if (!settings->output && settings->format == FORMAT_PNG && cli->screen.width > 0)
		return "pixels are not for terminals: --output FILE says where to write them";
	return NULL;
}

int chart_run(struct cli *cli)
{
	struct settings *settings = &cli->arguments.settings;
	struct points points CLEANUP(points_done) = {};
	int (*print)(struct cli * cli, const void *data, struct fault *fault) = print_maps;
	const char *reason;
	struct fault fault;
	int result;

	if (settings->output && strcmp(settings->output, "-") == 0)
		settings->output = NULL;
	reason = find_format(cli, settings);
	if (reason) {
		say("%s", reason);
		return STATUS_USAGE;
	}
	if (settings->over_time) {
		print = print_lines;
		if (read_points(cli, &points, &fault) < 0)
			return say_fault(cli->store.shown, &fault);
	} else if (registry_open(cli, NULL, &fault) < 0) {
		return say_fault(registry_name(cli), &fault);
	}
	if (settings->output)
		result = answer_file(cli, settings->output, print, &points, &fault);
	else
		result = print(cli, &points, &fault);
	if (result < 0)
		return say_fault(settings->output, &fault);
	return answer_end(cli) != 0 ? STATUS_FAILURE : STATUS_FOUND;
}
