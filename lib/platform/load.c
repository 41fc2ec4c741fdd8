/* SPDX-License-Identifier: MIT
 *
 * What is the same everywhere: whole files in one go, by way of the functions that each system has,
 * and the parts of a path's name.
 */
#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#define FIRST_GUESS 4096

/* Where to begin: the size of a regular file and one byte more, so that its end is seen at once. */
static size_t first_room(platen_os_file file, size_t limit)
{
    uint64_t size;
    if (platen_os_file_size(file, &size) != 0 || size < FIRST_GUESS)
        size = FIRST_GUESS;
    return size < limit ? (size_t)size + 1 : limit + 1;
}

/* Reads up to `room` bytes into *data, which has one more for the final 0. */
static uint32_t fill(platen_os_file file, char *data, size_t room, size_t *used)
{
    while (*used < room) {
        size_t moved;
        uint32_t error = platen_os_file_read(file, data + *used, room - *used, &moved);
        if (error || moved == 0)
            return error;
        *used += moved;
    }
    return 0;
}

/* A file may grow while it is read and a pipe has no size: read until the end or past the limit. */
static uint32_t load(platen_os_file file, size_t limit, char **data, size_t *size)
{
    size_t room = first_room(file, limit), used = 0;
    char *grown, *all = malloc(room + 1);
    uint32_t error = all ? fill(file, all, room, &used) : PLATEN_OUTOFMEMORY;

    while (!error && used == room && used <= limit) {
        room = room > limit / 2 ? limit + 1 : room * 2;
        grown = realloc(all, room + 1);
        if (grown)
            all = grown;
        error = grown ? fill(file, all, room, &used) : PLATEN_OUTOFMEMORY;
    }
    if (!error && used > limit)
        error = PLATEN_FILE_TOO_LARGE;
    if (error) {
        free(all);
        return error;
    }
    all[used] = 0;
    *data = all;
    *size = used;
    return 0;
}

uint32_t platen_os_file_load(const char *path, size_t limit, char **data, size_t *size)
{
    platen_os_file file;
    uint32_t error = platen_os_file_open_read(path, &file);

    *data = NULL;
    *size = 0;
    if (error)
        return error;
    if (limit > SIZE_MAX / 4)
        limit = SIZE_MAX / 4;
    error = load(file, limit, data, size);
    platen_os_file_close(file);
    return error;
}

uint32_t platen_os_file_write_all(platen_os_file file, const void *data, size_t size)
{
    const char *bytes = data;
    uint32_t error = 0;

    while (size > 0 && !error) {
        size_t moved;
        error = platen_os_file_write(file, bytes, size, &moved);
        bytes += moved;
        size -= moved;
    }
    return error;
}

void platen_os_path_stem(const char *path, char *stem, size_t size)
{
    const char *name = platen_os_path_name(path);
    const char *dot = strrchr(name, '.');
    size_t length = dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);

    snprintf(stem, size, "%.*s", (int)length, name);
}
