/* SPDX-License-Identifier: MIT */
/* Pictures: Ghostscript and GraphicsMagick are run here, and replaced by programs that misbehave.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char three_pages[] = "%!PS\n<< /PageSize [144 144] >> setpagedevice\n"
                                  "3 { 20 20 100 100 rectfill showpage } repeat\n";

static struct platen_show *open_show(struct platen_show_options options)
{
    struct platen_show *show;
    struct platen_show_error error = {0};
    if (platen_show_open(&options, &show, &error) != 0) {
        fail_msg("%s", error.message);
    }
    return show;
}

static const struct platen_show_result *add(struct platen_show *show, const char *path)
{
    const struct platen_show_result *result;
    struct platen_show_error error = {0};
    if (platen_show_add(show, path, &result, &error) != 0) {
        fail_msg("%s", error.message);
    }
    return result;
}

static const struct platen_show_result *add_bytes(struct platen_show *show, const char *name,
                                                  const char *bytes)
{
    return add(show, write_document(name, bytes, strlen(bytes)));
}

static size_t size_of(const char *path)
{
    struct platen_show_document document;
    assert_int_equal(platen_show_identify(path, &document, NULL), 0);
    return (size_t)document.size;
}

/* White pages of this size compress to less than this. */
static void assert_not_blank(const struct platen_show_result *result, const char *blank)
{
    for (size_t i = 0; i < result->drawn; i++) {
        assert_true(size_of(result->pages[i].file) > size_of(blank));
    }
}

static size_t files_in(const char *path)
{
    uv_fs_t listing;
    int count = uv_fs_scandir(NULL, &listing, path, 0, NULL);
    uv_fs_req_cleanup(&listing);
    return count < 0 ? 0 : (size_t)count;
}

static void pages_become_pictures(void **state)
{
    (void)state;
    const char *out = in_folder("pictures");
    struct platen_show *show =
        open_show((struct platen_show_options){.output = out, .resolution = 72});
    const struct platen_show_result *blank =
        add_bytes(show, "blank.ps", "%!PS\n<< /PageSize [144 144] >> setpagedevice showpage\n");
    const struct platen_show_result *result = add_bytes(show, "three.ps", three_pages);
    assert_int_equal(result->drawing, PLATEN_SHOW_DRAWN);
    assert_int_equal(result->drawn, 3);
    assert_int_equal(result->document.pages, 3);
    assert_int_equal(result->document.pages_from, PLATEN_SHOW_PAGES_INTERPRETED);
    assert_int_equal(result->pages[0].width, 144);
    assert_int_equal(result->pages[0].height, 144);
    assert_not_blank(result, blank->pages[0].file);
    assert_true(exists(in_folder("pictures/three.ps-page-003.png")));
    assert_int_equal(files_in(out), 4);
    platen_show_close(show);
    assert_true(exists(in_folder("pictures/three.ps-page-003.png")));
}

/* A shorter document of the same name leaves no page of the longer behind. */
static void older_pictures_go(void **state)
{
    (void)state;
    const char *out = in_folder("older");
    struct platen_show_options options = {.output = out, .resolution = 20};
    struct platen_show *show = open_show(options);
    add_bytes(show, "same.ps", three_pages);
    platen_show_close(show);
    assert_int_equal(files_in(out), 3);
    show = open_show(options);
    add_bytes(show, "same.ps", "%!PS\n0 0 9 9 rectfill showpage\n");
    platen_show_close(show);
    assert_int_equal(files_in(out), 1);
}

static void text_is_typeset(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 40});
    const struct platen_show_result *blank = add_bytes(show, "blank.txt", " \f");
    const struct platen_show_result *result =
        add_bytes(show, "notes.txt", "(unbalanced \\ ) showpage quit\n\ftwo: gr\xc3\xbc\xc3\x9f\n");
    assert_int_equal(blank->drawn, 1);
    assert_int_equal(result->drawing, PLATEN_SHOW_DRAWN);
    assert_int_equal(result->drawn, 2);
    assert_int_equal(result->document.pages, 2);
    assert_int_equal(result->document.pages_from, PLATEN_SHOW_PAGES_COUNTED);
    assert_not_blank(result, blank->pages[0].file);
    char *file = show_print("%s", result->pages[0].file);
    platen_show_close(show);
    assert_false(exists(file));
    free(file);
}

static void envelopes_come_off(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20});
    char bytes[400];
    snprintf(bytes, sizeof bytes, "\033%%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\n%s\033%%-12345X",
             three_pages);
    const struct platen_show_result *result = add_bytes(show, "pjl.ps", bytes);
    assert_int_equal(result->drawing, PLATEN_SHOW_DRAWN);
    assert_int_equal(result->drawn, 3);
    platen_show_close(show);
}

