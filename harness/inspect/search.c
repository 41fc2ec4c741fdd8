/* SPDX-License-Identifier: MIT
 *
 * Where a loader would look for what a module needs, and whether it would find the functions there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "inspect/reader.h"
#include "os/file.h"
#include "os/text.h"

#define PATH_ROOM   4096
#define MOST_LOADED 512 /* libraries that hang from one module, through others */
#define DEBIAN_WINE "/usr/lib/x86_64-linux-gnu/wine"

struct loaded {
    char *path;
    struct platen_image *image;
};

struct search {
    struct platen_image *image;
    const struct platen_image_places *places;
    char own[PATH_ROOM]; /* the module's folder */
    char wine[PATH_ROOM];
    struct loaded loaded[MOST_LOADED];
    size_t loaded_count;
};

static char *copy_text(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

/* The image of a file, read once; NULL if it is none, or not for this machine. */
static struct platen_image *load(struct search *search, const char *path)
{
    for (size_t i = 0; i < search->loaded_count; i++) {
        if (strcmp(search->loaded[i].path, path) == 0) {
            return search->loaded[i].image;
        }
    }
    struct platen_image *image = NULL;
    if (search->loaded_count == MOST_LOADED || platen_image_read(path, &image, NULL) != 0) {
        return NULL;
    }
    char *copy = copy_text(path);
    if (copy == NULL || image->format != search->image->format ||
        image->machine_code != search->image->machine_code || image->bits != search->image->bits) {
        platen_image_destroy(image);
        free(copy);
        return NULL;
    }
    search->loaded[search->loaded_count++] = (struct loaded){copy, image};
    return image;
}

static struct platen_image *load_in(struct search *search, const char *folder, size_t length,
                                    const char *name, char *path)
{
    int needed = snprintf(path, PATH_ROOM, "%.*s/%s", (int)length, folder, name);
    return needed < 0 || needed >= PATH_ROOM ? NULL : load(search, path);
}

/* ---- ELF ------------------------------------------------------------------------------------- */

/* One folder of a run path, in which $ORIGIN is the module's own. */
static struct platen_image *load_by_run_path(struct search *search, const char *folder,
                                             size_t length, const char *name, char *path)
{
    static const char *const origins[] = {"${ORIGIN}", "$ORIGIN"};
    char whole[PATH_ROOM];
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        size_t skip = strlen(origins[i]);
        if (length >= skip && strncmp(folder, origins[i], skip) == 0) {
            int needed = snprintf(whole, sizeof whole, "%s%.*s", search->own, (int)(length - skip),
                                  folder + skip);
            if (needed < 0 || needed >= (int)sizeof whole) {
                return NULL;
            }
            return load_in(search, whole, strlen(whole), name, path);
        }
    }
    return load_in(search, folder, length, name, path);
}

static struct platen_image *load_by_list(struct search *search, const char *list, const char *name,
                                         char *path)
{
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ":");
        struct platen_image *found =
            length == 0 ? NULL : load_by_run_path(search, list, length, name, path);
        if (found != NULL) {
            return found;
        }
        list += length + (list[length] == ':');
    }
    return NULL;
}

/* Where Linux systems keep libraries; the machine is looked at, so the wrong ones do no harm. */
static const char system_folders[] =
    "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib/i386-linux-gnu:/usr/lib/i386-linux-gnu:"
    "/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu:/usr/local/lib:/lib64:/usr/lib64:/lib32:"
    "/usr/lib32:/libx32:/lib:/usr/lib";

static struct platen_image *find_elf(struct search *search, const struct platen_image *needs,
                                     const char *name, char *path)
{
    struct platen_image *found = load_by_list(search, needs->search, name, path);
    if (found == NULL) {
        found = load_by_list(search, getenv("LD_LIBRARY_PATH"), name, path);
    }
    return found != NULL ? found : load_by_list(search, system_folders, name, path);
}

static const struct platen_image_export *find_export(const struct search *search, const char *name)
{
    for (size_t i = 0; i < search->loaded_count; i++) {
        const struct platen_image *image = search->loaded[i].image;
        for (size_t k = 0; k < image->export_count; k++) {
            if (strcmp(image->exports[k].name, name) == 0) {
                return &image->exports[k];
            }
        }
    }
    return NULL;
}

static struct platen_image *find_named(struct search *search, const struct platen_image *needs,
                                       const char *name, char *path);

/* All that hangs from the libraries that are there: their functions count too. */
static void load_the_rest(struct search *search)
{
    char path[PATH_ROOM];
    for (size_t i = 0; i < search->loaded_count; i++) {
        const struct platen_image *image = search->loaded[i].image;
        for (size_t k = 0; k < image->library_count; k++) {
            find_named(search, image, image->libraries[k].name, path);
        }
    }
}

static void judge_elf(struct search *search)
{
    bool whole = true;
    load_the_rest(search);
    for (size_t i = 0; i < search->image->library_count; i++) {
        whole = whole && search->image->libraries[i].state == PLATEN_IMAGE_FOUND;
    }
    for (size_t i = 0; i < search->image->import_count; i++) {
        struct platen_image_import *import = &search->image->imports[i];
        bool found = find_export(search, import->name) != NULL ||
                     platen_image_find(search->image, import->name) != NULL;
        import->state = found   ? PLATEN_IMAGE_FOUND
                        : whole ? PLATEN_IMAGE_MISSING
                                : PLATEN_IMAGE_UNKNOWN;
    }
}

