/* SPDX-License-Identifier: MIT
 *
 * The dynamic linker says what is wrong in words alone. Where they must become a code, the file's
 * header is compared with that of the module which holds this code: same class, same machine.
 */
#include "os/module.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "os/error.h"
#include "os/file.h"

struct platen_os_module {
    void *handle;
    const void *base; /* where the linker put it */
};

static const void *base_of(const void *address)
{
    Dl_info place;
    return dladdr(address, &place) ? place.dli_fbase : NULL;
}

static uint32_t read_header(const char *path, ElfW(Ehdr) * header)
{
    platen_os_file file;
    size_t moved = 0;
    uint32_t error = platen_os_file_open_read(path, &file);

    if (error == PLATEN_PATH_NOT_FOUND)
        return PLATEN_FILE_NOT_FOUND;
    if (error)
        return error == PLATEN_DIRECTORY ? PLATEN_BAD_EXE_FORMAT : error;
    error = platen_os_file_read(file, header, sizeof *header, &moved);
    platen_os_file_close(file);
    if (error)
        return error;
    return moved == sizeof *header ? 0 : PLATEN_BAD_EXE_FORMAT;
}

static bool is_like_ours(const ElfW(Ehdr) * header)
{
    static const char here;
    const ElfW(Ehdr) *ours = base_of(&here);

    return ours && memcmp(header->e_ident, ours->e_ident, EI_DATA + 1) == 0 &&
           header->e_machine == ours->e_machine && header->e_type == ET_DYN;
}

/* With a good header: did something else lack, or is the file damaged further on? */
static bool something_lacks(const char *complaint)
{
    static const char *const words[] = {
        "cannot open shared object file", "undefined symbol", "not found", "not defined",
        "Error loading shared library",   "Error relocating",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(complaint, words[i]))
            return true;
    return false;
}

static uint32_t explain(const char *path, const char *complaint)
{
    ElfW(Ehdr) header;
    uint32_t error = read_header(path, &header);

    if (error)
        return error;
    return is_like_ours(&header) && something_lacks(complaint) ? PLATEN_MOD_NOT_FOUND
                                                               : PLATEN_BAD_EXE_FORMAT;
}

/* A FIFO, which the linker would wait for, is no module. */
static bool is_file(const char *path)
{
    struct stat facts;
    return stat(path, &facts) != 0 || S_ISREG(facts.st_mode);
}

static uint32_t open_module(const char *path, platen_os_module *module, char **complaint)
{
    const struct link_map *map;
    const char *words;

    if (!is_file(path))
        return PLATEN_BAD_EXE_FORMAT;
    module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!module->handle) {
        words = dlerror();
        words = words ? words : "";
        if (complaint)
            *complaint = strdup(words);
        return explain(path, words);
    }
    module->base = dlinfo(module->handle, RTLD_DI_LINKMAP, &map) == 0 ? base_of(map->l_ld) : NULL;
    return 0;
}

uint32_t platen_os_module_load(const char *path, platen_os_module **module, char **complaint)
{
    platen_os_module *made = malloc(sizeof *made);
    char *absolute = NULL;
    uint32_t error = PLATEN_OUTOFMEMORY;

    *module = NULL;
    if (complaint)
        *complaint = NULL;
    if (made)
        error = platen_os_absolute_path(path, &absolute);
    if (!error)
        error = open_module(absolute, made, complaint);
    free(absolute);
    if (error)
        free(made);
    else
        *module = made;
    return error;
}

void platen_os_module_unload(platen_os_module *module)
{
    if (!module)
        return;
    dlclose(module->handle);
    free(module);
}

/* The linker also looks into what the module depends on; that is not this very module. */
void *platen_os_module_data(platen_os_module *module, const char *name)
{
    void *address = dlsym(module->handle, name);
    return address && base_of(address) == module->base ? address : NULL;
}

platen_os_function platen_os_module_function(platen_os_module *module, const char *name)
{
    void *address = platen_os_module_data(module, name);
    platen_os_function function;

    _Static_assert(sizeof function == sizeof address, "POSIX: functions have addresses like data");
    memcpy(&function, &address, sizeof function);
    return function;
}

bool platen_os_module_runs_dllmain(void)
{
    return false;
}

void *platen_os_module_handle(platen_os_module *module)
{
    return module->handle;
}

uint32_t platen_os_module_beside(const void *address, const char *name, char **path)
{
    Dl_info place;
    char *beside = NULL;

    *path = NULL;
    if (!dladdr(address, &place))
        return PLATEN_MOD_NOT_FOUND;
    size_t folder = (size_t)(platen_os_path_name(place.dli_fname) - place.dli_fname);
    beside = malloc(folder + strlen(name) + 1);
    if (!beside)
        return PLATEN_OUTOFMEMORY;
    memcpy(beside, place.dli_fname, folder);
    strcpy(beside + folder, name);
    uint32_t error = platen_os_absolute_path(beside, path);
    free(beside);
    return error;
}

void platen_os_module_pin(const void *address)
{
    Dl_info place;
    void *handle;

    if (!dladdr(address, &place))
        return;
    handle = dlopen(place.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    if (handle)
        dlclose(handle);
}
