/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"

static char folder[1024];
static char path[1100];

static void remove_folder(void)
{
    platen_os_remove_folder(folder);
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    if (folder[0] == '\0') {
        FUZZ_ASSERT(platen_os_make_temporary_folder(folder, sizeof folder) == 0);
        snprintf(path, sizeof path, "%s/input", folder);
        atexit(remove_folder);
    }
    FILE *file = fopen(path, "wb");
    FUZZ_ASSERT(file != NULL);
    FUZZ_ASSERT(fwrite(data, 1, size, file) == size);
    FUZZ_ASSERT(fclose(file) == 0);
    return path;
}

void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    abort();
}