static void pages_are_counted_without_drawing(void **state)
{
    (void)state;
    struct platen_show *show = open_show((struct platen_show_options){0});
    const struct platen_show_result *result = add_bytes(show, "count.ps", three_pages);
    assert_int_equal(result->drawing, PLATEN_SHOW_NOT_ASKED);
    assert_int_equal(result->drawn, 0);
    assert_int_equal(result->document.pages, 3);
    assert_int_equal(result->document.pages_from, PLATEN_SHOW_PAGES_INTERPRETED);
    platen_show_close(show);
}

static void the_limit_of_pages_holds(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20, .page_limit = 2});
    const struct platen_show_result *result = add_bytes(show, "limit.ps", three_pages);
    assert_int_equal(result->drawing, PLATEN_SHOW_PARTLY_DRAWN);
    assert_int_equal(result->drawn, 2);
    assert_int_equal(result->document.pages, 3);
    assert_non_null(strstr(result->reason, "first 2 pages"));
    result = add_bytes(show, "limit.txt", "1\f2\f3\f");
    assert_int_equal(result->drawn, 2);
    assert_int_equal(result->document.pages, 3);
    assert_int_equal(result->drawing, PLATEN_SHOW_PARTLY_DRAWN);
    platen_show_close(show);
}

static void what_has_no_renderer_says_so(void **state)
{
    (void)state;
    struct platen_show *show = open_show((struct platen_show_options){.draw = true});
    static const char *const documents[] = {"\033Eone\f\033E", "^XA^FDx^XZ", "\033@x\n",
                                            ") HP-PCL XL;2;0;\n", "\001\002"};
    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        const struct platen_show_result *result = add_bytes(show, "none", documents[i]);
        assert_int_equal(result->drawing, PLATEN_SHOW_NO_RENDERER);
        assert_non_null(strstr(result->reason, "no renderer"));
        assert_int_equal(result->drawn, 0);
    }
    platen_show_close(show);
}

static void a_missing_program_is_named(void **state)
{
    (void)state;
    struct platen_show *show = open_show((struct platen_show_options){
        .draw = true, .ghostscript = "no-such-gs", .graphicsmagick = "no-such-gm"});
    const struct platen_show_result *result = add_bytes(show, "a.ps", three_pages);
    assert_int_equal(result->drawing, PLATEN_SHOW_NO_TOOL);
    assert_non_null(strstr(result->reason, "Debian's package is ghostscript"));
    struct platen_show_error error;
    assert_int_not_equal(platen_show_sheet(show, in_folder("s.png"), NULL, &error), 0);
    platen_show_close(show);

    show = open_show((struct platen_show_options){
        .draw = true, .resolution = 20, .graphicsmagick = "no-such-gm"});
    add_bytes(show, "a.ps", three_pages);
    assert_int_equal(platen_show_sheet(show, in_folder("s.png"), NULL, &error), SHOW_APP_NOT_FOUND);
    assert_non_null(strstr(error.message, "Debian's package is graphicsmagick"));
    platen_show_close(show);
}

static void errors_of_the_document_are_told(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20});
    const struct platen_show_result *result =
        add_bytes(show, "bad.ps", "%!PS\n0 0 9 9 rectfill showpage\n\033[31mbad\n");
    assert_int_equal(result->drawing, PLATEN_SHOW_PARTLY_DRAWN);
    assert_int_equal(result->drawn, 1);
    assert_non_null(strstr(result->reason, "Ghostscript: "));
    assert_null(strchr(result->reason, '\033'));
    result = add_bytes(show, "bad.pdf", "%PDF-1.4\nnothing\n");
    assert_int_equal(result->drawn, 0);
    assert_int_equal(result->drawing, PLATEN_SHOW_NOT_DRAWN);
    assert_true(strlen(result->reason) > 0);
    platen_show_close(show);
}

static void what_never_ends_is_stopped(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20, .seconds = 1});
    const struct platen_show_result *result =
        add_bytes(show, "endless.ps", "%!PS\nshowpage {} loop\n");
    assert_non_null(strstr(result->reason, "was stopped"));
    assert_int_equal(result->document.pages_from, PLATEN_SHOW_PAGES_UNKNOWN);
    platen_show_close(show);
}

/* -dSAFER alone lets a document write below TMPDIR, so that has to be a folder of ours. */
static void documents_write_nowhere(void **state)
{
    (void)state;
    const char *victim = write_document("victim", "untouched", 9);
    char bytes[8192];
    snprintf(
        bytes, sizeof bytes,
        "%%!PS\nshowpage\n(%s) (w) {file closefile} stopped pop\n(%s) {deletefile} stopped pop\n"
        "<< /OutputFile (%s) >> setpagedevice showpage\n",
        victim, victim, victim);
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20});
    const struct platen_show_result *result = add_bytes(show, "writes.ps", bytes);
    assert_int_equal(result->drawing, PLATEN_SHOW_PARTLY_DRAWN);
    platen_show_close(show);
    assert_true(exists(in_folder("victim")));
    assert_int_equal(size_of(in_folder("victim")), 9);
}

