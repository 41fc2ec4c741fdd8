/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "trial.h"

size_t system_open_handles(void)
{
    size_t count = count_entries("/proc/self/fd");
    return count == SIZE_MAX ? 0 : count;
}

bool system_process_lives(long id)
{
    char path[64], text[600] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", id);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *state = strrchr(text, ')');
    return state && state[1] == ' ' && !strchr("ZX", state[2]);
}

bool system_make_program(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    fputs(text, file);
    return fclose(file) == 0 && chmod(path, 0755) == 0;
}
