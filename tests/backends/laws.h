/* SPDX-License-Identifier: MIT
 *
 * The laws that every backend keeps, as a table.
 */
#ifndef LAWS_H
#define LAWS_H

#include "trial.h"

struct law {
    const char *name;
    const char *demand;
    void (*judge)(struct trial *trial);
};

extern const struct law laws[];
extern const size_t law_count;

#define LAW(symbol, demand) void law_##symbol(struct trial *trial);
#include "laws.def"
#undef LAW

/* The law's complaint about this port of this backend, "" if it keeps the law. A backend that lacks
 * what every call needs is not tried: then the complaint is that of the first law. */
void judge(const struct law *law, const struct platen_backend *backend, const char *example,
           char *complaint, size_t size);

#endif
