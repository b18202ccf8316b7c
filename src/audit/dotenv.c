/* Files of settings as .env: PORT, which is a server's own by custom, and names that end in _PORT.
 */
#include "audit/read.h"
#include "base/utf8.h"

/* Bytes of the words before _PORT that can be a service's name. */
enum { NAME_MAX_BYTES = 15 };

/* "REDIS" of REDIS_PORT as a service name; absent where it cannot be one. */
static struct slice service_of(struct slice variable, char space[static NAME_MAX_BYTES])
{
	struct slice name = {variable.p, variable.n - 5};

	if (name.n == 0 || name.n > NAME_MAX_BYTES)
		return SLICE_NONE;
	for (size_t i = 0; i < name.n; i++)
		space[i] = name.p[i] == '_' ? '-' : ascii_fold(name.p[i]);
	return (struct slice){space, name.n};
}

void dotenv_read(struct reading *reading)
{
	struct placer placer = placer_of(reading->text);
	struct slice rest = reading->text, name, value;

	while (dotenv_next(&rest, &name, &value)) {
		bool own = slice_eq(name, SLICE("PORT"));
		struct place place = placer_find(&placer, value.n > 0 ? value.p : name.p);
		struct audit_port port = {.owner = name, .use = AUDIT_SETTING, .web = own};
		char space[NAME_MAX_BYTES];

		if (!own && !slice_ends(name, SLICE("_PORT")))
			continue;
		if (!own)
			port.name = service_of(name, space);
		if (value.n > 0 &&
		    reading_port(reading, place, name, value, false, &port.first, &port.last) &&
		    port.first == port.last)
			reading_found(reading, place, port);
	}
}
