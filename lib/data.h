/* SPDX-License-Identifier: MIT
 *
 * GetPrinterDataFromPort: control codes to the device behind a port (contract 5). One table says
 * what each takes and gives (data.def).
 */
#ifndef PLATEN_LIB_DATA_H
#define PLATEN_LIB_DATA_H

#include "port.h"

struct data_call {
    uint32_t code;
    const void *in; /* the caller's, at any address; so `out`, which may be the same */
    uint32_t in_size;
    void *out;
    uint32_t out_size;
    uint32_t returned; /* bytes of the answer; with INSUFFICIENT_BUFFER those that it would have, or
                        * 0 if only the device knows */
};

/* 0; INVALID_PARAMETER for a code that is not known, or not by this port's device, for too short an
 * input, and for a buffer that is NULL and has a size; INSUFFICIENT_BUFFER, with `out` as it was;
 * BUSY when another question takes too long; what the backend said. Names, which have the code 0,
 * are a language monitor's business: INVALID_PARAMETER (R56). */
uint32_t data_ask(struct port *port, struct data_call *call);

#endif
