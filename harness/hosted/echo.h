/* SPDX-License-Identifier: MIT
 *
 * What a host costs without what it is for: frames there and back, for `platen bench`.
 */
#ifndef HOSTED_ECHO_H
#define HOSTED_ECHO_H

#include <stdbool.h>
#include <stddef.h>

#include <platen/spooler.h>

/* So many times: sends a frame with that body and that bulk to the host of the monitor, on the
 * connection that this thread's calls take, and waits for one whose body is `answer` bytes. false:
 * there is no such host, or it has ended. */
bool platen_hosted_echo(platen_spooler *spooler, const char *monitor, unsigned times,
                        const char *body, const void *bulk, size_t bulk_size, unsigned answer);

#endif
