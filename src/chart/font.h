/* Inside chart/: letters for pictures that are pixels. */
#ifndef PORTBOOK_CHART_FONT_H
#define PORTBOOK_CHART_FONT_H

#include <stdbool.h>

/* A letter is five columns of eight pixels, the lowest below the baseline. */
enum { FONT_WIDTH = 5, FONT_HEIGHT = 8, FONT_ADVANCE = 6, FONT_BASELINE = 7 };

/* Whether the letter (ASCII; others are blank) has ink there. */
bool font_has(char letter, unsigned x, unsigned y);

#endif
