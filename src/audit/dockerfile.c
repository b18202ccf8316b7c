/* Dockerfiles: the ports that images say they have (EXPOSE), with the values of ARG and ENV. */
#include "audit/read.h"
#include "base/utf8.h"

static void read_exposed(struct reading *reading, struct placer *placer, struct slice lines,
			 struct slice word)
{
	struct audit_port like = {.owner = {"image", 5}};
	struct place place = placer_find(placer, word.p);
	struct slice text, unset;

	if (!expand(reading, lines, word, &text, &unset)) {
		reading_complain(reading, place, VARIABLE_UNSET, like.owner,
				 "%.*s has no value: \"%.*s\" is not looked at", (int)unset.n,
				 unset.p ? unset.p : "", (int)word.n, word.p);
		return;
	}
	while ((word = word_next(&text)).p)
		mapping_read(reading, place, word, &like, false);
}

/* "NAME=VALUE ..." or, of ENV, "NAME VALUE", as lines. */
static void add_variables(struct reading *reading, struct strbuf *lines, struct slice rest)
{
	struct slice name = rest, word;

	if (slice_find_byte(rest, '=') == (size_t)-1) {
		name = word_next(&rest);
		strbuf_add(lines, name);
		strbuf_add_byte(lines, '=');
		strbuf_add(lines, slice_trim(rest));
		strbuf_add_byte(lines, '\n');
		return;
	}
	while ((word = word_next(&rest)).p) {
		struct slice value = word, expanded, unset;

		name = slice_cut(&value, '=');
		if (!value.p || !expand(reading, strbuf_slice(lines), value, &expanded, &unset))
			continue;
		strbuf_add(lines, name);
		strbuf_add_byte(lines, '=');
		strbuf_add(lines, expanded);
		strbuf_add_byte(lines, '\n');
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

static void read_words(struct reading *reading, struct placer *placer, struct slice lines,
		       struct slice rest)
{
	while (rest.p) {
		struct slice line = slice_cut(&rest, '\n'), word;

		if (is_comment(line))
			continue;
		while ((word = word_next(&line)).p) {
			if (word.p[0] == '#')
				break;
			if (!slice_eq(word, SLICE("\\")))
				read_exposed(reading, placer, lines, word);
		}
	}
}

void dockerfile_read(struct reading *reading)
{
	struct strbuf lines CLEANUP(strbuf_done) = {.max = 65536};
	struct placer placer = placer_of(reading->text);
	struct slice rest = reading->text;

	while (rest.p) {
		struct slice instruction = next_instruction(&rest), word;

		if (is_comment(instruction))
			continue;
		word = word_next(&instruction);
		if (utf8_fold_eq(word, SLICE("expose")))
			read_words(reading, &placer, strbuf_slice(&lines), instruction);
		else if (utf8_fold_eq(word, SLICE("arg")) || utf8_fold_eq(word, SLICE("env")))
			add_variables(reading, &lines, instruction);
	}
}
