/* SPDX-License-Identifier: MIT */
#include "os/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/error.h"

uint32_t platen_os_pipe_make(const char *path, platen_os_file *pipe)
{
    *pipe = PLATEN_OS_NO_FILE;
    if ((unlink(path) != 0 && errno != ENOENT) || mkfifo(path, 0600) != 0) {
        return platen_os_error_from(errno);
    }
    int opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0) {
        return platen_os_error_from(errno);
    }
    *pipe = opened;
    return 0;
}

uint32_t platen_os_pipe_drain(platen_os_file pipe, uint64_t *bytes, bool *ended)
{
    char data[65536];
    *bytes = 0;
    *ended = false;
    for (;;) {
        ssize_t size = read((int)pipe, data, sizeof data);
        if (size > 0) {
            *bytes += (uint64_t)size;
        } else if (size == 0) {
            *ended = true;
            return 0;
        } else if (errno == EAGAIN) {
            return 0;
        } else if (errno != EINTR) {
            return platen_os_error_from(errno);
        }
    }
}
