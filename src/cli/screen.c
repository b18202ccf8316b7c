#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/cli.h"
#include "cli/environment.h"

enum { WIDTH_USUAL = 80, WIDTH_LEAST = 20, WIDTH_MOST = 1000 };

static unsigned width_of(int fd, char **environment)
{
	struct winsize size;
	uint64_t width = 0;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	else if (!number_parse(environment_value(environment, SLICE("COLUMNS")), WIDTH_MOST,
			       &width) ||
		 width == 0)
		width = WIDTH_USUAL;
	return width < WIDTH_LEAST ? WIDTH_LEAST : (unsigned)width;
}

/* no-color.org: NO_COLOR counts when it is not empty. */
static bool wants_color(bool terminal, char **environment)
{
	struct slice term = environment_value(environment, SLICE("TERM"));

	return terminal && term.n > 0 && !slice_eq(term, SLICE("dumb")) &&
	       environment_value(environment, SLICE("NO_COLOR")).n == 0;
}

struct screen screen_find(int fd, enum when color, char **environment)
{
	bool terminal = isatty(fd) != 0;

	return (struct screen){
		.width = terminal ? width_of(fd, environment) : 0,
		.color = color == WHEN_ALWAYS ||
			 (color == WHEN_AUTO && wants_color(terminal, environment)),
	};
}
