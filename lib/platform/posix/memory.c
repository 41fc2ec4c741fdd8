/* SPDX-License-Identifier: MIT */
#include "os/memory.h"

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

uint64_t platen_os_peak_memory(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
#ifdef __APPLE__
    return (uint64_t)usage.ru_maxrss;
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}
