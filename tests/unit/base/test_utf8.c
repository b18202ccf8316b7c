#undef NDEBUG
#include "../testing.h"

#include "base/utf8.h"

/* The character's bytes; its length. Also for what no text may hold. */
static size_t encode(uint32_t c, char bytes[static 4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3f));
	bytes[0] = (char)(lead[n] | c);
	return n;
}

static void test_every_character(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x120000; c++) {
		bool good = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		char bytes[4];
		size_t n = encode(c, bytes), bad = 99;
		uint32_t read = 0;

		assert_int_equal(utf8_valid((struct slice){bytes, n}, &bad), good);
		assert_int_equal(bad, good ? 99 : 0);
		assert_int_equal(utf8_next((struct slice){bytes, n}, &read), good ? n : 1);
		assert_int_equal(read, good ? c : 0xfffd);
	}
}

static void test_malformed(void **state)
{
	static const struct {
		struct slice text;
		size_t bad_at;
	} cases[] = {
		{SLICE("\x80"), 0},
		{SLICE("a\xbf"), 1},
		{SLICE("\xc0\xaf"), 0},
		{SLICE("\xc1\xbf"), 0},
		{SLICE("\xe0\x80\xaf"), 0},
		{SLICE("\xe0\x9f\xbf"), 0},
		{SLICE("\xf0\x80\x80\xaf"), 0},
		{SLICE("\xf0\x8f\xbf\xbf"), 0},
		{SLICE("\xed\xa0\x80"), 0},
		{SLICE("\xed\xbf\xbf"), 0},
		{SLICE("\xf4\x90\x80\x80"), 0},
		{SLICE("\xf5\x80\x80\x80"), 0},
		{SLICE("\xff"), 0},
		{SLICE("ab\xc3"), 2},
		{SLICE("\xe4\xb8"), 0},
		{SLICE("\xf0\x9f\x98"), 0},
		{SLICE("\xc3\x28"), 0},
		{SLICE("\xe4\xb8\xad\xe4\xb8z"), 3},
		{SLICE("\xc3\xa9\xc3\xa9\xa9"), 4},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct slice text = copy_of(cases[i].text);
		size_t bad = 99;
		uint32_t c;

		assert_false(utf8_valid(text, &bad));
		assert_int_equal(bad, cases[i].bad_at);
		assert_int_equal(utf8_next(slice_skip(text, bad), &c), 1);
		assert_int_equal(c, 0xfffd);
		free((void *)text.p);
	}
	assert_true(utf8_valid(SLICE_NONE, &(size_t){0}));
	assert_true(utf8_valid(SLICE("a\0b"), &(size_t){0}));
}

static void test_folding_keeps_length_and_is_done_once(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x10000; c++) {
		char bytes[4], once[4], twice[4];
		size_t n = encode(c, bytes), bad;

		utf8_fold((struct slice){bytes, n}, once);
		utf8_fold((struct slice){once, n}, twice);
		assert_memory_equal(once, twice, n);
		if (utf8_valid((struct slice){bytes, n}, &bad))
			assert_true(utf8_valid((struct slice){once, n}, &bad));
		if (n > 2)
			assert_memory_equal(once, bytes, n);
	}
}

