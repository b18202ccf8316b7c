#include "audit/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/read.h"
#include "base/utf8.h"

struct slice audit_kind_name(enum audit_kind kind)
{
	static const struct slice names[AUDIT_KIND_COUNT] = {
		[AUDIT_COMPOSE] = {"compose", 7},
		[AUDIT_KUBERNETES] = {"kubernetes", 10},
		[AUDIT_SOCKET] = {"socket", 6},
		[AUDIT_SERVICE] = {"service", 7},
		[AUDIT_DOCKERFILE] = {"dockerfile", 10},
		[AUDIT_DOTENV] = {"dotenv", 6},
		[AUDIT_NGINX] = {"nginx", 5},
		[AUDIT_HAPROXY] = {"haproxy", 7},
		[AUDIT_FIREWALLD] = {"firewalld", 9},
	};

	return kind < AUDIT_KIND_COUNT ? names[kind] : SLICE_NONE;
}

struct slice audit_use_name(enum audit_use use)
{
	static const struct slice names[AUDIT_USE_COUNT] = {
		[AUDIT_TAKEN] = {"taken", 5},	  [AUDIT_NODE] = {"node", 4},
		[AUDIT_OFFERED] = {"offered", 7}, [AUDIT_INSIDE] = {"inside", 6},
		[AUDIT_SETTING] = {"setting", 7}, [AUDIT_REMOTE] = {"remote", 6},
	};

	return names[use];
}

int audit_new(struct audit **ret_audit, struct fault *fault)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (!audit)
		return fault_memory(fault);
	audit->groups = GROUP_FIRST;
	*ret_audit = audit;
	return 0;
}

void audit_free(struct audit *audit)
{
	if (!audit)
		return;
	free(audit->files);
	free(audit->ports);
	free(audit->findings);
	free(audit->allowances);
	tree_done(&audit->read_before);
	arena_done(&audit->arena);
	free(audit);
}

size_t audit_file_count(const struct audit *audit)
{
	return audit->file_count;
}

const struct audit_file *audit_file_at(const struct audit *audit, size_t index)
{
	return &audit->files[index];
}

size_t audit_port_count(const struct audit *audit)
{
	return audit->port_count;
}

const struct audit_port *audit_port_at(const struct audit *audit, size_t index)
{
	return &audit->ports[index];
}

size_t audit_finding_count(const struct audit *audit)
{
	return audit->finding_count;
}

const struct audit_finding *audit_finding_at(const struct audit *audit, size_t index)
{
	return &audit->findings[index];
}

bool audit_grow(struct audit *audit, void *list, size_t count, size_t *size, size_t piece)
{
	size_t more = *size ? *size * 2 : 64;
	void *moved, *old;

	if (audit->failed)
		return false;
	if (count < *size)
		return true;
	memcpy(&old, list, sizeof(old));
	moved = realloc(old, more * piece);
	if (!moved) {
		audit->failed = true;
		return false;
	}
	memcpy(list, &moved, sizeof(moved));
	*size = more;
	return true;
}

struct slice audit_copy(struct audit *audit, struct slice text)
{
	return arena_copy(&audit->arena, text, &audit->failed);
}

/* Of what may be as long as a file, and is said of each of its ports. */
static struct slice audit_copy_cut(struct audit *audit, struct slice text)
{
	return audit_copy(audit, utf8_cut(text, AUDIT_TEXT_MAX));
}

/* What stands in files stays one line, and its characters whole. */
static struct slice audit_vtext(struct audit *audit, const char *format, va_list arguments)
{
	char text[AUDIT_TEXT_MAX + UTF8_LONGEST];
	int n = vsnprintf(text, sizeof(text), format, arguments);
	struct slice cut = {text, n < 0			     ? 0
				  : (size_t)n < sizeof(text) ? (size_t)n
							     : sizeof(text) - 1};

	for (size_t i = 0; i < cut.n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	}
	return audit_copy_cut(audit, cut);
}

struct slice audit_text(struct audit *audit, const char *format, ...)
{
	struct slice text;
	va_list arguments;

	va_start(arguments, format);
	text = audit_vtext(audit, format, arguments);
	va_end(arguments);
	return text;
}

void audit_report(struct audit *audit, enum audit_check check, uint32_t file, struct place place,
		  uint32_t port, struct slice who, struct slice text)
{
	if (!AUDIT_GROW(audit, findings, finding_count, finding_size))
		return;
	audit->findings[audit->finding_count++] = (struct audit_finding){
		.check = audit_check_of(check),
		.file = file,
		.line = place.line,
		.column = place.column,
		.port = port,
		.who = who,
		.text = text,
	};
}

void reading_complain(struct reading *reading, struct place place, enum audit_check check,
		      struct slice who, const char *format, ...)
{
	struct slice text;
	va_list arguments;

	va_start(arguments, format);
	text = audit_vtext(reading->audit, format, arguments);
	va_end(arguments);
	audit_report(reading->audit, check, reading->file, place, AUDIT_NO_PORT,
		     audit_copy_cut(reading->audit, who), text);
}

void reading_found(struct reading *reading, struct place place, struct audit_port port)
{
	struct audit *audit = reading->audit;

	if (!AUDIT_GROW(audit, ports, port_count, port_size))
		return;
	port.address = audit_copy_cut(audit, port.address);
	port.owner = audit_copy_cut(audit, port.owner);
	port.name = port.name.n > 0 ? audit_copy_cut(audit, port.name) : SLICE_NONE;
	port.file = reading->file;
	port.line = place.line;
	port.column = place.column;
	audit->ports[audit->port_count++] = port;
}

uint32_t audit_next_group(struct audit *audit)
{
	return audit->groups++;
}

int audit_read(struct audit *audit, struct slice path, enum audit_kind kind, struct slice text,
	       struct slice dotenv, struct fault *fault)
{
	static void (*const readers[AUDIT_KIND_COUNT])(struct reading *) = {
		[AUDIT_COMPOSE] = compose_read,	      [AUDIT_KUBERNETES] = kubernetes_read,
		[AUDIT_SOCKET] = unit_read_socket,    [AUDIT_SERVICE] = unit_read_service,
		[AUDIT_DOCKERFILE] = dockerfile_read, [AUDIT_DOTENV] = dotenv_read,
		[AUDIT_NGINX] = nginx_read,	      [AUDIT_HAPROXY] = haproxy_read,
		[AUDIT_FIREWALLD] = firewalld_read,
	};
	struct reading reading = {.audit = audit,
				  .path = path,
				  .text = text.p ? audit_unmarked(text) : SLICE(""),
				  .file = (uint32_t)audit->file_count};

	if (kind >= AUDIT_KIND_COUNT)
		return 0;
	if (!AUDIT_GROW(audit, files, file_count, file_size))
		return fault_memory(fault);
	audit->files[audit->file_count++] = (struct audit_file){audit_copy(audit, path), kind};
	allow_read(&reading);
	variables_add_lines(&reading, audit_unmarked(dotenv));
	readers[kind](&reading);
	variables_done(&reading);
	return audit->failed ? fault_memory(fault) : 0;
}
