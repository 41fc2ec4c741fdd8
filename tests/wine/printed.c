/* SPDX-License-Identifier: MIT */
#include "printed.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "os/clock.h"
#include "sink.h"

#define SECOND UINT64_C(1000000000)

static void path_of(const char *name, char *path, size_t size)
{
    const char *folder = getenv("PLATEN_PRINTED");
    snprintf(path, size, "Z:%s/%s", folder == NULL ? "" : folder, name);
}

static uint64_t size_of(const char *path)
{
    WIN32_FILE_ATTRIBUTE_DATA facts;
    if (!GetFileAttributesExA(path, GetFileExInfoStandard, &facts)) {
        return 0;
    }
    return (uint64_t)facts.nFileSizeHigh << 32 | facts.nFileSizeLow;
}

static bool wait_for_size(const char *path, uint64_t size)
{
    static const uint32_t word;
    uint64_t until = platen_os_now() + 60 * SECOND;
    while (size_of(path) < size && platen_os_now() < until) {
        platen_os_wait(&word, 0, platen_os_now() + SECOND / 100);
    }
    return size_of(path) == size;
}

void printed_forget(const char *name)
{
    char path[600];
    path_of(name, path, sizeof path);
    FILE *file = fopen(path, "wb");
    if (file != NULL) {
        fclose(file);
    }
}

FILE *printed_open(const char *name, uint64_t size)
{
    char path[600];
    path_of(name, path, sizeof path);
    return wait_for_size(path, size) ? fopen(path, "rb") : NULL;
}

bool printed_document(FILE *file, uint8_t seed, uint64_t size)
{
    static uint8_t expected[65536];
    static uint8_t there[65536];
    for (uint64_t at = 0; at < size; at += sizeof there) {
        size_t piece = size - at < sizeof there ? (size_t)(size - at) : sizeof there;
        sink_fill(seed, at, expected, piece);
        if (fread(there, 1, piece, file) != piece || memcmp(there, expected, piece) != 0) {
            return false;
        }
    }
    return true;
}

bool printed_has(const char *name, uint8_t seed, uint64_t size)
{
    FILE *file = printed_open(name, size);
    bool equal = file != NULL && printed_document(file, seed, size);
    if (file != NULL) {
        fclose(file);
    }
    return equal;
}
