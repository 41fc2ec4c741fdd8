/* SPDX-License-Identifier: MIT */
#include "hosted/slim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define HEAD      4096u
#define RESOURCES (64u << 10) /* a longer section of them is pictures and dialogs */
#define MARK_AT   0x40u
#define MARK      "Wine builtin DLL"

static uint32_t number(const unsigned char *at, unsigned bytes)
{
    uint32_t value = 0;
    while (bytes > 0) {
        value = value << 8 | at[--bytes];
    }
    return value;
}

static int put(int file, const unsigned char *bytes, size_t size, off_t at)
{
    while (size > 0) {
        ssize_t moved = pwrite(file, bytes, size, at);
        if (moved < 0 && errno != EINTR) {
            return -1;
        }
        size_t step = moved > 0 ? (size_t)moved : 0;
        bytes += step;
        at += (off_t)step;
        size -= step;
    }
    return 0;
}

/* From there to the end, or so many bytes. */
static int copy_part(int from, int to, off_t at, off_t size)
{
    unsigned char room[64 << 10];
    while (size > 0) {
        size_t most = size < (off_t)sizeof room ? (size_t)size : sizeof room;
        ssize_t moved = pread(from, room, most, at);
        if (moved < 0 && errno == EINTR) {
            continue;
        }
        if (moved <= 0) {
            return moved < 0 ? -1 : 0;
        }
        if (put(to, room, (size_t)moved, at) != 0) {
            return -1;
        }
        at += moved;
        size -= moved;
    }
    return 0;
}

/* Where the resources are in the file; *size 0: nowhere, or they are long. */
static void find_resources(const unsigned char *head, size_t length, off_t *at, off_t *size)
{
    *at = *size = 0;
    uint32_t pe = number(head + 0x3c, 4);
    if (pe > length - 24) {
        return;
    }
    uint32_t count = number(head + pe + 6, 2);
    uint32_t section = pe + 24 + number(head + pe + 20, 2);
    for (; count > 0 && section <= length - 40; count--, section += 40) {
        uint32_t bytes = number(head + section + 16, 4);
        if (memcmp(head + section, ".rsrc\0\0", 8) == 0 && bytes <= RESOURCES) {
            *size = (off_t)bytes;
            *at = (off_t)number(head + section + 20, 4);
        }
    }
}

static int copy_slim(int from, int to, const unsigned char *head, size_t length, off_t whole)
{
    off_t at;
    off_t size;
    find_resources(head, length, &at, &size);
    if (put(to, head, length, 0) != 0 || copy_part(from, to, at, size) != 0) {
        return -1;
    }
    return ftruncate(to, whole);
}

static int copy_contents(int from, int to, off_t whole)
{
    unsigned char head[HEAD] = {0};
    ssize_t length = pread(from, head, sizeof head, 0);
    if (length < 0) {
        return -1;
    }
    bool slim = (size_t)length == sizeof head && head[0] == 'M' && head[1] == 'Z' &&
                memcmp(head + MARK_AT, MARK, sizeof MARK) == 0;
    return slim ? copy_slim(from, to, head, sizeof head, whole) : copy_part(from, to, 0, whole);
}

int platen_slim_copy(int from, int to, const char *name, const struct stat *info)
{
    int source = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source < 0) {
        return errno == ENOENT ? 0 : -1;
    }
    int target =
        openat(to, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, (info->st_mode & 0777) | S_IWUSR);
    int result = target < 0 ? -1 : copy_contents(source, target, info->st_size);
    int kept = errno;
    if (target >= 0) {
        close(target);
    }
    close(source);
    errno = kept;
    return result;
}
