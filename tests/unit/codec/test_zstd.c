#undef NDEBUG
#include "../testing.h"

#include "codec/codec.h"

enum { LARGE = 4000000 };

/* Lines as of a registry, the same in every run. Where changed, one line in so many is another. */
static struct slice made_up(size_t n, unsigned changed)
{
	struct random random = {7}, other = {11};
	struct strbuf text = {};
	struct slice copy;

	while (text.n < n) {
		unsigned number = random_next(&random);

		if (changed > 0 && random_below(&other, changed) == 0)
			number = 0;
		strbuf_printf(&text, "<record><name>n%u</name><number>%u</number></record>\n",
			      number, number & 65535);
	}
	assert_false(text.failed);
	text.n = n;
	copy = copy_of(strbuf_slice(&text));
	strbuf_done(&text);
	return copy;
}

static struct slice pack(struct slice text, struct slice base, int level)
{
	struct strbuf packed = {};
	struct fault fault = {};
	struct slice copy;

	strbuf_add(&packed, SLICE("before"));
	if (codec_pack(text, base, level, &packed, &fault) != 0)
		fail_msg("%s", fault.text);
	assert_true(slice_starts(strbuf_slice(&packed), SLICE("before")));
	copy = copy_of(slice_skip(strbuf_slice(&packed), 6));
	strbuf_done(&packed);
	return copy;
}

/* What unpacking gives, and whether it is the text or a fault. */
static int unpack(struct slice packed, struct slice base, size_t limit, struct slice expected)
{
	struct strbuf text = {};
	struct fault fault = {};
	int result;

	strbuf_add(&text, SLICE("before"));
	result = codec_unpack(packed, base, limit, &text, &fault);
	assert_true(slice_starts(strbuf_slice(&text), SLICE("before")));
	if (result == 0) {
		assert_slice(slice_skip(strbuf_slice(&text), 6), expected);
	} else {
		assert_told(fault);
		assert_int_equal(text.n, 6);
	}
	strbuf_done(&text);
	return result;
}

static void test_round_trips(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 300, 70000, LARGE};
	static const int levels[] = {CODEC_LEVEL_MIN, CODEC_LEVEL_PATCH, 6};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct slice text = made_up(sizes[i], 50), base = made_up(sizes[i], 0);

		for (size_t k = 0; k < ARRAY_SIZE(levels); k++) {
			struct slice alone = pack(text, SLICE_NONE, levels[k]);
			struct slice beside = pack(text, base, levels[k]);

			assert_int_equal(unpack(alone, SLICE_NONE, text.n, text), 0);
			assert_int_equal(unpack(beside, base, text.n, text), 0);
			if (text.n > 1000)
				assert_true(beside.n < alone.n / 4);
			free((void *)alone.p);
			free((void *)beside.p);
		}
		free((void *)text.p);
		free((void *)base.p);
	}
}

/* Without text, without a base; at the highest level. */
static void test_ends(void **state)
{
	struct slice text = made_up(5000, 0), same = copy_of(text);
	struct slice packed = pack(SLICE_NONE, text, CODEC_LEVEL_PATCH);

	(void)state;
	assert_int_equal(unpack(packed, text, 0, SLICE("")), 0);
	free((void *)packed.p);
	packed = pack(text, SLICE(""), CODEC_LEVEL_MAX);
	assert_int_equal(unpack(packed, SLICE_NONE, text.n, text), 0);
	free((void *)packed.p);
	packed = pack(text, same, CODEC_LEVEL_MAX);
	assert_in_range(packed.n, 1, 60);
	assert_int_equal(unpack(packed, same, text.n, text), 0);
	free((void *)same.p);
	free((void *)packed.p);
	free((void *)text.p);
}

static void test_same_bytes(void **state)
{
	struct slice text = made_up(100000, 9), base = made_up(100000, 0);
	struct slice one = pack(text, base, CODEC_LEVEL_PATCH),
		     two = pack(text, base, CODEC_LEVEL_PATCH);

	(void)state;
	assert_slice(one, two);
	free((void *)one.p);
	free((void *)two.p);
	free((void *)text.p);
	free((void *)base.p);
}

static void test_wrong_base(void **state)
{
	struct slice text = made_up(100000, 9), base = made_up(100000, 0);
	struct slice packed = pack(text, base, CODEC_LEVEL_PATCH);

	(void)state;
	assert_int_equal(unpack(packed, SLICE_NONE, text.n, text), FAULT_MALFORMED);
	assert_int_equal(unpack(packed, text, text.n, text), FAULT_MALFORMED);
	assert_int_equal(unpack(packed, ((struct slice){base.p, base.n - 1}), text.n, text),
			 FAULT_MALFORMED);
	free((void *)packed.p);
	free((void *)text.p);
	free((void *)base.p);
}

