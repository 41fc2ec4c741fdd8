/* SPDX-License-Identifier: MIT */
/* Names of languages, envelopes, and escaping for terminals. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define UEL "\033%-12345X"

static const struct {
    const char *bytes;
    enum platen_show_language language;
} documents[] = {
    {"", PLATEN_SHOW_EMPTY},
    {"a", PLATEN_SHOW_TEXT},
    {"\x01", PLATEN_SHOW_UNKNOWN},
    {"%!PS-Adobe-3.0\nshowpage\n", PLATEN_SHOW_POSTSCRIPT},
    {"\004%!PS\nshowpage\n", PLATEN_SHOW_POSTSCRIPT},
    {"\xef\xbb\xbf%!PS\n", PLATEN_SHOW_POSTSCRIPT},
    {"%PDF-1.7\n", PLATEN_SHOW_PDF},
    {"some bytes before\n%PDF-1.7\n", PLATEN_SHOW_PDF},
    {"\033E\033&l0Otext\033E", PLATEN_SHOW_PCL5},
    {"\033&l26Atext", PLATEN_SHOW_PCL5},
    {"\033%1BIN;SP1;PD0,0;", PLATEN_SHOW_PCL5},
    {") HP-PCL XL;2;0;Comment\n", PLATEN_SHOW_PCLXL},
    {"( HP-PCL XL;2;0;Comment\n", PLATEN_SHOW_PCLXL},
    {"' HP-PCL XL;2;0;Comment\n", PLATEN_SHOW_PCLXL},
    {"^XA^FDx^FS^XZ", PLATEN_SHOW_ZPL},
    {"\r\n^XA^FDx^FS^XZ", PLATEN_SHOW_ZPL},
    {"CT~~CD,~CC^~CT~\n^XA^FDx^FS^XZ", PLATEN_SHOW_ZPL},
    {"~JA^XA^FDx^FS^XZ", PLATEN_SHOW_ZPL},
    {"\033@hello\n\035VA\003", PLATEN_SHOW_ESCPOS},
    {"\033E\001bold\n", PLATEN_SHOW_ESCPOS},
    {"\035!\021big\n", PLATEN_SHOW_ESCPOS},
    {"line\r\nline\f\n\ttab\n", PLATEN_SHOW_TEXT},
    {"gr\xc3\xbc\xc3\x9f dich\n", PLATEN_SHOW_TEXT},
    {"gr\xfc\xdf dich\n", PLATEN_SHOW_TEXT},
    {"gr\xfc\x80 dich\n", PLATEN_SHOW_UNKNOWN},
    {"text, then end of file\n\032", PLATEN_SHOW_TEXT},
    {"^XB is no label", PLATEN_SHOW_TEXT},
    {"%! is late", PLATEN_SHOW_POSTSCRIPT},
    {" \033Emore", PLATEN_SHOW_UNKNOWN},
    {UEL "@PJL\r\n" UEL, PLATEN_SHOW_EMPTY},
    {UEL "%!PS\n" UEL, PLATEN_SHOW_POSTSCRIPT},
    {UEL "\033Etext\033E" UEL, PLATEN_SHOW_PCL5},
    {UEL "@PJL ENTER LANGUAGE=PCL\nplain words\n" UEL, PLATEN_SHOW_PCL5},
    {UEL "@PJL ENTER LANGUAGE=NONSENSE\nplain words\n" UEL, PLATEN_SHOW_TEXT},
    {"@PJL\n@PJL ENTER LANGUAGE = PDF\n%PDF-1.4\n", PLATEN_SHOW_PDF},
};

static void each_language_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        size_t size = strlen(documents[i].bytes);
        struct platen_show_document document = identify(documents[i].bytes, size);
        print_message("row %u\n", (unsigned)i);
        assert_string_equal(platen_show_language_name(document.language),
                            platen_show_language_name(documents[i].language));
    }
}

static void languages_have_names_and_keys(void **state)
{
    (void)state;
    for (int i = 0; i < PLATEN_SHOW_LANGUAGES; i++) {
        assert_true(strlen(platen_show_language_name((enum platen_show_language)i)) > 0);
        assert_true(strlen(platen_show_language_key((enum platen_show_language)i)) > 0);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(platen_show_language_key((enum platen_show_language)i),
                                    platen_show_language_key((enum platen_show_language)j));
        }
    }
    assert_string_equal(platen_show_language_name((enum platen_show_language)99), "unknown");
}

static void pjl_is_taken_off(void **state)
{
    (void)state;
    static const char head[] = UEL "@PJL JOB NAME=\"x\"\r\n@PJL enter language = PostScript\r\n";
    static const char body[] = "%!PS\nshowpage\n";
    static const char tail[] = UEL "@PJL EOJ\r\n" UEL "\r\n";
    char bytes[256];
    int size = snprintf(bytes, sizeof bytes, "%s%s%s", head, body, tail);
    struct platen_show_document document = identify(bytes, (size_t)size);
    assert_true(document.pjl_wrapped);
    assert_string_equal(document.pjl_language, "PostScript");
    assert_int_equal(document.body_start, strlen(head));
    assert_int_equal(document.body_end, strlen(head) + strlen(body));
    assert_int_equal(document.next_job, 0);
    assert_int_equal(document.language, PLATEN_SHOW_POSTSCRIPT);
}

static void nothing_is_taken_off_without_pjl(void **state)
{
    (void)state;
    struct platen_show_document document = IDENTIFY("%!PS\n(" UEL ") pop\n");
    assert_false(document.pjl_wrapped);
    assert_int_equal(document.body_start, 0);
    assert_int_equal(document.body_end, document.size);
}

static void zeros_before_pjl_are_skipped(void **state)
{
    (void)state;
    struct platen_show_document document = IDENTIFY("\0\0\0\0" UEL "%!PS\n" UEL);
    assert_true(document.pjl_wrapped);
    assert_int_equal(document.language, PLATEN_SHOW_POSTSCRIPT);
    assert_int_equal(document.body_start, 4 + strlen(UEL));
}

static void a_second_job_is_found(void **state)
{
    (void)state;
    static const char first[] = UEL "@PJL ENTER LANGUAGE=PCL\n\033Eone\f\033E";
    static const char between[] = UEL "@PJL EOJ\n" UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\n";
    char bytes[256];
    int size = snprintf(bytes, sizeof bytes, "%s%s%%!PS\n%s", first, between, UEL);
    struct platen_show_document document = identify(bytes, (size_t)size);
    assert_int_equal(document.language, PLATEN_SHOW_PCL5);
    assert_int_equal(document.body_end, strlen(first));
    assert_int_equal(document.next_job, strlen(first) + strlen(between));
    assert_int_equal(document.pages, 1);
}

static void a_pdf_may_hold_universal_exits(void **state)
{
    (void)state;
    static const char head[] = UEL "@PJL ENTER LANGUAGE=PDF\n";
    static const char body[] = "%PDF-1.4\nstream " UEL " endstream\n%%EOF\n";
    char bytes[256];
    int size = snprintf(bytes, sizeof bytes, "%s%s%s@PJL EOJ\n%s", head, body, UEL, UEL);
    struct platen_show_document document = identify(bytes, (size_t)size);
    assert_int_equal(document.language, PLATEN_SHOW_PDF);
    assert_int_equal(document.body_end, strlen(head) + strlen(body));
    assert_int_equal(document.next_job, 0);
}

static void eps_in_its_binary_envelope(void **state)
{
    (void)state;
    char bytes[64] = "\xc5\xd0\xd3\xc6\x1e\0\0\0\x0a\0\0\0";
    snprintf(bytes + 30, sizeof bytes - 30, "%s", "%!PS-Adobe");
    struct platen_show_document document = identify(bytes, sizeof bytes);
    assert_int_equal(document.language, PLATEN_SHOW_POSTSCRIPT);
    assert_int_equal(document.body_start, 30);
    assert_int_equal(document.body_end, 40);
    memset(bytes + 4, 0xff, 8);
    document = identify(bytes, sizeof bytes);
    assert_int_equal(document.body_start, document.body_end);
}

static void what_is_no_file_is_an_error(void **state)
{
    (void)state;
    struct platen_show_document document;
    struct platen_show_error error;
    assert_int_equal(platen_show_identify(in_folder("none"), &document, &error),
                     SHOW_FILE_NOT_FOUND);
    assert_int_equal(error.code, SHOW_FILE_NOT_FOUND);
    assert_non_null(strstr(error.message, "none"));
    assert_int_equal(document.size, 0);
    assert_int_not_equal(platen_show_identify(in_folder("."), &document, &error), 0);
    assert_int_not_equal(platen_show_identify(in_folder("."), &document, NULL), 0);
}

static const struct {
    const char *text;
    const char *escaped;
} texts[] = {
    {"plain", "plain"},
    {"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x96\xa8",
     "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x96\xa8"},
    {"\033[31mred\a\r\n\t", "\\x1B[31mred\\x07\\x0D\\x0A\\x09"},
    {"a\\b", "a\\\\b"},
    {"\x7f", "\\x7F"},
    {"\xc2\x9b"
     "31m",
     "\\u{9B}31m"},
    {"\xe2\x80\xae"
     "txt.exe",
     "\\u{202E}txt.exe"},
    {"\xff\xc3", "\\xFF\\xC3"},
    {"\xc0\x80", "\\xC0\\x80"},
    {"\xed\xa0\x80", "\\xED\\xA0\\x80"},
};

static void text_is_escaped_for_terminals(void **state)
{
    (void)state;
    char out[64];
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_string_equal(platen_show_escape(out, sizeof out, texts[i].text), texts[i].escaped);
    }
    assert_string_equal(platen_show_escape(out, 6, "ab\033cd"), "ab");
    assert_string_equal(platen_show_escape(out, 7, "ab\033cd"), "ab\\x1B");
    assert_string_equal(platen_show_escape(out, 1, "ab"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_is_named),
        cmocka_unit_test(languages_have_names_and_keys),
        cmocka_unit_test(pjl_is_taken_off),
        cmocka_unit_test(nothing_is_taken_off_without_pjl),
        cmocka_unit_test(zeros_before_pjl_are_skipped),
        cmocka_unit_test(a_second_job_is_found),
        cmocka_unit_test(a_pdf_may_hold_universal_exits),
        cmocka_unit_test(eps_in_its_binary_envelope),
        cmocka_unit_test(what_is_no_file_is_an_error),
        cmocka_unit_test(text_is_escaped_for_terminals),
    };
    return cmocka_run_group_tests_name("show.language", tests, make_folder, remove_folder);
}
