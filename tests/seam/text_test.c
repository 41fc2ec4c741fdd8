/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "os/text.h"

#define ROUNDS 20000

/* What the fold table comes to, reckoned apart from it. */
#define SEAM_FOLDED    1163u
#define SEAM_FOLD_HASH UINT64_C(0xcb8be776221b574c)

/* xorshift: the same texts on every system and in every run. */
static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t random_below(uint32_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32) % limit;
}

static char16_t random_unit(void)
{
    switch (random_below(6)) {
    case 0:
        return (char16_t)(0xD800 + random_below(0x400));
    case 1:
        return (char16_t)(0xDC00 + random_below(0x400));
    case 2:
        return (char16_t)(1 + random_below(0xFFFF));
    case 3:
        return (char16_t)(0x80 + random_below(0x780));
    default:
        return (char16_t)(1 + random_below(0x7F));
    }
}

static size_t random_text(char16_t *text, size_t size)
{
    size_t length = random_below((uint32_t)size);
    for (size_t i = 0; i < length; i++)
        text[i] = random_unit();
    text[length] = 0;
    return length;
}

static void test_any_utf16_survives(void **state)
{
    char16_t text[40], back[40];
    char bytes[200];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t length = random_text(text, 40);
        size_t needed = platen_text_to8(text, SIZE_MAX, bytes, sizeof bytes);
        assert_true(needed < sizeof bytes);
        assert_int_equal(strlen(bytes), needed);
        assert_int_equal(platen_text_to16(bytes, SIZE_MAX, back, 40), length);
        assert_memory_equal(text, back, (length + 1) * sizeof *text);
    }
}

