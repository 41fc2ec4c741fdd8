/* SPDX-License-Identifier: MIT */
#include "hosted/wine.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <platen/errors.h>

#include "hosted/running.h"
#include "os/file.h"
#include "os/thread.h"

#define IMPORT 60 /* seconds for a registry file */

static struct {
    char *prefix; /* NULL: it is not there */
    char *folder;
    char *program;
    char **environment;
    int64_t keeper; /* who ends it all */
    int leash;      /* what keeps him waiting */
    bool exits;     /* the end of this process is told to platen_wine_end */
} wine;

/* ---- names ----------------------------------------------------------------------------------- */

char *platen_wine_path(const char *path)
{
    size_t length = strlen(path);
    char *name = path[0] != '/' || strpbrk(path, "\\:*?\"<>|") != NULL ? NULL : malloc(length + 3);
    if (name == NULL) {
        return NULL;
    }
    name[0] = 'Z';
    name[1] = ':';
    for (size_t i = 0; i <= length; i++) {
        name[i + 2] = path[i];
        if (path[i] == '/') {
            name[i + 2] = '\\';
        }
    }
    return name;
}

const char *platen_wine_program(void)
{
    return wine.program;
}

char **platen_wine_environment(void)
{
    return wine.environment;
}

const char *platen_wine_folder(void)
{
    return wine.folder;
}

bool platen_wine_runs(const char *path)
{
    unsigned char head[2] = {0};
    platen_os_file file;
    size_t moved = 0;
    if (platen_os_file_open_read(path, &file) != 0) {
        return false;
    }
    (void)platen_os_file_read(file, head, sizeof head, &moved);
    platen_os_file_close(file);
    return head[0] == 'M' && head[1] == 'Z';
}

/* Where Debian and others put what it needs for that. */
bool platen_wine_is_narrow(void)
{
    static const char *const places[] = {
        "/usr/lib/i386-linux-gnu/wine/i386-windows", "/usr/lib/wine/i386-windows",
        "/usr/lib32/wine/i386-windows", "/opt/wine-stable/lib/wine/i386-windows"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (access(places[i], R_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- the end --------------------------------------------------------------------------------- */

void platen_wine_end(void)
{
    if (wine.prefix == NULL) {
        return;
    }
    close(wine.leash);
    platen_running_join(wine.keeper);
    free(wine.environment);
    free(wine.program);
    free(wine.folder);
    free(wine.prefix);
    wine.prefix = NULL;
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Somebody was killed, and the one who was to clean up as well. */
static void remove_leftover(const char *copy, int lock)
{
    bool runs;
    int64_t keeper = platen_running_keeper(copy, -1, lock, NULL, &runs);
    close(lock);
    if (keeper > 0) {
        platen_running_join(keeper);
    }
}

static char *below(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s%s", folder, name);
    }
    return path;
}

/* From here on the copy does not outlive this process. */
static uint32_t guard(char *copy, int lock, char **complaint)
{
    bool runs = true;
    int ends[2];
    char *server = platen_running_find("wineserver");
    wine.keeper = -1;
    if (server != NULL && pipe2(ends, O_CLOEXEC) == 0) {
        wine.keeper = platen_running_keeper(copy, ends[0], lock, server, &runs);
        close(ends[0]);
        if (wine.keeper > 0) {
            wine.leash = ends[1];
            wine.prefix = copy;
        } else {
            close(ends[1]);
        }
    }
    free(server);
    close(lock);
    if (!runs && *complaint == NULL) {
        *complaint = below("Wine's server cannot be started", "");
    }
    return wine.prefix == NULL ? PLATEN_NOT_ENOUGH_MEMORY : runs ? 0 : PLATEN_NOT_READY;
}

static uint32_t import(const char *registry, char **complaint)
{
    char *absolute = NULL;
    char *name = NULL;
    if (platen_os_absolute_path(registry, &absolute) == 0) {
        name = platen_wine_path(absolute);
    }
    const char *const arguments[] = {"wine", "reg", "import", name, NULL};
    bool fine = name != NULL && access(absolute, R_OK) == 0 &&
                platen_running_wait(wine.prefix, arguments, IMPORT) == 0;
    if (!fine) {
        size_t size = strlen(registry) + 80;
        *complaint = malloc(size);
        if (*complaint != NULL) {
            snprintf(*complaint, size, "Wine does not take the registry file '%s'", registry);
        }
    }
    free(name);
    free(absolute);
    return fine ? 0 : PLATEN_INVALID_DATA;
}

static uint32_t make(const struct platen_wine_options *options, char **complaint)
{
    char *base;
    char *copy = NULL;
    int lock;
    uint32_t error = platen_prefix_base(&options->news, &base, complaint);
    if (error != 0) {
        return error;
    }
    platen_prefix_leftovers(base, remove_leftover);
    error = platen_prefix_copy(base, &copy, &lock, complaint);
    free(base);
    if (lock >= 0) {
        uint32_t other = guard(copy, lock, complaint);
        error = error == 0 ? other : error;
    }
    if (wine.prefix == NULL) {
        free(copy);
        return error;
    }
    wine.folder = below(wine.prefix, "/drive_c");
    wine.program = platen_running_find("wine");
    wine.environment = platen_running_settled(wine.prefix);
    bool complete = wine.folder != NULL && wine.program != NULL && wine.environment != NULL;
    return error == 0 && !complete ? PLATEN_NOT_ENOUGH_MEMORY : error;
}

uint32_t platen_wine_start(const struct platen_wine_options *options, char **complaint)
{
    *complaint = NULL;
    if (wine.prefix != NULL) {
        return 0;
    }
    if (!wine.exits) {
        wine.exits = atexit(platen_wine_end) == 0;
    }
    uint32_t error = make(options, complaint);
    if (error == 0 && options->registry != NULL) {
        error = import(options->registry, complaint);
    }
    if (error != 0) {
        platen_wine_end();
    }
    return error;
}
