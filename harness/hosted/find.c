/* SPDX-License-Identifier: MIT
 *
 * Which host a module needs, and where it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "hosted/inside.h"
#include "os/file.h"

/* Is it an ELF module for 32 bits? What is no module at all is found out by the host. */
static bool is_narrow(const char *module)
{
    unsigned char head[5] = {0};
    platen_os_file file;
    size_t moved = 0;
    if (platen_os_file_open_read(module, &file) != 0) {
        return false;
    }
    (void)platen_os_file_read(file, head, sizeof head, &moved);
    platen_os_file_close(file);
    return moved == sizeof head && memcmp(head, "\177ELF\1", sizeof head) == 0;
}

static bool is_there(const char *path)
{
    platen_os_file file;
    if (platen_os_file_open_read(path, &file) != 0) {
        return false;
    }
    platen_os_file_close(file);
    return true;
}

char *hosted_beside(const char *name)
{
    /* Beside this program; where it is installed; beside the folder of a test. */
    static const char *const places[] = {"", "../libexec/platen/", "../"};
    char here[4096];
    char path[4300];
    size_t size = sizeof here;
    if (uv_exepath(here, &size) != 0) {
        return NULL;
    }
    const char *own = platen_os_path_name(here);
    const char *dot = strrchr(own, '.');
    /* A build for Windows; other programs may have a dot in their names. */
    bool is_exe = dot != NULL && (strcmp(dot, ".exe") == 0 || strcmp(dot, ".EXE") == 0);
    const char *suffix = is_exe && strchr(name, '.') == NULL ? dot : "";
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(path, sizeof path, "%.*s%s%s%s", (int)(own - here), here, places[i], name, suffix);
        if (is_there(path)) {
            char *found = malloc(strlen(path) + 1);
            return found == NULL ? NULL : strcpy(found, path);
        }
    }
    return NULL;
}

char *platen_hosted_program(const char *module, const char **what)
{
    *what = sizeof(void *) == 8 && is_narrow(module) ? "platen-host32" : "platen-host";
    return hosted_beside(*what);
}