static void test_every_unit_survives(void **state)
{
    (void)state;
    for (uint32_t unit = 0; unit <= 0xFFFF; unit++) {
        char16_t text[] = {(char16_t)unit}, back[3];
        char bytes[5];
        size_t needed = platen_text_to8(text, 1, bytes, sizeof bytes);
        assert_int_equal(needed, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
        assert_int_equal(platen_text_to16(bytes, needed, back, 3), 1);
        assert_int_equal(back[0], unit);
        assert_int_equal(platen_text_is_utf8(bytes, needed), unit < 0xD800 || unit > 0xDFFF);
    }
}

static void test_characters_beyond_the_basic_plane(void **state)
{
    static const char16_t wide[] = {0xD83D, 0xDE00, 0xDBFF, 0xDFFF, 0xD800, 0xDC00, 0};
    static const char bytes[] = "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\xF0\x90\x80\x80";
    char narrow[16];
    char16_t back[8];

    (void)state;
    assert_int_equal(platen_text_to8(wide, SIZE_MAX, narrow, sizeof narrow), 12);
    assert_string_equal(narrow, bytes);
    assert_int_equal(platen_text_to16(bytes, SIZE_MAX, back, 8), 6);
    assert_memory_equal(back, wide, sizeof wide);
    assert_true(platen_text_is_utf8(bytes, 12));
}

/* What was written is the beginning of the whole, ends between characters, and has its NUL. */
static void test_cut_to_bytes(void **state)
{
    char16_t text[24];
    char whole[128], cut[128];

    (void)state;
    for (int round = 0; round < ROUNDS / 20; round++) {
        random_text(text, 24);
        size_t needed = platen_text_to8(text, SIZE_MAX, whole, sizeof whole);
        assert_int_equal(platen_text_to8(text, SIZE_MAX, NULL, 0), needed);
        for (size_t size = 1; size <= needed + 1; size++) {
            memset(cut, '#', sizeof cut);
            assert_int_equal(platen_text_to8(text, SIZE_MAX, cut, size), needed);
            size_t length = strlen(cut);
            assert_true(length < size && length + 4 >= (size <= needed ? size : length));
            assert_memory_equal(cut, whole, length);
            assert_true((whole[length] & 0xC0) != 0x80);
            assert_int_equal(cut[size], '#');
        }
    }
}

static void test_cut_to_units(void **state)
{
    static const char text[] = "a\xC3\xA4\xF0\x9F\x98\x80z";
    static const char16_t whole[] = {'a', 0xE4, 0xD83D, 0xDE00, 'z', 0};
    static const size_t lengths[] = {0, 0, 1, 2, 2, 4, 5};

    (void)state;
    assert_int_equal(platen_text_to16(text, SIZE_MAX, NULL, 0), 5);
    for (size_t size = 1; size <= 6; size++) {
        char16_t cut[8] = {1, 1, 1, 1, 1, 1, 1, 1};
        assert_int_equal(platen_text_to16(text, SIZE_MAX, cut, size), 5);
        assert_int_equal(platen_text_length16(cut, 8), lengths[size]);
        assert_memory_equal(cut, whole, lengths[size] * sizeof *cut);
        assert_int_equal(cut[size], 1);
    }
}

/* A character at every place of texts of every length: the ways for ASCII take several at once. */
static void test_runs_of_ascii(void **state)
{
    char text[48], back[48];
    char16_t wide[48];

    (void)state;
    for (size_t length = 2; length < 40; length++) {
        for (size_t at = 0; at + 2 <= length; at++) {
            memset(text, 'a', length);
            memcpy(text + at, "\xC3\xBC", 2);
            text[length] = 0;
            assert_int_equal(platen_text_to16(text, SIZE_MAX, wide, 48), length - 1);
            assert_int_equal(wide[at], 0xFC);
            assert_int_equal(platen_text_to8(wide, SIZE_MAX, back, 48), length);
            assert_string_equal(text, back);
            assert_true(platen_text_is_utf8(text, length));
            text[at + 1] = 'a';
            assert_false(platen_text_is_utf8(text, length));
        }
    }
}

static void assert_units(const char *bytes, size_t length, const char16_t *units)
{
    char16_t wide[32];
    size_t count = platen_text_length16(units, 32);

    assert_int_equal(platen_text_to16(bytes, length, wide, 32), count);
    assert_memory_equal(wide, units, (count + 1) * sizeof *units);
    assert_false(platen_text_is_utf8(bytes, length));
}

/* The examples of the Unicode Standard, 3.9, for "maximal subparts". */
static void test_what_is_no_utf8(void **state)
{
    (void)state;
    assert_units("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9,
                 u"\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD"
                 u"A");
    assert_units("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9,
                 u"\xFFFD\xFFFD\xFFFD\xFFFD\xFFFD"
                 u"A\xFFFD\xFFFD"
                 u"B");
    assert_units("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9,
                 u"\xFFFD\xFFFD\xFFFD\xFFFD"
                 u"A");
    assert_units("a\xC3", 2, u"a\xFFFD");
    assert_units("\xF0\x9F\x98", 3, u"\xFFFD");
    assert_units("\xED\xA0\x80", 3, u"\xD800");
}

static bool is_valid(unsigned a, unsigned b, unsigned c, unsigned d, size_t length)
{
    char bytes[4] = {(char)a, (char)b, (char)c, (char)d};
    return platen_text_is_utf8(bytes, length);
}

/* There are as many sequences of each length as characters that need it. */
static void test_how_much_is_utf8(void **state)
{
    unsigned two = 0, three = 0, four = 0;

    (void)state;
    for (unsigned a = 0x80; a < 0x100; a++) {
        for (unsigned b = 0; b < 0x100; b++) {
            two += is_valid(a, b, 0, 0, 2);
            four += is_valid(a, b, 0x80, 0xBF, 4);
            for (unsigned c = 0x80; c < 0x100; c++)
                three += is_valid(a, b, c, 0, 3);
        }
    }
    assert_int_equal(two, 0x800 - 0x80);
    assert_int_equal(three, 0x10000 - 0x800 - 0x800);
    assert_int_equal(four, (0x110000 - 0x10000) / 0x1000);
    assert_true(platen_text_is_utf8("a\0b", 3));
    assert_true(platen_text_is_utf8("", 0));
}

static void test_lengths(void **state)
{
    static const char16_t text[] = u"abc";

    (void)state;
    assert_int_equal(platen_text_length16(text, SIZE_MAX), 3);
    assert_int_equal(platen_text_length16(text, 2), 2);
    assert_int_equal(platen_text_length16(text, 0), 0);
    assert_int_equal(platen_text_length16(u"", 9), 0);
}

static void test_new_texts(void **state)
{
    static const char16_t wide[] = {'a', 0, 0xE4, 0};
    char *narrow = platen_text_new8(wide, 3);
    char16_t *back, *copy = platen_text_copy16(wide, SIZE_MAX);

    (void)state;
    assert_memory_equal(narrow, "a\0\xC3\xA4", 5);
    back = platen_text_new16(narrow, 4);
    assert_memory_equal(back, wide, sizeof wide);
    assert_memory_equal(copy, u"a", 4);
    free(copy);
    copy = platen_text_copy16(wide, 3);
    assert_memory_equal(copy, wide, sizeof wide);
    free(copy);
    free(back);
    free(narrow);
    assert_null(platen_text_new8(NULL, SIZE_MAX));
    assert_null(platen_text_new16(NULL, SIZE_MAX));
    assert_null(platen_text_copy16(NULL, 4));
}

/* The table is a promise: names that were equal stay equal. */
static void test_the_fold_of_every_unit(void **state)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    unsigned folded = 0;

    (void)state;
    for (uint32_t unit = 0; unit <= 0xFFFF; unit++) {
        char16_t fold = platen_text_fold((char16_t)unit);
        hash = (hash ^ fold) * UINT64_C(0x100000001b3);
        folded += fold != unit;
        assert_int_equal(platen_text_fold(fold), fold);
        if (unit < 0x80)
            assert_int_equal(fold, unit >= 'a' && unit <= 'z' ? unit - 32 : unit);
        else
            assert_true(fold >= 0x80);
        if (unit >= 0xD800 && unit <= 0xF8FF)
            assert_int_equal(fold, unit);
    }
    assert_int_equal(folded, SEAM_FOLDED);
    assert_true(hash == SEAM_FOLD_HASH);
}

