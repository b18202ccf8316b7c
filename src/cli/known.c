#include "cli/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/overlays.h"
#include "record/date.h"

/* Years within which a port that was assigned is not forgotten. */
enum { FORMER_YEARS = 2 };

void known_done(struct known *known)
{
	overlay_done(&known->overlay);
	registry_close(&known->former);
	arena_done(&known->arena);
	free(known->uses);
	*known = (struct known){};
}

/* The date of the edition that the image is of. */
static struct slice find_date(const struct image *image)
{
	struct slice title, date;

	return image_fact(image, IMAGE_FACT_UPDATED, 0, &title, &date) ? date : SLICE_NONE;
}

/*
 * The store's edition of some years before. A store that has none so old is no fault, nor is one
 * that cannot be read, which the registry itself was just read from.
 */
static int open_former(struct cli *cli, const struct history_filter *filter, struct known *known,
		       struct fault *fault)
{
	const char *as_of = cli->arguments.settings.as_of;
	struct opened newest = cli->registry;
	char then[16];
	struct date date;
	int result;

	if (cli->arguments.settings.registry || !cli->store.there ||
	    !date_parse(known->facts.date, &date) || date.day == 0)
		return 0;
	/* A day that February may lack. */
	snprintf(then, sizeof(then), "%04u-%02u-%02u", date.year - FORMER_YEARS, date.month,
		 date.day > 28 ? 28 : date.day);
	cli->registry = (struct opened){};
	cli->arguments.settings.as_of = then;
	result = registry_open(cli, filter, fault);
	cli->arguments.settings.as_of = as_of;
	known->former = cli->registry;
	cli->registry = newest;
	if (result == 0) {
		known->facts.former = &known->former.image;
		known->facts.former_date = find_date(&known->former.image);
	}
	return result == FAULT_MEMORY ? result : 0;
}

static void find_now(struct known *known)
{
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(known->now, sizeof(known->now), "%Y-%m-%d", &tm);
	known->facts.now = slice_cstr(known->now);
}

static void look_here(struct known *known)
{
	struct host_sysctl *sysctl = &known->sysctl;

	find_now(known);
	host_sysctl_read(NULL, sysctl);
	if (!sysctl->has_ephemeral || !sysctl->has_reserved || !sysctl->has_unprivileged)
		say("this machine's settings of ports (/proc/sys/net/ipv4) cannot be seen: %s%s%s",
		    sysctl->has_ephemeral ? "" : "ip_local_port_range ",
		    sysctl->has_reserved ? "" : "ip_local_reserved_ports ",
		    sysctl->has_unprivileged ? "" : "ip_unprivileged_port_start");
	known->facts.sysctl = sysctl;
}

int known_gather(struct cli *cli, const struct history_filter *filter, struct known *known,
		 struct fault *fault)
{
	bool broken = false;
	int result = registry_open(cli, filter, fault);

	if (result < 0)
		return result;
	known->facts = (struct advice_facts){
		.image = &cli->registry.image,
		.origin = registry_origin(cli),
		.date = find_date(&cli->registry.image),
	};
	result = open_former(cli, filter, known, fault);
	if (result == 0)
		result = overlays_open(cli, &known->overlay, &broken, fault);
	if (result < 0)
		return result;
	known->facts.overlay = &known->overlay;
	if (!cli->arguments.settings.anywhere)
		look_here(known);
	return broken ? 1 : 0;
}
