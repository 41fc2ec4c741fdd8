/* SPDX-License-Identifier: MIT
 *
 * A line as words: what each sort of word says, where errors are, and that no line, however
 * hostile, is read beyond its end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "random.h"

static struct platen_words *words;
static struct platen_line line;
static struct platen_text_error error;

static int setup(void **state)
{
    (void)state;
    words = platen_words_new();
    return words == NULL;
}

static int teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    return 0;
}

/* In memory of exactly that size, so that a step beyond it is seen. */
static bool read_all(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    char *exact = realloc(copy, length > 0 ? length : 1);
    assert_non_null(exact);
    static char *last;
    free(last);
    last = exact; /* words point into it */
    error = (struct platen_text_error){.line = 0};
    return platen_words_read(words, exact, length, 7, &line, &error);
}

static void reads(const char *text)
{
    if (!read_all(text, strlen(text))) {
        fail_msg("%s: %u:%u: %s", text, error.line, error.column, error.what);
    }
    assert_int_equal(line.number, 7);
}

static void fails_at(const char *text, size_t length, uint32_t column, const char *what)
{
    if (read_all(text, length)) {
        fail_msg("%s: read, but it is wrong", text);
    }
    assert_int_equal(error.line, 7);
    if (error.column != column || strstr(error.what, what) == NULL) {
        fail_msg("%s: %u: %s; expected %u: %s", text, error.column, error.what, column, what);
    }
    assert_null(line.left);
    assert_null(line.right);
}

static void fails(const char *text, uint32_t column, const char *what)
{
    fails_at(text, strlen(text), column, what);
}

static void is(const struct platen_word *word, enum platen_word_kind kind, const char *at)
{
    assert_non_null(word);
    assert_int_equal(word->kind, kind);
    assert_int_equal(word->length, strlen(at));
    assert_memory_equal(word->at, at, strlen(at));
}

static void named(const struct platen_word *word, const char *name)
{
    assert_non_null(word);
    assert_int_equal(word->name_length, strlen(name));
    assert_memory_equal(word->name, name, strlen(name));
}

/* ---- shapes ---------------------------------------------------------------------------------- */

static void a_call(void **state)
{
    (void)state;
    reads(
        "LPT1:     WritePort hPort=$port1 pBuffer=\"a\\n\" cbBuf=2 -> TRUE pcbWritten=1..2 # x\n");
    const struct platen_word *word = line.left;
    is(word, PLATEN_WORD_BARE, "LPT1:");
    assert_int_equal(word->column, 1);
    assert_null(word->name);
    is(word = word->next, PLATEN_WORD_BARE, "WritePort");
    assert_int_equal(word->column, 11);
    named(word = word->next, "hPort");
    is(word, PLATEN_WORD_NAME, "port1");
    named(word = word->next, "pBuffer");
    is(word, PLATEN_WORD_TEXT, "a\\n");
    assert_int_equal(word->raw_length, 5);
    is(word = word->next, PLATEN_WORD_BARE, "2");
    assert_null(word->next);
    assert_int_equal(line.depth, 2);
    assert_int_equal(line.arrow, 56);
    is(line.right, PLATEN_WORD_BARE, "TRUE");
    is(line.right->next, PLATEN_WORD_BARE, "1..2");
    assert_null(line.right->next->next);
    assert_int_equal(platen_word_count(line.left), 5);
    assert_ptr_equal(platen_word_named(line.left, "cbBuf"), word);
    assert_null(platen_word_named(line.left, "cbBu"));
}