static void test_folding_pairs(void **state)
{
	static const struct {
		struct slice upper, lower;
	} pairs[] = {
		{SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZ[@"), SLICE("abcdefghijklmnopqrstuvwxyz[@")},
		{SLICE("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞ"),
		 SLICE("àáâãäåæçèéêëìíîïðñòóôõö×øùúûüýþ")},
		{SLICE("ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿŁŃŅŇ"),
		 SLICE("āăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņň")},
		{SLICE("ŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"), SLICE("ŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżž")},
		{SLICE("ƁƂƆƎƏƠƯǄǅǍǞǴǶǷȘȚȠȺɁɎ"), SLICE("ɓƃɔǝəơưǆǆǎǟǵƕƿșțƞȺɂɏ")},
		{SLICE("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫ"), SLICE("αβγδεζηθικλμνξοπρστυφχψωϊϋ")},
		{SLICE("ΆΈΉΊΌΎΏςϘϺϽ"), SLICE("άέήίόύώσϙϻͻ")},
		{SLICE("ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"),
		 SLICE("ѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя")},
		{SLICE("ѠҀҊҐҾӀӁӍӐԮ"), SLICE("ѡҁҋґҿӏӂӎӑԯ")},
		{SLICE("ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ"),
		 SLICE("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ")},
		/* Their lower case is of another length: left alone. */
		{SLICE("İſıẞ\xe2\x84\xaa"), SLICE("İſıẞ\xe2\x84\xaa")},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct slice upper = pairs[i].upper, lower = pairs[i].lower;
		char folded[256];

		assert_int_equal(upper.n, lower.n);
		utf8_fold(upper, folded);
		assert_memory_equal(folded, lower.p, lower.n);
		utf8_fold(lower, folded);
		assert_memory_equal(folded, lower.p, lower.n);
		assert_true(utf8_fold_eq(upper, lower));
		assert_true(utf8_fold_eq(lower, upper));
	}
}

static void test_folding_in_place(void **state)
{
	char text[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ \xc3\x89 ABCDEFGHIJKLMNOP\xc3";
	size_t n = sizeof(text) - 1;

	(void)state;
	utf8_fold((struct slice){text, n}, text);
	assert_string_equal(text, "abcdefghijklmnopqrstuvwxyz \xc3\xa9 abcdefghijklmnop\xc3");
}

/* Every run of letters, wherever sixteen bytes at once begin and end. */
static void test_folding_at_any_place(void **state)
{
	static const struct slice upper = SLICE("AZ\xc3\x89[`@{z\xd0\x90\xce\xa9Q");
	static const struct slice lower = SLICE("az\xc3\xa9[`@{z\xd0\xb0\xcf\x89q");
	char from[160], to[160];

	(void)state;
	for (size_t before = 0; before < 80; before++) {
		for (size_t after = 0; after < 40; after++) {
			struct slice text = {from, before + upper.n + after};

			memset(from, 'M', sizeof(from));
			memcpy(from + before, upper.p, upper.n);
			utf8_fold(text, to);
			assert_memory_equal(to + before, lower.p, lower.n);
			for (size_t i = 0; i < text.n; i++) {
				if (i < before || i >= before + lower.n)
					assert_int_equal(to[i], 'm');
			}
		}
	}
}

static void test_fold_eq_across_pieces(void **state)
{
	char left[200], right[200];

	(void)state;
	for (size_t at = 0; at < 190; at++) {
		for (size_t n = at + 2; n <= 195; n += 31) {
			memset(left, 'x', sizeof(left));
			memset(right, 'X', sizeof(right));
			memcpy(left + at, "\xc3\xa9", 2);
			memcpy(right + at, "\xc3\x89", 2);
			assert_true(
				utf8_fold_eq((struct slice){left, n}, (struct slice){right, n}));
			assert_false(utf8_fold_eq((struct slice){left, n},
						  (struct slice){right, n - 1}));
			right[at + 1] = '\x88';
			assert_false(
				utf8_fold_eq((struct slice){left, n}, (struct slice){right, n}));
			right[at] = right[at + 1] = 'x';
			assert_false(
				utf8_fold_eq((struct slice){left, n}, (struct slice){right, n}));
			assert_false(
				utf8_fold_eq((struct slice){right, n}, (struct slice){left, n}));
		}
	}
	assert_true(utf8_fold_eq(SLICE_NONE, SLICE("")));
	assert_false(utf8_fold_eq(SLICE_NONE, SLICE("a")));
}

static void test_fold_eq_is_equality_of_folded_text(void **state)
{
	static const char alphabet[] = "aA\xc3\x89\xa9\xd0\x90\xb0 \xff";
	struct random random = {7};
	char a[140], b[140], folded_a[140], folded_b[140];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = 1 + random_below(&random, sizeof(a) - 1);

		for (size_t k = 0; k < n; k++)
			a[k] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
		utf8_fold((struct slice){a, n}, b);
		if (random_below(&random, 2))
			b[random_below(&random, (uint32_t)n)] =
				alphabet[random_below(&random, sizeof(alphabet) - 1)];
		utf8_fold((struct slice){a, n}, folded_a);
		utf8_fold((struct slice){b, n}, folded_b);
		assert_int_equal(utf8_fold_eq((struct slice){a, n}, (struct slice){b, n}),
				 memcmp(folded_a, folded_b, n) == 0);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width('\t'), 0);
	assert_int_equal(utf8_width(0x7f), 0);
	assert_int_equal(utf8_width(0x9b), 0);
	assert_int_equal(utf8_width(0xe9), 1);
	assert_int_equal(utf8_width(0x301), 0);
	assert_int_equal(utf8_width(0x200b), 0);
	assert_int_equal(utf8_width(0x4e2d), 2);
	assert_int_equal(utf8_width(0xac00), 2);
	assert_int_equal(utf8_width(0xff21), 2);
	assert_int_equal(utf8_width(0x1f600), 2);
	assert_int_equal(utf8_width(0x20000), 2);
	assert_int_equal(utf8_text_width(SLICE("ae\xcc\x81\xe4\xb8\xad!")), 5);
	assert_int_equal(utf8_text_width(SLICE("a\xff"
					       "b")),
			 3);
	assert_int_equal(utf8_text_width(SLICE_NONE), 0);
}

static void cuts(struct slice text, size_t max, size_t expected)
{
	assert_int_equal(utf8_cut(text, max).n, expected);
}

static void test_cut(void **state)
{
	(void)state;
	cuts(SLICE("abc"), 3, 3);
	cuts(SLICE("abc"), 2, 2);
	cuts(SLICE("\xc3\xa9\xc3\xa9"), 4, 4);
	cuts(SLICE("\xc3\xa9\xc3\xa9"), 3, 2);
	cuts(SLICE("a\xf0\x9f\x98\x80"), 4, 1);
	cuts(SLICE("a\xf0\x9f\x98\x80"), 1, 1);
	cuts(SLICE("\xc3\xa9"), 0, 0);
	cuts(SLICE("\xe4\xb8\xad"), 2, 0);
	/* Malformed, it loses no more than a character may have. */
	cuts(SLICE("abc\x80\x80\x80\x80\x80\x80"), 8, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_folding_keeps_length_and_is_done_once),
		cmocka_unit_test(test_folding_pairs),
		cmocka_unit_test(test_folding_in_place),
		cmocka_unit_test(test_folding_at_any_place),
		cmocka_unit_test(test_fold_eq_across_pieces),
		cmocka_unit_test(test_fold_eq_is_equality_of_folded_text),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
