/* SPDX-License-Identifier: MIT
 *
 * How the host of a module is started: which program that is, what runs it, and what it calls the
 * module.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted/inside.h"
#include "hosted/wine.h"
#include "inspect/inspect.h"
#include "os/file.h"

#define FOLDERS "PLATEN_HOST_DLLS="

static char *copy_text(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

void hosted_launch_free(struct hosted_launch *launch)
{
    free(launch->program);
    free(launch->module);
    free(launch->folders);
    *launch = (struct hosted_launch){.program = NULL};
}

static uint32_t find_program(const char *what, const char *named, const char *path,
                             struct hosted_launch *launch, char **complaint)
{
    launch->program = named != NULL ? copy_text(named) : hosted_beside(what);
    if (launch->program != NULL) {
        return 0;
    }
    *complaint = hosted_complain("'%s' needs %s, which is not beside this program", path, what);
    return launch->under_wine ? PLATEN_NOT_READY : PLATEN_FILE_NOT_FOUND;
}

/* ---- under Wine ------------------------------------------------------------------------------ */

/* What its header says; NULL: no host can run that. */
static const char *host_for(const char *path, char **complaint, uint32_t *error)
{
    struct platen_image *image = NULL;
    char *words = NULL;
    const char *what = NULL;
    *error = platen_image_read(path, &image, &words);
    if (*error != 0) {
        *complaint = hosted_complain("'%s' cannot be loaded: %s", path,
                                     words == NULL ? "it cannot be read" : words);
    } else if (image->managed) {
        *complaint =
            hosted_complain("'%s' is .NET code, which no spooler loads as a monitor", path);
    } else if (strcmp(image->machine, "x86-64") == 0) {
        what = "platen-host.exe";
    } else if (strcmp(image->machine, "i386") == 0 && platen_wine_is_narrow()) {
        what = "platen-host32.exe";
    } else if (strcmp(image->machine, "i386") == 0) {
        *complaint = hosted_complain("'%s' is a DLL for 32 bits, and the Wine of this system runs "
                                     "programs for 64 bits only (Debian's package wine32:i386)",
                                     path);
        *error = PLATEN_NOT_READY;
    } else {
        *complaint =
            hosted_complain("'%s' is made for %s, which no host can run", path, image->machine);
    }
    if (what == NULL && *error == 0) {
        *error = PLATEN_BAD_EXE_FORMAT;
    }
    platen_image_destroy(image);
    free(words);
    return what;
}

static uint32_t name_module(const char *path, struct hosted_launch *launch, char **complaint)
{
    char *absolute = NULL;
    uint32_t error = platen_os_absolute_path(path, &absolute);
    if (error != 0) {
        return error;
    }
    launch->module = platen_wine_path(absolute);
    free(absolute);
    if (launch->module != NULL) {
        return 0;
    }
    *complaint = hosted_complain("'%s' has a name that nothing under Wine can have", path);
    return PLATEN_INVALID_NAME;
}

static uint32_t name_folder(const char *folder, struct hosted_launch *launch, char **complaint)
{
    char *absolute = NULL;
    uint32_t error = platen_os_absolute_path(folder, &absolute);
    char *name = error == 0 ? platen_wine_path(absolute) : NULL;
    size_t size = name == NULL ? 0 : sizeof FOLDERS + strlen(name);
    launch->folders = name == NULL ? NULL : malloc(size);
    if (launch->folders != NULL) {
        snprintf(launch->folders, size, FOLDERS "%s", name);
    } else {
        *complaint =
            hosted_complain("the folder '%s' has a name that nothing under Wine can have", folder);
        error = error == 0 ? PLATEN_INVALID_NAME : error;
    }
    free(name);
    free(absolute);
    return error;
}

static uint32_t find_under_wine(const char *path, const struct platen_hosted_options *options,
                                struct hosted_launch *launch, char **complaint)
{
    struct platen_wine_options wine = {
        .registry = options->wine_registry,
        .news = {.say = options->say, .context = options->context},
    };
    uint32_t error;
    const char *what = host_for(path, complaint, &error);
    launch->under_wine = true;
    if (what != NULL) {
        error = find_program(what, options->program, path, launch, complaint);
    }
    if (error == 0) {
        error = name_module(path, launch, complaint);
    }
    if (error == 0 && options->dll_folder != NULL) {
        error = name_folder(options->dll_folder, launch, complaint);
    }
    if (error == 0) {
        error = platen_wine_start(&wine, complaint);
    }
    return error;
}

/* ---- both ------------------------------------------------------------------------------------ */

static uint32_t find_here(const char *path, const struct platen_hosted_options *options,
                          struct hosted_launch *launch, char **complaint)
{
    const char *what = NULL;
    free(options->program != NULL ? NULL : platen_hosted_program(path, &what));
    uint32_t error = find_program(what, options->program, path, launch, complaint);
    return error == 0 ? platen_os_absolute_path(path, &launch->module) : error;
}

uint32_t hosted_launch_find(const char *path, const struct platen_hosted_options *options,
                            struct hosted_launch *launch, char **complaint)
{
    *launch = (struct hosted_launch){.program = NULL};
    uint32_t error = platen_wine_runs(path) ? find_under_wine(path, options, launch, complaint)
                                            : find_here(path, options, launch, complaint);
    if (error != 0) {
        hosted_launch_free(launch);
    }
    return error;
}

/* ---- what is missing ------------------------------------------------------------------------- */

static size_t list_missing(const struct platen_image *image, char *to, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < image->library_count && used < size; i++) {
        if (image->libraries[i].state == PLATEN_IMAGE_MISSING) {
            used += (size_t)snprintf(to + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     image->libraries[i].name);
        }
    }
    return used;
}

char *hosted_launch_missing(const char *path, const char *folder)
{
    struct platen_image *image = NULL;
    char list[400];
    const char *folders[] = {folder};
    const struct platen_image_places places = {.folders = folders, .folder_count = folder != NULL};
    size_t used = 0;
    if (platen_image_read(path, &image, NULL) == 0 &&
        platen_image_resolve(image, path, &places) == 0) {
        used = list_missing(image, list, sizeof list);
    }
    platen_image_destroy(image);
    return used == 0 ? NULL : hosted_complain("it needs %s (--dll-dir)", list);
}

const char *hosted_launch_instead(const char *path)
{
    struct platen_image *image = NULL;
    bool has_dialogs = platen_image_read(path, &image, NULL) == 0 &&
                       platen_image_find(image, "InitializePrintMonitorUI") != NULL;
    platen_image_destroy(image);
    return has_dialogs ? ", but InitializePrintMonitorUI: it has the dialogs of a monitor" : "";
}
