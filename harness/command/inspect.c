/* SPDX-License-Identifier: MIT
 *
 * `platen inspect`: what a module's file is, and whether it could be loaded, without running it,
 * unless --load asks for that (inspect_load.c).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "command/inspect.h"

/* The ways into a monitor, the best first (contract 1.3). */
static const struct {
    const char *name;
    const char *meaning;
} entries[] = {
    {"InitializePrintMonitor2", "a monitor with MONITOR2"},
    {"InitializePrintMonitor", "a legacy monitor with MONITOREX"},
    {"InitializePrintMonitorUI", "the dialogs of a monitor, no monitor"},
};

struct inspection {
    const char *path;
    struct platen_image *image;
    struct report *report;
    json_t *problems;
    size_t shown_most; /* names in a row */
};

PLATEN_OS_PRINTF(2, 3)
static void problem(struct inspection *inspection, const char *format, ...)
{
    char text[600];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    json_array_append_new(inspection->problems, report_text(text));
}

static const char *form(const struct platen_image *image)
{
    bool pe = image->format == PLATEN_IMAGE_PE;
    return image->library ? (pe ? "DLL" : "shared object") : (pe ? "program" : "program or object");
}

/* ---- the ways in ----------------------------------------------------------------------------- */

static const struct platen_image_export *find_entry(const struct platen_image *image, size_t *which)
{
    for (*which = 0; *which < sizeof entries / sizeof *entries; ++*which) {
        const struct platen_image_export *found = platen_image_find(image, entries[*which].name);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static const char *show_entry(struct inspection *inspection)
{
    size_t which;
    const struct platen_image_export *entry = find_entry(inspection->image, &which);
    if (entry == NULL) {
        problem(inspection, "it exports no InitializePrintMonitor2 (nor InitializePrintMonitor)");
        return NULL;
    }
    printf("  entry     %s: %s\n", printable(entry->name), entries[which].meaning);
    if (strcmp(entry->name, entries[which].name) != 0) {
        problem(inspection, "%s is exported with its decoration; spoolers look for %s",
                printable(entry->name), entries[which].name);
    }
    if (which == 2) {
        problem(inspection, "it has dialogs alone and is no monitor");
    }
    return entry->name;
}

static void show_exports(const struct inspection *inspection)
{
    const struct platen_image *image = inspection->image;
    printf("  exports   %zu:", image->export_count);
    for (size_t i = 0; i < image->export_count && i < inspection->shown_most; i++) {
        printf(" %s", printable(image->exports[i].name));
    }
    printf("%s\n", image->export_count > inspection->shown_most ? " ..." : "");
}

/* ---- what it needs --------------------------------------------------------------------------- */

static bool belongs(const struct platen_image_import *import, size_t library)
{
    return import->library == library;
}

/* A weak name of ELF that is not there says nothing: compilers leave some in every module. */
static bool matters(const struct inspection *inspection, const struct platen_image_import *import)
{
    bool weak = inspection->image->format == PLATEN_IMAGE_ELF && import->optional;
    return !weak || inspection->shown_most == SIZE_MAX;
}

static size_t count_state(const struct inspection *inspection, size_t library,
                          enum platen_image_state state)
{
    const struct platen_image *image = inspection->image;
    size_t count = 0;
    for (size_t i = 0; i < image->import_count; i++) {
        count += belongs(&image->imports[i], library) && image->imports[i].state == state &&
                 matters(inspection, &image->imports[i]);
    }
    return count;
}

static const char *import_name(const struct platen_image_import *import, char *room, size_t size)
{
    if (import->name != NULL) {
        return printable(import->name);
    }
    snprintf(room, size, "number %u", (unsigned)import->ordinal);
    return room;
}

static void show_names(const struct inspection *inspection, size_t library,
                       enum platen_image_state state)
{
    const struct platen_image *image = inspection->image;
    char room[32];
    for (size_t i = 0; i < image->import_count; i++) {
        const struct platen_image_import *import = &image->imports[i];
        if (belongs(import, library) && import->state == state && matters(inspection, import)) {
            printf(" %s%s", import_name(import, room, sizeof room),
                   import->optional ? " (optional)" : "");
        }
    }
    printf("\n");
}

static void show_functions(struct inspection *inspection, size_t library, const char *of)
{
    static const struct {
        enum platen_image_state state;
        const char *text;
    } bad[] = {{PLATEN_IMAGE_MISSING, "missing"},
               {PLATEN_IMAGE_STUB, "only there by name; to call one ends the process"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t count = count_state(inspection, library, bad[i].state);
        if (count > 0) {
            printf("            %zu %s:", count, bad[i].text);
            show_names(inspection, library, bad[i].state);
        }
    }
    bool fatal = false;
    for (size_t i = 0; i < inspection->image->import_count; i++) {
        const struct platen_image_import *import = &inspection->image->imports[i];
        fatal = fatal || (belongs(import, library) && !import->optional &&
                          import->state == PLATEN_IMAGE_MISSING);
    }
    if (fatal) {
        problem(inspection, "functions that it needs are missing%s%s", *of == '\0' ? "" : " in ",
                of);
    }
}

static void show_libraries(struct inspection *inspection)
{
    static const char *const states[] = {[PLATEN_IMAGE_UNKNOWN] = "not looked for",
                                         [PLATEN_IMAGE_FOUND] = "found",
                                         [PLATEN_IMAGE_SERVED] = "found",
                                         [PLATEN_IMAGE_STUB] = "found",
                                         [PLATEN_IMAGE_MISSING] = "missing"};
    const struct platen_image *image = inspection->image;
    for (size_t i = 0; i < image->library_count; i++) {
        const struct platen_image_library *library = &image->libraries[i];
        size_t count = 0;
        bool optional = image->format == PLATEN_IMAGE_PE;
        for (size_t k = 0; k < image->import_count; k++) {
            count += belongs(&image->imports[k], i);
            optional = optional && (!belongs(&image->imports[k], i) || image->imports[k].optional);
        }
        printf("  needs     %s: %s", printable(library->name), states[library->state]);
        printf(count == 0 ? "\n" : ", %zu functions\n", count);
        if (library->state == PLATEN_IMAGE_MISSING && !(optional && count > 0)) {
            problem(inspection, "%s, which it needs, is not found", printable(library->name));
        }
        show_functions(inspection, i, printable(library->name));
    }
    show_functions(inspection, SIZE_MAX, "");
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static void judge_machine(struct inspection *inspection)
{
    const struct platen_image *image = inspection->image;
    if (!image->library) {
        problem(inspection, "it is no %s",
                image->format == PLATEN_IMAGE_PE ? "DLL" : "shared object");
    }
    if (image->managed) {
        problem(inspection, "it is .NET code, which no spooler loads as a monitor");
    }
    if (strcmp(image->machine, "x86-64") != 0 && strcmp(image->machine, "i386") != 0) {
        problem(inspection, "it is made for %s, which this program cannot run", image->machine);
    }
}

static json_t *imports_json(const struct platen_image *image)
{
    static const char *const states[] = {"unknown", "found", "served", "stub", "missing"};
    json_t *list = json_array();
    for (size_t i = 0; i < image->import_count; i++) {
        const struct platen_image_import *import = &image->imports[i];
        const char *library =
            import->library == SIZE_MAX ? NULL : image->libraries[import->library].name;
        json_array_append_new(
            list, json_pack("{s:o, s:I, s:o, s:b, s:s}", "name", report_text(import->name),
                            "ordinal", (json_int_t)import->ordinal, "library", report_text(library),
                            "optional", import->optional, "state", states[import->state]));
    }
    return list;
}

static json_t *exports_json(const struct platen_image *image)
{
    json_t *list = json_array();
    for (size_t i = 0; i < image->export_count; i++) {
        json_array_append_new(list, report_text(image->exports[i].name));
    }
    return list;
}

static void write_json(struct inspection *inspection, const char *entry)
{
    const struct platen_image *image = inspection->image;
    report_write(inspection->report,
                 json_pack("{s:s, s:o, s:s, s:s, s:i, s:b, s:o, s:o, s:o, s:O}", "event", "module",
                           "file", report_text(inspection->path), "format",
                           image->format == PLATEN_IMAGE_PE ? "PE" : "ELF", "machine",
                           image->machine, "bits", (int)image->bits, "library", image->library,
                           "entry", report_text(entry), "exports", exports_json(image), "imports",
                           imports_json(image), "problems", inspection->problems));
}

static int verdict(struct inspection *inspection)
{
    size_t index;
    json_t *text;
    bool good = json_array_size(inspection->problems) == 0;
    if (good) {
        printf("  verdict   nothing speaks against loading it%s\n",
               inspection->image->format == PLATEN_IMAGE_PE ? " under Wine" : "");
    }
    json_array_foreach(inspection->problems, index, text)
    {
        printf("  %s %s\n", index == 0 ? "verdict  " : "         ", json_string_value(text));
    }
    return good ? EXIT_OK : EXIT_MONITOR;
}

static int inspect_image(struct inspection *inspection, const struct arguments *arguments)
{
    const struct platen_image *image = inspection->image;
    const char *folders[] = {arguments->values[OPTION_dll_dir]};
    struct platen_image_places places = {.folders = folders, .folder_count = folders[0] != NULL};

    uint32_t error = platen_image_resolve(inspection->image, inspection->path, &places);
    if (error != 0) {
        complain("inspect: %s: %s", printable(inspection->path), describe_error(error));
        return EXIT_ENVIRONMENT;
    }
    printf("%s: %s for %s, %u bit%s%s\n", printable(inspection->path), form(image), image->machine,
           image->bits, image->builtin ? ", one of Wine's own" : "",
           image->entry ? ", with an entry point" : "");
    judge_machine(inspection);
    const char *entry = show_entry(inspection);
    show_exports(inspection);
    show_libraries(inspection);
    write_json(inspection, entry);
    int status = verdict(inspection);
    if (arguments->values[OPTION_load] == NULL) {
        return status;
    }
    return worse_exit(status, inspect_load(inspection->path, image, arguments, inspection->report));
}

static int inspect_file(const char *path, const struct arguments *arguments, struct report *report)
{
    struct inspection inspection = {
        .path = path, .report = report, .problems = json_array(), .shown_most = 12};
    char *complaint = NULL;
    int status = EXIT_MONITOR;

    if (arguments->values[OPTION_verbose] != NULL) {
        inspection.shown_most = SIZE_MAX;
    }
    uint32_t error = platen_image_read(path, &inspection.image, &complaint);
    if (error != 0) {
        complain("inspect: %s: %s", printable(path),
                 complaint == NULL ? describe_error(error) : complaint);
        bool no_file = error == PLATEN_FILE_NOT_FOUND || error == PLATEN_PATH_NOT_FOUND;
        status = no_file ? EXIT_USAGE : EXIT_MONITOR;
    } else {
        status = inspect_image(&inspection, arguments);
    }
    platen_image_destroy(inspection.image);
    json_decref(inspection.problems);
    free(complaint);
    return status;
}

int command_inspect(const struct arguments *arguments)
{
    struct report report;
    if (arguments->rest_count == 0) {
        complain("inspect: which FILE?");
        return EXIT_USAGE;
    }
    int status = report_open(&report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        status = worse_exit(status, inspect_file(arguments->rest[i], arguments, &report));
    }
    return report_close(&report, status);
}