static void test_folds_that_people_know(void **state)
{
    static const char16_t rows[][2] = {
        {0xE4, 0xC4},     {0xFF, 0x178},    {0x3C9, 0x3A9},   {0x44F, 0x42F},   {0x561, 0x531},
        {0x24D0, 0x24B6}, {0xFF41, 0xFF21}, {0x1F80, 0x1F88}, {0x2C65, 0x23A},  {0x10D0, 0x1C90},
        {0xDF, 0xDF},     {0x131, 0x131},   {0x17F, 0x17F},   {0xB5, 0xB5},     {0x3C2, 0x3C2},
        {0x1C5, 0x1C5},   {0x149, 0x149},   {0x130, 0x130},   {0x212A, 0x212A}, {0xFB00, 0xFB00},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(platen_text_fold(rows[i][0]), rows[i][1]);
}

static void test_comparing(void **state)
{
    (void)state;
    assert_true(platen_text_compare_folded(u"abc", u"ABD") < 0);
    assert_true(platen_text_compare_folded(u"abd", u"ABC") > 0);
    assert_true(platen_text_compare_folded(u"ab", u"ABC") < 0);
    assert_true(platen_text_compare_folded(u"abc", u"AB") > 0);
    assert_int_equal(platen_text_compare_folded(u"L\xE4rm", u"l\xC4RM"), 0);
    assert_true(platen_text_equal_folded(u"", u""));
    assert_false(platen_text_equal_folded(u"a", u""));
    assert_true(platen_text_equal_folded8("lpt1:", "LPT1:"));
    assert_true(platen_text_equal_folded8("\xE2\xB1\xA5x", "\xC8\xBAX"));
    assert_true(platen_text_equal_folded8("\xF0\x9F\x98\x80", "\xED\xA0\xBD\xED\xB8\x80"));
    assert_false(platen_text_equal_folded8("\xF0\x9F\x98\x80", "\xF0\x9F\x98\x81"));
    assert_false(platen_text_equal_folded8("a", "ab"));
    assert_false(platen_text_equal_folded8("ab", "a"));
}

/* Equal ones share a hash; that others do not is a matter of luck, which is fixed here. */
static void test_hashes(void **state)
{
    char16_t name[] = u"Printer \xE4 on port 000", other[sizeof name / sizeof *name];
    uint64_t low[32] = {0};

    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        for (size_t at = 0; at < sizeof name / sizeof *name; at++)
            other[at] = platen_text_fold(name[at]);
        uint64_t hash = platen_text_hash_folded(name);
        assert_true(hash == platen_text_hash_folded(other));
        low[hash % 32]++;
        assert_true(hash >> 32 != 0);
        name[19] = (char16_t)('0' + i / 16);
        name[20] = (char16_t)('A' + i % 16);
    }
    for (size_t i = 0; i < 32; i++)
        assert_true(low[i] > 0 && low[i] < 24);
}