static void a_verb(void **state)
{
    (void)state;
    reads("  job \"LPT1:\" file C:\\x/doc.ps file-root=/tmp -5 ~x -> printed|\"x y\"|~\"a*\"\r\n");
    const struct platen_word *word = line.left;
    is(word, PLATEN_WORD_BARE, "job");
    assert_int_equal(word->column, 3);
    is(word = word->next, PLATEN_WORD_TEXT, "LPT1:");
    is(word = word->next, PLATEN_WORD_BARE, "file");
    is(word = word->next, PLATEN_WORD_BARE, "C:\\x/doc.ps");
    is(word = word->next, PLATEN_WORD_BARE, "/tmp");
    named(word, "file-root");
    is(word = word->next, PLATEN_WORD_BARE, "-5");
    is(word->next, PLATEN_WORD_BARE, "~x");
    word = line.right;
    is(word, PLATEN_WORD_BARE, "printed");
    assert_memory_equal(word->raw, "printed|\"x y\"|~\"a*\"", word->raw_length);
    is(word = word->either, PLATEN_WORD_TEXT, "x y");
    assert_int_equal(word->raw_length, 5);
    is(word = word->either, PLATEN_WORD_GLOB, "a*");
    assert_null(word->either);
}

static void structures(void **state)
{
    (void)state;
    reads("x={a=1 b={} c=[ \"p\" {...} ...]} y=monitor:$pm{cbSize=152 ReadPort=NULL}!odd z={...}");
    const struct platen_word *x = line.left, *inside = x->inside;
    is(x, PLATEN_WORD_FIELDS, "");
    named(inside, "a");
    named(inside = inside->next, "b");
    is(inside, PLATEN_WORD_FIELDS, "");
    assert_null(inside->inside);
    named(inside = inside->next, "c");
    assert_int_equal(inside->kind, PLATEN_WORD_ROWS);
    is(inside->inside, PLATEN_WORD_TEXT, "p");
    assert_int_equal(inside->inside->next->kind, PLATEN_WORD_OMITTED);
    is(inside->inside->next->next, PLATEN_WORD_OMITTED, "...");
    is(x = x->next, PLATEN_WORD_FIELDS, "monitor:$pm");
    named(x->inside->next, "ReadPort");
    named(x->attributes, "odd");
    assert_int_equal(x->next->kind, PLATEN_WORD_OMITTED);
}

static void streams_and_attributes(void **state)
{
    (void)state;
    reads(
        "@doc1[65536+4096] @b-1.x a=!short=20!guard b= c=<12 bytes> <12 byte d=\"x\"!poison|NULL");
    const struct platen_word *word = line.left;
    is(word, PLATEN_WORD_STREAM, "doc1");
    assert_true(word->offset == 65536 && word->count == 4096);
    is(word = word->next, PLATEN_WORD_STREAM, "b-1.x");
    assert_true(word->offset == 0 && word->count == UINT64_MAX);
    is(word = word->next, PLATEN_WORD_NONE, "");
    named(word->attributes, "short");
    is(word->attributes, PLATEN_WORD_BARE, "20");
    named(word->attributes->next, "guard");
    is(word->attributes->next, PLATEN_WORD_NONE, "");
    word = word->next;
    named(word, "b");
    assert_int_equal(word->kind, PLATEN_WORD_NONE);
    assert_int_equal(word->raw_length, 0);
    word = word->next;
    assert_int_equal(word->kind, PLATEN_WORD_LENGTH);
    assert_true(word->count == 12);
    is(word = word->next, PLATEN_WORD_BARE, "<12");
    is(word = word->next, PLATEN_WORD_BARE, "byte");
    named(word = word->next, "d");
    named(word->attributes, "poison");
    is(word->either, PLATEN_WORD_BARE, "NULL");
}

static void blocks_and_comments(void **state)
{
    (void)state;
    reads("repeat 3 as $i {  # three times");
    assert_int_equal(line.opens, 16);
    assert_int_equal(platen_word_count(line.left), 4);
    reads("parallel {");
    assert_int_equal(line.opens, 10);
    reads("  }  # done");
    assert_int_equal(line.closes, 3);
    assert_null(line.left);
    reads("");
    assert_null(line.left);
    reads("   # only \xc3\xa4 comment");
    assert_null(line.left);
    reads("a#b #c");
    is(line.left, PLATEN_WORD_BARE, "a#b");
    assert_null(line.left->next);
    reads("-> TRUE");
    assert_null(line.left);
    is(line.right, PLATEN_WORD_BARE, "TRUE");
    reads("x ->");
    assert_int_equal(line.arrow, 3);
    assert_null(line.right);
    reads("a\tb");
    is(line.left->next, PLATEN_WORD_BARE, "b");
}

