/* SPDX-License-Identifier: MIT */
#include "os/pipe.h"

#include "os/error.h"

/* Windows keeps named pipes in a place of their own, where no file can stand. */
uint32_t platen_os_pipe_make(const char *path, platen_os_file *pipe)
{
    (void)path;
    *pipe = PLATEN_OS_NO_FILE;
    return PLATEN_NOT_SUPPORTED;
}

uint32_t platen_os_pipe_drain(platen_os_file pipe, uint64_t *bytes, bool *ended)
{
    (void)pipe;
    *bytes = 0;
    *ended = true;
    return PLATEN_NOT_SUPPORTED;
}
