/* SPDX-License-Identifier: MIT */
#include "os/memory.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/error.h"

size_t platen_os_page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Whole pages, at least one; 0 if there are not so many. */
static size_t round_up(size_t size)
{
    size_t page = platen_os_page_size();
    if (size == 0)
        return page;
    return size > SIZE_MAX - page ? 0 : (size + page - 1) / page * page;
}

void *platen_os_pages_alloc(size_t size)
{
    size_t whole = round_up(size);
    void *pages;

    if (whole == 0)
        return NULL;
    pages = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void platen_os_pages_free(void *pages, size_t size)
{
    if (pages)
        munmap(pages, round_up(size));
}

uint32_t platen_os_pages_protect(void *pages, size_t size, enum platen_os_access access)
{
    static const int rights[] = {
        [PLATEN_OS_NO_ACCESS] = PROT_NONE,
        [PLATEN_OS_READ_ONLY] = PROT_READ,
        [PLATEN_OS_READ_WRITE] = PROT_READ | PROT_WRITE,
    };
    return mprotect(pages, round_up(size), rights[access]) == 0 ? 0 : platen_os_last_error();
}

/* "7f00-7f80 r-xp ..." */
static bool read_area(const char *line, uintptr_t *begin, uintptr_t *end, unsigned *rights)
{
    char text[4] = "";
    uintmax_t from;
    uintmax_t to;
    if (sscanf(line, "%" SCNxMAX "-%" SCNxMAX " %3s", &from, &to, text) != 3)
        return false;
    *begin = (uintptr_t)from;
    *end = (uintptr_t)to;
    *rights = (text[0] == 'r' ? PLATEN_OS_CAN_READ : 0u) |
              (text[1] == 'w' ? PLATEN_OS_CAN_WRITE : 0u) |
              (text[2] == 'x' ? PLATEN_OS_CAN_RUN : 0u);
    return true;
}

/* Without the map: what a loaded module has can be read, and perhaps run. */
static unsigned guess(const void *at)
{
    Dl_info info;
    return dladdr(at, &info) != 0 ? PLATEN_OS_CAN_READ | PLATEN_OS_CAN_RUN : 0;
}

unsigned platen_os_rights(const void *at, size_t size)
{
    uintptr_t next = (uintptr_t)at;
    uintptr_t last = next + (size > 0 ? size - 1 : 0);
    unsigned all = PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE | PLATEN_OS_CAN_RUN;
    char line[512];
    bool whole = false;
    bool goes_on = false; /* the rest of a long line */
    FILE *map = fopen("/proc/self/maps", "re");

    if (map == NULL)
        return guess(at);
    while (!whole && last >= (uintptr_t)at && fgets(line, sizeof line, map) != NULL) {
        uintptr_t begin;
        uintptr_t end;
        unsigned rights;
        bool first = !goes_on;
        goes_on = strchr(line, '\n') == NULL;
        if (first && read_area(line, &begin, &end, &rights) && next >= begin && next < end) {
            all &= rights;
            whole = last < end;
            next = end;
        }
    }
    fclose(map);
    return whole ? all : 0;
}

/* Linux' own word: what getrusage tells there is the most that the program which started this one
 * had, if that was more. 0: there is no such word. */
static uint64_t peak_of_status(void)
{
    char line[256];
    uint64_t kibis = 0;
    FILE *status = fopen("/proc/self/status", "re");

    while (status != NULL && kibis == 0 && fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmHWM: %" SCNu64, &kibis) != 1)
            kibis = 0;
    if (status != NULL)
        fclose(status);
    return kibis * 1024;
}

uint64_t platen_os_peak_memory(void)
{
    struct rusage usage;
    uint64_t peak = peak_of_status();
    if (peak != 0)
        return peak;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
#ifdef __APPLE__
    return (uint64_t)usage.ru_maxrss;
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}