/* ---- what words say -------------------------------------------------------------------------- */

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool number;
        uint64_t value;
    } cases[] = {{"0", true, 0},
                 {"18446744073709551615", true, UINT64_MAX},
                 {"18446744073709551616", false, 0},
                 {"0x1F", true, 31},
                 {"0xffffffffffffffff", true, UINT64_MAX},
                 {"0x10000000000000000", false, 0},
                 {"0x", false, 0},
                 {"1x", false, 0},
                 {"-1", false, 0},
                 {"\"1\"", false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 77;
        reads(cases[i].text);
        assert_int_equal(platen_word_number(line.left, &value), cases[i].number);
        assert_true(!cases[i].number || value == cases[i].value);
    }
    int64_t negative = 0;
    reads("-5 -9223372036854775808 9223372036854775807 -9223372036854775809");
    assert_true(platen_word_signed(line.left, &negative) && negative == -5);
    assert_true(platen_word_signed(line.left->next, &negative) && negative == INT64_MIN);
    assert_true(platen_word_signed(line.left->next->next, &negative) && negative == INT64_MAX);
    assert_false(platen_word_signed(line.left->next->next->next, &negative));
}

static void seconds(void **state)
{
    (void)state;
    uint64_t time = 0;
    reads("1.5 0.000000250 7 at=2.000000001 1.0000000001 x .5 1.");
    const struct platen_word *word = line.left;
    assert_true(platen_word_seconds(word, &time) && time == 1500000000);
    assert_true(platen_word_seconds(word = word->next, &time) && time == 250);
    assert_true(platen_word_seconds(word = word->next, &time) && time == 7000000000);
    assert_true(platen_word_seconds(word = word->next, &time) && time == 2000000001);
    for (word = word->next; word != NULL; word = word->next) {
        assert_false(platen_word_seconds(word, &time));
    }
}

static void bits(void **state)
{
    (void)state;
    const char *kind;
    size_t length;
    uint64_t value = 0;
    reads("port:0x501 :0x1 port:12 port:0x port");
    assert_true(platen_word_bits(line.left, &kind, &length, &value));
    assert_true(value == 0x501 && length == 4 && memcmp(kind, "port", 4) == 0);
    assert_true(platen_word_bits(line.left->next, &kind, &length, &value) && length == 0);
    for (const struct platen_word *word = line.left->next->next; word != NULL; word = word->next) {
        assert_false(platen_word_bits(word, &kind, &length, &value));
    }
}

static void text_says(const char *text, const char16_t *units, size_t count, const char *bytes,
                      size_t size)
{
    char16_t wide[32];
    char narrow[64];
    reads(text);
    assert_int_equal(platen_word_text16(line.left, NULL, 0), count);
    assert_int_equal(platen_word_text16(line.left, wide, 32), count);
    assert_memory_equal(wide, units, count * sizeof *units);
    assert_int_equal(platen_word_bytes(line.left, NULL, 0), size);
    assert_int_equal(platen_word_bytes(line.left, narrow, sizeof narrow), size);
    assert_memory_equal(narrow, bytes, size);
    for (size_t cut = 0; cut < size; cut++) {
        memset(narrow, 'Z', sizeof narrow);
        assert_int_equal(platen_word_bytes(line.left, narrow, cut), size);
        assert_memory_equal(narrow, bytes, cut);
        assert_int_equal(narrow[cut], 'Z');
    }
}