/* Each bit flipped: the text, or none. A few bits of a frame mean nothing. */
static void expect_bits_kept(struct slice packed, struct slice base, struct slice text)
{
	struct slice damaged = copy_of(packed);
	unsigned kept = 0;

	for (size_t i = 0; i < packed.n * 8; i++) {
		char *at = (char *)damaged.p + i / 8;
		int result;

		*at = (char)(*at ^ 1 << i % 8);
		result = unpack(damaged, base, 100000, text);
		assert_true(result == 0 || result == FAULT_MALFORMED || result == FAULT_LIMIT);
		kept += result == 0;
		*at = (char)(*at ^ 1 << i % 8);
	}
	assert_in_range(kept, 0, packed.n / 8);
	free((void *)damaged.p);
}

static void test_damaged(void **state)
{
	struct slice text = made_up(3000, 9), base = made_up(3000, 0);
	struct slice alone = pack(text, SLICE_NONE, 3), beside = pack(text, base, 3);

	(void)state;
	expect_bits_kept(alone, SLICE_NONE, text);
	expect_bits_kept(beside, base, text);
	for (size_t n = 0; n < beside.n; n++) {
		struct slice cut = copy_of((struct slice){beside.p, n});

		assert_int_equal(unpack(cut, base, text.n, text), FAULT_MALFORMED);
		free((void *)cut.p);
	}
	free((void *)alone.p);
	free((void *)beside.p);
	free((void *)text.p);
	free((void *)base.p);
}

static void test_more_than_one(void **state)
{
	struct strbuf two = {};
	struct fault fault = {};

	(void)state;
	assert_int_equal(codec_pack(SLICE("one"), SLICE_NONE, 3, &two, &fault), 0);
	assert_int_equal(codec_pack(SLICE("two"), SLICE_NONE, 3, &two, &fault), 0);
	assert_int_equal(unpack(strbuf_slice(&two), SLICE_NONE, 100, SLICE("onetwo")),
			 FAULT_MALFORMED);
	two.n /= 2;
	assert_int_equal(unpack(strbuf_slice(&two), SLICE_NONE, 100, SLICE("one")), 0);
	strbuf_add(&two, SLICE("x"));
	assert_int_equal(unpack(strbuf_slice(&two), SLICE_NONE, 100, SLICE("one")),
			 FAULT_MALFORMED);
	assert_int_equal(unpack(SLICE_NONE, SLICE_NONE, 100, SLICE("")), FAULT_MALFORMED);
	assert_int_equal(unpack(SLICE("no such thing"), SLICE_NONE, 100, SLICE("")),
			 FAULT_MALFORMED);
	strbuf_done(&two);
}

static void test_limits(void **state)
{
	struct slice text = made_up(50000, 0), packed = pack(text, SLICE_NONE, 3);
	struct strbuf small = {.max = 49999};
	struct fault fault = {};

	(void)state;
	assert_int_equal(unpack(packed, SLICE_NONE, text.n - 1, text), FAULT_LIMIT);
	assert_int_equal(unpack(packed, SLICE_NONE, text.n, text), 0);
	assert_int_equal(codec_unpack(packed, SLICE_NONE, text.n, &small, &fault), FAULT_LIMIT);
	assert_string_equal(fault.text, "larger than the limit of 49999 bytes");
	strbuf_done(&small);
	small.max = packed.n - 1;
	assert_int_equal(codec_pack(text, SLICE_NONE, 3, &small, &fault), FAULT_LIMIT);
	assert_int_equal(small.n, 0);
	small.max = packed.n + 32;
	strbuf_done(&small);
	assert_int_equal(codec_pack(text, SLICE_NONE, 3, &small, &fault), 0);
	assert_slice(strbuf_slice(&small), packed);
	strbuf_done(&small);
	/* Looked at before it is read. */
	assert_int_equal(
		codec_pack((struct slice){text.p, (1 << 30) + 1u}, SLICE_NONE, 3, &small, &fault),
		FAULT_LIMIT);
	free((void *)packed.p);
	free((void *)text.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips), cmocka_unit_test(test_ends),
		cmocka_unit_test(test_same_bytes),  cmocka_unit_test(test_wrong_base),
		cmocka_unit_test(test_damaged),	    cmocka_unit_test(test_more_than_one),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("zstd", tests, NULL, NULL);
}
