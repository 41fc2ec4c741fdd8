/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#    include <malloc.h>
#endif

#include "os/file.h"
#include "os/meter.h"

static bool find_number(const char *text, const char *key, uint64_t *number)
{
    const char *at = strstr(text, key);
    return at != NULL && sscanf(at + strlen(key), "%" SCNu64, number) == 1;
}

bool platen_os_io_calls(uint64_t *reads, uint64_t *writes)
{
    char text[512] = "";
    size_t moved = 0;
    platen_os_file file;

    *reads = 0;
    *writes = 0;
    if (platen_os_file_open_read("/proc/self/io", &file) != 0) {
        return false;
    }
    uint32_t error = platen_os_file_read(file, text, sizeof text - 1, &moved);
    platen_os_file_close(file);
    return error == 0 && find_number(text, "syscr: ", reads) &&
           find_number(text, "syscw: ", writes);
}

/* ---- what it has now ------------------------------------------------------------------------- */

static int64_t count_threads(void)
{
    char text[4096] = "";
    size_t moved = 0;
    uint64_t count;
    platen_os_file file;
    if (platen_os_file_open_read("/proc/self/status", &file) != 0) {
        return -1;
    }
    uint32_t error = platen_os_file_read(file, text, sizeof text - 1, &moved);
    platen_os_file_close(file);
    return error == 0 && find_number(text, "Threads:", &count) ? (int64_t)count : -1;
}

/* Without the one that the look itself takes. */
static int64_t count_descriptors(void)
{
    int64_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) {
        return -1;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count - 1;
}

/* Another allocator in its place (a sanitizer's) knows of nothing here. */
static int64_t count_heap(void)
{
#if defined __GLIBC__ && defined __GLIBC_PREREQ
#    if __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
    size_t used = info.uordblks + info.hblkhd;
    return used == 0 ? -1 : (int64_t)used;
#    endif
#endif
    return -1;
}

/* Of a thread: "12 345 ". */
static int64_t count_children_of(const char *thread)
{
    char path[64];
    char text[4096] = "";
    size_t moved = 0;
    platen_os_file file;
    snprintf(path, sizeof path, "/proc/self/task/%.20s/children", thread);
    if (platen_os_file_open_read(path, &file) != 0) {
        return -1;
    }
    int64_t count = 0;
    uint32_t error = platen_os_file_read(file, text, sizeof text - 1, &moved);
    platen_os_file_close(file);
    for (const char *at = text; (at = strchr(at, ' ')) != NULL; at++) {
        count++;
    }
    return error == 0 ? count : -1;
}

static int64_t count_children(void)
{
    int64_t all = 0;
    DIR *folder = opendir("/proc/self/task");
    if (folder == NULL) {
        return -1;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL && all >= 0;
         entry = readdir(folder)) {
        int64_t count = entry->d_name[0] == '.' ? 0 : count_children_of(entry->d_name);
        all = count < 0 ? -1 : all + count;
    }
    closedir(folder);
    return all;
}

void platen_os_process_use(struct platen_os_use *use)
{
    *use = (struct platen_os_use){.threads = count_threads(),
                                  .handles = count_descriptors(),
                                  .heap = count_heap(),
                                  .children = count_children()};
}