static void texts(void **state)
{
    (void)state;
    static const char16_t lone[] = {u'a', 0xd800, 0xdc01, 0x1b, 0xe4};
    text_says("\"\"", u"", 0, "", 0);
    text_says("\"a\\n\\r\\t\\\"\\\\b\"", u"a\n\r\t\"\\b", 7, "a\n\r\t\"\\b", 7);
    text_says("\"ä€🖨\"", u"ä€🖨", 4, "ä€🖨", 9);
    text_says("\"a\\u{d800}\\u{DC01}\\x1b\\xE4\"", lone, 5, "a\xed\xa0\x80\xed\xb0\x81\x1b\xe4", 9);
    text_says("\"\\x00\\u{0}\\x00\"", u"\0\0\0", 3, "\0\0\0", 3);
    text_says("\"\\u{1f5a8}\"", u"🖨", 2, "🖨", 4);
    text_says("a\\nb", u"a\\nb", 4, "a\\nb", 4); /* no escapes in bare words */
    text_says("~\"*\\x41\"", u"*A", 2, "*A", 2);
    text_says("$x", u"", 0, "", 0);
}

static void strings(void **state)
{
    (void)state;
    reads("\"ä\\xe4\\u{d83d}\\u{dda8}\\u{d800}\" bare \"a\\x00b\" $x");
    const struct platen_word *word = line.left;
    assert_string_equal(platen_word_string(words, word, &error), "ää🖨\xed\xa0\x80");
    assert_string_equal(platen_word_string(words, word = word->next, &error), "bare");
    assert_null(platen_word_string(words, word = word->next, &error));
    assert_non_null(strstr(error.what, "NUL"));
    assert_int_equal(error.column, word->column);
    assert_null(platen_word_string(words, word->next, &error));
    assert_non_null(strstr(error.what, "text"));
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void errors(void **state)
{
    (void)state;
    fails("x \"abc", 3, "does not end");
    fails("x \"abc\\\"", 3, "does not end");
    fails("x=\"a\\q\"", 5, "no such escape");
    fails("\"ä\\x4\"", 3, "hexadecimal");
    fails("\"\\u{110000}\"", 2, "\\u wants");
    fails("\"\\u{}\"", 2, "\\u wants");
    fails("\"\\ud800\"", 2, "\\u wants");
    fails("a={b=1", 3, "this { has no }");
    fails("a=[b", 3, "this [ has no ]");
    fails("a={b]", 5, "] stands here");
    fails("a b }", 5, "ends nothing");
    fails("a ]", 3, "ends nothing");
    fails("} else", 3, "nothing can follow");
    fails("a -> b -> c", 8, "second ->");
    fails("a ->b", 5, "blank is missing");
    fails("\"a\"b", 4, "blank is missing");
    fails("$", 2, "name is missing");
    fails("@ x", 2, "name is missing");
    fails("a=|b", 3, "value is missing");
    fails("a=b|", 5, "value is missing");
    fails("a=b! c", 5, "name is missing");
    fails("a=b!short= c", 11, "value is missing");
    fails("@a[5]", 5, "[offset+length]");
    fails("@a[+5]", 4, "number is missing");
    fails("@a[5+6", 7, "wants its ]");
    fails("@a[99999999999999999999+1]", 23, "too large");
    fails("@a[18446744073709551615+1]", 27, "too long");
    fails("a[b]", 2, "blank is missing");
    fails_at("a\0b", 3, 2, "control character 0x00");
    fails("a\x1b[2J", 2, "control character 0x1b");
    fails("\"a\nb\"", 3, "control character 0x0a");
    fails("\"a\tb\"", 3, "control character 0x09");
    fails("x \x7f", 3, "control character 0x7f");
    fails("# \x01", 3, "control character 0x01");
    fails("ä\xff", 2, "0xff is no UTF-8");
    fails("\"\xc3\"", 2, "0xc3 is no UTF-8");
    fails("x=\xed\xa0\x80", 3, "0xed is no UTF-8");
    fails("x=\xc0\x80", 3, "0xc0 is no UTF-8");
    fails("x=\xe2\x80\xae", 3, "U+202E cannot be seen");
    fails("\"\xc2\x9b\"", 2, "U+009B cannot be seen");
    fails("\xef\xbb\xbfx", 1, "U+FEFF cannot be seen");
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[2 * PLATEN_WORDS_DEEP + 20];
    memset(text, '[', sizeof text);
    text[0] = 'a';
    text[1] = '=';
    fails_at(text, sizeof text, 3 + PLATEN_WORDS_DEEP, "too many braces");
    memset(text + 2, '[', PLATEN_WORDS_DEEP);
    memset(text + 2 + PLATEN_WORDS_DEEP, ']', PLATEN_WORDS_DEEP);
    assert_true(read_all(text, 2 + 2 * PLATEN_WORDS_DEEP));
}

static void errors_are_cut_at_characters(void **state)
{
    (void)state;
    struct platen_text_error cut;
    char text[400];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'a', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) {
            memcpy(text + i, "€\0", 4);
        }
        assert_false(platen_text_fail(&cut, 1, 2, "%s", text));
        size_t length = strlen(cut.what);
        assert_int_equal((length - shift) % 3, 0);
        assert_true(length + 4 >= sizeof cut.what);
        assert_memory_equal(cut.what, text, length);
    }
    assert_false(platen_text_fail(NULL, 1, 2, "%s", "x"));
}

