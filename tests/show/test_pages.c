/* SPDX-License-Identifier: MIT */
/* Numbers of pages, by the parsers of this house. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UEL "\033%-12345X"

/* A document as a literal that may hold NUL, its pages, its sheets, and whether it is cut off. */
struct row {
    const char *bytes;
    size_t size;
    uint64_t pages;
    uint64_t printed;
    bool cut_off;
};

#define ROW(literal, pages, printed, cut_off)                                                      \
    {                                                                                              \
        literal, sizeof(literal) - 1, pages, printed, cut_off                                      \
    }

static void check_row(const struct row *row, size_t number, enum platen_show_language language)
{
    struct platen_show_document d = identify(row->bytes, row->size);
    char is[160];
    char expected[160];
    snprintf(is, sizeof is, "row %u: %s, %s, %u pages, %u printed, cut off %d", (unsigned)number,
             platen_show_language_name(d.language), platen_show_pages_from_key(d.pages_from),
             (unsigned)d.pages, (unsigned)d.printed, d.cut_off);
    snprintf(expected, sizeof expected, "row %u: %s, counted, %u pages, %u printed, cut off %d",
             (unsigned)number, platen_show_language_name(language), (unsigned)row->pages,
             (unsigned)row->printed, row->cut_off);
    assert_string_equal(is, expected);
}

static void check(const struct row *rows, size_t count, enum platen_show_language language)
{
    for (size_t i = 0; i < count; i++) {
        check_row(&rows[i], i, language);
    }
}

static const struct row pcl5[] = {
    ROW("\033E", 0, 0, false),
    ROW("\033E\033E", 0, 0, false),
    ROW("\033Eone\033E", 1, 1, false),
    ROW("\033Eone", 1, 1, false),
    ROW("\033Eone\f", 1, 1, false),
    ROW("\033Eone\f\033E", 1, 1, false),
    ROW("\033E\f\f", 2, 2, false),
    ROW("\033Eone\ftwo\033E", 2, 2, false),
    ROW("\033E\033*b4W\f\f\f\f\033E", 1, 1, false),
    ROW("\033E\033*b3v\f\f\f4WABC\f\033E", 1, 1, false),
    ROW("\033E\033&p4X\f\f\f\f\033E", 1, 1, false),
    ROW("\033E\033(s4W\f\f\f\f\033)s2W\f\f\033*c2W\f\f\033E", 0, 0, false),
    ROW("\033E\033*b0W\033E", 0, 0, false),
    ROW("\033E\033*b9Wshort", 1, 1, true),
    ROW("\033E\033*b99999999999999999999W\f", 1, 1, true),
    ROW("\033E\033*b-5W\f\f", 2, 2, false),
    ROW("\033Eone\033&l1Otwo", 2, 2, false),
    ROW("\033E\033&l1O\033&l26Aone", 1, 1, false),
    ROW("\033E\033&l3Xone\ftwo\f\033E\033&l0Hone\f", 3, 7, false),
    ROW("\033E\033*c100a100b0P\033E", 1, 1, false),
    ROW("\033E\033Y\f\f\033Z\f", 1, 1, false),
    ROW("\033E\033%0BPD\f\f1,1;\033%0A\f", 1, 1, false),
    ROW("\033E\033&f0Xmacro\f\f\033&f1X\033&f2X\033E", 1, 1, false),
    ROW("\033Eone\033", 1, 1, true),
    ROW("\033Eone\033&l", 1, 1, true),
    ROW("\033E\033\033E", 0, 0, false),
    ROW(UEL "@PJL ENTER LANGUAGE=PCL\n\033Eone\f" UEL "@PJL EOJ\n" UEL, 1, 1, false),
};

static void pages_of_pcl5(void **state)
{
    (void)state;
    check(pcl5, COUNT_OF(pcl5), PLATEN_SHOW_PCL5);
}

#define XL  ") HP-PCL XL;2;0;Comment\n"
#define XLB "( HP-PCL XL;2;0;Comment\n"

