/*
 * PNG, with the colours of light paper. libpng is opened when a picture is made and not by the
 * loader.
 */
#include <png.h>
#include <stdlib.h>

#include "base/library.h"
#include "chart/draw.h"
#include "chart/font.h"

struct pixels {
	unsigned char *p; /* colours */
	unsigned width, height;
};

static void fill(void *context, unsigned x, unsigned y, unsigned width, unsigned height,
		 unsigned color)
{
	struct pixels *pixels = context;

	for (unsigned line = y; line < y + height && line < pixels->height; line++) {
		for (unsigned at = x; at < x + width && at < pixels->width; at++)
			pixels->p[(size_t)line * pixels->width + at] = (unsigned char)color;
	}
}

static void fill_text(void *context, unsigned x, unsigned y, unsigned size, bool ends_there,
		      struct slice text)
{
	unsigned dot = size / 9; /* nine dots from line to line */

	y -= FONT_BASELINE * dot;
	x -= ends_there ? (unsigned)text.n * FONT_ADVANCE * dot : 0;
	for (size_t i = 0; i < text.n; i++, x += FONT_ADVANCE * dot) {
		for (unsigned at = 0; at < FONT_WIDTH * FONT_HEIGHT; at++) {
			unsigned column = at % FONT_WIDTH, line = at / FONT_WIDTH;

			if (font_has(text.p[i], column, line))
				fill(context, x + column * dot, y + line * dot, dot, dot,
				     CHART_INK);
		}
	}
}

static void fill_cells(void *context, unsigned x, unsigned y, unsigned cell,
		       const struct chart_map *map)
{
	for (unsigned line = 0; line < CHART_SIDE; line++) {
		for (unsigned column = 0; column < CHART_SIDE; column++)
			fill(context, x + column * cell, y + line * cell, cell, cell,
			     map->kinds[line][column]);
	}
}

struct png {
	typeof(png_image_write_to_memory) *write;
};

/* The pixels as PNG, written to out. */
static int encode(struct out *out, const struct png *png, const struct pixels *pixels,
		  struct fault *fault)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
			   .width = pixels->width,
			   .height = pixels->height,
			   .format = PNG_FORMAT_RGB_COLORMAP,
			   .colormap_entries = CHART_COLOR_COUNT};
	png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
	unsigned char colors[CHART_COLOR_COUNT][3];
	char *bytes = malloc(size);

	if (!bytes)
		return fault_memory(fault);
	for (unsigned i = 0; i < CHART_COLOR_COUNT; i++) {
		for (unsigned part = 0; part < 3; part++)
			colors[i][part] = (unsigned char)(chart_colors[i].light >> (16 - 8 * part));
	}
	if (!png->write(&image, bytes, &size, 0, pixels->p, (int)pixels->width, colors)) {
		free(bytes);
		return fault_set(fault, FAULT_SYSTEM, "libpng: %s", image.message);
	}
	out_put(out, (struct slice){bytes, size});
	free(bytes);
	return 0;
}

int chart_png(struct out *out, const struct image *image, unsigned transports, struct fault *fault)
{
	static const struct chart_pen pen = {fill, fill_text, fill_cells};
	static const char *const names[] = {"png_image_write_to_memory"};
	struct chart_picture picture CLEANUP(chart_picture_done) = {};
	struct pixels pixels;
	struct png png;
	int result =
		library_open("libpng16.so.16", "libpng", names, ARRAY_SIZE(names), &png, fault);

	if (result < 0)
		return result;
	if (chart_picture_init(&picture, image, transports) < 0)
		return fault_memory(fault);
	pixels = (struct pixels){malloc((size_t)picture.width * picture.height), picture.width,
				 picture.height};
	if (!pixels.p)
		return fault_memory(fault);
	chart_draw(&picture, &pen, &pixels);
	result = encode(out, &png, &pixels, fault);
	free(pixels.p);
	return result;
}
