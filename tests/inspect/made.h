/* SPDX-License-Identifier: MIT
 *
 * PE files made for the tests, with one section that holds everything.
 */
#ifndef INSPECT_MADE_H
#define INSPECT_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct made_pe {
    bool wide; /* PE32+ */
    uint16_t machine;
    uint16_t characteristics; /* 0x2000: a DLL */
    const char *export;       /* NULL: none */
    const char *forward;      /* where it is to be had, or NULL */
    const char *library;      /* imported from; NULL: nothing is */
    const char *function;     /* NULL: number 7 */
    const char *delayed;      /* a library loaded at the first call, with the same function; NULL */
    bool wine;                /* marked as Wine's own */
    bool stub;                /* the exported function is one of Wine's stubs */
};

#define MADE_ROOM 0x1000

/* Fills `to`, of MADE_ROOM bytes, and returns the size. */
size_t make_pe(const struct made_pe *what, uint8_t *to);

#endif
