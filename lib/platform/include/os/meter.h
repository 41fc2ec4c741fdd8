/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: meter. What this process has asked of the system so far.
 */
#ifndef OS_METER_H
#define OS_METER_H

#include <stdbool.h>
#include <stdint.h>

/* How many calls for reading and for writing the process has made; false where the system does not
 * count them. On Linux this itself costs one read. */
bool platen_os_io_calls(uint64_t *reads, uint64_t *writes);

/* What the process has now; -1: that cannot be had here. */
struct platen_os_use {
    int64_t threads;
    int64_t handles;  /* open descriptors; on Windows handles */
    int64_t heap;     /* bytes that the allocator has given out */
    int64_t children; /* processes that it started, ended ones that nobody waited for included */
};
void platen_os_process_use(struct platen_os_use *use);

#endif
