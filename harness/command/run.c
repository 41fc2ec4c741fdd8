/* SPDX-License-Identifier: MIT
 *
 * `platen run`: scripts and recorded traces.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "command/guard.h"
#include "command/reports.h"
#include "command/session.h"
#include "command/world.h"
#include "os/console.h"
#include "os/file.h"
#include "report/report.h"

#define MAX_SEED    UINT64_C(0xffffffffffffffff)
#define MAX_SECONDS (UINT64_C(1) << 30)

/* The files to run: what is named, a folder's .spool files in their order. */
struct paths {
    char **list;
    size_t count;
};

static bool add_path(struct paths *paths, const char *path)
{
    char **more = realloc(paths->list, (paths->count + 1) * sizeof *more);
    if (more == NULL) {
        return false;
    }
    paths->list = more;
    char *copy = malloc(strlen(path) + 1);
    if (copy == NULL) {
        return false;
    }
    paths->list[paths->count++] = strcpy(copy, path);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_script(const char *name)
{
    size_t length = strlen(name);
    return length > 6 && strcmp(name + length - 6, ".spool") == 0;
}

static bool add_folder(struct paths *paths, const char *folder, uv_fs_t *scan)
{
    size_t first = paths->count;
    uv_dirent_t entry;

    while (uv_fs_scandir_next(scan, &entry) != UV_EOF) {
        size_t size = strlen(folder) + strlen(entry.name) + 2;
        char *path = is_script(entry.name) ? malloc(size) : NULL;
        if (path == NULL) {
            continue;
        }
        bool slash = strchr("/\\", folder[strlen(folder) - 1]) != NULL;
        snprintf(path, size, "%s%s%s", folder, slash ? "" : "/", entry.name);
        bool added = add_path(paths, path);
        free(path);
        if (!added) {
            return false;
        }
    }
    if (paths->count > first) {
        qsort(paths->list + first, paths->count - first, sizeof *paths->list, by_name);
    }
    return true;
}

static int collect(const struct arguments *arguments, struct paths *paths)
{
    for (int i = 0; i < arguments->rest_count; i++) {
        const char *path = arguments->rest[i];
        uv_fs_t scan;
        size_t before = paths->count;
        bool folder = *path != '\0' && uv_fs_scandir(NULL, &scan, path, 0, NULL) >= 0;
        bool fine = folder ? add_folder(paths, path, &scan) : add_path(paths, path);
        if (folder) {
            uv_fs_req_cleanup(&scan);
        }
        if (!fine) {
            complain("memory is out");
            return EXIT_ENVIRONMENT;
        }
        if (paths->count == before) {
            complain("%s: there is no .spool file in this folder", printable(path));
            return EXIT_USAGE;
        }
    }
    return EXIT_OK;
}

static void free_paths(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        free(paths->list[i]);
    }
    free(paths->list);
}

/* ---- running --------------------------------------------------------------------------------- */

struct running {
    const struct arguments *arguments;
    struct paths paths;
    struct world world;
    struct platen_script_options options;
    char *monitor;  /* an absolute path, so that a script's folder does not matter; NULL: builtin */
    char *language; /* the same of --language; NULL: none */
};

static int read_options(struct running *running)
{
    const struct arguments *arguments = running->arguments;
    uint64_t seconds;

    if (arguments->rest_count == 0) {
        complain("run: SCRIPT... is missing (see platen run --help)");
        return EXIT_USAGE;
    }
    if (!option_number(arguments, OPTION_seed, 1, MAX_SEED, 0, &running->options.seed) ||
        !option_number(arguments, OPTION_timeout, 1, MAX_SECONDS, 0, &seconds)) {
        return EXIT_USAGE;
    }
    if (!reports_allow(arguments)) {
        return EXIT_USAGE;
    }
    running->options.timeout = seconds * UINT64_C(1000000000);
    running->options.only = arguments->values[OPTION_only];
    running->options.program = "platen run";
    running->world.file_root = arguments->values[OPTION_file_root];
    running->world.program_root = arguments->values[OPTION_program_root];
    running->world.arguments = arguments;
    running->world.verbose = arguments->values[OPTION_verbose] != NULL;
    const char *monitor = arguments->values[OPTION_monitor];
    if (monitor != NULL && strcmp(monitor, "builtin") != 0 &&
        platen_os_absolute_path(monitor, &running->monitor) != 0) {
        complain("--monitor %s: this is no path", printable(monitor));
        return EXIT_USAGE;
    }
    running->options.monitor =
        monitor != NULL && running->monitor == NULL ? "builtin" : running->monitor;
    const char *language = arguments->values[OPTION_language];
    if (language != NULL && platen_os_absolute_path(language, &running->language) != 0) {
        complain("--language %s: this is no path", printable(language));
        return EXIT_USAGE;
    }
    running->options.language = running->language;
    running->options.registry = arguments->values[OPTION_registry];
    return world_accepts_registry(running->options.registry) ? EXIT_OK : EXIT_USAGE;
}

static void list_test(void *context, const char *path, uint32_t line, const char *name)
{
    (void)context;
    if (line == 0) {
        printf("%s\n", printable(path));
    } else {
        printf("%s:%u: %s\n", printable(path), (unsigned)line, printable(name));
    }
}

static int run_scripts(struct running *running, struct platen_scripts *scripts)
{
    struct platen_report *report = platen_report_create();
    int status = report == NULL ? EXIT_ENVIRONMENT : reports_add(report, running->arguments);

    if (status == EXIT_OK) {
        status = recording_open(running->arguments, &running->options.trace);
    }
    if (status == EXIT_OK) {
        guard_begin();
        status = (int)platen_scripts_run(scripts, report);
        guard_monitor(false);
        status = recording_close(running->options.trace, status);
    }
    return reports_close(report, status);
}

static int read_and_run(struct running *running)
{
    struct platen_script_world world;
    struct platen_scripts *scripts;

    world_fill(&running->world, &world);
    int status =
        (int)platen_scripts_read((const char *const *)running->paths.list, running->paths.count,
                                 &running->options, &world, &scripts);
    if (status == EXIT_OK && running->arguments->values[OPTION_list] != NULL) {
        platen_scripts_list(scripts, list_test, NULL);
    } else if (status == EXIT_OK && running->arguments->values[OPTION_dry_run] == NULL) {
        status = run_scripts(running, scripts);
    }
    platen_scripts_free(scripts);
    return status;
}

int command_run(const struct arguments *arguments)
{
    struct running running = {.arguments = arguments};
    int status = read_options(&running);

    if (status == EXIT_OK) {
        status = collect(arguments, &running.paths);
    }
    if (status == EXIT_OK) {
        status = read_and_run(&running);
    }
    free_paths(&running.paths);
    free(running.monitor);
    free(running.language);
    return status;
}