/* ---- anything -------------------------------------------------------------------------------- */

/* Every slice lies in the line. */
static void lies_within(const struct platen_word *word, const char *begin, size_t length,
                        unsigned *count)
{
    for (; word != NULL; word = word->next) {
        uintptr_t at = (uintptr_t)word->raw, from = (uintptr_t)begin;
        ++*count;
        assert_true(word->raw == NULL || (at >= from && at + word->raw_length <= from + length));
        at = (uintptr_t)word->at;
        assert_true(word->at == NULL || (at >= from && at + word->length <= from + length));
        lies_within(word->inside, begin, length, count);
        lies_within(word->attributes, begin, length, count);
        lies_within(word->either, begin, length, count);
    }
}

static void anything_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "\"",      "\\",       "\\x4", "\\u{",     "}",    "{",        "[",    "]",  "|",
        "!short=", "!odd",     "$a",   "@b[",      "0+",   "->",       " ",    "  ", "#",
        "...",     "a=",       "~",    "\xc3\xa4", "\xff", "\0",       "NULL", "<",  "<1 bytes>",
        "{...}",   "port:0x1", "1..2", "sha256:",  "\t",   "WritePort"};
    const uint64_t seed = test_seed();
    uint64_t random = seed;
    char text[400];
    const unsigned rounds = test_rounds(40000);
    for (unsigned round = 0; round < rounds; round++) {
        size_t length = 0;
        while (test_random(&random) % 12 != 0 && length + 16 < sizeof text) {
            if (test_random(&random) % 4 == 0) {
                text[length++] = (char)test_random(&random);
                continue;
            }
            const char *piece = pieces[test_random(&random) % (sizeof pieces / sizeof *pieces)];
            size_t size = *piece == '\0' ? 1 : strlen(piece);
            memcpy(text + length, piece, size);
            length += size;
        }
        unsigned count = 0;
        if (!read_all(text, length) &&
            (error.what[0] == '\0' || error.column == 0 || error.column > length + 1)) {
            fail_msg("seed %llu, round %u: no good error", (unsigned long long)seed, round);
        }
        if (line.left != NULL) {
            lies_within(line.left, line.left->name ? line.left->name : line.left->raw, length,
                        &count);
        }
        assert_true(count <= 2 * length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call),
        cmocka_unit_test(a_verb),
        cmocka_unit_test(structures),
        cmocka_unit_test(streams_and_attributes),
        cmocka_unit_test(blocks_and_comments),
        cmocka_unit_test(numbers),
        cmocka_unit_test(seconds),
        cmocka_unit_test(bits),
        cmocka_unit_test(texts),
        cmocka_unit_test(strings),
        cmocka_unit_test(errors),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(errors_are_cut_at_characters),
        cmocka_unit_test(anything_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
