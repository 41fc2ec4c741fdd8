/* SPDX-License-Identifier: MIT */
/*
 * Ghostscript: counts the pages of PostScript and PDF, and draws them. It runs in a folder of its
 * own with relative names (so that no '%', '|' or '@' of a path means anything to it), under
 * -dSAFER, with a bound on its memory, on the pages it draws and on its time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PAGES_MARK "PLATEN-PAGES "

static const char *const programs[] = {"gs", "gswin64c", "gswin32c", NULL};

static int run(struct platen_show *show, const char *folder, struct show_child *child,
               const char *const *arguments)
{
    const char *const own[2] = {show->ghostscript, NULL};
    child->programs = show->ghostscript ? own : programs;
    child->folder = folder;
    child->seconds = show->seconds;
    child->interrupted = show->interrupted;
    child->arguments = arguments;
    int status = show_run(child);
    child->programs = child->arguments = NULL;
    return status;
}

#define COMMON                                                                                     \
    "-q", "-P-", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-dEPSCrop", "-K1000000",        \
        "-sstdout=%stderr"

static int draw(struct platen_show *show, const char *folder, const char *input, unsigned limit,
                struct show_child *child)
{
    char resolution[32];
    char last[32];
    snprintf(resolution, sizeof resolution, "-r%u", show->resolution);
    snprintf(last, sizeof last, "-dLastPage=%u", limit);
    const char *arguments[] = {COMMON,
                               "-sDEVICE=png16m",
                               resolution,
                               last,
                               "-dTextAlphaBits=4",
                               "-dGraphicsAlphaBits=4",
                               "-sOutputFile=page-%06d.png",
                               input,
                               NULL};
    return run(show, folder, child, arguments);
}

static int count(struct platen_show *show, const char *folder, const char *input,
                 struct show_child *child)
{
    static const char ask[] = "(" PAGES_MARK ") print currentpagedevice /PageCount get ==";
    const char *arguments[] = {COMMON, "-sDEVICE=nullpage", input, "-c", ask, NULL};
    return run(show, folder, child, arguments);
}

int show_draw_ours(struct platen_show *show, const char *folder, const char *input, unsigned limit,
                   struct show_child *child)
{
    return draw(show, folder, input, limit, child);
}

static void say_missing(struct platen_show *show, char *out, size_t size)
{
    char name[64];
    platen_show_escape(name, sizeof name, show->ghostscript ? show->ghostscript : programs[0]);
    snprintf(out, size, "Ghostscript (%s) is not installed; Debian's package is ghostscript", name);
}

/* Why a run is not good, or nothing if it is. */
static void explain(struct platen_show *show, const struct show_child *child, int status, char *out,
                    size_t size)
{
    char why[192];
    out[0] = 0;
    if (child->missing) {
        say_missing(show, out, size);
    } else if (status < 0) {
        uv_strerror_r(status, why, sizeof why);
        snprintf(out, size, "Ghostscript cannot be run: %s", why);
    } else if (child->timed_out || child->signal || child->status != 0) {
        show_child_reason(child, why, sizeof why);
        snprintf(out, size, "Ghostscript: %s", why);
    }
}

/* The document as Ghostscript is to read it: the file itself, or what is inside of its envelope. */
static int copy_body(const char *path, const struct platen_show_document *document,
                     const char *copy)
{
    struct show_source *source;
    if (show_source_open(path, &source, NULL) != 0) {
        return UV_EIO;
    }
    struct show_writer writer;
    int status = show_writer_open(&writer, copy);
    source->limit = document->body_end < source->size ? document->body_end : source->size;
    show_seek(source, document->body_start);
    while (status == 0 && show_peek(source) >= 0) {
        writer.fill = show_read(source, writer.bytes, sizeof writer.bytes);
        show_writer_flush(&writer);
        status = writer.failed;
    }
    int closed = show_writer_close(&writer);
    status = status ? status : closed ? closed : source->failed;
    show_source_close(source);
    return status;
}

static int set_text(struct platen_show *show, const struct show_item *item, const char *path)
{
    struct show_source *source;
    if (show_source_open(item->result.path, &source, NULL) != 0) {
        return UV_EIO;
    }
    source->limit = item->result.document.body_end;
    show_seek(source, item->result.document.body_start);
    int status = show_write_text(source, path, show->page_limit);
    show_source_close(source);
    return status;
}

/* What to give to Ghostscript, from the heap. A path with '%' in it may name a device to it. */
static int make_input(struct platen_show *show, const struct show_item *item, const char *folder,
                      char **input)
{
    const struct platen_show_document *document = &item->result.document;
    bool text = show_language(document->language)->road == SHOW_ROAD_TYPESET;
    if (!text && document->body_start == 0 && document->body_end == document->size) {
        int status = show_absolute(item->result.path, input);
        if (status < 0 || !strchr(*input, '%')) {
            return status;
        }
        free(*input);
    }
    *input = show_print("document");
    char *path = show_join(folder, "document");
    int status = UV_ENOMEM;
    if (*input && path) {
        status = text ? set_text(show, item, path) : copy_body(item->result.path, document, path);
    }
    free(path);
    return status;
}

