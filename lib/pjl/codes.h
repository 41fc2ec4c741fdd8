/* SPDX-License-Identifier: MIT
 *
 * What a printer's state means for its port: contract 1.7, from codes.def.
 */
#ifndef PLATEN_PJL_CODES_H
#define PLATEN_PJL_CODES_H

#include <stdbool.h>
#include <stdint.h>

struct pjl_meaning {
    uint32_t status;   /* PORT_STATUS_...; 0: nothing is the matter */
    uint32_t severity; /* PORT_STATUS_TYPE_...; 0 with status 0 */
    const char *reason;
    const char *event; /* "": none */
    const char *group; /* likewise */
};

/* `online` is what the printer said after ONLINE=: one that is not, and names no reason, is off
 * line. */
struct pjl_meaning pjl_meaning_of(uint32_t code, bool online);

/* The tray that the state is about: 41302 is one of tray 3 (and letter paper). 0: none is named. */
unsigned pjl_tray_of(uint32_t code);

#endif
