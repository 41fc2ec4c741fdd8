/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort: the source of a port's values. What the backend says comes first, then
 * what its id and its status tell, then the providers.
 */
#ifndef PLATEN_LIB_VALUES_H
#define PLATEN_LIB_VALUES_H

#include "bidi/bidi.h"
#include "port.h"

/* As bidi_run; NOT_SUPPORTED for a port of which nothing can be learned (R72); BUSY when another
 * question takes too long. */
uint32_t values_ask(struct port *port, const struct bidi_call *call,
                    PBIDI_RESPONSE_CONTAINER *answer);

#endif