/* ---- PE -------------------------------------------------------------------------------------- */

/* Names of DLLs have no case; Wine's files are of lower case, a module's friends as they come. */
static struct platen_image *find_pe(struct search *search, const char *name, char *path)
{
    char lower[256];
    size_t length = strlen(name);
    if (length + sizeof ".dll" > sizeof lower || strpbrk(name, "/\\") != NULL) {
        return NULL;
    }
    for (size_t i = 0; i <= length; i++) {
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    }
    if (strchr(lower, '.') == NULL) {
        strcat(lower, ".dll");
    }
    const char *folders[] = {search->own, search->wine};
    struct platen_image *found = load_in(search, search->own, strlen(search->own), name, path);
    for (size_t i = 0; found == NULL && i < search->places->folder_count; i++) {
        const char *folder = search->places->folders[i];
        found = load_in(search, folder, strlen(folder), name, path);
        found = found != NULL ? found : load_in(search, folder, strlen(folder), lower, path);
    }
    for (size_t i = 0; found == NULL && i < 2; i++) {
        found = load_in(search, folders[i], strlen(folders[i]), lower, path);
    }
    return found;
}

static struct platen_image *find_named(struct search *search, const struct platen_image *needs,
                                       const char *name, char *path)
{
    return search->image->format == PLATEN_IMAGE_ELF ? find_elf(search, needs, name, path)
                                                     : find_pe(search, name, path);
}

/* Through forwards, "NTDLL.RtlX", as far as they go. */
static enum platen_image_state judge_function(struct search *search,
                                              const struct platen_image *library, const char *name,
                                              unsigned depth)
{
    const struct platen_image_export *found = platen_image_find(library, name);
    char path[PATH_ROOM];
    char other[128];
    if (found == NULL) {
        return PLATEN_IMAGE_MISSING;
    }
    if (found->forward == NULL) {
        return image_pe_is_stub(library, found) ? PLATEN_IMAGE_STUB : PLATEN_IMAGE_FOUND;
    }
    const char *dot = strrchr(found->forward, '.');
    if (dot == NULL || dot[1] == '#' || depth == 8 ||
        (size_t)(dot - found->forward) >= sizeof other) {
        return PLATEN_IMAGE_FOUND; /* by number: nothing more can be said */
    }
    snprintf(other, sizeof other, "%.*s", (int)(dot - found->forward), found->forward);
    const struct platen_image *next = find_pe(search, other, path);
    return next == NULL ? PLATEN_IMAGE_MISSING : judge_function(search, next, dot + 1, depth + 1);
}

static void judge_pe(struct search *search)
{
    for (size_t i = 0; i < search->image->import_count; i++) {
        struct platen_image_import *import = &search->image->imports[i];
        const struct platen_image_library *library = &search->image->libraries[import->library];
        if (import->name != NULL && image_pe_is_served(library->name, import->name)) {
            import->state = PLATEN_IMAGE_SERVED;
            continue;
        }
        if (library->path == NULL || import->name == NULL) {
            import->state = library->path == NULL ? PLATEN_IMAGE_UNKNOWN : PLATEN_IMAGE_FOUND;
            continue;
        }
        const struct platen_image *found = load(search, library->path);
        import->state =
            found == NULL ? PLATEN_IMAGE_UNKNOWN : judge_function(search, found, import->name, 0);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static uint32_t find_libraries(struct search *search)
{
    char path[PATH_ROOM];
    for (size_t i = 0; i < search->image->library_count; i++) {
        struct platen_image_library *library = &search->image->libraries[i];
        bool found = find_named(search, search->image, library->name, path) != NULL;
        /* Sets of functions that Windows, and Wine, give out from other DLLs. */
        bool set = strncmp(library->name, "api-ms-", 7) == 0 && !found;
        library->state = found ? PLATEN_IMAGE_FOUND
                         : set ? PLATEN_IMAGE_UNKNOWN
                               : PLATEN_IMAGE_MISSING;
        library->path = found ? copy_text(path) : NULL;
        if (found && library->path == NULL) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
    }
    return 0;
}

uint32_t platen_image_resolve(struct platen_image *image, const char *path,
                              const struct platen_image_places *places)
{
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    size_t length = (size_t)(platen_os_path_name(path) - path);
    search->image = image;
    search->places = places;
    snprintf(search->own, sizeof search->own, "%.*s", length == 0 ? 1 : (int)length,
             length == 0 ? "." : path);
    snprintf(search->wine, sizeof search->wine, "%s/%s",
             places->wine == NULL ? DEBIAN_WINE : places->wine,
             image->bits == 64 ? "x86_64-windows" : "i386-windows");
    uint32_t error = find_libraries(search);
    if (error == 0) {
        (image->format == PLATEN_IMAGE_ELF ? judge_elf : judge_pe)(search);
    }
    for (size_t i = 0; i < search->loaded_count; i++) {
        platen_image_destroy(search->loaded[i].image);
        free(search->loaded[i].path);
    }
    free(search);
    return error;
}
