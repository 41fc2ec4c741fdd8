/* SPDX-License-Identifier: MIT
 *
 * platen.dll, loaded by us, with its imports of winspool led through functions that note whose
 * thread calls.
 */
#ifndef WINE_WATCHED_H
#define WINE_WATCHED_H

#include "client.h"

struct watched {
    HMODULE module;
    LPMONITOR2 monitor;
    HANDLE handle;
    uint32_t calls;  /* of winspool, in all */
    uint32_t others; /* of these by threads that are not the caller's */
};

void watched_begin(struct watched *watched);
/* Adds the port and prints a document there, as a job that Wine's spooler knows. */
void watched_print(struct watched *watched, PORT_DATA_1 *port, const WCHAR *printer, uint8_t seed,
                   uint32_t size);
void watched_end(struct watched *watched);

#endif