static void interpret(struct platen_show *show, struct show_item *item, const char *folder,
                      const char *input)
{
    struct platen_show_document *document = &item->result.document;
    struct show_child child = {0};
    int status = count(show, folder, input, &child);
    const char *mark = NULL;
    for (const char *at = child.tail; (at = strstr(at, PAGES_MARK)) != NULL; at++) {
        mark = at;
    }
    if (status == 0 && child.status == 0 && mark) {
        document->pages = document->printed = strtoull(mark + strlen(PAGES_MARK), NULL, 10);
        document->pages_from = PLATEN_SHOW_PAGES_INTERPRETED;
    } else if (!item->result.reason[0]) {
        explain(show, &child, status, item->result.reason, sizeof item->result.reason);
    }
}

static void say(struct show_item *item, enum platen_show_drawing drawing, const char *reason)
{
    item->result.drawing = drawing;
    snprintf(item->result.reason, sizeof item->result.reason, "%s", reason);
}

uint32_t show_interpret(struct platen_show *show, struct show_item *item,
                        struct platen_show_error *error)
{
    char *folder;
    char *input = NULL;
    int status = show_temporary(show->draws ? show->output : NULL, &folder);
    if (status < 0) {
        return show_fail_uv(error, status, "no temporary folder for", item->result.path);
    }
    status = make_input(show, item, folder, &input);
    if (status == 0) {
        interpret(show, item, folder, input);
    }
    free(input);
    show_remove_folder(folder);
    free(folder);
    return status == 0 ? 0 : show_fail_uv(error, status, "cannot read", item->result.path);
}

/* What a run that drew so many pages means for the document. */
static void conclude(struct platen_show *show, struct show_item *item,
                     const struct show_child *child, int status)
{
    struct platen_show_result *result = &item->result;
    char reason[sizeof result->reason];
    explain(show, child, status, reason, sizeof reason);
    bool typeset = show_language(result->document.language)->road == SHOW_ROAD_TYPESET;
    if (child->missing) {
        say(item, PLATEN_SHOW_NO_TOOL, reason);
    } else if (result->drawn == 0) {
        say(item, PLATEN_SHOW_NOT_DRAWN, reason[0] ? reason : "it has no pages");
    } else {
        say(item, reason[0] ? PLATEN_SHOW_PARTLY_DRAWN : PLATEN_SHOW_DRAWN, reason);
    }
    bool to_its_end = status == 0 && !child->timed_out && (result->drawn > 0 || !reason[0]);
    if (to_its_end && !typeset) {
        result->document.pages = result->document.printed = result->drawn;
        result->document.pages_from = PLATEN_SHOW_PAGES_INTERPRETED;
    }
}

/* The limit was reached: there may be more pages than pictures. What never ended is not run again.
 */
static void count_the_rest(struct platen_show *show, struct show_item *item, const char *folder,
                           const char *input, bool endless)
{
    struct platen_show_result *result = &item->result;
    if (result->drawn < show->page_limit) {
        return;
    }
    if (show_language(result->document.language)->road == SHOW_ROAD_GHOSTSCRIPT) {
        result->document.pages = result->document.printed = 0;
        result->document.pages_from = PLATEN_SHOW_PAGES_UNKNOWN;
        if (!endless) {
            interpret(show, item, folder, input);
        }
    }
    if (result->document.pages != result->drawn ||
        result->document.pages_from == PLATEN_SHOW_PAGES_UNKNOWN) {
        char reason[64];
        snprintf(reason, sizeof reason, "only the first %u pages are drawn", show->page_limit);
        say(item, PLATEN_SHOW_PARTLY_DRAWN, reason);
    }
}

static int draw_in(struct platen_show *show, struct show_item *item, const char *folder)
{
    char *input = NULL;
    struct show_child child = {0};
    int status = make_input(show, item, folder, &input);
    if (status == 0) {
        int ran = draw(show, folder, input, show->page_limit, &child);
        status = show_keep_pages(show, item, folder);
        conclude(show, item, &child, ran);
    }
    if (status == 0) {
        count_the_rest(show, item, folder, input, child.timed_out);
    }
    free(input);
    return status;
}

uint32_t show_draw(struct platen_show *show, struct show_item *item,
                   struct platen_show_error *error)
{
    char *folder;
    int status = show_temporary(show->output, &folder);
    if (status == 0) {
        status = draw_in(show, item, folder);
        show_remove_folder(folder);
        free(folder);
    }
    return status == 0 ? 0 : show_fail_uv(error, status, "cannot draw", item->result.path);
}
