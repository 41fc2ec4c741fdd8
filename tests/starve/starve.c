/* SPDX-License-Identifier: MIT
 *
 * Loaded before everything else, into a host: makes allocations of one module fail, and looks
 * whether the module frees what it allocated until it is unloaded.
 *
 *   STARVE_MODULE   how the module's path ends
 *   STARVE_NTH      which of its allocations fails, from 1; 0: none
 *   STARVE_ON       1: all after it fail as well
 *   STARVE_LOG      a file that gets a line "failed" when one has failed, and a line "left N" when
 *                   the module was unloaded and N of its blocks were not freed
 *
 * Whose an allocation is says the address that it returns to.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

enum { BLOCKS = 1 << 20 }; /* that are remembered at a time */

static atomic_uintptr_t low, high; /* where the module lies; 0: nowhere yet */
static atomic_uintptr_t blocks[BLOCKS];
static atomic_int count, left;
static _Thread_local bool busy;

/* ---- what was asked for ---------------------------------------------------------------------- */

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void tell(const char *text)
{
    const char *path = getenv("STARVE_LOG");
    int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (file < 0)
        return;
    if (write(file, text, strlen(text)) < 0)
        abort();
    close(file);
}

/* ---- where the module is --------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int look(struct dl_phdr_info *info, size_t size, void *module)
{
    (void)size;
    if (!ends_with(info->dlpi_name, module))
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
            low = info->dlpi_addr + part->p_vaddr;
            high = low + part->p_memsz;
        }
    }
    return 1;
}

static bool is_ours(const void *caller)
{
    return (uintptr_t)caller >= low && (uintptr_t)caller < high;
}

void *dlopen(const char *path, int flags)
{
    void *(*real)(const char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "dlopen");
    void *handle = real(path, flags);
    char *module = getenv("STARVE_MODULE");
    if (handle && module && low == 0)
        dl_iterate_phdr(look, module);
    return handle;
}

/* The module may stay loaded, on purpose: then what it has is still in use. */
int dlclose(void *handle)
{
    int (*real)(void *);
    *(void **)&real = dlsym(RTLD_NEXT, "dlclose");
    int result = real(handle);
    Dl_info info;
    if (low != 0 && left > 0 && !dladdr((void *)low, &info)) {
        char text[32];
        snprintf(text, sizeof(text), "left %d\n", left);
        tell(text);
    }
    return result;
}

/* ---- allocations ----------------------------------------------------------------------------- */

static bool fails(const void *caller)
{
    if (!is_ours(caller) || busy)
        return false;
    long nth = number("STARVE_NTH");
    int now = atomic_fetch_add(&count, 1) + 1;
    if (nth == 0 || now < nth || (now > nth && !number("STARVE_ON")))
        return false;
    busy = true;
    if (now == nth)
        tell("failed\n");
    busy = false;
    return true;
}

static size_t place_of(const void *block)
{
    return (uintptr_t)block * UINT64_C(0x9E3779B97F4A7C15) >> 44;
}

/* A block that finds no place is not remembered. */
static void keep(void *block)
{
    size_t at = place_of(block);
    for (int i = 0; block && i < 64; i++, at = (at + 1) % BLOCKS) {
        uintptr_t none = 0;
        if (atomic_compare_exchange_strong(&blocks[at], &none, (uintptr_t)block)) {
            left++;
            return;
        }
    }
}

static bool forget(const void *block)
{
    size_t at = place_of(block);
    for (int i = 0; block && i < 64; i++, at = (at + 1) % BLOCKS) {
        uintptr_t known = (uintptr_t)block;
        if (atomic_compare_exchange_strong(&blocks[at], &known, 0)) {
            left--;
            return true;
        }
    }
    return false;
}

static void *given(void *block, const void *caller)
{
    if (is_ours(caller))
        keep(block);
    return block;
}

void *malloc(size_t size)
{
    const void *caller = __builtin_return_address(0);
    return fails(caller) ? NULL : given(__libc_malloc(size), caller);
}

void *calloc(size_t many, size_t size)
{
    const void *caller = __builtin_return_address(0);
    return fails(caller) ? NULL : given(__libc_calloc(many, size), caller);
}

void *realloc(void *memory, size_t size)
{
    const void *caller = __builtin_return_address(0);
    if (fails(caller))
        return NULL;
    bool known = forget(memory);
    void *moved = __libc_realloc(memory, size);
    if (!moved && known && size)
        keep(memory);
    return given(moved, caller);
}

void free(void *memory)
{
    forget(memory);
    __libc_free(memory);
}
