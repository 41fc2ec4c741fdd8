/* SPDX-License-Identifier: MIT
 *
 * The port monitor beneath an open port: its functions as calls that return a Win32 code. What a
 * port monitor says with FALSE is that code; FALSE without a last-error is GEN_FAILURE. No lock of
 * ours is held in any of them.
 */
#ifndef PLATEN_PJL_BELOW_H
#define PLATEN_PJL_BELOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/winsplp.h>

struct pjl_below {
    MONITOR2 table; /* a copy as far as its cbSize reaches; what is not in it is NULL (R79) */
    const PLATEN_IMPORTS *imports;
    HANDLE port;
};

/* Copies the table. INVALID_PRINT_MONITOR: a function that we need is missing (R78). */
uint32_t pjl_below_take(struct pjl_below *below, const MONITOR2 *table,
                        const PLATEN_IMPORTS *imports);

/* `instance` is the port monitor's own (R80). */
uint32_t pjl_below_open(struct pjl_below *below, HANDLE instance, LPWSTR name);
uint32_t pjl_below_close(const struct pjl_below *below);

uint32_t pjl_below_start(const struct pjl_below *below, LPWSTR printer, uint32_t job,
                         uint32_t level, LPBYTE document);
/* *moved is set on every return, and never above `size`. */
uint32_t pjl_below_write(const struct pjl_below *below, const void *data, uint32_t size,
                         uint32_t *moved);
uint32_t pjl_below_read(const struct pjl_below *below, void *data, uint32_t size, uint32_t *moved);
uint32_t pjl_below_end(const struct pjl_below *below);

/* NOT_SUPPORTED where the port monitor has no such function. */
uint32_t pjl_below_set_read_timeout(const struct pjl_below *below, uint32_t milliseconds);
/* The IEEE 1284 id, cleaned; at most `size` bytes with its NUL. Ports on a network have none. */
uint32_t pjl_below_id(const struct pjl_below *below, char *id, uint32_t size);

#endif