static void assert_printable(const char *from, size_t length, const char *expected)
{
    char to[128];

    assert_int_equal(platen_text_printable(from, length, to, sizeof to), strlen(expected));
    assert_string_equal(to, expected);
}

static void test_what_a_terminal_would_obey_is_escaped(void **state)
{
    (void)state;
    assert_printable("plain \xC3\xA4\\ %n", SIZE_MAX, "plain \xC3\xA4\\ %n");
    assert_printable("\x1b[2J\n\r\t\x07", SIZE_MAX, "\\x1b[2J\\n\\r\\t\\x07");
    assert_printable("a\0b\x7f", 4, "a\\x00b\\x7f");
    assert_printable("\xC2\x9B\xC2\x85\xC2\xA0", SIZE_MAX, "\\u009b\\u0085\xC2\xA0");
    assert_printable("\xE2\x80\xAE\xE2\x80\xA8\xE2\x81\xA6\xE2\x80\x8E\xD8\x9C", SIZE_MAX,
                     "\\u202e\\u2028\\u2066\\u200e\\u061c");
    assert_printable("\xFF\xC3(\xE2\x82", SIZE_MAX, "\\xff\\xc3(\\xe2\\x82");
    assert_printable("\xED\xA0\x80", SIZE_MAX, "\\ud800");
    assert_printable("\xF0\x9F\x98\x80\xEF\xBF\xBD", SIZE_MAX, "\xF0\x9F\x98\x80\xEF\xBF\xBD");
}

static void test_no_escape_is_cut(void **state)
{
    static const char *const cuts[] = {NULL, "", "a", "a", "a", "a", "a\\x1b", "a\\x1b\xC3\xA4"};

    (void)state;
    assert_int_equal(platen_text_printable("a\x1b\xC3\xA4", SIZE_MAX, NULL, 0), 7);
    for (size_t size = 1; size < 7; size++) {
        char to[16];
        assert_int_equal(platen_text_printable("a\x1b\xC3\xA4", SIZE_MAX, to, size), 7);
        assert_string_equal(to, cuts[size]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_utf16_survives),
        cmocka_unit_test(test_every_unit_survives),
        cmocka_unit_test(test_characters_beyond_the_basic_plane),
        cmocka_unit_test(test_cut_to_bytes),
        cmocka_unit_test(test_cut_to_units),
        cmocka_unit_test(test_runs_of_ascii),
        cmocka_unit_test(test_what_is_no_utf8),
        cmocka_unit_test(test_how_much_is_utf8),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_new_texts),
        cmocka_unit_test(test_the_fold_of_every_unit),
        cmocka_unit_test(test_folds_that_people_know),
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_what_a_terminal_would_obey_is_escaped),
        cmocka_unit_test(test_no_escape_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