static const struct row pclxl[] = {
    ROW(XL, 0, 0, false),
    ROW(XL "\x43\x44\x43\x44", 2, 2, false),
    ROW(XL "\x41\x43\x44\x42" UEL "\x43\x44", 1, 1, false),
    ROW(XL "\x43\x44\x43", 1, 1, true),
    ROW(XL "\x43\xc1\x03\x00\xf8\x31\x44", 1, 3, false),
    ROW(XLB "\x43\xc1\x00\x03\xf8\x31\x44", 1, 3, false),
    ROW(XL "\x43\xfa\x02\x00\x00\x00\x44\x44\x44", 1, 1, false),
    ROW(XLB "\x43\xfa\x00\x00\x00\x02\x44\x44\x44", 1, 1, false),
    ROW(XL "\x43\xfb\x03\x44\x44\x44\x44", 1, 1, false),
    ROW(XL "\x43\xc8\xc0\x02\x44\x44\xf9\x44\x44\x44", 1, 1, false),
    ROW(XL "\x43\xc9\xc1\x02\x00\x44\x44\x44\x44\xf8\x44\x44", 1, 1, false),
    ROW(XL "\x43\xd1\x44\x44\x44\x44\xf8\x44\x44", 1, 1, false),
    ROW(XL "\x43\xe3\x44\x44\x44\x44\x44\x44\x44\x44\xf8\x44\x44", 1, 1, false),
    ROW(XL "\x43\xc5\x44\x44\x44\x44\xf8\x44\x44", 1, 1, false),
    ROW(XL "\x43\x44\xfa\xff\xff\xff\xff", 1, 1, true),
    ROW(XL "\x43\x44\xfa\x01", 1, 1, true),
    ROW(XL "\x43\x44\xc8", 1, 1, true),
};

static void pages_of_pclxl(void **state)
{
    (void)state;
    check(pclxl, COUNT_OF(pclxl), PLATEN_SHOW_PCLXL);
}

