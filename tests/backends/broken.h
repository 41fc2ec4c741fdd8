/* SPDX-License-Identifier: MIT
 *
 * Backends that are broken in one way each, for the proof that the laws bite.
 */
#ifndef BROKEN_H
#define BROKEN_H

#include "laws.h"

/* What is wrong, which law says so and in which words (a part of them), at which port, and the
 * members that replace those of the backend that is spoilt. */
struct broken {
    const char *name;
    const char *law;
    const char *complaint;
    const char *example; /* NULL: that of the set */
    struct platen_backend with;
};

/* Stands for no write at all. */
uint32_t broken_no_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                         uint32_t *moved);

/* Takes longer than anything that takes no time may. */
void broken_dawdle(void);

/* All that are spoilt copies of one backend. */
struct broken_set {
    const char *of;
    const char *example;
    struct broken *rows;
    size_t count;
    /* The good one, for the members to call. */
    const struct platen_backend **good;
    /* Forgets what the members remember of the test before. */
    void (*forget)(void);
};

extern const struct broken_set broken_files;
extern const struct broken_set broken_sims;

#endif
