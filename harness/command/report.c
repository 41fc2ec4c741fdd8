/* SPDX-License-Identifier: MIT */
#include "command/report.h"

#include <stdlib.h>
#include <string.h>

#include "command/guard.h"
#include "os/error.h"
#include "os/text.h"

/* Is it safe to replace what stands at `path`? An empty file, no file, or JSON. */
static bool replaceable(const char *path)
{
    platen_os_file file;
    char first = '{';
    size_t moved = 0;
    if (platen_os_file_open_read(path, &file) != 0) {
        return true; /* opening it for writing tells what is wrong, if anything is */
    }
    uint32_t error = platen_os_file_read(file, &first, 1, &moved);
    platen_os_file_close(file);
    return error != 0 || moved == 0 || first == '{' || first == '[';
}

static int open_file(struct report *report, const char *path)
{
    if (!replaceable(path)) {
        complain("--json %s: the file exists and holds no JSON; it is left alone (--json - writes "
                 "to standard output)",
                 printable(path));
        return EXIT_USAGE;
    }
    uint32_t error = platen_os_file_open_write(path, &report->file);
    if (error != 0) {
        complain("--json %s: %s", printable(path), describe_error(error));
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

/* A pipe that nobody reads is waited for, as every program does; an interrupt ends that. */
int report_open(struct report *report, const struct arguments *arguments)
{
    const char *path = arguments->values[OPTION_json];
    *report = (struct report){.file = PLATEN_OS_NO_FILE, .path = path};
    if (path == NULL) {
        return EXIT_OK;
    }
    if (strcmp(path, "-") == 0) {
        report->file = platen_os_file_standard(PLATEN_OS_STDOUT);
        return EXIT_OK;
    }
    guard_reading_begin(path, 0);
    int status = open_file(report, path);
    guard_reading_end();
    return status;
}

void report_write(struct report *report, json_t *object)
{
    char *line = report->path == NULL ? NULL : json_dumps(object, JSON_COMPACT);
    if (report->path != NULL) {
        bool written = line != NULL &&
                       platen_os_file_write_all(report->file, line, strlen(line)) == 0 &&
                       platen_os_file_write_all(report->file, "\n", 1) == 0;
        report->failed = report->failed || !written;
    }
    free(line);
    json_decref(object);
}

int report_close(struct report *report, int status)
{
    bool owned = report->path != NULL && strcmp(report->path, "-") != 0;
    if (owned && report->file != PLATEN_OS_NO_FILE && platen_os_file_close(report->file) != 0) {
        report->failed = true;
    }
    if (report->failed) {
        complain("--json %s cannot be written", printable(report->path));
        status = worse_exit(status, EXIT_ENVIRONMENT);
    }
    report->file = PLATEN_OS_NO_FILE;
    return status;
}

json_t *report_text(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    json_t *value = json_string(text);
    return value == NULL ? json_string(printable(text)) : value;
}

json_t *report_error(uint32_t code)
{
    if (code == 0) {
        return json_null();
    }
    return json_pack("{s:I, s:o, s:o}", "code", (json_int_t)code, "name",
                     report_text(platen_error_name(code)), "text",
                     report_text(platen_error_text(code)));
}
