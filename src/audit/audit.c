#include "audit/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/read.h"
#include "base/number.h"

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

/* Room for one more of count pieces; false where memory ran out. */
static bool grow(struct audit *audit, void *list, size_t count, size_t *size, size_t piece)
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

#define GROW(audit_, list_, count_, size_)                                                         \
	grow((audit_), &(audit_)->list_, (audit_)->count_, &(audit_)->size_,                       \
	     sizeof(*(audit_)->list_))

struct slice audit_copy(struct audit *audit, struct slice text)
{
	return arena_copy(&audit->arena, text, &audit->failed);
}

static struct slice audit_vtext(struct audit *audit, const char *format, va_list arguments)
{
	char text[512];
	int n = vsnprintf(text, sizeof(text), format, arguments);
	size_t length = n < 0 ? 0 : (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;

	/* What stands in files stays one line. */
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	}
	while (length > 0 && length == sizeof(text) - 1 &&
	       ((unsigned char)text[length - 1] & 0x80) != 0)
		length--;
	return audit_copy(audit, (struct slice){text, length});
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
	if (!GROW(audit, findings, finding_count, finding_size))
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
		     audit_copy(reading->audit, who), text);
}

void reading_found(struct reading *reading, struct place place, struct audit_port port)
{
	struct audit *audit = reading->audit;

	if (!GROW(audit, ports, port_count, port_size))
		return;
	port.address = audit_copy(audit, port.address);
	port.owner = audit_copy(audit, port.owner);
	port.name = port.name.n > 0 ? audit_copy(audit, port.name) : SLICE_NONE;
	port.file = reading->file;
	port.line = place.line;
	port.column = place.column;
	audit->ports[audit->port_count++] = port;
}

uint32_t audit_next_group(struct audit *audit)
{
	return audit->groups++;
}

static void add_allowance(struct reading *reading, const struct allowance *allowance)
{
	struct audit *audit = reading->audit;

	if (GROW(audit, allowances, allowance_count, allowance_size))
		audit->allowances[audit->allowance_count++] = *allowance;
}

/* The numbers after "allow", each with a comma between; none where there is something else. */
static void read_numbers(struct slice text, struct allowance *allowance)
{
	struct slice list = slice_trim(text);
	size_t n = 0;

	while (n < list.n && (byte_is_digit(list.p[n]) || list.p[n] == ','))
		n++;
	list.n = n;
	while (list.p && list.n > 0 && allowance->count < AUDIT_ALLOWED_MAX) {
		uint64_t number;

		if (number_parse(slice_cut(&list, ','), UINT16_MAX, &number))
			allowance->numbers[allowance->count++] = (uint16_t)number;
	}
}

static bool is_comment(struct slice line)
{
	line = slice_trim(line);
	return slice_starts(line, SLICE("#")) || slice_starts(line, SLICE(";")) ||
	       slice_starts(line, SLICE("<!--"));
}

/* Comments of a line of their own are for the next line that is none. */
void allow_read(struct reading *reading)
{
	static const struct slice words = {"portbook: allow", 15};
	struct slice rest = reading->text;
	size_t from = reading->audit->allowance_count;
	uint32_t number = 0;

	if (slice_find(rest, words) == (size_t)-1)
		return;
	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n');
		size_t at = slice_find(line, words);
		bool comment = is_comment(line);
		struct allowance allowance = {.file = reading->file};

		number++;
		for (size_t i = from; !comment && i < reading->audit->allowance_count; i++) {
			if (reading->audit->allowances[i].line == 0)
				reading->audit->allowances[i].line = number;
		}
		if (at == (size_t)-1 ||
		    (!comment && slice_find_byte((struct slice){line.p, at}, '#') == (size_t)-1 &&
		     slice_find(line, SLICE("<!--")) >= at))
			continue;
		allowance.at = number;
		allowance.column = (uint32_t)at + 1;
		allowance.line = comment ? 0 : number;
		read_numbers(slice_skip(line, at + words.n), &allowance);
		add_allowance(reading, &allowance);
	}
}

static bool allows(struct allowance *allowance, const struct audit_finding *finding)
{
	if (allowance->line != finding->line)
		return false;
	for (unsigned i = 0; i < allowance->count; i++) {
		if (allowance->numbers[i] == finding->check->number) {
			allowance->used = (uint16_t)(allowance->used | 1u << i);
			return true;
		}
	}
	return false;
}

/* Allowances are in the order of files. */
static bool is_allowed(struct audit *audit, const struct audit_finding *finding)
{
	size_t low = 0, high = audit->allowance_count;
	bool allowed = false;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (audit->allowances[middle].file < finding->file)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < audit->allowance_count && audit->allowances[low].file == finding->file; low++)
		allowed |= allows(&audit->allowances[low], finding);
	return allowed;
}

void allow_apply(struct audit *audit)
{
	size_t kept = 0;

	for (size_t i = 0; i < audit->finding_count; i++) {
		if (!is_allowed(audit, &audit->findings[i]))
			audit->findings[kept++] = audit->findings[i];
	}
	audit->finding_count = kept;
	for (size_t i = 0; i < audit->allowance_count; i++) {
		const struct allowance *allowance = &audit->allowances[i];
		struct place place = {allowance->at, allowance->column};

		if (allowance->count == 0)
			audit_report(audit, ALLOW_NOTHING, allowance->file, place, AUDIT_NO_PORT,
				     SLICE_NONE,
				     audit_text(audit,
						"the comment allows nothing: numbers are missing"));
		for (unsigned n = 0; n < allowance->count; n++) {
			if (!(allowance->used >> n & 1))
				audit_report(audit, ALLOW_NOTHING, allowance->file, place,
					     AUDIT_NO_PORT, SLICE_NONE,
					     audit_text(audit,
							"nothing here is %u, which is allowed",
							allowance->numbers[n]));
		}
	}
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
				  .text = text.p ? text : SLICE(""),
				  .dotenv = dotenv,
				  .file = (uint32_t)audit->file_count};

	if (kind >= AUDIT_KIND_COUNT)
		return 0;
	if (!GROW(audit, files, file_count, file_size))
		return fault_memory(fault);
	audit->files[audit->file_count++] = (struct audit_file){audit_copy(audit, path), kind};
	allow_read(&reading);
	readers[kind](&reading);
	return audit->failed ? fault_memory(fault) : 0;
}