static void damaged_pclxl_is_not_counted(void **state)
{
    (void)state;
    static const char *const ends[] = {"\x43\x44\x01", "\x43\x44\xc6", "\x43\x44\xc8\x44",
                                       "\x43\x44\xff"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char bytes[64];
        int size = snprintf(bytes, sizeof bytes, "%s%s", XL, ends[i]);
        struct platen_show_document document = identify(bytes, (size_t)size);
        assert_int_equal(document.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
        assert_non_null(strstr(document.note, "damaged"));
    }
    struct platen_show_document ascii = IDENTIFY("' HP-PCL XL;2;0;Comment\nBeginPage EndPage");
    assert_int_equal(ascii.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
    assert_true(strlen(ascii.note) > 0);
}

static const struct row zpl[] = {
    ROW("^XA^FDx^FS^XZ", 1, 1, false),
    ROW("^XA^FDx^FS^XZ^XA^FDx^FS^PQ5,0,1,Y^XZ", 2, 6, false),
    ROW("^XA^MMT^PW800^XZ^XA^FDx^FS^XZ", 1, 1, false),
    ROW("^XA^DFR:F.ZPL^FDx^FS^XZ^XA^XFR:F.ZPL^XZ", 1, 1, false),
    ROW("^XA^GFB,8,8,1,^XZ^XZ^X^FS^XZ", 1, 1, false),
    ROW("^XA^GFA,8,8,1,FFFFFFFF^FS^XZ", 1, 1, false),
    ROW("^XA^GFB,99,8,1,^XZ", 0, 0, true),
    ROW("^XA^CC!!FDx!FS!XZ!XA!FDx!FS!XZ", 2, 2, false),
    ROW("^XA^FDx", 0, 0, true),
    ROW("^XA^FDx^FS^PQ0^XZ", 1, 1, false),
    ROW("^XA^FDx^FS^XZ^XZ^XZ", 1, 1, false),
    ROW("^xa^fdx^fs^xz", 1, 1, false),
};

static void labels_of_zpl(void **state)
{
    (void)state;
    check(zpl, COUNT_OF(zpl), PLATEN_SHOW_ZPL);
}

static const struct row escpos[] = {
    ROW("\033@", 0, 0, false),
    ROW("\033@one\n", 1, 1, false),
    ROW("\033@one\n\035V\000", 1, 1, false),
    ROW("\033@one\n\035VA\003two\n\035V\001", 2, 2, false),
    ROW("\033@one\n\033itwo\n\033mthree", 3, 3, false),
    ROW("\033@one\n\035V\000\035V\000\n\n", 1, 1, false),
    ROW("\033@\035v0\000\002\000\003\000\035V\000\035V\000\035V\000", 1, 1, false),
    ROW("\033@\033*\041\001\000\035V\001\035V\000", 1, 1, false),
    ROW("\033@\035(k\003\000\035V\001x\035V\000", 1, 1, false),
    ROW("\033@\035kI\004\035V\000A\035V\000", 1, 1, false),
    ROW("\033@\035k\0041234\000\035V\000", 1, 1, false),
    ROW("\033@\033D\010\020\000x\035V\000", 1, 1, false),
    ROW("\033@x\0358L\004\000\000\000\035V\000\001\035V\000", 1, 1, false),
    ROW("\033@x\035v0\000\377\377\377\377", 1, 1, true),
    ROW("\033@x\033", 1, 1, true),
    ROW("\033@x\0358L\377\377\377\377", 1, 1, true),
    ROW("\033@x\033&\003\000\377", 1, 1, true),
    ROW("\033@x\034q\377", 1, 1, true),
};

static void pieces_of_escpos(void **state)
{
    (void)state;
    check(escpos, COUNT_OF(escpos), PLATEN_SHOW_ESCPOS);
}

static const struct row text[] = {
    ROW("one", 1, 1, false),          ROW("one\f", 1, 1, false),     ROW("one\ftwo", 2, 2, false),
    ROW("one\f\ftwo\n", 3, 3, false), ROW("one\f\n\n", 1, 1, false), ROW("\n\n\n", 0, 0, false),
    ROW("\f", 1, 1, false),
};

static void pages_of_text(void **state)
{
    (void)state;
    check(text, COUNT_OF(text), PLATEN_SHOW_TEXT);
}

/* Lines of so many characters. */
static unsigned text_pages(unsigned lines, unsigned columns, const char *end)
{
    size_t room = (size_t)lines * (columns + 1) + strlen(end) + 1;
    char *bytes = malloc(room);
    size_t size = 0;
    for (unsigned i = 0; i < lines; i++) {
        memset(bytes + size, 'x', columns);
        size += columns;
        bytes[size++] = '\n';
    }
    snprintf(bytes + size, room - size, "%s", end);
    struct platen_show_document document = identify(bytes, size + strlen(end));
    free(bytes);
    return (unsigned)document.pages;
}

static void text_runs_over(void **state)
{
    (void)state;
    assert_int_equal(text_pages(66, 80, ""), 1);
    assert_int_equal(text_pages(66, 80, "\f"), 1);
    assert_int_equal(text_pages(66, 80, "x"), 2);
    assert_int_equal(text_pages(67, 80, ""), 2);
    assert_int_equal(text_pages(33, 160, ""), 1);
    assert_int_equal(text_pages(33, 161, ""), 2);
    assert_int_equal(text_pages(6600, 10, ""), 100);
}

static void declared_pages_of_postscript(void **state)
{
    (void)state;
    struct platen_show_document d = IDENTIFY("%!PS-Adobe-3.0\n%%Pages: 7\n%%EndComments\n");
    assert_int_equal(d.pages_from, PLATEN_SHOW_PAGES_DECLARED);
    assert_int_equal(d.pages, 7);
    d = IDENTIFY("%!PS-Adobe-3.0\r%%Pages: (atend)\r%%EndComments\r%%Trailer\r%%Pages: 3\r");
    assert_int_equal(d.pages, 3);
    d = IDENTIFY("%!PS-Adobe-3.0\n%%EndComments\nshowpage\n");
    assert_int_equal(d.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
    d = IDENTIFY("%!PS-Adobe-3.0\n%%Pages: 99999999999999999999999\n%%EndComments\n");
    assert_int_equal(d.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
    d = IDENTIFY("%PDF-1.4\n%%Pages: 3\n");
    assert_int_equal(d.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
}

/* Bigger than a block, so that every kind of data crosses its border. */
static void data_crosses_blocks(void **state)
{
    (void)state;
    size_t size = 4 * (size_t)SHOW_BLOCK;
    char *bytes = calloc(1, size);
    for (size_t before = SHOW_BLOCK - 24; before < SHOW_BLOCK + 2; before++) {
        memset(bytes, '\f', size);
        int head = snprintf(bytes, size, "\033E\033*b%zuW", before);
        size_t at = (size_t)head + before;
        int tail = snprintf(bytes + at, 64, "\f\033*b5W\f\f\f\f\fx\f%s@PJL\n%s", UEL, UEL);
        struct platen_show_document document = identify(bytes, at + (size_t)tail);
        assert_int_equal(document.pages, 2);
        assert_int_equal(document.body_end, at + (size_t)tail - 2 * strlen(UEL) - 5);
    }
    free(bytes);
}

/* Reading one byte at a time must give what reading blocks gives. */
static void blocks_of_any_size_agree(void **state)
{
    (void)state;
    const char *path = write_document("blocks", pclxl[5].bytes, pclxl[5].size);
    for (size_t block = 1; block < 40; block++) {
        struct show_source *source;
        struct platen_show_document document = {0};
        assert_int_equal(show_source_open(path, &source, NULL), 0);
        source->block = block;
        show_count_pclxl(source, &document);
        show_source_close(source);
        assert_int_equal(document.pages, pclxl[5].pages);
        assert_int_equal(document.printed, pclxl[5].printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_pcl5),
        cmocka_unit_test(pages_of_pclxl),
        cmocka_unit_test(damaged_pclxl_is_not_counted),
        cmocka_unit_test(labels_of_zpl),
        cmocka_unit_test(pieces_of_escpos),
        cmocka_unit_test(pages_of_text),
        cmocka_unit_test(text_runs_over),
        cmocka_unit_test(declared_pages_of_postscript),
        cmocka_unit_test(data_crosses_blocks),
        cmocka_unit_test(blocks_of_any_size_agree),
    };
    return cmocka_run_group_tests_name("show.pages", tests, make_folder, remove_folder);
}
