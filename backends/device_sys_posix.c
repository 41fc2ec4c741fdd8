/* SPDX-License-Identifier: MIT */
#include "device_sys_posix.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *root;

void sys_replace_root(const char *folder)
{
    root = folder;
}

const char *sys_rooted(const char *path, char *room, size_t size)
{
    if (!root)
        return path;
    snprintf(room, size, "%s%s", root, path);
    return room;
}

static const char *join(const char *folder, const char *file, char *room, size_t size)
{
    snprintf(room, size, "%s%s/%s", root ? root : "", folder, file);
    return room;
}

void sys_read(const char *folder, const char *file, char *text, size_t size)
{
    char room[2 * SYS_PATH];
    size_t length = 0;
    FILE *stream = fopen(join(folder, file, room, sizeof room), "re");

    if (stream) {
        length = fread(text, 1, size - 1, stream);
        fclose(stream);
    }
    while (length && strchr("\r\n \t", text[length - 1]))
        length--;
    text[length] = 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = ' ';
}

unsigned sys_read_number(const char *folder, const char *file)
{
    char text[16];
    sys_read(folder, file, text, sizeof text);
    return (unsigned)strtoul(text, NULL, 16);
}

void sys_read_link(const char *folder, const char *file, char *name, size_t size)
{
    char room[2 * SYS_PATH], target[512];
    ssize_t length = readlink(join(folder, file, room, sizeof room), target, sizeof target - 1);
    const char *last;

    target[length < 0 ? 0 : length] = 0;
    last = strrchr(target, '/');
    snprintf(name, size, "%s", last ? last + 1 : target);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

void sys_list(const char *folder, void (*each)(void *context, const char *name), void *context)
{
    char room[2 * SYS_PATH];
    struct dirent **entries;
    int count = scandir(sys_rooted(folder, room, sizeof room), &entries, is_visible, versionsort);

    for (int i = 0; i < count; i++) {
        each(context, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}
