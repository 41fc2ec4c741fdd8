/* SPDX-License-Identifier: MIT
 *
 * `platen show`: what printed files are.
 */
#include <inttypes.h>
#include <stdio.h>

#include "command/guard.h"
#include "command/shown.h"

static void tell_pages(const struct platen_show_document *document)
{
    if (document->pages_from == PLATEN_SHOW_PAGES_UNKNOWN) {
        printf("pages unknown");
    } else {
        printf("%" PRIu64 " page%s%s", document->pages, document->pages == 1 ? "" : "s",
               document->pages_from == PLATEN_SHOW_PAGES_DECLARED ? " (says the document)" : "");
    }
}

void tell_document(const struct platen_show_result *result, bool stay)
{
    const struct platen_show_document *document = &result->document;
    printf("%s: %s%s, %" PRIu64 " bytes, ", printable(result->path),
           platen_show_language_name(document->language), document->pjl_wrapped ? " in PJL" : "",
           document->size);
    tell_pages(document);
    printf("%s\n", document->cut_off ? ", cut off" : "");
    if (document->note[0] != '\0') {
        printf("  note: %s\n", document->note);
    }
    if (document->pages == 0 && document->pages_from == PLATEN_SHOW_PAGES_INTERPRETED) {
        printf("  note: Ghostscript found no page in it; it may be damaged\n");
    }
    for (size_t i = 0; stay && i < result->drawn; i++) {
        printf("  page %zu: %s (%u x %u)\n", i + 1, printable(result->pages[i].file),
               result->pages[i].width, result->pages[i].height);
    }
    if (result->reason[0] != '\0') {
        printf("  %s\n", result->reason);
    }
}

static json_t *pages_as_json(const struct platen_show_result *result, bool stay)
{
    json_t *pages = json_array();
    for (size_t i = 0; stay && i < result->drawn; i++) {
        json_array_append_new(pages, report_text(result->pages[i].file));
    }
    return pages;
}

void report_document(struct report *report, const struct platen_show_result *result, bool stay)
{
    const struct platen_show_document *document = &result->document;
    json_t *count = document->pages_from == PLATEN_SHOW_PAGES_UNKNOWN
                        ? json_null()
                        : json_integer((json_int_t)document->pages);
    report_write(report,
                 json_pack("{s:s, s:o, s:s, s:b, s:I, s:o, s:s, s:b, s:s, s:o, s:o}", "event",
                           "document", "path", report_text(result->path), "language",
                           platen_show_language_key(document->language), "pjl",
                           document->pjl_wrapped, "bytes", (json_int_t)document->size, "pages",
                           count, "pages_from", platen_show_pages_from_key(document->pages_from),
                           "cut_off", document->cut_off, "drawing",
                           platen_show_drawing_key(result->drawing), "reason",
                           report_text(result->reason), "pictures", pages_as_json(result, stay)));
}

static int show_one(struct platen_show *show, struct report *report, const char *path, bool stay)
{
    const struct platen_show_result *result;
    struct platen_show_error error;
    if (platen_show_add(show, path, &result, &error) != 0) {
        complain("%s", error.message);
        return EXIT_FAILED;
    }
    tell_document(result, stay);
    report_document(report, result, stay);
    return EXIT_OK;
}

static int write_sheet(struct platen_show *show, const struct arguments *arguments)
{
    const char *path = arguments->values[OPTION_sheet];
    struct platen_show_error error;
    size_t left_out;
    if (path == NULL) {
        return EXIT_OK;
    }
    if (platen_show_sheet(show, path, &left_out, &error) != 0) {
        complain("%s", error.message);
        return EXIT_ENVIRONMENT;
    }
    printf("contact sheet: %s\n", printable(path));
    if (left_out > 0) {
        printf("  %zu pictures found no room on it\n", left_out);
    }
    return EXIT_OK;
}

static int show_all(const struct arguments *arguments, struct platen_show *show,
                    struct report *report)
{
    struct platen_show_error error;
    int status = EXIT_OK;
    for (int i = 0; i < arguments->rest_count && !guard_interrupted(); i++) {
        status = worse_exit(status, show_one(show, report, arguments->rest[i],
                                             arguments->values[OPTION_output] != NULL));
    }
    if (guard_interrupted()) {
        complain("show: interrupted");
        return worse_exit(status, EXIT_FAILED);
    }
    status = worse_exit(status, write_sheet(show, arguments));
    if (arguments->values[OPTION_output] != NULL && platen_show_index(show, &error) != 0) {
        complain("%s", error.message);
        status = worse_exit(status, EXIT_ENVIRONMENT);
    }
    return status;
}

int command_show(const struct arguments *arguments)
{
    struct platen_show *show;
    struct platen_show_error error;
    struct report report;
    uint64_t resolution;

    if (arguments->rest_count == 0) {
        complain("show: which FILE? (see platen show --help)");
        return EXIT_USAGE;
    }
    if (!option_number(arguments, OPTION_resolution, 10, 1200, 72, &resolution)) {
        return EXIT_USAGE;
    }
    int status = report_open(&report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    struct platen_show_options options = {
        .output = arguments->values[OPTION_output],
        .draw = arguments->values[OPTION_sheet] != NULL,
        .resolution = (unsigned)resolution,
        .interrupted = guard_interrupted,
    };
    guard_begin();
    if (platen_show_open(&options, &show, &error) != 0) {
        complain("%s", error.message);
        return report_close(&report, EXIT_ENVIRONMENT);
    }
    status = show_all(arguments, show, &report);
    platen_show_close(show);
    return report_close(&report, status);
}