static void names_mean_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"%d%s.ps", "-sDEVICE=x", "@list",
                                        "a b;c",   "$(id)",      "gr\xc3\xbc\xc3\x9f",
                                        "a|b",     "x[0]",       "%pipe%id"};
    struct platen_show *show =
        open_show((struct platen_show_options){.output = in_folder("names %d"), .resolution = 20});
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct platen_show_result *result = add_bytes(show, names[i], three_pages);
        assert_int_equal(result->drawing, PLATEN_SHOW_DRAWN);
        assert_int_equal(result->drawn, 3);
        const char *base = show_base_name(result->pages[0].file);
        assert_int_equal(strspn(base, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789._-"),
                         strlen(base));
    }
    assert_int_equal(files_in(in_folder("names %d")), 3 * COUNT_OF(names));
    struct platen_show_error error;
    assert_int_equal(platen_show_sheet(show, in_folder("names %d/sheet %d.png"), NULL, &error), 0);
    assert_int_equal(platen_show_index(show, &error), 0);
    platen_show_close(show);
    assert_int_equal(files_in(in_folder("names %d")), 3 * COUNT_OF(names) + 2);
}

static void equal_names_stay_apart(void **state)
{
    (void)state;
    const char *out = in_folder("equal");
    struct platen_show *show =
        open_show((struct platen_show_options){.output = out, .resolution = 20});
    const char *path = write_document("equal.ps", three_pages, strlen(three_pages));
    add(show, path);
    add(show, path);
    assert_int_equal(platen_show_count(show), 2);
    assert_string_not_equal(platen_show_at(show, 0)->pages[0].file,
                            platen_show_at(show, 1)->pages[0].file);
    assert_null(platen_show_at(show, 2));
    assert_int_equal(files_in(out), 6);
    platen_show_close(show);
}

static void a_sheet_holds_everything(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.draw = true, .resolution = 20});
    add_bytes(show, "three.ps", three_pages);
    add_bytes(show, "letter.pcl", "\033Eone\f\033E");
    struct platen_show_error error = {0};
    size_t left_out = 99;
    const char *sheet = in_folder("sheet.png");
    if (platen_show_sheet(show, sheet, &left_out, &error) != 0) {
        fail_msg("%s", error.message);
    }
    unsigned width;
    unsigned height;
    assert_true(show_png_size(sheet, &width, &height));
    assert_int_equal(left_out, 0);
    assert_true(width >= 3 * 360); /* three columns and two rows for four pictures */
    assert_true(height >= 2 * 360);
    assert_int_not_equal(platen_show_index(show, &error), 0);
    platen_show_close(show);
}

static void an_index_escapes_names(void **state)
{
    (void)state;
    struct platen_show *show =
        open_show((struct platen_show_options){.output = in_folder("html"), .resolution = 20});
    add_bytes(show, "<b>&\"'.txt", "one\n");
    assert_int_equal(platen_show_index(show, NULL), 0);
    struct show_source *source;
    char html[4096] = {0};
    assert_int_equal(show_source_open(in_folder("html/index.html"), &source, NULL), 0);
    show_read(source, html, sizeof html - 1);
    show_source_close(source);
    assert_non_null(strstr(html, "&#60;b&#62;&#38;&#34;&#39;.txt"));
    assert_null(strstr(html, "<b>"));
    platen_show_close(show);
}

static void an_output_folder_that_cannot_be(void **state)
{
    (void)state;
    write_document("file", "x", 1);
    struct platen_show *show;
    struct platen_show_error error;
    struct platen_show_options options = {.output = in_folder("file")};
    assert_int_not_equal(platen_show_open(&options, &show, &error), 0);
    assert_null(show);
    options.output = in_folder("file/below");
    assert_int_not_equal(platen_show_open(&options, &show, &error), 0);
    options.output = in_folder("new/deep/er");
    assert_int_equal(platen_show_open(&options, &show, &error), 0);
    assert_true(exists(options.output));
    const struct platen_show_result *result;
    assert_int_equal(platen_show_add(show, in_folder("absent"), &result, &error),
                     SHOW_FILE_NOT_FOUND);
    assert_null(result);
    assert_int_equal(platen_show_count(show), 0);
    platen_show_close(show);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_become_pictures),
        cmocka_unit_test(older_pictures_go),
        cmocka_unit_test(text_is_typeset),
        cmocka_unit_test(envelopes_come_off),
        cmocka_unit_test(pages_are_counted_without_drawing),
        cmocka_unit_test(the_limit_of_pages_holds),
        cmocka_unit_test(what_has_no_renderer_says_so),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(errors_of_the_document_are_told),
        cmocka_unit_test(what_never_ends_is_stopped),
        cmocka_unit_test(documents_write_nowhere),
        cmocka_unit_test(names_mean_nothing),
        cmocka_unit_test(equal_names_stay_apart),
        cmocka_unit_test(a_sheet_holds_everything),
        cmocka_unit_test(an_index_escapes_names),
        cmocka_unit_test(an_output_folder_that_cannot_be),
    };
    return cmocka_run_group_tests_name("show.draw", tests, make_folder, remove_folder);
}
