/* Dockerfiles: the ports that images say they have (EXPOSE), with the values of ARG and ENV. */
#include "audit/read.h"
#include "base/utf8.h"

static void read_exposed(struct reading *reading, struct placer *placer, struct slice word)
{
	struct audit_port like = {.owner = {"image", 5}};
	struct place place = placer_find(placer, word.p);
	struct slice text, unset;

	if (!expand(reading, word, &text, &unset)) {
		reading_complain(reading, place, VARIABLE_UNSET, like.owner,
				 "%.*s has no value: \"%.*s\" is not looked at", (int)unset.n,
				 unset.p ? unset.p : "", (int)word.n, word.p);
		return;
	}
	while ((word = word_next(&text)).p)
		mapping_read(reading, place, word, &like, false);
}

/* "NAME=VALUE ..." or, of ENV, "NAME VALUE". */
static void add_variables(struct reading *reading, struct slice rest)
{
	struct slice word;

	if (slice_find_byte(rest, '=') == (size_t)-1) {
		word = word_next(&rest);
		variables_add(reading, word, slice_trim(rest));
		return;
	}
	while ((word = word_next(&rest)).p) {
		struct slice value = word, name = slice_cut(&value, '='), expanded, unset;

		if (value.p && expand(reading, value, &expanded, &unset))
			variables_add(reading, name, expanded);
	}
}

static bool is_comment(struct slice line)
{
	return slice_starts(slice_trim(line), SLICE("#"));
}

/* An instruction, with the lines that it goes on over; comments between them are none of it. */
static struct slice next_instruction(struct slice *rest)
{
	struct slice line = slice_cut(rest, '\n'), last = slice_trim(line);

	while (slice_ends(last, SLICE("\\")) && rest->p) {
		struct slice more = slice_cut(rest, '\n');

		line = slice_between(line.p, more.p + more.n);
		if (!is_comment(more))
			last = slice_trim(more);
	}
	return line;
}

static void read_words(struct reading *reading, struct placer *placer, struct slice rest)
{
	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n'), word;

		if (is_comment(line))
			continue;
		while ((word = word_next(&line)).p) {
			if (word.p[0] == '#')
				break;
			if (!slice_eq(word, SLICE("\\")))
				read_exposed(reading, placer, word);
		}
	}
}

void dockerfile_read(struct reading *reading)
{
	struct placer placer = placer_of(reading->text);
	struct slice rest = reading->text;

	while (rest.p) {
		struct slice instruction = next_instruction(&rest), word;

		if (is_comment(instruction))
			continue;
		word = word_next(&instruction);
		if (utf8_fold_eq(word, SLICE("expose")))
			read_words(reading, &placer, instruction);
		else if (utf8_fold_eq(word, SLICE("arg")) || utf8_fold_eq(word, SLICE("env")))
			add_variables(reading, instruction);
	}
}
