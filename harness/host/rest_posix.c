/* SPDX-License-Identifier: MIT */
#include "host/rest.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/meter.h"

#define MOST 4096 /* descriptors that are looked at */

int64_t host_rest_threads(const void *module)
{
    struct platen_os_use use;
    (void)module;
    platen_os_process_use(&use);
    return use.threads;
}

/* Something that a document can go to: a library's own sockets and pipes are nobody's device. */
static bool is_device(int descriptor)
{
    struct stat what;
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(descriptor, &what) != 0) {
        return false;
    }
    if (S_ISSOCK(what.st_mode)) {
        return getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0 &&
               (peer.ss_family == AF_INET || peer.ss_family == AF_INET6);
    }
    return S_ISREG(what.st_mode) || S_ISCHR(what.st_mode) || S_ISBLK(what.st_mode);
}

int64_t host_rest_devices(void)
{
    int64_t count = 0;
    for (int descriptor = 3; descriptor < MOST; descriptor++) {
        count += is_device(descriptor);
    }
    return count;
}
